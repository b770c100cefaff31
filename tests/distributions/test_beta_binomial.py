"""The beta-binomial distribution: digits up to the binomial limit, moments, and fits with and without a maximum."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.errors import NoMaximumError
from suffice.statistics.tally import Tally

MODELS = [(10, 0.3, 5.0), (10, 0.3, 1e-9), (10, 1e-7, 1e12), (60, 0.9999, 1e8), (50, 0.3, 20.5), (1, 0.3, 2.0)]


def exact_log_mass(k, n, p, s):
    def rise(z, count):
        return mp.fsum(mp.log(z + i) for i in range(count))

    return mp.log(mp.binomial(n, k)) + rise(p * s, k) + rise((1 - p) * s, n - k) - rise(s, n)


@pytest.mark.parametrize(("n", "p", "s"), MODELS)
def test_the_mass_both_tails_and_moments_agree_with_many_digits(n, p, s):
    model = sf.BetaBinomial(n, p, s)
    k = np.arange(n + 1.0)
    with mp.workdps(400):
        log_p = [exact_log_mass(i, n, mp.mpf(p), mp.mpf(s)) for i in range(n + 1)]
        mass = [mp.exp(v) for v in log_p]
        log_lower = [float(mp.log(mp.fsum(mass[: i + 1]))) for i in range(n)]
        log_upper = [float(mp.log(mp.fsum(mass[i + 1 :]))) for i in range(n)]
        mean = mp.fsum(i * v for i, v in enumerate(mass))
        two, three, four = (mp.fsum((i - mean) ** r * v for i, v in enumerate(mass)) for r in (2, 3, 4))
        moments = [mean, two, three / two**1.5, four / two**2 - 3, -mp.fsum(v * mp.log(v) for v in mass)]
        expected = np.array([float(v) for v in log_p])
    np.testing.assert_allclose(model.logpmf(k), expected, rtol=1e-14, atol=1e-14)
    condition = 1.0 - np.array(log_lower), 1.0 - np.array(log_upper)
    assert np.all(np.abs(model.logcdf(k[:-1]) - log_lower) <= 1e-14 * condition[0])
    assert np.all(np.abs(model.logccdf(k[:-1]) - log_upper) <= 1e-14 * condition[1])
    np.testing.assert_allclose(model.logcdf(k[:-1]), log_lower, rtol=2e-13)
    np.testing.assert_allclose(model.logccdf(k[:-1]), log_upper, rtol=2e-13)
    found = [model.mean, model.variance, model.skewness, model.kurtosis, model.entropy]
    assert found == pytest.approx([float(v) for v in moments], rel=2e-14)


@pytest.mark.parametrize(("n", "p", "s"), [(10, 0.3, 5.0), (40, 0.02, 1e7), (9, 0.6, 1e-3)])
def test_derivatives_agree_with_many_digits(n, p, s):
    k = np.array([0.0, 1.0, n / 3.0 // 1.0, n - 1.0, n])
    first, second = sf.BetaBinomial._derivatives(k, float(n), p, s)
    found = np.array([first[1], first[2], second[3], second[4], second[5]])
    with mp.workdps(80):
        for column, i in enumerate(k):

            def log_mass(share, total, i=i):
                return exact_log_mass(int(i), n, share, total)

            orders = ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
            exact = [float(mp.diff(log_mass, (mp.mpf(p), mp.mpf(s)), order, h=mp.mpf(10) ** -25)) for order in orders]
            # in units of the coordinates p and log s, in which it is sought
            unit = np.array([p, s, p * p, p * s, s * s])
            np.testing.assert_allclose(found[:, column] * unit, exact * unit, rtol=1e-11, atol=1e-14 * n)


def test_it_is_the_betabinom_of_scipy_where_that_keeps_its_digits_and_tends_to_the_binomial():
    k = np.arange(11.0)
    model = sf.BetaBinomial(10, 0.4, 5.0)
    assert (model.alpha, model.beta) == (2.0, 3.0)
    np.testing.assert_allclose(model.logpmf(k), stats.betabinom.logpmf(k, 10, 2.0, 3.0), rtol=1e-12)
    limit, binomial = sf.BetaBinomial(10, 0.4, np.inf), sf.Binomial(10, 0.4)
    np.testing.assert_allclose(limit.logpmf(k), binomial.logpmf(k), rtol=1e-14)
    np.testing.assert_allclose(limit.logccdf(k[:-1]), binomial.logccdf(k[:-1]), rtol=1e-13)
    assert (limit.variance, limit.skewness, limit.kurtosis) == pytest.approx(
        (binomial.variance, binomial.skewness, binomial.kurtosis), rel=1e-14
    )
    np.testing.assert_allclose(sf.BetaBinomial(10, 0.4, 1e15).logpmf(k), binomial.logpmf(k), rtol=1e-13)


def test_constants_at_both_ends():
    for p, value in ((0.0, 0.0), (1.0, 10.0)):
        model = sf.BetaBinomial(10, p, 3.0)
        assert (model.pmf(value), model.entropy, model.variance) == (1.0, 0.0, 0.0)
        assert np.isnan([model.skewness, model.kurtosis]).all()
        assert list(model.sample(3, rng=1)) == [value] * 3
        assert model.icdf(0.5) == value


@pytest.mark.parametrize(("n", "p", "s"), [(10, 0.3, 5.0), (20, 0.2, 0.4), (1000, 0.3, 30.0)])
def test_a_fit_is_as_high_as_another_maximisation_in_alpha_and_beta(n, p, s):
    x = sf.BetaBinomial(n, p, s).sample(150, rng=1)
    fit = sf.fit(sf.BetaBinomial.of(n=n), x)

    def minus(theta):
        return -stats.betabinom.logpmf(x, n, *np.exp(theta)).sum()

    runs = [optimize.minimize(minus, start, method="Nelder-Mead") for start in ([0.0, 0.0], [2.0, 3.0])]
    best = min(runs, key=lambda run: run.fun)
    assert fit.certificate.status == "maximum"
    assert fit.log_likelihood >= -best.fun - 1e-8
    assert (fit.model.alpha, fit.model.beta) == pytest.approx(np.exp(best.x), rel=1e-3)
    assert fit.log_likelihood > sf.fit(sf.Binomial.of(n=n), x).log_likelihood


def test_boys_among_twelve_children_in_saxony_have_the_published_fit():
    # Geissler (1889), of 6,115 families; log-likelihood −12492.9, AIC 24989.74, of the binomial 25070.34
    families = [3.0, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]
    fit = sf.fit(sf.BetaBinomial.of(n=12), np.arange(13.0), weights=families)
    assert (fit.model.alpha, fit.model.beta) == pytest.approx((34.1028576158, 31.5782341550), rel=1e-10)
    assert fit.log_likelihood == pytest.approx(-12492.9, abs=0.05)
    assert fit.aic == pytest.approx(24989.74, abs=0.005)
    assert sf.fit(sf.Binomial.of(n=12), np.arange(13.0), weights=families).aic == pytest.approx(25070.34, abs=0.006)


def test_counts_with_too_many_distinct_values_are_fitted_by_passes(monkeypatch):
    x = sf.BetaBinomial(500, 0.4, 6.0).sample(800, rng=1)
    expected = sf.fit(sf.BetaBinomial.of(n=500), x).model.theta
    monkeypatch.setattr(sf.BetaBinomial, "sufficient", Tally(capacity=10))
    assert sf.fit(sf.BetaBinomial.of(n=500), x).model.theta == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("x", [[3, 3, 3], [2, 3, 4, 3, 3], [5], [0, 1, 0, 1, 0]])
def test_data_without_overdispersion_lead_to_the_binomial(x):
    fit = sf.fit(sf.BetaBinomial.of(n=10), x)
    binomial = sf.fit(sf.Binomial.of(n=10), x)
    assert fit.certificate.status == "no finite maximum"
    assert (
        fit.certificate.reason == "the likelihood still rises as concentration → ∞, where the family becomes Binomial"
    )
    assert fit.model.theta == pytest.approx((10, binomial.model.p, np.inf), rel=1e-14)
    assert fit.log_likelihood == pytest.approx(binomial.log_likelihood, rel=1e-13)


@pytest.mark.parametrize("excess", [1.0, 1e-2, 1e-4])
def test_the_smallest_overdispersion_gives_an_interior_maximum(excess):
    # weights 1, 2, 1 of n = 2 are exactly binomial
    x, weights = np.array([0, 1, 2]), np.array([1000.0 + excess, 2000.0, 1000.0 + excess])
    fit = sf.fit(sf.BetaBinomial.of(n=2), x, weights=weights)
    assert fit.certificate.status == "maximum"
    # P(X = 1) = s/(2 (s + 1)) is the share of ones
    assert fit.model.concentration == pytest.approx(2000.0 / excess, rel=1e-6)


def test_all_successes_or_none_are_on_the_bound_of_p():
    for x, p in (([0, 0], 0.0), ([10, 10], 1.0)):
        fit = sf.fit(sf.BetaBinomial.of(n=10), x)
        assert (fit.certificate.status, fit.model.p, fit.log_likelihood) == ("boundary", p, 0.0)
        assert fit.certificate.reason.endswith(f"bound p = {p:g}; nothing is known of concentration")


def test_data_for_which_nothing_finite_is_best_are_refused_with_what_to_fix():
    with pytest.raises(NoMaximumError, match=r"every value is 0 or 10, .* rises as concentration → 0, .* fix conc"):
        sf.fit(sf.BetaBinomial.of(n=10), [0, 10, 0])
    with pytest.raises(NoMaximumError, match="rises as concentration → 0"):
        sf.fit(sf.BetaBinomial.of(n=10), [0, 0], fixed={"p": 0.3})
    with pytest.raises(NoMaximumError, match=r"with n = 1 .* the same for every concentration; fit Bernoulli"):
        sf.fit(sf.BetaBinomial.of(n=1), [0, 1])
    assert sf.fit(sf.BetaBinomial.of(n=10), [0, 10, 0], fixed={"concentration": 1}).certificate.status == "maximum"
    assert sf.fit(sf.BetaBinomial.of(n=1), [0, 1], fixed={"concentration": 3}).model.p == pytest.approx(0.5)


def test_fixed_parameters_may_be_at_the_limit():
    x = [1, 2, 5, 9, 0]
    assert sf.fit(sf.BetaBinomial.of(n=10), x, fixed={"p": 0.3}).certificate.status == "maximum"
    fit = sf.fit(sf.BetaBinomial.of(n=10), x, fixed={"concentration": np.inf})
    assert fit.model.p == pytest.approx(np.mean(x) / 10, rel=1e-12)
