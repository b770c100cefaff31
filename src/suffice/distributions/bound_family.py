"""A family of which some parameters are given beforehand: `Binomial.of(n=10)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suffice.distributions.parameter import Support


@dataclass(frozen=True, slots=True, repr=False)
class BoundFamily:
    """The distributions of a class that share the values of some parameters; made by `.of(…)` of the class.

    Everything else is as the class has it. In a fit, what is bound is fixed.

    Parameters
    ----------
    distribution : the class
    bound : names and values
    """

    distribution: Any
    bound: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, distribution: Any, **bound: float) -> BoundFamily:
        """Return the family, its values checked.

        Raises
        ------
        ParameterError
            A value is none that the parameter may have.
        """
        parameters = {parameter.name: parameter for parameter in distribution.parameters}
        values = [(name, parameters[name].check(value, distribution.__name__)) for name, value in bound.items()]
        return cls(distribution, tuple(values))

    @property
    def __name__(self) -> str:
        return f"{self.distribution.__name__}.of({', '.join(f'{name}={value:g}' for name, value in self.bound)})"

    @property
    def support(self) -> Support:
        """The values that the variable can take."""
        return self.distribution.support_given(dict(self.bound))

    def __repr__(self) -> str:
        return self.__name__

    def __getattr__(self, name: str) -> Any:
        if name in ("distribution", "bound") or name.startswith("__"):  # not there yet while a copy is made
            raise AttributeError(name)
        return getattr(self.distribution, name)
