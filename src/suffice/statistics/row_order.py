"""Whether the order of the rows tells anything: neighbours that resemble each other, sorting, drift.

One rule for `fit` and for `describe`. The statistics are taken from the first look, and judged as if the values
had been shuffled: given the values, every order is equally likely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.kernels.row_order_fields import AUTOCORRELATION, EXPONENT, MOVED, TREND
from suffice.statistics.extent import ExtentSummary
from suffice.statistics.hashed_sample import HashedSampleSummary

# Standard deviations of a normal variable, or what is as rare, at which an alarm is raised: together once in more
# than 10,000 columns of independent rows. Small n and heavy tails are discussed in docs/decisions/0006.
CORRELATED, CRITICAL = 4.0, 4.5
# With fewer rows, even sorted ones are too often an accident.
FEWEST = 10
# Up to so many rows their ranks are looked at too, where the sample holds them all.
MOST_RANKED = 1024


@dataclass(frozen=True, slots=True)
class RowOrder:
    """What the order of the rows of each column shows, arrays of shape (d,).

    Parameters
    ----------
    autocorrelation : lag-1 autocorrelation of the finite values; NaN if undefined
    rank_autocorrelation : that of their ranks, ties sharing one; NaN where the ranks were not looked at
    drift : correlation of the finite values with their position; NaN if undefined
    rises : steps up minus steps down, from each finite value to the next
    alike : whether the autocorrelation of the values is no accident
    ranks_alike : whether that of the ranks is no accident
    sorted : whether the values rise, or fall, more often than by accident
    drifting : whether the drift is no accident
    """

    autocorrelation: np.ndarray
    rank_autocorrelation: np.ndarray
    drift: np.ndarray
    rises: np.ndarray
    alike: np.ndarray
    ranks_alike: np.ndarray
    sorted: np.ndarray
    drifting: np.ndarray

    @property
    def correlated(self) -> np.ndarray:
        """Whether the autocorrelation, of the values or of their ranks, is no accident."""
        return self.alike | self.ranks_alike

    @property
    def dependent(self) -> np.ndarray:
        """Whether neighbouring rows depend on each other: correlated or sorted."""
        return self.correlated | self.sorted

    def evidence(self, j: int) -> tuple[str, str]:
        """Return the name and the value of the statistic that shows column j to be dependent; ("", "") if none does."""
        if self.alike[j]:
            return "lag-1 autocorrelation", correlation_text(self.autocorrelation[j])
        if self.ranks_alike[j]:
            return "lag-1 autocorrelation of the ranks", correlation_text(self.rank_autocorrelation[j])
        return ("steps up minus steps down", f"{self.rises[j]:,.0f}") if self.sorted[j] else ("", "")


def correlation_text(value: float) -> str:
    """Return a correlation to two decimals, or two digits where it is small: a large n makes 0.0031 matter."""
    return f"{value:.2f}" if abs(value) >= 0.05 else f"{value:.2g}"


def row_order(extent: ExtentSummary, sample: HashedSampleSummary | None = None) -> RowOrder:
    """Judge the order of the rows of each column.

    A column is *correlated* where the autocorrelation of the values, or of their ranks where up to 1,024 rows are
    all at hand, has an `accident_exponent` above 4²/2; *sorted* where steps up minus steps down exceed 4.5 of
    their standard deviations without ties, √((n + 1)/3), which ties only lower (Moore and Wallis);
    *drifting* where Fisher's z of the correlation with the position, |artanh ρ| √(n − 3), exceeds 4.5. Columns
    of fewer than 10 values are left alone.

    Parameters
    ----------
    extent : the first look at the rows
    sample : a sample of the same rows

    Notes
    -----
    The difference-sign test is that of Moore and Wallis (1943), "Time series significance tests based on
    signs of differences", JASA 38, 153-164; ranks in place of values are those of Wald and Wolfowitz (1943),
    "An exact test for randomness in the non-parametric case based on serial correlation", Ann. Math. Stat. 14.
    """
    found = extent.order()
    enough = extent.count >= FEWEST
    of_ranks, rank_lag = _look_at_ranks(sample, extent.dimension)
    return RowOrder(
        found[AUTOCORRELATION],
        rank_lag,
        found[TREND],
        extent.rises,
        enough & (found[EXPONENT] > CORRELATED**2 / 2.0),
        enough & (of_ranks > CORRELATED**2 / 2.0),
        enough & (np.abs(extent.rises) > CRITICAL * np.sqrt((extent.count + 1.0) / 3.0)),
        enough & (found[MOVED] > CRITICAL),
    )


def accident_exponent(n: float, autocorrelation: float, low: float, high: float, variance: float) -> float:
    """Return c such that independent rows reach so large an autocorrelation with probability at most e⁻ᶜ.

    The autocorrelation is the mean of n products z[i]·z[i+1] of standardised values, which have mean −1/n
    and variance 1 when the rows are shuffled. A normal approximation of it is far off where a few values
    dominate, since it takes only two of them side by side. But no product exceeds b = max z² (or |min z · max z|
    on the negative side), and Hoeffding's bound for the mean t of n variables of variance 1 that stay below b is

        c = n · KL(p ‖ q),   p = (1 + b t)/(1 + b²),   q = 1/(1 + b²),

    which tends to n t²/2 for short tails and many rows, and to the tail of a Poisson variable for a rare one.
    The range of the values suffices for it, so it costs nothing in a pass.

    Parameters
    ----------
    n : the number of values
    autocorrelation : lag-1
    low, high : the smallest and the largest value, less the mean
    variance : of the values, with divisor n

    Source
    ------
    W. Hoeffding (1963), "Probability inequalities for sums of bounded random variables", JASA 58, 13-30,
    theorem 3; that it serves for these products, which are neither independent nor centred at a known mean,
    is measured: docs/decisions/0006.
    """
    from suffice.kernels.row_order import accident_exponent as computed

    return float(computed(n, autocorrelation, low, high, variance))


def _look_at_ranks(sample: HashedSampleSummary | None, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the exponent and the rank autocorrelation of each column, shape (d,); NaN where they are not known."""
    exponents, lags = np.full(d, np.nan), np.full(d, np.nan)
    rows = sample.in_order() if sample is not None and sample.seen <= MOST_RANKED else None
    if rows is None:
        return exponents, lags
    for j in range(d):
        values = rows[:, j]
        values = values[np.isfinite(values)]
        if len(values) < FEWEST:
            continue
        ranks = _centred_ranks(values)
        squares = float(ranks @ ranks)
        if squares > 0.0:
            lags[j] = float(ranks[1:] @ ranks[:-1]) / squares
            exponents[j] = accident_exponent(len(values), lags[j], ranks.min(), ranks.max(), squares / len(values))
    return exponents, lags


def _centred_ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks less their mean; ties share one."""
    ascending = np.sort(values)
    below = np.searchsorted(ascending, values, side="left")
    return 0.5 * (below + np.searchsorted(ascending, values, side="right") - len(values))
