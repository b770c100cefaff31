"""The ends of a function over a likelihood contour, by following the profile path: many at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.calculus.profile_path_step import Flags, Floats, Frame, Local, Told
from suffice.errors import ParameterError, ShapeError

__all__ = ["PathReason", "ProfilePath"]


class PathReason(IntEnum):
    """Why a path stopped; `sentence` says it in words."""

    RUNNING = 0
    CONVERGED = 1
    OPEN = 2
    NO_START = 3
    HIGHER = 4
    LOST = 5
    ITERATIONS = 6
    COARSE = 7

    @property
    def sentence(self) -> str:
        """The reason for people."""
        return _SENTENCES[self]


_SENTENCES = {
    PathReason.RUNNING: "the path is still followed",
    PathReason.CONVERGED: "the end was found and verified",
    PathReason.OPEN: "the likelihood never falls that far: the interval has no end on this side",
    PathReason.NO_START: "the start has no positive definite information, or g is stationary there",
    PathReason.HIGHER: "the path came to a higher likelihood than at the maximum it started from",
    PathReason.LOST: "the profile path could not be followed to the end: a jump, a fold or a flat direction",
    PathReason.ITERATIONS: "the allowed number of iterations was used up",
    PathReason.COARSE: "g is rounded so coarsely that its direction of growth is not known",
}

# The first step covers this share of the way in one go, the rest is done in the next.
_FIRST = 0.6
# Steps are not longer than this in a coordinate, so that no narrow fall is jumped over.
_STRIDE = 5.0
# A path this far from the maximum (a factor of 1e26 in a positive parameter), which at its pace would
# not arrive within ten times the distance, is open.
_FAR = 60.0
# Residuals, in units of √nats: on the way it is enough to stay near the path.
_NEAR = 1e-3
_EXACT = 1e-5
_CONTOUR = 1e-8
_CORRECTIONS = 12
# Residuals that the uncertainty of ∇g explains are passed, up to this uncertainty. An end whose direction is off by
# an angle δ is short by δ²/2 of its distance: with three times this, 0.4 %.
_COARSE = 0.03
# A stride that fell below this share of √q does not get past what stopped it.
_SHORTEST = 1e-4


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The last verified point of each path: where, how high, and which way the path goes on."""

    u: Floats
    height: Floats
    target: Floats
    tangent: Floats
    slope: Floats


@dataclass(frozen=True, slots=True)
class _Trial:
    """Points under correction: towards the contour (`last`), or in the plane normal to the tangent."""

    u: Floats
    last: Flags
    error: Floats
    corrections: NDArray[np.int64]
    stride: Floats


@dataclass(frozen=True, slots=True)
class ProfilePath:
    """The state of m searches for an extreme of g(θ) on {ℓ(θ) ≥ ℓ̂ − q/2}; `tell` returns the next state.

    The path of profile points, ∇ℓ + κ∇g = 0, is followed from the maximum by tangent steps and
    Newton corrections until ℓ = ℓ̂ − q/2. Arc length drives the steps, so the path may bend back in
    ℓ or run to infinity. An end is `converged` only when verified: on the contour to 1e-8 nats,
    the condition ∇ℓ + κ∇g = 0 met, κ > 0, and ℓ a strict maximum among neighbours of equal g.

    Attributes
    ----------
    points : array, shape (m, p)
        Where to evaluate ℓ and g next.
    ends : array, shape (m,)
        g at the ends; NaN where none was found; the limit of g, or ±∞, where the end is open.
    reason : array of int, shape (m,)
        Codes of `PathReason`.

    Source: Venzon and Moolgavkar (1988), A method for computing profile-likelihood-based confidence
    intervals; continuation by arc length as in Allgower and Georg (1990), chapter 6.

    Examples
    --------
    The mean of 10 values with mean 0 and variance 1, ℓ = −10φ − 5(1 + μ²)e^(−2φ) in (μ, φ = log σ):

    >>> def told(t):
    ...     mu, e = t[:, 0], np.exp(-2 * t[:, 1])
    ...     value = -10 * t[:, 1] - 5 * e * (1 + mu**2)
    ...     gradient = np.stack([-10 * e * mu, -10 + 10 * e * (1 + mu**2)], axis=1)
    ...     h = np.stack([-10 * e, 20 * e * mu, 20 * e * mu, -20 * e * (1 + mu**2)], axis=1)
    ...     ones = np.broadcast_to([1.0, 0.0], t.shape)
    ...     return value, gradient, h.reshape(-1, 2, 2), mu, ones, np.zeros((len(t), 2, 2))
    >>> path = ProfilePath.start([[0.0, 0.0], [0.0, 0.0]], sign=[-1, 1], quantile=3.841458820694124)
    >>> while not path.done:
    ...     path = path.tell(*told(path.points))
    >>> path.ends.round(6), float(np.sqrt(np.expm1(0.3841458820694124)).round(6))
    (array([-0.684368,  0.684368]), 0.684368)
    """

    points: Floats
    ends: Floats
    reason: NDArray[np.int8]
    iteration: int
    _sign: Floats
    _height: Floats
    _iterations: int
    _frame: Frame | None
    _anchor: _Anchor | None
    _trial: _Trial | None

    @classmethod
    def start(cls, points: ArrayLike, *, sign: ArrayLike, quantile: ArrayLike, iterations: int = 200) -> ProfilePath:
        """Begin at the maxima of ℓ.

        Parameters
        ----------
        points : array, shape (m, p)
            The maxima, in unconstrained coordinates.
        sign : array, shape (m,) or ()
            +1 for the upper end of g, −1 for the lower.
        quantile : array, shape (m,) or ()
            q: the contour lies q/2 nats below the maximum (3.84 for 95 % of one parameter).
        iterations : int
            How often the state may be told.

        Raises
        ------
        ShapeError, ParameterError
        """
        at = np.array(points, dtype=float)
        if at.ndim != 2 or at.shape[1] == 0:
            raise ShapeError(f"points must have shape (m, p) with p ≥ 1, but have shape {at.shape}")
        m = len(at)
        signs = np.broadcast_to(np.asarray(sign, dtype=float), (m,))
        quantiles = np.broadcast_to(np.asarray(quantile, dtype=float), (m,))
        if not np.isin(signs, (-1.0, 1.0)).all():
            raise ParameterError("sign must be +1 (upper end) or −1 (lower end)")
        if not ((quantiles > 0) & np.isfinite(quantiles)).all():
            raise ParameterError("quantile must be positive and finite: it is twice the drop in nats")
        nothing = np.full(m, np.nan)
        reason = np.zeros(m, dtype=np.int8)
        return cls(at, nothing, reason, 0, signs, np.sqrt(quantiles), iterations, None, None, None)

    @property
    def active(self) -> Flags:
        """Which paths are still followed, shape (m,)."""
        return self.reason == PathReason.RUNNING

    @property
    def done(self) -> bool:
        """Whether no path is followed any more."""
        return not self.active.any()

    @property
    def converged(self) -> Flags:
        """Which ends are known: found and verified, or found to be open, shape (m,)."""
        return (self.reason == PathReason.CONVERGED) | self.open

    @property
    def open(self) -> Flags:
        """Which ends are open, because the likelihood never falls that far, shape (m,)."""
        return self.reason == PathReason.OPEN

    def tell(
        self,
        values: ArrayLike,
        gradients: ArrayLike,
        hessians: ArrayLike,
        target_values: ArrayLike,
        target_gradients: ArrayLike,
        target_hessians: ArrayLike,
        target_errors: ArrayLike | None = None,
    ) -> ProfilePath:
        """Return the next state, given ℓ (in nats) and g (the target) at `points`.

        Parameters
        ----------
        values, target_values : array, shape (m,)
        gradients, target_gradients : array, shape (m, p)
        hessians, target_hessians : array, shape (m, p, p)
        target_errors : array, shape (m, p), optional
            Standard errors of `target_gradients`, where g is rounded; 0 by default.

        Raises
        ------
        ShapeError
        """
        errors = np.zeros_like(self.points) if target_errors is None else target_errors
        parts = (values, gradients, hessians, target_values, target_gradients, target_hessians, errors)
        told = Told(*(np.asarray(part, dtype=float) for part in parts))
        m, p = self.points.shape
        for name, shape in (("value", (m,)), ("gradient", (m, p)), ("hessian", (m, p, p))):
            for prefix, attribute in (("", name), ("target ", _TARGET[name])):
                came = getattr(told, attribute).shape
                if came != shape:
                    raise ShapeError(f"{prefix}{name}s must have shape {shape}, but have {came}")
        with np.errstate(all="ignore"):
            return self._begin(told) if self._frame is None else self._judge(told, self._frame)

    def _begin(self, told: Told) -> ProfilePath:
        frame = Frame.at(self.points, self._sign, self._height, told)
        local = Local.of(told, frame)
        zeros = np.zeros(len(self.points))
        anchor = _Anchor(np.zeros_like(self.points), zeros, told.target, local.direction, zeros + 1)
        reason = np.where(frame.sound, 0, int(PathReason.NO_START))
        reason = np.where(frame.sound & ~(local.noise <= _COARSE), int(PathReason.COARSE), reason).astype(np.int8)
        trial = _Trial(anchor.u, frame.sound, zeros, zeros.astype(np.int64), _FIRST * frame.height)
        return self._ask(frame, anchor, _propose(frame, anchor, trial.stride), reason, self.ends)

    def _judge(self, told: Told, frame: Frame) -> ProfilePath:
        """Accept, correct or give up each trial point."""
        anchor, trial = self._anchor, self._trial
        assert anchor is not None
        assert trial is not None
        local = Local.of(told, frame)
        error = np.sqrt((local.residual**2).sum(axis=1))
        miss = np.where(trial.last, np.abs(local.height - frame.height), 0.0)
        near = error <= np.maximum(_NEAR, local.slack)
        good = local.usable & np.where(trial.last, _on_contour(local, frame, error), near)
        good &= local.is_profile & (local.noise <= _COARSE)
        tangent = local.tangent(anchor.tangent)
        good &= np.isfinite(tangent).all(axis=1)
        active = self.active
        found = active & good & trial.last
        past = active & good & ~trial.last & (local.height >= frame.height)
        passed = active & good & ~trial.last & ~past
        worse = error + miss > np.where(trial.corrections < 3, 4.0, 0.5) * trial.error
        lost = active & ~good & (worse | ~local.usable | (trial.corrections >= _CORRECTIONS))

        anchor = _Anchor(
            u=np.where(passed[:, None], trial.u, anchor.u),
            height=np.where(passed, local.height, anchor.height),
            target=np.where(passed, local.target, anchor.target),
            tangent=np.where(passed[:, None], tangent, anchor.tangent),
            slope=np.where(passed, -(local.slope * tangent).sum(axis=1) / local.height, anchor.slope),
        )
        stride = np.where(lost, 0.3 * trial.stride, np.where(passed, 2.0 * trial.stride, trial.stride))
        fresh = _propose(frame, anchor, stride)
        corrected = _corrected(frame, anchor, trial, local, error + miss)
        between = _between(frame, anchor, trial, local)
        following = _choose(past, between, _choose(passed | lost, fresh, corrected))

        reason, ends = self._verdict(local, frame, found, passed, anchor, stride)
        return self._ask(frame, anchor, following, reason, ends)

    def _verdict(
        self, local: Local, frame: Frame, found: Flags, passed: Flags, anchor: _Anchor, stride: Floats
    ) -> tuple[NDArray[np.int8], Floats]:
        assert self._anchor is not None
        reach = np.abs(frame.displacement(anchor.u)).max(axis=1)
        pace = anchor.slope / np.abs(frame.displacement(anchor.tangent)).max(axis=1)
        still = np.abs(local.target - self._anchor.target) <= 1e-6 * np.abs(local.target - frame.target)
        flat = still & (reach > _STRIDE) & (np.abs(pace) < 1e-8) & (anchor.height + 1e-6 < frame.height)
        unreachable = (reach > _FAR) & (anchor.height + 10 * reach * pace < frame.height)
        # g has no end where it went beyond what a parabola would allow it; before that, others may have gone far alone
        far = (local.target - frame.target) * frame.unit > frame.height
        is_open = passed & ((unreachable & (far | still)) | flat)
        higher = self.active & (local.rise > np.maximum(1e-6, 1e-12 * np.abs(frame.top)))
        verdict = np.where(found, int(PathReason.CONVERGED), int(PathReason.RUNNING))
        if self.iteration + 1 >= self._iterations:
            verdict = np.where(found, verdict, int(PathReason.ITERATIONS))
        lost = np.where(local.noise <= _COARSE, int(PathReason.LOST), int(PathReason.COARSE))
        verdict = np.where(stride < _SHORTEST * frame.height, lost, verdict)
        verdict = np.where(is_open, int(PathReason.OPEN), verdict)
        verdict = np.where(higher, int(PathReason.HIGHER), verdict)
        # The last Newton step, which needs no evaluation: what 1e-8 nats are still worth in g.
        step = local.correct(local.slope, local.height * (local.height - frame.height))
        end = local.target + (local.direction * step).sum(axis=1) / frame.unit
        limit = np.where(still, local.target, self._sign * np.inf)
        ends = np.where(found & ~higher, end, np.where(is_open & ~higher, limit, self.ends))
        return np.where(self.active, verdict, self.reason).astype(np.int8), ends

    def _ask(self, frame: Frame, anchor: _Anchor, trial: _Trial, reason: NDArray[np.int8], ends: Floats) -> ProfilePath:
        points = np.where((reason == 0)[:, None], frame.place(trial.u), self.points)
        return ProfilePath(
            points=points,
            ends=ends,
            reason=reason,
            iteration=self.iteration + 1,
            _sign=self._sign,
            _height=self._height,
            _iterations=self._iterations,
            _frame=frame,
            _anchor=anchor,
            _trial=trial,
        )


_TARGET = {"value": "target", "gradient": "target_gradient", "hessian": "target_hessian"}


def _on_contour(local: Local, frame: Frame, error: Floats) -> Flags:
    """Verify an end: on the contour, the residual small against ∇ℓ (or its slack), and g growing as ℓ falls."""
    drop = frame.height**2 / 2
    rounding = np.maximum(_CONTOUR, 1e-13 * np.abs(frame.top))
    slope = np.sqrt((local.slope**2).sum(axis=1))
    close = np.abs(local.rise + drop) <= rounding
    return close & (error <= np.maximum(_EXACT * np.minimum(slope, 1.0), local.slack)) & (local.multiplier > 0)


def _propose(frame: Frame, anchor: _Anchor, stride: Floats) -> _Trial:
    """Predict the next point from each anchor: the contour itself where it is within the stride."""
    pace = np.abs(frame.displacement(anchor.tangent)).max(axis=1)
    reach = np.abs(frame.displacement(anchor.u)).max(axis=1)
    longest = np.minimum(stride, np.maximum(_STRIDE, reach / 2) / pace)
    left = np.where(anchor.slope > 0, (frame.height - anchor.height) / anchor.slope, np.inf)
    last = left <= longest
    length = np.where(last, left, longest)
    u = anchor.u + length[:, None] * anchor.tangent
    return _Trial(u, last, np.full(len(u), np.inf), np.zeros(len(u), dtype=np.int64), length)


def _corrected(frame: Frame, anchor: _Anchor, trial: _Trial, local: Local, error: Floats) -> _Trial:
    """Take a Newton step towards the path: on to the contour, or within the plane of the prediction.

    The contour's row is that of the height √(2(ℓ̂ − ℓ)), which is linear along the path where ℓ is
    quadratic: ∇ℓ·δ = h(h − √q).
    """
    aim = np.where(trial.last, local.height * (local.height - frame.height), 0.0)
    step = local.correct(np.where(trial.last[:, None], local.slope, anchor.tangent), aim)
    length = np.sqrt((step * step).sum(axis=1))
    step = step * np.minimum(1.0, trial.stride / length)[:, None]
    return _Trial(trial.u + step, trial.last, error, trial.corrections + 1, trial.stride)


def _between(frame: Frame, anchor: _Anchor, trial: _Trial, local: Local) -> _Trial:
    """Aim at the contour between the anchor above it and the trial point below it."""
    share = (frame.height - anchor.height) / (local.height - anchor.height)
    u = anchor.u + share[:, None] * (trial.u - anchor.u)
    everyone = np.ones(len(u), dtype=bool)
    return _Trial(u, everyone, np.full(len(u), np.inf), np.zeros(len(u), dtype=np.int64), trial.stride)


def _choose(condition: Flags, yes: _Trial, no: _Trial) -> _Trial:
    return _Trial(
        u=np.where(condition[:, None], yes.u, no.u),
        last=np.where(condition, yes.last, no.last),
        error=np.where(condition, yes.error, no.error),
        corrections=np.where(condition, yes.corrections, no.corrections),
        stride=np.where(condition, yes.stride, no.stride),
    )
