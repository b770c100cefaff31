"""Confidence intervals for a parameter, or for any function of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.profile_path import PathReason
from suffice.distributions.inference_problem import Question
from suffice.errors import NotAvailableError, ParameterError
from suffice.inference.interval_target import Target
from suffice.inference.profile_end import end_at_bound, end_over_slices, follow

# Replicates without a value that a percentile interval may leave out.
MOST_LOST = 0.05
# Rounding that may move an end by more than this share of the width is refused; twice its root mean square is what it
# may do (a rounded number is off by at most √3 of that).
COARSEST = 0.01
SIGMAS = 2.0

# Points inside the region at which a function is looked at, fewer for more than so many parameters; how far out in
# Wald's ellipsoid; and the share of the width by which it may pass an end there.
LOOKS, FEW = 96, 50
RADII = (0.4, 0.7, 0.95)
WAVES = 1e-3


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """A confidence interval; unpacks as `lower, upper`.

    Parameters
    ----------
    lower, upper : the ends; infinite where the data set no bound
    level : the confidence, such as 0.95
    method : "wald", "profile" or "bootstrap"
    estimate : the value at the fit
    name : what it is of
    note : what a reader should know, or ""
    """

    lower: float
    upper: float
    level: float
    method: str
    estimate: float
    name: str
    note: str = ""

    def __iter__(self) -> Iterator[float]:
        return iter((self.lower, self.upper))

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return (
            f"{self.name} = {self.estimate:.6g}, {self.level:.4g} {self.method} interval "
            f"({self.lower:.6g}, {self.upper:.6g}){note}"
        )


def as_target(what: Any, problem: Any) -> Target:
    """Return the target for a parameter's name or a function of the model."""
    if callable(what):
        name = getattr(what, "__name__", "function")

        def at(phi: np.ndarray) -> float:
            value = np.asarray(what(problem.model(phi)))
            if value.ndim or value.dtype.kind not in "biuf":
                returned = f"shape {value.shape}" if value.ndim else f"{value.item()!r:.40}"
                raise ParameterError(f"an interval is of one number, but the function returned {returned}")
            return float(value)

        name = "function of the model" if name == "<lambda>" else name
        return Target(name, at, model=what, realized=problem.realized)
    if what not in problem.names:
        known = ", ".join(problem.names) or "none"
        raise ParameterError(f"there is no free parameter {what!r}; the free parameters are: {known}", name=what)
    position = problem.names.index(what)
    coordinate, scale = problem.own_coordinate(position)
    return Target(
        what,
        lambda phi: float(problem.free_values(phi)[position]),
        coordinate=coordinate,
        note=f"in the {scale} scale" if scale else "",
        exact=partial(problem.parameter_derivatives, position),
    )


def check_level(level: float) -> float:
    """Return the level, or refuse what is no probability."""
    if not 0.0 < level < 1.0:
        hint = f"; did you mean {level / 100:g}?" if 1.0 < level < 100.0 else ""
        raise ParameterError(f"level must be between 0 and 1, not {level:g}{hint}")
    return float(level)


def wald(target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], level: float) -> ConfidenceInterval:
    """Return estimate ± z · standard error; for a function by the delta method.

    Parameters
    ----------
    phi : ndarray, shape (q,)
    variance : gradient (q,) → the variance of that linear function of the estimated φ
    """
    with np.errstate(all="ignore"):
        local = target.local(phi, mixed=False)
        half = float(special.ndtri(0.5 + level / 2.0) * np.sqrt(variance(local.gradient)))
    if not (np.isfinite(half) and half > 0.0):
        raise NotAvailableError(
            f"{target.name} does not change smoothly with the parameters at the fit (a step, or a constant), so its "
            "standard error is not defined; use method='bootstrap'"
        )
    if not np.sqrt(variance(local.error)) <= COARSEST * np.sqrt(variance(local.gradient)):
        raise _coarse(target.name, local.rounding)
    _refuse_coarse(target.name, local.rounding, half)
    return ConfidenceInterval(local.value - half, local.value + half, level, "wald", target.at(phi), target.name)


def _refuse_coarse(name: str, rounding: float, half: float) -> None:
    """Refuse an interval (half as wide as said) in which rounding of the function counts."""
    if SIGMAS * rounding > COARSEST * 2.0 * half:
        raise _coarse(name, rounding)


def _coarse(name: str, rounding: float) -> NotAvailableError:
    return NotAvailableError(
        f"{name} does not change smoothly with the parameters at the fit: it is stationary there, goes in steps, or is "
        f"rounded too coarsely for an interval (its values scatter by about {rounding:.1g}); where the data lie far "
        "from 0 against their spread, subtract a constant and fit again; else use method='bootstrap'"
    )


def wald_in_coordinates(
    target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], level: float
) -> ConfidenceInterval:
    """Return the Wald interval of one coordinate φ, mapped to the parameter, so that it stays in its domain."""
    axis = np.eye(len(phi))[target.coordinate]
    step = float(special.ndtri(0.5 + level / 2.0) * np.sqrt(variance(axis))) * axis
    lower, upper = sorted((target.at(phi - step), target.at(phi + step)))
    return ConfidenceInterval(lower, upper, level, "wald", target.at(phi), target.name, target.note)


def profile(problem: Any, target: Target, phi: np.ndarray, level: float) -> Question:
    """Return the interval of all values that a likelihood-ratio test does not reject.

    Its ends are the extremes of the target on {ℓ ≥ ℓ̂ − q/2}, q the χ² quantile with one degree of freedom.
    Where the path to an end leaves the family through a limit (df → ∞), the end is sought at the limit.
    """
    quantile = float(special.ndtri(0.5 + level / 2.0) ** 2)
    found = yield from follow(problem, target, phi, quantile, (-1.0, 1.0))
    ends, notes = list(found.ends), []
    for side, reason in enumerate(found.reasons):
        if reason in (PathReason.CONVERGED, PathReason.OPEN):
            continue
        if reason == PathReason.COARSE:
            raise _coarse(target.name, found.rounding)
        other = None
        if reason != PathReason.HIGHER:
            given = (problem, target, phi, quantile, found.height, 2.0 * side - 1.0)
            other = (yield from end_at_bound(*given)) or (yield from end_over_slices(*given))
        if other is None:
            raise NotAvailableError(
                f"the profile interval of {target.name} could not be found: {reason.sentence}; "
                "use method='bootstrap', or 'wald' with care"
            )
        ends[side], note = other
        notes += [note] if note else []
    if PathReason.OPEN in found.reasons:
        notes.append("the data set no bound on one side")
    lower, upper = min(ends), max(ends)
    _refuse_coarse(target.name, found.rounding, 0.5 * (upper - lower))
    if target.model is not None:
        yield from _refuse_wavy(problem, target, phi, quantile, (lower, upper))
    return ConfidenceInterval(lower, upper, level, "profile", target.at(phi), target.name, "; ".join(notes))


def _refuse_wavy(problem: Any, target: Target, phi: np.ndarray, quantile: float, ends: tuple[float, float]) -> Question:
    """Refuse ends that the function passes inside the region: a path ends at the first extreme, not at the largest."""
    q = len(phi)
    value, _, hessian = yield from problem.evaluate(phi[None, :])
    values, vectors = np.linalg.eigh(-hessian[0])
    way = np.random.default_rng(0).standard_normal((LOOKS if q <= FEW else LOOKS // 4, q))
    way *= (np.resize(RADII, len(way)) * np.sqrt(quantile) / np.linalg.norm(way, axis=1))[:, None]
    points = phi + way / np.sqrt(np.maximum(values, 1e-300)) @ vectors.T
    with np.errstate(all="ignore"):
        heights, *_ = yield from problem.evaluate(points)
        inside = points[heights >= value[0] - 0.5 * quantile]
        seen = np.array([target.at(point) for point in inside])
    room = WAVES * (ends[1] - ends[0])
    if np.any((seen < ends[0] - room) | (seen > ends[1] + room)):
        raise NotAvailableError(
            f"{target.name} is not monotone over the parameters that the data allow: inside their region it goes from "
            f"{np.nanmin(seen):.6g} to {np.nanmax(seen):.6g}, beyond the ends that its profile finds; use "
            "method='bootstrap'"
        )


def percentile(target: Target, replicates: np.ndarray, phi: np.ndarray, level: float, note: str) -> ConfidenceInterval:
    """Return the percentile interval of bootstrap replicates φ, shape (m, q)."""
    with np.errstate(all="ignore"):
        values = np.array([target.at(row) for row in replicates])
    lost = int(np.isnan(values).sum())
    if lost > MOST_LOST * len(values):
        raise NotAvailableError(
            f"{lost} of {len(values)} bootstrap replicates have no value of {target.name} (no maximum, or the function "
            "is not defined there), too many for an interval; use method='profile' or a simpler model"
        )
    values = values[~np.isnan(values)]
    # order statistics, because replicates may be infinite (a Student t going normal)
    lower, upper = np.quantile(values, [0.5 - level / 2.0, 0.5 + level / 2.0], method="inverted_cdf")
    return ConfidenceInterval(float(lower), float(upper), level, "bootstrap", target.at(phi), target.name, note)
