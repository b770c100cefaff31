import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.calculus import certify
from suffice.errors import ShapeError


def test_a_maximum_is_certified_with_its_gain():
    c = certify([0.01, 0.0], [[-200.0, 0.0], [0.0, -1e6]])
    assert c.status == "maximum"
    assert c.is_maximum
    assert c.gain == pytest.approx(0.01**2 / 400)
    assert c.condition_number == pytest.approx(5000)
    np.testing.assert_allclose(c.eigenvalues, [200, 1e6])


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), p=st.integers(1, 6), decades=st.floats(-5, 5))
def test_the_verdict_and_the_gain_do_not_depend_on_the_units(seed, p, decades):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(p, 2 * p))
    information = root @ root.T
    step = 1e-5 * rng.normal(size=p)
    gradient = information @ step
    units = 10.0 ** (decades * rng.uniform(size=p))
    plain = certify(gradient, -information)
    scaled = certify(gradient / units, -information / np.outer(units, units))
    assert plain.status == "maximum"
    assert scaled.gain == pytest.approx(plain.gain, rel=1e-6)
    assert scaled.status == "maximum" or np.abs(step * units).max() > 0.1


def test_a_point_with_more_to_gain_is_not_converged():
    c = certify([0.0, 3.0], [[-1.0, 0.0], [0.0, -1.0]], names=["mu", "sigma"])
    assert c.status == "not converged"
    assert c.gain == pytest.approx(4.5)
    assert "4.5 nats are still to be gained, mostly along sigma" in c.reason


def test_a_saddle_names_its_direction():
    c = certify([0.0, 0.0], [[1.0, 2.0], [2.0, 1.0]], names=["a", "b"])
    assert c.status == "saddle"
    assert c.gain == np.inf
    assert c.condition_number == np.inf
    assert "0.71·a + 0.71·b" in c.reason


def test_an_upward_bend_on_a_slope_is_not_converged():
    c = certify([5.0, 0.0], [[1.0, 0.0], [0.0, -1.0]])
    assert c.status == "not converged"
    assert "gradient is not zero" in c.reason


def test_a_flat_direction_is_named():
    c = certify([0.0, 0.0, 0.0], -100 * np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 5]]), names=["a", "b", "c"])
    assert c.status == "not converged"
    assert "flat along 0.71·a - 0.71·b" in c.reason
    assert certify([0.0], [[0.0]], names=["df"]).reason.startswith("the log-likelihood is flat along df")


def test_a_rise_without_end_is_no_maximum_however_little_it_gains():
    e = np.exp(-30.0)
    c = certify([e], [[-e]], names=["log_df"])
    assert c.gain < 1e-12
    assert c.status == "not converged"
    assert "along log_df: the log-likelihood may rise for ever" in c.reason


def test_derivatives_that_are_not_finite_are_named():
    assert "gradient along b" in certify([0.0, np.nan], -np.eye(2), names=["a", "b"]).reason
    c = certify([0.0, 0.0], [[-1.0, np.inf], [np.inf, -1.0]])
    assert c.status == "not converged"
    assert "Hessian" in c.reason
    assert np.isnan(c.gain)


def test_parameters_on_the_boundary_are_left_out():
    c = certify([0.0, -7.0], [[-4.0, 0.0], [0.0, 0.0]], names=["mu", "xi"], boundary=["xi"])
    assert c.status == "boundary"
    assert c.reason.startswith("xi lies on the boundary")
    assert certify([0.0], [[-4.0]], names=["mu"], boundary=["df", "xi"]).reason.startswith("df and xi lie on")
    assert certify([1.0, -7.0], -4 * np.eye(2), names=["mu", "xi"], boundary=["xi"]).status == "not converged"


def test_a_certificate_is_one_sentence_and_a_value():
    c = certify([0.0], [[-4.0]], scope="best of 20 starts, 17 agree", region="searched for df in (0.1, 100)")
    assert str(c) == (
        "maximum (best of 20 starts, 17 agree): the information is positive definite (condition number 1), "
        "less than 1e-12 nats are left to gain; searched for df in (0.1, 100)."
    )
    assert pickle.loads(pickle.dumps(c)) == c
    assert hash(pickle.loads(pickle.dumps(c))) == hash(c)
    assert c != certify([0.0], [[-5.0]])
    with pytest.raises(ValueError, match="read-only"):
        c.gradient[0] = 1.0


def test_no_coordinates_at_all_are_a_maximum():
    assert certify([], np.zeros((0, 0))).status == "maximum"


def test_shapes_are_checked():
    with pytest.raises(ShapeError, match=r"\(2,\) and \(3, 3\)"):
        certify([0.0, 0.0], np.eye(3))
    with pytest.raises(ShapeError, match="each of the 2 coordinates, but has 1"):
        certify([0.0, 0.0], np.eye(2), names=["a"])
