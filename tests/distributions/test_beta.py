"""The beta distribution: both tails, moments and fits, against many digits and another maximisation."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.errors import NoMaximumError, OutsideSupportError
from verify.mpmath_functions import beta_tails, logarithms

PARAMETERS = [(1, 1), (0.05, 0.3), (0.5, 0.5), (1e-3, 5), (2, 6), (300, 0.2), (12.5, 4e3), (1e3, 1e3), (1e5, 3e6)]
TAILS = np.array([1e-300, 1e-200, 1e-50, 1e-16, 1e-5, 0.01, 0.3, 0.5])
every_beta = pytest.mark.parametrize(("alpha", "beta"), PARAMETERS)


@every_beta
def test_densities_and_both_tails_agree_with_sixty_digits(alpha, beta):
    model = sf.Beta(alpha, beta)
    points = np.concatenate([model.icdf(TAILS), model.iccdf(TAILS), [1e-300, 1e-30, 1e-3, 0.5, 1 - 2**-40, 1 - 2**-53]])
    for x in np.unique(points[(points > 0) & (points < 1)]):
        with mp.workdps(60):
            a, b, share = mp.mpf(alpha), mp.mpf(beta), mp.mpf(float(x))
            rest = 1 - share
            log_p = (a - 1) * mp.log(share) + (b - 1) * mp.log(rest) - mp.log(mp.beta(a, b))
            slope = abs((a - 1) - (b - 1) * share / rest)
            assert abs(model.logpdf(x) - log_p) <= 1e-12 * (1 + abs(log_p) + slope)
            try:
                logs = logarithms(*beta_tails(a, b, share, rest))
            except ArithmeticError:
                continue  # the continued fraction of the reference is too slow there
            for name, truth, other in (("cdf", logs[0], logs[1]), ("ccdf", logs[1], logs[0])):
                if abs(truth) < 1e-300:
                    continue
                own, far = (1 + share * mp.exp(log_p - v) for v in (truth, other))
                error = abs(getattr(model, f"log{name}")(x) - truth)
                assert error <= 1e-12 * (abs(truth) + min(1, abs(truth)) * max(own, far))
                if truth > -700:
                    assert abs(getattr(model, name)(x) / mp.exp(truth) - 1) <= (1e-12 + 2e-16 * abs(truth)) * own


@every_beta
def test_quantiles_invert_both_tails(alpha, beta):
    model = sf.Beta(alpha, beta)
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        x = quantile(TAILS)
        inside = (x > 1e-300) & (x < 1)  # beyond, the quantile rounds to an end
        slope = np.exp(np.log(x[inside]) + model.logpdf(x[inside]) - logarithm(x[inside]))
        error = np.abs(logarithm(x[inside]) - np.log(TAILS[inside]))
        assert np.all(error <= 1e-12 + 1e-14 * np.abs(np.log(TAILS[inside])) + 4e-16 * slope)


@pytest.mark.parametrize(("alpha", "beta"), [(30, 1e5), (30, 1e6), (30, 3e4)])
def test_quantiles_are_right_where_scipys_are_far_off(alpha, beta):
    # SciPy's lies 12 % below, in a tail of 700 nats
    model = sf.Beta(alpha, beta)
    x = model.iccdf(1e-300)
    assert abs(stats.beta.isf(1e-300, alpha, beta) / x - 1.0) > 0.05
    assert model.logccdf(x) == pytest.approx(np.log(1e-300), rel=1e-14)
    np.testing.assert_array_equal(model.iccdf([0.3, 1e-300, 1e-9]), [model.iccdf(q) for q in (0.3, 1e-300, 1e-9)])


@every_beta
def test_moments_and_entropy_agree_with_closed_forms_in_fifty_digits(alpha, beta):
    model = sf.Beta(alpha, beta)
    with mp.workdps(50):
        a, b = mp.mpf(alpha), mp.mpf(beta)
        n = a + b
        entropy = mp.log(mp.beta(a, b)) - (a - 1) * mp.psi(0, a) - (b - 1) * mp.psi(0, b) + (n - 2) * mp.psi(0, n)
        kurtosis = 6 * ((a - b) ** 2 * (n + 1) - a * b * (n + 2)) / (a * b * (n + 2) * (n + 3))
        assert model.mean == pytest.approx(float(a / n), rel=1e-15)
        assert model.variance == pytest.approx(float(a * b / n**2 / (n + 1)), rel=1e-14)
        assert model.skewness == pytest.approx(
            float(2 * (b - a) * mp.sqrt(n + 1) / (n + 2) / mp.sqrt(a * b)), rel=1e-14
        )
        assert model.kurtosis == pytest.approx(float(kurtosis), rel=1e-13)
        assert model.entropy == pytest.approx(float(entropy), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("truth", [(0.4, 0.7), (30.0, 5.0)])
def test_a_fit_is_as_high_as_another_maximisation_with_the_errors_of_its_hessian(truth):
    x = stats.beta(*truth).rvs(150, random_state=3)

    def minus(theta):
        return -stats.beta.logpdf(x, *theta).sum()

    other = optimize.minimize(minus, truth, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12})
    fit = sf.fit(sf.Beta, x)
    assert fit.log_likelihood >= -other.fun - 1e-10
    assert fit.model.theta == pytest.approx(other.x, rel=1e-5)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    theta, h = np.array(fit.model.theta), 1e-3 * np.array(fit.model.theta)
    score = lambda t: sf.Beta._derivatives(x, *t)[0]  # noqa: E731
    hessian = np.empty((2, 2))
    for i in range(2):
        up, down = (np.array([s.sum() for s in score(theta + sign * h * np.eye(2)[i])]) for sign in (1, -1))
        up2, down2 = (np.array([s.sum() for s in score(theta + sign * 2 * h * np.eye(2)[i])]) for sign in (1, -1))
        hessian[i] = (8 * (up - down) - (up2 - down2)) / (12 * h[i])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert list(fit.standard_errors.values()) == pytest.approx(errors, rel=1e-5)


def test_shares_near_either_end_are_fitted_alike():
    x = np.random.default_rng(1).gamma(3.0, 1.0, 40) * 2.0**-20
    low, high = sf.fit(sf.Beta, x), sf.fit(sf.Beta, 1.0 - np.round(x * 2.0**52) * 2.0**-52)
    assert high.model.theta[::-1] == pytest.approx(low.model.theta, rel=1e-6)
    gamma = sf.fit(sf.Gamma, x)
    assert low.model.alpha == pytest.approx(gamma.model.shape, rel=1e-4)
    assert low.model.beta == pytest.approx(gamma.model.rate, rel=1e-4)


def test_shares_that_vary_little_have_the_likelihood_of_a_normal():
    x = 0.3 + 1e-5 * np.random.default_rng(0).normal(size=500)
    fit = sf.fit(sf.Beta, x)
    assert fit.certificate.status == "maximum"
    assert fit.log_likelihood == pytest.approx(sf.fit(sf.Normal, x).log_likelihood, abs=0.01)
    assert fit.model.mean == pytest.approx(x.mean(), rel=1e-8)


def test_two_shares_are_enough_and_constant_ones_have_no_maximum():
    assert sf.fit(sf.Beta, [0.2, 0.7]).certificate.status == "maximum"
    with pytest.raises(NoMaximumError, match=r"every value is 0.3, .* grows without end as alpha → ∞; .* fix alpha"):
        sf.fit(sf.Beta, [0.3, 0.3])
    beta = sf.fit(sf.Beta, [0.3, 0.3], fixed={"alpha": 2}).model.beta
    assert sf.Beta._derivatives(0.3, 2.0, beta)[0][1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("value", [0.0, 1.0, 1.5])
def test_the_ends_and_what_lies_beyond_are_outside_the_support(value):
    with pytest.raises(OutsideSupportError, match=r"\(0, 1\)"):
        sf.fit(sf.Beta, [0.2, value, 0.4])


def test_merged_summaries_fit_as_the_data():
    x = np.random.default_rng(2).beta(2.0, 6.0, 400)
    merged = sf.summarize(x[:150], sf.Beta).merge(sf.summarize(x[150:], sf.Beta))
    assert sf.fit(sf.Beta, merged).model.theta == pytest.approx(sf.fit(sf.Beta, x).model.theta, rel=1e-12)


def test_a_quantile_below_the_smallest_double_is_zero():
    model = sf.Beta(0.3, 0.4)
    p = np.array([1e-93, 1e-95, 1e-97])
    # a double down there has few digits
    assert model.cdf(model.icdf(p)) == pytest.approx(p, rel=0.05)
    assert list(model.icdf([2e-98, 1e-100, 1e-300])) == [0.0, 0.0, 0.0]
    assert list(model.iccdf([1e-7, 1e-100])) == [1.0, 1.0]
    # shares of which most are below it, at either end
    assert list(sf.Beta(4e-4, 0.03).icdf([0.5, 0.95])) == [0.0, pytest.approx(4.66516914e-42, rel=1e-8)]
    assert list(sf.Beta(0.03, 4e-4).icdf([1e-20, 0.5])) == [0.0, 1.0]
