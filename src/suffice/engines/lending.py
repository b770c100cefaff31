"""Threads without a piece of their own observe blocks of the others' pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from suffice.sources.block import Block


@dataclass(slots=True)
class Lending:
    """One pass over pieces in a pool.

    A file of one row group is one piece, and five pieces leave one of two threads idle at the end: once
    every piece has begun, the thread that decodes a piece hands blocks to those that have none.

    Parameters
    ----------
    workers, pieces : how many threads and pieces there are
    submit : starts a call in the pool
    """

    workers: int
    pieces: int
    submit: Callable[..., Future[Any]]
    begun: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)

    def spare(self) -> int:
        """Return how many threads have no piece and will get none."""
        return self.workers - len(self.begun) + len(self.ended) if len(self.begun) == self.pieces else 0

    def observe(
        self, number: int, blocks: Iterable[Block], observe: Callable[[Block], Any], use: Callable[[Any], None]
    ) -> None:
        """Observe the blocks of piece `number` here and wherever a thread is idle; use what comes."""
        self.begun.add(number)
        lent: deque[tuple[Block, Future[Any]]] = deque()
        try:
            for block in blocks:
                while lent and lent[0][1].done():
                    use(lent.popleft()[1].result())
                if len(lent) < self.spare():
                    lent.append((block, self.submit(observe, block)))
                else:
                    use(observe(block))
            for block, future in lent:
                # what no thread has taken up is done here, so that nobody waits for a busy pool
                use(observe(block) if future.cancel() else future.result())
        finally:
            self.ended.add(number)
