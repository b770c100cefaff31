"""Weight, mean and two excesses of the logarithm, of x and of 1 − x: the statistic of the beta family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.log_excess import LogExcess, LogExcessSummary


@dataclass(frozen=True, slots=True, eq=False)
class ShareExcessSummary:
    """The summaries by `LogExcess` of the shares x and of what they leave, 1 − x.

    Parameters
    ----------
    state : ndarray, shape (2, 4): a row for x and one for 1 − x, each [Σw, hi, lo, excess]; with a leading axis over
        replicates, shape (m, 2, 4)
    """

    state: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def share(self) -> LogExcessSummary:
        """The summary of x."""
        return LogExcessSummary(self.state[..., 0, :])

    @property
    def rest(self) -> LogExcessSummary:
        """The summary of 1 − x."""
        return LogExcessSummary(self.state[..., 1, :])

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.share.weight

    def merge(self, other: ShareExcessSummary) -> ShareExcessSummary:
        """Merge each of the two."""
        return ShareExcessSummary(LogExcessSummary(self.state).merge(LogExcessSummary(other.state)).state)


@dataclass(frozen=True, slots=True)
class ShareExcess:
    """Weight, mean, and log(mean) − mean(log) of x and of 1 − x, of one column of values between 0 and 1.

    For small x the rounding of 1 − x moves log(1 − x) about its mean by 1e-16, which β ≈ α/mean multiplies less
    than the rounding of log x does α.
    """

    def observe(self, block: Block) -> ShareExcessSummary:
        """Observe a block of values between 0 and 1; others give NaN, which the first look explains."""
        rest = Block(1.0 - block.rows, block.weights, block.labels, block.start)
        parts = [LogExcess().observe(block).state, LogExcess().observe(rest).state]
        return ShareExcessSummary(np.stack(parts, axis=-2))

    def observe_samples(self, x: np.ndarray) -> ShareExcessSummary:
        """Observe samples, shape (m, n), one by one."""
        parts = [LogExcess().observe_samples(values).state for values in (x, 1.0 - x)]
        return ShareExcessSummary(np.stack(parts, axis=-2))
