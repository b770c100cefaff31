"""Mean, mean logarithm and mean reciprocal of positive values: the statistic of the inverse Gaussian family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.log_excess import LogExcess, LogExcessSummary

# From this mean excess on, a sum of reciprocals has all its digits without regard to their cancellation.
WIDE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class ReciprocalExcessSummary:
    """What `LogExcess` knows, and Σ w t²/(1 + t) with t = x/mean − 1.

    The last divided by Σw is mean · mean(1/x) − 1, without the cancellation of that difference.

    Parameters
    ----------
    logarithms : the weight, the mean and the excess of the logarithm
    excess : ndarray, shape (); with a leading axis over replicates, shape (m,)
    """

    logarithms: LogExcessSummary
    excess: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.logarithms.weight

    @property
    def mean(self) -> Any:
        """The mean, shape () or (m,)."""
        return self.logarithms.mean

    @property
    def spread(self) -> Any:
        """The mean times mean(1/x), less 1: ≥ 0, shape () or (m,)."""
        return self.excess / self.weight

    def mapped(self, factor: float) -> ReciprocalExcessSummary:
        """Return the summary of x/factor, without the data."""
        return ReciprocalExcessSummary(self.logarithms.mapped(factor), self.excess)

    def merge(self, other: ReciprocalExcessSummary) -> ReciprocalExcessSummary:
        """Merge: with means m₁, m₂ and m of both, e = e₁ m/m₁ + e₂ m/m₂ + W₁ W₂ (m₂ − m₁)²/(W m₁ m₂)."""
        merged = self.logarithms.merge(other.logarithms)
        mine, theirs = self.weight, other.weight
        # A side without rows has no mean: it takes that of the other.
        here, there = np.where(mine > 0.0, self.mean, other.mean), np.where(theirs > 0.0, other.mean, self.mean)
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = (other.logarithms.state[..., 1] - self.logarithms.state[..., 1]) + (
                other.logarithms.state[..., 2] - self.logarithms.state[..., 2]
            )
            between = mine * (theirs / merged.weight) * (apart / here) * (apart / there)
            total = self.excess * (merged.mean / here) + other.excess * (merged.mean / there) + between
        total = np.where(theirs == 0.0, self.excess, np.where(mine == 0.0, other.excess, total))
        return ReciprocalExcessSummary(merged, total)


@dataclass(frozen=True, slots=True)
class ReciprocalExcess:
    """Weight, mean, and the excesses of the logarithm and of the reciprocal, of one column of positive values."""

    def observe(self, block: Block) -> ReciprocalExcessSummary:
        """Observe a block of positive values; others give NaN, which the first look explains."""
        logarithms = LogExcess().observe(block)
        x, weights = block.columns[0], weights_of(block)
        if weights is not None and not np.all(weights):
            counted = weights.any(axis=0) if weights.ndim == 2 else weights != 0.0
            x, weights = x[counted], weights[..., counted]
        if len(x) == 0:
            return ReciprocalExcessSummary(logarithms, np.zeros(np.shape(logarithms.weight)))
        with np.errstate(all="ignore"):
            mass, mean = logarithms.weight, logarithms.mean
            if weights is None:
                # m Σ 1/x − n, which loses digits where the values lie close to each other
                high, low = logarithms.state[1:3]
                wide = (high / x).sum() * (1.0 + low / high) - mass
                if WIDE * mass <= wide < np.inf:
                    return ReciprocalExcessSummary(logarithms, wide)
            centre = (mass * mean).sum() / mass.sum()
            t = (x - centre) / centre
            each = t * t * (centre / x)
            about = each.sum() if weights is None else (weights * each).sum(axis=-1)
            # From the common centre c to the mean m of each replicate: e = e_c m/c − W (m/c − 1)².
            off = (mean - centre) / centre
            # Rounding must not bring a replicate of equal rows below 0, where the excess never is.
            excess = np.maximum(about * (1.0 + off) - mass * off * off, 0.0)
        return ReciprocalExcessSummary(logarithms, np.where(mass == 0.0, 0.0, excess))

    def observe_samples(self, x: np.ndarray) -> ReciprocalExcessSummary:
        """Observe samples, shape (m, n), one by one."""
        logarithms = LogExcess().observe_samples(x)
        with np.errstate(all="ignore"):
            mean = np.asarray(logarithms.mean)[:, None]
            t = (x - mean) / mean
            excess = (t * t * (mean / x)).sum(axis=-1)
        return ReciprocalExcessSummary(logarithms, excess)
