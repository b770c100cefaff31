"""The χ² test of a fit of any size, from counts in cells: one pass, with the right law for estimated parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question
from suffice.errors import DataNeeded, NotAvailableError
from suffice.inference.goodness_of_fit_result import Effect, GoodnessOfFit
from suffice.statistics.pit_counts import PitCounts
from suffice.statistics.tally import Tally

# Cells: 2 n^(2/5), the rate that Mann and Wald (1942) found, between these.
FEWEST_CELLS, MOST_CELLS = 5, 1_000
# Cells in which a continuous model is compared, for the effect.
FINE_CELLS = 20_000
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


def cell_test(fit: Any) -> Question:
    """Ask for the counts; return a GoodnessOfFit by the statistic of Nikulin (1973) and Rao and Robson (1974).

    With V the vector of (N − np)/√(np), B that of ∂p/∂φ/√p and I the information of one row, at the maximum,
    Y² = VᵀV + VᵀB (I − BᵀB)⁻¹ BᵀV is χ² with K − 1 degrees of freedom however many parameters were estimated.
    """
    cells = yield from (_of_counts(fit) if fit.family.discrete else _of_intervals(fit))
    solution, n = fit.solution, float(cells.counts.sum())
    shares, slopes = _shares_and_slopes(solution, cells.edges)
    v = (cells.counts - n * shares) / np.sqrt(n * shares)
    statistic, fitted = float(v @ v), 0
    if len(solution.phi):
        correction, fitted = _correction(v, slopes / np.sqrt(shares)[:, None], -solution.hessian / n)
        statistic += correction
    df = len(shares) - 1 - fitted
    if df < 1:
        raise NotAvailableError(
            f"{fit.family.__name__} is not testable on these data: it has as many parameters as there are "
            f"cells to compare ({len(shares)}); whatever the data are, it fits them"
        )
    return GoodnessOfFit(
        statistic,
        float(special.chdtrc(df, statistic)),
        Effect.of(cells.distance, n, unseen=cells.unseen),
        f"χ² of {len(shares)} cells with the correction of Nikulin, Rao and Robson for estimated parameters, "
        f"{df} degrees of freedom",
        fit.family.__name__,
        n,
        f"the data are a sample from a {fit.family.__name__} distribution",
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


def _of_counts(fit: Any) -> Question:
    """Ask for the tally, and join neighbouring integers until enough rows are expected in each cell."""
    tally = yield Tally()
    if tally.overflowed:
        raise DataNeeded(f"{fit.family.__name__}: more distinct values than are counted ({tally.capacity:,})")
    values, counts, model = tally.values, tally.weights, fit.model
    n = float(counts.sum())
    # between two values the data's distribution function is flat, so that the last integer before the second is worst
    points = np.unique(np.concatenate([values, values[1:] - 1.0]))
    below = np.asarray(model.cdf(points))
    seen = np.cumsum(counts)[np.searchsorted(values, points, side="right") - 1] / n
    least = max(FEWEST_ROWS, n / np.clip(2.0 * n**0.4, FEWEST_CELLS, MOST_CELLS)) / n
    ends, start = [], 0.0
    for point, share in zip(points.tolist(), below.tolist(), strict=True):
        if share - start >= least and 1.0 - share >= least:
            ends.append(point)
            start = share
    edges = np.array(ends)
    sums = np.concatenate([[0.0], n * seen[np.searchsorted(points, edges)], [n]])
    return Cells(np.diff(sums), edges, float(np.max(np.abs(seen - below))), 0.0)
