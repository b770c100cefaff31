"""Totals of rows of counts: the statistic of the multinomial family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import has_weight, weights_of


@dataclass(frozen=True, slots=True, eq=False)
class CategoryCountsSummary:
    """Σw, Σ w x of each column, Σ w log(n!/Π x!), and which rows there were.

    Parameters
    ----------
    weight, coefficient : ndarray, shape (), or (m,) over replicates
    counts : ndarray, shape (..., k)
    lowest, highest : the least and the largest sum of a row; ∞ and −∞ of no rows
    whole : whether all values were whole numbers and none was negative
    """

    weight: np.ndarray
    counts: np.ndarray
    coefficient: np.ndarray
    lowest: float
    highest: float
    whole: bool

    overflowed: ClassVar[bool] = False

    def merge(self, other: CategoryCountsSummary) -> CategoryCountsSummary:
        """Add."""
        if self.counts.shape != other.counts.shape:
            raise ShapeError(
                f"counts of shapes {self.counts.shape} and {other.counts.shape} cannot be merged: summarize the same "
                "columns on both sides"
            )
        return CategoryCountsSummary(
            self.weight + other.weight,
            self.counts + other.counts,
            self.coefficient + other.coefficient,
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
            self.whole and other.whole,
        )


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """Weight, totals and the sum of the logarithms of the multinomial coefficients of rows of counts."""

    def observe(self, block: Block) -> CategoryCountsSummary:
        """Observe a block; weights with a leading axis give a summary with that axis."""
        rows, weights = block.rows, weights_of(block)
        sums = rows.sum(axis=1)
        whole = bool(((rows >= 0.0) & (rows == np.floor(rows)))[has_weight(block)].all())
        with np.errstate(all="ignore"):
            coefficients: Any = special.gammaln(sums + 1.0) - special.gammaln(rows + 1.0).sum(axis=1)
        if not whole:
            coefficients = np.zeros(len(rows))
        each = np.ones(len(rows)) if weights is None else weights
        there = sums[has_weight(block)]
        return CategoryCountsSummary(
            np.asarray(each.sum(axis=-1)),
            each @ rows,
            np.asarray(each @ coefficients),
            float(there.min()) if len(there) else np.inf,
            float(there.max()) if len(there) else -np.inf,
            whole,
        )
