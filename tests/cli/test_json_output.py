"""`--json`: one document, exact numbers, reasons for what is null."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import suffice as sf
from suffice import datasets
from suffice.cli.json_output import numbers


def _strict(text):
    def refuse(word):
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def test_a_fit_is_exact(cli):
    path = datasets.path("faithful")
    result = cli("fit", path, "waiting", "--family", "normal", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    document = _strict(result.stdout)
    fit = sf.fit(sf.Normal, path, columns="waiting")
    (found,) = document["results"]
    assert found["model"] == {"family": "Normal", "mu": fit.model.mu, "sigma": fit.model.sigma}
    assert found["criteria"]["log_likelihood"] == fit.log_likelihood
    assert found["certificate"]["status"] == "maximum"
    assert [row["standard_error"] for row in found["estimates"]] == list(fit.standard_errors.values())
    assert found["warnings"][0]["kind"] == "dependence"
    assert document["fingerprint"] == fit.origin.fingerprint
    assert document["command"][:2] == ["suffice", "fit"]
    assert {"suffice", "python", "numpy", "source", "level", "seed", "exit_code"} <= document.keys()


def test_what_is_withheld_or_infinite_is_null_with_a_reason(cli, write):
    path = write("x\n" + "\n".join(str(v) for v in np.linspace(0, 1, 60)))
    result = cli("fit", path, "--family", "student-t", "--json")
    document = _strict(result.stdout)
    assert result.exit_code == document["exit_code"] == 3
    (found,) = document["results"]
    assert found["model"]["df"] is None
    assert found["model"]["reasons"] == {"df": "infinite"}
    estimate = found["estimates"][0]
    assert estimate["standard_error"] is None
    assert "no finite maximum" in estimate["withheld"]


def test_where_standard_errors_come_from_is_said_of_a_family_that_is_not_regular(cli, write):
    path = write("x\n" + "\n".join(str(v) for v in np.random.default_rng(1).uniform(size=60)))
    result = cli("fit", path, "--family", "uniform", "--json", "--interval", "exact")
    (found,) = _strict(result.stdout)["results"]
    assert result.exit_code == 0  # the boundary is the proved highest point
    assert found["standard_errors"] == "exact law"
    assert [row["method"] for row in found["estimates"]] == ["exact", "exact"]
    assert "standard errors: exact law" in cli("fit", path, "--family", "uniform").stdout
    refused = cli("fit", path, "--family", "uniform", "--interval", "wald").stdout
    assert "withheld: there is no Wald interval for Uniform" in refused
    other = _strict(cli("fit", path, "--family", "normal", "--json", "--interval", "exact").stdout)["results"][0]
    assert "standard_errors" not in other
    assert "use --interval profile" in other["estimates"][0]["withheld"]


def test_errors_and_candidates_stand_in_the_document(cli):
    result = cli("fit", datasets.path("airquality"), "Ozone", "Wind", "--json")
    assert result.exit_code == 1
    ozone, wind = _strict(result.stdout)["results"]
    assert ozone["error"]["type"] == "MissingValuesError"
    assert ozone["error"]["row"] == 5
    assert "candidates" not in ozone
    assert wind["taken_as"]["kind"] == "continuous"
    assert "not all values are whole numbers" in wind["taken_as"]["reason"]
    bic = [candidate["bic"] for candidate in wind["candidates"] if candidate["status"] == "maximum"]
    assert len(bic) > 5
    assert bic == sorted(bic)
    assert wind["candidates"][0]["difference"] == 0.0
    (temperature,) = _strict(cli("fit", datasets.path("airquality"), "Temp", "--json").stdout)["results"]
    (limit,) = [candidate for candidate in temperature["candidates"] if candidate["family"] == "StudentT"]
    assert limit["same_as"] == "Normal"
    assert "do not account" in wind["chosen_by"]


def test_a_joint_fit_has_its_arrays(cli):
    result = cli("fit", datasets.path("iris"), "--family", "multivariate-normal", "--json")
    (found,) = _strict(result.stdout)["results"]
    model = sf.fit(sf.MultivariateNormal, datasets.path("iris")).model
    assert found["model"]["covariance"] == model.covariance.tolist()
    assert len(found["estimates"]) == 14


@pytest.mark.parametrize(
    ("number", "reason"), [(math.nan, "undefined"), (math.inf, "infinite"), (-math.inf, "minus infinity")]
)
def test_every_kind_of_not_finite_has_a_reason(number, reason):
    assert numbers({"a": number, "b": 1}) == {"a": None, "b": 1, "reasons": {"a": reason}}
