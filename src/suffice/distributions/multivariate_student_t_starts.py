"""Where fits of Student's t of several variables start: a few steps of expectation and maximization on a sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from suffice.distributions.multivariate_student_t_sums import cholesky

# Degrees of freedom of the starts, and those of starts in a cluster.
TAILS = (1.0, 5.0, 40.0)
CLUSTER_TAIL = 0.7
# Shares of the rows that may make a cluster.
CLUSTERS = (0.5, 0.2, 0.08)
STEPS = 12
# An eigenvalue below this share of the largest is taken for 0.
SINGULAR = 1e-12

Point = tuple[np.ndarray, np.ndarray, float]


def improved(z: np.ndarray, weights: np.ndarray, start: Point, free: tuple[bool, bool], steps: int = STEPS) -> Point:
    """Return a point after some steps of expectation and maximization with ν as it is.

    Rows are weighted by (ν + d)/(ν + δ²), and the scatter is divided by the sum of these, which takes far fewer steps
    than division by n.

    Parameters
    ----------
    z : ndarray, shape (n, d); weights : ndarray, shape (n,)
    start : location (d,), scale matrix (d, d) and ν
    free : whether the location and the matrix are sought

    Source: Kent, Tyler and Vardi (1994), A curious likelihood identity for the multivariate t-distribution.
    """
    location, matrix, v = start
    for _ in range(steps):
        factor = cholesky(matrix)
        if factor is None:
            break
        off = z - location
        whitened = np.linalg.solve(factor, off.T)
        pull = weights * (v + z.shape[1]) / (v + (whitened * whitened).sum(axis=0))
        total = pull.sum()
        if free[0]:
            location = location + (pull @ off) / total
            off = z - location
        if free[1]:
            scatter = (off * pull[:, None]).T @ off / total
            if not _is_sound(scatter):
                break
            matrix = scatter
    return location, matrix, v


def starting_points(z: np.ndarray, weights: np.ndarray, tails: Sequence[float], free: tuple[bool, bool]) -> list[Point]:
    """Return starts in a frame in which the bulk of the rows has location 0 and matrix 1.

    The likelihood may have several maxima: one of all rows, others of clusters whose surroundings are the tails.
    """
    d = z.shape[1]
    broad = [improved(z, weights, (np.zeros(d), np.eye(d), v), free) for v in tails]
    narrow = [
        improved(z, weights, (*_cluster(z, share), v), free, steps=3)
        for share in CLUSTERS
        for v in ((CLUSTER_TAIL,) if len(tails) > 1 else tails)
        if free[1] and len(z) * share >= 2 * d + 2
    ]
    return broad + narrow


def _cluster(z: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the densest share of the rows around one of them."""
    k = int(np.ceil(len(z) * share))
    squares = (z * z).sum(axis=1)
    distances = squares[:, None] - 2.0 * z @ z.T + squares
    kth = np.partition(distances, k - 1, axis=1)[:, k - 1]
    near = np.argsort(distances[int(np.argmin(kth))], kind="stable")[:k]
    centre = z[near].mean(axis=0)
    off = z[near] - centre
    scatter = off.T @ off / k
    return centre, scatter if _is_sound(scatter) else np.eye(z.shape[1]) * max(float(kth.min()), SINGULAR)


def _is_sound(matrix: np.ndarray) -> bool:
    if not np.isfinite(matrix).all():
        return False
    eigenvalues = np.linalg.eigvalsh(matrix)
    return bool(eigenvalues[0] > SINGULAR * eigenvalues[-1])
