"""What a fit asks of a family whose parameters have entries, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar


class ArrayFamily:
    """A family with parameters that are vectors or matrices.

    The class of the models (`MultivariateNormal`) and a family with bound options (`MultivariateNormal.of(…)`) both
    derive from it. Each states `parameters` and `plan(look, fixed)`, a question that returns a `Solution`; what else
    it may state stands below with its default, in the words of `UnivariateDistribution`.
    """

    __slots__ = ()

    # Each an `ArrayParameter`, or a `Parameter` where it is one number.
    parameters: ClassVar[tuple[Any, ...]]
    plan: ClassVar[Any]
    # How many columns it is a distribution of; None for any number.
    variables: ClassVar[int | None] = None
    discrete: ClassVar[bool] = False
    sufficient: Any = None
    # Names and values of the parameters that `.of(…)` bound.
    bound: Any = ()
    scope: ClassVar[str] = "local"
    scope_needs: ClassVar[tuple[str, ...]] = ()
    region: ClassVar[str] = ""
    limits: ClassVar[dict[str, tuple[float, Any]]] = {}

    # Families that this one is at some values of its parameters, and why theory gives no standard errors.
    special_cases: Any = MappingProxyType({})
    _of_special_case: Any = MappingProxyType({})
    irregular_cases: Any = MappingProxyType({})
    slow_cases: Any = MappingProxyType({})
    irregular: Any = ""

    @classmethod
    def may_end_at_rows(cls, fixed: Mapping[str, Any]) -> bool:
        """Say whether a fit may leave no probability beyond the outermost row: no."""
        return False

    @classmethod
    def law_given(cls, fixed: Mapping[str, Any]) -> Any:
        """Return the law of the estimates, where the likelihood is not regular: none."""
        return None

    @classmethod
    def support_given(cls, fixed: Mapping[str, Any]) -> Any:
        """Return the values that one column can take, where that is known beforehand; None where any may occur."""
        return None
