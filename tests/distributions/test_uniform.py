"""The uniform distribution between two ends: exact to rounding, and fitted by its extreme rows."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.errors import NoMaximumError, OutsideSupportError, ParameterError
from suffice.statistics import Extremes

THETA = [(0.0, 1.0), (-3.0, 0.5), (1e9, 1e9 + 1.0), (-1e-300, 2e-300), (-1e300, 1e-300), (0.0, 5e-324)]
LARGEST = np.finfo(float).max


@pytest.mark.parametrize("theta", [*THETA, (-LARGEST, LARGEST)])
def test_probabilities_agree_with_fractions(theta):
    model, (low, high) = sf.Uniform(*theta), map(Fraction, theta)
    for share in (0.0, 1e-9, 0.1, 0.5, 0.77, 1.0):
        x = min(max(float(low + (high - low) * Fraction(share)), theta[0]), theta[1])
        below = (Fraction(x) - low) / (high - low)
        assert model.cdf(x) == pytest.approx(float(below), rel=1e-15, abs=0.0)
        assert model.ccdf(x) == pytest.approx(float(1 - below), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("theta", [*THETA, (-LARGEST, LARGEST)])
def test_quantiles_begin_and_end_at_the_ends_and_stay_inside(theta):
    model = sf.Uniform(*theta)
    p = np.array([0.0, 1e-300, 1e-17, 0.3, 0.5, 0.9, 1.0 - 1e-16, 1.0])
    for x in (model.icdf(p), model.iccdf(1.0 - p)):
        assert (x[0], x[-1]) == theta
        assert np.all((x >= theta[0]) & (x <= theta[1]) & (np.diff(x, prepend=-np.inf) >= 0))
    assert model.iccdf(1e-3) == pytest.approx(model.icdf(0.999), rel=1e-13)


def test_it_agrees_with_scipy():
    model, other = sf.Uniform(2.0, 5.0), stats.uniform(2.0, 3.0)
    x = np.array([1.9, 2.0, 2.1, 4.9, 5.0, 5.1])
    assert model.pdf(x) == pytest.approx(other.pdf(x), rel=1e-14)
    assert model.logcdf(x[1:]) == pytest.approx(other.logcdf(x[1:]), rel=1e-14)
    moments = (model.mean, model.variance, model.skewness, model.kurtosis)
    assert moments == pytest.approx(other.stats(moments="mvsk"), rel=1e-14)
    assert model.entropy == pytest.approx(float(other.entropy()), rel=1e-14)


def test_a_width_beyond_the_range_of_numbers_has_a_finite_logarithm():
    model = sf.Uniform(-LARGEST, LARGEST)
    assert model.logpdf(0.0) == pytest.approx(-np.log(LARGEST) - np.log(2), rel=1e-15)
    assert model.entropy == -model.logpdf(0.0)
    errors = sf.fit(sf.Uniform, [-LARGEST, 0.0, LARGEST]).standard_errors
    assert errors["high"] == pytest.approx(LARGEST * 0.5 * np.sqrt(0.6), rel=1e-14)
    assert (model.mean, model.standard_deviation) == (0.0, pytest.approx(LARGEST / np.sqrt(3)))


def test_the_ends_must_be_in_order():
    for low, high in ((2.0, 1.0), (2.0, 2.0)):
        with pytest.raises(ParameterError, match=r"Uniform: high must be above low, not low = 2 and high = "):
            sf.Uniform(low, high)
    with pytest.raises(ParameterError, match="high must be above low"):
        sf.fit(sf.Uniform, [3.0], fixed={"low": 4.0, "high": 2.0})


def test_the_fit_is_the_smallest_and_the_largest_row_on_the_boundary():
    x = sf.Uniform(2.0, 5.0).sample(300, rng=1)
    fit = sf.fit(sf.Uniform, x)
    assert fit.model == sf.Uniform(x.min(), x.max())
    assert fit.log_likelihood == pytest.approx(-300 * np.log(np.ptp(x)), rel=1e-14)
    assert (fit.certificate.status, fit.certificate.scope) == ("boundary", "global")
    assert "on average (high - low)/(n + 1) inside the true end" in fit.certificate.reason
    assert fit.estimated == {"low": x.min(), "high": x.max()}
    assert (fit.free_parameters, fit.aic) == (2, 4.0 - 2.0 * fit.log_likelihood)


def test_one_end_may_be_fixed():
    x = sf.Uniform(2.0, 5.0).sample(30, rng=1)
    fit = sf.fit(sf.Uniform, x, fixed={"low": 2.0})
    assert (fit.model, fit.free_parameters) == (sf.Uniform(2.0, x.max()), 1)
    assert fit.interval("high").upper == pytest.approx(2.0 + (x.max() - 2.0) * 0.05 ** (-1 / 30), rel=1e-14)
    assert sf.fit(sf.Uniform, [4.0], fixed={"low": 2.0}).model == sf.Uniform(2.0, 4.0)
    both = sf.fit(sf.Uniform, x, fixed={"low": 1.0, "high": 6.0})
    assert both.log_likelihood == pytest.approx(-30 * np.log(5.0), rel=1e-14)
    with pytest.raises(OutsideSupportError, match="value 1 in row 2"):
        sf.fit(sf.Uniform, [3.0, 1.0, 4.0], fixed={"low": 2.0})


def test_constant_data_have_no_maximum():
    with pytest.raises(NoMaximumError, match=r"every value is 2.5, and the likelihood of Uniform grows without end"):
        sf.fit(sf.Uniform, [2.5, 2.5, 2.5])
    with pytest.raises(NoMaximumError, match="grows without end as high → it"):
        sf.fit(sf.Uniform, [2.5, 2.5, 2.5], fixed={"low": 2.5})
    assert sf.fit(sf.Uniform, [2.5, 2.5], fixed={"low": 2.0}).model == sf.Uniform(2.0, 2.5)


def test_merged_summaries_give_the_fit_of_all_rows():
    x = sf.Uniform(2.0, 5.0).sample(100, rng=1)
    merged = sf.summarize(x[:30], sf.Uniform).merge(sf.summarize(x[30:], sf.Uniform))
    fit, whole = sf.fit(sf.Uniform, merged), sf.fit(sf.Uniform, x)
    assert (fit.model, fit.log_likelihood) == (whole.model, whole.log_likelihood)
    assert list(fit.interval("high")) == list(whole.interval("high"))


def test_rows_without_weight_do_not_stretch_the_ends():
    x, weights = np.array([1.0, 2.0, 4.0, 9.0]), np.array([0.0, 2.0, 1.0, 0.0])
    fit = sf.fit(sf.Uniform, x, weights=weights)
    assert (fit.model, fit.n) == (sf.Uniform(2.0, 4.0), 3.0)
    assert fit.interval("high").upper == pytest.approx(2.0 + 2.0 / np.sqrt(0.05), rel=1e-14)


def test_an_empty_block_is_the_identity_of_extremes():
    from suffice.sources.block import Block

    nothing, some = Extremes().observe(Block(np.empty((0, 1)))), Extremes().observe(Block(np.array([[3.0], [1.0]])))
    assert nothing.state.tolist() == [0.0, np.inf, -np.inf]
    assert nothing.merge(some).state.tolist() == some.merge(nothing).state.tolist() == [2.0, 1.0, 3.0]
