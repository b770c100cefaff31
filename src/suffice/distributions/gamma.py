"""The gamma distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.gamma_by_mean import GammaByMean, assembled
from suffice.distributions.incomplete_gamma import (
    excess_of_log,
    log_lower_gamma,
    log_upper_gamma,
    lower_gamma,
    polished_quantile,
    stirling,
    upper_gamma,
)
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_excess import LogExcess, LogExcessSummary


@dataclass(frozen=True, slots=True, repr=False)
class Gamma(ContinuousDistribution):
    """The gamma distribution, p(x; k, r) = r^k x^(k−1) exp(−r x)/Γ(k), x > 0.

    Parameters
    ----------
    shape : k, a positive number
    rate : r = 1/scale, per unit of x

    Examples
    --------
    >>> Gamma(shape=2, rate=0.5).mean
    4.0
    """

    shape: float
    rate: float

    parameters = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("rate", positive, "rate", "the rate, 1/scale"),
    )
    support = positive_line
    sufficient = LogExcess()
    sought_as = GammaByMean
    scope = "global"
    exponential = True
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "rate": "∞"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Exponential": {"shape": 1.0}, "ChiSquared": {"rate": 0.5}}

    @staticmethod
    def _log_density(x: Any, shape: Any, rate: Any) -> Any:
        # k log(rx) − rx − log Γ(k) − log x; the first two and Stirling's part of the third cancel when k is
        # large, so they are taken together as −k h(rx/k − 1), h(t) = t − log(1 + t).
        inside = x > 0
        x = np.where(inside, x, 1.0)
        y = rate * x
        value = -shape * excess_of_log((y - shape) / shape, y / shape) + stirling(shape) - np.log(x)
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, rate: Any) -> tuple[list[Any], list[Any]]:
        # log(rx) − ψ(k) = log(rx/k) + (log k − ψ(k)): the first keeps the digits of rx − k, the second is small.
        y = rate * x
        t = (y - shape) / shape
        near = np.abs(t) < 0.5
        log_ratio = np.where(near, np.log1p(np.where(near, t, 0.0)), np.log(y / shape))
        return (
            [log_ratio + log_minus_digamma(shape), (shape - y) / rate],
            [-special.polygamma(1, shape), 1.0 / rate, -shape / rate**2],
        )

    @staticmethod
    def _cdf(x: Any, shape: Any, rate: Any) -> Any:
        return lower_gamma(shape, rate * np.maximum(x, 0.0))

    @staticmethod
    def _ccdf(x: Any, shape: Any, rate: Any) -> Any:
        return upper_gamma(shape, rate * np.maximum(x, 0.0))

    @staticmethod
    def _log_cdf(x: Any, shape: Any, rate: Any) -> Any:
        return log_lower_gamma(shape, rate * np.maximum(x, 0.0))

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, rate: Any) -> Any:
        return log_upper_gamma(shape, rate * np.maximum(x, 0.0))

    @classmethod
    def _icdf(cls, p: Any, shape: Any, rate: Any) -> Any:
        return cls._inverse(p, 1.0 - np.asarray(p), special.gammaincinv(shape, p), shape) / rate

    @classmethod
    def _iccdf(cls, q: Any, shape: Any, rate: Any) -> Any:
        return cls._inverse(1.0 - np.asarray(q), q, special.gammainccinv(shape, q), shape) / rate

    @classmethod
    def _inverse(cls, p: Any, q: Any, start: Any, shape: Any) -> Any:
        """Return the quantile at rate 1 from one nearly right: SciPy's loses digits at large shapes."""
        upper = np.asarray(q) < 0.5
        with np.errstate(divide="ignore"):
            log_p = np.log(np.where(upper, q, p))
        return polished_quantile(
            start,
            log_p,
            np.where(upper, -1.0, 1.0),
            lambda x: np.where(upper, log_upper_gamma(shape, x), log_lower_gamma(shape, x)),
            lambda x: cls._log_density(x, shape, 1.0),
        )

    mean = property(lambda self: self.shape / self.rate, doc="The mean.")
    standard_deviation = property(lambda self: float(np.sqrt(self.shape)) / self.rate, doc="The standard deviation.")
    variance = property(lambda self: self.shape / self.rate / self.rate, doc="The variance.")
    skewness = property(lambda self: 2.0 / float(np.sqrt(self.shape)), doc="The skewness g₁.")
    kurtosis = property(lambda self: 6.0 / self.shape, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # k − log r + log Γ(k) + (1 − k) ψ(k), without its terms of the order of k, which cancel
        k = self.shape
        return float(np.log(k) - np.log(self.rate) - stirling(k) + (k - 1.0) * log_minus_digamma(k))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.gamma(self.shape, 1.0 / self.rate, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        return summary.mapped(factor)

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        """Start at the shape and the rate that are right where both are free."""
        shape, mean = GammaByMean._starts_from(summary)[0]
        return np.array([[shape, shape / mean]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the mean, and what the spread s of log x about it adds to them.

        The mean of log x is log(mean) − s, which enters the log density as (k − 1) log x.
        """
        shape, rate = theta[..., 0], theta[..., 1]
        n, mean, spread = summary.weight, summary.mean, summary.spread
        each = cls._log_density(mean, shape, rate) - (shape - 1.0) * spread
        (along_shape, along_rate), (bend, cross, curve) = cls._derivatives(mean, shape, rate)
        return assembled(n, each, [along_shape - spread, along_rate], [[bend, cross], [cross, curve]])
