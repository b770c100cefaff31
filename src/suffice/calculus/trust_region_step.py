"""The exact maximum of quadratic models within a ball, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_sum, _max = np.add.reduce, np.maximum.reduce

_EPSILON = float(np.finfo(float).eps)
_TINY = float(np.finfo(float).tiny)
# The step's length need not match the radius closely; three Newton steps leave below 1 %.
_SECULAR_STEPS = 3
# Where the gradient has no part along the direction of positive curvature, this share of one is given to it.
_NUDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """Steps of m problems: where to move, and what the quadratic model says of it.

    `concave` tells where −H is positive definite beyond rounding; `gain` and `newton_length` are
    the decrement and the length of the unrestricted Newton step there, ∞ elsewhere.
    """

    move: Floats
    length: Floats
    forecast: Floats
    gain: Floats
    newton_length: Floats
    concave: NDArray[np.bool_]


def plan_step(gradient: Floats, hessian: Floats, radius: Floats) -> Step:
    """Maximise gᵀs + ½ sᵀHs subject to |s| ≤ radius.

    In the eigenvectors of −H = QΛQᵀ, with c = Qᵀg, the solution is sᵢ = cᵢ/(λᵢ + μ), μ ≥ max(0, −λ₁),
    with μ = 0 or |s| = radius.

    Parameters
    ----------
    gradient : array, shape (m, p)
    hessian : array, shape (m, p, p)
    radius : array, shape (m,)
    """
    if gradient.shape[1] == 1:
        return _plan_line(gradient, hessian, radius)
    eigenvalues, vectors = np.linalg.eigh(-hessian)
    slopes = (gradient[:, None, :] @ vectors)[:, 0, :]
    lowest = eigenvalues[:, 0]
    rounding = _EPSILON * eigenvalues.shape[1] * np.maximum(-lowest, eigenvalues[:, -1])
    concave = lowest > rounding

    pushed = slopes
    saddle = lowest < -rounding
    if saddle.any():
        push = np.where(saddle, -_NUDGE * lowest * radius, 0.0)
        first = np.where(np.abs(slopes[:, 0]) < push, np.copysign(push, slopes[:, 0]), slopes[:, 0])
        pushed = np.concatenate([first[:, None], slopes[:, 1:]], axis=1)
    parts = pushed / _shifted(pushed, eigenvalues, radius)
    # What the allowed secular steps left outside the ball is shortened: still uphill, and never too long.
    parts = parts * np.minimum(1.0, 1.01 * radius / np.maximum(np.sqrt(_sum(parts * parts, axis=1)), _TINY))[:, None]
    move = (vectors @ parts[:, :, None])[:, :, 0]

    newton = slopes / np.where(concave[:, None], eigenvalues, 1.0)
    return Step(
        move=move,
        length=np.sqrt(_sum(parts * parts, axis=1)),
        forecast=_sum(parts * (slopes - 0.5 * eigenvalues * parts), axis=1),
        gain=np.where(concave, 0.5 * _sum(newton * slopes, axis=1), np.inf),
        newton_length=np.where(concave, np.sqrt(_sum(newton * newton, axis=1)), np.inf),
        concave=concave,
    )


def _shifted(slopes: Floats, eigenvalues: Floats, radius: Floats) -> Floats:
    """Return λᵢ + μ, shape (m, p).

    Each part must fit into the ball, |cᵢ|/(λᵢ + μ) ≤ radius: the largest μ that this asks for is a
    lower bound of the solution with |s| ≤ √p·radius, and from there Newton's method on
    1/|s(μ)| − 1/radius rises monotonically.
    """
    shift = np.maximum(_max(np.abs(slopes) / radius[:, None] - eigenvalues, axis=1), 0.0)
    for _ in range(_SECULAR_STEPS):
        shifted = np.maximum(eigenvalues + shift[:, None], _TINY)
        parts = slopes / shifted
        squares = parts * parts
        squared = _sum(squares, axis=1)
        excess = np.sqrt(squared) / radius - 1.0
        outside = excess > 1e-2
        if not outside.any():
            return shifted
        slope = _sum(squares / shifted, axis=1)
        # Only where needed: no problem's step may depend on the others.
        shift = shift + np.where(outside, excess * squared / np.maximum(slope, _TINY), 0.0)
    return np.maximum(eigenvalues + shift[:, None], _TINY)


def _plan_line(gradient: Floats, hessian: Floats, radius: Floats) -> Step:
    """The same for p = 1, where everything is explicit."""
    slope, curvature = gradient[:, 0], -hessian[:, 0, 0]
    concave = curvature > 0
    size = np.abs(slope)
    newton_length = np.where(concave, size / np.where(concave, curvature, 1.0), np.inf)
    length = np.minimum(newton_length, radius)
    # With neither slope nor curvature there is no step; with curvature upwards and no slope, a full one.
    length = np.where((size == 0) & (curvature == 0), 0.0, length)
    move = np.copysign(length, slope)
    return Step(
        move=move[:, None],
        length=length,
        forecast=length * (size - 0.5 * curvature * length),
        gain=np.where(concave, 0.5 * size * np.where(concave, newton_length, 0.0), np.inf),
        newton_length=newton_length,
        concave=concave,
    )
