"""Outer products of the scores of rows: the middle of the sandwich covariance of a family of several variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.likelihood_sums import ScoreProductsSummary


@dataclass(frozen=True, slots=True, eq=False)
class RowScores:
    """Observe Σ w s sᵀ and Σ w s; weights count rows.

    Parameters
    ----------
    density : has `row_scores(rows, theta)`, rows (n, d) → (n, p)
    theta : ndarray, the parameters at which
    """

    density: Any
    theta: np.ndarray

    @np.errstate(all="ignore")
    def observe(self, block: Block) -> ScoreProductsSummary:
        """Observe a block."""
        scores, weights = self.density.row_scores(block.rows, self.theta), weights_of(block)
        weighted = scores if weights is None else scores * weights[:, None]
        return ScoreProductsSummary(weighted.T @ scores, weighted.sum(axis=0))
