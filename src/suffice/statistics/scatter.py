"""Weight, mean and centred scatter of rows: the sufficient statistic of the Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.block_weights import weights_of

NO_WEIGHTS = np.empty(0)


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """Return a + b as an unevaluated pair: the sum rounded, and what the rounding left (Knuth 1969)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


@dataclass(frozen=True, slots=True, eq=False)
class ScatterSummary:
    """Σw, the mean as a pair (hi, lo), and Σ w (x − mean)(x − mean)ᵀ.

    Parameters
    ----------
    state : ndarray, shape ((1 + d)²,) = [Σw, hi (d), lo (d), scatter (d·d)]; with a leading axis over
        replicates, shape (m, (1 + d)²)
    """

    state: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def dimension(self) -> int:
        """The number d of columns."""
        return round(self.state.shape[-1] ** 0.5) - 1

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.state[..., 0]

    @property
    def high(self) -> np.ndarray:
        """The mean rounded to double, shape (..., d)."""
        return self.state[..., 1 : 1 + self.dimension]

    @property
    def low(self) -> np.ndarray:
        """What the rounding of the mean left, shape (..., d)."""
        d = self.dimension
        return self.state[..., 1 + d : 1 + 2 * d]

    @property
    def mean(self) -> np.ndarray:
        """The mean, shape (..., d)."""
        return self.high + self.low

    @property
    def scatter(self) -> np.ndarray:
        """Σ w (x − mean)(x − mean)ᵀ, shape (..., d, d), without any divisor."""
        d = self.dimension
        return self.state[..., 1 + 2 * d :].reshape(*self.state.shape[:-1], d, d)

    def covariance(self, divisor: str = "n") -> np.ndarray:
        """Return the covariance with divisor "n" (maximum likelihood) or "n-1" (unbiased)."""
        if divisor not in ("n", "n-1"):
            raise ParameterError(f"divisor must be 'n' or 'n-1', not {divisor!r}")
        mass = self.weight - (divisor == "n-1")
        return self.scatter / np.asarray(mass)[..., None, None]

    def standard_deviation(self, divisor: str = "n-1") -> np.ndarray:
        """Return the standard deviation of each column, shape (..., d)."""
        return np.sqrt(np.diagonal(self.covariance(divisor), axis1=-2, axis2=-1))

    def mapped(self, shift: np.ndarray | float, factor: np.ndarray | float) -> ScatterSummary:
        """Return the summary of (x − shift)/factor, without the data; a factor of a power of two keeps all digits."""
        high, rest = two_sum(self.high, -np.asarray(shift, dtype=float))
        high, low = two_sum(high, rest + self.low)
        scatter = self.scatter / np.multiply.outer(np.ones(self.dimension) * factor, factor * np.ones(self.dimension))
        lead = self.state.shape[:-1]
        parts = [self.state[..., :1], high / factor, low / factor, scatter.reshape(*lead, -1)]
        return ScatterSummary(np.concatenate(parts, axis=-1))

    def merge(self, other: ScatterSummary) -> ScatterSummary:
        """Merge by Chan, Golub and LeVeque (1983) with the mean held as a pair."""
        from suffice.kernels.scatter import merge_scatter

        if self.state.shape != other.state.shape:
            raise ShapeError(
                f"summaries of {self.dimension} and of {other.dimension} columns cannot be merged: "
                "summarize the same columns on both sides"
            )
        state = np.empty_like(self.state)
        if state.ndim == 1:
            merge_scatter(self.state, other.state, state)
        else:
            for row in range(len(state)):
                merge_scatter(self.state[row], other.state[row], state[row])
        return ScatterSummary(state)


@dataclass(frozen=True, slots=True)
class Scatter:
    """Weight, mean and centred scatter; at any size and offset, in one pass."""

    def observe(self, block: Block) -> ScatterSummary:
        """Observe a block; weights with a leading axis give a summary with that axis."""
        from suffice.kernels.scatter import scatter_columns

        columns, weights = block.columns, weights_of(block)
        if weights is not None and weights.ndim == 2:
            return ScatterSummary(_with_leading_axis(block.rows, weights))
        state = np.empty((1 + len(columns)) ** 2)
        scatter_columns(columns, NO_WEIGHTS if weights is None else weights, state)
        return ScatterSummary(state)

    def observe_samples(self, x: np.ndarray) -> ScatterSummary:
        """Observe samples, shape (m, n), or (m, n, d) of d columns, one by one."""
        rows = x[..., None] if x.ndim == 2 else x
        m, n, d = rows.shape
        reference = rows.mean(axis=1)
        centred = rows - reference[:, None]
        shift = centred.mean(axis=1)
        high, low = two_sum(reference, shift)
        scatter = np.einsum("mni,mnj->mij", centred, centred) - n * shift[:, :, None] * shift[:, None, :]
        return ScatterSummary(np.concatenate([np.full((m, 1), float(n)), high, low, scatter.reshape(m, d * d)], axis=1))

    def observe_run(self, block: Block) -> ScatterSummary:
        """Observe a run of 2^k unweighted blocks of one column at once."""
        from suffice.kernels.scatter import scatter_run

        state = np.empty(4)
        scatter_run(block.columns[0], BLOCK_ROWS, state)
        return ScatterSummary(state)


def _with_leading_axis(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the states (m, (1 + d)²) under m sets of weights, centred at the block's own mean."""
    d = rows.shape[1]
    reference = rows.mean(axis=0) if len(rows) else np.zeros(d)
    centred = rows - reference
    mass = weights.sum(axis=-1)
    shift = (weights @ centred) / np.where(mass > 0, mass, 1.0)[:, None]
    products = (centred[:, :, None] * centred[:, None, :]).reshape(len(rows), d * d)
    scatter = weights @ products - (mass[:, None, None] * shift[:, :, None] * shift[:, None, :]).reshape(-1, d * d)
    high = reference + shift
    low = shift - (high - reference)
    state = np.concatenate([mass[:, None], high, low, scatter], axis=1)
    state[mass == 0.0] = 0.0  # the mean of nothing is 0 everywhere, so that nothing stays the identity
    return state
