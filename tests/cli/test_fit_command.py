"""`suffice fit` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import suffice as sf
from suffice import datasets
from suffice.cli import fit_command
from suffice.cli.families import spelled
from suffice.distributions import NAMES


def test_fit_prints_certificate_estimates_and_what_would_make_it_wrong(cli):
    result = cli("fit", datasets.path("faithful"), "waiting", "--family", "normal")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "Normal fitted to waiting of faithful.csv, n = 272" in result.stdout
    assert "MAXIMUM, global" in result.stdout
    assert "70.89706" in result.stdout
    assert "neighbouring rows of 'waiting' depend on each other" in result.stdout


def test_a_pipe_gets_plain_text_with_unbroken_lines(cli):
    result = cli("fit", datasets.path("faithful"), "--family", "normal", FORCE_COLOR="1", COLUMNS="40")
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) > 150


def test_without_a_family_counts_are_compared_with_counts_only(cli):
    result = cli("fit", datasets.path("toxocara"))
    assert result.exit_code == 0
    lines = [line.split()[0] for line in result.stdout.splitlines()[3:8]]
    others = ["Geometric", "ZeroInflatedPoisson", "Poisson"]
    assert lines == ["NegativeBinomial", "ZeroInflatedNegativeBinomial", *others]
    assert "Exponential" not in result.stdout
    assert "Taken as counts: whole numbers from 0 on, and 0 is among them." in result.stdout
    assert "for a density say --family normal or --family student-t" in result.stdout
    assert "do not account for that choice" in result.stdout
    assert "rounded to whole numbers" not in result.stdout
    assert "NegativeBinomial fitted to x" in result.stdout


def test_whole_numbers_without_zero_are_counts_where_their_median_is_below_20(cli, write):
    low = cli("fit", write("x\n" + "\n".join(map(str, [1, 2, 3, 5, 8, 9, 2, 4] * 5)))).stdout
    assert "Taken as counts: whole numbers, all positive, median 3 (below 20)." in low
    assert "  Gamma " not in low
    high = cli("fit", datasets.path("davis"), "weight").stdout
    assert "Taken as continuous: whole numbers, all positive, median 63 (not below 20)." in high
    assert "for a family of counts say --family poisson or --family geometric" in high
    assert "  Poisson " not in high
    assert "  Gamma " in high


def test_candidates_that_are_no_maximum_are_listed_and_not_ranked(cli, write):
    path = write("x\n" + "\n".join(str(v) for v in np.linspace(-1, 1, 60)))
    result = cli("fit", path)
    assert result.exit_code == 0
    assert "  StudentT " in result.stdout
    assert "no finite maximum (as Normal)\n" in result.stdout
    assert "Gamma" not in result.stdout
    assert "Taken as continuous: not all values are whole numbers from 0 on." in result.stdout
    assert "Normal fitted to x" in result.stdout


def test_a_family_without_a_finite_maximum_is_not_chosen_over_a_certified_one(cli, write):
    result = cli("fit", write("x\n0\n1\n1\n2\n2\n3\n"))
    assert result.exit_code == 0
    assert "  NegativeBinomial " in result.stdout
    assert "no finite maximum (as Poisson)\n" in result.stdout
    assert "Poisson fitted to x" in result.stdout


def test_a_column_of_zeros_and_ones_is_bernoulli_without_a_choice(cli, write):
    result = cli("fit", write("x\n0\n0\n1\n1\n1\n"))
    assert result.exit_code == 0
    assert "Bernoulli fitted to x" in result.stdout
    assert (
        "Taken as two values: 0 and 1 only. There is one family for them; for a family of counts say" in result.stdout
    )
    assert "was chosen among" not in result.stdout


@pytest.mark.parametrize("value", ["0", "3", "-2.5"])
def test_a_constant_column_is_said_to_be_constant_and_nothing_is_chosen(value, cli, write):
    result = cli("fit", write("x\n" + f"{value}\n" * 20))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"column 'x' is constant: every value is {value}," in result.stderr
    assert "nothing was fitted" in result.stderr


def test_an_error_of_the_data_is_said_once_and_not_for_each_candidate(cli, write):
    path = write("x,y\n1.5,1\n,2\n3,3\n")
    result = cli("fit", path, "x", "--json")
    assert result.exit_code == 1
    assert result.stdout.count("1 missing value in 3 rows") == 1
    assert "candidates" not in result.stdout
    assert cli("fit", path, "x").stderr.count("1 missing value in 3 rows") == 1


def test_several_columns_are_fitted_each_by_itself(cli):
    result = cli("fit", datasets.path("faithful"), "--family", "gamma")
    assert result.stdout.count("Gamma fitted to") == 2


def test_a_joint_family_takes_all_columns(cli):
    result = cli("fit", datasets.path("davis"), "weight", "height", "--family", "multivariate-normal")
    assert result.exit_code == 0
    assert "MultivariateNormal fitted to weight, height of davis.csv, n = 200" in result.stdout
    assert "covariance[weight, height]" in result.stdout


def test_a_column_that_cannot_be_fitted_is_reported_and_the_others_are_printed(cli):
    result = cli("fit", datasets.path("airquality"), "Ozone", "Wind", "--family", "normal")
    assert result.exit_code == 1
    assert "'Ozone' has 37 missing values in 153 rows, the first in row 5" in result.stderr
    assert "--missing drop" in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Normal fitted to Wind" in result.stdout
    assert "Ozone" not in result.stdout


def test_dropped_rows_are_counted(cli):
    result = cli("fit", datasets.path("airquality"), "Ozone", "--family", "normal", "--missing", "drop")
    assert result.exit_code == 0
    assert "n = 116 (37 rows with missing values left out)" in result.stdout


def test_what_is_no_maximum_has_an_exit_code_of_its_own(cli, write):
    path = write("x\n" + "\n".join(str(v) for v in np.linspace(0, 1, 60)))
    result = cli("fit", path, "--family", "student-t")
    assert result.exit_code == 3
    assert "NO FINITE MAXIMUM" in result.stdout
    assert "withheld" in result.stdout


def test_what_is_withheld_has_its_reason_on_the_page(cli, write):
    path = write("x\n" + "\n".join(str(v) for v in np.linspace(0, 1, 60)))
    lines = cli("fit", path, "--family", "student-t").stdout.splitlines()
    (reason,) = [line for line in lines if line.startswith("  withheld")]
    assert reason == (
        "  withheld: there are no standard errors, and only profile intervals of parameters, at a point that is no "
        "interior maximum; they need the data: ask for them with --interval profile"
    )
    assert lines.index(reason) > max(i for i, line in enumerate(lines) if line.endswith("withheld"))


def test_columns_of_the_table_of_candidates_never_run_together(cli, write):
    rng = np.random.default_rng(0)
    counts = np.concatenate([rng.integers(0, 10, 40), rng.integers(1_000_000_000, 9_000_000_000, 10)])
    text = cli("fit", write("x\n" + "\n".join(map(str, counts)))).stdout
    rows = [line for line in text.splitlines() if line.startswith("  Poisson ")]
    assert len(rows) == 1
    name, _, _, _, bic, difference = rows[0].split()[:6]
    assert name == "Poisson"
    assert float(bic) > float(difference) > 1e10
    heading = next(line for line in text.splitlines() if line.startswith("  family "))
    assert heading.index("certificate") == rows[0].index("maximum")


def test_candidates_stand_in_the_table_of_a_comparison(cli, write):
    """A kink is ranked like a maximum, and no reason breaks the table."""
    path = write("x\n" + "\n".join(map(str, sf.Laplace(3, 2).sample(200, rng=1))))
    text = cli("fit", path).stdout
    table = sf.compare("auto", path)
    assert table.best.family is sf.Laplace
    lines = str(table).splitlines()
    assert text.splitlines()[1 : 2 + len(table.rows) + 1] == lines[1 : 2 + len(table.rows) + 1]
    laplace = next(line for line in text.splitlines() if line.startswith("  Laplace "))
    assert laplace.split()[5:] == ["0.00", laplace.split()[6], "kink"]
    assert f"  Laplace is best: BIC is {table.rows[1].difference:.2f} higher for {table.rows[1].name}" in text
    assert "not differentiable" not in text.partition("Laplace fitted to")[0]


def test_weights_that_are_fractions_are_said_to_be_taken_as_frequencies(cli, write):
    path = write("x,w,v\n1,1,1\n2,2.5,3\n5,1,2\n")
    text = cli("fit", path, "x", "--weights", "w", "--family", "normal").stdout
    assert "! the weights are not whole numbers: they are taken as frequencies, n = Σw = 4.5; standard" in text
    assert "whole numbers" not in cli("fit", path, "x", "--weights", "v", "--family", "normal").stdout


def test_weights_are_frequencies(cli, write):
    once = cli("fit", write("x\n1\n2\n2\n5\n", "a.csv"), "--family", "normal").stdout
    weighted = cli("fit", write("x,w\n1,1\n2,2\n5,1\n", "b.csv"), "x", "--weights", "w", "--family", "normal").stdout
    assert "n = 4" in weighted
    assert weighted.splitlines()[2:] == once.splitlines()[2:]


def test_fixed_level_and_interval_are_used(cli):
    call = ("fit", datasets.path("groundbeef"), "--family", "weibull", "--fixed", "shape=2")
    result = cli(*call, "--level", "0.9", "--interval", "profile")
    assert result.exit_code == 0
    assert "90 % interval" in result.stdout
    assert "profile" in result.stdout
    assert "(fixed)" in result.stdout


def test_the_seed_decides_the_bootstrap(cli):
    call = ("fit", datasets.path("portpirie"), "--family", "exponential", "--interval", "bootstrap", "--seed")
    first, again, other = (cli(*call, seed).stdout for seed in (1, 1, 2))
    assert "bootstrap" in first
    assert first == again != other


def test_the_dask_engine_gives_the_same_text(cli):
    pytest.importorskip("distributed")
    call = ("fit", datasets.path("faithful"), "waiting", "--family", "gamma", "--engine")
    assert cli(*call, "dask").stdout == cli(*call, "threads").stdout


def test_save_keeps_the_fit_and_says_so(cli, tmp_path):
    path = tmp_path / "waiting.json"
    call = ("fit", datasets.path("faithful"), "waiting", "--family", "normal", "--save", path)
    result = cli(*call)
    assert result.exit_code == 0
    assert f"saved to {path}" in result.stderr
    assert str(sf.load(path)) == str(sf.fit(sf.Normal, datasets.path("faithful"), columns="waiting"))
    refused = cli(*call)
    assert refused.exit_code == 1
    assert "exists already" in refused.stderr
    assert refused.stdout == ""
    assert cli(*call, "--force").exit_code == 0


def test_nothing_is_saved_where_there_is_no_fit(cli, tmp_path, write):
    path = tmp_path / "a.json"
    result = cli("fit", write("x\n1\n1\n"), "--family", "normal", "--save", path)
    assert result.exit_code == 1
    assert "nothing was saved" in result.stderr
    assert not path.exists()


MISUSES = {
    "an unknown family": (["--family", "gama"], "there is no family 'gama'; did you mean gamma?"),
    "a level in percent": (["--level", "95"], "did you mean 0.95?"),
    "fixed without a family": (["--fixed", "df=5"], "--fixed needs --family"),
    "fixed without a value": (["--family", "student-t", "--fixed", "df"], "NAME=VALUE"),
    "fixed to a word": (["--family", "student-t", "--fixed", "df=five"], "not 'df=five'"),
    "fixed twice": (
        ["--family", "normal", "--fixed", "mu=1", "--fixed", "mu=2"],
        "--fixed names 'mu' twice; give each parameter one value",
    ),
    "fixed to no such parameter": (
        ["--family", "normal", "--fixed", "df=5"],
        "normal has no parameter 'df'; its parameters are mu, sigma",
    ),
    "fixed to nearly such a parameter": (
        ["--family", "weibull", "--fixed", "shap=5"],
        "weibull has no parameter 'shap'; did you mean shape? its parameters are shape, scale",
    ),
    "fixed to a value that it cannot have": (
        ["--family", "normal", "--fixed", "sigma=-1"],
        "sigma must be a positive number, not -1",
    ),
    "one file for two columns": (["--family", "normal", "--save", "a.json"], "there are 2 columns"),
    "an unknown engine": (["--engine", "spark"], "'spark' is not one of"),
}


@pytest.mark.parametrize("case", MISUSES)
def test_a_misused_option_is_a_matter_of_usage(case, cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options, message = MISUSES[case]
    result = cli("fit", datasets.path("faithful"), *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


BAD_INPUTS = {
    "no file": (["nowhere.csv"], "there is no file"),
    "no column": ([datasets.path("faithful"), "wating"], "did you mean 'waiting'?"),
    "text": ([datasets.path("davis"), "sex"], "must hold real numbers"),
}


@pytest.mark.parametrize("case", BAD_INPUTS)
def test_bad_input_is_one_paragraph_on_stderr(case, cli):
    arguments, message = BAD_INPUTS[case]
    result = cli("fit", *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.startswith("suffice: ")
    assert result.stderr.count("\n") == 1


def test_an_interrupt_and_a_mistake_of_ours_have_no_traceback(cli, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(fit_command, "fit_groups", interrupt)
    result = cli("fit", datasets.path("toxocara"))
    assert (result.exit_code, result.stderr) == (130, "suffice: interrupted\n")

    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr(fit_command, "fit_groups", exhausted)
    result = cli("fit", datasets.path("toxocara"))
    assert result.exit_code == 1
    assert "not enough memory" in result.stderr

    def mistake(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(fit_command, "fit_groups", mistake)
    result = cli("fit", datasets.path("toxocara"), SUFFICE_TRACEBACK="")
    assert result.exit_code == 1
    assert "this is an error in Suffice; set SUFFICE_TRACEBACK=1" in result.stderr
    result = cli("fit", datasets.path("toxocara"), SUFFICE_TRACEBACK="1")
    assert isinstance(result.exception, ZeroDivisionError)


def test_control_characters_in_names_are_shown_not_sent(cli, write):
    result = cli("fit", write("\x1b[31mred\n1\n2\n4\n"), "--family", "normal")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "\\x1b[31mred" in result.stdout


@pytest.mark.parametrize("spelling", ["burr-xii", "burr-x-i-i", "BurrXII", "burr_xii"])
def test_numerals_in_a_name_are_one_word_and_the_old_spelling_is_understood(cli, spelling):
    result = cli("fit", datasets.path("groundbeef"), "--family", spelling)
    assert result.stdout.startswith("BurrXII fitted to")


def test_help_and_errors_list_families_in_alphabetical_order(cli):
    names = sorted(map(spelled, NAMES))
    # click breaks lines at hyphens
    assert f"One of {', '.join(names)}.".replace(" ", "") in "".join(cli("fit", "--help").stdout.split())
    assert "burr-xii" in names
    result = cli("fit", datasets.path("groundbeef"), "--family", "xyzzy")
    assert f"there is no family 'xyzzy'; the families are {', '.join(names)}" in " ".join(result.stderr.split())


def test_help_and_the_documentation_list_every_text_that_counts_as_missing(cli):
    from suffice.sources.csv_dialect import MISSING_TEXTS

    document = (Path(__file__).parents[2] / "docs" / "command_line.md").read_text()
    for command in ("fit", "describe"):
        words = cli(command, "--help").stdout.split()
        assert set(MISSING_TEXTS) - {""} <= set(words)
        assert "No other text counts as missing" in " ".join(words)
    assert all(f"`{text}`" in document for text in MISSING_TEXTS if text)


@pytest.mark.parametrize("command", ["fit", "describe"])
def test_a_second_file_is_answered_with_a_pattern_in_quotes(command, cli, write, tmp_path, monkeypatch):
    write("x\n1\n", "p1.csv")
    write("x\n2\n", "p2.csv")
    monkeypatch.chdir(tmp_path)
    result = cli(command, "p1.csv", "p2.csv")
    assert result.exit_code == 1
    assert "'p2.csv' is a file" in result.stderr
    assert "one pattern in quotes, such as 'p*.csv'" in result.stderr


def test_a_weighted_fit_says_so_with_the_column_the_rows_and_the_sum(cli, write):
    path = write("x,w\n1,1\n2,2.5\n5,1\n7,0\n")
    call = ("fit", path, "x", "--weights", "w", "--family", "normal")
    assert "n = 4.5 (Σ of the weights in 'w', over 3 rows)" in cli(*call).stdout
    (found,) = json.loads(cli(*call, "--json").stdout)["results"]
    assert found["weights"] == {"column": "w", "sum": 4.5}
    assert (found["n"], found["rows"]) == (4.5, 3)
    unnamed = sf.fit(sf.Normal, [1.0, 2.0, 5.0], weights=[1, 2, 1])
    assert "n = 4 (Σ of the weights, over 3 rows)" in str(unnamed)
    assert "to 3 rows of weight 4" in repr(unnamed)
    plain = cli("fit", path, "x", "--family", "normal", "--json")
    assert "weights" not in json.loads(plain.stdout)["results"][0]


def test_the_probability_of_a_category_says_whose_it_is(cli, write):
    path = write("x\n1\n2\n2\n5.5\n")
    text = cli("fit", path, "--family", "categorical").stdout
    assert "probabilities[0] (x = 1) " in text
    assert "probabilities[2] (x = 5.5) " in text
    (found,) = json.loads(cli("fit", path, "--family", "categorical", "--json").stdout)["results"]
    assert [estimate["category"] for estimate in found["estimates"]] == [1.0, 2.0, 5.5]
    assert found["estimates"][0]["parameter"] == "probabilities[0]"
    assert next(iter(sf.fit(sf.Categorical, path).standard_errors)) == "probabilities[0]"
