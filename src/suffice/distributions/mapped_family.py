"""Families of x = g(Y) for a monotone map g: shifted, scaled and transformed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.calculus.maps import Affine, Expit, MonotoneMap
from suffice.distributions.composed_family import ComposedFamily, family_and_theta, number_or_none, original
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.mapped_likelihood import MappedLikelihood, asked_of_mapped
from suffice.distributions.moments_of_a_model import Moments, moments_of, points_of
from suffice.distributions.parameter import Support
from suffice.distributions.plan import plan as plan_of_one_variable
from suffice.distributions.problem import Look, likelihood_of
from suffice.distributions.reparametrized_problem import ReparametrizedProblem
from suffice.errors import DataError, NoMaximumError, NotAvailableError, ParameterError, number_text
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.mapped_rows import MappedRows, MappedSummary

IDENTITY, MIRROR = Affine(), Affine(-1.0, 0.0)
# Shares with logits further out have no digits left, and move none of a moment where they are as rare as this.
FURTHEST, UNSEEN = 700.0, 1e-25
# What a function of X at x is of −X at −x.
MIRRORED = {
    "_log_density": "_log_density",
    "_cdf": "_ccdf",
    "_ccdf": "_cdf",
    "_log_cdf": "_log_ccdf",
    "_log_ccdf": "_log_cdf",
}


@dataclass(frozen=True, slots=True, repr=False)
class Mapped(ComposedFamily):
    """The distributions of x = g(Y), p(x) = f(g⁻¹(x)) |dg⁻¹/dx|; made by `shifted`, `scaled` and `transformed`.

    It is fitted as the family of Y to y = g⁻¹(x): with its closed form, its proofs, its region and its limits.

    Parameters
    ----------
    base : the family of Y
    map : g
    """

    map: MonotoneMap = IDENTITY

    parameters_are_of_y = True

    def _written(self, base: str) -> str:
        if not isinstance(self.map, Affine):
            return f"transformed({base}, {self.map!r})"
        text = base
        if self.map.factor != 1.0:
            text = f"scaled({text}, by={self.map.factor:g})"
        return f"shifted({text}, by={self.map.shift:g})" if self.map.shift or self.map.factor == 1.0 else text

    def _support_of(self, support: Support) -> Support:
        lower, upper = self.map.ends(support.lower, support.upper)
        included = support.lower_included, support.upper_included
        low, high = included if self.map.increasing else included[::-1]
        return Support(lower, upper, low and np.isfinite(lower), high and np.isfinite(upper), support.integer)

    @property
    def scope(self) -> str:
        """As for the family of Y."""
        return str(self.base.scope)

    @property
    def exponential(self) -> bool:
        """A map keeps an exponential family one, with the same natural parameters."""
        return bool(self.base.exponential)

    def _in_z(self, shift: float, factor: float) -> Any:
        # inside another composition no parameter has a unit by which x would be moved
        return self

    # -- the mathematics ---------------------------------------------------------------------------

    def _log_density(self, x: Any, /, *theta: Any) -> Any:
        y, inside = self._mapped_back(x)
        slope = 0.0 if self.discrete else self.map.log_slope_at(np.where(inside, x, self._some))
        return np.where(inside, self._of_y("_log_density", x, y, *theta) - slope, -np.inf)

    def _derivatives(self, x: Any, /, *theta: Any) -> tuple[list[Any], list[Any]]:
        first, second = self.base._derivatives(self._mapped_back(x)[0], *theta)
        if self._other_side is None:
            return first, second
        others = self._other_side._derivatives(self._mapped_back(-np.asarray(x))[0], *theta)
        first, second = (
            [np.where(np.asarray(x) > 0.0, high, low) for low, high in zip(near, far, strict=True)]
            for near, far in zip((first, second), others, strict=True)
        )
        return first, second

    @property
    def _other_side(self) -> Any:
        """The family of 1 − Y where Y is a share that is mapped to x = −g(1 − Y) too; None where it is none."""
        return self.base.rest if self.map.of_shares else None

    def _of_y(self, name: str, x: Any, y: Any, *theta: Any) -> Any:
        """Return a function of Y at y = g⁻¹(x), where y may round to 1 that of 1 − Y."""
        value = getattr(self.base, name)(y, *theta)
        if self._other_side is None:
            return value
        other = getattr(self._other_side, MIRRORED[name])(self._mapped_back(-np.asarray(x))[0], *theta)
        return np.where(np.asarray(x) > 0.0, other, value)

    def _mapped_back(self, x: Any) -> tuple[Any, Any]:
        """Return y, and whether x is a value of the map; what is not becomes some value that is."""
        x = np.asarray(x, dtype=float)
        lower, upper = self.map.ends(self.map.lower, self.map.upper)
        inside = (x > lower) & (x < upper) if not isinstance(self.map, Affine) else np.ones(x.shape, dtype=bool)
        return self.map.inverse(np.where(inside, x, self._some)), inside

    @property
    def _some(self) -> float:
        """A value of the map."""
        lower, upper = self.map.lower, self.map.upper
        y = 0.5 * (lower + upper) if np.isfinite(lower) and np.isfinite(upper) else 1.0
        if np.isfinite(lower) and np.isinf(upper):
            y = lower + 1.0
        elif np.isfinite(upper) and np.isinf(lower):
            y = upper - 1.0
        return float(self.map.forward(np.float64(y)))

    def _cdf(self, x: Any, /, *theta: Any) -> Any:
        return self._tail("_cdf", "_ccdf", (0.0, 1.0), x, *theta)

    def _ccdf(self, x: Any, /, *theta: Any) -> Any:
        return self._tail("_ccdf", "_cdf", (1.0, 0.0), x, *theta)

    def _log_cdf(self, x: Any, /, *theta: Any) -> Any:
        return self._tail("_log_cdf", "_log_ccdf", (-np.inf, 0.0), x, *theta)

    def _log_ccdf(self, x: Any, /, *theta: Any) -> Any:
        return self._tail("_log_ccdf", "_log_cdf", (0.0, -np.inf), x, *theta)

    def _tail(self, same: str, other: str, ends: tuple[float, float], x: Any, *theta: Any) -> Any:
        """Return a tail of Y at y, the other one where the map falls; `ends` are its values outside the map's."""
        y, inside = self._mapped_back(x)
        value = self._of_y(same if self.map.increasing else other, x, y, *theta)
        beyond = np.where(np.asarray(x) <= self.map.ends(self.map.lower, self.map.upper)[0], *ends)
        return np.where(inside, value, beyond)

    def _icdf(self, p: Any, /, *theta: Any) -> Any:
        return self._quantile("_icdf", "_iccdf", p, *theta)

    def _iccdf(self, q: Any, /, *theta: Any) -> Any:
        return self._quantile("_iccdf", "_icdf", q, *theta)

    def _quantile(self, same: str, other: str, p: Any, *theta: Any) -> Any:
        """Return a quantile by that of Y, the other one where the map falls; above ½ by that of 1 − Y."""
        y = getattr(self.base, same if self.map.increasing else other)(p, *theta)
        x = self.map.forward(y)
        if self._other_side is None:
            return x
        return np.where(y > 0.5, -self.map.forward(getattr(self._other_side, other)(p, *theta)), x)

    @property
    def rest(self) -> Any:
        """Of y/(1 + y), y the exponential of X, that of −X."""
        return Mapped(Mapped(self.base, MIRROR), self.map) if isinstance(self.map, Expit) else None

    def _sample(self, rng: np.random.Generator, size: Any, theta: tuple[float, ...]) -> np.ndarray:
        return np.asarray(self.map.forward(self.base.from_theta(theta)._sample(rng, size)))

    def _moments(self, model: Any) -> Moments:
        """Return those of Y, moved, where the map is affine; the entropy is that of Y and the mean log slope."""
        of = model.base_model
        if self.map.of_shares:
            return moments_of(model, self._points_of_shares(model))
        if not isinstance(self.map, Affine):
            with np.errstate(all="ignore"):
                y, weights = points_of(of)
                slope = float(np.sum(weights * self.map.log_slope(y)))
            return replace(moments_of(model), entropy=of.entropy + slope)
        factor = self.map.factor
        slope = 0.0 if self.discrete else float(np.log(abs(factor)))
        return Moments(
            float(self.map.forward(of.mean)),
            abs(factor) * of.standard_deviation,
            float(np.sign(factor)) * of.skewness,
            of.kurtosis,
            of.entropy + slope,
        )

    def _points_of_shares(self, model: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return nodes and their weights, without those where y is 0 or 1 in double precision."""
        with np.errstate(all="ignore"):
            x, weights = points_of(model)
        seen = np.abs(x) < FURTHEST
        if not (lost := float(weights[~seen].sum())) < UNSEEN:
            raise NotAvailableError(
                f"the moments of {model!r} cannot be told: with probability {lost:.2g} the share of which it is the "
                f"{self.map!r} is 0 or 1 in double precision; estimate them from data, or use quantiles"
            )
        return np.where(seen, x, 0.0), np.where(seen, weights, 0.0)

    # -- how it is fitted: as the family of Y to y -------------------------------------------------------

    @property
    def sufficient(self) -> Any:
        """The sufficient statistic of Y, of y, and the sum of the log slopes."""
        return None if self.base.sufficient is None else MappedRows(self.map, self.base.sufficient)

    def _mapped(self, summary: MappedSummary, shift: float, factor: float) -> MappedSummary:
        return summary

    def _starts_from(self, summary: MappedSummary) -> np.ndarray:
        return np.asarray(self.base._starts_from(self.base._mapped(summary.summary, 0.0, 1.0)))

    def _starts(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(self.base._starts(self.map.inverse(x), weights))

    def _with_fixed(self, starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(self.base._with_fixed(starts, fixed, self.map.inverse(x), weights))

    def _sufficient_likelihood(self, summary: MappedSummary, theta: np.ndarray) -> LikelihoodSummary:
        sums = self.base._sufficient_likelihood(self.base._mapped(summary.summary, 0.0, 1.0), theta)
        return sums if self.discrete else replace(sums, value=sums.value - summary.log_slopes)

    def plan(self, look: Look, fixed: dict[str, float]) -> Question:
        """Fit the family of Y to y."""
        planned = self.base.plan
        inner, known = self._look_at_y(look, fixed), original(fixed)
        question = planned(inner, known) if planned is not None else plan_of_one_variable(self.base, inner, known)
        try:
            solution, slopes = yield from asked_of_mapped(question, self.map)
        except NoMaximumError as error:
            raise NoMaximumError(f"in y, where {self.__name__} is of x = {self.map!r} of y: {error.message}") from error
        off = 0.0 if self.discrete else float(slopes[0])
        problem = self._lifted(solution.problem)
        model = problem.model(solution.phi)
        found: Solution = replace(solution, problem=problem, model=model, value=solution.value - off)
        return found

    def _lifted(self, problem: Any) -> Any:
        """Return the problem of x, given that of y."""
        if isinstance(problem, ReparametrizedProblem):
            return replace(problem, family=self, sought=self._lifted(problem.sought))
        likelihood = MappedLikelihood(self, problem.likelihood)
        if problem.likelihood.family is self.base.sought_as:
            return replace(problem, likelihood=likelihood)
        parameters = tuple([self._taken_over(parameter) for parameter in problem.coordinates.parameters])
        return replace(problem, likelihood=likelihood, coordinates=replace(problem.coordinates, parameters=parameters))

    @property
    def sought_as(self) -> Any:
        """As the family of Y."""
        return self.base.sought_as

    def _likelihood(self, shift: float, factor: float, stated_by: Any = None) -> MappedLikelihood:
        return MappedLikelihood(self, likelihood_of(self.base, shift, factor, stated_by))

    def _look_at_y(self, look: Look, fixed: Mapping[str, float]) -> Look:
        for x in (look.minimum, look.maximum):
            y = float(self.map.inverse(np.float64(x)))
            if not (support := self.base.support_given(original(fixed))).contains(y):
                raise DataError(
                    f"{self.__name__} is fitted as {self.base.__name__} to y, x = {self.map!r} of y, and for x = "
                    f"{number_text(x)} that is {number_text(y)} in double precision, outside {support.describe()}; "
                    "leave such values out, or fit another family",
                    value=x,
                )
        ends = sorted(float(self.map.inverse(np.float64(end))) for end in (look.minimum, look.maximum))
        sample = look.sample
        if sample is not None:
            sample = Block(np.asarray(self.map.inverse(sample.rows)), sample.weights, sample.labels, sample.start)
        return replace(look, minimum=ends[0], maximum=ends[1], sample=sample)

    def _boundary(self, look: Any, fixed: Mapping[str, float]) -> Any:
        return self.base._boundary(self._look_at_y(look, fixed), original(fixed))


def shifted(family: Any, by: float) -> Any:
    """Return the family of x = Y + by, the shift known; or such a model of a given model.

    A shift that a fit would seek is refused: on the real line it is no other than the location that families have, and
    for that of a positive family (the threshold of a Weibull) the likelihood has no bound as it nears the smallest
    value.

    Parameters
    ----------
    family : a family of one variable, or a model of one
    by : the shift, in the unit of x; a whole number where the family is of counts

    Examples
    --------
    >>> import suffice as sf
    >>> sf.shifted(sf.Gamma, by=10).support.describe()
    '(10, ∞)'
    """
    base, theta = family_and_theta(family, "shifted")
    shift = number_or_none(by, "by")
    if shift is None or not np.isfinite(shift):
        raise ParameterError(
            f"shifted({base.__name__}, by=…) needs to know the shift, a finite number, not {by!r}: one that is sought "
            "is either a location that the family has already, or a threshold, for which the likelihood has no bound"
        )
    if base.discrete and shift != np.floor(shift):
        raise ParameterError(f"{base.__name__} is of counts: its shift must be a whole number, not {shift:g}")
    made = Mapped(base, Affine(1.0, shift))
    return made if theta is None else made.from_theta(theta)


def scaled(family: Any, by: float) -> Any:
    """Return the family of x = by · Y, the factor known; or such a model of a given model. A negative one mirrors.

    Parameters
    ----------
    family : a family of one variable with a density, or a model of one
    by : the factor, not 0

    Examples
    --------
    >>> import suffice as sf
    >>> sf.scaled(sf.Exponential(rate=2), by=-1).mean
    -0.5
    """
    base, theta = family_and_theta(family, "scaled")
    factor = number_or_none(by, "by")
    if factor is None or not np.isfinite(factor) or factor == 0.0:
        raise ParameterError(f"scaled({base.__name__}, by=…) needs a finite factor that is not 0, not {by!r}")
    _require_density(base, "scaled")
    made = Mapped(base, Affine(factor, 0.0))
    return made if theta is None else made.from_theta(theta)


def transformed(family: Any, by: MonotoneMap) -> Any:
    """Return the family of x = g(Y) for a strictly monotone map g; or such a model of a given model.

    Parameters
    ----------
    family : the family of Y, of one variable with a density, or a model of one
    by : g, of `sf.maps`: exp, log, logit, expit, sqrt, power(λ), or given(forward, inverse, log_slope), which checks

    Raises
    ------
    ParameterError
        The map is none, or does not take all values of Y.

    Examples
    --------
    >>> import suffice as sf
    >>> sf.transformed(sf.Normal(mu=0, sigma=1), sf.maps.exp).icdf(0.5), sf.LogNormal(mu=0, sigma=1).icdf(0.5)
    (1.0, 1.0)
    """
    base, theta = family_and_theta(family, "transformed")
    if not isinstance(by, MonotoneMap):
        raise ParameterError(
            f"transformed needs a monotone map, such as sf.maps.exp or sf.maps.given(…), not {type(by).__name__}"
        )
    _require_density(base, "transformed")
    support = base.support
    if support.lower < by.lower or support.upper > by.upper:
        raise ParameterError(
            f"{base.__name__} has values on {support.describe()}, and {by!r} maps those from {by.lower:g} to "
            f"{by.upper:g} only"
        )
    made = Mapped(base, by)
    return made if theta is None else made.from_theta(theta)


def _require_density(base: Any, verb: str) -> None:
    if base.discrete:
        raise ParameterError(f"{verb} is for families with a density; {base.__name__} is of counts")
