import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.calculus import NewtonTrustRegion, Reason, maximise
from suffice.calculus.trust_region_step import plan_step
from suffice.errors import ParameterError, ShapeError


def rosenbrock(x):
    a, b = x.T
    value = -((1 - a) ** 2 + 100 * (b - a * a) ** 2)
    gradient = -np.stack([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)], axis=1)
    hessian = -np.array([[2 - 400 * (b - 3 * a * a), -400 * a], [-400 * a, 200 + 0 * a]]).transpose(2, 0, 1)
    return value, gradient, hessian


def two_hills(x):
    """Maxima at (±1, 0), a saddle at the origin."""
    a, b = x.T
    gradient = np.stack([a - a**3, -2 * b], axis=1)
    return (
        a * a / 2 - a**4 / 4 - b * b,
        gradient,
        np.eye(2) * np.stack([1 - 3 * a * a, -2 + 0 * a], axis=1)[:, None],
    )


def random_models(seed, m, p):
    rng = np.random.default_rng(seed)
    hessian = rng.normal(size=(m, p, p)) * 10.0 ** rng.uniform(-3, 3, (m, 1, 1))
    return rng.normal(size=(m, p)), hessian + hessian.transpose(0, 2, 1), 10.0 ** rng.uniform(-3, 3, m)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), p=st.integers(1, 6))
def test_a_step_stays_in_the_ball_and_beats_every_other_point_of_it(seed, p):
    gradient, hessian, radius = random_models(seed, 20, p)
    step = plan_step(gradient, hessian, radius)
    assert np.all(step.length <= 1.02 * radius)
    rng = np.random.default_rng(seed)
    other = rng.normal(size=(500, 20, p))
    other *= (radius * rng.uniform(0, 1, (500, 20)) ** (1 / p) / np.linalg.norm(other, axis=2))[..., None]
    model = np.einsum("mp,kmp->km", gradient, other) + np.einsum("kmp,mpq,kmq->km", other, hessian, other) / 2
    assert np.all(step.forecast >= 0.97 * model.max(axis=0))


def test_the_model_is_left_along_positive_curvature_even_with_zero_gradient():
    step = plan_step(np.zeros((1, 3)), np.diag([-1.0, 4.0, -2.0])[None], np.array([0.5]))
    np.testing.assert_allclose(np.abs(step.move), [[0.0, 0.5, 0.0]], atol=1e-9)
    assert step.gain[0] == np.inf
    line = plan_step(np.zeros((1, 1)), np.ones((1, 1, 1)), np.array([0.5]))
    assert line.move[0, 0] == 0.5


def test_rosenbrock_is_climbed_from_many_starts_at_once():
    starts = np.random.default_rng(1).uniform(-5, 5, (200, 2))
    state = maximise(rosenbrock, starts, tolerance=1e-14)
    assert state.converged.all()
    np.testing.assert_allclose(state.best, 1.0, atol=1e-6)
    assert state.iteration < 100
    assert np.all(state.gain <= 1e-14)


def test_batched_problems_go_their_way_as_if_alone():
    starts = np.random.default_rng(2).uniform(-3, 3, (20, 2))
    together = maximise(rosenbrock, starts)
    for start, best in zip(starts, together.best, strict=True):
        np.testing.assert_allclose(maximise(rosenbrock, start[None]).best[0], best, atol=1e-9)


def test_a_saddle_is_left_for_a_maximum():
    state = maximise(two_hills, [[0.0, 0.0], [0.0, 1.0], [0.1, -3.0]])
    assert state.converged.all()
    np.testing.assert_allclose(np.abs(state.best), [[1, 0]] * 3, atol=1e-5)


def test_values_outside_the_domain_shorten_the_step():
    def log_barrier(x):
        with np.errstate(all="ignore"):
            value = np.where(x > 0, np.log(x) - x, -np.inf)
            return value[:, 0], 1 / x - 1, (-1 / x**2)[:, :, None]

    state = maximise(log_barrier, [[3.0], [1.9], [1e-3], [15.0]], radius=20.0)
    assert state.converged.all()
    np.testing.assert_allclose(state.best, 1.0, atol=1e-5)


def test_a_start_outside_the_domain_is_named_and_leaves_the_others_alone():
    def f(x):
        return np.where(x[:, 0] < 0, np.nan, -(x[:, 0] ** 2)), -2 * x, np.full((len(x), 1, 1), -2.0)

    state = maximise(f, [[-1.0], [1.0]])
    assert state.reason.tolist() == [Reason.NOT_FINITE, Reason.CONVERGED]
    assert state.converged.tolist() == [False, True]
    assert "not finite at the starting point" in Reason(state.reason[0]).sentence


def test_a_flat_objective_is_not_converged():
    state = maximise(lambda x: (np.zeros(1), np.zeros((1, 2)), np.zeros((1, 2, 2))), [[1.0, 2.0]])
    assert state.reason[0] == Reason.FLAT
    assert not state.converged[0]
    assert maximise(lambda x: (np.zeros(1), np.zeros((1, 1)), np.zeros((1, 1, 1))), [[1.0]]).reason[0] == Reason.FLAT


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_a_rise_without_end_is_a_runaway(power):
    def exponential(x):
        e = np.exp(-x)
        return -e[:, 0], e, -e[:, :, None]

    def algebraic(x):
        first, second = power * x ** (-power - 1), -power * (power + 1) * x ** (-power - 2)
        return -(x[:, 0] ** -power), first, second[:, :, None]

    assert maximise(exponential, [[0.0]]).reason[0] == Reason.RUNAWAY
    state = maximise(algebraic, [[1.0]], max_radius=1e12)
    assert state.reason[0] in (Reason.RUNAWAY, Reason.ITERATIONS)
    assert not state.converged[0]


def test_a_kink_is_no_maximum():
    state = maximise(lambda x: (-np.abs(x[:, 0]), -np.sign(x), np.zeros((1, 1, 1))), [[0.3]])
    assert not state.converged[0]
    assert state.reason[0] in (Reason.STUCK, Reason.ROUNDING)


def test_a_wrong_gradient_is_noticed():
    state = maximise(lambda x: (-(x[:, 0] ** 2), 2 * x + 1, np.full((1, 1, 1), -2.0)), [[1.0]])
    assert not state.converged[0]


def test_newton_steps_finish_below_the_rounding_of_the_objective():
    rng = np.random.default_rng(3)

    def noisy(x):
        value = 1e8 - 0.5 * (x[:, 0] - 1) ** 2 + 1e-6 * rng.normal(size=len(x))
        return value, 1 - x, np.full((len(x), 1, 1), -1.0)

    state = maximise(noisy, np.full((50, 1), 1.001), tolerance=1e-20)
    assert state.converged.all()
    np.testing.assert_allclose(state.best, 1.0, atol=1e-9)


def test_the_rounding_of_the_gradient_ends_the_search_converged():
    rng = np.random.default_rng(4)

    def noisy(x):
        return 1e6 - np.cosh(x[:, 0]), -np.sinh(x) + 1e-9 * rng.normal(size=x.shape), -np.cosh(x)[:, :, None]

    state = maximise(noisy, np.linspace(-2, 2, 20)[:, None], tolerance=1e-30)
    assert set(state.reason) <= {int(Reason.ROUNDING), int(Reason.CONVERGED)}
    assert state.converged.all()
    assert np.all(np.abs(state.best) < 1e-8)


def test_the_scale_turns_the_tolerance_into_nats():
    def bowl(x):
        return -np.cosh(x[:, 0]) * 1e-3, -np.sinh(x) * 1e-3, -np.cosh(x)[:, :, None] * 1e-3

    rough, fine = (maximise(bowl, [[0.8]], tolerance=1e-6, scale=s) for s in (1.0, 1e6))
    assert rough.iteration < fine.iteration
    assert fine.gain[0] * 1e6 <= 1e-6


def test_too_few_iterations_are_said():
    state = maximise(rosenbrock, [[-1.2, 1.0]], iterations=3)
    assert state.reason[0] == Reason.ITERATIONS
    assert state.iteration == 3
    assert "iterations was used up" in Reason.ITERATIONS.sentence


def test_problems_that_are_done_keep_their_point():
    state = NewtonTrustRegion.start([[1.0, 1.0], [-1.2, 1.0]])
    for _ in range(4):
        state = state.tell(*rosenbrock(state.points))
    assert state.active.tolist() == [False, True]
    np.testing.assert_array_equal(state.points[0], [1.0, 1.0])


def test_shapes_and_options_are_checked():
    with pytest.raises(ShapeError, match=r"points must have shape \(m, p\).*\(2,\)"):
        NewtonTrustRegion.start([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"shapes \(1,\), \(1, 2\) and \(1, 2, 2\)"):
        NewtonTrustRegion.start([[1.0, 2.0]]).tell([0.0], [1.0, 2.0], [[1.0]])
    with pytest.raises(ParameterError, match="radius = 30"):
        NewtonTrustRegion.start([[1.0]], radius=30.0)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), p=st.integers(1, 8), decades=st.floats(0, 4))
def test_concave_quadratics_of_any_conditioning_are_solved(seed, p, decades):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(p, p)))
    a = (q * 10.0 ** rng.uniform(-decades / 2, decades / 2, p)) @ q.T
    a = (a + a.T) / 2
    top = rng.normal(size=p) * 10

    def f(x):
        r = x - top
        return -np.einsum("mp,pq,mq->m", r, a, r) / 2, -r @ a, np.broadcast_to(-a, (len(x), p, p))

    state = maximise(f, rng.normal(size=(3, p)))
    assert state.converged.all()
    np.testing.assert_allclose(state.best, np.tile(top, (3, 1)), atol=1e-2)


def test_a_rival_that_cannot_come_near_is_ended_and_others_are_not():
    def objective(points):
        # maxima 0 at x = 0 and −1 at x = 4, where the second has a flat top
        x = points[:, 0]
        left, right = -(x**2), -1.0 - 1e-3 * (x - 4.0) ** 4
        at_left = x < 2.0
        value = np.where(at_left, left, right)
        slope = np.where(at_left, -2.0 * x, -4e-3 * (x - 4.0) ** 3)
        bend = np.where(at_left, -2.0, -12e-3 * (x - 4.0) ** 2)
        return value, slope[:, None], bend[:, None, None]

    def search(starts, lead):
        state = NewtonTrustRegion.start(np.array(starts)[:, None])
        while not state.done:
            state = state.tell(*objective(state.points))
            state = state.among_rivals(lead) if lead is not None else state
        return state

    alone = search([0.5, 3.0], None)
    assert alone.converged.all()
    ended = search([0.5, 3.0], 0.1)
    assert list(ended.reason) == [Reason.CONVERGED, Reason.BEATEN]
    assert ended.iteration < alone.iteration
    near = search([0.5, 3.0], 2.0)
    assert near.converged.all()


def test_a_search_that_cannot_reach_what_is_known_is_ended():
    state = NewtonTrustRegion.start([[0.5], [0.5]])
    x = state.points[:, 0]
    state = state.tell(
        np.array([0.0, -3.0]) - x**4 - x**2, (-4 * x**3 - 2 * x)[:, None], (-12 * x**2 - 2)[:, None, None]
    )
    assert list(state.among_rivals(0.1).reason) == [Reason.RUNNING, Reason.RUNNING]
    assert list(state.among_rivals(0.1, known=1.0).reason) == [Reason.RUNNING, Reason.BEATEN]
    assert list(state.among_rivals(0.1, known=9.0).reason) == [Reason.BEATEN, Reason.BEATEN]
