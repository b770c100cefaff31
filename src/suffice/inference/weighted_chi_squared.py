"""The law of a sum Σ λᵢ Zᵢ² of squares of independent standard normal variables with positive weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

# Points on the upper half of the contour; what they leave, rounding included, is below 1e-12.
POINTS = 28
# A weight below this share of the largest moves no probability that double precision shows.
SMALLEST_SHARE = 1e-15


def weighted_chi_squared_tail(x: float, weights: ArrayLike) -> float:
    """Return P(Σ λᵢ Zᵢ² > x), with an absolute error below 1e-12.

    The Laplace transform of the probability, (1 − ∏ (1 + 2 λᵢ s)^−½)/s, is analytic away from the negative real
    axis; its inverse integral along a parabola around that axis converges geometrically (Weideman and Trefethen 2007,
    section 3).

    Parameters
    ----------
    x : a number
    weights : array, shape (r,), non-negative: the λᵢ

    Examples
    --------
    >>> round(weighted_chi_squared_tail(3.841458820694124, [1.0]), 9)
    0.05
    """
    lam = np.asarray(weights, dtype=float)
    lam = lam[lam > SMALLEST_SHARE * lam.max(initial=0.0)]
    if not len(lam):
        return 1.0 if x < 0.0 else 0.0
    if x <= SMALLEST_SHARE**2 * lam.max():
        return 1.0
    lam = lam / x
    # the midpoint rule in u on s = μ (1 + iu)², of which the lower half is the conjugate
    step, mu = 3.0 / POINTS, np.pi * POINTS / 12.0
    u = step * (np.arange(POINTS) + 0.5)
    root = 1.0 + 1j * u
    s = mu * root**2
    transform = (1.0 - np.prod((1.0 + 2.0 * lam * s[:, None]) ** -0.5, axis=1)) / s
    total = np.sum(np.exp(s) * transform * 2j * mu * root)
    return float(np.clip((step / np.pi * total).imag, 0.0, 1.0))
