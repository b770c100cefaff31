"""The χ² test of a fit of any size, from counts in cells: one pass, with the right law for estimated parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question
from suffice.distributions.problem import Look, answer
from suffice.distributions.rounded_family import is_fitted_rounded, rounded
from suffice.errors import DataNeeded, NotAvailableError
from suffice.inference.goodness_of_fit_result import Effect, GoodnessOfFit, rounded_text
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.heaping import Grid, rounding_grid
from suffice.statistics.pit_counts import PitCounts
from suffice.statistics.tally import Tally, TallySummary

# Cells: 2 n^(2/5), the rate that Mann and Wald (1942) found, between these.
FEWEST_CELLS, MOST_CELLS = 5, 1_000
# Cells in which a continuous model is compared, for the effect.
FINE_CELLS = 20_000
# Rows in which rounding is looked for.
SAMPLE_ROWS = 2_048
# Rows that a cell must be expected to hold.
FEWEST_ROWS = 5.0
# The step, in an unconstrained coordinate, of the differences of F.
STEP = 1e-5
# A direction of the parameters of which the cells keep all but this share of the information counts as fitted to them.
LOST = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Counts of rows in cells, and the model's probabilities there.

    Parameters
    ----------
    counts : ndarray, shape (K,)
    edges : ndarray, shape (K − 1,): the upper ends of all cells but the last
    distance : the Kolmogorov distance at finer points
    unseen : by how much it may be larger between those
    """

    counts: np.ndarray
    edges: np.ndarray
    distance: float
    unseen: float


@dataclass(frozen=True, slots=True)
class CellsTested:
    """What is tested by counts in cells.

    Parameters
    ----------
    family, solution : the family and its fit: that of the fit, or that of its rounded values
    name : of the family of the fit
    grid : to which values are rounded, None where every digit counts
    where : at which x the effect was seen, where that is not all
    """

    family: Any
    solution: Any
    name: str
    grid: Grid | None = None
    where: str = ""


def cell_test(fit: Any, rounding: float | str | None = None) -> Question:
    """Ask for the counts; return a GoodnessOfFit by the statistic of Nikulin (1973) and Rao and Robson (1974).

    With V the vector of (N − np)/√(np), B that of ∂p/∂φ/√p and I the information of one row, at the maximum,
    Y² = VᵀV + VᵀB (I − BᵀB)⁻¹ BᵀV is χ² with K − 1 degrees of freedom however many parameters were estimated.

    Parameters
    ----------
    rounding : of a continuous family: the step to which values were rounded, "auto" to look for it, or None
    """
    name = fit.family.__name__
    tested = CellsTested(fit.family, fit.solution, name)
    if fit.family.discrete:
        cells = _of_counts((yield Tally()), fit.model, name, 1.0)
    elif (grid := (yield from _grid(rounding))) is None:
        cells = yield from _of_intervals(fit)
    else:
        require_fitted_rounded(fit, grid)
        tally = _coarsened((yield Tally()), grid, name)
        family = rounded(fit.family, grid.step, grid.origin)
        tested = CellsTested(
            family,
            _fitted_to(tally, family, fit.fixed),
            name,
            grid,
            " at the ends of the rounded cells",
        )
        cells = _of_counts(tally, tested.solution.model, name, grid.step)
    return _judged(tested, cells)


def _judged(tested: CellsTested, cells: Cells) -> GoodnessOfFit:
    """Return the test for counts in cells."""
    solution, n = tested.solution, float(cells.counts.sum())
    shares, slopes = _shares_and_slopes(solution, cells.edges)
    v = (cells.counts - n * shares) / np.sqrt(n * shares)
    statistic, fitted = float(v @ v), 0
    if len(solution.phi):
        correction, fitted = _correction(v, slopes / np.sqrt(shares)[:, None], -solution.hessian / n)
        statistic += correction
    df = len(shares) - 1 - fitted
    if df < 1:
        raise NotAvailableError(
            f"{tested.name} is not testable on these data: it has as many parameters as there are "
            f"cells to compare ({len(shares)}); whatever the data are, it fits them"
        )
    corrected = " with the correction of Nikulin, Rao and Robson for estimated parameters"
    words = corrected if len(solution.phi) else ""
    return GoodnessOfFit(
        statistic,
        float(special.chdtrc(df, statistic)),
        Effect.of(cells.distance, n, unseen=cells.unseen, where=tested.where),
        f"χ² of {len(shares)} cells{words}, {df} degrees of freedom",
        tested.name,
        n,
        f"the data are a sample from a {tested.name} distribution{rounded_text(tested.grid)}",
        step=None if tested.grid is None else tested.grid.step,
    )


def _grid(rounding: float | str | None) -> Question:
    """Return the grid of rounding, looked for in a sample of the rows; None for none."""
    if rounding is None:
        return None
    return grid_of(rounding, (yield HashedSample(SAMPLE_ROWS)).rows[:, 0])


def grid_of(rounding: float | str | None, x: np.ndarray) -> Grid | None:
    """Return the grid to which values were rounded, None where every digit is taken as it is."""
    if rounding is None:
        return None
    return rounding_grid(x) if rounding == "auto" else Grid.of_step(float(rounding), x)


def require_fitted_rounded(fit: Any, grid: Grid) -> None:
    """Refuse a family whose rounded values have no fit."""
    if not is_fitted_rounded(fit.family, fit.fixed):
        raise NotAvailableError(
            f"the values are rounded to {grid}, and there is no fit of {fit.family.__name__} to rounded "
            "values, whose likelihood has kinks or ends at the rows; pass rounding=None to take every digit as it is"
        )


def _coarsened(tally: TallySummary, grid: Grid, name: str) -> TallySummary:
    """Return the counts of values rounded to a grid."""
    _require_counted(tally, name)
    values, place = np.unique(grid.nearest(tally.values), return_inverse=True)
    return TallySummary(values, np.bincount(place, tally.weights), tally.capacity)


def _fitted_to(tally: TallySummary, family: Any, fixed: Any) -> Any:
    """Return the Solution of the family of rounded values."""
    block = tally.block()
    ends = float(tally.values[0]), float(tally.values[-1])
    look = Look(float(tally.weights.sum()), *ends, block, sample_is_all=True)
    with np.errstate(all="ignore"):
        return answer(family.plan(look, dict(fixed)), lambda statistic: statistic.observe(block))


def _require_counted(tally: TallySummary, name: str) -> None:
    if tally.overflowed:
        raise DataNeeded(
            f"{name}: there are more than {tally.capacity:,} distinct values, too many to be counted one by one; of a "
            "continuous family pass rounding=None"
        )


def _correction(v: np.ndarray, b: np.ndarray, information: np.ndarray) -> tuple[float, int]:
    """Return VᵀB (I − BᵀB)⁻¹ BᵀV, and how many directions the cells hold so well that they count as fitted to them."""
    values, vectors = np.linalg.eigh(information)
    whiten = vectors / np.sqrt(values)
    kept, turn = np.linalg.eigh(whiten.T @ (b.T @ b) @ whiten)
    along = turn.T @ (whiten.T @ (b.T @ v))
    lost = 1.0 - kept
    free = lost > LOST
    return float(np.sum(along[free] ** 2 / lost[free])), int(np.sum(~free))


def _shares_and_slopes(solution: Any, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the model's probabilities of the cells, shape (K,), and their derivatives in φ, shape (K, q)."""
    phi, model = solution.phi, solution.model

    def shares(point: np.ndarray) -> np.ndarray:
        values = solution.problem.model(point).cdf(edges)
        return np.diff(values, prepend=0.0, append=1.0)

    if not len(phi):
        return np.diff(model.cdf(edges), prepend=0.0, append=1.0), np.empty((len(edges) + 1, 0))
    steps = STEP * np.eye(len(phi))
    slopes = [(shares(phi + step) - shares(phi - step)) / (2.0 * STEP) for step in steps]
    return shares(phi), np.stack(slopes, axis=-1)


def _of_intervals(fit: Any) -> Question:
    """Ask for counts of u = F(x) of a continuous model in fine cells, and join them."""
    theta = np.array(fit.model.theta)[None]
    found = yield PitCounts(fit.family, theta, FINE_CELLS)
    counts = found.counts[0]
    n, fine = float(counts.sum()), np.cumsum(counts)[:-1]
    inner = np.arange(1, FINE_CELLS) / FINE_CELLS
    wanted = int(np.clip(2.0 * n**0.4, FEWEST_CELLS, MOST_CELLS))
    ends = np.unique(np.rint(np.arange(1, wanted) * FINE_CELLS / wanted).astype(int))
    sums = np.concatenate([[0.0], fine[ends - 1], [n]])
    distance = float(np.max(np.abs(fine / n - inner)))
    return Cells(np.diff(sums), np.asarray(fit.model.icdf(ends / FINE_CELLS)), distance, 1.0 / FINE_CELLS)


def _of_counts(tally: TallySummary, model: Any, name: str, step: float) -> Cells:
    """Join neighbouring values of a grid until enough rows are expected in each cell."""
    _require_counted(tally, name)
    values, counts = tally.values, tally.weights
    n = float(counts.sum())
    # Between two values the data's distribution function is flat, so that the last point before the second is worst.
    points = np.unique(np.concatenate([values, values - step]))
    below = np.asarray(model.cdf(points))
    seen = np.concatenate([[0.0], np.cumsum(counts)])[np.searchsorted(values, points, side="right")] / n
    least = max(FEWEST_ROWS, n / np.clip(2.0 * n**0.4, FEWEST_CELLS, MOST_CELLS)) / n
    ends, start = [], 0.0
    for point, share in zip(points.tolist(), below.tolist(), strict=True):
        if share - start >= least and 1.0 - share >= least:
            ends.append(point)
            start = share
    edges = np.array(ends)
    sums = np.concatenate([[0.0], n * seen[np.searchsorted(points, edges)], [n]])
    return Cells(np.diff(sums), edges, float(np.max(np.abs(seen - below))), 0.0)
