"""Real values of any NumPy type become float64, or an error names the first that cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from os.path import basename
from typing import Any, NoReturn

import numpy as np

from suffice.errors import DataError, DataTypeError

EXACT_INTEGERS = 2**53
FLOAT64 = np.dtype(np.float64)
_MISSING_TYPES = ("NoneType", "NAType")


def is_real(dtype: np.dtype) -> bool:
    """Tell whether values of `dtype` are real numbers (booleans count as 0 and 1)."""
    return dtype.kind in "fiub"


def remedy_for(type_name: str) -> str:
    """Return what to do with a column whose type, named `type_name`, is no number."""
    kind = type_name.lower()
    if "complex" in kind:
        return "pass its real part, imaginary part or absolute value"
    if any(word in kind for word in ("date", "time", "duration", "period")):
        return "convert it to numbers first, such as days since a first date"
    if any(word in kind for word in ("str", "object", "categor", "dictionary", "enum", "bytes", "binary")):
        return "convert it to numbers first (texts: one number for each), or choose other columns with columns="
    return "convert it to numbers first, or choose other columns with columns="


def place_of(row: int | None = None, column: str | None = None, file: str | None = None) -> str:
    """Return where a value stands, in words: "row 12 of column 'height' in heights.csv"."""
    words = [] if row is None else [f"row {row}"]
    if column is not None:
        words.append(f"{'of ' if words else ''}column '{column}'")
    if file is not None:
        words.append(f"in {basename(file)}")
    return " ".join(words)


def refuse_type(
    type_name: str,
    *,
    column: str | None = None,
    row: int | None = None,
    value: Any = None,
    file: str | None = None,
    hint: str = "",
    remedy: str = "",
) -> NoReturn:
    """Raise the error for a column that holds no numbers; a hint tells what more may be wrong.

    `remedy` is what to do, where that is not what the type says.
    """
    seen = "" if row is None else f": row {row} is {_shown(value)}"
    subject = "the data" if column is None else place_of(None, column, file)
    message = f"{subject} must hold real numbers, but the type is {type_name}{seen}; "
    message += f"{remedy or remedy_for(type_name)}{hint}"
    raise DataTypeError(message, column=column, row=row, value=value, file=file, type=type_name)


def refuse_values(
    type_name: str, values: Iterable[Any], *, column: str, first_row: int = 0, file: str | None = None
) -> NoReturn:
    """Raise the error for a column of which a value is no number.

    It names the first such value; in a column of numbers that are written as texts, the first text that is none.

    Parameters
    ----------
    values : of the whole column; None and NaN where missing
    first_row : the number of the first, from 0
    """
    rows = enumerate(values, first_row + 1)
    others = [(row, v) for row, v in rows if not _is_missing(v) and not is_number_type(type(v))]
    if not others:
        refuse_type(type_name, column=column, file=file)
    row, value = others[0]
    wrong = [(row, v) for row, v in others if not _is_number_text(v)]
    remedy = ""
    if not wrong:
        remedy = "its texts are numbers: convert them first, with pandas.to_numeric or float"
    elif 2 * len(wrong) <= len(others):
        row, value = wrong[0]
        remedy = (
            "others of its texts are numbers: correct this one, or make it missing (None, NaN), and convert the column "
            "with pandas.to_numeric or float"
        )
    refuse_type(type_name, column=column, row=row, value=value, file=file, remedy=remedy)


def _is_missing(value: Any) -> bool:
    return type(value).__name__ in _MISSING_TYPES or (isinstance(value, float | np.floating) and value != value)


def _is_number_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def refuse_integer(value: int, *, row: int, column: str, file: str | None = None) -> NoReturn:
    """Raise the error for an integer that float64 cannot hold exactly."""
    message = (
        f"{place_of(row, column, file)} is {value}, an integer beyond 2**53: float64 would round it; "
        "subtract an offset, or convert the column to floating point yourself if rounding is right"
    )
    raise DataError(message, row=row, column=column, value=value, file=file)


def float64_values(
    values: np.ndarray, *, columns: Sequence[str], first_row: int = 0, file: str | None = None
) -> np.ndarray:
    """Return `values` as aligned float64, viewed where they are that already.

    Parameters
    ----------
    values : ndarray of a real type, shape (n,) or (n, d), possibly masked: masked values become NaN
    columns : the names of the d columns
    first_row : the number of the first row, from 0, for messages

    Raises
    ------
    DataError
        An integer is beyond 2**53, or a value of extended precision is beyond the range of float64.
    """
    if isinstance(values, np.ma.MaskedArray):
        return _unmasked(values, columns, first_row, file)
    if values.dtype == FLOAT64:
        return values if values.flags.aligned else values.copy()
    if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
        _check_integers(values, columns, first_row, file)
    with np.errstate(over="ignore"):
        out = values.astype(np.float64)
    if values.dtype.itemsize > 8:
        _check_range(values, out, columns, first_row, file)
    return out


def float64_objects(
    values: np.ndarray, *, columns: Sequence[str], first_row: int = 0, file: str | None = None
) -> np.ndarray:
    """Return an array of Python numbers and missing values (None, NaN, NA) as float64, shape kept."""
    types = {type(value) for value in values.flat}
    for kind in types:
        if not is_number_type(kind) and kind.__name__ not in _MISSING_TYPES:
            _refuse_object(values, columns, first_row, file)
    if any(issubclass(kind, Integral) and kind is not bool for kind in types):
        _check_objects(values, columns, first_row, file)
    if any(kind.__name__ == "NAType" for kind in types):
        plain = [None if type(value).__name__ == "NAType" else value for value in values.flat]
        values = np.array(plain, dtype=object).reshape(values.shape)
    return values.astype(np.float64)


def is_numeric_object(values: Iterable[Any], *, empty: bool = False) -> bool:
    """Tell whether objects are numbers and missing values; `empty` is the answer if all are missing."""
    types = {type(value) for value in values}
    numbers = {kind for kind in types if is_number_type(kind)}
    if not numbers and not empty:
        return False
    return all(kind.__name__ in _MISSING_TYPES for kind in types - numbers)


def is_number_type(kind: type) -> bool:
    """Tell whether values of a Python type are real numbers."""
    return issubclass(kind, (Real, Decimal, Fraction, np.bool_))


def _unmasked(values: np.ma.MaskedArray, columns: Sequence[str], first_row: int, file: str | None) -> np.ndarray:
    mask = np.ma.getmaskarray(values)
    plain = np.where(mask, np.zeros((), values.dtype), np.ma.getdata(values))
    out = float64_values(plain, columns=columns, first_row=first_row, file=file)
    out[mask] = np.nan
    return out


def _check_integers(values: np.ndarray, columns: Sequence[str], first_row: int, file: str | None) -> None:
    if not values.size or (values.max() <= EXACT_INTEGERS and values.min() >= -EXACT_INTEGERS):
        return
    beyond = values > EXACT_INTEGERS
    if values.dtype.kind == "i":
        beyond |= values < -EXACT_INTEGERS
    row, column = _first(beyond, columns)
    refuse_integer(int(values[beyond][0]), row=first_row + row + 1, column=column, file=file)


def _check_range(values: np.ndarray, out: np.ndarray, columns: Sequence[str], first_row: int, file: str | None) -> None:
    beyond = np.isinf(out) & np.isfinite(values)
    if beyond.any():
        row, column = _first(beyond, columns)
        message = f"{place_of(first_row + row + 1, column, file)} is beyond the range of float64; rescale the data"
        raise DataError(message, row=first_row + row + 1, column=column, file=file)


def _check_objects(values: np.ndarray, columns: Sequence[str], first_row: int, file: str | None) -> None:
    width = len(columns)
    for position, value in enumerate(values.flat):
        if isinstance(value, Integral) and abs(int(value)) > EXACT_INTEGERS:
            row, column = first_row + position // width + 1, columns[position % width]
            refuse_integer(int(value), row=row, column=column, file=file)


def _refuse_object(values: np.ndarray, columns: Sequence[str], first_row: int, file: str | None) -> NoReturn:
    width = len(columns)
    for position, value in enumerate(values.flat):
        kind = type(value)
        if not is_number_type(kind) and kind.__name__ not in _MISSING_TYPES:
            column = values.reshape(-1, width)[:, position % width]
            name = columns[position % width]
            refuse_values(_type_name(kind), column, column=name, first_row=first_row, file=file)
    raise AssertionError("an array of numbers was refused")


def _type_name(kind: type) -> str:
    return "str (strings)" if issubclass(kind, str) else f"object ({kind.__name__})"


def _first(mask: np.ndarray, columns: Sequence[str]) -> tuple[int, str]:
    position = int(np.argmax(mask.ravel()))
    return position // len(columns), columns[position % len(columns)]


def _shown(value: Any) -> str:
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "..."
