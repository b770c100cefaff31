"""Rows of weight zero are not there; fixed parameters that make the data impossible are refused."""

import numpy as np
import pytest

import suffice as sf
from suffice.errors import DataError, NoMaximumError, NotAvailableError, OutsideSupportError, ParameterError


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize("family", [sf.Normal, sf.Gamma, sf.StudentT, sf.Weibull, sf.LogNormal])
def test_a_weightless_row_does_not_hide_constant_data(family):
    with pytest.raises(NoMaximumError, match="constant: every value is 2"):
        sf.fit(family, [1.0, 2.0, 2.0, 2.0], weights=[0, 1, 1, 1])


@pytest.mark.parametrize("odd", [np.inf, np.nan, -5.0])
def test_a_weightless_row_may_hold_anything(odd, rng):
    x = rng.gamma(2.0, 1.0, 30)
    weights = np.ones(30)
    weights[7] = 0.0
    spoiled = np.where(weights == 0.0, odd, x)
    kept = sf.fit(sf.Gamma, x[weights > 0])
    fit = sf.fit(sf.Gamma, spoiled, weights=weights)
    assert fit.model.theta == pytest.approx(kept.model.theta, rel=1e-9)
    assert (fit.n, fit.dropped) == (29, 0)


def test_weightless_counts_lead_to_the_boundary():
    fit = sf.fit(sf.Poisson, [3, 0, 0, 0], weights=[0, 1, 1, 1])
    assert (fit.certificate.status, fit.model.mean) == ("boundary", 0.0)


def test_the_row_outside_the_support_is_the_row_of_the_file():
    with pytest.raises(OutsideSupportError, match="value -5 in row 4"):
        sf.fit(sf.Gamma, [1, np.nan, np.nan, -5, 2, 3], missing="drop")
    with pytest.raises(OutsideSupportError, match="value -5 in row 3"):
        sf.fit(sf.Gamma, [1, -7, -5, 2], weights=[1, 0, 1, 1])


@pytest.mark.parametrize("family", [sf.Poisson, sf.NegativeBinomial])
def test_fixed_parameters_under_which_the_data_are_impossible(family):
    with pytest.raises(DataError, match="impossible under the fixed mean = 0"):
        sf.fit(family, [3, 4, 5], fixed={"mean": 0})


def test_nothing_free_is_no_search():
    certificate = sf.fit(sf.Gamma, [1.0, 2.0], fixed={"shape": 2, "rate": 1}).certificate
    assert certificate.reason == "no parameter is free: nothing was sought"


def test_constant_data_collapse_on_a_fixed_location_only_where_it_is():
    with pytest.raises(NoMaximumError):
        sf.fit(sf.Normal, [3.0] * 4, fixed={"mu": 3.0})
    assert sf.fit(sf.Normal, [3.0] * 4, fixed={"mu": 2.0}).model.sigma == pytest.approx(1.0)


@pytest.mark.parametrize("family", [sf.Normal, sf.Gamma, sf.Weibull])
def test_the_bootstrap_of_frequencies_is_that_of_the_rows(family, rng):
    x = rng.gamma(2.0, 3.0, 40).round(2)
    weights = rng.integers(0, 6, 40)
    name = family.parameters[0].name
    first = sf.fit(family, x, weights=weights).bootstrap(1999, rng=1)[0][:, 0].std()
    second = sf.fit(family, np.repeat(x, weights)).bootstrap(1999, rng=2)[0][:, 0].std()
    # the Monte Carlo error of a ratio of two standard deviations from 1,999 draws is 2.2 %
    assert first / second == pytest.approx(1.0, abs=0.1), name


def test_poisson_counts_have_their_means_and_variances():
    from suffice.statistics.wrappers import poisson_counts

    means = np.array([0.0, 0.3, 1.0, 7.0, 2e4])
    counts = poisson_counts(3, 0, 0, 20_000, 0, 5, means)
    spread = np.sqrt(means / 20_000)
    assert np.all(np.abs(counts.mean(axis=0) - means) <= 4.5 * spread)
    assert counts.var(axis=0) == pytest.approx(means, rel=0.06)


def test_a_wald_interval_keeps_its_width_far_from_zero(rng):
    fit = sf.fit(sf.Normal, 1e11 + rng.normal(size=400))
    lower, upper = fit.interval("mu", method="wald")
    assert upper - lower == pytest.approx(2 * 1.959963984540054 * fit.standard_errors["mu"], rel=1e-3)
    quantile = fit.interval(lambda m: m.icdf(0.9), method="wald")
    near = sf.fit(sf.Normal, fit.origin.source.values[:, 0] - 1e11).interval(lambda m: m.icdf(0.9), method="wald")
    assert quantile.upper - quantile.lower == pytest.approx(near.upper - near.lower, rel=1e-3)


def test_a_step_has_no_wald_interval(rng):
    fit = sf.fit(sf.Poisson, rng.poisson(3, 50))
    with pytest.raises(NotAvailableError, match="does not change smoothly"):
        fit.interval(lambda m: m.icdf(0.99), method="wald")


def test_an_end_at_the_limit_is_only_taken_where_the_likelihood_is_lower_all_along():
    x = [0.4500764557700606, 3.615567868468497, 0.8713273281741123, 0.006589474251862234, 0.21366363393867915]
    fit = sf.fit(sf.StudentT, x)
    with pytest.raises(NotAvailableError, match="higher likelihood than at the maximum"):
        fit.interval("scale", method="profile")


def test_standard_errors_do_not_square_a_tiny_unit(rng):
    x = rng.weibull(2.0, 50)
    fit, tiny = sf.fit(sf.Weibull, x), sf.fit(sf.Weibull, x * 2.0**-530)
    assert tiny.standard_errors["scale"] * 2.0**530 == pytest.approx(fit.standard_errors["scale"], rel=1e-6)


def test_a_source_made_elsewhere_may_bring_weights():
    from suffice.sources import as_source

    with pytest.raises(NoMaximumError, match="constant: every value is 2"):
        sf.fit(sf.Normal, as_source([1.0, 2.0, 2.0, 2.0], weights=[0, 1, 1, 1]))


@pytest.mark.parametrize("method", [None, "profile", "wald", "robust", "bootstrap", "bca"])
def test_a_model_that_was_fixed_has_no_interval_and_the_reason_is_said(method):
    fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0], fixed={"mu": 2.0, "sigma": 1.0})
    said = r"every parameter of Normal was fixed, .* mean has no uncertainty: it is 2, as assumed; fit without fixed="
    with pytest.raises(NotAvailableError, match=said):
        fit.interval(sf.targets.mean(), method=method)
    with pytest.raises(NotAvailableError, match="function of the model has no uncertainty"):
        fit.interval(lambda m: m.mu + m.sigma, method=method)
    with pytest.raises(ParameterError, match="mu was fixed and has no interval; no parameter is free"):
        fit.interval("mu", method=method)


def test_a_model_that_was_fixed_has_no_standard_errors():
    fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0], fixed={"mu": 2.0, "sigma": 1.0})
    assert (fit.standard_errors, fit.robust_standard_errors()) == ({}, {})
    assert "0 free parameters" in str(fit)


def test_the_names_of_what_has_an_interval_are_those_that_were_estimated():
    x = [1.0, 2.0, 4.0]
    with pytest.raises(ParameterError, match="no free parameter 'upper'; the free parameters are: low, high"):
        sf.fit(sf.Uniform, x).interval("upper")
    with pytest.raises(ParameterError, match="low was fixed and has no interval; the free parameters are: high"):
        sf.fit(sf.Uniform, x, fixed={"low": 0.0}).interval("low")


@pytest.mark.parametrize("total", [0.5, 1e-6])
def test_weights_of_less_than_one_row_give_estimates_and_nothing_more(total):
    x = np.array([1.0, 2.0, 4.0, 5.0])
    fit, counted = sf.fit(sf.Normal, x, weights=np.full(4, total / 4)), sf.fit(sf.Normal, x)
    assert fit.model.theta == pytest.approx(counted.model.theta)
    asked = [lambda: fit.standard_errors, lambda: fit.robust_standard_errors(), lambda: fit.interval("mu")]
    for ask in asked:
        with pytest.raises(NotAvailableError, match=f"the weights sum to {total:g}, less than one row; they are taken"):
            ask()
    assert np.isnan(fit.bic)
    text = " ".join(str(fit).split())
    assert "BIC withheld" in text
    assert "if they are shares, multiply them by the number of rows" in text
    with pytest.raises(NotAvailableError, match="BIC does not rank by less than one row"):
        sf.compare([sf.Normal, sf.Gamma], x, weights=np.full(4, total / 4))
    assert len(sf.compare([sf.Normal, sf.Gamma], x, weights=np.full(4, total / 4), criterion="aic")) == 2


def test_shares_that_sum_to_1_are_one_row_whatever_the_rounding():
    fit = sf.fit(sf.Exponential, np.arange(1.0, 21.0), weights=np.full(20, 0.05) * (1 - 1e-12))
    assert fit.standard_errors["rate"] == pytest.approx(fit.model.rate)
    assert "if they are shares, multiply them" in " ".join(str(fit).split())
