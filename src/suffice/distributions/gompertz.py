"""The Gompertz distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import Exponential, log_one_minus_exp
from suffice.distributions.exponential_mean import exponential_mean, exponential_mean_derivatives, log_mean
from suffice.distributions.parameter import Parameter, nonnegative_line
from suffice.distributions.summands import ExponentialSummands
from suffice.errors import DataError, NoMaximumError, number_text

# Between these log T, where T is exponential, lies all but 1e-20 of its moments of log(1 + bT/a); panels and nodes.
PANELS = np.linspace(-46.0, 4.2, 252)
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
# The square of a smaller rate, relative to the largest value, is 0 in doubles; and by how many times the distance from
# the mean to the largest value that value must exceed it, before such a rate is possible.
LEAST_RATE, SQUEEZED = 1e-150, 10.0
# From this mean of bx on, exp(bx) − 1 − bx has the digits that sums need.
GROWN = 0.1


@dataclass(frozen=True, slots=True, repr=False)
class Gompertz(ContinuousDistribution):
    """The Gompertz distribution of lifetimes, whose hazard grows exponentially: h(x) = a exp(bx), x ≥ 0.

    P(X > x; a, b) = exp(−a (exp(bx) − 1)/b), and exp(−ax) at b = 0. SciPy's gompertz(c, scale) has b = 1/scale and
    a = c/scale.

    For a given b the maximum is at a = n/Σ(exp(bxᵢ) − 1)·b, and the profile log-likelihood is n (b x̄ − K(b)) and a
    constant, where K(b) = log ∫ exp(bt) Ŝ(t) dt, with the empirical survival function Ŝ, is a cumulant generating
    function and so strictly convex: the only maximum. It lies at b > 0 if and only if the mean of x² is below 2 x̄²,
    that is if the data vary less than an exponential variable; else the likelihood is highest at b = 0. Data far from 0
    that vary by less than some 0.3 % have a rate below 1e-150, and are refused.

    Parameters
    ----------
    rate : a, the hazard at 0, in 1/unit of x
    growth : b, by which the logarithm of the hazard grows, in 1/unit of x; positive, or 0 for the exponential

    Examples
    --------
    >>> round(Gompertz(rate=0.5, growth=2).ccdf(1), 10)
    0.2024496582
    """

    rate: float
    growth: float

    parameters = (
        Parameter("rate", positive, "rate", "the hazard at 0"),
        Parameter("growth", positive, "rate", "the growth of the log hazard", closed=(0.0,)),
    )
    support = nonnegative_line
    scope = "global"
    limits: ClassVar[dict[str, Any]] = {"growth": (0.0, Exponential)}

    @staticmethod
    def _log_density(x: Any, rate: Any, growth: Any) -> Any:
        inside = x >= 0
        x = np.where(inside, x, 0.0)
        return np.where(inside, np.log(rate) + growth * x - _hazard(x, rate, growth), -np.inf)

    @staticmethod
    def _derivatives(x: Any, rate: Any, growth: Any) -> tuple[list[Any], list[Any]]:
        t = growth * x
        slope, bend = exponential_mean_derivatives(t)
        first = [1.0 / rate - x * exponential_mean(t), x - rate * x * x * slope]
        return first, [-1.0 / rate**2 + 0.0 * t, -x * x * slope, -rate * x * x * x * bend]

    @staticmethod
    def _slope_at_limit(x: Any, rate: Any, growth: Any) -> Any:
        """Return the derivative of log p with respect to growth, at growth = 0."""
        return x - 0.5 * rate * x * x

    @staticmethod
    def _cdf(x: Any, rate: Any, growth: Any) -> Any:
        return -np.expm1(-_hazard(np.maximum(x, 0.0), rate, growth))

    @staticmethod
    def _ccdf(x: Any, rate: Any, growth: Any) -> Any:
        return np.exp(-_hazard(np.maximum(x, 0.0), rate, growth))

    @staticmethod
    def _log_cdf(x: Any, rate: Any, growth: Any) -> Any:
        x = np.maximum(x, 0.0)
        t = growth * x
        near = np.log(exponential_mean(np.minimum(t, 1.0)))
        far = t - np.log(np.maximum(t, 1.0)) + np.log(-np.expm1(-np.maximum(t, 1.0)))
        log_hazard = np.log(rate) + np.log(x) + np.where(t <= 1.0, near, far)
        return log_one_minus_exp(_hazard(x, rate, growth), log_hazard)

    @staticmethod
    def _log_ccdf(x: Any, rate: Any, growth: Any) -> Any:
        return -_hazard(np.maximum(x, 0.0), rate, growth)

    @staticmethod
    def _icdf(p: Any, rate: Any, growth: Any) -> Any:
        return _at_hazard(-np.log1p(-np.asarray(p)), rate, growth)

    @staticmethod
    def _iccdf(q: Any, rate: Any, growth: Any) -> Any:
        return _at_hazard(-np.log(q), rate, growth)

    mean = property(lambda self: self._moments()[0], doc="The mean.")
    standard_deviation = property(lambda self: self._moments()[1], doc="The standard deviation.")
    variance = property(lambda self: self.standard_deviation * self.standard_deviation, doc="The variance.")
    skewness = property(lambda self: self._moments()[2], doc="The skewness g₁; 2 at growth 0, −1.14 as rate → 0.")
    kurtosis = property(lambda self: self._moments()[3], doc="The excess kurtosis; 6 at growth 0, 2.4 as rate → 0.")
    entropy = property(
        lambda self: 1.0 - float(np.log(self.rate)) - self.growth * self.mean, doc="The entropy in nats."
    )

    def _moments(self) -> tuple[float, float, float, float]:
        """Return mean, standard deviation, skewness and excess kurtosis, by quadrature over log T, T exponential."""
        half = 0.5 * np.diff(PANELS)[:, None]
        t = np.exp(PANELS[:-1, None] + half * (1.0 + NODES))
        weight = half * NODE_WEIGHTS * t * np.exp(-t)
        # in units of 1/rate, or of 1/growth where the hazard grows before anything else happens
        if self.growth < self.rate:
            unit, y = self.rate, t * log_mean(self.growth / self.rate * t)
        else:
            unit, y = self.growth, np.logaddexp(0.0, np.log(self.growth) - np.log(self.rate) + np.log(t))
        mean = np.sum(weight * y)
        two, three, four = (float(np.sum(weight * (y - mean) ** power)) for power in (2, 3, 4))
        return float(mean / unit), float(np.sqrt(two) / unit), three / two**1.5, four / two**2 - 3.0

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        with np.errstate(over="ignore"):
            return np.asarray(_at_hazard(rng.standard_exponential(size), self.rate, self.growth))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _summands(x: Any, rate: Any, growth: Any) -> ExponentialSummands | None:
        if (x < 0.0).any():
            return None
        # a exp(bx)/b
        return ExponentialSummands(x, np.exp(growth * x + (np.log(rate) - np.log(growth))))

    @staticmethod
    def _of_sums(n: Any, x: Any, e: Any, ex: Any, exx: Any, rate: Any, growth: Any) -> tuple[Any, list[Any], list[Any]]:
        hazard = e - n * (rate / growth)
        slope = ex - hazard / growth  # of the hazard, in b
        value = n * np.log(rate) + growth * x - hazard
        return (
            np.where(growth * x > GROWN * n, value, np.nan),
            [(n - hazard) / rate, x - slope],
            [-n / rate**2, -slope / rate, 2.0 * slope / growth - exx],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the best of many growths, each with its own best rate."""
        growth = np.geomspace(1e-3, 1e4, 71) / x.max()
        rate, value = _profile(x, weights, growth)
        best = np.argmax(value)
        return np.array([[rate[best], growth[best]]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the best rate for the fixed growth, or the best of many growths for the fixed rate."""
        rate, growth = fixed
        if np.isnan(rate):
            return np.array([[_profile(x, weights, np.array([growth]))[0][0], growth]])
        many = np.geomspace(1e-6, 1e4, 101)[:, None] / x.max()
        with np.errstate(over="ignore"):
            value = np.sum(weights * Gompertz._log_density(x, rate, many), axis=-1)
        return np.array([[rate, many[np.argmax(value), 0]]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if "rate" in fixed:
            return None
        if look.minimum != look.maximum:
            cls._refuse_tiny_rate(look, fixed.get("growth", np.nan))
            return None
        if look.maximum > 0.0 and "growth" in fixed:
            return None
        runs = "rate → ∞" if look.maximum == 0.0 else "growth → ∞ with rate → 0"
        raise NoMaximumError(
            f"column {look.column!r} is constant: every value is {number_text(look.minimum)}, and the likelihood of "
            f"Gompertz grows without end as {runs}; add rows that differ, or fix rate with fixed={{'rate': …}}",
            column=look.column,
            value=look.minimum,
        )

    @classmethod
    def _refuse_tiny_rate(cls, look: Any, growth: float) -> None:
        """Refuse data that vary so little, so far from 0, that the best rate is no number to compute with."""
        if look.sample is None:
            return
        x, weights = look.sample.rows[:, 0], look.sample.weights
        weights = np.ones(len(x)) if weights is None else weights
        # growth is of the order of 1/(maximum − mean), and log rate of −growth · maximum
        if x.max() < SQUEEZED * (x.max() - np.average(x, weights=weights)):
            return
        starts = cls._starts(x, weights)
        if not np.isnan(growth):
            starts = cls._with_fixed(starts, np.array([np.nan, growth]), x, weights)
        if starts[0, 0] * x.max() < LEAST_RATE:
            raise DataError(
                f"column {look.column!r}: the values vary so little, far from 0, that the rate of Gompertz, its hazard "
                f"at 0, would be below {LEAST_RATE:g}, and its square no number; fit sf.scaled(sf.Gumbel, by=-1), "
                "which Gompertz is to all digits there, or sf.shifted(sf.Gompertz, by=…) with a known age at which the "
                "hazard begins",
                column=look.column,
            )


def _hazard(x: Any, rate: Any, growth: Any) -> Any:
    """Return the cumulative hazard a (exp(bx) − 1)/b, ax at b = 0; the exponential alone may overflow."""
    t = growth * x
    small = rate * x * exponential_mean(np.minimum(t, 1.0))
    return np.where(t <= 1.0, small, np.exp(t + np.log(rate) - np.log(np.where(t > 1.0, growth, 1.0))) * -np.expm1(-t))


def _at_hazard(hazard: Any, rate: Any, growth: Any) -> Any:
    """Return x at a cumulative hazard, log(1 + bH/a)/b; H/a at b = 0."""
    t = growth / rate * np.asarray(hazard)
    near = t < 1.0
    some = np.where(np.asarray(growth) > 0.0, growth, 1.0)
    # log(bH/a) where the product overflows
    far = np.where(t < 1e300, np.log1p(t), np.log(some) - np.log(rate) + np.log(np.maximum(hazard, 1e-300))) / some
    return np.where(near, hazard / np.asarray(rate) * log_mean(np.where(near, t, 0.0)), far)


def _profile(x: np.ndarray, weights: np.ndarray, growth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each growth b the rate that is best and the log-likelihood per row there, without 1 in it."""
    w = weights / weights.sum()
    t = growth[:, None] * x
    top = t.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):
        # x E(bx) exp(−top), each of the two forms where it holds
        parts = np.where(t < 1.0, x * exponential_mean(np.minimum(t, 1.0)) * np.exp(-top), 0.0)
        grown = (np.exp(t - top) - np.exp(-top)) / np.where(growth > 0.0, growth, 1.0)[:, None]
        log_mean_hazard = np.log(np.sum(w * np.where(t < 1.0, parts, grown), axis=-1)) + top[:, 0]
    return np.exp(-log_mean_hazard), growth * (w @ x) - log_mean_hazard
