"""The inverse Gaussian against many digits, from the far lower to the far upper tail.

Measured for shape/mean from 1e-12 to 1e8: in both tails, probabilities and their logarithms are wrong by less than
5e-16 times their condition number (what rounding x alone does to them).
"""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.distributions.inverse_gaussian_tails import exponential_integral

RATIOS = [1e-12, 1e-6, 1e-3, 0.1, 0.5, 1, 3, 10, 100, 1e4, 1e8]
TAILS = np.array([1e-300, 1e-100, 1e-20, 1e-5, 0.01, 0.2, 0.45])


def log_tails(x, mean, shape):
    """Return log P(X ≤ x) and log P(X > x)."""
    x, m, s = mp.mpf(float(x)), mp.mpf(mean), mp.mpf(shape)
    with mp.workdps(80):
        a, b = [mp.sqrt(s / (2 * x)) * (x / m - sign) for sign in (1, -1)]
        product = mp.exp(2 * s / m) * mp.erfc(b) / 2
        lower, upper = mp.erfc(-a) / 2 + product, mp.erfc(a) / 2 - product
        logs = [mp.log(p) if p < 0.5 else mp.log1p(-q) for p, q in ((lower, upper), (upper, lower))]
        return [float(v) for v in logs]


@pytest.mark.parametrize("ratio", RATIOS)
def test_both_tails_agree_with_many_digits(ratio):
    model = sf.InverseGaussian(3.0, 3.0 * ratio)
    x = np.unique(np.concatenate([model.icdf(TAILS), model.iccdf(TAILS), [0.3, 3.0, 3.0001, 5.0]]))
    truth = np.array([log_tails(v, 3.0, 3.0 * ratio) for v in x]).T
    sizes = [1.0 + np.exp(np.log(x) + model.logpdf(x) - t) for t in truth]
    for i, (function, logarithm) in enumerate(((model.cdf, model.logcdf), (model.ccdf, model.logccdf))):
        seen = (truth[i] > -700.0) & (truth[i] < 0.0)
        error = np.abs(np.expm1(np.log(function(x[seen])) - truth[i][seen]))
        assert np.all(error <= (1e-14 + 4e-16 * np.abs(truth[i][seen])) * sizes[i][seen])
        known = (truth[i] < 0.0) & (truth[i] > -1e300)
        size = np.abs(truth[i][known])
        allowed = 1e-14 * (size + np.minimum(size, 1.0) * np.maximum(*sizes)[known])
        assert np.all(np.abs(logarithm(x[known]) - truth[i][known]) <= allowed)


@pytest.mark.parametrize("ratio", RATIOS)
def test_quantiles_invert_both_tails(ratio):
    model = sf.InverseGaussian(2.0, 2.0 * ratio)
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        x = quantile(TAILS)
        slope = np.exp(np.log(x) + model.logpdf(x) - logarithm(x))
        assert np.all(np.abs(logarithm(x) - np.log(TAILS)) <= 1e-13 + 1e-15 * np.abs(np.log(TAILS)) + 1e-15 * slope)


@pytest.mark.parametrize(("mean", "shape"), [(1, 1e-3), (3, 40), (0.01, 1e4), (1e6, 2e-3)])
def test_the_log_density_agrees_with_fifty_digits(mean, shape):
    model = sf.InverseGaussian(mean, shape)
    x = np.concatenate([model.icdf(TAILS), model.iccdf(TAILS)])
    with mp.workdps(50):
        m, s = mp.mpf(mean), mp.mpf(shape)
        exact = np.array(
            [float(mp.log(s / (2 * mp.pi * mp.mpf(v) ** 3)) / 2 - s * (v - m) ** 2 / (2 * m * m * v)) for v in x]
        )
    pull = np.abs(shape * (x - mean) * (x + mean) / (2 * mean**2 * x))
    assert np.all(np.abs(model.logpdf(x) - exact) <= 1e-15 * (4.0 + np.abs(exact) + 2 * np.abs(np.log(x)) + pull))


@pytest.mark.parametrize(("mean", "shape"), [(1, 1e-6), (1, 0.02), (7, 3), (1, 30), (1, 600), (0.2, 1e9)])
def test_the_entropy_agrees_with_fifty_digits(mean, shape):
    with mp.workdps(50):
        r = 2 * mp.mpf(shape) / mean
        expected = mp.log(2 * mp.pi * mp.e / shape) / 2 + 1.5 * (mp.log(mean) - mp.exp(r) * mp.e1(r))
    assert sf.InverseGaussian(mean, shape).entropy == pytest.approx(float(expected), rel=1e-14)


def test_the_two_forms_of_the_exponential_integral_meet():
    assert exponential_integral(50.0) == pytest.approx(exponential_integral(np.nextafter(50.0, 0.0)), rel=1e-14)


def test_draws_of_a_small_shape_are_positive_and_follow_the_distribution():
    # numpy's wald subtracts two numbers that agree in 12 digits here
    model = sf.InverseGaussian(1.0, 1e-9)
    x = model.sample(4000, rng=20261126)
    assert np.all(x > 0)
    assert stats.kstest(model.cdf(x), "uniform").pvalue > 1e-4


def test_the_estimates_are_the_closed_form_of_tweedie():
    x = np.array([0.4, 1.0, 1.1, 2.5, 7.0])
    fit = sf.fit(sf.InverseGaussian, x)
    shape = 1.0 / np.mean(1.0 / x - 1.0 / x.mean())
    assert fit.model.theta == pytest.approx((2.4, shape), rel=1e-13)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    expected = {"mean": np.sqrt(2.4**3 / shape / 5), "shape": shape * np.sqrt(2 / 5)}
    assert fit.standard_errors == pytest.approx(expected, rel=1e-11)


def test_the_shape_keeps_its_digits_far_from_zero():
    x = 1e9 + np.array([-3.0, -1.0, 0.0, 0.5, 2.0, 5.5])
    with mp.workdps(50):
        values = [mp.mpf(v) for v in x]
        shape = 1 / (sum(1 / v for v in values) / 6 - 6 / sum(values))
    fit = sf.fit(sf.InverseGaussian, x)
    assert fit.model.shape == pytest.approx(float(shape), rel=1e-13)
    assert fit.certificate.status == "maximum"


def test_merged_summaries_keep_the_digits_far_from_zero():
    x = 1e9 + np.random.default_rng(3).normal(size=1000)
    whole = sf.fit(sf.InverseGaussian, x).model
    parts = sf.summarize(x[:300], sf.InverseGaussian).merge(sf.summarize(x[300:], sf.InverseGaussian))
    assert sf.fit(sf.InverseGaussian, parts).model.theta == pytest.approx(whole.theta, rel=1e-12)


def test_a_fixed_parameter_leaves_the_closed_form_of_the_other():
    x = np.array([0.4, 1.0, 1.1, 2.5, 7.0])
    fit = sf.fit(sf.InverseGaussian, x, fixed={"mean": 1.5})
    assert fit.model.shape == pytest.approx(1.0 / np.mean((x / 1.5 - 1.0) ** 2 / x), rel=1e-12)
    assert sf.fit(sf.InverseGaussian, x, fixed={"shape": 1e-3}).model.mean == pytest.approx(2.4, rel=1e-12)
