"""How the generalized normal is fitted: by the profile over its shape, in which location and scale are exact.

Whatever the scale, the location minimises Σ|x − μ|^β. For β > 1 that is convex with one root of its slope, which is
steep at rows: it is held in a bracket. For β ≤ 1 it is concave between rows, and the minimum is a row. The scale is
(β mean|x − μ|^β)^(1/β). Newton's method would stick at the rows, near which the second derivative in μ is unbounded for
β < 2; its place in the Hessian is taken by the expected information.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.plan import allowed_at, best_of, power_of_two, refuse_degenerate, without_free_parameters
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem
from suffice.errors import NoMaximumError, NotAvailableError

# The region: the likelihood is unbounded as the shape goes to 0.
LOWEST_SHAPE = 0.2
# Shapes at which the profile is first looked at; a uniform distribution of 2,048 rows has none above.
SHAPES = np.geomspace(LOWEST_SHAPE, 2000.0, 41)
# Steps of a bracketed root, far more than are needed.
MOST_STEPS = 200
# Distances in one part of a table.
TABLE = 100_000
# Nats that the slope in location may leave to be gained; where more, it changes its sign within the rounding of a row.
UNRESOLVED = 1e-7
STEEP = (
    "the slope of the log-likelihood in location changes its sign at a row, within rounding, as it does near shape 1"
)
KINK = "the log-likelihood is not differentiable in location at any row for shape ≤ 1, and is highest at one of them"


@dataclass(frozen=True, slots=True)
class Profile:
    """The log-likelihood of rows in memory at a shape, the other free parameters at their best.

    Parameters
    ----------
    x, w : ndarray, shape (n,), distinct values in ascending order, and their weights
    location, scale : where they are fixed, else NaN
    logarithms : log|x − xᵢ|, in parts of some rows i each; needed for shapes ≤ 1 where the location is free
    """

    x: np.ndarray
    w: np.ndarray
    location: float
    scale: float
    logarithms: tuple[np.ndarray, ...] = ()

    def best_location(self, shape: float) -> float:
        """Return the location that minimises Σ w|x − μ|^β."""
        if not np.isnan(self.location):
            return self.location
        if shape <= 1.0:
            return self._best_row(shape)
        return bracketed_root(lambda m: self._slope(m, shape), float(self.x[0]), float(self.x[-1]))

    def best_scale(self, location: float, shape: float) -> float:
        """Return the scale (β mean|x − μ|^β)^(1/β), without over- or underflow of the powers."""
        if not np.isnan(self.scale):
            return self.scale
        size = np.abs(self.x - location)
        top = float(size.max())
        mean = float(self.w @ (size / top) ** shape) / float(self.w.sum())
        return float(top * np.exp((np.log(shape) + np.log(mean)) / shape))

    def theta(self, shape: float) -> tuple[float, float, float]:
        """Return all parameters at a shape."""
        location = self.best_location(shape)
        return location, self.best_scale(location, shape), shape

    def value(self, shape: float) -> float:
        """Return the log-likelihood."""
        location, scale, _ = self.theta(shape)
        return self.height(location, scale, shape)

    def height(self, location: float, scale: float, shape: float) -> float:
        """Return the log-likelihood at these parameters."""
        total = float(self.w @ np.abs((self.x - location) / scale) ** shape)
        n = float(self.w.sum())
        return -total - n * float(np.log(2.0 * scale) + special.gammaln(1.0 + 1.0 / shape))

    def score(self, log_shape: float) -> float:
        """Return the derivative of the profile in the shape, which is that of the log-likelihood at its best others."""
        shape = float(np.exp(log_shape))
        location, scale, _ = self.theta(shape)
        size = np.abs((self.x - location) / scale)
        there = size > 0.0
        terms = size**shape * np.log(np.where(there, size, 1.0))
        return float(self.w.sum() * special.psi(1.0 + 1.0 / shape) / shape**2 - self.w @ terms)

    def _slope(self, location: float, shape: float) -> float:
        off = (self.x - location) / (self.x[-1] - self.x[0])
        return float(self.w @ (np.sign(off) * np.abs(off) ** (shape - 1.0)))

    def _best_row(self, shape: float) -> float:
        # of a table of logarithms, exponentials are four times as fast as powers
        sums = [np.exp(shape * part) @ self.w for part in self.logarithms]
        return float(self.x[int(np.argmin(np.concatenate(sums)))])


def logarithms_of_distances(x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return log|x − xᵢ| for all rows i, in parts of some rows each."""
    size = max(1, TABLE // len(x))
    with np.errstate(divide="ignore"):
        return tuple(np.log(np.abs(x - x[i : i + size, None])) for i in range(0, len(x), size))


def bracketed_root(function: Any, low: float, high: float) -> float:
    """Return where a decreasing function changes its sign, to the last digit, by false position and halving."""
    at_low, at_high = function(low), function(high)
    if not at_low > 0.0:
        return low
    if not at_high < 0.0:
        return high
    for step in range(MOST_STEPS):
        middle = 0.5 * (low + high)
        # every third step halves, so that a steep side cannot hold the bracket
        trial = low + (high - low) * (at_low / (at_low - at_high)) if step % 3 else middle
        trial = trial if low < trial < high else middle
        if not low < trial < high:
            break
        value = function(trial)
        if value > 0.0:
            low, at_low, at_high = trial, value, at_high * (0.5 if step % 3 else 1.0)
        elif value < 0.0:
            high, at_high, at_low = trial, value, at_low * (0.5 if step % 3 else 1.0)
        else:
            return trial
    return low if abs(function(low)) < abs(function(high)) else high


def generalized_normal_plan(family: Any, look: Look, fixed: Mapping[str, float]) -> Question:
    """Fit the family; return a Solution."""
    assert look.sample is not None
    rows = look.sample.rows[:, 0]
    shift = float(np.median(rows))
    factor = power_of_two(float(np.mean(np.abs(rows - shift))) or look.maximum - look.minimum)
    values = [
        float(p.standardized(fixed[p.name], shift, factor)) if p.name in fixed else np.nan for p in family.parameters
    ]
    coordinates = Coordinates(family.parameters, tuple(values))
    refuse_degenerate(family, look, coordinates, (look.minimum - shift) / factor)
    problem = Problem(Likelihood(family, shift, factor), coordinates)
    if not coordinates.free:
        return (yield from without_free_parameters(problem))
    with np.errstate(all="ignore"):  # a fixed scale far too small lets powers overflow
        inside = _inside(problem, look)
    if not look.sample_is_all:
        inside = yield from _of_all_rows(problem, inside, look)
    return (yield from _compared_with_uniform(problem, inside, look, fixed))


def _of_all_rows(problem: Problem, inside: Solution, look: Look) -> Question:
    """Return the maximum for all rows, reached from that for the sample; refuse where it is a kink."""
    solution = inside
    if not inside.status:
        # not by `climb`: second derivatives of a sample, unbounded near its rows, are a poor guide
        solution = yield from best_of(
            problem, inside.phi[None, :], look.n, partial(allowed_at, problem, look=look), (1, 1)
        )
    sample = look.sample
    assert sample is not None
    if solution.model.shape <= 1.0 and 0 in problem.coordinates.free:
        raise NotAvailableError(
            f"column {look.column!r}: with a shape of about {solution.model.shape:.3g}, not above 1, the likelihood of "
            f"GeneralizedNormal is highest at a row, which is sought among at most {len(sample.rows):,} so far, "
            f"not among {look.n:,.15g}; fit a random part of the rows, fix location, or fit Laplace or StudentT to all"
        )
    return solution


def _inside(problem: Problem, look: Look) -> Solution:
    """Return the best point with a finite shape."""
    likelihood, known = problem.likelihood, problem.coordinates.fixed
    sample = look.sample
    assert sample is not None
    x = (sample.rows[:, 0] - likelihood.shift) / likelihood.factor
    weights = np.ones(len(x)) if sample.weights is None else sample.weights
    values, where = np.unique(x[weights > 0.0], return_inverse=True)
    table = logarithms_of_distances(values) if np.isnan(known[0]) and not known[2] > 1.0 else ()
    profile = Profile(values, np.bincount(where, weights[weights > 0.0]), known[0], known[1], table)
    shape, uphill = (known[2], 1) if not np.isnan(known[2]) else _best_shape(profile, problem, look)
    if np.isinf(shape):
        raise NoMaximumError(
            f"column {look.column!r}: GeneralizedNormal with the shape fixed at ∞ is the uniform distribution, whose "
            "likelihood has no derivatives; fit the range of the data instead",
            column=look.column,
        )
    theta = np.array(profile.theta(shape))
    phi = problem.coordinates.phi(theta[None, :])[0]
    free, n = problem.coordinates.free, float(weights.sum())
    height = profile.height(*[float(t) for t in theta]) - n * float(np.log(likelihood.factor))
    first, _ = likelihood.family._derivatives(values, *theta)
    total = np.array([float(profile.w @ np.broadcast_to(part, values.shape)) for part in first])
    slopes = np.stack([problem.coordinates.parameters[i].domain.derivatives(phi[c])[0] for c, i in enumerate(free)])
    hessian = -n * expected_information(float(theta[1]), float(theta[2]))[np.ix_(free, free)] * np.outer(slopes, slopes)
    gradient = total[free] * slopes
    kink = 0 in free and (shape <= 1.0 or gradient[0] ** 2 > -2.0 * UNRESOLVED * hessian[0, 0])
    if kink:
        gradient[0] = 0.0  # between the slopes on both sides of the row
    why = "" if not kink else KINK if shape <= 1.0 else STEEP
    starts = 1 if not np.isnan(known[2]) else len(SHAPES)
    return Solution(
        problem, phi, height, gradient, hessian, problem.model(phi), starts=starts, agree=uphill,
        status="kink" if kink else "", reason=why,
    )  # fmt: skip


def _best_shape(profile: Profile, problem: Problem, look: Look) -> tuple[float, int]:
    """Return the shape of the highest maximum of the profile in the region, and how many shapes lead uphill to it."""
    heights = np.array([profile.value(float(shape)) for shape in SHAPES])
    logs, best = np.log(SHAPES), int(np.argmax(heights))
    if best == 0 and profile.score(float(logs[0])) < 0.0:
        location = problem.likelihood.shift + problem.likelihood.factor * profile.best_location(LOWEST_SHAPE)
        raise NoMaximumError(
            f"column {look.column!r}: the likelihood of GeneralizedNormal has no maximum that is the best in the "
            f"region shape ≥ {LOWEST_SHAPE:g}: it is highest at the edge in shape, near location = {location:.6g}, and "
            "grows without end beyond it, as it does around any row; fix shape with fixed={'shape': …}, or choose a "
            "family with heavy tails such as StudentT",
            column=look.column,
        )
    rises = np.diff(heights) > 0.0
    below, above = rises[:best][::-1], ~rises[best:]
    uphill = 1 + int(np.argmin(np.append(below, False))) + int(np.argmin(np.append(above, False)))
    low, high = logs[max(best - 1, 0)], logs[min(best + 1, len(logs) - 1)]
    return float(np.exp(bracketed_root(profile.score, float(low), float(high)))), uphill


def location_information(scale: Any, shape: Any) -> Any:
    """Return the expected information of one row in the location, β² Γ(2 − 1/β)/(α² Γ(1/β)); ∞ for β ≤ ½."""
    a = 1.0 / np.maximum(shape, 0.5)
    information = np.exp(special.gammaln(2.0 - a) - special.gammaln(a)) / (a * a * scale * scale)
    return np.where(np.asarray(shape) > 0.5, information, np.inf)


def expected_information(scale: float, shape: float) -> np.ndarray:
    """Return the expected information of one row in (location, scale, shape), ∞ for the location where β ≤ ½.

    With a = 1/β, |z|^β has a gamma distribution of shape a, from which all moments follow.
    """
    a = 1.0 / shape
    location = float(location_information(scale, shape))
    digamma, next_digamma = special.psi(1.0 + a), special.psi(2.0 + a)
    square = a * (a + 1.0) * (special.polygamma(1, 2.0 + a) + next_digamma**2) - (a * digamma) ** 2
    cross = -(a / scale) * (1.0 + digamma)
    return np.array([[location, 0.0, 0.0], [0.0, shape / scale**2, cross], [0.0, cross, a * a * square]])


def _compared_with_uniform(problem: Problem, inside: Solution, look: Look, fixed: Mapping[str, float]) -> Question:
    """Return the better of a solution and the uniform distribution, the limit as the shape goes to ∞."""
    if "shape" in fixed:
        return inside
    location = fixed.get("location", 0.5 * look.minimum + 0.5 * look.maximum)
    reach = max(look.maximum - location, location - look.minimum)
    # rounded up, so that no row at an end falls outside
    scale = fixed.get("scale", reach * (1.0 + 1e-15))
    if scale < reach:
        return inside
    likelihood = problem.likelihood
    exact = {"location": float(location), "scale": float(scale), "shape": np.inf}
    held = [
        float(p.standardized(exact[p.name], likelihood.shift, likelihood.factor))
        for p in problem.coordinates.parameters
    ]
    edge = replace(problem, coordinates=replace(problem.coordinates, fixed=tuple(held)))
    top = yield from without_free_parameters(edge)
    if not top.value >= inside.value:
        return inside
    reason = "the likelihood still rises as shape → ∞, where the family becomes the uniform distribution"
    model = replace(top.model, **exact)
    return replace(
        top, model=model, status="no finite maximum", reason=reason, starts=inside.starts, agree=inside.agree
    )
