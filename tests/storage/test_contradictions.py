"""A saved fit whose parts disagree is refused: no estimate, error or status is taken on trust."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from storage.saved_values import fits

import suffice as sf
from suffice.errors import LoadError, SaveError
from suffice.storage.files import document

CASES = {
    "normal": "normal",
    "weibull": "weibull, one parameter fixed",
    "limit": "student t at its limit",
    "counts": "negative binomial",
    "categorical": "categorical",
    "joint": "multivariate normal",
    "spherical": "spherical",
    "uniform": "uniform",
    "pareto": "pareto",
}


def _array(*values, shape=None):
    return {"shape": list(shape or [len(values)]), "values": list(values)}


LIES = {
    "a factor of zero": ("normal", "solution.problem.factor", 0.0, "factor must be positive"),
    "too few fixed values": ("normal", "solution.problem.fixed", _array("nan"), "fixed must have 2 numbers, not 1"),
    "a fixed value outside its domain": (
        "weibull", "solution.problem.fixed", _array(-2.0, "nan"), "shape = -2 must be a positive number"
    ),
    "a problem in parameters of another family": (
        "normal",
        "solution.problem",
        {"type": "ReparametrizedProblem", "shift": 0.0, "factor": 1.0},
        "is not sought in other parameters than its own",
    ),
    "a problem of another family": ("normal", "family", {"type": "Gamma"}, "type of the|value|Gamma|scatter|says"),
    "a joint family for one variable": (
        "normal", "family", {"type": "MultivariateNormal", "covariance": None}, "does not belong to"
    ),
    "one variable for a joint problem": ("joint", "family", {"type": "Normal"}, "belongs to MultivariateNormal"),
    "another structure": (
        "joint", "family", {"type": "MultivariateNormal", "covariance": "diagonal"}, "the structure is 'dense'"
    ),
    "a frame of other columns": (
        "joint",
        "solution.problem.frame",
        {"type": "SphericalCovariance", "variance": 1.0, "dimension": 7},
        "must be of the same 3 columns",
    ),
    "an infinite centre": ("joint", "solution.problem.high", _array(0.0, "inf", 0.0), "high and low must be finite"),
    "one variance too many": (
        "joint",
        "model.covariance",
        {"type": "DiagonalCovariance", "variances": _array(*[1.0] * 501), "columns": None},
        "more than the 500",
    ),
    "categories that fall": ("categorical", "solution.problem.categories", _array(3.0, 1.0), "finite and ascending"),
    "an observed category that is none": (
        "categorical", "solution.problem.observed", _array(0, 1, 2, 9), "ascending positions among 4 categories"
    ),
    "an observed position that is no integer": (
        "categorical", "solution.problem.observed", _array(0, 1, 2.5, 3), "must be an integer"
    ),
    "a reference that is none": ("categorical", "solution.problem.reference", 9, "reference must be one of the 4"),
    "too few coordinates": ("normal", "solution.phi", _array(0.0), "but phi has 1"),
    "an infinite coordinate": ("normal", "solution.phi", _array(0.0, "inf"), "phi must be finite"),
    "another coordinate": ("normal", "solution.phi", _array(3.0, 0.0), "is not what the solution says"),
    "another model": ("normal", "model", {"type": "Gamma", "shape": 1.0, "rate": 1.0}, "the model is a Gamma"),
    "a Hessian that is no maximum": (
        "normal", "solution.hessian", _array(1.0, 0.0, 0.0, 1.0, shape=[2, 2]), "the derivatives of the solution do not"
    ),
    "another Hessian": (
        "normal", "solution.hessian", _array(-1.0, 0.0, 0.0, -1.0, shape=[2, 2]), "are not what the Hessian says"
    ),
    "a Hessian that is not there": ("normal", "solution.hessian", None, "the Hessian of 2 coordinates must be given"),
    "a limit that is a maximum": ("limit", "certificate.status", "maximum", "the certificate says 'maximum'"),
    "errors where they are withheld": (
        "limit", "uncertainty.standard_errors", [1.0, 1.0], "standard_errors must be withheld"
    ),
    "other names": ("normal", "uncertainty.names", ["mean", "sigma"], "the free parameters are"),
    "a covariance of another shape": (
        "normal", "uncertainty.parameter_covariance", _array(1.0, shape=[1, 1]), "not what the Hessian says"
    ),
    "another number of columns": ("normal", "origin.columns", ["x", "y"], "there are 2 column names"),
    "a look that is no look": ("normal", "extent.table", _array(1.0, shape=[1, 1]), "shape \\(14, d\\)"),
    "counts beyond the rows": ("normal", "extent.rows", 3, "contradicts itself"),
    "a summary of another kind": (
        "normal",
        "summary",
        {"type": "TallySummary", "values": _array(1.0), "weights": _array(1.0), "capacity": 9, "overflowed": False},
        "no sufficient summary of type TallySummary",
    ),
    "a scatter of no shape": (
        "normal", "summary", {"type": "ScatterSummary", "state": _array(1.0, 2.0)}, "numbers, not 2"
    ),
    "a scatter of negative variance": (
        "normal", "summary", {"type": "ScatterSummary", "state": _array(1.0, 0.0, 0.0, -1.0)}, "no negative variance"
    ),
    "a tally of two lengths": ("counts", "summary.weights", _array(1.0), "are no tally"),
    "a tally with negative weights": ("counts", "summary", "NEGATIVE", "finite and not negative"),
    "a tally that falls": ("counts", "summary", "FALLING", "finite and ascending"),
    "extremes of another length": ("uniform", "summary.state", _array(1.0, 2.0), "must have 3 numbers, not 2"),
    "extremes that fall": ("uniform", "summary.state", _array(30.0, 2.0, 1.0), "the minimum at most the maximum"),
    "other extremes": ("uniform", "summary.state", _array(30.0, 1.0, 2.0), "summary gives the log-likelihood -inf"),
    "logarithms of another length": ("pareto", "summary.state", _array(1.0), "must have 3 numbers, not 1"),
    "logarithms below the minimum": ("pareto", "summary.state", _array(30.0, 1.0, -1.0), "positive weight and minimum"),
    "errors that no law gives": ("uniform", "uncertainty.standard_errors", [1.0, 1.0], "standard_errors are not what"),
    "a kink where there is none": ("normal", "solution.status", "kink", "the likelihood of Normal has no kink"),
    "another dropped": ("normal", "dropped", -1, "an integer from 0"),
    "a fixed value of no kind": ("weibull", "fixed", {"shape": {"shape": 3}}, "a number, a vector, a matrix"),
    "fixed that is no object": ("weibull", "fixed", [2.0], "must be an object"),
    "warnings that are no list": ("normal", "warnings", {}, "must be an array"),
    "a flag that is a number": ("normal", "origin.view.whole", 1, "must be true or false"),
    "a name that is a number": ("normal", "origin.description", 1, "must be a text"),
    "a problem without type": ("normal", "solution.problem", {}, 'with the "type" of a problem'),
    "an unknown problem": ("normal", "solution.problem.type", "Other", "no known problem"),
}  # fmt: skip


@pytest.mark.parametrize("case", LIES)
def test_a_contradiction_is_refused_with_its_reason(case, tmp_path):
    fit, place, lie, message = LIES[case]
    content = copy.deepcopy(json.loads(document(fits()[CASES[fit]])))
    *parents, last = ["value", *place.split(".")]
    parent = content
    for key in parents:
        parent = parent[key]
    if lie in ("NEGATIVE", "FALLING"):
        changed = parent[last]["weights" if lie == "NEGATIVE" else "values"]["values"]
        changed[0] = -1.0 if lie == "NEGATIVE" else 1e9
    else:
        parent[last] = lie
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(content))
    with pytest.raises(LoadError, match=message):
        sf.load(path)


@pytest.mark.parametrize(
    ("family", "fixed"),
    [
        (sf.MultivariateNormal, {"mean": [0.0, 1.0]}),
        (sf.MultivariateNormal, {"covariance": [[2.0, 0.5], [0.5, 1.0]]}),
        (sf.MultivariateNormal.of(covariance="diagonal"), {}),
    ],
)
def test_fixed_arrays_and_structures_come_back(family, fixed, tmp_path):
    fit = sf.fit(family, [[0.0, 1.0], [1.0, 3.0], [2.5, 0.5], [0.1, 0.2]], fixed=fixed)
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    assert document(again) == document(fit)
    assert str(again) == str(fit)


def test_bound_categories_come_back(tmp_path):
    fit = sf.fit(sf.Categorical.of(categories=[0, 1, 2]), [0.0, 1.0, 1.0])
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    assert again.family == fit.family
    assert again.certificate.status == fit.certificate.status == "boundary"


def test_a_fit_that_could_not_be_loaded_is_not_saved(tmp_path):
    model = sf.MultivariateNormal([0.0] * 501, sf.linalg.Covariance.spherical(1.0, 501))
    with pytest.raises(SaveError, match="from 1 to 500, not 501"):
        sf.save(model, tmp_path / "a.json")
    fit = sf.fit(sf.Normal, {"\ud800": [1.0, 2.0]})
    with pytest.raises(SaveError, match="whole characters"):
        sf.save(fit, tmp_path / "a.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("family", [sf.MultivariateNormal, sf.Categorical])
def test_a_fit_of_many_parameters_comes_back_without_a_hessian(family, tmp_path):
    rng = np.random.default_rng(4)
    data = rng.normal(size=(90, 34)) if family is sf.MultivariateNormal else np.arange(600.0)
    fit = sf.fit(family, data)
    assert fit.solution.hessian is None
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    assert document(again) == document(fit)
    assert again.standard_errors == fit.standard_errors
    content = json.loads(document(fit))
    content["value"]["solution"]["phi"]["values"][0] += 0.5
    (tmp_path / "fit.json").write_text(json.dumps(content))
    with pytest.raises(LoadError):
        sf.load(tmp_path / "fit.json")
