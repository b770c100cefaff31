"""What a worker in another process does with its part of a source."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from suffice.engines.observing import observe_run
from suffice.errors import SourceError, SufficeError
from suffice.linalg.blas_threads import one_blas_thread
from suffice.sources.block import BLOCK_ROWS, Block, Piece
from suffice.statistics.statistic import Statistic
from suffice.statistics.tree import MergeTree

# What a task may carry; a part with more is sent to a worker once per session.
CARRIED_BYTES = 1 << 20
# Pieces in one task: some millions of rows of a file, which a lost worker costs again.
BUNDLED = 8


def bytes_carried(part: Any) -> int:
    """Return the size of a pickled part; arrays in it are not copied."""
    buffers: list[pickle.PickleBuffer] = []
    inline = len(pickle.dumps(part, protocol=5, buffer_callback=buffers.append))
    return inline + sum(buffer.raw().nbytes for buffer in buffers)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Consecutive pieces that one task observes."""

    pieces: tuple[Piece, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of all pieces, in order."""
        for piece in self.pieces:
            yield from piece.blocks()


def bundled(pieces: Sequence[Piece], workers: int) -> Sequence[Piece]:
    """Return pieces in bundles of at most eight, equally many for each worker: a task costs milliseconds.

    Pieces that carry data are left alone: they stay on the worker that they were sent to.
    """
    tasks = workers * -(-len(pieces) // (BUNDLED * workers))
    if not tasks < len(pieces) or bytes_carried(pieces[0]) > CARRIED_BYTES:
        return pieces
    # The longer bundles first, so that workers that take turns end together.
    share, longer = divmod(len(pieces), tasks)
    edges = [number * share + min(number, longer) for number in range(tasks + 1)]
    return [Bundle(tuple(pieces[first:last])) for first, last in pairwise(edges)]


def observe_part(part: Any, statistic: Statistic) -> MergeTree | SufficeError:
    """Observe a piece or a block on a worker and return the nodes of the merge tree that it makes.

    What is wrong with the data is returned, not raised: no other worker would find otherwise. A file
    that cannot be read is worth another try.
    """
    tree = MergeTree()
    with one_blas_thread():
        try:
            at_once = observe_run(part, statistic)
            if at_once is not None:
                return at_once
            for block in (part,) if isinstance(part, Block) else part.blocks():
                tree.add(block.start // BLOCK_ROWS, statistic.observe(block))
        except SourceError:
            raise
        except SufficeError as error:
            return error
    return tree
