"""The Gompertz distribution: tails, moments, and the growth of the hazard at 0."""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import assert_the_fit_is_the_maximum
from scipy import stats

import suffice as sf
from suffice.distributions.gompertz import Gompertz
from suffice.errors import DataError, NoMaximumError

MODELS = [(0.5, 2.0), (1e-12, 1.0), (3.0, 1e-8), (1e-5, 0.1), (100.0, 0.01), (2.0, 0.0)]


@pytest.mark.parametrize(("rate", "growth"), MODELS)
def test_the_density_and_both_tails_agree_with_many_digits(rate, growth):
    model = Gompertz(rate, growth)
    x = np.concatenate([model.icdf([1e-200, 1e-9, 0.1, 0.5]), model.iccdf([0.1, 1e-5, 1e-100])])
    with mp.workdps(130):
        a, b = mp.mpf(rate), mp.mpf(growth)
        hazard = [a * (mp.expm1(b * v) / b if b else v) for v in map(mp.mpf, x)]
        log_p = np.array([float(mp.log(a) + b * mp.mpf(v) - h) for v, h in zip(x, hazard, strict=True)])
        log_cdf = np.array([float(mp.log(-mp.expm1(-h))) for h in hazard])
        log_ccdf = np.array([-float(h) for h in hazard])
    condition = 1.0 + growth * x  # of exp(bx)
    assert np.all(np.abs(model.logpdf(x) - log_p) <= 1e-14 * (1.0 + np.abs(log_p) - log_ccdf * condition))
    assert np.all(np.abs(model.logccdf(x) / log_ccdf - 1.0) <= 1e-14 * condition)
    assert np.all(np.abs(model.logcdf(x) / log_cdf - 1.0) <= 1e-14 * condition * (1.0 - log_ccdf))


@pytest.mark.parametrize(("rate", "growth"), [(0.5, 2.0), (1e-12, 1.0), (3.0, 1e-8), (2.0, 0.0)])
def test_moments_and_entropy_agree_with_many_digits(rate, growth):
    model = Gompertz(rate, growth)
    with mp.workdps(30):
        a, b = mp.mpf(rate), mp.mpf(growth)
        points = [0, min(1e-6, rate), 1e-3, 0.1, 1, 4, 12, 40, 100]

        def moment(order):
            return mp.quad(lambda t: mp.exp(-t) * (mp.log1p(b * t / a) / b if b else t / a) ** order, points)

        mean, two, three, four = (moment(order) for order in (1, 2, 3, 4))
        variance = two - mean**2
        skewness = (three - 3 * mean * two + 2 * mean**3) / variance**1.5
        kurtosis = (four - 4 * mean * three + 6 * mean**2 * two - 3 * mean**4) / variance**2 - 3
        exact = [float(v) for v in (mean, variance, skewness, kurtosis, 1 - mp.log(a) - b * mean)]
    found = [model.mean, model.variance, model.skewness, model.kurtosis, model.entropy]
    assert found == pytest.approx(exact, rel=1e-12)


def test_a_rate_that_is_nearly_zero_gives_the_moments_of_a_gumbel_variable():
    model = Gompertz(1e-165, 1e192)
    assert model.mean * 1e192 == pytest.approx(np.log(10.0) * 357 - np.euler_gamma, rel=1e-13)
    assert model.standard_deviation * 1e192 == pytest.approx(np.pi / np.sqrt(6.0), rel=1e-12)
    assert (model.skewness, model.kurtosis) == pytest.approx((-1.1395470994046486, 2.4), rel=1e-10)
    assert np.all(np.abs(model.sample(5, rng=1) * 1e192 - 820.0) < 20.0)
    assert model.ccdf(model.iccdf(0.3)) == pytest.approx(0.3, rel=1e-11)


def test_it_is_the_gompertz_of_scipy_by_the_hazard():
    x = np.linspace(0.0, 4.0, 9)
    assert Gompertz(0.6, 2.0).logpdf(x) == pytest.approx(stats.gompertz.logpdf(x, 0.3, scale=0.5), rel=1e-12)


@pytest.mark.parametrize("truth", [(0.5, 2.0), (1e-5, 0.1)])
def test_a_fit_is_the_maximum_of_scipys_density(truth):
    x = Gompertz(*truth).sample(300, rng=1)
    fit = assert_the_fit_is_the_maximum(Gompertz, lambda v, a, b: stats.gompertz.logpdf(v, a / b, scale=1 / b), x)
    assert fit.certificate.scope == "global"


@pytest.mark.parametrize("x", [np.random.default_rng(1).gamma(0.5, 3.0, 100), [1.0, 1.0, 9.0], [0.0, 0.0, 2.0]])
def test_data_that_vary_more_than_an_exponential_put_the_growth_at_zero(x):
    fit = sf.fit(Gompertz, x)
    assert fit.certificate.status == "boundary"
    assert fit.certificate.reason == "the likelihood still rises as growth → 0, where the family becomes Exponential"
    assert fit.model.growth == 0.0
    assert fit.log_likelihood == pytest.approx(sf.fit(sf.Exponential, x).log_likelihood, rel=1e-13)


@pytest.mark.parametrize("less", [1e-1, 1e-3, 1e-5])
def test_data_that_vary_a_little_less_have_a_maximum_inside(less):
    # the mean is 1 and the mean of x² is 2 − less + less²/2
    x = np.array([2.0 - less, less, 2.0, 0.0])
    fit = sf.fit(Gompertz, x)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    many = np.geomspace(1e-9, 10.0, 200)
    best = max(Gompertz(len(x) / np.sum(np.expm1(b * x) / b), b).logpdf(x).sum() for b in many)
    assert fit.log_likelihood >= best - 1e-12


def test_constant_data_have_a_maximum_only_where_the_rate_is_fixed():
    for x, runs in ([3.0, 3.0], "growth → ∞ with rate → 0"), ([0.0, 0.0], "rate → ∞"):
        with pytest.raises(NoMaximumError, match=f"grows without end as {runs}; .* fix rate"):
            sf.fit(Gompertz, x)
    with pytest.raises(NoMaximumError, match="grows without end as rate → ∞"):
        sf.fit(Gompertz, [0.0, 0.0], fixed={"growth": 1.0})
    rate = sf.fit(Gompertz, [3.0, 3.0], fixed={"growth": 0.1}).model.rate
    assert rate == pytest.approx(0.1 / np.expm1(0.3), rel=1e-12)
    growth = sf.fit(Gompertz, [3.0, 3.0], fixed={"rate": 0.1}).model.growth
    assert Gompertz._derivatives(3.0, 0.1, growth)[0][1] == pytest.approx(0.0, abs=1e-9)


def test_a_value_far_beyond_the_rest_and_a_fixed_growth_of_zero():
    x = np.append(Gompertz(1e-3, 5.0).sample(200, rng=2), 4.0)
    assert sf.fit(Gompertz, x).certificate.status == "maximum"
    assert sf.fit(Gompertz, x, fixed={"growth": 0.0}).model.rate == pytest.approx(1.0 / x.mean(), rel=1e-12)


@pytest.mark.parametrize("fixed", [None, {"growth": 1100.0}])
def test_a_rate_too_small_for_doubles_is_refused_with_a_family_that_is_the_same_there(fixed):
    x = 1.0 - 1e-3 * np.random.default_rng(1).gumbel(size=50)
    with pytest.raises(DataError, match=r"below 1e-150.*fit sf\.scaled\(sf\.Gumbel, by=-1\)"):
        sf.fit(Gompertz, x, fixed=fixed)
    assert sf.fit(sf.scaled(sf.Gumbel, by=-1), x).certificate.status == "maximum"


def test_a_tiny_rate_that_doubles_hold_is_fitted():
    x = 1.0 - 4e-3 * np.random.default_rng(1).gumbel(size=50)
    fit, same = sf.fit(Gompertz, x), sf.fit(sf.scaled(sf.Gumbel, by=-1), x)
    assert fit.certificate.status == "maximum"
    assert fit.model.rate < 1e-90
    assert fit.log_likelihood == pytest.approx(same.log_likelihood, abs=1e-9)
