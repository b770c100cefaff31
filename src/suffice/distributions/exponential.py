"""The exponential distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.parameter import Parameter, nonnegative_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import Scatter, ScatterSummary


@dataclass(frozen=True, slots=True, repr=False)
class Exponential(ContinuousDistribution):
    """The exponential distribution, p(x; r) = r exp(−r x), x ≥ 0.

    Parameters
    ----------
    rate : r = 1/mean, per unit of x

    Examples
    --------
    >>> Exponential(rate=0.5).mean
    2.0
    """

    rate: float

    parameters = (Parameter("rate", positive, "rate", "the rate, 1/mean"),)
    support = nonnegative_line
    pivotal = True
    sufficient = Scatter()
    scope = "global"
    exponential = True
    # Any constant but 0 has a mean, and so a maximum.
    collapses: ClassVar[dict[str, str]] = {"rate": "∞"}
    collapses_at = 0.0

    @staticmethod
    def _log_density(x: Any, rate: Any) -> Any:
        return np.where(x >= 0, np.log(rate) - rate * x, -np.inf)

    @staticmethod
    def _derivatives(x: Any, rate: Any) -> tuple[list[Any], list[Any]]:
        return [1.0 / rate - x], [-1.0 / rate**2]

    @staticmethod
    def _cdf(x: Any, rate: Any) -> Any:
        return -np.expm1(-rate * np.maximum(x, 0.0))

    @staticmethod
    def _ccdf(x: Any, rate: Any) -> Any:
        return np.exp(-rate * np.maximum(x, 0.0))

    @staticmethod
    def _log_cdf(x: Any, rate: Any) -> Any:
        x = np.maximum(x, 0.0)
        return log_one_minus_exp(rate * x, np.log(rate) + np.log(x))

    @staticmethod
    def _log_ccdf(x: Any, rate: Any) -> Any:
        return -rate * np.maximum(x, 0.0)

    @staticmethod
    def _icdf(p: Any, rate: Any) -> Any:
        return -np.log1p(-p) / rate

    @staticmethod
    def _iccdf(q: Any, rate: Any) -> Any:
        return -np.log(q) / rate

    mean = property(lambda self: 1.0 / self.rate, doc="The mean.")
    standard_deviation = property(lambda self: 1.0 / self.rate, doc="The standard deviation.")
    variance = property(lambda self: 1.0 / self.rate / self.rate, doc="The variance.")
    skewness = property(lambda self: 2.0, doc="The skewness g₁.")
    kurtosis = property(lambda self: 6.0, doc="The excess kurtosis.")
    entropy = property(lambda self: 1.0 - float(np.log(self.rate)), doc="The entropy in nats.")

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.exponential(1.0 / self.rate, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        return summary.mapped(shift, factor)

    @staticmethod
    def _starts_from(summary: ScatterSummary) -> np.ndarray:
        return 1.0 / summary.mean[None, :1]

    @staticmethod
    def _sufficient_likelihood(summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return value and derivatives of n (log r − r x̄), a leading axis over θ."""
        rate = theta[..., 0]
        mean = summary.mean[..., 0]
        n = np.broadcast_to(summary.weight, np.broadcast_shapes(rate.shape, mean.shape))
        gradient = n * (1.0 / rate - mean)
        hessian = -n / rate**2
        return LikelihoodSummary(n, n * (np.log(rate) - rate * mean), gradient[..., None], hessian[..., None, None])


def log_one_minus_exp(t: Any, log_t: Any = None) -> Any:
    """Return log(1 − exp(−t)) for t ≥ 0 (Mächler 2012); it is log t, if given, where t has lost digits to underflow."""
    t = np.asarray(t, dtype=float)
    value = np.where(t < np.log(2.0), np.log(-np.expm1(-t)), np.log1p(-np.exp(-t)))
    return value if log_t is None else np.where(t < np.finfo(float).tiny, log_t, value)
