"""Families of a location and a scale: Gumbel, logistic and Cauchy.

Worst errors against 50 digits, in units of size and condition number, over the grid below, which reaches 1e-250 in both
tails: below 3e-16 for each function and quantile.
"""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import assert_the_fit_is_the_maximum, grid, quantile_errors, tail_errors
from scipy import stats

import suffice as sf
from suffice.errors import NoMaximumError


def gumbel(x, location, scale):
    z = (x - location) / scale
    return -z - mp.exp(-z) - mp.log(scale), mp.exp(-mp.exp(-z)), -mp.expm1(-mp.exp(-z))


def logistic(x, location, scale):
    z = (x - location) / scale
    lower, upper = 1 / (1 + mp.exp(-z)), 1 / (1 + mp.exp(z))
    return mp.log(lower) + mp.log(upper) - mp.log(scale), lower, upper


def cauchy(x, location, scale):
    z = (x - location) / scale
    return -mp.log(mp.pi * scale * (1 + z * z)), mp.atan2(1, -z) / mp.pi, mp.atan2(1, z) / mp.pi


FAMILIES = {
    sf.Gumbel: (gumbel, stats.gumbel_r.logpdf),
    sf.Logistic: (logistic, stats.logistic.logpdf),
    sf.Cauchy: (cauchy, stats.cauchy.logpdf),
}
THETA = [(0.0, 1.0), (0.0, 1e-6), (3.87, 0.2), (-1e3, 1e6), (1e6, 1e-3)]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)


@every_family
@pytest.mark.parametrize("theta", THETA)
def test_density_and_both_tails_agree_with_fifty_digits(family, theta):
    model = family(*theta)
    errors = tail_errors(model, FAMILIES[family][0], grid(model))
    assert max(errors.values()) < 1e-14, errors


@every_family
@pytest.mark.parametrize("theta", THETA)
def test_quantiles_invert_both_tails(family, theta):
    assert quantile_errors(family(*theta)) < 1e-14


def test_tails_beyond_the_range_of_probabilities():
    z = np.array([1e3, 1e5, 1e8])
    assert sf.Gumbel(0, 1).logccdf(z) == pytest.approx(-z, rel=1e-15)
    assert sf.Logistic(0, 1).logcdf(-z) == pytest.approx(-z, rel=1e-15)
    far = sf.Cauchy(0, 1e-300)
    assert far.logccdf(1e300) == pytest.approx(-np.log(np.pi) - 600 * np.log(10), rel=1e-15)
    assert far.logcdf(-1e300) == far.logccdf(1e300)
    assert far.logpdf(1e300) == pytest.approx(-np.log(np.pi) - 900 * np.log(10), rel=1e-15)
    assert sf.Cauchy(7.0, 3.0).icdf(0.5) == 7.0


@pytest.mark.parametrize(
    ("family", "other"), [(sf.Gumbel, stats.gumbel_r), (sf.Logistic, stats.logistic), (sf.Cauchy, stats.cauchy)]
)
def test_moments_and_entropy_are_those_of_scipy(family, other):
    model, frozen = family(3.0, 0.5), other(3.0, 0.5)
    if family is not sf.Cauchy:
        moments = (model.mean, model.variance, model.skewness, model.kurtosis)
        assert moments == pytest.approx([float(m) for m in frozen.stats("mvsk")], rel=1e-13, abs=1e-15)
    assert model.entropy == pytest.approx(float(frozen.entropy()), rel=1e-12)


@every_family
@pytest.mark.parametrize("n", [5, 200])
def test_the_fit_is_that_of_an_independent_maximisation(family, n):
    x = family(30.0, 7.0).sample(n, rng=n)
    fit = assert_the_fit_is_the_maximum(family, FAMILIES[family][1], x)
    assert fit.certificate.scope == "global"


@every_family
@pytest.mark.parametrize("unit", [1e-6, 1e6])
@pytest.mark.parametrize("shift", [0.0, 1e3])
def test_units_and_origins_far_from_one_do_not_matter(family, unit, shift):
    x = family(0.0, 1.0).sample(50, rng=3)
    here, there = sf.fit(family, x).model, sf.fit(family, unit * (x + shift)).model
    assert there.location == pytest.approx(unit * (here.location + shift), rel=1e-10, abs=1e-9 * unit)
    assert there.scale == pytest.approx(unit * here.scale, rel=1e-9)


@every_family
def test_a_fixed_parameter_leaves_the_maximum_in_the_other(family):
    x = family(30.0, 7.0).sample(100, rng=8)
    for name, values in {"location": [30.0, 25.0, -1e3, 1e4], "scale": [7.0, 0.7, 300.0]}.items():
        for value in values:
            fit = sf.fit(family, x, fixed={name: value})
            assert fit.certificate.status == "maximum"
            theta, i = np.array(fit.model.theta), 1 if name == "location" else 0
            for step in (-1e-3, 1e-3):
                moved = theta.copy()
                moved[i] += step * theta[1]
                assert family(*moved).logpdf(x).sum() < fit.log_likelihood


@every_family
def test_constant_data_have_no_maximum_unless_the_scale_or_another_location_is_fixed(family):
    with pytest.raises(NoMaximumError, match=r"grows without end as scale → 0; drop the column, or fix scale"):
        sf.fit(family, [2.5] * 4)
    assert sf.fit(family, [2.5] * 4, fixed={"scale": 2.0}).model.location == pytest.approx(2.5, abs=1e-6)
    assert sf.fit(family, [2.5] * 4, fixed={"location": 0.0}).certificate.status == "maximum"


@every_family
def test_an_outlier_far_on_either_side_is_survived(family):
    x = family(0.0, 1.0).sample(60, rng=5)
    for outlier in (-300.0, 1e4):
        fit = sf.fit(family, [*x, outlier])
        assert fit.certificate.status == "maximum"


def test_a_smallest_row_that_a_sample_missed_is_no_obstacle_to_a_gumbel_of_fixed_scale():
    x = sf.Gumbel(0.0, 1.0).sample(20_000, rng=1)
    x[17_000] = -200.0
    fit = sf.fit(sf.Gumbel, x, fixed={"scale": 1.0})
    assert fit.certificate.status == "maximum"
    assert fit.model.location == pytest.approx(-200.0 - np.log(1 / 20_000), rel=1e-12)


def test_a_cauchy_of_fixed_scale_finds_the_best_of_several_maxima():
    x = np.array([-10.0, 0.0, 0.2, 9.0, 30.0, 30.1, 30.3])
    fit = sf.fit(sf.Cauchy, x, fixed={"scale": 0.1})
    locations = np.linspace(-12.0, 32.0, 200_001)
    heights = stats.cauchy.logpdf(x, locations[:, None], 0.1).sum(axis=1)
    assert fit.log_likelihood >= heights.max()
    assert fit.model.location == pytest.approx(locations[np.argmax(heights)], abs=3e-4)
    assert fit.certificate.scope.startswith("best of 7 starts, ")


def test_a_cauchy_of_fixed_scale_is_found_among_many_rows():
    x = np.concatenate([sf.Cauchy(5.0, 0.01).sample(3000, rng=2), np.linspace(-50.0, 50.0, 3000)])
    fit = sf.fit(sf.Cauchy, x, fixed={"scale": 0.01})
    assert fit.model.location == pytest.approx(5.0, abs=0.01)
    assert fit.certificate.status == "maximum"


@pytest.mark.parametrize("x", [[1, 1, 1, 5, 9], [1, 1, 5, 9], [3, 4], [7, 7, 7, 7, 0]])
def test_a_cauchy_needs_data_of_which_no_value_holds_half(x):
    with pytest.raises(NoMaximumError, match=r"half of the rows or more have the value .* fix scale"):
        sf.fit(sf.Cauchy, x)
    assert sf.fit(sf.Cauchy, x, fixed={"scale": 50.0}).certificate.status == "maximum"
    assert sf.fit(sf.Cauchy, x, fixed={"location": 2.0}).certificate.status == "maximum"
    with pytest.raises(NoMaximumError, match="no maximum"):
        sf.fit(sf.Cauchy, x, fixed={"location": x[0]})


def test_one_repeated_row_beyond_half_of_many_is_no_maximum_either():
    x = np.concatenate([np.full(4000, 1.5), sf.Cauchy(0.0, 1.0).sample(2000, rng=1)])
    with pytest.raises(NoMaximumError, match="half of the rows"):
        sf.fit(sf.Cauchy, x)
    with pytest.raises(NoMaximumError, match="half of the rows"):
        sf.fit(sf.Cauchy, [1.0, 2.0, 5.0], weights=[3, 1, 1])


@every_family
def test_data_over_fifteen_powers_of_ten_have_their_maximum(family):
    x = np.random.default_rng(0).lognormal(0.0, 8.0, 300)
    assert sf.fit(family, x).certificate.status == "maximum"
