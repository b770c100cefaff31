"""Shifted, scaled and transformed families are those of mapped data, in every function and every answer."""

import numpy as np
import pytest
from scipy import special, stats

import suffice as sf
from suffice.errors import DataError, NoMaximumError, NotAvailableError, OutsideSupportError, ParameterError

SAME = [
    (sf.transformed(sf.Normal(1, 0.5), sf.maps.exp), sf.LogNormal(1, 0.5)),
    (sf.transformed(sf.Gamma(6, 40), sf.maps.power(-1)), sf.InverseGamma(6, 40)),
    (sf.transformed(sf.Gumbel(3, 0.5), sf.maps.given(np.sinh, np.arcsinh, lambda y: np.log(np.cosh(y)))), None),
    (sf.scaled(sf.Normal(3, 2), by=-2), sf.Normal(-6, 4)),
    (sf.shifted(sf.Normal(3, 2), by=5), sf.Normal(8, 2)),
    (sf.transformed(sf.Logistic(0, 1), sf.maps.expit), sf.Beta(1, 1)),
    (sf.transformed(sf.Exponential(2), sf.maps.sqrt), sf.Rayleigh(0.5)),
]
every_pair = pytest.mark.parametrize(("model", "same"), [pair for pair in SAME if pair[1] is not None], ids=repr)


@every_pair
def test_a_composition_that_has_a_name_is_that_family(model, same):
    x = np.concatenate([same.icdf([1e-12, 0.01, 0.4, 0.9, 1 - 1e-9]), [-1e300, -0.5, 0.0, 1e300]])
    for name in ("pdf", "cdf", "ccdf"):
        assert getattr(model, name)(x) == pytest.approx(getattr(same, name)(x), rel=1e-12, abs=1e-300), name
    inside = same.pdf(x) > 0
    for name in ("logpdf", "logcdf", "logccdf"):
        assert getattr(model, name)(x)[inside] == pytest.approx(getattr(same, name)(x)[inside], rel=1e-11, abs=1e-12)
    p = np.array([0.0, 1e-200, 0.01, 0.6, 1.0])
    assert model.icdf(p) == pytest.approx(same.icdf(p), rel=1e-11)
    assert model.iccdf(p[1:4]) == pytest.approx(same.iccdf(p[1:4]), rel=1e-11)
    assert (model.mean, model.standard_deviation) == pytest.approx((same.mean, same.standard_deviation), rel=1e-10)
    assert (model.skewness, model.kurtosis) == pytest.approx((same.skewness, same.kurtosis), rel=1e-9, abs=1e-10)
    assert model.entropy == pytest.approx(same.entropy, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    ("family", "same", "forward"),
    [
        (sf.transformed(sf.Normal, sf.maps.exp), sf.LogNormal, np.exp),
        (sf.transformed(sf.truncated(sf.Normal, lower=0), sf.maps.exp), sf.truncated(sf.LogNormal, lower=1), None),
    ],
    ids=repr,
)
def test_a_fit_gives_what_the_family_with_the_name_gives(family, same, forward):
    y = np.random.default_rng(1).normal(1.0, 0.6, 300)
    x = np.exp(np.abs(y) if forward is None else y)
    ours, theirs = sf.fit(family, x), sf.fit(same, x)
    assert ours.model.theta == pytest.approx(theirs.model.theta, rel=1e-9)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, rel=1e-12)
    assert (ours.certificate.status, ours.certificate.scope) == ("maximum", "global")
    assert ours.standard_errors == pytest.approx(theirs.standard_errors, rel=1e-8)
    for method in ("profile", "wald"):
        here, there = (fit.interval("sigma", method=method) for fit in (ours, theirs))
        assert (here.lower, here.upper) == pytest.approx((there.lower, there.upper), rel=1e-6)
    assert ours.robust_standard_errors() == pytest.approx(theirs.robust_standard_errors(), rel=1e-7)
    here, there = (fit.interval("mu", method="bootstrap", replicates=60, rng=4) for fit in (ours, theirs))
    assert (here.lower, here.upper) == pytest.approx((there.lower, there.upper), rel=1e-6)


def test_the_log_likelihood_is_in_the_unit_of_x():
    y = sf.Gamma(3, 0.1).sample(200, rng=2)
    plain = sf.fit(sf.Gamma, y)
    mirrored = sf.fit(sf.scaled(sf.Gamma, by=-2), -2 * y)
    assert mirrored.model.theta == pytest.approx(plain.model.theta, rel=1e-12)
    assert mirrored.log_likelihood == pytest.approx(plain.log_likelihood - 200 * np.log(2), rel=1e-13)
    assert mirrored.log_likelihood == pytest.approx(mirrored.model.logpdf(-2 * y).sum(), rel=1e-12)
    shifted = sf.fit(sf.shifted(sf.Gamma, by=10), y + 10)
    assert shifted.log_likelihood == pytest.approx(shifted.model.logpdf(y + 10).sum(), rel=1e-12)


def test_weights_count_in_the_slopes_too():
    x, w = np.array([1.5, 2.0, 2.5, 4.0, 7.0]), np.array([1.0, 0, 3, 2, 1])
    family = sf.transformed(sf.Weibull, sf.maps.sqrt)
    weighted, repeated = sf.fit(family, x, weights=w), sf.fit(family, np.repeat(x, w.astype(int)))
    assert weighted.model.theta == pytest.approx(repeated.model.theta, rel=1e-9)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-12)


def test_a_limit_of_the_family_is_one_of_the_mapped_family():
    x = np.exp(np.random.default_rng(1).uniform(size=300))
    fit = sf.fit(sf.transformed(sf.StudentT, sf.maps.exp), x)
    plain = sf.fit(sf.StudentT, np.log(x))
    assert fit.model.df == np.inf
    assert fit.certificate.reason == plain.certificate.reason
    here, there = fit.interval("df"), plain.interval("df")
    assert (here.lower, here.upper) == pytest.approx((there.lower, there.upper), rel=1e-6)


def test_counts_are_shifted_by_whole_numbers():
    fit = sf.fit(sf.shifted(sf.Poisson, by=3), [3.0, 4, 4, 5, 3])
    assert fit.model.base_mean == pytest.approx(0.8)
    assert fit.model.mean == pytest.approx(3.8)
    assert fit.log_likelihood == pytest.approx(stats.poisson(0.8).logpmf([0, 1, 1, 2, 0]).sum(), rel=1e-13)
    assert fit.model.support.describe() == "the integers from 3 on"
    with pytest.raises(OutsideSupportError, match="value 2 in row 2"):
        sf.fit(sf.shifted(sf.Poisson, by=3), [3.0, 2.0])
    with pytest.raises(ParameterError, match=r"shift must be a whole number, not 0\.5"):
        sf.shifted(sf.Poisson, by=0.5)


def test_a_moment_that_does_not_exist_is_said_to_be_infinite():
    assert sf.transformed(sf.Cauchy(0, 1), sf.maps.exp).mean == np.inf
    assert np.isnan(sf.scaled(sf.Cauchy(0, 1), by=3).mean)


def test_repr_and_names():
    model = sf.shifted(sf.scaled(sf.Gamma(2, 3), by=-1), by=5)
    assert repr(model) == "shifted(scaled(Gamma(shape=2, rate=3), by=-1), by=5)"
    assert str(model) == "p(x; shape, rate): shifted(scaled(Gamma, by=-1), by=5) with shape = 2, rate = 3"
    assert repr(sf.transformed(sf.Beta, sf.maps.logit)) == "transformed(Beta, logit)"
    assert model.support.describe() == "(-∞, 5)"
    with pytest.raises(NotAvailableError, match="every single value has probability 0"):
        model.pmf(1.0)


@pytest.mark.parametrize(
    ("compose", "message"),
    [
        (lambda: sf.transformed(sf.Normal, sf.maps.log), r"values on \(-∞, ∞\), and log maps those from 0 to inf only"),
        (lambda: sf.transformed(sf.Normal, np.exp), "needs a monotone map, such as sf.maps.exp"),
        (lambda: sf.transformed(sf.Poisson, sf.maps.sqrt), "families with a density; Poisson is of counts"),
        (lambda: sf.scaled(sf.Poisson, by=2), "families with a density; Poisson is of counts"),
        (lambda: sf.scaled(sf.Normal, by=0), "finite factor that is not 0"),
        (lambda: sf.shifted(sf.Weibull, by=None), "a threshold, for which the likelihood has no bound"),
        (lambda: sf.shifted(sf.Categorical, by=1), "family of one variable with numbers as parameters"),
    ],
)
def test_what_cannot_be_composed_is_refused_with_the_reason(compose, message):
    with pytest.raises(ParameterError, match=message):
        compose()


def test_constant_data_are_said_to_have_no_maximum_in_y():
    with pytest.raises(NoMaximumError, match=r"in y, where .* is of x = exp of y: column 'x' is"):
        sf.fit(sf.transformed(sf.Normal, sf.maps.exp), [2.0, 2.0, 2.0])


def test_the_logit_of_a_beta_has_both_tails():
    """X = log(Y/(1 − Y)) and −X, of a beta with both parameters exchanged, are the same law."""
    model, mirrored = (sf.transformed(sf.Beta(*theta), sf.maps.logit) for theta in ((2, 3), (3, 2)))
    x = np.array([-600.0, -40.0, -3.0, 0.0, 2.0, 36.0, 37.0, 40.0, 100.0, 600.0])
    assert model.logpdf(x) == pytest.approx(mirrored.logpdf(-x), rel=1e-13)
    assert model.logccdf(x) == pytest.approx(mirrored.logcdf(-x), rel=1e-12)
    # far out, log p is a straight line of slope −β, and log p − log P(X > x) = log β
    assert np.diff(model.logpdf(x[-2:])) == pytest.approx(-3 * np.diff(x[-2:]), rel=1e-14)
    assert model.logpdf(x[-3:]) - model.logccdf(x[-3:]) == pytest.approx(np.log(3), rel=1e-12)
    q = np.array([1e-200, 1e-30, 1e-9, 0.2])
    assert model.iccdf(q) == pytest.approx(-mirrored.icdf(q), rel=1e-13)
    assert model.ccdf(model.iccdf(q)) == pytest.approx(q, rel=1e-11)
    assert sf.scaled(model, by=-1).logpdf(-x) == pytest.approx(model.logpdf(x), rel=1e-14)


@pytest.mark.parametrize("theta", [(2, 3), (0.4, 0.4), (0.1, 0.3)])
def test_the_logit_of_a_beta_has_the_moments_that_polygammas_give(theta):
    model = sf.transformed(sf.Beta(*theta), sf.maps.logit)
    low, high = (special.polygamma(np.arange(4), value) for value in theta)
    sign = np.array([-1.0, 1.0, -1.0, 1.0])
    cumulants = low + sign * high
    assert (model.mean, model.variance) == pytest.approx(cumulants[:2], rel=1e-9, abs=1e-12)
    assert model.skewness == pytest.approx(cumulants[2] / cumulants[1] ** 1.5, rel=1e-8, abs=1e-9)
    assert model.kurtosis == pytest.approx(cumulants[3] / cumulants[1] ** 2, rel=1e-8)


def test_moments_of_logits_are_withheld_where_shares_have_no_digits_left():
    with pytest.raises(NotAvailableError, match=r"the share of which it is the logit is 0 or 1 in double"):
        _ = sf.transformed(sf.Beta(0.05, 0.3), sf.maps.logit).mean


def test_a_value_whose_share_is_1_in_double_precision_is_refused_with_its_reason():
    x = np.append(sf.transformed(sf.Beta(2, 3), sf.maps.logit).sample(50, rng=1), 50.0)
    with pytest.raises(DataError, match=r"for x = 50 that is 1 in double precision, outside \(0, 1\); leave such"):
        sf.fit(sf.transformed(sf.Beta, sf.maps.logit), x)


def test_a_truncated_share_has_the_tail_of_its_rest():
    share = sf.truncated(sf.Beta(2, 3), lower=0.2)
    model = sf.transformed(share, sf.maps.logit)
    x = np.array([-1.0, 0.5, 3.0])
    y = 1 / (1 + np.exp(-x))
    assert model.ccdf(x) == pytest.approx(share.ccdf(y), rel=1e-12)
    assert model.logpdf(x) == pytest.approx(share.logpdf(y) + np.log(y) + np.log1p(-y), rel=1e-12)
    assert model.logpdf(50.0) - model.logpdf(49.0) == pytest.approx(-3.0, rel=1e-13)
