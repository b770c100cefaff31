"""The logarithm of the normal probability log Φ(u) with its first two derivatives, at any u."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

# Below this, φ/Φ + u would cancel and comes from a continued fraction.
FAR = -10.0
# Its terms: all digits for u ≤ −10.
TERMS = 16
ROOT_TWO = float(np.sqrt(2.0))
ROOT_TWO_OVER_PI = float(np.sqrt(2.0 / np.pi))


def inverse_mills_ratio(u: Any) -> tuple[Any, Any]:
    """Return r = φ(u)/Φ(u), which is d log Φ/du, and its derivative −r (u + r).

    Far down r + u is 1/(|u| + 2/(|u| + 3/(|u| + …))) (Laplace 1805), else from the scaled complementary error
    function; for large u both vanish.

    Examples
    --------
    >>> ratio, slope = inverse_mills_ratio(np.array([0.0, -1e9]))
    >>> ratio.round(12).tolist(), slope.round(12).tolist()
    ([0.797884560803, 1000000000.0], [-0.636619772368, -1.0])
    """
    u = np.asarray(u, dtype=float)
    far = u < FAR
    size = np.where(far, -u, 1.0)
    fraction = np.zeros_like(size)
    for n in range(TERMS, 0, -1):
        fraction = n / (size + fraction)
    near = np.where(far, 0.0, u)
    ratio = ROOT_TWO_OVER_PI / special.erfcx(-near / ROOT_TWO)
    ratio = np.where(far, size + fraction, ratio)
    excess = np.where(far, fraction, near + ratio)
    return ratio, np.where(ratio > 0.0, -ratio * excess, 0.0)
