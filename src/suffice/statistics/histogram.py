"""Weights of the values between fixed edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True, eq=False)
class HistogramSummary:
    """Σw below the first edge, in each bin, above the last edge, and of missing values.

    Parameters
    ----------
    edges : ndarray, shape (k + 1,), ascending
    table : ndarray, shape (..., k + 3), with the leading axis of the weights: below, the k bins, above,
        missing
    """

    edges: np.ndarray
    table: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Σw of the bins, shape (..., k); bins hold their left edge, the last one its right edge too."""
        return self.table[..., 1:-2]

    @property
    def below(self) -> np.ndarray:
        """Σw of the values below the first edge, shape (...)."""
        return self.table[..., 0]

    @property
    def above(self) -> np.ndarray:
        """Σw of the values above the last edge, shape (...)."""
        return self.table[..., -2]

    @property
    def missing(self) -> np.ndarray:
        """Σw of the missing values, shape (...)."""
        return self.table[..., -1]

    def density(self) -> np.ndarray:
        """Return counts/(weight of all values · width), shape (..., k)."""
        weight = self.table[..., :-1].sum(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.counts / (weight * np.diff(self.edges))

    def merge(self, other: HistogramSummary) -> HistogramSummary:
        """Add."""
        if not np.array_equal(self.edges, other.edges) or self.table.shape != other.table.shape:
            raise ShapeError("histograms with different edges or sets of weights cannot be merged")
        return HistogramSummary(self.edges, self.table + other.table)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Count one column between edges.

    Parameters
    ----------
    edges : at least two numbers, strictly ascending
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges, dtype=float)
        if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
            raise ParameterError(f"the edges of a histogram are two or more ascending numbers, not {self.edges}")
        object.__setattr__(self, "edges", tuple(edges.tolist()))

    def observe(self, block: Block) -> HistogramSummary:
        """Observe a block of one column; weights with a leading axis (m, n) give counts with that axis."""
        if block.rows.shape[1] != 1:
            raise ShapeError(f"a histogram observes one column, not {block.rows.shape[1]}; use OnColumns")
        x, weights = block.columns[0], weights_of(block)
        edges = np.array(self.edges)
        place = np.searchsorted(edges, x, side="right")
        place[x == edges[-1]] = len(edges) - 1
        place[np.isnan(x)] = len(edges) + 1
        size = len(edges) + 2
        if weights is None:
            return HistogramSummary(edges, np.bincount(place, minlength=size).astype(float))
        lead = weights.shape[:-1]
        rows = [np.bincount(place, row, size) for row in np.atleast_2d(weights)]
        return HistogramSummary(edges, np.array(rows).reshape(*lead, size))
