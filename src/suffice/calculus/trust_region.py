"""Newton's method in a trust region, which asks for derivatives and is told them: many problems at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.calculus.trust_region_step import Step, plan_step
from suffice.errors import ParameterError, ShapeError

__all__ = ["NewtonTrustRegion", "Reason", "maximise"]

Floats = NDArray[np.float64]


class Reason(IntEnum):
    """Why a problem stopped; `sentence` says it in words."""

    RUNNING = 0
    CONVERGED = 1
    ROUNDING = 2
    FLAT = 3
    RUNAWAY = 4
    STUCK = 5
    ITERATIONS = 6
    NOT_FINITE = 7
    BEATEN = 8

    @property
    def sentence(self) -> str:
        """The reason for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.RUNNING: "the search still runs",
    Reason.CONVERGED: "the gain still to be had is below the tolerance",
    Reason.ROUNDING: "no step improves the objective or its gradient beyond rounding",
    Reason.FLAT: "the objective is flat in some direction: neither slope nor curvature are left",
    Reason.RUNAWAY: "the objective still rises, ever less, while the point moves away without end",
    Reason.STUCK: "the objective does not follow its derivatives: a kink, a jump or a wrong gradient",
    Reason.ITERATIONS: "the allowed number of iterations was used up",
    Reason.NOT_FINITE: "the objective or its derivatives are not finite at the starting point",
    Reason.BEATEN: "another search ended higher than this one could come",
}

# Plain integers: looking a member up in an enumeration costs as much as an operation on a small array.
_CONVERGED, _ROUNDING, _FLAT, _RUNAWAY, _STUCK, _ITERATIONS, _NOT_FINITE = map(int, list(Reason)[1:8])
_sum = np.add.reduce

# A step that gains less than this share of the forecast is refused (Nocedal and Wright 2006, algorithm 4.1).
_WORTH = 1e-4
# Objective values are compared only where the forecast gain exceeds this multiple of their rounding.
_UNSEEN = 10.0
# So many times the gain that a search forecasts, it may still have before it.
_HOPE = 10.0
# A gain below the tolerance with a Newton step longer than this (relative to 1 + |point|) is no arrival.
_LONG = 1e-3
# So many such steps in a row are a run to infinity: −exp(−φ) has steps of length 1 for ever.
_PATIENCE = 8


@dataclass(frozen=True, slots=True)
class _Settings:
    tolerance: float
    max_radius: float
    iterations: int
    scale: Floats | float
    noise: float


@dataclass(frozen=True, slots=True)
class NewtonTrustRegion:
    """The state of m searches for a maximum over p coordinates; `tell` returns the next state.

    Evaluate the objective at `points`, `tell` the values and derivatives, until `done`. Each step
    maximises the quadratic model exactly within the trust radius, so points where the Hessian is
    not negative definite, saddle points with zero gradient included, are left uphill. Below the
    rounding of the objective a step is taken if it shortens the gradient.

    Attributes
    ----------
    points : array, shape (m, p)
        Where to evaluate next; a problem that is done repeats its best point.
    best, best_value, best_gradient, best_hessian : arrays, shapes (m, p), (m,), (m, p), (m, p, p)
        The best point so far and what was told there.
    gain : array, shape (m,)
        The Newton decrement ½ gᵀ(−H)⁻¹g in units of the objective; ∞ where −H is not positive definite.
    reason : array of int, shape (m,)
        Codes of `Reason`.
    iteration : int
        How many times the state was told.

    Source: Moré and Sorensen (1983), Computing a trust region step.

    Examples
    --------
    >>> state = NewtonTrustRegion.start([[3.0]])
    >>> while not state.done:
    ...     x = state.points[:, 0]
    ...     state = state.tell(x - np.exp(x), (1 - np.exp(x))[:, None], -np.exp(x)[:, None, None])
    >>> bool(state.converged[0]), abs(float(state.best[0, 0])) < 1e-4
    (True, True)
    """

    points: Floats
    best: Floats
    best_value: Floats
    best_gradient: Floats
    best_hessian: Floats
    radius: Floats
    gain: Floats
    reason: NDArray[np.int8]
    iteration: int
    _length: Floats
    _forecast: Floats
    _long_steps: NDArray[np.int64]
    _settings: _Settings

    @classmethod
    def start(
        cls,
        points: ArrayLike,
        *,
        tolerance: float = 1e-10,
        radius: float = 1.0,
        max_radius: float = 20.0,
        iterations: int = 200,
        scale: ArrayLike = 1.0,
        noise: float = 1e-13,
    ) -> NewtonTrustRegion:
        """Begin at given points.

        Parameters
        ----------
        points : array, shape (m, p)
        tolerance : float
            A problem is converged when scale · gain ≤ tolerance: nats, where the objective times
            `scale` is a log-likelihood.
        radius, max_radius : float
            The first and the largest trust radius, in units of the coordinates.
        iterations : int
            How often the state may be told.
        scale : float or array, shape (m,)
            Number of rows, where the objective is a mean.
        noise : float
            Rounding of the objective, relative to its value.

        Raises
        ------
        ShapeError, ParameterError
        """
        at = np.array(points, dtype=float)
        if at.ndim != 2 or at.shape[1] == 0:
            raise ShapeError(
                f"points must have shape (m, p) with p ≥ 1, but have shape {at.shape}; "
                "one problem of p coordinates is points[None, :]",
                shape=at.shape,
            )
        if not (tolerance > 0 and 0 < radius <= max_radius and iterations >= 1):
            raise ParameterError(
                "tolerance, radius and iterations must be positive and radius ≤ max_radius, but "
                f"tolerance = {tolerance:g}, radius = {radius:g}, max_radius = {max_radius:g}, "
                f"iterations = {iterations}"
            )
        m, p = at.shape
        zeros = np.zeros(m)
        settings = _Settings(tolerance, max_radius, iterations, _scale(scale), noise)
        return cls(
            points=at,
            best=at,
            best_value=np.full(m, -np.inf),
            best_gradient=np.zeros((m, p)),
            best_hessian=np.broadcast_to(-np.eye(p), (m, p, p)),
            radius=np.full(m, float(radius)),
            gain=np.full(m, np.inf),
            reason=np.zeros(m, dtype=np.int8),
            iteration=0,
            _length=zeros,
            _forecast=zeros,
            _long_steps=np.zeros(m, dtype=np.int64),
            _settings=settings,
        )

    @property
    def active(self) -> NDArray[np.bool_]:
        """Which problems still run, shape (m,)."""
        return self.reason == 0

    @property
    def done(self) -> bool:
        """Whether no problem runs any more."""
        return bool(self.reason.all())

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Which problems stopped at a maximum, to the tolerance or to rounding, shape (m,)."""
        settings = self._settings
        rounding = settings.noise * np.abs(self.best_value) * settings.scale
        small = self.gain * settings.scale <= np.maximum(settings.tolerance, rounding)
        return (self.reason == _CONVERGED) | ((self.reason == _ROUNDING) & small)

    def among_rivals(self, lead: float, known: float = -np.inf) -> NewtonTrustRegion:
        """Return the state with those searches ended that will not come within `lead` of one that converged.

        Nor of a `known` value of the objective, reached elsewhere. For searches of one objective from several starts:
        one that creeps to a lower point need not arrive.
        """
        arrived = max(known, np.where(self.converged, self.best_value, -np.inf).max())
        beaten = self.active & (self.best_value + _HOPE * self.gain < arrived - lead)
        return (
            replace(self, reason=np.where(beaten, Reason.BEATEN, self.reason).astype(np.int8)) if beaten.any() else self
        )

    @property
    def forecast(self) -> Floats:
        """The rise of the objective that is expected at `points`, shape (m,)."""
        return self._forecast

    def aimed(self, points: Floats, forecast: Floats) -> NewtonTrustRegion:
        """Return the state with other points to evaluate next, within the trust radius, and the rise expected there."""
        length = np.sqrt(_sum((points - self.best) ** 2, axis=1))
        return replace(self, points=points, _forecast=forecast, _length=length)

    def tell(self, values: ArrayLike, gradients: ArrayLike, hessians: ArrayLike) -> NewtonTrustRegion:
        """Return the next state, given the objective at `points`.

        Parameters
        ----------
        values : array, shape (m,)
            −∞ or NaN where the point is outside the objective's domain: the step is refused and shortened.
        gradients : array, shape (m, p)
        hessians : array, shape (m, p, p)

        Raises
        ------
        ShapeError
        """
        value = np.asarray(values, dtype=float)
        gradient = np.asarray(gradients, dtype=float)
        hessian = np.asarray(hessians, dtype=float)
        m, p = self.points.shape
        if value.shape != (m,) or gradient.shape != (m, p) or hessian.shape != (m, p, p):
            raise ShapeError(
                f"values, gradients and hessians must have shapes {(m,)}, {(m, p)} and {(m, p, p)}, "
                f"but have {value.shape}, {gradient.shape} and {hessian.shape}"
            )
        with np.errstate(all="ignore"):
            usable = np.isfinite(value + _sum(gradient, axis=1) + _sum(hessian, axis=(1, 2)))
            if self.iteration == 0:
                return self._begin(usable, value, gradient, hessian)
            return self._judge(usable, value, gradient, hessian)

    def _begin(self, usable: NDArray[np.bool_], value: Floats, gradient: Floats, hessian: Floats) -> NewtonTrustRegion:
        reason = np.where(usable, 0, _NOT_FINITE).astype(np.int8)
        return self._proceed(usable, value, gradient, hessian, self.radius, reason)

    def _judge(self, usable: NDArray[np.bool_], value: Floats, gradient: Floats, hessian: Floats) -> NewtonTrustRegion:
        """Accept or refuse what was told, and set the trust radius by how well it was forecast."""
        settings = self._settings
        rise = value - self.best_value
        rounding = _UNSEEN * settings.noise * np.abs(self.best_value)
        unseen = self._forecast <= rounding
        before = self.best_gradient
        flatter = _sum(gradient * gradient, axis=1) < _sum(before * before, axis=1)
        level = usable & (rise >= -rounding)
        running = self.reason == 0
        accepted = running & usable & np.where(unseen, flatter & level, rise > _WORTH * self._forecast)
        stalled = running & unseen & level & ~flatter

        radius, reason = self._widen(rise, unseen), self.reason
        if not accepted.all():
            radius = np.where(accepted, radius, 0.25 * self._length)
            lost = running & ~accepted & (radius < 1e-15 * (1 + _size(self.best)))
            reason = np.where(stalled, _ROUNDING, np.where(lost, _STUCK, reason)).astype(np.int8)
        return self._proceed(accepted, value, gradient, hessian, radius, reason)

    def _widen(self, rise: Floats, unseen: NDArray[np.bool_]) -> Floats:
        """Return the trust radius after an accepted step."""
        trusted = unseen | (rise > 0.75 * self._forecast)
        doubted = ~unseen & (rise < 0.25 * self._forecast)
        at_edge = self._length > 0.8 * self.radius
        wider = np.minimum(2.5 * self.radius, self._settings.max_radius)
        return np.where(doubted, 0.5 * self._length, np.where(trusted & at_edge, wider, self.radius))

    def _proceed(
        self,
        accepted: NDArray[np.bool_],
        value: Floats,
        gradient: Floats,
        hessian: Floats,
        radius: Floats,
        reason: NDArray[np.int8],
    ) -> NewtonTrustRegion:
        """Move to the accepted points, plan the next steps from there, and see who has arrived."""
        best, best_value = self.points, value
        best_gradient, best_hessian = gradient, hessian
        if not accepted.all():
            best = np.where(accepted[:, None], self.points, self.best)
            best_value = np.where(accepted, value, self.best_value)
            best_gradient = np.where(accepted[:, None], gradient, self.best_gradient)
            best_hessian = np.where(accepted[:, None, None], hessian, self.best_hessian)
        step = plan_step(best_gradient, best_hessian, radius)
        reason, long_steps = self._arrivals(step, best, radius, reason)
        move = np.where((reason == 0)[:, None], step.move, 0.0)
        return NewtonTrustRegion(
            points=best + move,
            best=best,
            best_value=best_value,
            best_gradient=best_gradient,
            best_hessian=best_hessian,
            radius=radius,
            gain=step.gain,
            reason=reason,
            iteration=self.iteration + 1,
            _length=step.length,
            _forecast=step.forecast,
            _long_steps=long_steps,
            _settings=self._settings,
        )

    def _arrivals(
        self, step: Step, best: Floats, radius: Floats, reason: NDArray[np.int8]
    ) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        settings = self._settings
        # What a step of length 1 would gain: a radius that a kink has shrunk does not make it flat.
        prospect = step.forecast / np.minimum(radius, 1.0) ** 2
        arrived = np.where(step.concave, step.gain, prospect) * settings.scale <= settings.tolerance
        last = self.iteration + 1 >= settings.iterations
        long_steps = self._long_steps
        if not (last or arrived.any()):
            return reason, long_steps * 0
        long = arrived & step.concave & (step.newton_length > _LONG * (1 + _size(best)))
        long_steps = np.where(long, long_steps + 1, 0)
        verdict = np.where(arrived & ~long, np.where(step.concave, _CONVERGED, _FLAT), 0)
        verdict = np.where(long_steps > _PATIENCE, _RUNAWAY, verdict)
        if last:
            verdict = np.where(verdict == 0, _ITERATIONS, verdict)
        return np.where(reason == 0, verdict, reason).astype(np.int8), long_steps


def _size(points: Floats) -> Floats:
    return np.maximum.reduce(np.abs(points), axis=1)


def _scale(scale: ArrayLike) -> Floats | float:
    """Return one number as a float, with which arrays calculate faster."""
    sizes = np.asarray(scale, dtype=float)
    return float(sizes) if sizes.ndim == 0 else sizes


Objective = Callable[[Floats], tuple[ArrayLike, ArrayLike, ArrayLike]]


def maximise(
    objective: Objective,
    start: ArrayLike,
    *,
    tolerance: float = 1e-10,
    radius: float = 1.0,
    max_radius: float = 20.0,
    iterations: int = 200,
    scale: ArrayLike = 1.0,
    noise: float = 1e-13,
) -> NewtonTrustRegion:
    """Maximise a function that returns its value, gradient and Hessian.

    Parameters
    ----------
    objective : callable
        From points, shape (m, p), to (value (m,), gradient (m, p), Hessian (m, p, p)); where `start`
        has shape (p,), from shape (p,) to shapes (), (p,), (p, p).
    start : array, shape (m, p) or (p,)
    tolerance, radius, max_radius, iterations, scale, noise
        As in `NewtonTrustRegion.start`.

    Returns
    -------
    NewtonTrustRegion
        The last state, with m = 1 where `start` is one point.

    Examples
    --------
    >>> def bowl(x):
    ...     return -np.sum((x - 1) ** 2), -2 * (x - 1), -2 * np.eye(2)
    >>> maximise(bowl, [5.0, -3.0]).best
    array([[1., 1.]])
    """
    at = np.asarray(start, dtype=float)
    single = at.ndim == 1
    state = NewtonTrustRegion.start(
        at[None] if single else at,
        tolerance=tolerance,
        radius=radius,
        max_radius=max_radius,
        iterations=iterations,
        scale=scale,
        noise=noise,
    )
    while not state.done:
        if single:
            value, gradient, hessian = objective(state.points[0])
            one = np.asarray(value, dtype=float).reshape(1)
            state = state.tell(one, np.asarray(gradient)[None], np.asarray(hessian)[None])
        else:
            state = state.tell(*objective(state.points))
    return state
