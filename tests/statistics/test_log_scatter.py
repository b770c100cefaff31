"""Scatter of logarithms against 60 digits, wherever the data lie."""

import mpmath as mp
import numpy as np
import pytest

from suffice.sources.block import Block
from suffice.statistics import LogScatter, PoissonBootstrap
from suffice.statistics.log_scatter import SAMPLED, logarithm
from suffice.statistics.scatter import Scatter, ScatterSummary
from suffice.statistics.wrappers import poisson_counts


def moments(x, weights=None):
    """Return mean and scatter of log x as mpmath numbers."""
    weights = np.ones(len(x)) if weights is None else weights
    logs = [(mp.mpf(float(w)), mp.log(mp.mpf(float(v)))) for w, v in zip(weights, x, strict=True) if w > 0]
    total = sum(w for w, _ in logs)
    mean = sum(w * v for w, v in logs) / total
    return mean, sum(w * (v - mean) ** 2 for w, v in logs)


def assert_right(summary, x, weights=None, rel=1e-13):
    """Say that the scatter is right to `rel`; the mean, as a pair, to 1e-14 standard deviations."""
    with mp.workdps(60):
        mean, scatter = moments(x, weights)
        pair = mp.mpf(float(summary.high[..., 0])) + mp.mpf(float(summary.low[..., 0]))
        deviation = mp.sqrt(scatter / float(summary.weight))
        assert abs(summary.scatter[..., 0, 0] - scatter) <= rel * scatter
        assert abs(pair - mean) <= 1e-14 * deviation + 1e-30 * abs(mean)


def observe(x, weights=None):
    return LogScatter().observe(Block(np.asarray(x, dtype=float)[:, None], weights))


def normals(offset, n=300, seed=5):
    return offset + np.random.default_rng(seed).normal(size=n)


@pytest.mark.parametrize("scale", [1.0, 1e-130, 1e130])
@pytest.mark.parametrize("offset", [5.0, 1e3, 1e6, 1e9, 1e12])
def test_digits_are_kept_far_from_zero_and_through_merges(offset, scale):
    x = scale * normals(offset)
    assert_right(observe(x), x)
    for order in (x, np.sort(x), x[::-1]):
        total = observe(order[:1])
        for part in np.array_split(order[1:], 7):
            total = total.merge(observe(part))
        assert_right(total, x)


@pytest.mark.parametrize(
    "x",
    [
        np.exp(np.random.default_rng(1).normal(size=300)),
        np.exp(50.0 * np.random.default_rng(1).normal(size=300)),
        np.exp(0.15 * np.random.default_rng(2).normal(size=3000)),
        [1e-300, 1.0, 1e300],
        [5e-324, 1.5e-310, 1.7e308],
        [1e308, 1.2e308, 1.7e308],
        [1e-310, 3e-310, 2e-310],
        [1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53],
    ],
)
def test_wide_and_extreme_data(x):
    assert_right(observe(x), x, rel=1e-12)


def test_an_outlier_leaves_the_others_their_digits():
    x = np.concatenate([1e9 + np.random.default_rng(2).normal(size=200), [1.0, 2e9, 1e14]])
    assert_right(observe(x), x)
    assert_right(observe(x, np.where(np.arange(203) < 200, 1.0, 0.0)), x[:200])


def test_weights_with_a_leading_axis_keep_the_digits():
    x = normals(1e9)
    weights = np.random.default_rng(1).integers(0, 4, (3, len(x))).astype(float)
    weights[1] = 0.0
    together = observe(x, weights)
    for i in (0, 2):
        alone = ScatterSummary(together.state[i])
        assert_right(alone, x, weights[i], rel=1e-12)
        assert_right(observe(x, weights[i]), x, weights[i])
    assert not together.state[1].any()
    half, rest = (observe(x[part], weights[:, part]) for part in (slice(100), slice(100, None)))
    assert_right(ScatterSummary(half.merge(rest).state[2]), x, weights[2], rel=1e-12)


def test_bootstrap_equals_its_counts():
    x = normals(1e8)
    drawn = PoissonBootstrap(3, 4, LogScatter()).observe(Block(x[:, None]))
    for i, counts in enumerate(poisson_counts(3, 0, 0, 4, 0, len(x))):
        assert_right(ScatterSummary(drawn.state[i]), x, counts, rel=1e-12)


@pytest.mark.parametrize("bad", [np.nan, 0.0, -1.0, -np.inf])
@pytest.mark.parametrize("place", [0, 1, 250])
@pytest.mark.parametrize("offset", [3.0, 1e9])
def test_a_missing_value_or_one_that_is_not_positive_gives_nan(bad, place, offset):
    x = np.abs(normals(offset))
    x[place] = bad
    assert np.isnan(observe(x).scatter).all()
    assert np.isnan(observe(x).mean).all()
    weights = np.ones(len(x))
    assert np.isnan(observe(x, np.stack([weights, weights])).scatter).all()
    # … but not where its weight says that the row is not there.
    weights[place] = 0.0
    assert_right(observe(x, weights), np.delete(x, place))


def test_only_bad_values_give_nan_and_no_rows_nothing():
    assert np.isnan(observe([-1.0, -2.0]).mean).all()
    assert not observe([]).state.any()
    assert not observe([7.0, 1e9], np.zeros(2)).state.any()
    x = normals(1e9)
    assert observe(x).merge(observe([])).state.tobytes() == observe(x).state.tobytes()


def test_the_reference_is_found_where_few_rows_have_a_weight():
    x = normals(1e9, 40 * SAMPLED)
    weights = np.zeros(len(x))
    weights[[7, 11, 13]] = 1.0
    x[::40] = np.nan
    assert_right(observe(x, weights), x, weights)


def test_columns_are_each_about_their_own_reference():
    x = np.stack([normals(1e9), np.exp(normals(0.0, seed=1)), normals(1e-3, seed=2) ** 2 + 1e5], axis=1)
    summary = LogScatter().observe(Block(x))
    assert summary.dimension == 3
    for j in range(3):
        alone = observe(x[:, j])
        assert summary.mean[j] == pytest.approx(alone.mean[0], rel=1e-15)
        assert summary.scatter[j, j] == pytest.approx(alone.scatter[0, 0], rel=1e-13)
    with mp.workdps(60):
        logs = [[mp.log(mp.mpf(float(v))) for v in x[:, j]] for j in (0, 1)]
        mean = [sum(side) / len(x) for side in logs]
        cross = sum((a - mean[0]) * (b - mean[1]) for a, b in zip(*logs, strict=True))
    size = np.sqrt(summary.scatter[0, 0] * summary.scatter[1, 1])
    assert abs(summary.scatter[0, 1] - float(cross)) < 1e-14 * size


@pytest.mark.parametrize("value", [5e-324, 1e-300, 0.1, 1.0 - 2.0**-53, 1.0, 1.0 + 2.0**-52, 3.0, 1e9, 1.7e308])
def test_the_logarithm_of_a_reference_has_32_digits(value):
    high, low = logarithm(value)
    with mp.workdps(60):
        truth = mp.log(mp.mpf(value))
        assert high == float(truth)
        assert abs(mp.mpf(high) + mp.mpf(low) - truth) <= mp.mpf(2) ** -106 * abs(truth)


def test_a_mapped_mean_keeps_both_halves():
    summary = Scatter().observe(Block(np.array([[1e9], [1e9 + 1.0], [1e9 + 3.0]])))
    moved = summary.mapped(0.0, 1.0)
    assert moved.state.tobytes() == summary.state.tobytes()
    far = ScatterSummary(np.array([1.0, 20.0, 1.25e-17, 0.0])).mapped(20.0, 0.5)
    assert (far.high[0], far.low[0]) == (2.5e-17, 0.0)
