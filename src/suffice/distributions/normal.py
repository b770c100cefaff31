"""The normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, real
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.symmetric_distribution import SymmetricDistribution
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import Scatter, ScatterSummary

HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True, slots=True, repr=False)
class Normal(SymmetricDistribution):
    """The normal distribution, p(x; μ, σ) = exp(−(x − μ)²/(2σ²)) / (σ √(2π)).

    Parameters
    ----------
    mu : the mean, in the unit of x
    sigma : the standard deviation, in the unit of x

    Examples
    --------
    >>> round(Normal(mu=0, sigma=0.1).pdf(0), 12)
    3.989422804014
    """

    mu: float
    sigma: float

    parameters = (
        Parameter("mu", real, "location", "the mean"),
        Parameter("sigma", positive, "scale", "the standard deviation"),
    )
    support = real_line
    pivotal = True
    sufficient = Scatter()
    scope = "global"
    exponential = True
    collapses: ClassVar[dict[str, str]] = {"sigma": "0", "mu": "it"}

    @staticmethod
    def _log_density(x: Any, mu: Any, sigma: Any) -> Any:
        z = (x - mu) / sigma
        return -0.5 * z * z - np.log(sigma) - HALF_LOG_TWO_PI

    @staticmethod
    def _derivatives(x: Any, mu: Any, sigma: Any) -> tuple[list[Any], list[Any]]:
        z = (x - mu) / sigma
        zz = z * z
        return (
            [z / sigma, (zz - 1.0) / sigma],
            [-1.0 / sigma**2, -2.0 * z / sigma**2, (1.0 - 3.0 * zz) / sigma**2],
        )

    @staticmethod
    def _cdf(x: Any, mu: Any, sigma: Any) -> Any:
        return special.ndtr((x - mu) / sigma)

    @staticmethod
    def _log_cdf(x: Any, mu: Any, sigma: Any) -> Any:
        return special.log_ndtr((x - mu) / sigma)

    @staticmethod
    def _icdf(p: Any, mu: Any, sigma: Any) -> Any:
        return mu + sigma * special.ndtri(p)

    mean = property(lambda self: self.mu, doc="The mean.")
    standard_deviation = property(lambda self: self.sigma, doc="The standard deviation.")
    variance = property(lambda self: self.sigma * self.sigma, doc="The variance.")
    skewness = property(lambda self: 0.0, doc="The skewness g₁.")
    kurtosis = property(lambda self: 0.0, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(0.5 + HALF_LOG_TWO_PI + np.log(self.sigma))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.normal(self.mu, self.sigma, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        return summary.mapped(shift, factor)

    @staticmethod
    def _starts_from(summary: ScatterSummary) -> np.ndarray:
        # Constant data have a maximum only where mu is fixed; then any start will do.
        sigma = np.sqrt(summary.scatter[0, 0] / summary.weight)
        return np.array([[summary.mean[0], sigma if sigma > 0.0 else 1.0]])

    @staticmethod
    def _sufficient_likelihood(summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return value and derivatives of −n log σ − (S + n(x̄ − μ)²)/(2σ²), a leading axis over θ."""
        mu, sigma = theta[..., 0], theta[..., 1]
        n = summary.weight
        off = summary.mean[..., 0] - mu
        squares = summary.scatter[..., 0, 0] + n * off * off
        ss = sigma * sigma
        value = -n * (np.log(sigma) + HALF_LOG_TWO_PI) - squares / (2.0 * ss)
        gradient = np.stack([n * off / ss, (squares / ss - n) / sigma], axis=-1)
        cross = -2.0 * n * off / (ss * sigma)
        rows = [
            [np.broadcast_to(-n / ss, value.shape), cross],
            [cross, (n - 3.0 * squares / ss) / ss],
        ]
        hessian = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
        return LikelihoodSummary(np.broadcast_to(n, value.shape), value, gradient, hessian)
