"""The Poisson distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.incomplete_gamma import (
    excess_of_log,
    log_lower_gamma,
    log_upper_gamma,
    lower_gamma,
    stirling,
    upper_gamma,
)
from suffice.distributions.parameter import Parameter, counts
from suffice.statistics.tally import Tally

ALL_ZERO = "every value is 0, and the likelihood is highest at the bound mean = 0"


@dataclass(frozen=True, slots=True, repr=False)
class Poisson(DiscreteDistribution):
    """The Poisson distribution, P(X = k; m) = mᵏ exp(−m)/k!, k = 0, 1, 2, … .

    Parameters
    ----------
    mean : m, a positive number, or 0 for the constant 0

    Examples
    --------
    >>> round(Poisson(mean=2).pmf(0), 10)
    0.1353352832
    """

    mean: float

    parameters = (Parameter("mean", positive, "shape", "the mean", closed=(0.0,)),)
    support = counts
    sufficient = Tally()
    scope = "global"
    exponential = True

    @staticmethod
    def _log_density(x: Any, mean: Any) -> Any:
        # log mᵏ − m and log k! cancel when k is large, so they are taken together (Loader 2000).
        inside = counts.contains(x) & (x < np.inf)
        k = np.where(inside & (x > 0), x, 1.0)
        some = stirling(k) - np.log(k) - k * excess_of_log((mean - k) / k, mean / k)
        return np.where(inside, np.where(x > 0, some, -mean), -np.inf)

    @staticmethod
    def _derivatives(x: Any, mean: Any) -> tuple[list[Any], list[Any]]:
        # The derivative of k log m at k = 0 is 0, also at m = 0.
        m = np.where(x == 0, 1.0, mean)
        return [x / m - 1.0], [-x / m**2]

    @staticmethod
    def _cdf(x: Any, mean: Any) -> Any:
        k = np.floor(x)
        return np.where(k < 0, 0.0, upper_gamma(np.maximum(k, 0.0) + 1.0, mean))

    @staticmethod
    def _ccdf(x: Any, mean: Any) -> Any:
        k = np.floor(x)
        return np.where(k < 0, 1.0, lower_gamma(np.maximum(k, 0.0) + 1.0, mean))

    @staticmethod
    def _log_cdf(x: Any, mean: Any) -> Any:
        k = np.floor(x)
        return np.where(k < 0, -np.inf, log_upper_gamma(np.maximum(k, 0.0) + 1.0, mean))

    @staticmethod
    def _log_ccdf(x: Any, mean: Any) -> Any:
        k = np.floor(x)
        return np.where(k < 0, 0.0, log_lower_gamma(np.maximum(k, 0.0) + 1.0, mean))

    @staticmethod
    def _about(z: Any, mean: Any) -> Any:
        """Return an integer near the quantile z standard deviations out (Cornish and Fisher 1938)."""
        return mean + np.sqrt(mean) * z + (z * z - 1.0) / 6.0

    variance = property(lambda self: self.mean, doc="The variance.")

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for mean 0, where nothing varies."""
        return float(1.0 / np.sqrt(self.mean)) if self.mean > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for mean 0."""
        return 1.0 / self.mean if self.mean > 0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats, by summation; for a mean above 500 by its asymptotic series."""
        m = self.mean
        if m > 500.0:
            series = 1 / 12 + (1 / 24 + (19 / 360 + (9 / 80 + 863 / 2520 / m) / m) / m) / m
            return float(0.5 * (np.log(2.0 * np.pi * m) + 1.0) - series / m)
        log_p = self._log_density(np.arange(1200.0), m)
        return float(-np.sum(np.where(log_p > -700.0, np.exp(log_p) * log_p, 0.0)))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.poisson(self.mean, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.array([[max(np.average(x, weights=weights), 0.5 / len(x))]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        return ((0.0,), ALL_ZERO) if look.maximum == 0.0 else None
