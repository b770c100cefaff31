"""The one door for data: whatever a person has becomes a source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from suffice.errors import DataTypeError, ParameterError, ShapeError, counted
from suffice.sources.arrays import ArraySource, array_source, real_matrix
from suffice.sources.block import Block, Source, is_source
from suffice.sources.conversion import FLOAT64
from suffice.sources.files import files_source, names_file
from suffice.sources.frames import as_column, frame_source, is_frame
from suffice.sources.iterables import iterable_source
from suffice.sources.selection import unnamed_columns
from suffice.sources.sequences import object_array, sequence_array
from suffice.sources.tables import table_source

_X = ("x",)


def as_source(data: Any, *, columns: Any = None, weights: Any = None, labels: Any = None) -> Source:
    """Return `data` as a source: rows of float64 in blocks, readable again and in pieces.

    Parameters
    ----------
    data : array, sequence of numbers or of rows, data frame, series, dict of columns, Arrow object, path,
        glob or list of paths of CSV, Parquet, Arrow IPC or .npy files, iterable of blocks, or a source, which is
        returned as it is
    columns : a name, a position or a sequence of them; default: all columns of an array, all numeric columns
        of a frame or file (the others are listed in `source.skipped`)
    weights : array of shape (n,), finite and not negative, or the name of a column
    labels : integers of shape (n,), or the name of a column

    Returns
    -------
    Source
        With `n_rows` (None where it is unknown before reading), `skipped` and `description`.
        Missing values are NaN.

    Raises
    ------
    DataTypeError
        A column holds no numbers.
    ShapeError
        The data have no dimension, or more than two.
    DataError
        There are no rows, a weight is not valid, or an integer is beyond 2**53.
    ColumnError
        A column is not there.
    SourceError
        A file is not there, or damaged.

    Examples
    --------
    >>> source = as_source([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> source.columns, source.n_rows
    (('x0', 'x1'), 3)
    """
    if type(data) is np.ndarray:
        plain = columns is None and weights is None and labels is None
        if plain and data.ndim == 1 and data.dtype == FLOAT64 and data.size:
            return ArraySource(data[:, None], _X)
    options = {"columns": columns, "weights": weights, "labels": labels}
    if isinstance(data, range):
        return _from_array(sequence_array(data), **options)
    if isinstance(data, (str, os.PathLike)):
        return files_source(data, **options)
    if isinstance(data, (list, tuple)):
        return _from_list(data, options)
    if isinstance(data, np.ndarray):
        return _from_array(data, **options)
    return _from_other(data, options)


def _from_array(data: np.ndarray, *, columns: Any, weights: Any, labels: Any, described: str | None = None) -> Source:
    if data.dtype.names is not None and data.ndim == 1:
        pairs = [(name, data[name]) for name in data.dtype.names]
        described = f"a structured array of {counted(len(data), 'row')}"
    elif columns is None and not isinstance(weights, str) and not isinstance(labels, str):
        return array_source(data, weights=weights, labels=labels, described=described)
    else:
        values = real_matrix(data)
        pairs = [(name, values[:, at]) for at, name in enumerate(unnamed_columns(values.shape[1]))]
        described = described or f"an array of shape {data.shape}"
    return table_source(pairs, columns=columns, weights=weights, labels=labels, described=described)


def _from_list(data: Any, options: dict[str, Any]) -> Source:
    first = data[0] if len(data) else None
    if isinstance(first, Mapping) and all(np.ndim(value) == 0 for value in first.values()):
        message = "row 1 is a dict; pass one dict of columns, such as {'height': [1.6, 1.7]}, or a data frame"
        raise DataTypeError(message, row=1)
    if isinstance(first, os.PathLike) or (isinstance(first, str) and names_file(first)):
        return files_source(data, **options)
    rows = isinstance(first, np.ndarray) and first.ndim == 2
    if rows or isinstance(first, (Block, Mapping)) or is_frame(first):
        return iterable_source(data, as_source, **options)
    described = f"a {type(data).__name__} of {counted(len(data), 'row')}"
    return _from_array(sequence_array(data), described=described, **options)


def _from_other(data: Any, options: dict[str, Any]) -> Source:
    if is_source(data):
        if any(value is not None for value in options.values()):
            message = "columns, weights and labels are chosen when a source is made; pass them to as_source there"
            raise ParameterError(message)
        return data
    if isinstance(data, Mapping):
        pairs = _dict_columns(data)
        return table_source(pairs, described=f"a dict of {counted(len(pairs), 'column')}", **options)
    if hasattr(data, "toarray") and hasattr(data, "nnz"):
        message = f"the data are sparse ({type(data).__name__}); pass data.toarray(), or dense blocks of rows"
        raise DataTypeError(message)
    if not isinstance(data, (np.generic, int, float, complex, memoryview)) and data is not None:
        source = frame_source(data, **options)
        if source is not None:
            return source
    return _from_unknown(data, options)


def _from_unknown(data: Any, options: dict[str, Any]) -> Source:
    if isinstance(data, (set, frozenset)):
        raise DataTypeError("a set has no order and drops equal values; pass a list")
    buffer = isinstance(data, (np.generic, int, float, complex, memoryview, bytearray)) or hasattr(data, "__array__")
    if buffer or hasattr(data, "typecode"):
        return _from_array(np.asarray(data), **options)
    if isinstance(data, Iterable) and not isinstance(data, bytes):
        return iterable_source(data, as_source, **options)
    message = f"data of type {type(data).__name__} cannot be read; pass an array, a data frame, a path or blocks"
    raise DataTypeError(message)


def _dict_columns(data: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    pairs = []
    for name, values in data.items():
        if isinstance(values, (list, tuple, range)):
            values = object_array(values)
        column = as_column(values)
        if np.ndim(column) != 1:
            message = f"column '{name}' must be a sequence of numbers, but has {np.ndim(column)} dimensions"
            raise ShapeError(f"{message}; pass one value per row", column=str(name))
        pairs.append((name, column))
    return pairs
