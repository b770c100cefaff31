"""Where fits of a generalized Pareto distribution start: the profile likelihood in one dimension."""

from __future__ import annotations

import numpy as np

# Points at which the profile is looked at, and rounds in which the best of them is closed in on.
POINTS, ROUNDS = 120, 3
# The nearest to the wall, where the support ends at the largest value, in log(1 + ξ max/σ); and how far beyond the
# smallest value the other end lies.
NEAREST, BEYOND = -14.0, 3.0
HIGHEST_SHAPE = 20.0


def best_on_profile(y: np.ndarray, weights: np.ndarray, lowest: float) -> tuple[float, float]:
    """Return scale and shape ≥ lowest at the highest local maximum of the profile likelihood, else at its best point.

    With c = ξ/σ the best shape is k(c) = Σ w log(1 + cy), and the log-likelihood −log(k/c) − k − 1 per row (Grimshaw
    1993). The grid is even in t = log(1 + c max y), which runs over all c at which every row can occur.

    Parameters
    ----------
    y : ndarray, shape (n,), the excesses, the largest of the data among them
    weights : ndarray, shape (n,), of sum 1
    lowest : the lowest shape
    """
    largest = float(y.max())
    smallest = float(y[y > 0.0].min()) if largest > 0.0 else 1.0
    if not largest > 0.0:
        return 1.0, 0.0
    grid = np.linspace(NEAREST, np.log1p(largest / smallest) + BEYOND, POINTS)
    grid = grid[grid != 0.0]
    for _ in range(ROUNDS):
        c, shape, value = _profile(grid, y / largest, weights)
        value = np.where(shape >= lowest, value, -np.inf)
        inner = value[1:-1]
        peaks = np.flatnonzero((inner > value[:-2]) & (inner >= value[2:]) & np.isfinite(value[:-2])) + 1
        best = int(peaks[np.argmax(value[peaks])]) if len(peaks) else int(np.argmax(value))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        here = float(shape[best] / c[best] * largest), float(shape[best])
        grid = np.linspace(low, high, 9)
        grid = grid[grid != 0.0]
    return here


def scale_of_shape(y: np.ndarray, weights: np.ndarray, shape: float) -> float:
    """Return the scale that is best at a shape above −1: the root of Σ w (1 + ξ) y/(σ + ξy) = 1, the only one."""
    largest = float(y.max())
    low = max(-shape, 0.0) * largest
    step = max(float(weights @ y), 1e-300)

    def falls(scale: float) -> bool:
        return float(weights @ ((1.0 + shape) * y / (scale + shape * y))) < 1.0

    high = step
    while not falls(low + high):
        high *= 2.0
    lower = high * 2.0**-60
    for _ in range(70):
        middle = np.sqrt(lower * high)
        lower, high = (lower, middle) if falls(low + middle) else (middle, high)
    return low + float(high)


def shape_of_scale(y: np.ndarray, weights: np.ndarray, scale: float, lowest: float) -> float:
    """Return the shape at the highest of many points where the scale is fixed."""
    z = y / scale
    wall = -1.0 / float(z.max()) if z.max() > 0.0 else -np.inf
    low = max(lowest, wall * (1.0 - 1e-6))
    shapes = low + np.geomspace(1e-6, HIGHEST_SHAPE - low, POINTS)
    hazard = np.log1p(shapes[:, None] * z) / np.where(shapes == 0.0, 1.0, shapes)[:, None]
    value = -((1.0 + shapes) * (hazard @ weights))
    return float(shapes[int(np.argmax(value))])


def _profile(grid: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return c, k(c) and the profile log-likelihood at each t = log(1 + c), where max y = 1."""
    c = np.expm1(grid)
    shape = np.log1p(c[:, None] * y) @ weights
    return c, shape, -np.log(shape / c) - shape
