"""How Student's t of several variables is fitted: starts on a sample, then Newton steps, a pass over the data each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import columns_of
from suffice.distributions.distribution import median_deviation
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.location_scatter import fixed_location, fixed_matrix
from suffice.distributions.multivariate_normal_problem import MultivariateNormalProblem
from suffice.distributions.multivariate_student_t_problem import MultivariateStudentTProblem
from suffice.distributions.multivariate_student_t_refusals import (
    near_edge,
    refuse_constant,
    refuse_edge,
    refuse_many,
    refuse_plane,
    refuse_too_few,
)
from suffice.distributions.multivariate_student_t_region import Bounds
from suffice.distributions.multivariate_student_t_starts import TAILS, improved, starting_points
from suffice.distributions.parameter import Parameter
from suffice.distributions.plan import FAR, PILOT_ROWS, best_of, distinct_best, on_sample
from suffice.distributions.problem import answer
from suffice.errors import DataError, ParameterError
from suffice.linalg import Covariance
from suffice.sources.block import Block
from suffice.statistics.scatter import Scatter, ScatterSummary

DF = Parameter("df", positive, "shape", "the degrees of freedom", closed=(np.inf,))
PARAMETERS = (
    ArrayParameter("location", "the centre of each column"),
    ArrayParameter("scale_matrix", "the scale matrix of the columns"),
    DF,
)
# Nats by which an edge may lie below the interior point on the sample and still be looked at on all rows.
ROOM = 3.0
ROOM_PER_ROW = 0.05
# Edges from which a maximum inside is looked for.
MOST_CLIMBED = 4


@dataclass(frozen=True, slots=True)
class _Known:
    """The fixed parameters, None where they are sought."""

    location: np.ndarray | None
    matrix: Covariance | None
    df: float | None

    @property
    def free(self) -> tuple[bool, bool]:
        """Whether location and matrix are sought."""
        return self.location is None, self.matrix is None


def multivariate_student_t_plan(distribution: Any, look: Any, fixed: Mapping[str, Any]) -> Question:
    """Fit; return a `Solution`.

    Parameters
    ----------
    look : the first look, with a sample
    fixed : some of {"location": array (d,), "scale_matrix": array (d, d) or a Covariance, "df": a number or ∞}

    Raises
    ------
    NoMaximumError
        Where a column is constant, where there are too few rows, or where the likelihood is highest at an edge of the
        region.
    """
    summary = yield Scatter()
    sample, d = _counted(look.sample), summary.dimension
    names, known = columns_of(look, d), _known(fixed, d)
    refuse_many(d)
    if known.matrix is None:
        refuse_constant(summary, names)
        if look.sample_is_all:
            refuse_too_few(sample.rows, known.df, known.location is None)
    problem = _frame(distribution, sample, known, names)
    if not problem.names:
        return (yield from _without_free_parameters(problem))
    if known.df == np.inf:
        limit = _gaussian(problem, summary)
        if limit is None:
            raise DataError("the columns are collinear; drop one of them, or fit MultivariateNormal, which says which")
        return replace(limit, problem=problem, status="", reason="")
    bounds = Bounds.of(sample, known.df is None, known.matrix is None)
    problem, starts, count, agree = _searched(problem, sample, known, bounds)
    inside = yield from best_of(problem, starts, look.n, lambda phi: _contained(problem, phi, bounds), (count, agree))
    location, matrix = problem.coordinates.parameters(inside.phi[: problem.coordinates.size])
    if inside.outside and (axis := bounds.flat_axis(matrix)) is not None:
        refuse_plane(axis, location, sample.rows, names)
    solution = _compared(inside, _gaussian(problem, summary) if known.df is None else None)
    return (yield from _best_in_region(solution, inside, look, bounds, names))


# -- the sample ------------------------------------------------------------------------------------


def _counted(sample: Block) -> Block:
    """Return the rows of a sample that have a weight."""
    return sample if sample.weights is None else sample.take(sample.weights > 0.0)


def _frame(distribution: Any, sample: Block, known: _Known, names: tuple[str, ...]) -> MultivariateStudentTProblem:
    """Return the problem in a frame in which the bulk of the sample has location 0 and matrix 1."""
    x, d = sample.rows, sample.rows.shape[1]
    centre = np.median(x, axis=0) if known.location is None else known.location
    spread = np.array([median_deviation(column) or 1.0 for column in x.T])
    frame = known.matrix
    if frame is None:
        part = _pilot(sample)
        z, weights = (part.rows - centre) / spread, _weights(part)
        location, matrix, _ = improved(z, weights, (np.zeros(d), np.eye(d), 5.0), known.free)
        frame = _covariance(matrix * np.outer(spread, spread))
        centre = centre + spread * location
        if frame is None:
            refuse_plane(np.linalg.eigh(matrix)[1][:, 0] / spread, centre, x, names)
    return MultivariateStudentTProblem(distribution, centre, np.zeros(d), frame, *known.free, known.df)


def _pilot(sample: Block) -> Block:
    return sample.take(slice(PILOT_ROWS)) if len(sample.rows) > PILOT_ROWS else sample


def _weights(block: Block) -> np.ndarray:
    return np.ones(len(block.rows)) if block.weights is None else block.weights


def _searched(
    problem: MultivariateStudentTProblem, sample: Block, known: _Known, bounds: Bounds
) -> tuple[MultivariateStudentTProblem, np.ndarray, int, int]:
    """Climb on a few hundred rows, then on the sample; return problem and starts in the frame of the best point."""
    part = _pilot(sample)
    z = problem.frame.whiten((part.rows - problem.high) - problem.low)
    points = starting_points(z, _weights(part), TAILS if known.df is None else (known.df,), known.free)
    phi = np.array([_phi(problem, *point) for point in points])
    count, agree = len(phi), 0
    stages = [(part, 3), (sample, 2)] if len(part.rows) < len(sample.rows) else [(sample, 2)]
    for block, most in stages:
        state = on_sample(problem, phi, block)
        phi, found = distinct_best(state, _contained(problem, state.best, bounds), most)
        agree = agree or found
        if known.df is None:
            # where the likelihood is flat, the search on more rows starts nearer
            phi[:, -1] = np.minimum(phi[:, -1], np.log(FAR))
    return *_reframed(problem, phi), count, agree


def _phi(problem: MultivariateStudentTProblem, location: np.ndarray, matrix: np.ndarray, df: float) -> np.ndarray:
    """Return the coordinates of m, S and ν in the frame of a problem."""
    rows, columns = problem.coordinates.entries
    parts = [location] if problem.location_is_free else []
    parts += [matrix[rows, columns]] if problem.scale_matrix_is_free else []
    return np.concatenate([*parts, [np.log(df)] if problem.df is None else []])


def _moved(problem: MultivariateStudentTProblem, location: np.ndarray, matrix: np.ndarray, df: float) -> np.ndarray:
    """Return the coordinates of μ, Σ and ν in the frame of a problem."""
    half = problem.frame.whiten(matrix)
    within = problem.frame.whiten(half.T)
    centre = problem.frame.whiten((location - problem.high) - problem.low)
    return _phi(problem, centre, 0.5 * (within + within.T), df)


def _reframed(problem: MultivariateStudentTProblem, phi: np.ndarray) -> tuple[MultivariateStudentTProblem, np.ndarray]:
    """Return the problem in the frame of the first point, and all points φ, shape (m, q), in it."""
    size = problem.coordinates.size
    parts = [(*problem.coordinates.parameters(row[:size]), np.exp(row[-1])) for row in phi]
    frame = _covariance(parts[0][1]) if problem.scale_matrix_is_free else problem.frame
    if frame is None:
        return problem, phi
    moved = replace(problem, high=parts[0][0], low=np.zeros(len(problem.high)), frame=frame)
    return moved, np.array([_moved(moved, *part) for part in parts])


def _covariance(matrix: np.ndarray) -> Covariance | None:
    """Return a covariance, or None where a matrix is singular to rounding."""
    try:
        return Covariance.of(0.5 * (matrix + matrix.T))
    except ParameterError:
        return None


# -- comparisons -----------------------------------------------------------------------------------


def _contained(problem: MultivariateStudentTProblem, phi: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Say of points φ, shape (m, q), whether each lies in the region."""
    size = problem.coordinates.size
    df = np.exp(phi[:, -1]) if problem.df is None else np.full(len(phi), problem.df)
    pairs = zip(phi, df, strict=True)
    return np.array([bounds.contain(problem.coordinates.parameters(row[:size])[1], float(v)) for row, v in pairs])


def _gaussian(problem: MultivariateStudentTProblem, summary: ScatterSummary) -> Solution | None:
    """Return the maximum at ν = ∞, where the family is normal; None where rounding makes the covariance singular."""
    edge = replace(problem, df=np.inf)
    normal = MultivariateNormalProblem(
        edge.distribution, "dense", edge.high, edge.low, edge.frame, float(summary.weight),
        edge.location_is_free, edge.scale_matrix_is_free,
    )  # fmt: skip
    rows = answer(normal.maximum(), lambda statistic: summary)
    if not np.isfinite(rows).all():
        return None
    value, gradient, hessian = answer(normal.evaluate(rows), lambda statistic: summary)
    return Solution(edge, rows[0], float(value[0]), gradient[0], hessian[0], edge.model(rows[0]))


def _compared(inside: Solution, limit: Solution | None) -> Solution:
    """Return the better of the interior point and the limit; what rounding hides counts for the limit."""
    if limit is None or limit.value < inside.value - (1e-6 if inside.reason else 0.0):
        return inside
    why = "the likelihood still rises as df → ∞, where the family becomes MultivariateNormal"
    return replace(
        limit, status="no finite maximum", reason=why,
        starts=inside.starts, agree=inside.agree, outside=inside.outside,
    )  # fmt: skip


def _best_in_region(
    solution: Solution, inside: Solution, look: Any, bounds: Bounds, names: tuple[str, ...]
) -> Question:
    """Return the best interior point: the solution, or one that is reached from a higher edge of the region."""
    problem = inside.problem
    location, matrix = problem.coordinates.parameters(solution.phi[: problem.coordinates.size])
    if not bounds.contain(matrix, np.inf):
        location, matrix = problem.high, problem.frame.matrix
    edges = list(bounds.edges(location, matrix, names, np.nan if problem.df is None else problem.df))
    if not problem.location_is_free:
        edges = [replace(edge, location=problem.high) for edge in edges]
    phi = np.array([_moved(problem, edge.location, edge.matrix, edge.df) for edge in edges])
    near = _near_on_sample(problem, phi, solution, bounds.sample) if edges else np.empty(0, dtype=int)
    if not near.size:
        return solution
    heights = (yield problem.sums(phi[near], order=0)).value
    order = np.argsort(-heights, kind="stable")
    if not heights[order[0]] > solution.value:
        return solution
    starts = phi[near][order[:MOST_CLIMBED]]
    climbed = yield from best_of(problem, starts, look.n, lambda at: _contained(problem, at, bounds), (1, 1))
    if not climbed.outside and not climbed.reason and climbed.value > max(solution.value, heights[order[0]]):
        return replace(climbed, starts=solution.starts + 1, agree=1)
    highest = edges[int(near[order[0]])]
    if solution.outside or not solution.status:
        refuse_edge(highest, problem.df is None, names)
    said = f"it is higher still at the edge {highest.where}, {near_edge(highest)}"
    return replace(solution, reason=f"{solution.reason}; {said}")


def _near_on_sample(problem: Any, phi: np.ndarray, solution: Solution, sample: Block) -> np.ndarray:
    """Return the positions of the edges that are not clearly lower than the solution on the sample."""
    part = _pilot(sample)
    heights = problem.sums(phi, order=0).observe(part)
    if solution.outside or not np.isfinite(solution.value):
        return np.arange(len(phi))
    inside = solution.problem.sums(solution.phi[None, :], order=0).observe(part)
    room = max(ROOM, ROOM_PER_ROW * float(inside.weight[0]))
    return np.flatnonzero(heights.value > inside.value[0] - room)


def _without_free_parameters(problem: MultivariateStudentTProblem) -> Question:
    empty = np.empty(0)
    value = yield from problem.value(empty)
    return Solution(problem, empty, value, empty, np.empty((0, 0)), problem.model(empty))


# -- what is known, and what is refused ------------------------------------------------------------


def _known(fixed: Mapping[str, Any], d: int) -> _Known:
    location, matrix = fixed_location(fixed, "location", d), fixed_matrix(fixed, "scale_matrix", d)
    return _Known(location, None if matrix is None else Covariance.of(matrix.matrix), fixed.get("df"))
