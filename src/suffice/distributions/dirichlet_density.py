"""The Dirichlet density and its derivatives, without the cancellation of powers against the constant."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.incomplete_gamma import excess_of_log, stirling


def dirichlet_log_density(x: Any, alpha: Any) -> Any:
    """Return log p of shares x (..., k) at α (..., k), shape (...).

    log Γ(A) − Σ log Γ(αᵢ) + Σ αᵢ log xᵢ = −Σ αᵢ h(A xᵢ/αᵢ − 1) − S(A) + Σ S(αᵢ), with A = Σ αᵢ, h(t) = t − log(1 + t)
    and S what Stirling's k log k − k leaves of −log Γ(k): the large terms cancel by Σ xᵢ = 1, and none is formed.
    """
    total = alpha.sum(axis=-1)
    deviance = (alpha * excess_of_log(_off(x, alpha) / alpha, total[..., None] * x / alpha)).sum(axis=-1)
    return stirling(alpha).sum(axis=-1) - stirling(total) - np.log(x).sum(axis=-1) - deviance


def dirichlet_slopes(x: Any, alpha: Any) -> Any:
    """Return ∂ log p/∂α = ψ(A) − ψ(αᵢ) + log xᵢ, shape (..., k)."""
    # log xᵢ + ψ(A) − ψ(αᵢ) = log(A xᵢ/αᵢ) + (log αᵢ − ψ(αᵢ)) − (log A − ψ(A)): nothing cancels when α is large
    total = alpha.sum(axis=-1)[..., None]
    off, ratio = _off(x, alpha) / alpha, total * x / alpha
    near = np.abs(off) < 0.5
    logarithm = np.where(near, np.log1p(np.where(near, off, 0.0)), np.log(np.where(near, 1.0, ratio)))
    return logarithm + log_minus_digamma(alpha) - log_minus_digamma(total)


def dirichlet_curvature(alpha: Any) -> Any:
    """Return ∂² log p/∂α∂α = ψ′(A) − diag ψ′(α), shape (..., k, k), the same for every x."""
    k = alpha.shape[-1]
    common = special.polygamma(1, alpha.sum(axis=-1))[..., None, None]
    return common - special.polygamma(1, alpha)[..., None] * np.eye(k)


def _off(x: Any, alpha: Any) -> Any:
    """Return A xᵢ − αᵢ = xᵢ Σ_{j≠i} αⱼ − αᵢ Σ_{j≠i} xⱼ."""
    others = 1.0 - np.eye(alpha.shape[-1])
    return x * (alpha @ others) - alpha * (x @ others)
