"""The ends of a profile interval: along the profile path, and where that is lost, over slices of the family.

The interval of g is the range of g over the region {ℓ ≥ ℓ̂ − q/2}. Where the region reaches a limit of the family
(df → ∞), its path may leave the family before ℓ has fallen far enough, and an end may lie at the limit itself. Each
value of the coordinate that goes to the limit cuts a slice from the family, in which a path finds the extreme of g;
the end is the most extreme of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from suffice.calculus.profile_path import PathReason, ProfilePath
from suffice.distributions.inference_problem import Question
from suffice.distributions.problem import Problem, newton
from suffice.inference.interval_target import Target

# Distances in φ from the fit at which the family is cut, towards the limit and away from it.
TOWARDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, np.inf)
AWAY = (-0.5, -1.0, -2.0, -4.0, -8.0)
# Nats by which a slice may lie above the maximum, for rounding.
ABOVE = 1e-6
# The share of its distance from the estimate by which an end inside the family must beat one at the limit.
CLOSE = 1e-7
MOST_REFINEMENTS = 25


@dataclass(frozen=True, slots=True)
class Followed:
    """Paths at their ends: values of the target, reasons, the log-likelihood at the start, rounding of the target."""

    ends: list[float]
    reasons: list[PathReason]
    height: float
    rounding: float


def follow(problem: Any, target: Target, phi: np.ndarray, quantile: float, signs: Sequence[float]) -> Question:
    """Follow the paths from a maximum φ (q,), one for each sign; return what was `Followed`."""
    path = ProfilePath.start(np.tile(phi, (len(signs), 1)), sign=signs, quantile=quantile)
    height, rounding = np.nan, 0.0
    while not path.done:
        with np.errstate(all="ignore"):
            sums = yield from problem.evaluate(path.points)
            told = [target.on_path(point) for point in path.points]
        if np.isnan(height):
            height, rounding = float(sums[0][0]), told[0].rounding
        parts = ("value", "gradient", "hessian", "error")
        path = path.tell(*sums, *[np.array([getattr(here, part) for here in told]) for part in parts])
    ends = [float(end) for end in path.ends]
    reasons = [PathReason(int(code)) for code in path.reason]
    if target.coordinate >= 0:
        _in_own_unit(target, phi, ends, reasons)
    return Followed(ends, reasons, height, rounding)


def _in_own_unit(target: Target, phi: np.ndarray, ends: list[float], reasons: list[PathReason]) -> None:
    """Turn ends in a coordinate into those of its parameter."""
    here = np.arange(len(phi)) == target.coordinate
    for side, end in enumerate(ends):
        if reasons[side] == PathReason.OPEN and np.isfinite(end):
            # another coordinate ran away, towards a point where the likelihood has no bound
            reasons[side] = PathReason.LOST
        elif not np.isnan(end):
            ends[side] = target.at(np.where(here, end, phi))


@dataclass(frozen=True, slots=True)
class Slices:
    """The family cut at values of one coordinate φ[column], up to its limit.

    Parameters
    ----------
    problem, target, phi : of the fit, at its maximum φ (q,)
    column, edge : the coordinate that goes to the limit, and the problem there
    height, quantile : ℓ̂ and q
    sign : +1 for the upper end, −1 for the lower
    """

    problem: Any
    target: Target
    phi: np.ndarray
    column: int
    edge: Any
    height: float
    quantile: float
    sign: float

    @property
    def limit(self) -> float:
        """The value of the parameter at its limit."""
        return float(self.edge.coordinates.fixed[self.problem.coordinates.free[self.column]])

    def scan(self) -> Question:
        """Return the distances from the fit in increasing order, and how far the target reaches in each."""
        cuts, reach = list(TOWARDS), []
        for cut in TOWARDS:
            reach.append((yield from self.extreme(cut)))
        for cut in AWAY:
            cuts.insert(0, cut)
            reach.insert(0, (yield from self.extreme(cut)))
            if reach[0] == -np.inf:
                break
        return cuts, reach

    def extreme(self, cut: float) -> Question:
        """Return how far the target reaches beyond its estimate in the slice at this distance from the fit.

        −∞ where the slice lies below the contour, ∞ where that is not known or it lies above the maximum.
        """
        problem = self._cut(cut)
        state = yield from newton(problem, np.delete(self.phi, self.column)[None, :], 1.0)
        quantile = self.quantile + 2.0 * (float(state.best_value[0]) - self.height)
        if not state.converged[0] or quantile > self.quantile + 2.0 * ABOVE:
            return np.inf
        if quantile <= 0.0:
            return -np.inf
        found = yield from follow(problem, self._sliced(problem, cut), state.best[0], quantile, [self.sign])
        if found.reasons[0] not in (PathReason.CONVERGED, PathReason.OPEN):
            return np.inf
        return self.sign * (found.ends[0] - self.target.at(self.phi))

    def _cut(self, cut: float) -> Any:
        """Return the problem in which the coordinate is held at this distance from the fit, towards the limit."""
        if cut == np.inf:
            return self.edge
        coordinates = self.problem.coordinates
        i = coordinates.free[self.column]
        domain = coordinates.parameters[i].domain
        way = np.sign(domain.unconstrain(self.limit))
        value = float(domain.constrain(self.phi[self.column] + way * cut))
        fixed = tuple(value if j == i else other for j, other in enumerate(coordinates.fixed))
        return replace(self.problem, coordinates=replace(coordinates, fixed=fixed))

    def _sliced(self, problem: Any, cut: float) -> Target:
        """Return the target as a function of the other coordinates."""
        target, column = self.target, self.column
        if target.model is not None:
            at: Callable[[np.ndarray], float] = partial(_of_model, target.model, problem)
            return Target(target.name, at, realized=problem.realized)
        position = target.coordinate - (column < target.coordinate)
        return Target(target.name, lambda phi: target.at(np.insert(phi, column, self.phi[column])), position)


def _of_model(function: Callable[[Any], float], problem: Any, phi: np.ndarray) -> float:
    return float(function(problem.model(phi)))


def end_at_bound(
    problem: Any, target: Target, phi: np.ndarray, quantile: float, height: float, sign: float
) -> Question:
    """Return the end of a parameter at a bound of its domain that is a value (concentration = 0), and a note.

    The bound is the end where the likelihood there, with the others as they are, has not fallen far enough: whatever
    they were, no path could lead further. None where it has, or there is no such bound.
    """
    if target.coordinate < 0 or not isinstance(problem, Problem):
        return None
    coordinates = problem.coordinates
    position = coordinates.free[target.coordinate]
    parameter = coordinates.parameters[position]
    for bound in parameter.closed:
        if np.isfinite(bound) and sign * float(parameter.domain.unconstrain(bound)) == np.inf:
            theta = coordinates.theta(phi[None, :])[0]
            theta[position] = bound
            at_bound = replace(problem, coordinates=replace(coordinates, fixed=tuple(theta)))
            value = yield from at_bound.value(np.empty(0))
            if value >= height - 0.5 * quantile:
                side = "upper" if sign > 0 else "lower"
                return bound, f"the {side} end is the bound {parameter.name} = {bound:g}"
    return None


def end_over_slices(
    problem: Any, target: Target, phi: np.ndarray, quantile: float, height: float, sign: float
) -> Question:
    """Return the end of the target over the slices of the family, and a note; None where it is not found."""
    for column, edge in problem.limits():
        if target.coordinate == column or not edge.coordinates.free or (target.model is None and target.coordinate < 0):
            continue
        slices = Slices(problem, target, phi, column, edge, height, quantile, sign)
        cuts, reach = yield from slices.scan()
        best = int(np.argmax(reach))
        if best == 0 or not 0.0 < reach[best] < np.inf:
            continue
        inside, at_limit = max(reach[:-1]), reach[-1]
        if at_limit >= inside - CLOSE * abs(inside):
            limit = "∞" if slices.limit == np.inf else f"{slices.limit:g}"
            note = f"the {'upper' if sign > 0 else 'lower'} end lies at {problem.names[column]} = {limit}"
            return target.at(phi) + sign * at_limit, note
        if best + 2 < len(cuts):
            highest = yield from highest_between(slices.extreme, cuts[best - 1 : best + 2], reach[best - 1 : best + 2])
            return target.at(phi) + sign * highest, ""
    return None


def highest_between(
    function: Callable[[float], Question], places: Sequence[float], values: Sequence[float]
) -> Question:
    """Return the largest value of a function between three places of which the middle one is highest.

    By parabolas through the three, or by the golden section where those do not shorten the bracket.
    """
    (a, b, c), (f, g, h) = places, values
    for _ in range(MOST_REFINEMENTS):
        trial = _vertex(a, b, c, f, g, h)
        value = yield from function(trial)
        change = abs(value - g)
        if value > g:
            a, b, c, f, g, h = (a, trial, b, f, value, g) if trial < b else (b, trial, c, g, value, h)
        else:
            a, c, f, h = (trial, c, value, h) if trial < b else (a, trial, f, value)
        if change <= 1e-9 * abs(g) and c - a < 0.1:
            break
    return g


def _vertex(a: float, b: float, c: float, f: float, g: float, h: float) -> float:
    """Return the vertex of the parabola where it lies well inside the longer half, else a golden section of that."""
    left, right = b - a, c - b
    golden = b + 0.38 * right if right > left else b - 0.38 * left
    curve = (g - f) / left + (g - h) / right
    if not (np.isfinite(curve) and curve > 0.0):
        return golden
    move = 0.5 * ((g - f) / left * right + (h - g) / right * left) / curve
    nearest = 1e-3 * max(left, right)
    inside = b - left + nearest < b + move < b + right - nearest
    return b + move if inside and abs(move) > 1e-6 and min(left, right) > 0.05 * max(left, right) else golden
