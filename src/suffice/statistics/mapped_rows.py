"""A statistic of y = g⁻¹(x), with the sum of the log slopes of the map, which a likelihood of x needs beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.likelihood_sums import weighted_sum
from suffice.statistics.row_scores import RowScores
from suffice.statistics.statistic import Statistic, observe_samples


@dataclass(frozen=True, slots=True, eq=False)
class MappedSummary:
    """The summary of y, and Σ w log |dx/dy|.

    Parameters
    ----------
    map : the monotone map, x = g(y)
    summary : of y
    log_slopes : ndarray, shape (m,), with the leading axis of the weights, m = 1 where they have none
    """

    map: Any
    summary: Any
    log_slopes: np.ndarray

    @property
    def values(self) -> np.ndarray:
        """The distinct values of x, where the summary is a tally of y."""
        return np.asarray(self.map.forward(self.summary.values))

    @property
    def overflowed(self) -> bool:
        """Whether the summary of y was given up."""
        return bool(getattr(self.summary, "overflowed", False))

    def merge(self, other: MappedSummary) -> MappedSummary:
        """Add."""
        return MappedSummary(self.map, self.summary.merge(other.summary), self.log_slopes + other.log_slopes)


@dataclass(frozen=True, slots=True)
class MappedRows:
    """Observe y = g⁻¹(x).

    Parameters
    ----------
    map : a monotone map, x = g(y)
    statistic : what observes y
    slopes_too : whether the summary is a MappedSummary, or only that of y
    """

    map: Any
    statistic: Statistic
    slopes_too: bool = True

    @np.errstate(all="ignore")
    def observe(self, block: Block) -> Any:
        """Observe the rows of a block of one column."""
        rows, weights = block.rows, weights_of(block)
        mapped = Block(np.asarray(self.map.inverse(rows), dtype=float), block.weights, block.labels, block.start)
        if not self.slopes_too:
            return self.statistic.observe(mapped)
        slopes = np.asarray(self.map.log_slope_at(rows[:, 0]), dtype=float)
        slopes = np.where(np.isnan(rows[:, 0]), 0.0, slopes)
        leading = 1 if weights is None or weights.ndim == 1 else len(weights)
        total = weighted_sum(slopes, weights, leading, len(rows))
        return MappedSummary(self.map, self.statistic.observe(mapped), total)

    @np.errstate(all="ignore")
    def observe_samples(self, x: np.ndarray) -> Any:
        """Observe samples, shape (m, n), one by one."""
        summary = observe_samples(self.statistic, np.asarray(self.map.inverse(x), dtype=float))
        if not self.slopes_too:
            return summary
        slopes = np.asarray(self.map.log_slope_at(x), dtype=float)
        return MappedSummary(self.map, summary, np.broadcast_to(slopes, x.shape).sum(axis=-1))


@dataclass(frozen=True, slots=True)
class MappedScores:
    """The scores of rows of x, which are those of y.

    Parameters
    ----------
    map : a monotone map, x = g(y)
    scores : of y
    """

    map: Any
    scores: RowScores

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return self.scores.size

    @np.errstate(all="ignore")
    def of(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, 1)."""
        return self.scores.of(np.asarray(self.map.inverse(rows), dtype=float))
