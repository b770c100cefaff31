"""The multivariate normal distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import as_number, written
from suffice.distributions.elliptical import EllipticalDistribution, checked_centre, shape_of
from suffice.distributions.location_scatter import STRUCTURES
from suffice.distributions.multivariate_normal_family import PARAMETERS, MultivariateNormalFamily
from suffice.linalg import Covariance
from suffice.statistics.scatter import Scatter

LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MultivariateNormal(EllipticalDistribution):
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

    sufficient = Scatter()
    scope: ClassVar[str] = "global"
    parameters: ClassVar[tuple[ArrayParameter, ...]] = PARAMETERS
    special_cases = {  # noqa: RUF012 - as the base declares it
        f"MultivariateNormal.of(covariance={structure!r})": {} for structure in STRUCTURES[1:]
    }

    def __post_init__(self) -> None:
        given = self.covariance
        factored = given if isinstance(given, Covariance) else Covariance.of(given)
        object.__setattr__(self, "mean", checked_centre(self.mean, factored, "mean", "covariance"))
        object.__setattr__(self, "factored", factored)
        object.__setattr__(self, "covariance", factored.matrix)

    # -- a family: how it is fitted -------------------------------------------------------------

    @classmethod
    def of(cls, *, covariance: str = "dense") -> MultivariateNormalFamily:
        """Return the family whose covariance is "dense", "diagonal" or "spherical" (variance · identity)."""
        return MultivariateNormalFamily(cls, covariance)

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by the closed form, divisor n; see `MultivariateNormalFamily.plan`."""
        return cls.of().plan(look, fixed)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def _centre(self) -> np.ndarray:
        return np.asarray(self.mean)

    @property
    def variance(self) -> np.ndarray:
        """The variances, the diagonal of the covariance, shape (d,)."""
        return self.factored.variances

    @property
    def standard_deviation(self) -> np.ndarray:
        """The standard deviations, shape (d,)."""
        return self.factored.standard_deviations

    @property
    def entropy(self) -> float:
        """The entropy in nats, ½ (d (1 + log 2π) + log|Σ|)."""
        return 0.5 * (self.dimension * (1.0 + LOG_TWO_PI) + self.factored.log_determinant)

    def logpdf(self, x: ArrayLike) -> Any:
        """Return log p(x) of points (..., d), shape (...)."""
        constant = self.dimension * LOG_TWO_PI + self.factored.log_determinant
        return as_number(-0.5 * (constant + np.asarray(self.mahalanobis_squared(x))))

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
            return as_number(special.ndtr(z).prod(axis=-1))
        value = stats.multivariate_normal.cdf(
            z,
            cov=self.correlation,
            abseps=error,
            releps=0.0,
            maxpts=1_000_000 * self.dimension,
            rng=np.random.default_rng(0),
        )
        return as_number(value)

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
        return as_number(special.gammainc(0.5 * self.dimension, 0.5 * radius * radius))

    def distance_containing(self, probability: ArrayLike) -> Any:
        """Return the Mahalanobis distance within which this probability lies, shape (...)."""
        from scipy import special

        share = np.asarray(probability, dtype=float)
        return as_number(np.sqrt(2.0 * special.gammaincinv(0.5 * self.dimension, share)))

    def marginal(self, indices: Sequence[int] | int) -> MultivariateNormal:
        """Return the distribution of some variables, in the order of `indices`."""
        return MultivariateNormal(*self._kept(indices))

    def conditional(self, given: Mapping[int, float]) -> MultivariateNormal:
        """Return the distribution of the other variables, given the values of some.

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
        mean, covariance, _ = self._given(given)
        return MultivariateNormal(mean, covariance)

    def mapped(self, matrix: ArrayLike, shift: ArrayLike = 0.0) -> MultivariateNormal:
        """Return the distribution of A x + b.

        Parameters
        ----------
        matrix : A, array, shape (k, d), of rank k
        shift : b, array, shape (k,) or a number
        """
        return MultivariateNormal(*self._mapped(matrix, shift))

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
        z = np.random.default_rng(rng).standard_normal((*shape_of(size), self.dimension))
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
        return f"MultivariateNormal(mean={written(self.mean, 4)}, covariance={written(self.covariance, 4)})"

    def __str__(self) -> str:
        mean, covariance = written(self.mean, 6), written(self.covariance, 6)
        return f"p(x; mean, covariance): MultivariateNormal with mean = {mean}, covariance = {covariance}"
