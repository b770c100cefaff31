import numpy as np
import pandas as pd
import pytest

import suffice as sf
from suffice.datasets import path
from suffice.errors import (
    ColumnError,
    DataError,
    DataNeeded,
    MissingValuesError,
    NoMaximumError,
    OutsideSupportError,
    ParameterError,
    ShapeError,
    SourceChangedError,
)

X = np.random.default_rng(0).gamma(2.0, 3.0, 300)


@pytest.fixture
def rng():
    return np.random.default_rng(20261126)


def test_missing_values_are_counted_and_placed():
    with pytest.raises(MissingValuesError) as caught:
        sf.fit(sf.Normal, path("airquality"), columns="Ozone")
    text = str(caught.value)
    assert "'Ozone' has 37 missing values in 153 rows, the first in row 5" in text
    assert "missing='drop'" in text
    assert (caught.value.column, caught.value.row, caught.value.count) == ("Ozone", 5, 37)


def test_dropping_is_counted_in_the_result():
    fit = sf.fit(sf.Normal, path("airquality"), columns="Ozone", missing="drop")
    assert (fit.n, fit.dropped) == (116, 37)
    assert "37 rows with missing values left out" in str(fit)
    assert fit.model.mu == pytest.approx(42.12931034482759)


def test_each_column_drops_its_own_rows_and_joint_work_drops_rows():
    table = pd.DataFrame({"a": [1.0, 2.0, np.nan, 4.0, 9.0], "b": [np.nan, 1.0, 2.0, 5.0, 3.0]})
    each = sf.fit_each([sf.Normal], table, missing="drop", each_column=True)
    assert [f.n for f in each] == [4, 4]
    assert sf.fit(sf.MultivariateNormal, table, missing="drop").n == 3


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_values_are_refused_with_their_row(value):
    with pytest.raises(DataError, match=r"'x' has 1 infinite value, the first in row 3"):
        sf.fit(sf.Normal, [1.0, 2.0, value, 4.0])


def test_a_value_outside_the_support_is_named():
    with pytest.raises(OutsideSupportError) as caught:
        sf.fit(sf.Gamma, [1.0, 2.0, -1.0, 4.0, -2.0])
    assert "value -1 in row 3 (and 1 more)" in str(caught.value)
    assert "(0, ∞)" in str(caught.value)
    with pytest.raises(OutsideSupportError, match=r"value 1.5 in row 2, but Poisson .* the integers from 0 on"):
        sf.fit(sf.Poisson, [1.0, 1.5, 2.0])


def test_nothing_to_fit():
    with pytest.raises(DataError, match=r"(?i)no rows|empty"):
        sf.fit(sf.Normal, [])
    with pytest.raises(NoMaximumError, match=r"only one row|constant"):
        sf.fit(sf.Normal, [3.0])


@pytest.mark.parametrize("family", ["Normal", "Gamma", "Weibull", "StudentT", "LogNormal"])
def test_constant_data_have_no_maximum_and_the_error_carries_the_certificate(family):
    with pytest.raises(NoMaximumError, match="constant: every value is 5") as caught:
        sf.fit(getattr(sf, family), [5.0, 5.0, 5.0])
    assert caught.value.certificate.status == "no finite maximum"
    assert caught.value.column == "x"


def test_a_univariate_family_wants_one_column():
    with pytest.raises(ShapeError, match=r"columns 'eruptions', 'waiting'; choose one with columns='eruptions'"):
        sf.fit(sf.Normal, path("faithful"))
    with pytest.raises(ShapeError, match=r"with sf\.fit_each\(\[sf\.Gamma\], data, each_column=True\), or all"):
        sf.fit(sf.Gamma, path("faithful"))
    assert len(sf.fit_each([sf.Gamma], path("faithful"), each_column=True)) == 2


def test_wrong_arguments_are_named():
    with pytest.raises(ParameterError, match="no parameter 'scale'; its parameters are shape, rate"):
        sf.fit(sf.Gamma, X, fixed={"scale": 2.0})
    with pytest.raises(ParameterError, match="Gamma: rate must be a positive number, not -1"):
        sf.fit(sf.Gamma, X, fixed={"rate": -1.0})
    with pytest.raises(ParameterError, match=r"the order is fit\(family, data\)"):
        sf.fit(X, sf.Gamma)
    with pytest.raises(ParameterError, match="missing must be 'error' or 'drop'"):
        sf.fit(sf.Gamma, X, missing="ignore")
    with pytest.raises(ColumnError, match="eruption"):
        sf.fit(sf.Normal, path("faithful"), columns="eruption")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -1.0, 1.0], "row 2"),
        ([1.0, 1.0], "2.*3|3.*2"),
        ([0.0, 0.0, 0.0], "(?i)zero"),
        ([1.0, np.nan, 1.0], "row 2"),
    ],
)
def test_bad_weights_are_refused(weights, message):
    with pytest.raises(DataError, match=message):
        sf.fit(sf.Normal, [1.0, 2.0, 4.0], weights=weights)


@pytest.mark.parametrize("family", ["Normal", "Gamma", "Weibull", "StudentT", "Exponential", "LogNormal"])
def test_weight_two_equals_the_row_twice(family):
    x = X[:40]
    weights = np.arange(40) % 3
    one = sf.fit(getattr(sf, family), x, weights=weights)
    two = sf.fit(getattr(sf, family), np.repeat(x, weights))
    assert one.n == two.n == weights.sum()
    assert one.log_likelihood == pytest.approx(two.log_likelihood, rel=1e-12)
    assert one.model.theta == pytest.approx(two.model.theta, rel=1e-6)


def test_fixed_parameters_stay_and_are_not_counted():
    fit = sf.fit(sf.StudentT, X, fixed={"df": 5})
    assert fit.model.df == 5.0
    assert fit.free_parameters == 2
    assert list(fit.standard_errors) == ["location", "scale"]
    assert "(fixed)" in str(fit)
    everything = sf.fit(sf.Gamma, X, fixed={"shape": 2.0, "rate": 0.3})
    assert everything.free_parameters == 0
    assert everything.log_likelihood == pytest.approx(sf.Gamma(2.0, 0.3).logpdf(X).sum(), rel=1e-12)


def test_the_log_likelihood_is_the_sum_of_the_log_densities():
    for family in (sf.Normal, sf.Gamma, sf.Weibull, sf.StudentT, sf.LogNormal, sf.Exponential):
        fit = sf.fit(family, X)
        assert fit.log_likelihood == pytest.approx(fit.model.logpdf(X).sum(), rel=1e-12), family


@pytest.mark.parametrize("family", ["Normal", "LogNormal", "Gamma", "Exponential"])
def test_a_merged_summary_fits_as_the_data(family):
    a, b = X[:100], X[100:]
    kind = getattr(sf, family)
    merged = sf.fit(kind, sf.summarize(a, kind).merge(sf.summarize(b, kind)))
    whole = sf.fit(kind, X)
    assert merged.model.theta == pytest.approx(whole.model.theta, rel=1e-9)
    assert merged.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)
    assert merged.standard_errors == pytest.approx(whole.standard_errors, rel=1e-9)
    assert tuple(merged.interval(merged.solution.problem.names[0])) == pytest.approx(
        tuple(whole.interval(whole.solution.problem.names[0])), rel=1e-6
    )


def test_the_default_summary_fits_a_normal():
    merged = sf.summarize(X[:7]).merge(sf.summarize(X[7:]))
    assert sf.fit(sf.Normal, merged).model.theta == pytest.approx(sf.fit(sf.Normal, X).model.theta, rel=1e-13)


def test_a_summary_cannot_answer_what_it_does_not_hold():
    with pytest.raises(DataNeeded, match="summarize"):
        sf.fit(sf.Gamma, sf.summarize(X))
    with pytest.raises(DataNeeded, match="no sufficient statistic"):
        sf.summarize(X, sf.Weibull)
    with pytest.raises(ColumnError, match="same columns"):
        sf.summarize({"a": X}).merge(sf.summarize({"b": X}))


def test_old_faithful_depends_on_its_neighbours_and_shuffled_it_does_not():
    table = pd.read_csv(path("faithful"))
    fit = sf.fit(sf.Normal, table, columns="eruptions")
    assert fit.extent.lag_one_autocorrelation()[0] == pytest.approx(-0.55, abs=0.01)
    assert [w.kind for w in fit.warnings if w.kind == "dependence"] == ["dependence"]
    assert "autocorrelation -0.5" in str(fit)
    shuffled = sf.fit(sf.Normal, table.sample(frac=1, random_state=0), columns="eruptions")
    assert not [w for w in shuffled.warnings if w.kind == "dependence"]


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1e-145, 1e145, 1e155, 1e300])
@pytest.mark.parametrize("family", [sf.Normal, sf.StudentT, sf.MultivariateNormal])
def test_data_whose_squares_leave_double_precision_are_refused_with_a_factor(family, factor):
    x = np.random.default_rng(0).normal(size=200)
    with pytest.raises(
        DataError, match=r"too (small|large) for double precision; multiply the column by 2\.0\*\*"
    ) as e:
        sf.fit(family, {"tiny": x * factor})
    power = int(str(e.value).split("2.0**")[1].split(",")[0])
    assert e.value.column == "tiny"
    scaled = sf.fit(family, {"tiny": x * factor * 2.0**power})
    assert scaled.certificate.status in ("maximum", "boundary", "no finite maximum")


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1e160, 1e300])
@pytest.mark.parametrize("family", [sf.Exponential, sf.Gamma, sf.Weibull, sf.LogNormal])
def test_families_of_positive_numbers_fit_at_any_scale(family, factor):
    x = np.random.default_rng(0).gamma(2.0, size=200)
    plain, scaled = sf.fit(family, x), sf.fit(family, x * factor)
    assert scaled.model.cdf(x * factor) == pytest.approx(plain.model.cdf(x), rel=1e-6)


def test_a_warning_names_all_columns_that_it_is_about():
    fit = sf.fit(sf.MultivariateNormal, path("iris"))
    kinds = [warning.kind for warning in fit.warnings]
    assert sorted(kinds) == sorted(set(kinds))
    text = str(fit.warnings[kinds.index("dependence")])
    assert "neighbouring rows of 'Sepal.Length', 'Sepal.Width' and 2 more depend on each other" in text
    assert "(lag-1 autocorrelation 0.59, lag-1 autocorrelation of the ranks 0.43, …)" in text
    rounding = str(fit.warnings[kinds.index("rounding")])
    assert rounding.count("multiples of 0.1") == 2
    assert "and so are 2 more: a continuous density does not know of that" in rounding


def test_sorted_iris_is_flagged():
    fit = sf.fit(sf.Normal, path("iris"), columns="Sepal.Length")
    assert "dependence" in [w.kind for w in fit.warnings]


def test_data_that_changed_are_noticed():
    x = X.copy()
    fit = sf.fit(sf.Weibull, x)
    x[::7] += 1.0
    with pytest.raises(SourceChangedError, match="changed since it was fitted"):
        fit.interval("shape", method="profile")


def test_a_one_shot_source_can_be_fitted_in_one_pass_and_asks_for_the_data_later():
    fit = sf.fit(sf.Normal, iter([X[:100], X[100:]]))
    assert fit.model == sf.fit(sf.Normal, X).model
    with pytest.raises(DataNeeded, match="data="):
        fit.robust_standard_errors()
    assert fit.robust_standard_errors(data=X)["mu"] > 0


def test_offsets_and_scales_cost_no_digits(rng):
    z = rng.standard_normal(500)
    for family, names in ((sf.Normal, ("mu", "sigma")), (sf.StudentT, ("location", "scale"))):
        base = sf.fit(family, z)
        for shift, scale in ((1e9, 1.0), (0.0, 2.0**-20), (-(2.0**30), 2.0**10)):
            moved = sf.fit(family, shift + scale * z)
            # the data themselves are rounded to a unit in the last place of the offset
            grain = np.spacing(abs(shift)) / scale
            location = (getattr(moved.model, names[0]) - shift) / scale
            assert location == pytest.approx(getattr(base.model, names[0]), abs=1e-7 + grain)
            assert getattr(moved.model, names[1]) / scale == pytest.approx(getattr(base.model, names[1]), rel=1e-5)
            assert moved.certificate.status == base.certificate.status


def test_a_fit_is_a_value_that_prints_on_one_screen():
    text = str(sf.fit(sf.Gamma, path("groundbeef")))
    lines = text.splitlines()
    assert len(lines) < 25
    assert all(len(line) <= 100 for line in lines)
    assert "MAXIMUM, global" in text
    assert "groundbeef.csv" in text
    assert "4.008339" in text
    assert "log-likelihood -1253.6251" in text


def test_data_handed_over_must_be_those_that_were_fitted(tmp_path):
    table = pd.DataFrame({"a": X[:50], "b": X[50:100], "w": np.arange(50) % 3})
    fit = sf.fit(sf.Weibull, table, columns="b", weights="w")
    expected = tuple(fit.interval("shape", method="profile"))
    sf.save(fit, tmp_path / "fit.json")
    loaded = sf.load(tmp_path / "fit.json")
    assert tuple(loaded.interval("shape", method="profile", data=table)) == expected
    assert tuple(loaded.interval("shape", method="profile", data=table[["w", "b"]])) == expected
    with pytest.raises(DataError, match="not the data that were fitted"):
        loaded.interval("shape", method="profile", data=table.iloc[:40])
    unnamed = sf.fit(sf.Weibull, X[:50], weights=np.arange(50) % 3)
    with pytest.raises(DataNeeded, match="weights that are no column"):
        unnamed.interval("shape", method="profile", data=X[:50])


def test_many_columns_print_without_a_matrix_of_all_parameters(rng):
    fit = sf.fit(sf.MultivariateNormal, rng.standard_normal((500, 40)))
    assert "mean[x0]" in str(fit)
    assert fit.free_parameters == 40 + 40 * 41 // 2
    errors = fit.standard_errors
    assert errors["mean[3]"] == pytest.approx(np.sqrt(fit.model.covariance[3, 3] / 500), rel=1e-12)
    lower, upper = fit.interval("covariance[0,1]", method="wald")
    assert (upper - lower) / 2 == pytest.approx(1.959963984540054 * errors["covariance[0,1]"], rel=1e-9)


def test_what_is_no_family_or_engine_is_answered_with_what_is():
    with pytest.raises(ParameterError, match=r"pass the class sf.Normal"):
        sf.fit(sf.Normal(0, 1), X)
    with pytest.raises(ParameterError, match=r"such as sf.Threads\(2\)"):
        sf.fit(sf.Normal, X, engine="dask")


def test_options_that_only_data_can_follow_are_refused_for_a_summary():
    with pytest.raises(ParameterError, match=r"pass it to sf\.summarize"):
        sf.fit(sf.Normal, sf.summarize(X), columns="x")


def test_a_closed_session_reads_nothing():
    from suffice.errors import EngineError
    from suffice.sources import as_source
    from suffice.statistics.extent import Extent

    with sf.Threads(1).open(as_source(X)) as session:
        session.reduce(Extent())
    with pytest.raises(EngineError, match="closed"):
        session.reduce(Extent())


@pytest.mark.parametrize(
    ("family", "data", "words"),
    [
        (sf.Gamma, [1.0, -3.3, 2.0], "the value -3.3 in row 2"),
        (sf.Normal, [3.3, 3.3, 3.3], "every value is 3.3, and"),
        (sf.Normal, [3.0, 3.0, 3.0], "every value is 3, and"),
        (sf.MultivariateNormal, [[3.3, 1.0], [3.3, 2.0], [3.3, 4.0]], "every value is 3.3, and"),
    ],
)
def test_a_number_in_a_message_has_the_digits_that_it_was_written_with(family, data, words):
    with pytest.raises(DataError) as caught:
        sf.fit(family, data)
    assert words in str(caught.value)


def test_a_summary_with_values_outside_the_support_is_refused_by_its_range():
    with pytest.raises(OutsideSupportError, match=r"goes from -1 to 3, but LogNormal has probability only on \(0, ∞\)"):
        sf.fit(sf.LogNormal, sf.summarize([-1.0, 2.0, 3.0], sf.LogNormal))


def test_a_family_without_a_sufficient_statistic_wants_the_data():
    with pytest.raises(
        DataNeeded, match="StudentT has no sufficient statistic of fixed size: fit it to the data themselves"
    ):
        sf.fit(sf.StudentT, sf.summarize([1.0, 2.0, 4.0]))


def test_a_parameter_at_its_limit_or_bound_is_counted_as_estimated():
    light = np.linspace(-1.0, 1.0, 50)
    limit = sf.fit(sf.StudentT, light)
    assert limit.certificate.status == "no finite maximum"
    assert limit.free_parameters == 3
    assert limit.aic == pytest.approx(sf.fit(sf.Normal, light).aic + 2.0)
    assert sf.fit(sf.Poisson, [0, 0, 0]).free_parameters == 1
    assert sf.fit(sf.NegativeBinomial, [0, 0, 0], fixed={"size": 2.0}).free_parameters == 1


def test_printing_a_fit_whose_tally_overflowed_reads_no_data(tmp_path):
    counts = 1e6 + np.arange(70_000.0) * 30.0
    fit = sf.fit(sf.Poisson, counts)
    assert not fit.is_data_free
    loaded = sf.load(sf.save(fit, tmp_path / "fit.json") or tmp_path / "fit.json")
    assert str(loaded).splitlines()[3:6] == str(fit).splitlines()[3:6]
    assert "wald" in str(fit)
    with pytest.raises(DataNeeded):
        loaded.interval("mean", method="profile")


def test_a_certificate_names_the_coordinates_that_were_searched():
    fit = sf.fit(sf.Gamma, X)
    assert fit.solution.problem.names == ("shape", "rate")
    assert fit.solution.problem.coordinate_names == ("shape", "mean")


def test_fixed_that_is_no_dict_is_refused():
    with pytest.raises(
        ParameterError, match=r"fixed must be a dict of names and values, such as \{'df': 5\}, not 'mu'"
    ):
        sf.fit(sf.Normal, X, fixed="mu")


def test_one_row_is_not_called_a_constant_column():
    with pytest.raises(
        NoMaximumError, match=r"has only one row, with the value 1, .* as sigma → 0; add rows, or fix sigma"
    ):
        sf.fit(sf.Normal, [1.0])


def test_a_proof_for_both_parameters_is_not_claimed_for_one_of_them():
    counts = [0, 1, 1, 2, 9, 4, 0, 0, 3]
    assert sf.fit(sf.NegativeBinomial, counts).certificate.scope == "global"
    assert sf.fit(sf.NegativeBinomial, counts, fixed={"size": 2.0}).certificate.scope == "global"
    assert sf.fit(sf.NegativeBinomial, counts, fixed={"mean": 3.0}).certificate.scope == "local"


@pytest.mark.parametrize("value", ["1.5", None, ["1", "2"], [1.0, None]])
def test_a_density_is_not_taken_of_words(value):
    with pytest.raises(TypeError, match="expected numbers, got"):
        sf.Normal(0, 1).pdf(value)


def test_an_interval_of_a_word_is_refused():
    with pytest.raises(ParameterError, match="an interval is of one number, but the function returned 'a'"):
        sf.fit(sf.Normal, X).interval(lambda m: "a")


def test_equal_models_have_equal_hashes():
    assert hash(sf.Categorical([0.5, 0.5], [0.0, 1.0])) == hash(sf.Categorical([0.5, 0.5], [-0.0, 1.0]))
    one, two = (sf.MultivariateNormal([zero, 1.0], np.eye(2)) for zero in (0.0, -0.0))
    assert one == two
    assert hash(one) == hash(two)


def test_an_interval_can_be_asked_for_by_the_printed_name():
    fit = sf.fit(sf.MultivariateNormal, path("davis"), columns=["weight", "height"])
    assert "mean[height]" in str(fit)
    assert fit.interval("mean[height]") == fit.interval("mean[1]")
    assert fit.interval("covariance[weight, height]") == fit.interval("covariance[0,1]")


def test_a_fit_at_its_limit_prints_the_intervals_that_need_no_data():
    text = str(sf.fit(sf.NegativeBinomial, [3, 4] * 20))
    assert "(2.9518, 4.11221) profile" in text
    assert "(32.3936, inf) profile" in text
    text = str(sf.fit(sf.StudentT, np.linspace(-1.0, 1.0, 50)))
    assert "they need the data: ask for them with fit.interval(name)" in " ".join(text.split())


def test_a_family_goes_by_its_name_in_any_spelling():
    for name in ("gamma", "Gamma", " GAMMA"):
        assert sf.fit(name, X).family is sf.Gamma
    assert [fit.family for fit in sf.fit_each(["student-t", "gaussian"], X)] == [sf.StudentT, sf.Normal]
    with pytest.raises(ParameterError, match=r"there is no family 'Weibul'; did you mean Weibull\? the families are B"):
        sf.fit("Weibul", X)


def test_words_of_other_libraries_are_answered_with_the_attribute_of_a_fit():
    fit = sf.fit(sf.Normal, X)
    for name, here in {"std_err": "standard_errors", "params": "model", "conf_int": "interval"}.items():
        with pytest.raises(AttributeError, match=f"'Fit' object has no attribute '{name}'; it is called {here} here"):
            getattr(fit, name)
    with pytest.raises(AttributeError, match=r"has no attribute 'xyzzy'$"):
        fit.xyzzy  # noqa: B018
