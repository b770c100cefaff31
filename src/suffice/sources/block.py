"""Blocks, the unit of observation: 65,536 rows cut at fixed row offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeGuard

import numpy as np

BLOCK_ROWS = 65_536
# From so many values on, a kernel transposes faster than a strided copy.
TRANSPOSED_VALUES = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive rows of a source.

    Parameters
    ----------
    rows : ndarray, shape (n, d), float64, any strides; missing values are NaN
    weights : ndarray, shape (n,) or (m, n) with a leading axis over replicates, or None (all ones)
    labels : ndarray, shape (n,), int64, or None
    start : the number of the first row in its source, from 0
    """

    rows: np.ndarray
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None
    start: int = 0
    _columns: list[np.ndarray] = field(default_factory=list, repr=False, compare=False)

    @property
    def columns(self) -> np.ndarray:
        """The rows transposed, shape (d, n), C-contiguous: made once and shared by all who observe."""
        if not self._columns:
            self._columns.append(_transposed(self.rows))
        return self._columns[0]

    def __reduce__(self) -> tuple[type[Block], tuple[np.ndarray, np.ndarray | None, np.ndarray | None, int]]:
        """Leave the transpose behind when a block travels: it is made again where it is needed."""
        return Block, (self.rows, self.weights, self.labels, self.start)

    def take(self, keep: np.ndarray | slice) -> Block:
        """Return the block with the rows chosen by `keep` (a mask, indices or a slice)."""
        weights = None if self.weights is None else self.weights[..., keep]
        labels = None if self.labels is None else self.labels[keep]
        return Block(self.rows[keep], weights, labels, self.start)

    def split(self, size: int) -> Iterator[Block]:
        """Yield consecutive parts of at most `size` rows, each with its own row number."""
        for first in range(0, len(self.rows), size):
            part = self.take(slice(first, first + size))
            yield Block(part.rows, part.weights, part.labels, self.start + first)


def _transposed(rows: np.ndarray) -> np.ndarray:
    """Return the columns (d, n); a view where they lie one after the other already."""
    if rows.T.flags.c_contiguous or rows.size < TRANSPOSED_VALUES or not rows.flags.c_contiguous:
        return np.ascontiguousarray(rows.T)
    from suffice.kernels.transpose import transpose_rows

    columns = np.empty(rows.shape[::-1])
    transpose_rows(rows, columns)
    return columns


class Piece(Protocol):
    """A picklable part of a source that a worker reads by itself: a run of whole blocks."""

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order; every block but the source's last has BLOCK_ROWS rows."""
        ...


class Source(Protocol):
    """Data that can be read again (unless `one_shot`).

    A source made elsewhere states `columns`, `sequential`, `one_shot`, `fingerprint` and `pieces`. If it derives
    from this class, the rest have the defaults below: `description` "the data", `n_rows` None, `skipped` ().
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the d columns."""
        ...

    @property
    def sequential(self) -> bool:
        """True where only one thread can decode (CSV, iterables): one piece, no seeking."""
        ...

    @property
    def one_shot(self) -> bool:
        """True where the data can be read once only."""
        ...

    @property
    def description(self) -> str:
        """What the data are, in a few words for prints and messages, such as "heights.csv"."""
        return "the data"

    @property
    def n_rows(self) -> int | None:
        """The number of rows; None where it is unknown before reading."""
        return None

    @property
    def skipped(self) -> tuple[str, ...]:
        """The names of the columns that were left out because they hold no numbers."""
        return ()

    def fingerprint(self) -> str:
        """Return the key of the present content; an engine compares it before and after passes."""
        ...

    def pieces(self) -> Sequence[Piece]:
        """Return the parts, in order of their rows."""
        ...


def is_source(data: Any) -> TypeGuard[Source]:
    """Tell whether something is a source, by its type: a data frame asked for its columns may have to compute them."""
    return all(callable(getattr(type(data), verb, None)) for verb in ("fingerprint", "pieces"))
