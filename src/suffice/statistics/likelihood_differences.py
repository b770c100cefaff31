"""The difference of the log densities of two models, row by row, with the scores of both: what a test between needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.scatter import Scatter, ScatterSummary


@dataclass(frozen=True, slots=True, eq=False)
class ScoredDensity:
    """A log density of z = (x − shift)/factor at one θ, with the derivatives that its free coordinates need.

    Parameters
    ----------
    density : a family of one variable
    theta : ndarray, shape (p,), in z
    chain : ndarray, shape (q, p): ∂θ/∂φ, one row for each free coordinate φ
    shift, factor : the map
    """

    density: Any
    theta: np.ndarray
    chain: np.ndarray
    shift: float = 0.0
    factor: float = 1.0

    def at(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log p(x), shape (n,), and its derivatives in φ, shape (q, n)."""
        z = (x - self.shift) / self.factor
        theta = [np.float64(t) for t in self.theta]
        value = np.broadcast_to(self.density._log_density(z, *theta), x.shape) - np.log(self.factor)
        if not len(self.chain):
            return value, np.empty((0, len(x)))
        first, _ = self.density._derivatives(z, *theta)
        # a parameter at its limit (df = ∞) has no derivative there, and none is needed: its column is all zeros
        needed = self.chain.any(axis=0)
        scores = np.stack([np.broadcast_to(np.asarray(f, float), x.shape) for f in first])
        return value, self.chain[:, needed] @ scores[needed]


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodDifferences:
    """Observe weight, mean and centred scatter of (log p₁(x) − log p₂(x), scores of p₁, scores of p₂).

    Parameters
    ----------
    first, second : the densities

    Returns
    -------
    ScatterSummary
        Of 1 + q₁ + q₂ columns: it merges, and is centred, so that a small variance of the difference keeps its digits.
    """

    first: ScoredDensity
    second: ScoredDensity

    @np.errstate(all="ignore")
    def observe(self, block: Block) -> ScatterSummary:
        """Observe a block of one column."""
        x = np.ascontiguousarray(block.rows[:, 0])
        (one, scores), (two, others) = self.first.at(x), self.second.at(x)
        columns = np.concatenate([(one - two)[None, :], scores, others])
        return Scatter().observe(Block(np.ascontiguousarray(columns.T), block.weights, None, block.start))
