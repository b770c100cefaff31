"""Mardia's and Henze and Zirkler's tests: published values, naive formulas, null distributions, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

import suffice as sf
from suffice.datasets import path
from suffice.errors import DataError, NoMaximumError, NotAvailableError, ParameterError
from suffice.inference.multivariate_normality import (
    henze_zirkler_moments,
    henze_zirkler_question,
    kurtosis_variance,
    mardia_question,
    mean_skewness,
)
from suffice.inference.simulated_normality import (
    henze_zirkler_statistic,
    henze_zirkler_statistics,
    mardia_moments,
    simulated,
    smoothing,
    two_sided_p_value,
    upper_p_value,
    whitened,
)


def iris(rows=150):
    return np.loadtxt(path("iris"), delimiter=",", skiprows=1, usecols=range(4))[:rows]


def some_rows(seed, n, d=3):
    rng = np.random.default_rng(seed)
    return 50.0 + rng.gamma(2.0, size=(n, d)) @ rng.normal(size=(d, d))


@pytest.mark.parametrize(
    ("rows", "skewness", "skewness_p", "kurtosis", "kurtosis_p"),
    [
        (50, 25.6643445196298, 0.177185884467652, 1.29499223711605, 0.195322907441935),
        (150, 67.4305087780629, 4.75799820400705e-07, -0.230112114480775, 0.818004651478188),
    ],
)
def test_mardia_agrees_with_the_r_package_mvn(rows, skewness, skewness_p, kurtosis, kurtosis_p):
    """Published with MVN 5.9 for iris setosa and for iris, by the uncorrected laws of large samples (Mardia 1970)."""
    test = sf.mardia(iris(rows), method="asymptotic")
    assert test.skewness.statistic == pytest.approx(skewness, rel=1e-11)
    assert stats.chi2.sf(test.skewness.statistic, 20) == pytest.approx(skewness_p, rel=1e-10)
    deviate = (test.kurtosis.effect - 24) / np.sqrt(8 * 24 / rows)
    assert deviate == pytest.approx(kurtosis, rel=1e-10)
    assert 2 * stats.norm.sf(abs(deviate)) == pytest.approx(kurtosis_p, rel=1e-10)


def test_henze_zirkler_agrees_with_the_r_package_mvn():
    """Published with MVN for iris setosa: HZ = 0.9488453, p = 0.04995356."""
    test = sf.henze_zirkler(iris(50), method="lognormal")
    assert test.statistic == pytest.approx(0.9488453, abs=5e-8)
    assert test.p_value == pytest.approx(0.04995356, abs=5e-9)


def test_mardia_is_the_double_sum_of_its_definition():
    x = some_rows(1, 40)
    off = x - x.mean(axis=0)
    products = off @ np.linalg.inv(off.T @ off / 40) @ off.T
    test = sf.mardia(x, method="asymptotic")
    assert test.skewness.effect == pytest.approx((products**3).mean(), rel=1e-10)
    assert test.kurtosis.effect == pytest.approx((np.diagonal(products) ** 2).mean(), rel=1e-10)
    factor = 4 * 41 * 43 / (40 * (41 * 4 - 6))  # (d + 1)(n + 1)(n + 3)/(n((n + 1)(d + 1) − 6))
    assert test.skewness.p_value == pytest.approx(stats.chi2.sf(40 * factor * (products**3).mean() / 6, 10), rel=1e-9)


def test_one_column_has_the_usual_skewness_and_kurtosis():
    x = some_rows(2, 60, 1)[:, 0]
    test = sf.mardia(x, method="asymptotic")
    assert test.skewness.effect == pytest.approx(stats.skew(x) ** 2, rel=1e-10)
    assert test.kurtosis.effect == pytest.approx(stats.kurtosis(x) + 3, rel=1e-11)


def test_henze_zirkler_is_the_integral_of_its_definition():
    z = whitened(some_rows(3, 30, 1))
    beta = smoothing(30, 1)

    def integrand(t):
        gap = np.exp(1j * t * z[:, 0]).mean() - np.exp(-0.5 * t * t)
        return abs(gap) ** 2 * stats.norm.pdf(t, scale=beta)

    expected = 30 * integrate.quad(integrand, -12 * beta, 12 * beta, limit=200, epsabs=1e-13)[0]
    assert henze_zirkler_statistic(z, np.ones(30), beta) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("n", "d"), [(10, 2), (30, 5)])
def test_the_moments_for_small_samples_are_those_of_simulated_ones(n, d):
    null = simulated(mardia_moments, n, d, 20_000, rng=4)
    error = null.std(axis=0) / np.sqrt(20_000)
    assert abs(null[:, 0].mean() - mean_skewness(n, d)) < 4 * error[0]
    assert abs(null[:, 1].mean() - d * (d + 2) * (n - 1) / (n + 1)) < 4 * error[1]
    squares = (null[:, 1] - null[:, 1].mean()) ** 2
    assert abs(squares.mean() - kurtosis_variance(n, d)) < 4 * squares.std() / np.sqrt(20_000)


def test_the_moments_of_henze_and_zirkler_are_those_of_large_simulated_samples():
    """They hold for n → ∞ at one β; at n = 200 mean and standard deviation are within 5 and 20 percent."""
    null = simulated(henze_zirkler_statistics, 200, 2, 2_000, rng=5)[:, 0]
    mean, variance = henze_zirkler_moments(smoothing(200, 2), 2)
    assert null.mean() == pytest.approx(mean, rel=0.05)
    assert null.std() == pytest.approx(np.sqrt(variance), rel=0.2)


def test_simulated_p_values_of_normal_rows_are_uniform():
    """One null distribution serves all samples, for it depends on n and d alone, not on mean and covariance."""
    n, d, samples = 12, 2, 2_000
    x = np.random.default_rng(6).normal(size=(samples, n, d)) @ np.array([[3.0, 0.0], [2.9, 0.1]]) - 7.0
    z = whitened(x)
    null = np.column_stack(
        [simulated(mardia_moments, n, d, 3_999, rng=7), simulated(henze_zirkler_statistics, n, d, 3_999, rng=8)]
    )
    found = np.column_stack([mardia_moments(z), henze_zirkler_statistics(z)])
    rules = (upper_p_value, two_sided_p_value, upper_p_value)
    for j, rule in enumerate(rules):
        p = np.array([rule(null[:, j], value) for value in found[:, j]])
        # the null is a sample of its own: two samples are compared
        assert stats.ks_2samp(null[:, j], found[:, j]).pvalue > 1e-4
        assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.025)


def test_the_p_value_of_a_simulation_counts_the_sample_itself():
    null = np.arange(1.0, 20.0)
    assert upper_p_value(null, 18.0) == pytest.approx(3 / 20)
    assert upper_p_value(null, 99.0) == pytest.approx(1 / 20)
    assert two_sided_p_value(null, 1.0) == pytest.approx(2 * 2 / 20)
    assert two_sided_p_value(null, 10.0) == 1.0


def test_both_tests_see_rows_that_are_not_normal():
    x = some_rows(9, 200)
    assert sf.mardia(x).p_value == pytest.approx(0.002)
    assert sf.henze_zirkler(x, replicates=99).p_value == pytest.approx(0.01)
    heavy = np.random.default_rng(10).standard_t(3, size=(30_000, 2))
    found = sf.mardia(heavy)
    assert found.p_value < 1e-10
    assert "exact mean and variance for n = 30,000" in found.kurtosis.method


def test_statistics_do_not_change_under_affine_maps_or_cuts():
    x = some_rows(11, 70_000)
    whole, engine = sf.mardia(x), sf.mardia(x, engine=sf.Threads(2))
    assert (whole.skewness.effect, whole.kurtosis.effect) == (engine.skewness.effect, engine.kurtosis.effect)
    moved = sf.mardia(x @ np.array([[2.0, 1, 0], [0, 1, 1], [0, 0, 5.0]]) - 1e4)
    assert moved.skewness.effect == pytest.approx(whole.skewness.effect, rel=1e-8)
    few = x[:300]
    assert sf.henze_zirkler(3.0 - 2.0 * few, method="lognormal").statistic == pytest.approx(
        sf.henze_zirkler(few, method="lognormal").statistic, rel=1e-9
    )


def test_a_weight_of_two_is_the_row_twice():
    x, weights = some_rows(12, 20), np.repeat([1.0, 2.0], 10)
    twice = np.repeat(x, weights.astype(int), axis=0)
    for test in (sf.mardia, sf.henze_zirkler):
        a, b = test(x, weights=weights, replicates=99), test(twice, replicates=99)
        assert (a.p_value, a.method) == (b.p_value, b.method)
        assert a.statistic == pytest.approx(b.statistic, rel=1e-9)
    assert "χ²" in sf.mardia(x, weights=0.75 * weights).skewness.method
    with pytest.raises(NotAvailableError, match=r"n = Σ of the weights is 22\.5: .* method='lognormal'"):
        sf.henze_zirkler(x, weights=0.75 * weights, method="simulated")


def test_a_fit_answers_the_same_questions():
    fit = sf.fit(sf.MultivariateNormal, iris(50))
    ours = fit._ask(mardia_question(fit.origin.columns)), fit._ask(henze_zirkler_question(fit.origin.columns))
    assert ours == (sf.mardia(iris(50)), sf.henze_zirkler(iris(50)))


def test_missing_values_are_left_out_only_on_request():
    x = iris(50)
    x[7, 2] = np.nan
    with pytest.raises(DataError, match="missing value"):
        sf.mardia(x)
    assert sf.henze_zirkler(x, missing="drop") == sf.henze_zirkler(np.delete(x, 7, axis=0))


def test_what_cannot_be_tested_is_refused(monkeypatch):
    with pytest.raises(NotAvailableError, match=r"n = 4 is too few to test the normality of 3 columns: .* more than 4"):
        sf.mardia(some_rows(13, 4))
    with pytest.raises(NoMaximumError, match="collinear"):
        sf.henze_zirkler(some_rows(14, 40, 1) @ [[1.0, 2.0]])
    with pytest.raises(ParameterError, match="method must be 'simulated' or 'asymptotic', not 'exact'"):
        sf.mardia(iris(), method="exact")
    monkeypatch.setattr("suffice.inference.multivariate_normality.MOST_ROWS", 100)
    with pytest.raises(DataError, match=r"at most 100 rows, not 150; test a sample of them, or use Mardia's"):
        sf.henze_zirkler(iris())


def test_a_test_says_what_it_is():
    text = str(sf.mardia(iris(50)))
    assert "Mardia's skewness: statistic 25.6643, p = " in text
    assert "exact, by 999 simulated samples of 50 normal rows of 4 columns" in text
    assert "twice the smaller (Bonferroni)" in text
