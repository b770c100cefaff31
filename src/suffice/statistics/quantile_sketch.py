"""Quantiles at any size: a sorted, thinned list of values with a guaranteed rank error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.block_weights import one_set_of_weights


@dataclass(frozen=True, slots=True, eq=False)
class QuantileSketchSummary:
    """Ascending values with cumulative weights, and how far these may be off.

    The weight R(x) of the values up to x is known from it to within ± `error`, and so is the weight of
    the values below x, whatever the data.

    Parameters
    ----------
    values : ndarray, shape (k,), ascending
    sums : ndarray, shape (k,): the weight up to and including each
    minimum, maximum : the extreme values, exact; NaN if there is none
    error : the bound of the error of a rank, in units of weight; 0 while nothing was thinned
    capacity : the largest k after thinning
    """

    values: np.ndarray
    sums: np.ndarray
    minimum: float
    maximum: float
    error: float
    capacity: int

    @property
    def weight(self) -> float:
        """Σw of the values that are not missing."""
        return float(self.sums[-1]) if len(self.sums) else 0.0

    @property
    def rank_error(self) -> float:
        """The guaranteed bound of the error of a rank, as a share of all weight; 0 is exact."""
        return self.error / self.weight if self.error else 0.0

    def quantile(self, p: Any) -> Any:
        """Return the quantiles at p, of p's shape: type 7, NumPy's default; weight 2 is the value twice.

        After thinning the quantile is a value x of the data with R(below x) − error ≤ p·weight + 1 and
        p·weight ≤ R(x) + error.
        """
        p = np.asarray(p, dtype=float)
        if not ((p >= 0) & (p <= 1)).all():
            raise ParameterError(f"the probabilities of quantiles lie in [0, 1], and p is {p}")
        if not len(self.values):
            return np.full(p.shape, np.nan)[()]
        position = np.maximum((self.weight - 1.0) * p, 0.0)
        whole = np.floor(position)
        share = position - whole
        low, high = self._at(whole), self._at(whole + 1.0)
        with np.errstate(invalid="ignore"):
            move = np.where(high == low, 0.0, high - low)
            between = np.where(share < 0.5, low + move * share, high - move * (1.0 - share))
        between = np.where(share == 0.0, low, between)
        return np.where(p == 0, self.minimum, np.where(p == 1, self.maximum, between))[()]

    def _at(self, position: np.ndarray) -> np.ndarray:
        """Return the value that stands at a position, from 0, among the values repeated by their weight."""
        place = np.searchsorted(self.sums, position, side="right")
        return self.values[np.minimum(place, len(self.values) - 1)]

    def merge(self, other: QuantileSketchSummary) -> QuantileSketchSummary:
        """Merge two lists; errors add up, and thinning adds half its step."""
        from suffice.kernels.quantiles import merge_halved, merge_sorted, merge_thinned

        if self.capacity != other.capacity:
            raise ShapeError(f"quantile sketches of capacity {self.capacity} and {other.capacity} cannot be merged")
        if not len(self.values) or not len(other.values):
            return self if len(self.values) else other
        minimum, maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)
        error = self.error + other.error
        lists = self.values, self.sums, other.values, other.sums
        size = len(self.values) + len(other.values)
        if size <= self.capacity:
            values, sums = np.empty(size), np.empty(size)
            merge_sorted(*lists, values, sums)
        else:
            weight = self.weight + other.weight
            values, sums, half = np.empty(self.capacity), *_steps(weight, self.capacity)
            if self.error and other.error and self.weight == other.weight and self.capacity % 2 == 0:
                # equal steps on both sides: the targets fall on every second value
                merge_halved(self.values, other.values, values)
            else:
                merge_thinned(*lists, 2.0 * half, values)
            error += half
        return QuantileSketchSummary(values, sums, minimum, maximum, error, self.capacity)


@dataclass(frozen=True, slots=True)
class QuantileSketch:
    """Sketch the distribution function of one column; missing values do not count.

    Thinning replaces a list by `capacity` values of equal weight, those at the cumulative weights
    (i + 1/2)·W/capacity, which moves no rank by more than W/(2·capacity). The merge tree of n rows
    thins log₂(n/65,536) + 1 times, so that the default keeps ranks to within 0.1 % up to n = 1e9. A
    source of one block below 65,536 rows is kept as it is, and its quantiles are exact.

    Parameters
    ----------
    capacity : values kept after thinning
    """

    capacity: int = 8_192

    def __post_init__(self) -> None:
        if self.capacity < 2:
            raise ParameterError(f"the capacity of a quantile sketch must be at least 2, not {self.capacity}")

    def observe(self, block: Block) -> QuantileSketchSummary:
        """Observe a block with one set of weights or none."""
        weights = one_set_of_weights(block, "quantile sketches")
        if block.rows.shape[1] != 1:
            raise ShapeError(f"a quantile sketch observes one column, not {block.rows.shape[1]}; use OnColumns")
        alone = block.start == 0 and len(block.rows) < BLOCK_ROWS
        x = block.rows[:, 0]
        values, sums = _sorted(x) if weights is None else _sorted_weighted(x, weights)
        if not len(values):
            return QuantileSketchSummary(values.copy(), np.empty(0), np.nan, np.nan, 0.0, self.capacity)
        minimum, maximum, error = float(values[0]), float(values[-1]), 0.0
        if alone or len(values) <= self.capacity:
            values = values.copy()
            sums = np.arange(1.0, len(values) + 1.0) if sums is None else sums
        else:
            weight = float(len(values) if sums is None else sums[-1])
            values, sums, error = _thinned(values, sums, weight, self.capacity)
        return QuantileSketchSummary(values, sums, minimum, maximum, error, self.capacity)


_SCRATCH = local()


def _sorted(x: np.ndarray) -> tuple[np.ndarray, None]:
    """Return the values that are not missing in ascending order, valid until this thread sorts again.

    Sorting in memory that stays is twice as fast as in pages that the system must first hand out.
    """
    scratch = getattr(_SCRATCH, "values", None)
    if scratch is None or len(scratch) < len(x):
        scratch = _SCRATCH.values = np.empty(max(len(x), BLOCK_ROWS))
    values = scratch[: len(x)]
    values[:] = x
    values.sort()
    if len(values) and np.isnan(values[-1]):
        values = values[: np.searchsorted(values, np.nan)]
    return values, None


def _sorted_weighted(x: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the values that count in ascending order, and their cumulative weights."""
    counts = (weights > 0) & ~np.isnan(x)
    x, weights = x[counts], weights[counts]
    order = np.argsort(x, kind="stable")
    return x[order], np.cumsum(weights[order])


@lru_cache(maxsize=8)
def _steps(weight: float, capacity: int) -> tuple[np.ndarray, float]:
    """Return the cumulative weights of `capacity` equal steps, shared by summaries, and half a step."""
    sums = np.arange(1.0, capacity + 1.0) * (weight / capacity)
    sums[-1] = weight
    sums.flags.writeable = False
    return sums, 0.5 * weight / capacity


@lru_cache(maxsize=8)
def _targets(weight: float, capacity: int) -> np.ndarray:
    """Return the cumulative weights in the middle of the steps."""
    return (np.arange(capacity) + 0.5) * (weight / capacity)


@lru_cache(maxsize=8)
def _places(n: int, capacity: int) -> np.ndarray:
    """Return where among n values of weight 1 these cumulative weights are reached."""
    return np.minimum(np.ceil(_targets(float(n), capacity)) - 1, n - 1).astype(np.intp)


def _thinned(
    values: np.ndarray, sums: np.ndarray | None, weight: float, capacity: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return `capacity` values of equal weight, their cumulative weights, and the error.

    `sums` None means 1, 2, 3, …
    """
    steps, half = _steps(weight, capacity)
    if sums is None:
        return values[_places(len(values), capacity)], steps, half
    places = np.searchsorted(sums, _targets(weight, capacity), side="left")
    return values[np.minimum(places, len(values) - 1)], steps, half
