"""The binomial distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.calculus.transforms import positive, unit_interval
from suffice.distributions.bound_family import BoundFamily
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.incomplete_beta import log_lower_beta, lower_beta
from suffice.distributions.incomplete_gamma import excess_of_log, stirling
from suffice.distributions.parameter import Parameter, Support, counts
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, repr=False)
class Binomial(DiscreteDistribution):
    """The binomial distribution, P(X = k; n, p) = n!/(k!(n − k)!) pᵏ (1 − p)ⁿ⁻ᵏ, k = 0, …, n.

    Parameters
    ----------
    n : the number of trials, a whole number from 1 on; a fit is told it: `sf.fit(sf.Binomial.of(n=10), x)`
    p : the probability of a success, from 0 to 1

    Examples
    --------
    >>> Binomial(n=10, p=0.3).mean
    3.0
    """

    n: float
    p: float

    parameters = (
        Parameter("n", positive, "shape", "the number of trials", estimated=False, integer=True),
        Parameter("p", unit_interval, "shape", "the probability of a success", closed=(0.0, 1.0)),
    )
    support = counts
    sufficient = Tally()
    scope = "global"

    @classmethod
    def of(cls, *, n: int) -> BoundFamily:
        """Return the family with this number of trials."""
        return BoundFamily.of(cls, n=n)

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the integers from 0 to n."""
        return Support(0.0, fixed.get("n", np.inf), lower_included=True, upper_included="n" in fixed, integer=True)

    @staticmethod
    def _log_density(x: Any, n: Any, p: Any) -> Any:
        # Stirling's parts of the factorials are split off, and the powers become two deviances (Loader 2000).
        inside = counts.contains(x) & (x <= n)
        between = inside & (x > 0) & (x < n)
        k = np.where(between, x, 0.5 * n)
        m, mean, other = n - k, n * p, n * (1.0 - p)
        deviance = k * excess_of_log((mean - k) / k, mean / k) + m * excess_of_log((other - m) / m, other / m)
        some = stirling(k) + stirling(m) - stirling(n) + np.log(n / k) - np.log(m) - deviance
        ends = np.where(x == 0, n * np.log1p(-p), n * np.log(p))
        return np.where(between, some, np.where(inside, ends, -np.inf))

    @staticmethod
    def _derivatives(x: Any, n: Any, p: Any) -> tuple[list[Any], list[Any]]:
        # n is never sought: its derivatives are not stated
        q, none = 1.0 - p, np.zeros_like(x * p)
        return [none, (x - n * p) / (p * q)], [none, none, -x / p**2 - (n - x) / q**2]

    @staticmethod
    def _cdf(x: Any, n: Any, p: Any) -> Any:
        return _tail(lambda k, m, p, q: lower_beta(m, k, q, p), 0.0, 1.0, x, n, p)

    @staticmethod
    def _ccdf(x: Any, n: Any, p: Any) -> Any:
        return _tail(lambda k, m, p, q: lower_beta(k, m, p, q), 1.0, 0.0, x, n, p)

    @staticmethod
    def _log_cdf(x: Any, n: Any, p: Any) -> Any:
        return _tail(lambda k, m, p, q: log_lower_beta(m, k, q, p), -np.inf, 0.0, x, n, p)

    @staticmethod
    def _log_ccdf(x: Any, n: Any, p: Any) -> Any:
        return _tail(lambda k, m, p, q: log_lower_beta(k, m, p, q), 0.0, -np.inf, x, n, p)

    @staticmethod
    def _about(z: Any, n: Any, p: Any) -> Any:
        """Return an integer near the quantile z standard deviations out."""
        return n * p + np.sqrt(n * p * (1.0 - p)) * z

    @classmethod
    def _last(cls, n: Any, p: Any) -> Any:
        return np.where(np.asarray(p) > 0.0, n, 0.0)

    mean = property(lambda self: self.n * self.p, doc="The mean.")
    variance = property(lambda self: self.n * self.p * (1.0 - self.p), doc="The variance.")

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for p = 0 and 1, where nothing varies."""
        return (1.0 - 2.0 * self.p) / self.standard_deviation if self.variance > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for p = 0 and 1."""
        return 1.0 / self.variance - 6.0 / self.n if self.variance > 0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats, by summation over twelve standard deviations."""
        if self.variance == 0:
            return 0.0
        reach = 12.0 * self.standard_deviation + 100.0
        k = np.arange(max(0.0, np.floor(self.mean - reach)), min(self.n, np.ceil(self.mean + reach)) + 1.0)
        log_p = self._log_density(k, self.n, self.p)
        return float(-np.sum(np.where(log_p > -700.0, np.exp(log_p) * log_p, 0.0)))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.binomial(int(self.n), self.p, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start anywhere: n is known to `_with_fixed` only."""
        return np.array([[np.nan, 0.5]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the maximum, the mean over n."""
        return np.array([[fixed[0], np.average(x, weights=weights) / fixed[0]]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        for p, value in ((0.0, 0.0), (1.0, fixed["n"])):
            if look.minimum == look.maximum == value:
                reason = f"every value is {value:g}, and the likelihood is highest at the bound p = {p:g}"
                return (fixed["n"], p), reason
        return None


def _tail(beta: Any, before: float, after: float, x: Any, n: Any, p: Any) -> Any:
    """Return beta(k + 1, n − k, p, 1 − p) for 0 ≤ k < n, else what holds before and after."""
    floor = np.floor(x)
    k = np.clip(floor, 0.0, n - 1.0)
    value = beta(k + 1.0, n - k, p, 1.0 - p)
    return np.where(floor < 0, before, np.where(floor >= n, after, value))
