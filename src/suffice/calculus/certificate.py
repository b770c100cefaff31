"""What is known of a claimed maximum: whether it is one, how much could still be gained, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import lapack

from suffice.errors import ShapeError

__all__ = ["OptimumCertificate", "Status", "certify"]

Floats = NDArray[np.float64]
Status = Literal["maximum", "boundary", "kink", "saddle", "not converged", "no finite maximum"]

# Below this eigenvalue (times p) of the information scaled to a unit diagonal, a direction is flat:
# entries of a computed information matrix carry some 1e-13 of rounding.
_SINGULAR = 1e-12
# A Newton step longer than this, in standardised coordinates, has not arrived, however little it gains:
# −exp(−φ) has steps of length 1 all the way to infinity.
_LONG = 0.1
# Fewer nats than this are told as fewer than this: their digits are those of rounding.
_TOLD = 1e-12


def left_text(gain: float) -> str:
    """Return how many nats are left to gain at a maximum, in words."""
    return f"{f'{gain:.1g}' if gain >= _TOLD else f'less than {_TOLD:.0e}'} nats are left to gain"


@dataclass(frozen=True, slots=True)
class OptimumCertificate:
    """What is known of a point that is claimed to be a maximum of a log-likelihood.

    Attributes
    ----------
    status : str
        "maximum", "boundary", "kink", "saddle", "not converged" or "no finite maximum".
    scope : str
        "global" (proved), "local", or what several starts say: "best of 20 starts, 17 agree".
    gain : float
        Nats still to be gained, by the Newton decrement ½ gᵀI⁻¹g; ∞ where the information I is not
        positive definite.
    gradient : array, shape (p,)
        In nats per unit of the standardised, unconstrained coordinates.
    eigenvalues : array, shape (p,)
        Of the information (the negative Hessian), ascending.
    condition_number : float
        The largest eigenvalue over the smallest; ∞ where one is not positive.
    reason : str
        A sentence for people.
    region : str
        The region within which the status holds, as a sentence; "" where it is the whole domain.
    """

    status: Status
    scope: str
    gain: float
    gradient: Floats
    eigenvalues: Floats
    condition_number: float
    reason: str
    region: str = ""

    def __post_init__(self) -> None:
        for name in ("gradient", "eigenvalues"):
            values = np.array(getattr(self, name), dtype=float)
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OptimumCertificate):
            return NotImplemented
        return self._scalars() == other._scalars() and all(
            np.array_equal(getattr(self, name), getattr(other, name), equal_nan=True)
            for name in ("gradient", "eigenvalues")
        )

    def __hash__(self) -> int:
        return hash(self._scalars())

    @property
    def is_maximum(self) -> bool:
        """Whether this is an interior maximum."""
        return self.status == "maximum"

    def __str__(self) -> str:
        region = f"; {self.region}" if self.region else ""
        return f"{self.status} ({self.scope}): {self.reason}{region}."

    def _scalars(self) -> tuple[object, ...]:
        gain = None if np.isnan(self.gain) else self.gain
        return self.status, self.scope, gain, self.condition_number, self.reason, self.region


def certify(
    gradient: ArrayLike,
    hessian: ArrayLike,
    *,
    tolerance: float = 1e-6,
    scope: str = "local",
    region: str = "",
    boundary: Sequence[str] = (),
    names: Sequence[str] | None = None,
) -> OptimumCertificate:
    """Certify a point from the derivatives of the log-likelihood there.

    It is a maximum when the information −H is positive definite beyond rounding (judged with its
    diagonal scaled to 1, so that the units do not matter), the Newton decrement is at most
    `tolerance`, and the Newton step is short.

    Parameters
    ----------
    gradient : array, shape (p,)
        Of the total log-likelihood, in nats, in standardised unconstrained coordinates.
    hessian : array, shape (p, p)
    tolerance : float
        Nats that a maximum may leave to be gained.
    scope, region : str
        Taken over into the certificate.
    boundary : sequence of str
        Names of parameters that lie on the boundary of their domain. Those among `names` are left
        out of the test, the others have no coordinate in `gradient`.
    names : sequence of str, length p, optional
        Names of the coordinates, for the messages.

    Returns
    -------
    OptimumCertificate

    Raises
    ------
    ShapeError

    Examples
    --------
    >>> print(certify([1e-5, 0.0], [[-100.0, 0.0], [0.0, -50.0]]))
    maximum (local): the information is positive definite (condition number 2), less than 1e-12 nats are left to gain.
    >>> print(certify([0.0, 0.0], [[-4.0, 0.0], [0.0, 3.0]], names=["mu", "df"]))
    saddle (local): the log-likelihood curves upwards along df (eigenvalue of the information -3).
    """
    slope, curvature = np.asarray(gradient, dtype=float), np.asarray(hessian, dtype=float)
    p = slope.size
    if slope.shape != (p,) or curvature.shape != (p, p):
        raise ShapeError(
            f"gradient must have shape (p,) and hessian (p, p), but they have {slope.shape} and {curvature.shape}"
        )
    labels = list(names) if names is not None else [f"coordinate {i}" for i in range(p)]
    if len(labels) != p:
        raise ShapeError(f"names must have one entry for each of the {p} coordinates, but has {len(labels)}")
    if not (np.isfinite(slope).all() and np.isfinite(curvature).all()):
        unknown, reason = np.full(p, np.nan), _not_finite(slope, labels)
        return OptimumCertificate("not converged", scope, np.nan, slope, unknown, np.inf, reason, region)
    free = [i for i, label in enumerate(labels) if label not in boundary]
    inner = (slope, curvature) if len(free) == p else (slope[free], curvature[np.ix_(free, free)])
    point = _Point(inner[0], -inner[1], [labels[i] for i in free])
    status, reason = point.judge(tolerance)
    if boundary and status == "maximum":
        verb = "lies" if len(boundary) == 1 else "lie"
        status = "boundary"
        reason = f"{_listed(boundary)} {verb} on the boundary of the domain; otherwise {reason}"
    return OptimumCertificate(
        status=status,
        scope=scope,
        gain=point.gain,
        gradient=slope,
        eigenvalues=_eigenvalues(point, curvature),
        condition_number=point.condition_number,
        reason=reason,
        region=region,
    )


def _eigenvalues(point: _Point, curvature: Floats) -> Floats:
    whole = point.slope.size == len(curvature)
    return point.raw_eigenvalues if whole else np.asarray(np.linalg.eigvalsh(-curvature), dtype=float)


class _Point:
    """The information at a point, scaled to a unit diagonal: I = D C D, with C = QΛQᵀ."""

    def __init__(self, slope: Floats, information: Floats, labels: list[str]) -> None:
        self.labels = labels
        self.slope = slope
        self.information = (information + information.T) / 2
        diagonal = np.abs(self.information.diagonal())
        self.units = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        # called without NumPy's wrapper, which costs more than a few parameters do
        self.eigenvalues, self.vectors, _ = lapack.dsyevd(self.information / (self.units[:, None] * self.units))

    @property
    def lowest(self) -> float:
        return float(self.eigenvalues[0]) if self.eigenvalues.size else 1.0

    @property
    def rounding(self) -> float:
        return _SINGULAR * max(self.slope.size, 1)

    @property
    def step(self) -> Floats:
        """The Newton step, in the coordinates."""
        return self.vectors @ (self._parts / self.eigenvalues) / self.units

    @cached_property
    def gain(self) -> float:
        if self.lowest <= self.rounding:
            return np.inf
        return float(0.5 * (self._parts * self._parts / self.eigenvalues).sum())

    @property
    def condition_number(self) -> float:
        if not self.slope.size:
            return 1.0
        values = self.raw_eigenvalues
        return float(values[-1] / values[0]) if values[0] > 0 else np.inf

    @cached_property
    def raw_eigenvalues(self) -> Floats:
        """The eigenvalues of the information as it is, ascending."""
        return np.asarray(lapack.dsyevd(self.information, compute_v=0)[0], dtype=float)

    def judge(self, tolerance: float) -> tuple[Status, str]:
        if self.lowest < -self.rounding:
            return self._saddle(tolerance)
        if self.lowest <= self.rounding:
            return "not converged", (
                f"the log-likelihood is flat along {self._direction()}: these data do not determine it "
                "(fix a parameter or choose a simpler model)"
            )
        if not self.gain <= tolerance:
            return "not converged", f"about {self.gain:.2g} nats are still to be gained, {self._steepest()}"
        step = self.step
        if step.size and np.abs(step).max() > _LONG:
            return "not converged", (
                f"only {self.gain:.2g} nats are left to gain, but {np.abs(step).max():.2g} units away along "
                f"{self.labels[int(np.abs(step).argmax())]}: the log-likelihood may rise for ever"
            )
        return "maximum", (
            f"the information is positive definite (condition number {self.condition_number:.3g}), "
            f"{left_text(self.gain)}"
        )

    def _saddle(self, tolerance: float) -> tuple[Status, str]:
        """Tell a saddle, where the gradient vanishes, from a slope in a region that is not concave."""
        along = f"along {self._direction()} (eigenvalue of the information {self._raw_curvature():.3g})"
        parts = self._parts
        bent = np.abs(self.eigenvalues) > self.rounding
        to_go = 0.5 * np.sum(parts[bent] ** 2 / np.abs(self.eigenvalues[bent]))
        if to_go <= max(tolerance, 1e-6):
            return "saddle", f"the log-likelihood curves upwards {along}"
        return "not converged", f"the gradient is not zero and the log-likelihood curves upwards {along}"

    def _raw_curvature(self) -> float:
        vector = self.vectors[:, 0] / self.units
        return float(vector @ self.information @ vector / (vector @ vector))

    @cached_property
    def _parts(self) -> Floats:
        return self.vectors.T @ (self.slope / self.units)

    def _direction(self) -> str:
        """Name the direction of the lowest eigenvalue in the coordinates: "a", or "0.71·a − 0.71·b"."""
        vector = self.vectors[:, 0] / self.units
        vector = vector / np.linalg.norm(vector)
        order = [i for i in np.argsort(-np.abs(vector), kind="stable") if abs(vector[i]) > 0.01][:4]
        if len(order) == 1:
            return self.labels[order[0]]
        sign = np.sign(vector[order[0]])
        terms = [(sign * vector[i], self.labels[i]) for i in order]
        text = " ".join(f"{'-' if c < 0 else '+'} {abs(c):.2g}·{label}" for c, label in terms)
        return text.removeprefix("+ ")

    def _steepest(self) -> str:
        return f"mostly along {self.labels[int(np.abs(self.slope / self.units).argmax())]}"


def _not_finite(slope: Floats, labels: list[str]) -> str:
    wrong = [label for label, value in zip(labels, slope, strict=True) if not np.isfinite(value)]
    where = f"gradient along {_listed(wrong)}" if wrong else "Hessian"
    return f"the {where} of the log-likelihood is not finite at this point"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
