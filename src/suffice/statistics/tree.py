"""The merge tree: a binary counter over block numbers, so that no worker can change a bit."""

from __future__ import annotations

from typing import Any


class MergeTree:
    """Merge the summaries of numbered blocks in an order that depends on the numbers alone.

    Node (level, index) is the merge of nodes (level − 1, 2·index) and (level − 1, 2·index + 1);
    level 0 holds the blocks. Nodes may come in any order; only O(log blocks) of them wait.
    """

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], Any] = {}

    def add(self, index: int, summary: Any, level: int = 0) -> None:
        """Add the node (level, index) and merge upward as long as its sibling waits."""
        nodes = self.nodes
        while True:
            sibling = nodes.pop((level, index ^ 1), None)
            if sibling is None:
                nodes[level, index] = summary
                return
            summary = summary.merge(sibling) if index & 1 == 0 else sibling.merge(summary)
            level, index = level + 1, index >> 1

    def update(self, other: MergeTree) -> None:
        """Add all nodes of another tree over other blocks of the same source."""
        for (level, index), summary in other.nodes.items():
            self.add(index, summary, level)

    def result(self) -> Any:
        """Return the merge of all that came, earlier rows first; None if nothing came."""
        total = None
        for level, index in sorted(self.nodes, key=lambda node: node[1] << node[0]):
            summary = self.nodes[level, index]
            total = summary if total is None else total.merge(summary)
        return total
