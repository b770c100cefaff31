"""Chunks of any size, as readers deliver them, cut anew into blocks at fixed row offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from suffice.sources.block import BLOCK_ROWS, Block
from suffice.sources.buffers import block_values
from suffice.sources.row_weights import check_length, check_weights, integer_labels
from suffice.sources.selection import Selection


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Consecutive rows as a reader delivers them.

    Parameters
    ----------
    values : d arrays of shape (n,), or one array of shape (n, d), float64
    weights : shape (n,), float64, or None
    labels : shape (n,), int64, or None
    """

    values: Sequence[np.ndarray] | np.ndarray
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values) if isinstance(self.values, np.ndarray) else len(self.values[0])

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.values.shape[1] if isinstance(self.values, np.ndarray) else len(self.values)

    def rows(self, first: int, last: int) -> np.ndarray | None:
        """Return rows `first` to `last` as a view of shape (n, d), or None where they need a copy."""
        if isinstance(self.values, np.ndarray):
            return self.values[first:last]
        return self.values[0][first:last, None] if len(self.values) == 1 else None

    def copy_into(self, out: np.ndarray, at: int, first: int, last: int) -> None:
        """Copy rows `first` to `last` into `out`, of shape (d, n), from row `at` on."""
        columns = self.values.T if isinstance(self.values, np.ndarray) else self.values
        stop = at + last - first
        for target, column in zip(out, columns, strict=True):
            target[at:stop] = column[first:last]


def blocks_of(chunks: Iterable[Chunk], start: int = 0) -> Iterator[Block]:
    """Yield blocks of BLOCK_ROWS rows (the last may be shorter) from consecutive chunks.

    Parameters
    ----------
    start : the number of the first row of the first chunk, a multiple of BLOCK_ROWS
    """
    parts: list[tuple[Chunk, int, int]] = []
    held = 0
    for chunk in chunks:
        first, size = 0, len(chunk)
        while first < size:
            last = min(size, first + BLOCK_ROWS - held)
            parts.append((chunk, first, last))
            held += last - first
            first = last
            if held == BLOCK_ROWS:
                yield _joined(parts, held, start)
                parts, start, held = [], start + held, 0
    if held:
        yield _joined(parts, held, start)


def selected_chunk(
    values: Sequence[np.ndarray], chosen: Selection, *, first_row: int, file: str | None = None
) -> Chunk:
    """Return the chunk of columns read in the order of `chosen.all_names`, weights and labels checked."""
    weights = labels = None
    if chosen.weights is not None:
        weights = values[len(chosen.columns)]
        check_weights(weights, first_row=first_row, column=chosen.beside[0], file=file)
    if chosen.labels is not None:
        labels = integer_labels(values[-1], first_row=first_row, column=chosen.beside[-1], file=file)
    return Chunk(values[: len(chosen.columns)], weights, labels)


def with_sides(chunks: Iterable[Chunk], weights: np.ndarray | None, labels: np.ndarray | None) -> Iterator[Chunk]:
    """Yield chunks with the weights and labels that were given beside the data, from their first row on.

    Raises
    ------
    DataError
        There are more rows than weights or labels.
    """
    first = 0
    for chunk in chunks:
        last = first + len(chunk)
        for what, values in (("weights", weights), ("labels", labels)):
            if values is not None and last > len(values):
                check_length(what, len(values), last)
        yield Chunk(
            chunk.values,
            chunk.weights if weights is None else weights[first:last],
            chunk.labels if labels is None else labels[first:last],
        )
        first = last


def _joined(parts: list[tuple[Chunk, int, int]], size: int, start: int) -> Block:
    chunk, first, last = parts[0]
    rows = chunk.rows(first, last) if len(parts) == 1 else None
    if rows is None:
        out = block_values(chunk.width, size)
        at = 0
        for chunk, first, last in parts:
            chunk.copy_into(out, at, first, last)
            at += last - first
        rows = out.T
    return Block(rows, _side(parts, "weights"), _side(parts, "labels"), start)


def _side(parts: list[tuple[Chunk, int, int]], name: str) -> np.ndarray | None:
    if all(getattr(chunk, name) is None for chunk, _, _ in parts):
        return None
    pieces = [getattr(chunk, name)[first:last] for chunk, first, last in parts]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
