"""The logistic distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import mean_deviation
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.summands import LogisticSummands
from suffice.distributions.symmetric_distribution import SymmetricDistribution

# The standard deviation of the standard distribution.
DEVIATION = float(np.pi / np.sqrt(3.0))


@dataclass(frozen=True, slots=True, repr=False)
class Logistic(SymmetricDistribution):
    """The logistic distribution, P(X ≤ x; μ, σ) = 1/(1 + exp(−(x − μ)/σ)).

    Its density is log-concave, so the log-likelihood is concave in (1/σ, μ/σ), strictly unless the data are constant:
    there is one maximum (Burridge 1981; Pratt 1981).

    Parameters
    ----------
    location : μ, the mean, in the unit of x
    scale : σ, in the unit of x; the standard deviation is σ π/√3

    Examples
    --------
    >>> Logistic(location=0, scale=1).pdf(0)
    0.25
    """

    location: float
    scale: float

    parameters = (
        Parameter("location", real, "location", "the mean"),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = real_line
    pivotal = True
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any) -> Any:
        size = np.abs((x - location) / scale)
        return -np.log(scale) - (size + 2.0 * np.log1p(np.exp(-size)))

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        pull = np.tanh(0.5 * z)  # −d log p/dz
        bend = 2.0 * special.expit(z) * special.expit(-z)  # its derivative, (1 − pull²)/2
        return (
            [pull / scale, (z * pull - 1.0) / scale],
            [-bend / scale**2, -(pull + z * bend) / scale**2, (1.0 - 2.0 * z * pull - z * z * bend) / scale**2],
        )

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any) -> Any:
        return special.expit((x - location) / scale)

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any) -> Any:
        return special.log_expit((x - location) / scale)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any) -> Any:
        return location + scale * special.logit(p)

    mean = property(lambda self: self.location, doc="The mean.")
    standard_deviation = property(lambda self: DEVIATION * self.scale, doc="The standard deviation.")
    variance = property(lambda self: self.standard_deviation * self.standard_deviation, doc="The variance.")
    skewness = property(lambda self: 0.0, doc="The skewness g₁.")
    kurtosis = property(lambda self: 1.2, doc="The excess kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.log(self.scale) + 2.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.logistic(self.location, self.scale, size)

    # -- how it is fitted -----------------------------------------------------------------------

    _spread = staticmethod(mean_deviation)

    @staticmethod
    def _summands(x: Any, location: Any, scale: Any) -> LogisticSummands:
        z = (x - location) / scale
        return LogisticSummands(z, np.exp(z))

    @staticmethod
    def _of_sums(
        n: Any, z: Any, log: Any, s: Any, sz: Any, v: Any, vz: Any, vzz: Any, location: Any, scale: Any
    ) -> tuple[Any, list[Any], list[Any]]:
        pull, z_pull = 2.0 * s - n, 2.0 * sz - z
        return (
            z - 2.0 * log - n * np.log(scale),
            [pull / scale, (z_pull - n) / scale],
            [-2.0 * v / scale**2, -(pull + 2.0 * vz) / scale**2, (n - 2.0 * (z_pull + vzz)) / scale**2],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the median and the mean distance from it, which is 2 σ log 2."""
        return _start(float(np.median(x)), x, weights)

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start with the scale that suits a fixed location, which may lie far from the data."""
        return starts if np.isnan(fixed[0]) else _start(float(fixed[0]), x, weights)


def _start(location: float, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    distance = float(np.average(np.abs(x - location), weights=weights)) / (2.0 * np.log(2.0))
    return np.array([[location, distance or 1.0]])
