"""Arrow arrays become float64 arrays, viewed where they are that already; nulls become NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from suffice.sources.conversion import EXACT_INTEGERS, refuse_integer

if TYPE_CHECKING:
    import pyarrow as pa


def is_numeric_type(kind: pa.DataType) -> bool:
    """Tell whether values of an Arrow type are real numbers (booleans count as 0 and 1)."""
    import pyarrow.types as types

    return types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind)


def arrow_float64(array: pa.Array, *, column: str, first_row: int = 0, file: str | None = None) -> np.ndarray:
    """Return one Arrow array of a numeric type, or of nulls only, as float64 of shape (n,).

    Raises
    ------
    DataError
        An integer is beyond 2**53: row `first_row` + its position, counted from 1.
    """
    import pyarrow as pa

    if array.type != pa.float64():
        if pa.types.is_null(array.type):
            return np.full(len(array), np.nan)
        try:
            array = array.cast(pa.float64())
        except pa.ArrowInvalid:
            _refuse_first_beyond(array, column, first_row, file)
            array = array.cast(pa.float64(), safe=False)
    return _view(array)


def _view(array: pa.Array) -> np.ndarray:
    """Return the values of a float64 array, a view where none is null.

    By its buffers: `to_numpy` imports pandas where that is installed, for longer than a small fit takes.
    """
    valid, data = array.buffers()
    if data is None:
        return np.full(len(array), np.nan)
    values = np.frombuffer(data, np.float64, count=len(array), offset=8 * array.offset)
    if not array.null_count:
        return values
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), count=array.offset + len(array), bitorder="little")
    return np.where(bits[array.offset :].view(bool), values, np.nan)


def first_value(array: Any) -> tuple[int, Any] | None:
    """Return the position and the value of the first entry that is not null, or None."""
    for position, scalar in enumerate(array):
        if scalar.is_valid:
            try:
                return position, scalar.as_py()
            except (ValueError, OverflowError):
                return position, getattr(scalar, "value", None)
    return None


def _refuse_first_beyond(array: pa.Array, column: str, first_row: int, file: str | None) -> None:
    for position, scalar in enumerate(array):
        value = scalar.as_py()
        if isinstance(value, int) and abs(value) > EXACT_INTEGERS:
            refuse_integer(value, row=first_row + position + 1, column=column, file=file)
