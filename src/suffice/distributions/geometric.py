"""The geometric distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.transforms import unit_interval
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.parameter import Parameter, counts
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class Geometric(DiscreteDistribution):
    """The geometric distribution of the failures before the first success, P(X = k; p) = p (1 − p)ᵏ, k = 0, 1, 2, … .

    Parameters
    ----------
    p : the probability of a success, above 0 and at most 1; p = 1 is the constant 0

    Examples
    --------
    >>> Geometric(p=0.25).mean
    3.0
    """

    p: float

    parameters = (Parameter("p", unit_interval, "shape", "the probability of a success", closed=(1.0,)),)
    support = counts
    sufficient = Tally()
    # n (log p + x̄ log(1 − p)) is strictly concave in p.
    scope = "global"
    exponential = True

    @staticmethod
    def _log_density(x: Any, p: Any) -> Any:
        inside = counts.contains(x) & (x < np.inf)
        k = np.where(inside, x, 0.0)
        return np.where(inside, np.log(p) + special.xlog1py(k, -p), -np.inf)

    @staticmethod
    def _derivatives(x: Any, p: Any) -> tuple[list[Any], list[Any]]:
        # The derivative of k log(1 − p) at k = 0 is 0, also at p = 1.
        q = np.where(x == 0, 1.0, 1.0 - p)
        return [1.0 / p - x / q], [-1.0 / p**2 - x / q**2]

    @staticmethod
    def _cdf(x: Any, p: Any) -> Any:
        return -np.expm1(_log_tail(x, p))

    @staticmethod
    def _ccdf(x: Any, p: Any) -> Any:
        return np.exp(_log_tail(x, p))

    @staticmethod
    def _log_cdf(x: Any, p: Any) -> Any:
        return log_one_minus_exp(-_log_tail(x, p))

    @staticmethod
    def _log_ccdf(x: Any, p: Any) -> Any:
        return _log_tail(x, p)

    @staticmethod
    def _about(z: Any, p: Any) -> Any:
        """Return an integer near the quantile of the probability Φ(z): P(X > k) = (1 − p)ᵏ⁺¹."""
        return special.log_ndtr(-z) / np.log1p(-p)

    mean = property(lambda self: (1.0 - self.p) / self.p, doc="The mean.")
    variance = property(lambda self: (1.0 - self.p) / self.p / self.p, doc="The variance.")
    standard_deviation = property(lambda self: float(np.sqrt(1.0 - self.p)) / self.p, doc="The standard deviation.")

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for p = 1, where nothing varies."""
        return float((2.0 - self.p) / np.sqrt(1.0 - self.p)) if self.p < 1.0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for p = 1."""
        return 6.0 + self.p * self.p / (1.0 - self.p) if self.p < 1.0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(-np.log(self.p) - special.xlog1py(1.0 - self.p, -self.p) / self.p)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        # The whole part of an exponential variable of rate −log(1 − p); NumPy's integers end at 9e18.
        with np.errstate(divide="ignore"):
            return np.floor(rng.exponential(size=size) / -np.log1p(-self.p))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the maximum, 1/(1 + mean)."""
        return np.array([[1.0 / (1.0 + max(np.average(x, weights=weights), 1e-9))]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.maximum > 0.0:
            return None
        return (1.0,), "every value is 0, and the likelihood is highest at the bound p = 1"


def _log_tail(x: Any, p: Any) -> Any:
    """Return log P(X > x) = (⌊x⌋ + 1) log(1 − p), 0 below 0."""
    return special.xlog1py(np.maximum(np.floor(x) + 1.0, 0.0), -p)
