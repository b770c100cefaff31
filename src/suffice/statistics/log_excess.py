"""Weight, mean and the excess of log(mean) over the mean of the logarithms: the statistic of the gamma family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.errors import ShapeError
from suffice.kernels.log_excess_series import SMALL, UNDERFLOW, series
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.scatter import NO_WEIGHTS

# From this mean excess on, a sum of logarithms has all its digits without regard to their cancellation.
WIDE = 0.02
LOG_2 = float(np.log(2.0))
# Rows handled at once, so that the temporary arrays stay in the cache.
PART = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class LogExcessSummary:
    """Σw, the mean as a pair (hi, lo), and Σ w h(x/mean − 1), h(t) = t − log(1 + t) ≥ 0.

    The last divided by Σw is log(mean) − mean(log x), without the cancellation of that difference.

    Parameters
    ----------
    state : ndarray, shape (4,) = [Σw, hi, lo, excess]; with a leading axis over replicates, shape (m, 4)
    """

    state: np.ndarray

    overflowed: ClassVar[bool] = False

    @property
    def weight(self) -> Any:
        """Σw, shape () or (m,)."""
        return self.state[..., 0]

    @property
    def mean(self) -> Any:
        """The mean, shape () or (m,)."""
        return self.state[..., 1] + self.state[..., 2]

    @property
    def excess(self) -> Any:
        """Σ w h(x/mean − 1), shape () or (m,)."""
        return self.state[..., 3]

    @property
    def spread(self) -> Any:
        """log(mean) − mean(log x), shape () or (m,)."""
        return self.excess / self.weight

    def mapped(self, factor: float) -> LogExcessSummary:
        """Return the summary of x/factor, without the data."""
        return LogExcessSummary(self.state / np.array([1.0, factor, factor, 1.0]))

    def merge(self, other: LogExcessSummary) -> LogExcessSummary:
        """Merge: each side's rows move from their own mean to the common one, at which h adds up exactly.

        Σ w h(x/m − 1) = Σ w h(x/m₁ − 1) + Σw h(m₁/m − 1), as Σ w (x − m₁) = 0.
        """
        if self.state.shape != other.state.shape:
            raise ShapeError(
                f"summaries of shapes {self.state.shape} and {other.state.shape} cannot be merged: "
                "summarize with the same number of replicates on both sides"
            )
        from suffice.kernels.log_excess import merge_excess

        merged = np.empty(self.state.shape)
        merge_excess(self.state.reshape(-1, 4), other.state.reshape(-1, 4), merged.reshape(-1, 4))
        return LogExcessSummary(merged)


@dataclass(frozen=True, slots=True)
class LogExcess:
    """Weight, mean and the excess of the logarithm, of one column of positive values; at any offset, in one pass."""

    def observe(self, block: Block) -> LogExcessSummary:
        """Observe a block of positive values; others give NaN, which the first look explains."""
        x, weights = block.columns[0], weights_of(block)
        if weights is not None and not np.all(weights):
            # Rows without weight take no part: what stands there may be missing or infinite.
            counted = weights.any(axis=0) if weights.ndim == 2 else weights != 0.0
            x, weights = x[counted], weights[..., counted]
        with np.errstate(all="ignore"):
            if weights is not None and weights.ndim == 2:
                state = _with_leading_axis(x, weights) if len(x) else np.zeros((len(weights), 4))
            else:
                state = _about_own_mean(x, weights) if len(x) else np.zeros(4)
        return LogExcessSummary(state)

    def observe_samples(self, x: np.ndarray) -> LogExcessSummary:
        """Observe samples, shape (m, n), one by one."""
        m, n = x.shape
        with np.errstate(all="ignore"):
            reference = x.mean(axis=-1)
            t = x - reference[:, None]
            high, low = _pair(reference, t.mean(axis=-1))
            t -= low[:, None]
            t /= high[:, None]
            excess = np.where(high > 0.0, _sums_of_excess(t, x, high), np.nan)
        return LogExcessSummary(np.stack([np.full(m, float(n)), high, low, excess], axis=-1))


def _excess(t: np.ndarray, x: np.ndarray, mean: Any) -> np.ndarray:
    """Return h(t) for t = x/mean − 1, each with all its digits; NaN where x and the mean differ in sign."""
    result = series(t)
    large = np.abs(t) >= SMALL
    if large.any():
        result[large] = t[large] - _log_ratio(x[large], np.broadcast_to(mean, x.shape)[large])
    return result


def _log_ratio(x: Any, mean: Any) -> Any:
    ratio = x / mean
    tiny = ratio < UNDERFLOW
    return np.where(tiny, np.log(x) - np.log(mean), np.log(ratio)) if tiny.any() else np.log(ratio)


def _sums_of_excess(t: np.ndarray, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return Σ h(t) of samples, shape (m, n); mean (m,).

    Where most t are large, what rounding does to the logarithm of the others is lost in it.
    """
    if 2 * np.count_nonzero(np.abs(t) >= SMALL) > t.size:
        ratio = x / mean[:, None]
        if ratio.min() > UNDERFLOW:
            return t.sum(axis=-1) - np.log(ratio, out=ratio).sum(axis=-1)
    return _excess(t, x, mean[:, None]).sum(axis=-1)


def _pair(high: Any, move: Any) -> tuple[Any, Any]:
    """Return high + move as a pair (Knuth's two-sum)."""
    new = high + move
    back = new - high
    return new, (high - (new - back)) + (move - back)


def _about_own_mean(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return the state (4,): the mean, then h about it."""
    mass = float(len(x)) if weights is None else weights.sum()
    reference, shift = _mean_of_two(x, weights, mass)
    high, low = _pair(reference, shift)
    # Of values below 0 around a mean below 0 there is no logarithm.
    excess = _wide_excess(x, high, low) if weights is None and high > 0.0 else np.nan
    if not excess >= WIDE * mass and high > 0.0:
        excess = 0.0
        for first in range(0, len(x), PART):
            part = slice(first, first + PART)
            t = x[part] - reference
            t -= shift
            t /= high
            excess += _total(_excess(t, x[part], high), None if weights is None else weights[part])
    return np.array([mass, high, low, excess])


def _wide_excess(x: np.ndarray, high: float, low: float) -> float:
    """Return n log(mean) − Σ log x, which loses digits where the values lie close to each other.

    The powers of two of the mean and of the values are subtracted as whole numbers.
    """
    from suffice.kernels.log_product import log_sum

    logarithms, powers = log_sum(x)
    mantissa, power = np.frexp(high)
    return float(len(x) * (np.log(mantissa) + low / high) - logarithms - (powers - len(x) * float(power)) * LOG_2)


def _mean_of_two(x: np.ndarray, weights: np.ndarray | None, mass: float) -> tuple[float, float]:
    """Return the mean as a reference and what has to be added to it."""
    if weights is None:
        from suffice.kernels.scatter import scatter_columns

        state = np.empty(4)
        scatter_columns(x[None, :], NO_WEIGHTS, state)
        if np.isfinite(state[1]):
            return float(state[1]), float(state[2])
    reference = _mean(x, 0.0, weights, mass)
    return reference, _mean(x, reference, weights, mass)


def _mean(x: np.ndarray, reference: float, weights: np.ndarray | None, mass: float) -> float:
    """Return Σ w (x − reference)/Σw; the sum may overflow where the mean does not."""
    deviations = x - reference if reference else x
    mean = _total(deviations, weights) / mass
    return mean if np.isfinite(mean) else _total(deviations / mass, weights)


def _total(values: np.ndarray, weights: np.ndarray | None) -> float:
    return float(values.sum() if weights is None else (weights * values).sum())


def _with_leading_axis(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the states (m, 4) under m sets of weights: h about the mean under all, moved to each of theirs."""
    mass = weights.sum(axis=-1)
    reference = _mean(x, 0.0, weights.sum(axis=0), mass.sum())
    shifted = x - reference
    shift = (weights @ shifted) / np.where(mass > 0, mass, 1.0)
    high, low = _pair(reference, shift)
    about = weights @ _excess(shifted / reference, x, reference)
    # Rounding must not bring a replicate of equal rows below 0, where h never is.
    excess = np.maximum(about - mass * _excess(shift / reference, high + low, reference), 0.0)
    state = np.stack([mass, high, low, excess], axis=-1)
    state[mass == 0.0] = 0.0  # the mean of nothing is 0 everywhere, so that nothing stays the identity
    return state
