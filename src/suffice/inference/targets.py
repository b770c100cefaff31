"""What people ask of a model, by name: quantiles, tail probabilities, return levels; for `fit.interval` and others.

Each function returns a value that is called with a model. It prints its name, and tells its range, so that intervals
stay in it: a probability is handled as log odds, a positive quantity as its logarithm.

>>> from suffice import Exponential
>>> quantile(0.5)
quantile(0.5)
>>> round(quantile(0.5)(Exponential(rate=1.0)), 4)
0.6931
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from suffice.calculus.transforms import Interval, positive, real, unit_interval
from suffice.errors import NotAvailableError, ParameterError

__all__ = [
    "ModelTarget",
    "mean",
    "probability_between",
    "quantile",
    "return_level",
    "standard_deviation",
    "tail_probability",
]

# What people call functions of a model, and how those are made here.
CALLS = {
    "mean": "mean()",
    "expectation": "mean()",
    "median": "quantile(0.5)",
    "quantile": "quantile(0.99)",
    "percentile": "quantile(0.99)",
    "ppf": "quantile(0.99)",
    "icdf": "quantile(0.99)",
    "standard_deviation": "standard_deviation()",
    "sd": "standard_deviation()",
    "std": "standard_deviation()",
    "tail_probability": "tail_probability(x)",
    "survival": "tail_probability(x)",
    "sf": "tail_probability(x)",
    "ccdf": "tail_probability(x)",
    "probability_between": "probability_between(a, b)",
    "return_level": "return_level(period)",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    close = get_close_matches(name, CALLS, n=1)
    meant = f"there are {', '.join(__all__[1:])}, or pass a function of the model"
    if name in CALLS or close:
        meant = f"ask for sf.targets.{CALLS[name if name in CALLS else close[0]]}"
    raise AttributeError(f"suffice.targets has no {name!r}; {meant}")


@dataclass(frozen=True, slots=True, repr=False)
class ModelTarget(ABC):
    """A number that a model of one variable has, such as its 99th percentile; called with the model."""

    @abstractmethod
    def __call__(self, model: Any) -> float:
        """Return the number."""

    def scaled(self, model: Any, domain: Interval) -> float:
        """Return the number in the scale of its domain: its logarithm, its log odds, or itself."""
        return float(domain.unconstrain(self(model)))

    @abstractmethod
    def domain(self, model: Any) -> Interval:
        """Return the range that the number has, whatever the parameters that a fit seeks."""

    @property
    def __name__(self) -> str:
        """The name in messages and in the printed interval, as functions have one."""
        return repr(self)


@dataclass(frozen=True, slots=True, repr=False)
class Quantile(ModelTarget):
    """The value below which a share p of the distribution lies."""

    p: float

    def __call__(self, model: Any) -> float:
        """Return the quantile."""
        return float(_function(self, model, "icdf")(self.p))

    def domain(self, model: Any) -> Interval:
        """Return the support, where that does not move with the parameters."""
        return _support(model)

    def __repr__(self) -> str:
        return f"quantile({self.p:g})"


@dataclass(frozen=True, slots=True, repr=False)
class ReturnLevel(ModelTarget):
    """The level that is exceeded once in a period on average."""

    period: float
    per_year: float | None

    def __call__(self, model: Any) -> float:
        """Return the level."""
        if self.per_year is None and hasattr(model, "threshold"):
            raise ParameterError(
                f"the return level of excesses over a threshold needs to know how many there are in a year: "
                f"pass return_level({self.period:g}, per_year=…), the number of values fitted over the number of years"
            )
        return float(_function(self, model, "iccdf")(1.0 / (self.period * (self.per_year or 1.0))))

    def domain(self, model: Any) -> Interval:
        """Return the support, where that does not move with the parameters."""
        return _support(model)

    def __repr__(self) -> str:
        rate = "" if self.per_year is None else f", per_year={self.per_year:g}"
        return f"return_level({self.period:g}{rate})"


@dataclass(frozen=True, slots=True, repr=False)
class TailProbability(ModelTarget):
    """P(X > x)."""

    x: float

    def scaled(self, model: Any, domain: Interval) -> float:
        """Return the log odds, which hold their digits in both tails."""
        above, below = (float(_function(self, model, name)(self.x)) for name in ("logccdf", "logcdf"))
        return above - below

    def __call__(self, model: Any) -> float:
        """Return the probability."""
        return float(_function(self, model, "ccdf")(self.x))

    def domain(self, model: Any) -> Interval:
        """Return (0, 1)."""
        return unit_interval

    def __repr__(self) -> str:
        return f"tail_probability({self.x:g})"


@dataclass(frozen=True, slots=True, repr=False)
class ProbabilityBetween(ModelTarget):
    """P(a < X ≤ b)."""

    a: float
    b: float

    def __call__(self, model: Any) -> float:
        """Return the probability, from the tail in which there is no cancellation."""
        below, above = _function(self, model, "cdf"), _function(self, model, "ccdf")
        if float(below(self.a)) > 0.5:
            return float(above(self.a) - above(self.b))
        return float(below(self.b) - below(self.a))

    def scaled(self, model: Any, domain: Interval) -> float:
        """Return the log odds."""
        below, above = _function(self, model, "cdf"), _function(self, model, "ccdf")
        with np.errstate(divide="ignore"):
            return float(np.log(self(model)) - np.log(below(self.a) + above(self.b)))

    def domain(self, model: Any) -> Interval:
        """Return (0, 1)."""
        return unit_interval

    def __repr__(self) -> str:
        return f"probability_between({self.a:g}, {self.b:g})"


@dataclass(frozen=True, slots=True, repr=False)
class Moment(ModelTarget):
    """The mean or the standard deviation."""

    name: str

    def __call__(self, model: Any) -> float:
        """Return the moment, or say that the distribution has none."""
        value = np.asarray(getattr(model, self.name))
        if value.ndim:
            raise ParameterError(f"{self.name} is of one variable; ask for an entry of it by name, such as 'mean[0]'")
        if not np.isfinite(value):
            raise NotAvailableError(
                f"the {self.name.replace('_', ' ')} of {model!r} is {float(value):g}, so it has no interval; ask for a "
                "quantile, such as suffice.targets.quantile(0.5)"
            )
        return float(value)

    def domain(self, model: Any) -> Interval:
        """Return the support for a mean, the positive numbers for a standard deviation."""
        return _support(model) if self.name == "mean" else positive

    def __repr__(self) -> str:
        return self.name


def quantile(p: float) -> ModelTarget:
    """Return the quantile at p as a target: the value below which a share p of the distribution lies.

    Parameters
    ----------
    p : a probability between 0 and 1, such as 0.99
    """
    return Quantile(_between(p, 0.0, 1.0, "p of quantile(p)"))


def return_level(period: float, *, per_year: float | None = None) -> ModelTarget:
    """Return the level that is exceeded once in a period on average: the upper quantile at 1/(period · per_year).

    For maxima of blocks it is the level that the maximum of a block exceeds with probability 1/period (Coles 2001, eq.
    3.4); for excesses over a threshold the level that is exceeded once in the period (eq. 4.12), if values exceed the
    threshold `per_year` times a year. That rate is taken as known: its own uncertainty is not in the interval.

    Parameters
    ----------
    period : in years, or in blocks, above 1/per_year
    per_year : how many of the values that were fitted come in a year: 1 for annual maxima, which is the default, the
        number of values over the threshold in a year for a generalized Pareto distribution, which has no default
    """
    if per_year is not None:
        _between(per_year, 0.0, np.inf, "per_year of return_level(period, per_year=…)")
    _between(period, 1.0 / (per_year or 1.0), np.inf, "period of return_level(period)")
    return ReturnLevel(float(period), per_year)


def tail_probability(x: float) -> ModelTarget:
    """Return P(X > x) as a target.

    Parameters
    ----------
    x : in the unit of the data
    """
    return TailProbability(_between(x, -np.inf, np.inf, "x of tail_probability(x)"))


def probability_between(a: float, b: float) -> ModelTarget:
    """Return P(a < X ≤ b) as a target.

    Parameters
    ----------
    a, b : in the unit of the data, a < b
    """
    _between(a, -np.inf, np.inf, "a of probability_between(a, b)")
    return ProbabilityBetween(float(a), _between(b, a, np.inf, "b of probability_between(a, b)"))


def mean() -> ModelTarget:
    """Return the mean as a target."""
    return Moment("mean")


def standard_deviation() -> ModelTarget:
    """Return the standard deviation as a target."""
    return Moment("standard_deviation")


def _between(value: float, low: float, high: float, what: str) -> float:
    """Return a number strictly between two, or say what is wrong with it."""
    if not low < value < high:
        ends = f"above {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
        percent = (low, high) == (0.0, 1.0) and 1.0 < value < 100.0
        hint = f"; did you mean {value / 100.0:g}?" if percent else ""
        raise ParameterError(f"{what} must be {'finite' if low == -np.inf else ends}, not {value!r}{hint}", value=value)
    return float(value)


def _function(target: ModelTarget, model: Any, name: str) -> Any:
    """Return a function of a model of one variable, or say that it has none."""
    function = getattr(model, name, None)
    if function is None:
        raise ParameterError(
            f"{target!r} is of one variable, and {type(model).__name__} has no {name}; fit the column by itself, or "
            "pass a function of the model that returns a number"
        )
    return function


def _support(model: Any) -> Interval:
    """Return the interval of the values that a model can take, as far as no parameter that a fit seeks moves it."""
    given = getattr(model, "support_given", None)
    if given is None:
        return real
    known = {p.name: getattr(model, p.name) for p in model.parameters if not p.estimated}
    support = given(known)
    return real if support is None else Interval(support.lower, support.upper)
