"""PIT counts, histograms, tallies and collected rows: what they count."""

from __future__ import annotations

import numpy as np
import pytest

from suffice.distributions.normal import Normal
from suffice.errors import DataError, ParameterError, ShapeError
from suffice.sources import Block
from suffice.statistics import Collect, Histogram, Moments, PitCounts, PoissonBootstrap, Tally


def test_the_probability_integral_transform_of_a_model_is_uniform():
    x = np.random.default_rng(0).normal(2.0, 3.0, (200_000, 1))
    counts = PitCounts(Normal, np.array([[2.0, 3.0], [2.0, 6.0]]), 20).observe(Block(x)).counts
    chi_square = ((counts - 10_000) ** 2 / 10_000).sum(axis=1)
    assert chi_square[0] < 60.0
    assert chi_square[1] > 10_000.0


def test_cells_hold_their_left_end_and_the_last_one_both():
    class Identity:
        @staticmethod
        def _cdf(x, *theta):
            return x * np.ones_like(theta[0])

    x = np.array([0.0, 0.25, 0.49, 0.5, 1.0, np.nan])
    summary = PitCounts(Identity, np.ones((1, 1)), 4).observe(Block(x[:, None]))
    assert summary.counts.tolist() == [[1.0, 2.0, 1.0, 1.0]]
    assert summary.missing.tolist() == [1.0]
    np.testing.assert_allclose(summary.distribution(), [[0.0, 0.2, 0.6, 0.8, 1.0]])
    assert summary.weight.tolist() == [5.0]


def test_each_replicate_has_its_parameters_and_its_weights():
    x = np.random.default_rng(1).normal(size=(5000, 1))
    theta = np.array([[0.0, 1.0], [1.0, 1.0]])
    both = PoissonBootstrap(1, 2, PitCounts(Normal, theta, 10)).observe(Block(x)).counts
    for replicate in range(2):
        alone = PoissonBootstrap(1, 1, PitCounts(Normal, theta[[replicate]], 10), first=replicate)
        np.testing.assert_array_equal(alone.observe(Block(x)).counts[0], both[replicate])
    one = PoissonBootstrap(1, 3, PitCounts(Normal, theta[:1], 10)).observe(Block(x)).counts
    np.testing.assert_array_equal(one[0], both[0])
    with pytest.raises(ShapeError, match="2 parameter vectors and 3 sets"):
        PoissonBootstrap(1, 3, PitCounts(Normal, theta, 10)).observe(Block(x))
    with pytest.raises(ParameterError, match="at least 1 cell, not 0"):
        PitCounts(Normal, theta, 0)


def test_a_histogram_agrees_with_numpy():
    rng = np.random.default_rng(2)
    x, weights = rng.normal(size=1000), rng.random(1000)
    edges = np.linspace(-2.0, 2.0, 9)
    summary = Histogram(tuple(edges)).observe(Block(x[:, None], weights))
    np.testing.assert_allclose(summary.counts, np.histogram(x, edges, weights=weights)[0])
    np.testing.assert_allclose(summary.below + summary.above + summary.counts.sum(), weights.sum())
    inside = summary.counts.sum() / weights.sum()
    np.testing.assert_allclose((summary.density() * np.diff(edges)).sum(), inside)


def test_a_histogram_takes_replicates_of_weights():
    x, weights = np.array([[0.5], [1.5], [3.0]]), np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    summary = Histogram((0, 1, 2)).observe(Block(x, weights))
    assert summary.counts.tolist() == [[1.0, 2.0], [0.0, 1.0]]
    assert summary.above.tolist() == [3.0, 0.0]


@pytest.mark.parametrize("edges", [(1.0,), (1.0, 1.0), (2.0, 1.0), (0.0, np.nan)])
def test_edges_that_do_not_ascend_are_refused(edges):
    with pytest.raises(ParameterError, match="ascending"):
        Histogram(edges)


def test_one_column_statistics_refuse_several():
    with pytest.raises(ShapeError, match="one column, not 2"):
        Histogram((0.0, 1.0)).observe(Block(np.ones((3, 2))))


def test_a_tally_gives_up_beyond_its_capacity():
    few = Tally(3).observe(Block(np.array([[1.0], [2.0], [1.5]])))
    assert not few.overflowed
    more = Tally(3).observe(Block(np.array([[7.5]])))
    assert few.merge(more).overflowed
    assert few.merge(more).merge(few).overflowed
    assert Tally(3).observe(Block(np.arange(4.0)[:, None])).overflowed
    assert few.block().weights.tolist() == [1.0, 1.0, 1.0]
    replicates = Tally().observe(Block(np.array([[1.0], [1.0], [2.0]]), np.array([[1.0, 2.0, 3.0]] * 2)))
    assert replicates.weights.tolist() == [[3.0, 3.0]] * 2
    with pytest.raises(ShapeError, match="leading axes"):
        replicates.merge(few)


def test_collected_rows_keep_their_order_their_weights_and_their_limit():
    x, weights, labels = np.arange(6.0)[:, None], np.arange(6.0), np.arange(6)
    a, b = (Collect(6).observe(Block(x[part], weights[part], labels[part])) for part in (slice(0, 2), slice(2, 6)))
    block = a.merge(b).block()
    np.testing.assert_array_equal(block.rows, x)
    np.testing.assert_array_equal(block.weights, weights)
    np.testing.assert_array_equal(block.labels, labels)
    with pytest.raises(DataError, match="at most 6 of them"):
        a.merge(b).merge(a)
    with pytest.raises(DataError, match="at most 5"):
        Collect(5).observe(Block(x))
    with pytest.raises(ShapeError, match="with and without weights"):
        a.merge(Collect(6).observe(Block(x[:1])))


def test_collected_rows_do_not_change_with_the_data():
    x = np.arange(3.0)[:, None]
    summary = Collect().observe(Block(x))
    x[0] = 99.0
    assert summary.rows[0, 0] == 0.0


def test_moments_agree_with_their_definitions():
    x = np.random.default_rng(3).gamma(2.0, size=(5000, 2)) + 1e3
    moments = Moments().observe(Block(x))
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    np.testing.assert_allclose(moments.skewness(), (z**3).mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(moments.kurtosis(), (z**4).mean(axis=0) - 3.0, rtol=1e-9)
    np.testing.assert_allclose(moments.standard_deviation(), x.std(axis=0, ddof=1), rtol=1e-12)
    assert np.isnan(Moments().observe(Block(np.ones((5, 1)))).skewness()[0])
    assert np.isnan(Moments().observe(Block(np.ones((1, 1)))).variance("n-1")[0])
    with pytest.raises(ParameterError, match="'n' or 'n-1'"):
        moments.variance("n+1")
    with pytest.raises(ShapeError, match="one set of weights"):
        Moments().observe(Block(x, np.ones((2, 5000))))
