"""The right status of a Student t fit, decided without the library.

Inside the region that the certificate states (df ≥ 0.1, scale ≥ 0.001 times the median absolute deviation)
the best point is an interior one ("maximum"), the normal limit df = ∞ or an edge of the region, beyond which
the likelihood is unbounded (both "no finite maximum").
"""

from __future__ import annotations

import numpy as np

from verify.attack import search
from verify.landscape import LOG_TWO_PI
from verify.landscapes import landscape

# Nats by which an interior point must beat the limit; the search itself is exact to about 1e-9.
VISIBLE = 1e-7


def student_status(x: np.ndarray) -> str:
    """Return "maximum" or "no finite maximum" for data x, shape (n,)."""
    if np.ptp(x) == 0.0:
        return "no finite maximum"
    ground = landscape("StudentT", x)
    best, point = search(ground, seed=1)
    on_edge = point[1] - ground.box[1][0] < 1e-3 or point[2] - ground.box[2][0] < 1e-3
    if on_edge:
        return "no finite maximum"
    # The derivative in 1/df at the normal limit has the sign of the excess kurtosis, and the limit is better
    # than what the search found nearby.
    if excess_kurtosis(x) > 0.0:
        return "maximum"
    return "maximum" if best > normal_value(x) + VISIBLE else "no finite maximum"


def excess_kurtosis(x: np.ndarray) -> float:
    """Return the excess kurtosis with divisor n."""
    z = x - np.median(x)
    z = z - z.mean()
    z = z / np.sqrt(np.mean(z * z))
    return float(np.mean(z**4) - 3.0)


def normal_value(x: np.ndarray) -> float:
    """Return the largest normal log-likelihood."""
    return float(-0.5 * len(x) * (LOG_TWO_PI + 1.0 + 2.0 * np.log(np.std(x - np.median(x)))))
