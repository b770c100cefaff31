"""Families of rounded values: the probability of a value is that of the cell which is rounded to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.distributions.composed_family import ComposedFamily, family_and_theta, number_or_none, starts_of
from suffice.distributions.distribution import smallest_integer
from suffice.distributions.inference_problem import Question
from suffice.distributions.interval_derivatives import log_probability_derivatives
from suffice.distributions.interval_probability import log_probability, tails
from suffice.distributions.lattice_support import SAME, LatticeSupport
from suffice.distributions.parameter import Support
from suffice.distributions.problem import Look
from suffice.distributions.run_off import plan_with_run_offs
from suffice.errors import NoMaximumError, ParameterError, number_text
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums
from suffice.statistics.tally import Tally, TallySummary


@dataclass(frozen=True, slots=True, repr=False)
class Rounded(ComposedFamily):
    """The distributions of X rounded to origin + k · step: P(x) = P(x − step/2 < X ≤ x + step/2); made by `rounded`.

    Parameters
    ----------
    base : the family of X, with a density
    step, origin : of the grid, in the unit of x
    unit : the log probability is that per this length: a density of z = (x − shift)/factor is that of x times factor,
        and a probability is not, so that the family of z has the unit `factor`
    """

    step: float = 1.0
    origin: float = 0.0
    unit: float = 1.0

    discrete = True
    sufficient: ClassVar[Any] = Tally()
    # A cell holds probability 1 at most: an exponential family loses its one maximum here, and no spike is unbounded.
    region = ""
    collapses: ClassVar[dict[str, str]] = {}
    seeks_an_end = False

    def _written(self, base: str) -> str:
        origin = f", origin={number_text(self.origin)}" if self.origin else ""
        return f"rounded({base}, step={number_text(self.step)}{origin})"

    def _support_of(self, support: Support) -> Support:
        """Return the grid points whose cells overlap the support: the cell of 0 is half a cell of positive values."""
        lower, upper = support.lower, support.upper
        if np.isfinite(lower):
            lower = float(self._point(np.floor((lower - self.origin) / self.step + 0.5)))
        if np.isfinite(upper):
            upper = float(self._point(np.ceil((upper - self.origin) / self.step - 0.5)))
        return LatticeSupport(lower, upper, True, True, step=self.step, origin=self.origin)

    def _point(self, k: Any) -> Any:
        return self.origin + self.step * k

    def _number(self, x: Any) -> Any:
        """Return k of the grid points."""
        return np.round((np.asarray(x, dtype=float) - self.origin) / self.step)

    def _edge(self, k: Any) -> Any:
        """Return the upper end of cell k."""
        return self.origin + self.step * (k + 0.5)

    def _in_z(self, shift: float, factor: float) -> Any:
        base = self.base._in_z(shift, factor)
        return Rounded(base, self.step / factor, (self.origin - shift) / factor, self.unit * factor)

    # -- the mathematics ---------------------------------------------------------------------------

    def _log_density(self, x: Any, /, *theta: Any) -> Any:
        k = self._number(x)
        on_grid = np.abs(x - self._point(k)) <= SAME * self.step
        value = log_probability(self.base, self._edge(k - 1.0), self._edge(k), *theta) + np.log(self.unit)
        return np.where(on_grid, value, -np.inf)

    def _derivatives(self, x: Any, /, *theta: Any) -> tuple[list[Any], list[Any]]:
        k = self._number(x)
        return log_probability_derivatives(self.base, self._edge(k - 1.0), self._edge(k), *theta)

    def _log_cdf(self, x: Any, /, *theta: Any) -> Any:
        return tails(self.base, self._last_edge(x), *theta)[0]

    def _log_ccdf(self, x: Any, /, *theta: Any) -> Any:
        return tails(self.base, self._last_edge(x), *theta)[1]

    def _last_edge(self, x: Any) -> Any:
        """Return the upper end of the last cell whose grid point is at most x."""
        return self._edge(np.floor((np.asarray(x, dtype=float) - self.origin) / self.step + SAME))

    def _cdf(self, x: Any, /, *theta: Any) -> Any:
        return self.base._cdf(self._last_edge(x), *theta)

    def _ccdf(self, x: Any, /, *theta: Any) -> Any:
        return self.base._ccdf(self._last_edge(x), *theta)

    def _icdf(self, p: Any, /, *theta: Any) -> Any:
        inside = np.where((p > 0.0) & (p < 1.0), p, 0.5)
        about = self._number(self.base._icdf(inside, *theta))
        found = smallest_integer(lambda k: self._cdf(self._point(k), *theta) - inside, about)
        return self._at_ends(found, np.asarray(p) <= 0.0, np.asarray(p) >= 1.0, *theta)

    def _iccdf(self, q: Any, /, *theta: Any) -> Any:
        inside = np.where((q > 0.0) & (q < 1.0), q, 0.5)
        about = self._number(self.base._iccdf(inside, *theta))
        found = smallest_integer(lambda k: inside - self._ccdf(self._point(k), *theta), about)
        return self._at_ends(found, np.asarray(q) >= 1.0, np.asarray(q) <= 0.0, *theta)

    def _at_ends(self, k: Any, low: Any, high: Any, *theta: Any) -> Any:
        support = self._support_of(self.base.support)
        return np.where(low, support.lower, np.where(high, support.upper, self._point(k)))

    def _sample(self, rng: np.random.Generator, size: Any, theta: tuple[float, ...]) -> np.ndarray:
        return np.asarray(self._point(self._number(self.base.from_theta(theta)._sample(rng, size))))

    # -- how it is fitted: few distinct values, so that a tally is the data -----------------------------

    def _mapped(self, summary: TallySummary, shift: float, factor: float) -> TallySummary:
        return replace(summary, values=(summary.values - shift) / factor)

    def _sufficient_likelihood(self, summary: TallySummary, theta: np.ndarray) -> LikelihoodSummary:
        return LikelihoodSums(self, theta).observe(summary.block())

    def _starts_from(self, summary: TallySummary) -> np.ndarray:
        return self._starts(summary.values, summary.weights)

    def _starts(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return self._around(starts_of(self.base, self._inside(x), weights))

    def _with_fixed(self, starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(self.base._with_fixed(starts, fixed, self._inside(x), weights))

    def _inside(self, x: np.ndarray) -> np.ndarray:
        """Return the middles of the parts of the cells that lie in the support."""
        support, k = self.base.support, self._number(x)
        return np.asarray(
            0.5 * np.maximum(self._edge(k - 1.0), support.lower) + 0.5 * np.minimum(self._edge(k), support.upper)
        )

    def plan(self, look: Look, fixed: dict[str, float]) -> Question:
        """Fit; where all values lie in one cell, or so few cells that a spike describes them, say so."""
        if look.minimum == look.maximum and not fixed:
            raise NoMaximumError(
                f"column {look.column!r} is constant: every value is {number_text(look.minimum)}, and the likelihood "
                f"of {self.__name__} approaches 1 for any narrow distribution within that cell; drop the column, or "
                "fix a parameter with fixed={…}",
                column=look.column,
                value=look.minimum,
            )
        meaning = f"a limit of {self.__name__} describes the data better than any of its members"
        return (yield from plan_with_run_offs(self, look, fixed, meaning))


def is_fitted_rounded(family: Any, fixed: Mapping[str, float]) -> bool:
    """Say whether the family of rounded values can be fitted: that of a regular one, with a search of its own."""
    searched = family.sufficient is not None or family._starts is not None
    return bool(family.law_given(fixed) is None and searched)


def rounded(family: Any, step: float, origin: float = 0.0) -> Any:
    """Return the family of values that were rounded to the grid origin + k · step, or such a model of a given model.

    Parameters
    ----------
    family : a family of one variable with a density, or a model of one
    step : the distance of the grid points, in the unit of x
    origin : one of them

    Raises
    ------
    ParameterError
        The step is not positive, or the family has no density.

    Examples
    --------
    >>> from suffice.distributions.normal import Normal
    >>> model = rounded(Normal(mu=0, sigma=1), step=2)
    >>> model, round(model.pmf(0), 12)
    (rounded(Normal(mu=0, sigma=1), step=2), 0.682689492137)
    """
    base, theta = family_and_theta(family, "rounded")
    width, start = number_or_none(step, "step"), number_or_none(origin, "origin")
    if width is None or not 0.0 < width < np.inf or start is None or not np.isfinite(start):
        raise ParameterError(f"rounded needs a positive step and a finite origin, not step = {step}, origin = {origin}")
    if base.discrete:
        raise ParameterError(f"{base.__name__} has no density; rounding is for values of a continuous variable")
    made = Rounded(base, width, start)
    return made if theta is None else made.from_theta(theta)
