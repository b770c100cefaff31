"""Which model is a special case of which, and where in the larger one it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.bound_family import BoundFamily
from suffice.distributions.parameter import Parameter
from suffice.inference.fit import Fit


@dataclass(frozen=True, slots=True)
class Nesting:
    """How a smaller model lies in a larger one.

    Parameters
    ----------
    restrictions : the parameters of the larger model that have a value in the smaller, with that value
    degrees : how many free parameters the larger model has more
    boundary : the names of those restrictions that are ends of what the parameter may be
    """

    restrictions: dict[str, Any]
    degrees: int
    boundary: tuple[str, ...]


def family_name(family: Any) -> str:
    """Return the name of a family without the options that are bound."""
    return str((family.distribution if isinstance(family, BoundFamily) else family).__name__)


def special_cases_of(family: Any) -> dict[str, Mapping[str, float]]:
    """Return the families that this one can become, by name, each with the values of its parameters there."""
    becomes: dict[str, Mapping[str, float]] = {
        end.__name__: {name: value} for name, (value, end) in family.limits.items() if end is not None
    }
    return becomes | dict(family.special_cases)


def became(fit: Fit) -> str:
    """Return the name of the family that a fit at a limit or on a boundary became; "" if it is none."""
    if not fit.is_at_limit:
        return ""
    for name, values in special_cases_of(fit.family).items():
        if values and all(getattr(fit.model, parameter) == value for parameter, value in values.items()):
            return name
    return ""


def nesting(smaller: Fit, larger: Fit) -> Nesting | None:
    """Return how the model of one fit lies in that of the other; None where it is not known to.

    A family that fixes more parameters lies in the same family that fixes fewer. A special case lies in its family;
    parameters that both fix must agree, for which they must have the same name.
    """
    degrees = larger.free_parameters - smaller.free_parameters
    if degrees < 1:
        return None
    if family_name(smaller.family) == family_name(larger.family):
        found: Mapping[str, float] | None = None
        values: Mapping[str, Any] = {n: v for n, v in smaller.fixed.items() if n not in larger.fixed}
        kept: Mapping[str, Any] = {}
    else:
        found = special_cases_of(larger.family).get(family_name(smaller.family))
        if found is None:
            return None
        values, kept = found, found
    same = family_name(smaller.family) == family_name(larger.family)
    for name, value in larger.fixed.items():
        given = kept.get(name, smaller.fixed.get(name))
        if given is None or not np.array_equal(_array(given), _array(value)):
            return None
    if not same and larger.fixed and not _is_the_same_model(smaller, larger, found):
        return None
    restrictions = {name: value for name, value in values.items() if name not in larger.fixed}
    return Nesting(restrictions, degrees, tuple([n for n, v in restrictions.items() if _is_end(larger.family, n, v)]))


def _is_the_same_model(smaller: Fit, larger: Fit, found: Mapping[str, float] | None) -> bool:
    """Tell whether parameters of one name mean the same in both families: the scale of a Weibull is no Rayleigh's."""
    names = [parameter.name for parameter in larger.family.parameters]
    theta = [(found or {}).get(name, getattr(smaller.model, name, None)) for name in names]
    if any(value is None for value in theta):
        return True
    x = smaller.model.icdf(np.array([0.2, 0.5, 0.8]))
    one, other = (
        model.logpmf(x) if model.discrete else model.logpdf(x)
        for model in (smaller.model, larger.family.from_theta(theta))
    )
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-9))


def _array(value: Any) -> np.ndarray:
    return np.asarray(getattr(value, "matrix", value), dtype=float)


def _is_end(family: Any, name: str, value: Any) -> bool:
    """Say whether a value is an end of what a parameter may be."""
    for parameter in family.parameters:
        if parameter.name == name and isinstance(parameter, Parameter):
            return not bool(parameter.domain.contains(value))
    return False
