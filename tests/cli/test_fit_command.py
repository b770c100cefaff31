"""`suffice fit` from the outside."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from suffice import datasets
from suffice.cli.main import run


@pytest.fixture
def cli():
    def call(*arguments: object):
        return CliRunner().invoke(run, [str(a) for a in arguments])

    return call


def test_fit_prints_certificate_estimates_and_what_would_make_it_wrong(cli):
    result = cli("fit", datasets.path("faithful"), "waiting", "--family", "normal")
    assert result.exit_code == 0
    assert "Normal fitted to waiting of faithful.csv, n = 272" in result.stdout
    assert "MAXIMUM, global" in result.stdout
    assert "70.89706" in result.stdout
    assert "neighbouring rows of 'waiting' depend on each other" in result.stdout


def test_without_a_family_all_candidates_are_ranked_by_aic(cli):
    result = cli("fit", datasets.path("toxocara"))
    assert result.exit_code == 0
    lines = [line.split()[0] for line in result.stdout.splitlines()[3:8]]
    assert lines == ["negative-binomial", "exponential", "student-t", "normal", "poisson"]
    assert "do not account for that choice" in result.stdout
