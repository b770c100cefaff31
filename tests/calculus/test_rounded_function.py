import numpy as np
import pytest

from suffice.calculus.rounded_function import local_quadratic


def smooth(x):
    return np.exp(x[0]) * np.cos(2.0 * x[1]) + x[1] ** 3


POINT = np.array([0.3, -0.7])
SLOPES = np.array([np.exp(0.3) * np.cos(-1.4), -2.0 * np.exp(0.3) * np.sin(-1.4) + 3.0 * 0.49])
MIXED = -2.0 * np.exp(0.3) * np.sin(-1.4)
BENDS = np.array([[SLOPES[0], MIXED], [MIXED, -4.0 * np.exp(0.3) * np.cos(-1.4) - 4.2]])


def test_a_smooth_function_has_its_derivatives():
    found = local_quadratic(smooth, POINT)
    np.testing.assert_allclose(found.gradient, SLOPES, rtol=1e-10)
    np.testing.assert_allclose(found.hessian, BENDS, rtol=1e-4)
    assert (found.error < 1e-8).all()


@pytest.mark.parametrize("grain", [1e-8, 1e-6, 1e-4, 1e-3])
def test_a_rounded_function_has_derivatives_to_what_its_rounding_allows(grain):
    found = local_quadratic(lambda x: grain * np.round(smooth(x) / grain), POINT)
    assert (np.abs(found.gradient - SLOPES) <= 4.0 * found.error).all()
    assert (found.error <= 30.0 * grain**0.75).all()
    assert found.rounding < 2.0 * grain
    np.testing.assert_allclose(found.hessian, BENDS, atol=0.3)


def test_a_function_of_rounded_coordinates_is_smooth_in_those_that_were_asked_for():
    """Rounding moves the point by up to 5e-5; the derivatives and the value are those of the point itself."""

    def realized(x):
        return np.array([1e-4 * np.round(x[0] / 1e-4), x[1]])

    phi = POINT + np.array([0.4e-4, 0.0])
    found = local_quadratic(lambda x: smooth(realized(x)), phi, realized)
    value, gradient = found.moved(phi)
    assert value == pytest.approx(smooth(phi), abs=1e-11)
    expected = local_quadratic(smooth, phi).gradient
    np.testing.assert_allclose(gradient, expected, rtol=1e-7)


def test_the_slope_of_a_steep_function_is_found_by_narrower_fits():
    found = local_quadratic(lambda x: np.exp(-((10.0 + 400.0 * x[0]) ** 2) / 20.0), np.zeros(1))
    assert found.gradient[0] == pytest.approx(-400.0 * np.exp(-5.0), rel=1e-6)


def test_a_constant_has_slope_0_without_error_and_steps_have_a_large_one():
    constant = local_quadratic(lambda x: 3.0, np.zeros(2))
    assert (constant.gradient == 0.0).all()
    assert (constant.error == 0.0).all()
    steps = local_quadratic(lambda x: np.floor(5.0 * x[0]), np.array([0.03]))
    assert steps.error[0] > 0.1 * abs(steps.gradient[0])


def test_a_change_that_only_one_point_far_away_shows_bounds_the_slope():
    for jump in (2.0**-52, 1.0):
        found = local_quadratic(lambda x, jump=jump: 1.0 + x[0] + jump * (-0.19 < x[1] < -0.16), np.zeros(2))
        assert found.gradient == pytest.approx([1.0, 0.0], abs=1e-12)
        assert found.error[1] == pytest.approx(jump / 0.175, rel=1e-12)
