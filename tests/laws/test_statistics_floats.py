"""Statistics of any numbers at all: missing, infinite, tiny, huge, equal."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from suffice.sources import Block
from suffice.statistics import Extent, Histogram, Moments, QuantileSketch, Tally

ordinary = st.sampled_from([0.0, 1.0, -2.5, 3.0, 1e6, -1e-6])
wild = st.one_of(ordinary, st.floats(allow_nan=True, allow_infinity=True, width=64))
columns = arrays(np.float64, st.integers(0, 200), elements=wild)
few = settings(max_examples=60, deadline=None)


def halves(statistic, x, cut):
    middle = int(cut * len(x))
    first = statistic.observe(Block(x[:middle, None]))
    return first.merge(statistic.observe(Block(x[middle:, None], None, None, middle)))


@few
@given(x=columns, cut=st.floats(0, 1))
def test_the_first_look_counts_and_places_what_is_not_finite(x, cut):
    look = halves(Extent(), x, cut)
    missing, infinite = np.isnan(x), np.isinf(x)
    assert look.missing[0] == missing.sum()
    assert look.infinite[0] == infinite.sum()
    assert look.count[0] == np.isfinite(x).sum()
    assert look.first_missing[0] == (np.argmax(missing) if missing.any() else np.inf)
    assert look.first_infinite[0] == (np.argmax(infinite) if infinite.any() else np.inf)
    if not missing.all():
        assert look.minimum[0] == np.nanmin(x)
        assert look.maximum[0] == np.nanmax(x)


@few
@given(x=columns, cut=st.floats(0, 1))
def test_quantiles_below_capacity_are_those_of_numpy(x, cut):
    x = x[~np.isinf(x) & ~(np.abs(x) > 1e300)]
    present = x[~np.isnan(x)]
    sketch = halves(QuantileSketch(), x, cut)
    assert sketch.weight == len(present)
    if len(present):
        p = np.array([0.0, 0.01, 0.25, 0.5, 0.77, 1.0])
        np.testing.assert_array_equal(sketch.quantile(p), np.quantile(present, p))
        assert sketch.rank_error == 0.0


@few
@given(x=columns, cut=st.floats(0, 1))
def test_tally_and_histogram_lose_no_value(x, cut):
    present = x[~np.isnan(x)]
    tally = halves(Tally(), x, cut)
    assert tally.weights.sum() == len(present)
    np.testing.assert_array_equal(tally.values, np.unique(present))
    edges = (-1.0, 0.0, 1.0, 4.0)
    histogram = halves(Histogram(edges), x, cut)
    finite = present[np.isfinite(present)]
    np.testing.assert_array_equal(histogram.counts, np.histogram(finite, edges)[0])
    assert histogram.below == (present < -1.0).sum()
    assert histogram.above == (present > 4.0).sum()
    assert histogram.missing == np.isnan(x).sum()


@few
@given(x=columns, cut=st.floats(0, 1))
def test_moments_leave_out_what_is_not_finite(x, cut):
    finite = x[np.isfinite(x) & (np.abs(x) < 1e60)]
    x = x[~np.isfinite(x) | (np.abs(x) < 1e60)]
    moments = halves(Moments(), x, cut)
    assert moments.weight[0] == len(finite)
    if len(finite):
        np.testing.assert_allclose(moments.mean[0], finite.mean(), rtol=1e-12, atol=1e-14 * np.abs(finite).max())
