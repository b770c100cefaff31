"""The default engine: threads of this process, which share the data and release the GIL in kernels."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from threading import Event
from time import perf_counter
from types import TracebackType
from typing import Any

from suffice.engines.lending import Lending
from suffice.engines.observing import observe_run
from suffice.engines.resident import ResidentBlocks
from suffice.engines.watch import Watch
from suffice.errors import EngineError, ParameterError
from suffice.sources.block import BLOCK_ROWS, Block, Piece, Source
from suffice.statistics.statistic import Statistic
from suffice.statistics.stopping import heed
from suffice.statistics.tree import MergeTree

# Seconds that a pass over a short source takes before threads are started for the next.
WORTHWHILE = 1e-3


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
        return ThreadSession(source, self.workers or cores())


def as_engine(engine: Any) -> Any:
    """Return an engine: the default for None; what cannot open a source is refused."""
    if engine is None:
        return Threads()
    if isinstance(engine, type) or not hasattr(engine, "open"):
        raise ParameterError(f"engine must be an engine such as sf.Threads(2) or sf.Dask(client), not {engine!r:.60}")
    return engine


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ThreadSession:
    """An open source; `reduce` makes one pass over it."""

    def __init__(self, source: Source, workers: int) -> None:
        self.source = source
        self.workers = workers
        self._watch = Watch(source)
        self._resident = ResidentBlocks(source)
        self._pool: ThreadPoolExecutor | None = None
        self._serial = _short(source) and not source.sequential
        self._stopped = Event()

    def __enter__(self) -> ThreadSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def reduce(self, statistic: Statistic) -> Any:
        """Return the summary of all rows, the same bits for any number of threads.

        Raises
        ------
        SourceChangedError
            The data are not what they were at the first pass.
        DataNeeded
            The data could be read once only, and this is the second pass.
        """
        if self._stopped.is_set():
            raise EngineError("the session is closed: reduce inside `with engine.open(source) as session:`")
        self._watch.begin()
        pieces = self.source.pieces()
        tree = MergeTree()
        if self.workers == 1 or self._serial:
            began = perf_counter()
            for number in range(len(pieces)):
                tree.update(self._piece(number, pieces[number], statistic))
            self._serial = perf_counter() - began < WORTHWHILE
        elif self.source.sequential:
            with closing(self._decoded(pieces)) as blocks:
                self._in_pool(((_observe, statistic, block) for block in blocks), lambda node: tree.add(*node))
        else:
            lending = Lending(self.workers, len(pieces), self._submit)
            calls = ((self._piece, number, piece, statistic, lending) for number, piece in enumerate(pieces))
            self._in_pool(calls, tree.update)
        self._watch.end()
        return tree.result()

    def _blocks(self, number: int, piece: Piece) -> Generator[Block, None, None]:
        yield from piece.blocks() if self.source.one_shot else self._resident.of(number, piece)

    def _decoded(self, pieces: Sequence[Piece]) -> Generator[Block, None, None]:
        for number, piece in enumerate(pieces):
            yield from self._blocks(number, piece)

    def _piece(self, number: int, piece: Piece, statistic: Statistic, lending: Lending | None = None) -> MergeTree:
        at_once = observe_run(piece, statistic)
        if at_once is not None:
            return at_once
        tree = MergeTree()
        with closing(self._blocks(number, piece)) as blocks:
            going = takewhile(lambda _: not self._stopped.is_set(), blocks)
            if lending is None:
                for block in going:
                    tree.add(block.start // BLOCK_ROWS, statistic.observe(block))
            else:
                lending.observe(number, going, partial(_observe, statistic), lambda node: tree.add(*node))
        return tree

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(
                self.workers, thread_name_prefix="suffice", initializer=heed, initargs=(self._stopped,)
            )
        return self._pool.submit(function, *arguments)

    def _in_pool(self, calls: Iterable[tuple[Any, ...]], use: Callable[[Any], None]) -> None:
        """Run calls in the pool, at most two a worker at a time, and use their results in order."""
        waiting: deque[Future[Any]] = deque()
        try:
            for function, *arguments in calls:
                waiting.append(self._submit(function, *arguments))
                if len(waiting) > 2 * self.workers:
                    use(waiting.popleft().result())
            while waiting:
                use(waiting.popleft().result())
        except BaseException:
            # An interrupt or a failing row: what runs stops at its next block, what waits never starts.
            self._stopped.set()
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)
                self._pool = None
            self._stopped.clear()
            raise


def _observe(statistic: Statistic, block: Block) -> tuple[int, Any]:
    return block.start // BLOCK_ROWS, statistic.observe(block)


def _short(source: Source) -> bool:
    """Tell whether a source is known to be so short that starting threads may cost more than they save."""
    rows = getattr(source, "n_rows", None)
    return rows is not None and rows <= 2 * BLOCK_ROWS
