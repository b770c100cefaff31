"""What distributions of counts with more zeros than they have share: a variable that is replaced by 0 at random."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.parameter import counts
from suffice.distributions.poisson import ALL_ZERO
from suffice.errors import NoMaximumError
from suffice.statistics.tally import Tally


class ZeroInflatedDistribution(DiscreteDistribution):
    """A count Y that is replaced by 0 with probability π: P(X = k) = π [k = 0] + (1 − π) P(Y = k).

    The first parameter is the mean m of X, the last is π, and those between are those of Y, whose mean is m/(1 − π).
    A family states `plain`, the family of Y, `_rate_variation`, and how it starts.
    """

    __slots__ = ()

    plain: ClassVar[Any]
    support = counts
    sufficient = Tally()

    @classmethod
    def _log_density(cls, x: Any, mean: Any, *rest: Any) -> Any:
        others, zeros = rest[:-1], rest[-1]
        rate = mean / (1.0 - zeros)
        log_none = cls.plain._log_density(np.zeros_like(rate), rate, *others)
        # log P(0) from 1 − P(0) where that is small
        above = -(1.0 - zeros) * np.expm1(log_none)
        far = np.logaddexp(np.log(zeros), np.log1p(-zeros) + log_none)
        none = np.where(above < 0.5, np.log1p(-np.minimum(above, 0.5)), far)
        return np.where(x == 0, none, np.log1p(-zeros) + cls.plain._log_density(x, rate, *others))

    @classmethod
    def _derivatives(cls, x: Any, mean: Any, *rest: Any) -> tuple[list[Any], list[Any]]:
        # In the parameters of Y and π, then to m by that of Y, m/(1 − π)
        others, zeros = rest[:-1], rest[-1]
        a = 1.0 - zeros
        rate = mean / a
        some = x > 0
        log_none = cls.plain._log_density(np.zeros_like(rate), rate, *others)
        none = np.exp(log_none)
        total = zeros + a * none
        # the probability that a zero is one of Y, which does not underflow
        own = np.where(some, 1.0, special.expit(log_none - special.logit(zeros)))
        slopes, bends = cls.plain._derivatives(x, rate, *others)
        by = [own * slope for slope in slopes]
        pairs = [(i, j) for i in range(len(by)) for j in range(i, len(by))]
        second = {
            (i, j): own * (bend + (1.0 - own) * slopes[i] * slopes[j])
            for (i, j), bend in zip(pairs, bends, strict=True)
        }
        by_zeros = np.where(some, -1.0 / a, -np.expm1(log_none) / total)
        cross = [np.where(some, 0.0, -none * slope / total**2) for slope in slopes]
        return _by_mean(by, second, by_zeros, cross, rate / a, a)

    @classmethod
    def _slope_of_zeros(cls, x: Any, *theta: Any) -> Any:
        """Return the derivative of log p with respect to zeros, at zeros = 0."""
        return cls._derivatives(x, *theta)[0][-1]

    @classmethod
    def _cdf(cls, x: Any, mean: Any, *rest: Any) -> Any:
        others, zeros = rest[:-1], rest[-1]
        return np.where(x < 0, 0.0, zeros + (1.0 - zeros) * cls.plain._cdf(x, mean / (1.0 - zeros), *others))

    @classmethod
    def _ccdf(cls, x: Any, mean: Any, *rest: Any) -> Any:
        others, zeros = rest[:-1], rest[-1]
        return np.where(x < 0, 1.0, (1.0 - zeros) * cls.plain._ccdf(x, mean / (1.0 - zeros), *others))

    @classmethod
    def _log_cdf(cls, x: Any, mean: Any, *rest: Any) -> Any:
        others, zeros = rest[:-1], rest[-1]
        own = log_probability(cls._cdf(x, mean, *rest), cls._ccdf(x, mean, *rest))
        return np.where(np.asarray(zeros) == 0.0, cls.plain._log_cdf(x, mean, *others), own)

    @classmethod
    def _log_ccdf(cls, x: Any, mean: Any, *rest: Any) -> Any:
        others, zeros = rest[:-1], rest[-1]
        tail = np.log1p(-zeros) + cls.plain._log_ccdf(x, mean / (1.0 - zeros), *others)
        return np.where(x < 0, 0.0, np.where(tail > -0.5, np.log1p(-cls._cdf(x, mean, *rest)), tail))

    @classmethod
    def _about(cls, z: Any, mean: Any, *rest: Any) -> Any:
        """Return an integer near the quantile of the probability Φ(z)."""
        others, zeros = rest[:-1], rest[-1]
        tail = np.minimum(special.log_ndtr(-z) - np.log1p(-zeros), np.log(0.999))
        return np.maximum(cls.plain._about(-special.ndtri_exp(tail), mean / (1.0 - zeros), *others), 0.0)

    @property
    def variance(self) -> float:
        """The variance."""
        return self._cumulants()[0]

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for mean 0, where nothing varies."""
        two, three, _ = self._cumulants()
        return float(three / two**1.5) if two > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for mean 0."""
        two, _, four = self._cumulants()
        return float(four / two**2) if two > 0 else float("nan")

    @property
    def _rate_variation(self) -> float:
        """The variance over the squared mean of the gamma variable that is the rate of Y; 0 where Y is Poisson."""
        return 0.0

    def _cumulants(self) -> tuple[float, float, float]:
        """Return the second, third and fourth cumulant, from those of the rate, which is 0 or that of Y."""
        *_, p = self.theta
        u, a, m = self._rate_variation, 1.0 - p, self.theta[0]
        rate = m / a
        two = a * (p + u) * rate**2
        three = a * (p * (p - a) + u * (3.0 * p + 2.0 * u)) * rate**3
        four = a * (p * (1.0 - 6.0 * p * a) + u * (6.0 * p * (p - a) + u * (11.0 * p + 6.0 * u))) * rate**4
        return two + m, three + 3.0 * two + m, four + 6.0 * three + 7.0 * two + m

    @property
    def _plain(self) -> Any:
        mean, *others, zeros = self.theta
        return self.plain(mean / (1.0 - zeros), *others)

    @property
    def entropy(self) -> float:
        """The entropy in nats: of whether X is 0, and of Y where it is not."""
        *_, zeros = self.theta
        plain, a, log_none = self._plain, 1.0 - zeros, self.logpmf(0)
        none = plain.logpmf(0)
        # −Σ (1 − π) p (log(1 − π) + log p) over k > 0
        rest = a * (plain.entropy + np.exp(none) * none) + a * np.expm1(none) * np.log1p(-zeros)
        return float(rest - np.exp(log_none) * log_none)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return np.where(rng.random(size) < self.theta[-1], 0, self._plain._sample(rng, size))

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.maximum > 0.0:
            return None
        names = [parameter.name for parameter in cls.parameters[1:]]
        free = [name for name in names if name not in fixed]
        if "mean" in fixed:
            raise NoMaximumError(
                f"column {look.column!r}: every value is 0, and the likelihood rises to 1 as {free[-1]} → "
                f"{'1' if free[-1] == 'zeros' else '0'} with the mean fixed at {fixed['mean']:g}; leave the mean free, "
                f"or fix {' and '.join(free)} too",
                column=look.column,
            )
        unknown = f"; nothing is known of {' and '.join(free)}" if free else ""
        ends = {name: end[0] for name, end in cls.limits.items()}
        return (0.0, *[fixed.get(name, ends[name]) for name in names]), ALL_ZERO + unknown


def _by_mean(
    by: list[Any], second: dict[tuple[int, int], Any], by_zeros: Any, cross: list[Any], step: Any, a: Any
) -> tuple[list[Any], list[Any]]:
    """Return derivatives in (m, others, π) from those in (m/(1 − π), others) and π.

    Parameters
    ----------
    by, second : first and, by pairs i ≤ j, second derivatives in the parameters of Y
    by_zeros, cross : the derivative in π, and those in π and each parameter of Y; ∂²/∂π² is −by_zeros²
    step : the derivative of m/(1 − π) in π
    a : 1 − π
    """
    count = len(by)
    unit = [1.0 / a, *[1.0] * (count - 1)]
    first = [value * scale for value, scale in zip(by, unit, strict=True)]
    rows = []
    for i in range(count):
        rows += [second[i, j] * unit[i] * unit[j] for j in range(i, count)]
        own = by[0] / a if i == 0 else 0.0
        rows.append((cross[i] + second[0, i] * step + own) * unit[i])
    curve = -(by_zeros**2) + step * (2.0 * cross[0] + second[0, 0] * step + 2.0 * by[0] / a)
    return [*first, by_zeros + by[0] * step], [*rows, curve]
