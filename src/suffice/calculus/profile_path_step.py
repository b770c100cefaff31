"""The algebra of one point of a profile path, in coordinates in which the information is the identity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Residuals up to this many standard errors are put down to the uncertainty of ∇g.
SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller tells of m points: ℓ and g with gradients and Hessians, and the standard errors of g's gradient."""

    value: Floats
    gradient: Floats
    hessian: Floats
    target: Floats
    target_gradient: Floats
    target_hessian: Floats
    target_error: Floats

    @property
    def usable(self) -> Flags:
        """Which problems were told nothing but finite numbers."""
        total = self.value + self.target + self.gradient.sum(axis=1) + self.target_gradient.sum(axis=1)
        return np.isfinite(total + self.hessian.sum(axis=(1, 2)) + self.target_hessian.sum(axis=(1, 2)))


@dataclass(frozen=True, slots=True)
class Frame:
    """Coordinates u with θ = θ̂ + B u, where −∇²ℓ(θ̂) = (B Bᵀ)⁻¹, and g divided by its standard error.

    `height` is √q, the height to climb down to: ℓ = ℓ̂ − height²/2; `target` is g at the maximum.
    """

    centre: Floats
    basis: Floats
    top: Floats
    target: Floats
    unit: Floats
    height: Floats
    sound: Flags

    @classmethod
    def at(cls, centre: Floats, sign: Floats, height: Floats, told: Told) -> Frame:
        """Build the frame from the derivatives at the maximum; `sound` tells where there is one."""
        usable = told.usable
        information = np.where(usable[:, None, None], -told.hessian, np.eye(centre.shape[1]))
        # scaled to a unit diagonal, so that the units of the coordinates do not decide what is definite
        diagonal = np.diagonal(information, axis1=1, axis2=2)
        units = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))[:, :, None]
        values, vectors = np.linalg.eigh(information / units / units.transpose(0, 2, 1))
        definite = values[:, 0] > 1e-13 * values[:, -1]
        basis = vectors / units / np.sqrt(np.where(definite[:, None], values, 1.0))[:, None, :]
        slope = _carry(told.target_gradient, basis)
        unit = np.sqrt((slope * slope).sum(axis=1))
        sound = usable & definite & (unit > 0)
        return cls(centre, basis, told.value, told.target, sign / np.where(sound, unit, 1.0), height, sound)

    def place(self, u: Floats) -> Floats:
        """Return θ of u."""
        return self.centre + self.displacement(u)

    def displacement(self, u: Floats) -> Floats:
        """Return θ(u) − θ(0), shape (m, p)."""
        return (self.basis @ u[:, :, None])[:, :, 0]


@dataclass(frozen=True, slots=True)
class Local:
    """A point in the frame: slope G = ∇ℓ, A = ∇g, multiplier κ, residual R = G + κA, W = ∇²ℓ + κ∇²g.

    `height` is √(2(ℓ̂ − ℓ)); κ is the multiplier that makes R shortest; `noise` is how far A is uncertain, relative
    to its length.
    """

    usable: Flags
    rise: Floats
    height: Floats
    target: Floats
    slope: Floats
    direction: Floats
    multiplier: Floats
    residual: Floats
    curvature: Floats
    noise: Floats

    @classmethod
    def of(cls, told: Told, frame: Frame) -> Local:
        """Transform what was told to the frame; unusable points become harmless ones."""
        usable = told.usable & frame.sound
        keep = usable[:, None]
        slope = np.where(keep, _carry(told.gradient, frame.basis), 1.0)
        direction = np.where(keep, _carry(told.target_gradient, frame.basis) * frame.unit[:, None], 1.0)
        squared = (direction * direction).sum(axis=1)
        usable = usable & (squared > 0)
        multiplier = -(slope * direction).sum(axis=1) / np.where(squared > 0, squared, 1.0)
        spread = np.sqrt(((frame.basis * told.target_error[:, :, None]) ** 2).sum(axis=(1, 2))) * np.abs(frame.unit)
        bend = told.hessian + (multiplier * frame.unit)[:, None, None] * told.target_hessian
        curvature = frame.basis.transpose(0, 2, 1) @ bend @ frame.basis
        return cls(
            usable=usable,
            rise=np.where(usable, told.value - frame.top, -np.inf),
            height=np.where(usable, np.sqrt(2 * np.maximum(frame.top - told.value, 0.0)), 0.0),
            target=told.target,
            slope=slope,
            direction=direction,
            multiplier=multiplier,
            residual=slope + multiplier[:, None] * direction,
            curvature=np.where(usable[:, None, None], curvature, -np.eye(slope.shape[1])),
            noise=np.where(usable, spread / np.sqrt(squared), 0.0),
        )

    def correct(self, row: Floats, aim: Floats) -> Floats:
        """Solve W δ + A δκ = −R, row·δ = aim: the Newton step δ, shape (m, p).

        A residual within the slack is not chased: its steps would be as random as it is.
        """
        known = np.sqrt((self.residual**2).sum(axis=1)) > self.slack
        return self._solve(row, np.where(known[:, None], -self.residual, 0.0), aim)

    @property
    def slack(self) -> Floats:
        """The length of a residual that the uncertainty of ∇g explains, shape (m,)."""
        return SIGMAS * self.noise * np.abs(self.multiplier) * np.sqrt((self.direction**2).sum(axis=1))

    def tangent(self, previous: Floats) -> Floats:
        """Return the unit tangent of the path {R = 0} that continues `previous`, shape (m, p)."""
        step = self._solve(previous, np.zeros_like(previous), np.ones(len(previous)))
        return step / np.sqrt((step * step).sum(axis=1))[:, None]

    @property
    def is_profile(self) -> Flags:
        """Whether ℓ is a strict maximum among the neighbours of equal g: W < 0 on the complement of A."""
        p = self.slope.shape[1]
        if p == 1:
            return np.ones(len(self.slope), dtype=bool)
        complement = np.linalg.qr(self.direction[:, :, None], mode="complete").Q[:, :, 1:]
        inner = complement.transpose(0, 2, 1) @ self.curvature @ complement
        sound = np.isfinite(inner).all(axis=(1, 2))
        inner = np.where(sound[:, None, None], inner, np.eye(p - 1))
        return np.linalg.eigvalsh(inner)[:, -1] < -1e-10

    def _solve(self, row: Floats, upper: Floats, lower: Floats) -> Floats:
        m, p = self.slope.shape
        matrix = np.zeros((m, p + 1, p + 1))
        matrix[:, :p, :p] = self.curvature
        matrix[:, :p, p] = self.direction
        matrix[:, p, :p] = row
        right = np.concatenate([upper, lower[:, None]], axis=1)[:, :, None]
        matrix[~np.isfinite(matrix).all(axis=(1, 2))] = np.eye(p + 1)
        right[~np.isfinite(right).all(axis=(1, 2))] = np.nan
        try:
            return np.linalg.solve(matrix, right)[:, :p, 0]
        except np.linalg.LinAlgError:
            return (np.linalg.pinv(matrix) @ right)[:, :p, 0]


def _carry(gradient: Floats, basis: Floats) -> Floats:
    """Return Bᵀ gradient."""
    return (gradient[:, None, :] @ basis)[:, 0, :]
