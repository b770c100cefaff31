"""The law of a weighted sum of χ² variables, against closed forms and mpmath."""

import mpmath
import numpy as np
import pytest
from scipy import stats

from suffice.inference.weighted_chi_squared import weighted_chi_squared_tail

POINTS = (1e-6, 1e-3, 0.1, 1.0, 3.0, 10.0, 40.0)


@pytest.mark.parametrize("r", [1, 2, 3, 30])
def test_equal_weights_give_the_chi_squared_law(r):
    for x in POINTS:
        assert weighted_chi_squared_tail(2.5 * x, np.full(r, 2.5)) == pytest.approx(stats.chi2.sf(x, r), abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.5), (1.0, 1e-3), (3.0, 2.9)])
def test_weights_in_pairs_give_sums_of_exponentials(a, b):
    for x in POINTS:
        expected = (a * np.exp(-x / 2 / a) - b * np.exp(-x / 2 / b)) / (a - b)
        assert weighted_chi_squared_tail(x, [a, a, b, b]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("r", [1, 2, 3, 7, 30])
def test_small_probabilities_keep_their_digits(r):
    for x in (10.0, 15.9, 16.1, 40.0, 77.0, 100.0, 400.0, 1300.0):
        assert weighted_chi_squared_tail(x, np.ones(r)) == pytest.approx(stats.chi2.sf(x, r), rel=1e-8)
    a, b = 1.0, 0.4
    for x in (20.0, 60.0, 1000.0):
        expected = (a * np.exp(-x / 2 / a) - b * np.exp(-x / 2 / b)) / (a - b)
        assert weighted_chi_squared_tail(x, [a, a, b, b]) == pytest.approx(expected, rel=1e-9)


def test_two_unequal_weights_agree_with_the_integral_over_one_of_them():
    a, b, x = mpmath.mpf(1), mpmath.mpf("0.03"), mpmath.mpf("2.5")
    with mpmath.workdps(25):
        inner = lambda z: mpmath.npdf(z) * mpmath.erfc(mpmath.sqrt((x - a * z * z) / b / 2))  # noqa: E731
        top = mpmath.sqrt(x / a)
        expected = 2 * mpmath.quad(inner, [0, top / 2, top]) + mpmath.erfc(top / mpmath.sqrt(2))
    assert weighted_chi_squared_tail(2.5, [1.0, 0.03]) == pytest.approx(float(expected), abs=1e-12)


def test_weights_of_zero_do_not_count():
    assert weighted_chi_squared_tail(1.5, [0.7, 0.0, 1e-300]) == weighted_chi_squared_tail(1.5, [0.7])
    assert weighted_chi_squared_tail(1.5, []) == 0.0
    assert weighted_chi_squared_tail(0.0, [1.0]) == 1.0
    assert weighted_chi_squared_tail(1e-300, [1.0]) == 1.0
