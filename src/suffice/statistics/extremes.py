"""The smallest and the largest value: the statistic of the uniform family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.statistic import require_same_replicates


@dataclass(frozen=True, slots=True, eq=False)
class ExtremesSummary:
    """Σw and the extreme values among the rows that have a weight.

    Parameters
    ----------
    state : ndarray, shape (3,) = [Σw, minimum, maximum], the last two ∞ and −∞ where there is no row; with a leading
        axis over replicates, shape (m, 3)
    """

    state: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.state[..., 0]

    @property
    def minimum(self) -> Any:
        """The smallest value, shape () or (m,)."""
        return self.state[..., 1]

    @property
    def maximum(self) -> Any:
        """The largest value, shape () or (m,)."""
        return self.state[..., 2]

    def mapped(self, shift: float, factor: float) -> ExtremesSummary:
        """Return the summary of (x − shift)/factor, without the data."""
        ends = (self.state[..., 1:] - shift) / factor
        return ExtremesSummary(np.concatenate([self.state[..., :1], ends], axis=-1))

    def merge(self, other: ExtremesSummary) -> ExtremesSummary:
        """Add the weights, and keep the smallest and the largest value."""
        require_same_replicates(self.state, other.state)
        parts = (
            self.weight + other.weight,
            np.minimum(self.minimum, other.minimum),
            np.maximum(self.maximum, other.maximum),
        )
        return ExtremesSummary(np.stack(parts, axis=-1))


@dataclass(frozen=True, slots=True)
class Extremes:
    """Weight, smallest and largest value of one column, in one pass."""

    def observe(self, block: Block) -> ExtremesSummary:
        """Observe a block; a row of weight zero does not count."""
        x, weights = block.rows[:, 0], weights_of(block)
        if weights is None:
            mass: Any = float(len(x))
            low, high = x.min(initial=np.inf), x.max(initial=-np.inf)
        else:
            mass = weights.sum(axis=-1)
            counted = weights != 0.0
            low = np.where(counted, x, np.inf).min(axis=-1, initial=np.inf)
            high = np.where(counted, x, -np.inf).max(axis=-1, initial=-np.inf)
        return ExtremesSummary(np.stack([mass, low, high], axis=-1))
