"""Truncated families: only values in an interval are seen, and nothing is known of those outside, not even how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.calculus.maps import Affine
from suffice.distributions.composed_family import ComposedFamily, family_and_theta, number_or_none
from suffice.distributions.distribution import smallest_integer
from suffice.distributions.inference_problem import Question
from suffice.distributions.interval_derivatives import log_probability_derivatives
from suffice.distributions.interval_probability import log_probability
from suffice.distributions.mapped_family import Mapped
from suffice.distributions.normal import Normal
from suffice.distributions.parameter import Support
from suffice.distributions.problem import Look
from suffice.distributions.run_off import plan_with_run_offs
from suffice.errors import ParameterError, number_text
from suffice.statistics.likelihood_sums import LikelihoodSummary

# Newton steps, at most, to a quantile from one of the family without truncation, and where they have arrived.
POLISHES, ARRIVED = 20, 1e-15
# Where the probability wanted is below this share of what lies outside, the density at the end says where its value is.
NEAR_THE_END = 1e-3


@dataclass(frozen=True, slots=True, repr=False)
class Truncated(ComposedFamily):
    """The distributions of X given lower ≤ X ≤ upper, p(x)/P(lower ≤ X ≤ upper); made by `truncated`.

    Parameters
    ----------
    base : the family of X
    lower, upper : the ends of the window, in the unit of x
    """

    lower: float = -np.inf
    upper: float = np.inf

    def _written(self, base: str) -> str:
        ends = [("lower", self.lower), ("upper", self.upper)]
        options = [f"{name}={number_text(value)}" for name, value in ends if np.isfinite(value)]
        return f"truncated({', '.join([base, *options])})"

    def _support_of(self, support: Support) -> Support:
        lower, upper = max(self.lower, support.lower), min(self.upper, support.upper)
        return Support(
            lower,
            upper,
            lower_included=bool(np.isfinite(lower)) and (self.lower > support.lower or support.lower_included),
            upper_included=bool(np.isfinite(upper)) and (self.upper < support.upper or support.upper_included),
            integer=support.integer,
        )

    def _in_z(self, shift: float, factor: float) -> Any:
        base = self.base._in_z(shift, factor)
        return Truncated(base, (self.lower - shift) / factor, (self.upper - shift) / factor)

    @property
    def special_cases(self) -> dict[str, dict[str, float]]:
        """The half-normal distribution is the positive half of a normal one, and an exponential one its far tail."""
        if self.base is not Normal or (self.lower, self.upper) != (0.0, np.inf):
            return {}
        return {"HalfNormal": {"mu": 0.0}, "Exponential": {"mu": -np.inf, "sigma": np.inf}}

    @property
    def rest(self) -> Any:
        """Of shares, the rest of each in the window that is left."""
        if self.discrete or self.support.upper != 1.0:
            return None
        return Truncated(self.base.rest or Mapped(self.base, Affine(-1.0, 1.0)), 1.0 - self.upper, 1.0 - self.lower)

    @property
    def _below(self) -> float:
        """The largest value below the window: its own end for a density, the integer before it for counts."""
        return self.lower - 1.0 if self.discrete else self.lower

    # -- the mathematics ---------------------------------------------------------------------------

    def _log_mass(self, *theta: Any) -> Any:
        return log_probability(self.base, self._below, self.upper, *theta)

    def _log_density(self, x: Any, /, *theta: Any) -> Any:
        inside = (np.asarray(x) >= self.lower) & (np.asarray(x) <= self.upper)
        value = self.base._log_density(np.where(inside, x, self._some), *theta) - self._log_mass(*theta)
        return np.where(inside, value, -np.inf)

    @property
    def _some(self) -> float:
        """A value in the window, to stand where there is none."""
        return float(next(end for end in (self.lower, self.upper, 1.0) if np.isfinite(end)))

    def _derivatives(self, x: Any, /, *theta: Any) -> tuple[list[Any], list[Any]]:
        first, second = self.base._derivatives(x, *theta)
        mass_first, mass_second = log_probability_derivatives(self.base, self._below, self.upper, *theta)
        return (
            [part - other for part, other in zip(first, mass_first, strict=True)],
            [part - other for part, other in zip(second, mass_second, strict=True)],
        )

    def _cdf(self, x: Any, /, *theta: Any) -> Any:
        return np.exp(self._log_cdf(x, *theta))

    def _log_cdf(self, x: Any, /, *theta: Any) -> Any:
        below, above = self._log_parts(x, *theta)
        return np.where(below > -np.log(2.0), np.log1p(-np.exp(above)), below)

    def _log_ccdf(self, x: Any, /, *theta: Any) -> Any:
        below, above = self._log_parts(x, *theta)
        return np.where(above > -np.log(2.0), np.log1p(-np.exp(below)), above)

    def _log_parts(self, x: Any, *theta: Any) -> tuple[Any, Any]:
        """Return log P(X ≤ x) and log P(X > x) in the window, each accurate where it is below ½."""
        x = np.floor(x) if self.discrete else np.asarray(x, dtype=float)
        x, mass = np.clip(x, self._below, self.upper), self._log_mass(*theta)
        below = log_probability(self.base, self._below, x, *theta) - mass
        return np.minimum(below, 0.0), np.minimum(log_probability(self.base, x, self.upper, *theta) - mass, 0.0)

    def _icdf(self, p: Any, /, *theta: Any) -> Any:
        return self._quantile(np.asarray(p, dtype=float), 1.0 - np.asarray(p, dtype=float), False, *theta)

    def _iccdf(self, q: Any, /, *theta: Any) -> Any:
        return self._quantile(1.0 - np.asarray(q, dtype=float), np.asarray(q, dtype=float), True, *theta)

    def _quantile(self, p: Any, q: Any, upper: bool, *theta: Any) -> Any:
        """Return the x with P(X ≤ x) = p, P(X > x) = q; the smaller of both is exact where it was given."""
        wanted = q if upper else p
        inside = np.where((wanted > 0.0) & (wanted < 1.0), wanted, 0.5)
        p, q = (1.0 - inside, inside) if upper else (inside, 1.0 - inside)
        mass = np.exp(self._log_mass(*theta))
        below, after = self._outside(*theta)
        u, v = below + p * mass, after + q * mass
        about = np.where(u < v, self.base._icdf(u, *theta), self.base._iccdf(v, *theta))
        if self.discrete:
            about = np.clip(about, self.lower, self.upper)
            cdf, ccdf = self._cdf, self._ccdf
            found = smallest_integer(
                (lambda k: inside - ccdf(k, *theta)) if upper else (lambda k: cdf(k, *theta) - inside), about
            )
        else:
            found = self._polished(self._from_the_ends(about, p, q, mass, below, after, *theta), p, q, *theta)
        first, last = self.base._icdf(np.zeros_like(inside), *theta), self.base._icdf(np.ones_like(inside), *theta)
        ends = np.maximum(first, self._first), np.minimum(last, self._last)
        zero, one = (ends[1], ends[0]) if upper else ends
        return np.where(wanted <= 0.0, zero, np.where(wanted >= 1.0, one, found))

    @property
    def _first(self) -> float:
        return float(np.ceil(self.lower)) if self.discrete else self.lower

    @property
    def _last(self) -> float:
        return float(np.floor(self.upper)) if self.discrete else self.upper

    def _outside(self, *theta: Any) -> tuple[Any, Any]:
        """Return the probability below the window and above it."""
        below = np.exp(log_probability(self.base, -np.inf, self._below, *theta))
        return below, np.exp(log_probability(self.base, self.upper, np.inf, *theta))

    def _from_the_ends(self, about: Any, p: Any, q: Any, mass: Any, below: Any, after: Any, *theta: Any) -> Any:
        """Return quantiles, those that lie at an end of the window by the density there."""
        middle = 0.5 * (self.lower + self.upper) if np.isfinite(self.upper - self.lower) else self._some
        found = np.where((about > self.lower) & (about < self.upper), about, middle)
        for end, share, outside, sign in ((self.lower, p, below, 1.0), (self.upper, q, after, -1.0)):
            if np.isfinite(end):
                length = np.exp(np.log(share) + self._log_mass(*theta) - self.base._log_density(end, *theta))
                near = (share < 0.5) & ((share * mass < NEAR_THE_END * outside) | (mass == 0.0))
                x = end + sign * length
                found = np.where(near & (x >= self.lower) & (x <= self.upper), x, found)
        return found

    def _polished(self, x: Any, p: Any, q: Any, *theta: Any) -> Any:
        """Return the quantiles after Newton steps in the logarithm of the smaller probability."""
        lower = p < q
        log_wanted, sign = np.log(np.where(lower, p, q)), np.where(lower, 1.0, -1.0)
        for _ in range(POLISHES):
            value = np.where(lower, self._log_cdf(x, *theta), self._log_ccdf(x, *theta))
            gap = log_wanted - value
            moved = x + sign * gap * np.exp(value - self._log_density(x, *theta))
            # a step beyond an end goes half the way to it
            moved = np.where(moved <= self.lower, 0.5 * (x + self.lower), moved)
            moved = np.where(moved >= self.upper, 0.5 * (x + self.upper), moved)
            x = np.where(np.isfinite(moved), moved, x)
            if np.all((np.abs(gap) <= ARRIVED) | ~np.isfinite(gap)):
                break
        return x

    def _sample(self, rng: np.random.Generator, size: Any, theta: tuple[float, ...]) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(self._icdf(rng.random(size), *theta))

    # -- how it is fitted: the likelihood of the family less n log P --------------------------------

    @property
    def sufficient(self) -> Any:
        """What is sufficient without truncation is with it."""
        return self.base.sufficient

    @property
    def exponential(self) -> bool:
        """Truncation keeps an exponential family one, with the same natural parameters."""
        return bool(self.base.exponential)

    @property
    def scope(self) -> str:
        """An exponential family has one maximum: its log-likelihood is concave in the natural parameters."""
        return "global" if self.base.exponential else "local"

    scope_needs = ()

    def _mapped(self, summary: Any, shift: float, factor: float) -> Any:
        return self.base._mapped(summary, shift, factor)

    def _starts_from(self, summary: Any) -> np.ndarray:
        return self._around(np.asarray(self.base._starts_from(summary), dtype=float))

    def _sufficient_likelihood(self, summary: Any, theta: np.ndarray) -> LikelihoodSummary:
        sums = self.base._sufficient_likelihood(summary, theta)
        columns = [theta[..., i] for i in range(theta.shape[-1])]
        first, second = log_probability_derivatives(self.base, self._below, self.upper, *columns)
        hessian, parts = np.empty(sums.hessian.shape), iter(second)
        for i in range(len(first)):
            for j in range(i, len(first)):
                hessian[..., i, j] = hessian[..., j, i] = next(parts)
        n = sums.weight
        return LikelihoodSummary(
            n,
            sums.value - n * self._log_mass(*columns),
            sums.gradient - n[..., None] * np.stack(first, axis=-1),
            sums.hessian - n[..., None, None] * hessian,
        )

    def _boundary(self, look: Any, fixed: Mapping[str, float]) -> Any:
        # what is refused there, because no window bounds the likelihood, is refused here too
        found = self.base._boundary(look, fixed)
        return found if np.isinf(self.lower) else None

    def plan(self, look: Look, fixed: dict[str, float]) -> Question:
        """Fit; where the data are flatter than any member of the family in the window, say so."""
        meaning = f"a limit of {self.__name__} describes the data better than any of its members"
        return (yield from plan_with_run_offs(self, look, fixed, meaning))


def truncated(family: Any, lower: Any = None, upper: Any = None) -> Any:
    """Return the family of which only values from `lower` to `upper` are seen, or such a model of a given model.

    The log density is log p(x) − log P(lower ≤ X ≤ upper). Not censoring: how many values lie outside is not known.

    Parameters
    ----------
    family : a family of one variable, or a model of one
    lower, upper : the ends of the window, which belong to it, in the unit of x; None for no end

    Raises
    ------
    ParameterError
        There is no end, or nothing of the family between them.

    Examples
    --------
    >>> import suffice as sf
    >>> sf.truncated(sf.Normal(mu=0, sigma=1), lower=0)
    truncated(Normal(mu=0, sigma=1), lower=0)
    >>> round(sf.truncated(sf.Normal(mu=0, sigma=1), lower=0).mean, 12)
    0.797884560803
    >>> sf.truncated(sf.Poisson, lower=1)
    truncated(Poisson, lower=1)
    """
    base, theta = family_and_theta(family, "truncated")
    ends = number_or_none(lower, "lower"), number_or_none(upper, "upper")
    low, high = (value if value is not None else end for value, end in zip(ends, (-np.inf, np.inf), strict=True))
    if np.isinf(low) and np.isinf(high):
        raise ParameterError(f"truncated needs an end: truncated({base.__name__}, lower=…), upper=… or both")
    made = Truncated(base, low, high)
    support = base.support
    if not made._first < made._last + (0.5 if base.discrete else 0.0):
        raise ParameterError(
            f"truncated needs lower {'≤' if base.discrete else '<'} upper, but lower = {low:g} and upper = {high:g}"
        )
    if made._last < support.lower or made._first > support.upper:
        raise ParameterError(
            f"{base.__name__} has probability only on {support.describe()}, and none from {low:g} to {high:g}"
        )
    if base.discrete and not support.integer:
        raise ParameterError(f"{base.__name__} is no family of whole numbers or of a density; truncate before rounding")
    return made if theta is None else made.from_theta(theta)
