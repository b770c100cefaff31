"""Profile intervals where the likelihood is highest at a limit of the family (df = ∞) or on its boundary (mean = 0).

There is no information matrix to start from, so the profile log-likelihood ℓₚ(v), the maximum over the other
parameters with one held at v, is searched for the ends of {v : ℓₚ(v) ≥ ℓ̂ − q/2}, q the χ² quantile with one degree
of freedom. Of a parameter that is itself at the limit one end is the limit; such an interval covers at least as
often as it says (Self and Liang 1987: q is too large there).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.problem import Problem, newton
from suffice.inference.interval import ConfidenceInterval

# How far the logarithm or logit of a parameter may go: exp(±40) is beyond what any data tell; and how far one without
# bounds may, in units of the data's spread.
FARTHEST = 40.0
FARTHEST_REAL = 1e15
# From a limit inwards the search goes in long steps as far as this, where nothing happens, and then in short ones.
FLAT, LONG, SHORT = 8.0, 4.0, 0.25
# Nats within which an end is found.
CLOSE = 1e-7
# Parameters that ran to a limit are also looked for inside, from these distances in φ from 0 towards it; and with
# locations so far from the maximum, in units of the data's spread: a narrow cluster may be better there.
INSIDE = (-1.2, 0.0, 1.1, 3.4)
ASIDE = (0.0, -0.7, 0.7)
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile log-likelihood of one parameter, at solutions whose other parameters may be at a limit.

    Parameters
    ----------
    solution : at the limit or on the boundary; its problem has all parameters that are there fixed
    fixed : which of all p parameters the person fixed
    position : of the parameter that is profiled
    n : the weight of the data
    inside : whether others at a limit are looked for inside the family too
    """

    solution: Solution
    fixed: tuple[bool, ...]
    position: int
    n: float
    inside: bool = False

    @property
    def problem(self) -> Problem:
        """The problem of the solution."""
        return self.solution.problem

    @property
    def theta(self) -> np.ndarray:
        """All parameters of the solution in z, shape (p,)."""
        return self.problem.coordinates.theta(self.solution.phi[None, :])[0]

    @property
    def at_limit(self) -> list[int]:
        """The positions of the other parameters that lie at a limit or a bound."""
        there = [not f and not np.isnan(v) for f, v in zip(self.fixed, self.problem.coordinates.fixed, strict=True)]
        return [i for i, away in enumerate(there) if away and i != self.position]

    def height(self, phi: float) -> Question:
        """Ask for the largest log-likelihood with the parameter at φ, the others free."""
        theta, parameters = self.theta, self.problem.coordinates.parameters
        theta[self.position] = parameters[self.position].domain.constrain(phi)
        ends = [(yield from self._climbed(theta[None, :], self.at_limit))]
        if self.inside and self.at_limit:
            ends.append((yield from self._climbed(self._inside(theta), [])))
        return max(ends)

    def is_outside(self, phi: float) -> bool:
        """Say whether the parameter at φ lies outside the region in which the family is fitted, whatever the others."""
        family = self.problem.likelihood.family
        if not family.region:
            return False
        theta = np.full((1, len(self.fixed)), np.inf)
        theta[0, self.position] = self.problem.coordinates.parameters[self.position].domain.constrain(phi)
        return not bool(np.asarray(family._in_region(theta, 1.0))[0])

    def _inside(self, theta: np.ndarray) -> np.ndarray:
        """Return starts θ, shape (m, p), with the parameters at a limit put inside, and locations moved."""
        parameters = self.problem.coordinates.parameters
        starts = np.repeat(np.tile(theta, (len(INSIDE), 1)), len(ASIDE), axis=0)
        for i in self.at_limit:
            toward = np.sign(parameters[i].domain.unconstrain(theta[i]))
            starts[:, i] = np.repeat(parameters[i].domain.constrain(toward * np.array(INSIDE)), len(ASIDE))
        for i, parameter in enumerate(parameters):
            if parameter.role == "location" and i != self.position and not self.fixed[i]:
                starts[:, i] += np.tile(ASIDE, len(INSIDE))
        return starts

    def _climbed(self, starts: np.ndarray, kept: list[int]) -> Question:
        """Climb in the parameters that are neither fixed, nor profiled, nor kept where they are; return the height."""
        still = [i for i, f in enumerate(self.fixed) if f or i == self.position or i in kept]
        values = tuple(starts[0, i] if i in still else np.nan for i in range(len(self.fixed)))
        problem = replace(self.problem, coordinates=replace(self.problem.coordinates, fixed=values))
        if len(still) == len(self.fixed):
            return (yield from problem.value(np.empty(0)))
        state = yield from newton(problem, problem.coordinates.phi(starts), self.n)
        allowed = np.isfinite(state.best_value)
        if self.problem.likelihood.family.region:
            found = problem.coordinates.theta(state.best)
            found[:, [i for i, f in enumerate(self.fixed) if f]] = np.inf
            # in z the spread of the data is about 1
            allowed &= np.asarray(self.problem.likelihood.family._in_region(found, 1.0))
        return float(np.where(allowed, state.best_value, -np.inf).max()) * self.n


def interval_at_limit(solution: Solution, fixed: Mapping[str, Any], name: str, level: float, n: float) -> Question:
    """Return the profile interval of a parameter of a fit at a limit or on the boundary.

    Parameters
    ----------
    solution : of a family of one variable
    fixed : what the person fixed
    name : a parameter that was not fixed
    level : the confidence
    n : the weight of the data
    """
    problem = solution.problem
    parameters = problem.coordinates.parameters
    position = [parameter.name for parameter in parameters].index(name)
    profile = Profile(solution, tuple(p.name in fixed for p in parameters), position, n)
    target = solution.value - 0.5 * float(special.ndtri(0.5 + level / 2.0) ** 2)
    here = parameters[position].domain.unconstrain(profile.theta[position])
    if np.isfinite(here):
        ends = []
        for side in (-1.0, 1.0):
            ends.append((yield from _end(profile, target, float(here), side)))
        note = f"the likelihood is highest at {_where(problem, profile)}"
        open_ends = any(np.isinf(ends))
    else:
        side = -float(np.sign(here))
        other = yield from _end(profile, target, side * -FARTHEST, side)
        ends, open_ends = sorted([float(here), other]), np.isinf(other)
        note = f"one-sided: the likelihood is highest at {_where(problem, profile)}"
    if open_ends:
        region = f" where {family.region.split(';')[0]}" if (family := problem.likelihood.family).region else ""
        note += f"; the data set no {'bound on one side' if np.isfinite(here) else 'other bound'}{region}"
    lower, upper = (_restored(problem, position, end) for end in ends)
    return ConfidenceInterval(lower, upper, level, "profile", _restored(problem, position, float(here)), name, note)


def _end(profile: Profile, target: float, start: float, side: float) -> Question:
    """Return the φ beyond `start` at which the profile falls to the target; ±∞ where it stays above.

    First with the others kept at their limit; further out only if it is higher inside the family there.
    """
    end = yield from _fall(profile, target, start, side)
    if np.isinf(end) or not profile.at_limit:
        return end
    profile = replace(profile, inside=True)
    return (yield from _fall(profile, target, end, side))


def _fall(profile: Profile, target: float, start: float, side: float) -> Question:
    """Return the first φ from `start` on at which the profile is at the target or below."""
    farthest = (
        2.0 * FARTHEST if profile.problem.coordinates.parameters[profile.position].domain.scale else FARTHEST_REAL
    )
    from_limit, near, step = abs(start) >= FARTHEST, start, 0.125
    above = (yield from profile.height(near)) - target
    if above <= CLOSE:
        return near
    while True:
        if from_limit:
            step = LONG if abs(near) > FLAT else SHORT
        far = near + side * step
        if abs(far) > farthest or profile.is_outside(far):
            return side * np.inf
        below = (yield from profile.height(far)) - target
        if below <= 0.0:
            break
        near, above, step = far, below, 2.0 * step
    return (yield from _crossing(profile, target, (near, above), (far, below)))


def _crossing(profile: Profile, target: float, inside: tuple[float, float], outside: tuple[float, float]) -> Question:
    """Return where the profile crosses the target between two points (φ, height − target); Illinois' rule."""
    (a, f), (b, g) = inside, outside
    if not np.isfinite(g):
        g = -1e3
    for _ in range(MOST_STEPS):
        middle = a + (b - a) * f / (f - g)
        h = (yield from profile.height(middle)) - target
        if abs(h) < CLOSE or abs(b - a) < 1e-13 * (1.0 + abs(a)):
            return middle
        if h > 0.0:
            a, f, g = middle, h, 0.5 * g
        else:
            b, g, f = middle, h, 0.5 * f
    return middle


def _restored(problem: Problem, position: int, phi: float) -> float:
    """Return the parameter in the unit of the data at its coordinate φ."""
    parameter, likelihood = problem.coordinates.parameters[position], problem.likelihood
    value = parameter.domain.constrain(np.float64(phi))
    return float(parameter.restored(value, likelihood.shift, likelihood.factor))


def _where(problem: Problem, profile: Profile) -> str:
    """Say which parameters are at a limit or a bound."""
    fixed = problem.coordinates.fixed
    there = [
        f"{p.name} = {p.restored(v, problem.likelihood.shift, problem.likelihood.factor):g}".replace("inf", "∞")
        for p, v, f in zip(problem.coordinates.parameters, fixed, profile.fixed, strict=True)
        if not f and not np.isnan(v)
    ]
    return ", ".join(there)
