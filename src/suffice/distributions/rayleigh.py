"""The Rayleigh distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_excess import LogExcess, LogExcessSummary
from suffice.statistics.power_map import PowerMap


@dataclass(frozen=True, slots=True, repr=False)
class Rayleigh(ContinuousDistribution):
    """The Rayleigh distribution, p(x; s) = x/s² exp(−x²/(2s²)), x > 0: the length of two normal coordinates.

    The only maximum of its likelihood is s² = Σx²/(2n).

    Parameters
    ----------
    scale : s, in the unit of x; the mode, and the standard deviation of each coordinate

    Examples
    --------
    >>> round(Rayleigh(scale=2).mean, 10)
    2.5066282746
    """

    scale: float

    parameters = (Parameter("scale", positive, "scale", "the scale, its mode"),)
    support = positive_line
    pivotal = True
    sufficient = PowerMap(2.0, LogExcess())
    scope = "global"
    exponential = True

    @staticmethod
    def _log_density(x: Any, scale: Any) -> Any:
        inside = x > 0
        z = np.where(inside, x, 1.0) / scale
        return np.where(inside, np.log(z) - np.log(scale) - 0.5 * z * z, -np.inf)

    @staticmethod
    def _derivatives(x: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        zz = (x / scale) ** 2
        return [(zz - 2.0) / scale], [(2.0 - 3.0 * zz) / scale**2]

    @staticmethod
    def _cdf(x: Any, scale: Any) -> Any:
        return -np.expm1(-_half_square(x, scale))

    @staticmethod
    def _ccdf(x: Any, scale: Any) -> Any:
        return np.exp(-_half_square(x, scale))

    @staticmethod
    def _log_cdf(x: Any, scale: Any) -> Any:
        x = np.maximum(x, 0.0)
        return log_one_minus_exp(_half_square(x, scale), 2.0 * (np.log(x) - np.log(scale)) - np.log(2.0))

    @staticmethod
    def _log_ccdf(x: Any, scale: Any) -> Any:
        return -_half_square(x, scale)

    @staticmethod
    def _icdf(p: Any, scale: Any) -> Any:
        return scale * np.sqrt(-2.0 * np.log1p(-np.asarray(p)))

    @staticmethod
    def _iccdf(q: Any, scale: Any) -> Any:
        return scale * np.sqrt(-2.0 * np.log(q))

    mean = property(lambda self: self.scale * float(np.sqrt(0.5 * np.pi)), doc="The mean.")
    standard_deviation = property(
        lambda self: self.scale * float(np.sqrt(2.0 - 0.5 * np.pi)), doc="The standard deviation."
    )
    variance = property(lambda self: self.scale * self.scale * (2.0 - 0.5 * np.pi), doc="The variance.")
    skewness = property(
        lambda self: 2.0 * np.sqrt(np.pi) * (np.pi - 3.0) / (4.0 - np.pi) ** 1.5, doc="The skewness g₁."
    )
    kurtosis = property(
        lambda self: -(6.0 * np.pi**2 - 24.0 * np.pi + 16.0) / (4.0 - np.pi) ** 2, doc="The excess kurtosis."
    )

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(1.0 + np.log(self.scale) - 0.5 * np.log(2.0) + 0.5 * np.euler_gamma)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.rayleigh(self.scale, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        return summary.mapped(factor * factor)

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        """Start at the maximum; NaN where the square of a value underflowed, so that its logarithm is lost."""
        return np.array([[np.sqrt(0.5 * summary.mean) if summary.spread < np.inf else np.nan]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the root of the mean square, about which log x has a mean."""
        scale, root = theta[..., 0], np.sqrt(summary.mean)
        each = cls._log_density(root, scale) - 0.5 * summary.spread
        (slope,), (bend,) = cls._derivatives(root, scale)
        n = np.broadcast_to(summary.weight, each.shape)
        return LikelihoodSummary(n, n * each, (n * slope)[..., None], (n * bend)[..., None, None])


def _half_square(x: Any, scale: Any) -> Any:
    z = np.maximum(x, 0.0) / scale
    return 0.5 * z * z
