"""Quantiles by counting: cells that a first look at the data chose, and the rank error that the counts prove."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, ldexp, log2, nextafter
from typing import Any

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import Block

# A sample is worth a grid if it has so many values, nearly all distinct (cells answer with values that
# need not be in the data, which would look odd in rounded ones), and a grid is worth using if no cell
# holds more of the sample than MOST_IN_CELL: 48 of 65,536 are 0.07 %.
LEAST_SAMPLE = 32_768
LEAST_DISTINCT = 0.99
MOST_IN_CELL = 48
IN_END_CELL = 16
CELLS = (8_192, 16_384)
SCALES = (0.5, 4.0, 0.0625)


@dataclass(frozen=True, slots=True)
class ColumnGrid:
    """Cells over one column, see `suffice.kernels.quantile_grid`.

    Parameters
    ----------
    column : its position among the columns of a block
    centre, scale : what values are moved by
    lowest, highest, shift : the smallest and the largest key, and the logarithm to base 2 of a cell's width
    """

    column: int
    centre: float
    scale: float
    lowest: int
    highest: int
    shift: int

    @property
    def cells(self) -> int:
        """The number of cells; one more counts the missing values."""
        return ((self.highest - self.lowest) >> self.shift) + 1

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return the cell of each value, shape (n,)."""
        from suffice.kernels.quantile_grid import place_column

        places = np.empty(len(values), dtype=np.int64)
        place_column(values, self.centre, self.scale, self.lowest, self.highest, self.shift, places)
        return places

    def count(self, values: np.ndarray) -> np.ndarray:
        """Return how many values lie in each cell and, after these, how many are missing, shape (cells + 1,)."""
        from suffice.kernels.quantile_grid import count_column

        counts = np.zeros(self.cells + 1, dtype=np.int64)
        count_column(values, self.centre, self.scale, self.lowest, self.highest, self.shift, counts)
        return counts

    def ends(self, cell: int) -> tuple[float, float]:
        """Return the smallest and the largest value in a cell, infinite in the open cells."""
        from suffice.kernels.quantile_grid import first_of_cell

        def first(i: int) -> float:
            return first_of_cell(i, self.centre, self.scale, self.lowest, self.highest, self.shift)

        low = -inf if cell == 0 else first(cell)
        return low, inf if cell == self.cells - 1 else nextafter(first(cell + 1), -inf)


@dataclass(frozen=True, slots=True)
class GridQuantiles:
    """The counts of one column, shape (cells,), as a distribution function."""

    grid: ColumnGrid
    counts: np.ndarray

    @property
    def weight(self) -> float:
        """The number of values that are not missing."""
        return float(self.counts.sum())

    @property
    def rank_error(self) -> float:
        """The guaranteed bound of the error of a rank: the share of all values in the fullest cell."""
        return float(self.counts.max()) / self.weight if self.counts.any() else 0.0

    def quantile(self, p: float) -> float:
        """Return a value x with |share of the values up to x − p| ≤ `rank_error`; NaN if there are none.

        It lies in the cell in which the share of the values passes p, as far in as the values would be if they
        were spread evenly. The extremes are not known here: an open cell answers with its finite end.
        """
        if not 0 <= p <= 1:
            raise ParameterError(f"the probabilities of quantiles lie in [0, 1], and p is {p}")
        if not self.counts.any():
            return np.nan
        sums = np.cumsum(self.counts)
        wanted = p * self.weight
        cell = int(np.searchsorted(sums, max(wanted, 0.5)))
        low, high = self.grid.ends(cell)
        if low == -inf or high == inf:
            return high if low == -inf else low
        count = int(self.counts[cell])
        inside = (wanted - float(sums[cell] - count)) / count
        return min(max(low + (high - low) * inside, low), high)


@dataclass(frozen=True, slots=True, eq=False)
class QuantileGridSummary:
    """How many values lie in each cell of each grid.

    Parameters
    ----------
    grids : the grids
    counts : for each grid an ndarray of int64, shape (cells + 1,), the number of missing values at its end
    """

    grids: tuple[ColumnGrid, ...]
    counts: tuple[np.ndarray, ...]

    def of(self, index: int) -> GridQuantiles:
        """Return the distribution in grid `index`."""
        return GridQuantiles(self.grids[index], self.counts[index][:-1])

    def merge(self, other: QuantileGridSummary) -> QuantileGridSummary:
        """Add the counts."""
        if self.grids is not other.grids and self.grids != other.grids:
            raise ShapeError("counts in different cells cannot be merged: use one grid for all rows")
        return QuantileGridSummary(self.grids, tuple([a + b for a, b in zip(self.counts, other.counts, strict=True)]))

    def __reduce__(self) -> tuple[Any, ...]:
        # Most counts are small: in two bytes instead of eight they travel faster between processes.
        return _travelled, (self.grids, [counts.astype(np.min_scalar_type(counts.max())) for counts in self.counts])


def _travelled(grids: tuple[ColumnGrid, ...], counts: list[np.ndarray]) -> QuantileGridSummary:
    return QuantileGridSummary(grids, tuple([part.astype(np.int64) for part in counts]))


@dataclass(frozen=True, slots=True)
class QuantileGrid:
    """Count the values of columns in cells; weights are not for counting."""

    grids: tuple[ColumnGrid, ...]

    def observe(self, block: Block) -> QuantileGridSummary:
        """Observe a block without weights."""
        if block.weights is not None:
            raise ShapeError("a quantile grid counts rows and takes no weights; use QuantileSketch")
        columns = block.columns
        if self.grids and max(grid.column for grid in self.grids) >= len(columns):
            raise ShapeError(f"a grid's column is missing: the block has {len(columns)} columns")
        return QuantileGridSummary(self.grids, tuple([grid.count(columns[grid.column]) for grid in self.grids]))


def column_grid(column: int, sample: np.ndarray) -> ColumnGrid | None:
    """Return cells of nearly equal shares for values like those of a sample; None where sorting serves better.

    The cells are equal on a scale that is linear near a centre and logarithmic far from it. Tried are the
    median and both ends as centres, with several scales.
    """
    values = np.sort(sample)
    values = values[: np.searchsorted(values, np.nan)]
    n = len(values)
    if n < LEAST_SAMPLE or np.count_nonzero(values[1:] > values[:-1]) < LEAST_DISTINCT * n:
        return None
    low, middle, high = (float(values[i]) for i in (IN_END_CELL, n // 2, -1 - IN_END_CELL))
    half = float(values[3 * n // 4]) - float(values[n // 4])
    if not (isfinite(low) and isfinite(high) and 0 < half < inf):
        return None
    for cells in CELLS:
        for centre in (middle, low, high):
            for factor in SCALES:
                grid = _equal_cells(column, centre, ldexp(factor, round(log2(half))), low, high, cells)
                if fits(grid, values):
                    return grid
    return None


def fits(grid: ColumnGrid, values: np.ndarray, most: float = MOST_IN_CELL) -> bool:
    """Tell whether no cell holds more than `most` of the values; missing ones do not count."""
    return bool(grid.count(values)[:-1].max() <= most)


def _equal_cells(column: int, centre: float, scale: float, low: float, high: float, cells: int) -> ColumnGrid:
    """Return at most `cells` cells whose inner ends are about `low` and `high`."""
    unbounded = ColumnGrid(column, centre, scale, -(1 << 62), (1 << 62) - 1, 0)
    first, last = (int(key) - (1 << 62) for key in unbounded.place(np.array([low, high])))
    shift = max((last - first).bit_length() - cells.bit_length() + 1, 0)
    return ColumnGrid(column, centre, scale, first, last, shift)
