"""The sums of the Weibull likelihood against plain NumPy."""

import numpy as np
import pytest

from suffice.kernels.weibull import SUMS, weibull_sums

NONE = np.empty(0)


def summed(x, weights, shape, scale):
    sums = np.empty(SUMS)
    weibull_sums(x, weights, shape, np.log(scale), sums)
    return sums


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 1000, 4097])
def test_the_sums_agree_with_numpy(n, weighted):
    rng = np.random.default_rng(n)
    x = rng.weibull(1.7, n) * 3.0
    weights = rng.integers(0, 3, n).astype(float) if weighted else NONE
    w = weights if weighted else np.ones(n)
    y = np.log(x / 2.5)
    t = (x / 2.5) ** 1.3
    right = [w.sum(), w @ y, w @ t, w @ (t * y), w @ (t * y * y)]
    np.testing.assert_allclose(summed(x, weights, 1.3, 2.5), right, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf, np.nan, 1e-310])
def test_a_row_without_weight_does_not_count_whatever_it_is(bad):
    x, weights = np.array([0.3, bad, 2.0]), np.array([1.0, 0.0, 2.0])
    right = summed(x[[0, 2]], weights[[0, 2]], 2.0, 1.0)
    np.testing.assert_allclose(summed(x, weights, 2.0, 1.0), right, rtol=1e-15)


def test_a_row_that_is_no_normal_number_makes_the_sums_no_numbers():
    assert np.isnan(summed(np.array([0.3, 1e-310, 2.0]), NONE, 2.0, 1.0)[1:]).all()
