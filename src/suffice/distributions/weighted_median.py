"""The exact weighted median of data of any size, by few passes in bounded memory."""

from __future__ import annotations

import numpy as np

from suffice.distributions.inference_problem import Question
from suffice.distributions.problem import Look
from suffice.statistics.cell_weights import CellWeights, Gap

# A rank is off by √k/2 in a sample of k rows: candidates this many times as far out leave 6e-5 to a further round.
REACH = 4.0
# Sums of fractional weights that are half of all but for so much rounding are taken as half.
ROUNDING = 1e-13


def weighted_median(look: Look) -> Question:
    """Return the middle of the values m with Σw(x < m) ≤ n/2 ≥ Σw(x > m); weight 2 is the value twice.

    Of the first look's sample, values around the middle become candidates; one pass weighs what lies below, at and
    between them, one more collects the gap that holds the median, or a sample of it where it is large, and so on:
    two passes up to some 1e6 rows, four up to 1e9. What is found does not depend on the sample.

    Parameters
    ----------
    look : the first look, with a sample of the rows
    """
    sample = look.sample
    assert sample is not None
    half, base, low, high = 0.5 * look.n, 0.0, -np.inf, np.inf
    values, weights = _sorted(sample.rows[:, 0], sample.weights)
    if look.sample_is_all:
        return (yield from _in_gap(values, weights, 0.0, 0.5 * float(weights.sum()), np.inf))
    inside = look.n
    while True:
        # the ends of the gap stay points, so that each round narrows it
        ends = {end for end in (low, high) if np.isfinite(end)}
        points = tuple(sorted(ends.union(_candidates(values, weights, (half - base) / inside))))
        cells = (yield CellWeights(points)).weights
        sums = np.cumsum(cells)
        half = 0.5 * float(sums[-1])
        cell = _reaches(sums, half)
        if cell % 2:
            above = _next_cell(cells, points, cell)
            return (yield from _in_gap(np.array(points[cell // 2 : cell // 2 + 1]), cells[cell : cell + 1],
                                       float(sums[cell - 1]), half, above))  # fmt: skip
        low = points[cell // 2 - 1] if cell else -np.inf
        high = points[cell // 2] if cell // 2 < len(points) else np.inf
        base, inside = float(sums[cell] - cells[cell]), float(cells[cell])
        gap = (yield Gap(low, high)).sample
        values, weights = _sorted(gap.rows[:, 0], gap.weights)
        if gap.complete:
            return (yield from _in_gap(values, weights, base, half, _next_cell(cells, points, cell)))


def _next_cell(cells: np.ndarray, points: tuple[float, ...], cell: int) -> float | Gap:
    """Return the next value of the data above a cell: a point, or the gap of which it is the smallest; ∞ for none."""
    later = np.flatnonzero(cells[cell + 1 :])
    if not len(later):
        return np.inf
    found = cell + 1 + int(later[0])
    if found % 2:
        return points[found // 2]
    return Gap(points[found // 2 - 1], points[found // 2] if found // 2 < len(points) else np.inf, 1)


def _in_gap(values: np.ndarray, weights: np.ndarray, base: float, half: float, above: float | Gap) -> Question:
    """Return the median, which lies among ascending values.

    Parameters
    ----------
    base, half : the weight below the values, and half of all
    above : the value that follows them, or the gap of which it is the smallest; ∞ for none
    """
    sums = base + np.cumsum(weights)
    place = _reaches(sums, half)
    lower = float(values[place])
    if sums[place] > half * (1.0 + ROUNDING):
        return lower
    if place + 1 < len(values):
        return _middle(lower, float(values[place + 1]))
    upper = (yield above).minimum if isinstance(above, Gap) else above
    return _middle(lower, upper) if upper < np.inf else lower


def _reaches(sums: np.ndarray, half: float) -> int:
    """Return the first position at which ascending sums reach half of the weight."""
    return min(int(np.searchsorted(sums, half * (1.0 - ROUNDING))), len(sums) - 1)


def _middle(low: float, high: float) -> float:
    total = low + high
    return 0.5 * total if np.isfinite(total) else 0.5 * low + 0.5 * high


def _sorted(x: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return distinct values that have a weight, ascending, with their weights."""
    weights = np.ones(len(x)) if weights is None else weights
    values, place = np.unique(x[weights != 0.0], return_inverse=True)
    return values, np.bincount(place, weights[weights != 0.0], len(values))


def _candidates(values: np.ndarray, weights: np.ndarray, share: float) -> list[float]:
    """Return the distinct sampled values around a share of the weight."""
    middle = int(np.searchsorted(np.cumsum(weights), share * weights.sum()))
    reach = 8 + int(REACH * 0.5 * np.sqrt(len(values)))
    found: list[float] = values[max(0, middle - reach) : middle + reach + 1].tolist()
    return found
