"""Confidence intervals for a parameter, or for any function of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.profile_path import PathReason
from suffice.calculus.transforms import Interval, real
from suffice.distributions.inference_problem import Question
from suffice.errors import NotAvailableError, ParameterError, SufficeError
from suffice.inference import targets
from suffice.inference.interval_target import Target
from suffice.inference.profile_end import end_at_bound, end_over_slices, follow
from suffice.inference.robust_covariance import Sandwich
from suffice.inference.targets import CALLS, ModelTarget

# Replicates without a value that a percentile interval may leave out.
MOST_LOST = 0.05
# Rounding that may move an end by more than this share of the width is refused; twice its root mean square is what it
# may do (a rounded number is off by at most √3 of that).
COARSEST = 0.01
SIGMAS = 2.0

# What a function without a name is called.
UNNAMED = "function of the model"

# Points inside the region at which a function is looked at, fewer for more than so many parameters, and along the way
# of steepest gain; how far out in Wald's ellipsoid; and the share of the width by which it may pass an end there.
LOOKS, FEW, STRAIGHT = 96, 50, 6
RADII = (0.4, 0.7, 0.95)
WAVES = 1e-3


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """A confidence interval; unpacks as `lower, upper`.

    Parameters
    ----------
    lower, upper : the ends; infinite where the data set no bound
    level : the confidence, such as 0.95
    method : "wald", "profile", "robust", "bootstrap", "bca" or "exact"
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


def as_target(what: Any, problem: Any, model: Any = None) -> Target:
    """Return the target for a parameter's name or a function of the model.

    A function that tells its range at the fitted `model`, as those of `targets` do, is taken in the scale of that.
    """
    if callable(what):
        name = getattr(what, "__name__", "function")
        if getattr(targets, name, None) is what:
            raise ParameterError(f"sf.targets.{name} makes what an interval is of: call it, sf.targets.{CALLS[name]}")
        name = UNNAMED if name == "<lambda>" else name
        domain = what.domain(model) if model is not None and isinstance(what, ModelTarget) else real
        function = partial(_number, what, name, domain)
        return Target(
            name,
            lambda phi: function(problem.model(phi)),
            model=function,
            realized=problem.realized,
            domain=domain,
        )
    if what not in problem.names:
        raise not_estimated(what, problem.names)
    position = problem.names.index(what)
    coordinate, scale = problem.own_coordinate(position)
    return Target(
        what,
        lambda phi: float(problem.free_values(phi)[position]),
        coordinate=coordinate,
        note=f"in the {scale} scale" if scale else "",
        exact=partial(problem.parameter_derivatives, position),
    )


def not_estimated(what: str, free: Sequence[str], fixed: Mapping[str, Any] = MappingProxyType({})) -> ParameterError:
    """Return the error for the name of what is no free parameter."""
    given = fixed.get(what)
    said = f"{what} was fixed and has no interval" if given is not None else f"there is no free parameter {what!r}"
    known = f"the free parameters are: {', '.join(free)}" if len(free) else "no parameter is free"
    hint = f"; of the distribution ask for sf.targets.{CALLS[what]}" if what in CALLS else ""
    return ParameterError(f"{said}; {known}{hint}", name=what)


def _number(what: Callable[[Any], Any], name: str, domain: Interval, model: Any) -> float:
    """Return a function of the model in the scale of its domain, or say that it is no number."""
    value = np.asarray(what.scaled(model, domain) if isinstance(what, ModelTarget) else _called(what, name, model))
    if value.ndim or value.dtype.kind not in "biuf":
        returned = f"shape {value.shape}" if value.ndim else f"{value.item()!r:.40}"
        who = "the function" if name == UNNAMED else name
        raise ParameterError(f"an interval is of one number, but {who} returned {returned}")
    return float(value)


def _called(what: Callable[[Any], Any], name: str, model: Any) -> Any:
    """Return a function of a model, or say what it raised."""
    try:
        return what(model)
    except SufficeError:
        raise
    except Exception as cause:
        who = "the function of the model" if name == UNNAMED else name
        hint = ""
        if isinstance(cause, TypeError) and "not callable" in str(cause):
            hint = "; moments are values, not methods: m.mean, not m.mean()"
        raise ParameterError(f"{who} raised {type(cause).__name__} at {model!r}: {cause}{hint}") from cause


def check_level(level: float) -> float:
    """Return the level, or refuse what is no probability."""
    if not 0.0 < level < 1.0:
        hint = f"; did you mean {level / 100:g}?" if 1.0 < level < 100.0 else ""
        raise ParameterError(f"level must be between 0 and 1, not {level:g}{hint}")
    return float(level)


def wald(target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], level: float) -> ConfidenceInterval:
    """Return estimate ± z · standard error, for a function by the delta method, in the scale of its range.

    Parameters
    ----------
    phi : ndarray, shape (q,)
    variance : gradient (q,) → the variance of that linear function of the estimated φ
    """
    quantile = float(special.ndtri(0.5 + level / 2.0))
    value, half = _delta(target, phi, variance, quantile)
    return _symmetric(target, phi, value, half, level, "wald", target.scale)


def robust(target: Target, phi: np.ndarray, found: Sandwich, level: float) -> ConfidenceInterval:
    """Return estimate ± q · standard error from the sandwich covariance."""
    value, half = _delta(target, phi, found.variance, found.quantile(level))
    note = "; ".join(part for part in (target.scale, found.note) if part)
    return _symmetric(target, phi, value, half, level, "robust", note)


def _symmetric(
    target: Target, phi: np.ndarray, value: float, half: float, level: float, method: str, note: str
) -> ConfidenceInterval:
    lower, upper = (float(target.domain.constrain(end)) for end in (value - half, value + half))
    return ConfidenceInterval(lower, upper, level, method, target.value(phi), target.name, note)


def _delta(
    target: Target, phi: np.ndarray, variance: Callable[[np.ndarray], float], quantile: float
) -> tuple[float, float]:
    """Return the target in its scale, and half the width of its interval there."""
    with np.errstate(all="ignore"):
        local = target.local(phi, mixed=False)
        half = quantile * float(np.sqrt(variance(local.gradient)))
        unsure = quantile * float(np.sqrt(variance(local.error)))
    if not (np.isfinite(half) and half > 0.0):
        raise NotAvailableError(
            f"{target.name} does not change smoothly with the parameters at the fit (a step, or a constant), so its "
            "standard error is not defined; use method='bootstrap'"
        )
    if not unsure <= COARSEST * half:
        raise _coarse(target.name, local.rounding)
    _refuse_coarse(target.name, local.rounding, half)
    return local.value, half


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
        sign = 2.0 * side - 1.0
        if target.domain.scale and (yield from _reaches_its_range(problem, target, phi, quantile, sign)):
            ends[side] = sign * np.inf
            notes.append(f"parameters that the data allow put it at {target.domain.constrain(ends[side]):g}")
            continue
        if reason == PathReason.COARSE:
            raise _coarse(target.name, found.rounding)
        other = None
        if reason != PathReason.HIGHER:
            given = (problem, target, phi, quantile, found.height, sign)
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
    lower, upper = (float(target.domain.constrain(end)) for end in (lower, upper))
    return ConfidenceInterval(lower, upper, level, "profile", target.value(phi), target.name, "; ".join(notes))


def _reaches_its_range(problem: Any, target: Target, phi: np.ndarray, quantile: float, sign: float) -> Question:
    """Say whether inside the region the target is at an end of its range: a probability of 0 beyond the support."""
    with np.errstate(all="ignore"):
        toward = sign * target.local(phi, mixed=False).gradient
    seen = yield from _seen(problem, target, phi, quantile, toward)
    return bool(np.any(seen == sign * np.inf))


def _refuse_wavy(problem: Any, target: Target, phi: np.ndarray, quantile: float, ends: tuple[float, float]) -> Question:
    """Refuse ends that the function passes inside the region: a path ends at the first extreme, not at the largest."""
    seen = yield from _seen(problem, target, phi, quantile)
    room = WAVES * 2.0 * np.abs(np.array(ends) - target.at(phi)).min()
    if np.any((seen < ends[0] - room) | (seen > ends[1] + room)):
        seen = target.domain.constrain(seen)
        raise NotAvailableError(
            f"{target.name} is not monotone over the parameters that the data allow: inside their region it goes from "
            f"{np.nanmin(seen):.6g} to {np.nanmax(seen):.6g}, beyond the ends that its profile finds; use "
            "method='bootstrap'"
        )


def _seen(problem: Any, target: Target, phi: np.ndarray, quantile: float, toward: np.ndarray | None = None) -> Question:
    """Return the values of the target at points inside the region {ℓ ≥ ℓ̂ − q/2}.

    They lie in random directions, and where a gradient (q,) is given also along that which gains most by it.
    """
    q = len(phi)
    value, _, hessian = yield from problem.evaluate(phi[None, :])
    values, vectors = np.linalg.eigh(-hessian[0])
    units = 1.0 / np.sqrt(np.maximum(values, 1e-300))
    way = np.random.default_rng(0).standard_normal((LOOKS if q <= FEW else LOOKS // 4, q))
    if toward is not None:
        way = np.concatenate([way, np.tile(vectors.T @ toward * units, (STRAIGHT, 1))])
    # of a function that does not grow the steepest way is no number, and lies outside
    with np.errstate(all="ignore"):
        way *= (np.resize(RADII, len(way)) * np.sqrt(quantile) / np.linalg.norm(way, axis=1))[:, None]
        points = phi + way * units @ vectors.T
        heights, *_ = yield from problem.evaluate(points)
        inside = points[heights >= value[0] - 0.5 * quantile]
        return np.array([target.at(point) for point in inside])


def percentile(target: Target, replicates: np.ndarray, phi: np.ndarray, level: float, note: str) -> ConfidenceInterval:
    """Return the percentile interval of bootstrap replicates φ, shape (m, q)."""
    values = replicated(target, replicates)
    # order statistics, because replicates may be infinite (a Student t going normal)
    lower, upper = np.quantile(values, [0.5 - level / 2.0, 0.5 + level / 2.0], method="inverted_cdf")
    return ConfidenceInterval(float(lower), float(upper), level, "bootstrap", target.value(phi), target.name, note)


def replicated(target: Target, replicates: np.ndarray) -> np.ndarray:
    """Return the values of the target at bootstrap replicates φ, shape (m, q), or refuse where many have none."""
    values = target.values(replicates)
    lost = int(np.isnan(values).sum())
    if lost > MOST_LOST * len(values):
        raise NotAvailableError(
            f"{lost} of {len(values)} bootstrap replicates have no value of {target.name} (no maximum, or the function "
            "is not defined there), too many for an interval; use method='profile' or a simpler model"
        )
    return values[~np.isnan(values)]
