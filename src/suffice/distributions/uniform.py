"""The uniform distribution between two ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import real
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.incomplete_gamma import log_probability
from suffice.distributions.inference_problem import Question
from suffice.distributions.parameter import Parameter, Support, real_line
from suffice.distributions.plan import refuse_degenerate, without_free_parameters
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem
from suffice.distributions.uniform_law import UniformLaw
from suffice.errors import ParameterError
from suffice.statistics.extremes import Extremes, ExtremesSummary
from suffice.statistics.likelihood_sums import LikelihoodSummary


@dataclass(frozen=True, slots=True, repr=False)
class Uniform(ContinuousDistribution):
    """The uniform distribution, p(x; low, high) = 1/(high − low), low ≤ x ≤ high.

    Its likelihood is highest where the ends are the smallest and the largest row, on the boundary of the parameters
    under which the data can occur; derivatives say nothing there. Standard errors and intervals come from the exact law
    of the extremes (`uniform_law.py`). AIC and BIC count each end as one parameter, but their asymptotics do not hold
    for ends: the log-likelihood exceeds that at the truth by a χ² of 2 degrees of freedom for each, over 2.

    Parameters
    ----------
    low : the lower end, in the unit of x
    high : the upper end, above low

    Examples
    --------
    >>> Uniform(low=2, high=6).cdf(3)
    0.25
    """

    low: float
    high: float

    parameters = (
        Parameter("low", real, "location", "the lower end"),
        Parameter("high", real, "location", "the upper end"),
    )
    support = real_line
    pivotal = True
    sufficient = Extremes()
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"high": "it", "low": "it"}

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            object.__setattr__(self, parameter.name, parameter.check(getattr(self, parameter.name), "Uniform"))
        _require_order(self.low, self.high)

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the values from low to high, as far as they are known."""
        low, high = fixed.get("low", -np.inf), fixed.get("high", np.inf)
        _require_order(low, high)
        return Support(low, high, lower_included="low" in fixed, upper_included="high" in fixed)

    @classmethod
    def law_given(cls, fixed: Mapping[str, float]) -> UniformLaw | None:
        """Return the exact law of the ends that were not fixed."""
        free = tuple(name for name in ("low", "high") if name not in fixed)
        return UniformLaw(free) if free else None

    @staticmethod
    def _log_density(x: Any, low: Any, high: Any) -> Any:
        return np.where((x >= low) & (x <= high) & (low < high), -_log_width(low, high), -np.inf)

    @staticmethod
    def _derivatives(x: Any, low: Any, high: Any) -> tuple[list[Any], list[Any]]:
        steep = 1.0 / (high - low)
        return [steep, -steep], [steep**2, -(steep**2), steep**2]

    @staticmethod
    def _cdf(x: Any, low: Any, high: Any) -> Any:
        return _share(np.clip(x, low, high), low, low, high)

    @staticmethod
    def _ccdf(x: Any, low: Any, high: Any) -> Any:
        return _share(high, np.clip(x, low, high), low, high)

    @classmethod
    def _log_cdf(cls, x: Any, low: Any, high: Any) -> Any:
        x = np.clip(x, low, high)
        return _log_share(cls._cdf(x, low, high), cls._ccdf(x, low, high), x - low, _log_width(low, high))

    @classmethod
    def _log_ccdf(cls, x: Any, low: Any, high: Any) -> Any:
        x = np.clip(x, low, high)
        return _log_share(cls._ccdf(x, low, high), cls._cdf(x, low, high), high - x, _log_width(low, high))

    @staticmethod
    def _icdf(p: Any, low: Any, high: Any) -> Any:
        return np.where(np.asarray(p) < 0.5, _between(low, high, p), _between(high, low, 1.0 - np.asarray(p)))

    @staticmethod
    def _iccdf(q: Any, low: Any, high: Any) -> Any:
        return np.where(np.asarray(q) < 0.5, _between(high, low, q), _between(low, high, 1.0 - np.asarray(q)))

    mean = property(lambda self: 0.5 * self.low + 0.5 * self.high, doc="The mean.")
    standard_deviation = property(
        lambda self: float((0.5 * self.high - 0.5 * self.low) / np.sqrt(3.0)), doc="The standard deviation."
    )
    skewness = property(lambda self: 0.0, doc="The skewness g₁.")
    kurtosis = property(lambda self: -1.2, doc="The excess kurtosis.")
    entropy = property(lambda self: float(_log_width(self.low, self.high)), doc="The entropy in nats.")

    @property
    def variance(self) -> float:
        """The variance."""
        return self.standard_deviation * self.standard_deviation

    # -- how it is fitted -----------------------------------------------------------------------

    @classmethod
    def plan(cls, look: Look, fixed: Mapping[str, float]) -> Question:
        """Fit by the smallest and the largest row."""
        summary = yield cls.sufficient
        free = tuple(fixed.get(name, np.nan) for name in ("low", "high"))
        refuse_degenerate(cls, look, Coordinates(cls.parameters, free), look.minimum)
        ends = (float(fixed.get("low", summary.minimum)), float(fixed.get("high", summary.maximum)))
        solution = yield from without_free_parameters(Problem(Likelihood(cls), Coordinates(cls.parameters, ends)))
        law = cls.law_given(fixed)
        return solution if law is None else replace(solution, status="boundary", reason=law.sentence)

    @staticmethod
    def _mapped(summary: ExtremesSummary, shift: float, factor: float) -> ExtremesSummary:
        return summary.mapped(shift, factor)

    @classmethod
    def _sufficient_likelihood(cls, summary: ExtremesSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at one end, −∞ where the other lies outside."""
        low, high = theta[..., 0], theta[..., 1]
        each = np.minimum(cls._log_density(summary.minimum, low, high), cls._log_density(summary.maximum, low, high))
        first, (ll, lh, hh) = cls._derivatives(summary.minimum, low, high)
        n = np.broadcast_to(summary.weight, each.shape)
        gradient = np.stack([n * slope for slope in first], axis=-1)
        hessian = np.stack([np.stack([n * ll, n * lh], axis=-1), np.stack([n * lh, n * hh], axis=-1)], axis=-2)
        return LikelihoodSummary(n, n * each, gradient, hessian)

    @classmethod
    def may_end_at_rows(cls, fixed: Mapping[str, float]) -> bool:
        """Say whether the support may end at a row: those ends that are not known."""
        return not {"low", "high"} <= set(fixed)

    @classmethod
    def _maximum_of_samples(cls, x: np.ndarray, fixed: Mapping[str, float]) -> np.ndarray:
        low, high = x.min(axis=-1), x.max(axis=-1)
        ends = [np.full(len(x), fixed[name]) if name in fixed else end for name, end in (("low", low), ("high", high))]
        return np.where((ends[0] < ends[1])[:, None], np.stack(ends, axis=-1), np.nan)


def _require_order(low: float, high: float) -> None:
    if not low < high:
        raise ParameterError(
            f"Uniform: high must be above low, not low = {low:g} and high = {high:g}", low=low, high=high
        )


def _log_width(low: Any, high: Any) -> Any:
    """Return log(high − low), also where the difference overflows."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        width = np.asarray(high - low)
        return np.where(np.isfinite(width), np.log(width), np.log(2.0) + np.log(0.5 * high - 0.5 * low))


def _share(upper: Any, lower: Any, low: Any, high: Any) -> Any:
    """Return (upper − lower)/(high − low), also where the width overflows."""
    with np.errstate(over="ignore"):
        direct = (upper - lower) / (high - low)
    return np.where(np.isfinite(high - low), direct, (0.5 * upper - 0.5 * lower) / (0.5 * high - 0.5 * low))


def _log_share(share: Any, other: Any, part: Any, log_width: Any) -> Any:
    """Return the logarithm of a share, where share + other = 1: by its parts where their quotient underflows."""
    return np.where(share < np.finfo(float).tiny, np.log(part) - log_width, log_probability(share, other))


def _between(end: Any, other: Any, share: Any) -> Any:
    """Return the point that a share of the way lies between the end and the other one."""
    width = np.asarray(other - end)
    return np.where(np.isfinite(width), end + share * width, end * (1.0 - share) + share * other)
