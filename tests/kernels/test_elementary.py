"""Exponential and logarithm of kernels against those of NumPy in extended precision."""

import numpy as np
import pytest
from numba import types

from suffice.kernels.compile import IN, OUT, kernel
from suffice.kernels.elementary import exp, log


@kernel(types.void(IN, OUT))
def exponentials(x, out):
    for i in range(len(x)):
        out[i] = exp(x[i])


@kernel(types.void(IN, OUT))
def logarithms(x, out):
    for i in range(len(x)):
        out[i] = log(x[i])


def applied(function, x):
    x = np.asarray(x, dtype=float)
    out = np.empty(len(x))
    function(x, out)
    return out


def in_ulps(found, right):
    """Return the largest error in units of the last place of what is right, in extended precision."""
    return np.max(np.abs(found - right) / np.spacing(np.abs(right).astype(float)))


@pytest.mark.parametrize("reach", [1e-300, 1e-9, 0.5, 20.0, 700.0])
def test_the_exponential_is_right_to_an_ulp(reach):
    x = np.random.default_rng(0).uniform(-reach, reach, 200_000)
    assert in_ulps(applied(exponentials, x), np.exp(x.astype(np.longdouble))) < 1.0


@pytest.mark.parametrize("power", [0.01, 1.0, 300.0])
def test_the_logarithm_is_right_to_an_ulp(power):
    x = 10.0 ** np.random.default_rng(0).uniform(-power, power, 200_000)
    assert in_ulps(applied(logarithms, x), np.log(x.astype(np.longdouble))) < 1.0


def test_the_exponential_beyond_what_is_normal():
    found = applied(exponentials, [-np.inf, -1e300, -709.0, 0.0, 709.5, 1e300, np.inf, np.nan])
    np.testing.assert_array_equal(found, [0.0, 0.0, 0.0, 1.0, np.inf, np.inf, np.inf, np.nan])


def test_the_logarithm_of_what_is_no_normal_positive_number_is_no_number():
    least = np.finfo(float).tiny
    found = applied(logarithms, [1.0, least, np.finfo(float).max, 0.0, -0.0, -1.0, 0.5 * least, np.inf, np.nan])
    np.testing.assert_allclose(found[:3], np.log([1.0, least, np.finfo(float).max]), rtol=3e-16)
    assert np.isnan(found[3:]).all()
