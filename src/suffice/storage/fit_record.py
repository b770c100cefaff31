"""What a saved fit holds: enough to print it and to answer what needs no data, and no data."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np

from suffice.calculus.certificate import OptimumCertificate, Status
from suffice.distributions.closed_form import MOST_COORDINATES
from suffice.distributions.inference_problem import Solution
from suffice.errors import LoadError, NotAvailableError, SufficeError
from suffice.inference.assumptions import Warned
from suffice.inference.fit import Fit
from suffice.inference.fit_passes import Origin
from suffice.inference.fitting import certificate_of
from suffice.inference.passes import View
from suffice.linalg import Covariance
from suffice.sources.block import Block
from suffice.statistics.mapped_rows import MappedSummary
from suffice.storage.kinds import (
    Array,
    Flag,
    Integer,
    Kind,
    Listed,
    Named,
    Number,
    Optional,
    Record,
    Words,
    refuse,
)
from suffice.storage.problem_record import PROBLEM, UnboundProblem
from suffice.storage.registry import COVARIANCE, DISTRIBUTION, EXTENT, FAMILY, SUMMARY

# Relative differences that another processor or another release of the libraries may make.
CLOSE = 1e-6


class _Fixed:
    """The value of a fixed parameter: a number, an array or a covariance."""

    def write(self, value: Any) -> Any:
        if isinstance(value, Covariance):
            return COVARIANCE.write(value)
        array = np.asarray(value, dtype=float)
        return Array(array.ndim).write(array) if array.ndim else Number().write(value)

    def read(self, given: Any, path: str) -> Any:
        if not isinstance(given, dict):
            return Number().read(given, path)
        if "type" in given:
            return COVARIANCE.read(given, path)
        shape = given.get("shape")
        if not isinstance(shape, list) or not 1 <= len(shape) <= 2:
            refuse(path, "a number, a vector, a matrix or a covariance", given)
        return Array(len(shape)).read(given, path)


_CERTIFICATE = Record(
    "Certificate",
    {
        "status": Words(get_args(Status)),
        "scope": Words(),
        "gain": Number(),
        "gradient": Array(1),
        "eigenvalues": Array(1),
        "condition_number": Number(),
        "reason": Words(),
        "region": Words(),
    },
    OptimumCertificate,
)
_WARNING = Record("Warning", {"kind": Words(), "sentence": Words()}, Warned)
_VIEW = Record(
    "View", {"columns": Listed(Integer()), "drop_missing": Flag(), "whole": Flag(), "weighted": Flag()}, View
)
_ORIGIN = Record(
    "Origin",
    {"description": Words(), "fingerprint": Words(), "columns": Listed(Words()), "view": _VIEW, "weights": Words()},
    lambda **fields: Origin(source=None, **fields),
)
_SOLUTION = Record(
    "Solution",
    {
        "problem": PROBLEM,
        "phi": Array(1),
        "value": Number(finite=True),
        "gradient": Array(1),
        "hessian": Optional(Array(2)),
        "starts": Integer(0),
        "agree": Integer(0),
        "status": Words(("", "boundary", "kink", "no finite maximum")),
        "reason": Words(),
    },
    dict,
)
_UNCERTAINTY = Record(
    "Uncertainty",
    {
        "names": Listed(Words()),
        "standard_errors": Optional(Listed(Number())),
        "parameter_covariance": Optional(Array(2)),
        "withheld": Words(),
    },
    dict,
    dict,
)


def _taken(fit: Fit) -> dict[str, Any]:
    names = list(_FIELDS)
    taken = {name: getattr(fit, name) for name in names if name not in ("summary", "uncertainty")}
    taken["summary"] = fit.known.get(fit.family.sufficient)
    taken["uncertainty"] = uncertainty_of(fit)
    return taken


def uncertainty_of(fit: Fit) -> dict[str, Any]:
    """Return names, standard errors and their covariance; where one is withheld, the reason."""
    errors = covariance = None
    reasons = []
    try:
        errors = tuple(fit.standard_errors.values())
    except (SufficeError, np.linalg.LinAlgError) as error:
        reasons.append(str(error))
    try:
        if fit.solution.hessian is None:
            raise NotAvailableError("a covariance of so many parameters is not held; each has its standard error")
        covariance = fit.parameter_covariance
    except (SufficeError, np.linalg.LinAlgError) as error:
        reasons.append(str(error))
    return {
        "names": fit.solution.problem.names if fit.law is None else tuple(fit.estimated),
        "standard_errors": errors,
        "parameter_covariance": covariance,
        "withheld": "; ".join(dict.fromkeys(reasons)),
    }


def _made(
    *, family: Any, model: Any, solution: dict[str, Any], summary: Any, uncertainty: dict[str, Any], **fields: Any
) -> Fit:
    """Put a fit together and check that its parts agree."""
    unbound: UnboundProblem = solution["problem"]
    problem = unbound.bound(family)
    solved = Solution(**(solution | {"problem": problem}), model=model)
    known: dict[Any, Any] = {} if summary is None else {family.sufficient: summary}
    fit = Fit(family=family, model=model, solution=solved, known=known, **fields)
    _check_shapes(fit)
    _check_model(fit)
    _check_summary(fit)
    if solved.status == "kink" and fit.law is None:
        raise LoadError(f"the likelihood of {family.__name__} has no kink")
    if certificate_of(family, solved).status != fit.certificate.status:
        raise LoadError(f"the certificate says {fit.certificate.status!r}, the derivatives of the solution do not")
    _check_uncertainty(fit, uncertainty)
    return fit


def _check_shapes(fit: Fit) -> None:
    solution, origin = fit.solution, fit.origin
    q, d = len(solution.phi), len(origin.columns)
    coordinates = solution.problem.coordinate_names
    hessian = (q, q) if solution.hessian is None else solution.hessian.shape
    if len(coordinates) != q or solution.gradient.shape != (q,) or hessian != (q, q):
        raise LoadError(
            f"the problem has {len(coordinates)} free coordinates, but phi has {q}, the gradient "
            f"{len(solution.gradient)} and the Hessian the shape {hessian}"
        )
    if solution.hessian is None and q <= MOST_COORDINATES:
        raise LoadError(f"the Hessian of {q} coordinates must be given")
    if not np.isfinite(solution.phi).all():
        raise LoadError("phi must be finite")
    if fit.extent.dimension != d or len(origin.view.columns) != d or not d:
        raise LoadError(
            f"there are {d} column names, a look at {fit.extent.dimension} columns and positions of "
            f"{len(origin.view.columns)}"
        )
    if fit.n != fit.extent.weight or fit.log_likelihood != solution.value:
        raise LoadError("n must be the weight of the look at the rows, and log_likelihood the value of the solution")


def _check_model(fit: Fit) -> None:
    """The model must be the one at φ: no estimate is taken from a file on trust."""
    again = fit.solution.problem.model(fit.solution.phi)
    if type(again) is not type(fit.model):
        raise LoadError(f"the model is a {type(fit.model).__name__}, the family is {type(again).__name__}")
    if getattr(again, "family", None) != getattr(fit.model, "family", None):
        raise LoadError(f"the model is of {fit.model.family!r}, the family is {fit.family!r}")
    for name in _parameters_of(again):
        here, there = np.asarray(getattr(fit.model, name)), np.asarray(getattr(again, name))
        if here.shape != there.shape or not np.allclose(here, there, rtol=CLOSE, atol=CLOSE * _size(there)):
            raise LoadError(f"{name} of the model is not what the solution says")


def _parameters_of(model: Any) -> tuple[str, ...]:
    named = getattr(model, "parameter_names", None)
    return tuple(named) if named else tuple([parameter.name for parameter in model.parameters])


def _size(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size > 1 else 0.0


def _check_summary(fit: Fit) -> None:
    """A summary must be of the family's kind, and give the log-likelihood that the fit states."""
    known: dict[Any, Any] = dict(fit.known)
    for statistic, summary in known.items():
        if statistic is None or not _is_like(summary, statistic.observe(Block(np.ones((1, 1))))):
            raise LoadError(f"{fit.family.__name__} has no sufficient summary of type {type(summary).__name__}")
        if summary.overflowed:
            return
        with np.errstate(all="ignore"):
            value = _value_of(fit)
        if not abs(value - fit.log_likelihood) <= CLOSE * (1.0 + abs(fit.log_likelihood)):
            raise LoadError(
                f"the summary gives the log-likelihood {value:.10g}, the fit states {fit.log_likelihood:.10g}"
            )


def _value_of(fit: Fit) -> float:
    """Return the log-likelihood that the summary gives at φ; NaN where a closed form is claimed and φ is not it."""
    problem, phi = fit.solution.problem, fit.solution.phi
    if fit.solution.hessian is None and not np.allclose(fit._ask(problem.maximum())[0], phi, rtol=CLOSE, atol=CLOSE):
        return math.nan
    return float(fit._ask(problem.value(phi)))


def _is_like(summary: Any, example: Any) -> bool:
    """Say whether a summary is of the kind of an example, which the statistic made of one row."""
    if isinstance(summary, MappedSummary) and isinstance(example, MappedSummary):
        return summary.map == example.map and _is_like(summary.summary, example.summary)
    return isinstance(summary, type(example))


def _check_uncertainty(fit: Fit, stated: dict[str, Any]) -> None:
    found = uncertainty_of(fit)
    if tuple(stated["names"]) != tuple(found["names"]):
        raise LoadError(f"the free parameters are {list(found['names'])}, not {list(stated['names'])}")
    for what in ("standard_errors", "parameter_covariance"):
        here, there = stated[what], found[what]
        if (here is None) != (there is None):
            raise LoadError(f"{what} must be {'withheld' if there is None else 'given'}: {found['withheld']}")
        if here is None:
            continue
        first, second = np.asarray(here), np.asarray(there)
        if first.shape != second.shape or not np.allclose(first, second, rtol=1e-4, atol=CLOSE * _size(second)):
            raise LoadError(f"{what} are not what the Hessian says")


_FIELDS: dict[str, Kind] = {
    "family": FAMILY,
    "model": DISTRIBUTION,
    "log_likelihood": Number(finite=True),
    "n": Number(finite=True, lower=0.0),
    "dropped": Integer(),
    "fixed": Named(_Fixed()),
    "certificate": _CERTIFICATE,
    "warnings": Listed(_WARNING),
    "uncertainty": _UNCERTAINTY,
    "origin": _ORIGIN,
    "extent": EXTENT,
    "solution": _SOLUTION,
    "summary": Optional(SUMMARY),
}
FIT = Record("Fit", _FIELDS, _made, _taken)
