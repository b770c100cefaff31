"""The Zipf distribution: the zeta functions that it needs, tails, moments, and fits up to shape ∞."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.distributions.hurwitz_zeta import harmonic, log_hurwitz, log_zeta

SHAPES = [1 + 2.0**-40, 1.001, 2.0, 3.7, 12.0, 60.0, 66.0, 400.0]


def relative(found, exact):
    return abs(float((mp.mpf(float(found)) - exact) / exact))


@pytest.mark.parametrize("a", SHAPES)
def test_zeta_its_derivatives_and_its_parts_agree_with_many_digits(a):
    with mp.workdps(260):  # mpmath loses digits of ζ(a, q) where it is small
        s = mp.mpf(a)
        zeta, first, second = (mp.zeta(s, 1, order) for order in range(3))
        exact = mp.log(zeta), first / zeta, second / zeta - (first / zeta) ** 2
        condition = 1.0 + a  # of 2⁻ᵃ
        for found, value in zip(log_zeta(a), exact, strict=True):
            assert relative(found, value) <= 1e-15 * condition
        for q in (2.0, 13.0, 100.0, 1e8):
            value = mp.log(mp.zeta(s, mp.mpf(q)))
            assert relative(log_hurwitz(a, q), value) <= 4e-15 * (1.0 + a * np.log(q) / float(abs(value)))
        for k in (1, 11, 12, 13, 3000):
            assert relative(harmonic(a, float(k)), zeta - mp.zeta(s, k + 1)) <= 1e-15


def test_powers_far_beyond_the_terms_that_are_summed():
    with mp.workdps(300):
        for a, q in ((2000.0, 1e3), (2000.0, 1e5), (3e4, 1e4)):
            assert relative(log_hurwitz(a, q), mp.log(mp.zeta(mp.mpf(a), mp.mpf(q)))) <= 1e-15
    # q⁻ᵃ (1 + exp(−a/q) + …) and ∫ x⁻ᵃ from q on
    assert log_hurwitz(1e20, 1e19) == pytest.approx(-1e20 * np.log(1e19), rel=1e-15)
    assert log_hurwitz(1e3, 1e300) == pytest.approx(-999.0 * np.log(1e300) - np.log(999.0), rel=1e-14)
    assert log_hurwitz(1.0 + 2.0**-50, 1e300) == pytest.approx(50 * np.log(2.0), rel=1e-12)


@pytest.mark.parametrize("a", [1.01, 1.5, 2.5, 6.0, 45.0])
def test_the_mass_and_both_tails_agree_with_many_digits(a):
    model = sf.Zipf(a)
    k = np.unique([1.0, 2.0, 12.0, 14.0, 500.0, *model.iccdf([0.3, 1e-4])])
    k = k[k < 1e12]
    with mp.workdps(120):
        s = mp.mpf(a)
        total = mp.zeta(s)
        upper = [mp.zeta(s, int(v) + 1) / total for v in k]
        lower = [mp.log1p(-v) for v in upper]
        mass = [-s * mp.log(int(v)) - mp.log(total) for v in k]
        expected = [[float(v) for v in part] for part in (mass, lower, [mp.log(v) for v in upper])]
    condition = 1.0 + a * np.log(k)
    assert np.all(np.abs(model.logpmf(k) - expected[0]) <= 1e-15 * condition)
    np.testing.assert_allclose(model.logcdf(k), expected[1], rtol=1e-13 * (1 + a))
    np.testing.assert_allclose(model.logccdf(k), expected[2], rtol=1e-13)
    np.testing.assert_allclose(model.ccdf(k), [float(v) for v in upper], rtol=1e-13 * (1 + a))


@pytest.mark.parametrize("a", [5.5, 12.0, 40.0])
def test_moments_agree_with_many_digits(a):
    model = sf.Zipf(a)
    with mp.workdps(80):
        s = mp.mpf(a)
        total = mp.zeta(s)
        one, two, three, four = (mp.zeta(s - r) / total for r in (1, 2, 3, 4))
        variance = two - one**2
        skewness = (three - 3 * one * two + 2 * one**3) / variance**1.5
        kurtosis = (four - 4 * one * three + 6 * one**2 * two - 3 * one**4) / variance**2 - 3
        entropy = mp.log(total) - s * mp.zeta(s, 1, 1) / total
        exact = [float(v) for v in (one, variance, skewness, kurtosis, entropy)]
    assert [model.mean, model.variance, model.skewness, model.kurtosis, model.entropy] == pytest.approx(
        exact, rel=2e-14
    )


def test_moments_that_do_not_exist():
    assert (sf.Zipf(2.0).mean, sf.Zipf(2.5).variance, sf.Zipf(3.5).skewness, sf.Zipf(4.5).kurtosis) == (np.inf,) * 4
    assert np.isnan([sf.Zipf(1.5).variance, sf.Zipf(2.5).skewness, sf.Zipf(3.0).kurtosis]).all()
    # 2^(a/2) and 2ᵃ, of which powers underflow on the way
    assert sf.Zipf(600.0).skewness == pytest.approx(2.0**300, rel=1e-12)
    assert sf.Zipf(600.0).kurtosis == pytest.approx(2.0**600, rel=1e-12)
    assert np.isfinite([sf.Zipf(2.1).mean, sf.Zipf(3.1).variance, sf.Zipf(4.1).skewness, sf.Zipf(5.1).kurtosis]).all()


def test_quantiles_reach_counts_that_no_integer_type_holds():
    model = sf.Zipf(2.5)
    k = model.iccdf([1e-100, 1e-250])
    assert model.logccdf(k) == pytest.approx(np.log([1e-100, 1e-250]), rel=1e-13)


def test_a_quantile_beyond_all_doubles_is_infinite():
    assert list(sf.Zipf(1.02).iccdf([1e-6, 1e-9])) == [pytest.approx(5.6250960751e299), np.inf]
    assert list(sf.Zipf(1.5).iccdf([1e-154, 1e-200])) == [pytest.approx(5.86123099335e307), np.inf]
    assert sf.Zipf(1.0 + 2e-16).icdf(0.5) == np.inf
    assert list(sf.Geometric(1e-310).icdf([1e-3, 0.5])) == [pytest.approx(1.0005003336e307), np.inf]
    assert np.isnan(sf.Zipf._icdf(np.array(0.5), np.nan))


def test_a_fit_is_as_high_as_another_maximisation():
    x = sf.Zipf(2.2).sample(500, rng=1)
    fit = sf.fit(sf.Zipf, x)
    other = optimize.minimize_scalar(
        lambda a: -stats.zipf.logpmf(x, a).sum(), bounds=(1.5, 4.0), method="bounded", options={"xatol": 1e-10}
    )
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    assert fit.log_likelihood == pytest.approx(-other.fun, rel=1e-13)
    assert fit.model.shape == pytest.approx(other.x, rel=1e-7)
    bend = log_zeta(fit.model.shape)[2]
    assert fit.standard_errors["shape"] == pytest.approx(1.0 / np.sqrt(500 * bend), rel=1e-9)


def test_all_ones_put_the_shape_at_infinity_where_the_model_is_the_constant_one():
    fit = sf.fit(sf.Zipf, [1, 1, 1])
    assert (fit.certificate.status, fit.log_likelihood) == ("boundary", 0.0)
    assert fit.certificate.reason == "every value is 1, and the likelihood is highest at the bound shape = ∞"
    low, high = fit.interval("shape", method="profile")
    # the drop of the log-likelihood at the lower end is that of the χ² with 1 degree of freedom
    assert high == np.inf
    assert 3 * log_zeta(low)[0] == pytest.approx(0.5 * stats.chi2(1).ppf(0.95), rel=1e-6)
    model = fit.model
    assert (model.mean, model.variance, model.entropy) == (1.0, 0.0, 0.0)
    assert list(model.pmf([1, 2])) == [1.0, 0.0]
    assert list(model.icdf([0.0, 0.5, 1.0])) == [1.0, 1.0, 1.0]
    assert list(model.sample(3, rng=1)) == [1.0, 1.0, 1.0]


def test_hardly_any_twos_and_very_heavy_tails_have_a_maximum():
    fit = sf.fit(sf.Zipf, [1, 2], weights=[1e12, 1])
    assert fit.certificate.status == "maximum"
    assert 2.0**-fit.model.shape == pytest.approx(1e-12, rel=1e-6)
    x = sf.Zipf(1.05).sample(400, rng=2)
    assert sf.fit(sf.Zipf, x).model.shape == pytest.approx(1.05, abs=0.01)
