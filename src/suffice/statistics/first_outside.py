"""Where a value lies outside a family's support: asked only when one does, to name its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True)
class FirstOutsideSummary:
    """The first offending row (from 0; −1 if none), its value, and how many there are."""

    row: int
    value: float
    count: int

    def merge(self, other: FirstOutsideSummary) -> FirstOutsideSummary:
        """Keep the earlier row."""
        first, second = (self, other) if self.row >= 0 else (other, self)
        earlier = second if 0 <= second.row < first.row else first
        return FirstOutsideSummary(earlier.row, earlier.value, self.count + other.count)


@dataclass(frozen=True, slots=True)
class FirstOutside:
    """Find the first value of one column outside a support; missing values and rows of weight zero do not count.

    Parameters
    ----------
    support : has `contains(x)`, elementwise
    """

    support: Any

    def observe(self, block: Block) -> FirstOutsideSummary:
        """Observe a block."""
        x = block.columns[0]
        outside = ~self.support.contains(x) & ~np.isnan(x)
        weights = weights_of(block)
        if weights is not None:
            outside &= weights > 0.0
        count = int(outside.sum())
        if not count:
            return FirstOutsideSummary(-1, np.nan, 0)
        i = int(np.argmax(outside))
        return FirstOutsideSummary(block.start + i, float(x[i]), count)
