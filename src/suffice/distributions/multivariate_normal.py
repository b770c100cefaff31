"""The multivariate normal distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.multivariate_normal_family import PARAMETERS, MultivariateNormalFamily
from suffice.distributions.multivariate_normal_problem import STRUCTURES
from suffice.distributions.other_names import refuse_attribute
from suffice.errors import NotAvailableError, ParameterError, ShapeError
from suffice.linalg import Covariance, DenseCovariance, DiagonalCovariance, SphericalCovariance
from suffice.statistics.scatter import Scatter

LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MultivariateNormal:
    """The normal distribution of d variables, log p(x; μ, Σ) = −½ (d log 2π + log|Σ| + (x − μ)ᵀΣ⁻¹(x − μ)).

    Parameters
    ----------
    mean : array, shape (d,), in the units of the columns
    covariance : array, shape (d, d), or a `Covariance`, in products of the units
        Kept as a read-only matrix; its factored form is `factored`.

    Raises
    ------
    ShapeError, ParameterError
        If the shapes disagree, or the covariance is not symmetric positive definite.

    Examples
    --------
    >>> model = MultivariateNormal([1, 2], [[1, 0], [0, 1]])
    >>> round(model.pdf([0, 0]), 10)
    0.0130642333
    >>> model.conditional({1: 2.5})
    MultivariateNormal(mean=[1], covariance=[[1]])
    """

    mean: Any
    covariance: Any
    factored: Covariance = field(init=False)

    sufficient: ClassVar[Scatter] = Scatter()
    scope: ClassVar[str] = "global"
    region: ClassVar[str] = ""
    discrete: ClassVar[bool] = False
    parameters: ClassVar[tuple[ArrayParameter, ...]] = PARAMETERS
    special_cases: ClassVar[dict[str, dict[str, float]]] = {
        f"MultivariateNormal.of(covariance={structure!r})": {} for structure in STRUCTURES[1:]
    }

    def __post_init__(self) -> None:
        mean = np.array(self.mean, dtype=float) + 0.0  # no negative zero, which is equal but hashes apart
        given = self.covariance
        factored = given if isinstance(given, Covariance) else Covariance.of(given)
        if mean.shape != (factored.dimension,):
            raise ShapeError(
                f"mean must have shape ({factored.dimension},), one entry for each row of the covariance, "
                f"but has shape {mean.shape}",
                shape=mean.shape,
            )
        if not np.isfinite(mean).all():
            i = int(np.argmin(np.isfinite(mean)))
            raise ParameterError(f"mean must be finite, but mean[{i}] is {mean[i]}", parameter="mean")
        mean.flags.writeable = False
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "factored", factored)
        object.__setattr__(self, "covariance", factored.matrix)

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name)

    # -- a family: how it is fitted -------------------------------------------------------------

    @classmethod
    def of(cls, *, covariance: str = "dense") -> MultivariateNormalFamily:
        """Return the family whose covariance is "dense", "diagonal" or "spherical" (variance · identity)."""
        return MultivariateNormalFamily(cls, covariance)

    @classmethod
    def support_given(cls, fixed: Mapping[str, Any]) -> None:
        """Return None: any numbers may occur."""
        return None

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by the closed form, divisor n; see `MultivariateNormalFamily.plan`."""
        return cls.of().plan(look, fixed)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def dimension(self) -> int:
        """The number d of variables."""
        return len(self.mean)

    @property
    def variance(self) -> np.ndarray:
        """The variances, the diagonal of the covariance, shape (d,)."""
        return self.factored.variances

    @property
    def standard_deviation(self) -> np.ndarray:
        """The standard deviations, shape (d,)."""
        return self.factored.standard_deviations

    @property
    def correlation(self) -> np.ndarray:
        """The correlation matrix, shape (d, d)."""
        return self.factored.correlation

    @property
    def entropy(self) -> float:
        """The entropy in nats, ½ (d (1 + log 2π) + log|Σ|)."""
        return 0.5 * (self.dimension * (1.0 + LOG_TWO_PI) + self.factored.log_determinant)

    def mahalanobis_squared(self, x: ArrayLike) -> Any:
        """Return the squared Mahalanobis distance (x − μ)ᵀΣ⁻¹(x − μ) of points (..., d), shape (...)."""
        points = np.asarray(x, dtype=float)
        with np.errstate(invalid="ignore"):
            squared = self.factored.mahalanobis_squared(points, self.mean)
        if not np.isfinite(squared).all():
            far = np.isinf(points).any(axis=-1) & ~np.isnan(points).any(axis=-1)
            squared = np.where(far, np.inf, squared)
        return _number(squared)

    def mahalanobis(self, x: ArrayLike) -> Any:
        """Return the Mahalanobis distance of points (..., d), in standard deviations, shape (...)."""
        return _number(np.sqrt(self.mahalanobis_squared(x)))

    def logpdf(self, x: ArrayLike) -> Any:
        """Return log p(x) of points (..., d), shape (...)."""
        constant = self.dimension * LOG_TWO_PI + self.factored.log_determinant
        return _number(-0.5 * (constant + np.asarray(self.mahalanobis_squared(x))))

    def pdf(self, x: ArrayLike) -> Any:
        """Return the density p(x) of points (..., d), shape (...); it may exceed 1."""
        return _number(np.exp(self.logpdf(x)))

    def pmf(self, x: ArrayLike) -> Any:
        """Refuse: a continuous variable has no probability at a point."""
        raise NotAvailableError(
            "MultivariateNormal is continuous: every single point has probability 0; use pdf(x) for the "
            "density, cdf(x) or probability_within(k) for probabilities"
        )

    logpmf = pmf

    def cdf(self, x: ArrayLike, *, error: float = 1e-5) -> Any:
        """Return P(X₁ ≤ x₁, …, X_d ≤ x_d) of points (..., d), shape (...).

        Exact for one variable and for uncorrelated ones. Otherwise a randomised lattice rule with a fixed
        seed, which stops when it estimates its absolute error to be below `error` with 99 % confidence, or
        after a million points per dimension; for two variables it is accurate to rounding.

        Parameters
        ----------
        x : array, shape (..., d)
        error : the absolute error allowed; below 1e-6 it takes seconds from ten variables on

        Source: Genz and Bretz (2009), Computation of Multivariate Normal and t Probabilities.
        """
        from scipy import special, stats

        points = self._points(x)
        z = (points - self.mean) / self.standard_deviation
        off_diagonal = self.correlation - np.eye(self.dimension)
        if not off_diagonal.any():
            return _number(special.ndtr(z).prod(axis=-1))
        value = stats.multivariate_normal.cdf(
            z,
            cov=self.correlation,
            abseps=error,
            releps=0.0,
            maxpts=1_000_000 * self.dimension,
            rng=np.random.default_rng(0),
        )
        return _number(value)

    def probability_within(self, distance: ArrayLike) -> Any:
        """Return the probability of the ellipsoid of Mahalanobis distance ≤ `distance`.

        In one dimension 68.27 % lie within distance 1; in two only 39.35 %, and 86.47 % within 2.

        Parameters
        ----------
        distance : array, shape (...), in standard deviations

        Examples
        --------
        >>> MultivariateNormal([0, 0], [[2, 1], [1, 3]]).probability_within([1, 2]).round(4)
        array([0.3935, 0.8647])
        """
        from scipy import special

        radius = np.maximum(np.asarray(distance, dtype=float), 0.0)
        return _number(special.gammainc(0.5 * self.dimension, 0.5 * radius * radius))

    def distance_containing(self, probability: ArrayLike) -> Any:
        """Return the Mahalanobis distance within which this probability lies, shape (...)."""
        from scipy import special

        share = np.asarray(probability, dtype=float)
        return _number(np.sqrt(2.0 * special.gammaincinv(0.5 * self.dimension, share)))

    def marginal(self, indices: Sequence[int] | int) -> MultivariateNormal:
        """Return the distribution of some variables, in the order of `indices`."""
        keep = self._indices(indices)
        if isinstance(self.factored, SphericalCovariance):
            return MultivariateNormal(self.mean[keep], Covariance.spherical(self.factored.variance, len(keep)))
        if isinstance(self.factored, DiagonalCovariance):
            return MultivariateNormal(self.mean[keep], Covariance.diagonal(self.variance[keep]))
        return MultivariateNormal(self.mean[keep], self.covariance[np.ix_(keep, keep)])

    def conditional(self, given: Mapping[int, float]) -> MultivariateNormal:
        """Return the distribution of the other variables, given the values of some.

        The Cholesky factor of the covariance, the given variables first, is [[B, 0], [C, D]]: the mean is
        μ₂ + C B⁻¹(x₁ − μ₁), the covariance D Dᵀ, and no matrix is inverted.

        Parameters
        ----------
        given : the index of each variable known, and its value

        Returns
        -------
        MultivariateNormal of the others, in their order

        Examples
        --------
        >>> MultivariateNormal([0, 0], [[1, 0.5], [0.5, 1]]).conditional({1: 2.0})
        MultivariateNormal(mean=[1], covariance=[[0.75]])
        """
        known = self._indices(list(given)) if given else []
        rest = [i for i in range(self.dimension) if i not in known]
        values = np.array([float(value) for value in given.values()])
        if not rest:
            raise ParameterError("every variable is given, so that nothing is left to have a distribution")
        if not known or not isinstance(self.factored, DenseCovariance):
            return self.marginal(rest)
        order = known + rest
        factor = np.linalg.cholesky(self.covariance[np.ix_(order, order)])
        k = len(known)
        shift = factor[k:, :k] @ np.linalg.solve(factor[:k, :k], values - self.mean[known])
        left = factor[k:, k:]
        return MultivariateNormal(self.mean[rest] + shift, left @ left.T)

    def mapped(self, matrix: ArrayLike, shift: ArrayLike = 0.0) -> MultivariateNormal:
        """Return the distribution of A x + b.

        Parameters
        ----------
        matrix : A, array, shape (k, d), of rank k
        shift : b, array, shape (k,) or a number
        """
        a = np.atleast_2d(np.asarray(matrix, dtype=float))
        if a.ndim != 2 or a.shape[1] != self.dimension:
            raise ShapeError(f"A must have shape (k, {self.dimension}), but has shape {a.shape}", shape=a.shape)
        half = self.factored.colour(np.eye(self.dimension)) @ a.T
        return MultivariateNormal(a @ self.mean + np.broadcast_to(shift, len(a)), half.T @ half)

    def sample(self, size: int | tuple[int, ...] = 1, rng: Any = None) -> np.ndarray:
        """Draw independent points: the same seed, the same draws.

        Parameters
        ----------
        size : how many, or the shape
        rng : a seed or a numpy Generator

        Returns
        -------
        ndarray, shape (*size, d)
        """
        shape = (size,) if isinstance(size, int | np.integer) else tuple(size)
        z = np.random.default_rng(rng).standard_normal((*shape, self.dimension))
        return self.mean + self.factored.colour(z)

    # -- a value --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MultivariateNormal):
            return NotImplemented
        return np.array_equal(self.mean, other.mean) and np.array_equal(self.covariance, other.covariance)

    def __hash__(self) -> int:
        return hash((self.mean.tobytes(), self.covariance.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        return MultivariateNormal, (np.array(self.mean), self.factored)

    def __repr__(self) -> str:
        return f"MultivariateNormal(mean={_written(self.mean, 4)}, covariance={_written(self.covariance, 4)})"

    def __str__(self) -> str:
        mean, covariance = _written(self.mean, 6), _written(self.covariance, 6)
        return f"p(x; mean, covariance): MultivariateNormal with mean = {mean}, covariance = {covariance}"

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


def _number(values: Any) -> Any:
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array


def _written(values: np.ndarray, digits: int) -> str:
    """Return an array in one line; a large one by its shape and its first entries."""
    if values.size > 36:
        first = ", ".join(f"{v:.{digits}g}" for v in values.flat[:2])
        return f"<{' × '.join(str(s) for s in values.shape)} array: {first}, …>"
    if values.ndim == 1:
        return f"[{', '.join(f'{v:.{digits}g}' for v in values)}]"
    return f"[{', '.join(_written(row, digits) for row in values)}]"
