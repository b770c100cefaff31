"""One trial, and the failures before the first success: closed forms, tails and bounds."""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.errors import OutsideSupportError


@pytest.mark.parametrize("p", [1e-300, 1e-9, 0.3, 0.5, 1 - 2**-50])
def test_a_bernoulli_has_the_probabilities_and_moments_of_one_trial(p):
    model = sf.Bernoulli(p)
    assert list(model.logpmf([0, 1, 2, 0.5])) == [np.log1p(-p), np.log(p), -np.inf, -np.inf]
    assert list(model.logcdf([-1, 0, 0.5, 1])) == [-np.inf, np.log1p(-p), np.log1p(-p), 0.0]
    assert list(model.logccdf([-1, 0, 0.5, 1])) == [0.0, np.log(p), np.log(p), -np.inf]
    with mp.workdps(400):
        q = 1 - mp.mpf(p)
        assert model.entropy == pytest.approx(float(-p * mp.log(p) - q * mp.log(q)), rel=1e-14)
        assert model.variance == pytest.approx(float(p * q), rel=1e-14)
        assert model.skewness == pytest.approx(float((q - p) / mp.sqrt(p * q)), rel=1e-14)
        assert model.kurtosis == pytest.approx(float((1 - 6 * p * q) / (p * q)), rel=1e-14)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_certain_trial_varies_not_at_all(p):
    model = sf.Bernoulli(p)
    assert list(model.pmf([0, 1])) == [1.0 - p, p]
    assert (model.variance, model.entropy) == (0.0, 0.0)
    assert np.isnan([model.skewness, model.kurtosis]).all()
    assert list(model.sample(3, rng=0)) == [p] * 3


def test_the_share_of_ones_is_the_estimate_with_its_textbook_error():
    fit = sf.fit(sf.Bernoulli, [0, 1, 1, 0, 1], weights=[1, 2, 1, 5, 1])
    assert fit.model.p == pytest.approx(0.4, rel=1e-15)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    assert fit.standard_errors["p"] == pytest.approx(np.sqrt(0.24 / 10), rel=1e-12)
    assert fit.log_likelihood == pytest.approx(4 * np.log(0.4) + 6 * np.log(0.6), rel=1e-14)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_equal_trials_put_p_on_its_bound(value):
    fit = sf.fit(sf.Bernoulli, [value] * 4)
    assert (fit.model, fit.log_likelihood, fit.certificate.status) == (sf.Bernoulli(value), 0.0, "boundary")
    assert (
        fit.certificate.reason == f"every value is {value:g}, and the likelihood is highest at the bound p = {value:g}"
    )
    other = np.exp(-0.5 * stats.chi2.ppf(0.95, 1) / 4)
    assert [*fit.interval("p")] == pytest.approx((0.0, 1.0 - other) if value == 0 else (other, 1.0), rel=1e-6)


def test_a_trial_is_zero_or_one():
    with pytest.raises(OutsideSupportError, match="the integers from 0 to 1"):
        sf.fit(sf.Bernoulli, [0, 1, 2])


@pytest.mark.parametrize("p", [1e-12, 1e-6, 0.01, 0.3, 0.9, 1 - 2**-40])
def test_a_geometric_agrees_with_fifty_digits_in_both_tails(p):
    model = sf.Geometric(p)
    k = np.unique([0.0, 1.0, 2.0, 7.0, *model.icdf([1e-9, 0.1, 0.5]), *model.iccdf([1e-3, 1e-50, 1e-300]), 1e9])
    with mp.workdps(50):
        q = 1 - mp.mpf(p)
        tail = [(int(v) + 1) * mp.log(q) for v in k]
        np.testing.assert_allclose(model.logpmf(k), [float(mp.log(p) + int(v) * mp.log(q)) for v in k], rtol=1e-14)
        np.testing.assert_allclose(model.logccdf(k), [float(v) for v in tail], rtol=1e-14)
        np.testing.assert_allclose(
            model.logcdf(k), [float(mp.log1p(-mp.exp(v))) for v in tail], rtol=1e-12, atol=1e-320
        )
        entropy = -(q * mp.log(q) + p * mp.log(p)) / p
        assert model.entropy == pytest.approx(float(entropy), rel=1e-14)
        assert model.skewness == pytest.approx(float((2 - mp.mpf(p)) / mp.sqrt(q)), rel=1e-14)
        assert model.kurtosis == pytest.approx(float(6 + mp.mpf(p) ** 2 / q), rel=1e-14)
        assert model.standard_deviation == pytest.approx(float(mp.sqrt(q) / p), rel=1e-14)


def test_a_geometric_is_a_negative_binomial_of_size_one():
    k = np.arange(40.0)
    one, other = sf.Geometric(0.2), sf.NegativeBinomial(4.0, 1.0)
    assert one.logpmf(k) == pytest.approx(other.logpmf(k), rel=1e-13)
    x = [0, 1, 5, 3, 0, 2]
    fit = sf.fit(sf.Geometric, x)
    assert fit.model.p == pytest.approx(1.0 / (1.0 + np.mean(x)), rel=1e-14)
    assert fit.standard_errors["p"] == pytest.approx(fit.model.p * np.sqrt((1.0 - fit.model.p) / len(x)), rel=1e-10)
    assert fit.log_likelihood == pytest.approx(
        sf.fit(sf.NegativeBinomial, x, fixed={"size": 1}).log_likelihood, rel=1e-13
    )


def test_a_geometric_of_huge_and_of_rare_counts_has_its_maximum_inside():
    for x, mean in (([1e15, 3e14], 6.5e14), ([0.0] * 1000 + [1.0], 1 / 1001)):
        fit = sf.fit(sf.Geometric, x)
        assert fit.certificate.status == "maximum"
        assert fit.model.p == pytest.approx(1.0 / (1.0 + mean), rel=1e-12)


def test_all_zeros_put_the_probability_of_a_success_on_its_bound():
    fit = sf.fit(sf.Geometric, [0, 0, 0])
    assert (fit.model, fit.log_likelihood, fit.certificate.status) == (sf.Geometric(1), 0.0, "boundary")
    assert fit.certificate.reason == "every value is 0, and the likelihood is highest at the bound p = 1"
    assert list(fit.model.pmf([0, 1])) == [1.0, 0.0]
    assert list(fit.model.icdf([0.0, 0.5, 1.0])) == [0.0, 0.0, 0.0]
    assert list(fit.model.sample(2, rng=0)) == [0.0, 0.0]
    assert (fit.model.variance, fit.model.entropy) == (0.0, 0.0)


def test_draws_of_a_geometric_of_tiny_p_pass_what_an_integer_holds():
    assert sf.Geometric(1e-200).sample(100, rng=0).mean() == pytest.approx(1e200, rel=0.5)
