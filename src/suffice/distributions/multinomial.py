"""The multinomial distribution: how often each of k categories comes in n trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_text import as_number, listed
from suffice.distributions.binomial import Binomial
from suffice.distributions.incomplete_gamma import excess_of_log, stirling
from suffice.distributions.multinomial_family import (
    PARAMETERS,
    TRIALS,
    CountRows,
    MultinomialFamily,
    multinomial_plan,
)
from suffice.distributions.other_names import refuse_attribute
from suffice.distributions.probabilities import checked_probabilities
from suffice.errors import NotAvailableError, ShapeError
from suffice.statistics.category_counts import CategoryCounts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Multinomial(ArrayFamily):
    """The multinomial distribution, P(X = x; n, p) = n!/Π xᵢ! Π pᵢ^xᵢ for counts with Σ xᵢ = n.

    Parameters
    ----------
    n : the number of trials, a whole number from 1 on; a fit is told it: `sf.fit(sf.Multinomial.of(n=10), x)`
    probabilities : array, shape (k,), not negative, with sum 1

    Raises
    ------
    ParameterError, ShapeError

    Examples
    --------
    >>> model = Multinomial(n=3, probabilities=[0.5, 0.25, 0.25])
    >>> round(model.pmf([1, 1, 1]), 10), model.mean
    (0.1875, array([1.5 , 0.75, 0.75]))
    """

    n: Any
    probabilities: Any

    parameters: ClassVar[tuple[Any, ...]] = PARAMETERS
    sufficient = CategoryCounts()
    scope: ClassVar[str] = "global"
    discrete: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", TRIALS.check(self.n, "Multinomial"))
        object.__setattr__(self, "probabilities", checked_probabilities(self.probabilities, "Multinomial"))

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name)

    # -- a family: how it is fitted -------------------------------------------------------------

    @classmethod
    def of(cls, *, n: int) -> MultinomialFamily:
        """Return the family with this number of trials."""
        return MultinomialFamily(cls, n)

    @classmethod
    def support_given(cls, fixed: Mapping[str, Any]) -> CountRows:
        """Return the rows that n trials can give."""
        return CountRows(fixed["n"])

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by the shares of the columns; see `multinomial_plan`."""
        return multinomial_plan(cls, look, fixed)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def dimension(self) -> int:
        """The number k of categories."""
        return len(self.probabilities)

    @property
    def mean(self) -> np.ndarray:
        """The means n p, shape (k,)."""
        return np.asarray(self.n * self.probabilities)

    @property
    def variance(self) -> np.ndarray:
        """The variances n p (1 − p), shape (k,)."""
        return np.asarray(self.n * self.probabilities * (1.0 - self.probabilities))

    @property
    def standard_deviation(self) -> np.ndarray:
        """The standard deviations, shape (k,)."""
        return np.asarray(np.sqrt(self.variance))

    @property
    def covariance(self) -> np.ndarray:
        """The covariance n (diag p − p pᵀ), shape (k, k), of rank k − 1 at most."""
        matrix = -self.n * np.outer(self.probabilities, self.probabilities)
        np.fill_diagonal(matrix, self.variance)
        return matrix

    def logpmf(self, x: ArrayLike) -> Any:
        """Return log P(X = x) of rows (..., k), shape (...); −∞ where they are no counts with the sum n."""
        rows = np.asarray(x, dtype=float)
        if rows.ndim == 0 or rows.shape[-1] != self.dimension:
            raise ShapeError(f"rows must have shape (..., {self.dimension}), but have shape {rows.shape}")
        flat = rows.reshape(-1, self.dimension)
        inside = CountRows(self.n).contains_rows(flat)
        counts = np.where(inside[:, None], flat, 0.0)
        # Stirling's parts of the factorials are split off, and the powers become deviances (Loader 2000).
        some, mean = counts > 0.0, self.n * self.probabilities
        k = np.where(some, counts, 1.0)
        with np.errstate(all="ignore"):
            each = np.where(some, stirling(k) - np.log(k) - k * excess_of_log((mean - k) / k, mean / k), -mean)
        total = each.sum(axis=-1) + np.log(self.n) - float(stirling(self.n))
        found = np.where(inside, total, -np.inf)
        return as_number(np.where(np.isnan(flat).any(axis=-1), np.nan, found).reshape(rows.shape[:-1]))

    def pmf(self, x: ArrayLike) -> Any:
        """Return P(X = x) of rows (..., k), shape (...)."""
        return as_number(np.exp(self.logpmf(x)))

    def pdf(self, x: ArrayLike) -> Any:
        """Refuse: counts have probabilities, no density."""
        raise NotAvailableError("Multinomial is discrete: use pmf(x) for the probability of a row")

    logpdf = pdf

    def marginal(self, index: int) -> Binomial:
        """Return the distribution of one count."""
        return Binomial(self.n, float(self.probabilities[index]))

    def sample(self, size: int | tuple[int, ...] = 1, rng: Any = None) -> np.ndarray:
        """Draw independent rows: the same seed, the same draws.

        Parameters
        ----------
        size : how many, or the shape
        rng : a seed or a numpy Generator

        Returns
        -------
        ndarray, shape (*size, k)
        """
        shares = self.probabilities / self.probabilities.sum()
        return np.random.default_rng(rng).multinomial(int(self.n), shares, size).astype(float)

    # -- a value --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Multinomial):
            return NotImplemented
        return self.n == other.n and np.array_equal(self.probabilities, other.probabilities)

    def __hash__(self) -> int:
        return hash((self.n, self.probabilities.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Multinomial, (self.n, np.array(self.probabilities))

    def __repr__(self) -> str:
        return f"Multinomial(n={self.n:g}, probabilities=[{listed(self.probabilities, 4)}])"

    def __str__(self) -> str:
        shares = listed(self.probabilities, 6)
        return f"p(x; n, probabilities): Multinomial with n = {self.n:g}, probabilities = [{shares}]"
