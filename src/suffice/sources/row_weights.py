"""Weights and labels of rows: checked once where they are arrays, per block where they are read."""

from __future__ import annotations

from typing import Any

import numpy as np

from suffice.errors import DataError, DataTypeError, ShapeError
from suffice.sources.conversion import float64_objects, float64_values, is_real, place_of, refuse_type


def given_weights(weights: Any, n_rows: int | None, *, column: str | None = None) -> np.ndarray | None:
    """Return weights given beside the data as a checked float64 array of shape (n,); None stays None."""
    if weights is None:
        return None
    values = float64_column(weights, "weights", n_rows)
    check_weights(values, column=column)
    with np.errstate(over="ignore"):
        check_total(float(values.sum()), column=column)
    return values


def given_labels(labels: Any, n_rows: int | None, *, column: str | None = None) -> np.ndarray | None:
    """Return labels given beside the data as an int64 array of shape (n,); None stays None."""
    if labels is None:
        return None
    plain = _plain(labels, "labels", n_rows)
    if plain.dtype.kind in "iub" and not isinstance(plain, np.ma.MaskedArray):
        return plain.astype(np.int64)
    return integer_labels(_floats(plain, column or "labels"), column=column)


def given_beside(weights: Any, labels: Any) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the weights and labels given beside data whose rows are not counted yet; names are columns, so None."""
    return (
        None if isinstance(weights, str) else given_weights(weights, None),
        None if isinstance(labels, str) else given_labels(labels, None),
    )


def check_weights(
    weights: np.ndarray, *, first_row: int = 0, column: str | None = None, file: str | None = None
) -> None:
    """Raise DataError at the first weight that is negative, infinite or missing."""
    if not weights.size or (weights.min() >= 0.0 and weights.max() < np.inf):
        return
    bad = ~((weights >= 0.0) & (weights < np.inf))
    row = int(np.argmax(bad))
    value = float(weights[row])
    where = place_of(first_row + row + 1, column, file)
    what = "missing (NaN)" if np.isnan(value) else f"{value:g}"
    message = (
        f"weights must be finite and not negative, but the weight in {where} is {what}; "
        "give weight 0 to a row that should not count"
    )
    raise DataError(message, row=first_row + row + 1, column=column, file=file, value=value)


def check_total(total: float, *, column: str | None = None, file: str | None = None) -> None:
    """Raise DataError where all weights are zero."""
    if total == 0.0:
        where = f" {place_of(None, column, file)}" if file else f" in column '{column}'" if column else ""
        message = f"all weights{where} are zero, so that no row counts; pass positive weights, or none"
        raise DataError(message, column=column, file=file)
    if total == np.inf:
        raise DataError("the sum of the weights overflows; divide them by their largest", column=column, file=file)


def integer_labels(
    values: np.ndarray, *, first_row: int = 0, column: str | None = None, file: str | None = None
) -> np.ndarray:
    """Return labels read as float64 as int64, or raise DataError at the first that is no integer."""
    bad = ~((values == np.floor(values)) & (np.abs(values) < 2.0**53))
    if bad.any():
        row = int(np.argmax(bad))
        where = place_of(first_row + row + 1, column, file)
        what = "missing" if np.isnan(values[row]) else f"{values[row]:g}"
        message = f"labels must be integers, but the label in {where} is {what}; use -1 for unknown"
        raise DataError(message, row=first_row + row + 1, column=column, file=file)
    return values.astype(np.int64)


def check_length(what: str, length: int, n_rows: int) -> None:
    """Raise DataError where weights or labels do not come one per row."""
    if length == n_rows:
        return
    row = min(length, n_rows) + 1
    which = f"row {row} has none" if length < n_rows else f"number {row} belongs to no row"
    message = f"{what} must have one value per row: {length} {what} for {n_rows} rows, {which}"
    raise DataError(message, row=row, expected=n_rows, length=length)


def float64_column(values: Any, name: str, n_rows: int | None) -> np.ndarray:
    """Return any one-dimensional input as float64, its length checked where `n_rows` is known."""
    return _floats(_plain(values, name, n_rows), name)


def _floats(plain: np.ndarray, name: str) -> np.ndarray:
    if plain.dtype.kind == "O":
        return float64_objects(plain, columns=[name])
    return float64_values(plain, columns=[name])


def _plain(values: Any, name: str, n_rows: int | None) -> np.ndarray:
    if isinstance(values, (int, float)):
        message = f"{name} must have one value per row, or be the name of a column; one number came"
        raise ShapeError(message, expected=n_rows)
    plain = values if isinstance(values, np.ndarray) else np.asarray(values)
    if plain.ndim == 2 and plain.shape[1] == 1:
        plain = plain[:, 0]
    if plain.ndim != 1:
        raise ShapeError(f"{name} must have shape (n,), but came with shape {plain.shape}", shape=plain.shape)
    if not is_real(plain.dtype) and plain.dtype.kind != "O":
        remedy_value = plain[0].item() if len(plain) else None
        if name == "labels":
            message = (
                f"labels must be integers, but row 1 is {remedy_value!r}; number the classes first, such as "
                "labels = numpy.unique(labels, return_inverse=True)[1]"
            )
            raise DataTypeError(message, row=1, value=remedy_value)
        refuse_type(str(plain.dtype), column=name, row=1 if len(plain) else None, value=remedy_value)
    if n_rows is not None:
        check_length(name, len(plain), n_rows)
    return plain
