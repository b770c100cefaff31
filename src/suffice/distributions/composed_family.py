"""What truncated, rounded and mapped families have in common: a family made of another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.distributions.composed_model import NAMES_OF_MOMENTS, ComposedContinuous, ComposedDiscrete
from suffice.distributions.distribution import UnivariateDistribution
from suffice.distributions.moments_of_a_model import Moments, entropy_of, moments_of
from suffice.distributions.parameter import Parameter, Support
from suffice.errors import NotAvailableError, ParameterError
from suffice.sources.block import Block

# So many starts of the family itself are enough where values have been cut off or rounded too.
FEW_STARTS = 4


@dataclass(frozen=True, slots=True, repr=False)
class ComposedFamily:
    """A family made of another one: it has the names of a distribution class, and is a value.

    A parameter of the family it is made of that is called as a moment is ("mean") has another meaning here, and is
    called "base_mean".

    Parameters
    ----------
    base : a distribution class, a class with bound options, or a composed family
    """

    base: Any

    collapses_at: ClassVar[float | None] = None
    _slope_at_limit: ClassVar[Any] = None
    _sums: ClassVar[Any] = None
    _log_tails: ClassVar[Any] = None
    _log_about_kink: ClassVar[Any] = None
    _summands: ClassVar[Any] = None
    # Whether the parameters have the unit of y = g⁻¹(x), in which it is fitted.
    parameters_are_of_y: ClassVar[bool] = False

    # -- what it is called -------------------------------------------------------------------------

    @property
    def __name__(self) -> str:
        return self._written(self.base.__name__)

    def _written(self, base: str) -> str:
        """Return the name of the composition of something that is written as `base`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.__name__

    def from_theta(self, theta: Any) -> Any:
        """Return the model with these parameters, in order."""
        made = ComposedDiscrete if self.discrete else ComposedContinuous
        return made(self, tuple(theta))

    # Of one variable.
    variables: ClassVar[int] = 1
    pivotal: ClassVar[bool] = False

    # -- what it takes over ------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of the family that it is made of."""
        return tuple([self._taken_over(parameter) for parameter in self.base.parameters])

    def _taken_over(self, parameter: Parameter) -> Parameter:
        """Return a parameter as it is here; those of y = g⁻¹(x) do not move with the unit of x."""
        of_y = self.base.parameters_are_of_y and not self.parameters_are_of_y
        return replace(parameter, name=renamed(parameter.name), role="shape" if of_y else parameter.role)

    @property
    def bound(self) -> tuple[tuple[str, float], ...]:
        """The names and values of parameters that are given beforehand."""
        return tuple([(renamed(name), value) for name, value in self.base.bound])

    @property
    def support(self) -> Support:
        """The values that the variable can take."""
        return self.support_given(dict(self.bound))

    def support_given(self, fixed: Mapping[str, float]) -> Support:
        """Return the values that the variable can take where some parameters are known."""
        return self._support_of(self.base.support_given(original(fixed)))

    def _support_of(self, support: Support) -> Support:
        """Return the support, given that of the family that it is made of."""
        raise NotImplementedError

    @property
    def discrete(self) -> bool:
        """Whether the variable takes separate values."""
        return bool(self.base.discrete)

    @property
    def sought_as(self) -> Any:
        """Other parameters in which the maximum is sought: none."""
        return None

    @property
    def grows_beyond_edges(self) -> bool:
        """Whether the likelihood grows without end beyond the edges of the region."""
        return bool(self.base.grows_beyond_edges)

    def _end_points(self, look: Any, fixed: Mapping[str, float]) -> tuple[Any, ...]:
        """Return points that no search reaches: none are known."""
        return ()

    @property
    def special_cases(self) -> dict[str, Any]:
        """Families that are this one at a value inside the domain of a parameter: none are stated."""
        return {}

    # Laws at special cases of another kind: none are known.
    _of_special_case: ClassVar[dict[str, Any]] = {}
    irregular_cases: ClassVar[dict[str, str]] = {}
    slow_cases: ClassVar[dict[str, str]] = {}

    def law_given(self, fixed: Mapping[str, float]) -> None:
        """Return the law of the estimates: none; refuse a family whose estimates have one of their own."""
        if self.base.law_given(original(fixed)) is not None:
            raise NotAvailableError(
                f"{self.__name__} cannot be fitted: the likelihood of {self.base.__name__} has kinks or ends at the "
                f"rows, and what becomes of them is not worked out here; fit {self.base.__name__} itself"
            )

    def may_end_at_rows(self, fixed: Mapping[str, float]) -> bool:
        """Say whether a fit may leave no probability beyond the outermost row."""
        return bool(self.base.may_end_at_rows(original(fixed)))

    def _ends_of_samples(self, x: np.ndarray, fixed: Mapping[str, float]) -> tuple[np.ndarray, ...]:
        """Return the best parameters of samples at ends of the family: none are known."""
        return ()

    def _maximum_of_samples(self, x: np.ndarray, fixed: Mapping[str, float]) -> None:
        """Return the maxima of samples in closed form: none."""

    @property
    def exponential(self) -> bool:
        """Whether it is an exponential family that has one maximum."""
        return False

    @property
    def scope(self) -> str:
        """How far a maximum is known to be the only one."""
        return "local"

    @property
    def scope_needs(self) -> tuple[str, ...]:
        """Parameters without which, where they are fixed, that is not known."""
        return tuple([renamed(name) for name in self.base.scope_needs])

    @property
    def limits(self) -> dict[str, tuple[float, Any]]:
        """Ends of the domain where the likelihood may be highest, and the same composition of what is there."""
        found = {}
        for name, (value, becomes) in self.base.limits.items():
            found[renamed(name)] = (value, None if becomes is None else replace(self, base=becomes))
        return found

    @property
    def collapses(self) -> dict[str, str]:
        """The parameters which, all free, let the likelihood of constant data grow without end."""
        return {renamed(name): where for name, where in self.base.collapses.items()}

    @property
    def uncrossed(self) -> dict[str, float]:
        """Values of parameters at which the likelihood is stationary whatever the rows."""
        return {renamed(name): value for name, value in self.base.uncrossed.items()}

    @property
    def rest(self) -> Any:
        """Of shares: the family of 1 − X at the same parameters; None where none is known."""
        return None

    @property
    def region(self) -> str:
        """The region in which the likelihood is maximised."""
        return str(self.base.region)

    @property
    def beyond_edges(self) -> dict[str, str]:
        """Why the likelihood grows beyond an edge."""
        return {renamed(name): why for name, why in self.base.beyond_edges.items()}

    @property
    def seeks_an_end(self) -> bool:
        """Whether a fit seeks an end of the support."""
        return bool(self.base.seeks_an_end)

    def _in_region(self, theta: np.ndarray, spread: float) -> Any:
        return self.base._in_region(theta, spread)

    def _edges(self, x: np.ndarray, weights: np.ndarray, spread: float) -> Any:
        return self.base._edges(x, weights, spread)

    def _spread(self, x: np.ndarray) -> float:
        return float(self.base._spread(x))

    def _boundary(self, look: Any, fixed: Mapping[str, float]) -> Any:
        return None

    def _of_base(self, x: np.ndarray) -> np.ndarray | None:
        """Return the values y of the base that x is made of; None where x has more digits of them than y."""
        return x

    def _moments(self, model: Any) -> Moments:
        """Return the moments of a model."""
        return moments_of(model)

    def _entropy(self, model: Any) -> float:
        """Return the entropy of a model, in nats."""
        return entropy_of(model)

    def _in_z(self, shift: float, factor: float) -> Any:
        """Return the family of z = (x − shift)/factor, whose options have the unit of z."""
        raise NotImplementedError

    # -- the mathematics that follows ---------------------------------------------------------------

    def _log_cdf(self, x: Any, /, *theta: Any) -> Any:
        raise NotImplementedError

    def _log_ccdf(self, x: Any, /, *theta: Any) -> Any:
        raise NotImplementedError

    def _cdf(self, x: Any, /, *theta: Any) -> Any:
        return np.exp(self._log_cdf(x, *theta))

    def _ccdf(self, x: Any, /, *theta: Any) -> Any:
        return np.exp(self._log_ccdf(x, *theta))

    # -- where fits start ----------------------------------------------------------------------------

    def _starts(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return self._around(starts_of(self.base, x, weights))

    def _with_fixed(self, starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(self.base._with_fixed(starts, fixed, x, weights))

    def _around(self, starts: np.ndarray) -> np.ndarray:
        """Return starts (m, p) and, where they are few, some a step away in each coordinate from the first."""
        rows = [*starts]
        if len(rows) > FEW_STARTS:
            return starts
        for i, parameter in enumerate(self.parameters):
            if not parameter.estimated or not parameter.domain.contains(starts[0, i]):
                continue
            for step in (-1.0, 1.0):
                row = starts[0].copy()
                row[i] = parameter.domain.constrain(parameter.domain.unconstrain(row[i]) + step)
                rows.append(row)
        return np.array(rows)


def starts_of(family: Any, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return starts θ, shape (m, p), of a family from values and their weights."""
    if family.sufficient is not None:
        summary = family.sufficient.observe(Block(x[:, None], weights))
        if not summary.overflowed:
            return np.asarray(family._starts_from(summary), dtype=float)
    return np.asarray(family._starts(x, weights), dtype=float)


def renamed(name: str) -> str:
    """Return what a parameter is called in a composed family."""
    return f"base_{name}" if name in NAMES_OF_MOMENTS else name


def original(fixed: Mapping[str, float]) -> dict[str, float]:
    """Return the values of parameters by what they are called in the family that a composed one is made of."""
    names = {renamed(name): name for name in NAMES_OF_MOMENTS}
    return {names.get(name, name): value for name, value in fixed.items()}


def family_and_theta(given: Any, verb: str) -> tuple[Any, tuple[float, ...] | None]:
    """Return a family of one variable and, where a model was given, its parameters; refuse anything else."""
    if isinstance(given, UnivariateDistribution):
        return getattr(given, "family", type(given)), given.theta
    parameters = getattr(given, "parameters", ())
    if not parameters or not all(isinstance(p, Parameter) for p in parameters) or not hasattr(given, "_log_density"):
        what = getattr(given, "__name__", type(given).__name__)
        raise ParameterError(
            f"{verb} needs a family of one variable with numbers as parameters, such as sf.Normal, or a model of one, "
            f"not {what}"
        )
    return given, None


def number_or_none(value: Any, what: str) -> float | None:
    """Return a number that was given, or None."""
    if value is None:
        return None
    try:
        if isinstance(value, str | bytes | bool):
            raise TypeError("no number")
        number = float(value)
    except (TypeError, ValueError) as cause:
        raise ParameterError(f"{what} must be a number, not {value!r}") from cause
    if np.isnan(number):
        raise ParameterError(f"{what} must be a number, not nan")
    return number
