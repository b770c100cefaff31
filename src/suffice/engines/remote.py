"""What a worker in another process does with its part of a source."""

from __future__ import annotations

import pickle
from typing import Any

from suffice.engines.observing import observe_run
from suffice.errors import SourceError, SufficeError
from suffice.linalg.blas_threads import one_blas_thread
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.statistic import Statistic
from suffice.statistics.tree import MergeTree


def bytes_carried(part: Any) -> int:
    """Return the size of a pickled part; arrays in it are not copied."""
    buffers: list[pickle.PickleBuffer] = []
    inline = len(pickle.dumps(part, protocol=5, buffer_callback=buffers.append))
    return inline + sum(buffer.raw().nbytes for buffer in buffers)


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
