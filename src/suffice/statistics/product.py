"""Several statistics observed together, each block read once."""

from __future__ import annotations

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
        return ProductSummary(tuple([part.observe(block) for part in self.parts]))

    def observe_run(self, block: Block) -> ProductSummary | None:
        """Observe a run of blocks at once; None unless every part can."""
        shortcuts = [getattr(part, "observe_run", None) for part in self.parts]
        if None in shortcuts:
            return None
        parts = tuple([observe_run(block) for observe_run in shortcuts if observe_run is not None])
        return None if None in parts else ProductSummary(parts)
