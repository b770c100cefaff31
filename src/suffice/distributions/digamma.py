"""The digamma and trigamma functions less their leading terms, which cancel in the scores of large shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

# From here on the asymptotic series give all digits.
LARGE = 20.0


def log_minus_digamma(x: Any) -> Any:
    """Return log x − ψ(x), which tends to 0 as 1/(2x)."""
    large = np.asarray(x) > LARGE
    u = 1.0 / np.where(large, x, LARGE)
    small = np.where(large, 1.0, x)
    return np.where(large, 0.5 * u + digamma_tail(u), np.log(small) - special.psi(small))


def digamma_tail(u: Any) -> Any:
    """Return log x − ψ(x) − 1/(2x) at x = 1/u ≥ 20."""
    v = u * u
    return v * (1 / 12 - v * (1 / 120 - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * 691 / 32760)))))


def trigamma_tail(u: Any) -> Any:
    """Return ψ′(x) − 1/x − 1/(2x²) at x = 1/u ≥ 20."""
    v = u * u
    return u * v * (1 / 6 - v * (1 / 30 - v * (1 / 42 - v * (1 / 30 - v * (5 / 66 - v * 691 / 2730)))))
