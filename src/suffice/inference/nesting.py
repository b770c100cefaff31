"""Which model is a special case of which, and where in the larger one it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.bound_family import BoundFamily
from suffice.distributions.composed_family import ComposedFamily, renamed
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
    irregular : why the likelihood ratio has no χ² law there; "" where it has
    remark : what to know of that law
    """

    restrictions: dict[str, Any]
    degrees: int
    boundary: tuple[str, ...]
    irregular: str = ""
    remark: str = ""


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

    A family that fixes more parameters lies in the same family that fixes fewer. A special case lies in its family, and
    a composition of it in the same composition; what the larger model fixes must be so in the smaller.
    """
    degrees = larger.free_parameters - smaller.free_parameters
    if degrees < 1:
        return None
    if family_name(smaller.family) == family_name(larger.family):
        values: Mapping[str, Any] = {n: v for n, v in smaller.fixed.items() if n not in larger.fixed}
        return _restricted(values, larger, degrees) if _holds(smaller.fixed, larger) else None
    small, large = _without_what_both_have(smaller.family, larger.family)
    name = family_name(small)
    if (found := special_cases_of(large).get(name)) is None:
        return None
    values = {renamed(n) if large is not larger.family else n: value for n, value in found.items()}
    if (placed := large._of_special_case.get(name)) is not None:
        model = smaller.model if small is smaller.family else smaller.model.base_model
        if (theta := placed(model)) is None:
            return None
        known = dict(zip([parameter.name for parameter in larger.family.parameters], theta, strict=True))
    else:
        known = {**smaller.fixed, **values}
        if larger.fixed and not _is_the_same_model(smaller, larger, values):
            return None
    if not _holds(known, larger):
        return None
    return _restricted(values, larger, degrees, large.irregular_cases.get(name, ""), large.slow_cases.get(name, ""))


def _without_what_both_have(small: Any, large: Any) -> tuple[Any, Any]:
    """Return two families without the truncations, maps and rounding that both went through alike."""
    while isinstance(large, ComposedFamily) and type(small) is type(large) and replace(small, base=large.base) == large:
        small, large = small.base, large.base
    return small, large


def _holds(known: Mapping[str, Any], larger: Fit) -> bool:
    """Tell whether all that the larger model fixes is so in a model of which these values are known."""
    return all(name in known and np.array_equal(_array(known[name]), _array(v)) for name, v in larger.fixed.items())


def _restricted(values: Mapping[str, Any], larger: Fit, degrees: int, irregular: str = "", remark: str = "") -> Nesting:
    restrictions = {name: value for name, value in values.items() if name not in larger.fixed}
    boundary = tuple([name for name, value in restrictions.items() if _is_end(larger.family, name, value)])
    return Nesting(restrictions, degrees, boundary, irregular, remark)


def _is_the_same_model(smaller: Fit, larger: Fit, found: Mapping[str, float]) -> bool:
    """Tell whether parameters of one name mean the same in both families: the scale of a Weibull is no Rayleigh's."""
    names = [parameter.name for parameter in larger.family.parameters]
    theta = [found.get(name, getattr(smaller.model, name, None)) for name in names]
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
