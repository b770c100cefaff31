"""Models of composed families: the family and its parameters, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.distribution import ContinuousDistribution, DiscreteDistribution
from suffice.distributions.moments_of_a_model import Moments
from suffice.distributions.other_names import refuse_attribute
from suffice.distributions.parameter import Parameter, Support

# Names that a model has for its moments: no parameter of a composed family may be called so.
NAMES_OF_MOMENTS = ("mean", "variance", "standard_deviation", "skewness", "kurtosis", "entropy")


class ComposedModel:
    """What models of composed families have in common: everything is asked of the family."""

    __slots__ = ()

    family: Any
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        name = self.family.__name__
        checked = [p.check(v, name) for p, v in zip(self.family.parameters, self.values, strict=True)]
        object.__setattr__(self, "values", tuple(checked))

    def __getattr__(self, name: str) -> Any:
        if name not in ("family", "values") and not name.startswith("__"):  # not there yet while a copy is made
            for parameter, value in zip(self.family.parameters, self.values, strict=True):
                if parameter.name == name:
                    return value
        refuse_attribute(self, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.family, self.values)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the family."""
        return tuple(self.family.parameters)

    @property
    def theta(self) -> tuple[float, ...]:
        """The parameters, in order."""
        return self.values

    @property
    def support(self) -> Support:
        """The values that the variable can take."""
        return self.support_given({p.name: v for p, v in zip(self.parameters, self.values, strict=True)})

    def support_given(self, fixed: Mapping[str, float]) -> Support:
        """Return the values that the variable can take where some parameters are known."""
        support: Support = self.family.support_given(fixed)
        return support

    @property
    def base_model(self) -> Any:
        """The model that this one is made of."""
        return self.family.base.from_theta(self.values)

    @property
    def irregular(self) -> str:
        """Why theory gives no standard errors at a maximum with these parameters; "" where it does."""
        return str(self.base_model.irregular)

    # -- the mathematics, which the family states ------------------------------------------------------

    def _log_density(self, x: Any, /, *theta: Any) -> Any:
        return self.family._log_density(x, *theta)

    def _derivatives(self, x: Any, /, *theta: Any) -> Any:
        return self.family._derivatives(x, *theta)

    def _cdf(self, x: Any, /, *theta: Any) -> Any:
        return self.family._cdf(x, *theta)

    def _ccdf(self, x: Any, /, *theta: Any) -> Any:
        return self.family._ccdf(x, *theta)

    def _log_cdf(self, x: Any, /, *theta: Any) -> Any:
        return self.family._log_cdf(x, *theta)

    def _log_ccdf(self, x: Any, /, *theta: Any) -> Any:
        return self.family._log_ccdf(x, *theta)

    def _icdf(self, p: Any, /, *theta: Any) -> Any:
        return self.family._icdf(p, *theta)

    def _iccdf(self, q: Any, /, *theta: Any) -> Any:
        return self.family._iccdf(q, *theta)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return np.asarray(self.family._sample(rng, size, self.values))

    def _moments(self) -> Moments:
        found: Moments = self.family._moments(self)
        return found

    mean = property(lambda self: self._moments().mean, doc="The mean.")
    standard_deviation = property(lambda self: self._moments().standard_deviation, doc="The standard deviation.")
    variance = property(lambda self: self._moments().standard_deviation ** 2, doc="The variance.")
    skewness = property(lambda self: self._moments().skewness, doc="The skewness g₁.")
    kurtosis = property(lambda self: self._moments().kurtosis, doc="The excess kurtosis.")
    entropy = property(lambda self: self.family._entropy(self), doc="The entropy in nats.")

    def __repr__(self) -> str:
        return str(self.family._written(repr(self.base_model)))

    def __str__(self) -> str:
        names = ", ".join(p.name for p in self.parameters)
        values = ", ".join(f"{p.name} = {v:.6g}" for p, v in zip(self.parameters, self.values, strict=True))
        return f"p(x; {names}): {self.family.__name__} with {values}"


@dataclass(frozen=True, repr=False)
class ComposedContinuous(ComposedModel, ContinuousDistribution):  # type: ignore[override]  # values for class variables
    """A model of a composed family with a density.

    Parameters
    ----------
    family : the composed family
    values : its parameters, in order
    """

    # by hand: with slots=True a frozen dataclass cannot refuse names that are no fields, as those of parameters
    __slots__ = ("family", "values")

    family: Any
    values: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class ComposedDiscrete(ComposedModel, DiscreteDistribution):  # type: ignore[override]  # values for class variables
    """A model of a composed family of separate values.

    Parameters
    ----------
    family : the composed family
    values : its parameters, in order
    """

    __slots__ = ("family", "values")

    family: Any
    values: tuple[float, ...]
