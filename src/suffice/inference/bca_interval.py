"""The BCa bootstrap interval: percentiles corrected for bias and for a standard error that changes (Efron 1987).

With z₀ = Φ⁻¹(share of replicates below the estimate) and the acceleration a, the end at α is their quantile at

    Φ(z₀ + (z₀ + z_α)/(1 − a (z₀ + z_α))).

It errs by the order of 1/n in coverage, where percentiles err by 1/√n, and is that of any monotone function of the
quantity. a = Σ lᵢ³/(6 (Σ lᵢ²)^(3/2)) over the influences lᵢ = ∂gᵀ I⁻¹ sᵢ of the rows (Efron 1987, section 7), which
need one pass where the jackknife needs n fits; for a mean both are the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from suffice.errors import NotAvailableError
from suffice.inference.interval import ConfidenceInterval, replicated
from suffice.inference.interval_target import Target

# Replicates that must lie beyond an end, so that it is not the last of them by accident.
FEWEST_BEYOND = 2.0


def bca(
    target: Target,
    replicates: np.ndarray,
    phi: np.ndarray,
    level: float,
    note: str,
    acceleration: Callable[[np.ndarray], float],
) -> ConfidenceInterval:
    """Return the BCa interval.

    Parameters
    ----------
    replicates : ndarray, shape (m, q): refits of resamples
    phi : ndarray, shape (q,): the estimate
    note : what is to be said of the replicates
    acceleration : gradient (q,) of the target → a
    """
    values, estimate = replicated(target, replicates), target.value(phi)
    with np.errstate(all="ignore"):
        a = acceleration(target.local(phi, mixed=False).gradient)
    if not np.isfinite(a):
        raise NotAvailableError(
            f"{target.name} does not change smoothly with the parameters at the fit (a step, or a constant), so BCa "
            "has no acceleration; use method='bootstrap'"
        )
    below = ((values < estimate).sum() + 0.5 * (values == estimate).sum()) / len(values)
    bias = float(special.ndtri(below))
    shares = [_adjusted(bias, a, side * float(special.ndtri(0.5 + level / 2.0))) for side in (-1.0, 1.0)]
    if not all(FEWEST_BEYOND <= share * len(values) <= len(values) - FEWEST_BEYOND for share in shares):
        raise NotAvailableError(
            f"BCa puts an end of the interval of {target.name} beyond the {len(values):,} replicates (at the shares "
            f"{shares[0]:.2g} and {shares[1]:.4g} of them; bias {bias:.2g}, acceleration {a:.2g}); pass more "
            "replicates=, a lower level, or use method='profile'"
        )
    # order statistics, because replicates may be infinite (a Student t going normal)
    lower, upper = np.quantile(values, shares, method="inverted_cdf")
    said = f"{note}; bias {bias:.2g}, acceleration {a:.2g}"
    return ConfidenceInterval(float(lower), float(upper), level, "bca", estimate, target.name, said)


def _adjusted(bias: float, acceleration: float, z: float) -> float:
    """Return the share of replicates below an end; NaN where the correction has no sense."""
    stretch = 1.0 - acceleration * (bias + z)
    return float(special.ndtr(bias + (bias + z) / stretch)) if stretch > 0.0 else float("nan")
