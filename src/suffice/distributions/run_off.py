"""Fits whose likelihood may rise towards a limit that is no member of the family: what is said there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.plan import climb, plan
from suffice.distributions.problem import Look, Problem, newton

# How often a search that stopped on its way to a maximum goes on.
MORE_SEARCHES = 4
# Nats by which the profile likelihood must fall farther out, before a maximum is believed to lie nearer.
VISIBLE = 1e-6
# How much farther out that is looked for: a location is multiplied, another coordinate has these added.
MULTIPLES, ADDED = (4.0, 16.0, 64.0), (3.0, 6.0, 9.0)


def plan_with_run_offs(family: Any, look: Look, fixed: dict[str, float], meaning: str) -> Question:
    """Fit a family; where a search stopped without a maximum, go on, or say that there is none.

    Parameters
    ----------
    meaning : what it shows of the data that there is none, a clause
    """
    solution: Solution = yield from plan(family, look, fixed)
    for _ in range(MORE_SEARCHES):
        if not _unsettled(solution):
            return solution
        column, sign = _flattest(solution)
        beyond = yield from _beyond(solution, column, sign, look.n)
        if beyond is None:
            theta = solution.problem.coordinates.theta(solution.phi[None, :])
            found: Solution = yield from climb(solution.problem, theta, look)
            solution = replace(found, starts=solution.starts, agree=solution.agree)
            continue
        parameter = solution.problem.coordinates.parameters[solution.problem.coordinates.free[column]]
        end = parameter.domain.upper if sign > 0.0 else parameter.domain.lower
        where = "∞" if end == np.inf else "−∞" if end == -np.inf else f"{end:g}"
        reason = f"the likelihood does not fall as {parameter.name} → {where}: {meaning}"
        return replace(beyond, status="no finite maximum", reason=reason)
    return solution


def _unsettled(solution: Solution) -> bool:
    if solution.status or not len(solution.phi) or not np.isfinite(solution.hessian).all():
        return False
    return solution.problem.certificate(solution).status in ("not converged", "saddle")


def _flattest(solution: Solution) -> tuple[int, float]:
    """Return the coordinate that moves most along the flattest direction, and to which side the likelihood rises."""
    _, vectors = np.linalg.eigh(-solution.hessian)
    direction = vectors[:, 0] * (np.sign(vectors[:, 0] @ solution.gradient) or 1.0)
    column = int(np.argmax(np.abs(direction)))
    return column, float(np.sign(direction[column]))


def _beyond(solution: Solution, column: int, sign: float, n: float) -> Question:
    """Return the solution far out towards an end of a domain, None where the likelihood falls on the way.

    It is highest in the other coordinates at each of the points that are looked at.
    """
    problem: Problem = solution.problem
    position, farthest = problem.coordinates.free[column], solution
    domain = problem.coordinates.parameters[position].domain
    here = solution.phi[column]
    outward = domain.scale == "" and here * sign > 1.0
    for multiple, added in zip(MULTIPLES, ADDED, strict=True):
        phi = here * multiple if outward else here + sign * added
        value = float(domain.constrain(phi))
        if not domain.contains(value):
            break
        fixed = tuple(value if i == position else v for i, v in enumerate(problem.coordinates.fixed))
        edge = replace(problem, coordinates=replace(problem.coordinates, fixed=fixed))
        others = yield from _highest(edge, np.delete(farthest.phi, column), n)
        found = yield from _at(farthest, np.insert(others, column, phi))
        if not found.value >= farthest.value - VISIBLE:
            return None
        if found.value >= farthest.value and np.isfinite(found.gradient).all() and np.isfinite(found.hessian).all():
            farthest = found
    return farthest


def _highest(edge: Problem, phi: np.ndarray, n: float) -> Question:
    """Return the coordinates where the likelihood is highest on an edge."""
    if not len(phi):
        return phi
    state = yield from newton(edge, phi[None, :], n)
    return state.best[0]


def _at(solution: Solution, phi: np.ndarray) -> Question:
    value, gradient, hessian = (part[0] for part in (yield from solution.problem.evaluate(phi[None, :])))
    model = solution.problem.model(phi)
    return replace(solution, phi=phi, value=float(value), gradient=gradient, hessian=hessian, model=model)
