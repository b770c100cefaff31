"""`suffice describe` from the outside."""

from __future__ import annotations

import json

import suffice as sf
from suffice import datasets


def test_a_pipe_gets_what_python_prints(cli):
    result = cli("describe", datasets.path("davis"))
    assert result.exit_code == 0
    assert result.stdout == f"{sf.describe(datasets.path('davis'))}\n"


def test_columns_are_chosen_by_name(cli):
    result = cli("describe", datasets.path("davis"), "height")
    assert "height" in result.stdout
    assert "repwt" not in result.stdout


def test_json_holds_numbers_exactly_and_says_where_they_come_from(cli, write):
    path = write("x,y\n1,0.1\n2,\n4,\n")
    result = cli("describe", path, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["command"] == ["suffice", "describe", str(path), "--json"]
    assert found["suffice"] == sf.__version__
    assert found["fingerprint"]
    x, y = found["columns"]
    assert x["mean"] == sf.describe(path)["x"].mean
    assert y["standard_deviation"] is None
    assert y["reasons"]["standard_deviation"] == "undefined"


def test_one_row_has_no_standard_deviation_and_the_reason_is_said(cli, write):
    result = cli("describe", write("x\n5\n"))
    assert "data.csv: 1 row;" in result.stdout
    assert result.stdout.splitlines()[3].split()[:4] == ["x", "1", "5", "–"]
    assert "no standard deviation (–): there is 1 value" in result.stdout
    assert "constant" not in result.stdout


def test_a_missing_file_is_one_paragraph(cli):
    result = cli("describe", "nowhere.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("suffice: there is no file")
