"""NumPy's own files, by memory map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from suffice.errors import DataError, DataTypeError, SourceError
from suffice.sources.arrays import real_matrix, type_name
from suffice.sources.block import BLOCK_ROWS
from suffice.sources.conversion import float64_values, is_real, refuse_type
from suffice.sources.recutting import Chunk, selected_chunk
from suffice.sources.segments import FileSegment, SegmentSource, file_segments_source
from suffice.sources.selection import select, unnamed_columns


class NpySegment(FileSegment):
    """One .npy file, in which reading can start at any row."""

    __slots__ = ()

    def chunks(self, first: int, last: int) -> Iterator[Chunk]:
        """Yield the rows `first` to `last`, viewed in the file where they are float64."""
        values, chosen = mapped(self.path), self.selection
        whole = values.dtype.names is None and chosen.all_positions == tuple(range(_width(values)))
        for begin in range(first, last, BLOCK_ROWS):
            part = values[begin : min(last, begin + BLOCK_ROWS)]
            if whole and not chosen.beside:
                yield Chunk(self._floats(real_matrix(part), chosen.columns, begin))
            else:
                columns = [
                    self._floats(_column(part, position), (name,), begin)
                    for position, name in zip(chosen.all_positions, chosen.all_names, strict=True)
                ]
                yield selected_chunk(columns, chosen, first_row=begin, file=str(self.path))

    def _floats(self, values: np.ndarray, columns: Sequence[str], first_row: int) -> np.ndarray:
        return float64_values(values, columns=columns, first_row=first_row, file=str(self.path))


def npy_source(
    paths: Sequence[Path], *, columns: Any = None, weights: Any = None, labels: Any = None, described: str
) -> SegmentSource:
    """Return the source of .npy files, their rows one after the other.

    Raises
    ------
    SourceError
        A file is damaged or holds objects, or the files have different columns.
    """
    arrays = [mapped(path) for path in paths]
    names = column_names(arrays[0], paths[0])
    for path, values in zip(paths, arrays, strict=True):
        if column_names(values, path) != names or values.dtype != arrays[0].dtype:
            message = (
                f"files read as one must have the same columns, but {paths[0].name} has shape {arrays[0].shape} "
                f"of {arrays[0].dtype} and {path.name} has {values.shape} of {values.dtype}; read them apart"
            )
            raise SourceError(message, file=str(path))
    chosen = select(
        names,
        lambda position: is_real(_column(arrays[0][:0], position).dtype),
        lambda position: _refuse(arrays[0], names[position], position, paths[0]),
        columns=columns,
        weights=weights,
        labels=labels,
        file=str(paths[0]),
    )
    segments = [NpySegment(path, chosen, len(values)) for path, values in zip(paths, arrays, strict=True)]
    return file_segments_source(segments, chosen, described, weights, labels)


def mapped(path: Path) -> np.ndarray:
    """Return the array in a .npy file as a memory map, of shape (n,) or (n, d)."""
    try:
        if not path.stat().st_size:
            raise ValueError("it is empty")
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        if "pickle" in str(error).lower() or "object" in str(error).lower():
            message = f"{path.name} holds Python objects, not numbers; save it again as an array of floats"
            raise DataTypeError(message, file=str(path)) from error
        message = f"{path.name} cannot be read as a NumPy file: {error}; it may be truncated: write it again"
        raise SourceError(message, file=str(path)) from error
    return values


def column_names(values: np.ndarray, path: Path) -> tuple[str, ...]:
    """Return the names of the columns of an array: its fields, or x0, x1 and so on."""
    if values.dtype.names is not None and values.ndim == 1:
        return values.dtype.names
    if values.ndim and not values.size:
        message = f"{path.name} has no values (shape {values.shape}); pass at least one observation"
        raise DataError(message, file=str(path))
    return unnamed_columns(_width(real_matrix(values[:1] if values.ndim else values)))


def _width(values: np.ndarray) -> int:
    return values.shape[1] if values.ndim == 2 else 1


def _column(values: np.ndarray, position: int) -> np.ndarray:
    if values.dtype.names is not None:
        return values[values.dtype.names[position]]
    return values[:, position] if values.ndim == 2 else values


def _refuse(values: np.ndarray, name: str, position: int, path: Path) -> NoReturn:
    column = _column(values[:1], position)
    refuse_type(type_name(column.dtype), column=name, row=1, value=column[0], file=str(path))
