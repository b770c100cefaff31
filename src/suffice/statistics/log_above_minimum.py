"""The smallest value and Σ log(x/smallest): the statistic of the Pareto family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.statistic import require_same_replicates


@dataclass(frozen=True, slots=True, eq=False)
class LogAboveMinimumSummary:
    """Σw, the smallest value m among the rows that have a weight, and Σ w log(x/m) ≥ 0.

    Parameters
    ----------
    state : ndarray, shape (3,) = [Σw, m, Σ w log(x/m)], m = ∞ where there is no row; with a leading axis over
        replicates, shape (r, 3)
    """

    state: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def weight(self) -> Any:
        """Σw, shape () or (r,)."""
        return self.state[..., 0]

    @property
    def minimum(self) -> Any:
        """The smallest value m, shape () or (r,)."""
        return self.state[..., 1]

    @property
    def logarithms(self) -> Any:
        """Σ w log(x/m), shape () or (r,)."""
        return self.state[..., 2]

    def mapped(self, factor: float) -> LogAboveMinimumSummary:
        """Return the summary of x/factor, without the data."""
        return LogAboveMinimumSummary(self.state / np.array([1.0, factor, 1.0]))

    def above(self, minimum: Any) -> Any:
        """Return Σ w log(x/minimum) for another value in the place of m."""
        moved = self.weight * log_ratio(np.where(self.weight > 0.0, self.minimum, minimum), minimum)
        return self.logarithms + moved

    def merge(self, other: LogAboveMinimumSummary) -> LogAboveMinimumSummary:
        """Refer both to the smaller minimum, by terms that are not negative: nothing cancels."""
        require_same_replicates(self.state, other.state)
        minimum = np.minimum(self.minimum, other.minimum)
        with np.errstate(all="ignore"):
            total = self.above(minimum) + other.above(minimum)
        merged = np.stack([self.weight + other.weight, minimum, total], axis=-1)
        mine, theirs = (np.asarray(side.weight == 0.0)[..., None] for side in (self, other))
        return LogAboveMinimumSummary(np.where(theirs, self.state, np.where(mine, other.state, merged)))


@dataclass(frozen=True, slots=True)
class LogAboveMinimum:
    """Weight, smallest value and the sum of the logarithms above it, of one column of positive values."""

    def observe(self, block: Block) -> LogAboveMinimumSummary:
        """Observe a block of positive values; others give NaN, which the first look explains."""
        x, weights = block.rows[:, 0], weights_of(block)
        if weights is None:
            weights = np.ones(len(x))
        counted = weights != 0.0
        minimum = np.where(counted, x, np.inf).min(axis=-1, initial=np.inf)
        with np.errstate(all="ignore"):
            logarithms = np.where(counted, log_ratio(x, minimum[..., None]), 0.0)
            logarithms = np.where(np.asarray(minimum > 0.0)[..., None], logarithms, np.nan)
            total = (weights * logarithms).sum(axis=-1)
        return LogAboveMinimumSummary(np.stack([weights.sum(axis=-1), minimum, total], axis=-1))


def log_ratio(x: Any, minimum: Any) -> Any:
    """Return log(x/minimum) for x ≥ minimum > 0, with all its digits where x is near the minimum, and at any size."""
    with np.errstate(over="ignore"):
        result = np.asarray(np.log1p((x - minimum) / minimum))
    far = np.isinf(result)
    return np.where(far, np.log(x) - np.log(minimum), result) if far.any() else result
