"""What all distributions of several variables have in common that depend on a Mahalanobis distance alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_text import as_number
from suffice.distributions.other_names import refuse_attribute
from suffice.errors import NotAvailableError, ParameterError, ShapeError
from suffice.linalg import Covariance, DenseCovariance, DiagonalCovariance, SphericalCovariance


class EllipticalDistribution(ArrayFamily):
    """A density that is a function of the Mahalanobis distance from a centre.

    A family states `_centre`, shape (d,), the matrix `factored` of the distance, and `logpdf`.
    """

    __slots__ = ()

    factored: Covariance

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name)

    @property
    def _centre(self) -> np.ndarray:
        raise NotAvailableError("an elliptical distribution states its centre")

    def logpdf(self, x: ArrayLike) -> Any:
        """Return log p(x) of points (..., d), shape (...)."""
        raise NotAvailableError("a family states its log density")

    @property
    def dimension(self) -> int:
        """The number d of variables."""
        return len(self._centre)

    @property
    def correlation(self) -> np.ndarray:
        """The correlation matrix, shape (d, d); that of the matrix where there are no covariances."""
        return self.factored.correlation

    def mahalanobis_squared(self, x: ArrayLike) -> Any:
        """Return the squared Mahalanobis distance (x − μ)ᵀΣ⁻¹(x − μ) of points (..., d), shape (...)."""
        points = np.asarray(x, dtype=float)
        with np.errstate(invalid="ignore"):
            squared = self.factored.mahalanobis_squared(points, self._centre)
        if not np.isfinite(squared).all():
            far = np.isinf(points).any(axis=-1) & ~np.isnan(points).any(axis=-1)
            squared = np.where(far, np.inf, squared)
        return as_number(squared)

    def mahalanobis(self, x: ArrayLike) -> Any:
        """Return the Mahalanobis distance of points (..., d), shape (...)."""
        return as_number(np.sqrt(self.mahalanobis_squared(x)))

    def pdf(self, x: ArrayLike) -> Any:
        """Return the density p(x) of points (..., d), shape (...); it may exceed 1."""
        return as_number(np.exp(self.logpdf(x)))

    def pmf(self, x: ArrayLike) -> Any:
        """Refuse: a continuous variable has no probability at a point."""
        raise NotAvailableError(
            f"{type(self).__name__} is continuous: every single point has probability 0; use pdf(x) for the "
            "density, cdf(x) or probability_within(k) for probabilities"
        )

    logpmf = pmf

    # -- parts ----------------------------------------------------------------------------------

    def _kept(self, indices: Sequence[int] | int) -> tuple[np.ndarray, Any]:
        """Return centre and matrix of some variables, in the order of `indices`."""
        keep = self._indices(indices)
        factored = self.factored
        if isinstance(factored, SphericalCovariance):
            return self._centre[keep], Covariance.spherical(factored.variance, len(keep))
        if isinstance(factored, DiagonalCovariance):
            return self._centre[keep], Covariance.diagonal(factored.variances[keep])
        return self._centre[keep], factored.matrix[np.ix_(keep, keep)]

    def _given(self, given: Mapping[int, float]) -> tuple[np.ndarray, Any, float]:
        """Return centre and matrix of the other variables, and the squared distance of the given ones, k of them.

        The Cholesky factor of the matrix, the given variables first, is [[B, 0], [C, D]]: the centre is
        μ₂ + C B⁻¹(x₁ − μ₁), the matrix D Dᵀ, the distance |B⁻¹(x₁ − μ₁)|², and no matrix is inverted.
        """
        known = self._indices(list(given)) if given else []
        rest = [i for i in range(self.dimension) if i not in known]
        if not rest:
            raise ParameterError("every variable is given, so that nothing is left to have a distribution")
        off = np.array([float(value) for value in given.values()]) - self._centre[known]
        if not known or not isinstance(self.factored, DenseCovariance):
            return *self._kept(rest), float((off * off / self.factored.variances[known]).sum())
        order, k = known + rest, len(known)
        factor = np.linalg.cholesky(self.factored.matrix[np.ix_(order, order)])
        standardized = np.linalg.solve(factor[:k, :k], off)
        left = factor[k:, k:]
        return self._centre[rest] + factor[k:, :k] @ standardized, left @ left.T, float(standardized @ standardized)

    def _mapped(self, matrix: ArrayLike, shift: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return centre and matrix of A x + b."""
        a = np.atleast_2d(np.asarray(matrix, dtype=float))
        if a.ndim != 2 or a.shape[1] != self.dimension:
            raise ShapeError(f"A must have shape (k, {self.dimension}), but has shape {a.shape}", shape=a.shape)
        half = self.factored.colour(np.eye(self.dimension)) @ a.T
        return a @ self._centre + np.broadcast_to(shift, len(a)), half.T @ half

    def _points(self, x: ArrayLike) -> np.ndarray:
        points = np.asarray(x, dtype=float)
        if points.ndim == 0 or points.shape[-1] != self.dimension:
            raise ShapeError(
                f"points must have shape (..., {self.dimension}), but have shape {points.shape}",
                shape=points.shape,
            )
        return points

    def _indices(self, indices: Sequence[int] | int) -> list[int]:
        chosen = [int(i) for i in np.atleast_1d(np.asarray(indices))]
        wrong = [i for i in chosen if not -self.dimension <= i < self.dimension]
        if wrong or not chosen:
            raise ParameterError(
                f"indices must lie between 0 and {self.dimension - 1}, but are {chosen}", indices=chosen
            )
        places = [i % self.dimension for i in chosen]
        if len(set(places)) < len(places):
            raise ParameterError(f"indices must differ, but are {chosen}", indices=chosen)
        return places


def checked_centre(values: Any, factored: Covariance, name: str, matrix: str) -> np.ndarray:
    """Return a centre as a read-only array, shape (d,), or raise: it must be finite and fit its matrix."""
    centre = np.array(values, dtype=float) + 0.0  # no negative zero, which is equal but hashes apart
    if centre.shape != (factored.dimension,):
        raise ShapeError(
            f"{name} must have shape ({factored.dimension},), one entry for each row of the {matrix}, "
            f"but has shape {centre.shape}",
            shape=centre.shape,
        )
    if not np.isfinite(centre).all():
        i = int(np.argmin(np.isfinite(centre)))
        raise ParameterError(f"{name} must be finite, but {name}[{i}] is {centre[i]}", parameter=name)
    centre.flags.writeable = False
    return centre


def shape_of(size: int | tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of so many draws."""
    return (int(size),) if isinstance(size, int | np.integer) else tuple(size)
