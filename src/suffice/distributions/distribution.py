"""The value classes from which every family of one variable derives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

import numpy as np
from scipy import special

from suffice.distributions.end_point import EndPoint
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.other_names import refuse_attribute
from suffice.distributions.parameter import Parameter, Support
from suffice.errors import DataTypeError, NotAvailableError, ParameterError
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums
from suffice.statistics.statistic import Statistic
from suffice.statistics.tally import TallySummary

Value = Any

LARGEST = float(np.finfo(float).max)


class UnivariateDistribution:
    """A probability distribution of one variable, with its parameters: a frozen value.

    A family is a frozen dataclass of float fields that states pure functions of (x, *parameters),
    which broadcast: `_log_density`, `_derivatives`, `_cdf`, `_ccdf`, `_log_cdf`, `_log_ccdf`, `_icdf`,
    `_iccdf`; its moments; and how it is fitted. The public methods are derived here.

    How it is fitted:

    - from a pass at each step: `_starts(x, weights)` returns starting points θ, shape (m, p), from a sample;
    - or from a sufficient statistic: `sufficient` names it, `_sufficient_likelihood(summary, theta)` returns a
      LikelihoodSummary at θ (m, p), `_mapped(summary, shift, factor)` is the summary of (x − shift)/factor, and
      `_starts_from(summary)` starting points, of which the maximum in closed form is the best. A tally of too many
      distinct values is no summary: a family of counts states `_starts` too.

    What else it may state stands below with its default, with what it is for.
    """

    __slots__ = ()

    parameters: ClassVar[tuple[Parameter, ...]]
    support: ClassVar[Support]
    discrete: ClassVar[bool] = False
    # How many columns it is a distribution of, and the names and values of the parameters that `.of(…)` bound.
    variables: ClassVar[int | None] = 1
    bound: ClassVar[tuple[tuple[str, float], ...]] = ()
    # Of a composed family, whether the parameters have the unit of y = g⁻¹(x), in which it is fitted.
    parameters_are_of_y: ClassVar[bool] = False
    # A question of its own in place of `suffice.distributions.plan`.
    plan: ClassVar[Any] = None
    # -- how it is fitted; see `suffice.distributions.plan` ---------------------------------------
    sufficient: ClassVar[Statistic | None] = None
    # "global" only where it is proved that there is one maximum: say where.
    scope: ClassVar[str] = "local"
    # Whether it is an exponential family with the whole of a convex set of natural parameters, in which those with some
    # parameters fixed are a line or less: truncated, its log-likelihood still has at most one maximum.
    exponential: ClassVar[bool] = False
    # Parameters without which, where they are fixed, it is not proved.
    scope_needs: ClassVar[tuple[str, ...]] = ()
    # Other parameters in which the maximum is sought; see `gamma_by_mean.py`.
    sought_as: ClassVar[Any] = None
    # By the name of a parameter: a value at an end of its domain where the likelihood may be highest, and the family
    # that this one becomes there, whose parameters are the others, in order; None where it stays the same family.
    limits: ClassVar[dict[str, tuple[float, Any]]] = {}
    # Families that this one is at some values of its parameters, by name, with those values; parameters of the same
    # name mean the same in both. (What it becomes at a limit stands in `limits`, unless its family stays the same.)
    special_cases: ClassVar[dict[str, dict[str, float]]] = {}
    # Of special cases with parameters of another meaning: f(model) → θ of this family, None where it is no such case.
    _of_special_case: ClassVar[dict[str, Any]] = {}
    # Of special cases: why the likelihood ratio has no χ² law there, or what to know of that law.
    irregular_cases: ClassVar[dict[str, str]] = {}
    slow_cases: ClassVar[dict[str, str]] = {}
    # f(x, *θ) = ∂ log p/∂(1/parameter) at a limit ∞, ∂ log p/∂parameter at a finite one: its sum decides where rounding
    # hides which side is higher. Where there are several limits, a dict of them by the name of the parameter.
    _slope_at_limit: ClassVar[Any] = None
    # The parameters which, all free together, let the likelihood of constant data grow without end, the one
    # that runs away first, each with where it goes; and the constant at which they do, where it is only one.
    collapses: ClassVar[dict[str, str]] = {}
    collapses_at: ClassVar[float | None] = None
    # Where the likelihood is unbounded somewhere: the region in which it is maximised, in words, with
    # `_in_region(theta, spread)` → whether θ (m, p) lies in it, and `_edges(x, weights, spread)` → points (m, p) on
    # each edge, by the position of the parameter that is constant there. `spread` is a median absolute deviation.
    region: ClassVar[str] = ""
    _in_region: ClassVar[Any] = None
    _edges: ClassVar[Any] = None
    # By the name of a parameter at whose edge the likelihood is highest: why it grows beyond, and what to do; by
    # default, that it does so around repeated values.
    beyond_edges: ClassVar[dict[str, str]] = {}
    # Whether it may grow without end there; otherwise it rises to what `beyond_edges` says.
    grows_beyond_edges: ClassVar[bool] = True
    # Whether the values lie on a circle, where no value is the smallest.
    periodic: ClassVar[bool] = False
    # Whether the law of F(X; θ̂), all parameters fitted, is the same whatever they are: a test of fit is exact then.
    pivotal: ClassVar[bool] = False
    # Whether a fit seeks an end of the support, of the family or of one that it comes near at a limit: no row may lie
    # beyond it at a start, so that a sample must hold the smallest and the largest row.
    seeks_an_end: ClassVar[bool] = False
    # Of shares, 0 < X < 1: the family of 1 − X at the same θ, in which values of X that round to 1 have their digits.
    rest: ClassVar[Any] = None
    # Why theory gives no standard errors at a maximum with the parameters of this value; "" where it does.
    irregular: Any = ""
    # By the name of a parameter: a value at which the likelihood is stationary in it whatever the rows, so that no
    # search crosses it.
    uncrossed: ClassVar[dict[str, float]] = {}
    # f(x, *θ) → log P(X ≤ x) and log P(X > x), where both together cost less than each.
    _log_tails: ClassVar[Any] = None
    # f(low, high, *θ) → log P(low < X ≤ high) of intervals about a kink of the density, NaN of others.
    _log_about_kink: ClassVar[Any] = None
    # f(x, weights) → starts (m, p), for a family that is fitted by a search from a sample; None for one that is not.
    _starts: ClassVar[Any] = None
    # A kernel for the sums, f(x, weights, theta) → LikelihoodSummary, or None where it does not apply.
    _sums: ClassVar[Any] = None
    # In place of sums of log density and derivatives: f(x, *θ) → `Summands`, or None where a row is outside the
    # support, and f(Σw, *their sums, *θ) → value, gradient and the upper triangle of the Hessian. Where one of
    # these is NaN, the general form is summed: so a family tells that digits would be lost.
    _summands: ClassVar[Any] = None
    _of_sums: ClassVar[Any] = None

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            value = parameter.check(getattr(self, parameter.name), type(self).__name__)
            object.__setattr__(self, parameter.name, value)

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name)

    @classmethod
    def _in_z(cls, shift: float, factor: float) -> Any:
        """Return the family of z = (x − shift)/factor: itself, unless it has options in the unit of x."""
        return cls

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the values that the variable can take where some parameters are known (the n of a binomial)."""
        return cls.support

    @classmethod
    def law_given(cls, fixed: Mapping[str, float]) -> Any:
        """Return the `EstimateLaw` of the estimates where the likelihood is not regular; None where it is.

        Such a family also states `plan(look, fixed)`, a question for the `Solution`; see `uniform.py`.
        """
        return None

    # -- the mathematics that a family states ---------------------------------------------------

    @staticmethod
    def _log_density(x: Any, /, *theta: Any) -> Any:
        """Return log p(x; θ); −inf outside the support."""
        raise NotAvailableError("a family states its log density")

    @staticmethod
    def _derivatives(x: Any, /, *theta: Any) -> tuple[list[Any], list[Any]]:
        """Return ∂/∂θ and the upper triangle, by rows, of ∂²/∂θ∂θ of log p."""
        raise NotAvailableError("a family states its derivatives")

    @staticmethod
    def _cdf(x: Any, /, *theta: Any) -> Any:
        raise NotAvailableError("a family states its cumulative distribution")

    @staticmethod
    def _ccdf(x: Any, /, *theta: Any) -> Any:
        raise NotAvailableError("a family states its survival function")

    @staticmethod
    def _icdf(p: Any, /, *theta: Any) -> Any:
        raise NotAvailableError("a family states its quantiles")

    @staticmethod
    def _iccdf(q: Any, /, *theta: Any) -> Any:
        raise NotAvailableError("a family states its upper quantiles")

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return starts θ, shape (m, p), that suit the fixed parameters; `fixed` is NaN where a parameter is free."""
        return starts

    @classmethod
    def may_end_at_rows(cls, fixed: Mapping[str, float]) -> bool:
        """Say whether a fit may leave no probability beyond the outermost row, or at a limit none but on one side."""
        return False

    @classmethod
    def _maximum_of_samples(cls, x: np.ndarray, fixed: Mapping[str, float]) -> np.ndarray | None:
        """Return θ, shape (m, p), of the maxima of samples x (m, n) in closed form; None where there is none.

        For families that Newton's method cannot fit, so that the bootstrap fits many samples at once all the same.
        """
        return None

    @classmethod
    def _ends_of_samples(cls, x: np.ndarray, fixed: Mapping[str, float]) -> Sequence[np.ndarray]:
        """Return the best θ, shape (m, p), at each end of the family, where that of samples x (m, n) may be highest."""
        return ()

    @staticmethod
    def _spread(x: np.ndarray) -> float:
        """Return a length of the order of the scale, in which location and scale are sought."""
        return median_deviation(x)

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        """Return θ, in the unit of x, and a sentence where the maximum for these data lies on the boundary."""
        return None

    @classmethod
    def _end_points(cls, look: Any, fixed: Mapping[str, float]) -> Sequence[EndPoint]:
        """Return points that no search reaches, or knows for what they are, where the likelihood may be highest."""
        return ()

    @classmethod
    def _log_cdf(cls, x: Any, /, *theta: Any) -> Any:
        return log_probability(cls._cdf(x, *theta), cls._ccdf(x, *theta))

    @classmethod
    def _log_ccdf(cls, x: Any, /, *theta: Any) -> Any:
        return log_probability(cls._ccdf(x, *theta), cls._cdf(x, *theta))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self._icdf(rng.random(size), *self.theta)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def theta(self) -> tuple[float, ...]:
        """The parameters, in order."""
        return tuple([getattr(self, parameter.name) for parameter in self.parameters])

    @classmethod
    def from_theta(cls, theta: Any) -> Self:
        """Return the value with these parameters, in order."""
        return cls(*[float(t) for t in theta])

    def cdf(self, x: Value) -> Any:
        """Return P(X ≤ x), of the shape of x."""
        return self._evaluate(self._cdf, x, 0.0, 1.0)

    def ccdf(self, x: Value) -> Any:
        """Return P(X > x), accurate where it is small."""
        return self._evaluate(self._ccdf, x, 1.0, 0.0)

    def logcdf(self, x: Value) -> Any:
        """Return log P(X ≤ x), accurate in the lower tail."""
        return self._evaluate(self._log_cdf, x, -np.inf, 0.0)

    def logccdf(self, x: Value) -> Any:
        """Return log P(X > x), accurate in the upper tail."""
        return self._evaluate(self._log_ccdf, x, 0.0, -np.inf)

    def icdf(self, p: Value) -> Any:
        """Return the quantile: the smallest x with P(X ≤ x) ≥ p, for p in [0, 1]; ∞ beyond all doubles."""
        return self._quantile(self._icdf, p)

    def iccdf(self, q: Value) -> Any:
        """Return the x that is exceeded with probability q, accurate for small q."""
        return self._quantile(self._iccdf, q)

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        return float(np.sqrt(self.variance))

    mean: Any
    variance: Any
    skewness: Any
    kurtosis: Any
    entropy: Any

    def sample(self, size: int | tuple[int, ...] = 1, rng: Any = None) -> np.ndarray:
        """Draw independent values: the same seed, the same draws.

        Parameters
        ----------
        size : how many, or the shape
        rng : a seed or a numpy Generator

        Returns
        -------
        ndarray of that shape
        """
        return np.asarray(self._sample(np.random.default_rng(rng), size), dtype=float)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{p.name}={v:.4g}' for p, v in self._pairs())})"

    def __str__(self) -> str:
        names = ", ".join(p.name for p in self.parameters)
        values = ", ".join(f"{p.name} = {v:.6g}" for p, v in self._pairs())
        return f"p(x; {names}): {type(self).__name__} with {values}"

    def _pairs(self) -> Any:
        return zip(self.parameters, self.theta, strict=True)

    def _evaluate(self, function: Any, x: Value, low: float, high: float) -> Any:
        """Return the function of x; it is `low` at −∞ and `high` at ∞, which no family needs to think of."""
        values = as_values(x)
        finite = np.isfinite(values)
        with np.errstate(all="ignore"):
            result = np.asarray(function(np.where(finite, values, 1.0), *self.theta), dtype=float)
        if not finite.all():
            ends = np.where(np.isnan(values), np.nan, np.where(values < 0, low, high))
            result = np.where(finite, result, ends)
        return float(result) if result.ndim == 0 else result

    def _quantile(self, function: Any, p: Value) -> Any:
        values = as_values(p)
        if (outside := (values < 0.0) | (values > 1.0)).any():
            refuse_probability(float(values[outside][0]))
        with np.errstate(all="ignore"):
            result = np.asarray(function(values, *self.theta), dtype=float)
        result = np.where(np.isnan(values), np.nan, result)
        return float(result) if result.ndim == 0 else result


class ContinuousDistribution(UnivariateDistribution):
    """A distribution with a density."""

    __slots__ = ()

    def pdf(self, x: Value) -> Any:
        """Return the density p(x), per unit of x; it may exceed 1."""
        return self._evaluate(lambda v, *t: np.exp(self._log_density(v, *t)), x, 0.0, 0.0)

    def logpdf(self, x: Value) -> Any:
        """Return log p(x)."""
        return self._evaluate(self._log_density, x, -np.inf, -np.inf)

    def pmf(self, x: Value) -> Any:
        """Refuse: a continuous variable has no probability at a point."""
        raise NotAvailableError(
            f"{type(self).__name__} is continuous: every single value has probability 0; "
            "use pdf(x) for the density or cdf(b) - cdf(a) for the probability of an interval"
        )

    logpmf = pmf


class DiscreteDistribution(UnivariateDistribution):
    """A distribution of integers."""

    __slots__ = ()

    discrete = True

    def pmf(self, x: Value) -> Any:
        """Return the probability P(X = x)."""
        return self._evaluate(lambda v, *t: np.exp(self._log_density(v, *t)), x, 0.0, 0.0)

    def logpmf(self, x: Value) -> Any:
        """Return log P(X = x)."""
        return self._evaluate(self._log_density, x, -np.inf, -np.inf)

    def pdf(self, x: Value) -> Any:
        """Refuse: a discrete variable has no density."""
        raise NotAvailableError(f"{type(self).__name__} is discrete and has no density; use pmf(x)")

    logpdf = pdf

    @staticmethod
    def _about(z: Any, /, *theta: Any) -> Any:
        """Return a number near the quantile z standard deviations out, from where the search starts."""
        raise NotAvailableError("a discrete family states where its quantiles are")

    @classmethod
    def _last(cls, /, *theta: Any) -> Any:
        """Return the largest integer that occurs."""
        return cls.support.upper

    @classmethod
    def _icdf(cls, p: Any, /, *theta: Any) -> Any:
        inside = np.where((p > 0) & (p < 1), p, 0.5)
        about = cls._about(special.ndtri(inside), *theta)
        found = smallest_integer(lambda k: cls._cdf(k, *theta) - inside, about)
        return cls._at_ends(found, np.asarray(p) <= 0, np.asarray(p) >= 1, *theta)

    @classmethod
    def _iccdf(cls, q: Any, /, *theta: Any) -> Any:
        inside = np.where((q > 0) & (q < 1), q, 0.5)
        about = cls._about(-special.ndtri(inside), *theta)
        found = smallest_integer(lambda k: inside - cls._ccdf(k, *theta), about)
        return cls._at_ends(found, np.asarray(q) >= 1, np.asarray(q) <= 0, *theta)

    @classmethod
    def _at_ends(cls, quantile: Any, low: Any, high: Any, /, *theta: Any) -> Any:
        """Put the ends of the support, or the only value there is, where the probability is 0 or 1."""
        first = cls.support.lower
        last = np.where(cls._ccdf(first, *theta) == 0.0, first, cls._last(*theta))
        return np.where(low, first, np.where(high, last, quantile))

    # -- how it is fitted: a tally of the values is the data ---------------------------------------

    @staticmethod
    def _mapped(summary: TallySummary, shift: float, factor: float) -> TallySummary:
        """Return the summary: counts have no unit."""
        return summary

    @classmethod
    def _starts_from(cls, summary: TallySummary) -> np.ndarray:
        """Return starting points θ, shape (m, p), from a tally."""
        return cls._starts(summary.values, summary.weights)

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return starting points θ, shape (m, p), from values and their weights."""
        raise NotAvailableError("a family of counts states where its fits start")

    @classmethod
    def _sufficient_likelihood(cls, summary: TallySummary, theta: np.ndarray) -> LikelihoodSummary:
        return LikelihoodSums(cls, theta).observe(summary.block())


def refuse_probability(value: float) -> NoReturn:
    """Raise the error for a probability outside [0, 1], with the share that a percentage means."""
    hint = f"; did you mean {value / 100.0:g}?" if 1.0 < value <= 100.0 else ""
    raise ParameterError(f"a quantile is at a probability between 0 and 1, not {value:g}{hint}", value=value)


def smallest_integer(excess: Any, about: Any) -> np.ndarray:
    """Return the smallest integer at which `excess` is not negative; ±∞ where it lies beyond all doubles.

    Parameters
    ----------
    excess : a function of an array of integers, negative below some integer and not from it on; where NaN, so is this
    about : ndarray, a guess
    """
    low = high = np.clip(np.floor(np.nan_to_num(about)), -LARGEST, LARGEST)
    # Double the distance until the excess is negative at low and not at high, then halve it.
    with np.errstate(over="ignore"):
        step = np.maximum(np.spacing(np.abs(low)), 1.0)
        while (wrong := (excess(low) >= 0.0) & (low > -LARGEST)).any():
            low, step = np.where(wrong, np.maximum(low - step, -LARGEST), low), np.where(wrong, 2.0 * step, step)
        step = np.maximum(np.spacing(np.abs(high)), 1.0)
        while (wrong := ~((last := excess(high)) >= 0.0) & (high < LARGEST)).any():
            high, step = np.where(wrong, np.minimum(high + step, LARGEST), high), np.where(wrong, 2.0 * step, step)
    beyond = np.where(last < 0.0, np.inf, np.where(excess(low) >= 0.0, -np.inf, 0.0 * last))
    while True:
        middle = np.floor(0.5 * low + 0.5 * high)
        between = (middle > low) & (middle < high)
        if not between.any():
            return np.asarray(high + beyond)
        true = excess(middle) >= 0.0
        low, high = np.where(between & ~true, middle, low), np.where(between & true, middle, high)


def median_deviation(x: np.ndarray) -> float:
    """Return the median absolute deviation, or where that is 0 the standard deviation."""
    return float(np.median(np.abs(x - np.median(x))) or np.std(x))


def mean_deviation(x: np.ndarray) -> float:
    """Return the mean absolute deviation from the median: where tails are light, a few rows far out say the scale."""
    return float(np.mean(np.abs(x - np.median(x))))


def as_values(x: Value) -> np.ndarray:
    """Return x as a float64 array."""
    try:
        array = np.asarray(x)
        words = array.dtype.kind == "O" and any(isinstance(value, str | None) for value in array.flat)
        if array.dtype.kind in "cUS" or words:
            raise TypeError("no real numbers")
        return array.astype(float)
    except (TypeError, ValueError) as cause:
        raise DataTypeError(f"expected numbers, got {type(x).__name__}: {x!r:.80}") from cause
