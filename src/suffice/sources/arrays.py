"""Arrays as sources: rows are viewed where they are float64 and converted per block elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar, NoReturn

import numpy as np

from suffice.errors import DataError, ShapeError
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.sources.conversion import FLOAT64, float64_objects, float64_values, is_real, refuse_values
from suffice.sources.row_weights import given_labels, given_weights
from suffice.sources.selection import unnamed_columns

BLOCKS_PER_PIECE = 16
FINGERPRINT_VALUES = 4_096
FINGERPRINT_RUNS = 512


@dataclass(frozen=True, slots=True, eq=False)
class ArrayPiece:
    """Rows of an array that a worker reads by itself; pickled, it carries these rows only."""

    values: np.ndarray
    columns: tuple[str, ...]
    weights: np.ndarray | None
    labels: np.ndarray | None
    start: int

    def run(self) -> Block | None:
        """Return all rows as one long block, where they are 2^k whole blocks of one column as it is; else None."""
        values, n = self.values, len(self.values)
        whole = n >= BLOCK_ROWS and n & (n - 1) == 0 and self.start % n == 0 and values.shape[1:] == (1,)
        if not whole or self.weights is not None or values.dtype != FLOAT64 or not values.flags.c_contiguous:
            return None
        if isinstance(values, np.ma.MaskedArray):
            return None
        return Block(values, None, None, self.start) if values.flags.aligned else None

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        values, weights, labels, start = self.values, self.weights, self.labels, self.start
        ready = values.dtype == FLOAT64 and values.flags.aligned and not isinstance(values, np.ma.MaskedArray)
        for first in range(0, len(values), BLOCK_ROWS):
            part = slice(first, first + BLOCK_ROWS)
            rows = values[part]
            if not ready:
                rows = float64_values(rows, columns=self.columns, first_row=start + first)
            yield Block(
                rows,
                None if weights is None else weights[part],
                None if labels is None else labels[part],
                start + first,
            )


@dataclass(frozen=True, slots=True, eq=False)
class ArraySource:
    """An array of real numbers, of shape (n, d); it is viewed, not copied."""

    values: np.ndarray
    columns: tuple[str, ...]
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None
    described: str = ""
    # what the last fingerprint was made of, and that fingerprint: it is compared sooner than hashed again
    _seen: list[tuple[bytes, str]] = field(default_factory=list, repr=False)

    sequential: ClassVar[bool] = False
    one_shot: ClassVar[bool] = False
    skipped: ClassVar[tuple[str, ...]] = ()

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.values)

    @property
    def description(self) -> str:
        """What the source is, in words."""
        return self.described or f"an array of shape ({self.n_rows},)"

    def fingerprint(self) -> str:
        """Return the key of shape, type, columns and at most 4,096 values, in 512 runs spread evenly.

        A change of other values is not seen.
        """
        seen = _looked_at((self.values, self.weights, self.labels), self.columns)
        for known, key in self._seen:
            if known == seen:
                return key
        key = _digest(seen)
        self._seen[:] = [(seen, key)]
        return key

    def pieces(self) -> Sequence[ArrayPiece]:
        """Return runs of 16 blocks, fewer where that would leave workers idle."""
        values, weights, labels, n = self.values, self.weights, self.labels, len(self.values)
        size = piece_rows(n)
        if n <= size:
            return (ArrayPiece(values, self.columns, weights, labels, 0),)
        return tuple(
            ArrayPiece(
                values[first : first + size],
                self.columns,
                None if weights is None else weights[first : first + size],
                None if labels is None else labels[first : first + size],
                first,
            )
            for first in range(0, n, size)
        )


def piece_rows(n: int) -> int:
    """Return the rows of a piece: a power of two of blocks, at most 16, for 16 pieces or more."""
    blocks = -(-n // BLOCK_ROWS)
    return BLOCK_ROWS * min(BLOCKS_PER_PIECE, 1 << max(0, (blocks // 16).bit_length() - 1))


def array_source(
    data: np.ndarray, *, weights: Any = None, labels: Any = None, described: str | None = None
) -> ArraySource:
    """Return the source of all columns of an array of a real type, of shape (n,) or (n, d).

    Raises
    ------
    DataTypeError
        The type is no real number.
    ShapeError
        The array has no dimension, more than two, or no column.
    DataError
        There is no row, or a weight is not valid.
    """
    described = described or f"an array of shape {data.shape}"
    values = real_matrix(data)
    n, names = len(values), unnamed_columns(values.shape[1])
    return ArraySource(values, names, given_weights(weights, n), given_labels(labels, n), described)


def real_matrix(data: np.ndarray) -> np.ndarray:
    """Return an array of real numbers of shape (n, d), a view where `data` holds numbers already.

    Objects that are numbers or missing values are converted at once.
    """
    values = data if type(data) is np.ndarray or isinstance(data, np.ma.MaskedArray) else np.asarray(data)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or values.shape[1] == 0:
        _refuse_shape(data.shape)
    if not len(values):
        raise DataError(f"the data have no rows (shape {data.shape}); pass at least one observation", shape=data.shape)
    names = unnamed_columns(values.shape[1])
    if values.dtype.kind == "O":
        return float64_objects(np.ma.filled(values, None), columns=names)
    if not is_real(values.dtype):
        refuse_values(type_name(values.dtype), values[:, 0], column=names[0])
    return values


def type_name(dtype: np.dtype) -> str:
    """Return the name of a NumPy type, in the words of the messages."""
    return "str (strings)" if dtype.kind in "UT" else "bytes" if dtype.kind == "S" else str(dtype)


def array_fingerprint(
    arrays: Sequence[np.ndarray | None], columns: Sequence[str], limit: int = FINGERPRINT_VALUES
) -> str:
    """Return the key of arrays with rows first: shapes, types, columns and at most `limit` values of each.

    The values lie in runs spread evenly, the first and the last row among them; a change elsewhere is not seen.
    """
    return _digest(_looked_at(arrays, columns, limit))


def _looked_at(arrays: Sequence[np.ndarray | None], columns: Sequence[str], limit: int = FINGERPRINT_VALUES) -> bytes:
    """Return what a fingerprint of arrays is made of."""
    seen = [repr(tuple(columns)).encode()]
    for values in arrays:
        if values is None:
            seen.append(b"none")
            continue
        seen.append(f"{values.shape}{values.dtype.str}".encode())
        width = min(values.shape[1], limit) if values.ndim == 2 else 1
        for part in _spread(values if values.ndim == 1 else values[:, :width], limit // width):
            seen.append(np.ma.getdata(part).tobytes())
            if isinstance(part, np.ma.MaskedArray):
                seen.append(np.ma.getmaskarray(part).tobytes())
    return b"".join(seen)


def _spread(values: np.ndarray, most: int) -> tuple[np.ndarray, ...]:
    """Return all rows, or the last and runs of rows spread evenly: a run costs memory less time than rows far apart."""
    if len(values) <= most:
        return (values,)
    runs = min(FINGERPRINT_RUNS, most)
    apart = len(values) // runs
    return values[: runs * apart].reshape(runs, apart, *values.shape[1:])[:, : most // runs], values[-1:]


def _digest(seen: bytes) -> str:
    return sha256(seen).hexdigest()[:32]


def _refuse_shape(shape: tuple[int, ...]) -> NoReturn:
    if not shape:
        remedy = "one number is no sample; pass a sequence such as [x]"
    elif len(shape) > 2:
        remedy = f"pass rows and columns, such as data.reshape({shape[0]}, -1)"
    else:
        remedy = "there is no column; pass at least one"
    raise ShapeError(f"data must have shape (n,) or (n, d), but came with shape {shape}: {remedy}", shape=shape)
