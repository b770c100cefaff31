"""The laws of every statistic: what merge, the empty block, pickling and weights must do."""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_catalogue import CATALOGUE, Row, data_for, ids

from suffice.errors import ShapeError
from suffice.sources import Block
from suffice.statistics import Extent

rows = pytest.mark.parametrize("row", CATALOGUE, ids=ids)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(0, 300)
few = settings(max_examples=15, deadline=None)


def weights_for(row: Row, n: int, seed: int) -> np.ndarray | None:
    return np.random.default_rng(seed).random(n) + 0.1 if row.weighted and seed % 2 else None


def block(x, weights=None, first=0, last=None):
    part = slice(first, len(x) if last is None else last)
    return Block(x[part], None if weights is None else weights[part], None, first)


def assert_equal_to(row: Row, one, other, tolerance: float) -> None:
    a, b = row.readings(one), row.readings(other)
    assert a.keys() == b.keys()
    for key in a:
        assert a[key].shape == b[key].shape, key
        if tolerance == 0.0 or a[key].dtype.kind not in "f":
            np.testing.assert_array_equal(a[key], b[key], err_msg=key)
        else:
            finite = np.abs(a[key][np.isfinite(a[key])])
            scale = max(finite.max(), 1.0) if finite.size else 1.0
            np.testing.assert_allclose(a[key], b[key], rtol=tolerance, atol=tolerance * scale, err_msg=key)


@rows
@few
@given(n=sizes, seed=seeds, cuts=st.lists(st.floats(0, 1), max_size=5))
def test_merge_of_the_parts_equals_the_whole(row, n, seed, cuts):
    x = data_for(row, n, seed)
    weights = weights_for(row, n, seed)
    ends = [0, *sorted(int(cut * n) for cut in cuts), n]
    parts = [row.statistic.observe(block(x, weights, a, b)) for a, b in pairwise(ends)]
    whole = row.statistic.observe(block(x, weights))
    assert_equal_to(row, reduce(lambda a, b: a.merge(b), parts), whole, row.tolerance)


@rows
@few
@given(n=sizes, seed=seeds)
def test_the_summary_of_an_empty_block_is_the_identity(row, n, seed):
    x = data_for(row, n, seed)
    weights = weights_for(row, n, seed)
    some = row.statistic.observe(block(x, weights))
    empty = row.statistic.observe(block(x, weights, n, n))
    assert_equal_to(row, some.merge(empty), some, 0.0)
    assert_equal_to(row, empty.merge(some), some, 0.0)


@rows
@few
@given(n=st.integers(3, 300), seed=seeds)
def test_merge_is_associative(row, n, seed):
    x = data_for(row, n, seed)
    weights = weights_for(row, n, seed)
    ends = [0, n // 5, n // 2, n]
    a, b, c = [row.statistic.observe(block(x, weights, i, j)) for i, j in pairwise(ends)]
    assert_equal_to(row, a.merge(b).merge(c), a.merge(b.merge(c)), row.tolerance)


@pytest.mark.parametrize(
    ("row", "other", "d"),
    [pytest.param(row, *other, id=ids(row)) for row in CATALOGUE for other in row.mismatched],
)
def test_summaries_of_different_shape_are_refused_even_when_empty(row, other, d):
    for n, m in ((0, 0), (4, 0), (0, 4), (4, 4)):
        mine = row.statistic.observe(block(data_for(row, n, 1)))
        theirs = other.observe(block(data_for(replace(row, d=d), m, 2)))
        with pytest.raises(ShapeError, match=r"cannot be merged|same product"):
            mine.merge(theirs)
        with pytest.raises(ShapeError, match=r"cannot be merged|same product"):
            theirs.merge(mine)


@rows
def test_statistics_and_summaries_survive_pickling(row):
    x = data_for(row, 50, 3)
    statistic = pickle.loads(pickle.dumps(row.statistic))
    summary = row.statistic.observe(block(x))
    assert_equal_to(row, statistic.observe(block(x)), summary, 0.0)
    assert_equal_to(row, pickle.loads(pickle.dumps(summary)), summary, 0.0)


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.frequencies], ids=ids)
@few
@given(n=sizes, seed=seeds)
def test_weight_two_equals_the_row_twice(row, n, seed):
    x = data_for(row, n, seed)
    counts = np.random.default_rng(seed).integers(0, 4, n)
    weighted = row.statistic.observe(block(x, counts.astype(float)))
    repeated = row.statistic.observe(block(np.repeat(x, counts, axis=0)))
    drop = {".weighted"}
    a, b = row.readings(weighted), row.readings(repeated)
    if row.name == "tally":
        present = a[".weights"] > 0
        a[".values"], a[".weights"] = a[".values"][present], a[".weights"][present]
    for key in a.keys() - drop:
        finite = np.abs(b[key][np.isfinite(b[key].astype(float))]) if b[key].dtype.kind == "f" else b[key]
        atol = row.tolerance * max(1.0, finite.max()) if finite.size else 0.0
        np.testing.assert_allclose(a[key], b[key], rtol=max(row.tolerance, 1e-13), atol=atol, err_msg=key)


@rows
def test_rows_may_have_any_strides(row):
    x = data_for(row, 101, 5)
    wide = np.zeros((202, 2 * x.shape[1]))
    wide[::2, ::2] = x
    strided = row.statistic.observe(block(wide[::2, ::2]))
    assert_equal_to(row, strided, row.statistic.observe(block(x)), 0.0 if row.tolerance < 1e-9 else 1e-12)
    fortran = row.statistic.observe(block(np.asfortranarray(x)))
    assert_equal_to(row, fortran, row.statistic.observe(block(x)), 0.0 if row.tolerance < 1e-9 else 1e-12)


@few
@given(n=st.integers(2, 300), seed=seeds)
def test_shifting_and_scaling_by_powers_of_two_moves_the_first_look_exactly(n, seed):
    x = np.random.default_rng(seed).normal(size=(n, 1))
    plain, scaled = Extent().observe(block(x)), Extent().observe(block(4.0 * x))
    np.testing.assert_array_equal(scaled.minimum, 4.0 * plain.minimum)
    np.testing.assert_array_equal(scaled.lag_one_autocorrelation(), plain.lag_one_autocorrelation())
    np.testing.assert_array_equal(scaled.drift_correlation(), plain.drift_correlation())
