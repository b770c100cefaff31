"""What an interval is of: a scalar function of the coordinates φ, with derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.calculus.rounded_function import LocalQuadratic, local_quadratic
from suffice.calculus.transforms import Interval, real


def as_asked(phi: np.ndarray) -> np.ndarray:
    """Return φ."""
    return phi


@dataclass(frozen=True, slots=True)
class Target:
    """A scalar function of φ, with derivatives.

    Parameters
    ----------
    name : what it is
    at : φ (q,) → value
    coordinate : the position in φ when the function is increasing in that coordinate alone, else −1
    model : the function of the model, where it is one
    exact : φ → value, gradient (q,) and Hessian (q, q), where they are known
    domain : the range of the quantity, where `at` gives it in the scale of that (a probability as log odds)
    note : the scale of the coordinate, where that is not the parameter itself: "in the log scale"
    realized : φ → the coordinates (q,) of the rounded parameters at which `at` evaluates
    """

    name: str
    at: Callable[[np.ndarray], float]
    coordinate: int = -1
    model: Callable[[Any], float] | None = None
    exact: Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]] | None = None
    note: str = ""
    realized: Callable[[np.ndarray], np.ndarray] = as_asked
    domain: Interval = real

    @property
    def scale(self) -> str:
        """Where an interval is symmetric, if not in the quantity itself: "in the logit scale"."""
        return f"in the {self.domain.scale} scale" if self.domain.scale else ""

    def value(self, phi: np.ndarray) -> float:
        """Return the quantity itself at φ, shape (q,)."""
        return float(self.domain.constrain(self.at(phi)))

    def values(self, rows: np.ndarray) -> np.ndarray:
        """Return the quantity itself at each row of φ, shape (m, q); NaN where φ is."""
        none = np.isnan(rows).any(axis=1)
        with np.errstate(all="ignore"):
            return np.array([np.nan if lost else self.value(row) for row, lost in zip(rows, none, strict=True)])

    def local(self, phi: np.ndarray, mixed: bool = True) -> LocalQuadratic:
        """Return value and derivatives at φ, without the rounding of the parameters.

        `mixed` says whether second derivatives in two coordinates are wanted.
        """
        if self.exact is not None:
            return LocalQuadratic(phi, *self.exact(phi), np.zeros(len(phi)), 0.0)
        found = local_quadratic(self.at, phi, self.realized, mixed)
        value, gradient = found.moved(phi)
        return replace(found, at=phi, value=value, gradient=gradient)

    def on_path(self, phi: np.ndarray) -> LocalQuadratic:
        """Return what a path follows: the coordinate itself where the function increases in that alone."""
        if self.coordinate < 0:
            return self.local(phi)
        q, axis = len(phi), np.eye(len(phi))[self.coordinate]
        return LocalQuadratic(phi, float(phi @ axis), axis, np.zeros((q, q)), np.zeros(q), 0.0)
