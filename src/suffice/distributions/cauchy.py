"""The Cauchy distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.student_t_sums import likelihood_from_kernel
from suffice.distributions.symmetric_distribution import SymmetricDistribution
from suffice.errors import NoMaximumError, number_text
from suffice.statistics.likelihood_sums import LikelihoodSummary

# Rows of the sample that are tried as the location for a fixed scale, and how many of them, a scale apart, are starts.
CANDIDATES = 512
PEAKS = 12
# A sample that is not all of the data shows half of them at one value when its share is above this.
CLEAR_HALF = 0.55


@dataclass(frozen=True, slots=True, repr=False)
class Cauchy(SymmetricDistribution):
    """The Cauchy distribution, p(x; μ, σ) = 1/(πσ (1 + ((x − μ)/σ)²)): it has no mean.

    Where location and scale are both free, or the scale alone, the likelihood has one stationary point, a maximum, if
    no value holds half of the rows (Copas 1975, Biometrika 62, 701); if one does, it has none. With the scale fixed
    there may be as many maxima as rows: the search starts at the likeliest of the values themselves.

    Parameters
    ----------
    location : μ, the median, in the unit of x
    scale : σ, half the distance between the quartiles, in the unit of x

    Examples
    --------
    >>> Cauchy(location=0, scale=1).cdf(1)
    0.75
    """

    location: float
    scale: float

    parameters = (
        Parameter("location", real, "location", "the median"),
        Parameter("scale", positive, "scale", "the scale"),
    )
    support = real_line
    pivotal = True
    scope = "global"
    scope_needs = ("scale",)
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any) -> Any:
        u = np.abs(x - location)
        z = u / scale
        far = z > 1e150  # where z² would overflow
        beyond = 2.0 * (np.log(np.where(far, u, 1.0)) - np.log(scale))
        spread = np.where(far, beyond, np.log1p(np.where(far, 0.0, z) ** 2))
        return -np.log(np.pi) - np.log(scale) - spread

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        ratio = 1.0 / (1.0 + z * z)
        share = 1.0 - ratio
        share = np.where(np.abs(z) < 0.5, z * z * ratio, share)  # z²/(1 + z²), which does not overflow
        pull = 2.0 * np.where(np.isfinite(z * z), z * ratio, 1.0 / z)
        bend = 2.0 * (share - ratio) * ratio
        return (
            [pull / scale, (2.0 * share - 1.0) / scale],
            [bend / scale**2, -2.0 * pull * ratio / scale**2, (1.0 - 2.0 * share - 4.0 * share * ratio) / scale**2],
        )

    @staticmethod
    def _sums(x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> LikelihoodSummary | None:
        """Sum by the kernel of Student's t, which this is with df = 1; None where a square overflows."""
        with_df = np.concatenate([theta, np.ones((len(theta), 1))], axis=1)
        constants = np.zeros((3, len(theta)))
        constants[0] = -np.log(np.pi)
        found = likelihood_from_kernel(x, weights, with_df, constants)
        if not np.isfinite(found.value).all() or found.gradient is None or found.hessian is None:
            return None
        if not (np.isfinite(found.gradient[:, :2]).all() and np.isfinite(found.hessian[:, :2, :2]).all()):
            return None
        return replace(found, gradient=found.gradient[:, :2], hessian=found.hessian[:, :2, :2])

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any) -> Any:
        return np.arctan2(scale, location - x) / np.pi

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any) -> Any:
        return _log_tail(x, location, scale)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any) -> Any:
        return location + scale * _quantile(p)

    mean = property(lambda self: float("nan"), doc="NaN: there is no mean.")
    standard_deviation = property(lambda self: float("nan"), doc="NaN: there is no standard deviation.")
    variance = property(lambda self: float("nan"), doc="NaN: there is no variance.")
    skewness = property(lambda self: float("nan"), doc="NaN: there is no skewness.")
    kurtosis = property(lambda self: float("nan"), doc="NaN: there is no kurtosis.")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.log(4.0 * np.pi) + np.log(self.scale))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.location + self.scale * rng.standard_cauchy(size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the median, and the median distance from it."""
        return _start(float(np.median(x)), x)

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start with the scale that suits a fixed location; for a fixed scale at the likeliest rows."""
        location, scale = fixed
        if np.isnan(scale):
            return _start(float(location), x)
        values = np.unique(x[weights > 0.0])
        if len(values) > CANDIDATES:
            values = values[np.linspace(0.0, len(values) - 1.0, CANDIDATES).astype(int)]
        height = Cauchy._log_density(x, values[:, None], scale) @ weights
        chosen: list[float] = []
        for value in values[np.argsort(-height, kind="stable")]:
            if len(chosen) < PEAKS and all(abs(value - other) > scale for other in chosen):
                chosen.append(float(value))
        return np.array([[value, scale] for value in chosen])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        """Refuse data of which one value holds half: the likelihood is highest as the scale shrinks to 0 around it."""
        if look.sample is None or "scale" in fixed:
            return None
        x, weights = look.sample.rows[:, 0], look.sample.weights
        values, where = np.unique(x, return_inverse=True)
        shares = np.bincount(where, weights) / (len(x) if weights is None else weights.sum())
        most = int(np.argmax(shares)) if "location" not in fixed else int(np.searchsorted(values, fixed["location"]))
        if most == len(values) or fixed.get("location", values[most]) != values[most]:
            return None
        if shares[most] < (0.5 if look.sample_is_all else CLEAR_HALF):
            return None
        raise NoMaximumError(
            f"column {look.column!r}: half of the rows or more have the value {number_text(values[most])}, and the "
            "likelihood of Cauchy does not fall as scale → 0 around it: it has no maximum; fix scale with "
            "fixed={'scale': …}, or choose a family for such data",
            column=look.column,
            value=float(values[most]),
        )


def _start(location: float, x: np.ndarray) -> np.ndarray:
    distance = np.abs(x - location)
    return np.array([[location, float(np.median(distance)) or float(distance.mean()) or 1.0]])


def _log_tail(x: Any, location: Any, scale: Any) -> Any:
    """Return log P(X ≤ x): of the angle, by its complement above the median, and of its tangent far below."""
    u = location - np.asarray(x)
    far = u > 1e8 * scale  # the angle is its tangent to all digits, and may underflow
    angle = np.where(far, 1.0, np.arctan2(scale, u)) / np.pi
    above = np.log1p(-np.arctan2(scale, -u) / np.pi)
    tail = np.log(scale) - np.log(np.where(far, u, 1.0)) - np.log(np.pi)
    return np.where(far, tail, np.where(u < 0.0, above, np.log(angle)))


def _quantile(p: Any) -> Any:
    """Return the quantile of the standard distribution: −cot πp, by tan π(p − ½) where p is near ½."""
    p = np.asarray(p, dtype=float)
    middle = np.abs(p - 0.5) < 0.25
    tail = np.minimum(p, 1.0 - p)
    cotangent = np.where(tail > 0.0, 1.0 / np.tan(np.pi * np.where(middle, 0.25, tail)), np.inf)
    return np.where(middle, np.tan(np.pi * (p - 0.5)), np.where(p < 0.5, -cotangent, cotangent))
