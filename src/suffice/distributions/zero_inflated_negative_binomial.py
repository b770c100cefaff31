"""The negative binomial distribution with more zeros than it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, unit_interval
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.parameter import Parameter
from suffice.distributions.zero_inflated import ZeroInflatedDistribution
from suffice.distributions.zero_inflated_poisson import ZeroInflatedPoisson


@dataclass(frozen=True, slots=True, repr=False)
class ZeroInflatedNegativeBinomial(ZeroInflatedDistribution):
    """A negative binomial variable that is replaced by 0 with probability π.

    P(X = k) = π [k = 0] + (1 − π) NB(k; m/(1 − π), s): the variance is m + m² (π + 1/s)/(1 − π).

    Where zeros are no more than a negative binomial variable has, the likelihood is highest at π = 0; where the
    positive values vary no more than those of a Poisson variable, it rises towards s = ∞, the zero-inflated Poisson;
    where both hold, the answer is the Poisson.

    Parameters
    ----------
    mean : m, the mean of X, a positive number, or 0 for the constant 0
    size : s, of the negative binomial variable, a positive number; ∞ is the zero-inflated Poisson
    zeros : π, the share that is 0 whatever that variable is, from 0 to below 1

    Examples
    --------
    >>> ZeroInflatedNegativeBinomial(mean=1.5, size=3, zeros=0.5).variance
    5.25
    """

    mean: float
    size: float
    zeros: float

    parameters = (
        Parameter("mean", positive, "shape", "the mean", closed=(0.0,)),
        Parameter("size", positive, "shape", "the size of the counts where they are not replaced", closed=(np.inf,)),
        Parameter("zeros", unit_interval, "shape", "the share of zeros that are added", closed=(0.0,)),
    )
    plain = NegativeBinomial
    limits: ClassVar[dict[str, Any]] = {"size": (np.inf, ZeroInflatedPoisson), "zeros": (0.0, NegativeBinomial)}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {
        "Poisson": {"size": np.inf, "zeros": 0.0},
        "Geometric": {"size": 1.0, "zeros": 0.0},
    }

    @classmethod
    def _slope_at_size(cls, x: Any, mean: Any, size: Any, zeros: Any) -> Any:
        """Return the derivative of log p with respect to 1/size at size = ∞."""
        rate = mean / (1.0 - zeros)
        # of a zero, times the probability that it is one of the Poisson variable
        own = special.expit(-rate - special.logit(zeros))
        return np.where(x > 0, 1.0, own) * NegativeBinomial._slope_at_limit(x, rate, size)

    _slope_at_limit: ClassVar[dict[str, Any]] = {
        "size": lambda *at: ZeroInflatedNegativeBinomial._slope_at_size(*at),
        "zeros": lambda *at: ZeroInflatedNegativeBinomial._slope_of_zeros(*at),
    }

    @property
    def _rate_variation(self) -> float:
        """The variance over the squared mean of the gamma variable that is the rate."""
        return 1.0 / self.size

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at several shares of the zeros, each with the size that gives the variance."""
        mean, none = np.average(x, weights=weights), np.average(x == 0, weights=weights)
        mean = max(mean, 0.5 / len(x))
        extra = max(np.average((x - mean) ** 2, weights=weights) - mean, 0.0)
        zeros = np.clip(none * np.array([0.02, 0.3, 0.6, 0.95]), 1e-3, 0.999)
        variation = np.maximum(extra * (1.0 - zeros) / mean**2 - zeros, 0.05)
        return np.stack([np.full(4, mean), 1.0 / variation, zeros], axis=-1)
