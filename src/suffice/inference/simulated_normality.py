"""Statistics of multivariate normality for many samples at once, and their null distribution by simulation.

Each is a function of the whitened rows z that does not change when these are rotated. So its distribution for normal
rows, mean and covariance estimated, depends on n and d alone, and a p-value from simulated samples of standard normal
rows is exact (Barnard 1963): (1 + how many are as extreme)/(1 + replicates).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from suffice.statistics.whitened_moments import pair_products

# Numbers held at once.
HELD = 4_194_304
# Pairs of rows at once: they stay in the cache.
PAIRS_AT_ONCE = 32_768


def whitened(x: np.ndarray) -> np.ndarray:
    """Return rows (..., n, d) with mean 0 and covariance 1, divisor n."""
    off = x - x.mean(axis=-2, keepdims=True)
    matrix = np.swapaxes(off, -1, -2) @ off / x.shape[-2]
    return np.swapaxes(np.linalg.solve(np.linalg.cholesky(matrix), np.swapaxes(off, -1, -2)), -1, -2)


def mardia_moments(z: np.ndarray) -> np.ndarray:
    """Return Mardia's skewness b₁,d and kurtosis b₂,d of whitened rows (m, n, d), shape (m, 2)."""
    n, d = z.shape[-2:]
    first, second = np.triu_indices(d)
    third = np.swapaxes(pair_products(z), -1, -2) @ z / n
    skewness = (np.where(first == second, 1.0, 2.0)[:, None] * third**2).sum(axis=(-1, -2))
    return np.stack([skewness, ((z * z).sum(axis=-1) ** 2).mean(axis=-1)], axis=-1)


def henze_zirkler_statistics(z: np.ndarray) -> np.ndarray:
    """Return Henze and Zirkler's statistic of whitened rows (m, n, d), shape (m, 1)."""
    n, d = z.shape[-2:]
    return np.array([[henze_zirkler_statistic(rows, np.ones(n), smoothing(n, d))] for rows in z])


def smoothing(n: float, d: int) -> float:
    """Return β, the width of the weight in frequencies (Henze and Zirkler 1990)."""
    return float(((2.0 * d + 1.0) * n / 4.0) ** (1.0 / (d + 4.0)) / np.sqrt(2.0))


def henze_zirkler_statistic(z: np.ndarray, weights: np.ndarray, beta: float) -> float:
    """Return n ∫ |ψ(t) − exp(−|t|²/2)|² N(t; 0, β²I) dt, ψ the characteristic function of the whitened rows (n, d).

    In closed form (Henze and Zirkler 1990), with the weights w of the rows and n their sum,

        1/n Σᵢⱼ wᵢwⱼ exp(−β²/2 |zᵢ − zⱼ|²) − 2 (1 + β²)^(−d/2) Σᵢ wᵢ exp(−β²|zᵢ|²/(2 (1 + β²))) + n (1 + 2β²)^(−d/2).
    """
    n, d, square = float(weights.sum()), z.shape[1], beta * beta
    lengths = (z * z).sum(axis=1)
    pairs = 0.0
    step = max(1, PAIRS_AT_ONCE // len(z))
    for start in range(0, len(z), step):
        # pairs with earlier rows are the same as those of earlier rows with these: they are counted twice there
        left, right = z[start : start + step], z[start:]
        apart = left @ right.T
        apart *= -2.0
        apart += lengths[start : start + step, None]
        apart += lengths[start:]
        apart *= -0.5 * square
        near = np.exp(apart, out=apart)
        mine, k = weights[start : start + step], len(left)
        pairs += float(mine @ (2.0 * (near @ weights[start:]) - near[:, :k] @ mine))
    alone = float(weights @ np.exp(-0.5 * square / (1.0 + square) * lengths))
    return pairs / n - 2.0 * (1.0 + square) ** (-0.5 * d) * alone + n * (1.0 + 2.0 * square) ** (-0.5 * d)


def simulated(statistics: Callable[[np.ndarray], np.ndarray], n: int, d: int, replicates: int, rng: int) -> np.ndarray:
    """Return the statistics of samples of n normal rows of d columns, shape (replicates, s)."""
    generator = np.random.default_rng(rng)
    together = max(1, HELD // (n * max(d * (d + 1) // 2, 1)))
    parts = []
    for first in range(0, replicates, together):
        draws = generator.standard_normal((min(together, replicates - first), n, d))
        parts.append(statistics(whitened(draws)))
    return np.concatenate(parts)


def upper_p_value(null: np.ndarray, observed: float) -> float:
    """Return (1 + how many are as large)/(1 + replicates)."""
    return float((1 + (null >= observed).sum()) / (1 + len(null)))


def two_sided_p_value(null: np.ndarray, observed: float) -> float:
    """Return twice the smaller tail, at most 1."""
    return min(1.0, 2.0 * min(upper_p_value(null, observed), upper_p_value(-null, -observed)))
