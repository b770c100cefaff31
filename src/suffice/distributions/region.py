"""Compare the best interior point with the edges of the region in which a family is fitted.

Where the likelihood is unbounded somewhere (Student's t at tied values), a certificate states the region
within which its maximum is the best. Data that are best described by a spike at the edge of that region have
no maximum, however well a lower one inside may look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import numpy as np

from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.problem import Look, Problem, answer, newton
from suffice.errors import NoMaximumError

Climb = Callable[[Problem, np.ndarray, Look], Question]

# Rows on which the edges are looked at first, and nats per row below the interior point at which they are left.
SCREEN_ROWS = 512
SCREEN_NATS = 0.05
FEW_NATS = 3.0


def best_in_region(problem: Problem, solution: Solution, look: Look, spread: float, climb: Climb) -> Question:
    """Return the best interior point: the solution, or one that is reached from a higher edge of the region.

    Parameters
    ----------
    problem : the problem in all free parameters
    solution : the best point inside the region or at a limit, its value −∞ where there is none
    look : the first look, with a sample
    spread : the median absolute deviation of the sample, in the unit of the data
    climb : finds the maximum that is reached from θ, shape (1, p)

    Raises
    ------
    NoMaximumError
        Where an edge is higher than every point inside. At a limit of the family, which is no maximum either, that
        is said in the reason.
    """
    family, coordinates = problem.likelihood.family, problem.coordinates
    x, weights = _standardized(problem, look)
    fixed = np.asarray(coordinates.fixed)
    highest: tuple[float, str, str] | None = None
    for position, points in problem.likelihood.family_in_z._edges(
        x, weights, spread / problem.likelihood.factor
    ).items():
        if not np.isnan(fixed[position]):
            continue
        points = np.unique(np.where(np.isnan(fixed), points, fixed), axis=0)
        for value in np.unique(points[:, position]):
            best = _screened(problem, solution, points[points[:, position] == value], look)
            if best is None:
                continue
            height, top = yield from _climbed(problem, position, best, look, spread, solution.value)
            if height <= solution.value:
                continue
            better = yield from _higher(problem, solution, position, (height, top), look, climb)
            if better is not None:
                solution = better
            elif highest is None or height > highest[0]:
                highest = height, family.parameters[position].name, _near(problem, top)
    if highest is not None and highest[0] > solution.value:
        _refuse(problem, *highest[1:], look)
    return solution


def _higher(
    problem: Problem, solution: Solution, position: int, edge: tuple[float, np.ndarray], look: Look, climb: Climb
) -> Question:
    """Return the maximum inward of a higher edge; at a limit, that with the edge in its reason; else None."""
    (height, top), family = edge, problem.likelihood.family
    inward = yield from climb(problem, top[None, :], look)
    if not inward.outside and not inward.reason and inward.value > max(height, solution.value):
        return replace(inward, starts=solution.starts + 1, agree=1)
    if solution.status and not solution.outside:
        said = f"it is higher still at the edge in {family.parameters[position].name}, {_near(problem, top)}"
        return replace(solution, reason=f"{solution.reason}; {said}, around values that stand close together")
    return None


def _standardized(problem: Problem, look: Look) -> tuple[np.ndarray, np.ndarray]:
    sample = look.sample
    assert sample is not None
    x = (sample.rows[:, 0] - problem.likelihood.shift) / problem.likelihood.factor
    return x, np.ones(len(x)) if sample.weights is None else sample.weights


def _screened(problem: Problem, solution: Solution, points: np.ndarray, look: Look) -> np.ndarray | None:
    """Return the highest of the points on some rows of the sample; None where all are clearly too low."""
    sample = look.sample
    assert sample is not None
    part = sample.take(slice(SCREEN_ROWS)) if len(sample.rows) > SCREEN_ROWS else sample

    def total(at: Problem, theta: np.ndarray) -> Any:
        sums = answer(at.likelihood.at(theta, order=0), lambda statistic: statistic.observe(part))
        return np.where(np.isfinite(sums.value), sums.value, -np.inf), sums.weight[0]

    values, weight = total(problem, points)
    highest = int(np.argmax(values))
    if not np.isfinite(solution.value):
        return points[highest]
    inside, _ = total(solution.problem, solution.problem.coordinates.theta(solution.phi[None, :]))
    room = max(FEW_NATS, SCREEN_NATS * weight)
    return points[highest] if values[highest] > inside[0] - room else None


def _climbed(problem: Problem, position: int, start: np.ndarray, look: Look, spread: float, known: float) -> Question:
    """Climb along an edge; return the log-likelihood and θ in z, shape (p,), of the highest point found on it.

    It need not be the highest of the edge, where that cannot come near a log-likelihood that is known to be reached.
    """
    coordinates = problem.coordinates
    fixed = tuple(float(start[i]) if i == position else value for i, value in enumerate(coordinates.fixed))
    edge = replace(problem, coordinates=replace(coordinates, fixed=fixed))
    points = start[None, :]
    if edge.coordinates.free:
        state = yield from newton(edge, edge.coordinates.phi(points), look.n, rivals=known)
        top = edge.coordinates.theta(state.best)
        if problem.likelihood.family._in_region(top * (1.0 + 1e-9), spread / problem.likelihood.factor)[0]:
            points = np.concatenate([points, top])
    sums = yield from problem.likelihood.at(points, order=0)
    value = sums.value - sums.weight * np.log(problem.likelihood.factor)
    best = int(np.argmax(value))
    return float(value[best]), points[best]


def _near(problem: Problem, theta: np.ndarray) -> str:
    """Return "near location = 1, …" of θ in z, in the unit of the data."""
    likelihood = problem.likelihood
    pairs = zip(problem.coordinates.parameters, theta, strict=True)
    values = [(p.name, float(p.restored(v, likelihood.shift, likelihood.factor))) for p, v in pairs]
    return f"near {', '.join(f'{name} = {value:.6g}' for name, value in values)}"


def _refuse(problem: Problem, name: str, near: str, look: Look) -> NoReturn:
    family = problem.likelihood.family
    other = ([free for free in problem.names if free not in (name, "location")] or [name])[0]
    beyond = family.beyond_edges.get(name) or (
        f"around values that occur many times or stand close together; fix {other} with fixed={{{other!r}: …}}, "
        "or leave out the repeated value"
    )
    how = "may grow without end beyond it, as it does" if family.grows_beyond_edges else "rises beyond it"
    free = (
        " (of the parameters that are free)" if len(problem.names) < sum(p.estimated for p in family.parameters) else ""
    )
    raise NoMaximumError(
        f"column {look.column!r}: the likelihood of {family.__name__} has no maximum that is the best in the "
        f"region {family.region.split(';')[0]}{free}: it is highest at the edge in {name}, {near}, and "
        f"{how} {beyond}",
        column=look.column,
    )
