"""The log-normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.normal import HALF_LOG_TWO_PI, Normal
from suffice.distributions.parameter import Parameter, positive_line
from suffice.distributions.plan import plan as plan_of_one_variable
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_scatter import LogScatter, logarithm
from suffice.statistics.scatter import ScatterSummary

SMALLEST, LARGEST = float(np.finfo(float).tiny), float(np.finfo(float).max)


@dataclass(frozen=True, slots=True)
class LogLocation(Parameter):
    """A location of log x: that of x/factor is less by log(factor), known to more digits than a double has."""

    def standardized(self, theta: Any, shift: float, factor: float) -> Any:
        """Return the parameter of z = x/factor, given that of x."""
        high, low = logarithm(factor)
        return (theta - high) - low

    def restored(self, theta: Any, shift: float, factor: float) -> Any:
        """Return the parameter of x, given that of z = x/factor."""
        high, low = logarithm(factor)
        return high + (low + theta)


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

    # Scaling x adds log(factor) to mu: neither parameter has the unit of x.
    parameters = (
        LogLocation("mu", real, "shape", "the mean of log x"),
        Parameter("sigma", positive, "shape", "the standard deviation of log x"),
    )
    support = positive_line
    pivotal = True
    sufficient = LogScatter()
    scope = "global"
    exponential = True
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

    @classmethod
    def plan(cls, look: Look, fixed: Mapping[str, float]) -> Question:
        """Fit by the closed form, in the unit exp(mean of log x), where mu = 0 has the digits that 20.7 has not."""
        if look.minimum == look.maximum:
            return (yield from plan_of_one_variable(cls, look, dict(fixed)))
        summary = yield cls.sufficient
        factor = float(np.clip(np.exp(summary.high[0]), SMALLEST, LARGEST))
        values = [
            float(p.standardized(fixed[p.name], 0.0, factor)) if p.name in fixed else np.nan for p in cls.parameters
        ]
        problem = Problem(Likelihood(cls, 0.0, factor), Coordinates(cls.parameters, tuple(values)))
        mapped = cls._mapped(summary, 0.0, factor)
        mean, variance = mapped.mean[0], mapped.scatter[0, 0] / mapped.weight
        mu, sigma = values
        theta = np.array(
            [mean if np.isnan(mu) else mu, np.sqrt(variance + (0.0 if np.isnan(mu) else (mean - mu) ** 2))]
        )
        if not np.isnan(sigma):
            theta[1] = sigma
        if not problem.coordinates.free:
            value, empty = (yield from problem.value(np.empty(0))), np.empty(0)
            return Solution(problem, empty, value, empty, np.empty((0, 0)), problem.model(empty))
        phi = problem.coordinates.phi(theta[None, :])
        value, gradient, hessian = yield from problem.evaluate(phi)
        return Solution(problem, phi[0], float(value[0]), gradient[0], hessian[0], problem.model(phi[0]))

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        high, low = logarithm(factor)
        return summary.mapped(high, 1.0).mapped(low, 1.0)

    @staticmethod
    def _starts_from(summary: ScatterSummary) -> np.ndarray:
        return Normal._starts_from(summary)

    @staticmethod
    def _sufficient_likelihood(summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return that of log x − μ under the normal of mean 0, less Σ log x for the change of variable.

        The mean of log x and μ may agree in all digits of a double: the rest of the mean is their difference.
        """
        off = (summary.high[..., 0] - theta[..., 0]) + summary.low[..., 0]
        parts = np.broadcast_arrays(summary.weight, off, 0.0, summary.scatter[..., 0, 0])
        about = ScatterSummary(np.stack(parts, axis=-1))
        sums = Normal._sufficient_likelihood(about, np.stack([np.zeros_like(off), theta[..., 1]], axis=-1))
        return replace(sums, value=sums.value - sums.weight * summary.mean[..., 0])


def _log(x: Any) -> Any:
    """Return log x, −∞ for x ≤ 0, which no log-normal variable is."""
    positive_part = np.where(np.asarray(x) > 0, x, 1.0)
    return np.where(np.asarray(x) > 0, np.log(positive_part), -np.inf)
