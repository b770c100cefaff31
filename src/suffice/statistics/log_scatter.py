"""Weight, mean and scatter of logarithms, with the digits that log x itself cannot hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np

from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.scatter import Scatter, ScatterSummary, two_sum

# Rows of a column among which its reference is sought.
SAMPLED = 128
# Where most rows lie within this share of the reference, all of them keep what they differ from it.
CLOSE = 0.1
# Digits of the logarithm of a reference: a pair of doubles holds 32.
DIGITS = 50
# Between these a quotient x/c has lost no digits.
UNDERFLOW, OVERFLOW = 1e-300, 1e300


@dataclass(frozen=True, slots=True)
class LogScatter:
    """Weight, mean and scatter of the logarithms of the columns, for families whose statistic is the logarithm.

    Of data near 1e9 the logarithm is near 20.7, and rounding it to double precision moves a row by 1e-6 of
    what a unit of x makes. So each block chooses a reference c inside a column and observes log(x/c), which
    has all its digits; log c, known to 32 digits, joins the mean, which is a pair of doubles (hi, lo).
    """

    def observe(self, block: Block) -> ScatterSummary:
        """Observe a block of positive values; others give NaN, which the first look explains."""
        columns, weights = block.columns, weights_of(block)
        values, logarithms = np.empty_like(columns), np.empty((2, len(columns)))
        with np.errstate(all="ignore"):
            for j, x in enumerate(columns):
                some = _sampled(x, weights)
                reference = float(some[len(some) // 2]) if len(some) else 1.0
                close = 2 * np.count_nonzero(np.abs(some - reference) < CLOSE * reference) > len(some)
                _fill_with_log_ratios(values[j], x, reference, bool(close))
                logarithms[:, j] = logarithm(reference)
            summary = Scatter().observe(Block(values.T, weights, block.labels, block.start))
            return _raise(summary, logarithms)

    def observe_samples(self, x: np.ndarray) -> ScatterSummary:
        """Observe samples, shape (m, n), one by one, about one reference."""
        with np.errstate(all="ignore"):
            values, some = np.empty(x.size), _sampled(x.ravel(), None)
            reference = float(some[len(some) // 2]) if len(some) else 1.0
            close = 2 * np.count_nonzero(np.abs(some - reference) < CLOSE * reference) > len(some)
            _fill_with_log_ratios(values, x.ravel(), reference, bool(close))
            return _raise(Scatter().observe_samples(values.reshape(x.shape)), np.array(logarithm(reference))[:, None])


@lru_cache(maxsize=4096)
def logarithm(value: float) -> tuple[float, float]:
    """Return log(value) of a positive finite number as a pair (hi, lo), to 32 digits.

    Examples
    --------
    >>> logarithm(2.0)
    (0.6931471805599453, 2.3190468138462996e-17)
    """
    with localcontext() as context:
        context.prec = DIGITS
        exact = Decimal(value).ln()
        high = float(exact)
        return high, float(exact - Decimal(high))


def _sampled(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return values that may serve as a reference, ascending: of rows spread over the block, else of any."""
    for rows in (slice(None, None, max(1, len(x) // SAMPLED)), slice(None)):
        some = x[rows]
        good = (some > 0.0) & (some < np.inf)
        if weights is not None:
            present = weights[..., rows] != 0.0
            good &= present.any(axis=0) if present.ndim == 2 else present
        if good.any():
            return np.sort(some[good])
    return np.empty(0)


def _fill_with_log_ratios(out: np.ndarray, x: np.ndarray, reference: float, close: bool) -> None:
    """Fill `out` with log(x/c), c the reference: if rows are `close` to it, with all digits of each, however small.

    From c/2 to 2c, x − c is exact; above, log1p forgives its rounding; below, the quotient has its digits.
    """
    lower, upper = (0.5 if close else UNDERFLOW) * reference, OVERFLOW * reference
    if close:
        np.subtract(x, reference, out=out)
        _divide(out, reference, out)
        np.log1p(out, out=out)
    else:
        _divide(x, reference, out)
        np.log(out, out=out)
    lowest, highest = np.fmin.reduce(x, initial=np.inf), np.fmax.reduce(x, initial=0.0)
    if lowest < lower or highest > upper:
        far = (x < lower) | (x > upper)
        ratio = x[far] / reference
        sound = (ratio > UNDERFLOW) & (ratio < OVERFLOW)
        out[far] = np.where(sound, np.log(ratio), np.log(x[far]) - np.log(reference))
    if not lowest > 0.0:
        out[x <= 0.0] = np.nan


def _divide(x: np.ndarray, reference: float, out: np.ndarray) -> None:
    """Fill `out` with x/reference to 3/2 of a rounding: a product takes a third of the time of a quotient."""
    if UNDERFLOW < reference < OVERFLOW:
        np.multiply(x, 1.0 / reference, out=out)
    else:
        np.divide(x, reference, out=out)


def _raise(summary: ScatterSummary, logarithms: np.ndarray) -> ScatterSummary:
    """Add log c, shape (2, d), to the means in a summary of log(x/c), and return it."""
    high, low = summary.high, summary.low
    total, rest = two_sum(logarithms[0], high)
    high[...], low[...] = two_sum(total, rest + (logarithms[1] + low))
    if not np.all(summary.weight):
        # The mean of nothing is 0 everywhere, so that nothing stays the identity.
        summary.state[np.equal(summary.weight, 0.0)] = 0.0
    return summary
