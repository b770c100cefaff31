"""The skew normal: sums by its kernel, and samples whose likelihood has no finite maximum."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import fitted
from scipy import optimize, stats

import suffice as sf
from suffice.distributions.half_normal import HalfNormal
from suffice.distributions.inverse_mills_ratio import inverse_mills_ratio
from suffice.distributions.normal import Normal
from suffice.distributions.skew_normal import SkewNormal
from suffice.distributions.skew_normal_sums import skew_normal_likelihood
from suffice.errors import NoMaximumError, NotAvailableError
from suffice.statistics.likelihood_sums import LikelihoodSums


@pytest.mark.parametrize("shape", [0.0, 0.3, -2.0, 40.0, 1e6, -1e12])
def test_quantiles_invert_both_tails(shape):
    model = SkewNormal(0, 1, shape)
    p = np.array([1e-300, 1e-100, 1e-20, 1e-6, 0.01, 0.2, 0.5])
    assert np.abs(model.logcdf(model.icdf(p)) - np.log(p)).max() < 2e-12
    assert np.abs(model.logccdf(model.iccdf(p)) - np.log(p)).max() < 2e-12


def test_shape_zero_is_the_normal_and_an_infinite_shape_the_half_normal():
    x = np.array([-2.0, -0.1, 0.0, 0.3, 2.0, 9.0])
    for model, other in ((SkewNormal(1, 2, 0), Normal(1, 2)), (SkewNormal(0, 2, np.inf), HalfNormal(2))):
        assert model.logpdf(x) == pytest.approx(other.logpdf(x), rel=1e-14)
        assert model.logcdf(x) == pytest.approx(other.logcdf(x), rel=1e-13)
        assert model.logccdf(x) == pytest.approx(other.logccdf(x), rel=1e-13)
        for name in ("mean", "variance", "skewness", "kurtosis", "entropy"):
            assert getattr(model, name) == pytest.approx(getattr(other, name), rel=1e-10, abs=1e-12)
    assert SkewNormal(0, 1, -np.inf).cdf([-1.0, 0.0]) == pytest.approx([1 - HalfNormal(1).cdf(1.0), 1.0])
    assert list(SkewNormal(3, 1, np.inf).icdf([0.0, 1.0])) == [3.0, np.inf]


def test_the_inverse_mills_ratio_has_all_digits_far_down():
    u = np.array([-1e8, -300.0, -10.5, -9.5, -1.0, 3.0, 40.0])
    with mp.workdps(60):
        ratios = [mp.exp(-(mp.mpf(v) ** 2) / 2) / mp.sqrt(2 * mp.pi) / mp.ncdf(mp.mpf(v)) for v in u[1:]]
        slopes = [float(-r * (mp.mpf(v) + r)) for v, r in zip(u[1:], ratios, strict=True)]
    ratio, slope = inverse_mills_ratio(u)
    assert ratio[1:] == pytest.approx([float(r) for r in ratios], rel=1e-14)
    assert slope[1:] == pytest.approx(slopes, rel=1e-13)
    assert (ratio[0], slope[0]) == pytest.approx((1e8, -1.0), rel=1e-15)


@pytest.mark.parametrize("shape", [0.0, 0.7, -3.0, 60.0])
def test_the_kernel_gives_the_sums_of_the_general_form(shape):
    rng = np.random.default_rng(8)
    x, weights = 3.0 * rng.standard_normal(333), rng.integers(0, 3, 333).astype(float)
    theta = np.array([[0.2, 1.3, shape], [-1.0, 4.0, shape]])
    for given in (None, weights):
        kernel = skew_normal_likelihood(x, given, theta)
        general = LikelihoodSums(SkewNormal, theta)._of_derivatives(x, given, 2)
        assert kernel.weight == pytest.approx(general.weight)
        assert kernel.value == pytest.approx(general.value, rel=1e-13)
        assert kernel.gradient == pytest.approx(general.gradient, rel=1e-11, abs=1e-11)
        assert kernel.hessian == pytest.approx(general.hessian, rel=1e-11, abs=1e-11)


def profile(x, shape):
    """Return the largest log-likelihood at a shape by a method without derivatives."""

    def loss(point):
        return -stats.skewnorm.logpdf(x, shape, point[0], np.exp(point[1])).sum()

    starts = [[s, np.log(x.std())] for s in (x.min() - 0.01, x.min() + 0.1, x.mean())]
    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 2000}
    return max(-optimize.minimize(loss, s, method="Nelder-Mead", options=options).fun for s in starts)


def test_a_sample_whose_likelihood_rises_for_ever_has_no_finite_maximum():
    x = SkewNormal(0, 1, 5).sample(20, rng=0)
    fit = sf.fit(SkewNormal, x)
    assert fit.certificate.status == "no finite maximum"
    assert (fit.model.location, fit.model.shape) == (x.min(), np.inf)
    assert fit.model.scale == pytest.approx(np.sqrt(np.mean((x - x.min()) ** 2)), rel=1e-14)
    assert fit.model.logpdf(x).sum() == pytest.approx(fit.log_likelihood, rel=1e-14)
    assert (
        "shape → ∞ and location → the smallest value, where the family becomes the half-normal"
        in fit.certificate.reason
    )
    heights = [profile(x, shape) for shape in (2.0, 20.0, 300.0, 1e4)]
    assert heights == sorted(heights)
    assert heights[-1] < fit.log_likelihood < heights[-1] + 0.01
    with pytest.raises(NotAvailableError, match="no finite maximum"):
        _ = fit.standard_errors
    interval = fit.interval("shape")
    assert f"the likelihood is highest at location = {x.min():g}, shape = ∞" in interval.note
    low = interval.lower
    assert profile(x, low) == pytest.approx(fit.log_likelihood - 0.5 * 1.959963985**2, abs=1e-4)


def test_the_mirror_image_of_such_a_sample_has_none_either():
    x = SkewNormal(0, 1, 5).sample(20, rng=0)
    here, there = fitted(SkewNormal, x), fitted(SkewNormal, -x)
    assert there.model.theta == pytest.approx((-here.model.location, here.model.scale, -np.inf), rel=1e-14)
    assert there.value == pytest.approx(here.value, rel=1e-14)


def test_the_stationary_point_of_the_normal_is_taken_only_where_the_data_are_symmetric():
    quantiles = Normal(10, 3).icdf((np.arange(50) + 0.5) / 50)
    fit = sf.fit(SkewNormal, quantiles)
    assert (fit.certificate.status, fit.model.shape) == ("boundary", 0.0)
    assert fit.model.location == pytest.approx(10.0)
    for refused in (lambda: fit.standard_errors, lambda: fit.interval("shape")):
        with pytest.raises(NotAvailableError, match="at shape 0 the information is singular"):
            refused()
    assert str(fit).count("singular") == 1
    skewed = quantiles + 1e-3 * (quantiles - 10) ** 2
    fit = sf.fit(SkewNormal, skewed)
    assert fit.certificate.status == "maximum"
    assert fit.model.shape > 0.1
    assert fit.log_likelihood > sf.fit(Normal, skewed).log_likelihood + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_small_samples_are_fitted_at_least_as_well_as_by_scipy(seed):
    x = SkewNormal(0, 1, 2).sample(30, rng=seed)
    solution = fitted(SkewNormal, x)
    starts = ((0.0, x.mean(), x.std()), (5.0, x.min(), x.std()), (-5.0, x.max(), x.std()))
    best = max(stats.skewnorm.logpdf(x, *stats.skewnorm.fit(x, s[0], loc=s[1], scale=s[2])).sum() for s in starts)
    assert solution.value >= best - 1e-7
    assert solution.status in ("", "no finite maximum")


def test_one_value_or_two_lead_to_a_refusal_or_to_the_limit():
    with pytest.raises(NoMaximumError, match="is constant"):
        fitted(SkewNormal, [2.5, 2.5])
    assert fitted(SkewNormal, [1.0, 2.0]).status == "no finite maximum"


def test_a_fixed_infinite_shape_is_refused_with_what_to_do():
    with pytest.raises(NoMaximumError, match=r"fit HalfNormal to x - location, where .* the smallest value 1"):
        fitted(SkewNormal, [1.0, 2.0, 4.0], fixed={"shape": np.inf})


def test_a_fixed_location_below_the_data_leads_to_the_half_normal_from_there():
    x = np.array([1.0, 2.0, 4.0])
    solution = fitted(SkewNormal, x, fixed={"location": -1.0})
    assert solution.status == "no finite maximum"
    assert solution.model.theta == pytest.approx((-1.0, np.sqrt(np.mean((x + 1.0) ** 2)), np.inf), rel=1e-14)


@pytest.mark.parametrize("n", [700, 3000])
def test_the_side_of_the_skewness_is_that_of_all_rows_and_not_of_the_first(n):
    """The first rows may lean to the other side, and no search crosses shape 0."""
    rng = np.random.default_rng(3000)
    for _ in range(30):
        x = rng.normal(size=n)
        mean, deviation, skewness = x.mean(), x.std(), stats.skew(x)
        odds = np.cbrt(2.0 * abs(skewness) / (4.0 - np.pi)) ** 2
        unit = np.sign(skewness) * np.sqrt(odds / (1.0 + odds))
        delta, scale = unit / np.sqrt(2.0 / np.pi), deviation / np.sqrt(1.0 - unit * unit)
        by_moments = SkewNormal(mean - scale * unit, scale, delta / np.sqrt(1.0 - delta * delta))
        assert sf.fit(SkewNormal, x).log_likelihood >= by_moments.logpdf(x).sum() - 1e-8
