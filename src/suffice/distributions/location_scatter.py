"""Coordinates of a location and a positive definite matrix, relative to a frame in which both are near 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from suffice.errors import ShapeError
from suffice.linalg import Covariance

STRUCTURES = ("dense", "diagonal", "spherical")


@cache
def _upper_triangle(d: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and columns of the entries of the upper triangle, by rows, read-only: every sum needs them."""
    rows, columns = np.triu_indices(d)
    rows.flags.writeable = columns.flags.writeable = False
    return rows, columns


def structured(matrix: np.ndarray, structure: str) -> Covariance:
    """Return the covariance of this structure that is closest in Gaussian likelihood to a matrix (d, d)."""
    if structure == "dense":
        return Covariance.of(matrix)
    variances = np.diagonal(matrix)
    if structure == "diagonal":
        return Covariance.diagonal(variances)
    return Covariance.spherical(float(variances.mean()), len(matrix))


def fixed_location(fixed: Mapping[str, Any], name: str, d: int) -> np.ndarray | None:
    """Return the location of d columns that was fixed, shape (d,); None where it was not."""
    if name not in fixed:
        return None
    location = np.array(fixed[name], dtype=float)
    if location.shape != (d,) or not np.isfinite(location).all():
        raise ShapeError(f"the fixed {name} must be {d} finite numbers, one for each column, not {fixed[name]!r:.80}")
    return location


def fixed_matrix(fixed: Mapping[str, Any], name: str, d: int) -> Covariance | None:
    """Return the positive definite matrix of d columns that was fixed; None where it was not."""
    if name not in fixed:
        return None
    given = fixed[name]
    matrix = given if isinstance(given, Covariance) else Covariance.of(given)
    if matrix.dimension != d:
        raise ShapeError(f"the fixed {name} has {matrix.dimension} columns, the data have {d}")
    return matrix


@dataclass(frozen=True, slots=True, eq=False)
class LocationScatter:
    """The map φ = (m, entries of S) ↦ μ = c + F m, Σ = F S Fᵀ, which is linear.

    The coordinates of S are its upper triangle by rows ("dense"), its diagonal ("diagonal") or their common value
    ("spherical"). It is no matrix of the family where S is not positive definite.

    Parameters
    ----------
    high, low : c as a pair, each of shape (d,)
    frame : the matrix F Fᵀ
    structure : "dense", "diagonal" or "spherical"
    location_is_free, scatter_is_free : which are sought; the others are c and the frame
    """

    high: np.ndarray
    low: np.ndarray
    frame: Covariance
    structure: str = "dense"
    location_is_free: bool = True
    scatter_is_free: bool = True

    @property
    def dimension(self) -> int:
        """The number d of columns."""
        return len(self.high)

    @property
    def start(self) -> int:
        """Where in φ the entries of S begin."""
        return self.dimension if self.location_is_free else 0

    @property
    def size(self) -> int:
        """How many coordinates there are."""
        entries = 1 if self.structure == "spherical" else len(self.entries[0])
        return self.start + (entries if self.scatter_is_free else 0)

    @property
    def entries(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows and columns of the entries of S that may differ from 0."""
        d = self.dimension
        return _upper_triangle(d) if self.structure == "dense" else (np.arange(d), np.arange(d))

    @property
    def shares(self) -> np.ndarray:
        """½ for an entry of the diagonal, which stands once in S, 1 for the others, which stand twice."""
        rows, columns = self.entries
        return np.where(rows == columns, 0.5, 1.0)

    def names(self, location: str, scatter: str, common: str) -> tuple[str, ...]:
        """Return the names of the free parameters; `common` is that of the one entry of a spherical matrix."""
        places = [f"{location}[{j}]" for j in range(self.dimension)] if self.location_is_free else []
        if not self.scatter_is_free:
            return tuple(places)
        if self.structure == "spherical":
            return (*places, common)
        return (*places, *[f"{scatter}[{i},{j}]" for i, j in zip(*self.entries, strict=True)])

    def split(self, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the parts m, shape (m, d), and S, shape (m, d, d), of φ, shape (m, q)."""
        lead, d = len(phi), self.dimension
        location = phi[:, :d] if self.location_is_free else np.zeros((lead, d))
        if not self.scatter_is_free:
            return location, np.broadcast_to(np.eye(d), (lead, d, d))
        rows, columns = self.entries
        matrix = np.zeros((lead, d, d))
        matrix[:, rows, columns] = matrix[:, columns, rows] = phi[:, self.start :]
        return location, matrix

    def parameters(self, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return μ (d,) and Σ (d, d) at φ, shape (q,)."""
        location, matrix = self.split(phi[None, :])
        centre = self.high + (self.low + self.frame.colour(location[0])) if self.location_is_free else self.high
        if not self.scatter_is_free:
            return centre, self.frame.matrix
        half = self.frame.colour(matrix[0])
        sigma = self.frame.colour(half.T)
        return centre, 0.5 * (sigma + sigma.T)

    def covariance(self, matrix: np.ndarray) -> Covariance:
        """Return Σ in its structure: the frame itself where it is not sought."""
        return structured(matrix, self.structure) if self.scatter_is_free else self.frame

    def values(self, phi: np.ndarray) -> np.ndarray:
        """Return all parameters, location and entries of Σ, at φ, shape (q,)."""
        location, matrix = self.parameters(phi)
        rows, columns = self.entries
        entries = matrix[rows, columns]
        return np.concatenate([location, entries[:1] if self.structure == "spherical" else entries])

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters, in the order of `names`, at φ, shape (q,)."""
        start = 0 if self.location_is_free else self.dimension
        return self.values(phi)[start : None if self.scatter_is_free else self.dimension]

    def jacobian(self) -> np.ndarray:
        """Return d(free parameters)/dφ, shape (q, q): constant, because the map is linear."""
        d, start, q = self.dimension, self.start, self.size
        factor = self.frame.colour(np.eye(d)).T
        jacobian = np.zeros((q, q))
        if self.location_is_free:
            jacobian[:d, :d] = factor
        if not self.scatter_is_free:
            return jacobian
        rows, columns = self.entries
        if self.structure == "spherical":
            jacobian[start, start] = factor[0, 0] ** 2
            return jacobian
        # ∂Σᵢⱼ/∂Sₖₗ = Fᵢₖ Fⱼₗ + Fᵢₗ Fⱼₖ, half of it where k = l.
        left, right = factor[rows], factor[columns]
        slope = left[:, rows] * right[:, columns] + left[:, columns] * right[:, rows]
        jacobian[start:, start:] = slope * self.shares
        return jacobian

    def second_derivatives(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return tr(L B R C) for every two entries B and C of S and symmetric L and R, shape (..., t, t).

        The coordinates of S move it along B = s (eᵢeⱼᵀ + eⱼeᵢᵀ), s the share of (i, j).
        """
        rows, columns = self.entries
        one = left[..., rows[:, None], rows] * right[..., columns[:, None], columns]
        two = left[..., rows[:, None], columns] * right[..., columns[:, None], rows]
        three = left[..., columns[:, None], rows] * right[..., rows[:, None], columns]
        four = left[..., columns[:, None], columns] * right[..., rows[:, None], rows]
        return np.asarray(self.shares[:, None] * self.shares * (one + two + three + four))

    def cross_derivatives(self, matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Return the entries of L B v for every entry B of S, shape (..., d, t)."""
        rows, columns = self.entries
        moved = matrix[..., :, rows] * vector[..., None, columns] + matrix[..., :, columns] * vector[..., None, rows]
        return np.asarray(self.shares * moved)
