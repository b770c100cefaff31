"""Domains of a parameter, and the map from each to a coordinate without bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.errors import ParameterError

__all__ = ["Interval", "chain", "positive", "real", "unit_interval"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An open interval (lower, upper), with the increasing map φ ↦ θ of the real line onto it.

    ================  ==========================================
    domain            θ(φ)
    ================  ==========================================
    (−∞, ∞)           φ
    (a, ∞)            a + exp(φ)
    (−∞, b)           b − exp(−φ)
    (a, b)            a + (b − a)/(1 + exp(−φ))
    ================  ==========================================

    Everything is elementwise, for arrays of any shape.

    Parameters
    ----------
    lower, upper : float
        The ends, which do not belong to the domain; infinite where there is none.
    name : str
        The word that stands for the domain in a printed model; it has no part in equality.

    Raises
    ------
    ParameterError
        If lower is not below upper.

    Examples
    --------
    >>> share = Interval(0.0, 1.0)
    >>> float(share.unconstrain(0.5)), float(share.constrain(0.0))
    (0.0, 0.5)
    >>> share.describe()
    'a number between 0 and 1'
    """

    lower: float = -np.inf
    upper: float = np.inf
    name: str = field(default="interval", compare=False)

    def __post_init__(self) -> None:
        if not self.lower < self.upper:
            raise ParameterError(
                f"an interval needs lower < upper, but lower = {self.lower:g} and upper = {self.upper:g}; "
                "exchange them",
                lower=self.lower,
                upper=self.upper,
            )

    def contains(self, theta: ArrayLike) -> NDArray[np.bool_]:
        """Say of each value whether it lies inside; NaN and infinite values do not."""
        values = np.asarray(theta, dtype=float)
        return np.asarray((values > self.lower) & (values < self.upper))

    def unconstrain(self, theta: ArrayLike) -> Floats:
        """Return φ(θ): ±∞ at an end of the domain, NaN outside."""
        values = np.asarray(theta, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self._bounded_below and self._bounded_above:
                return np.log(values - self.lower) - np.log(self.upper - values)
            if self._bounded_below:
                return np.log(values - self.lower)
            if self._bounded_above:
                return -np.log(self.upper - values)
            return values

    def constrain(self, phi: ArrayLike) -> Floats:
        """Return θ(φ); far out it rounds to the end of the domain, or to ±∞."""
        values = np.asarray(phi, dtype=float)
        with np.errstate(over="ignore"):
            if self._bounded_below and self._bounded_above:
                return self._between(values)
            if self._bounded_below:
                return self.lower + np.exp(values)
            if self._bounded_above:
                return self.upper - np.exp(-values)
            return values

    def derivatives(self, phi: ArrayLike) -> tuple[Floats, Floats]:
        """Return dθ/dφ and d²θ/dφ², each of the shape of `phi`."""
        values = np.asarray(phi, dtype=float)
        with np.errstate(over="ignore"):
            if self._bounded_below and self._bounded_above:
                decay = np.exp(-np.abs(values))
                first = (self.upper - self.lower) * decay / (1 + decay) ** 2
                return first, -first * np.tanh(values / 2)
            if self._bounded_below:
                first = np.exp(values)
                return first, first
            if self._bounded_above:
                first = np.exp(-values)
                return first, -first
            return np.ones_like(values), np.zeros_like(values)

    @property
    def scale(self) -> str:
        """The name of the scale of φ: "log", "logit", or "" where φ is θ itself."""
        if self._bounded_below and self._bounded_above:
            return "logit"
        return "log" if self._bounded_below or self._bounded_above else ""

    def describe(self) -> str:
        """Return the domain in words: "a positive number"."""
        if self._bounded_below and self._bounded_above:
            return f"a number between {self.lower:g} and {self.upper:g}"
        if self._bounded_below:
            return "a positive number" if self.lower == 0 else f"a number above {self.lower:g}"
        if self._bounded_above:
            return "a negative number" if self.upper == 0 else f"a number below {self.upper:g}"
        return "a real number"

    @property
    def _bounded_below(self) -> bool:
        return self.lower > -np.inf

    @property
    def _bounded_above(self) -> bool:
        return self.upper < np.inf

    def _between(self, phi: Floats) -> Floats:
        # Measured from the nearer end, so that neither end loses the digits of the distance to it.
        decay = np.exp(-np.abs(phi))
        share = (self.upper - self.lower) * (decay / (1 + decay))
        return np.where(phi < 0, self.lower + share, self.upper - share)


real = Interval(name="real")
positive = Interval(0.0, name="positive")
unit_interval = Interval(0.0, 1.0, name="unit_interval")


def chain(gradient: ArrayLike, hessian: ArrayLike, first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Turn derivatives with respect to θ into derivatives with respect to φ, where θᵢ = θᵢ(φᵢ).

    ∂f/∂φᵢ = θᵢ′ ∂f/∂θᵢ and ∂²f/∂φᵢ∂φⱼ = θᵢ′ θⱼ′ ∂²f/∂θᵢ∂θⱼ + [i = j] θᵢ″ ∂f/∂θᵢ.

    Parameters
    ----------
    gradient : array, shape (..., p)
    hessian : array, shape (..., p, p)
    first, second : array, shape (..., p)
        dθ/dφ and d²θ/dφ², as `Interval.derivatives` returns them.

    Returns
    -------
    (array, shape (..., p)), (array, shape (..., p, p))

    Examples
    --------
    >>> chain([2.0], [[0.0]], *(np.array([d]) for d in positive.derivatives(0.0)))
    (array([2.]), array([[2.]]))
    """
    slope, d1 = np.asarray(gradient, dtype=float), np.asarray(first, dtype=float)
    curved = np.asarray(hessian, dtype=float) * (d1[..., :, None] * d1[..., None, :])
    np.einsum("...ii->...i", curved)[...] += slope * np.asarray(second, dtype=float)
    return slope * d1, curved
