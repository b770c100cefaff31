"""The Laplace distribution: digits in both tails, and its kinked maximum with the expected information.

Worst errors against 50 digits, in units of size and condition number, over a grid that reaches 1e-250 in both tails:
below 1e-15 for each function and quantile.
"""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import grid, quantile_errors, tail_errors
from scipy import optimize, special, stats

import suffice as sf
from suffice.errors import NoMaximumError, NotAvailableError

THETA = [(0.0, 1.0), (3.87, 0.2), (-1e3, 1e6), (1e6, 1e-3)]


def laplace(x, location, scale):
    z = (x - location) / scale
    half = mp.exp(-abs(z)) / 2
    lower, upper = (half, 1 - half) if z < 0 else (1 - half, half)
    return -abs(z) - mp.log(2 * scale), lower, upper


@pytest.mark.parametrize("theta", THETA)
def test_density_and_both_tails_agree_with_fifty_digits(theta):
    model = sf.Laplace(*theta)
    points = grid(model)
    errors = tail_errors(model, laplace, points[points != theta[0]])  # at the kink there is no condition number
    assert max(errors.values()) < 1e-14, errors
    assert quantile_errors(model) < 1e-14


def test_it_agrees_with_scipy():
    model, other = sf.Laplace(3.0, 7.0), stats.laplace(3.0, 7.0)
    x = np.array([-40.0, 2.9, 3.0, 3.1, 55.0])
    assert model.logpdf(x) == pytest.approx(other.logpdf(x), rel=1e-14)
    assert model.logcdf(x) == pytest.approx(other.logcdf(x), rel=1e-14)
    moments = (model.mean, model.variance, model.skewness, model.kurtosis)
    assert moments == pytest.approx(other.stats(moments="mvsk"), rel=1e-14)
    assert model.entropy == pytest.approx(float(other.entropy()), rel=1e-14)


def test_tails_beyond_the_range_of_probabilities():
    z = np.array([1e3, 1e5, 1e8])
    assert sf.Laplace(0, 1).logccdf(z) == pytest.approx(-z - np.log(2), rel=1e-15)
    assert sf.Laplace(0, 1e-300).logpdf(1e300) == -np.inf  # 1e600 scales out


@pytest.mark.parametrize("n", [2, 5, 101])
def test_the_fit_is_the_median_and_the_mean_deviation_about_it(n):
    x = np.random.default_rng(n).laplace(3.0, 2.0, n)
    fit = sf.fit(sf.Laplace, x)
    assert fit.model.location == np.median(x)
    assert fit.model.scale == pytest.approx(np.abs(x - np.median(x)).mean(), rel=1e-15)
    assert fit.log_likelihood == pytest.approx(stats.laplace(*fit.model.theta).logpdf(x).sum(), rel=1e-14)
    for location in np.linspace(x.min(), x.max(), 101):
        scale = np.abs(x - location).mean()
        assert fit.log_likelihood >= stats.laplace.logpdf(x, location, scale).sum() - 1e-12 * n


def test_the_maximum_is_a_kink_with_the_expected_information():
    x = sf.Laplace(3.0, 2.0).sample(101, rng=1)
    fit = sf.fit(sf.Laplace, x)
    certificate = fit.certificate
    assert (certificate.status, certificate.scope, certificate.gain) == ("kink", "global", 0.0)
    assert "not differentiable in location at any row" in certificate.reason
    assert "the middle of the two nearest where their number is even" in certificate.reason
    assert fit.standard_errors == pytest.approx(dict.fromkeys(["location", "scale"], fit.model.scale / np.sqrt(101)))
    assert fit.parameter_covariance == pytest.approx(np.diag([fit.model.scale**2 / 101] * 2))
    assert "standard errors: expected information" in str(fit)
    assert fit.free_parameters == 2


def test_the_information_is_the_variance_of_the_scores():
    model = sf.Laplace(3.0, 2.0)
    x = model.icdf((np.arange(200_000) + 0.5) / 200_000)
    first, _ = model._derivatives(x, *model.theta)
    assert np.cov(np.stack(first), bias=True) == pytest.approx(np.eye(2) / 4.0, abs=1e-4)


def ends_of_the_profile(x, scale=None, level=0.95):
    """Return where the profile log-likelihood of the location falls by q/2, sought by bisection."""
    middle, half = np.median(x), 0.5 * special.ndtri(0.5 + level / 2) ** 2

    def total(m):
        return np.abs(x - m).sum()

    def excess(m):
        if scale is None:
            return len(x) * np.log(total(m) / total(middle)) - half
        return (total(m) - total(middle)) / scale - half

    far = 60.0 * np.abs(x - middle).mean()
    return [optimize.brentq(excess, middle, middle + side * far, xtol=1e-14) for side in (-1, 1)]


@pytest.mark.parametrize("n", [3, 20, 101, 5000])
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_profile_interval_of_the_location_ends_where_the_likelihood_says(n, level):
    x = sf.Laplace(1.0, 2.0).sample(n, rng=n)
    interval = sf.fit(sf.Laplace, x).interval("location", level)
    assert interval.method == "profile"
    assert list(interval) == pytest.approx(ends_of_the_profile(x, level=level), rel=1e-11)
    fixed = sf.fit(sf.Laplace, x, fixed={"scale": 1.7}).interval("location", level)
    assert list(fixed) == pytest.approx(ends_of_the_profile(x, 1.7, level), rel=1e-11)


@pytest.mark.parametrize("n", [3, 20, 5000, 10**9])
def test_the_profile_interval_of_the_scale_ends_where_the_likelihood_says(n):
    x = sf.Laplace(1.0, 2.0).sample(3, rng=n)
    fit = sf.fit(sf.Laplace, x, weights=np.full(3, n / 3))
    half = 0.5 * special.ndtri(0.975) ** 2
    assert fit.interval("scale", method="profile").method == "profile"
    for end in fit.interval("scale", method="profile"):
        u = mp.log(mp.mpf(end) / mp.mpf(fit.model.scale))
        assert float(n * (u + mp.expm1(-u))) == pytest.approx(half, rel=1e-6 if n > 1e6 else 1e-10)


def test_a_fixed_location_leaves_a_regular_family():
    x = sf.Laplace(1.0, 2.0).sample(50, rng=1)
    fit = sf.fit(sf.Laplace, x, fixed={"location": 1.25})
    assert fit.certificate.status == "maximum"
    assert fit.model.scale == pytest.approx(np.abs(x - 1.25).mean(), rel=1e-14)
    assert fit.standard_errors["scale"] == pytest.approx(fit.model.scale / np.sqrt(50), rel=1e-9)
    profile = fit.interval("scale", method="profile")
    free = sf.fit(sf.Laplace, x)
    ratio = fit.model.scale / free.model.scale
    assert list(profile) == pytest.approx([ratio * end for end in free.interval("scale")], rel=1e-7)


def test_a_function_of_the_model_has_a_wald_interval():
    x = sf.Laplace(1.0, 2.0).sample(200, rng=1)
    fit = sf.fit(sf.Laplace, x)
    interval = fit.interval(lambda model: model.icdf(0.9))
    half = special.ndtri(0.975) * fit.model.scale / np.sqrt(200) * np.hypot(1.0, np.log(0.2))
    assert interval.method == "wald"
    assert interval.upper - interval.estimate == pytest.approx(half, rel=1e-6)
    with pytest.raises(NotAvailableError, match=r"no profile interval for Laplace: .* lacks at its kinks"):
        fit.interval(lambda model: model.icdf(0.9), method="profile")


def test_constant_data_have_no_maximum_unless_the_scale_is_fixed():
    with pytest.raises(NoMaximumError, match=r"every value is 2, .* grows without end as scale → 0"):
        sf.fit(sf.Laplace, [2.0, 2.0, 2.0])
    with pytest.raises(NoMaximumError, match="grows without end as scale → 0"):
        sf.fit(sf.Laplace, [2.0, 2.0, 2.0], fixed={"location": 2.0})
    fit = sf.fit(sf.Laplace, [2.0, 2.0, 2.0], fixed={"scale": 1.5})
    assert (fit.model.location, fit.certificate.status) == (2.0, "kink")
    half = 0.5 * special.ndtri(0.975) ** 2 * 1.5 / 3
    assert list(fit.interval("location")) == pytest.approx([2.0 - half, 2.0 + half], rel=1e-12)
    assert sf.fit(sf.Laplace, [2.0, 2.0], fixed={"location": 1.0}).model.scale == pytest.approx(1.0)


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_extreme_units_lose_no_digit(unit):
    x = sf.Laplace(1.0, 2.0).sample(31, rng=3)
    here, there = sf.fit(sf.Laplace, x), sf.fit(sf.Laplace, unit * x)
    assert np.array(there.model.theta) / unit == pytest.approx(here.model.theta, rel=1e-14)
    assert np.array(list(there.interval("location"))) / unit == pytest.approx(
        list(here.interval("location")), rel=1e-11
    )


@pytest.mark.parametrize(
    "x",
    [
        [0.0, 1.0],
        [0.0, 0.0, 0.0, 1.0],
        [0.0, 1.0, 2.0, 1e300],
        [0.0, 1e-300, 2e-300, 1e300],
        [-1.7e308, 0.0, 1.7e308],
        [5e-324, 1e-323, 5e-323],
    ],
)
def test_rows_of_any_spread_have_a_fit_with_errors_and_intervals(x):
    fit = sf.fit(sf.Laplace, x)
    location, scale = fit.model.theta
    assert location == np.median(x)
    assert scale == pytest.approx(np.abs(np.array(x) / 2.0 - location / 2.0).mean() * 2.0, rel=1e-14, abs=5e-324)
    assert list(fit.standard_errors.values()) == pytest.approx([scale / np.sqrt(len(x))] * 2, rel=1e-12, abs=5e-324)
    for name in ("location", "scale"):
        interval = fit.interval(name)
        assert interval.method == "profile"
        assert interval.lower < interval.estimate < interval.upper


def test_a_fixed_scale_of_another_order_than_the_data():
    fit = sf.fit(sf.Laplace, [1.0, 2.0, 4.0], fixed={"scale": 1e-200})
    assert fit.standard_errors["location"] == pytest.approx(1e-200 / np.sqrt(3))
    assert fit.log_likelihood == pytest.approx(-3e200)
    assert fit.interval("location").estimate == 2.0


def test_far_from_zero_the_deviations_keep_their_digits():
    x = np.round(sf.Laplace(0.0, 1.0).sample(1001, rng=4) * 2**20) / 2**20
    here, there = sf.fit(sf.Laplace, x), sf.fit(sf.Laplace, x + 2.0**30)
    assert there.model.location == here.model.location + 2.0**30
    assert there.model.scale == pytest.approx(here.model.scale, rel=1e-14)
