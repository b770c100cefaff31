"""The Poisson distribution with more zeros than it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, unit_interval
from suffice.distributions.parameter import Parameter
from suffice.distributions.poisson import Poisson
from suffice.distributions.zero_inflated import ZeroInflatedDistribution


@dataclass(frozen=True, slots=True, repr=False)
class ZeroInflatedPoisson(ZeroInflatedDistribution):
    """A Poisson variable that is replaced by 0 with probability π: P(X = k) = π [k = 0] + (1 − π) λᵏ exp(−λ)/k!.

    Its mean is m = (1 − π) λ. The likelihood is one of whether a value is 0 times that of a truncated Poisson variable,
    so it has one maximum: m is the mean of the data and λ/(1 − exp(−λ)) that of the positive ones, unless zeros are no
    more than a Poisson variable has, where π = 0.

    Parameters
    ----------
    mean : m, the mean of X, a positive number, or 0 for the constant 0
    zeros : π, the share that is 0 whatever the Poisson variable is, from 0 to below 1

    Examples
    --------
    >>> ZeroInflatedPoisson(mean=1.5, zeros=0.5).variance
    3.75
    """

    mean: float
    zeros: float

    parameters = (
        Parameter("mean", positive, "shape", "the mean", closed=(0.0,)),
        Parameter("zeros", unit_interval, "shape", "the share of zeros that are added", closed=(0.0,)),
    )
    plain = Poisson
    scope = "global"
    scope_needs = ("mean", "zeros")
    limits: ClassVar[dict[str, Any]] = {"zeros": (0.0, None)}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Poisson": {"zeros": 0.0}}

    @classmethod
    def _slope_at_limit(cls, x: Any, mean: Any, zeros: Any) -> Any:
        """Return the derivative of log p with respect to zeros, at zeros = 0."""
        return cls._slope_of_zeros(x, mean, zeros)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the mean, and the zeros that the positive values leave: their mean is λ/(1 − exp(−λ))."""
        mean, share = np.average(x, weights=weights), np.average(x > 0, weights=weights)
        above = mean / share if share > 0.0 else 1.0
        rate = max(above - 1.0, 1e-3)
        for _ in range(50):
            rate = above * -np.expm1(-rate)
            rate = max(rate, 1e-3)
        return np.array([[max(mean, 0.5 / len(x)), np.clip(1.0 - mean / rate, 1e-3, 0.999)]])
