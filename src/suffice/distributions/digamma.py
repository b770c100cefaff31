"""The digamma and trigamma functions less their leading terms, which cancel in the scores of large shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.piecewise import piecewise

# From here on the asymptotic series give all digits.
LARGE = 20.0


def log_minus_digamma(x: Any) -> Any:
    """Return log x − ψ(x), which tends to 0 as 1/(2x)."""
    return piecewise(np.asarray(x) > LARGE, _log_minus_digamma_tail, lambda x: np.log(x) - special.psi(x), x)


def reciprocal_minus_trigamma(x: Any) -> Any:
    """Return 1/x − ψ′(x), which tends to 0 as −1/(2x²)."""
    return piecewise(
        np.asarray(x) > LARGE, _reciprocal_minus_trigamma_tail, lambda x: 1.0 / x - special.zeta(2.0, x), x
    )


def _log_minus_digamma_tail(x: Any) -> Any:
    u = 1.0 / x
    return 0.5 * u + digamma_tail(u)


def _reciprocal_minus_trigamma_tail(x: Any) -> Any:
    u = 1.0 / x
    return -0.5 * u * u - trigamma_tail(u)


def digamma_tail(u: Any) -> Any:
    """Return log x − ψ(x) − 1/(2x) at x = 1/u ≥ 20."""
    v = u * u
    return v * (1 / 12 - v * (1 / 120 - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * 691 / 32760)))))


def trigamma_tail(u: Any) -> Any:
    """Return ψ′(x) − 1/x − 1/(2x²) at x = 1/u ≥ 20."""
    v = u * u
    return u * v * (1 / 6 - v * (1 / 30 - v * (1 / 42 - v * (1 / 30 - v * (5 / 66 - v * 691 / 2730)))))
