"""Monotone maps keep their laws, and a map of somebody's own is held to them."""

import numpy as np
import pytest

from suffice.calculus import maps
from suffice.errors import ParameterError

MAPS = (
    (maps.exp, [-3.0, 0.1, 5.0]),
    (maps.log, [1e-5, 0.9, 200.0]),
    (maps.logit, [1e-5, 0.3, 0.9]),
    (maps.expit, [-8.0, 0.2, 3.0]),
    (maps.sqrt, [1e-5, 0.9, 200.0]),
    (maps.power(-1.5), [1e-2, 0.9, 200.0]),
    (maps.Affine(-2.5, 3.0), [-8.0, 0.2, 3.0]),
)
every_map = pytest.mark.parametrize(("monotone", "y"), MAPS, ids=lambda value: repr(value) if callable(value) else None)


@every_map
def test_the_inverse_returns_y(monotone, y):
    y = np.array(y)
    assert monotone.inverse(monotone.forward(y)) == pytest.approx(y, rel=1e-12)


@every_map
def test_the_log_slope_is_that_of_differences(monotone, y):
    y = np.array(y)
    h = 1e-4 * np.minimum(np.abs(y), 1.0 - y if monotone is maps.logit else 1.0)
    slope = (
        8 * (monotone.forward(y + h) - monotone.forward(y - h))
        - (monotone.forward(y + 2 * h) - monotone.forward(y - 2 * h))
    ) / (12 * h)
    assert np.array_equal(slope > 0, np.full(len(y), monotone.increasing))
    assert monotone.log_slope(y) == pytest.approx(np.log(np.abs(slope)), abs=1e-8)
    assert monotone.log_slope_at(monotone.forward(y)) == pytest.approx(monotone.log_slope(y), abs=1e-9)


@every_map
def test_the_ends_are_ascending(monotone, y):
    low, high = monotone.ends(monotone.lower, monotone.upper)
    assert low < monotone.forward(np.array(y)).min()
    assert monotone.forward(np.array(y)).max() < high


def cube(y):
    return y**3 + y


def cube_root(x):
    return np.cbrt(x)


def log_slope(y):
    return np.log1p(3 * y**2)


def by_newton(x):
    y = np.cbrt(x)
    for _ in range(80):
        y = y - (y**3 + y - x) / (3 * y**2 + 1)
    return y


def test_a_map_that_keeps_the_laws_is_taken():
    own = maps.given(cube, by_newton, log_slope, name="cubic")
    assert repr(own) == "cubic"
    assert own.increasing
    assert own.inverse(own.forward(1.7)) == pytest.approx(1.7, rel=1e-14)
    falling = maps.given(lambda y: -np.log(y), lambda x: np.exp(-x), lambda y: -np.log(y), lower=0.0)
    assert not falling.increasing
    assert falling.ends(0.0, np.inf) == (-np.inf, np.inf)


@pytest.mark.parametrize(
    ("forward", "inverse", "slope", "law"),
    [
        (np.sin, np.arcsin, np.cos, "must rise everywhere or fall everywhere; at y = -1.24"),
        (np.ones_like, np.log, np.cos, "must rise everywhere or fall everywhere"),
        (np.log, np.exp, np.cos, "must be finite; at y = -2.99"),
        (cube, cube_root, log_slope, "the inverse of g\\(y\\) must be y; at y = -2.99 it gives -3.09"),
        (cube, by_newton, np.exp, "log_slope must be log \\|dg/dy\\|, .*; at y = -2.99 it gives 0.05"),
    ],
)
def test_a_law_that_is_broken_is_named_with_a_witness(forward, inverse, slope, law):
    with pytest.raises(ParameterError, match=law):
        maps.given(forward, inverse, slope)


def test_a_power_of_zero_and_an_empty_interval_are_refused():
    with pytest.raises(ParameterError, match="exponent of a power must be a finite number that is not 0"):
        maps.power(0)
    with pytest.raises(ParameterError, match="needs lower < upper"):
        maps.given(np.exp, np.log, np.abs, lower=1.0, upper=0.0)


def test_dir_lists_the_maps_and_no_imports():
    assert dir(maps) == sorted(maps.__all__)
    assert "np" not in dir(maps)
