"""The rank error that a quantile sketch guarantees holds, whatever the data, the weights and the order."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from suffice.errors import ParameterError, ShapeError
from suffice.sources import BLOCK_ROWS, Block
from suffice.statistics import MergeTree, QuantileSketch

P = np.linspace(0.0, 1.0, 501)


def sketch(x, weights=None, size=BLOCK_ROWS, statistic=None):
    tree = MergeTree()
    for number, first in enumerate(range(0, len(x), size)):
        part = slice(first, first + size)
        block = Block(x[part, None], None if weights is None else weights[part], None, first)
        tree.add(number, (statistic or QuantileSketch()).observe(block))
    return tree.result()


def worst_rank_error(summary, x, weights=None):
    """Return how far p lies outside [share below, share up to] of its quantile, at worst."""
    weights = np.ones(len(x)) if weights is None else weights
    order = np.argsort(x)
    values, sums = x[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    q = summary.quantile(P)
    below = sums[np.searchsorted(values, q, "left")] / sums[-1]
    upto = sums[np.searchsorted(values, q, "right")] / sums[-1]
    return np.maximum(np.maximum(below - P, P - upto), 0.0).max()


def make(kind, n, rng):
    x = {
        "normal": rng.normal,
        "heavy": lambda size: rng.standard_cauchy(size),
        "ties": lambda size: rng.poisson(3.0, size).astype(float),
        "two values": lambda size: rng.choice([0.0, 1.0], size),
    }[kind](size=n)
    return x


@pytest.mark.parametrize("order", ["random", "ascending", "descending", "organ pipes"])
@pytest.mark.parametrize("kind", ["normal", "heavy", "ties", "two values"])
def test_the_guaranteed_rank_error_holds(kind, order):
    x = make(kind, 400_001, np.random.default_rng(4))
    if order != "random":
        x = np.sort(x)
    if order == "descending":
        x = x[::-1].copy()
    if order == "organ pipes":
        x = np.concatenate([x[::2], x[1::2][::-1]])
    summary = sketch(x)
    assert 0.0 < summary.rank_error < 5e-4
    assert worst_rank_error(summary, x) <= summary.rank_error + 1.0 / len(x)
    assert summary.quantile(0.0) == x.min()
    assert summary.quantile(1.0) == x.max()
    assert summary.weight == len(x)


def test_small_capacities_are_honest_too():
    rng = np.random.default_rng(5)
    for capacity in (2, 3, 10, 100):
        x = rng.gamma(0.5, size=5000)
        summary = sketch(x, size=257, statistic=QuantileSketch(capacity))
        assert worst_rank_error(summary, x) <= summary.rank_error + 1.0 / len(x)


def test_the_error_with_weights_is_guaranteed():
    rng = np.random.default_rng(6)
    x, weights = rng.normal(size=200_000), rng.pareto(1.2, size=200_000)
    weights[rng.random(len(x)) < 0.3] = 0.0
    summary = sketch(x, weights)
    np.testing.assert_allclose(summary.weight, weights.sum(), rtol=1e-12)
    assert summary.rank_error < 1e-3
    assert worst_rank_error(summary, x, weights) <= summary.rank_error + 1.0 / summary.weight + 1e-12


def test_a_billion_rows_keep_ranks_to_a_tenth_of_a_percent():
    # the tree over 15,259 blocks: the error depends on the sizes alone, so that 14 doublings tell it
    summary = QuantileSketch().observe(Block(np.random.default_rng(0).normal(size=(BLOCK_ROWS, 1))))
    for _ in range(14):
        summary = summary.merge(summary)
    assert summary.weight > 1e9
    assert summary.rank_error <= 1e-3


def test_one_block_below_the_block_size_is_exact():
    x = np.random.default_rng(7).normal(size=BLOCK_ROWS - 1)
    summary = sketch(x)
    assert summary.rank_error == 0.0
    np.testing.assert_array_equal(summary.quantile(P), np.quantile(x, P))


def test_integer_weights_equal_repeated_rows_exactly():
    rng = np.random.default_rng(8)
    x, counts = rng.normal(size=500), rng.integers(0, 5, 500)
    summary = sketch(x, counts.astype(float), size=123)
    np.testing.assert_array_equal(summary.quantile(P), np.quantile(np.repeat(x, counts), P))


def test_infinite_values_are_ordered_and_missing_ones_left_out():
    x = np.array([np.nan, -np.inf, 1.0, 2.0, np.inf, np.nan])
    summary = sketch(x)
    assert summary.weight == 4.0
    assert summary.quantile([0.0, 1.0]).tolist() == [-np.inf, np.inf]
    assert summary.quantile(0.5) == 1.5


def test_an_empty_sketch_has_no_quantile():
    summary = sketch(np.full(3, np.nan))
    assert np.isnan(summary.quantile(0.5))
    assert np.isnan(summary.minimum)
    assert summary.rank_error == 0.0


def test_the_same_rows_give_the_same_bits():
    x = np.random.default_rng(9).normal(size=300_000)
    assert pickle.dumps(sketch(x)) == pickle.dumps(sketch(x.copy()))


def test_what_it_cannot_do_is_said():
    with pytest.raises(ParameterError, match="at least 2, not 1"):
        QuantileSketch(1)
    with pytest.raises(ParameterError, match=r"lie in \[0, 1\], and p is 1.5"):
        sketch(np.ones(3)).quantile(1.5)
    with pytest.raises(ShapeError, match="one column, not 2"):
        QuantileSketch().observe(Block(np.ones((3, 2))))
    with pytest.raises(ShapeError, match="one set of weights"):
        QuantileSketch().observe(Block(np.ones((3, 1)), np.ones((2, 3))))
