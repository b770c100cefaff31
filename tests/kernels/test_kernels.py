"""Kernels against plain NumPy at every awkward size, once with bounds checks."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from suffice.kernels.look import look_carefully, look_columns
from suffice.kernels.look_fields import FIELDS, FIRST_INFINITE, FIRST_MISSING, MAXIMUM, MINIMUM
from suffice.kernels.moments import moments_columns
from suffice.kernels.quantiles import merge_halved, merge_sorted, merge_thinned
from suffice.kernels.scatter import scatter_columns
from suffice.kernels.warm import warm

NONE = np.empty(0)
SIZES = [0, 1, 2, 63, 64, 65, 255, 256, 257, 258, 511, 513, 4095, 4096, 4097, 4098, 10_001]


@pytest.mark.parametrize("n", SIZES)
def test_the_fast_look_sees_what_the_careful_one_sees(n):
    values = np.random.default_rng(n).normal(3.0, 2.0, n)
    fast, careful = np.empty((FIELDS, 1)), np.zeros((FIELDS, 1))
    careful[[FIRST_MISSING, FIRST_INFINITE, MINIMUM]] = np.inf
    careful[MAXIMUM] = -np.inf
    look_columns(values[None], 17.0, fast)
    look_carefully(values, 17.0, careful[:, 0])
    np.testing.assert_allclose(fast, careful, rtol=1e-10, atol=1e-9 * max(n, 1) ** 1.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 1, 63, 300, 4096, 4097, 9999])
def test_one_bad_value_anywhere_is_found(bad, at):
    values = np.random.default_rng(0).normal(size=10_000)
    values[at] = bad
    table = np.empty((FIELDS, 1))
    look_columns(values[None], 100.0, table)
    assert table[0, 0] == 9_999
    assert table[1 if np.isnan(bad) else 2, 0] == 1
    assert table[3 if np.isnan(bad) else 4, 0] == 100 + at


def test_enormous_values_are_looked_at_carefully():
    table = np.empty((FIELDS, 1))
    look_columns(np.array([[1e200, -1e200, 3.0]]), 0.0, table)
    assert table[0, 0] == 3
    assert table[5, 0] == -1e200


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("d", [1, 2, 3, 5])
@pytest.mark.parametrize("n", SIZES)
def test_scatter_agrees_with_numpy(n, d, weighted):
    rng = np.random.default_rng(n + d)
    columns = rng.normal(5.0, 2.0, (d, n))
    weights = rng.integers(0, 3, n).astype(float) if weighted else NONE
    state = np.empty((1 + d) ** 2)
    scatter_columns(columns, weights, state)
    used = weights if weighted else np.ones(n)
    assert state[0] == used.sum()
    if used.sum():
        mean = columns @ used / used.sum()
        centred = columns - mean[:, None]
        np.testing.assert_allclose(state[1 : 1 + d], mean, rtol=1e-13)
        np.testing.assert_allclose(
            state[1 + 2 * d :].reshape(d, d), (centred * used) @ centred.T, rtol=1e-10, atol=1e-10 * n
        )


def test_rows_of_weight_zero_may_be_infinite():
    state = np.empty(9)
    columns, weights = np.array([[1.0, np.inf, 3.0], [0.0, 1.0, np.inf]]), np.array([1.0, 0.0, 0.0])
    columns[0, 2] = 7.0
    scatter_columns(columns, weights, state)
    assert np.isfinite(state).all()
    assert state[1] == 1.0


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", SIZES)
def test_moments_agree_with_numpy(n, weighted):
    rng = np.random.default_rng(n)
    values = rng.gamma(2.0, size=n)
    values[rng.random(n) < 0.1] = np.nan
    weights = rng.random(n) if weighted else NONE
    state = np.empty((1, 6))
    moments_columns(values[None], weights, state)
    used = (weights if weighted else np.ones(n))[~np.isnan(values)]
    x = values[~np.isnan(values)]
    np.testing.assert_allclose(state[0, 0], used.sum(), rtol=1e-12)
    if len(x):
        mean = (used * x).sum() / used.sum()
        expected = [(used * (x - mean) ** power).sum() for power in (2, 3, 4)]
        np.testing.assert_allclose(state[0, 1] + state[0, 2], mean, rtol=1e-12)
        np.testing.assert_allclose(state[0, 3:], expected, rtol=1e-9, atol=1e-10 * max(1, n))


@pytest.mark.parametrize(("j", "k"), [(0, 0), (0, 5), (5, 0), (1, 1), (100, 37)])
def test_sorted_lists_merge(j, k):
    rng = np.random.default_rng(j + k)
    x, v = np.sort(rng.integers(0, 50, j)).astype(float), np.sort(rng.integers(0, 50, k)).astype(float)
    a, b = np.cumsum(rng.random(j)), np.cumsum(rng.random(k))
    values, sums = np.empty(j + k), np.empty(j + k)
    merge_sorted(x, a, v, b, values, sums)
    np.testing.assert_array_equal(values, np.sort(np.concatenate([x, v])))
    weights = np.concatenate([np.diff(a, prepend=0.0), np.diff(b, prepend=0.0)])
    np.testing.assert_allclose(sums, np.cumsum(weights[np.argsort(np.concatenate([x, v]), kind="stable")]))
    if j + k:
        thin = np.empty(7)
        merge_thinned(x, a, v, b, sums[-1] / 7, thin)
        places = np.searchsorted(sums, (np.arange(7) + 0.5) * (sums[-1] / 7))
        np.testing.assert_array_equal(thin, values[places])


def test_all_kernels_can_be_loaded_at_once():
    assert {"look", "scatter"} <= set(warm())


CHECKED = """
import numpy as np
from suffice.sources import Block
from suffice.statistics import Extent, HashedSample, Moments, MergeTree, QuantileSketch, Scatter
from suffice.statistics.log_excess import LogExcess
from suffice.statistics.log_scatter import LogScatter
from suffice.kernels.compile import BOUNDS_CHECKED
import suffice as sf
assert BOUNDS_CHECKED
for n in (0, 1, 2, 64, 257, 4097, 4098):
    x = np.random.default_rng(n).normal(size=(n, 1))
    wide = np.random.default_rng(n).normal(size=(n, 3))
    bad = x.copy()
    bad[n // 2:n // 2 + 1] = np.nan
    for rows in (x, wide, bad):
        for weights in (None, np.ones(n)):
            block = Block(rows, weights)
            for statistic in (Extent(), Moments(), Scatter(), HashedSample(100, 50)):
                statistic.observe(block).merge(statistic.observe(block))
            if rows.shape[1] == 1:
                for statistic in (LogExcess(), LogScatter()):
                    positive = Block(np.exp(rows), weights)
                    statistic.observe(positive).merge(statistic.observe(positive))
                sketch = QuantileSketch(100).observe(block)
                sketch.merge(sketch).merge(sketch)
for family in (sf.StudentT, sf.SkewNormal, sf.Weibull, sf.LogLogistic, sf.GeneralizedPareto):
    for n in (257, 4097):
        sf.fit(family, np.random.default_rng(1).gamma(2.0, size=n))
sf.describe(np.random.default_rng(2).normal(size=131_072))
print("done")
"""


def test_no_kernel_leaves_its_arrays():
    environment = os.environ | {"SUFFICE_BOUNDS_CHECKED": "1"}
    done = subprocess.run([sys.executable, "-c", CHECKED], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "done", done.stderr


@pytest.mark.parametrize("k", [2, 4, 100, 8192])
@pytest.mark.parametrize("kind", ["mixed", "apart", "swapped", "ties"])
def test_lists_of_equal_steps_merge_into_every_second_value(k, kind):
    rng = np.random.default_rng(k)
    x, y = np.sort(rng.normal(size=k)), np.sort(rng.normal(size=k))
    if kind == "apart":
        y += 100.0
    if kind == "swapped":
        x += 100.0
    if kind == "ties":
        x, y = np.floor(x), np.floor(y)
    halved, thinned = np.empty(k), np.empty(k)
    merge_halved(x, y, halved)
    np.testing.assert_array_equal(halved, np.sort(np.concatenate([x, y]))[::2])
    sums = np.arange(1.0, k + 1.0)
    merge_thinned(x, sums, y, sums, 2.0, thinned)
    np.testing.assert_array_equal(halved, thinned)
