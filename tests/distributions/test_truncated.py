"""Truncated families: agreement with others, far tails, maxima that exist and suprema that do not."""

import numpy as np
import pytest
from catalogue import fitted
from scipy import optimize, special, stats

import suffice as sf
from suffice.distributions.composed_model import ComposedModel
from suffice.errors import NoMaximumError, NotAvailableError, OutsideSupportError, ParameterError

INF = np.inf


@pytest.mark.parametrize(
    ("model", "reference"),
    [
        (sf.truncated(sf.Normal(0.3, 2), -1, 3), stats.truncnorm(-0.65, 1.35, 0.3, 2)),
        (sf.truncated(sf.Normal(0, 1), 1, 9), stats.truncnorm(1, 9)),
        (sf.truncated(sf.Exponential(0.5), upper=3), stats.truncexpon(1.5, scale=2)),
        (sf.truncated(sf.Weibull(1.5, 2), 1, 4), stats.truncweibull_min(1.5, 0.5, 2, scale=2)),
    ],
    ids=lambda value: repr(value) if isinstance(value, ComposedModel) else "scipy",
)
def test_functions_agree_with_scipy(model, reference):
    x = np.linspace(*reference.ppf([0.001, 0.999]), 7)
    assert model.logpdf(x) == pytest.approx(reference.logpdf(x), rel=1e-10, abs=1e-12)
    assert model.cdf(x) == pytest.approx(reference.cdf(x), rel=1e-10)
    assert model.ccdf(x) == pytest.approx(reference.sf(x), rel=1e-10)
    assert model.icdf([0.01, 0.5, 0.99]) == pytest.approx(reference.ppf([0.01, 0.5, 0.99]), rel=1e-9)
    mean, variance, skewness, kurtosis = (float(v) for v in reference.stats("mvsk"))
    assert model.mean == pytest.approx(mean, rel=1e-9)
    assert model.variance == pytest.approx(variance, rel=1e-8)
    assert (model.skewness, model.kurtosis) == pytest.approx((skewness, kurtosis), abs=1e-6)
    assert model.entropy == pytest.approx(float(reference.entropy()), rel=1e-8)


def test_a_window_far_in_a_tail_is_an_exponential():
    """Beyond 300 σ the normal excess is exponential with the rate 300, to 1 part in 300²."""
    model = sf.truncated(sf.Normal(0, 1), lower=300)
    assert model.logpdf(300) == pytest.approx(np.log(300), abs=2e-5)
    assert model.mean - 300 == pytest.approx(1 / 300, rel=3e-5)
    assert model.icdf(0.5) - 300 == pytest.approx(np.log(2) / 300, rel=3e-5)
    assert model.logccdf(model.iccdf(1e-300)) == pytest.approx(np.log(1e-300), rel=1e-11)


def test_truncating_twice_is_truncating_once():
    twice = sf.truncated(sf.truncated(sf.Gamma(2, 1), lower=1), upper=4)
    once = sf.truncated(sf.Gamma(2, 1), 1, 4)
    x = np.array([0.5, 1.0, 1.5, 3.0, 4.0, 4.5])
    assert np.array_equal(twice.pdf(x) > 0, [False, True, True, True, True, False])
    assert twice.logpdf(x[1:5]) == pytest.approx(once.logpdf(x[1:5]), rel=1e-13, abs=1e-14)
    assert twice.icdf(0.3) == pytest.approx(once.icdf(0.3), rel=1e-13)


def test_a_heavy_tail_that_stays_has_no_mean():
    assert sf.truncated(sf.Cauchy(0, 1), lower=0).mean == INF
    assert sf.truncated(sf.Cauchy(0, 1), upper=0).mean == -INF
    assert sf.truncated(sf.Cauchy(0, 1), -1, 1).mean == pytest.approx(0.0, abs=1e-14)
    # E x² = 4/π − 1 between −1 and 1
    assert sf.truncated(sf.Cauchy(0, 1), -1, 1).variance == pytest.approx(4 / np.pi - 1, rel=1e-12)


def test_the_zero_truncated_poisson_solves_its_equation():
    """The mean of the data is λ/(1 − exp(−λ)) (Cohen 1960)."""
    x = sf.truncated(sf.Poisson(2.3), lower=1).sample(400, rng=1)
    fit = sf.fit(sf.truncated(sf.Poisson, lower=1), x)
    expected = optimize.brentq(lambda m: m / -np.expm1(-m) - x.mean(), 0.1, 10, xtol=1e-14)
    assert fit.model.base_mean == pytest.approx(expected, rel=1e-11)
    assert fit.model.mean == pytest.approx(x.mean(), rel=1e-11)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    m = expected
    information = len(x) * (x.mean() / m**2 - np.exp(-m) / np.expm1(-m) ** 2)
    assert fit.standard_errors["base_mean"] == pytest.approx(information**-0.5, rel=1e-9)


def test_moments_of_an_exponential_family_are_those_of_the_data_at_the_maximum():
    x = sf.truncated(sf.Normal(1, 2), 0, 4).sample(300, rng=3)
    model = fitted(sf.truncated(sf.Normal, 0, 4), x).model
    assert (model.mean, model.standard_deviation) == pytest.approx((x.mean(), x.std()), rel=1e-9)
    y = sf.truncated(sf.LogNormal(4, 0.5), lower=50).sample(300, rng=3)
    model = fitted(sf.truncated(sf.LogNormal, lower=50), y).model
    logs = sf.truncated(sf.Normal(model.mu, model.sigma), lower=np.log(50))
    assert (logs.mean, logs.standard_deviation) == pytest.approx((np.log(y).mean(), np.log(y).std()), rel=1e-9)


def with_coefficient_of_variation(value, n=300, seed=0):
    z = np.random.default_rng(seed).exponential(size=n)
    power = optimize.brentq(lambda p: (z**p).std() / (z**p).mean() - value, 0.2, 2.0)
    return 1000.0 * z**power


@pytest.mark.parametrize("variation", [0.6, 0.9, 0.97, 0.99])
def test_a_truncated_normal_has_a_maximum_where_the_variation_is_below_that_of_an_exponential(variation):
    """Castillo (1994), The singly truncated normal distribution, a non-steep exponential family."""
    x = with_coefficient_of_variation(variation)
    fit = sf.fit(sf.truncated(sf.Normal, lower=0), x)
    assert fit.certificate.status == "maximum"
    assert (fit.model.mean, fit.model.standard_deviation) == pytest.approx((x.mean(), x.std()), rel=1e-5)


@pytest.mark.parametrize("variation", [1.0, 1.01, 1.3])
def test_a_truncated_normal_has_no_maximum_where_it_is_not(variation):
    x = with_coefficient_of_variation(variation)
    fit = sf.fit(sf.truncated(sf.Normal, lower=0), x)
    assert fit.certificate.status == "no finite maximum"
    assert "the likelihood does not fall as mu → −∞: a limit of truncated(Normal, lower=0)" in fit.certificate.reason
    limit = sf.fit(sf.Exponential, x).log_likelihood
    assert "withheld" in str(fit)
    with pytest.raises(NotAvailableError, match="no interior maximum"):
        fit.interval("mu")
    # the supremum is approached, not reached
    assert limit - 5e-3 < fit.log_likelihood < limit + 1e-6


def test_very_near_that_edge_no_maximum_is_claimed_that_was_not_reached():
    fit = sf.fit(sf.truncated(sf.Normal, lower=0), with_coefficient_of_variation(0.9999))
    assert fit.certificate.status in ("not converged", "no finite maximum")


@pytest.mark.parametrize(
    ("family", "x", "towards"),
    [
        (sf.truncated(sf.Exponential, upper=1), [0.4, 0.8, 0.9], "rate → 0"),
        (sf.truncated(sf.Poisson, lower=1), [1.0, 1.0, 1.0], "base_mean → 0"),
        (sf.truncated(sf.Poisson, upper=3), [3.0, 3.0], "base_mean → ∞"),
        (sf.truncated(sf.Gamma, lower=1), 1.0 / np.linspace(0.01, 1.0, 60), "shape → 0"),
    ],
    ids=repr,
)
def test_a_supremum_at_the_end_of_the_parameters_is_no_maximum(family, x, towards):
    fit = sf.fit(family, x)
    assert fit.certificate.status == "no finite maximum"
    assert towards in fit.certificate.reason


def test_a_family_that_becomes_another_does_so_truncated_too():
    x = sf.truncated(sf.Binomial(10, 0.4), lower=1).sample(300, rng=1)
    fit = sf.fit(sf.truncated(sf.NegativeBinomial, lower=1), x)
    assert fit.model.size == INF
    assert fit.certificate.reason.endswith("where the family becomes truncated(Poisson, lower=1)")
    assert fit.model.base_mean == pytest.approx(sf.fit(sf.truncated(sf.Poisson, lower=1), x).model.base_mean, rel=1e-9)


def test_units_do_not_matter():
    x = sf.truncated(sf.Normal(1, 2), lower=0).sample(200, rng=5)
    here = sf.fit(sf.truncated(sf.Normal, lower=0.0), x)
    there = sf.fit(sf.truncated(sf.Normal, lower=1e6), 1e6 + 1e-3 * x)
    theta = (there.model.mu - 1e6) * 1e3, there.model.sigma * 1e3
    assert theta == pytest.approx(here.model.theta, rel=1e-6)
    assert there.log_likelihood == pytest.approx(here.log_likelihood + 200 * np.log(1e3), rel=1e-8)


def test_a_value_outside_the_window_is_named():
    with pytest.raises(OutsideSupportError, match=r"has the value -1 in row 2, but truncated\(Normal, lower=0\)"):
        sf.fit(sf.truncated(sf.Normal, lower=0), [1.0, -1.0, 2.0])
    with pytest.raises(OutsideSupportError, match="probability only on the integers from 1 on"):
        sf.fit(sf.truncated(sf.Poisson, lower=1), [1.0, 0.0, 2.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((sf.Normal,), "needs an end"),
        ((sf.Normal, 3, 1), "lower < upper, but lower = 3"),
        ((sf.Poisson, 3, 2), "lower ≤ upper, but lower = 3"),
        ((sf.Gamma, None, -1), r"probability only on \(0, ∞\), and none from -inf to -1"),
        ((sf.Normal, "a"), "lower must be a number, not 'a'"),
        ((sf.Normal, np.nan), "lower must be a number, not nan"),
        ((sf.MultivariateNormal, 0), "family of one variable .*, not MultivariateNormal"),
        ((3, 0), "family of one variable .*, not int"),
    ],
)
def test_what_cannot_be_truncated_is_refused_with_the_reason(arguments, message):
    with pytest.raises(ParameterError, match=message):
        sf.truncated(*arguments)


def test_a_parameter_that_is_called_as_a_moment_is_renamed():
    model = sf.truncated(sf.Poisson(2), lower=1)
    assert (model.base_mean, model.parameters[0].name) == (2.0, "base_mean")
    assert model.mean == pytest.approx(2 / -np.expm1(-2))
    with pytest.raises(ParameterError, match="has no parameter 'mean'; its parameters are base_mean"):
        sf.fit(sf.truncated(sf.Poisson, lower=1), [1.0, 2.0], fixed={"mean": 2})
    with pytest.raises(AttributeError, match="no attribute 'ppf'; it is called icdf here"):
        model.ppf  # noqa: B018


@pytest.mark.parametrize(
    ("family", "x"),
    [
        (sf.truncated(sf.VonMises, lower=-3.2), [np.pi, -np.pi, np.pi]),
        (sf.truncated(sf.Cauchy, lower=-100), [1.0, 1.0, 1.0, 1.0, 2.0, 5.0]),
        (sf.truncated(sf.Gompertz, lower=1), [2.0, 2.0, 2.0]),
    ],
    ids=["VonMises", "Cauchy", "Gompertz"],
)
def test_what_no_window_bounds_is_refused_as_without_one(family, x):
    with pytest.raises(NoMaximumError):
        sf.fit(family, x)


@pytest.mark.parametrize("move", [lambda family: family, lambda family: sf.scaled(family, by=-1)], ids=["", "mirrored"])
def test_a_window_about_a_kink_has_its_probability(move):
    """P(−a < Z ≤ b) = 1 − (e^−a + e^−b)/2 of a Laplace, and P(0 < Z ≤ b) = γ(1/β, bᵝ)/2 of a generalized normal."""
    low, high = (-0.3, 0.4) if move(sf.Laplace) is sf.Laplace else (-0.4, 0.3)
    laplace = sf.truncated(move(sf.Laplace(0, 1)), low, high)
    mass = 1 - 0.5 * (np.exp(-0.3) + np.exp(-0.4))
    assert laplace.pdf(0) == pytest.approx(0.5 / mass, rel=1e-14)
    ends = (0, 0.01) if move(sf.Laplace) is sf.Laplace else (-0.01, 0)
    peaked = sf.truncated(move(sf.GeneralizedNormal(0, 1, 0.2)), *ends)
    assert peaked.pdf(0) == pytest.approx(0.2 / special.gamma(5) / special.gammainc(5, 0.01**0.2), rel=1e-13)


def test_a_half_of_a_peaked_distribution_has_its_moments():
    half = sf.truncated(sf.GeneralizedNormal(0, 1, 0.2), lower=0)
    assert half.mean == pytest.approx(special.gamma(10) / special.gamma(5), rel=1e-12)
    assert half.entropy == pytest.approx(sf.GeneralizedNormal(0, 1, 0.2).entropy - np.log(2), rel=1e-13)


def test_a_heavy_tail_of_counts_is_the_whole_less_what_is_cut_off():
    """Σ k^(1 − a), k ≥ 2, is ζ(a − 1) − 1, and so on, though a thousand million values would have to be summed."""
    model = sf.truncated(sf.Zipf(3.5), lower=2)
    rest = [special.zeta(3.5 - r) - 1 for r in range(3)]
    mean = rest[1] / rest[0]
    assert model.mean == pytest.approx(mean, rel=1e-13)
    assert model.variance == pytest.approx(rest[2] / rest[0] - mean**2, rel=1e-12)
    assert np.isinf(model.skewness)
    # −ζ'(3.5) = Σ log k k^−3.5, summed to where the rest is (log n + 0.4)/(2.5 n^2.5)
    k = np.arange(2.0, 1e6)
    logs = np.sum(np.log(k) * k**-3.5) + (np.log(1e6) + 0.4) / 2.5 * 1e6**-2.5
    assert model.entropy == pytest.approx(np.log(rest[0]) + 3.5 * logs / rest[0], rel=1e-12)
    assert sf.truncated(sf.Zipf(2.5), lower=3).mean == pytest.approx(
        (special.zeta(1.5) - 1 - 2**-1.5) / (special.zeta(2.5) - 1 - 2**-2.5), rel=1e-13
    )
    assert sf.truncated(sf.Zipf(1.5), lower=3).mean == INF


def test_sums_over_a_heavy_tail_do_not_end_before_their_fourth_moments():
    model = sf.truncated(sf.Zipf(6.5), lower=2)
    e1, e2, e3, e4 = ((special.zeta(6.5 - r) - 1) / (special.zeta(6.5) - 1) for r in range(1, 5))
    variance = e2 - e1**2
    assert model.skewness == pytest.approx((e3 - 3 * e1 * e2 + 2 * e1**3) / variance**1.5, rel=1e-11)
    assert model.kurtosis + 3 == pytest.approx((e4 - 4 * e1 * e3 + 6 * e1**2 * e2 - 3 * e1**4) / variance**2, rel=1e-11)
    assert sf.truncated(sf.Zipf(5), lower=2).kurtosis == INF
