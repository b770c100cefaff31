"""Lists, tuples and other sequences as arrays, with errors that name the first row that does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.conversion import refuse_type, refuse_values
from suffice.sources.selection import unnamed_columns


def sequence_array(data: Sequence[Any]) -> np.ndarray:
    """Return a list of numbers, or of rows of numbers, as an array.

    Raises
    ------
    DataTypeError
        A value is a string.
    ShapeError
        The rows have different lengths.
    """
    if isinstance(data, range):
        return np.arange(data.start, data.stop, data.step)
    try:
        values = np.asarray(data)
    except ValueError as error:
        _refuse_ragged(data, error)
    if values.dtype.kind in "US":
        _refuse_text(data)
    return values


def object_array(data: Sequence[Any]) -> np.ndarray:
    """Return a column that may hold text as an array; text beside numbers leaves the numbers as they are."""
    values = sequence_array(data) if isinstance(data, range) else np.asarray(data)
    return values if values.dtype.kind not in "US" else np.asarray(data, dtype=object)


def _refuse_ragged(data: Sequence[Any], error: ValueError) -> NoReturn:
    widths = [np.size(row) for row in data]
    for row, width in enumerate(widths, 1):
        if width != widths[0]:
            message = (
                f"all rows must have the same number of values, but row 1 has {widths[0]} and row {row} has "
                f"{width}; write missing values as NaN (blocks of rows come as two-dimensional arrays)"
            )
            raise ShapeError(message, row=row) from error
    raise ShapeError(f"the rows make no array of numbers: {error}; pass a list of rows of equal length") from error


def _refuse_text(data: Sequence[Any]) -> NoReturn:
    """Raise the error that names the first string; NumPy turned its neighbours into strings too."""
    rows = [[item] if isinstance(item, (str, bytes)) or np.ndim(item) == 0 else list(item) for item in data]
    for fields in rows:
        names = unnamed_columns(len(fields) or 1)
        for position, (name, field) in enumerate(zip(names, fields, strict=False)):
            if isinstance(field, (str, bytes)):
                refuse_values("str (strings)", [row[position] for row in rows], column=name)
    refuse_type("str (strings)")
