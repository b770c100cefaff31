"""What a family says about its parameters and its support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from suffice.calculus.transforms import Interval
from suffice.errors import ParameterError

Role = Literal["location", "scale", "rate", "shape"]
# The power of the factor in the unit of a parameter.
POWERS: dict[str, int] = {"location": 1, "scale": 1, "rate": -1, "shape": 0}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One real parameter of a family.

    Parameters
    ----------
    name : as in the printed model
    domain : the values it may have, and the coordinate in which it is sought
    role : how it moves when the data are mapped by z = (x − shift)/factor
    meaning : a noun phrase for people
    closed : ends of the domain that are values too (0 for a Poisson mean, ∞ for degrees of freedom)
    estimated : whether a fit seeks it; one that it does not is bound by `.of(…)` (the n of a binomial)
    default : its value where it is not bound; None where it must be
    integer : whether it is a whole number
    """

    name: str
    domain: Interval
    role: Role = "shape"
    meaning: str = ""
    closed: tuple[float, ...] = ()
    estimated: bool = True
    default: float | None = None
    integer: bool = False

    def check(self, value: Any, family: str) -> float:
        """Return the value as a float, or say what is wrong with it."""
        try:
            if isinstance(value, str | bytes | bool):
                raise TypeError("no number")
            number = float(value)
        except (TypeError, ValueError) as cause:
            raise ParameterError(
                f"{family}: {self.name} must be {self.describe()}, not {value!r}", parameter=self.name
            ) from cause
        if not self.allows(number):
            raise ParameterError(
                f"{family}: {self.name} must be {self.describe()}, not {number:g}",
                parameter=self.name,
                value=number,
            )
        return number

    def allows(self, number: float) -> bool:
        """Say whether the parameter may have this value."""
        inside = self.domain.lower < number < self.domain.upper or number in self.closed
        return inside and (not self.integer or number == np.floor(number))

    def describe(self) -> str:
        """Return the values it may have, in words."""
        return f"a whole number and {self.domain.describe()}" if self.integer else self.domain.describe()

    def standardized(self, theta: Any, shift: float, factor: float) -> Any:
        """Return the parameter of z = (x − shift)/factor, given that of x."""
        return (theta - shift if self.role == "location" else theta) / self.unit(factor)

    def restored(self, theta: Any, shift: float, factor: float) -> Any:
        """Return the parameter of x, given that of z."""
        value = theta * self.unit(factor)
        return shift + value if self.role == "location" else value

    def unit(self, factor: float) -> float:
        """Return dθ(x)/dθ(z), by which standard errors are multiplied."""
        return factor ** POWERS[self.role]


@dataclass(frozen=True, slots=True)
class Support:
    """The values that a variable can take.

    Parameters
    ----------
    lower, upper : the ends
    lower_included, upper_included : whether the ends belong to it
    integer : whether only whole numbers do
    advice : what to do with other values, where more is known than to choose another family
    """

    lower: float = -np.inf
    upper: float = np.inf
    lower_included: bool = False
    upper_included: bool = False
    integer: bool = False
    advice: str = ""

    def contains(self, x: np.ndarray) -> np.ndarray:
        """Say of each value whether it belongs to the support."""
        above = x >= self.lower if self.lower_included else x > self.lower
        below = x <= self.upper if self.upper_included else x < self.upper
        inside = above & below
        return inside & (x == np.floor(x)) if self.integer else inside

    def describe(self) -> str:
        """Return the support in words."""
        if self.integer:
            if np.isinf(self.upper):
                return "the integers" if np.isinf(self.lower) else f"the integers from {self.lower:g} on"
            return f"the integers from {self.lower:g} to {self.upper:g}"
        left = "[" if self.lower_included else "("
        right = "]" if self.upper_included else ")"
        ends = [("-∞" if v < 0 else "∞") if np.isinf(v) else f"{v:g}" for v in (self.lower, self.upper)]
        return f"{left}{ends[0]}, {ends[1]}{right}"


real_line = Support()
positive_line = Support(lower=0.0)
nonnegative_line = Support(lower=0.0, lower_included=True)
counts = Support(lower=0.0, lower_included=True, integer=True)
open_unit_interval = Support(lower=0.0, upper=1.0)
