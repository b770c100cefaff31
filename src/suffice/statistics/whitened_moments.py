"""Third and fourth moments of whitened rows: what Mardia's skewness and kurtosis need of data of any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ShapeError
from suffice.linalg import Covariance
from suffice.sources.block import Block
from suffice.statistics.block_weights import one_set_of_weights

# Rows are observed in parts, so that their products in pairs take about so many numbers.
PART_PRODUCTS = 524_288


@dataclass(frozen=True, slots=True, eq=False)
class WhitenedMomentsSummary:
    """Sums over rows z = F⁻¹(x − mean).

    Parameters
    ----------
    weight : Σw
    third : ndarray, shape (d(d + 1)/2, d): Σ w zᵢzⱼzₖ, the pairs i ≤ j by rows of the upper triangle
    fourth : Σ w (zᵀz)²
    """

    weight: float
    third: np.ndarray
    fourth: float

    @property
    def skewness(self) -> float:
        """Σᵢⱼₖ (mean of zᵢzⱼzₖ)²: Mardia's b₁,d where mean and covariance are those of the rows, divisor n."""
        d = self.third.shape[1]
        first, second = np.triu_indices(d)
        squares = np.where(first == second, 1.0, 2.0)[:, None] * (self.third / self.weight) ** 2
        return float(squares.sum())

    @property
    def kurtosis(self) -> float:
        """The mean of (zᵀz)²: Mardia's b₂,d."""
        return self.fourth / self.weight

    def merge(self, other: WhitenedMomentsSummary) -> WhitenedMomentsSummary:
        """Add."""
        if self.third.shape != other.third.shape:
            raise ShapeError(
                f"moments of {self.third.shape[1]} and of {other.third.shape[1]} columns cannot be merged: "
                "observe the same columns on both sides"
            )
        return WhitenedMomentsSummary(self.weight + other.weight, self.third + other.third, self.fourth + other.fourth)


@dataclass(frozen=True, slots=True, eq=False)
class WhitenedMoments:
    """Sum the products of three, and the fourth power of the length, of rows z = F⁻¹(x − mean), Σ = F Fᵀ.

    Mean and covariance are known before the pass, so that the sums are centred and merge by adding.

    Parameters
    ----------
    mean : ndarray, shape (d,)
    covariance : Σ
    """

    mean: np.ndarray
    covariance: Covariance

    def observe(self, block: Block) -> WhitenedMomentsSummary:
        """Observe a block with one set of weights or none."""
        one_set_of_weights(block, "whitened moments")
        d = block.rows.shape[1]
        pairs = d * (d + 1) // 2
        third, fourth, weight = np.zeros((pairs, d)), 0.0, 0.0
        for part in block.split(max(64, PART_PRODUCTS // pairs)):
            z = self.covariance.whiten(part.rows - self.mean)
            w = np.ones(len(z)) if part.weights is None else part.weights
            third += pair_products(z).T @ (w[:, None] * z)
            fourth += float(w @ (z * z).sum(axis=1) ** 2)
            weight += float(w.sum())
        return WhitenedMomentsSummary(weight, third, fourth)


def pair_products(z: np.ndarray) -> np.ndarray:
    """Return zᵢzⱼ for i ≤ j, shape (..., d(d + 1)/2), of points (..., d)."""
    first, second = np.triu_indices(z.shape[-1])
    return z[..., first] * z[..., second]
