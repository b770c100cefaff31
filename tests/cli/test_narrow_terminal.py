"""Fits in windows of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import suffice as sf
from suffice import datasets
from suffice.cli import terminal
from suffice.cli.fit_command import ColumnResult, Shown
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


@pytest.mark.parametrize("width", [80, 200])
def test_positions_in_place_of_long_names_have_a_legend(width):
    fit = sf.fit(sf.MultivariateNormal, datasets.path("iris"))
    legend = "positions: 0 = Sepal.Length, 1 = Sepal.Width, 2 = Petal.Length, 3 = Petal.Width"
    assert legend in " ".join(_shown(fit, width).split())
    assert legend in " ".join(str(fit).split())
    davis = sf.fit(sf.MultivariateNormal, datasets.path("davis"), columns=["weight", "height"])
    assert "covariance[weight, height]" in str(davis)
    assert "positions:" not in str(davis)
