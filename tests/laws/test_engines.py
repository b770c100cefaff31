"""The same bits: on any number of threads, in any order of pieces, from any layout of the data."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice.distributions.normal import Normal
from suffice.engines import Threads
from suffice.sources import BLOCK_ROWS, Block, as_source
from suffice.statistics import (
    AffineMap,
    Extent,
    HashedSample,
    LikelihoodSums,
    MergeTree,
    Moments,
    OnColumns,
    PitCounts,
    PoissonBootstrap,
    Product,
    QuantileSketch,
    Scatter,
)

N = 7 * BLOCK_ROWS + 4_321
THETA = np.array([[0.0, 1.0], [0.5, 2.0]])
EVERYTHING = Product(
    (
        Extent(),
        Scatter(),
        Moments(),
        HashedSample(),
        OnColumns((1,), QuantileSketch()),
        OnColumns((0,), AffineMap(0.5, 2.0, LikelihoodSums(Normal, THETA))),
        OnColumns((0,), PitCounts(Normal, THETA, 100)),
        OnColumns((0,), PoissonBootstrap(1, 2, Scatter())),
    )
)


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return np.random.default_rng(11).normal(1e3, 1.0, (N, 2))


@pytest.fixture(scope="module")
def expected(rows) -> bytes:
    """The bits of one thread over the array."""
    return reduced(Threads(1), rows)


def reduced(engine: Any, data: Any) -> bytes:
    with engine.open(as_source(data) if not hasattr(data, "pieces") else data) as session:
        return bits(session.reduce(EVERYTHING))


def bits(summary: Any) -> bytes:
    """Return the bytes of a summary, whatever the memory layout or the identity of its arrays."""
    from statistics_catalogue import flat

    return pickle.dumps({k: np.asarray(v).tobytes() for k, v in flat(summary).items()})


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_threads_gives_the_same_bits(rows, expected, workers):
    assert reduced(Threads(workers), rows) == expected


@dataclass(frozen=True)
class Shuffled:
    """A source whose pieces come in another order."""

    source: Any
    seed: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)

    def pieces(self) -> list[Any]:
        pieces = list(self.source.pieces())
        assert len(pieces) > 2
        return [pieces[i] for i in np.random.default_rng(self.seed).permutation(len(pieces))]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_pieces_is_irrelevant_to_the_last_bit(rows, expected, seed):
    assert reduced(Threads(2), Shuffled(as_source(rows), seed)) == expected


@pytest.mark.parametrize("group", [1_048_576, 100_000, 30_011])
def test_a_parquet_file_gives_the_bits_of_the_array(rows, expected, tmp_path, group):
    path = tmp_path / "data.parquet"
    table = pa.table({"x0": rows[:, 0], "x1": rows[:, 1]})
    pq.write_table(table, path, row_group_size=group)
    assert reduced(Threads(2), path) == expected


def test_the_layout_in_memory_is_irrelevant(rows, expected):
    assert reduced(Threads(2), np.asfortranarray(rows)) == expected
    assert reduced(Threads(2), np.repeat(rows, 2, axis=1)[:, ::2]) == expected


def test_blocks_in_an_iterable_give_the_same_bits(rows, expected):
    parts = [rows[first : first + 50_000] for first in range(0, N, 50_000)]
    assert reduced(Threads(3), parts) == expected


def test_the_tree_does_not_depend_on_the_order_of_its_leaves():
    x = np.random.default_rng(0).normal(size=(37, 10, 1))
    results = set()
    for seed in range(5):
        tree, other = MergeTree(), MergeTree()
        for i in np.random.default_rng(seed).permutation(37):
            (tree if i % 3 else other).add(int(i), Scatter().observe(Block(x[i])))
        tree.update(other)
        results.add(tree.result().state.tobytes())
    assert len(results) == 1
    assert MergeTree().result() is None


def test_few_summaries_wait_in_the_tree():
    tree = MergeTree()
    for i in range(1000):
        tree.add(i, Scatter().observe(Block(np.ones((1, 1)))))
        assert len(tree.nodes) <= 10


RUNS = [
    Extent(),
    Scatter(),
    HashedSample(),
    Product((Extent(), Scatter(), HashedSample())),
    Product((Extent(), Moments())),
    HashedSample(100, 64),
]


@pytest.mark.parametrize("bad", [None, np.nan, np.inf])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("statistic", RUNS, ids=range(len(RUNS)))
def test_runs_of_blocks_have_the_bits_of_single_blocks(statistic, d, weighted, bad):
    rng = np.random.default_rng(d)
    x = rng.normal(1e3, 1.0, (33 * BLOCK_ROWS + 17, d))
    if bad is not None:
        x[5 * BLOCK_ROWS + 3] = bad
    weights = rng.random(len(x)) if weighted else None
    tree = MergeTree()
    for number, first in enumerate(range(0, len(x), BLOCK_ROWS)):
        part = slice(first, first + BLOCK_ROWS)
        tree.add(number, statistic.observe(Block(x[part], None if weights is None else weights[part], None, first)))
    for workers in (1, 2):
        with Threads(workers).open(as_source(x, weights=weights)) as session:
            assert bits(session.reduce(statistic)) == bits(tree.result())
