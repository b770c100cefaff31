"""How the median and the mean deviation about it vary as estimates of a Laplace distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.distributions.estimate_law import EstimateLaw
from suffice.distributions.inference_problem import Question, Solution

REFUSALS = {
    "exact": "a Laplace distribution has no exact interval of a closed form; its profile interval is the default",
    "bootstrap": "each resample has a median of its own, which is not sought in lock step; profile and Wald intervals "
    "hold",
    "robust": "the sandwich needs the density of the data at their median, which the scores do not tell",
}
OF_FUNCTIONS = (
    "the profile of a function is followed along derivatives, which the likelihood lacks at its kinks; the Wald "
    "interval holds, and is the default for functions"
)
# Points by which each pass cuts a bracket of an end, and the share of the sum to which an end is found.
CUTS = 15
CLOSE = 1e-14


@dataclass(frozen=True, slots=True)
class LaplaceLaw(EstimateLaw):
    """The estimates are asymptotically normal with the inverse expected information as their covariance.

    The kinks leave the second derivative in the location at 0 almost everywhere, and the likelihood is nevertheless
    differentiable in quadratic mean (Le Cam 1970; van der Vaart 1998, chapter 7): the likelihood ratio has its χ²
    law, and the information is the variance of the score, n/scale² for each of location and scale.

    Parameters
    ----------
    scale_is_free : whether the scale was not fixed
    """

    scale_is_free: bool

    basis: ClassVar[str] = "expected information"
    answers: ClassVar[tuple[str, ...]] = ("profile",)
    for_functions: ClassVar[str] = "wald"

    def refusal(self, method: str, of_function: bool = False) -> str:
        """Return why a method does not hold; profile and Wald intervals of parameters do."""
        return OF_FUNCTIONS if method == "profile" and of_function else REFUSALS.get(method, "")

    def interval(self, solution: Solution, name: str, level: float, n: float) -> Question:
        """Return the profile interval: of the scale in closed form, of the location by passes."""
        nats = 0.5 * float(special.ndtri(0.5 + level / 2.0) ** 2)
        model, likelihood = solution.model, solution.problem.likelihood
        if name == "scale":
            lower, upper = np.exp(_scale_ends(nats / n)).tolist()
            return model.scale * lower, model.scale * upper, ""
        # n log Σ|x − m| may rise by q/2, and with the scale fixed Σ|x − m|/scale
        here = (yield from likelihood.total(_distance, np.zeros((1, 1))))[0]
        scale = model.scale / likelihood.factor
        target = here * np.exp(nats / n) if self.scale_is_free else here + scale * nats
        lower, upper = yield from _location_ends(likelihood, float(here), float(target), n)
        shift, factor = likelihood.shift, likelihood.factor
        return shift + factor * float(lower), shift + factor * float(upper), ""


def _scale_ends(rise: float) -> tuple[float, float]:
    """Return the roots u of u + exp(−u) − 1 = rise, a convex function, by Newton's method from outside."""
    roots = []
    for u in (-np.sqrt(2.0 * rise), rise + np.sqrt(2.0 * rise)):
        for _ in range(60):
            step = (u + np.expm1(-u) - rise) / -np.expm1(-u)
            u -= step
            if abs(step) <= 1e-16 * abs(u):
                break
        roots.append(float(u))
    return roots[0], roots[1]


def _location_ends(likelihood: Any, here: float, target: float, n: float) -> Question:
    """Return where Σ|z − m| rises from `here`, at 0, to the target on either side.

    The sum is convex and linear between rows: each pass cuts both brackets into equal parts, and where no row is left
    inside, the chord between their ends meets the target.
    """
    # Σ|z − m| ≥ n |m| − Σ|z|
    far = 1.01 * (target + here) / n
    inside, outside = np.zeros(2), np.array([-far, far])
    heights = yield from _sums(likelihood, outside)
    low, high = np.array([here, here]), heights
    while True:
        chord = inside + (outside - inside) * ((target - low) / (high - low))
        shares = np.linspace(0.0, 1.0, CUTS + 2)[1:-1]
        points = np.concatenate([chord[:, None], inside[:, None] + (outside - inside)[:, None] * shares], axis=1)
        sums = (yield from _sums(likelihood, points.ravel())).reshape(points.shape)
        if np.all(np.abs(sums[:, 0] - target) <= CLOSE * target):
            return chord
        before = inside.copy(), outside.copy()
        for side in (0, 1):
            within, at = np.abs(points[side]), sums[side] <= target
            if at.any():
                best = int(np.argmax(np.where(at, within, -np.inf)))
                inside[side], low[side] = points[side, best], sums[side, best]
            if not at.all():
                best = int(np.argmin(np.where(at, np.inf, within)))
                outside[side], high[side] = points[side, best], sums[side, best]
        if np.array_equal(before[0], inside) and np.array_equal(before[1], outside):
            return chord


def _sums(likelihood: Any, points: np.ndarray) -> Question:
    return (yield from likelihood.total(_distance, points[:, None]))


def _distance(z: Any, location: Any) -> Any:
    return np.abs(z - location)
