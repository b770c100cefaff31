"""Confidence intervals for a parameter, or for any function of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.profile_path import PathReason, ProfilePath
from suffice.distributions.inference_problem import Question
from suffice.distributions.problem import newton
from suffice.errors import NotAvailableError, ParameterError

# Replicates without a value that a percentile interval may leave out.
MOST_LOST = 0.05


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """A confidence interval; unpacks as `lower, upper`.

    Parameters
    ----------
    lower, upper : the ends; infinite where the data set no bound
    level : the confidence, such as 0.95
    method : "wald", "profile" or "bootstrap"
    estimate : the value at the fit
    name : what it is of
    note : what a reader should know, or ""
    """

    lower: float
    upper: float
    level: float
    method: str
    estimate: float
    name: str
    note: str = ""

    def __iter__(self) -> Iterator[float]:
        return iter((self.lower, self.upper))

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return (
            f"{self.name} = {self.estimate:.6g}, {self.level:.4g} {self.method} interval "
            f"({self.lower:.6g}, {self.upper:.6g}){note}"
        )


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
    note : the scale of the coordinate, where that is not the parameter itself: "in the log scale"
    """

    name: str
    at: Callable[[np.ndarray], float]
    coordinate: int = -1
    model: Callable[[Any], float] | None = None
    exact: Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]] | None = None
    note: str = ""

    def gradient(self, phi: np.ndarray) -> np.ndarray:
        """Return the gradient (q,) at φ, by central differences where it is not known."""
        if self.exact is not None:
            return self.exact(phi)[1]
        return np.array([self._slope(phi, axis) for axis in np.eye(len(phi))])

    def _slope(self, phi: np.ndarray, axis: np.ndarray) -> float:
        """Return one slope; the step is as long as the rounding of the value demands (far from 0 it is coarse)."""
        step = 1e-2
        wide = (self.at(phi + step * axis) - self.at(phi - step * axis)) / (2.0 * step)
        grain = np.spacing(abs(self.at(phi)))
        if not np.isfinite(wide) or wide == 0.0:
            return float(wide)
        step = float(np.clip((3.0 * grain / abs(wide)) ** (1.0 / 3.0), 1e-5, step))
        return (self.at(phi + step * axis) - self.at(phi - step * axis)) / (2.0 * step)

    def derivatives(self, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) at φ."""
        q = len(phi)
        if self.coordinate >= 0:
            return float(phi[self.coordinate]), np.eye(q)[self.coordinate], np.zeros((q, q))
        if self.exact is not None:
            return self.exact(phi)
        step = 1e-4
        e = step * np.eye(q)
        here = self.at(phi)
        hessian = np.empty((q, q))
        for i in range(q):
            hessian[i, i] = (self.at(phi + e[i]) - 2.0 * here + self.at(phi - e[i])) / step**2
            for j in range(i):
                corners = self.at(phi + e[i] + e[j]) - self.at(phi + e[i] - e[j])
                corners += self.at(phi - e[i] - e[j]) - self.at(phi - e[i] + e[j])
                hessian[i, j] = hessian[j, i] = corners / (4.0 * step**2)
        return here, self.gradient(phi), hessian


def as_target(what: Any, problem: Any) -> Target:
    """Return the target for a parameter's name or a function of the model."""
    if callable(what):
        name = getattr(what, "__name__", "function")

        def at(phi: np.ndarray) -> float:
            value = np.asarray(what(problem.model(phi)))
            if value.ndim or value.dtype.kind not in "biuf":
                returned = f"shape {value.shape}" if value.ndim else f"{value.item()!r:.40}"
                raise ParameterError(f"an interval is of one number, but the function returned {returned}")
            return float(value)

        return Target("function of the model" if name == "<lambda>" else name, at, model=what)
    if what not in problem.names:
        known = ", ".join(problem.names) or "none"
        raise ParameterError(f"there is no free parameter {what!r}; the free parameters are: {known}", name=what)
    position = problem.names.index(what)
    coordinate, scale = problem.own_coordinate(position)
    return Target(
        what,
        lambda phi: float(problem.free_values(phi)[position]),
        coordinate=coordinate,
        note=f"in the {scale} scale" if scale else "",
        exact=partial(problem.parameter_derivatives, position),
    )


def check_level(level: float) -> float:
    """Return the level, or refuse what is no probability."""
    if not 0.0 < level < 1.0:
        hint = f"; did you mean {level / 100:g}?" if 1.0 < level < 100.0 else ""
        raise ParameterError(f"level must be between 0 and 1, not {level:g}{hint}")
    return float(level)


def wald(target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], level: float) -> ConfidenceInterval:
    """Return estimate ± z · standard error; for a function by the delta method.

    Parameters
    ----------
    phi : ndarray, shape (q,)
    variance : gradient (q,) → the variance of that linear function of the estimated φ
    """
    estimate = target.at(phi)
    half = float(special.ndtri(0.5 + level / 2.0) * np.sqrt(variance(target.gradient(phi))))
    if not (np.isfinite(half) and half > 0.0):
        raise NotAvailableError(
            f"{target.name} does not change smoothly with the parameters at the fit (a step, or a constant), so its "
            "standard error is not defined; use method='bootstrap'"
        )
    return ConfidenceInterval(estimate - half, estimate + half, level, "wald", estimate, target.name)


def wald_in_coordinates(
    target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], level: float
) -> ConfidenceInterval:
    """Return the Wald interval of one coordinate φ, mapped to the parameter, so that it stays in its domain."""
    axis = np.eye(len(phi))[target.coordinate]
    step = float(special.ndtri(0.5 + level / 2.0) * np.sqrt(variance(axis))) * axis
    lower, upper = sorted((target.at(phi - step), target.at(phi + step)))
    return ConfidenceInterval(lower, upper, level, "wald", target.at(phi), target.name, target.note)


def profile(problem: Any, target: Target, phi: np.ndarray, level: float) -> Question:
    """Return the interval of all values that a likelihood-ratio test does not reject.

    Its ends are the extremes of the target on {ℓ ≥ ℓ̂ − q/2}, q the χ² quantile with one degree of freedom.
    Where the path to an end leaves the family through a limit (df → ∞), the end is sought at the limit.
    """
    quantile = float(special.ndtri(0.5 + level / 2.0) ** 2)
    ends, reasons, height, _ = yield from _follow(problem, target, phi, quantile)
    notes = []
    for side in range(2):
        if reasons[side] in (PathReason.CONVERGED, PathReason.OPEN):
            continue
        found = yield from _end_at_limit(problem, target, phi, quantile, height, side)
        if found is None:
            raise NotAvailableError(
                f"the profile interval of {target.name} could not be found: {reasons[side].sentence}; "
                "use method='bootstrap', or 'wald' with care"
            )
        ends[side], note = found
        notes.append(note)
    if PathReason.OPEN in reasons:
        notes.append("the data set no bound on one side")
    lower, upper = min(ends), max(ends)
    return ConfidenceInterval(lower, upper, level, "profile", target.at(phi), target.name, "; ".join(notes))


def _follow(problem: Any, target: Target, phi: np.ndarray, quantile: float) -> Question:
    """Follow both paths; return the ends of the target, the reasons, the log-likelihood at φ and the end points."""
    path = ProfilePath.start(np.tile(phi, (2, 1)), sign=[-1.0, 1.0], quantile=quantile)
    height, asked = None, path.points
    while not path.done:
        asked = np.where(path.active[:, None], path.points, asked)
        with np.errstate(all="ignore"):
            sums = yield from problem.evaluate(path.points)
            told = [target.derivatives(point) for point in path.points]
        height = float(sums[0][0]) if height is None else height
        path = path.tell(*sums, *[np.array(part) for part in zip(*told, strict=True)])
    ends = [float(end) for end in path.ends]
    reasons = [PathReason(int(code)) for code in path.reason]
    if target.coordinate >= 0:
        here = np.arange(len(phi)) == target.coordinate
        for side, end in enumerate(ends):
            if reasons[side] == PathReason.OPEN and np.isfinite(end):
                # another coordinate ran away, towards a point where the likelihood has no bound
                reasons[side] = PathReason.LOST
            elif not np.isnan(end):
                ends[side] = target.at(np.where(here, end, phi))
    return ends, reasons, height, asked


def _end_at_limit(problem: Any, target: Target, phi: np.ndarray, quantile: float, height: float, side: int) -> Question:
    """Return the end of the target at a limit of the family, and a note; None where it does not lie there."""
    for column, edge in problem.limits():
        if target.coordinate == column or not edge.coordinates.free:
            continue
        start = np.delete(phi, column)
        state = yield from newton(edge, start[None, :], 1.0)
        top = float(state.best_value[0])
        drop = quantile - 2.0 * (height - top)
        if not (state.converged[0] and drop > 0.0):
            continue
        position = target.coordinate - (column < target.coordinate) if target.coordinate >= 0 else -1
        at = partial(_at_limit, target, edge, column) if target.model is None else partial(_of_model, target, edge)
        ends, reasons, _, points = yield from _follow(edge, Target(target.name, at, position), state.best[0], drop)
        outward = (ends[side] - target.at(phi)) * (2 * side - 1) > 0.0
        if reasons[side] != PathReason.CONVERGED or not outward:
            continue
        # It is an end only if nothing inside the family does better there.
        inside = [np.insert(points[side], column, phi[column] + step) for step in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)]
        with np.errstate(all="ignore"):
            values, *_ = yield from problem.evaluate(np.array(inside))
        if np.all(values <= height - 0.5 * quantile + 1e-6):
            return ends[side], f"the {('lower', 'upper')[side]} end lies at {problem.names[column]} = ∞"
    return None


def _at_limit(target: Target, edge: Any, column: int, phi: np.ndarray) -> float:
    return target.at(np.insert(phi, column, 0.0))


def _of_model(target: Target, edge: Any, phi: np.ndarray) -> float:
    assert target.model is not None
    return float(target.model(edge.model(phi)))


def percentile(target: Target, replicates: np.ndarray, phi: np.ndarray, level: float, note: str) -> ConfidenceInterval:
    """Return the percentile interval of bootstrap replicates φ, shape (m, q)."""
    values = np.array([target.at(row) for row in replicates])
    lost = int(np.isnan(values).sum())
    if lost > MOST_LOST * len(values):
        raise NotAvailableError(
            f"{lost} of {len(values)} bootstrap replicates have no value of {target.name} (no maximum, or the function "
            "is not defined there), too many for an interval; use method='profile' or a simpler model"
        )
    values = values[~np.isnan(values)]
    # order statistics, because replicates may be infinite (a Student t going normal)
    lower, upper = np.quantile(values, [0.5 - level / 2.0, 0.5 + level / 2.0], method="inverted_cdf")
    return ConfidenceInterval(float(lower), float(upper), level, "bootstrap", target.at(phi), target.name, note)
