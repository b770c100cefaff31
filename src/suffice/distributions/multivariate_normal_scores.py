"""The scores of single rows of the multivariate normal distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.linalg import Covariance


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateNormalScores:
    """Scores in φ = (m, entries of S), with μ = c + F m and Σ = F S Fᵀ: P r in m, ½ tr B(P r rᵀ P − P) along B.

    r = F⁻¹(x − c) − m are the whitened rows, P = S⁻¹.

    Parameters
    ----------
    high, low : c as a pair, each of shape (d,)
    frame : the covariance F Fᵀ
    mean : m, shape (d,)
    inverse : P, shape (d, d)
    mean_is_free : whether m has coordinates
    rows, columns : the entries of S that have coordinates, shape (k,) each
    shares : ½ for an entry of the diagonal, which stands once in S, 1 for the others, shape (k,)
    pooled : whether one coordinate is the value of all these entries
    """

    high: np.ndarray
    low: np.ndarray
    frame: Covariance
    mean: np.ndarray
    inverse: np.ndarray
    mean_is_free: bool
    rows: np.ndarray
    columns: np.ndarray
    shares: np.ndarray
    pooled: bool

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return self.mean_is_free * len(self.mean) + (1 if self.pooled else len(self.rows))

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, d)."""
        off = self.frame.whiten((rows - self.high) - self.low) - self.mean
        pull = self.inverse @ off.T
        along = pull[self.rows] * pull[self.columns] - self.inverse[self.rows, self.columns, None]
        along *= self.shares[:, None]
        if self.pooled:
            along = along.sum(axis=0, keepdims=True)
        return np.concatenate([pull, along]) if self.mean_is_free else along
