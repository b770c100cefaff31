"""Rounded and heaped values are found where they are, and not elsewhere."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from suffice import datasets
from suffice.statistics import find_heaping
from suffice.statistics.heaping import Grid, rounding_grid, rounding_step


def column(name, field):
    with datasets.path(name).open() as file:
        return np.array([float(row[field]) for row in csv.DictReader(file)])


def test_groundbeef_is_heaped_on_multiples_of_ten():
    found = find_heaping(column("groundbeef", "x"))
    assert found.heaped
    assert found.multiple == 10.0
    assert round(found.share, 2) == 0.78
    assert "78% of the values are multiples of 10" in str(found)


def test_waiting_times_are_whole_minutes_and_not_heaped():
    found = find_heaping(column("faithful", "waiting"))
    assert found.resolution == 1.0
    assert not found.heaped


def test_continuous_values_show_nothing():
    found = find_heaping(np.random.default_rng(0).normal(size=2000))
    assert (found.resolution, found.heaped, found.rounded, str(found)) == (None, False, False, "")


def test_rounded_normals_are_called_rounded():
    found = find_heaping(np.round(np.random.default_rng(0).normal(0.0, 5.0, 2000)))
    assert found.rounded
    assert not found.heaped
    assert "rounded: all values are multiples of 1 (0.2 standard deviations)" in str(found)


@pytest.mark.parametrize("step", [0.01, 0.1, 0.25, 0.5, 1.0, 10.0, 1000.0])
def test_the_step_of_the_grid_is_found(step):
    x = np.random.default_rng(1).integers(-5000, 5000, 500) * step
    assert find_heaping(x).resolution == step


def test_values_preferred_at_fives_and_tens_are_told_apart():
    rng = np.random.default_rng(2)
    x = np.round(rng.normal(170.0, 20.0, 1000))
    fives, tens = x.copy(), x.copy()
    fives[:400] = 5.0 * np.round(fives[:400] / 5.0)
    tens[:400] = 10.0 * np.round(tens[:400] / 10.0)
    assert find_heaping(fives).multiple == 5.0
    assert find_heaping(tens).multiple == 10.0


def draws(rng):
    yield rng.integers(0, 101, 1000)
    yield rng.integers(5, 16, 1000)
    yield rng.poisson(rng.uniform(0.5, 60.0), 1000)
    yield rng.geometric(0.05, 1000)
    yield rng.negative_binomial(1, 0.05, 1000)
    yield np.round(rng.normal(170.0, 7.0, 1000))
    yield np.round(rng.exponential(30.0, 254))
    yield rng.binomial(20, 0.5, 1000)


def test_counts_and_rounded_values_are_not_heaped():
    for seed in range(60):
        for x in draws(np.random.default_rng(seed)):
            assert not find_heaping(x).heaped


@pytest.mark.parametrize("x", [[], [1.0], [2.0] * 50, [np.nan] * 9, [np.inf, 1.0]])
def test_too_little_data_shows_nothing(x):
    assert str(find_heaping(np.array(x))) == ""


def test_the_step_of_rounding_is_the_smallest_at_which_heaps_are_gone():
    beef = np.loadtxt(datasets.path("groundbeef"), skiprows=1, delimiter=",", usecols=-1)
    # 78 % are multiples of 10, but 50 and 80 stand out among those as well
    assert rounding_step(beef) == 25.0


@pytest.mark.parametrize(("sd", "step"), [(5.0, 1.0), (50.0, 10.0), (1.0, 0.1), (1.0, 1.0)])
@pytest.mark.parametrize("n", [50, 5_000])
def test_plainly_rounded_values_have_their_own_step(sd, step, n):
    values = np.random.default_rng(3).normal(100.0, sd, n)
    assert rounding_step(np.round(values / step) * step) == step


def test_values_with_all_digits_have_no_step():
    assert rounding_step(np.random.default_rng(3).normal(100.0, 5.0, 500)) is None


@pytest.mark.parametrize("step", [0.1, 0.5, 1.0, 5.0, 10.0])
def test_values_in_the_middles_of_cells_are_rounded_to_these_cells(step):
    values = np.random.default_rng(3).normal(100.0, 4.0 * step, 200)
    middles = step * (np.floor(values / step) + 0.5)
    grid = rounding_grid(middles)
    assert (grid.step, grid.origin) == pytest.approx((step, 0.5 * step))
    assert grid.nearest(middles) == pytest.approx(middles, rel=1e-14)
    found = find_heaping(middles)
    assert not found.heaped
    assert str(found).startswith(f"rounded: all values are {0.5 * step:g} + multiples of {step:g} (")
    assert Grid.of_step(step, middles) == grid
    assert Grid.of_step(step, np.append(middles, 0.0)) == Grid(step)


def test_a_few_values_that_happen_to_be_halves_are_on_the_grid_of_halves():
    assert rounding_grid(np.repeat([0.5, 1.5, 2.5], 20)) == Grid(0.5)
    assert rounding_grid(np.random.default_rng(3).integers(0, 40, 200) / 2.0) == Grid(0.5)
