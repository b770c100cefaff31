"""Sequential sources: one thread decodes, in order, what cannot be sought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from suffice.errors import DataError, DataNeeded
from suffice.sources.block import Block
from suffice.sources.recutting import Chunk, blocks_of, with_sides
from suffice.sources.row_weights import check_length, check_total


@dataclass(frozen=True, slots=True, eq=False)
class StreamPiece:
    """The one piece of a sequential source."""

    source: StreamSource

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order; errors that need the end of the data come at the end."""
        yield from self.source.blocks()


@dataclass(frozen=True, slots=True, eq=False)
class StreamSource:
    """Data that are read from their beginning to their end.

    Parameters
    ----------
    columns : the names of the d columns
    chunks : begins a pass: returns the chunks in order
    key : returns the fingerprint
    weights, labels : what was given beside the data, shape (n,), or None
    """

    columns: tuple[str, ...]
    chunks: Callable[[], Iterable[Chunk]]
    key: Callable[[], str]
    description: str
    skipped: tuple[str, ...] = ()
    weights: np.ndarray | None = None
    labels: np.ndarray | None = None
    one_shot: bool = False
    n_rows: int | None = None
    _begun: list[bool] = field(default_factory=list, repr=False)

    @property
    def sequential(self) -> bool:
        """True: there is one piece, decoded in one thread."""
        return True

    def fingerprint(self) -> str:
        """Return the key of the present content, as far as it can be seen without reading it."""
        return self.key()

    def pieces(self) -> Sequence[StreamPiece]:
        """Return the one piece."""
        return (StreamPiece(self),)

    def blocks(self) -> Iterator[Block]:
        """Read all rows once."""
        if self.one_shot and self._begun:
            message = (
                f"{self.description} can be read once only, and it was read already; pass a list of blocks, "
                "a file or an array for work that needs several passes"
            )
            raise DataNeeded(message)
        self._begun.append(True)
        stop, total, weighted = 0, 0.0, False
        for block in blocks_of(with_sides(self.chunks(), self.weights, self.labels)):
            stop = block.start + len(block.rows)
            if block.weights is not None:
                weighted, total = True, total + float(block.weights.sum())
            yield block
        self._check_end(stop, total if weighted else None)

    def _check_end(self, n_rows: int, total: float | None) -> None:
        if not n_rows:
            raise DataError(f"{self.description} has no rows; pass at least one observation", file=self.description)
        for what, values in (("weights", self.weights), ("labels", self.labels)):
            if values is not None:
                check_length(what, len(values), n_rows)
        if total is not None:
            check_total(total, file=self.description)
