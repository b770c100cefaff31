"""Where a row lies outside the support of a family of several variables: asked only when one does, to name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True, eq=False)
class FirstRowOutsideSummary:
    """The first offending row (from 0; −1 if none), its values, shape (d,), and how many there are."""

    row: int
    values: np.ndarray
    count: int

    def merge(self, other: FirstRowOutsideSummary) -> FirstRowOutsideSummary:
        """Keep the earlier row."""
        first, second = (self, other) if self.row >= 0 else (other, self)
        earlier = second if 0 <= second.row < first.row else first
        return FirstRowOutsideSummary(earlier.row, earlier.values, self.count + other.count)


@dataclass(frozen=True, slots=True)
class FirstRowOutside:
    """Find the first row outside a support; rows with missing values and rows of weight zero do not count.

    Parameters
    ----------
    support : has `contains_rows(rows)`, rows (n, d) → (n,)
    """

    support: Any

    def observe(self, block: Block) -> FirstRowOutsideSummary:
        """Observe a block."""
        outside = ~self.support.contains_rows(block.rows) & ~np.isnan(block.rows).any(axis=1)
        weights = weights_of(block)
        if weights is not None:
            outside &= weights > 0.0
        count = int(outside.sum())
        if not count:
            return FirstRowOutsideSummary(-1, np.empty(0), 0)
        i = int(np.argmax(outside))
        return FirstRowOutsideSummary(block.start + i, block.rows[i].copy(), count)
