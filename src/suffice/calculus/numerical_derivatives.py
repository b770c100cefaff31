"""Derivatives by central differences, with an estimate of their error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.errors import ShapeError

__all__ = [
    "GradientCheck",
    "NumericalDerivative",
    "check_gradient",
    "numerical_gradient",
    "numerical_hessian",
]

Floats = NDArray[np.float64]
Function = Callable[[Floats], ArrayLike]

# Steps h, h/2, …: Richardson's table removes the error terms in h², h⁴, ….
_LEVELS = 5
_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True, eq=False)
class NumericalDerivative:
    """A derivative and, of the same shape, the estimate of its absolute error."""

    value: Floats
    error: Floats


def numerical_gradient(f: Function, x: ArrayLike, *, step: ArrayLike | None = None) -> NumericalDerivative:
    """Return the gradient by central differences, extrapolated to step 0.

    Parameters
    ----------
    f : callable
        Of an array of shape (p,), returning a number or an array of any shape.
    x : array, shape (p,)
    step : float or array, shape (p,), optional
        The largest step; by default 0.1 · max(|x|, 0.1).

    Returns
    -------
    NumericalDerivative
        Shapes (..., p), where f returns shape (...).

    Source: Ridders (1982), Accurate computation of F′(x) and F′(x)F″(x).

    Examples
    --------
    >>> result = numerical_gradient(lambda x: x[0] ** 2, [2.0])
    >>> result.value.round(10), bool(result.error[0] < 1e-9)
    (array([4.]), True)
    """
    at, steps = _point(x, step)
    columns = [_differentiate(partial(_moved, f, at, i), steps[i]) for i in range(at.size)]
    return NumericalDerivative(*(np.stack(parts, axis=-1) for parts in zip(*columns, strict=True)))


def numerical_hessian(f: Function, x: ArrayLike, *, step: ArrayLike | None = None) -> NumericalDerivative:
    """Return the Hessian by central differences, extrapolated to step 0.

    Parameters
    ----------
    f : callable
        Of an array of shape (p,), returning a number.
    x : array, shape (p,)
    step : float or array, shape (p,), optional
        The largest step; by default 0.1 · max(|x|, 0.1).

    Returns
    -------
    NumericalDerivative
        Shapes (p, p).

    Examples
    --------
    >>> numerical_hessian(lambda x: x[0] ** 2 * x[1], [2.0, 3.0]).value.round(6)
    array([[6., 4.],
           [4., 0.]])
    """
    at, steps = _point(x, step)
    p = at.size
    value, error = np.empty((p, p)), np.empty((p, p))
    centre = np.asarray(f(at), dtype=float)
    for i in range(p):
        for j in range(i + 1):
            estimate = _second(f, at, i, j, steps, centre)
            value[i, j], error[i, j] = value[j, i], error[j, i] = float(estimate[0]), float(estimate[1])
    return NumericalDerivative(value, error)


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """A gradient written by hand beside the differences of its function.

    Attributes
    ----------
    claimed, numerical, error : array, shape (p,)
        What was written, the differences, and the estimate of their error.
    wrong : tuple of str
        Names of the components that disagree by more than the error and the tolerance allow.
    """

    claimed: Floats
    numerical: Floats
    error: Floats
    wrong: tuple[str, ...]
    _labels: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether no component is wrong."""
        return not self.wrong

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        if self.agrees:
            return "the gradient agrees with the differences of its function in every component"
        places = [self._labels.index(name) for name in self.wrong]
        return "the gradient is wrong: " + "; ".join(
            f"{self._labels[i]} is {self.claimed[i]:.6g}, but the differences give {self.numerical[i]:.6g}"
            for i in places
        )


def check_gradient(
    f: Function,
    gradient: Callable[[Floats], ArrayLike],
    x: ArrayLike,
    *,
    names: tuple[str, ...] | None = None,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare a gradient written by hand with differences, and name the components that are wrong.

    Parameters
    ----------
    f : callable
        Of an array of shape (p,), returning a number.
    gradient : callable
        Of the same, returning shape (p,).
    x : array, shape (p,)
    names : tuple of str, length p, optional
    tolerance : float
        Disagreement allowed, relative to max(1, |difference quotient|), beside its error.

    Raises
    ------
    ShapeError

    Examples
    --------
    >>> print(check_gradient(lambda x: x[0] * x[1], lambda x: np.array([x[1], -x[0]]), [2.0, 3.0]))
    the gradient is wrong: component 1 is -2, but the differences give 2
    """
    at = np.asarray(x, dtype=float)
    claimed = np.asarray(gradient(at), dtype=float)
    if claimed.shape != at.shape:
        raise ShapeError(f"the gradient must have the shape of x, {at.shape}, but has {claimed.shape}")
    estimate = numerical_gradient(f, at)
    labels = tuple(names) if names is not None else tuple(f"component {i}" for i in range(at.size))
    if len(labels) != at.size:
        raise ShapeError(f"names must have one entry for each of the {at.size} components, but has {len(labels)}")
    allowed = 10 * estimate.error + tolerance * np.maximum(1.0, np.abs(estimate.value))
    wrong = ~(np.abs(claimed - estimate.value) <= allowed)
    return GradientCheck(
        claimed, estimate.value, estimate.error, tuple(labels[i] for i in np.flatnonzero(wrong)), labels
    )


def _point(x: ArrayLike, step: ArrayLike | None) -> tuple[Floats, Floats]:
    at = np.array(x, dtype=float)
    if at.ndim != 1:
        raise ShapeError(f"x must have shape (p,), but has shape {at.shape}")
    steps = 0.1 * np.maximum(np.abs(at), 0.1) if step is None else np.asarray(step, dtype=float)
    return at, np.broadcast_to(steps, at.shape)


def _moved(f: Function, at: Floats, i: int, h: float) -> tuple[Floats, Floats]:
    """Return the central difference quotient and the rounding that it carries."""
    up, down = at.copy(), at.copy()
    up[i] += h
    down[i] -= h
    above, below = np.asarray(f(up), dtype=float), np.asarray(f(down), dtype=float)
    width = up[i] - down[i]
    return (above - below) / width, _EPSILON * (np.abs(above) + np.abs(below)) / width


def _second(f: Function, at: Floats, i: int, j: int, steps: Floats, centre: Floats) -> tuple[Floats, Floats]:
    if i == j:

        def quotient(h: float) -> tuple[Floats, Floats]:
            step = h * np.eye(at.size)[i]
            above, below = np.asarray(f(at + step), dtype=float), np.asarray(f(at - step), dtype=float)
            size = np.abs(above) + np.abs(below) + 2 * np.abs(centre)
            return (above - 2 * centre + below) / h**2, _EPSILON * size / h**2

        return _differentiate(quotient, steps[i])

    def mixed(share: float) -> tuple[Floats, Floats]:
        a, b = share * steps[i] * np.eye(at.size)[i], share * steps[j] * np.eye(at.size)[j]
        corners = [np.asarray(f(at + s * a + t * b), dtype=float) for s in (1, -1) for t in (1, -1)]
        area = 4 * share**2 * steps[i] * steps[j]
        total = corners[0] - corners[1] - corners[2] + corners[3]
        return total / area, _EPSILON * np.abs(np.array(corners)).sum(axis=0) / area

    return _differentiate(mixed, 1.0)


def _differentiate(quotient: Callable[[float], tuple[Floats, Floats]], step: float) -> tuple[Floats, Floats]:
    """Extrapolate a quotient with an error in even powers of h; return the best entry and its error."""
    rows: list[list[Floats]] = []
    best, error = None, None
    for level in range(_LEVELS):
        value, rounding = quotient(step / 2**level)
        row = [value]
        for k in range(level):
            row.append(row[k] + (row[k] - rows[-1][k]) / (4.0 ** (k + 1) - 1))
        if level:
            for k in range(1, len(row)):
                spread = np.maximum(np.abs(row[k] - row[k - 1]), np.abs(row[k] - rows[-1][k - 1])) + rounding
                better = np.ones(np.shape(spread), dtype=bool) if error is None else spread < error
                best = row[k] if best is None else np.where(better, row[k], best)
                error = spread if error is None else np.where(better, spread, error)
        rows.append(row)
    return np.asarray(best), np.asarray(error)
