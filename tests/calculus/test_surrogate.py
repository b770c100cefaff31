"""A second step for each evaluation, told by a part of what is summed."""

import numpy as np
import pytest

from suffice.calculus.surrogate import second_steps
from suffice.calculus.trust_region import NewtonTrustRegion

X = np.random.default_rng(0).gumbel(size=20_000)
PART = X[:1000]


def gumbel(x):
    """Return the mean log density in (location, log scale) and its derivatives, as a function of points."""

    def objective(points):
        location, scale = points[:, :1], np.exp(points[:, 1:])
        y = (x - location) / scale
        t = np.exp(-y)
        # in (y, log scale): -log scale - y - t
        mean = lambda values: values.mean(axis=1)  # noqa: E731
        value = -points[:, 1] - mean(y + t)
        by_y, by_yy = t - 1.0, -t
        gradient = np.stack([-mean(by_y) / scale[:, 0], -mean(y * by_y) - 1.0], axis=1)
        cross = mean(by_y + y * by_yy) / scale[:, 0]
        bend = [[mean(by_yy) / scale[:, 0] ** 2, cross], [cross, mean(y * by_y + y * y * by_yy)]]
        return value, gradient, np.moveaxis(np.array(bend), -1, 0)

    return objective


ALL, SAMPLE = gumbel(X), gumbel(PART)


def climbed(points, of_sample=None):
    state = NewtonTrustRegion.start(points, tolerance=1e-20)
    while not state.done:
        state = state.tell(*ALL(state.points))
        if of_sample is not None and not state.done:
            state = second_steps(state, of_sample)
    return state


def after_one(points, of_sample):
    state = NewtonTrustRegion.start(points).tell(*ALL(np.asarray(points)))
    return state, second_steps(state, of_sample)


TOP = climbed([[0.0, 0.0]]).best[0]


def test_the_maximum_is_that_of_all_and_fewer_evaluations_reach_it():
    starts = TOP + np.array([[0.05, 0.02], [-0.03, 0.04]])
    plain, aided = climbed(starts), climbed(starts, SAMPLE)
    assert aided.converged.all()
    np.testing.assert_allclose(aided.best, plain.best, atol=1e-9)
    assert aided.iteration < plain.iteration


def test_told_by_all_it_is_two_newton_steps():
    start = TOP + np.array([[0.05, 0.02]])
    _, aided = after_one(start, ALL)
    first = NewtonTrustRegion.start(start).tell(*ALL(start))
    second = first.tell(*ALL(first.points))
    np.testing.assert_allclose(aided.points, second.points, rtol=1e-12, atol=1e-14)
    assert aided.forecast[0] == pytest.approx(ALL(aided.points)[0][0] - ALL(start)[0][0], rel=1e-3)


def test_a_search_does_not_depend_on_the_others():
    starts = TOP + np.array([[0.05, 0.02], [3.0, -2.0], [-0.03, 0.04]])
    _, together = after_one(starts, SAMPLE)
    for i, start in enumerate(starts):
        np.testing.assert_array_equal(together.points[i], after_one(start[None], SAMPLE)[1].points[0])


@pytest.mark.parametrize("part", [0, 1, 2])
def test_what_is_not_finite_leaves_the_first_step(part):
    def broken(points):
        told = list(SAMPLE(points))
        told[part] = np.full_like(told[part], np.nan)
        return told

    before, after = after_one(TOP + np.array([[0.05, 0.02]]), broken)
    np.testing.assert_array_equal(after.points, before.points)
    np.testing.assert_array_equal(after.forecast, before.forecast)


def test_far_from_the_maximum_the_first_step_is_left():
    before, after = after_one(np.array([[8.0, -1.0]]), SAMPLE)
    np.testing.assert_array_equal(after.points, before.points)


def test_a_search_that_is_done_stays():
    state = climbed([TOP])
    np.testing.assert_array_equal(second_steps(state, SAMPLE).points, state.points)
