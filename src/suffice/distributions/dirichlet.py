"""The Dirichlet distribution of shares that sum to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import as_number, columns_of, listed, listed_columns, quoted
from suffice.distributions.beta import Beta
from suffice.distributions.closed_form import MOST_COORDINATES
from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.dirichlet_density import dirichlet_log_density
from suffice.distributions.dirichlet_problem import DirichletProblem
from suffice.distributions.incomplete_gamma import stirling
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.other_names import refuse_attribute
from suffice.distributions.plan import best_of
from suffice.distributions.probabilities import SUM_TOLERANCE
from suffice.errors import NoMaximumError, NotAvailableError, ParameterError, ShapeError
from suffice.statistics.composition_excess import CompositionExcess, CompositionExcessSummary

PARAMETERS = (ArrayParameter("alpha", "the exponent of each share, plus 1"),)


@dataclass(frozen=True, slots=True)
class Simplex:
    """The rows of positive shares that sum to 1, to the rounding of their digits."""

    def contains_rows(self, rows: np.ndarray) -> np.ndarray:
        """Say of each row (n, k) whether it belongs to the support, shape (n,)."""
        return np.asarray((rows > 0.0).all(axis=1) & (np.abs(rows.sum(axis=1) - 1.0) <= SUM_TOLERANCE))

    def holds(self, summary: CompositionExcessSummary) -> bool:
        """Say whether all rows of a summary belong to the support."""
        return summary.lowest > 0.0 and summary.farthest <= SUM_TOLERANCE

    def describe(self) -> str:
        """Return the support in words."""
        return "positive shares with the sum 1"

    def complaint(self, row: np.ndarray, names: tuple[str, ...]) -> str:
        """Say what is wrong with a row outside, shape (k,), and what to do."""
        if not (row > 0.0).all():
            j = int(np.argmax(~(row > 0.0)))
            remedy = "leave out the row, or put columns together so that none is 0" if row[j] == 0.0 else "correct it"
            return f"has {row[j]:.15g} in {quoted(names[j])}; {remedy}"
        if len(row) == 1:
            return "is one number, and shares are two or more; add the others, or fit sf.Beta to one share"
        return f"has the sum {row.sum():.15g}, not 1; divide each row by its sum, or add the share that is missing"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dirichlet(ArrayFamily):
    """The Dirichlet distribution of k shares, p(x; α) = Γ(Σ αᵢ)/Π Γ(αᵢ) Π xᵢ^(αᵢ−1), xᵢ > 0, Σ xᵢ = 1.

    The density is with respect to any k − 1 of the shares. The likelihood is strictly concave in α, an exponential
    family, and has its maximum inside unless all rows are equal (Barndorff-Nielsen 1978, theorem 9.13).

    Parameters
    ----------
    alpha : α, array, shape (k,), k ≥ 2, positive numbers; the means are αᵢ/Σ αⱼ

    Raises
    ------
    ParameterError, ShapeError

    Examples
    --------
    >>> model = Dirichlet([2, 3, 5])
    >>> model.mean
    array([0.2, 0.3, 0.5])
    >>> round(model.pdf([0.2, 0.3, 0.5]), 10)
    8.505
    """

    alpha: Any

    parameters: ClassVar[tuple[Any, ...]] = PARAMETERS
    sufficient = CompositionExcess()
    scope: ClassVar[str] = "global"

    def __post_init__(self) -> None:
        alpha = np.array(self.alpha, dtype=float)
        if alpha.ndim != 1 or len(alpha) < 2:
            raise ShapeError(f"alpha must have shape (k,) with k ≥ 2, but has shape {alpha.shape}")
        wrong = np.flatnonzero(~((alpha > 0.0) & (alpha < np.inf)))
        if wrong.size:
            i = int(wrong[0])
            raise ParameterError(
                f"Dirichlet: alpha must be positive numbers, but alpha[{i}] is {alpha[i]:g}",
                parameter="alpha",
                value=float(alpha[i]),
            )
        alpha.flags.writeable = False
        object.__setattr__(self, "alpha", alpha)

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name)

    # -- a family: how it is fitted -------------------------------------------------------------

    @classmethod
    def support_given(cls, fixed: Mapping[str, Any]) -> Simplex:
        """Return the rows of shares."""
        return Simplex()

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by Newton steps from the means of the shares and of their logarithms; see `dirichlet_plan`."""
        return dirichlet_plan(cls, look, fixed)

    # -- what a person calls --------------------------------------------------------------------

    @property
    def dimension(self) -> int:
        """The number k of shares."""
        return len(self.alpha)

    @property
    def mean(self) -> np.ndarray:
        """The means, shape (k,)."""
        return np.asarray(self.alpha / self.alpha.sum())

    @property
    def variance(self) -> np.ndarray:
        """The variances m (1 − m)/(A + 1), shape (k,)."""
        return np.asarray(self.mean * (1.0 - self.mean) / (self.alpha.sum() + 1.0))

    @property
    def standard_deviation(self) -> np.ndarray:
        """The standard deviations, shape (k,)."""
        return np.asarray(np.sqrt(self.variance))

    @property
    def covariance(self) -> np.ndarray:
        """The covariance (diag m − m mᵀ)/(A + 1), shape (k, k), of rank k − 1."""
        matrix = -np.outer(self.mean, self.mean) / (self.alpha.sum() + 1.0)
        np.fill_diagonal(matrix, self.variance)
        return matrix

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # log B(α) + (A − k) ψ(A) − Σ (αᵢ − 1) ψ(αᵢ), without its terms of the order of α
        a, total, k = self.alpha, self.alpha.sum(), self.dimension
        constant = stirling(total) - stirling(a).sum() + np.log(a / total).sum()
        slopes = ((a - 1.0) * log_minus_digamma(a)).sum() - (total - k) * log_minus_digamma(total)
        return float(constant + slopes)

    def logpdf(self, x: ArrayLike) -> Any:
        """Return log p(x) of rows (..., k), shape (...); −∞ where they are no positive shares with the sum 1."""
        rows = np.asarray(x, dtype=float)
        if rows.ndim == 0 or rows.shape[-1] != self.dimension:
            raise ShapeError(f"rows must have shape (..., {self.dimension}), but have shape {rows.shape}")
        flat = rows.reshape(-1, self.dimension)
        inside = Simplex().contains_rows(flat)
        shares = np.where(inside[:, None], flat, 1.0 / self.dimension)
        found = np.where(inside, dirichlet_log_density(shares, np.broadcast_to(self.alpha, shares.shape)), -np.inf)
        return as_number(np.where(np.isnan(flat).any(axis=-1), np.nan, found).reshape(rows.shape[:-1]))

    def pdf(self, x: ArrayLike) -> Any:
        """Return the density p(x) of rows (..., k), shape (...); it may exceed 1."""
        return as_number(np.exp(self.logpdf(x)))

    def pmf(self, x: ArrayLike) -> Any:
        """Refuse: a continuous variable has no probability at a point."""
        raise NotAvailableError("Dirichlet is continuous: every single point has probability 0; use pdf(x)")

    logpmf = pmf

    def marginal(self, index: int) -> Beta:
        """Return the distribution of one share."""
        a = float(self.alpha[index])
        return Beta(a, float(np.delete(self.alpha, index).sum()))

    def sample(self, size: int | tuple[int, ...] = 1, rng: Any = None) -> np.ndarray:
        """Draw independent rows: the same seed, the same draws. Shares below 1e-308 come out as 0.

        Parameters
        ----------
        size : how many, or the shape
        rng : a seed or a numpy Generator

        Returns
        -------
        ndarray, shape (*size, k)
        """
        return np.asarray(np.random.default_rng(rng).dirichlet(self.alpha, size))

    # -- a value --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        return np.array_equal(self.alpha, other.alpha) if isinstance(other, Dirichlet) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.alpha.tobytes())

    def __reduce__(self) -> tuple[Any, ...]:
        return Dirichlet, (np.array(self.alpha),)

    def __repr__(self) -> str:
        return f"Dirichlet(alpha=[{listed(self.alpha, 4)}])"

    def __str__(self) -> str:
        return f"p(x; alpha): Dirichlet with alpha = [{listed(self.alpha, 6)}]"


def dirichlet_plan(distribution: Any, look: Any, fixed: Mapping[str, Any]) -> Question:
    """Fit by Newton steps in log α from the sufficient statistic; return a `Solution`.

    Parameters
    ----------
    look : the first look; its `names` name the columns in messages
    fixed : {} or {"alpha": array (k,)}

    Raises
    ------
    NoMaximumError
        Where all rows are equal.

    Source: Ronning (1989), Maximum likelihood estimation of Dirichlet distributions; the trust region takes the place
    of his start.
    """
    summary = yield CompositionExcess()
    k = len(summary.state)
    if not 2 <= k <= MOST_COORDINATES:
        raise ParameterError(
            f"Dirichlet is a distribution of 2 to {MOST_COORDINATES} shares, not {k}; one share and the rest are "
            "sf.Beta, and more must be put together"
        )
    alpha = None if "alpha" not in fixed else np.asarray(distribution(fixed["alpha"]).alpha)
    if alpha is not None and len(alpha) != k:
        raise ShapeError(f"alpha is fixed to {len(alpha)} numbers, but there are {k} columns")
    problem = DirichletProblem(distribution, k, alpha)
    if alpha is not None:
        empty = np.empty(0)
        value = yield from problem.value(empty)
        return Solution(problem, empty, value, empty, np.empty((0, 0)), problem.model(empty))
    if not summary.shares.spread.sum() > 0.0:
        whose, shares = listed_columns(columns_of(look, k)), listed(summary.shares.mean, 6)
        raise NoMaximumError(
            f"all rows of {whose} are equal ({shares}), and the likelihood of Dirichlet grows without end as alpha → ∞ "
            "in these proportions; add rows that differ"
        )
    return (yield from best_of(problem, problem.starts(summary), look.n, _everywhere, (1, 1)))


def _everywhere(phi: np.ndarray) -> np.ndarray:
    return np.ones(len(phi), dtype=bool)
