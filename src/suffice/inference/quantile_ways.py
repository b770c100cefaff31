"""Which way the quantiles of each column are found: by counting in cells, or by a sorted sketch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from suffice.sources import Source
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.product import Product
from suffice.statistics.quantile_grid import ColumnGrid, QuantileGrid, column_grid, fits
from suffice.statistics.quantile_sketch import QuantileSketch
from suffice.statistics.statistic import Statistic
from suffice.statistics.wrappers import OnColumns

# Below so many rows sorting takes no time that anybody would notice.
GRID_ROWS = 8 * BLOCK_ROWS
# Counts that guarantee less are made up for by a second pass.
RANK_ERROR = 1e-3


class Quantiles(Protocol):
    """What is known of the distribution of one column."""

    @property
    def rank_error(self) -> float:
        """The guaranteed bound of the error of a rank, as a share of all values."""
        ...

    def quantile(self, p: float) -> Any:
        """Return the quantile at p."""
        ...


@dataclass(frozen=True, slots=True)
class QuantileWays:
    """Grids for the columns that they suit, sketches for the others.

    Parameters
    ----------
    grid : counts the columns that are counted, or None
    sketched : the positions of the columns that are sketched
    """

    grid: QuantileGrid | None
    sketched: tuple[int, ...]

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """What the pass has to observe: the grid, if any, and a sketch for each column sketched."""
        return (*(() if self.grid is None else (self.grid,)), *_sketches(self.sketched))

    def quantiles(self, summaries: Sequence[Any], session: Any) -> tuple[Quantiles, ...]:
        """Return what is known of each column, from the summaries of `statistics`.

        Columns whose counts guarantee less than RANK_ERROR, for the first rows were not like the others,
        are sketched in a second pass.
        """
        found: dict[int, Quantiles] = dict(zip(self.sketched, summaries[-len(self.sketched) or None :], strict=False))
        if self.grid is not None:
            found |= {grid.column: summaries[0].of(i) for i, grid in enumerate(self.grid.grids)}
            coarse = tuple(
                j for j, column in found.items() if j not in self.sketched and column.rank_error > RANK_ERROR
            )
            if coarse:
                found |= dict(zip(coarse, session.reduce(Product(_sketches(coarse))).parts, strict=True))
        return tuple(found[j] for j in sorted(found))


def choose_ways(source: Source) -> QuantileWays:
    """Look at the first block of a long source that can be read anywhere, and choose."""
    columns = range(len(source.columns))
    grids = _grids(source) if _countable(source) else {}
    return QuantileWays(
        QuantileGrid(tuple(grids.values())) if grids else None, tuple(j for j in columns if j not in grids)
    )


def _sketches(columns: Sequence[int]) -> tuple[Statistic, ...]:
    return tuple(OnColumns((j,), QuantileSketch()) for j in columns)


def _countable(source: Source) -> bool:
    return not (source.sequential or source.one_shot) and (getattr(source, "n_rows", None) or 0) >= GRID_ROWS


def _grids(source: Source) -> dict[int, ColumnGrid]:
    """Return grids by column: cells from the first block that also fit the rows where the last piece begins.

    The latter spares columns that are sorted or drift the second pass.
    """
    pieces = source.pieces()
    block = _first_block(pieces[0])
    if block.weights is not None:
        return {}
    found = ((j, column_grid(j, values)) for j, values in enumerate(block.columns))
    grids = {j: grid for j, grid in found if grid is not None}
    if not grids or len(pieces) == 1:
        return grids
    later = _first_block(pieces[-1]).columns
    return {j: grid for j, grid in grids.items() if fits(grid, later[j], RANK_ERROR * BLOCK_ROWS)}


def _first_block(piece: Any) -> Block:
    with closing(piece.blocks()) as blocks:
        return next(blocks)
