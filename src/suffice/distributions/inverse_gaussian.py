"""The inverse Gaussian distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.gamma_by_mean import assembled
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.inverse_gaussian_tails import (
    LOWEST,
    exponential_integral,
    inverse_gaussian_quantile,
    inverse_gaussian_tails,
    log_lower_tail,
    log_upper_tail,
)
from suffice.distributions.normal import HALF_LOG_TWO_PI
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.reciprocal_excess import ReciprocalExcess, ReciprocalExcessSummary


@dataclass(frozen=True, slots=True, repr=False)
class InverseGaussian(ContinuousDistribution):
    """The inverse Gaussian, p(x; m, s) = √(s/(2πx³)) exp(−s(x − m)²/(2m²x)), x > 0, also called Wald's distribution.

    It is the time at which a Brownian motion with drift first reaches a level. The likelihood has one stationary
    point, the mean and s = 1/(mean(1/x) − 1/mean(x)) (Tweedie 1957); none where the data are constant.

    Parameters
    ----------
    mean : m, in the unit of x
    shape : s, in the unit of x; the variance is m³/s

    Examples
    --------
    >>> InverseGaussian(mean=2, shape=4).variance
    2.0
    """

    mean: float
    shape: float

    parameters = (
        Parameter("mean", positive, "scale", "the mean"),
        Parameter("shape", positive, "scale", "the shape, mean³/variance"),
    )
    support = positive_line
    sufficient = ReciprocalExcess()
    scope = "global"
    exponential = True
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "mean": "it"}

    @staticmethod
    def _log_density(x: Any, mean: Any, shape: Any) -> Any:
        inside = x > 0
        x = np.where(inside, x, 1.0)
        t = (x - mean) / mean
        value = 0.5 * np.log(shape) - HALF_LOG_TWO_PI - 1.5 * np.log(x) - 0.5 * (shape / x) * t * t
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, mean: Any, shape: Any) -> tuple[list[Any], list[Any]]:
        t = (x - mean) / mean
        first = [shape * t / mean**2, 0.5 / shape - 0.5 * t * t / x]
        return first, [-shape * (1.0 + 3.0 * t) / mean**3, t / mean**2, -0.5 / shape**2]

    @staticmethod
    def _cdf(x: Any, mean: Any, shape: Any) -> Any:
        return inverse_gaussian_tails(*_standardized(x, mean, shape))[0]

    @staticmethod
    def _ccdf(x: Any, mean: Any, shape: Any) -> Any:
        return inverse_gaussian_tails(*_standardized(x, mean, shape))[1]

    @staticmethod
    def _log_cdf(x: Any, mean: Any, shape: Any) -> Any:
        y, ratio = _standardized(x, mean, shape)
        lower, upper = inverse_gaussian_tails(y, ratio)
        return log_probability(lower, upper, (lower < LOWEST) & (np.asarray(x) > 0.0), log_lower_tail, y, ratio)

    @staticmethod
    def _log_ccdf(x: Any, mean: Any, shape: Any) -> Any:
        y, ratio = _standardized(x, mean, shape)
        lower, upper = inverse_gaussian_tails(y, ratio)
        return log_probability(upper, lower, upper < LOWEST, log_upper_tail, y, ratio)

    @staticmethod
    def _icdf(p: Any, mean: Any, shape: Any) -> Any:
        return mean * inverse_gaussian_quantile(p, 1.0 - np.asarray(p), shape / mean)

    @staticmethod
    def _iccdf(q: Any, mean: Any, shape: Any) -> Any:
        return mean * inverse_gaussian_quantile(1.0 - np.asarray(q), q, shape / mean)

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        return self.mean * float(np.sqrt(self.mean / self.shape))

    @property
    def variance(self) -> float:
        """The variance."""
        return self.mean * self.mean * (self.mean / self.shape)

    skewness = property(lambda self: 3.0 * float(np.sqrt(self.mean / self.shape)), doc="The skewness g₁.")
    kurtosis = property(lambda self: 15.0 * self.mean / self.shape, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # E log x = log m − exp(2s/m) E₁(2s/m)
        mean_log = np.log(self.mean) - exponential_integral(2.0 * (self.shape / self.mean))
        return float(0.5 + HALF_LOG_TWO_PI - 0.5 * np.log(self.shape) + 1.5 * mean_log)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        # Michael, Schucany and Haas (1976), the root taken without the cancellation in NumPy's `wald`
        c = 0.5 * (self.mean / self.shape) * rng.standard_normal(size) ** 2
        root = 1.0 / (1.0 + c + np.sqrt(c * (2.0 + c)))
        return self.mean * np.where(rng.random(size) * (1.0 + root) < 1.0, root, 1.0 / root)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ReciprocalExcessSummary, shift: float, factor: float) -> ReciprocalExcessSummary:
        return summary.mapped(factor)

    @staticmethod
    def _starts_from(summary: ReciprocalExcessSummary) -> np.ndarray:
        """Start at the maximum."""
        # Constant data have a maximum only where a parameter is fixed; then any start will do.
        spread = summary.spread if summary.spread > 0.0 else 1.0
        return np.array([[summary.mean, summary.mean / spread]])

    @classmethod
    def _sufficient_likelihood(cls, summary: ReciprocalExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the mean, and what the spreads of log x and of 1/x add to them.

        The mean of (x/m − 1)²/x is that at the mean x̄ and (mean(1/x) − 1/x̄); of log x, log x̄ less its spread.
        """
        mean, shape = theta[..., 0], theta[..., 1]
        extra = summary.spread / summary.mean
        each = cls._log_density(summary.mean, mean, shape) + 1.5 * summary.logarithms.spread - 0.5 * shape * extra
        (along_mean, along_shape), (bend, cross, curve) = cls._derivatives(summary.mean, mean, shape)
        return assembled(summary.weight, each, [along_mean, along_shape - 0.5 * extra], [[bend, cross], [cross, curve]])


def _standardized(x: Any, mean: Any, shape: Any) -> tuple[Any, Any]:
    """Return y = x/mean with y − 1 in all its digits, and shape/mean."""
    inside = np.asarray(x) > 0.0
    return np.where(inside, x, 0.0) / mean, shape / mean
