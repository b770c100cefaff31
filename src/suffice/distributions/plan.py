"""How a family of one variable is fitted: a generator that yields statistics and is sent summaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from suffice.calculus.trust_region import NewtonTrustRegion, Reason
from suffice.distributions.distribution import median_deviation
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem, answer, newton
from suffice.distributions.region import best_in_region
from suffice.distributions.reparametrized_problem import ReparametrizedProblem
from suffice.errors import DataError, NoMaximumError, number_text
from suffice.sources.block import Block

# Where a shape that ran towards its limit (df = ∞) on some rows starts on more of them.
FAR = 50.0
# Rows on which many starts are tried before the best are carried on.
PILOT_ROWS = 512
# A last Newton step squares the error that is left, unless it is longer than this.
LONGEST_POLISH = 0.03


def plan(family: Any, look: Look, fixed: dict[str, float]) -> Question:
    """Fit a family; return a Solution."""
    if family.support_moves and look.sample is not None:
        look = replace(look, sample=_ends_first(look, look.sample))
    shift, factor = yield from _standardization(family, look, fixed)
    values = [
        float(p.standardized(fixed[p.name], shift, factor)) if p.name in fixed else np.nan for p in family.parameters
    ]
    coordinates = Coordinates(family.parameters, tuple(values))
    likelihood = Likelihood(family, shift, factor)
    _refuse_degenerate(family, look, coordinates, (look.minimum - shift) / factor)
    problem: Any = Problem(likelihood, coordinates)
    if not coordinates.free:
        return (yield from _without_free_parameters(problem))
    if (boundary := family._boundary(look, fixed)) is not None:
        theta = tuple(
            float(p.standardized(value, shift, factor)) for p, value in zip(family.parameters, boundary[0], strict=True)
        )
        at_bound = replace(problem, coordinates=replace(coordinates, fixed=theta))
        return replace((yield from _without_free_parameters(at_bound)), status="boundary", reason=boundary[1])
    if family.sought_as is not None and not fixed:
        problem = ReparametrizedProblem.of(family, shift, factor)
    starts = yield from _starts(problem.likelihood, problem.coordinates, look)
    inside = yield from climb(problem, starts, look)
    solution = yield from _compare_with_limit(inside, look)
    if look.sample is None or not family.region:
        return solution
    return (yield from best_in_region(problem, solution, look, median_deviation(look.sample.rows[:, 0]), climb))


def _ends_first(look: Look, sample: Block) -> Block:
    """Return the sample with the smallest and the largest row of the data in front, each with the weight of one row.

    Where an end of the support is sought, no density of a few rows may make another row impossible.
    """
    x, weights = sample.rows[:, 0], sample.weights
    if look.sample_is_all:
        counted = np.ones(len(x), dtype=bool) if weights is None else weights > 0.0
        ends = [int(np.argmax(counted & (x == end))) for end in (look.minimum, look.maximum)]
        return sample.take(np.array(list(dict.fromkeys([*ends, *range(len(x))]))))
    weights = np.ones(len(x)) if weights is None else weights
    rows = np.concatenate([[[look.minimum], [look.maximum]], sample.rows])
    return Block(rows, np.concatenate([np.full(2, weights.sum() / look.n), weights]))


def climb(problem: Any, starts: np.ndarray, look: Look) -> Question:
    """Climb from starts θ in z, shape (m, p), to the best maximum; return a Solution."""
    likelihood, coordinates = problem.likelihood, problem.coordinates
    phi = coordinates.phi(starts)
    count, agree = len(phi), 0
    # one start that was made for fixed parameters knows more of the data than a maximum for the sample
    made = len(phi) == 1 and len(coordinates.free) < len(coordinates.parameters)
    if look.sample is not None and likelihood.family.sufficient is None and not made:
        phi, agree = _pilot(problem, phi, look)
    return (yield from best_of(problem, phi, look.n, lambda best: _allowed(problem, best, look), (count, agree)))


def best_of(
    problem: Any, phi: np.ndarray, n: float, allowed_at: Callable[[np.ndarray], np.ndarray], starts: tuple[int, int]
) -> Question:
    """Climb from φ (m, q) on all rows; return the Solution of the best point that is allowed.

    Parameters
    ----------
    n : Σw
    allowed_at : says of points φ (m, q) whether each lies in the region that the certificate will state
    starts : how many there were, and how many agree; 0 where that is not known yet
    """
    count, agree = starts
    state = yield from newton(problem, phi, n)
    allowed = allowed_at(state.best) & np.isfinite(state.best_value)
    # A search that converged is preferred to one that did not, unless that one is clearly higher.
    merit = np.where(allowed, state.best_value, -np.inf) + np.where(state.converged, 1e-9, 0.0) / n
    best = int(np.argmax(merit))
    stopped = "" if state.converged[best] else Reason(int(state.reason[best])).sentence
    if outside := not allowed[best]:
        stopped = "every search left the region in which the likelihood is bounded"
    near = allowed & (np.abs(state.best_value - state.best_value[best]) * n < 1e-5)
    point = _polished(state, best)
    value, gradient, hessian = yield from problem.evaluate(point[None, :])
    return Solution(
        problem, point, -np.inf if outside else float(value[0]), gradient[0], hessian[0],
        None if outside else problem.model(point),
        starts=count, agree=agree or int(near.sum()), reason=stopped, outside=outside,
    )  # fmt: skip


def _polished(state: NewtonTrustRegion, best: int) -> np.ndarray:
    """Return the point after one more Newton step."""
    point = state.best[best]
    if not state.converged[best]:
        return point
    with np.errstate(all="ignore"):
        step = np.linalg.solve(-state.best_hessian[best], state.best_gradient[best])
    return point + step if np.abs(step).max() < LONGEST_POLISH else point


def _allowed(problem: Any, phi: np.ndarray, look: Look) -> np.ndarray:
    """Say of each point whether it lies in the region that the certificate will state."""
    family = problem.likelihood.family
    if look.sample is None or not family.region:
        return np.ones(len(phi), dtype=bool)
    spread = median_deviation(look.sample.rows[:, 0]) / problem.likelihood.factor
    theta = problem.coordinates.theta(phi)
    # What a person fixed is theirs to choose: only the free parameters are bounded.
    theta[:, ~np.isnan(problem.coordinates.fixed)] = np.inf
    return np.asarray(family._in_region(theta, spread))


def _without_free_parameters(problem: Problem) -> Question:
    theta = np.asarray(problem.coordinates.fixed)
    sums = yield from problem.likelihood.at(theta[None, :])
    value = float(sums.value[0] - sums.weight[0] * np.log(problem.likelihood.factor))
    empty = np.empty(0)
    return Solution(problem, empty, value, empty, np.empty((0, 0)), problem.model(empty))


def _pilot(problem: Any, phi: np.ndarray, look: Look) -> tuple[np.ndarray, int]:
    """Climb on a few hundred rows, then on the sample; return the best few points and how many starts agree."""
    sample, agree = look.sample, 0
    assert sample is not None
    rows = len(sample.rows)
    if rows > PILOT_ROWS and len(phi) > 1:
        state = on_sample(problem, phi, sample.take(slice(PILOT_ROWS)))
        phi, agree = distinct_best(state, _allowed(problem, state.best, look), most=3)
        phi = _called_back(problem, phi)
    if not look.sample_is_all:
        state = on_sample(problem, phi, sample)
        phi, more = distinct_best(state, _allowed(problem, state.best, look), most=2)
        agree = agree or more
        phi = _called_back(problem, phi)
    return phi, agree


def _called_back(problem: Problem, phi: np.ndarray) -> np.ndarray:
    """Return the points with shapes that ran towards a limit put back to where the likelihood is not flat."""
    phi = phi.copy()
    for column, edge in problem.limits():
        position = problem.coordinates.free[column]
        if edge.coordinates.fixed[position] == np.inf:
            domain = problem.coordinates.parameters[position].domain
            phi[:, column] = np.minimum(phi[:, column], domain.unconstrain(np.float64(FAR)))
    return phi


def on_sample(problem: Any, phi: np.ndarray, sample: Block) -> Any:
    """Climb from φ (m, q) on a sample; return the final state."""
    weights = sample.weights
    n = float(len(sample.rows) if weights is None else weights.sum())
    with np.errstate(all="ignore"):
        return answer(newton(problem, phi, n), lambda statistic: statistic.observe(sample))


def distinct_best(state: NewtonTrustRegion, allowed: np.ndarray, most: int) -> tuple[np.ndarray, int]:
    """Return the best few distinct optima, those allowed first, and how many searches reached the first."""
    finite = np.where(np.isfinite(state.best_value), state.best_value, -np.inf)
    order = np.lexsort([-finite, ~allowed])
    kept: list[np.ndarray] = []
    agree = 0
    for i in order:
        point = state.best[i]
        if all(np.abs(point - other).max() > 1e-3 * (1.0 + np.abs(other).max()) for other in kept):
            if len(kept) < most:
                kept.append(point)
        elif np.abs(point - kept[0]).max() <= 1e-3 * (1.0 + np.abs(kept[0]).max()):
            agree += 1
    return np.array(kept), agree + 1


def _starts(likelihood: Likelihood, coordinates: Coordinates, look: Look) -> Question:
    """Return starts θ in z, shape (m, p), the fixed parameters in place."""
    family = likelihood.family
    fixed = np.asarray(coordinates.fixed)
    summary = None if family.sufficient is None else (yield family.sufficient)
    if summary is not None and not summary.overflowed:
        summary = family._mapped(summary, likelihood.shift, likelihood.factor)
        starts = np.asarray(family._starts_from(summary))
        if family.discrete and not np.isnan(fixed).all():
            starts = family._with_fixed(starts, fixed, summary.values, summary.weights)
    else:
        sample = look.sample
        assert sample is not None
        x = (sample.rows[:, 0] - likelihood.shift) / likelihood.factor
        weights = np.ones(len(x)) if sample.weights is None else sample.weights
        starts = np.asarray(family._starts(x, weights), dtype=float)
        if not np.isnan(fixed).all():
            rows, counts = x, weights
            if not (look.sample_is_all or family.support_moves):
                # the sample, and the ends of the data, which may outweigh all others in a high power
                ends = (np.array([look.minimum, look.maximum]) - likelihood.shift) / likelihood.factor
                rows, counts = np.append(x, ends), np.append(weights, np.full(2, weights.sum() / look.n))
            starts = family._with_fixed(starts, fixed, rows, counts)
    starts = np.where(np.isnan(fixed), starts, fixed)
    inside = [coordinates.parameters[i].domain.contains(starts[:, i]) for i in coordinates.free]
    if summary is not None and not np.all(inside):
        raise DataError(
            f"column {look.column!r} goes from {look.minimum:.6g} to {look.maximum:.6g}, and the sums that "
            f"{family.__name__} needs over- or underflow in double precision; multiply the column by a power of two "
            "that brings it near 1, which changes no digit, and fit that",
            column=look.column,
        )
    return np.unique(starts, axis=0)


def _standardization(family: Any, look: Look, fixed: dict[str, float]) -> Question:
    """Return (shift, factor) of the map that brings the data near 0 and 1; factor is a power of two.

    A location that a fit does not seek, the threshold of excesses, becomes 0.
    """
    roles = {parameter.role for parameter in family.parameters}
    if not roles & {"location", "scale", "rate"} or family.discrete:
        return 0.0, 1.0
    known = [fixed[p.name] for p in family.parameters if p.role == "location" and not p.estimated]
    if known:
        shift = float(known[0])
        middle = look.maximum if look.sample is None else float(np.median(look.sample.rows[:, 0]))
        return shift, _power_of_two(middle - shift)
    if "location" not in roles:
        typical = np.sqrt(max(look.minimum, look.maximum * 1e-30)) * np.sqrt(look.maximum)
        if look.sample is not None:
            typical = float(np.median(look.sample.rows[:, 0]))
        return 0.0, _power_of_two(typical)
    if look.sample is not None:
        x = look.sample.rows[:, 0]
        return float(np.median(x)), _power_of_two(family._spread(x) or (look.maximum - look.minimum))
    summary = yield family.sufficient
    return float(summary.high[0]), _power_of_two(float(np.sqrt(summary.scatter[0, 0] / summary.weight)))


def _power_of_two(value: float) -> float:
    return float(2.0 ** np.round(np.log2(value))) if 0.0 < value < np.inf else 1.0


def _refuse_degenerate(family: Any, look: Look, coordinates: Coordinates, constant: float) -> None:
    """Refuse constant data, `constant` in z, for a family whose density could grow around them without end."""
    if look.minimum != look.maximum or not family.collapses:
        return
    names = [parameter.name for parameter in family.parameters]
    fixed = {name: coordinates.fixed[names.index(name)] for name in family.collapses}
    # One that would go to the data stands in the way unless it is fixed there; another that is fixed always does.
    targets = {"it": constant, "its logarithm": np.log(constant) if constant > 0.0 else np.nan}
    there = {
        name: bool(np.isclose(value, targets.get(family.collapses[name], np.nan), rtol=1e-15, atol=1e-15))
        for name, value in fixed.items()
    }
    shrinking = [name for name in family.collapses if np.isnan(fixed[name])][:1]
    free_to = all(np.isnan(value) or there[name] for name, value in fixed.items())
    anywhere = family.collapses_at is None or look.minimum == family.collapses_at
    if shrinking and free_to and anywhere:
        name, one = shrinking[0], look.sample is not None and len(look.sample.rows) == 1
        what = "has only one row, with the value" if one else "is constant: every value is"
        raise NoMaximumError(
            f"column {look.column!r} {what} {number_text(look.minimum)}, and the likelihood of {family.__name__} "
            f"grows without end as {name} → {family.collapses[name]}; {'add rows' if one else 'drop the column'}, or "
            f"fix {name} with fixed={{{name!r}: …}}",
            column=look.column,
            value=look.minimum,
        )


def _compare_with_limit(solution: Solution, look: Look) -> Question:
    """Compare with the ends of the domain where the likelihood may be highest (df = ∞); return the better Solution."""
    problem = solution.problem
    for column, edge in problem.limits():
        position = problem.coordinates.free[column]
        name = problem.coordinates.parameters[position].name
        _, limit_family = problem.likelihood.family.limits[name]
        top = yield from _at_limit(solution, edge, position, limit_family, look)
        why = yield from _why_the_limit(solution, edge, top, name)
        if not why:
            continue
        value, gradient, hessian = top.value, top.gradient, top.hessian
        if limit_family is not None and edge.coordinates.free:
            value, gradient, hessian = (part[0] for part in (yield from edge.evaluate(top.phi[None, :])))
        return Solution(
            edge, top.phi, float(value), gradient, hessian, edge.model(top.phi), solution.starts, solution.agree,
            status="boundary" if limit_family is None else "no finite maximum", reason=why, outside=solution.outside,
        )  # fmt: skip
    return solution


def _at_limit(solution: Solution, edge: Problem, position: int, limit_family: Any, look: Look) -> Question:
    """Return the best Solution at a limit: of the family that this one becomes there, else of the edge itself."""
    theta, limit = solution.problem.coordinates.theta(solution.phi[None, :]), edge
    if limit_family is not None:
        # The limit is a family by itself, fitted from the sufficient statistic of pass one.
        theta = np.delete(theta, position, axis=1)
        coordinates = Coordinates(limit_family.parameters, tuple(np.delete(edge.coordinates.fixed, position)))
        limit = Problem(replace(edge.likelihood, family=limit_family), coordinates)
    if not limit.coordinates.free:
        return (yield from _without_free_parameters(limit))
    fixed = np.asarray(limit.coordinates.fixed)
    return (yield from climb(limit, np.where(np.isnan(fixed), theta, fixed), look))


def _why_the_limit(solution: Solution, edge: Problem, limit: Solution, name: str) -> Question:
    """Say why the limit is the answer, "" where it is not; what rounding hides, the slope at the limit decides."""
    family = edge.likelihood.family
    bound, becomes = family.limits[name]
    where = f"{name} → {'∞' if bound == np.inf else f'{bound:g}'}"
    tail = f"{where}, where the family becomes {becomes.__name__}" if becomes is not None else where
    rises = f"the likelihood still rises as {tail}"
    if family._slope_at_limit is not None and abs(limit.value - solution.value) < 1e-6:
        slope = yield from edge.likelihood.total(family._slope_at_limit, edge.coordinates.theta(limit.phi[None, :]))
        if slope[0] <= 0.0:
            return rises
        return f"no likelihood exceeds, by more than rounding, that at {tail}" if solution.reason else ""
    return rises if limit.value >= solution.value - (1e-6 if solution.reason else 0.0) else ""
