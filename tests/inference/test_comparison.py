"""Families compared on the same data."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

import suffice as sf
from suffice.errors import DataError, DataNeeded, MissingValuesError, NotAvailableError, ParameterError
from suffice.inference.fit import Fit

BEEF = sf.datasets.path("groundbeef")
THREE = [sf.LogNormal, sf.Weibull, sf.Gamma]


@dataclass
class Effect:
    distance: float

    def __str__(self):
        return "off by at most so much"


def lines(comparison):
    return " ".join(str(comparison).split())


def test_the_gamma_wins_on_groundbeef():
    comparison = sf.compare(THREE, BEEF)
    assert [fit.family for fit in comparison] == [sf.Gamma, sf.Weibull, sf.LogNormal]
    assert comparison.best is comparison.fits[0] is comparison[0] is comparison[sf.Gamma] is comparison["Gamma"]
    assert len(comparison) == 3
    assert sf.compare("auto", BEEF).best.family is sf.Gamma
    assert lines(comparison).startswith(
        "3 families compared by BIC (lower is better): x of groundbeef.csv, n = 254 family log-lik. free AIC BIC"
    )
    assert "Gamma is best: BIC is 3.20 higher for Weibull, positive evidence against it" in lines(comparison)
    assert "p-values and intervals of Gamma do not account for this choice" in lines(comparison)
    assert "'x' is heaped" in lines(comparison)
    assert max(map(len, str(comparison).splitlines())) <= 96


def test_fits_are_those_of_each_family_alone():
    for fit in sf.compare(THREE, BEEF):
        alone = sf.fit(fit.family, BEEF)
        assert (fit.model, fit.log_likelihood) == (alone.model, alone.log_likelihood)


def test_the_winner_says_that_it_was_chosen_and_the_others_do_not():
    comparison = sf.compare(THREE, BEEF)
    assert [fit.chosen_from for fit in comparison] == [(sf.Gamma, sf.Weibull, sf.LogNormal), (), ()]
    assert "was chosen among 3 families by BIC" in " ".join(str(comparison.best).split())


@pytest.mark.parametrize("criterion", ["aic", "aicc", "bic"])
def test_weights_are_shares_of_the_likelihood_corrected_by_the_criterion(criterion):
    comparison = sf.compare([sf.Exponential, *THREE], BEEF, criterion=criterion)
    values = np.array([getattr(fit, criterion) for fit in comparison])
    assert (values == np.sort(values)).all()
    np.testing.assert_allclose([row.difference for row in comparison.rows], values - values[0])
    expected = np.exp(-values / 2 + values[0] / 2)
    np.testing.assert_allclose([row.weight for row in comparison.rows], expected / expected.sum(), rtol=1e-12)
    assert {"aic": "AIC", "aicc": "AICc", "bic": "BIC"}[criterion] in str(comparison).splitlines()[2].split()


@pytest.mark.parametrize(
    ("criterion", "by", "words"),
    [
        ("bic", 1.0, "hardly any evidence against it"),
        ("bic", 5.0, "positive evidence against it"),
        ("bic", 9.0, "strong evidence against it"),
        ("bic", 40.0, "very strong evidence against it"),
        ("aic", 1.0, "which has substantial support too"),
        ("aic", 3.0, "which has some support too"),
        ("aic", 5.0, "which has considerably less support"),
        ("aicc", 9.0, "which has little support"),
        ("aicc", 11.0, "which has essentially no support"),
    ],
)
def test_the_distance_of_the_runner_up_is_said_in_words(criterion, by, words):
    comparison = sf.compare([sf.Gamma, sf.Weibull], BEEF, criterion=criterion)
    rows = (comparison.rows[0], replace(comparison.rows[1], difference=by))
    assert f"is {by:.2f} higher for Weibull, {words}" in lines(replace(comparison, rows=rows))


def test_a_family_that_fails_is_listed_with_its_reason():
    comparison = sf.compare([sf.Beta, sf.Gamma, sf.Binomial.of(n=5)][:2], BEEF)
    assert [row.status for row in comparison.rows] == ["maximum", "not fitted"]
    assert "Beta was not fitted: groundbeef.csv: column 'x' has the value 30 in row 1" in lines(comparison)
    assert np.isnan(comparison.rows[1].weight)
    with pytest.raises(NotAvailableError, match=r"Beta was not fitted: .*has probability only on"):
        comparison[sf.Beta]
    with pytest.raises(ParameterError, match="Normal was not compared; the families are Gamma, Beta"):
        comparison["Normal"]


def test_where_no_family_can_be_fitted_the_table_says_why_and_there_is_no_best():
    comparison = sf.compare([sf.Beta, sf.Gamma], [-1.0, 2.0, 3.5])
    assert len(comparison) == 0
    assert "Gamma was not fitted" in lines(comparison)
    with pytest.raises(NotAvailableError, match="none of the families could be fitted; Beta:"):
        comparison.best  # noqa: B018


def test_an_error_of_the_data_is_raised_and_not_listed():
    with pytest.raises(MissingValuesError, match="1 missing value in 3 rows"):
        sf.compare([sf.Normal, sf.Gamma], [1.0, np.nan, 2.0])
    with pytest.raises(MissingValuesError, match="1 missing value in 3 rows"):
        sf.compare("auto", [1.0, np.nan, 2.0])
    dropped = sf.compare([sf.Normal, sf.Gamma], [1.0, np.nan, 2.0, 4.0], missing="drop")
    assert [fit.dropped for fit in dropped] == [1, 1]


def test_a_supremum_at_a_limit_counts_as_the_family_there_and_once():
    x = np.linspace(-1, 1, 60)
    comparison = sf.compare([sf.StudentT, sf.Normal, sf.Cauchy], x)
    rows = {row.name: row for row in comparison.rows}
    assert comparison.best.family is sf.Normal
    assert rows["StudentT"].same_as == "Normal"
    assert rows["StudentT"].status == "no finite maximum"
    assert rows["StudentT"].weight == 0.0
    assert rows["StudentT"].difference == pytest.approx(np.log(60))
    assert rows["Normal"].weight + rows["Cauchy"].weight == pytest.approx(1.0)
    assert "no finite maximum (as Normal)" in str(comparison)
    assert "counts as what it becomes there, with all its parameters" in lines(comparison)
    alone = sf.compare([sf.StudentT, sf.Cauchy], x)
    assert alone.best.family is sf.StudentT
    assert alone.rows[0].same_as == ""
    assert alone.rows[0].weight + alone.rows[1].weight == pytest.approx(1.0)


def test_a_share_of_added_zeros_of_none_is_the_poisson():
    comparison = sf.compare([sf.ZeroInflatedPoisson, sf.Poisson], [0, 1, 1, 2, 2, 3, 3, 4])
    assert comparison.best.family is sf.Poisson
    assert comparison.rows[1].same_as == "Poisson"


@pytest.mark.parametrize(
    ("families", "fixed", "copy", "original"),
    [
        ([sf.Exponential, sf.Gamma], {sf.Gamma: {"shape": 1.0}}, "Gamma with shape = 1", "Exponential"),
        ([sf.LogNormal, sf.transformed(sf.Normal, sf.maps.exp)], {}, "transformed(Normal, exp)", "LogNormal"),
        ([sf.ChiSquared, sf.Gamma], {sf.Gamma: {"rate": 0.5}}, "Gamma with rate = 0.5", "ChiSquared"),
    ],
)
def test_a_model_under_two_names_is_weighted_once(families, fixed, copy, original):
    comparison = sf.compare([sf.Weibull, *families], BEEF, fixed=fixed, criterion="aic")
    rows = {row.name: row for row in comparison.rows}
    assert rows[copy].same_as == original
    assert (rows[copy].weight, rows[original].same_as) == (0.0, "")
    alone = sf.compare([sf.Weibull, families[0]], BEEF, criterion="aic")
    for row in alone.rows:
        assert rows[row.name].weight == pytest.approx(row.weight, rel=1e-12)
    assert f"{copy} is {original} by another name: one model, which is weighted once" in lines(comparison)


def test_a_family_that_is_named_twice_is_weighted_once():
    comparison = sf.compare([sf.Gamma, sf.Weibull, sf.Gamma], BEEF)
    assert sum(row.weight for row in comparison.rows) == pytest.approx(1.0)
    assert [row.same_as for row in comparison.rows] == ["", "Gamma", ""]
    assert "Gamma is in the table more than once: one model, which is weighted once" in lines(comparison)


def test_what_went_to_two_limits_is_what_it_became():
    comparison = sf.compare([sf.Poisson, sf.ZeroInflatedNegativeBinomial], [0, 1, 1, 2, 2, 3, 3, 4])
    assert comparison.rows[1].same_as == "Poisson"


def test_known_parameters_are_given_by_family():
    comparison = sf.compare([sf.StudentT, sf.Normal], BEEF, fixed={sf.StudentT: {"df": 5}})
    assert {row.name for row in comparison.rows} == {"StudentT with df = 5", "Normal"}
    assert comparison["StudentT"].free_parameters == 2
    for wrong in ({"df": 5}, {sf.Gamma: {"shape": 1}}, {sf.Normal: 3}):
        with pytest.raises(ParameterError, match="fixed must say of which family"):
            sf.compare([sf.StudentT, sf.Normal], BEEF, fixed=wrong)
    with pytest.raises(ParameterError, match="in place of 'auto'"):
        sf.compare("auto", BEEF, fixed={sf.Normal: {"mu": 0}})


def test_probabilities_are_not_compared_with_densities():
    with pytest.raises(DataError, match="Poisson gives probabilities and Normal densities, per unit of x"):
        sf.compare([sf.Normal, sf.Poisson], [1.0, 2.0, 3.0])
    fits = [sf.fit(sf.Normal, [1.0, 2.0, 3.0]), sf.fit(sf.Poisson, [1.0, 2.0, 3.0])]
    with pytest.raises(DataError, match="compare families of one kind"):
        sf.compare(fits)


def test_fits_of_the_same_data_are_compared_also_where_they_were_read_twice():
    x = np.loadtxt(BEEF, skiprows=1, delimiter=",", usecols=-1)
    comparison = sf.compare([sf.fit(sf.Weibull, BEEF), sf.fit(sf.Gamma, x)])
    assert comparison.best.family is sf.Gamma
    assert comparison.rows[1].difference == pytest.approx(3.199, abs=1e-3)


def test_fits_of_other_data_are_refused_with_the_reason():
    x = np.array([1.0, 2.0, 4.0, 7.0])
    first = sf.fit(sf.Gamma, x)
    others = {
        "one is of 4 rows .0 left out., the other of 3": sf.fit(sf.Normal, x[:3]),
        r"one is of x of .*\(1 to 7\), the other of x of .*\(1 to 9\)": sf.fit(sf.Normal, [1.0, 2.0, 4.0, 9.0]),
        "the other of x of": sf.fit(sf.Normal, [1.0, 4.0, 2.0, 7.0]),
        r"the data of Normal are the logarithm of those of Gamma, and a density of log x is none of x": sf.fit(
            sf.Normal, np.log(x)
        ),
        "are the decimal logarithm of those of Gamma": sf.fit(sf.Normal, np.log10(x)),
        "their weights differ: they sum to 4 and to 5": sf.fit(sf.Normal, x, weights=[1, 1, 1, 2]),
        "one is of 1 columns, the other of 2": sf.fit(sf.MultivariateNormal, np.stack([x, x**2], axis=1)),
        "one is of 4 rows .0 left out., the other of 4 .1.": sf.fit(sf.Normal, [*x, np.nan], missing="drop"),
    }
    for reason, other in others.items():
        with pytest.raises(DataError, match=f"cannot be compared: .*{reason}.*; fit both to the same data"):
            sf.compare([first, other])
    weighted = [sf.fit(f, x, weights=w) for f, w in ((sf.Gamma, [1, 2, 1, 1]), (sf.Normal, [2, 1, 1, 1]))]
    with pytest.raises(DataError, match="their weights come from different places"):
        sf.compare(weighted)


def test_mixed_up_arguments_are_named():
    fit = sf.fit(sf.Normal, BEEF)
    with pytest.raises(ParameterError, match="pass families with the data, or fits alone"):
        sf.compare([fit, sf.Gamma])
    with pytest.raises(ParameterError, match="fits carry their data"):
        sf.compare([fit, fit], BEEF)
    with pytest.raises(DataNeeded, match="compare needs the data after the families"):
        sf.compare([sf.Normal])
    with pytest.raises(ParameterError, match=r"families must be a list .* or 'auto', not 'normal'"):
        sf.compare("normal", BEEF)
    for one in (sf.Normal, fit):
        with pytest.raises(ParameterError, match="nothing to compare one with: pass a list"):
            sf.compare(one, BEEF)
    with pytest.raises(ParameterError, match="the list of families is empty"):
        sf.compare([], BEEF)
    with pytest.raises(ParameterError, match="criterion must be one of 'aic', 'aicc', 'bic', not 'BIC'"):
        sf.compare([sf.Normal], BEEF, criterion="BIC")


def test_joint_families_are_compared():
    iris = sf.datasets.path("iris")
    families = [sf.MultivariateNormal.of(covariance=word) for word in ("spherical", "diagonal", "dense")]
    comparison = sf.compare(families, iris)
    assert comparison.best.family.covariance == "dense"
    assert [fit.free_parameters for fit in comparison] == [14, 8, 5]


def test_families_of_positive_data_are_robust_to_extreme_rows_among_many():
    rng = np.random.default_rng(0)
    # the smallest and largest rows are far from the rest: no family may fail on them in silence
    x = np.append(rng.gamma(4.0, 18.0, 400_000), [1e-6, 1e4])
    comparison = sf.compare("auto", x)
    assert not [row for row in comparison.rows if row.fit is None]
    assert all(np.isfinite(fit.log_likelihood) for fit in comparison)


def test_of_models_that_agree_to_rounding_the_one_named_first_is_best():
    x = 1e9 + np.random.default_rng(0).normal(size=2_000)
    for families in ([sf.Normal, sf.Gamma, sf.LogNormal], [sf.LogNormal, sf.Gamma, sf.Normal]):
        assert [fit.family for fit in sf.compare(families, x)] == families


def test_a_corrected_criterion_of_hardly_any_rows_tells_nobody_apart():
    comparison = sf.compare([sf.Normal, sf.Gumbel], [1.0, 2.0, 4.0], criterion="aicc")
    assert [fit.aicc for fit in comparison] == [np.inf, np.inf]
    assert [row.weight for row in comparison.rows] == [0.5, 0.5]
    assert comparison.best.family is sf.Normal


def test_the_test_of_fit_is_asked_for_when_it_is_shown(monkeypatch):
    asked = []

    def goodness_of_fit(self, method, *, replicates, rng):
        asked.append((self.family, method, replicates, rng, self.choice is not None))
        if self.family is sf.Weibull:
            raise NotAvailableError("none here")
        more = {"step": None, "step_found": True, "replicates": replicates}
        if self.choice is not None:
            more |= {"p_text": lambda: "p = 0.0045"}
        method = f"{method}{', the best chosen again' if self.choice else ''}"
        return SimpleNamespace(statistic=1.0, p_value=0.0123, effect=Effect(0.034), method=method, **more)

    monkeypatch.setattr(Fit, "goodness_of_fit", goodness_of_fit, raising=False)
    comparison = sf.compare(THREE, BEEF, goodness_of_fit="anderson-darling", replicates=99, rng=7)
    assert asked == []
    text = str(comparison)
    # each family as if it were the only one, then the best with the choice repeated
    alone = [(family, "anderson-darling", 99, 7, False) for family in (sf.Gamma, sf.Weibull, sf.LogNormal)]
    assert asked == [*alone, (sf.Gamma, "anderson-darling", 99, 7, True)]
    assert "Gamma, the choice repeated: p = 0.0045; anderson-darling, the best chosen again" in " ".join(text.split())
    assert [found.p_value for found in comparison.goodness_of_fit if not isinstance(found, Exception)] == [0.0123] * 2
    assert str(comparison) == text
    assert len(asked) == 4
    assert "Gamma: off by at most so much" in " ".join(text.split())
    gamma, weibull = text.splitlines()[3:5]
    assert gamma.split()[-3:] == ["0.0123", "3.4%", "maximum"]
    assert weibull.split()[-2:] == ["withheld", "maximum"]
    with pytest.raises(NotAvailableError, match="no test of fit was asked for"):
        sf.compare(THREE, BEEF).goodness_of_fit  # noqa: B018


def test_each_p_of_fit_is_that_of_the_family_alone_and_the_choice_is_repeated_below():
    comparison = sf.compare([sf.Weibull, sf.Gamma], BEEF, goodness_of_fit=True, replicates=199)
    assert [fit.family for fit in comparison] == [sf.Gamma, sf.Weibull]
    for found, family in zip(comparison.goodness_of_fit, (sf.Gamma, sf.Weibull), strict=True):
        assert found == sf.fit(family, BEEF).goodness_of_fit(replicates=199)
    repeated = comparison.goodness_of_fit_with_choice
    assert repeated == comparison.best.goodness_of_fit(replicates=199)
    text = " ".join(str(comparison).split())
    assert "p of fit: each family tested as if it were the only one, of rounded values, whose step 25 was" in text
    assert "found in the data: fit.goodness_of_fit(rounding=…) takes another" in text
    assert f"Gamma, the choice repeated: {repeated.p_text()}; Anderson–Darling" in text
    assert "all 2 families were fitted and the best chosen again" in text


def test_a_test_from_one_pass_repeats_no_choice():
    comparison = sf.compare([sf.Weibull, sf.Gamma], BEEF, goodness_of_fit="chi-squared")
    assert comparison.goodness_of_fit_with_choice is None
    assert "the choice repeated" not in str(comparison)


def test_tests_of_fit_of_several_variables_stand_in_the_table():
    rows = np.random.default_rng(3).normal(size=(40, 2))
    comparison = sf.compare([sf.MultivariateNormal, sf.MultivariateStudentT], rows, goodness_of_fit=True, replicates=99)
    text = " ".join(str(comparison).split())
    assert "MultivariateStudentT has no test of fit: there is no test of fit for MultivariateStudentT" in text
    with pytest.raises(ParameterError, match=r"goodness_of_fit must be True or .*, not 'kolmogorov'"):
        sf.compare(THREE, BEEF, goodness_of_fit="kolmogorov")


def test_families_go_by_name_too():
    comparison = sf.compare(["gamma", "Weibull", "log-normal"], BEEF)
    assert [fit.family for fit in comparison] == [sf.Gamma, sf.Weibull, sf.LogNormal]
    fixed = sf.compare(["student-t", "Normal"], BEEF, fixed={"StudentT": {"df": 5}})
    assert fixed[sf.StudentT].fixed == {"df": 5}
    with pytest.raises(ParameterError, match=r"there is no family 'gama'; did you mean Gamma\? the families are"):
        sf.compare(["gama", "weibull"], BEEF)
