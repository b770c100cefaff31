"""The log-logistic distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.parameter import Parameter, positive_line
from suffice.distributions.standardized_moments import skewness_and_kurtosis
from suffice.distributions.summands import LogisticSummands

# Even powers of 1/β up to which its moments are summed for β > 8: the next term is below 2⁻⁶⁰.
ORDERS = np.arange(2.0, 64.0, 2.0)
# From here on log x is a logistic variable to all digits, while powers of 1/β underflow later.
LIMIT = 1e18
# Up to here β log x − β log α has the digits that its sums need.
STEEPEST = 1e4


@dataclass(frozen=True, slots=True, repr=False)
class LogLogistic(ContinuousDistribution):
    """The log-logistic distribution, P(X > x; β, α) = 1/(1 + (x/α)^β), x > 0: log x is logistic.

    In β log α and β, of log x, the log-likelihood is concave (Pratt 1981; Burridge 1981): its maximum is the only one.
    It has none for constant data.

    Parameters
    ----------
    shape : β, a positive number, 1/scale of log x; the moment of order r exists for r < β
    scale : α, in the unit of x; the median

    Examples
    --------
    >>> LogLogistic(shape=2, scale=3).cdf(3)
    0.5
    """

    shape: float
    scale: float

    parameters = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("scale", positive, "scale", "the scale, its median"),
    )
    support = positive_line
    pivotal = True
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "scale": "it"}

    @staticmethod
    def _log_density(x: Any, shape: Any, scale: Any) -> Any:
        inside = x > 0
        x = np.where(inside, x, 1.0)
        y = np.abs(_logit(x, shape, scale))
        return np.where(inside, np.log(shape) - np.log(x) - y - 2.0 * np.log1p(np.exp(-y)), -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        along = log_ratio(x, scale)
        y = shape * along
        decay = np.exp(-np.abs(y))
        # 2 F − 1 and its derivative in y, 2 F (1 − F)
        s, c = np.tanh(0.5 * y), 2.0 * decay / (1.0 + decay) ** 2
        return (
            [1.0 / shape - s * along, s * shape / scale],
            [
                -1.0 / shape**2 - c * along * along,
                (s + c * y) / scale,
                -shape / scale**2 * (s + shape * c),
            ],
        )

    @staticmethod
    def _cdf(x: Any, shape: Any, scale: Any) -> Any:
        return special.expit(_logit(x, shape, scale))

    @staticmethod
    def _ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return special.expit(-_logit(x, shape, scale))

    @staticmethod
    def _log_cdf(x: Any, shape: Any, scale: Any) -> Any:
        return special.log_expit(_logit(x, shape, scale))

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return special.log_expit(-_logit(x, shape, scale))

    @staticmethod
    def _icdf(p: Any, shape: Any, scale: Any) -> Any:
        return scale * np.exp(special.logit(p) / shape)

    @staticmethod
    def _iccdf(q: Any, shape: Any, scale: Any) -> Any:
        return scale * np.exp(-special.logit(q) / shape)

    @property
    def mean(self) -> float:
        """The mean; infinite for shape ≤ 1."""
        return self.scale * float(np.exp(_log_moment(1.0, self.shape))) if self.shape > 1.0 else float("inf")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for shape ≤ 2."""
        if self.shape <= 2.0:
            return float("inf")
        shape = min(self.shape, LIMIT)
        with np.errstate(over="ignore"):
            return float(self.mean * np.sqrt(np.expm1(_log_moments(shape)[0])) * (shape / self.shape))

    @property
    def variance(self) -> float:
        """The variance; infinite for shape ≤ 2."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for 2 < shape ≤ 3, NaN for shape ≤ 2."""
        if self.shape <= 3.0:
            return float("inf") if self.shape > 2.0 else float("nan")
        return skewness_and_kurtosis(*_log_moments(min(self.shape, LIMIT)))[0]

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis, which tends to 1.2; infinite for 2 < shape ≤ 4, NaN for shape ≤ 2."""
        if self.shape <= 4.0:
            return float("inf") if self.shape > 2.0 else float("nan")
        return skewness_and_kurtosis(*_log_moments(min(self.shape, LIMIT)))[1]

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.log(self.scale) - np.log(self.shape) + 2.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.scale * np.exp(rng.logistic(0.0, 1.0, size) / self.shape)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _summands(x: Any, shape: Any, scale: Any) -> LogisticSummands:
        along = np.log(x) - np.log(scale)
        return LogisticSummands(along, np.exp(shape * along))

    @staticmethod
    def _of_sums(
        n: Any, y: Any, log: Any, s: Any, sy: Any, v: Any, vy: Any, vyy: Any, shape: Any, scale: Any
    ) -> tuple[Any, list[Any], list[Any]]:
        pull = 2.0 * s - n
        value = n * (np.log(shape) - np.log(scale)) + (shape - 1.0) * y - 2.0 * log
        return (
            np.where(shape < STEEPEST, value, np.nan),
            [n / shape + y - 2.0 * sy, pull * shape / scale],
            [
                -n / shape**2 - 2.0 * vyy,
                (pull + 2.0 * shape * vy) / scale,
                -shape / scale**2 * (pull + 2.0 * shape * v),
            ],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at mean and standard deviation of log x: the maximum is near, and the only one."""
        counted = weights > 0.0
        log_x, w = np.log(x[counted]), weights[counted] / weights[counted].sum()
        centre = w @ log_x
        spread = np.sqrt(w @ (log_x - centre) ** 2)
        return np.array([[np.pi / np.sqrt(3.0) / spread if spread > 0.0 else 1.0, np.exp(centre)]])


def log_ratio(x: Any, scale: Any) -> Any:
    """Return log(x/α): where the quotient is near 1, of the difference, which has more digits."""
    t = (x - scale) / scale
    near = np.abs(t) < 0.5
    return np.where(near, np.log1p(np.where(near, t, 0.0)), np.log(x) - np.log(scale))


def _logit(x: Any, shape: Any, scale: Any) -> Any:
    """Return β log(x/α), −∞ for x ≤ 0."""
    inside = np.asarray(x) > 0.0
    return np.where(inside, shape * log_ratio(np.where(inside, x, 1.0), scale), -np.inf)


def _log_moment(order: float, shape: float) -> float:
    """Return log E(x/α)ʳ = log(z/sin z), z = πr/β < π."""
    share = order / shape
    if share < 0.25:
        # log(z/sin z) = Σ ζ(2n)/n (z/π)²ⁿ (from Euler's product)
        return float(np.sum(2.0 * special.zeta(ORDERS) / ORDERS * share**ORDERS))
    return float(np.log(np.pi * share) - np.log(np.sin(np.pi * min(share, 1.0 - share))))


def _log_moments(shape: float) -> tuple[float, float, float, float, float]:
    """Return aᵣ = log E(x/mean)ʳ for r = 2, 3, 4 (∞ from r = β on), then a₃ − 3 a₂ and a₄ − 4 a₃ + 6 a₂."""
    if shape > 8.0:
        # term by term in powers of 1/β, the leading ones cancel exactly
        powers = 2.0 * special.zeta(ORDERS) / ORDERS * (1.0 / shape) ** ORDERS
        p, q, r = (order**ORDERS - order for order in (2.0, 3.0, 4.0))
        sums = [float(np.sum(part * powers)) for part in (p, q, r, q - 3.0 * p, r - 4.0 * q + 6.0 * p)]
        return sums[0], sums[1], sums[2], sums[3], sums[4]
    first = _log_moment(1.0, shape)
    two, three, four = (
        _log_moment(order, shape) - order * first if order < shape else np.inf for order in (2.0, 3.0, 4.0)
    )
    return two, three, four, three - 3.0 * two, four - 4.0 * three + 6.0 * two
