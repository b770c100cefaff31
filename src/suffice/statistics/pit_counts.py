"""Counts of u = F(x; θ) in equal cells: what a goodness of fit of any size needs of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.likelihood_sums import CACHED_VALUES


@dataclass(frozen=True, slots=True, eq=False)
class PitCountsSummary:
    """Weights of the cells of [0, 1], with a leading axis over the m parameter vectors.

    Parameters
    ----------
    counts : ndarray, shape (m, cells): Σw of the rows with u in [i/cells, (i + 1)/cells), the last closed
    missing : ndarray, shape (m,): Σw of the rows where u is not a number
    """

    counts: np.ndarray
    missing: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Σw of the rows in the cells, shape (m,)."""
        return self.counts.sum(axis=-1)

    def distribution(self) -> np.ndarray:
        """Return the distribution function of u at the cells' ends 0, 1/cells, …, 1, shape (m, cells + 1)."""
        sums = np.cumsum(self.counts, axis=-1)
        start = np.zeros((len(sums), 1))
        with np.errstate(invalid="ignore"):
            return np.concatenate([start, sums], axis=-1) / sums[:, -1:]

    def merge(self, other: PitCountsSummary) -> PitCountsSummary:
        """Add."""
        if self.counts.shape != other.counts.shape:
            raise ShapeError(
                f"counts of shape {self.counts.shape} and {other.counts.shape} (parameter vectors, cells) "
                "cannot be merged"
            )
        return PitCountsSummary(self.counts + other.counts, self.missing + other.missing)


@dataclass(frozen=True, slots=True, eq=False)
class PitCounts:
    """Count u = F(x; θ), the probability integral transform, in equal cells.

    Parameters
    ----------
    density : a family of one variable with `_cdf(x, *theta)`
    theta : ndarray, shape (m, p)
    cells : how many cells
    """

    density: Any
    theta: np.ndarray
    cells: int = 1000

    def __post_init__(self) -> None:
        if self.cells < 1:
            raise ParameterError(f"there must be at least 1 cell, not {self.cells}")

    def observe(self, block: Block) -> PitCountsSummary:
        """Observe a block of one column; weights may have the leading axis (m, n)."""
        m = len(self.theta)
        weights = weights_of(block)
        if weights is not None and weights.ndim > 1 and m != len(weights):
            if m != 1:
                raise ShapeError(f"{m} parameter vectors and {len(weights)} sets of weights do not go together")
            m = len(weights)
        counts = np.zeros((m, self.cells + 1))
        size = max(256, CACHED_VALUES // max(m, 1))
        for part in block.split(size):
            counts += self._counted(part, m)
        return PitCountsSummary(counts[:, : self.cells], counts[:, self.cells])

    def _counted(self, block: Block, m: int) -> np.ndarray:
        """Return the counts, shape (m, cells + 1); what is not a number counts in the last place."""
        theta = [self.theta[:, i, None] for i in range(self.theta.shape[1])]
        u = np.asarray(self.density._cdf(block.rows[:, 0], *theta))
        u = np.broadcast_to(u, (m, len(block.rows)))
        width = self.cells + 1
        with np.errstate(invalid="ignore"):
            cell = np.minimum(np.floor(u * self.cells), self.cells - 1.0)
        cell = np.where(np.isnan(u), float(self.cells), cell).astype(np.intp)
        flat = (cell + np.arange(m)[:, None] * width).ravel()
        weights = block.weights
        scale = None if weights is None else np.broadcast_to(weights, cell.shape).ravel()
        return np.bincount(flat, scale, m * width).reshape(m, width).astype(float)
