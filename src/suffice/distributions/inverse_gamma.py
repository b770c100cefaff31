"""The inverse gamma distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.gamma import Gamma
from suffice.distributions.gamma_by_mean import GammaByMean, assembled
from suffice.distributions.incomplete_gamma import (
    excess_of_log,
    log_lower_gamma,
    log_upper_gamma,
    lower_gamma,
    stirling,
    upper_gamma,
)
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_excess import LogExcess, LogExcessSummary
from suffice.statistics.power_map import PowerMap

RECIPROCALS = PowerMap(-1.0, LogExcess())


class InverseGammaByHarmonicMean:
    """log p(x; k, h) = stirling(k) − log x − k (t − log(1 + t)), t = h/x − 1, at the harmonic mean h = scale/k.

    Shape and harmonic mean are orthogonal, as shape and mean of a gamma variable are; see `gamma_by_mean.py`.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("harmonic_mean", positive, "scale", "the harmonic mean"),
    )
    # shape = shape¹ h⁰, scale = shape¹ h¹
    exponents: ClassVar[np.ndarray] = np.array([[1.0, 0.0], [1.0, 1.0]])
    support = positive_line
    discrete = False
    sufficient = RECIPROCALS
    limits: ClassVar[dict[str, Any]] = {}
    region: ClassVar[str] = ""

    @staticmethod
    def _log_density(x: Any, shape: Any, harmonic_mean: Any) -> Any:
        inside = x > 0
        x = np.where(inside, x, 1.0)
        excess = excess_of_log((harmonic_mean - x) / x, harmonic_mean / x)
        return np.where(inside, stirling(shape) - np.log(x) - shape * excess, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, harmonic_mean: Any) -> tuple[list[Any], list[Any]]:
        t = (harmonic_mean - x) / x
        excess = excess_of_log(t, harmonic_mean / x)
        bend = GammaByMean._derivatives(1.0, shape, 1.0)[1][0]
        first = [log_minus_digamma(shape) - excess, -shape * t / harmonic_mean]
        return first, [bend, -t / harmonic_mean, -shape / harmonic_mean**2]

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        return summary.mapped(1.0 / factor)

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        shape, mean = GammaByMean._starts_from(summary)[0]
        return np.array([[shape, 1.0 / mean]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        return _likelihood(cls, summary, theta)


@dataclass(frozen=True, slots=True, repr=False)
class InverseGamma(ContinuousDistribution):
    """The inverse gamma distribution, p(x; k, b) = b^k x^(−k−1) exp(−b/x)/Γ(k), x > 0: 1/x is gamma distributed.

    The likelihood is that of a gamma for 1/x, so its maximum is the only one. It has none for constant data.

    Parameters
    ----------
    shape : k, a positive number; the moment of order r exists for r < k
    scale : b, in the unit of x; the rate of 1/x

    Examples
    --------
    >>> InverseGamma(shape=3, scale=4).mean
    2.0
    """

    shape: float
    scale: float

    parameters = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = positive_line
    sufficient = RECIPROCALS
    sought_as = InverseGammaByHarmonicMean
    scope = "global"
    exponential = True
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "scale": "∞"}

    @staticmethod
    def _log_density(x: Any, shape: Any, scale: Any) -> Any:
        inside = x > 0
        x = np.where(inside, x, 1.0)
        y = scale / x
        value = stirling(shape) - np.log(x) - shape * excess_of_log((y - shape) / shape, y / shape)
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        return Gamma._derivatives(1.0 / x, shape, scale)

    @staticmethod
    def _cdf(x: Any, shape: Any, scale: Any) -> Any:
        return upper_gamma(shape, _scaled_reciprocal(x, scale))

    @staticmethod
    def _ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return lower_gamma(shape, _scaled_reciprocal(x, scale))

    @staticmethod
    def _log_cdf(x: Any, shape: Any, scale: Any) -> Any:
        return log_upper_gamma(shape, _scaled_reciprocal(x, scale))

    @staticmethod
    def _log_ccdf(x: Any, shape: Any, scale: Any) -> Any:
        return log_lower_gamma(shape, _scaled_reciprocal(x, scale))

    @staticmethod
    def _icdf(p: Any, shape: Any, scale: Any) -> Any:
        return scale / Gamma._iccdf(p, shape, 1.0)

    @staticmethod
    def _iccdf(q: Any, shape: Any, scale: Any) -> Any:
        return scale / Gamma._icdf(q, shape, 1.0)

    @property
    def mean(self) -> float:
        """The mean; infinite for shape ≤ 1."""
        return self.scale / (self.shape - 1.0) if self.shape > 1.0 else float("inf")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for shape ≤ 2."""
        return self.mean / float(np.sqrt(self.shape - 2.0)) if self.shape > 2.0 else float("inf")

    @property
    def variance(self) -> float:
        """The variance; infinite for shape ≤ 2."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for 2 < shape ≤ 3, NaN for shape ≤ 2."""
        k = self.shape
        if k > 3.0:
            return 4.0 * float(np.sqrt(k - 2.0)) / (k - 3.0)
        return float("inf") if k > 2.0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for 2 < shape ≤ 4, NaN for shape ≤ 2."""
        k = self.shape
        if k > 4.0:
            return 6.0 * (5.0 * k - 11.0) / (k - 3.0) / (k - 4.0)
        return float("inf") if k > 2.0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # k + log b + log Γ(k) − (1 + k) ψ(k), without its terms of the order of k, which cancel
        k = self.shape
        return float(np.log(self.scale) - np.log(k) - stirling(k) + (k + 1.0) * log_minus_digamma(k))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.scale / rng.gamma(self.shape, 1.0, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        return summary.mapped(1.0 / factor)

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        """Start at the shape and the scale that are right where both are free."""
        shape, mean = GammaByMean._starts_from(summary)[0]
        return np.array([[shape, shape / mean]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        return _likelihood(cls, summary, theta)


def _scaled_reciprocal(x: Any, scale: Any) -> Any:
    """Return scale/x, ∞ where x ≤ 0."""
    inside = np.asarray(x) > 0.0
    return np.where(inside, scale / np.where(inside, x, 1.0), np.inf)


def _likelihood(family: Any, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
    """Return n times value and derivatives at the harmonic mean, and what the spread s of log x about it adds.

    The mean of log x is log(harmonic mean) + s, which enters the log density as −(k + 1) log x.
    """
    shape, other = theta[..., 0], theta[..., 1]
    spread, centre = summary.spread, 1.0 / summary.mean
    each = family._log_density(centre, shape, other) - (shape + 1.0) * spread
    (along_shape, along_other), (bend, cross, curve) = family._derivatives(centre, shape, other)
    return assembled(summary.weight, each, [along_shape - spread, along_other], [[bend, cross], [cross, curve]])
