"""Derivatives of a function that is rounded: in its value, and in the point at which it is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["LocalQuadratic", "local_quadratic"]

Floats = NDArray[np.float64]

# Half-widths of the fits along an axis, in a coordinate in which functions change over about 1; the first is FIRST.
RUNGS = (2.0**-14, 2.0**-11, 2.0**-8, 2.0**-6, 2.0**-4, 2.0**-2)
FIRST = 2.0**-8
# Nine points and a polynomial of degree 4 leave four residuals, which measure rounding and truncation together. The
# distances are irregular: at regular ones the rounding of a line may be a line, which no residual shows.
POINTS = np.array([-1.0, -0.79, -0.47, -0.26, 0.0, 0.31, 0.53, 0.83, 1.0])
DEGREE = 4
POWERS = np.vander(POINTS, DEGREE + 1, increasing=True)
INVERSE = np.linalg.pinv(POWERS)
# Where else a function is looked at that does not change at these points, ahead and behind, in units of the widest fit.
FAR = (1.0, 0.7)
# A slope that is known to this share of what the function changes by is good enough.
GOOD = 1e-8


@dataclass(frozen=True, slots=True)
class LocalQuadratic:
    """A function near a point, to second order.

    Parameters
    ----------
    at : the point of evaluation, shape (q,)
    value, gradient, hessian : there, shapes (), (q,), (q, q)
    error : standard errors of the gradient, from the residuals, shape (q,)
    rounding : how far the values scatter about a smooth function (root mean square)
    """

    at: Floats
    value: float
    gradient: Floats
    hessian: Floats
    error: Floats
    rounding: float

    def moved(self, phi: Floats) -> tuple[float, Floats]:
        """Return value and gradient (q,) at a point (q,) that rounding did not reach, by Taylor's series."""
        step = phi - self.at
        value = self.value + self.gradient @ step + 0.5 * step @ self.hessian @ step
        return float(value), self.gradient + self.hessian @ step


@dataclass(frozen=True, slots=True)
class _Axis:
    """A polynomial fit along one axis: half-width, first two derivatives, the slope's error, the residuals' size."""

    width: float
    slope: float = 0.0
    bend: float = 0.0
    error: float = np.inf
    rounding: float = 0.0

    @property
    def is_good(self) -> bool:
        return self.error <= GOOD * (abs(self.slope) + abs(self.bend))

    @property
    def reach(self) -> float:
        """How far the slope changes little, but not beyond the fits."""
        longest = 0.5 * RUNGS[-1]
        return min(longest, 0.1 * abs(self.slope / self.bend)) if self.bend else longest

    @property
    def is_constant(self) -> bool:
        return self.error == self.slope == self.bend == 0.0


@dataclass(frozen=True, slots=True)
class _Sampler:
    """A function f(φ) that is evaluated at realized(φ), about a centre.

    `here` is the realized centre, `value` the function there.
    """

    function: Callable[[Floats], float]
    realized: Callable[[Floats], Floats]
    centre: Floats
    here: Floats
    value: float

    def moved(self, step: Floats) -> tuple[Floats, float]:
        """Return how far the realized point and the value moved."""
        phi = self.centre + step
        return self.realized(phi) - self.here, self.function(phi) - self.value


def local_quadratic(
    function: Callable[[Floats], float],
    phi: Floats,
    realized: Callable[[Floats], Floats] = lambda phi: phi,
    mixed: bool = True,
) -> LocalQuadratic:
    """Return value, gradient and Hessian at φ, each from points so far apart that rounding does not spoil it.

    Along each axis a polynomial is fitted to nine points; its residuals tell the rounding, and where that is too large
    wider and narrower fits compete. Differences are divided by the distances between the points that were realized.

    Parameters
    ----------
    function : of φ, shape (q,); evaluated at realized(φ) in truth
    phi : ndarray, shape (q,), in coordinates in which functions change over about 1
    realized : φ → where the function is evaluated when asked for φ, shape (q,)
    mixed : whether second derivatives in two coordinates are wanted; they cost q(q − 1) evaluations

    Source: residuals of a local polynomial as the measure of noise, as in Moré and Wild (2011), Estimating
    computational noise; the width as in Ridders (1982) by the smallest estimated error.

    Examples
    --------
    >>> found = local_quadratic(lambda x: round(1e4 * np.exp(x[0])) / 1e4, np.zeros(1))
    >>> bool(abs(found.gradient[0] - 1.0) < 1e-3), bool(1e-5 < found.rounding < 1e-4)
    (True, True)
    """
    q = len(phi)
    sampler = _Sampler(function, realized, phi, realized(phi), function(phi))
    axes = [_along(sampler, i) for i in range(q)]
    gradient, hessian = np.array([axis.slope for axis in axes]), np.diag([axis.bend for axis in axes])
    error, rounding = np.array([axis.error for axis in axes]), max((axis.rounding for axis in axes), default=0.0)
    if mixed and q > 1:
        hessian += _mixed(sampler, axes, gradient, rounding)
    return LocalQuadratic(sampler.here, sampler.value, gradient, hessian, error, rounding)


def _along(sampler: _Sampler, i: int) -> _Axis:
    """Return the best fit along axis i."""
    first = _fitted(sampler, i, FIRST)
    if first.is_good:
        return first
    far = _far_changes(sampler, i)
    if first.error == np.inf and not far.any():
        return _Axis(FIRST, error=0.0)
    tried, known, before = [], np.inf, 0.0
    for width in RUNGS:
        axis = first if width == FIRST else _fitted(sampler, i, width)
        # The error of rounding falls as 1/width and no faster: a smaller residual is luck.
        floor = known * before / width if known < np.inf else 0.0
        tried.append(replace(axis, error=max(axis.error, floor)))
        known, before = tried[-1].error, width
    best = min(tried, key=lambda axis: axis.error)
    # Flat at the points of every fit, but not elsewhere: a rounding of a last place, or a step. It bounds the slope.
    bound = float(np.abs(far).max()) / (FAR[1] * RUNGS[-1])
    return replace(best, error=bound) if best.error == np.inf and np.isfinite(bound) else best


def _fitted(sampler: _Sampler, i: int, width: float) -> _Axis:
    """Fit a polynomial to nine points; the error is infinite where they tell nothing."""
    axis = np.eye(len(sampler.centre))[i]
    moves = [sampler.moved(width * t * axis) if t else (0.0 * axis, 0.0) for t in POINTS]
    t, rise = np.array([step[i] for step, _ in moves]) / width, np.array([value for _, value in moves])
    distinct = 1 + np.count_nonzero(np.diff(t))
    if not (np.isfinite(rise).all() and rise.any() and distinct > DEGREE + 1):
        return _Axis(width)
    unit = np.abs(rise).max()
    powers, inverse = _powers(t)
    fit = inverse @ (rise / unit)
    left = rise / unit - powers @ fit
    rounding = unit * np.sqrt(left @ left / (len(t) - DEGREE - 1))
    # a rounded number is off by a twelfth of the square of its last place
    least = np.sqrt(1.0 / 12.0) * np.spacing(abs(sampler.value))
    error = max(rounding, least) * np.sqrt(inverse[1] @ inverse[1]) / width
    return _Axis(width, unit * fit[1] / width, unit * 2.0 * fit[2] / width**2, float(error), float(rounding))


def _powers(t: Floats) -> tuple[Floats, Floats]:
    """Return the powers of the realized points (9,), shape (9, 5), and their pseudo-inverse."""
    if np.abs(t - POINTS).max() < 1e-11:
        return POWERS, INVERSE
    powers = np.vander(t, DEGREE + 1, increasing=True)
    return powers, np.asarray(np.linalg.pinv(powers), dtype=float)


def _far_changes(sampler: _Sampler, i: int) -> Floats:
    """Return by how much the function changes along axis i far away, shape (2,)."""
    axis = np.eye(len(sampler.centre))[i]
    return np.array(
        [sampler.moved(sign * share * RUNGS[-1] * axis)[1] for sign, share in zip((1.0, -1.0), FAR, strict=True)]
    )


def _mixed(sampler: _Sampler, axes: list[_Axis], gradient: Floats, rounding: float) -> Floats:
    """Return the mixed second derivatives, shape (q, q), from what gradient and diagonal leave on diagonals."""
    q = len(axes)
    found, bends = np.zeros((q, q)), np.array([axis.bend for axis in axes])
    change = np.abs(gradient).max()
    wanted = (rounding / change) ** 0.25 if change > 0 else 0.0
    steps = [max(0.5 * axis.width, min(wanted, axis.reach)) for axis in axes]
    for i in range(q):
        for j in [j for j in range(i) if not (axes[i].is_constant or axes[j].is_constant)]:
            along = steps[i] * np.eye(q)[i] + steps[j] * np.eye(q)[j]
            moves = [sampler.moved(sign * along) for sign in (1.0, -1.0)]
            left = np.array([rise - gradient @ d - 0.5 * bends @ (d * d) for d, rise in moves])
            areas = np.array([d[i] * d[j] for d, _ in moves])
            found[i, j] = found[j, i] = left @ areas / (areas @ areas)
    return found
