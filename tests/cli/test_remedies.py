"""What the library advises in Python is said in options of the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import suffice
from suffice.cli.remedies import in_options

SPOKEN = {
    "convert it, or choose other columns with columns=": "convert it, or name other columns after FILE",
    "the other; choose columns with columns=": "the other; name columns after FILE",
    "columns= names 'x' 2 times": "'x' is named 2 times after FILE",
    "cannot be both; leave it out of columns=": "cannot be both; leave it out of the columns after FILE",
    "fix sigma with fixed={'sigma': …}": "fix sigma with --fixed sigma=VALUE",
    "pass missing='drop' to leave": "say --missing drop to leave",
    "pass missing='drop' (--missing drop) to leave": "say --missing drop to leave",
    "use method='profile' or a simpler model": "use --interval profile or a simpler model",
    "use method='bootstrap', or 'wald' with care": "use --interval bootstrap, or --interval wald with care",
    "choose one with columns='a', or fit all together with sf.MultivariateNormal": (
        "name one of them after FILE, such as 'a', or fit all together with --family multivariate-normal"
    ),
    "for another pass sf.GeneralizedPareto.of(threshold=…)": "for another say --fixed threshold=VALUE",
    "… and 3 more in fit.standard_errors": "… and 3 more; --json lists all",
    "Binomial needs to know n: pass sf.Binomial.of(n=…)": "Binomial needs to know n: say --fixed n=VALUE",
    "nothing to translate": "nothing to translate",
}


@pytest.mark.parametrize("text", SPOKEN)
def test_a_remedy_is_said_in_options(text):
    assert in_options(text) == SPOKEN[text]


def test_no_remedy_that_names_columns_or_fixed_stays_in_python():
    source = Path(suffice.__file__).parent
    said = [
        found
        for path in [*source.glob("sources/*.py"), *source.glob("distributions/*.py")]
        for found in re.findall(r"(?:choose|leave)[^\"]*columns=(?=\")|fix [^\"]*fixed=\{\{.*?\}\}", path.read_text())
    ]
    assert len(said) >= 5
    for text in said:
        spoken = text.replace("{{", "{").replace("}}", "}")
        spoken = re.sub(r"\{[^{}']*\[0\]!r\}", "'sigma'", re.sub(r"\{\w+\[0\]!r\}", "'sigma'", spoken))
        assert "columns=" not in in_options(spoken), text


def test_a_constant_column_is_answered_with_the_option(cli, write):
    path = write("x\n" + "3\n" * 9)
    result = cli("fit", path, "--family", "normal")
    assert result.exit_code == 1
    assert "--fixed sigma=VALUE" in result.stderr
    assert "fixed={" not in result.stderr
    (found,) = json.loads(cli("fit", path, "--family", "normal", "--json").stdout)["results"]
    assert "--fixed sigma=VALUE" in found["error"]["message"]


def test_columns_that_cannot_be_read_are_answered_with_the_argument(cli, write):
    path = write("x,s,t\n1,a,\n2,b,\n")
    for column in ("s", "t"):
        message = cli("fit", path, column).stderr
        assert "name other columns after FILE" in message
        assert "columns=" not in message
    assert "'x' is named 2 times after FILE" in cli("fit", path, "x", "x").stderr


def test_missing_values_are_answered_with_the_option_alone(cli, write):
    message = cli("fit", write("x\n1\n\n2\nNA\n")).stderr
    assert "say --missing drop to leave those rows out" in message
    assert "missing='drop'" not in message
