"""Small decoded data stay in memory between the passes of a session."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from suffice.sources.block import Block, Piece, Source

RESIDENT_BYTES = 64 << 20


class ResidentBlocks:
    """The decoded blocks of a session's pieces, kept as long as all together take at most `limit` bytes.

    A file that is small once decoded is then parsed in the first pass only. Where the limit is
    exceeded, or the source says beforehand that it will be, nothing is kept and each pass decodes anew.
    """

    __slots__ = ("_kept", "_left")

    def __init__(self, source: Source, limit: int = RESIDENT_BYTES) -> None:
        known = 8 * len(source.columns) * (getattr(source, "n_rows", None) or 0)
        self._left = limit if known <= limit else 0
        self._kept: dict[int, list[Block]] = {}

    @property
    def holding(self) -> bool:
        """Whether everything that came so far is kept."""
        return self._left > 0

    def of(self, number: int, piece: Piece) -> Generator[Block, None, None]:
        """Yield the blocks of piece `number`, from memory where they are kept."""
        kept = self._kept.get(number)
        yield from self._recorded(number, piece) if kept is None else kept

    def _recorded(self, number: int, piece: Piece) -> Iterator[Block]:
        if self._left <= 0:
            yield from piece.blocks()
            return
        record: list[Block] = []
        for block in piece.blocks():
            if self._left > 0:
                # Threads may race here: a lost subtraction keeps one block too many, no more.
                self._left -= bytes_of(block)
                record.append(block)
            if self._left <= 0 and record:
                record = []
                self._kept.clear()
            yield block
        if self._left > 0:
            self._kept[number] = record


def bytes_of(block: Block) -> int:
    """Return the memory that a block takes."""
    weights = 0 if block.weights is None else block.weights.nbytes
    return block.rows.nbytes + weights + (0 if block.labels is None else block.labels.nbytes)
