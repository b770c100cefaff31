"""The Gumbel distribution of maxima."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import ContinuousDistribution, mean_deviation
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.summands import ExponentialSummands
from suffice.distributions.weibull import log_power_mean, profile_shape

# 12 √6 ζ(3)/π³, and the standard deviation of the standard distribution, π/√6.
SKEWNESS = 1.1395470994046486574927930193898
DEVIATION = float(np.pi / np.sqrt(6.0))


@dataclass(frozen=True, slots=True, repr=False)
class Gumbel(ContinuousDistribution):
    """The Gumbel distribution of maxima, P(X ≤ x; μ, σ) = exp(−exp(−(x − μ)/σ)).

    The likelihood has one maximum: it is that of a Weibull variable exp(−x), whose profile score is monotone (Farnum
    and Booth 1997), and concave in (1/σ, μ/σ) as for every log-concave density (Burridge 1981).

    Parameters
    ----------
    location : μ, the mode, in the unit of x
    scale : σ, in the unit of x; the standard deviation is σ π/√6

    Examples
    --------
    >>> round(Gumbel(location=0, scale=1).cdf(0), 10)
    0.3678794412
    """

    location: float
    scale: float

    parameters = (
        Parameter("location", real, "location", "the mode"),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = real_line
    pivotal = True
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any) -> Any:
        z = (x - location) / scale
        return -np.log(scale) - (z + np.exp(-z))

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        t = np.exp(-z)
        pull = -np.expm1(-z)  # 1 − t
        return (
            [pull / scale, (z * pull - 1.0) / scale],
            [-t / scale**2, -(pull + z * t) / scale**2, (1.0 - 2.0 * z * pull - z * z * t) / scale**2],
        )

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any) -> Any:
        return gumbel_cdf((x - location) / scale)

    @staticmethod
    def _ccdf(x: Any, location: Any, scale: Any) -> Any:
        return gumbel_ccdf((x - location) / scale)

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any) -> Any:
        return gumbel_log_cdf((x - location) / scale)

    @staticmethod
    def _log_ccdf(x: Any, location: Any, scale: Any) -> Any:
        return gumbel_log_ccdf((x - location) / scale)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any) -> Any:
        return location + scale * gumbel_quantile(p)

    @staticmethod
    def _iccdf(q: Any, location: Any, scale: Any) -> Any:
        return location + scale * gumbel_upper_quantile(q)

    @property
    def mean(self) -> float:
        """The mean, μ + γσ."""
        return float(self.location + np.euler_gamma * self.scale)

    standard_deviation = property(lambda self: DEVIATION * self.scale, doc="The standard deviation.")
    variance = property(lambda self: self.standard_deviation * self.standard_deviation, doc="The variance.")
    skewness = property(lambda self: SKEWNESS, doc="The skewness g₁.")
    kurtosis = property(lambda self: 2.4, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.log(self.scale) + np.euler_gamma + 1.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.gumbel(self.location, self.scale, size)

    # -- how it is fitted -----------------------------------------------------------------------

    _spread = staticmethod(mean_deviation)

    @staticmethod
    def _summands(x: Any, location: Any, scale: Any) -> ExponentialSummands:
        z = (x - location) / scale
        return ExponentialSummands(z, np.exp(-z))

    @staticmethod
    def _of_sums(
        n: Any, z: Any, t: Any, tz: Any, tzz: Any, location: Any, scale: Any
    ) -> tuple[Any, list[Any], list[Any]]:
        pull, z_pull = n - t, z - tz
        return (
            -z - t - n * np.log(scale),
            [pull / scale, (z_pull - n) / scale],
            [-t / scale**2, -(pull + tz) / scale**2, (n - 2.0 * z_pull - tzz) / scale**2],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the maximum for these rows, found as for a Weibull variable exp(−x) of shape 1/σ."""
        depth, w = _above_least(x, weights)
        shape = profile_shape(depth, w)
        return np.array([[x[weights > 0.0].min() - log_power_mean(depth, w, shape), 1.0 / shape]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the location that is right for a fixed scale, −σ log mean exp(−x/σ); else at the data's distance."""
        location, scale = fixed
        if np.isnan(location):
            depth, w = _above_least(x, weights)
            return np.array([[x[weights > 0.0].min() - log_power_mean(depth, w, 1.0 / scale), scale]])
        distance = float(np.sqrt(np.average((x - location) ** 2, weights=weights)))
        return np.array([[location, distance or 1.0]])


def _above_least(x: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances from the least value that counts, and the shares of the rows."""
    counted = weights > 0.0
    return x[counted] - x[counted].min(), weights[counted] / weights[counted].sum()


def gumbel_cdf(y: Any) -> Any:
    """Return P(Y ≤ y) of a standard Gumbel variable."""
    return np.exp(-np.exp(-y))


def gumbel_ccdf(y: Any) -> Any:
    """Return P(Y > y)."""
    return -np.expm1(-np.exp(-y))


def gumbel_log_cdf(y: Any) -> Any:
    """Return log P(Y ≤ y)."""
    return -np.exp(-y)


def gumbel_log_ccdf(y: Any) -> Any:
    """Return log P(Y > y); from y = 40 on it is −y to all digits, while exp(−y) underflows later."""
    return np.where(y > 40.0, -y, log_one_minus_exp(np.exp(-np.minimum(y, 40.0))))


def gumbel_quantile(p: Any) -> Any:
    """Return y with P(Y ≤ y) = p."""
    return -np.log(-np.log(p))


def gumbel_upper_quantile(q: Any) -> Any:
    """Return y with P(Y > y) = q."""
    return -np.log(-np.log1p(-np.asarray(q)))
