"""The generalized extreme value distribution: tails, moments, Port Pirie, and the edges of its region.

Worst errors against 50 digits, in units of size and condition number, over the grid below, which reaches 1e-250 in both
tails and |ξ| from 0 over 1e-300 to 2: below 2e-15, but 2e-14 for log P(X ≤ x) where that is as near to 0 as −1e-100.
"""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import assert_the_fit_is_the_maximum, grid, quantile_errors, tail_errors
from scipy import stats

import suffice as sf
from suffice.distributions.reduced_variate import shape_derivatives
from suffice.errors import NoMaximumError, NotAvailableError, OutsideSupportError

GEV = sf.GeneralizedExtremeValue
SHAPES = [0.0, 1e-300, -1e-300, 1e-12, -1e-9, 1e-4, -1e-3, 0.05, -0.1, 0.3, -0.4, 1.0, -0.9, 2.0, -1.5]


def exact(x, location, scale, shape):
    z = (x - location) / scale
    if abs(shape) < mp.mpf(10) ** -200:
        y = z
    elif 1 + shape * z <= 0:
        return (-mp.inf, mp.mpf(0), mp.mpf(1)) if shape > 0 else (-mp.inf, mp.mpf(1), mp.mpf(0))
    else:
        y = mp.log1p(shape * z) / shape
    t = mp.exp(-y)
    return -mp.log(scale) - (1 + shape) * y - t, mp.exp(-t), -mp.expm1(-t)


def inside(model, x):
    """Return the values that are not within rounding of the end of the support."""
    ratio = 1.0 + model.shape * (x - model.location) / model.scale
    return x[ratio > 1e-10]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("location", "scale"), [(0.0, 1.0), (3.87, 0.2), (-1e3, 1e6), (5.0, 1e-6)])
def test_density_and_both_tails_agree_with_fifty_digits(location, scale, shape):
    model = GEV(location, scale, shape)
    errors = tail_errors(model, exact, inside(model, grid(model)))
    # log P = −exp(−y) far up, where y is rounded by its own size
    assert errors.pop("logcdf") < 3e-14
    assert max(errors.values()) < 2e-15, errors


@pytest.mark.parametrize("shape", SHAPES)
def test_quantiles_invert_both_tails(shape):
    for model in (GEV(0.0, 1.0, shape), GEV(3.87, 0.2, shape)):
        assert quantile_errors(model) < (1e-14 if shape > -0.5 else 1e-10)


@pytest.mark.parametrize("shape", [0.0, 1e-300, -1e-9, 1e-5, 0.03, -0.08, 0.12, -0.2, 0.24, -0.7, -1.0, -3.0])
def test_moments_of_any_shape_agree_with_many_digits(shape):
    model = GEV(10.0, 3.0, shape)
    with mp.workdps(250):
        s = mp.mpf(shape) if abs(shape) > 1e-200 else mp.mpf(10) ** -40
        g = [mp.gamma(1 - r * s) for r in range(5)]
        mean, variance = (g[1] - 1) / s, (g[2] - g[1] ** 2) / s**2
        third = (g[3] - 3 * g[2] * g[1] + 2 * g[1] ** 3) / s**3
        fourth = (g[4] - 4 * g[3] * g[1] + 6 * g[2] * g[1] ** 2 - 3 * g[1] ** 4) / s**4
        truth = [10 + 3 * mean, 9 * variance, third / variance ** mp.mpf("1.5"), fourth / variance**2 - 3]
        truth = [float(v) for v in truth]
    assert [model.mean, model.variance] == pytest.approx(truth[:2], rel=1e-13)
    assert [model.skewness, model.kurtosis] == pytest.approx(truth[2:], rel=1e-11, abs=1e-12)
    assert model.entropy == pytest.approx(np.log(3.0) + np.euler_gamma * (1 + shape) + 1.0, rel=1e-15)


def test_moments_that_do_not_exist_are_infinite_or_no_number():
    assert np.isfinite(GEV(0, 1, 0.25).skewness)
    assert np.isfinite(GEV(0, 1, 0.99).mean)
    assert GEV(0, 1, 0.25).kurtosis == GEV(0, 1, 0.4).kurtosis == np.inf
    assert GEV(0, 1, 0.4).skewness == GEV(0, 1, 0.6).variance == GEV(0, 1, 1.0).mean == np.inf
    assert np.isnan([GEV(0, 1, 0.5).skewness, GEV(0, 1, 0.5).kurtosis, GEV(0, 1, 1.0).variance]).all()


@pytest.mark.parametrize("s", [0.0, 1e-300, 1e-9, 1e-3, 0.0624, 0.0626, -0.0624, -0.0626, 0.3, -0.9, 5.0, 1e4])
def test_derivatives_of_the_reduced_variate_in_the_shape_agree_with_many_digits(s):
    z = 2.0
    first, second = shape_derivatives(z, s / z)
    with mp.workdps(60):
        t = mp.mpf(s) if abs(s) > 1e-200 else mp.mpf(10) ** -20
        a = (mp.log1p(t) - t / (1 + t)) / t**2
        b = 2 * mp.log1p(t) / t**3 - (2 + 3 * t) / (t * (1 + t)) ** 2
    assert float(first) == pytest.approx(float(-4 * a), rel=2e-14)
    assert float(second) == pytest.approx(float(8 * b), rel=2e-12)


def test_a_shape_of_zero_is_the_gumbel_distribution():
    x = np.linspace(-3.0, 40.0, 30)
    model, gumbel = GEV(1.0, 2.0, 0.0), sf.Gumbel(1.0, 2.0)
    for name in ("logpdf", "cdf", "ccdf", "logcdf", "logccdf"):
        assert np.array_equal(getattr(model, name)(x), getattr(gumbel, name)(x))
    assert np.array_equal(GEV(1.0, 2.0, 1e-200).logpdf(x), gumbel.logpdf(x))
    first = GEV._derivatives(x, 1.0, 2.0, 0.0)[0][2]
    z = (x - 1.0) / 2.0
    assert first == pytest.approx(-z + 0.5 * z * z * -np.expm1(-z), rel=1e-13)


def test_nothing_is_beyond_the_end_of_the_support():
    heavy, short = GEV(1.0, 2.0, 0.5), GEV(1.0, 2.0, -0.5)
    assert heavy.icdf(0.0) == -3.0
    assert short.icdf(1.0) == 5.0
    assert [heavy.pdf(-3.5), heavy.cdf(-3.5), heavy.logcdf(-3.5), heavy.ccdf(-3.5)] == [0.0, 0.0, -np.inf, 1.0]
    assert [short.pdf(5.5), short.ccdf(5.5), short.logccdf(5.5), short.cdf(5.5)] == [0.0, 0.0, -np.inf, 1.0]
    with pytest.raises(OutsideSupportError, match=r"the value 6 in row 3, .* only on \(-∞, 5\)"):
        sf.fit(GEV, [1.0, 2.0, 6.0], fixed={"location": 1.0, "scale": 2.0, "shape": -0.5})


def test_port_pirie():
    fit = sf.fit(GEV, sf.datasets.path("portpirie"))
    assert fit.model.theta == pytest.approx((3.874750, 0.198044, -0.050110), rel=3e-5)
    assert [*fit.standard_errors.values()] == pytest.approx([0.02793, 0.02025, 0.09826], rel=2e-4)
    assert fit.log_likelihood >= 4.3390585 - 1e-6
    assert np.abs(fit.solution.gradient).max() < 1e-8
    assert fit.certificate.status == "maximum"
    assert fit.certificate.scope == "best of 5 starts, 5 agree"
    assert fit.certificate.region.startswith("-1 ≤ shape ≤ 2 and scale ≥ 0.001 times")
    # Coles (2001), section 3.4.1: a profile interval of the 100-year level is about (4.50, 5.27)
    interval = fit.interval(lambda m: m.iccdf(0.01))
    assert (interval.lower, interval.upper) == pytest.approx((4.50, 5.27), abs=0.02)


@pytest.mark.parametrize(("shape", "n"), [(0.3, 40), (-0.2, 400), (0.9, 100)])
def test_the_fit_is_that_of_an_independent_maximisation(shape, n):
    x = GEV(30.0, 7.0, shape).sample(n, rng=n)
    assert_the_fit_is_the_maximum(GEV, lambda x, m, s, v: stats.genextreme.logpdf(x, -v, m, s), x)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
@pytest.mark.parametrize("shift", [0.0, 1e3])
def test_units_and_origins_far_from_one_do_not_matter(unit, shift):
    x = GEV(0.0, 1.0, 0.2).sample(60, rng=3)
    here, there = sf.fit(GEV, x).model, sf.fit(GEV, unit * (x + shift)).model
    assert there.location == pytest.approx(unit * (here.location + shift), rel=1e-9, abs=1e-8 * unit)
    assert there.scale == pytest.approx(unit * here.scale, rel=1e-8)
    assert there.shape == pytest.approx(here.shape, abs=1e-8)


@pytest.mark.parametrize("shape", [-0.4, 0.0, 0.5])
def test_fixed_parameters_leave_the_maximum_in_the_others(shape):
    x = GEV(30.0, 7.0, shape).sample(100, rng=8)
    for fixed in (
        {"shape": 0.0},
        {"shape": -0.5},
        {"shape": 1.5},
        {"location": 28.0},
        {"location": 40.0},
        {"scale": 10.0},
        {"scale": 5.0, "location": 29.0},
        {"location": 31.0, "shape": 0.1},
        {"scale": 3.0, "shape": -0.1},
        {"scale": 30.0, "shape": 0.4},
    ):
        fit = sf.fit(GEV, x, fixed=fixed)
        assert fit.certificate.status == "maximum", fixed
        theta = np.array(fit.model.theta)
        for i, name in enumerate(("location", "scale", "shape")):
            assert name not in fixed or theta[i] == pytest.approx(fixed[name], rel=1e-15)
            for step in (-1e-4, 1e-4) if name not in fixed else ():
                moved = theta + step * np.eye(3)[i] * (1.0 if i == 2 else theta[1])
                assert GEV(*moved).logpdf(x).sum() < fit.log_likelihood
    assert sf.fit(GEV, x, fixed={"shape": 0.0}).model.theta[:2] == pytest.approx(sf.fit(sf.Gumbel, x).model.theta)


@pytest.mark.parametrize("shape", [-0.45, -0.2, 0.6])
def test_ends_of_the_data_that_a_sample_missed_are_no_obstacle(shape):
    x = GEV(10.0, 3.0, shape).sample(60_000, rng=4)
    fit = sf.fit(GEV, x)
    assert fit.certificate.status == "maximum"
    assert fit.model.shape == pytest.approx(shape, abs=0.02)
    assert fit.log_likelihood >= GEV(10.0, 3.0, shape).logpdf(x).sum()
    weights = np.ones(len(x))
    weights[[np.argmax(x), np.argmin(x)]] = 0.0
    assert sf.fit(GEV, x, weights=weights).certificate.status == "maximum"


def test_standard_errors_are_withheld_where_theory_has_none():
    fit = sf.fit(GEV, GEV(10.0, 3.0, -0.8).sample(500, rng=1))
    assert fit.certificate.status == "maximum"
    assert fit.model.shape < -0.5
    with pytest.raises(NotAvailableError, match=r"the shape -0.* is not above -1/2, .* \(Smith 1985\)"):
        _ = fit.standard_errors
    with pytest.raises(NotAvailableError, match="Smith 1985"):
        fit.robust_standard_errors()
    assert "not asymptotically normal" in " ".join(str(fit).split())


def test_data_whose_likelihood_is_highest_at_the_lowest_shape_are_refused_with_the_edge():
    x = 5.0 - np.random.default_rng(3).exponential(size=40) ** 1.5
    with pytest.raises(
        NoMaximumError, match=r"-1 ≤ shape ≤ 2 .* highest at the edge in shape, .* as an end of the support"
    ):
        sf.fit(GEV, x)
    assert sf.fit(GEV, x, fixed={"shape": -0.4}).certificate.status == "maximum"
    for shape in (-1.0, -1.5):
        with pytest.raises(NoMaximumError, match="no interior maximum: it is highest as the upper end comes to"):
            sf.fit(GEV, x, fixed={"shape": shape})


def test_many_equal_smallest_values_are_refused_with_the_edge():
    x = np.concatenate([np.zeros(60), sf.Gamma(0.5, 1.0).sample(40, rng=1)])
    with pytest.raises(NoMaximumError, match=r"highest at the edge in (scale|shape), .* fix shape with"):
        sf.fit(GEV, x)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_so_few_rows_have_no_maximum(n):
    with pytest.raises(NoMaximumError, match=r"grows without end|highest at the edge"):
        sf.fit(GEV, [10.0, 12.0, 17.0][:n])


@pytest.mark.parametrize("n", [4, 5, 8])
def test_a_few_rows_more_may_have_one(n):
    fit = sf.fit(GEV, [10.0, 12.0, 14.0, 19.0, 11.0, 13.0, 12.5, 16.0][:n])
    assert fit.certificate.status == "maximum"
    assert fit.certificate.gain < 1e-9


def test_constant_data_have_no_maximum_unless_the_scale_is_fixed():
    with pytest.raises(NoMaximumError, match="grows without end as scale → 0"):
        sf.fit(GEV, [2.5] * 4)
    assert sf.fit(GEV, [2.5] * 4, fixed={"scale": 2.0, "shape": 0.1}).certificate.status == "maximum"


def test_derivatives_hold_at_huge_values():
    # where 1 is nothing beside ξz: y = log(ξz)/ξ
    z, shape = 1e120, 1.5
    first, second = shape_derivatives(z, shape)
    log = np.log(shape * z)
    assert first == pytest.approx((1.0 - log) / shape**2, rel=1e-14)
    assert second == pytest.approx((2.0 * log - 3.0) / shape**3, rel=1e-14)
