"""What would make an answer wrong: rows that depend on their neighbours, drift, rounding, odd weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.statistics.extent import ExtentSummary
from suffice.statistics.hashed_sample import HashedSampleSummary
from suffice.statistics.heaping import find_heaping
from suffice.statistics.row_order import row_order

# A warning names so many columns; of the others it says how many there are.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that would make the answer wrong.

    Parameters
    ----------
    kind : "dependence", "drift", "rounding", "weights"
    sentence : for people: what was seen, what it spoils, what to do
    """

    kind: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def order_dependence(
    extent: ExtentSummary, names: Sequence[str], sample: HashedSampleSummary | None = None
) -> list[Warned]:
    """Look at the order of the rows: one warning for the columns that depend on it, one for those that drift."""
    order = row_order(extent, sample)
    dependent = np.flatnonzero(order.dependent)
    drifting = np.flatnonzero(order.drifting)
    found = []
    if len(dependent):
        found.append(
            Warned(
                "dependence",
                f"neighbouring rows of {_listed(names, dependent)} depend on each other "
                f"(lag-1 autocorrelation {_numbers(order.autocorrelation, dependent)}): "
                "the standard errors assume independent rows and do not hold; if the order means nothing "
                "(a sorted file), shuffle the rows to check",
            )
        )
    if len(drifting):
        found.append(
            Warned(
                "drift",
                f"{_listed(names, drifting)} {'drifts' if len(drifting) == 1 else 'drift'} along the file "
                f"(correlation with the row number {_numbers(order.drift, drifting)}): "
                "the rows are not identically distributed",
            )
        )
    return found


def rounding(rows: np.ndarray, names: Sequence[str], family: Any) -> list[Warned]:
    """Look at a sample for rounded and heaped values, which a continuous family does not expect.

    Parameters
    ----------
    rows : ndarray, shape (k, d)
    """
    if getattr(family, "discrete", False):
        return []
    found = [(name, find_heaping(rows[:, j])) for j, name in enumerate(names)]
    seen = [f"{name!r} is {heaping}" for name, heaping in found if heaping.heaped or heaping.rounded]
    if not seen:
        return []
    more = len(seen) - NAMED
    also = f"; and so {'is' if more == 1 else 'are'} {more} more" if more > 0 else ""
    return [Warned("rounding", f"{'; '.join(seen[:NAMED])}{also}: a continuous density does not know of that")]


def _listed(names: Sequence[str], chosen: np.ndarray) -> str:
    """Return "'a'", "'a' and 'b'", or "'a', 'b' and 2 more"."""
    shown = [repr(names[j]) for j in chosen[:NAMED]]
    more = len(chosen) - NAMED
    return f"{', '.join(shown)} and {more} more" if more > 0 else " and ".join(shown)


def _numbers(values: np.ndarray, chosen: np.ndarray) -> str:
    """Return the numbers of the columns that are named."""
    shown = [f"{values[j]:.2f}" if np.isfinite(values[j]) else "beyond double precision" for j in chosen[:NAMED]]
    return ", ".join(shown) + (", …" if len(chosen) > NAMED else "")
