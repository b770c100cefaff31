"""Fits in windows of any width."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

import suffice as sf
from suffice import datasets
from suffice.cli import terminal
from suffice.cli.fit_command import ColumnResult, Shown
from suffice.inference.comparison import comparison_of
from suffice.inference.fit_text import estimate_rows


def _shown(fit, width):
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, no_color=True)
    terminal.show(ColumnResult(fit.origin.columns, fit), Shown(level=0.95, method=None, seed=0), console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize(
    ("family", "data"), [(sf.Categorical, "toxocara"), (sf.MultivariateNormal, "iris"), (sf.Gamma, "groundbeef")]
)
def test_no_number_and_no_name_of_a_fit_is_cut_or_folded(family, data, width):
    fit = sf.fit(family, datasets.path(data))
    text = _shown(fit, width)
    assert max(map(len, text.splitlines())) <= width
    for row in estimate_rows(fit):
        short = row.name.replace("probabilities", "p")
        (line,) = [line for line in text.splitlines() if line.split()[:1] in ([row.name], [short])]
        assert f"{row.estimate:.5g}" in line or f"{row.estimate:.7g}" in line
        assert f" {row.upper:.4g} " in f"{line} " or f" {row.upper:.6g} " in f"{line} "
    assert ("intervals: " in text) == (" method " not in text)


def test_in_a_very_narrow_window_each_estimate_is_a_line_and_no_number_is_cut():
    fit = sf.fit(sf.Weibull, datasets.path("airquality"), columns="Wind")
    lines = [line.strip() for line in _shown(fit, 40).splitlines()]
    assert "shape = 3.0532 (2.706, 3.445)" in lines
    assert "scale = 11.136 (10.54, 11.76)" in lines
    assert "95 % intervals: wald; standard errors" in " ".join(lines)
    assert "…" not in "".join(lines)
    assert max(map(len, lines)) <= 40
    fixed = sf.fit(sf.Weibull, datasets.path("airquality"), columns="Wind", fixed={"shape": 3})
    assert "shape = 3 (fixed)" in [line.strip() for line in _shown(fixed, 30).splitlines()]
    limit = sf.fit(sf.StudentT, datasets.path("airquality"), columns="Temp")
    assert "location = 77.882 (withheld)" in [line.strip() for line in _shown(limit, 30).splitlines()]


def test_candidates_in_a_very_narrow_window_keep_their_names_and_numbers():
    fit = sf.fit(sf.Poisson, datasets.path("toxocara"))
    other = sf.fit(sf.NegativeBinomial, datasets.path("toxocara"))
    console = Console(file=io.StringIO(), width=40, markup=False, highlight=False, no_color=True)
    comparison = comparison_of([sf.NegativeBinomial, sf.Poisson], [other, fit], "bic")
    result = ColumnResult(("x",), other, comparison)
    terminal.show(result, Shown(level=0.95, method=None, seed=0), console)
    text = console.file.getvalue()
    assert "NegativeBinomial" in text
    assert "326.63" in text
    assert "…" not in text
    assert "difference" not in text


def test_candidates_in_80_columns_keep_their_differences_and_fold_only_certificates():
    x = np.concatenate([np.arange(10.0), [4.0, 4.0, 5.0]])
    comparison = sf.compare([sf.Poisson, sf.ZeroInflatedNegativeBinomial, sf.NegativeBinomial], x)
    console = Console(file=io.StringIO(), width=80, markup=False, highlight=False, no_color=True)
    terminal.show(ColumnResult(("x",), comparison.best, comparison), Shown(0.95, None, 0), console)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "difference" in text
    assert "log-lik." not in text
    for row in comparison.rows:
        line = next(line for line in text.splitlines() if line.split()[:1] == [row.name])
        assert f" {row.fit.bic:.2f} " in line
        assert f" {row.difference:.2f} " in line


@pytest.mark.parametrize("width", [80, 200])
def test_positions_in_place_of_long_names_have_a_legend(width):
    fit = sf.fit(sf.MultivariateNormal, datasets.path("iris"))
    legend = "positions: 0 = Sepal.Length, 1 = Sepal.Width, 2 = Petal.Length, 3 = Petal.Width"
    assert legend in " ".join(_shown(fit, width).split())
    assert legend in " ".join(str(fit).split())
    davis = sf.fit(sf.MultivariateNormal, datasets.path("davis"), columns=["weight", "height"])
    assert "covariance[weight, height]" in str(davis)
    assert "positions:" not in str(davis)
