"""Which families `auto` tries, by kind and support."""

from pathlib import Path

import numpy as np
import pytest

import suffice as sf
from suffice.distributions import NAMES, family_of
from suffice.errors import DataNeeded, NoMaximumError, ParameterError, ShapeError
from suffice.inference.candidates import CONTINUOUS, COUNTS, TWO_VALUES
from suffice.inference.fitting import fit_groups


def tried(x, **options):
    (group,) = fit_groups("auto", x, **options)
    return group.candidates.kind, {family.__name__ for family in group.families}


POSITIVE = {"LogNormal", "Gamma", "Weibull", "InverseGaussian", "InverseGamma", "LogLogistic", "Rayleigh"}
REAL = {"Normal", "StudentT", "Logistic", "Gumbel", "Laplace", "SkewNormal"}
NOT_NEGATIVE = {"Exponential", "HalfNormal", "Gompertz"}
WITH_ZERO = set(COUNTS) - {"Zipf"}


def test_the_lists_name_families_that_there_are():
    for name in (*CONTINUOUS, *COUNTS, *TWO_VALUES):
        assert getattr(sf, name).__name__ == name


@pytest.mark.parametrize(
    ("x", "kind", "families"),
    [
        ([-1.5, 0.5, 2.25, 3.0], "continuous", REAL),
        ([0.0, 0.5, 2.25, 3.0], "continuous", REAL | NOT_NEGATIVE),
        ([0.5, 1.25, 2.25, 3.0], "continuous", REAL | POSITIVE | NOT_NEGATIVE),
        ([0.5, 0.25, 0.125, 0.75], "continuous", REAL | POSITIVE | NOT_NEGATIVE | {"Beta"}),
        ([0, 3, 1, 2, 400], "counts", WITH_ZERO),
        ([1, 3, 1, 2, 4], "counts", set(COUNTS)),
        ([21, 30, 25, 28, 24], "continuous", REAL | POSITIVE | NOT_NEGATIVE),
        ([-2, 3, 1, 2, 4], "continuous", REAL),
        ([0, 10, 20, 30, 40, 50, 60, 90, 10], "continuous", REAL | NOT_NEGATIVE),
        ([0, 10, 20, 30], "counts", WITH_ZERO),
        ([0, 1, 1, 0, 1], "two values", {"Bernoulli"}),
        ([True, False, True], "two values", {"Bernoulli"}),
    ],
)
def test_kind_and_support_decide(x, kind, families):
    assert tried(np.asarray(x, dtype=float)) == (kind, families)


def test_weights_of_zero_hide_their_rows():
    assert tried([0.5, 1.0, 0.0, 1.0], weights=[0, 1, 2, 3])[0] == "two values"


def test_a_fraction_that_the_sample_does_not_hold_is_seen():
    x = np.random.default_rng(0).poisson(3, 200_000).astype(float)
    x[1234] = 2.5
    kind, families = tried(x)
    assert kind == "continuous"
    assert "Gamma" not in families


def test_dropped_rows_do_not_count():
    x = np.array([0.0, 1.0, np.nan, 1.0])
    assert tried(x, missing="drop")[0] == "two values"


def test_fit_auto_chooses_by_bic_and_says_so():
    fit = sf.fit("auto", sf.datasets.path("groundbeef"))
    assert fit.family is sf.Gamma
    assert len(fit.chosen_from) == 16
    (said,) = [str(warning) for warning in fit.warnings if warning.kind == "choice"]
    assert said == (
        "Gamma was chosen among 16 families by BIC: p-values and intervals do not account for that choice, "
        "unless a bootstrap repeats it"
    )
    assert said.split(":")[0] in " ".join(str(fit).split())
    assert fit.bic == min(other.bic for other in sf.compare("auto", sf.datasets.path("groundbeef")))
    assert sf.fit("auto", sf.datasets.path("toxocara")).family is sf.NegativeBinomial


def test_a_saved_fit_still_says_that_it_was_chosen(tmp_path):
    fit = sf.fit("auto", sf.datasets.path("groundbeef"))
    sf.save(fit, tmp_path / "fit.json")
    loaded = sf.load(tmp_path / "fit.json")
    assert loaded.warnings == fit.warnings
    assert loaded.chosen_from == ()


def test_one_candidate_is_no_choice():
    fit = sf.fit("auto", [0.0, 1.0, 1.0])
    assert fit.model.p == pytest.approx(2 / 3)
    assert fit.chosen_from == ()
    assert not [warning for warning in fit.warnings if warning.kind == "choice"]


def test_what_auto_cannot_do_is_said():
    with pytest.raises(NoMaximumError, match=r"every value is 2\.5, so there is nothing to choose among families"):
        sf.fit("auto", [2.5, 2.5, 2.5])
    with pytest.raises(ParameterError, match="fixed= needs a family"):
        sf.fit("auto", [1.0, 2.0], fixed={"sigma": 1.0})
    with pytest.raises(DataNeeded, match="seen from its values, not from a summary: name a family"):
        sf.fit("auto", sf.summarize([1.0, 2.0]))
    with pytest.raises(ShapeError, match="'auto' chooses among families of one variable"):
        sf.fit("auto", np.arange(8.0).reshape(4, 2))
    with pytest.raises(ParameterError, match=r"a list of families is needed, not 'auto'; sf\.compare"):
        sf.fit_each("auto", [1.0, 2.0])


def test_the_same_answer_at_any_number_of_threads():
    x = np.random.default_rng(2).gamma(3.0, 2.0, 200_000)
    one, two = (sf.fit("auto", x, engine=sf.Threads(workers)) for workers in (1, 2))
    assert one.family is two.family is sf.Gamma
    assert one.log_likelihood == two.log_likelihood


def test_the_readme_says_which_families_are_never_tried():
    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").partition('`"auto"` picks')[2]
    told = told.partition("```")[0]
    tried = (*CONTINUOUS, *COUNTS, *TWO_VALUES)
    for name in set(NAMES) - set(tried):
        if family_of(name).variables == 1:
            assert f"`{name}`" in told or name in ("Binomial", "BetaBinomial")
    for name in tried:
        assert f"`{name}`" not in told.replace("a `StudentT` with df = 1", "")
