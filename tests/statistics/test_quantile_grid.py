"""Counts in cells keep the rank error that they report, and a cell holds what lies between its ends."""

from __future__ import annotations

import pickle
from math import inf, nextafter

import numpy as np
import pytest

from suffice.errors import ParameterError, ShapeError
from suffice.sources import BLOCK_ROWS, Block
from suffice.statistics import QuantileGrid
from suffice.statistics.quantile_grid import ColumnGrid, GridQuantiles, column_grid

P = np.linspace(0.0, 1.0, 201)
LAWS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "Cauchy": lambda rng, n: rng.standard_cauchy(n),
    "lognormal": lambda rng, n: rng.lognormal(size=n),
    "exponential": lambda rng, n: -rng.exponential(size=n),
    "far from zero": lambda rng, n: 1e9 + rng.normal(size=n),
    "tiny": lambda rng, n: 1e-300 * rng.normal(size=n),
    "huge": lambda rng, n: 1e300 * rng.normal(size=n),
    "missing": lambda rng, n: np.where(rng.random(n) < 0.2, rng.choice([np.nan, -np.nan], n), rng.normal(size=n)),
    "infinite": lambda rng, n: np.where(rng.random(n) < 1e-4, rng.choice([-inf, inf], n), rng.normal(size=n)),
}


def counted(x, grid):
    summary = None
    for first in range(0, len(x), BLOCK_ROWS):
        part = QuantileGrid((grid,)).observe(Block(x[first : first + BLOCK_ROWS, None], start=first))
        summary = part if summary is None else summary.merge(part)
    return summary.of(0)


def worst_rank_error(found, x):
    """Return how far the share of the values up to a quantile is from p, at worst."""
    x = np.sort(x[~np.isnan(x)])
    share = np.searchsorted(x, [found.quantile(p) for p in P], "right") / len(x)
    return np.abs(share - P).max()


@pytest.mark.parametrize("law", LAWS)
def test_the_guaranteed_rank_error_holds(law):
    x = LAWS[law](np.random.default_rng(3), 400_001)
    found = counted(x, column_grid(0, x[:BLOCK_ROWS]))
    assert found.weight == np.count_nonzero(~np.isnan(x))
    assert worst_rank_error(found, x) <= found.rank_error <= 1e-3


@pytest.mark.parametrize("law", LAWS)
def test_it_holds_where_the_rows_are_not_like_the_sample(law):
    rng = np.random.default_rng(4)
    grid = column_grid(0, LAWS[law](rng, BLOCK_ROWS))
    for x in (np.arange(100_000.0), np.full(1000, 0.25), np.repeat([-1.0, 1e9, 1e9 + 1], 500), np.full(9, -inf)):
        found = counted(x, grid)
        assert worst_rank_error(found, x) <= found.rank_error + 1e-15


@pytest.mark.parametrize("law", LAWS)
def test_a_cell_holds_the_doubles_between_its_ends(law):
    grid = column_grid(0, LAWS[law](np.random.default_rng(5), BLOCK_ROWS))
    for cell in (0, 1, 2, grid.cells // 3, grid.cells // 2, grid.cells - 2, grid.cells - 1):
        low, high = grid.ends(cell)
        assert low <= high
        inside = [max(low, -1.7e308), min(high, 1.7e308), low, high]
        assert grid.place(np.array(inside)).tolist() == [cell] * 4
        outside = np.array([nextafter(low, -inf), nextafter(high, inf)])
        assert grid.place(outside).tolist() == [max(cell - 1, 0), min(cell + 1, grid.cells - 1)]


def test_places_never_fall_where_values_grow():
    values = np.sort(np.concatenate([LAWS[law](np.random.default_rng(6), 2000) for law in LAWS if law != "missing"]))
    for law in LAWS:
        grid = column_grid(0, LAWS[law](np.random.default_rng(7), BLOCK_ROWS))
        assert (np.diff(grid.place(values)) >= 0).all()
        assert grid.place(np.array([np.nan, -np.nan])).tolist() == [grid.cells] * 2


@pytest.mark.parametrize(
    "sample",
    [
        np.arange(1000.0),
        np.round(np.random.default_rng(8).normal(size=BLOCK_ROWS), 3),
        np.zeros(BLOCK_ROWS),
        np.full(BLOCK_ROWS, np.nan),
        np.concatenate([np.random.default_rng(9).normal(size=BLOCK_ROWS // 2) + shift for shift in (0.0, 1e12)]),
        np.concatenate([np.full(40_000, inf), np.random.default_rng(9).normal(size=BLOCK_ROWS - 40_000)]),
        np.exp(40 * np.random.default_rng(10).normal(size=BLOCK_ROWS)),
    ],
    ids=["few", "rounded", "constant", "missing", "two far clusters", "infinite", "many decades"],
)
def test_what_cells_do_not_suit_is_left_to_sorting(sample):
    assert column_grid(0, sample) is None


def test_columns_are_counted_side_by_side():
    x = np.random.default_rng(11).normal([0, 5, 1e6], [1, 2, 3], (BLOCK_ROWS, 3))
    grids = tuple(column_grid(j, x[:, j]) for j in (2, 0))
    together = QuantileGrid(grids).observe(Block(x))
    for i, grid in enumerate(grids):
        alone = counted(
            x[:, grid.column], ColumnGrid(0, grid.centre, grid.scale, grid.lowest, grid.highest, grid.shift)
        )
        assert np.array_equal(together.of(i).counts, alone.counts)
    copy = pickle.loads(pickle.dumps(together))
    assert copy.merge(together).of(1).weight == 2 * BLOCK_ROWS


def test_refusals_say_what_to_do():
    grid = column_grid(0, np.random.default_rng(12).random(BLOCK_ROWS))
    with pytest.raises(ShapeError, match="takes no weights; use QuantileSketch"):
        QuantileGrid((grid,)).observe(Block(np.ones((2, 1)), np.ones(2)))
    with pytest.raises(ShapeError, match="the block has 0 columns"):
        QuantileGrid((grid,)).observe(Block(np.ones((2, 0))))
    with pytest.raises(ParameterError, match="lie in \\[0, 1\\], and p is 2"):
        GridQuantiles(grid, np.ones(grid.cells, dtype=np.int64)).quantile(2.0)


def test_no_values_have_no_quantile():
    grid = column_grid(0, np.random.default_rng(12).random(BLOCK_ROWS))
    empty = GridQuantiles(grid, np.zeros(grid.cells, dtype=np.int64))
    assert np.isnan(empty.quantile(0.5))
    assert empty.rank_error == 0.0
