"""Mean, variance, skewness and kurtosis of each column by itself, without its missing and infinite values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import one_set_of_weights
from suffice.statistics.extent import LARGEST_VARIANCE, SMALLEST_VARIANCE
from suffice.statistics.scatter import NO_WEIGHTS


@dataclass(frozen=True, slots=True, eq=False)
class MomentsSummary:
    """Central moments of d columns; each column may have its own number of values.

    Parameters
    ----------
    state : ndarray, shape (d, 6), see `suffice.kernels.moments`
    """

    state: np.ndarray

    @property
    def dimension(self) -> int:
        """The number d of columns."""
        return len(self.state)

    @property
    def weight(self) -> np.ndarray:
        """Σw of the finite values of each column, shape (d,)."""
        return self.state[:, 0]

    @property
    def mean(self) -> np.ndarray:
        """The mean of each column, shape (d,); NaN if it has no finite value."""
        return np.where(self.weight > 0, self.state[:, 1] + self.state[:, 2], np.nan)

    def variance(self, divisor: str = "n") -> np.ndarray:
        """Return the variance of each column, shape (d,), with divisor Σw ("n") or Σw − 1 ("n-1").

        NaN where it is not 0 and leaves the range in which sums of squares keep all digits, 1e-280 to 1e280.
        """
        if divisor not in ("n", "n-1"):
            raise ParameterError(f"divisor must be 'n' or 'n-1', not {divisor!r}")
        mass = self.weight - (divisor == "n-1")
        variance = np.maximum(self.state[:, 3], 0.0) / np.where(mass > 0, mass, 1.0)
        known = (variance == 0) | ((variance > SMALLEST_VARIANCE) & (variance < LARGEST_VARIANCE))
        return np.where((mass > 0) & known, variance, np.nan)

    def standard_deviation(self, divisor: str = "n-1") -> np.ndarray:
        """Return the standard deviation of each column, shape (d,)."""
        return np.sqrt(self.variance(divisor))

    def skewness(self) -> np.ndarray:
        """Return g₁ = m₃/m₂^(3/2) of each column, shape (d,).

        NaN if the column is constant, or if its variance is not between 1e-140 and 1e140.
        """
        return self._standardised(4, 1.5)

    def kurtosis(self) -> np.ndarray:
        """Return the excess kurtosis g₂ = m₄/m₂² − 3 of each column, shape (d,).

        NaN if the column is constant, or if its variance is not between 1e-140 and 1e140.
        """
        return self._standardised(5, 2.0) - 3.0

    def _standardised(self, field: int, power: float) -> np.ndarray:
        with np.errstate(all="ignore"):
            variance = self.variance()
            ratio = (self.state[:, field] / self.weight) / variance**power
            # squares of squares keep their digits in half of the range, on the scale of exponents
            known = (variance > np.sqrt(SMALLEST_VARIANCE)) & (variance < np.sqrt(LARGEST_VARIANCE))
        return np.where(known, ratio, np.nan)

    def merge(self, other: MomentsSummary) -> MomentsSummary:
        """Merge column by column."""
        from suffice.kernels.moments import merge_moments

        if self.state.shape != other.state.shape:
            raise ShapeError(
                f"moments of {self.dimension} and of {other.dimension} columns cannot be merged: "
                "summarize the same columns on both sides"
            )
        state = np.empty_like(self.state)
        merge_moments(self.state, other.state, state)
        return MomentsSummary(state)


@dataclass(frozen=True, slots=True)
class Moments:
    """Weight, mean and central moments up to the fourth of each column, of its finite values."""

    def observe(self, block: Block) -> MomentsSummary:
        """Observe a block with one set of weights or none."""
        from suffice.kernels.moments import moments_columns

        weights = one_set_of_weights(block, "moments")
        columns = block.columns
        state = np.empty((len(columns), 6))
        moments_columns(columns, NO_WEIGHTS if weights is None else weights, state)
        return MomentsSummary(state)
