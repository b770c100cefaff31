"""Intervals of functions of the model: far from 0, in steps, and with an end at a limit of the family."""

import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.distributions.problem import answer
from suffice.errors import NotAvailableError
from suffice.inference.profile_end import highest_between


def normal_values(seed, n=100):
    return np.random.default_rng(seed).normal(size=n)


def near_and_far(offset, near, far, method, seed=0, n=100):
    """Return the interval of a function of x, and that of the same function of x + offset with the same rounding."""
    x = normal_values(seed, n) + offset
    found = sf.fit(sf.Normal, x).interval(far, method=method)
    expected = sf.fit(sf.Normal, x - offset).interval(near, method=method)
    return np.array(tuple(found)), np.array(tuple(expected))


@pytest.mark.parametrize("method", ["wald", "profile"])
@pytest.mark.parametrize(("offset", "share"), [(1e6, 1e-7), (1e9, 1e-6), (1e12, 1e-3)])
@pytest.mark.parametrize("n", [100, 1000])
def test_the_probability_of_a_tail_is_as_sure_far_from_0(offset, share, n, method):
    found, expected = near_and_far(offset, lambda m: m.ccdf(1.0), lambda m: m.ccdf(offset + 1.0), method, n=n)
    np.testing.assert_allclose(found, expected, atol=share * np.ptp(expected))


@pytest.mark.parametrize("method", ["wald", "profile"])
@pytest.mark.parametrize(("offset", "share"), [(1e9, 1e-5), (1e10, 1e-4), (1e12, 1e-2)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_quantile_is_as_sure_far_from_0(offset, share, seed, method):
    found, expected = near_and_far(offset, lambda m: m.icdf(0.99), lambda m: m.icdf(0.99), method, seed)
    np.testing.assert_allclose(found - offset, expected, atol=share * np.ptp(expected))


@pytest.mark.parametrize("method", ["wald", "profile"])
def test_digits_that_the_function_itself_loses_are_allowed_for(method):
    found, expected = near_and_far(1e12, lambda m: m.icdf(0.9), lambda m: m.icdf(0.9) - 1e12, method)
    np.testing.assert_allclose(found, expected, atol=1e-2 * np.ptp(expected))


def test_the_interval_of_a_student_t_is_as_sure_far_from_0():
    x = np.random.default_rng(3).standard_t(5, 100) + 1e9
    found = sf.fit(sf.StudentT, x).interval(lambda m: m.ccdf(1e9 + 2.0), method="profile")
    expected = sf.fit(sf.StudentT, x - 1e9).interval(lambda m: m.ccdf(2.0), method="profile")
    assert tuple(found) == pytest.approx(tuple(expected), rel=1e-5)


@pytest.mark.parametrize("method", ["wald", "profile"])
def test_a_function_rounded_too_coarsely_is_refused_with_the_reason(method):
    fit = sf.fit(sf.Normal, normal_values(0, 400) * 4 + 1e15)
    with pytest.raises(NotAvailableError, match=r"rounded too coarsely .* \(its values scatter by about 0\.\d+\)"):
        fit.interval(lambda m: m.icdf(0.99) - 1e15, method=method)


@pytest.mark.parametrize("method", ["wald", "profile"])
def test_a_function_that_goes_in_steps_is_refused(method):
    fit = sf.fit(sf.Poisson, np.random.default_rng(5).poisson(3.0, 12).astype(float))
    with pytest.raises(NotAvailableError, match="goes in steps"):
        fit.interval(lambda m: float(np.floor(3 * m.mean)), method=method)


def test_a_probability_over_many_powers_of_ten_has_its_profile_ends():
    """P(X > c) of a normal at c = 8 estimated standard deviations: its contour has log-probability ends."""
    x = normal_values(7, 12)
    fit = sf.fit(sf.Normal, x)
    c = fit.model.mu + 8 * fit.model.sigma
    ends = fit.interval(lambda m: m.ccdf(c), method="profile")
    logs = fit.interval(lambda m: m.logccdf(c), method="profile")
    assert np.log(tuple(ends)) == pytest.approx(tuple(logs), rel=1e-6)


# -- an end at the Poisson limit of a negative binomial ---------------------------------------------

OVERDISPERSED = np.random.default_rng(24).negative_binomial(5, 0.5, 20).astype(float)
FUNCTIONS = {
    "variance": (lambda m: m.variance, lambda mean, size: mean + mean**2 / size),
    "no event": (lambda m: m.pmf(0), lambda mean, size: np.exp(-size * np.log1p(mean / size))),
    "upper range": (
        lambda m: m.mean + 2.33 * m.standard_deviation,
        lambda mean, size: mean + 2.33 * np.sqrt(mean + mean**2 / size),
    ),
}


def contour(x, quantile, log_sizes):
    """Return sizes and means on the contour of the likelihood, shapes (k, 1) and (k, 2), by SciPy."""

    def height(mean, size):
        return stats.nbinom.logpmf(x, size, size / (size + mean)).sum()

    best = optimize.minimize_scalar(lambda t: -height(x.mean(), np.exp(t)), bounds=(-5, 12), method="bounded")
    sizes, means = [], []
    for size in np.exp(log_sizes):

        def above(log_mean, size=size):
            return height(np.exp(log_mean), size) + best.fun + quantile / 2

        middle = np.log(x.mean())
        if above(middle) > 0:
            sizes.append([size])
            means.append([np.exp(optimize.brentq(above, middle, end)) for end in (middle - 6, middle + 6)])
    return np.array(sizes), np.array(means)


@pytest.mark.parametrize("level", [0.95, 0.99])
@pytest.mark.parametrize("seed", [24, 4, 11])
def test_ends_of_functions_agree_with_a_search_over_the_contour(seed, level):
    n = {24: 20, 4: 8, 11: 24}[seed]
    x = np.random.default_rng(seed).negative_binomial(5, 0.5, n).astype(float)
    fit = sf.fit(sf.NegativeBinomial, x)
    sizes, means = contour(x, stats.chi2.ppf(level, 1), np.append(np.linspace(-2, 12, 120), 18.0))
    for function, formula in FUNCTIONS.values():
        values = formula(means, sizes)
        lower, upper = values.min(), values.max()
        found = fit.interval(function, level, method="profile")
        # no point of the contour is left out, and the grid comes near the ends
        slack = 1e-6 * (upper - lower)
        assert found.lower <= lower + slack
        assert found.upper >= upper - slack
        assert tuple(found) == pytest.approx((lower, upper), abs=2e-2 * (upper - lower))


def test_an_end_at_the_limit_is_the_end_of_the_limiting_family_and_said():
    fit = sf.fit(sf.NegativeBinomial, OVERDISPERSED)
    found = fit.interval(lambda m: m.variance, method="profile")
    drop = fit.log_likelihood - 0.5 * stats.chi2.ppf(0.95, 1)
    lower = optimize.brentq(lambda mean: stats.poisson.logpmf(OVERDISPERSED, mean).sum() - drop, 2.0, 4.0)
    assert found.lower == pytest.approx(lower, rel=1e-9)
    assert found.note == "the lower end lies at size = ∞"


@pytest.mark.parametrize(
    ("function", "top"),
    [
        (lambda x: -((x - 1.3) ** 2), 0.0),
        (lambda x: 2.0 * x - np.exp(x), 2.0 * np.log(2.0) - 2.0),
        (lambda x: -((x - 3.9) ** 4), 0.0),
        (lambda x: x - 20.0 * max(x - 1.0, 0.0) ** 2 if x < 1.2 else -np.inf, 1.0125),
    ],
)
def test_the_most_extreme_of_all_slices_lies_between_three_of_them(function, top):
    def question(x):
        return function(x)
        yield

    places = (-8.0, 1.0, 4.0)
    found = answer(highest_between(question, places, [function(x) for x in places]), None)
    assert found == pytest.approx(top, abs=1e-9)
