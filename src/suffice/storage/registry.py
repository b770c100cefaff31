"""The closed registry: which types a saved file may hold, and what stands in it for each."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from suffice.calculus import maps
from suffice.calculus.maps import Affine
from suffice.distributions import NAMES, family_of
from suffice.distributions.composed_family import ComposedFamily
from suffice.distributions.composed_model import ComposedModel
from suffice.distributions.mapped_family import scaled, shifted, transformed
from suffice.distributions.parameter import Parameter
from suffice.distributions.rounded_family import rounded
from suffice.distributions.truncated_family import truncated
from suffice.errors import LoadError
from suffice.linalg import Covariance, DenseCovariance, DiagonalCovariance, SphericalCovariance
from suffice.statistics.category_counts import CategoryCountsSummary
from suffice.statistics.composition_excess import CompositionExcessSummary
from suffice.statistics.extent import ExtentSummary
from suffice.statistics.extremes import ExtremesSummary
from suffice.statistics.log_above_minimum import LogAboveMinimumSummary
from suffice.statistics.log_excess import LogExcessSummary
from suffice.statistics.mapped_rows import MappedSummary
from suffice.statistics.reciprocal_excess import ReciprocalExcessSummary
from suffice.statistics.scatter import ScatterSummary
from suffice.statistics.share_excess import ShareExcessSummary
from suffice.statistics.tally import TallySummary
from suffice.storage.kinds import Array, Flag, Integer, Kind, Listed, Number, OneOf, Optional, Record, Words

# What stands as the type of a model of a composed family.
COMPOSED = "Composed"
# A model holds its covariance as a matrix: a file of a few bytes must not ask for gigabytes.
MOST_COLUMNS = 500


def _name_of(value: Any) -> str:
    return type(value).__name__


# -- covariances ------------------------------------------------------------------------------------


def _dense(matrix: np.ndarray, columns: Any) -> Covariance:
    _check_dimension(len(matrix))
    return DenseCovariance(matrix, columns)


def _diagonal(variances: np.ndarray, columns: Any) -> Covariance:
    _check_dimension(len(variances))
    return DiagonalCovariance(variances, columns)


def _check_dimension(d: int) -> None:
    if d > MOST_COLUMNS:
        raise LoadError(f"a covariance of {d:,} columns is more than the {MOST_COLUMNS:,} that a file may hold")


_COLUMN_NAMES = Optional(Listed(Words()))
_COVARIANCES = {
    record.type_name: record
    for record in (
        Record("DenseCovariance", {"matrix": Array(2), "columns": _COLUMN_NAMES}, _dense),
        Record("DiagonalCovariance", {"variances": Array(1), "columns": _COLUMN_NAMES}, _diagonal),
        Record(
            "SphericalCovariance",
            {"variance": Number(), "dimension": Integer(1, MOST_COLUMNS)},
            SphericalCovariance,
        ),
    )
}
COVARIANCE = OneOf("covariance", _COVARIANCES.get, _name_of)


# -- distributions ----------------------------------------------------------------------------------


def has_numbers_only(family: Any) -> bool:
    """Say whether all parameters of a family are numbers, so that its record follows from them."""
    return all(isinstance(parameter, Parameter) for parameter in family.parameters)


# The distributions whose parameters are more than numbers.
_FIELDS_OF_DISTRIBUTIONS: dict[str, tuple[dict[str, Kind], Any]] = {
    "Categorical": ({"probabilities": Array(1), "categories": Array(1)}, None),
    "Dirichlet": ({"alpha": Array(1)}, None),
    "Multinomial": ({"n": Number(), "probabilities": Array(1)}, None),
    "MultivariateNormal": (
        {"mean": Array(1), "covariance": COVARIANCE},
        lambda model: {"mean": model.mean, "covariance": model.factored},
    ),
    "MultivariateStudentT": (
        {"location": Array(1), "scale_matrix": COVARIANCE, "df": Number()},
        lambda model: {"location": model.location, "scale_matrix": model.factored, "df": model.df},
    ),
}


def _composed_model(family: Any, values: np.ndarray) -> Any:
    if not isinstance(family, ComposedFamily):
        raise LoadError(f"{family!r} is no composed family")
    if len(values) != len(family.parameters):
        raise LoadError(f"{family!r} has {len(family.parameters)} parameters, not {len(values)}")
    return family.from_theta(values)


@cache
def distribution_record(name: str) -> Record | None:
    """Return the record of a distribution by its name; None for one that Suffice does not export or cannot save."""
    if name == COMPOSED:
        return Record(name, {"family": FAMILY, "values": Array(1)}, _composed_model)
    if name not in NAMES:
        return None
    made = family_of(name)
    if has_numbers_only(made):
        return Record(name, {parameter.name: Number() for parameter in made.parameters}, made)
    if name not in _FIELDS_OF_DISTRIBUTIONS:
        return None
    fields, take = _FIELDS_OF_DISTRIBUTIONS[name]
    return Record(name, fields, made, take)


def distribution_name(value: Any) -> str:
    """Return the type of a distribution in a file: models of composed families are all of one type."""
    return COMPOSED if isinstance(value, ComposedModel) else _name_of(value)


DISTRIBUTION = OneOf("distribution", distribution_record, distribution_name)


# -- families ---------------------------------------------------------------------------------------

# The options that a family may have bound by `.of(…)`: the kind of each, and its value in a family.
_OPTIONS_OF_FAMILIES: dict[str, tuple[str, Kind, Any]] = {
    "Categorical": ("categories", Optional(Array(1)), lambda family: family.categories or None),
    "Multinomial": ("n", Optional(Number()), lambda family: family.n),
    "MultivariateNormal": (
        "covariance",
        Optional(Words(("dense", "diagonal", "spherical"))),
        lambda family: family.covariance,
    ),
}


def _number_family_record(name: str, made: Any) -> Record:
    """Return the record of a family of numbers; those that a fit does not seek may be bound."""
    options = [parameter.name for parameter in made.parameters if not parameter.estimated]

    def read(**given: Any) -> Any:
        bound = {option: value for option, value in given.items() if value is not None}
        return made.of(**bound) if bound else made

    def taken(family: Any) -> dict[str, Any]:
        bound = dict(family.bound)
        return {option: bound.get(option) for option in options}

    return Record(name, {option: Optional(Number()) for option in options}, read, taken)


@cache
def _family_record(name: str) -> Record | None:
    if name in _COMPOSITIONS:
        fields, make = _COMPOSITIONS[name]
        return Record(name, {"base": FAMILY, **fields}, make)
    if name not in NAMES:
        return None
    made = family_of(name)
    if name not in _OPTIONS_OF_FAMILIES:
        return _number_family_record(name, made) if has_numbers_only(made) else Record(name, {}, lambda: made)
    option, kind, value = _OPTIONS_OF_FAMILIES[name]
    return Record(
        name,
        {option: kind},
        lambda **given: made if given[option] is None else made.of(**given),
        lambda family: {option: None if isinstance(family, type) else value(family)},
    )


def _truncated(base: Any, lower: float, upper: float) -> Any:
    return truncated(base, lower, upper)


def _mapped(base: Any, map: Any) -> Any:
    if not isinstance(map, Affine):
        return transformed(base, map)
    if map.factor != 1.0 and map.shift != 0.0:
        raise LoadError("an affine map shifts or scales, and each is a composition of its own")
    return shifted(base, map.shift) if map.factor == 1.0 else scaled(base, map.factor)


def _rounded(base: Any, step: float, origin: float) -> Any:
    return rounded(base, step, origin)


_MAPS = {
    record.type_name: record
    for record in (
        Record("Affine", {"factor": Number(finite=True), "shift": Number(finite=True)}, Affine),
        *[Record(type(value).__name__, {}, type(value)) for value in (maps.exp, maps.log, maps.logit, maps.expit)],
        Record("Power", {"exponent": Number(finite=True)}, maps.power),
    )
}
MAP = OneOf("map", _MAPS.get, _name_of)

_COMPOSITIONS: dict[str, tuple[dict[str, Kind], Any]] = {
    "Truncated": ({"lower": Number(), "upper": Number()}, _truncated),
    "Rounded": ({"step": Number(finite=True), "origin": Number(finite=True)}, _rounded),
    "Mapped": ({"map": MAP}, _mapped),
}


def _family_name(family: Any) -> str:
    if isinstance(family, ComposedFamily):
        return _name_of(family)
    return str(family.__name__ if isinstance(family, type) else family.distribution.__name__)


FAMILY = OneOf("family", _family_record, _family_name)


# -- summaries --------------------------------------------------------------------------------------


def _scatter(state: np.ndarray) -> ScatterSummary:
    d = round(len(state) ** 0.5) - 1
    summary = ScatterSummary(state)
    if d < 1 or (1 + d) ** 2 != len(state):
        raise LoadError(f"the state of a scatter must have (1 + d)² numbers, not {len(state)}")
    if not np.isfinite(state).all() or not summary.weight > 0 or (np.diagonal(summary.scatter) < 0).any():
        raise LoadError("a scatter must be finite, with a positive weight and no negative variance")
    return summary


def _log_excess(state: np.ndarray) -> LogExcessSummary:
    summary = LogExcessSummary(state)
    if state.shape != (4,):
        raise LoadError(f"the state of an excess of the logarithm must have 4 numbers, not {len(state)}")
    if not np.isfinite(state).all() or not summary.weight > 0 or not summary.mean > 0 or summary.excess < 0:
        raise LoadError("an excess of the logarithm must be finite and not negative, with a positive weight and mean")
    return summary


def _reciprocal_excess(logarithms: LogExcessSummary, excess: float) -> ReciprocalExcessSummary:
    return ReciprocalExcessSummary(logarithms, np.asarray(excess))


_LOG_EXCESS = Record("LogExcessSummary", {"state": Array(1)}, _log_excess)


def _share_excess(state: np.ndarray) -> ShareExcessSummary:
    if state.shape != (2, 4):
        raise LoadError(f"the state of the excesses of a share must have shape (2, 4), not {state.shape}")
    parts = [_log_excess(row) for row in state]
    if parts[0].weight != parts[1].weight or abs(parts[0].mean + parts[1].mean - 1.0) > 1e-12:
        raise LoadError("the excesses of a share must be of x and of 1 − x: equal weights, and means that add to 1")
    return ShareExcessSummary(state)


def _extremes(state: np.ndarray) -> ExtremesSummary:
    summary = ExtremesSummary(state)
    if state.shape != (3,):
        raise LoadError(f"the state of extreme values must have 3 numbers, not {len(state)}")
    if not np.isfinite(state).all() or not summary.weight > 0 or summary.minimum > summary.maximum:
        raise LoadError("extreme values must be finite, the minimum at most the maximum, with a positive weight")
    return summary


def _log_above_minimum(state: np.ndarray) -> LogAboveMinimumSummary:
    summary = LogAboveMinimumSummary(state)
    if state.shape != (3,):
        raise LoadError(f"the state of logarithms above the minimum must have 3 numbers, not {len(state)}")
    if not np.isfinite(state).all() or not summary.weight > 0 or not summary.minimum > 0 or summary.logarithms < 0:
        raise LoadError("logarithms above the minimum must be finite, with a positive weight and minimum")
    return summary


def _composition_excess(state: np.ndarray, lowest: float, farthest: float) -> CompositionExcessSummary:
    if state.ndim != 2 or state.shape[1] != 4 or not len(state):
        raise LoadError(f"the state of shares must have shape (k, 4), not {state.shape}")
    parts = [_log_excess(row) for row in state]
    if any(part.weight != parts[0].weight for part in parts) or abs(sum(part.mean for part in parts) - 1.0) > 1e-8:
        raise LoadError("shares must have equal weights, and means that add to 1")
    return CompositionExcessSummary(state, lowest, farthest)


def _category_counts(
    weight: float, counts: np.ndarray, coefficient: float, lowest: float, highest: float, whole: bool
) -> CategoryCountsSummary:
    if not np.isfinite(counts).all() or (counts < 0).any() or not weight > 0:
        raise LoadError("totals of counts must be finite and not negative, with a positive weight")
    return CategoryCountsSummary(np.asarray(weight), counts, np.asarray(coefficient), lowest, highest, whole)


def _tally(values: np.ndarray, weights: np.ndarray, capacity: int, overflowed: bool) -> TallySummary:
    if len(values) != len(weights) or len(values) > capacity or (overflowed and len(values)):
        raise LoadError(f"{len(values)} values with {len(weights)} weights are no tally of at most {capacity}")
    if not np.isfinite(values).all() or (np.diff(values) <= 0).any():
        raise LoadError("the values of a tally must be finite and ascending")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise LoadError("the weights of a tally must be finite and not negative")
    return TallySummary(values, weights, capacity, overflowed)


def _mapped_summary(map: Any, summary: Any, log_slopes: np.ndarray) -> MappedSummary:
    if log_slopes.shape != (1,) or not np.isfinite(log_slopes).all():
        raise LoadError("the sum of the log slopes must be one finite number")
    return MappedSummary(map, summary, log_slopes)


@cache
def _summary_record(name: str) -> Record | None:
    if name == "MappedSummary":
        return Record(name, {"map": MAP, "summary": SUMMARY, "log_slopes": Array(1)}, _mapped_summary)
    return _SUMMARIES.get(name)


_SUMMARIES = {
    record.type_name: record
    for record in (
        Record("ScatterSummary", {"state": Array(1)}, _scatter),
        _LOG_EXCESS,
        Record(
            "ReciprocalExcessSummary",
            {"logarithms": _LOG_EXCESS, "excess": Number(finite=True, lower=0.0)},
            _reciprocal_excess,
        ),
        Record("ShareExcessSummary", {"state": Array(2)}, _share_excess),
        Record("ExtremesSummary", {"state": Array(1)}, _extremes),
        Record("LogAboveMinimumSummary", {"state": Array(1)}, _log_above_minimum),
        Record(
            "CompositionExcessSummary",
            {"state": Array(2), "lowest": Number(), "farthest": Number()},
            _composition_excess,
        ),
        Record(
            "CategoryCountsSummary",
            {
                "weight": Number(finite=True, lower=0.0),
                "counts": Array(1),
                "coefficient": Number(finite=True),
                "lowest": Number(),
                "highest": Number(),
                "whole": Flag(),
            },
            _category_counts,
        ),
        Record(
            "TallySummary",
            {"values": Array(1), "weights": Array(1), "capacity": Integer(1), "overflowed": Flag()},
            _tally,
        ),
    )
}
SUMMARY = OneOf("summary", _summary_record, _name_of)


def _extent(table: np.ndarray, rows: int, weight: float, **others: Any) -> ExtentSummary:
    extent = ExtentSummary(table, rows, weight, **others)
    if table.shape[0] != 14 or not table.shape[1]:
        raise LoadError(f"the table of a look must have shape (14, d), not {table.shape}")
    counts = table[:3]
    if not ((counts >= 0) & (counts <= rows)).all() or (extent.minimum > extent.maximum).any():
        raise LoadError("the look at the rows contradicts itself: counts must be from 0 to rows, minima at most maxima")
    return extent


EXTENT = Record(
    "Extent",
    {
        "table": Array(2),
        "rows": Integer(),
        "weight": Number(finite=True, lower=0.0),
        "weight_squares": Number(lower=0.0),
        "bad_weight_row": Integer(-1, -1),
        "weighted": Flag(),
    },
    _extent,
)


def is_storable_distribution(value: Any) -> bool:
    """Say whether a value is a distribution of the registry."""
    if isinstance(value, ComposedModel):
        return True
    return _name_of(value) in NAMES and type(value) is family_of(_name_of(value))
