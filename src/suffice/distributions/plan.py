"""How a family of one variable is fitted: a generator that yields statistics and is sent summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import inf, isfinite, log2, sqrt
from typing import Any

import numpy as np
from scipy.linalg import lapack

from suffice.calculus.trust_region import NewtonTrustRegion, Reason
from suffice.distributions.distribution import median_deviation
from suffice.distributions.end_point import EndPoint
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.problem import (
    TOLERANCE,
    Coordinates,
    Likelihood,
    Look,
    Problem,
    answer,
    newton,
    weight_of,
)
from suffice.distributions.region import FEW_NATS, SCREEN_NATS, best_in_region
from suffice.distributions.reparametrized_problem import ReparametrizedProblem
from suffice.errors import DataError, NoMaximumError, number_text
from suffice.sources.block import Block

# Where a shape that ran towards its limit (df = ∞) on some rows starts on more of them.
FAR = 50.0
# Rows on which many starts are tried before the best are carried on.
PILOT_ROWS = 512
# A last Newton step squares the error that is left, unless it is longer than this.
LONGEST_POLISH = 0.03
# A start from which the Newton step is shorter than this is the maximum: what is left is its square.
ARRIVED = 1e-10
# Or so short that it would move no digit of a parameter, or none before the twelfth where a pass is dear.
NEGLIGIBLE, NEARLY = 1e-15, 1e-12
# Times the rows of the sample from which a pass is so dear that sums over the sample save time.
DEAR = 256
# So many rows of a sample tell the order of magnitude of positive values.
TELLING = 256


def plan(family: Any, look: Look, fixed: dict[str, float]) -> Question:
    """Fit a family; return a Solution."""
    if family.seeks_an_end and look.sample is not None:
        look = replace(look, sample=_ends_first(look, look.sample))
    shift, factor = yield from standardization(family, look, fixed)
    problem: Any = problem_of(family, shift, factor, fixed)
    coordinates = problem.coordinates
    refuse_degenerate(family, look, coordinates, (look.minimum - shift) / factor)
    if not coordinates.free:
        return (yield from without_free_parameters(problem))
    if (boundary := family._boundary(look, fixed)) is not None:
        theta = tuple(
            float(p.standardized(value, shift, factor)) for p, value in zip(family.parameters, boundary[0], strict=True)
        )
        at_bound = replace(problem, coordinates=replace(coordinates, fixed=theta))
        return replace((yield from without_free_parameters(at_bound)), status="boundary", reason=boundary[1])
    if family.sought_as is not None and not fixed:
        problem = ReparametrizedProblem.of(family, shift, factor)
    starts = yield from _starts(problem.likelihood, problem.coordinates, look)
    inside = yield from climb(problem, starts, look)
    solution = yield from _compare_with_limit(inside, look)
    for end in family._end_points(look, fixed):
        solution = yield from _compare_with_end(problem, solution, end, look)
    if look.sample is None or not family.region:
        return solution
    return (yield from best_in_region(problem, solution, look, median_deviation(look.sample.rows[:, 0]), climb))


def problem_of(family: Any, shift: float, factor: float, fixed: Mapping[str, float]) -> Problem:
    """Return the likelihood of a family in its own parameters, in z = (x − shift)/factor, some of them known."""
    values = [
        float(p.standardized(fixed[p.name], shift, factor)) if p.name in fixed else np.nan for p in family.parameters
    ]
    return Problem(Likelihood(family, shift, factor), Coordinates(family.parameters, tuple(values)))


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


def climb(problem: Any, starts: np.ndarray, look: Look, known: float = -np.inf) -> Question:
    """Climb from starts θ in z, shape (m, p), to the best maximum; return a Solution.

    Searches that cannot come near a log-likelihood that is known to be reached elsewhere may end on the way.
    """
    likelihood, coordinates = problem.likelihood, problem.coordinates
    phi = coordinates.phi(starts)
    count, agree = len(phi), 0
    # one start that was made for fixed parameters knows more of the data than a maximum for the sample
    made = len(phi) == 1 and len(coordinates.free) < len(coordinates.parameters)
    if look.sample is not None and likelihood.family.sufficient is None and not made:
        found, agree = _pilot(problem, phi, look)
        # what a part of the rows tells of the side may be wrong of all
        phi = found if found is phi else np.concatenate([found, *_on_each_side(problem, phi)])
    free = not likelihood.family.region
    if count == 1 and free and likelihood.family.sufficient is not None:
        found = yield from problem.evaluate(phi)
        if _is_there(*found):
            value, gradient, hessian = (part[0] for part in found)
            return Solution(problem, phi[0], float(value), gradient, hessian, problem.model(phi[0]))
    sample = None if likelihood.family.sufficient is not None else _worth(look)
    rivals = known if free else None
    allowed = partial(allowed_at, problem, look=look)
    return (yield from best_of(problem, phi, look.n, allowed, (count, agree), rivals, sample))


def _worth(look: Look) -> Block | None:
    """Return the sample where sums over it cost far less than a pass."""
    sample = look.sample
    return None if sample is None or look.n < DEAR * weight_of(sample) else sample


def _is_there(value: np.ndarray, gradient: np.ndarray, hessian: np.ndarray) -> bool:
    """Tell whether a start is the maximum already: the information is positive definite, the Newton step negligible."""
    _, step, failed = lapack.dposv(-hessian[0], gradient[0])
    return not failed and isfinite(value[0]) and bool((abs(step) < ARRIVED).all())


def best_of(
    problem: Any,
    phi: np.ndarray,
    n: float,
    is_allowed: Callable[[np.ndarray], np.ndarray],
    starts: tuple[int, int],
    rivals: float | None = None,
    sample: Block | None = None,
) -> Question:
    """Climb from φ (m, q) on all rows; return the Solution of the best point that is allowed.

    Parameters
    ----------
    n : Σw
    is_allowed : says of points φ (m, q) whether each lies in the region that the certificate will state
    starts : how many there were, and how many agree; 0 where that is not known yet
    rivals : a log-likelihood that is reached elsewhere, or −∞: a search that cannot come near it, or near the best of
        the others, may end; None where each runs to its end
    sample : some of the rows, which shorten the way; None where they are all of them
    """
    count, agree = starts
    state = yield from newton(problem, phi, n, rivals=rivals, sample=sample)
    allowed = is_allowed(state.best) & np.isfinite(state.best_value)
    # A search that converged is preferred to one that did not, unless that one is clearly higher.
    merit = np.where(allowed, state.best_value, -np.inf) + np.where(state.converged, 1e-9, 0.0) / n
    best = int(np.argmax(merit))
    stopped = "" if state.converged[best] else Reason(int(state.reason[best])).sentence
    if outside := not allowed[best]:
        stopped = "every search left the region in which the likelihood is bounded"
    near = allowed & (np.abs(state.best_value - state.best_value[best]) * n < 1e-5)
    point = _polished(state, best, NEGLIGIBLE if sample is None else NEARLY)
    there = slice(best, best + 1)
    if np.array_equal(point, state.best[best]):
        found = (state.best_value[there], state.best_gradient[there], state.best_hessian[there])
        value, gradient, hessian = (n * part for part in found)
    else:
        value, gradient, hessian = yield from problem.evaluate(point[None, :])
    return Solution(
        problem, point, -np.inf if outside else float(value[0]), gradient[0], hessian[0],
        None if outside else problem.model(point),
        starts=count, agree=agree or int(near.sum()), reason=stopped, outside=outside,
    )  # fmt: skip


def _polished(state: NewtonTrustRegion, best: int, negligible: float) -> np.ndarray:
    """Return the point after one more Newton step, unless that is negligible."""
    point = state.best[best]
    if not state.converged[best]:
        return point
    with np.errstate(all="ignore"):
        step = np.linalg.solve(-state.best_hessian[best], state.best_gradient[best])
    shift = np.abs(step).max()
    return point + step if negligible < shift < LONGEST_POLISH else point


def allowed_at(problem: Any, phi: np.ndarray, look: Look) -> np.ndarray:
    """Say of each point whether it lies in the region that the certificate will state."""
    family = problem.likelihood.family
    if look.sample is None or not family.region:
        return np.ones(len(phi), dtype=bool)
    spread = median_deviation(look.sample.rows[:, 0]) / problem.likelihood.factor
    theta = problem.coordinates.theta(phi)
    # What a person fixed is theirs to choose: only the free parameters are bounded.
    theta[:, ~np.isnan(problem.coordinates.fixed)] = np.inf
    return np.asarray(family._in_region(theta, spread))


def without_free_parameters(problem: Problem) -> Question:
    """Ask for the likelihood of a problem in which nothing is sought; return a Solution."""
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
        phi, agree = distinct_best(state, allowed_at(problem, state.best, look), most=3)
        phi = _called_back(problem, phi)
    if not look.sample_is_all:
        state = on_sample(problem, phi, sample)
        phi, more = distinct_best(state, allowed_at(problem, state.best, look), most=2)
        agree = agree or more
        phi = _called_back(problem, phi)
    return phi, agree


def _on_each_side(problem: Problem, phi: np.ndarray) -> list[np.ndarray]:
    """Return, of starts φ (m, q) on both sides of a value that no search crosses, the one of each nearest to it + 1."""
    names = {name: value for name, value in problem.likelihood.family.uncrossed.items() if name in problem.names}
    sides = []
    for name, value in names.items():
        away = phi[:, problem.names.index(name)] - value
        if away.min() < 0.0 < away.max():
            for sign in (-1.0, 1.0):
                nearest = np.argmin(np.abs(sign * away - 1.0))
                sides.append(phi[nearest : nearest + 1])
    return sides


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
    with np.errstate(all="ignore"):
        return answer(newton(problem, phi, weight_of(sample)), lambda statistic: statistic.observe(sample))


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
    family = likelihood.family_in_z
    fixed = np.asarray(coordinates.fixed)
    summary = None if family.sufficient is None else (yield likelihood.family.sufficient)
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
            if not (look.sample_is_all or family.seeks_an_end):
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
    return starts if len(starts) == 1 else np.unique(starts, axis=0)


def standardization(family: Any, look: Look, fixed: Mapping[str, float]) -> Question:
    """Return (shift, factor) of the map that brings the data near 0 and 1; factor is a power of two.

    A location that a fit does not seek, the threshold of excesses, becomes 0.
    """
    roles = {parameter.role for parameter in family.parameters}
    if not roles & {"location", "scale", "rate"} or family.support.integer:
        return 0.0, 1.0
    known = [fixed[p.name] for p in family.parameters if p.role == "location" and not p.estimated]
    if known:
        shift = float(known[0])
        middle = look.maximum if look.sample is None else float(np.median(look.sample.rows[:, 0]))
        return shift, power_of_two(middle - shift)
    if "location" not in roles:
        if look.sample is not None:
            few = np.sort(look.sample.rows[:TELLING, 0])
            return 0.0, power_of_two(float(few[len(few) // 2]))
        return 0.0, power_of_two(sqrt(max(look.minimum, look.maximum * 1e-30)) * sqrt(look.maximum))
    if look.sample is not None:
        x = look.sample.rows[:, 0]
        return float(np.median(x)), power_of_two(family._spread(x) or (look.maximum - look.minimum))
    summary = yield family.sufficient
    return float(summary.high[0]), power_of_two(float(np.sqrt(summary.scatter[0, 0] / summary.weight)))


def power_of_two(value: float) -> float:
    """Return the power of two nearest to a positive number, 1 for others."""
    return 2.0 ** round(log2(value)) if 0.0 < value < inf else 1.0


def refuse_degenerate(family: Any, look: Look, coordinates: Coordinates, constant: float) -> None:
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
    problem, best = solution.problem, solution
    for column, edge in problem.limits():
        position = problem.coordinates.free[column]
        name = problem.coordinates.parameters[position].name
        bound, limit_family = problem.likelihood.family.limits[name]
        top = yield from _at_limit(solution, edge, position, limit_family, look)
        why = yield from _why_the_limit(solution, edge, top, name)
        if not why or (best is not solution and top.value <= best.value):
            continue
        value, gradient, hessian = top.value, top.gradient, top.hessian
        if limit_family is not None and edge.coordinates.free:
            value, gradient, hessian = (part[0] for part in (yield from edge.evaluate(top.phi[None, :])))
        found = Solution(
            edge, top.phi, float(value), gradient, hessian, edge.model(top.phi), solution.starts, solution.agree,
            reason=top.reason, outside=solution.outside,
        )  # fmt: skip
        # Another parameter may run to its own limit along this one.
        further = yield from _compare_with_limit(found, look)
        unbounded = bound == np.inf or further.status == "no finite maximum"
        reason = why if further is found else f"{why}; there, {further.reason}"
        best = replace(further, status="no finite maximum" if unbounded else "boundary", reason=reason)
    return best


def _compare_with_end(problem: Problem, solution: Solution, end: EndPoint, look: Look) -> Question:
    """Return the better Solution of this one and that with some parameters held at an end of the family."""
    likelihood, coordinates = problem.likelihood, problem.coordinates
    held = [
        float(p.standardized(end.values[p.name], likelihood.shift, likelihood.factor))
        if p.name in end.values
        else known
        for p, known in zip(coordinates.parameters, coordinates.fixed, strict=True)
    ]
    edge = replace(problem, coordinates=replace(coordinates, fixed=tuple(held)))
    if edge.coordinates.free:
        starts = yield from _starts(likelihood, edge.coordinates, look)
        if not _may_be_higher(edge, starts, solution, look):
            return solution
        top = yield from climb(edge, starts, look, solution.value)
    else:
        top = yield from without_free_parameters(edge)
    if top.value < solution.value - TOLERANCE:
        return solution
    # an end of the data is exact: rounded to the other side of it, it would make a row impossible
    model = replace(top.model, **end.values)
    return replace(top, model=model, starts=solution.starts, agree=solution.agree, status=end.status, reason=end.reason)


def _may_be_higher(edge: Problem, starts: np.ndarray, solution: Solution, look: Look) -> bool:
    """Say whether an edge comes near a solution on the sample; where that is all rows, they are compared in full."""
    if look.sample is None or look.sample_is_all or not np.isfinite(solution.value):
        return True
    sample = look.sample
    state = on_sample(edge, edge.coordinates.phi(starts), sample)
    inside = answer(solution.problem.evaluate(solution.phi[None, :]), lambda statistic: statistic.observe(sample))[0]
    weight = weight_of(sample)
    outside = weight * float(np.max(np.where(np.isfinite(state.best_value), state.best_value, -np.inf)))
    return outside > float(inside[0]) - max(FEW_NATS, SCREEN_NATS * weight)


def _at_limit(solution: Solution, edge: Problem, position: int, limit_family: Any, look: Look) -> Question:
    """Return the best Solution at a limit: of the family that this one becomes there, else of the edge itself."""
    theta, limit = solution.problem.coordinates.theta(solution.phi[None, :]), edge
    if limit_family is not None:
        # The limit is a family by itself, fitted from the sufficient statistic of pass one.
        theta = np.delete(theta, position, axis=1)
        coordinates = Coordinates(limit_family.parameters, tuple(np.delete(edge.coordinates.fixed, position)))
        limit = Problem(replace(edge.likelihood, family=limit_family), coordinates)
    if not limit.coordinates.free:
        return (yield from without_free_parameters(limit))
    fixed = np.asarray(limit.coordinates.fixed)
    return (yield from climb(limit, np.where(np.isnan(fixed), theta, fixed), look, solution.value))


def _why_the_limit(solution: Solution, edge: Problem, limit: Solution, name: str) -> Question:
    """Say why the limit is the answer, "" where it is not; what rounding hides, the slope at the limit decides."""
    family = edge.likelihood.family
    bound, becomes = family.limits[name]
    where = f"{name} → {'∞' if bound == np.inf else f'{bound:g}'}"
    tail = f"{where}, where the family becomes {becomes.__name__}" if becomes is not None else where
    rises = f"the likelihood still rises as {tail}"
    slope_at = family._slope_at_limit
    if isinstance(slope_at, dict):
        slope_at = slope_at[name]
    if slope_at is not None and abs(limit.value - solution.value) < 1e-6:
        slope = yield from edge.likelihood.total(slope_at, edge.coordinates.theta(limit.phi[None, :]))
        if slope[0] <= 0.0:
            return rises
        return f"no likelihood exceeds, by more than rounding, that at {tail}" if solution.reason else ""
    return rises if limit.value >= solution.value - (1e-6 if solution.reason else 0.0) else ""
