"""What the first look must find before a fit goes on: data that are there, finite, weighted and in the support."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from suffice.errors import DataError, MissingValuesError, OutsideSupportError, ParameterError, counted, number_text
from suffice.statistics.extent import LARGEST_VARIANCE, SMALLEST_VARIANCE, ExtentSummary

SMALLEST_SPAN, LARGEST_SPAN = SMALLEST_VARIANCE**0.5, LARGEST_VARIANCE**0.5


def check_missing_word(missing: str) -> bool:
    """Return whether rows with missing values are dropped."""
    if missing not in ("error", "drop"):
        raise ParameterError(f"missing must be 'error' or 'drop', not {missing!r}")
    return missing == "drop"


def check_extent(
    extent: ExtentSummary, present: ExtentSummary, names: Sequence[str], where: str, dropped: bool
) -> None:
    """Refuse what no family can be fitted to.

    Parameters
    ----------
    extent : the look at all rows
    present : the look at the rows that have a weight; their row numbers do not count
    names : the names of the columns
    where : the source, for messages
    dropped : whether missing values will be dropped
    """
    if extent.rows == 0:
        raise DataError(f"{where} has no rows: there is nothing to fit")
    if extent.bad_weight_row >= 0:
        raise DataError(
            f"{where}: the weight in row {extent.bad_weight_row + 1} is negative, missing or infinite; "
            "weights are frequencies: give non-negative finite numbers",
            row=extent.bad_weight_row + 1,
        )
    if extent.weighted and not extent.weight > 0:
        raise DataError(f"{where}: all weights are zero, so no row counts; give at least one positive weight")
    for j, name in enumerate(names):
        if present.missing[j] and not dropped:
            row = int(extent.first_missing[j]) + 1
            raise MissingValuesError(
                f"{where}: column {name!r} has {counted(present.missing[j], 'missing value')} in "
                f"{counted(present.rows, 'row')}, the first in row {row}; pass missing='drop' (--missing drop) to "
                "leave those rows out, or fill them before",
                column=name,
                row=row,
                count=int(present.missing[j]),
            )
        if present.infinite[j]:
            row = int(extent.first_infinite[j]) + 1
            raise DataError(
                f"{where}: column {name!r} has {counted(present.infinite[j], 'infinite value')}, the first in row "
                f"{row}; no family has a likelihood there: remove or replace them",
                column=name,
                row=row,
                count=int(present.infinite[j]),
            )
        if present.missing[j] == present.rows:
            raise DataError(f"{where}: column {name!r} has only missing values; choose other columns", column=name)


def check_scale(extent: ExtentSummary, names: Sequence[str], where: str) -> None:
    """Refuse columns whose sums of squares would underflow or overflow: a variance from them would be wrong.

    Parameters
    ----------
    extent : the look at the rows that are used, all finite
    """
    with np.errstate(over="ignore", invalid="ignore"):
        span = extent.maximum - extent.minimum
    extreme = (span > 0) & ((span < SMALLEST_SPAN) | (span > LARGEST_SPAN))
    for j in map(int, np.flatnonzero(extreme)):
        small = span[j] < SMALLEST_SPAN
        # a power of two, so that no digit of the data changes
        half = max(extent.maximum[j] / 2.0 - extent.minimum[j] / 2.0, 1e-300)
        power = -round(float(np.log2(half)))
        raise DataError(
            f"{where}: column {names[j]!r} goes from {extent.minimum[j]:.6g} to {extent.maximum[j]:.6g}, and squares "
            f"of such differences are too {'small' if small else 'large'} for double precision; multiply the column "
            f"by 2.0**{power}, which changes no digit, and fit that",
            column=names[j],
        )


def support_is_violated(support: Any, extent: ExtentSummary, column: int = 0) -> bool:
    """Say whether the range alone shows a value outside the support."""
    ends = np.array([extent.minimum[column], extent.maximum[column]])
    return not bool(support.contains(ends).all())


def refuse_range(family: Any, support: Any, extent: ExtentSummary, name: str, where: str) -> None:
    """Raise the error for a summary of which some value, no row is known, is outside a family's support."""
    raise OutsideSupportError(
        f"{where}: column {name!r} goes from {number_text(float(extent.minimum[0]))} to "
        f"{number_text(float(extent.maximum[0]))}, but {family.__name__} has probability only on "
        f"{support.describe()}; "
        f"{support.advice or 'choose a family for such values, or summarize the data without them'}",
        column=name,
    )


def refuse_outside(family: Any, support: Any, outside: Any, name: str, where: str) -> None:
    """Raise the error that names the first value outside a family's support."""
    if outside.row < 0:
        return
    more = f" (and {outside.count - 1:,} more)" if outside.count > 1 else ""
    raise OutsideSupportError(
        f"{where}: column {name!r} has the value {number_text(outside.value)} in row {outside.row + 1}{more}, but "
        f"{family.__name__} has probability only on {support.describe()}; "
        f"{support.advice or 'choose a family for such values, or correct or leave out the row'}",
        column=name,
        row=outside.row + 1,
        value=outside.value,
        count=outside.count,
    )


def refuse_row(family: Any, support: Any, first: Any, names: tuple[str, ...], where: str) -> None:
    """Raise the error that names the first row outside a support of several variables; None where no row is known."""
    if first is None or first.row < 0:
        raise OutsideSupportError(
            f"{where}: some rows lie outside the support of {family.__name__}, {support.describe()}; "
            "correct or leave out such rows"
        )
    more = f" (rows outside in all: {first.count:,})" if first.count > 1 else ""
    raise OutsideSupportError(
        f"{where}: row {first.row + 1} {support.complaint(first.values, names)}; {family.__name__} has "
        f"probability only on {support.describe()}{more}",
        row=first.row + 1,
        values=first.values,
        count=first.count,
    )
