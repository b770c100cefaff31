"""The Laplace distribution: two exponential tails about a location."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.laplace_law import LaplaceLaw
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.plan import power_of_two, refuse_degenerate, without_free_parameters
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem
from suffice.distributions.symmetric_distribution import SymmetricDistribution, log_about_kink
from suffice.distributions.weighted_median import weighted_median

LOG_TWO = float(np.log(2.0))
KINK = (
    "the log-likelihood is not differentiable in location at any row, and is highest at the median of the rows "
    "(the middle of the two nearest where their number is even)"
)


@dataclass(frozen=True, slots=True, repr=False)
class Laplace(SymmetricDistribution):
    """The Laplace distribution, p(x; μ, s) = exp(−|x − μ|/s)/(2s), also called double exponential.

    Its likelihood is highest where μ is the median, and s the mean absolute deviation about it. With an even number of
    rows every point between the two middle ones is a maximum: the middle of them is taken. The maximum is a kink, where
    derivatives vanish nowhere and jump; standard errors come from the expected information n/s² of either parameter.

    Parameters
    ----------
    location : μ, the median and mean, in the unit of x
    scale : s, the mean absolute deviation, in the unit of x

    Examples
    --------
    >>> Laplace(location=1, scale=2).icdf(0.5)
    1.0
    """

    location: float
    scale: float

    parameters = (
        Parameter("location", real, "location", "the median"),
        Parameter("scale", positive, "scale", "the mean absolute deviation"),
    )
    support = real_line
    pivotal = True
    # Σ|x − μ| is convex in μ, and the rest has one stationary point in s.
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}

    @classmethod
    def law_given(cls, fixed: Mapping[str, float]) -> LaplaceLaw | None:
        """Return the law of the estimates; None where the location is fixed, and the family regular."""
        return None if "location" in fixed else LaplaceLaw("scale" not in fixed)

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any) -> Any:
        return -np.abs((x - location) / scale) - np.log(scale) - LOG_TWO

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        side, size = np.sign(z), np.abs(z)
        first = [side / scale, (size - 1.0) / scale]
        return first, [np.zeros_like(z), -side / scale**2, (1.0 - 2.0 * size) / scale**2]

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any) -> Any:
        return _below((x - location) / scale)

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any) -> Any:
        return _log_below((x - location) / scale)

    @staticmethod
    def _log_about_kink(low: Any, high: Any, location: Any, scale: Any) -> Any:
        return log_about_kink(lambda size: -np.expm1(-size), (low - location) / scale, (high - location) / scale)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any) -> Any:
        return location + scale * _standard_quantile(np.asarray(p))

    mean = property(lambda self: self.location, doc="The mean.")
    standard_deviation = property(lambda self: float(self.scale * np.sqrt(2.0)), doc="The standard deviation.")
    variance = property(lambda self: 2.0 * self.scale * self.scale, doc="The variance.")
    skewness = property(lambda self: 0.0, doc="The skewness g₁.")
    kurtosis = property(lambda self: 3.0, doc="The excess kurtosis.")
    entropy = property(lambda self: float(1.0 + LOG_TWO + np.log(self.scale)), doc="The entropy in nats.")

    # -- how it is fitted: in z the location is 0 ----------------------------------------------------

    @classmethod
    def plan(cls, look: Look, fixed: Mapping[str, float]) -> Question:
        """Fit by the median and the mean deviation about it."""
        values = tuple(fixed.get(name, np.nan) for name in ("location", "scale"))
        refuse_degenerate(cls, look, Coordinates(cls.parameters, values), look.minimum)
        centre = float(fixed["location"]) if "location" in fixed else (yield from weighted_median(look))
        # far values must not overflow in the unit of the sums, nor the information in that of the solution
        unit = power_of_two(0.5 * max(abs(look.maximum - centre), abs(look.minimum - centre)))
        total = (yield from Likelihood(cls, centre, unit).total(_size, np.empty((1, 0))))[0]
        deviation = float(total / look.n) * unit
        scale = float(fixed.get("scale", deviation))
        factor = power_of_two(scale)
        known = (0.0 if "location" in fixed else np.nan, values[1] / factor)
        problem = Problem(Likelihood(cls, centre, factor), Coordinates(cls.parameters, known))
        if not problem.coordinates.free:
            return (yield from without_free_parameters(problem))
        return _solution(problem, scale / factor, deviation / factor, look.n)

    @classmethod
    def _maximum_of_samples(cls, x: np.ndarray, fixed: Mapping[str, float]) -> np.ndarray:
        location = np.full(len(x), fixed["location"]) if "location" in fixed else np.median(x, axis=-1)
        deviation = np.abs(x - location[:, None]).mean(axis=-1)
        scale = np.full(len(x), fixed["scale"]) if "scale" in fixed else np.where(deviation > 0.0, deviation, np.nan)
        return np.stack([location, scale], axis=-1)


def _solution(problem: Problem, scale: float, deviation: float, n: float) -> Solution:
    """Return the maximum, in z, for a scale and a mean absolute deviation about 0, with the expected information.

    At the kink 0 lies between the slopes on both sides, and stands for them.
    """
    free = problem.coordinates.free
    phi = problem.coordinates.phi(np.array([[0.0, scale]]))[0]
    value = -n * (LOG_TWO + np.log(scale * problem.likelihood.factor) + deviation / scale)
    # in the logarithm of the scale its information is n
    hessian = -np.diag([(n / scale**2, n)[i] for i in free])
    gradient, model = np.zeros(len(free)), problem.model(phi)
    if 0 not in free:
        return Solution(problem, phi, float(value), gradient, hessian, model)
    return Solution(problem, phi, float(value), gradient, hessian, model, status="kink", reason=KINK)


def _size(z: Any) -> Any:
    return np.abs(z)


def _below(z: Any) -> Any:
    """Return P(Z ≤ z) of the standard Laplace variable."""
    half = 0.5 * np.exp(-np.abs(z))
    return np.where(z < 0, half, 1.0 - half)


def _log_below(z: Any) -> Any:
    size = np.abs(z)
    return np.where(z < 0, -size - LOG_TWO, np.log1p(-0.5 * np.exp(-size)))


def _standard_quantile(p: Any) -> Any:
    return np.where(p < 0.5, np.log(2.0 * p), -np.log(2.0 * (1.0 - p)))
