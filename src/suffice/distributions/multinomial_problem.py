"""The log-likelihood of the multinomial distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.problem import as_it_is
from suffice.distributions.shares_problem import SharesProblem
from suffice.statistics.category_counts import CategoryCounts, CategoryCountsSummary
from suffice.statistics.row_scores import ProblemScores
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, eq=False)
class MultinomialProblem(SharesProblem):
    """The log-likelihood of rows of counts, each of n trials.

    Parameters
    ----------
    distribution : the class of the models
    n : the number of trials in a row
    columns : how many there are, k
    observed : array of int, ascending, shape (j,): the columns with a count
    reference : the position of the most frequent in `observed`
    weight : n times the weight of the rows that are fitted
    fixed : the probabilities, shape (k,), where they are not estimated
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    n: float
    columns: int
    observed: np.ndarray
    reference: int
    weight: float
    fixed: np.ndarray | None = None
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def size(self) -> int:
        """The number k of columns."""
        return self.columns

    @property
    def statistic(self) -> Statistic:
        """What is reduced: the total of each column."""
        return CategoryCounts()

    def weights_in(self, summary: CategoryCountsSummary) -> np.ndarray:
        """Return the totals of the observed columns, shape (..., j)."""
        return summary.counts[..., self.observed]

    def constant(self, summary: CategoryCountsSummary) -> Any:
        """Return Σ w log(n!/Π x!), shape (...)."""
        return summary.coefficient

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.distribution(self.n, self.theta(phi))

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> MultinomialProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)

    def scores(self, phi: np.ndarray) -> ProblemScores:
        """Return the scores of single rows at φ, shape (q,)."""
        return ProblemScores(self, phi, np.eye(len(phi)))

    def row_scores(self, rows: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return the scores in φ, shape (m, q), of rows (m, k)."""
        others = np.delete(self.observed, self.reference)[: len(phi)]
        return rows[:, others] - self.n * self.theta(phi)[others]
