"""The negative binomial distribution by its mean."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.gamma_differences import digamma_differences, stirling_difference
from suffice.distributions.incomplete_beta import log_lower_beta, lower_beta
from suffice.distributions.incomplete_gamma import excess_of_log, stirling
from suffice.distributions.normal import Normal
from suffice.distributions.parameter import Parameter, counts
from suffice.distributions.poisson import ALL_ZERO, Poisson
from suffice.errors import NoMaximumError
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class NegativeBinomial(DiscreteDistribution):
    """The negative binomial: a Poisson variable whose mean is gamma distributed; counts failures from 0.

    P(X = k; m, s) = Γ(k + s)/(k! Γ(s)) (s/(s + m))ˢ (m/(s + m))ᵏ, with variance m + m²/s.

    Parameters
    ----------
    mean : m, a positive number, or 0 for the constant 0
    size : s, a positive number; ∞ is the Poisson distribution

    Examples
    --------
    >>> NegativeBinomial(mean=3, size=1.5).variance
    9.0
    """

    mean: float
    size: float

    parameters = (
        Parameter("mean", positive, "shape", "the mean", closed=(0.0,)),
        Parameter("size", positive, "shape", "the size, mean²/(variance − mean)", closed=(np.inf,)),
    )
    support = counts
    sufficient = Tally()
    # One maximum, interior if and only if the variance (divisor n) exceeds the mean (Levin and Reeds 1977).
    scope = "global"
    scope_needs = ("mean",)
    limits: ClassVar[dict[str, Any]] = {"size": (np.inf, Poisson)}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Geometric": {"size": 1.0}}

    @staticmethod
    def _log_density(x: Any, mean: Any, size: Any) -> Any:
        inside = counts.contains(x) & (x < np.inf)
        finite = np.where(np.isinf(size), 1.0, size)
        none = np.where(np.isinf(size), -mean, -finite * np.log1p(mean / finite))
        some = _log_mass(np.where(inside & (x > 0), x, 1.0), mean, size)
        return np.where(inside, np.where(x > 0, some, none), -np.inf)

    @staticmethod
    def _derivatives(x: Any, mean: Any, size: Any) -> tuple[list[Any], list[Any]]:
        ratio = 1.0 / (1.0 + mean / size)
        m = np.where(x == 0, 1.0, mean)
        t = (x - mean) / (size + mean)
        slope, bend = digamma_differences(size, x)
        first = [(x / m - 1.0) * ratio, slope - excess_of_log(t, (1.0 + x / size) * ratio)]
        second = [
            # (1 + x/s)/s (s/(s + m))² − x/m², whose terms in x cancel where s is small beside m
            ratio * ratio * (1.0 / size - x * (1.0 / m + 2.0 / size) / m),
            t / (size + mean),
            bend + t * t / (size + x),
        ]
        return first, second

    @staticmethod
    def _slope_at_limit(x: Any, mean: Any, size: Any) -> Any:
        """Return the derivative of log p with respect to 1/size at size = ∞."""
        return 0.5 * ((x - mean) ** 2 - x)

    @staticmethod
    def _cdf(x: Any, mean: Any, size: Any) -> Any:
        return _tail(lambda k, s, p, q: lower_beta(s, k, p, q), Poisson._cdf, 0.0, x, mean, size)

    @staticmethod
    def _ccdf(x: Any, mean: Any, size: Any) -> Any:
        return _tail(lambda k, s, p, q: lower_beta(k, s, q, p), Poisson._ccdf, 1.0, x, mean, size)

    @staticmethod
    def _log_cdf(x: Any, mean: Any, size: Any) -> Any:
        return _tail(lambda k, s, p, q: log_lower_beta(s, k, p, q), Poisson._log_cdf, -np.inf, x, mean, size)

    @staticmethod
    def _log_ccdf(x: Any, mean: Any, size: Any) -> Any:
        return _tail(lambda k, s, p, q: log_lower_beta(k, s, q, p), Poisson._log_ccdf, 0.0, x, mean, size)

    @staticmethod
    def _about(z: Any, mean: Any, size: Any) -> Any:
        """Return an integer near the quantile z standard deviations out."""
        return mean + np.sqrt(mean) * np.sqrt(1.0 + mean / size) * z

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        m, s = self.mean, self.size
        return float(m / np.sqrt(s) * np.sqrt(1.0 + s / m) if m > s else np.sqrt(m) * np.sqrt(1.0 + m / s))

    @property
    def variance(self) -> float:
        """The variance."""
        return self.mean * (1.0 + self.mean / self.size)

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for mean 0, where nothing varies."""
        if self.mean == 0:
            return float("nan")
        m, s = self.mean, self.size
        if m > s:
            return float((2.0 + s / m) / np.sqrt(s) / np.sqrt(1.0 + s / m))
        return float((1.0 + 2.0 * m / s) / self.standard_deviation)

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for mean 0."""
        return 6.0 / self.size + 1.0 / self.variance if self.mean > 0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats, by summation; beyond 65,536 by the integral of Euler and Maclaurin; NaN where huge."""
        if self.standard_deviation < 1e-7 * self.mean:
            # It is normal to 1e-14, and its integers may be too close for double precision.
            return float(Normal(0.0, self.standard_deviation).entropy)
        with np.errstate(all="ignore"):
            last = float(self._iccdf(1e-20, *self.theta))
            if last == np.inf:
                return float("nan")
            cut = min(last + 1.0, 65_536.0)
            total = np.sum(_surprise(self._log_density(np.arange(cut), *self.theta)))
            nodes, weights = np.polynomial.legendre.leggauss(40)
            for low, high in itertools.pairwise(self._panels(cut - 0.5, last + 0.5)):
                half = 0.5 * (high - low)
                total += np.sum(weights * _surprise(_log_mass(low + half * (1.0 + nodes), *self.theta), half))
        return float(total)

    def _panels(self, first: float, last: float) -> np.ndarray:
        """Return edges between which the mass is smooth: in proportion, and in steps of a standard deviation."""
        count = np.ceil(np.log(max(last / first, 1.0)) / np.log(1.5)) + 1.0
        edges = np.append(first * 1.5 ** np.arange(count), self.mean + self.standard_deviation * np.arange(-12.0, 13.0))
        return np.unique(np.clip(edges, first, max(first, last)))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        if np.isinf(self.size) or self.mean == 0:
            return rng.poisson(self.mean, size)
        return rng.poisson(rng.gamma(self.size, self.mean / self.size, size))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the moments; a size near the limit where the variance does not exceed the mean."""
        mean = np.average(x, weights=weights)
        variance = np.average((x - mean) ** 2, weights=weights)
        mean = max(mean, 0.5 / len(x))
        return np.array([[mean, mean * mean / max(variance - mean, 1e-9 * mean)]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.maximum > 0.0:
            return None
        if "mean" in fixed:
            raise NoMaximumError(
                f"column {look.column!r}: every value is 0, and the likelihood rises to 1 as size → 0 with the mean "
                f"fixed at {fixed['mean']:g}; leave the mean free, or fix size too",
                column=look.column,
            )
        unknown = "" if "size" in fixed else "; nothing is known of size"
        return (0.0, fixed.get("size", np.inf)), ALL_ZERO + unknown


def _surprise(log_p: np.ndarray, width: float = 1.0) -> np.ndarray:
    """Return −p log p times the width, 0 where p times the width underflows."""
    log_product = log_p + np.log(width)
    return np.where(log_product > -700.0, -np.exp(log_product) * log_p, 0.0)


def _log_mass(k: Any, mean: Any, size: Any) -> Any:
    """Return log P(X = k), also between the integers, for k > 0.

    Stirling's parts of the three gamma functions are split off, and the powers become two deviances
    (Loader 2000), so that nothing of the order of size or k is left to cancel.
    """
    finite = np.where(np.isinf(size), 1.0, size)
    deviance = finite * excess_of_log((k - mean) / (finite + mean), (finite + k) / (finite + mean))
    share = 1.0 / (1.0 + mean / size)
    ratio = mean / k * (1.0 + k / size) * share
    deviance = np.where(np.isinf(size), 0.0, deviance) + k * excess_of_log((mean - k) / k * share, ratio)
    return stirling(k) - np.log(k) + stirling_difference(size, k) - deviance


def _tail(beta: Any, poisson: Any, before: float, x: Any, mean: Any, size: Any) -> Any:
    """Return beta(k + 1, s, s/(s + m), m/(s + m)), the limit where size is infinite, `before` below 0."""
    k = np.maximum(np.floor(x), 0.0) + 1.0
    # Log probabilities differ from those of the limit by ((k − m)² − k)/(2s).
    limit = size > 1e18 * (k * k + mean * mean)
    s = np.where(limit, 1.0, size)
    value = np.where(limit, poisson(x, mean), beta(k, s, s / (s + mean), mean / (s + mean)))
    return np.where(np.floor(x) < 0, before, value)
