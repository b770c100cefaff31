"""Blocks that somebody else made: their shapes and types checked before a kernel trusts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import numpy as np

from suffice.errors import DataError, DataTypeError, ShapeError
from suffice.sources.block import Block
from suffice.sources.conversion import FLOAT64
from suffice.sources.recutting import Chunk
from suffice.sources.row_weights import check_length, check_weights

INT64 = np.dtype(np.int64)


def given_chunk(block: Block) -> Chunk:
    """Return a block as a chunk.

    Raises
    ------
    ShapeError
        Its rows are not of shape (n, d), or its weights or labels not of shape (n,).
    DataTypeError
        They are no arrays of float64 (rows, weights) or int64 (labels).
    DataError
        It has not one weight and label per row, or a weight is not valid.
    """
    rows, weights, labels = block.rows, block.weights, block.labels
    _check_array("rows", rows, FLOAT64, 2, "(n, d): for one column pass rows[:, None]")
    for what, values, dtype in (("weights", weights, FLOAT64), ("labels", labels, INT64)):
        if values is not None:
            _check_array(what, values, dtype, 1, "(n,), one value per row")
            check_length(what, len(values), len(rows))
    if weights is not None:
        check_weights(weights)
    return Chunk(rows, weights, labels)


def alike(chunks: Iterable[tuple[int, Chunk]]) -> Iterator[Chunk]:
    """Yield numbered chunks that have rows; all have weights or none has, and so with labels.

    Raises
    ------
    DataError
        A chunk differs from the first: names its block.
    """
    first: tuple[int, Chunk] | None = None
    for number, chunk in chunks:
        if not len(chunk):
            continue
        first = first or (number, chunk)
        for what in ("weights", "labels"):
            if (getattr(chunk, what) is None) != (getattr(first[1], what) is None):
                _refuse_mixture(what, number, first[0], getattr(chunk, what) is not None)
        yield chunk


def _check_array(what: str, values: Any, dtype: np.dtype, dimensions: int, shape: str) -> None:
    if not isinstance(values, np.ndarray) or isinstance(values, np.ma.MaskedArray) or values.dtype != dtype:
        came = str(values.dtype) if type(values) is np.ndarray else type(values).__name__
        remedy = f"pass numpy.asarray({what}, dtype='{dtype}')"
        if isinstance(values, np.ma.MaskedArray):
            remedy = f"pass {what}.filled(numpy.nan)" if what == "rows" else "leave the masked rows out"
        raise DataTypeError(f"the {what} of a Block must be an array of {dtype}, but {came} came; {remedy}")
    if values.ndim != dimensions:
        message = f"the {what} of a Block must have shape {shape}, but came with shape {values.shape}"
        raise ShapeError(message, shape=values.shape)


def _refuse_mixture(what: str, number: int, first: int, present: bool) -> NoReturn:
    has, has_not = ("has", "has none") if present else ("has no", "has them")
    one = "1 where a row counts once" if what == "weights" else "-1 where one is unknown"
    message = (
        f"block {number} {has} {what}, but block {first} {has_not}; give {what} to every block ({one}), or to none"
    )
    raise DataError(message, block=number)
