"""Iterables of blocks: arrays or frames of any size, one after the other, read in one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from suffice.errors import DataError, DataTypeError, ParameterError, SufficeError
from suffice.sources.block import Block, Source
from suffice.sources.given_blocks import alike, given_chunk
from suffice.sources.recutting import Chunk
from suffice.sources.row_weights import given_beside
from suffice.sources.selection import unnamed_columns
from suffice.sources.streams import StreamSource

Opener = Callable[..., Source]


@dataclass(frozen=True, slots=True, eq=False)
class BlockReader:
    """How each item of an iterable is read.

    Parameters
    ----------
    open_block : turns an item into a source
    columns, weights, labels : what of each item is read; weights and labels are names or None
    """

    open_block: Opener
    columns: Any
    weights: str | None
    labels: str | None

    def source(self, item: Any, number: int) -> Source:
        """Return an item as a source; an error names the number of the block."""
        if not _is_block(item):
            message = (
                f"an iterable must yield blocks (arrays or frames), but item {number} is of type "
                f"{type(item).__name__}; pass list(data) if the items are rows or values"
            )
            raise DataTypeError(message, block=number)
        try:
            return self.open_block(item, columns=self.columns, weights=self.weights, labels=self.labels)
        except SufficeError as error:
            raise _numbered(error, number) from error

    def given(self, block: Block, number: int, names: tuple[str, ...] | None = None) -> Chunk:
        """Return a Block as a chunk, of the columns `names`; an error names the number of the block."""
        chosen = [what for what in ("columns", "weights", "labels") if getattr(self, what) is not None]
        if chosen:
            message = (
                f"block {number} is a Block, which has no named columns to choose {' and '.join(chosen)} from; put "
                "them into the Block as Block(rows, weights, labels), or pass data frames"
            )
            raise ParameterError(message, block=number)
        try:
            chunk = given_chunk(block)
        except SufficeError as error:
            raise _numbered(error, number) from error
        if names is not None and chunk.width != len(names):
            message = f"block {number} has rows of shape {block.rows.shape}, but block 1 has {len(names)} columns"
            raise DataError(f"{message}; all blocks must have the same", block=number)
        return chunk

    def chunks(self, items: Callable[[], Iterable[Any]], names: tuple[str, ...]) -> Iterator[Chunk]:
        """Yield the rows of all items; all have weights or none has, and so with labels."""
        return alike(self._numbered_chunks(items, names))

    def _numbered_chunks(
        self, items: Callable[[], Iterable[Any]], names: tuple[str, ...]
    ) -> Iterator[tuple[int, Chunk]]:
        for number, item in enumerate(items(), 1):
            if isinstance(item, Block):
                yield number, self.given(item, number, names)
                continue
            if _is_block(item) and hasattr(item, "__len__") and not len(item):
                continue
            source = self.source(item, number)
            if source.columns != names:
                message = (
                    f"block {number} has the columns {', '.join(source.columns)}, but block 1 has "
                    f"{', '.join(names)}; all blocks must have the same"
                )
                raise DataError(message, block=number)
            try:
                for piece in source.pieces():
                    for block in piece.blocks():
                        yield number, Chunk(block.rows, block.weights, block.labels)
            except SufficeError as error:
                raise _numbered(error, number) from error


def iterable_source(
    data: Iterable[Any], open_block: Opener, *, columns: Any = None, weights: Any = None, labels: Any = None
) -> StreamSource:
    """Return the source of an iterable of blocks; an iterator can be read once only.

    Raises
    ------
    DataError
        There is no block.
    DataTypeError
        The first item is no array and no frame.
    """
    iterator = iter(data)
    one_shot = iterator is data
    described = f"an iterator of blocks ({type(data).__name__})" if one_shot else f"a {type(data).__name__} of blocks"
    first = next((item for item in iterator if not _is_empty(item)), None)
    if first is None:
        raise DataError(f"{described} is empty; pass at least one block of rows")
    reader = BlockReader(
        open_block,
        columns,
        weights if isinstance(weights, str) else None,
        labels if isinstance(labels, str) else None,
    )
    skipped: tuple[str, ...] = ()
    if isinstance(first, Block):
        names = unnamed_columns(reader.given(first, 1).width)
    else:
        source = reader.source(first, 1)
        names, skipped = source.columns, source.skipped
    items = partial(chain, [first], iterator) if one_shot else partial(iter, data)
    return StreamSource(
        names,
        partial(reader.chunks, items, names),
        partial(str, f"unseen content of {described} with columns {names}"),
        described,
        skipped,
        *given_beside(weights, labels),
        one_shot,
    )


def _is_block(item: Any) -> bool:
    if isinstance(item, (Block, np.ndarray, dict)):
        return True
    return not isinstance(item, (str, bytes, list, tuple)) and (hasattr(item, "__array__") or hasattr(item, "columns"))


def _is_empty(item: Any) -> bool:
    return _is_block(item) and hasattr(item, "__len__") and len(item) == 0


def _numbered(error: SufficeError, number: int) -> SufficeError:
    values = {name: value for name, value in vars(error).items() if name != "message"}
    return type(error)(f"in block {number}: {error.message}", **(values | {"block": number}))
