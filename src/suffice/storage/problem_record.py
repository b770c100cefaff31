"""The likelihood that a fit maximised, without the data: what is needed to ask it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.categorical_problem import CategoricalProblem
from suffice.distributions.dirichlet_problem import DirichletProblem
from suffice.distributions.location_scatter import STRUCTURES
from suffice.distributions.multinomial_problem import MultinomialProblem
from suffice.distributions.multivariate_normal_problem import MultivariateNormalProblem
from suffice.distributions.multivariate_student_t_problem import MultivariateStudentTProblem
from suffice.distributions.parameter import Parameter
from suffice.distributions.problem import Coordinates, Problem, likelihood_of
from suffice.distributions.reparametrized_problem import ReparametrizedProblem
from suffice.errors import LoadError
from suffice.storage.kinds import Array, Flag, Integer, Number, OneOf, Optional, Record, Words
from suffice.storage.registry import COVARIANCE, has_numbers_only


@dataclass(frozen=True, slots=True)
class UnboundProblem:
    """A problem that waits for its family.

    Parameters
    ----------
    bound : returns the problem of a family
    """

    bound: Callable[[Any], Any]


def _of_one_variable(shift: float, factor: float, fixed: np.ndarray) -> UnboundProblem:
    if not factor > 0:
        raise LoadError(f"factor must be positive, not {factor:g}")

    def bound(family: Any) -> Problem:
        if not has_numbers_only(family):
            raise LoadError(f"a problem of one variable does not belong to {family!r}")
        parameters: tuple[Parameter, ...] = family.parameters
        if len(fixed) != len(parameters):
            raise LoadError(f"fixed must have {len(parameters)} numbers, not {len(fixed)}")
        for parameter, value in zip(parameters, fixed, strict=True):
            if not (np.isnan(value) or parameter.allows(value)):
                raise LoadError(f"{parameter.name} = {value:g} must be {parameter.describe()}")
        coordinates = Coordinates(parameters, tuple(fixed.tolist()))
        return Problem(likelihood_of(family, shift, factor), coordinates)

    return UnboundProblem(bound)


def _reparametrized(shift: float, factor: float) -> UnboundProblem:
    if not factor > 0:
        raise LoadError(f"factor must be positive, not {factor:g}")

    def bound(family: Any) -> ReparametrizedProblem:
        if getattr(family, "sought_as", None) is None:
            raise LoadError(f"{family!r} is not sought in other parameters than its own")
        return ReparametrizedProblem.of(family, shift, factor)

    return UnboundProblem(bound)


def _check_frame(fields: dict[str, Any]) -> None:
    d = len(fields["high"])
    if fields["low"].shape != (d,) or fields["frame"].dimension != d:
        raise LoadError(f"high, low and frame must be of the same {d} columns")
    if not (np.isfinite(fields["high"]).all() and np.isfinite(fields["low"]).all()):
        raise LoadError("high and low must be finite")


def _of_multivariate_student_t(**fields: Any) -> UnboundProblem:
    _check_frame(fields)
    if fields["df"] is not None and not fields["df"] > 0:
        raise LoadError(f"df must be positive, not {fields['df']:g}")

    def bound(family: Any) -> MultivariateStudentTProblem:
        _require(family, "MultivariateStudentT")
        return MultivariateStudentTProblem(distribution=_distribution_of(family), **fields)

    return UnboundProblem(bound)


def _of_multivariate_normal(**fields: Any) -> UnboundProblem:
    _check_frame(fields)

    def bound(family: Any) -> MultivariateNormalProblem:
        _require(family, "MultivariateNormal")
        structure = "dense" if isinstance(family, type) else family.covariance
        if structure != fields["structure"]:
            raise LoadError(f"the structure is {fields['structure']!r}, but the family's is {structure!r}")
        return MultivariateNormalProblem(distribution=_distribution_of(family), **fields)

    return UnboundProblem(bound)


def _of_categorical(**fields: Any) -> UnboundProblem:
    categories, observed, fixed = fields["categories"], fields["observed"], fields["fixed"]
    k, j = len(categories), len(observed)
    if not k or not np.isfinite(categories).all() or (np.diff(categories) <= 0).any():
        raise LoadError("categories must be finite and ascending")
    if not j or (np.diff(observed) <= 0).any() or observed[0] < 0 or observed[-1] >= k:
        raise LoadError(f"observed must be ascending positions among {k} categories")
    if fields["reference"] >= j or (fixed is not None and fixed.shape != (k,)):
        raise LoadError(f"reference must be one of the {j} observed categories, and fixed have {k} numbers")

    def bound(family: Any) -> CategoricalProblem:
        _require(family, "Categorical")
        return CategoricalProblem(distribution=_distribution_of(family), **fields)

    return UnboundProblem(bound)


def _of_dirichlet(dimension: int, fixed: np.ndarray | None) -> UnboundProblem:
    if fixed is not None and fixed.shape != (dimension,):
        raise LoadError(f"fixed must have {dimension} numbers, not {len(fixed)}")

    def bound(family: Any) -> DirichletProblem:
        _require(family, "Dirichlet")
        return DirichletProblem(_distribution_of(family), dimension, fixed)

    return UnboundProblem(bound)


def _of_multinomial(**fields: Any) -> UnboundProblem:
    size, observed, fixed = fields["columns"], fields["observed"], fields["fixed"]
    j = len(observed)
    if not j or (np.diff(observed) <= 0).any() or observed[0] < 0 or observed[-1] >= size:
        raise LoadError(f"observed must be ascending positions among {size} columns")
    if fields["reference"] >= j or (fixed is not None and fixed.shape != (size,)):
        raise LoadError(f"reference must be one of the {j} observed columns, and fixed have {size} numbers")

    def bound(family: Any) -> MultinomialProblem:
        _require(family, "Multinomial")
        if any(value != fields["n"] for _, value in family.bound):
            raise LoadError(f"n is {fields['n']:g}, but the family is {family!r}")
        return MultinomialProblem(distribution=_distribution_of(family), **fields)

    return UnboundProblem(bound)


def _distribution_of(family: Any) -> Any:
    return family if isinstance(family, type) else family.distribution


def _require(family: Any, name: str) -> None:
    if _distribution_of(family).__name__ != name:
        raise LoadError(f"this problem belongs to {name}, not to {family!r}")


def _one_variable_fields(problem: Problem) -> dict[str, Any]:
    likelihood = problem.likelihood
    return {"shift": likelihood.shift, "factor": likelihood.factor, "fixed": problem.coordinates.fixed}


def _reparametrized_fields(problem: ReparametrizedProblem) -> dict[str, Any]:
    return {"shift": problem.likelihood.shift, "factor": problem.likelihood.factor}


_WEIGHT = Number(finite=True, lower=0.0)
_RECORDS = {
    record.type_name: record
    for record in (
        Record(
            "Problem",
            {"shift": Number(finite=True), "factor": Number(finite=True, lower=0.0), "fixed": Array(1)},
            _of_one_variable,
            _one_variable_fields,
        ),
        Record(
            "ReparametrizedProblem",
            {"shift": Number(finite=True), "factor": Number(finite=True, lower=0.0)},
            _reparametrized,
            _reparametrized_fields,
        ),
        Record(
            "MultivariateNormalProblem",
            {
                "structure": Words(STRUCTURES),
                "high": Array(1),
                "low": Array(1),
                "frame": COVARIANCE,
                "weight": _WEIGHT,
                "mean_is_free": Flag(),
                "covariance_is_free": Flag(),
            },
            _of_multivariate_normal,
        ),
        Record(
            "MultivariateStudentTProblem",
            {
                "high": Array(1),
                "low": Array(1),
                "frame": COVARIANCE,
                "location_is_free": Flag(),
                "scale_matrix_is_free": Flag(),
                "df": Optional(Number()),
            },
            _of_multivariate_student_t,
        ),
        Record("DirichletProblem", {"dimension": Integer(2), "fixed": Optional(Array(1))}, _of_dirichlet),
        Record(
            "MultinomialProblem",
            {
                "n": Number(finite=True, lower=1.0),
                "columns": Integer(2),
                "observed": Array(1, integer=True),
                "reference": Integer(),
                "weight": _WEIGHT,
                "fixed": Optional(Array(1)),
            },
            _of_multinomial,
        ),
        Record(
            "CategoricalProblem",
            {
                "categories": Array(1),
                "observed": Array(1, integer=True),
                "reference": Integer(),
                "weight": _WEIGHT,
                "fixed": Optional(Array(1)),
            },
            _of_categorical,
        ),
    )
}
PROBLEM = OneOf("problem", _RECORDS.get, lambda problem: type(problem).__name__)
