"""Whether two fits are of the same data, so that their likelihoods can be compared; and if not, why not."""

from __future__ import annotations

from typing import Any

import numpy as np

from suffice.errors import DataError
from suffice.inference.fit import Fit
from suffice.kernels.look_fields import COUNT, FIRST, LAST, MAXIMUM, MEAN, MINIMUM, MISSING, SQUARES, STEPS

# What two readings of the same values agree in bit by bit, and what they agree in to rounding.
_EXACT = [COUNT, MISSING, MINIMUM, MAXIMUM, FIRST, LAST]
_CLOSE = [MEAN, SQUARES, STEPS]


def require_same_data(first: Fit, second: Fit) -> None:
    """Refuse to compare fits of different rows, columns or weights, or of one variable on two scales.

    Data that were read twice (an array and the file it came from) are the same where count, range, first and last
    value, mean, scatter and the steps between neighbours agree.

    Raises
    ------
    DataError
    """
    why = difference_of_data(first, second)
    if why:
        names = f"{first.family.__name__} and {second.family.__name__}"
        raise DataError(f"the fits of {names} cannot be compared: {why}; fit both to the same data")


def difference_of_data(first: Fit, second: Fit) -> str:
    """Return how the data of two fits differ, in words; "" where they do not."""
    one, two = first.extent, second.extent
    if one.dimension != two.dimension:
        return f"one is of {one.dimension} columns, the other of {two.dimension}"
    if (first.dropped, one.rows) != (second.dropped, two.rows):
        return (
            f"one is of {one.rows:,} rows ({first.dropped:,} left out), the other of {two.rows:,} ({second.dropped:,})"
        )
    if not np.array_equal(one.table[_EXACT], two.table[_EXACT], equal_nan=True) or not np.allclose(
        one.table[_CLOSE], two.table[_CLOSE], rtol=1e-9, atol=0.0, equal_nan=True
    ):
        return _scales(first, second) or f"one is of {_where(first)}, the other of {_where(second)}"
    if (one.weighted, one.weight, one.weight_squares) != (two.weighted, two.weight, two.weight_squares):
        return f"their weights differ: they sum to {one.weight:,.15g} and to {two.weight:,.15g}"
    known = first.origin.fingerprint, second.origin.fingerprint
    if one.weighted and (known[0] != known[1] or first.origin.weights != second.origin.weights):
        return "their weights come from different places"
    return ""


def _scales(first: Fit, second: Fit) -> str:
    """Return that one variable is the logarithm of the other, where the ranges say so."""
    for one, two in ((first, second), (second, first)):
        ends = np.array([one.extent.minimum[0], one.extent.maximum[0]])
        if one.extent.dimension == 1 and ends[0] > 0.0:
            logs = np.array([two.extent.minimum[0], two.extent.maximum[0]])
            for word, base in (("", 1.0), ("decimal ", np.log(10.0)), ("binary ", np.log(2.0))):
                if np.allclose(np.log(ends) / base, logs, rtol=1e-9, atol=1e-12):
                    return (
                        f"the data of {two.family.__name__} are the {word}logarithm of those of {one.family.__name__}, "
                        "and a density of log x is none of x (the normal of log x is LogNormal of x)"
                    )
    return ""


def _where(fit: Fit) -> str:
    """Return the data of a fit in words, with the range of the first column."""
    low, high = (float(end[0]) for end in (fit.extent.minimum, fit.extent.maximum))
    return f"{', '.join(fit.origin.columns[:3])} of {fit.origin.description} ({low:.6g} to {high:.6g})"


def require_one_kind(families: Any) -> None:
    """Refuse to compare probabilities with densities, whose likelihoods have different units.

    Raises
    ------
    DataError
    """
    discrete = [family.__name__ for family in families if family.discrete]
    continuous = [family.__name__ for family in families if not family.discrete]
    if discrete and continuous:
        raise DataError(
            f"{discrete[0]} gives probabilities and {continuous[0]} densities, per unit of x: their likelihoods cannot "
            "be compared (another unit would change one and not the other); compare families of one kind"
        )
