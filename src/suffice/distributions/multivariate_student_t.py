"""Student's t distribution of several variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from suffice.distributions.array_text import as_number, written
from suffice.distributions.elliptical import EllipticalDistribution, checked_centre, shape_of
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.multivariate_student_t_plan import DF, PARAMETERS, multivariate_student_t_plan
from suffice.distributions.multivariate_student_t_region import REGION
from suffice.distributions.student_t import StudentT
from suffice.distributions.student_t_constant import log_gamma_ratio, log_gamma_ratio_derivatives
from suffice.errors import NotAvailableError
from suffice.linalg import Covariance

LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MultivariateStudentT(EllipticalDistribution):
    """Student's t of d variables, x = location + F T/√(χ²/df) with Σ = F Fᵀ; df = ∞ is the multivariate normal.

    log p(x; μ, Σ, ν) = log Γ((ν+d)/2) − log Γ(ν/2) − ½ (d log νπ + log|Σ|) − ½ (ν + d) log(1 + δ²/ν),
    δ² = (x − μ)ᵀΣ⁻¹(x − μ).

    Parameters
    ----------
    location : μ, array, shape (d,), in the units of the columns
    scale_matrix : Σ, array, shape (d, d), or a `Covariance`, in products of the units; the covariance is
        Σ df/(df − 2) for df > 2. Kept as a read-only matrix; its factored form is `factored`.
    df : ν, the degrees of freedom, a positive number or ∞

    Raises
    ------
    ShapeError, ParameterError
        If the shapes disagree, the scale matrix is not symmetric positive definite, or df is not positive.

    Examples
    --------
    >>> model = MultivariateStudentT([1, 2], [[1, 0], [0, 1]], df=3)
    >>> round(model.pdf([1, 2]), 10)
    0.1591549431
    >>> model.conditional({1: 3})
    MultivariateStudentT(location=[1], scale_matrix=[[1]], df=4)
    """

    location: Any
    scale_matrix: Any
    df: Any
    factored: Covariance = field(init=False)

    parameters: ClassVar[tuple[Any, ...]] = PARAMETERS
    limits: ClassVar[dict[str, tuple[float, Any]]] = {"df": (np.inf, MultivariateNormal)}
    region: ClassVar[str] = REGION

    def __post_init__(self) -> None:
        given = self.scale_matrix
        factored = given if isinstance(given, Covariance) else Covariance.of(given)
        object.__setattr__(self, "location", checked_centre(self.location, factored, "location", "scale_matrix"))
        object.__setattr__(self, "factored", factored)
        object.__setattr__(self, "scale_matrix", factored.matrix)
        object.__setattr__(self, "df", DF.check(self.df, "MultivariateStudentT"))

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by Newton steps, a pass over the data at each; see `multivariate_student_t_plan`."""
        return multivariate_student_t_plan(cls, look, fixed)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def _centre(self) -> np.ndarray:
        return np.asarray(self.location)

    @property
    def mean(self) -> np.ndarray:
        """The mean, shape (d,); NaN for df ≤ 1, where there is none."""
        return np.array(self.location) if self.df > 1 else np.full(self.dimension, np.nan)

    @property
    def covariance(self) -> np.ndarray:
        """The covariance, shape (d, d); NaN for df ≤ 2, where there is none."""
        if not self.df > 2:
            return np.full((self.dimension, self.dimension), np.nan)
        return np.array(self.scale_matrix / (1.0 - 2.0 / self.df))

    @property
    def variance(self) -> np.ndarray:
        """The variances, shape (d,); infinite for 1 < df ≤ 2, NaN for df ≤ 1."""
        if self.df > 2:
            return np.array(self.factored.variances / (1.0 - 2.0 / self.df))
        return np.full(self.dimension, np.inf if self.df > 1 else np.nan)

    @property
    def standard_deviation(self) -> np.ndarray:
        """The standard deviations, shape (d,); infinite for 1 < df ≤ 2, NaN for df ≤ 1."""
        return np.asarray(np.sqrt(self.variance))

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        d, v = self.dimension, self.df
        half = 0.5 * (d * LOG_TWO_PI + self.factored.log_determinant)
        if np.isinf(v):
            return half + 0.5 * d
        # ½ (ν + d) [ψ((ν + d)/2) − ψ(ν/2)], by what it differs from its limit
        slope, _ = log_gamma_ratio_derivatives(v, d)
        return float(half - log_gamma_ratio(v, d) + (v + d) * (slope + 0.5 * d / v))

    def logpdf(self, x: ArrayLike) -> Any:
        """Return log p(x) of points (..., d), shape (...)."""
        d, v = self.dimension, self.df
        half = 0.5 * (d * LOG_TWO_PI + self.factored.log_determinant)
        if np.isinf(v):
            return as_number(-half - 0.5 * np.asarray(self.mahalanobis_squared(x)))
        return as_number(log_gamma_ratio(v, d) - half - 0.5 * (v + d) * self._log_growth(self._points(x)))

    def _log_growth(self, points: np.ndarray) -> Any:
        """Return log(1 + δ²/ν); far out, where δ² overflows, from its logarithm."""
        with np.errstate(over="ignore"):
            q = np.asarray(self.mahalanobis_squared(points))
        far = np.isinf(q) & np.isfinite(points).all(axis=-1)
        if not far.any():
            return np.log1p(q / self.df)
        size = np.abs(points[far]).max(axis=-1, keepdims=True)
        squares = self.factored.mahalanobis_squared(points[far] / size, self.location / size)
        growth = np.array(np.log1p(q / self.df))
        growth[far] = 2.0 * np.log(size[..., 0]) + np.log(squares) - np.log(self.df)
        return growth

    def cdf(self, x: ArrayLike) -> Any:
        """Return P(X ≤ x) of one variable, points (..., 1); of several it is refused."""
        if self.dimension > 1:
            raise NotAvailableError(
                "the cumulative distribution of a multivariate t is not available; marginal(i).cdf(x) is that of one "
                "variable, and probability_within(k) that of an ellipsoid"
            )
        one = StudentT(float(self.location[0]), float(np.sqrt(self.factored.variances[0])), self.df)
        return as_number(one.cdf(self._points(x)[..., 0]))

    def probability_within(self, distance: ArrayLike) -> Any:
        """Return the probability of the ellipsoid of Mahalanobis distance ≤ `distance`; δ²/d has the F distribution.

        Parameters
        ----------
        distance : array, shape (...)
        """
        radius = np.maximum(np.asarray(distance, dtype=float), 0.0)
        q, half = radius * radius, 0.5 * self.dimension
        if np.isinf(self.df):
            return as_number(special.gammainc(half, 0.5 * q))
        far = special.betaincc(0.5 * self.df, half, self.df / (self.df + q))
        return as_number(np.where(q < self.df, special.betainc(half, 0.5 * self.df, q / (self.df + q)), far))

    def distance_containing(self, probability: ArrayLike) -> Any:
        """Return the Mahalanobis distance within which this probability lies, shape (...)."""
        share, half = np.asarray(probability, dtype=float), 0.5 * self.dimension
        if np.isinf(self.df):
            return as_number(np.sqrt(2.0 * special.gammaincinv(half, share)))
        rest = special.betainccinv(0.5 * self.df, half, share)  # ν/(ν + δ²)
        inner = special.betaincinv(half, 0.5 * self.df, share)  # δ²/(ν + δ²)
        with np.errstate(divide="ignore"):
            odds = np.where(inner < 0.5, inner / (1.0 - inner), (1.0 - rest) / rest)
        return as_number(np.sqrt(self.df * odds))

    def marginal(self, indices: Sequence[int] | int) -> MultivariateStudentT:
        """Return the distribution of some variables, in the order of `indices`: a t with the same df."""
        return MultivariateStudentT(*self._kept(indices), self.df)

    def conditional(self, given: Mapping[int, float]) -> MultivariateStudentT:
        """Return the distribution of the other variables, given the values of k of them: a t with df + k.

        The location is that of the normal distribution, the scale matrix is its covariance times
        (ν + δ₁²)/(ν + k), where δ₁ is the Mahalanobis distance of the given values.

        Parameters
        ----------
        given : the index of each variable known, and its value

        Source: Ding (2016), On the conditional distribution of the multivariate t distribution.
        """
        location, matrix, squared = self._given(given)
        k, v = len(given), self.df
        factor = 1.0 if np.isinf(v) else (v + squared) / (v + k)
        scale_matrix = matrix if isinstance(matrix, Covariance) else Covariance.of(matrix)
        return MultivariateStudentT(location, scale_matrix.scaled(factor), v + k)

    def mapped(self, matrix: ArrayLike, shift: ArrayLike = 0.0) -> MultivariateStudentT:
        """Return the distribution of A x + b.

        Parameters
        ----------
        matrix : A, array, shape (k, d), of rank k
        shift : b, array, shape (k,) or a number
        """
        return MultivariateStudentT(*self._mapped(matrix, shift), self.df)

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
        shape, generator = shape_of(size), np.random.default_rng(rng)
        z = generator.standard_normal((*shape, self.dimension))
        if np.isfinite(self.df):
            z = z / np.sqrt(generator.chisquare(self.df, shape) / self.df)[..., None]
        return self.location + self.factored.colour(z)

    # -- a value --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MultivariateStudentT):
            return NotImplemented
        same = np.array_equal(self.location, other.location) and np.array_equal(self.scale_matrix, other.scale_matrix)
        return bool(same and self.df == other.df)

    def __hash__(self) -> int:
        return hash((self.location.tobytes(), self.scale_matrix.tobytes(), self.df))

    def __reduce__(self) -> tuple[Any, ...]:
        return MultivariateStudentT, (np.array(self.location), self.factored, self.df)

    def __repr__(self) -> str:
        location, matrix = written(self.location, 4), written(self.scale_matrix, 4)
        return f"MultivariateStudentT(location={location}, scale_matrix={matrix}, df={self.df:.4g})"

    def __str__(self) -> str:
        location, matrix = written(self.location, 6), written(self.scale_matrix, 6)
        return (
            f"p(x; location, scale_matrix, df): MultivariateStudentT with location = {location}, "
            f"scale_matrix = {matrix}, df = {self.df:.6g}"
        )
