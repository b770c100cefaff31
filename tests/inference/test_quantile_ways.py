"""`describe` keeps ranks of long columns to 0.1 %, whatever the columns and their order, with the same bits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice.engines import Threads
from suffice.inference.description import describe
from suffice.inference.quantile_ways import GRID_ROWS, RANK_ERROR, choose_ways
from suffice.sources import as_source

N = 20 * 65_536 + 77


def columns():
    rng = np.random.default_rng(13)
    normal = rng.normal(size=N)
    drift = normal.copy()
    drift[8 * 65_536 : 9 * 65_536] = 50.0 + 1e-3 * rng.normal(size=65_536)
    return {
        "normal": normal,
        "cauchy": rng.standard_cauchy(N),
        "lognormal": rng.lognormal(size=N),
        "offset": 1e9 + normal,
        "missing": np.where(rng.random(N) < 0.3, np.nan, normal),
        "infinite": np.where(rng.random(N) < 1e-5, np.inf, normal),
        "ties": rng.poisson(4.0, N).astype(float),
        "constant": np.full(N, 3.25),
        "sorted": np.sort(normal),
        "clusters": np.where(rng.random(N) < 0.5, normal, 1e12 + normal),
        "drift": drift,
        "absent": np.full(N, np.nan),
    }


@pytest.fixture(scope="module")
def table():
    return columns()


@pytest.fixture(scope="module")
def file(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("long") / "x.parquet"
    pq.write_table(pa.table(table), path, row_group_size=262_144)
    return path


@pytest.fixture(scope="module")
def found(file):
    return describe(file, engine=Threads(2))


def test_the_guaranteed_rank_error_holds_in_every_column(found, table):
    for name, x in table.items():
        column, x = found[name], np.sort(x[~np.isnan(x)])
        assert column.rank_error <= RANK_ERROR
        if not len(x):
            assert np.isnan([value for _, value in column.quantiles]).all()
            continue
        assert (column.minimum, column.maximum) == (x[0], x[-1]) == (column.quantile(0.0), column.quantile(1.0))
        for p, value in column.quantiles:
            below, upto = np.searchsorted(x, value, "left") / len(x), np.searchsorted(x, value, "right") / len(x)
            assert below - column.rank_error <= p <= upto + column.rank_error, (name, p)


def test_cells_are_used_where_they_suit(file, table):
    counted = {tuple(table)[grid.column] for grid in choose_ways(as_source(file)).grid.grids}
    assert counted == {"normal", "cauchy", "lognormal", "offset", "missing", "infinite", "drift"}


def test_rounded_columns_have_quantiles_that_stand_in_the_data(found):
    assert found["ties"].quantile(0.5) == 4.0
    assert found["constant"].quantile(0.5) == 3.25


def test_the_bits_do_not_depend_on_the_threads(found, file):
    other = describe(file, engine=Threads(1))
    assert repr(other.columns) == repr(found.columns)


def test_weighted_and_short_data_are_sorted():
    x = np.random.default_rng(14).normal(size=(GRID_ROWS, 1))
    assert choose_ways(as_source(x)).grid is not None
    assert choose_ways(as_source(x[1:])).grid is None
    assert choose_ways(as_source(x, weights=np.ones(GRID_ROWS))).grid is None
    assert choose_ways(as_source(iter([x]))).grid is None
