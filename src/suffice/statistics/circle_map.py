"""A wrapper that shows a statistic angles as points of the unit circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.statistic import Statistic, observe_samples


@dataclass(frozen=True, slots=True)
class CircleMap:
    """Observe (cos x, sin x) of one column of angles x, in radians.

    Parameters
    ----------
    statistic : what observes the two columns
    """

    statistic: Statistic

    def observe(self, block: Block) -> Any:
        """Observe the points of a block of angles; what is infinite gives NaN, which the first look explains."""
        angle = block.columns[0]
        with np.errstate(all="ignore"):
            points = np.stack([np.cos(angle), np.sin(angle)])
        return self.statistic.observe(Block(points.T, block.weights, block.labels, block.start))

    def observe_samples(self, x: np.ndarray) -> Any:
        """Observe samples of angles, shape (m, n), one by one."""
        return observe_samples(self.statistic, np.stack([np.cos(x), np.sin(x)], axis=-1))
