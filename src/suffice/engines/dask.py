"""The engine for clusters: pieces are read and observed where a Dask client's workers are.

Summaries are merged here, in the tree of block numbers, so that the bits depend neither on the workers
nor on the order in which they finish, nor on a worker that died and whose pieces went to another.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable
from concurrent.futures import CancelledError
from contextlib import ExitStack, closing
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from suffice.engines.cluster import connected
from suffice.engines.remote import CARRIED_BYTES, bundled, bytes_carried, observe_part
from suffice.engines.resident import ResidentBlocks
from suffice.engines.watch import Watch
from suffice.errors import EngineError, ParameterError, SufficeError
from suffice.sources.block import Source
from suffice.statistics.statistic import Statistic
from suffice.statistics.tree import MergeTree

RETRIES = 3


@dataclass(frozen=True, slots=True)
class Dask:
    """Reduce on the workers of a Dask cluster.

    Parameters
    ----------
    client : a `distributed.Client`; default: the one that is active in this process
    workers : start a cluster of this many processes on this machine, for the session
    """

    client: Any = None
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and (self.workers < 1 or self.client is not None):
            raise ParameterError(f"workers={self.workers} starts a cluster of at least 1 process, and excludes client=")

    def open(self, source: Source) -> DaskSession:
        """Open a source for any number of passes.

        Raises
        ------
        MissingDependencyError
            Dask is not installed.
        EngineError
            There is no client.
        """
        client, owned = connected(self.client, self.workers)
        return DaskSession(source, client, owned)


class DaskSession:
    """An open source; `reduce` makes one pass over it."""

    def __init__(self, source: Source, client: Any, owned: ExitStack) -> None:
        self.source = source
        self.client = client
        self._owned = owned
        self._watch = Watch(source)
        self._resident = ResidentBlocks(source)
        self._sent: dict[int, Any] = {}  # piece number → its future on a worker

    def __enter__(self) -> DaskSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent.clear()
        self._owned.close()

    def reduce(self, statistic: Statistic) -> Any:
        """Return the summary of all rows, the same bits for any number of workers.

        Raises
        ------
        EngineError
            Workers died again and again, or the cluster is gone.
        SourceChangedError
            The data are not what they were at the first pass.
        DataNeeded
            The data could be read once only, and this is the second pass.
        """
        self._watch.begin()
        tree = MergeTree()
        with closing(self._parts()) as parts:
            self._submit(enumerate(parts), statistic, tree)
        self._watch.end()
        return tree.result()

    def _parts(self) -> Generator[Any, None, None]:
        """Yield what tasks are made of: pieces, or blocks decoded here where only one thread can."""
        pieces = self.source.pieces()
        if not self.source.sequential:
            yield from bundled(pieces, sum(self.client.nthreads().values()) or 1)
            return
        for number, piece in enumerate(pieces):
            if self.source.one_shot:
                yield from piece.blocks()
            else:
                yield from self._resident.of(number, piece)

    def _submit(self, parts: Iterable[tuple[int, Any]], statistic: Statistic, tree: MergeTree) -> None:
        """Keep a bounded number of tasks in flight and merge what comes, in any order."""
        from distributed import KilledWorker, as_completed

        waiting: dict[Any, tuple[int, Any, int]] = {}
        done = as_completed(loop=self.client.loop)
        parts = iter(parts)

        def start(number: int, part: Any, attempt: int) -> None:
            sent = self._sent_once(number, part)
            future = self.client.submit(observe_part, sent, statistic, pure=False, retries=RETRIES)
            waiting[future] = number, part, attempt
            done.add(future)

        try:
            for number, part in itertools.islice(parts, self._window()):
                start(number, part, 0)
            for future in done:
                number, part, attempt = waiting.pop(future)
                try:
                    result = future.result()
                except (CancelledError, KilledWorker) as error:
                    # The worker that held the piece died: it is still here, and goes to another. A piece
                    # on which several workers died has been everywhere.
                    if isinstance(error, KilledWorker) or attempt == RETRIES or self.client.status != "running":
                        raise EngineError(
                            f"workers died again and again while they observed part {number} of "
                            f"{getattr(self.source, 'description', 'the source')}; give them more memory, or "
                            "use the engine 'threads'"
                        ) from error
                    self._sent.pop(number, None)
                    start(number, part, attempt + 1)
                    continue
                if isinstance(result, SufficeError):
                    raise result
                tree.update(result)
                if self.source.sequential and not self._resident.holding:
                    self._sent.pop(number, None)
                for number, part in itertools.islice(parts, 1):
                    start(number, part, 0)
        finally:
            if waiting:
                self.client.cancel(list(waiting))

    def _sent_once(self, number: int, part: Any) -> Any:
        """Return the part, or where it carries much data the future of it on a worker."""
        if number not in self._sent:
            if bytes_carried(part) <= CARRIED_BYTES:
                return part
            self._sent[number] = self.client.scatter(part, hash=False)
        return self._sent[number]

    def _window(self) -> int:
        return 2 * max(1, sum(self.client.nthreads().values())) + 2
