"""What would make an answer wrong: rows that depend on their neighbours, drift, rounding, odd weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.statistics.extent import ExtentSummary
from suffice.statistics.heaping import find_heaping

# Under independence the standardised autocorrelation is nearly N(0, 1): 4.5 is passed once in 150,000 columns.
CRITICAL = 4.5


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


def order_dependence(extent: ExtentSummary, names: Any) -> list[Warned]:
    """Look at the order of the rows: lag-1 autocorrelation and drift of each column."""
    found = []
    n = np.maximum(extent.count, 2)
    lag, drift = extent.lag_one_autocorrelation(), extent.drift_correlation()
    for j, name in enumerate(names):
        if n[j] < 8:
            continue
        if abs((lag[j] + 1.0 / n[j]) * np.sqrt(n[j])) > CRITICAL:
            found.append(
                Warned(
                    "dependence",
                    f"neighbouring rows of {name!r} depend on each other (lag-1 autocorrelation {lag[j]:.2f}): "
                    "the standard errors assume independent rows and do not hold; if the order means nothing "
                    "(a sorted file), shuffle the rows to check",
                )
            )
        elif abs(drift[j] * np.sqrt(n[j])) > CRITICAL:
            found.append(
                Warned(
                    "drift",
                    f"{name!r} drifts along the file (correlation with the row number {drift[j]:.2f}): "
                    "the rows are not identically distributed",
                )
            )
    return found


def rounding(rows: np.ndarray, names: Any, family: Any) -> list[Warned]:
    """Look at a sample for rounded and heaped values, which a continuous family does not expect.

    Parameters
    ----------
    rows : ndarray, shape (k, d)
    """
    if getattr(family, "discrete", False):
        return []
    found = []
    for j, name in enumerate(names):
        heaping = find_heaping(rows[:, j])
        if heaping.heaped or heaping.rounded:
            found.append(Warned("rounding", f"{name!r} is {heaping}: a continuous density does not know of that"))
    return found
