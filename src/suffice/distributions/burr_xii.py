"""The Burr distribution of type XII."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.exponential_mean import exponential_mean, log_mean
from suffice.distributions.gamma_differences import stirling_difference
from suffice.distributions.incomplete_gamma import excess_of_log
from suffice.distributions.log_logistic import STEEPEST, log_ratio
from suffice.distributions.parameter import Parameter, positive_line
from suffice.distributions.standardized_moments import skewness_and_kurtosis
from suffice.distributions.summands import LogisticSummands
from suffice.distributions.weibull import Weibull

# Powers of 1/c up to which its moments are summed where c and ck are above 8: the next term is below 2⁻⁶⁰.
ORDERS = np.arange(2.0, 62.0)
# From here on log x is the variable of the limit to all digits, while powers of 1/c underflow later.
LIMIT = 1e18
# From here on it is the Weibull distribution to all digits.
WEIBULL = 1e300
# Up to here log(1 + t/k) and s differ by enough for their sums to have digits left.
LIGHTEST = 100.0
# The region: above this shape it is a Pareto distribution to all digits that matter, and a search that ran towards one
# and stopped on the way is clearly lower. Its edge, from which no search can climb within the region.
HIGHEST = 1e11
EDGE = HIGHEST * (1.0 - 2e-9)
# Where searches start.
TAILS = np.array([0.1, 0.5, 2.0, 10.0])


@dataclass(frozen=True, slots=True, repr=False)
class BurrXII(ContinuousDistribution):
    """The Burr XII distribution, P(X > x; c, k, λ) = (1 + (x/λ)^c/k)^(−k), x > 0.

    A Weibull variable whose cumulative hazard is multiplied by a gamma variable of mean 1 and variance 1/k; the Weibull
    distribution itself at k = ∞, log-logistic at k = 1. Its survival function falls as x^(−ck). The scale is the one in
    which that limit has a place: SciPy's burr12(c, d, scale=s), which has (1 + (x/s)^c)^(−d), is
    BurrXII(shape=c, tail=d, scale=s · d^(−1/c)).

    The likelihood may be highest at either of two limits, of which the certificate tells. Data whose tail is no heavier
    than that of a Weibull variable have no finite maximum, but that of the Weibull at k = ∞. As c → ∞ with ck = α, it
    rises towards that of a Pareto distribution of exponent α which begins at the smallest value, for all data from some
    c on: with s a little below that value, what is lost is (nα/c) (1 + log(c/(nα))). Where that limit is the highest,
    as it often is for few values or where the smallest are crowded, `fit` refuses.

    Parameters
    ----------
    shape : c, a positive number
    tail : k, a positive number; ∞ is the Weibull distribution
    scale : λ, in the unit of x

    Examples
    --------
    >>> BurrXII(shape=2, tail=1, scale=3).cdf(3)
    0.5
    """

    shape: float
    tail: float
    scale: float

    parameters = (
        Parameter("shape", positive, "shape", "the shape, as of a Weibull variable"),
        Parameter("tail", positive, "shape", "the tail, small where it is heavy", closed=(np.inf,)),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = positive_line
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "scale": "it"}
    limits: ClassVar[dict[str, Any]] = {"tail": (np.inf, Weibull)}
    region = "shape ≤ 1e11; above, it is a Pareto distribution to rounding"
    # That distribution begins at the smallest value.
    seeks_an_end = True
    grows_beyond_edges = False
    special_cases: ClassVar[dict[str, dict[str, float]]] = {
        "LogLogistic": {"tail": 1.0},
        "Exponential": {"shape": 1.0, "tail": np.inf},
        "Rayleigh": {"shape": 2.0, "tail": np.inf},
    }
    beyond_edges: ClassVar[dict[str, str]] = {
        "shape": "to that of a Pareto distribution which begins at the smallest value, as it does where the smallest "
        "values are crowded; fix shape with fixed={'shape': …}"
    }

    @staticmethod
    def _log_density(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        inside, tail = x > 0, np.minimum(tail, WEIBULL)
        x = np.where(inside, x, 1.0)
        w, odds = _log_power(x, shape, tail, scale)
        # log(t/(1 + t/k)), where w and the logarithm may be large and equal
        peak = np.where(odds < 0.0, w - np.logaddexp(0.0, odds), np.log(tail) - np.logaddexp(0.0, -odds))
        value = np.log(shape) - np.log(x) + peak - _hazard(w, tail)
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, tail: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        # In w = c log(x/λ) and k, with s = t/(k + t), t = exp(w); then by dw/dc = log(x/λ), dw/dλ = −c/λ
        tail = np.minimum(tail, WEIBULL)
        w, odds = _log_power(x, shape, tail, scale)
        s, rest = special.expit(odds), special.expit(-odds)
        share = np.where(odds < 0.0, np.exp(w) * rest, tail * s)
        u = 1.0 / tail
        by_w, bend = 1.0 - share - s, -(share + s) * rest
        # log(1 + t/k) − s, also where 1 − s underflows
        by_tail = s * u - np.where(odds < 1.0, excess_of_log(-s, rest), np.logaddexp(0.0, odds) - s)
        cross = s * (rest * u - s)
        along, unit = log_ratio(x, scale), 1.0 / scale
        first = [1.0 / shape + by_w * along, by_tail, -by_w * shape * unit]
        second = [
            -1.0 / shape**2 + bend * along * along,
            cross * along,
            -(by_w + bend * w) * unit,
            s * u * (s - (1.0 + rest) * u),
            -cross * shape * unit,
            shape * unit * unit * (by_w + bend * shape),
        ]
        return first, second

    @staticmethod
    def _slope_at_limit(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        """Return the derivative of log p with respect to 1/tail at tail = ∞."""
        t = np.exp(shape * log_ratio(x, scale))
        return t * (0.5 * t - 1.0)

    @staticmethod
    def _cdf(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        return -np.expm1(-_hazard_at(x, shape, tail, scale))

    @staticmethod
    def _ccdf(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        return np.exp(-_hazard_at(x, shape, tail, scale))

    @staticmethod
    def _log_cdf(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        tail = np.minimum(tail, WEIBULL)
        w, odds = _log_power(np.maximum(x, 0.0), shape, tail, scale)
        near = w + np.log(log_mean(np.exp(np.minimum(odds, 0.0))))
        log_hazard = np.where(odds <= 0.0, near, np.log(tail) + np.log(np.logaddexp(0.0, odds)))
        return log_one_minus_exp(_hazard_at(x, shape, tail, scale), log_hazard)

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
        return -_hazard_at(x, shape, tail, scale)

    @staticmethod
    def _icdf(p: Any, shape: Any, tail: Any, scale: Any) -> Any:
        return _at_hazard(-np.log1p(-np.asarray(p)), shape, tail, scale)

    @staticmethod
    def _iccdf(q: Any, shape: Any, tail: Any, scale: Any) -> Any:
        return _at_hazard(-np.log(q), shape, tail, scale)

    @property
    def mean(self) -> float:
        """The mean; infinite for shape · tail ≤ 1."""
        if self.shape * self.tail <= 1.0:
            return float("inf")
        with np.errstate(over="ignore"):
            return float(self.scale * np.exp(_log_moment(1.0 / self.shape, self.tail)))

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for shape · tail ≤ 2."""
        if self.shape * self.tail <= 2.0:
            return float("inf")
        shape = min(self.shape, LIMIT)
        with np.errstate(over="ignore"):
            return float(self.mean * np.sqrt(np.expm1(_log_moments(shape, self.tail)[0])) * (shape / self.shape))

    @property
    def variance(self) -> float:
        """The variance; infinite for shape · tail ≤ 2."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for 2 < shape · tail ≤ 3, NaN for shape · tail ≤ 2."""
        if self.shape * self.tail <= 3.0:
            return float("inf") if self.shape * self.tail > 2.0 else float("nan")
        return skewness_and_kurtosis(*_log_moments(min(self.shape, LIMIT), self.tail))[0]

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for 2 < shape · tail ≤ 4, NaN for shape · tail ≤ 2."""
        if self.shape * self.tail <= 4.0:
            return float("inf") if self.shape * self.tail > 2.0 else float("nan")
        return skewness_and_kurtosis(*_log_moments(min(self.shape, LIMIT), self.tail))[1]

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # log λ − log c + E w/c + (1 + 1/k − E w) with E w = ψ(1) − ψ(k) + log k, and 1/k + ψ(k) = ψ(k + 1)
        k, log_power = self.tail, log_minus_digamma(self.tail) - np.euler_gamma
        rest = special.psi(k + 1.0) - np.log(k) if k < 1.0 else 1.0 / k - log_minus_digamma(k)
        spread = np.log(self.scale) - np.log(self.shape)
        return float(spread + log_power / self.shape + 1.0 + np.euler_gamma + rest)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        with np.errstate(over="ignore"):
            return np.asarray(_at_hazard(rng.standard_exponential(size), *self.theta))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _summands(x: Any, shape: Any, tail: Any, scale: Any) -> LogisticSummands:
        along = np.log(x) - np.log(scale)
        return LogisticSummands(along, np.exp(shape * along - np.log(tail)))

    @staticmethod
    def _of_sums(
        n: Any, y: Any, log: Any, s: Any, sy: Any, v: Any, vy: Any, vyy: Any, shape: Any, tail: Any, scale: Any
    ) -> tuple[Any, list[Any], list[Any]]:
        # as in `_derivatives`, where there t/(1 + t/k) = ks
        more, u = tail + 1.0, 1.0 / tail
        by_w = n - more * s
        value = n * (np.log(shape) - np.log(scale)) + (shape - 1.0) * y - more * log
        return (
            np.where((shape < STEEPEST) & (tail < LIGHTEST), value, np.nan),
            [n / shape + y - more * sy, s + u * s - log, -by_w * shape / scale],
            [
                -n / shape**2 - more * vyy,
                vy + u * vy - sy,
                (more * shape * vy - by_w) / scale,
                u * (s - v) - u * u * (s + v),
                -(v + u * v - s) * shape / scale,
                shape / scale**2 * (by_w - more * shape * v),
            ],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at several tails, each with the shape and the scale that give mean and variance of log x."""
        return _by_log_moments(x, weights, TAILS)

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start where a fixed tail gives those, or a fixed shape the mean, and at the Pareto distribution of it."""
        shape, tail, _ = fixed
        starts = _by_log_moments(x, weights, TAILS if np.isnan(tail) else np.array([min(tail, LIMIT)]), shape)
        return starts if np.isnan(shape) else np.concatenate([starts, _pareto(x, weights, shape)])

    @staticmethod
    def _in_region(theta: np.ndarray, spread: float) -> np.ndarray:
        # a shape that was fixed comes as ∞
        return np.asarray((theta[..., 0] <= HIGHEST) | np.isinf(theta[..., 0]))

    @staticmethod
    def _edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
        """Return the point at the highest shape that is nearest to the best Pareto distribution."""
        return {0: _pareto(x, weights, EDGE)}


def _by_log_moments(x: np.ndarray, weights: np.ndarray, tails: np.ndarray, shape: float = np.nan) -> np.ndarray:
    """Return parameters (m, 3), one for each tail, that give mean and variance of log x; with a shape given, its mean.

    c log x has the variance ζ(2) + ζ(2, k).
    """
    w = weights / weights.sum()
    log_x = np.log(np.where(w > 0.0, x, 1.0))
    centre = w @ log_x
    spread = np.sqrt(w @ (log_x - centre) ** 2) or 1.0
    shapes = np.sqrt(special.zeta(2.0, 1.0) + special.zeta(2.0, tails)) / spread
    shapes = np.where(np.isnan(shape), shapes, shape)
    scales = np.exp(centre - (log_minus_digamma(tails) - np.euler_gamma) / shapes)
    return np.stack([shapes, tails, scales], axis=-1)


def _pareto(x: np.ndarray, weights: np.ndarray, shape: float) -> np.ndarray:
    """Return the parameters (1, 3) of this high shape which are nearest to the best Pareto distribution."""
    counted = weights > 0.0
    x, w = x[counted], weights[counted]
    exponent = w.sum() / max(float(w @ np.log(x / x.min())), 1e-300)
    # s so far below the smallest value that there and at all others as much is lost
    log_scale = np.log(x.min()) - np.log1p(shape / (w.sum() * exponent)) / shape
    return np.array([[shape, exponent / shape, np.exp(log_scale - np.log(exponent / shape) / shape)]])


def _log_power(x: Any, shape: Any, tail: Any, scale: Any) -> tuple[Any, Any]:
    """Return w = c log(x/λ) and log(t/k) = w − log k."""
    w = shape * log_ratio(x, scale)
    return w, w - np.log(tail)


def _hazard(w: Any, tail: Any) -> Any:
    """Return the cumulative hazard k log(1 + t/k), t = exp(w); t at k = ∞."""
    odds = w - np.log(tail)
    small = np.exp(w) * log_mean(np.exp(np.minimum(odds, 0.0)))
    return np.where(odds <= 0.0, small, tail * np.logaddexp(0.0, odds))


def _hazard_at(x: Any, shape: Any, tail: Any, scale: Any) -> Any:
    inside, tail = np.asarray(x) > 0.0, np.minimum(tail, WEIBULL)
    w, _ = _log_power(np.where(inside, x, 1.0), shape, tail, scale)
    return np.where(inside, _hazard(w, tail), 0.0)


def _at_hazard(hazard: Any, shape: Any, tail: Any, scale: Any) -> Any:
    """Return x at a cumulative hazard H, where (x/λ)^c = k (exp(H/k) − 1), H at k = ∞."""
    tail = np.minimum(tail, WEIBULL)
    share = np.asarray(hazard) / tail
    near = share < 1.0
    power = np.where(near, hazard * exponential_mean(np.where(near, share, 0.0)), 1.0)
    log_power = share + np.log(tail) + np.log(-np.expm1(-np.where(near, 1.0, share)))
    return scale * np.where(near, power ** (1.0 / shape), np.exp(log_power / shape))


def _log_moment(order: Any, tail: Any) -> Any:
    """Return log E(x/λ)ʳ for r/c = `order` < k: log Γ(1 + r/c) + log Γ(k − r/c) − log Γ(k) + r/c log k."""
    rest = np.minimum(tail, LIMIT) - order
    ratio = order / rest
    return special.gammaln(1.0 + order) + rest * excess_of_log(ratio, 1.0 + ratio) - stirling_difference(rest, order)


def _log_moments(shape: float, tail: float) -> tuple[float, float, float, float, float]:
    """Return aᵣ = log E(x/mean)ʳ for r = 2, 3, 4 (∞ from r = ck on), then a₃ − 3 a₂ and a₄ − 4 a₃ + 6 a₂.

    log x has the cumulants κₙ = (n − 1)! ((−1)ⁿ ζ(n) + ζ(n, k))/cⁿ: term by term the leading ones cancel exactly.
    """
    if shape > 8.0 and shape * tail > 8.0:
        u = 1.0 / shape
        powers = (special.zeta(ORDERS) * (-u) ** ORDERS + special.zeta(ORDERS, tail + 1.0) * u**ORDERS) / ORDERS
        powers = powers + (1.0 / (shape * tail)) ** ORDERS / ORDERS
        p, q, r = (order**ORDERS - order for order in (2.0, 3.0, 4.0))
        sums = [float(np.sum(part * powers)) for part in (p, q, r, q - 3.0 * p, r - 4.0 * q + 6.0 * p)]
        return sums[0], sums[1], sums[2], sums[3], sums[4]
    first = _log_moment(1.0 / shape, tail)
    two, three, four = (
        float(_log_moment(order / shape, tail) - order * first) if order < shape * tail else np.inf
        for order in (2.0, 3.0, 4.0)
    )
    return two, three, four, three - 3.0 * two, four - 4.0 * three + 6.0 * two
