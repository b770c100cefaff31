"""Several statistics observed together, each block read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True)
class ProductSummary:
    """The summaries of a product, in the order of its parts."""

    parts: tuple[Any, ...]

    def merge(self, other: ProductSummary) -> ProductSummary:
        """Merge part by part."""
        if len(self.parts) != len(other.parts):
            raise ShapeError(
                f"summaries of the same product are needed; one has {len(self.parts)} parts, "
                f"the other {len(other.parts)}"
            )
        return ProductSummary(tuple([a.merge(b) for a, b in zip(self.parts, other.parts, strict=True)]))


@dataclass(frozen=True, slots=True)
class Product:
    """Observe several statistics in one pass."""

    parts: tuple[Statistic, ...]

    def observe(self, block: Block) -> ProductSummary:
        """Observe the block with every part."""
        return ProductSummary(tuple(_observed(self.parts, block)))

    def observe_run(self, block: Block) -> ProductSummary | None:
        """Observe a run of blocks at once; None unless every part can."""
        shortcuts = [getattr(part, "observe_run", None) for part in self.parts]
        if None in shortcuts:
            return None
        parts = tuple([observe_run(block) for observe_run in shortcuts if observe_run is not None])
        return None if None in parts else ProductSummary(parts)


def _observed(parts: Sequence[Any], block: Block) -> list[Any]:
    """Observe a block with every part; what several of them are shown in its place is made once."""
    summaries: list[Any] = [None] * len(parts)
    alike: dict[Any, list[int]] = {}
    for i, part in enumerate(parts):
        if (key := getattr(part, "key", None)) is None:
            summaries[i] = part.observe(block)
        else:
            alike.setdefault(key, []).append(i)
    for places in alike.values():
        found = _observed([parts[i].statistic for i in places], parts[places[0]].shown(block))
        for i, summary in zip(places, found, strict=True):
            summaries[i] = summary
    return summaries
