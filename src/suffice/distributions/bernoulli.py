"""The Bernoulli distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.transforms import unit_interval
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.parameter import Parameter, Support
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class Bernoulli(DiscreteDistribution):
    """The Bernoulli distribution of one trial, P(X = 1; p) = p, P(X = 0; p) = 1 − p.

    Parameters
    ----------
    p : the probability of 1, from 0 to 1

    Examples
    --------
    >>> Bernoulli(p=0.5).variance
    0.25
    """

    p: float

    parameters = (Parameter("p", unit_interval, "shape", "the probability of 1", closed=(0.0, 1.0)),)
    support = Support(0.0, 1.0, lower_included=True, upper_included=True, integer=True)
    sufficient = Tally()
    # n (x̄ log p + (1 − x̄) log(1 − p)) is strictly concave in p.
    scope = "global"

    @staticmethod
    def _log_density(x: Any, p: Any) -> Any:
        return np.where(x == 1, np.log(p), np.where(x == 0, np.log1p(-p), -np.inf))

    @staticmethod
    def _derivatives(x: Any, p: Any) -> tuple[list[Any], list[Any]]:
        q = 1.0 - p
        return [np.where(x == 1, 1.0 / p, -1.0 / q)], [np.where(x == 1, -1.0 / p**2, -1.0 / q**2)]

    @staticmethod
    def _cdf(x: Any, p: Any) -> Any:
        return np.where(x < 0, 0.0, np.where(x < 1, 1.0 - p, 1.0))

    @staticmethod
    def _ccdf(x: Any, p: Any) -> Any:
        return np.where(x < 0, 1.0, np.where(x < 1, p, 0.0))

    @staticmethod
    def _log_cdf(x: Any, p: Any) -> Any:
        return np.where(x < 0, -np.inf, np.where(x < 1, np.log1p(-p), 0.0))

    @staticmethod
    def _log_ccdf(x: Any, p: Any) -> Any:
        return np.where(x < 0, 0.0, np.where(x < 1, np.log(p), -np.inf))

    @staticmethod
    def _about(z: Any, p: Any) -> Any:
        """Return where the search for a quantile starts."""
        return np.where(z > 0.0, 1.0, 0.0) + 0.0 * p

    @classmethod
    def _last(cls, p: Any) -> Any:
        return np.where(np.asarray(p) > 0.0, 1.0, 0.0)

    mean = property(lambda self: self.p, doc="The mean.")
    variance = property(lambda self: self.p * (1.0 - self.p), doc="The variance.")

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for p = 0 and 1, where nothing varies."""
        return (1.0 - 2.0 * self.p) / self.standard_deviation if 0.0 < self.p < 1.0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for p = 0 and 1."""
        return 1.0 / self.p / (1.0 - self.p) - 6.0 if 0.0 < self.p < 1.0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        q = 1.0 - self.p
        return float(special.entr(self.p) - special.xlog1py(q, -self.p))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.binomial(1, self.p, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the maximum, the mean."""
        return np.array([[np.average(x, weights=weights)]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        if look.minimum != look.maximum:
            return None
        p = float(look.minimum)
        return (p,), f"every value is {p:g}, and the likelihood is highest at the bound p = {p:g}"
