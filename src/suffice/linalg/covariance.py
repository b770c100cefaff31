"""Covariance matrices in one vocabulary, whatever their structure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.errors import ParameterError, ShapeError
from suffice.linalg.positive_definite import (
    check_columns,
    check_variances,
    checked_factor,
    checked_symmetric,
)

__all__ = ["Covariance", "DenseCovariance", "DiagonalCovariance", "SphericalCovariance"]

Floats = NDArray[np.float64]


class Covariance(ABC):
    """A positive definite covariance Σ = F Fᵀ of d columns, held as its factor and never inverted.

    `Covariance.of(matrix)`, `Covariance.diagonal(variances)` and `Covariance.spherical(variance,
    dimension)` build one. A structure states its `matrix`, `whiten`, `colour`, `solve`, `scaled`,
    `log_determinant` and `principal_axes`; everything else follows from these. Points are the last axis of an array,
    shape (..., d).

    Examples
    --------
    >>> covariance = Covariance.of([[2.0, 0.3], [0.3, 0.5]])
    >>> bool(np.isclose(covariance.mahalanobis_squared([1.5, 0.8], [0.5, -0.2]), 190 / 91, rtol=1e-14))
    True
    >>> covariance.standard_deviations
    array([1.41421356, 0.70710678])
    """

    __slots__ = ()

    @staticmethod
    def of(matrix: ArrayLike, *, columns: Sequence[str] | None = None) -> Covariance:
        """Build a covariance from a symmetric positive definite matrix.

        Parameters
        ----------
        matrix : array, shape (d, d)
        columns : sequence of str, length d, optional
            Names of the columns, for the messages.

        Raises
        ------
        ShapeError
            If the matrix is not square.
        ParameterError
            If it is not finite, not symmetric or not positive definite: the message names the
            smallest eigenvalue and its direction.
        """
        return DenseCovariance(np.asarray(matrix, dtype=float), _names(columns))

    @staticmethod
    def diagonal(variances: ArrayLike, *, columns: Sequence[str] | None = None) -> Covariance:
        """Build the covariance of uncorrelated columns from their variances, shape (d,)."""
        return DiagonalCovariance(np.asarray(variances, dtype=float), _names(columns))

    @staticmethod
    def spherical(variance: float, dimension: int) -> Covariance:
        """Build the covariance variance · identity of `dimension` columns."""
        return SphericalCovariance(float(variance), dimension)

    @property
    @abstractmethod
    def matrix(self) -> Floats:
        """Σ, shape (d, d), read-only."""

    @abstractmethod
    def whiten(self, x: ArrayLike) -> Floats:
        """Return F⁻¹x, shape (..., d): uncorrelated with unit variance where x has covariance Σ."""

    @abstractmethod
    def colour(self, z: ArrayLike) -> Floats:
        """Return F z, shape (..., d): the inverse of `whiten`."""

    @abstractmethod
    def scaled(self, factor: float) -> Covariance:
        """Return factor · Σ, of the same structure; the factor is positive."""

    @property
    @abstractmethod
    def log_determinant(self) -> float:
        """The logarithm of det Σ, which neither overflows nor underflows."""

    @abstractmethod
    def principal_axes(self) -> tuple[Floats, Floats]:
        """Return the eigenvalues, ascending, shape (d,), and Q, shape (d, d), with Σ = Q diag(λ) Qᵀ.

        The columns of Q are the axes; Q is a proper rotation (determinant +1), so that
        y = Qᵀ(x − μ) are coordinates of the same handedness.
        """

    @property
    def dimension(self) -> int:
        """The number of columns, d."""
        return self.matrix.shape[0]

    @property
    def rank(self) -> int:
        """The rank of Σ: d, because a singular matrix is refused."""
        return self.dimension

    @property
    def variances(self) -> Floats:
        """The diagonal of Σ, shape (d,)."""
        return _read_only(np.diagonal(self.matrix))

    @property
    def standard_deviations(self) -> Floats:
        """The square roots of the variances, shape (d,)."""
        return _read_only(np.sqrt(self.variances))

    @property
    def correlation(self) -> Floats:
        """The correlation matrix, shape (d, d), with a diagonal of exactly 1."""
        scale = self.standard_deviations
        values = self.matrix / scale[:, None] / scale
        np.fill_diagonal(values, 1.0)
        return _read_only(values)

    def mahalanobis_squared(self, x: ArrayLike, mean: ArrayLike = 0.0) -> Floats:
        """Return the squared Mahalanobis distance (x − mean)ᵀ Σ⁻¹ (x − mean), shape (...)."""
        whitened = self.whiten(self._checked(x) - np.asarray(mean, dtype=float))
        return np.asarray((whitened * whitened).sum(axis=-1))

    def mahalanobis(self, x: ArrayLike, mean: ArrayLike = 0.0) -> Floats:
        """Return the Mahalanobis distance, in standard deviations, shape (...)."""
        return np.sqrt(self.mahalanobis_squared(x, mean))

    @abstractmethod
    def solve(self, b: ArrayLike) -> Floats:
        """Return Σ⁻¹b for vectors in the last axis, shape (..., d)."""

    def _checked(self, x: ArrayLike) -> Floats:
        points = np.asarray(x, dtype=float)
        d = self.dimension
        if points.ndim == 0 or points.shape[-1] != d:
            raise ShapeError(
                f"points must have shape (..., {d}), one column for each dimension of the covariance, "
                f"but have shape {points.shape}",
                shape=points.shape,
            )
        return points

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return np.array_equal(self.matrix, other.matrix)

    def __hash__(self) -> int:
        return hash((type(self), self.matrix.tobytes()))


@dataclass(frozen=True, slots=True, eq=False)
class DenseCovariance(Covariance):
    """A covariance without structure, Σ = L Lᵀ (Cholesky).

    Attributes
    ----------
    matrix : array, shape (d, d)
    columns : tuple of str or None
        Names of the columns, for messages.
    factor : array, shape (d, d)
        L, lower triangular.
    """

    matrix: Floats
    columns: tuple[str, ...] | None = None
    factor: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        matrix = checked_symmetric(np.asarray(self.matrix, dtype=float), self.columns)
        object.__setattr__(self, "matrix", _read_only(matrix))
        object.__setattr__(self, "factor", _read_only(checked_factor(matrix, self.columns)))

    def __reduce__(self) -> tuple[object, ...]:
        return DenseCovariance, (np.array(self.matrix), self.columns)

    def whiten(self, x: ArrayLike) -> Floats:
        points = self._checked(x)
        return _as_rows(_forward(self.factor, _as_columns(points)), points.shape)

    def colour(self, z: ArrayLike) -> Floats:
        return self._checked(z) @ self.factor.T

    def solve(self, b: ArrayLike) -> Floats:
        vectors = self._checked(b)
        return _as_rows(_backward(self.factor, _forward(self.factor, _as_columns(vectors))), vectors.shape)

    def scaled(self, factor: float) -> Covariance:
        return DenseCovariance(factor * self.matrix, self.columns)

    @property
    def log_determinant(self) -> float:
        return 2.0 * float(np.log(np.diagonal(self.factor)).sum())

    def principal_axes(self) -> tuple[Floats, Floats]:
        values, axes = np.linalg.eigh(self.matrix)
        return _read_only(values), _rotation(axes)


@dataclass(frozen=True, slots=True, eq=False)
class DiagonalCovariance(Covariance):
    """The covariance of uncorrelated columns, Σ = diag(variances).

    Attributes
    ----------
    variances : array, shape (d,)
    columns : tuple of str or None
        Names of the columns, for messages.
    """

    variances: Floats
    columns: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        values = np.asarray(self.variances, dtype=float)
        if values.ndim != 1 or values.size == 0:
            raise ShapeError(f"variances must have shape (d,) with d ≥ 1, but have shape {values.shape}")
        check_columns(self.columns, values.size)
        check_variances(values, self.columns)
        object.__setattr__(self, "variances", _read_only(values))

    def __reduce__(self) -> tuple[object, ...]:
        return DiagonalCovariance, (np.array(self.variances), self.columns)

    @property
    def dimension(self) -> int:
        return self.variances.size

    @property
    def matrix(self) -> Floats:
        return _read_only(np.diag(self.variances))

    def whiten(self, x: ArrayLike) -> Floats:
        return self._checked(x) / np.sqrt(self.variances)

    def colour(self, z: ArrayLike) -> Floats:
        return self._checked(z) * np.sqrt(self.variances)

    def solve(self, b: ArrayLike) -> Floats:
        return self._checked(b) / self.variances

    def scaled(self, factor: float) -> Covariance:
        return DiagonalCovariance(factor * self.variances, self.columns)

    @property
    def log_determinant(self) -> float:
        return float(np.log(self.variances).sum())

    def principal_axes(self) -> tuple[Floats, Floats]:
        order = np.argsort(self.variances, kind="stable")
        return _read_only(self.variances[order]), _rotation(np.eye(self.dimension)[:, order])


@dataclass(frozen=True, slots=True)
class SphericalCovariance(Covariance):
    """The covariance of uncorrelated columns of equal variance, Σ = variance · I.

    Attributes
    ----------
    variance : float
    dimension : int
    """

    variance: float
    dimension: int

    def __post_init__(self) -> None:
        if self.dimension < 1:
            raise ParameterError(f"dimension must be at least 1, but is {self.dimension}")
        check_variances(np.array([self.variance]), ("all columns",))

    @property
    def matrix(self) -> Floats:
        return _read_only(self.variance * np.eye(self.dimension))

    def whiten(self, x: ArrayLike) -> Floats:
        return self._checked(x) / np.sqrt(self.variance)

    def colour(self, z: ArrayLike) -> Floats:
        return self._checked(z) * np.sqrt(self.variance)

    def solve(self, b: ArrayLike) -> Floats:
        return self._checked(b) / self.variance

    def scaled(self, factor: float) -> Covariance:
        return SphericalCovariance(factor * self.variance, self.dimension)

    @property
    def log_determinant(self) -> float:
        return self.dimension * float(np.log(self.variance))

    def principal_axes(self) -> tuple[Floats, Floats]:
        return _read_only(np.full(self.dimension, self.variance)), _read_only(np.eye(self.dimension))


def _read_only(values: ArrayLike) -> Floats:
    array = np.array(values, dtype=float)
    array.flags.writeable = False
    return array


def _names(columns: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if columns is None else tuple(columns)


def _rotation(axes: Floats) -> Floats:
    """Turn orthonormal columns into a proper rotation with signs that depend on the axes alone."""
    d = len(axes)
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(d)])
    rotation = axes * signs
    if np.linalg.det(rotation) < 0:
        rotation[:, 0] = -rotation[:, 0]
    return _read_only(rotation)


def _as_columns(points: Floats) -> Floats:
    """Return the points as columns of a new array, shape (d, n)."""
    return np.array(points.reshape(-1, points.shape[-1]).T, order="C")


def _as_rows(columns: Floats, shape: tuple[int, ...]) -> Floats:
    return np.ascontiguousarray(columns.T).reshape(shape)


def _forward(factor: Floats, z: Floats) -> Floats:
    """Overwrite z, shape (d, n), with L⁻¹z."""
    for j in range(len(factor)):
        z[j] = (z[j] - factor[j, :j] @ z[:j]) / factor[j, j]
    return z


def _backward(factor: Floats, z: Floats) -> Floats:
    """Overwrite z, shape (d, n), with L⁻ᵀz."""
    for j in reversed(range(len(factor))):
        z[j] = (z[j] - factor[j + 1 :, j] @ z[j + 1 :]) / factor[j, j]
    return z
