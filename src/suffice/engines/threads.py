"""The default engine: threads of this process, which share the data and release the GIL in kernels."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from suffice.errors import ParameterError, SourceChangedError
from suffice.sources.block import BLOCK_ROWS, Block, Piece, Source
from suffice.statistics.statistic import Statistic
from suffice.statistics.tree import MergeTree


def reduce_piece(piece: Piece, statistic: Statistic) -> MergeTree:
    """Observe every block of a piece and return the nodes of the merge tree that they make."""
    tree = MergeTree()
    for block in piece.blocks():
        tree.add(block.start // BLOCK_ROWS, statistic.observe(block))
    return tree


@dataclass(frozen=True, slots=True)
class Threads:
    """Reduce with threads.

    Parameters
    ----------
    workers : how many threads; default: the cores this process may use
    """

    workers: int | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ParameterError(f"workers must be at least 1, not {self.workers}")

    def open(self, source: Source) -> ThreadSession:
        """Open a source for any number of passes."""
        return ThreadSession(source, self.workers or len(os.sched_getaffinity(0)))


class ThreadSession:
    """An open source; `reduce` makes one pass over it."""

    def __init__(self, source: Source, workers: int) -> None:
        self.source = source
        self.workers = workers
        self._fingerprint: str | None = None
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> ThreadSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def reduce(self, statistic: Statistic) -> Any:
        """Return the summary of all rows, the same bits for any number of threads."""
        self._recheck()
        pieces = self.source.pieces()
        if self.source.sequential:
            tree = self._reduce_sequential(pieces, statistic)
        elif self.workers == 1 or len(pieces) == 1:
            tree = MergeTree()
            for piece in pieces:
                tree.update(reduce_piece(piece, statistic))
        else:
            tree = MergeTree()
            for part in self._window(((reduce_piece, piece, statistic) for piece in pieces)):
                tree.update(part)
        return tree.result()

    def _reduce_sequential(self, pieces: Any, statistic: Statistic) -> MergeTree:
        """Decode in this thread, observe in the others."""
        tree = MergeTree()
        blocks = (block for piece in pieces for block in piece.blocks())
        for number, summary in self._window(((_observe, block, statistic) for block in blocks)):
            tree.add(number, summary)
        return tree

    def _window(self, calls: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """Run calls in the pool, at most two a worker at a time, and yield their results in order."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="suffice")
        waiting: deque[Future[Any]] = deque()
        try:
            for function, *arguments in calls:
                waiting.append(self._pool.submit(function, *arguments))
                if len(waiting) > 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _recheck(self) -> None:
        """Refuse a source that changed since the first pass."""
        now = self.source.fingerprint()
        if self._fingerprint is None:
            self._fingerprint = now
        elif now != self._fingerprint:
            raise SourceChangedError(
                f"{getattr(self.source, 'description', 'the data')} changed between two passes; "
                "fit again when nothing writes to it"
            )


def _observe(block: Block, statistic: Statistic) -> tuple[int, Any]:
    return block.start // BLOCK_ROWS, statistic.observe(block)
