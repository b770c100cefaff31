"""Weight, means and excesses of the logarithm of shares that sum to 1: the statistic of the Dirichlet family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import has_weight
from suffice.statistics.log_excess import LogExcess, LogExcessSummary


@dataclass(frozen=True, slots=True, eq=False)
class CompositionExcessSummary:
    """The summaries by `LogExcess` of each share, and which rows there were.

    Parameters
    ----------
    state : ndarray, shape (k, 4): a row for each share, [Σw, hi, lo, excess]; with a leading axis over replicates,
        shape (m, k, 4)
    lowest : the least share; ∞ of no rows
    farthest : the largest distance of the sum of a row from 1
    """

    state: np.ndarray
    lowest: float
    farthest: float

    overflowed: ClassVar[bool] = False

    @property
    def shares(self) -> LogExcessSummary:
        """The summaries of the shares, with these as the last axis."""
        return LogExcessSummary(self.state)

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.state[..., 0, 0]

    def merge(self, other: CompositionExcessSummary) -> CompositionExcessSummary:
        """Merge each of the shares."""
        return CompositionExcessSummary(
            self.shares.merge(other.shares).state,
            min(self.lowest, other.lowest),
            max(self.farthest, other.farthest),
        )


@dataclass(frozen=True, slots=True)
class CompositionExcess:
    """Weight, mean and log(mean) − mean(log) of each column of shares."""

    def observe(self, block: Block) -> CompositionExcessSummary:
        """Observe a block; a share that is not positive gives NaN, which the check of the support explains."""
        parts = [
            LogExcess().observe(Block(column[:, None], block.weights, block.labels, block.start)).state
            for column in block.columns
        ]
        rows = block.rows[has_weight(block)]
        return CompositionExcessSummary(
            np.stack(parts, axis=-2),
            float(rows.min()) if len(rows) else np.inf,
            float(np.abs(rows.sum(axis=1) - 1.0).max()) if len(rows) else 0.0,
        )
