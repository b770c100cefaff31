"""The Burr XII distribution: digits in both tails, moments, and fits that end inside or at either limit."""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import assert_the_fit_is_the_maximum
from scipy import stats

import suffice as sf
from suffice.errors import NoMaximumError

MODELS = [
    (2.0, 3.0, 1.5),
    (0.7, 0.4, 100.0),
    (40.0, 0.05, 1.0),
    (3.0, 1e9, 2.0),
    (500.0, 7.0, 1e-3),
    (1.5, np.inf, 2.0),
    (1e7, 1e-6, 1.0),
]


def scipys(x, shape, tail, scale):
    return stats.burr12.logpdf(x, shape, tail, scale=scale * tail ** (1.0 / shape))


@pytest.mark.parametrize(("shape", "tail", "scale"), MODELS)
def test_the_density_and_both_tails_agree_with_many_digits(shape, tail, scale):
    model = sf.BurrXII(shape, tail, scale)
    x = np.concatenate([model.icdf([1e-200, 1e-9, 0.1, 0.5]), model.iccdf([0.1, 1e-5, 1e-100])])
    x = x[(x > 1e-290) & (x < 1e290)]
    with mp.workdps(320):
        power = [(mp.mpf(v) / mp.mpf(scale)) ** mp.mpf(shape) for v in x]
        logs = [mp.log1p(t / mp.mpf(tail)) if np.isfinite(tail) else mp.mpf(0) for t in power]
        hazard = [mp.mpf(tail) * g if np.isfinite(tail) else t for g, t in zip(logs, power, strict=True)]
        parts = zip(x, power, hazard, logs, strict=True)
        log_p = np.array([float(mp.log(shape) - mp.log(v) + mp.log(t) - h - g) for v, t, h, g in parts])
        log_cdf = np.array([float(mp.log(-mp.expm1(-h))) for h in hazard])
        hazard = np.array([float(h) for h in hazard])
    condition = 1.0 + shape + np.abs(shape * np.log(x / scale))  # of (x/λ)^c
    assert np.all(np.abs(model.logpdf(x) - log_p) <= 1e-15 * (1.0 + np.abs(log_p) + condition * (1.0 + hazard)))
    assert np.all(np.abs(model.logccdf(x) / -hazard - 1.0) <= 1e-15 * condition)
    assert np.all(np.abs(model.logcdf(x) / log_cdf - 1.0) <= 2e-15 * condition * (1.0 + hazard))


@pytest.mark.parametrize(
    ("shape", "tail", "scale"),
    [(2.0, 3.0, 1.5), (3.0, 1e9, 2.0), (500.0, 7.0, 1e-3), (60.0, 1e4, 1.0), (1e7, 1e-6, 1.0), (6.0, 0.7, 3.0)],
)
def test_moments_agree_with_many_digits(shape, tail, scale):
    model = sf.BurrXII(shape, tail, scale)
    with mp.workdps(80):
        c, k, s = mp.mpf(shape), mp.mpf(tail), mp.mpf(scale)

        def moment(r):
            return s**r * mp.exp(r / c * mp.log(k) + mp.loggamma(k - r / c) - mp.loggamma(k)) * mp.gamma(1 + r / c)

        one, two, three, four = (moment(r) for r in (1, 2, 3, 4))
        variance = two - one**2
        exact = [
            one,
            variance,
            (three - 3 * one * two + 2 * one**3) / variance**1.5,
            (four - 4 * one * three + 6 * one**2 * two - 3 * one**4) / variance**2 - 3,
        ]
        log_power = mp.digamma(1) - mp.digamma(k) + mp.log(k)
        entropy = mp.log(s / c) + log_power * (1 / c - 1) + 1 + 1 / k
        exact = [float(v) if shape * tail > r else None for r, v in enumerate(exact, 1)]
    found = [model.mean, model.variance, model.skewness, model.kurtosis]
    for value, truth in zip(found, exact, strict=True):
        if truth is not None:
            assert value == pytest.approx(truth, rel=1e-12)
    assert model.entropy == pytest.approx(float(entropy), rel=1e-13)


def test_moments_that_do_not_exist():
    assert sf.BurrXII(2.0, 0.5, 1.0).mean == np.inf
    assert sf.BurrXII(2.0, 1.0, 1.0).variance == np.inf
    assert sf.BurrXII(2.0, 1.5, 1.0).skewness == np.inf
    assert sf.BurrXII(2.0, 2.0, 1.0).kurtosis == np.inf
    assert np.isnan([sf.BurrXII(2.0, 1.0, 1.0).skewness, sf.BurrXII(2.0, 1.0, 1.0).kurtosis]).all()


def test_it_is_the_burr12_of_scipy_in_another_scale_and_has_its_relatives_as_values():
    x = np.geomspace(0.1, 20.0, 9)
    model = sf.BurrXII(shape=2.0, tail=3.0, scale=1.5 * 3.0**-0.5)
    np.testing.assert_allclose(model.logpdf(x), stats.burr12.logpdf(x, 2.0, 3.0, scale=1.5), rtol=1e-12)
    np.testing.assert_allclose(model.ccdf(x), stats.burr12.sf(x, 2.0, 3.0, scale=1.5), rtol=1e-12)
    np.testing.assert_allclose(sf.BurrXII(2, np.inf, 3).logpdf(x), sf.Weibull(2, 3).logpdf(x), rtol=1e-14)
    np.testing.assert_allclose(sf.BurrXII(2, 1, 3).logccdf(x), sf.LogLogistic(2, 3).logccdf(x), rtol=1e-13)
    weibull, limit = sf.Weibull(2.5, 3.0), sf.BurrXII(2.5, np.inf, 3.0)
    for name in ("mean", "variance", "skewness", "kurtosis", "entropy"):
        assert getattr(limit, name) == pytest.approx(getattr(weibull, name), rel=1e-13)


def test_derivatives_hold_at_the_weibull_limit():
    x = np.array([0.2, 1.0, 3.0])
    first, second = sf.BurrXII._derivatives(x, 2.0, np.inf, 1.5)
    slopes, bends = sf.Weibull._derivatives(x, 2.0, 1.5)
    for mine, weibull in ((first[0], slopes[0]), (first[2], slopes[1])):
        np.testing.assert_allclose(mine, weibull, rtol=1e-14)
    for mine, weibull in ((second[0], bends[0]), (second[2], bends[1]), (second[5], bends[2])):
        np.testing.assert_allclose(mine, weibull, rtol=1e-14)
    assert np.all(np.abs(first[1]) < 1e-290)
    slope = sf.BurrXII._slope_at_limit(x, 2.0, np.inf, 1.5)
    near = (sf.BurrXII(2.0, 1e7, 1.5).logpdf(x) - sf.Weibull(2.0, 1.5).logpdf(x)) * 1e7
    np.testing.assert_allclose(slope, near, rtol=1e-5)


@pytest.mark.parametrize(("shape", "tail", "scale"), [(2.0, 2.0, 1.5), (0.7, 0.4, 100.0)])
def test_a_fit_is_the_maximum_of_scipys_density(shape, tail, scale):
    x = sf.BurrXII(shape, tail, scale).sample(300, rng=3)
    fit = assert_the_fit_is_the_maximum(sf.BurrXII, scipys, x)
    assert fit.certificate.scope == "best of 4 starts, 4 agree"
    assert fit.log_likelihood >= sf.fit(sf.Weibull, x).log_likelihood


@pytest.mark.parametrize("x", [sf.BurrXII(3.0, np.inf, 2.0).sample(300, rng=3), [1.0, 2.0, 2.5, 3.0, 3.2]])
def test_data_with_a_tail_no_heavier_than_a_weibull_lead_to_it(x):
    fit, weibull = sf.fit(sf.BurrXII, x), sf.fit(sf.Weibull, x)
    assert fit.certificate.status == "no finite maximum"
    assert fit.certificate.reason == "the likelihood still rises as tail → ∞, where the family becomes Weibull"
    assert fit.model.theta == pytest.approx((weibull.model.shape, np.inf, weibull.model.scale), rel=1e-7)
    assert fit.log_likelihood == pytest.approx(weibull.log_likelihood, rel=1e-12)
    # no tail tried by itself reaches it
    for tail in (1.0, 10.0, 1e3, 1e6):
        assert sf.fit(sf.BurrXII, x, fixed={"tail": tail}).log_likelihood < weibull.log_likelihood


@pytest.mark.parametrize("n", [10, 3000])
def test_data_that_are_best_described_by_a_pareto_distribution_are_refused(n):
    x = 3.0 * np.exp(np.random.default_rng(1).exponential(0.5, n))
    with pytest.raises(NoMaximumError, match=r"highest at the edge in shape, .* rises beyond it to that of a Pareto"):
        sf.fit(sf.BurrXII, x)
    # the Pareto distribution that begins at the smallest value, in closed form
    exponent = n / np.log(x / x.min()).sum()
    pareto = n * np.log(exponent) - np.log(x).sum() - n
    for shape in (3.0, 30.0, 300.0, 3e4, 1e7):
        value = sf.fit(sf.BurrXII, x, fixed={"shape": shape}).log_likelihood
        assert value < pareto
    share = n * exponent / shape
    assert pareto - value == pytest.approx(share * (1.0 - np.log(share)), rel=0.1)


@pytest.mark.parametrize("x", [[1.0485, 0.9838, 1.0009, 1.0057], [1.0, 2.0], [1.0, 1.0, 1.0, 5.0]])
def test_few_values_are_refused_too_also_where_a_search_runs_towards_the_pareto_distribution(x):
    with pytest.raises(NoMaximumError, match="rises beyond it to that of a Pareto"):
        sf.fit(sf.BurrXII, x)


def test_constant_data_have_no_maximum_unless_the_shape_is_fixed():
    with pytest.raises(NoMaximumError, match="grows without end as shape → ∞; drop the column, or fix shape"):
        sf.fit(sf.BurrXII, [2.0, 2.0, 2.0])


def test_units_that_are_very_small_and_shapes_that_are_high():
    x = sf.BurrXII(300.0, 1.5, 1e-5).sample(400, rng=1)
    fit = sf.fit(sf.BurrXII, x)
    assert fit.certificate.status == "maximum"
    assert fit.model.scale == pytest.approx(1e-5, rel=1e-2)
    big = sf.fit(sf.BurrXII, x * 1e12)
    assert big.model.theta == pytest.approx((*fit.model.theta[:2], fit.model.scale * 1e12), rel=1e-6)
