"""Criteria by which models are compared: what each adds to −2ℓ."""

from __future__ import annotations

import numpy as np

# By which families are ranked where nobody says.
DEFAULT = "bic"
# A sum of weights below 1, but for rounding, is less than one row.
LEAST = 1.0 - 1e-9


def penalty(criterion: str, k: int, n: float) -> float:
    """Return what a criterion adds to −2ℓ for k free parameters and n rows; lower is better.

    Akaike's is 2k; corrected ("aicc") 2k + 2k(k + 1)/(n − k − 1), ∞ where n ≤ k + 1; the Bayesian k log n, NaN
    for less than one row, for which it is no penalty.

    Examples
    --------
    >>> penalty("aic", 2, 10), round(penalty("aicc", 2, 10), 3), round(penalty("bic", 2, 10), 3)
    (4.0, 5.714, 4.605)
    """
    if criterion == "bic":
        return float(k * np.log(n)) if n >= LEAST else float("nan")
    if criterion == "aic":
        return 2.0 * k
    return 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) if n > k + 1 else float("inf")
