"""The zero-inflated negative binomial: tails, moments, and fits that end at either limit or at both."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, special, stats

import suffice as sf
from suffice.distributions.zero_inflated_negative_binomial import ZeroInflatedNegativeBinomial
from suffice.errors import NoMaximumError


@pytest.mark.parametrize(
    ("mean", "size", "zeros"), [(3.0, 2.0, 0.4), (1e-3, 0.5, 1e-9), (20.0, 50.0, 0.9), (2.0, 1e6, 0.0)]
)
def test_the_mass_both_tails_and_moments_agree_with_many_digits(mean, size, zeros):
    model = ZeroInflatedNegativeBinomial(mean, size, zeros)
    k = np.unique([0.0, 1.0, *model.icdf([1e-9, 0.3, 0.9]), *model.iccdf([1e-3, 1e-30, 1e-100])])
    with mp.workdps(150):
        s, a = mp.mpf(size), 1 - mp.mpf(zeros)
        rate = mp.mpf(mean) / a
        terms = [a * (s / (s + rate)) ** s]
        while terms[-1] > mp.mpf(10) ** -130 or len(terms) < 50:
            i = len(terms)
            terms.append(terms[-1] * (s + i - 1) / i * rate / (s + rate))
        terms[0] += zeros
        mass = [float(mp.log(terms[int(v)])) for v in k]
        lower = [float(mp.log(mp.fsum(terms[: int(v) + 1]))) for v in k]
        upper = [float(mp.log(mp.fsum(terms[int(v) + 1 :]))) for v in k]
        total = mp.fsum(i * t for i, t in enumerate(terms))
        two, three, four = (mp.fsum((i - total) ** r * t for i, t in enumerate(terms)) for r in (2, 3, 4))
        moments = [total, two, three / two ** mp.mpf(1.5), four / two**2 - 3, -mp.fsum(t * mp.log(t) for t in terms)]
    np.testing.assert_allclose(model.logpmf(k), mass, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(model.logcdf(k), lower, rtol=1e-12)
    np.testing.assert_allclose(model.logccdf(k), upper, rtol=1e-12)
    found = [model.mean, model.variance, model.skewness, model.kurtosis, model.entropy]
    assert found == pytest.approx([float(v) for v in moments], rel=1e-12)


def log_mass(x, mean, size, zeros):
    rate = mean / (1.0 - zeros)
    count = stats.nbinom.logpmf(x, size, size / (size + rate))
    return np.where(x == 0, np.logaddexp(np.log(zeros), np.log1p(-zeros) + count), np.log1p(-zeros) + count)


@pytest.mark.parametrize("truth", [(3.0, 2.0, 0.4)])
def test_a_fit_is_as_high_as_another_maximisation_from_several_starts(truth):
    x = ZeroInflatedNegativeBinomial(*truth).sample(300, rng=3)

    def minus(phi):
        mean, size, zeros = np.exp(phi[0]), np.exp(phi[1]), special.expit(phi[2])
        return -log_mass(x, mean, size, zeros).sum() if 1e-9 < zeros < 1 - 1e-9 and size < 1e8 else 1e9

    starts = ([1.0, 0.0, -1.0], [2.0, 2.0, 0.0], [0.0, 3.0, -3.0])
    runs = [optimize.minimize(minus, start, method="Nelder-Mead", options={"maxiter": 2000}) for start in starts]
    best = min(runs, key=lambda run: run.fun)
    fit = sf.fit(ZeroInflatedNegativeBinomial, x)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "best of 4 starts, 4 agree")
    assert fit.log_likelihood >= -best.fun - 1e-7
    theta = [np.exp(best.x[0]), np.exp(best.x[1]), special.expit(best.x[2])]
    assert fit.model.theta == pytest.approx(theta, rel=1e-2)
    assert fit.log_likelihood == pytest.approx(log_mass(x, *fit.model.theta).sum(), rel=1e-12)
    assert fit.model.mean == pytest.approx(x.mean(), rel=1e-9)


def test_no_more_zeros_than_a_negative_binomial_has_put_their_share_at_zero():
    x = np.array([1, 2, 0, 9, 4, 3, 1, 17, 2, 5, 1, 30, 2, 3])
    fit, plain = sf.fit(ZeroInflatedNegativeBinomial, x), sf.fit(sf.NegativeBinomial, x)
    assert fit.certificate.status == "boundary"
    assert (
        fit.certificate.reason == "the likelihood still rises as zeros → 0, where the family becomes NegativeBinomial"
    )
    assert fit.model.theta == pytest.approx((*plain.model.theta, 0.0), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("x", [[0, 0, 5, 5], [0, 0, 0, 3, 4, 5, 4], [0, 0, 999_000, 1_000_000, 1_000_300]])
def test_positive_values_without_overdispersion_lead_to_the_zero_inflated_poisson(x):
    fit, poisson = sf.fit(ZeroInflatedNegativeBinomial, x), sf.fit(sf.ZeroInflatedPoisson, x)
    assert fit.certificate.status == "no finite maximum"
    assert fit.certificate.reason.endswith("as size → ∞, where the family becomes ZeroInflatedPoisson")
    assert fit.model.theta == pytest.approx((poisson.model.mean, np.inf, poisson.model.zeros), rel=1e-9)
    assert fit.log_likelihood == pytest.approx(poisson.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("x", [[1, 2, 3, 3, 2], [0, 1, 0, 1], [5], [0, 0, 0, 1]])
def test_data_without_either_lead_to_the_poisson_at_both_limits(x):
    fit, poisson = sf.fit(ZeroInflatedNegativeBinomial, x), sf.fit(sf.Poisson, x)
    assert fit.certificate.status == "no finite maximum"
    assert fit.certificate.reason == (
        "the likelihood still rises as size → ∞, where the family becomes ZeroInflatedPoisson; there, "
        "the likelihood still rises as zeros → 0, where the family becomes NegativeBinomial"
    )
    assert fit.model.theta == pytest.approx((np.mean(x), np.inf, 0.0), rel=1e-9)
    assert fit.log_likelihood == pytest.approx(poisson.log_likelihood, rel=1e-12)


def test_the_slopes_at_both_limits_are_those_of_the_log_mass():
    x = np.array([0.0, 1.0, 4.0, 9.0])
    slope = ZeroInflatedNegativeBinomial._slope_at_limit["size"](x, 3.0, np.inf, 0.4)
    at = [ZeroInflatedNegativeBinomial(3.0, size, 0.4).logpmf(x) for size in (1e4, 2e4, np.inf)]
    # two differences in 1/size, extrapolated
    near, nearer = (at[0] - at[2]) * 1e4, (at[1] - at[2]) * 2e4
    assert slope == pytest.approx(2.0 * nearer - near, rel=1e-5, abs=1e-6)
    slope = ZeroInflatedNegativeBinomial._slope_at_limit["zeros"](x, 3.0, 2.0, 0.0)
    at = [ZeroInflatedNegativeBinomial(3.0, 2.0, zeros).logpmf(x) for zeros in (2e-5, 1e-5, 0.0)]
    near, nearer = (at[0] - at[2]) * 5e4, (at[1] - at[2]) * 1e5
    assert slope == pytest.approx(2.0 * nearer - near, rel=1e-6, abs=1e-6)


def test_intervals_start_from_both_limits():
    fit = sf.fit(ZeroInflatedNegativeBinomial, [1, 2, 3, 3, 2])
    size, zeros = fit.interval("size", method="profile"), fit.interval("zeros", method="profile")
    assert (size.upper, zeros.lower) == (np.inf, 0.0)
    assert 0.0 < zeros.upper < 0.5
    below = sf.fit(ZeroInflatedNegativeBinomial, [1, 2, 3, 3, 2], fixed={"size": size.lower}).log_likelihood
    assert fit.log_likelihood - below == pytest.approx(0.5 * stats.chi2(1).ppf(0.95), rel=1e-5)


def test_all_zeros_and_fixed_parameters():
    fit = sf.fit(ZeroInflatedNegativeBinomial, [0, 0, 0])
    assert (fit.model.mean, fit.log_likelihood, fit.certificate.status) == (0.0, 0.0, "boundary")
    assert fit.certificate.reason.endswith("mean = 0; nothing is known of size and zeros")
    fit = sf.fit(ZeroInflatedNegativeBinomial, [0, 0], fixed={"zeros": 0.2, "size": 3})
    assert fit.certificate.reason.endswith("the bound mean = 0")
    with pytest.raises(NoMaximumError, match=r"as zeros → 1 with the mean fixed at 2; .* fix size and zeros too"):
        sf.fit(ZeroInflatedNegativeBinomial, [0, 0], fixed={"mean": 2})
    with pytest.raises(NoMaximumError, match=r"as size → 0 with the mean fixed at 2; .* fix size too"):
        sf.fit(ZeroInflatedNegativeBinomial, [0, 0], fixed={"mean": 2, "zeros": 0.3})
    x = ZeroInflatedNegativeBinomial(3, 2, 0.4).sample(100, rng=1)
    for fixed in ({"mean": 2.0}, {"size": 3.0}, {"zeros": 0.1}, {"zeros": 0.0}, {"size": np.inf}):
        assert sf.fit(ZeroInflatedNegativeBinomial, x, fixed=fixed).certificate.status == "maximum"
