"""The half-normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.normal import HALF_LOG_TWO_PI
from suffice.distributions.parameter import Parameter, nonnegative_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import Scatter, ScatterSummary

LOG_TWO = float(np.log(2.0))


@dataclass(frozen=True, slots=True, repr=False)
class HalfNormal(ContinuousDistribution):
    """The half-normal distribution, p(x; σ) = √(2/π)/σ exp(−x²/(2σ²)), x ≥ 0: the size of a normal variable.

    The only maximum of its likelihood is σ² = Σx²/n; there is none where every value is 0.

    Parameters
    ----------
    sigma : σ, in the unit of x; the standard deviation of the normal variable, whose mean is 0

    Examples
    --------
    >>> round(HalfNormal(sigma=1).mean, 10)
    0.7978845608
    """

    sigma: float

    parameters = (Parameter("sigma", positive, "scale", "the standard deviation of the normal variable"),)
    support = nonnegative_line
    pivotal = True
    sufficient = Scatter()
    scope = "global"
    exponential = True
    # Any constant but 0 has a mean square, and so a maximum.
    collapses: ClassVar[dict[str, str]] = {"sigma": "0"}
    collapses_at = 0.0

    @staticmethod
    def _log_density(x: Any, sigma: Any) -> Any:
        z = x / sigma
        return np.where(x >= 0, LOG_TWO - HALF_LOG_TWO_PI - np.log(sigma) - 0.5 * z * z, -np.inf)

    @staticmethod
    def _derivatives(x: Any, sigma: Any) -> tuple[list[Any], list[Any]]:
        zz = (x / sigma) ** 2
        return [(zz - 1.0) / sigma], [(1.0 - 3.0 * zz) / sigma**2]

    @staticmethod
    def _cdf(x: Any, sigma: Any) -> Any:
        return special.erf(_standardized(x, sigma))

    @staticmethod
    def _ccdf(x: Any, sigma: Any) -> Any:
        return special.erfc(_standardized(x, sigma))

    @classmethod
    def _log_cdf(cls, x: Any, sigma: Any) -> Any:
        below = cls._cdf(x, sigma)
        # erf(z/√2) is z √(2/π) where it has lost digits to underflow
        near = np.log(np.maximum(x, 0.0)) - np.log(sigma) + LOG_TWO - HALF_LOG_TWO_PI
        return np.where(below < np.finfo(float).tiny, near, log_probability(below, cls._ccdf(x, sigma)))

    @staticmethod
    def _log_ccdf(x: Any, sigma: Any) -> Any:
        z = np.maximum(x, 0.0) / sigma
        # near 0 the sum of log 2 and log Φ(−z) would cancel
        far = LOG_TWO + special.log_ndtr(-z)
        return np.where(z < 0.5, np.log1p(-special.erf(z / np.sqrt(2.0))), far)

    @staticmethod
    def _icdf(p: Any, sigma: Any) -> Any:
        return sigma * np.sqrt(2.0) * special.erfinv(p)

    @staticmethod
    def _iccdf(q: Any, sigma: Any) -> Any:
        return sigma * np.where(np.asarray(q) < 0.5, -special.ndtri(0.5 * q), np.sqrt(2.0) * special.erfinv(1.0 - q))

    mean = property(lambda self: self.sigma * float(np.sqrt(2.0 / np.pi)), doc="The mean.")
    standard_deviation = property(
        lambda self: self.sigma * float(np.sqrt(1.0 - 2.0 / np.pi)), doc="The standard deviation."
    )
    variance = property(lambda self: self.sigma * self.sigma * (1.0 - 2.0 / np.pi), doc="The variance.")
    skewness = property(lambda self: np.sqrt(2.0) * (4.0 - np.pi) / (np.pi - 2.0) ** 1.5, doc="The skewness g₁.")
    kurtosis = property(lambda self: 8.0 * (np.pi - 3.0) / (np.pi - 2.0) ** 2, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(0.5 + HALF_LOG_TWO_PI - LOG_TWO + np.log(self.sigma))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return np.abs(rng.normal(0.0, self.sigma, size))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        return summary.mapped(shift, factor)

    @classmethod
    def _starts_from(cls, summary: ScatterSummary) -> np.ndarray:
        """Start at the maximum."""
        return np.array([[np.sqrt(_mean_square(summary))]])

    @classmethod
    def _sufficient_likelihood(cls, summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the root of the mean square, which is all that they depend on."""
        sigma, root = theta[..., 0], np.sqrt(_mean_square(summary))
        each = cls._log_density(root, sigma)
        (slope,), (bend,) = cls._derivatives(root, sigma)
        n = np.broadcast_to(summary.weight, each.shape)
        return LikelihoodSummary(n, n * each, (n * slope)[..., None], (n * bend)[..., None, None])


def _standardized(x: Any, sigma: Any) -> Any:
    return np.maximum(x, 0.0) / sigma / np.sqrt(2.0)


def _mean_square(summary: ScatterSummary) -> Any:
    return summary.scatter[..., 0, 0] / summary.weight + summary.mean[..., 0] ** 2
