"""How a worker observes its part of a source."""

from __future__ import annotations

from typing import Any

from suffice.sources.block import BLOCK_ROWS
from suffice.statistics.statistic import Statistic
from suffice.statistics.tree import MergeTree


def observe_run(piece: Any, statistic: Statistic) -> MergeTree | None:
    """Observe a piece that lies in memory as a run of 2^k blocks at once; None where that cannot be done."""
    observe = getattr(statistic, "observe_run", None)
    run = getattr(piece, "run", None)
    block = run() if observe is not None and run is not None else None
    if block is None or observe is None:
        return None
    summary = observe(block)
    if summary is None:
        return None
    blocks = len(block.rows) // BLOCK_ROWS
    tree = MergeTree()
    tree.add(block.start // len(block.rows), summary, level=blocks.bit_length() - 1)
    return tree
