"""Columns in memory, of several types side by side: dicts, structured arrays, data frames, Arrow tables."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any, ClassVar, NoReturn

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.arrays import FINGERPRINT_VALUES, array_fingerprint, type_name
from suffice.sources.block import BLOCK_ROWS
from suffice.sources.conversion import (
    float64_objects,
    float64_values,
    is_numeric_object,
    is_real,
    refuse_values,
)
from suffice.sources.recutting import Chunk
from suffice.sources.row_weights import given_labels, given_weights
from suffice.sources.segments import SegmentSource
from suffice.sources.selection import select


@dataclass(frozen=True, slots=True, eq=False)
class ForeignColumn:
    """A column that holds no numbers, kept only to say so.

    Parameters
    ----------
    values : anything of which `len` and `iter` work; None where missing
    """

    values: Any
    type_name: str

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class TableSegment:
    """Columns of numbers: NumPy arrays (masked ones too) or chunked Arrow arrays, each of shape (n,).

    Parameters
    ----------
    first_row : the number of the first row in the whole table, for messages
    """

    columns: tuple[Any, ...]
    names: tuple[str, ...]
    first_row: int = 0

    ends: ClassVar[Sequence[int]] = ()

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.columns[0])

    def narrowed(self, first: int, last: int) -> tuple[TableSegment, int, int]:
        """Return these rows only, viewed."""
        columns = tuple(column[first:last] for column in self.columns)
        return TableSegment(columns, self.names, self.first_row + first), 0, last - first

    def chunks(self, first: int, last: int) -> Iterator[Chunk]:
        """Yield the rows `first` to `last`, a block at a time."""
        for begin in range(first, last, BLOCK_ROWS):
            stop = min(last, begin + BLOCK_ROWS)
            yield Chunk(
                [
                    _floats(column[begin:stop], name, self.first_row + begin)
                    for column, name in zip(self.columns, self.names, strict=True)
                ]
            )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the rows alone: a slice of an Arrow array would carry its whole buffer."""
        columns = tuple(
            column if isinstance(column, np.ndarray) else _floats(column, name, self.first_row)
            for column, name in zip(self.columns, self.names, strict=True)
        )
        return TableSegment, (columns, self.names, self.first_row)


def table_source(
    table: Mapping[Hashable, Any] | Sequence[tuple[Hashable, Any]],
    *,
    columns: Any = None,
    weights: Any = None,
    labels: Any = None,
    described: str,
) -> SegmentSource:
    """Return the source of named columns, each a NumPy array, a chunked Arrow array or a ForeignColumn.

    Raises
    ------
    ShapeError
        The columns have different lengths.
    """
    pairs = list(table.items()) if isinstance(table, Mapping) else list(table)
    names, held = [name for name, _ in pairs], [column for _, column in pairs]
    if not held:
        raise ShapeError(f"{described} has no columns; pass at least one")
    _check_lengths(names, held)

    def numeric(position: int) -> bool:
        return is_numeric_column(held[position], by_name=columns is not None)

    def refuse(position: int) -> NoReturn:
        refuse_column(held[position], str(names[position]))

    chosen = select(names, numeric, refuse, columns=columns, weights=weights, labels=labels)
    n = len(held[0])
    if chosen.weights is not None:
        weights = _whole(held[chosen.weights], str(names[chosen.weights]))
    if chosen.labels is not None:
        labels = _whole(held[chosen.labels], str(names[chosen.labels]))
    values = tuple(
        _prepared(held[position], name) for position, name in zip(chosen.positions, chosen.columns, strict=True)
    )
    row_weights = given_weights(weights, n, column=None if chosen.weights is None else chosen.beside[0])
    row_labels = given_labels(labels, n, column=None if chosen.labels is None else chosen.beside[-1])
    segment = TableSegment(values, chosen.columns)
    key = partial(table_fingerprint, segment, row_weights, row_labels)
    return SegmentSource((segment,), chosen.columns, key, described, chosen.skipped, row_weights, row_labels)


def is_numeric_column(column: Any, *, by_name: bool) -> bool:
    """Tell whether a column holds numbers; one that is all missing counts when it was named."""
    if isinstance(column, ForeignColumn):
        return False
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "O":
            return is_numeric_object(column, empty=by_name)
        return is_real(column.dtype)
    from suffice.sources.arrow_conversion import is_numeric_type

    return is_numeric_type(column.type) or (by_name and str(column.type) == "null")


def refuse_column(column: Any, name: str) -> NoReturn:
    """Raise the error for a column without numbers: its type, its first value that is none."""
    if isinstance(column, ForeignColumn):
        word, values = column.type_name, column.values
    elif isinstance(column, np.ndarray):
        if column.dtype.kind == "O":
            float64_objects(column, columns=[name])
        word, values = type_name(column.dtype), column
    else:
        word, values = str(column.type), (scalar.as_py() for scalar in column)
    refuse_values(word, values, column=name)


def table_fingerprint(segment: TableSegment, weights: np.ndarray | None, labels: np.ndarray | None) -> str:
    """Return the key of columns in memory, from at most 4,096 values spread evenly over them."""
    limit = max(2, FINGERPRINT_VALUES // len(segment.columns))
    key = blake2b(digest_size=16)
    for column in segment.columns:
        if isinstance(column, np.ndarray):
            key.update(array_fingerprint((column,), segment.names, limit).encode())
        else:
            step = -(-len(column) // limit)
            sample = column.take(np.append(np.arange(0, len(column), step), len(column) - 1))
            key.update(f"{len(column)}{column.type}{segment.names}".encode())
            key.update(repr(sample.to_pylist()).encode())
    key.update(array_fingerprint((weights, labels), ()).encode())
    return key.hexdigest()


def _floats(column: Any, name: str, first_row: int) -> np.ndarray:
    if isinstance(column, np.ndarray):
        return float64_values(column, columns=(name,), first_row=first_row)
    from suffice.sources.arrow_conversion import arrow_float64

    parts = []
    for part in column.chunks:
        parts.append(arrow_float64(part, column=name, first_row=first_row))
        first_row += len(part)
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0)


def _prepared(column: Any, name: str) -> Any:
    if isinstance(column, np.ndarray) and column.dtype.kind == "O":
        return float64_objects(np.ma.filled(column, None), columns=[name])
    return column


def _whole(column: Any, name: str) -> np.ndarray:
    prepared = _prepared(column, name)
    return prepared if isinstance(prepared, np.ndarray) else _floats(prepared, name, 0)


def _check_lengths(names: Sequence[Hashable], held: Sequence[Any]) -> None:
    for name, column in zip(names, held, strict=True):
        if len(column) != len(held[0]):
            message = (
                f"columns must have equal lengths, but '{names[0]}' has {len(held[0])} rows and '{name}' has "
                f"{len(column)}; pad with NaN, or pass them apart"
            )
            raise ShapeError(message, column=str(name))
