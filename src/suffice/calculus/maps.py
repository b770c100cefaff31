"""Strictly monotone maps of one variable, each with its inverse and the logarithm of its slope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.errors import ParameterError, number_text

__all__ = ["Affine", "GivenMap", "MonotoneMap", "Power", "exp", "expit", "given", "log", "logit", "power", "sqrt"]


def __dir__() -> list[str]:
    return __all__


# Probes of a map that was given, in the logistic coordinate of its domain, and how well its laws must hold there.
PROBES = np.linspace(-3.0, 3.0, 25)
CLOSE = 1e-8
SLOPE_STEP, CLOSE_SLOPE = 1e-4, 1e-5


@dataclass(frozen=True, slots=True)
class MonotoneMap:
    """A strictly monotone map x = g(y) of an interval (lower, upper).

    A map states `forward`, `inverse`, `log_slope(y)` = log |dg/dy|, and `log_slope_at(x)`, the same at g⁻¹(x).
    """

    lower: ClassVar[Any] = -np.inf
    upper: ClassVar[Any] = np.inf
    # Whether it is of shares, 0 < y < 1, and g(1 − y) = −g(y): for large x, 1 − y has digits that y has not.
    of_shares: ClassVar[bool] = False

    @property
    def increasing(self) -> bool:
        """Whether x rises with y."""
        return True

    def forward(self, y: Any) -> Any:
        """Return x = g(y)."""
        raise NotImplementedError

    def inverse(self, x: Any) -> Any:
        """Return y = g⁻¹(x)."""
        raise NotImplementedError

    def log_slope(self, y: Any) -> Any:
        """Return log |dx/dy| at y."""
        raise NotImplementedError

    def log_slope_at(self, x: Any) -> Any:
        """Return log |dx/dy| at x = g(y)."""
        return self.log_slope(self.inverse(x))

    def ends(self, lower: float, upper: float) -> tuple[float, float]:
        """Return the ends of the values of x, ascending, where y goes from lower to upper."""
        with np.errstate(all="ignore"):
            ends = float(self.forward(np.float64(lower))), float(self.forward(np.float64(upper)))
        return ends if self.increasing else (ends[1], ends[0])


@dataclass(frozen=True, slots=True, repr=False)
class Affine(MonotoneMap):
    """x = factor · y + shift.

    Parameters
    ----------
    factor : not 0
    shift : in the unit of x
    """

    factor: float = 1.0
    shift: float = 0.0

    @property
    def increasing(self) -> bool:
        """Whether x rises with y."""
        return self.factor > 0.0

    def forward(self, y: Any) -> Any:
        """Return factor · y + shift."""
        return self.factor * y + self.shift

    def inverse(self, x: Any) -> Any:
        """Return (x − shift)/factor."""
        return (x - self.shift) / self.factor

    def log_slope(self, y: Any) -> Any:
        """Return log |factor|."""
        return np.full(np.shape(y), np.log(abs(self.factor)))

    def __repr__(self) -> str:
        return f"affine(factor={number_text(self.factor)}, shift={number_text(self.shift)})"


@dataclass(frozen=True, slots=True, repr=False)
class Exponential(MonotoneMap):
    """x = exp(y)."""

    def forward(self, y: Any) -> Any:
        """Return exp(y)."""
        return np.exp(y)

    def inverse(self, x: Any) -> Any:
        """Return log x."""
        return np.log(x)

    def log_slope(self, y: Any) -> Any:
        """Return y."""
        return np.asarray(y, dtype=float)

    def __repr__(self) -> str:
        return "exp"


@dataclass(frozen=True, slots=True, repr=False)
class Logarithm(MonotoneMap):
    """x = log y, for y > 0."""

    lower: ClassVar[Any] = 0.0

    def forward(self, y: Any) -> Any:
        """Return log y."""
        return np.log(y)

    def inverse(self, x: Any) -> Any:
        """Return exp(x)."""
        return np.exp(x)

    def log_slope(self, y: Any) -> Any:
        """Return −log y."""
        return -np.log(y)

    def log_slope_at(self, x: Any) -> Any:
        """Return −x."""
        return -np.asarray(x, dtype=float)

    def __repr__(self) -> str:
        return "log"


@dataclass(frozen=True, slots=True, repr=False)
class Logit(MonotoneMap):
    """x = log(y/(1 − y)), for 0 < y < 1; for y near 1 it has the digits that a double has of 1 − y."""

    lower: ClassVar[Any] = 0.0
    upper: ClassVar[Any] = 1.0
    of_shares: ClassVar[bool] = True

    def forward(self, y: Any) -> Any:
        """Return log(y/(1 − y))."""
        return special.logit(y)

    def inverse(self, x: Any) -> Any:
        """Return 1/(1 + exp(−x))."""
        return special.expit(x)

    def log_slope(self, y: Any) -> Any:
        """Return −log(y (1 − y))."""
        return -np.log(y) - np.log1p(-np.asarray(y))

    def log_slope_at(self, x: Any) -> Any:
        """Return |x| + 2 log(1 + exp(−|x|))."""
        return np.abs(x) + 2.0 * np.log1p(np.exp(-np.abs(x)))

    def __repr__(self) -> str:
        return "logit"


@dataclass(frozen=True, slots=True, repr=False)
class Expit(MonotoneMap):
    """x = 1/(1 + exp(−y)), the inverse of the logit: of normal y it is logit-normal."""

    def forward(self, y: Any) -> Any:
        """Return 1/(1 + exp(−y))."""
        return special.expit(y)

    def inverse(self, x: Any) -> Any:
        """Return log(x/(1 − x))."""
        return special.logit(x)

    def log_slope(self, y: Any) -> Any:
        """Return −|y| − 2 log(1 + exp(−|y|))."""
        return -np.abs(y) - 2.0 * np.log1p(np.exp(-np.abs(y)))

    def log_slope_at(self, x: Any) -> Any:
        """Return log(x (1 − x))."""
        return np.log(x) + np.log1p(-np.asarray(x))

    def __repr__(self) -> str:
        return "expit"


@dataclass(frozen=True, slots=True, repr=False)
class Power(MonotoneMap):
    """x = y^exponent, for y > 0.

    Parameters
    ----------
    exponent : not 0; the map falls where it is negative
    """

    exponent: float = 1.0
    lower: ClassVar[Any] = 0.0

    @property
    def increasing(self) -> bool:
        """Whether x rises with y."""
        return self.exponent > 0.0

    def forward(self, y: Any) -> Any:
        """Return y^exponent."""
        return np.power(np.asarray(y, dtype=float), self.exponent)

    def inverse(self, x: Any) -> Any:
        """Return x^(1/exponent), exactly where the exponent is ½ or −1."""
        x = np.asarray(x, dtype=float)
        return x * x if self.exponent == 0.5 else np.power(x, 1.0 / self.exponent)

    def log_slope(self, y: Any) -> Any:
        """Return log |exponent| + (exponent − 1) log y."""
        return np.log(abs(self.exponent)) + (self.exponent - 1.0) * np.log(y)

    def log_slope_at(self, x: Any) -> Any:
        """Return log |exponent| + (1 − 1/exponent) log x."""
        return np.log(abs(self.exponent)) + (1.0 - 1.0 / self.exponent) * np.log(x)

    def __repr__(self) -> str:
        return "sqrt" if self.exponent == 0.5 else f"power({number_text(self.exponent)})"


@dataclass(frozen=True, slots=True, repr=False)
class GivenMap(MonotoneMap):
    """A map of somebody's own; made by `given`, which checks it.

    Parameters
    ----------
    forward_function, inverse_function, log_slope_function : of arrays
    rises : whether x rises with y
    interval : the ends of y
    name : for prints
    """

    forward_function: Callable[[Any], Any]
    inverse_function: Callable[[Any], Any]
    log_slope_function: Callable[[Any], Any]
    rises: bool
    interval: tuple[float, float]
    name: str

    @property
    def lower(self) -> float:
        """The lower end of y."""
        return self.interval[0]

    @property
    def upper(self) -> float:
        """The upper end of y."""
        return self.interval[1]

    @property
    def increasing(self) -> bool:
        """Whether x rises with y."""
        return self.rises

    def forward(self, y: Any) -> Any:
        """Return x = g(y)."""
        return np.asarray(self.forward_function(y), dtype=float)

    def inverse(self, x: Any) -> Any:
        """Return y = g⁻¹(x)."""
        return np.asarray(self.inverse_function(x), dtype=float)

    def log_slope(self, y: Any) -> Any:
        """Return log |dx/dy| at y."""
        return np.asarray(self.log_slope_function(y), dtype=float)

    def __repr__(self) -> str:
        return self.name


log, exp, logit, expit, sqrt = Logarithm(), Exponential(), Logit(), Expit(), Power(0.5)


def power(exponent: float) -> Power:
    """Return the map x = y^exponent of positive numbers.

    Examples
    --------
    >>> power(-1).forward(4.0), power(0.5) == sqrt
    (np.float64(0.25), True)
    """
    number = float(exponent)
    if not np.isfinite(number) or number == 0.0:
        raise ParameterError(f"the exponent of a power must be a finite number that is not 0, not {exponent!r}")
    return Power(number)


def given(
    forward: Callable[[Any], Any],
    inverse: Callable[[Any], Any],
    log_slope: Callable[[Any], Any],
    *,
    lower: float = -np.inf,
    upper: float = np.inf,
    name: str = "given",
) -> GivenMap:
    """Return a map of your own, its laws checked at points of its domain.

    Parameters
    ----------
    forward : x = g(y), strictly monotone, of arrays
    inverse : y = g⁻¹(x)
    log_slope : log |dg/dy| at y
    lower, upper : the ends of y
    name : for prints

    Raises
    ------
    ParameterError
        A law does not hold; the message names it and a point where it fails.

    Examples
    --------
    >>> cube = given(lambda y: y**3, np.cbrt, lambda y: np.log(3 * y**2), name="cube")
    >>> cube, cube.inverse(8.0)
    (cube, array(2.))
    """
    y = _probes(lower, upper)
    with np.errstate(all="ignore"):
        x = np.asarray(forward(y), dtype=float)
        _require(np.isfinite(x), y, name, "x = g(y) must be finite", x)
        steps = np.diff(x)
        rises = bool(steps[0] > 0.0)
        _require((steps > 0.0) == rises, y[1:], name, "x = g(y) must rise everywhere or fall everywhere", x[1:])
        _require(steps != 0.0, y[1:], name, "x = g(y) must rise everywhere or fall everywhere", x[1:])
        back = np.asarray(inverse(x), dtype=float)
        _require(np.abs(back - y) <= CLOSE * (1.0 + np.abs(y)), y, name, "the inverse of g(y) must be y", back)
        h = SLOPE_STEP * np.minimum(np.minimum(y - lower, upper - y), 1.0 + np.abs(y))
        slopes = [np.asarray(forward(y + c * h)) - np.asarray(forward(y - c * h)) for c in (1.0, 2.0)]
        numeric = np.log(np.abs(8.0 * slopes[0] - slopes[1]) / (12.0 * h))
        stated = np.broadcast_to(np.asarray(log_slope(y), dtype=float), y.shape)
        # where the slope is nearly 0 its logarithm is too steep for differences
        wrong = ~(np.abs(stated - numeric) <= CLOSE_SLOPE * (1.0 + np.abs(numeric)))
        _require(~wrong, y, name, "log_slope must be log |dg/dy|, which differences show to be another number", stated)
    return GivenMap(forward, inverse, log_slope, rises, (float(lower), float(upper)), name)


def _probes(lower: float, upper: float) -> np.ndarray:
    if not lower < upper:
        raise ParameterError(f"a map needs lower < upper, but lower = {lower} and upper = {upper}")
    if np.isfinite(lower) and np.isfinite(upper):
        return lower + (upper - lower) * special.expit(PROBES + 0.01)
    if np.isfinite(lower):
        return lower + np.exp(PROBES + 0.01)
    return upper - np.exp(-PROBES - 0.01) if np.isfinite(upper) else PROBES + 0.01


def _require(holds: np.ndarray, y: np.ndarray, name: str, law: str, found: np.ndarray) -> None:
    if not holds.all():
        at = int(np.argmin(holds))
        raise ParameterError(
            f"the map {name!r} is not what it is said to be: {law}; at y = {y[at]:.6g} it gives {found[at]:.6g}",
            y=float(y[at]),
        )
