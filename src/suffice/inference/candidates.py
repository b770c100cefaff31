"""Which families are tried where none is named: by kind, counts or a continuous variable, and by support.

A count and a density have likelihoods in different units, so that one kind is tried and never both:

- **0 and 1 only**: Bernoulli.
- **Counts**: whole numbers from 0 on, if 0 is among them or their median is below 20. From there on the unit steps are
  small beside the spread of a Poisson variable (√20 = 4.5): whole numbers without a 0 are taken as measurements that
  were rounded, and a density describes them. So are whole numbers of at least eight different values that are all
  multiples of 10.
- **Continuous**: all else.

Of the kind, those families are tried whose support holds the smallest and the largest value. Left out are families of
excesses and of maxima (`GeneralizedPareto`, `GeneralizedExtremeValue`), which are chosen by how the values came about,
families for a variable in one unit (`ChiSquared`, `VonMises`), `Cauchy`, which is `StudentT` with df = 1, those whose
support ends at a row (`Uniform`, `Pareto`), to which no criterion applies, the costly `BurrXII` and
`GeneralizedNormal`, `Categorical`, which fits any counts, and those that must be told a number (`Binomial`,
`BetaBinomial`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions import family_of
from suffice.distributions.inference_problem import Question
from suffice.errors import NoMaximumError, number_text
from suffice.statistics.extent import ExtentSummary
from suffice.statistics.heaping import resolution_of
from suffice.statistics.tally import Tally, TallySummary

# What a person says to have the families chosen.
AUTO = "auto"
CONTINUOUS = (
    "Normal",
    "StudentT",
    "Logistic",
    "Gumbel",
    "Laplace",
    "SkewNormal",
    "LogNormal",
    "Gamma",
    "Weibull",
    "InverseGaussian",
    "InverseGamma",
    "LogLogistic",
    "Exponential",
    "Rayleigh",
    "HalfNormal",
    "Gompertz",
    "Beta",
)
COUNTS = ("Poisson", "Geometric", "NegativeBinomial", "ZeroInflatedPoisson", "ZeroInflatedNegativeBinomial", "Zipf")
TWO_VALUES = ("Bernoulli",)
# Whole numbers without a 0 are counts where their median is less.
COUNTS_BELOW = 20.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """The families that suit a column.

    Parameters
    ----------
    families : those that are tried
    kind : "counts", "continuous" or "two values"
    reason : why this kind, in a sentence
    others : the names of families of the other kind whose support holds the values
    """

    families: tuple[Any, ...]
    kind: str
    reason: str
    others: tuple[str, ...] = ()


def is_auto(families: Any) -> bool:
    """Say whether the families are to be picked."""
    return isinstance(families, str) and families == AUTO


def suitable(extent: ExtentSummary, rows: np.ndarray, name: str) -> Question:
    """Ask for what tells the kind of a column; return its `Candidates`.

    Parameters
    ----------
    extent : the first look at the rows that are used
    rows : ndarray, shape (k, 1), a sample of them
    name : of the column

    Raises
    ------
    NoMaximumError
        The column is constant.
    """
    low, high = float(extent.minimum[0]), float(extent.maximum[0])
    if low == high:
        raise NoMaximumError(
            f"column {name!r} is constant: every value is {number_text(low)}, so there is nothing to choose among "
            "families, and nothing was fitted; leave the column out, or name a family",
            column=name,
            value=low,
        )
    ends = np.array([low, high])
    # the sample shows most columns not to be whole, and saves counting their values
    whole = low >= 0.0 and bool((rows == np.floor(rows)).all())
    tally = (yield Tally()) if whole else None
    if tally is None or tally.overflowed or not bool((tally.values == np.floor(tally.values)).all()):
        return Candidates(_holding(CONTINUOUS, ends), "continuous", "not all values are whole numbers from 0 on")
    if np.array_equal(tally.values, [0.0, 1.0]):
        return Candidates(_holding(TWO_VALUES, ends), "two values", "0 and 1 only", COUNTS)
    return _whole_numbers(tally, ends)


def _whole_numbers(tally: TallySummary, ends: np.ndarray) -> Candidates:
    zero, median = ends[0] == 0.0, _median(tally)
    continuous = _holding(CONTINUOUS, ends)
    step = resolution_of(tally.values)
    if step is not None and step > 1.0:
        return Candidates(continuous, "continuous", f"whole numbers, all of them multiples of {step:g}", COUNTS)
    if zero or median < COUNTS_BELOW:
        reason = (
            "whole numbers from 0 on, and 0 is among them"
            if zero
            else f"whole numbers, all positive, median {median:g} (below {COUNTS_BELOW:g})"
        )
        return Candidates(_holding(COUNTS, ends), "counts", reason, tuple(f.__name__ for f in continuous))
    reason = f"whole numbers, all positive, median {median:g} (not below {COUNTS_BELOW:g})"
    return Candidates(continuous, "continuous", reason, COUNTS)


def _holding(names: Sequence[str], values: np.ndarray) -> tuple[Any, ...]:
    """Return the families whose support holds these values."""
    families = [family_of(name) for name in names]
    return tuple([family for family in families if bool(family.support.contains(values).all())])


def _median(tally: TallySummary) -> float:
    shares = np.cumsum(tally.weights)
    return float(tally.values[np.searchsorted(shares, 0.5 * shares[-1])])
