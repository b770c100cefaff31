"""The Weibull distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.parameter import Parameter, positive_line


@dataclass(frozen=True, slots=True, repr=False)
class Weibull(ContinuousDistribution):
    """The Weibull distribution, P(X > x; k, λ) = exp(−(x/λ)^k), x > 0.

    Parameters
    ----------
    shape : k, a positive number
    scale : λ, in the unit of x

    Examples
    --------
    >>> Weibull(shape=1, scale=2).mean
    2.0
    """

    shape: float
    scale: float

    parameters = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = positive_line
    # The profile score of the shape is monotone: one stationary point (Farnum and Booth 1997).
    scope = "global"
    collapses = ("shape", "scale")

    @staticmethod
    def _log_density(x: Any, shape: Any, scale: Any) -> Any:
        inside = x > 0
        log_y = np.log(np.where(inside, x, 1.0) / scale)
        value = np.log(shape / scale) + (shape - 1.0) * log_y - np.exp(shape * log_y)
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        log_y = np.log(x / scale)
        t = np.exp(shape * log_y)
        return (
            [1.0 / shape + log_y * (1.0 - t), shape / scale * (t - 1.0)],
            [
                -1.0 / shape**2 - t * log_y * log_y,
                (t - 1.0 + shape * t * log_y) / scale,
                shape / scale**2 * (1.0 - (shape + 1.0) * t),
            ],
        )

    @staticmethod
    def _cdf(x: Any, shape: Any, scale: Any) -> Any:
        return -np.expm1(-((np.maximum(x, 0.0) / scale) ** shape))

    @staticmethod
    def _ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return np.exp(-((np.maximum(x, 0.0) / scale) ** shape))

    @staticmethod
    def _log_cdf(x: Any, shape: Any, scale: Any) -> Any:
        return log_one_minus_exp((np.maximum(x, 0.0) / scale) ** shape)

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return -((np.maximum(x, 0.0) / scale) ** shape)

    @staticmethod
    def _icdf(p: Any, shape: Any, scale: Any) -> Any:
        return scale * (-np.log1p(-np.asarray(p))) ** (1.0 / shape)

    @staticmethod
    def _iccdf(q: Any, shape: Any, scale: Any) -> Any:
        return scale * (-np.log(q)) ** (1.0 / shape)

    def _raw_moment(self, order: int) -> float:
        return float(self.scale**order * special.gamma(1.0 + order / self.shape))

    mean = property(lambda self: self._raw_moment(1), doc="The mean.")

    @property
    def variance(self) -> float:
        """The variance."""
        # Γ(1+2/k) − Γ(1+1/k)², through the ratio so that large k loses no digits
        ratio = special.gammaln(1.0 + 2.0 / self.shape) - 2.0 * special.gammaln(1.0 + 1.0 / self.shape)
        return float(self.mean**2 * np.expm1(ratio))

    @property
    def skewness(self) -> float:
        """The skewness g₁."""
        m, v = self.mean, self.variance
        return float((self._raw_moment(3) - 3.0 * m * v - m**3) / v**1.5)

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis."""
        m, v, s = self.mean, self.variance, self.skewness
        return float((self._raw_moment(4) - 4.0 * m * s * v**1.5 - 6.0 * m**2 * v - m**4) / v**2 - 3.0)

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.euler_gamma * (1.0 - 1.0 / self.shape) + np.log(self.scale / self.shape) + 1.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.scale * rng.weibull(self.shape, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start from the moments of log x, which has standard deviation π/(k √6)."""
        log_x = np.log(x)
        centre = np.average(log_x, weights=weights)
        spread = np.sqrt(np.average((log_x - centre) ** 2, weights=weights))
        shape = np.pi / np.sqrt(6.0) / spread
        return np.array([[shape, np.exp(centre + np.euler_gamma / shape)]])
