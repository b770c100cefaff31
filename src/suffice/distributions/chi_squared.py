"""The χ² distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.gamma import Gamma
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_excess import LogExcess, LogExcessSummary


@dataclass(frozen=True, slots=True, repr=False)
class ChiSquared(ContinuousDistribution):
    """The χ² distribution, p(x; v) = x^(v/2−1) exp(−x/2)/(2^(v/2) Γ(v/2)), x > 0: a gamma of shape v/2, rate ½.

    The log-likelihood is concave in v, with a maximum for any data: ψ(v/2) is the mean of log(x/2).

    Parameters
    ----------
    df : v, the degrees of freedom, a positive number

    Examples
    --------
    >>> ChiSquared(df=3).mean
    3.0
    """

    df: float

    parameters = (Parameter("df", positive, "shape", "the degrees of freedom"),)
    support = positive_line
    sufficient = LogExcess()
    scope = "global"
    exponential = True

    @staticmethod
    def _log_density(x: Any, df: Any) -> Any:
        return Gamma._log_density(x, 0.5 * df, 0.5)

    @staticmethod
    def _derivatives(x: Any, df: Any) -> tuple[list[Any], list[Any]]:
        first, second = Gamma._derivatives(x, 0.5 * df, 0.5)
        return [0.5 * first[0]], [0.25 * second[0]]

    @staticmethod
    def _cdf(x: Any, df: Any) -> Any:
        return Gamma._cdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _ccdf(x: Any, df: Any) -> Any:
        return Gamma._ccdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _log_cdf(x: Any, df: Any) -> Any:
        return Gamma._log_cdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _log_ccdf(x: Any, df: Any) -> Any:
        return Gamma._log_ccdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _icdf(p: Any, df: Any) -> Any:
        return Gamma._icdf(p, 0.5 * df, 0.5)

    @staticmethod
    def _iccdf(q: Any, df: Any) -> Any:
        return Gamma._iccdf(q, 0.5 * df, 0.5)

    mean = property(lambda self: self.df, doc="The mean.")
    standard_deviation = property(lambda self: float(np.sqrt(2.0 * self.df)), doc="The standard deviation.")
    variance = property(lambda self: 2.0 * self.df, doc="The variance.")
    skewness = property(lambda self: float(np.sqrt(8.0 / self.df)), doc="The skewness g₁.")
    kurtosis = property(lambda self: 12.0 / self.df, doc="The excess kurtosis.")
    entropy = property(lambda self: Gamma(0.5 * self.df, 0.5).entropy, doc="The entropy in nats.")

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.chisquare(self.df, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        """Return the summary: the values have a unit of their own."""
        return summary

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        """Start at Minka's (2000) approximate inverse of ψ, within a few per cent of the maximum."""
        mean_log = np.log(0.5 * summary.mean) - summary.spread
        half = np.exp(mean_log) + 0.5 if mean_log > -2.22 else -1.0 / (mean_log + np.euler_gamma)
        return np.array([[2.0 * half]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the mean, and what the spread of log x about it adds to them."""
        df, spread = theta[..., 0], summary.spread
        each = cls._log_density(summary.mean, df) - (0.5 * df - 1.0) * spread
        (slope,), (bend,) = cls._derivatives(summary.mean, df)
        n = np.broadcast_to(summary.weight, each.shape)
        return LikelihoodSummary(n, n * each, (n * (slope - 0.5 * spread))[..., None], (n * bend)[..., None, None])
