"""What would make an answer wrong: rows that depend on their neighbours, drift, rounding, fractional weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.statistics.extent import ExtentSummary
from suffice.statistics.hashed_sample import HashedSampleSummary
from suffice.statistics.heaping import find_heaping, finite
from suffice.statistics.row_order import RowOrder, correlation_text, row_order

# A warning names so many columns; of the others it says how many there are.
NAMED = 2
# With fewer values, that they are no more than two says nothing.
FEWEST = 8


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
    """Look at the order of the rows.

    Returns
    -------
    list of Warned
        One for the columns whose neighbouring rows depend on each other, and one for those that drift.
    """
    order = row_order(extent, sample)
    dependent = np.flatnonzero(order.dependent)
    drifting = np.flatnonzero(order.drifting)
    found = []
    if len(dependent):
        found.append(
            Warned(
                "dependence",
                f"neighbouring rows of {_listed(names, dependent)} depend on each other "
                f"({_evidence(order, dependent)}): "
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


def fractional_weights(extent: ExtentSummary, sample: HashedSampleSummary | None) -> list[Warned]:
    """Warn where weights are no whole numbers, which counts of equal rows would be.

    Sums of whole numbers are whole; where the sums hide a fraction, the sample of the rows is looked at.
    """
    weights = sample.weights if sample is not None and sample.weights is not None else np.empty(0)
    looked_at = np.concatenate(([extent.weight, extent.weight_squares], weights))
    if not extent.weighted or np.array_equal(looked_at, np.rint(looked_at)):
        return []
    said = f"the weights are not whole numbers: they are taken as frequencies, n = Σw = {extent.weight:,.10g}; "
    held = "standard errors hold for that many independent rows"
    if extent.weight < 1.5 and extent.rows > 1:
        held = "if they are shares, multiply them by the number of rows that they stand for"
    return [Warned("weights", said + held)]


def rounding(rows: np.ndarray, names: Sequence[str], family: Any) -> list[Warned]:
    """Look at a sample for rounded and heaped values, which a continuous family does not expect.

    Parameters
    ----------
    rows : ndarray, shape (k, d)
    """
    if family.discrete:
        return []
    found = [(name, _coarseness(rows[:, j])) for j, name in enumerate(names)]
    seen = [f"{name!r} {coarse}" for name, coarse in found if coarse]
    if not seen:
        return []
    more = len(seen) - NAMED
    also = f"; and so {'is' if more == 1 else 'are'} {more} more" if more > 0 else ""
    return [Warned("rounding", f"{'; '.join(seen[:NAMED])}{also}: a continuous density does not know of that")]


def _coarseness(values: np.ndarray) -> str:
    """Return what a column of a sample is that a continuous one is not: "is rounded: …", or ""."""
    values = finite(values)
    if len(values) >= FEWEST and len(set(values[:FEWEST].tolist())) <= 2 and len(np.unique(values)) == 2:
        return f"has only 2 distinct values among the {len(values):,} looked at"
    heaping = find_heaping(values)
    return f"is {heaping}" if heaping.heaped or heaping.rounded else ""


def _listed(names: Sequence[str], chosen: np.ndarray) -> str:
    """Return "'a'", "'a' and 'b'", or "'a', 'b' and 2 more"."""
    shown = [repr(names[j]) for j in chosen[:NAMED]]
    more = len(chosen) - NAMED
    return f"{', '.join(shown)} and {more} more" if more > 0 else " and ".join(shown)


def _numbers(values: np.ndarray, chosen: np.ndarray) -> str:
    """Return the correlations of the columns that are named."""
    return _few([correlation_text(values[j]) for j in chosen[:NAMED]], len(chosen))


def _evidence(order: RowOrder, chosen: np.ndarray) -> str:
    """Return the statistics that show the columns that are named to be dependent, each name once where they agree."""
    found = [order.evidence(j) for j in chosen[:NAMED]]
    names = {name for name, _ in found}
    if len(names) == 1:
        return f"{names.pop()} {_few([value for _, value in found], len(chosen))}"
    return _few([f"{name} {value}" for name, value in found], len(chosen))


def _few(shown: Sequence[str], of: int) -> str:
    return ", ".join(shown) + (", …" if of > len(shown) else "")
