"""Sources made of segments that can be sought in: files, tables in memory; rows numbered through."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from suffice.errors import DataError
from suffice.sources.arrays import BLOCKS_PER_PIECE, piece_rows
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.sources.fingerprints import files_fingerprint
from suffice.sources.recutting import Chunk, blocks_of, with_sides
from suffice.sources.row_weights import check_length, given_beside
from suffice.sources.selection import Selection


class Segment(Protocol):
    """Rows that can be read from any row on. Picklable."""

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        ...

    @property
    def ends(self) -> Sequence[int]:
        """The rows before which reading can start at no cost, the end among them; empty for any row."""
        ...

    def chunks(self, first: int, last: int) -> Iterator[Chunk]:
        """Yield the rows `first` to `last`, exactly."""
        ...

    def narrowed(self, first: int, last: int) -> tuple[Segment, int, int]:
        """Return a segment as small as it can be, and where these rows stand in it."""
        ...


@dataclass(frozen=True, slots=True)
class FileSegment:
    """One file and what is read of it; each format adds `chunks`.

    Parameters
    ----------
    ends : the rows at which row groups or record batches end; empty where reading can start at any row
    """

    path: Path
    selection: Selection
    n_rows: int
    ends: tuple[int, ...] = ()

    def narrowed(self, first: int, last: int) -> tuple[Self, int, int]:
        """Return the segment as it is: it carries a path only."""
        return self, first, last


@dataclass(frozen=True, slots=True, eq=False)
class SegmentPiece:
    """A run of whole blocks, which may span segments.

    Parameters
    ----------
    parts : segments, each with its first and last row
    start : the number of the first row in the source
    """

    parts: tuple[tuple[Segment, int, int], ...]
    start: int
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        chunks = (chunk for segment, first, last in self.parts for chunk in segment.chunks(first, last))
        return blocks_of(with_sides(chunks, self.weights, self.labels), self.start)


@dataclass(frozen=True, slots=True, eq=False)
class SegmentSource:
    """Segments one after the other.

    Parameters
    ----------
    key : returns the fingerprint
    weights, labels : what was given beside the data, shape (n,), or None
    """

    segments: tuple[Segment, ...]
    columns: tuple[str, ...]
    key: Callable[[], str]
    description: str
    skipped: tuple[str, ...] = ()
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None

    sequential: ClassVar[bool] = False
    one_shot: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.n_rows:
            message = f"{self.description} has no rows; pass at least one observation"
            raise DataError(message, file=self.description)
        for what, values in (("weights", self.weights), ("labels", self.labels)):
            if values is not None:
                check_length(what, len(values), self.n_rows)

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return sum(segment.n_rows for segment in self.segments)

    def fingerprint(self) -> str:
        """Return the key of the present content."""
        return self.key()

    def pieces(self) -> Sequence[SegmentPiece]:
        """Return runs of blocks that begin where segments can be sought in."""
        starts = [0, *accumulate(segment.n_rows for segment in self.segments)]
        natural = [start + end for start, segment in zip(starts, self.segments, strict=False) for end in segment.ends]
        return tuple(
            SegmentPiece(
                self._parts(starts, first, last),
                first,
                None if self.weights is None else self.weights[first:last],
                None if self.labels is None else self.labels[first:last],
            )
            for first, last in piece_bounds(self.n_rows, natural)
        )

    def _parts(self, starts: Sequence[int], first: int, last: int) -> tuple[tuple[Segment, int, int], ...]:
        return tuple(
            segment.narrowed(max(first - start, 0), min(last - start, segment.n_rows))
            for start, segment in zip(starts, self.segments, strict=False)
            if segment.n_rows and first < start + segment.n_rows and last > start
        )


def file_segments_source(
    segments: Sequence[Any], chosen: Selection, description: str, weights: Any, labels: Any
) -> SegmentSource:
    """Return the source of segments of files, its key made from the files; weights and labels may be names."""
    key = partial(files_fingerprint, tuple([segment.path for segment in segments]), chosen.columns)
    given = given_beside(weights, labels)
    return SegmentSource(tuple(segments), chosen.columns, key, description, chosen.skipped, *given)


def piece_bounds(n_rows: int, ends: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Return the first and last rows of pieces: whole blocks, cut soon after the ends of row groups.

    Parameters
    ----------
    ends : sorted rows at which reading can start at no cost (a piece that starts elsewhere reads and drops
        the rows from the last such row on); if empty, any row

    Notes
    -----
    A piece has 16 to 32 blocks where the ends allow; among them the cut with the fewest rows to drop
    is taken.
    """
    size = BLOCK_ROWS * BLOCKS_PER_PIECE if ends else piece_rows(n_rows)
    bounds, first = [], 0
    while first < n_rows:
        last = min(n_rows, _cut(first, size, ends) if ends else first + size)
        bounds.append((first, last))
        first = last
    return bounds


def _cut(first: int, size: int, ends: Sequence[int]) -> int:
    low = bisect_left(ends, first + size - BLOCK_ROWS + 1)
    high = max(low + 1, bisect_left(ends, first + 2 * size + 1))
    cuts = [(-end % BLOCK_ROWS, end + -end % BLOCK_ROWS) for end in ends[low:high]]
    return min(cuts)[1] if cuts else ends[-1]
