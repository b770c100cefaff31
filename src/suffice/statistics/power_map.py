"""A wrapper that shows a statistic a power of the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.statistic import Statistic, observe_samples


@dataclass(frozen=True, slots=True)
class PowerMap:
    """Observe x^e of positive values: reciprocals for e = −1, squares for e = 2.

    A power is rounded like any number: deviations below 1e-8 of a reciprocal keep half of their digits.

    Parameters
    ----------
    exponent : e
    statistic : what observes the powers
    """

    exponent: float
    statistic: Statistic

    def observe(self, block: Block) -> Any:
        """Observe the powers of a block of positive values; what is none, the first look explains."""
        rows = self._power(block.rows)
        return self.statistic.observe(Block(rows, block.weights, block.labels, block.start))

    def observe_samples(self, x: np.ndarray) -> Any:
        """Observe the powers of samples, shape (m, n), one by one."""
        return observe_samples(self.statistic, self._power(x))

    @np.errstate(all="ignore")
    def _power(self, x: np.ndarray) -> np.ndarray:
        return 1.0 / x if self.exponent == -1.0 else x**self.exponent
