"""The zero-inflated Poisson distribution: tails, moments, and the share of zeros at 0."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize

import suffice as sf
from suffice.errors import NoMaximumError


@pytest.mark.parametrize(
    ("mean", "zeros"), [(2.1, 0.3), (1e-6, 0.5), (1e-3, 1e-9), (300, 0.9), (5, 0.999), (8, 0.0), (600, 0.0)]
)
def test_the_mass_both_tails_and_moments_agree_with_many_digits(mean, zeros):
    model = sf.ZeroInflatedPoisson(mean, zeros)
    k = np.unique([0.0, 1.0, *model.icdf([1e-9, 0.3, 0.9]), *model.iccdf([1e-3, 1e-30, 1e-200])])
    with mp.workdps(400):
        a = 1 - mp.mpf(zeros)
        rate = mp.mpf(mean) / a
        last = int(k[-1]) + 200 + int(60 * float(rate) ** 0.5 + float(rate))
        terms = [a * mp.exp(-rate)]
        for i in range(1, last):
            terms.append(terms[-1] * rate / i)
        terms[0] += zeros
        mass = [mp.log(terms[int(v)]) for v in k]
        lower = [mp.fsum(terms[: int(v) + 1]) for v in k]
        upper = [mp.fsum(terms[int(v) + 1 :]) for v in k]
        total = mp.fsum(i * t for i, t in enumerate(terms))
        central = [mp.fsum((i - total) ** r * t for i, t in enumerate(terms)) for r in (2, 3, 4)]
        moments = [central[0], central[1] / central[0] ** mp.mpf(1.5), central[2] / central[0] ** 2 - 3]
        entropy = -mp.fsum(t * mp.log(t) for t in terms)
        expected = [[float(mp.log(v)) for v in side] for side in (lower, upper)]
    np.testing.assert_allclose(model.logpmf(k), [float(v) for v in mass], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(model.logcdf(k), expected[0], rtol=1e-12)
    np.testing.assert_allclose(model.logccdf(k), expected[1], rtol=1e-12)
    np.testing.assert_allclose(model.cdf(k), [float(v) for v in lower], rtol=1e-12)
    np.testing.assert_allclose(model.ccdf(k), [float(v) for v in upper], rtol=1e-12)
    assert (model.variance, model.skewness, model.kurtosis) == pytest.approx([float(v) for v in moments], rel=1e-12)
    assert model.entropy == pytest.approx(float(entropy), rel=1e-12)


@pytest.mark.parametrize("truth", [(2.1, 0.3), (0.3, 0.6)])
def test_a_fit_is_as_high_as_another_maximisation_and_solves_the_known_equations(truth):
    x = sf.ZeroInflatedPoisson(*truth).sample(400, rng=3)

    def minus(theta):
        if not (theta[0] > 0 and 0 < theta[1] < 1):
            return 1e9
        return -sf.Poisson(theta[0]).logpmf(x[x > 0]).sum() - np.log1p(-theta[1]) * (x > 0).sum() - np.log(
            theta[1] + (1 - theta[1]) * np.exp(-theta[0])
        ) * (x == 0).sum()  # fmt: skip

    other = optimize.minimize(minus, (2.0, 0.4), method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-12})
    fit = sf.fit(sf.ZeroInflatedPoisson, x)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    assert fit.log_likelihood >= -other.fun - 1e-9
    assert fit.model.zeros == pytest.approx(other.x[1], rel=1e-5)
    assert fit.model.mean == pytest.approx(x.mean(), rel=1e-12)
    rate = fit.model.mean / (1.0 - fit.model.zeros)
    assert rate / -np.expm1(-rate) == pytest.approx(x[x > 0].mean(), rel=1e-10)
    theta, h = np.array(fit.model.theta), 1e-4
    steps = h * theta[:, None] * np.eye(2)

    def score(t):
        return np.array([s.sum() for s in sf.ZeroInflatedPoisson._derivatives(x, *t)[0]])

    rows = [
        (8 * (score(theta + s) - score(theta - s)) - score(theta + 2 * s) + score(theta - 2 * s)) / (12 * s.sum())
        for s in steps
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(rows))))
    assert list(fit.standard_errors.values()) == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize("x", [[0, 1, 1, 2, 3], [1, 2, 3], [1, 1, 1], [0, 1], [0, 1, 1], [5]])
def test_no_more_zeros_than_a_poisson_variable_has_put_their_share_at_zero(x):
    fit = sf.fit(sf.ZeroInflatedPoisson, x)
    assert fit.certificate.status == "boundary"
    assert fit.certificate.reason == "the likelihood still rises as zeros → 0"
    assert fit.model.zeros == 0.0
    assert fit.model.mean == pytest.approx(np.mean(x), rel=1e-12)
    assert fit.log_likelihood == pytest.approx(sf.fit(sf.Poisson, x).log_likelihood, rel=1e-13)


def test_all_zeros_are_on_the_bound_of_the_mean():
    fit = sf.fit(sf.ZeroInflatedPoisson, [0, 0, 0])
    assert (fit.model, fit.log_likelihood) == (sf.ZeroInflatedPoisson(0, 0), 0.0)
    assert fit.certificate.reason.endswith("mean = 0; nothing is known of zeros")
    with pytest.raises(NoMaximumError, match="as zeros → 1 with the mean fixed at 2"):
        sf.fit(sf.ZeroInflatedPoisson, [0, 0], fixed={"mean": 2})


def test_fixed_parameters_and_huge_counts():
    x = sf.ZeroInflatedPoisson(2.1, 0.3).sample(200, rng=4)
    assert sf.fit(sf.ZeroInflatedPoisson, x, fixed={"zeros": 0.2}).certificate.status == "maximum"
    assert sf.fit(sf.ZeroInflatedPoisson, x, fixed={"mean": 2}).certificate.status == "maximum"
    assert sf.fit(sf.ZeroInflatedPoisson, x, fixed={"zeros": 0}).model.mean == pytest.approx(x.mean(), rel=1e-9)
    fit = sf.fit(sf.ZeroInflatedPoisson, [0, 0, 1_000_000, 1_000_300])
    assert fit.model.zeros == pytest.approx(0.5, rel=1e-9)
