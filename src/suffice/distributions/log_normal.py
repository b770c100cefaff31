"""The log-normal distribution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.normal import HALF_LOG_TWO_PI, Normal
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import LogScatter, ScatterSummary


@dataclass(frozen=True, slots=True, repr=False)
class LogNormal(ContinuousDistribution):
    """The log-normal distribution: log x is normal with mean μ and standard deviation σ.

    Parameters
    ----------
    mu : the mean of log x
    sigma : the standard deviation of log x

    Examples
    --------
    >>> LogNormal(mu=0, sigma=1).icdf(0.5)
    1.0
    """

    mu: float
    sigma: float

    # Scaling x adds log(factor) to mu: neither parameter has the unit of x, and log x needs no other scale.
    parameters = (
        Parameter("mu", real, "shape", "the mean of log x"),
        Parameter("sigma", positive, "shape", "the standard deviation of log x"),
    )
    support = positive_line
    sufficient = LogScatter()
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"sigma": "0", "mu": "its logarithm"}

    @staticmethod
    def _log_density(x: Any, mu: Any, sigma: Any) -> Any:
        log_x = _log(x)
        inside = np.abs(log_x) < np.inf
        log_x = np.where(inside, log_x, 0.0)
        return np.where(inside, Normal._log_density(log_x, mu, sigma) - log_x, -np.inf)

    @staticmethod
    def _derivatives(x: Any, mu: Any, sigma: Any) -> tuple[list[Any], list[Any]]:
        return Normal._derivatives(_log(x), mu, sigma)

    @staticmethod
    def _cdf(x: Any, mu: Any, sigma: Any) -> Any:
        return Normal._cdf(_log(x), mu, sigma)

    @staticmethod
    def _ccdf(x: Any, mu: Any, sigma: Any) -> Any:
        return Normal._ccdf(_log(x), mu, sigma)

    @staticmethod
    def _log_cdf(x: Any, mu: Any, sigma: Any) -> Any:
        return Normal._log_cdf(_log(x), mu, sigma)

    @staticmethod
    def _log_ccdf(x: Any, mu: Any, sigma: Any) -> Any:
        return Normal._log_ccdf(_log(x), mu, sigma)

    @staticmethod
    def _icdf(p: Any, mu: Any, sigma: Any) -> Any:
        return np.exp(Normal._icdf(p, mu, sigma))

    @staticmethod
    def _iccdf(q: Any, mu: Any, sigma: Any) -> Any:
        return np.exp(Normal._iccdf(q, mu, sigma))

    @property
    def mean(self) -> float:
        """The mean."""
        with np.errstate(over="ignore"):
            return float(np.exp(self.mu + 0.5 * self.sigma * self.sigma))

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        s = self.sigma * self.sigma
        with np.errstate(over="ignore"):
            return float(np.exp(self.mu + s) * np.sqrt(-np.expm1(-s)))

    @property
    def variance(self) -> float:
        """The variance."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁."""
        s = self.sigma * self.sigma
        with np.errstate(over="ignore"):
            return float((np.exp(s) + 2.0) * np.sqrt(np.expm1(s)))

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis."""
        # w⁴ + 2w³ + 3w² − 6 with every power as 1 + expm1, so that small σ loses no digits
        s = self.sigma * self.sigma
        with np.errstate(over="ignore"):
            return float(np.expm1(4.0 * s) + 2.0 * np.expm1(3.0 * s) + 3.0 * np.expm1(2.0 * s))

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(self.mu + 0.5 + HALF_LOG_TWO_PI + np.log(self.sigma))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.lognormal(self.mu, self.sigma, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        return summary.mapped(np.array([np.log(factor), 0.0]), np.array([1.0, factor]))

    @staticmethod
    def _starts_from(summary: ScatterSummary) -> np.ndarray:
        return Normal._starts_from(summary)

    @staticmethod
    def _sufficient_likelihood(summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return that of log x under the normal, less Σ log x for the change of variable."""
        sums = Normal._sufficient_likelihood(summary, theta)
        return replace(sums, value=sums.value - sums.weight * summary.mean[..., 0])


def _log(x: Any) -> Any:
    """Return log x, −∞ for x ≤ 0, which no log-normal variable is."""
    positive_part = np.where(np.asarray(x) > 0, x, 1.0)
    return np.where(np.asarray(x) > 0, np.log(positive_part), -np.inf)
