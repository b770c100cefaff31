"""Tests of fit: the published statistics, p-values that know of the fitting, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.datasets import path
from suffice.errors import DataNeeded, NotAvailableError, ParameterError
from suffice.inference.criteria import penalty
from suffice.inference.empirical_distances import ANDERSON, CRAMER, KOLMOGOROV, AtPoints, AtRows
from suffice.inference.fit_testing import refitted_distances
from suffice.inference.goodness_of_fit_choice import _tested
from suffice.inference.goodness_of_fit_result import Effect
from suffice.inference.parametric_bootstrap import of_samples

METHODS = (KOLMOGOROV, CRAMER, ANDERSON)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (sf.Weibull, (0.13963, 0.68396, 3.57307)),
        (sf.Gamma, (0.12805, 0.69368, 3.56709)),
        (sf.LogNormal, (0.14931, 0.82774, 4.54365)),
    ],
)
def test_the_statistics_of_groundbeef_are_the_published_ones(family: type, expected: tuple[float, ...]) -> None:
    fit = sf.fit(family, path("groundbeef"))
    for method, value in zip(METHODS, expected, strict=True):
        found = fit.goodness_of_fit(method, replicates=19, rounding=None)
        assert found.statistic == pytest.approx(value, abs=6e-6)


def test_distances_are_those_of_scipy() -> None:
    x = sf.Normal(1, 2).sample(40, rng=1)
    theta, at = np.array([[1.0, 2.0]]), AtRows(sf.Normal)
    known = stats.norm(1, 2)
    assert at.distance(KOLMOGOROV, theta, x[None])[0] == pytest.approx(stats.kstest(x, known.cdf).statistic, rel=1e-12)
    assert at.distance(CRAMER, theta, x[None])[0] == pytest.approx(
        stats.cramervonmises(x, known.cdf).statistic, rel=1e-12
    )
    u = np.sort(known.cdf(x))
    i = np.arange(1, 41)
    byhand = -40 - np.mean((2 * i - 1) * (np.log(u) + np.log1p(-u[::-1])))
    assert at.distance(ANDERSON, theta, x[None])[0] == pytest.approx(byhand, rel=1e-12)


def test_an_anderson_darling_statistic_keeps_its_digits_in_the_tails() -> None:
    # 1 − F(12) = 1.8e-33 is lost in F, and its logarithm is −75.4 all the same
    found = AtRows(sf.Normal).distance(ANDERSON, np.array([[0.0, 1.0]]), np.array([[-1.0, 0.0, 12.0]]))[0]
    log_u, log_v = stats.norm.logcdf([-1, 0, 12]), stats.norm.logsf([12, 0, -1])
    assert found == pytest.approx(-3 - np.sum((2 * np.arange(3) + 1) / 3 * (log_u + log_v)), rel=1e-13)


def test_anderson_darling_of_a_fitted_normal_has_the_published_law() -> None:
    # Stephens' case 3: .561 at 15 %, .752 at 5 %, 1.035 at 1 %, for s with divisor n − 1
    n, at = 100, AtRows(sf.Normal)

    def statistic(x: np.ndarray) -> np.ndarray:
        theta = np.stack([x.mean(axis=1), x.std(axis=1, ddof=1)], axis=-1)
        return at.distance(ANDERSON, theta, x)

    values = of_samples(sf.Normal(3, 2), n, 20_000, 5, statistic) * (1 + 0.75 / n + 2.25 / n**2)
    for share, critical in ((0.15, 0.561), (0.10, 0.631), (0.05, 0.752), (0.01, 1.035)):
        assert np.mean(values > critical) == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / 20_000))


def test_a_p_value_that_forgets_the_fitting_would_be_far_too_large() -> None:
    x = sf.Normal(3, 2).sample(100, rng=8)
    fit = sf.fit(sf.Normal, x)
    found = fit.goodness_of_fit("kolmogorov-smirnov", rng=1)
    naive = stats.kstest(x, fit.model.cdf).pvalue
    assert found.p_value < naive - 0.2
    assert "refitted" in found.method
    assert "exact" in found.method


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_family_is_contradicted(method: str) -> None:
    fit = sf.fit(sf.Normal, sf.Exponential(1).sample(200, rng=2))
    found = fit.goodness_of_fit(method, replicates=199)
    assert found.p_value == 1 / 200
    text = str(found)
    assert "the data contradict it at 5%" in text
    assert "p ≤ 0.005" in text


def test_the_law_of_a_known_model_needs_no_refit() -> None:
    x = sf.Normal(0, 1).sample(50, rng=3)
    found = sf.fit(sf.Normal, x, fixed={"mu": 0.0, "sigma": 1.0}).goodness_of_fit(
        "kolmogorov-smirnov", replicates=4_999
    )
    assert found.p_value == pytest.approx(stats.kstest(x, stats.norm.cdf).pvalue, abs=0.05)
    assert "refitted" not in found.method
    assert "the Normal distribution with mu = 0, sigma = 1" in str(found)


def test_threads_do_not_change_the_p_value() -> None:
    x = sf.Gamma(2, 1).sample(300, rng=3)
    fit = sf.fit(sf.Gamma, x)
    many = fit.goodness_of_fit(replicates=499)
    assert sf.fit(sf.Gamma, x, engine=sf.Threads(1)).goodness_of_fit(replicates=499) == many


def test_weights_count_rows() -> None:
    x, weights = np.array([1.0, 2.5, 3.0, 4.5, 7.0]), np.array([3.0, 1.0, 0.0, 2.0, 4.0])
    weighted = sf.fit(sf.Gamma, x, weights=weights).goodness_of_fit(replicates=99, rounding=None)
    repeated = sf.fit(sf.Gamma, np.repeat(x, weights.astype(int))).goodness_of_fit(replicates=99, rounding=None)
    assert weighted.statistic == pytest.approx(repeated.statistic, rel=1e-6)
    assert weighted.p_value == repeated.p_value


def test_a_discrete_distance_is_taken_at_every_integer() -> None:
    x = np.array([0.0, 0.0, 1.0, 4.0])
    model = sf.Poisson(2.0)
    at = AtPoints.of(model, sf.Poisson, x)
    k = np.arange(len(at.points))
    seen, expected = np.mean(x[:, None] <= k, axis=0), stats.poisson.cdf(k, 2.0)
    mass = stats.poisson.pmf(k, 2.0)
    theta = np.array([[2.0]])
    assert at.distance(KOLMOGOROV, theta, x[None])[0] == pytest.approx(np.abs(seen - expected).max(), rel=1e-12)
    assert at.distance(CRAMER, theta, x[None])[0] == pytest.approx(4 * np.sum((seen - expected) ** 2 * mass), rel=1e-9)
    byhand = 4 * np.sum((seen - expected) ** 2 / (expected * (1 - expected)) * mass)
    assert at.distance(ANDERSON, theta, x[None])[0] == pytest.approx(byhand, rel=1e-6)


def test_counts_far_apart_are_compared_at_quantiles() -> None:
    model = sf.NegativeBinomial(5_000.0, 0.7)
    x = model.sample(200, rng=5)
    at = AtPoints.of(model, sf.NegativeBinomial, x)
    assert len(at.points) <= 202
    assert at.points[-1] == x.max()


def test_quantiles_beyond_all_doubles_are_no_points() -> None:
    # half of this model lies above the largest double
    at = AtPoints.of(sf.Zipf(1.001), sf.Zipf, np.array([1.0, 5.0, 1e300]))
    assert len(at.points) > 100
    assert np.isfinite(at.points).all()


def test_toxocara_is_no_poisson_and_may_be_negative_binomial() -> None:
    x = path("toxocara")
    assert sf.fit(sf.Poisson, x).goodness_of_fit(replicates=99).p_value == 0.01
    assert sf.fit(sf.NegativeBinomial, x).goodness_of_fit(replicates=99).p_value > 0.1


def test_the_effect_has_limits_by_dvoretzky_kiefer_and_wolfowitz() -> None:
    effect = Effect.of(0.03, 10_000)
    room = np.sqrt(np.log(40) / 20_000)
    assert (effect.lower, effect.upper) == pytest.approx((0.03 - room, 0.03 + room))
    assert str(effect) == (
        "no probability P(X ≤ x) of the model is off by more than 4.4 percentage points, and somewhere it is off by at "
        "least 1.6 percentage points (95% confidence)"
    )


def test_cells_without_parameters_are_pearson_s() -> None:
    x = sf.Exponential(1).sample(400, rng=4)
    found = sf.fit(sf.Exponential, x, fixed={"rate": 1.0}).goodness_of_fit("chi-squared")
    k = int(found.method.split()[2])
    # the edges lie on a grid of 20,000 cells of equal probability
    edges = np.rint(np.arange(1, k) * 20_000 / k) / 20_000
    counts = np.diff(np.searchsorted(np.sort(-np.expm1(-x)), edges), prepend=0, append=400)
    expected = 400 * np.diff(edges, prepend=0, append=1)
    byhand = stats.chisquare(counts, expected)
    assert (found.statistic, found.p_value) == pytest.approx((byhand.statistic, byhand.pvalue), rel=1e-9)


def test_cells_have_the_law_of_rao_and_robson_for_a_fitted_exponential() -> None:
    # For Exp(rate) the correction is known: B = ∂p/∂log(rate)/√p, one row's information in log(rate) is 1.
    x = sf.Exponential(2).sample(500, rng=6)
    found = sf.fit(sf.Exponential, x).goodness_of_fit("chi-squared")
    k = int(found.method.split()[2])
    edges = np.rint(np.arange(1, k) * 20_000 / k) / 20_000
    t = -np.log1p(-edges)
    p, slope = np.diff(edges, prepend=0, append=1), np.diff(t * np.exp(-t), prepend=0, append=0)
    counts = np.diff(np.searchsorted(np.sort(-np.expm1(-x / x.mean())), edges), prepend=0, append=500)
    v, b = (counts - 500 * p) / np.sqrt(500 * p), slope / np.sqrt(p)
    byhand = v @ v + (v @ b) ** 2 / (1 - b @ b)
    assert found.statistic == pytest.approx(byhand, rel=1e-6)
    assert found.p_value == pytest.approx(stats.chi2.sf(byhand, k - 1), rel=1e-5)


@pytest.mark.parametrize("family", [sf.Gamma, sf.NegativeBinomial])
def test_cells_keep_their_size(family: type) -> None:
    truth = sf.Gamma(3, 1) if family is sf.Gamma else sf.NegativeBinomial(6, 2)
    p = [sf.fit(family, truth.sample(400, rng=i)).goodness_of_fit("chi-squared").p_value for i in range(150)]
    assert np.mean(np.array(p) < 0.05) < 0.14
    assert stats.kstest(p, "uniform").pvalue > 1e-4


def test_many_rows_are_tested_by_cells_and_the_effect_is_told() -> None:
    found = sf.fit(sf.Normal, sf.Normal(0, 1).sample(200_000, rng=1)).goodness_of_fit()
    assert found.method.startswith("χ²")
    assert found.p_value > 0.001
    assert found.effect is not None
    assert found.effect.upper < 0.006


def test_a_saturated_family_is_not_testable() -> None:
    with pytest.raises(NotAvailableError, match="Bernoulli is not testable: with 2 possible values and 1 free param"):
        sf.fit(sf.Bernoulli, [0, 1, 1, 0, 1]).goodness_of_fit()
    with pytest.raises(NotAvailableError, match=r"not testable: with 2 possible values"):
        sf.fit(sf.Binomial.of(n=1), [0, 1, 1, 0, 1]).goodness_of_fit()


def test_too_few_rows_are_not_testable() -> None:
    with pytest.raises(NotAvailableError, match="Normal is not testable with n = 2"):
        sf.fit(sf.Normal, [1.0, 2.0]).goodness_of_fit()


def test_weights_that_are_no_counts_go_to_cells() -> None:
    x = sf.Normal(0, 1).sample(50, rng=1)
    fit = sf.fit(sf.Normal, x, weights=np.full(50, 0.5))
    with pytest.raises(NotAvailableError, match="use method='chi-squared'"):
        fit.goodness_of_fit("anderson-darling")


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match="'anderson-darling' or 'chi-squared', not 'ks'"):
        sf.fit(sf.Normal, [1.0, 2.0, 4.0]).goodness_of_fit("ks")
    with pytest.raises(ParameterError, match="at least 19"):
        sf.fit(sf.Normal, [1.0, 2.0, 4.0]).goodness_of_fit(replicates=9)


def test_a_loaded_fit_needs_the_data(tmp_path: Path) -> None:
    x = sf.Normal(0, 1).sample(30, rng=1)
    fit = sf.fit(sf.Normal, x)
    sf.save(fit, tmp_path / "fit.json")
    loaded = sf.load(tmp_path / "fit.json")
    with pytest.raises(DataNeeded):
        loaded.goodness_of_fit(replicates=99)
    assert loaded.goodness_of_fit(replicates=99, data=x) == fit.goodness_of_fit(replicates=99)


def test_heaped_data_are_tested_as_rounded_data() -> None:
    fit = sf.fit(sf.Gamma, path("groundbeef"))
    naive, rounded = fit.goodness_of_fit(rounding=None, replicates=199), fit.goodness_of_fit(replicates=199)
    assert naive.p_value == 0.005
    assert rounded.p_value > 0.05
    assert "a Gamma distribution, rounded to multiples of 25" in str(rounded)


# The first column of `examgrades`, printed for 120 students in MathWorks' documentation of `lillietest`.
GRADES = np.loadtxt(Path(__file__).parents[1] / "reference" / "examgrades.csv", skiprows=1)


def test_the_grades_of_an_exam_under_a_known_normal_distribution() -> None:
    known = {"mu": GRADES.mean(), "sigma": GRADES.std(ddof=1)}
    fit = sf.fit(sf.Normal, GRADES, fixed=known)
    cdf = stats.norm(*known.values()).cdf
    for method, expected in (
        ("kolmogorov-smirnov", stats.kstest(GRADES, cdf, method="exact")),
        ("cramer-von-mises", stats.cramervonmises(GRADES, cdf)),
    ):
        found = fit.goodness_of_fit(method, rounding=None, replicates=4_999)
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
        assert found.p_value == pytest.approx(expected.pvalue, abs=4 * 0.5 / np.sqrt(4_999))


def test_the_grades_of_an_exam_contradict_a_normal_distribution_only_as_they_are_rounded() -> None:
    fit = sf.fit(sf.Normal, GRADES)
    every_digit = fit.goodness_of_fit("kolmogorov-smirnov", rounding=None, replicates=4_999)
    # Lilliefors' test, of which s has the divisor n − 1, gives .0348
    assert every_digit.p_value == pytest.approx(0.03, abs=0.01)
    assert fit.goodness_of_fit("kolmogorov-smirnov", replicates=499).p_value == pytest.approx(0.108, abs=0.06)


@pytest.mark.parametrize(
    ("fixed", "statistic", "p_value"),
    [
        ({"mu": 45.01575354024957, "sigma": 30.0}, 2.492, 0.05),
        ({"sigma": 29.957112639101933}, 0.908, 0.1),
        ({"mu": 44.5680212261933}, 2.904, 0.025),
    ],
)
def test_anderson_darling_with_fixed_parameters_has_the_published_law(fixed, statistic, p_value) -> None:
    # Stephens (1974), JASA 69, table 1A; the parameters at which 1, …, 100 have these statistics are those of SciPy
    found = sf.fit(sf.Normal, np.arange(1.0, 101.0), fixed=fixed).goodness_of_fit(
        "anderson-darling", rounding=None, replicates=4_999
    )
    assert found.statistic == pytest.approx(statistic, abs=5e-4)
    assert found.p_value == pytest.approx(p_value, abs=4 * np.sqrt(p_value / 4_999))


def test_rounded_values_of_a_true_family_are_not_contradicted() -> None:
    x = np.round(sf.Normal(20, 2).sample(2_000, rng=4))
    fit = sf.fit(sf.Normal, x)
    assert fit.goodness_of_fit(rounding=None, replicates=99).p_value == 0.01
    assert fit.goodness_of_fit(replicates=99).p_value > 0.05
    assert fit.goodness_of_fit(rounding=1.0, replicates=99) == fit.goodness_of_fit(replicates=99)


def test_a_step_of_rounding_must_be_one() -> None:
    fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0, 5.0])
    with pytest.raises(ParameterError, match="rounding must be 'auto', None or the step of the grid, not -1"):
        fit.goodness_of_fit(rounding=-1)


def test_a_multivariate_normal_is_tested_for_normality() -> None:
    iris = sf.fit(sf.MultivariateNormal, path("iris"))
    assert iris.goodness_of_fit(replicates=99).p_value == 0.01
    assert iris.goodness_of_fit("mardia", replicates=99).p_value <= 0.05
    with pytest.raises(ParameterError, match="'henze-zirkler' or 'mardia', not 'anderson-darling'"):
        iris.goodness_of_fit("anderson-darling")


def test_shares_of_categories_fit_whatever_the_data_are() -> None:
    with pytest.raises(NotAvailableError, match="Categorical is not testable: it has a probability for each value"):
        sf.fit(sf.Categorical, [0, 1, 2, 1]).goodness_of_fit()


def test_rows_that_depend_on_each_other_are_said_to_spoil_the_p_value() -> None:
    x = np.cumsum(sf.Normal(0, 1).sample(400, rng=1))
    fit = sf.fit(sf.Normal, x)
    for method in ("anderson-darling", "chi-squared"):
        assert "assume independent rows" in str(fit.goodness_of_fit(method, replicates=99))


def test_after_a_choice_among_families_each_sample_repeats_the_choice() -> None:
    x = sf.Gamma(2, 1).sample(60, rng=1)
    families = [sf.Gamma, sf.Weibull, sf.LogNormal, sf.InverseGaussian]
    best = sf.compare(families, x).best
    found = best.goodness_of_fit(replicates=999)
    plain = sf.fit(best.family, x).goodness_of_fit(replicates=999)
    assert found.statistic == plain.statistic
    # the best of four lies nearer to its data than one that is given, so that the same distance is a larger one
    assert found.p_value < plain.p_value
    assert "to each of which all 4 families were fitted and the best chosen again" in found.method
    assert "does not know that the family was chosen" in str(best.goodness_of_fit("chi-squared"))


def test_a_sample_s_distance_is_that_of_the_family_chosen_for_it() -> None:
    rows = sf.Gamma(2, 1).sample((20, 40), rng=3)
    best = sf.compare([sf.Gamma, sf.Weibull, sf.LogNormal], rows[0]).best
    values = refitted_distances(_tested(best, rows[0], None), ANDERSON, rows)
    for row, value in zip(rows, values, strict=True):
        chosen = sf.compare([sf.Gamma, sf.Weibull, sf.LogNormal], row).best
        assert value == pytest.approx(chosen.goodness_of_fit(replicates=19, rounding=None).statistic, rel=1e-4)


def test_a_criterion_counts_parameters_as_fits_do() -> None:
    fit = sf.fit(sf.Gamma, [1.0, 2.0, 4.0, 3.0, 2.0, 5.0])
    for criterion in ("aic", "aicc", "bic"):
        assert -2 * fit.log_likelihood + penalty(criterion, 2, 6) == pytest.approx(getattr(fit, criterion))


@pytest.mark.parametrize("truth", [sf.Uniform(1, 4), sf.Pareto(2, 3)], ids=["Uniform", "Pareto"])
def test_a_support_fitted_to_the_outermost_row_is_tested_without_infinite_weights(truth: sf.Uniform) -> None:
    p = [
        sf.fit(type(truth), truth.sample(30, rng=i)).goodness_of_fit(replicates=99, rounding=None).p_value
        for i in range(60)
    ]
    assert stats.kstest(p, "uniform").pvalue > 1e-4
    with pytest.raises(NotAvailableError, match="infinite where an end of its support is fitted"):
        sf.fit(type(truth), truth.sample(30, rng=1)).goodness_of_fit("anderson-darling")


def test_a_spike_at_a_round_number_is_no_rounding_to_it() -> None:
    rng = np.random.default_rng(5)
    spike = np.round(np.where(rng.random(3_000) < 0.4, rng.normal(100, 0.5, 3_000), rng.normal(100, 15, 3_000)))
    found = sf.fit(sf.Normal, spike).goodness_of_fit(replicates=49)
    assert found.p_value == 0.02
    assert "rounded to multiples of 1" in found.null


def test_cells_of_rounded_values_are_those_of_the_rounding() -> None:
    x = np.round(sf.Normal(100, 20).sample(30_000, rng=2) / 10) * 10
    fit = sf.fit(sf.Normal, x)
    assert fit.goodness_of_fit(rounding=None).p_value < 1e-100
    found = fit.goodness_of_fit()
    assert found.method.startswith("χ²")
    assert found.p_value > 0.001
    assert "rounded to multiples of 10" in found.null
    assert found.effect is not None
    assert found.effect.upper < 0.015


def test_cells_see_what_lies_below_the_smallest_count() -> None:
    counts = sf.Poisson(1.2).sample(60_000, rng=3)
    found = sf.fit(sf.Poisson, counts[counts > 0]).goodness_of_fit()
    assert found.effect is not None
    assert found.effect.lower > 0.15


def test_two_values_are_fitted_by_any_two_parameters() -> None:
    with pytest.raises(NotAvailableError, match="Normal is not testable on 2 distinct values"):
        sf.fit(sf.Normal, np.repeat([10.0, 20.0], [30, 70])).goodness_of_fit(rounding=None)


def test_weights_that_are_no_counts_are_said_to_spoil_the_cells() -> None:
    weights = np.random.default_rng(1).uniform(0.5, 1.5, 200)
    fit = sf.fit(sf.Normal, sf.Normal(0, 1).sample(200, rng=1), weights=weights)
    assert "no counts of rows" in fit.goodness_of_fit("chi-squared").note


def test_what_has_no_fit_to_rounded_values_says_so() -> None:
    x = np.round(sf.Laplace(50, 5).sample(200, rng=1))
    with pytest.raises(NotAvailableError, match=r"no fit of Laplace to rounded values.*pass rounding=None"):
        sf.fit(sf.Laplace, x).goodness_of_fit(replicates=19)
    best = sf.compare([sf.Normal, sf.Laplace], np.round(sf.Normal(50, 5).sample(200, rng=1))).best
    found = best.goodness_of_fit(replicates=19)
    assert "repeated without Laplace" in found.note
    assert "each refitted" in found.method


def test_a_choice_that_is_repeated_among_some_says_among_how_many() -> None:
    x = np.round(sf.Normal(50, 5).sample(200, rng=1))
    found = sf.compare([sf.Normal, sf.Logistic, sf.Laplace], x).best.goodness_of_fit(replicates=19)
    assert "to each of which 2 of the 3 families were fitted" in found.method


@pytest.mark.parametrize("method", ["anderson-darling", "chi-squared"])
def test_a_step_that_was_found_in_the_data_is_said_to_be_and_how_to_change_it(method: str) -> None:
    fit = sf.fit(sf.Gamma, path("groundbeef"))
    found = fit.goodness_of_fit(method, replicates=19)
    assert (found.step, found.step_found) == (25.0, True)
    line = "  the step 25 was found in the data: rounding= takes another, or None for every digit as it is"
    assert line in str(found).splitlines()
    given = fit.goodness_of_fit(method, replicates=19, rounding=25)
    assert given == found
    assert "rounding=" not in str(given)
    assert "rounding=" not in str(fit.goodness_of_fit(method, replicates=19, rounding=None))


@pytest.mark.parametrize("method", ["anderson-darling", "chi-squared"])
def test_middles_of_cells_are_tested_as_the_cells_that_they_stand_for(method):
    """Ages in whole years and a half were rounded down: the cell of 30.5 goes from 30 to 31."""
    x = np.floor(np.random.default_rng(5).normal(40.0, 9.0, 300))
    whole = sf.fit(sf.Normal, x).goodness_of_fit(method, replicates=99, rounding=1.0)
    for rounding in ("auto", 1.0):
        middle = sf.fit(sf.Normal, x + 0.5).goodness_of_fit(method, replicates=99, rounding=rounding)
        assert middle.statistic == pytest.approx(whole.statistic, rel=1e-6)
        assert middle.p_value == pytest.approx(whole.p_value, rel=1e-6)
        assert "rounded to 0.5 + multiples of 1" in middle.null
