import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from suffice.calculus import PathReason, ProfilePath, maximise
from suffice.errors import ParameterError, ShapeError

Q95 = float(stats.chi2.ppf(0.95, 1))


def follow(told, points, quantile=Q95, signs=(-1, 1), **options):
    points = np.repeat(np.atleast_2d(np.asarray(points, dtype=float)), len(signs), axis=0)
    path = ProfilePath.start(points, sign=signs, quantile=quantile, **options)
    while not path.done:
        path = path.tell(*told(path.points))
    return path


def coordinate(i, t):
    m, p = t.shape
    return t[:, i], np.broadcast_to(np.eye(p)[i], (m, p)), np.zeros((m, p, p))


def exponential(i, t, shift=0.0, weight=1.0):
    """g = shift·θ₀ + weight·exp(θᵢ)."""
    m, p = t.shape
    e = weight * np.exp(t[:, i])
    gradient, hessian = np.zeros((m, p)), np.zeros((m, p, p))
    gradient[:, 0] += shift
    gradient[:, i] += e
    hessian[:, i, i] = e
    return shift * t[:, 0] + e, gradient, hessian


def normal(n, s, target):
    def told(t):
        mu, e = t[:, 0], n * np.exp(-2 * t[:, 1])
        square = e * (s * s + mu * mu)
        hessian = np.stack([-e, 2 * e * mu, 2 * e * mu, -2 * square], axis=1).reshape(-1, 2, 2)
        return -n * t[:, 1] - square / 2, np.stack([-e * mu, square - n], axis=1), hessian, *target(t)

    return told


def gamma_likelihood(n, mean, mean_log, t):
    a, b = np.exp(t).T
    value = n * (a * t[:, 1] - special.gammaln(a) + (a - 1) * mean_log - b * mean)
    da = n * (t[:, 1] - special.digamma(a) + mean_log)
    gradient = np.stack([a * da, n * (a - b * mean)], axis=1)
    cross = n * a
    hessian = np.stack([a * da - n * a * a * special.polygamma(1, a), cross, cross, -n * b * mean], axis=1)
    return value, gradient, hessian.reshape(-1, 2, 2)


@pytest.mark.parametrize("n", [3, 10, 1000, 10**8])
@pytest.mark.parametrize("quantile", [0.1, Q95, 20.0])
def test_the_mean_of_a_normal_has_its_closed_form(n, quantile):
    path = follow(normal(n, 2.0, lambda t: coordinate(0, t)), [0.0, np.log(2.0)], quantile)
    assert path.converged.all()
    assert not path.open.any()
    expected = 2.0 * np.sqrt(np.expm1(quantile / n))
    np.testing.assert_allclose(path.ends, [-expected, expected], rtol=1e-8 if n < 1e8 else 1e-6)
    assert path.iteration <= 30


@pytest.mark.parametrize("n", [4, 50, 10**6])
def test_the_standard_deviation_of_a_normal_has_its_profile_ends(n):
    path = follow(normal(n, 2.0, lambda t: exponential(1, t)), [0.0, np.log(2.0)])
    r = (path.ends / 2.0) ** -2.0
    assert path.converged.all()
    np.testing.assert_allclose(n * (r - 1 - np.log(r)), Q95, rtol=1e-5 if n > 1e5 else 1e-8)
    assert path.ends[0] < 2.0 < path.ends[1]


@pytest.mark.parametrize("n", [5, 100])
def test_a_quantile_of_a_normal_agrees_with_a_search_over_the_contour(n):
    z = stats.norm.ppf(0.99)
    told = normal(n, 2.0, lambda t: exponential(1, t, shift=1.0, weight=z))
    path = follow(told, [0.0, np.log(2.0)])
    assert path.converged.all()

    def deviance(g):
        fit = optimize.minimize_scalar(
            lambda f: -told(np.array([[g - z * np.exp(f), f]]))[0][0], bounds=(-3, 6), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        return 2 * (fit.fun + told(np.array([[0.0, np.log(2.0)]]))[0][0]) - Q95

    expected = [optimize.brentq(deviance, -3, 2 * z), optimize.brentq(deviance, 2 * z, 40)]
    np.testing.assert_allclose(path.ends, expected, rtol=1e-6)


def test_an_exponential_rate_of_three_values():
    def told(t):
        e = 3 * np.exp(t[:, 0])
        return 3 * t[:, 0] - e, (3 - e)[:, None], -e[:, None, None], *exponential(0, t)

    path = follow(told, [0.0])
    np.testing.assert_allclose(3 * np.log(path.ends) - 3 * path.ends + 3, -Q95 / 2, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    shape=st.floats(0.05, 200),
    rate=st.floats(1e-3, 1e3),
    n=st.integers(3, 10**5),
    quantile=st.floats(0.1, 15),
)
def test_gamma_parameters_and_mean_lie_on_their_profiles(shape, rate, n, quantile):
    mean, mean_log = shape / rate, special.digamma(shape) - np.log(rate)
    top = np.log([shape, rate])

    def told(t):
        return *gamma_likelihood(n, mean, mean_log, t), *exponential(0, t)

    path = follow(told, top, quantile)
    assert path.converged.all()
    a = path.ends
    profile = gamma_likelihood(n, mean, mean_log, np.log(np.stack([a, a / mean], axis=1)))[0]
    at_top = gamma_likelihood(n, mean, mean_log, top[None])[0]
    np.testing.assert_allclose(at_top - profile, quantile / 2, rtol=1e-6, atol=1e-11 * abs(at_top[0]))
    assert a[0] < shape < a[1]


def test_a_likelihood_that_never_falls_that_far_leaves_the_end_open():
    def told(t):
        x = np.tanh(t[:, 0])
        d = 1 - x * x
        value, gradient, hessian = -1.5 * x * x, -3 * x * d, -3 * (d * d - 2 * x * x * d)
        return value, gradient[:, None], hessian[:, None, None], *coordinate(0, t)

    path = follow(told, [0.0])
    assert path.open.all()
    assert path.converged.all()
    assert path.ends.tolist() == [-np.inf, np.inf]
    assert "never falls that far" in PathReason(path.reason[0]).sentence

    nearly = follow(told, [0.0], 2.9999)
    assert not nearly.open.any()
    np.testing.assert_allclose(nearly.ends[1], np.arctanh(np.sqrt(2.9999 / 3)), rtol=1e-6)


def test_an_open_end_of_a_bounded_function_is_its_limit():
    def told(t):
        x = np.tanh(t[:, 0])
        d = 1 - x * x
        hessian = -3 * (d * d - 2 * x * x * d)
        target = x, d[:, None], (-2 * x * d)[:, None, None]
        return -1.5 * x * x, (-3 * x * d)[:, None], hessian[:, None, None], *target

    path = follow(told, [0.0])
    assert path.open.all()
    np.testing.assert_allclose(path.ends, [-1, 1], atol=1e-6)


def test_one_end_may_be_open_and_the_other_not():
    """The size of a negative binomial towards the Poisson limit: ℓ = −(1 − e^(−φ) − φe^(−φ))-like."""

    def told(t):
        f = t[:, 0]
        e = np.exp(-f)
        value = 1 - f - e
        low, flat = f < 0, f >= 0
        value = np.where(flat, -1.5 * (1 - np.exp(-f * f)), -1.5 * f * f)
        g = np.where(flat, -3 * f * np.exp(-f * f), -3 * f)
        h = np.where(low, -3.0, -3 * np.exp(-f * f) * (1 - 2 * f * f))
        return value, g[:, None], h[:, None, None], *exponential(0, t)

    path = follow(told, [0.0])
    assert path.open.tolist() == [False, True]
    np.testing.assert_allclose(path.ends[0], np.exp(-np.sqrt(Q95 / 3)), rtol=1e-9)
    assert path.ends[1] == np.inf


def test_a_profile_with_a_shelf_is_followed_over_it():
    """A second, lower hill: the path comes up again before it falls for good."""

    def told(t):
        x = t[:, 0]
        hill = np.exp(-((x - 3) ** 2))
        value = -(x**2) / 6 + 1.0 * hill
        g = -x / 3 - 2 * (x - 3) * hill
        h = -1 / 3 + (4 * (x - 3) ** 2 - 2) * hill
        return value, g[:, None], h[:, None, None], *coordinate(0, t)

    top = maximise(lambda x: told(x)[:3], [[0.0]]).best[0]
    path = follow(told, top, 6.0)
    assert path.converged.all()
    drop = told(top[None])[0][0] - 3.0
    np.testing.assert_allclose(told(path.ends[:, None])[0], drop, atol=1e-9)


def test_a_start_that_is_no_maximum_is_refused():
    def told(t):
        return t[:, 0] ** 2, 2 * t, np.full((len(t), 1, 1), 2.0), *coordinate(0, t)

    path = follow(told, [0.0])
    assert (path.reason == PathReason.NO_START).all()
    assert np.isnan(path.ends).all()
    assert not path.converged.any()


def test_a_higher_likelihood_on_the_way_is_reported():
    def told(t):
        x = t[:, 0]
        return (
            -(x**2) + x**4,
            (-2 * x + 4 * x**3)[:, None],
            (-2 + 12 * x**2)[:, None, None],
            *coordinate(0, t),
        )

    path = follow(told, [0.0], 2.0)
    assert not path.converged.any()
    assert np.isnan(path.ends).all()


def test_a_jump_is_never_passed_off_as_an_end():
    def told(t):
        x = t[:, 0]
        return -(x**2) / 2 - 10 * (np.abs(x) > 1), -t, -np.ones((len(t), 1, 1)), *coordinate(0, t)

    path = follow(told, [0.0])
    assert (path.reason == PathReason.LOST).all()
    assert not path.converged.any()


def test_a_region_without_likelihood_is_no_end_unless_reached():
    def told(t):
        x = t[:, 0]
        value = np.where(np.abs(x) < 2.5, -(x**2) / 2, np.nan)
        return value, -t, -np.ones((len(t), 1, 1)), *coordinate(0, t)

    np.testing.assert_allclose(follow(told, [0.0]).ends, [-np.sqrt(Q95), np.sqrt(Q95)])
    assert not follow(told, [0.0], 9.0).converged.any()


def test_paths_of_different_problems_do_not_disturb_each_other():
    told = normal(10, 2.0, lambda t: coordinate(0, t))
    quantiles = [0.5, 5.0, 50.0]
    together = follow(told, [0.0, np.log(2.0)], quantiles, (1, 1, 1))
    alone = [follow(told, [0.0, np.log(2.0)], q, (1,)).ends[0] for q in quantiles]
    np.testing.assert_allclose(together.ends, alone, rtol=1e-12)


def test_arguments_are_checked():
    with pytest.raises(ParameterError, match=r"sign must be \+1"):
        ProfilePath.start([[0.0]], sign=0, quantile=1.0)
    with pytest.raises(ParameterError, match="positive and finite"):
        ProfilePath.start([[0.0]], sign=1, quantile=-1.0)
    with pytest.raises(ShapeError, match=r"\(m, p\)"):
        ProfilePath.start([0.0], sign=1, quantile=1.0)
    path = ProfilePath.start([[0.0]], sign=1, quantile=1.0)
    with pytest.raises(ShapeError, match=r"target gradients must have shape \(1, 1\), but have \(1,\)"):
        path.tell([0.0], [[0.0]], [[[-1.0]]], [0.0], [1.0], [[[0.0]]])


def test_too_few_iterations_are_said():
    path = follow(normal(3, 2.0, lambda t: coordinate(0, t)), [0.0, np.log(2.0)], iterations=2)
    assert (path.reason == PathReason.ITERATIONS).all()


def rounded_coordinate(grain, t):
    """g = θ₀, of which slopes are known to the share `grain` only: an error that no step averages away."""
    g, gradient, hessian = coordinate(0, t)
    noise = grain * np.sin(1e9 * t[:, ::-1])
    return g, gradient + noise, hessian, np.full(t.shape, grain)


def test_a_path_converges_where_slopes_of_the_function_are_known_to_a_thousandth():
    path = follow(normal(10, 2.0, lambda t: rounded_coordinate(1e-3, t)), [0.0, np.log(2.0)])
    assert path.converged.all()
    expected = 2.0 * np.sqrt(np.expm1(Q95 / 10))
    np.testing.assert_allclose(path.ends, [-expected, expected], rtol=1e-4)


def test_slopes_that_are_not_known_are_refused_with_the_reason():
    path = follow(normal(10, 2.0, lambda t: rounded_coordinate(0.1, t)), [0.0, np.log(2.0)])
    assert (path.reason == PathReason.COARSE).all()
    assert "rounded so coarsely" in PathReason(path.reason[0]).sentence
    assert np.isnan(path.ends).all()


def test_an_open_end_far_from_0_is_not_taken_for_a_limit():
    """A function that grows without bound is not still because its value is large."""

    def told(t):
        x = np.tanh(t[:, 0])
        d = 1 - x * x
        g, gradient, hessian = coordinate(0, t)
        return (
            -1.5 * x * x,
            (-3 * x * d)[:, None],
            (-3 * (d * d - 2 * x * x * d))[:, None, None],
            g + 1e12,
            gradient,
            hessian,
        )

    path = follow(told, [0.0])
    assert path.ends.tolist() == [-np.inf, np.inf]


@pytest.mark.parametrize("start", [20.0, 1000.0])
def test_an_end_is_not_open_because_another_coordinate_goes_far(start):
    """ℓ is a parabola in a and v = (start/|m|)^¼ − 1, correlated: at a = −1/ρ its profile comes to m = −∞."""
    rho = 0.9

    def told(t):
        a, m = t[:, 0], -t[:, 1] / start
        with np.errstate(invalid="ignore"):
            v, dv, ddv = m**-0.25 - 1.0, 0.25 * m**-1.25 / start, 0.3125 * m**-2.25 / start**2
        share = 1.0 - rho**2
        in_a, in_v = -(a - rho * v) / share, -(v - rho * a) / share
        cross = rho / share * dv
        hessian = np.stack([0 * m - 1 / share, cross, cross, in_v * ddv - dv**2 / share], axis=1).reshape(-1, 2, 2)
        value = -0.5 * (a * a - 2 * rho * a * v + v * v) / share
        return value, np.stack([in_a, in_v * dv], axis=1), hessian, *coordinate(0, t)

    path = follow(told, [0.0, -start])
    assert path.reason.tolist() == [PathReason.LOST, PathReason.CONVERGED]
    assert path.ends[1] == pytest.approx(np.sqrt(Q95), rel=1e-6)
