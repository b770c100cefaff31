"""Outliers: what a person gets from a fit, from new rows, and under known parameters."""

from __future__ import annotations

import pickle

import numpy as np
import pandas
import pytest
from scipy import stats

import suffice as sf
from suffice.datasets import path
from suffice.errors import (
    DataNeeded,
    MissingDependencyError,
    MissingValuesError,
    NotAvailableError,
    ParameterError,
    ShapeError,
)
from suffice.inference.outlier_search import score_of


def fit_davis():
    return sf.fit(sf.MultivariateNormal, path("davis"), columns=["weight", "height"])


def normal_rows(seed, n, d=2):
    return np.random.default_rng(seed).normal(size=(n, d)) @ (np.eye(d) + 0.5) + 10.0


def test_the_row_of_davis_with_weight_and_height_swapped_comes_first():
    found = fit_davis().outliers()
    assert found.rows[0] == 12
    assert found.count == 1
    np.testing.assert_array_equal(found.values[0], [166.0, 57.0])
    assert found.adjusted_p_values[0] < 1e-70
    assert found.adjusted_p_values[1] > 0.3


def test_p_values_of_fitted_rows_are_those_of_leaving_the_row_out():
    """By Hotelling's T² of the row against a fit to the others, in other words and other arithmetic."""
    x = normal_rows(1, 30, 3)
    found = sf.fit(sf.MultivariateNormal, x).outliers(most=30)
    for row, p in zip(found.rows, found.p_values, strict=True):
        others = np.delete(x, row - 1, axis=0)
        off = x[row - 1] - others.mean(axis=0)
        t_squared = off @ np.linalg.inv(np.cov(others.T)) @ off * 29 / 30
        assert p == pytest.approx(stats.f.sf(t_squared * (29 - 3) / (3 * 28), 3, 29 - 3), rel=1e-9)
    assert (np.diff(found.distances) <= 0).all()
    np.testing.assert_allclose(found.adjusted_p_values, np.minimum(30 * found.p_values, 1.0))
    np.testing.assert_allclose(found.squared_distances.sum(), 30 * 3)


def test_the_conditional_deviation_is_what_the_distance_loses():
    x = normal_rows(2, 40, 3)
    fit = sf.fit(sf.MultivariateNormal, x)
    found = fit.outliers(most=5)
    for i in range(5):
        for j in range(3):
            others = {k: v for k, v in enumerate(found.values[i]) if k != j}
            left = fit.model.conditional(others)
            rest = fit.model.marginal(list(others)).mahalanobis_squared(list(others.values()))
            expected = (found.values[i, j] - left.mean[0]) / left.standard_deviation[0]
            assert found.conditional[i, j] == pytest.approx(expected, rel=1e-9)
            assert found.squared_distances[i] - rest == pytest.approx(expected**2, rel=1e-9)


def test_a_weight_of_two_is_the_row_twice():
    x = np.append(np.random.default_rng(3).normal(size=40), [5.0, 5.0])
    twice = sf.fit(sf.Normal, x)
    once = sf.fit(sf.Normal, x[:-1], weights=[1.0] * 40 + [2.0])
    for adjust in ("bonferroni", "holm"):
        a, b = once.outliers(adjust=adjust, most=2), twice.outliers(adjust=adjust, most=3)
        assert (a.rows[0], a.weights[0], list(b.rows[:2])) == (41, 2.0, [41, 42])
        np.testing.assert_allclose(a.adjusted_p_values, b.adjusted_p_values[1:], rtol=1e-11)
    assert "(weight 2)" in str(a)


def test_rows_have_their_numbers_in_the_data_where_some_are_left_out():
    x = normal_rows(4, 50)
    x[3] = np.nan
    x[20] = 40.0, -40.0
    assert sf.fit(sf.MultivariateNormal, x, missing="drop").outliers().rows[0] == 21
    weights = np.ones(49)
    weights[:7] = 0.0
    x = np.delete(x, 3, axis=0)
    assert sf.fit(sf.MultivariateNormal, x, weights=weights).outliers().rows[0] == 20


def test_at_any_size_the_rows_are_those_of_all_distances_sorted():
    x = normal_rows(5, 150_000)
    x[[70_000, 140_001, 9]] = [[30, 0], [0, 30], [40, 40]]
    fit = sf.fit(sf.MultivariateNormal, x, engine=sf.Threads(2))
    found = fit.outliers(most=1_500)
    squared = fit.model.mahalanobis_squared(x)
    order = np.argsort(-squared, kind="stable")[:1_500]
    np.testing.assert_array_equal(found.rows, order + 1)
    np.testing.assert_allclose(found.squared_distances, squared[order], rtol=1e-12)
    assert found.count == 3


def test_all_rows_beyond_are_counted_however_few_are_listed():
    x = np.append(np.random.default_rng(6).normal(size=30_000), np.full(1_500, 30.0))
    fit = sf.fit(sf.Normal, x)
    found, holm = fit.outliers(adjust="none", most=3), fit.outliers(adjust="holm", level=0.5, most=3)
    z = (x - x.mean()) ** 2 / x.var()
    p = stats.beta.sf(z / (len(x) - 1), 0.5, (len(x) - 2) / 2)
    assert (found.count, found.at_least, len(found)) == ((p <= 0.05).sum(), False, 3)
    assert (holm.count, holm.at_least) == (1_500, True)
    assert "more beyond the level; most=" in str(found)


def test_holm_steps_down():
    x = np.append(np.random.default_rng(7).normal(size=25), [6.0, -5.0])
    found = sf.fit(sf.Normal, x).outliers(adjust="holm", most=27)
    steps = (27 - np.arange(27)) * found.p_values
    np.testing.assert_allclose(found.adjusted_p_values, np.minimum(np.maximum.accumulate(steps), 1.0))


def test_new_rows_have_the_f_law_and_no_part_in_the_fit():
    x = normal_rows(8, 25)
    fit = sf.fit(sf.MultivariateNormal, x)
    new = np.array([[10.0, 10.0], [30.0, -10.0]])
    found = fit.outliers(new=new)
    off = new[1] - x.mean(axis=0)
    t_squared = off @ np.linalg.inv(np.cov(x.T)) @ off * 25 / 26
    assert found.rows[0] == 2
    assert found.p_values[0] == pytest.approx(stats.f.sf(t_squared * 23 / (2 * 24), 2, 23), rel=1e-10)
    assert found.adjusted_p_values[0] == pytest.approx(2 * found.p_values[0])
    assert found.n == 2
    new[0, 1] = np.nan
    with pytest.raises(MissingValuesError, match="first in row 1"):
        fit.outliers(new=new)


def test_under_known_parameters_the_law_is_chi_squared():
    model = sf.MultivariateNormal([1.0, 2.0], [[2.0, 0.3], [0.3, 0.5]])
    x = model.sample(100, rng=9)
    found = sf.outliers(model, x, most=100)
    np.testing.assert_allclose(found.p_values, stats.chi2.sf(found.squared_distances, 2), rtol=1e-11)
    with pytest.raises(ParameterError, match="the model is of 2 columns, the data have 1"):
        sf.outliers(model, x[:, 0])
    with pytest.raises(ParameterError, match=r"of a fit ask fit\.outliers"):
        sf.outliers(sf.fit(sf.Normal, x[:, 0]), x)


@pytest.mark.parametrize("unit", [1e160, 1.3e-162, 2e-162, 1e-300])
def test_the_unit_of_a_normal_model_is_taken_out_before_anything_is_squared(unit):
    x = np.array([0.0, 1.0, -5.0]) * unit
    found = sf.outliers(sf.Normal(0, unit), x)
    assert found.p_values[0] == pytest.approx(2 * stats.norm.sf(5), rel=1e-12)
    np.testing.assert_allclose(found.standardized[:, 0], [-5, 1, 0], rtol=1e-15)


@pytest.mark.parametrize("df", [0.7, 4.0, np.inf])
def test_distances_of_known_student_t_rows_have_an_f_law(df):
    model = sf.MultivariateStudentT([1.0, 2.0], [[2.0, 0.5], [0.5, 1.0]], df=df)
    rows = np.array([[1.0, 2.5], [40.0, -7.0], [3.0, 2.0]])
    found = sf.outliers(model, rows)
    squared = model.mahalanobis_squared(rows)[found.rows - 1]
    expected = stats.chi2.sf(squared, 2) if np.isinf(df) else stats.f.sf(squared / 2, 2, df)
    np.testing.assert_allclose(found.p_values, expected, rtol=1e-12)
    assert found.rows[0] == 2
    assert np.isfinite(found.standardized).all()
    assert "exact where the parameters are known" in found.law
    with pytest.raises(ParameterError, match="the model is of 2 columns, the data have 1"):
        sf.outliers(model, rows[:, 0])


def test_distances_under_a_fitted_student_t_have_its_law_as_if_it_were_known():
    rows = np.random.default_rng(3).standard_t(4, size=(60, 2))
    fit = sf.fit(sf.MultivariateStudentT, rows)
    found, known = fit.outliers(), sf.outliers(fit.model, rows)
    np.testing.assert_array_equal(found.p_values, known.p_values)
    assert "as if the fitted parameters were the true ones" in found.law


def test_parameters_that_were_fixed_change_the_law():
    x = normal_rows(10, 12)
    mean_known = sf.fit(sf.MultivariateNormal, x, fixed={"mean": [10.0, 10.0]}).outliers()
    np.testing.assert_allclose(
        mean_known.p_values, stats.beta.sf(mean_known.squared_distances / 12, 1, (12 - 2) / 2), rtol=1e-10
    )
    sigma_known = sf.fit(sf.Normal, x[:, 0], fixed={"sigma": 1.5}).outliers()
    np.testing.assert_allclose(
        sigma_known.p_values, stats.chi2.sf(sigma_known.squared_distances * 12 / 11, 1), rtol=1e-10
    )


def test_a_log_normal_fit_is_one_of_logarithms():
    x = np.append(np.exp(np.random.default_rng(11).normal(size=30)), [1e4, 1e-4])
    plain, logarithms = sf.fit(sf.LogNormal, x).outliers(), sf.fit(sf.Normal, np.log(x)).outliers()
    np.testing.assert_array_equal(plain.rows, logarithms.rows)
    np.testing.assert_allclose(plain.p_values, logarithms.p_values, rtol=1e-9)


def test_other_families_give_both_tails_in_the_log_domain():
    x = np.append(np.random.default_rng(12).gamma(3.0, size=60), [300.0])
    fit = sf.fit(sf.Gamma, x, fixed={"shape": 3.0, "rate": 1.0})
    found = fit.outliers(most=61)
    upper, lower = stats.gamma.sf(found.values[:, 0], 3), stats.gamma.cdf(found.values[:, 0], 3)
    np.testing.assert_allclose(found.p_values, np.minimum(1.0, 2 * np.minimum(upper, lower)), rtol=1e-11)
    np.testing.assert_allclose(2 * stats.norm.sf(found.distances), found.p_values, rtol=1e-11)
    assert found.rows[0] == 61
    assert "as if the fitted parameters were the true ones: approximate" in found.law


def test_counts_have_the_probability_of_a_value_as_far_out_or_farther():
    found = sf.outliers(sf.Poisson(mean=4.0), [4.0, 0.0, 15.0, 3.0], most=4)
    p = dict(zip(found.rows.tolist(), found.p_values.tolist(), strict=True))
    assert p[3] == pytest.approx(2 * stats.poisson.sf(14, 4))
    assert p[2] == pytest.approx(2 * stats.poisson.cdf(0, 4))
    assert p[1] == 1.0


def test_the_end_of_a_support_where_density_is_high_is_no_outlier():
    found = sf.outliers(sf.Exponential(rate=1.0), [0.0, 1.0, 30.0], most=3)
    assert found.rows[0] == 3
    assert found.count == 1
    assert found.p_values[list(found.rows).index(1)] == 1.0
    impossible = sf.outliers(sf.Exponential(rate=1.0), [-1.0, 1.0, 30.0])
    assert (impossible.rows[0], impossible.p_values[0], impossible.distances[0]) == (1, 0.0, np.inf)


def test_categories_have_no_tails():
    with pytest.raises(NotAvailableError, match="Categorical has no order"):
        sf.fit(sf.Categorical, [0.0, 1.0, 1.0]).outliers()


def test_a_table_is_one_screen_that_says_which_columns_and_what_is_exact():
    text = str(fit_davis().outliers())
    lines = text.splitlines()
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 110
    assert "1 row of n = 200 lies beyond the level 0.05 (marked *)" in text
    assert "exact where the family is right, for rows that were" in text
    starred = [line for line in lines if line.startswith("*")]
    assert len(starred) == 1
    assert starred[0].split()[1] == "12"
    assert "height = 57 (-9.44, -10.9), weight = 166 (+6.65, +8.6)" in starred[0]


def test_rows_are_numbered_from_1_and_positions_from_0_and_the_table_says_so():
    table = pandas.DataFrame({"x": [0.1, -0.3, 0.2, 9.0, 0.0, -0.1, 0.3]}, index=[5, 6, 7, 8, 9, 10, 11])
    found = sf.fit(sf.Normal, table).outliers()
    assert (found.rows[0], found.positions[0]) == (4, 3)
    assert table.iloc[found.positions[0]]["x"] == 9.0
    assert "(the first row is 1)" in " ".join(str(found).split())


def test_positions_count_rows_that_were_left_out_too():
    found = sf.fit(sf.Normal, [0.1, np.nan, 0.2, 9.0, 0.0, -0.1], missing="drop").outliers()
    assert found.positions[0] == 3


@pytest.mark.parametrize("new", [[60.0, 170.0], (60, 170), np.array([60.0, 170.0])])
def test_one_new_row_without_its_brackets_is_written_for_the_reader(new):
    with pytest.raises(ShapeError, match=r"fit is of 2: weight, height; write one row as new=\[\[60, 170\]\]"):
        fit_davis().outliers(new=new)


def test_long_names_of_columns_are_cut():
    text = str(sf.fit(sf.Normal, {"a_name_much_too_long_for_a_table": [1.0, 2.0, 4.0, 9.0]}).outliers())
    assert "a_name_much_too… = 9 (+" in text


def test_wrong_words_and_numbers_are_refused():
    fit = fit_davis()
    for wrong, said in (
        ({"method": "mcd"}, "method must be 'classical' or 'robust', not 'mcd'"),
        ({"adjust": "fdr"}, "adjust must be one of 'bonferroni', 'holm', 'none', not 'fdr'"),
        ({"level": 5}, "did you mean 0.05"),
        ({"most": 0}, "most must be at least 1"),
        ({"data": path("davis"), "new": path("davis")}, "not both"),
    ):
        with pytest.raises(ParameterError, match=said):
            fit.outliers(**wrong)


def test_a_fit_that_lost_its_data_asks_for_them(tmp_path):
    fit = fit_davis()
    sf.save(fit, tmp_path / "fit.json")
    loaded = sf.load(tmp_path / "fit.json")
    with pytest.raises(DataNeeded, match="pass data="):
        loaded.outliers()
    np.testing.assert_array_equal(loaded.outliers(path("davis")).p_values, fit.outliers().p_values)
    new = [[60.0, 170.0]]
    np.testing.assert_array_equal(loaded.outliers(new=new).p_values, fit.outliers(new=new).p_values)


def test_a_fit_of_a_summary_needs_the_rows():
    fit = sf.fit(sf.Normal, sf.summarize([1.0, 2.0, 4.0, 9.0]))
    for method in ("classical", "robust"):
        with pytest.raises(DataNeeded, match="pass data="):
            fit.outliers(method=method)
    assert fit.outliers([1.0, 2.0, 4.0, 9.0]).rows[0] == 4


def test_scores_travel_to_other_processes():
    rows = np.array([[1.0], [30.0]])
    for model in (sf.Normal(0, 1), sf.LogNormal(0, 1), sf.Gamma(2, 1)):
        score = score_of(model)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(score))(rows), score(rows))


def masked(seed=13, n=100):
    """Return rows of which a cluster of one tenth, the last ones, hides itself."""
    x = normal_rows(seed, n)
    x[-n // 10 :] = np.random.default_rng(seed + 1).normal([14.0, 4.0], 0.2, (n // 10, 2))
    return x


def test_the_robust_way_finds_a_cluster_that_the_classical_way_misses():
    fit = sf.fit(sf.MultivariateNormal, masked())
    assert fit.outliers().count == 0
    found = fit.outliers(method="robust", most=20)
    assert set(found.rows[found.are_beyond]) == set(range(91, 101))
    assert "approximate (Cerioli 2010)" in found.law


def test_the_robust_way_takes_a_sample_of_many_rows_and_says_so(monkeypatch):
    monkeypatch.setattr("suffice.inference.robust_normal.SAMPLE_ROWS", 300)
    found = sf.fit(sf.MultivariateNormal, masked(n=2_000)).outliers(method="robust")
    assert "rows of a sample of 300 of 2,000)" in found.law
    assert 200 <= found.count <= 205


def test_the_robust_way_finds_few_outliers_where_there_are_none():
    """Of 15 samples, a share of about 0.05 has one; 7 would be had with a probability of 4e-6."""
    x = np.random.default_rng(15).normal(size=(15, 50, 2))
    counts = [sf.fit(sf.MultivariateNormal, sample).outliers(method="robust").count > 0 for sample in x]
    assert sum(counts) < 7


def test_the_robust_way_refuses_what_it_cannot_do(monkeypatch):
    x = np.random.default_rng(16).normal(size=60)
    with pytest.raises(NotAvailableError, match="robust way takes no weights: repeat the rows"):
        sf.fit(sf.Normal, x, weights=np.ones(60)).outliers(method="robust")
    with pytest.raises(NotAvailableError, match=r"one of normal models, and Logistic is none"):
        sf.fit(sf.Logistic, x).outliers(method="robust")
    with pytest.raises(NotAvailableError, match="7 rows are too few for the robust way with 2 columns: it needs 10"):
        sf.fit(sf.MultivariateNormal, normal_rows(17, 7)).outliers(method="robust")
    x[:31] = 0.0
    with pytest.raises(sf.errors.DataError, match="no spread in some column"):
        sf.fit(sf.Normal, x).outliers(method="robust")
    monkeypatch.setitem(__import__("sys").modules, "sklearn.covariance", None)
    with pytest.raises(MissingDependencyError, match=r"extra 'sklearn'.*pip install '\.\[sklearn\]'"):
        fit_davis().outliers(method="robust")
