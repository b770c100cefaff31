"""How a family of one variable is fitted: a generator that yields statistics and is sent summaries.

Everything after the first look asks one question, `Likelihood.at`: log-likelihood, gradient and Hessian
at parameters θ, many at once. It is answered from a sufficient statistic where the family has one (an
equal statistic is never reduced twice, so nothing is read again), else by a pass over the data.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.calculus.transforms import chain
from suffice.calculus.trust_region import NewtonTrustRegion, Reason
from suffice.distributions.parameter import Parameter
from suffice.errors import NoMaximumError
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums
from suffice.statistics.statistic import Statistic
from suffice.statistics.tally import Tally
from suffice.statistics.wrappers import AffineMap

Question = Generator[Statistic, Any, Any]

# Nats that may be left: far below what any interval or criterion can show.
TOLERANCE = 1e-9


def as_it_is(statistic: Statistic) -> Statistic:
    """Return the statistic."""
    return statistic


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood of a family in z = (x − shift)/factor.

    Parameters
    ----------
    family : a family of one variable
    shift, factor : the map; factor is a power of two
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    family: Any
    shift: float = 0.0
    factor: float = 1.0
    wrap: Callable[[Statistic], Statistic] = as_it_is

    def at(self, theta: np.ndarray, order: int = 2) -> Question:
        """Ask for the sums at θ, shape (m, p); return a LikelihoodSummary in z."""
        family = self.family
        if family.sufficient is not None:
            summary = yield self.wrap(family.sufficient)
            if not getattr(summary, "overflowed", False):
                return family._sufficient_likelihood(family._mapped(summary, self.shift, self.factor), theta)
        return (yield self.wrap(AffineMap(self.shift, self.factor, LikelihoodSums(family, theta, order))))

    def total(self, function: Callable[..., Any], theta: np.ndarray) -> Question:
        """Ask for the sum of a function of (z, *parameters) over the data at θ, shape (m, p); return (m,)."""
        sums = LikelihoodSums(SummedFunction(function), theta, order=0)
        if isinstance(self.family.sufficient, Tally):
            summary = yield self.wrap(self.family.sufficient)
            if not summary.overflowed:
                return sums.observe(summary.block()).value
        return (yield self.wrap(AffineMap(self.shift, self.factor, sums))).value


@dataclass(frozen=True, slots=True)
class SummedFunction:
    """A function of (x, *parameters) in the place of a log density."""

    _log_density: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The free parameters, each in its unconstrained coordinate φ.

    Parameters
    ----------
    parameters : all p parameters
    fixed : their values in z where they are fixed, NaN where free, length p
    """

    parameters: tuple[Parameter, ...]
    fixed: tuple[float, ...]

    @property
    def free(self) -> list[int]:
        """The positions of the free parameters."""
        return [i for i, value in enumerate(self.fixed) if np.isnan(value)]

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return θ, shape (m, p), at φ, shape (m, q)."""
        theta = np.tile(np.asarray(self.fixed, dtype=float), (len(phi), 1))
        for column, i in enumerate(self.free):
            theta[:, i] = self.parameters[i].domain.constrain(phi[:, column])
        return theta

    def phi(self, theta: np.ndarray) -> np.ndarray:
        """Return φ, shape (m, q), at θ, shape (m, p)."""
        return np.stack([self.parameters[i].domain.unconstrain(theta[:, i]) for i in self.free], axis=-1)

    def chain(self, phi: np.ndarray, sums: LikelihoodSummary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return value (m,), gradient (m, q) and Hessian (m, q, q) in φ."""
        free = self.free
        pairs = [self.parameters[i].domain.derivatives(phi[:, c]) for c, i in enumerate(free)]
        first, second = (np.stack(part, axis=-1) for part in zip(*pairs, strict=True))
        assert sums.gradient is not None
        assert sums.hessian is not None
        hessian = sums.hessian[:, free][:, :, free]
        gradient, hessian = chain(sums.gradient[:, free], hessian, first, second)
        return sums.value, gradient, hessian


@dataclass(frozen=True, slots=True)
class Problem:
    """The log-likelihood as a function of the unconstrained coordinates φ of the free parameters.

    This, with a model for each φ, is all that inference knows of a family.

    Parameters
    ----------
    likelihood, coordinates : a family in z, and its free parameters
    """

    likelihood: Likelihood
    coordinates: Coordinates

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the q free parameters."""
        return tuple([self.coordinates.parameters[i].name for i in self.coordinates.free])

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) of log p(x) at φ, shape (m, q)."""
        sums = yield from self.likelihood.at(self.coordinates.theta(phi))
        value, gradient, hessian = self.coordinates.chain(phi, sums)
        return value - sums.weight * np.log(self.likelihood.factor), gradient, hessian

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return all parameters in the unit of the data, shape (p,), at φ, shape (q,)."""
        z = self.coordinates.theta(phi[None, :])[0]
        shift, factor = self.likelihood.shift, self.likelihood.factor
        pairs = zip(self.coordinates.parameters, z, strict=True)
        return np.array([parameter.restored(value, shift, factor) for parameter, value in pairs])

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters in the unit of the data, in the order of `names`, at φ, shape (q,)."""
        return self.theta(phi)[self.coordinates.free]

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.likelihood.family.from_theta(self.theta(phi))

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return d(free parameters)/dφ in the unit of the data, shape (q, q), at φ, shape (q,)."""
        parameters = [self.coordinates.parameters[i] for i in self.coordinates.free]
        slopes = [
            float(p.domain.derivatives(value)[0]) * p.unit(self.likelihood.factor)
            for p, value in zip(parameters, phi, strict=True)
        ]
        return np.diag(slopes)

    def limits(self) -> list[tuple[int, Problem]]:
        """Return the problems at the limits of the family (df = ∞), each with the coordinate that it lacks."""
        found = []
        for column, i in enumerate(self.coordinates.free):
            if self.coordinates.parameters[i].closed == np.inf:
                fixed = tuple(np.inf if j == i else value for j, value in enumerate(self.coordinates.fixed))
                found.append((column, replace(self, coordinates=replace(self.coordinates, fixed=fixed))))
        return found

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> Problem:
        """Return the same problem for resampled data."""
        return replace(self, likelihood=replace(self.likelihood, wrap=wrap))


@dataclass(frozen=True, slots=True)
class Solution:
    """Where a plan ended.

    Parameters
    ----------
    problem : what was maximised
    phi : ndarray, shape (q,)
    value, gradient, hessian : of the log-likelihood in φ there, shapes (), (q,), (q, q)
    model : the model there
    starts, agree : how many starts there were, and how many reached this maximum
    limit : a sentence when the supremum lies at a limit of the family, else ""
    boundary : a sentence when it lies on the boundary of the parameters, else ""
    stopped : why the search stopped without a maximum, else ""
    """

    problem: Any
    phi: np.ndarray
    value: float
    gradient: np.ndarray
    hessian: np.ndarray
    model: Any
    starts: int = 1
    agree: int = 1
    limit: str = ""
    boundary: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What pass one gave a plan.

    Parameters
    ----------
    n : Σw of the rows used
    minimum, maximum : the range of the column
    sample : a block of at most 2,048 rows, or None where only a summary was given
    sample_is_all : whether the sample is the data
    column, names : the name of the first column and of all, for messages
    """

    n: float
    minimum: float
    maximum: float
    sample: Block | None
    sample_is_all: bool
    column: str = "x"
    names: tuple[str, ...] = ("x",)


def plan(family: Any, look: Look, fixed: dict[str, float]) -> Question:
    """Fit a family; return a Solution."""
    shift, factor = yield from _standardization(family, look)
    values = [
        float(p.standardized(fixed[p.name], shift, factor)) if p.name in fixed else np.nan for p in family.parameters
    ]
    coordinates = Coordinates(family.parameters, tuple(values))
    likelihood = Likelihood(family, shift, factor)
    _refuse_degenerate(family, look, coordinates)
    problem = Problem(likelihood, coordinates)
    if not coordinates.free:
        return (yield from _without_free_parameters(problem))
    if (closed := _at_closed_bound(problem, look)) is not None:
        at_bound = yield from _without_free_parameters(closed)
        return replace(at_bound, boundary=_boundary_sentence(problem, look))
    starts = yield from _starts(likelihood, coordinates, look)
    solution = yield from climb(problem, starts, look)
    return (yield from _compare_with_limit(solution, look))


def climb(problem: Problem, starts: np.ndarray, look: Look) -> Question:
    """Climb from starts θ in z, shape (m, p), to the best maximum; return a Solution."""
    likelihood, coordinates = problem.likelihood, problem.coordinates
    phi = coordinates.phi(starts)
    count, agree = len(phi), 0
    if look.sample is not None and not look.sample_is_all and likelihood.family.sufficient is None:
        phi, agree = _distinct_best(_on_sample(problem, phi, look.sample), most=2)
    state = yield from newton(problem, phi, look.n)
    allowed = _allowed(problem, state.best, look) & np.isfinite(state.best_value)
    # A search that converged is preferred to one that did not, unless that one is clearly higher.
    merit = np.where(allowed, state.best_value, -np.inf) + np.where(state.converged, 1e-9, 0.0) / look.n
    best = int(np.argmax(merit))
    stopped = "" if state.converged[best] else Reason(int(state.reason[best])).sentence
    if not allowed[best]:
        stopped = "every search left the region in which the likelihood is bounded"
    near = allowed & (np.abs(state.best_value - state.best_value[best]) * look.n < 1e-5)
    point = _polished(state, best)
    value, gradient, hessian = yield from problem.evaluate(point[None, :])
    return Solution(
        problem, point, float(value[0]), gradient[0], hessian[0], problem.model(point),
        starts=count, agree=agree or int(near.sum()), stopped=stopped,
    )  # fmt: skip


def _polished(state: NewtonTrustRegion, best: int) -> np.ndarray:
    """Return the point after one more Newton step, which squares the error that is left."""
    point = state.best[best]
    if not state.converged[best]:
        return point
    with np.errstate(all="ignore"):
        step = np.linalg.solve(-state.best_hessian[best], state.best_gradient[best])
    return point + step if np.abs(step).max() < 1e-3 else point


def _allowed(problem: Problem, phi: np.ndarray, look: Look) -> np.ndarray:
    """Say of each point whether it lies in the region that the certificate will state."""
    family = problem.likelihood.family
    if look.sample is None or not hasattr(family, "_in_region"):
        return np.ones(len(phi), dtype=bool)
    spread = _spread(look.sample.rows[:, 0]) / problem.likelihood.factor
    return np.asarray(family._in_region(problem.coordinates.theta(phi), spread))


def _without_free_parameters(problem: Problem) -> Question:
    theta = np.asarray(problem.coordinates.fixed)
    sums = yield from problem.likelihood.at(theta[None, :])
    value = float(sums.value[0] - sums.weight[0] * np.log(problem.likelihood.factor))
    empty = np.empty(0)
    return Solution(problem, empty, value, empty, np.empty((0, 0)), problem.model(empty))


def newton(problem: Any, phi: np.ndarray, n: Any) -> Question:
    """Climb from each row of φ (m, q) by Newton steps; return the final state, objective = mean log-likelihood."""
    state = NewtonTrustRegion.start(phi, scale=n, tolerance=TOLERANCE)
    each = np.asarray(n, dtype=float)
    while not state.done:
        with np.errstate(all="ignore"):
            value, gradient, hessian = yield from problem.evaluate(state.points)
        state = state.tell(value / each, gradient / each[..., None], hessian / each[..., None, None])
    return state


def answer(question: Question, reduce: Callable[[Statistic], Any]) -> Any:
    """Run a generator to its end, answering each statistic by `reduce`."""
    try:
        statistic = next(question)
        while True:
            statistic = question.send(reduce(statistic))
    except StopIteration as stop:
        return stop.value


def _on_sample(problem: Problem, phi: np.ndarray, sample: Block) -> Any:
    weights = sample.weights
    n = float(len(sample.rows) if weights is None else weights.sum())
    with np.errstate(all="ignore"):
        return answer(newton(problem, phi, n), lambda statistic: statistic.observe(sample))


def _distinct_best(state: NewtonTrustRegion, most: int) -> tuple[np.ndarray, int]:
    """Return the best few distinct optima, and how many searches reached the first."""
    order = np.argsort(-np.where(np.isfinite(state.best_value), state.best_value, -np.inf), kind="stable")
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
    if summary is not None and not getattr(summary, "overflowed", False):
        summary = family._mapped(summary, likelihood.shift, likelihood.factor)
        closed = getattr(family, "_closed_form", None)
        starts = closed(summary)[None, :] if closed is not None else np.asarray(family._starts_from(summary))
    else:
        sample = look.sample
        assert sample is not None
        x = (sample.rows[:, 0] - likelihood.shift) / likelihood.factor
        weights = np.ones(len(x)) if sample.weights is None else sample.weights
        starts = np.asarray(family._starts(x, weights), dtype=float)
    return np.unique(np.where(np.isnan(fixed), starts, fixed), axis=0)


def _standardization(family: Any, look: Look) -> Question:
    """Return (shift, factor) of the map that brings the data near 0 and 1; factor is a power of two."""
    roles = {parameter.role for parameter in family.parameters}
    if not roles & {"location", "scale", "rate"} or family.discrete:
        return 0.0, 1.0
    if "location" not in roles:
        typical = np.sqrt(max(look.minimum, look.maximum * 1e-30)) * np.sqrt(look.maximum)
        if look.sample is not None:
            typical = float(np.median(look.sample.rows[:, 0]))
        return 0.0, _power_of_two(typical)
    if look.sample is not None:
        x = look.sample.rows[:, 0]
        return float(np.median(x)), _power_of_two(_spread(x) or (look.maximum - look.minimum))
    summary = yield family.sufficient
    return float(summary.high[0]), _power_of_two(float(np.sqrt(summary.scatter[0, 0] / summary.weight)))


def _spread(x: np.ndarray) -> float:
    centre = np.median(x)
    return float(np.median(np.abs(x - centre)) or np.std(x))


def _power_of_two(value: float) -> float:
    return float(2.0 ** np.round(np.log2(value))) if 0.0 < value < np.inf else 1.0


def _refuse_degenerate(family: Any, look: Look, coordinates: Coordinates) -> None:
    """Refuse constant data for a family whose density could grow around them without end."""
    free = {family.parameters[i].name for i in coordinates.free}
    shrinking = family.collapses if free.issuperset(family.collapses) else ()
    anywhere = family.collapses_at is None or look.minimum == family.collapses_at
    if look.minimum == look.maximum and shrinking and anywhere:
        raise NoMaximumError(
            f"column {look.column!r} is constant: every value is {look.minimum:.17g}, and the likelihood of "
            f"{family.__name__} grows without end as {shrinking[0]} approaches its limit; "
            f"drop the column, or fix {shrinking[0]} with fixed={{{shrinking[0]!r}: …}}",
            column=look.column,
            value=look.minimum,
        )


def _at_closed_bound(problem: Problem, look: Look) -> Problem | None:
    """Return the problem with every free parameter at its closed bound, where constant data put one there."""
    coordinates = problem.coordinates
    bounds = [coordinates.parameters[i].closed for i in coordinates.free]
    constant = look.minimum == look.maximum and problem.likelihood.family.discrete
    if not constant or look.minimum not in bounds or None in bounds:
        return None
    fixed = list(coordinates.fixed)
    for i, bound in zip(coordinates.free, bounds, strict=True):
        fixed[i] = float(bound or 0.0)
    return replace(problem, coordinates=replace(coordinates, fixed=tuple(fixed)))


def _boundary_sentence(problem: Problem, look: Look) -> str:
    parameters = [problem.coordinates.parameters[i] for i in problem.coordinates.free]
    name = next(p.name for p in parameters if p.closed == look.minimum)
    others = [p.name for p in parameters if p.name != name]
    tail = f"; nothing is known of {' and '.join(others)}" if others else ""
    value = f"{look.minimum:g}"
    return f"every value is {value}, and the likelihood is highest at the bound {name} = {value}{tail}"


def _compare_with_limit(solution: Solution, look: Look) -> Question:
    """Compare with the family's limit (df = ∞, size = ∞), a model too; return the better Solution."""
    problem = solution.problem
    coordinates = problem.coordinates
    for column, edge in problem.limits():
        parameter = coordinates.parameters[coordinates.free[column]]
        fixed = np.asarray(edge.coordinates.fixed)
        start = np.where(np.isnan(fixed), coordinates.theta(solution.phi[None, :]), fixed)
        limit = (
            (yield from climb(edge, start, look))
            if edge.coordinates.free
            else (yield from _without_free_parameters(edge))
        )
        if why := (yield from _why_the_limit(solution, limit, parameter.name)):
            return replace(limit, starts=solution.starts, agree=solution.agree, limit=why, stopped="")
    return solution


def _why_the_limit(solution: Solution, limit: Solution, name: str) -> Question:
    """Say why the limit is the answer, "" where it is not; what rounding hides, the slope at the limit decides."""
    family = limit.problem.likelihood.family
    tail = f"{name} → ∞, where the family becomes {family.limit_names[name]}"
    rises = f"the likelihood still rises as {tail}"
    if hasattr(family, "_slope_at_limit") and abs(limit.value - solution.value) < 1e-6:
        theta = limit.problem.coordinates.theta(limit.phi[None, :])
        slope = yield from limit.problem.likelihood.total(family._slope_at_limit, theta)
        if slope[0] <= 0.0:
            return rises
        return f"no likelihood exceeds, by more than rounding, that at {tail}" if solution.stopped else ""
    return rises if limit.value >= solution.value - (1e-6 if solution.stopped else 0.0) else ""
