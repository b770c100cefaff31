"""The Zipf distribution, also called the zeta distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.transforms import Interval
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.hurwitz_zeta import harmonic, log_hurwitz, log_zeta
from suffice.distributions.parameter import Parameter, Support
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class Zipf(DiscreteDistribution):
    """The Zipf or zeta distribution of counts from 1, P(X = k; a) = k⁻ᵃ/ζ(a), k = 1, 2, 3, … .

    An exponential family with the mean of log k as its statistic: −a log k − log ζ(a) is strictly concave in a.
    SciPy has ζ but not its derivatives; they and the tails are summed by Euler and Maclaurin (`hurwitz_zeta.py`).

    Parameters
    ----------
    shape : a, a number above 1; ∞ is the constant 1; the moment of order r exists for r < a − 1

    Examples
    --------
    >>> round(Zipf(shape=2).pmf(1), 10)
    0.6079271019
    """

    shape: float

    parameters = (Parameter("shape", Interval(1.0), "shape", "the exponent", closed=(np.inf,)),)
    support = Support(lower=1.0, lower_included=True, integer=True)
    sufficient = Tally()
    scope = "global"

    @staticmethod
    def _log_density(x: Any, shape: Any) -> Any:
        inside = Zipf.support.contains(x) & (x < np.inf)
        k = np.where(inside, x, 1.0)
        power = special.xlogy(np.where(k == 1.0, 0.0, shape), k)
        return np.where(inside, -power - log_zeta(shape)[0], -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any) -> tuple[list[Any], list[Any]]:
        _, slope, bend = log_zeta(shape)
        return [-np.log(x) - slope], [-bend + 0.0 * np.asarray(x)]

    @staticmethod
    def _cdf(x: Any, shape: Any) -> Any:
        lower = harmonic(shape, np.maximum(np.floor(x), 0.0)) * np.exp(-log_zeta(shape)[0])
        return np.where(lower < 0.5, lower, 1.0 - np.exp(_log_tail(x, shape)))

    @staticmethod
    def _ccdf(x: Any, shape: Any) -> Any:
        return np.exp(Zipf._log_ccdf(x, shape))

    @staticmethod
    def _log_ccdf(x: Any, shape: Any) -> Any:
        tail = _log_tail(x, shape)
        return np.where(tail < -0.5, tail, np.log1p(-np.minimum(Zipf._cdf(x, shape), 0.5)))

    @staticmethod
    def _about(z: Any, shape: Any) -> Any:
        """Return an integer near the quantile of the probability Φ(z), where P(X ≥ k) ≈ k^(1 − a)/((a − 1) ζ(a))."""
        b = shape - 1.0
        log_k = -(special.log_ndtr(-z) + np.log(b) + log_zeta(shape)[0]) / b
        return np.exp(np.clip(log_k, 0.0, 709.0))

    @property
    def mean(self) -> float:
        """The mean; infinite for shape ≤ 2."""
        return 1.0 + self._above_one(1)[0] if self.shape > 2.0 else float("inf")

    @property
    def variance(self) -> float:
        """The variance; infinite for 2 < shape ≤ 3, NaN for shape ≤ 2, where there is no finite mean."""
        return self._central(2)

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for 3 < shape ≤ 4, NaN for shape ≤ 3, and where the variance underflows to 0."""
        return self._standardized(3)

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for 3 < shape ≤ 5, NaN for shape ≤ 3, and where the variance underflows."""
        return self._standardized(4) - 3.0

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        value, slope, _ = log_zeta(self.shape)
        return float(value - self.shape * slope) if self.shape < np.inf else 0.0

    def _standardized(self, order: int) -> float:
        variance = self._central(2)
        if self.shape <= 3.0 or variance == 0.0:
            return float("nan")
        # divided twice: a power of the variance underflows before the quotient does
        return float(self._central(order) / variance / (np.sqrt(variance) if order == 3 else variance))

    def _central(self, order: int) -> float:
        """Return E(X − mean)ʳ from the moments of X − 1, in which nothing of the order of 1 is left to cancel."""
        if self.shape <= order + 1.0:
            return float("inf") if self.shape > 2.0 else float("nan")
        moments = self._above_one(order)
        d = moments[0]
        if order == 2:
            return float(moments[1] - d * d)
        if order == 3:
            return float(moments[2] - 3.0 * d * moments[1] + 2.0 * d**3)
        return float(moments[3] - 4.0 * d * moments[2] + 6.0 * d * d * moments[1] - 3.0 * d**4)

    def _above_one(self, order: int) -> list[float]:
        """Return E(X − 1)ʳ for r = 1, …, order: Σⱼ (r over j) (−1)^(r − j) ζ(a − j, 2)/ζ(a)."""
        share = np.exp(-log_zeta(self.shape)[0])
        parts = [float(np.exp(log_hurwitz(self.shape - j, 2.0))) for j in range(order + 1)]
        rows = range(1, order + 1)
        return [share * sum(special.comb(r, j) * (-1.0) ** (r - j) * parts[j] for j in range(r + 1)) for r in rows]

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        """Draw by rejection (Devroye 1986, X.6.1); a count above the largest double, for a shape near 1, is ∞."""
        found = np.ones(size)
        left = np.ones(size, dtype=bool) if self.shape < np.inf else np.zeros(size, dtype=bool)
        b = self.shape - 1.0
        with np.errstate(all="ignore"):
            while count := int(left.sum()):
                u, v = 1.0 - rng.random(count), rng.random(count)
                k = np.floor(np.exp(-np.log(u) / b))
                # k ((1 + 1/k)ᵇ − 1), which tends to b
                t = b * np.log1p(1.0 / k)
                rise = np.where(k < 1e16, k * np.expm1(t), b)
                taken = v * rise / -np.expm1(-b * np.log(2.0)) <= np.exp(t)
                found[left] = np.where(taken, k, np.nan)
                left = np.isnan(found)
        return found

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the exponent of a continuous power law from ½ on (Clauset, Shalizi and Newman 2009, 3.7)."""
        return np.array([[1.0 + 1.0 / max(np.average(np.log(2.0 * x), weights=weights), 1e-9)]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.maximum > 1.0:
            return None
        return (np.inf,), "every value is 1, and the likelihood is highest at the bound shape = ∞"


def _log_tail(x: Any, shape: Any) -> Any:
    """Return log P(X > x), 0 below 1."""
    k = np.maximum(np.floor(x), 0.0)
    return np.where(k < 1.0, 0.0, log_hurwitz(shape, k + 1.0) - log_zeta(shape)[0])
