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
        if (yield from _falls_beyond(solution, column, sign, look.n)):
            theta = solution.problem.coordinates.theta(solution.phi[None, :])
            found: Solution = yield from climb(solution.problem, theta, look)
            solution = replace(found, starts=solution.starts, agree=solution.agree)
            continue
        parameter = solution.problem.coordinates.parameters[solution.problem.coordinates.free[column]]
        end = parameter.domain.upper if sign > 0.0 else parameter.domain.lower
        where = "∞" if end == np.inf else "−∞" if end == -np.inf else f"{end:g}"
        reason = f"the likelihood does not fall as {parameter.name} → {where}: {meaning}"
        return replace(solution, status="no finite maximum", reason=reason)
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


def _falls_beyond(solution: Solution, column: int, sign: float, n: float) -> Question:
    """Say whether the likelihood, highest in the other coordinates, falls as one goes on to an end of its domain."""
    problem: Problem = solution.problem
    position, height = problem.coordinates.free[column], solution.value
    domain = problem.coordinates.parameters[position].domain
    here = solution.phi[column]
    outward = domain.scale == "" and here * sign > 1.0
    for multiple, added in zip(MULTIPLES, ADDED, strict=True):
        value = float(domain.constrain(here * multiple if outward else here + sign * added))
        if not domain.contains(value):
            return False
        fixed = tuple(value if i == position else v for i, v in enumerate(problem.coordinates.fixed))
        edge = replace(problem, coordinates=replace(problem.coordinates, fixed=fixed))
        beyond = yield from _height(edge, np.delete(solution.phi, column), n)
        if not beyond >= height - VISIBLE:
            return True
        height = max(height, beyond)
    return False


def _height(edge: Problem, phi: np.ndarray, n: float) -> Question:
    if not len(phi):
        return (yield from edge.value(phi))
    state = yield from newton(edge, phi[None, :], n)
    return float(np.max(np.where(np.isfinite(state.best_value), state.best_value, -np.inf))) * n
