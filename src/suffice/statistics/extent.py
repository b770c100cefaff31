"""The first look of every pass one: rows, missing values, range, weights, order dependence, drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ShapeError
from suffice.kernels.look_fields import (
    COUNT,
    FIELDS,
    FIRST_INFINITE,
    FIRST_MISSING,
    INFINITE,
    MAXIMUM,
    MEAN,
    MINIMUM,
    MISSING,
    RISES,
    SQUARES,
)
from suffice.kernels.row_order_fields import AUTOCORRELATION, FOUND, TREND
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.block_weights import one_set_of_weights

# Between these, sums of squares lose no digit to underflow and stay finite in sums over any number of rows.
SMALLEST_VARIANCE, LARGEST_VARIANCE = 1e-280, 1e280


@dataclass(frozen=True, slots=True, eq=False)
class ExtentSummary:
    """What the first look saw.

    Parameters
    ----------
    table : ndarray, shape (14, d), see `suffice.kernels.look_fields`
    rows : the number of rows, missing ones included
    weight, weight_squares : Σw and Σw² over all rows (rows where there are no weights)
    bad_weight_row : the number of the first row whose weight is negative, NaN or infinite; −1 if none
    weighted : whether there were weights
    """

    table: np.ndarray
    rows: int
    weight: float
    weight_squares: float
    bad_weight_row: int = -1
    weighted: bool = False

    @property
    def dimension(self) -> int:
        """The number d of columns."""
        return self.table.shape[1]

    @property
    def count(self) -> np.ndarray:
        """Finite values in each column, shape (d,)."""
        return self.table[COUNT]

    @property
    def missing(self) -> np.ndarray:
        """Missing values in each column, shape (d,)."""
        return self.table[MISSING]

    @property
    def first_missing(self) -> np.ndarray:
        """The number of the first row whose value is missing, from 0, shape (d,); inf if there is none."""
        return self.table[FIRST_MISSING]

    @property
    def first_infinite(self) -> np.ndarray:
        """The number of the first row whose value is infinite, from 0, shape (d,); inf if there is none."""
        return self.table[FIRST_INFINITE]

    @property
    def infinite(self) -> np.ndarray:
        """Infinite values in each column, shape (d,)."""
        return self.table[INFINITE]

    @property
    def minimum(self) -> np.ndarray:
        """The smallest value of each column, infinite ones included, shape (d,)."""
        return self.table[MINIMUM]

    @property
    def maximum(self) -> np.ndarray:
        """The largest value of each column, infinite ones included, shape (d,)."""
        return self.table[MAXIMUM]

    @property
    def mean(self) -> np.ndarray:
        """The mean of the finite values of each column, weights left aside, shape (d,)."""
        return self.table[MEAN]

    @property
    def variance(self) -> np.ndarray:
        """The variance (divisor n) of the finite values of each column, shape (d,); NaN out of double range."""
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = self.table[SQUARES] / self.table[COUNT]
            return np.where((variance > SMALLEST_VARIANCE) & (variance < LARGEST_VARIANCE), variance, np.nan)

    @property
    def rises(self) -> np.ndarray:
        """Steps up minus steps down, from each finite value to the next, shape (d,)."""
        return self.table[RISES]

    def order(self) -> np.ndarray:
        """Return what the look says of the order of the rows, shape (4, d), see `suffice.kernels.row_order_fields`."""
        from suffice.kernels.row_order import judge_order

        found = np.empty((FOUND, self.dimension))
        judge_order(self.table, SMALLEST_VARIANCE, LARGEST_VARIANCE, found)
        return found

    def lag_one_autocorrelation(self) -> np.ndarray:
        """Return the autocorrelation of neighbouring rows of each column, shape (d,); NaN if undefined."""
        return self.order()[AUTOCORRELATION]

    def drift_correlation(self) -> np.ndarray:
        """Return the correlation of each column with the row number, shape (d,); NaN if undefined."""
        return self.order()[TREND]

    def merge(self, other: ExtentSummary) -> ExtentSummary:
        """Merge with the look at the rows that follow."""
        from suffice.kernels.look import merge_look

        if self.dimension != other.dimension:
            raise ShapeError(f"looks at {self.dimension} and at {other.dimension} columns cannot be merged")
        table = np.empty_like(self.table)
        merge_look(self.table, other.table, table)
        bad = self.bad_weight_row if self.bad_weight_row >= 0 else other.bad_weight_row
        return ExtentSummary(
            table,
            self.rows + other.rows,
            self.weight + other.weight,
            self.weight_squares + other.weight_squares,
            bad,
            self.weighted or other.weighted,
        )


@dataclass(frozen=True, slots=True)
class Extent:
    """Look at every column: nothing is dropped, nothing is assumed."""

    def observe(self, block: Block) -> ExtentSummary:
        """Observe a block with one set of weights or none."""
        from suffice.kernels.look import look_columns

        columns = block.columns
        table = np.empty((FIELDS, len(columns)))
        look_columns(columns, float(block.start), table)
        n = len(block.rows)
        weights = one_set_of_weights(block, "first looks")
        if weights is None:
            return ExtentSummary(table, n, float(n), float(n))
        with np.errstate(invalid="ignore", over="ignore"):
            good = (weights >= 0) & (weights < np.inf)
        bad = -1 if good.all() else block.start + int(np.argmin(good))
        return ExtentSummary(table, n, float(weights.sum()), float((weights * weights).sum()), bad, True)

    def observe_run(self, block: Block) -> ExtentSummary:
        """Observe a run of 2^k unweighted blocks of one column at once."""
        from suffice.kernels.look import look_run

        table = np.empty((FIELDS, 1))
        look_run(block.columns[0], float(block.start), BLOCK_ROWS, table)
        n = len(block.rows)
        return ExtentSummary(table, n, float(n), float(n))
