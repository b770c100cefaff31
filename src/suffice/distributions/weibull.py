"""The Weibull distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.parameter import Parameter, positive_line
from suffice.distributions.standardized_moments import skewness_and_kurtosis
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import NO_WEIGHTS

# Powers of 1/k up to which its moments are summed for k > 8: the next term is below 2⁻⁶⁰.
ORDERS = np.arange(2.0, 62.0)
# From here on log x is a Gumbel variable to all digits, while powers of 1/k underflow later.
LIMIT = 1e18
# A shape above which no search begins.
HIGHEST_START = 1e15


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
    pivotal = True
    # The profile score of the shape is monotone: one stationary point (Farnum and Booth 1997).
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "scale": "it"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Exponential": {"shape": 1.0}, "Rayleigh": {"shape": 2.0}}

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
        x = np.maximum(x, 0.0)
        return log_one_minus_exp((x / scale) ** shape, shape * (np.log(x) - np.log(scale)))

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return -((np.maximum(x, 0.0) / scale) ** shape)

    @staticmethod
    def _icdf(p: Any, shape: Any, scale: Any) -> Any:
        return scale * (-np.log1p(-np.asarray(p))) ** (1.0 / shape)

    @staticmethod
    def _iccdf(q: Any, shape: Any, scale: Any) -> Any:
        return scale * (-np.log(q)) ** (1.0 / shape)

    @property
    def mean(self) -> float:
        """The mean."""
        with np.errstate(over="ignore"):
            return float(self.scale * special.gamma(1.0 + 1.0 / self.shape))

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        shape = min(self.shape, LIMIT)
        with np.errstate(over="ignore"):
            return float(self.mean * np.sqrt(np.expm1(log_moments(shape)[0])) * (shape / self.shape))

    @property
    def variance(self) -> float:
        """The variance."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; it tends to −1.13955 as the shape grows."""
        return skewness_and_kurtosis(*log_moments(min(self.shape, LIMIT)))[0]

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; it tends to 2.4 as the shape grows."""
        return skewness_and_kurtosis(*log_moments(min(self.shape, LIMIT)))[1]

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.euler_gamma * (1.0 - 1.0 / self.shape) + np.log(self.scale / self.shape) + 1.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.scale * rng.weibull(self.shape, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _sums(x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> LikelihoodSummary | None:
        """Sum y = log(x/λ), t = eᵏʸ, ty and ty², from which all derivatives follow: two functions a row, not six."""
        from suffice.kernels.weibull import SUMS, weibull_sums

        sums = np.empty((len(theta), SUMS))
        given = NO_WEIGHTS if weights is None else np.ascontiguousarray(weights)
        for row, (shape, scale) in zip(sums, theta, strict=True):
            weibull_sums(x, given, shape, np.log(scale), row)
        if not np.isfinite(sums).all():
            return None
        one, y, t, ty, tyy = sums.T
        k, scale = theta[:, 0], theta[:, 1]
        value = one * np.log(k / scale) + (k - 1.0) * y - t
        gradient = np.stack([one / k + y - ty, k / scale * (t - one)], axis=-1)
        cross = (t - one + k * ty) / scale
        rows = [[-one / k**2 - tyy, cross], [cross, k / scale**2 * (one - (k + 1.0) * t)]]
        hessian = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
        return LikelihoodSummary(one, value, gradient, hessian)

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the maximum for these rows: the profile score of the shape has one root, whatever the weights."""
        counted = weights > 0.0
        log_x, w = np.log(x[counted]), weights[counted] / weights[counted].sum()
        top = log_x.max()
        depth = top - log_x
        if not w @ depth > 0.0:
            return np.array([[1.0, np.exp(top)]])  # constant data have a maximum where the shape is fixed

        shape = profile_shape(depth, w)
        return np.array([[shape, np.exp(top + log_power_mean(depth, w, shape))]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the scale that is right for a fixed shape k, (Σwxᵏ/Σw)^(1/k): a smaller one is far too steep."""
        shape, log_x = fixed[0], np.log(x[weights > 0.0])
        if np.isnan(shape):
            return starts
        top, w = log_x.max(), weights[weights > 0.0]
        mean = w @ np.exp(shape * (log_x - top)) / w.sum()
        return np.array([[shape, np.exp(top + np.log(mean) / shape)]])


def profile_shape(depth: np.ndarray, w: np.ndarray) -> float:
    """Return the root k of the profile score Σwd − Σwde⁻ᵏᵈ/Σwe⁻ᵏᵈ − 1/k, in which nothing overflows.

    Parameters
    ----------
    depth : d = log(max x) − log x ≥ 0, not all 0
    w : the shares of the rows, of sum 1
    """
    mean = w @ depth
    if not mean > 0.0:
        return 1.0

    def above(k: float) -> bool:
        powers = w * np.exp(-k * depth)
        return bool(mean - (powers @ depth) / powers.sum() >= 1.0 / k)

    low = high = 1.0 / mean
    while high < HIGHEST_START and not above(high):
        low, high = high, 2.0 * high
    for _ in range(20):
        middle = np.sqrt(low * high)
        low, high = (low, middle) if above(middle) else (middle, high)
    return float(high)


def log_power_mean(depth: np.ndarray, w: np.ndarray, k: float) -> float:
    """Return log(Σw e⁻ᵏᵈ)/k."""
    return float(np.log(np.sum(w * np.exp(-k * depth))) / k)


def log_moments(shape: float) -> tuple[float, float, float, float, float]:
    """Return aᵣ = log E(x/mean)ʳ for r = 2, 3, 4, then a₃ − 3 a₂ and a₄ − 4 a₃ + 6 a₂; also for shapes below −4.

    With u = 1/k, log Γ(1 + ru) = −γ r u + Σ ζ(n) (−ru)ⁿ/n (Abramowitz and Stegun 1964, 6.1.33): term by term the
    leading powers of u cancel exactly.
    """
    u = 1.0 / shape
    if abs(shape) > 8.0:
        powers = special.zeta(ORDERS) * (-u) ** ORDERS / ORDERS
        p, q, r = (order**ORDERS - order for order in (2.0, 3.0, 4.0))
        sums = [float(np.sum(part * powers)) for part in (p, q, r, q - 3.0 * p, r - 4.0 * q + 6.0 * p)]
        return sums[0], sums[1], sums[2], sums[3], sums[4]
    mean = special.gammaln(1.0 + u)
    two, three, four = (float(special.gammaln(1.0 + order * u) - order * mean) for order in (2.0, 3.0, 4.0))
    return two, three, four, three - 3.0 * two, four - 4.0 * three + 6.0 * two
