"""Columns that nobody named and that hold more than numbers are named by every command."""

from __future__ import annotations

import json

import pytest

TEXT = "x,s\n" + "1.5,-\n" * 20 + "".join(f"{i}.25,{i * i % 7}\n" for i in range(40))
LINE = "left out: s (not all values are numbers; name the column to see why)"


@pytest.mark.parametrize("command", ["fit", "describe"])
def test_a_column_of_marks_and_numbers_is_said_to_be_left_out(command, cli, write):
    result = cli(command, write(TEXT))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == LINE
    assert "hold no numbers" not in result.stdout
    assert "left out" not in cli(command, write(TEXT), "x").stdout


def test_naming_the_column_shows_the_value(cli, write):
    result = cli("fit", write(TEXT), "s")
    assert result.exit_code == 1
    assert "row 1 is '-'" in result.stderr


def test_it_is_said_on_stderr_where_no_fit_is_printed(cli, write):
    result = cli("fit", write("x,s\n" + "1,a\n" * 9))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"suffice: {LINE}\n" in result.stderr


@pytest.mark.parametrize("command", ["fit", "describe"])
def test_json_lists_them(command, cli, write):
    assert json.loads(cli(command, write(TEXT), "--json").stdout)["skipped"] == ["s"]
    assert json.loads(cli(command, write(TEXT), "x", "--json").stdout)["skipped"] == []


def test_several_are_listed_and_of_very_many_the_first(cli, write):
    some = cli("describe", write("x,s,t\n1,a,b\n2,c,d\n")).stdout
    assert "left out: s, t (not all values are numbers; name a column to see why)" in some
    names = [f"s{i}" for i in range(25)]
    many = cli("describe", write(f"x,{','.join(names)}\n" + f"1{',a' * 25}\n" * 2)).stdout
    assert "s18, s19 and 5 more (not all" in many
