"""The Poisson distribution with more zeros than it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, unit_interval
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.parameter import Parameter, counts
from suffice.distributions.poisson import ALL_ZERO, Poisson
from suffice.errors import NoMaximumError
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class ZeroInflatedPoisson(DiscreteDistribution):
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
    support = counts
    sufficient = Tally()
    scope = "global"
    scope_needs = ("mean", "zeros")
    limits: ClassVar[dict[str, Any]] = {"zeros": (0.0, None)}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Poisson": {"zeros": 0.0}}

    @staticmethod
    def _log_density(x: Any, mean: Any, zeros: Any) -> Any:
        rate = mean / (1.0 - zeros)
        # log P(0) from 1 − P(0) where that is small
        rest = -(1.0 - zeros) * np.expm1(-rate)
        far = np.logaddexp(np.log(zeros), np.log1p(-zeros) - rate)
        none = np.where(rest < 0.5, np.log1p(-np.minimum(rest, 0.5)), far)
        return np.where(x == 0, none, np.log1p(-zeros) + Poisson._log_density(x, rate))

    @staticmethod
    def _derivatives(x: Any, mean: Any, zeros: Any) -> tuple[list[Any], list[Any]]:
        # In (λ, π), then to (m, π) by λ = m/(1 − π)
        a = 1.0 - zeros
        rate = mean / a
        some, none = x > 0, np.exp(-rate)
        total = zeros + a * none
        # the probability that a zero is one of the Poisson variable, which does not underflow
        poisson = special.expit(np.log1p(-zeros) - rate - np.log(zeros))
        by_rate = np.where(some, x / rate - 1.0, -poisson)
        by_zeros = np.where(some, -1.0 / a, -np.expm1(-rate) / total)
        bend = np.where(some, -x / rate**2, poisson * (1.0 - poisson))
        cross = np.where(some, 0.0, none / total**2)
        curve = -(by_zeros**2)
        step = rate / a
        first = [by_rate / a, by_zeros + by_rate * step]
        second = [
            bend / a**2,
            (cross + bend * step + by_rate / a) / a,
            curve + step * (2.0 * cross + bend * step + 2.0 * by_rate / a),
        ]
        return first, second

    @classmethod
    def _slope_at_limit(cls, x: Any, mean: Any, zeros: Any) -> Any:
        """Return the derivative of log p with respect to zeros, at zeros = 0."""
        return cls._derivatives(x, mean, zeros)[0][1]

    @staticmethod
    def _cdf(x: Any, mean: Any, zeros: Any) -> Any:
        return np.where(x < 0, 0.0, zeros + (1.0 - zeros) * Poisson._cdf(x, mean / (1.0 - zeros)))

    @staticmethod
    def _ccdf(x: Any, mean: Any, zeros: Any) -> Any:
        return np.where(x < 0, 1.0, (1.0 - zeros) * Poisson._ccdf(x, mean / (1.0 - zeros)))

    @classmethod
    def _log_cdf(cls, x: Any, mean: Any, zeros: Any) -> Any:
        own = log_probability(cls._cdf(x, mean, zeros), cls._ccdf(x, mean, zeros))
        return np.where(np.asarray(zeros) == 0.0, Poisson._log_cdf(x, mean), own)

    @staticmethod
    def _log_ccdf(x: Any, mean: Any, zeros: Any) -> Any:
        tail = np.log1p(-zeros) + Poisson._log_ccdf(x, mean / (1.0 - zeros))
        return np.where(x < 0, 0.0, np.where(tail > -0.5, np.log1p(-ZeroInflatedPoisson._cdf(x, mean, zeros)), tail))

    @staticmethod
    def _about(z: Any, mean: Any, zeros: Any) -> Any:
        """Return an integer near the quantile of the probability Φ(z)."""
        tail = np.minimum(special.log_ndtr(-z) - np.log1p(-zeros), np.log(0.999))
        return np.maximum(Poisson._about(-special.ndtri_exp(tail), mean / (1.0 - zeros)), 0.0)

    @property
    def variance(self) -> float:
        """The variance."""
        return self._cumulants()[0]

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for mean 0, where nothing varies."""
        two, three, _ = self._cumulants()
        return float(three / two**1.5) if two > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for mean 0."""
        two, _, four = self._cumulants()
        return float(four / two**2) if two > 0 else float("nan")

    def _cumulants(self) -> tuple[float, float, float]:
        """Return the second, third and fourth cumulant, from those of the rate, which is λ or 0."""
        p, a = self.zeros, 1.0 - self.zeros
        rate = self.mean / a
        two, three, four = p * a * rate**2, p * a * (p - a) * rate**3, p * a * (1.0 - 6.0 * p * a) * rate**4
        return two + self.mean, three + 3.0 * two + self.mean, four + 6.0 * three + 7.0 * two + self.mean

    @property
    def entropy(self) -> float:
        """The entropy in nats: of whether X is 0, and of the Poisson variable where it is not."""
        a = 1.0 - self.zeros
        poisson = Poisson(self.mean / a)
        log_none, none = self.logpmf(0), -poisson.mean
        # −Σ (1 − π) p (log(1 − π) + log p) over k > 0
        rest = a * (poisson.entropy + np.exp(none) * none) + a * np.expm1(none) * np.log1p(-self.zeros)
        return float(rest - np.exp(log_none) * log_none)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return np.where(rng.random(size) < self.zeros, 0, rng.poisson(self.mean / (1.0 - self.zeros), size))

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

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.maximum > 0.0:
            return None
        if "mean" in fixed:
            raise NoMaximumError(
                f"column {look.column!r}: every value is 0, and the likelihood rises to 1 as zeros → 1 with the mean "
                f"fixed at {fixed['mean']:g}; leave the mean free, or fix zeros too",
                column=look.column,
            )
        unknown = "" if "zeros" in fixed else "; nothing is known of zeros"
        return (0.0, fixed.get("zeros", 0.0)), ALL_ZERO + unknown
