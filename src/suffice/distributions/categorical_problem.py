"""The log-likelihood of the categorical distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.categorical_scores import CategoricalScores
from suffice.distributions.problem import as_it_is
from suffice.distributions.shares_problem import SharesProblem
from suffice.statistics.statistic import Statistic
from suffice.statistics.tally import Tally, TallySummary


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalProblem(SharesProblem):
    """The log-likelihood of values that are categories, each row one of them.

    Parameters
    ----------
    distribution : the class of the models
    categories : array, shape (k,), ascending
    observed : array of int, ascending, shape (j,): the positions of the categories that occur
    reference : the position of the most frequent in `observed`
    weight : n, the weight of the data that are fitted
    fixed : the probabilities, shape (k,), where they are not estimated
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    categories: np.ndarray
    observed: np.ndarray
    reference: int
    weight: float
    fixed: np.ndarray | None = None
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def size(self) -> int:
        """The number k of categories."""
        return len(self.categories)

    @property
    def statistic(self) -> Statistic:
        """What is reduced: the weight of each value."""
        return Tally()

    def weights_in(self, summary: TallySummary) -> np.ndarray:
        """Return the weights of the observed categories, shape (..., j)."""
        known = self.categories[self.observed]
        place = np.minimum(np.searchsorted(summary.values, known), max(len(summary.values) - 1, 0))
        if not len(summary.values):
            return np.zeros((*summary.weights.shape[:-1], len(known)))
        return np.where(summary.values[place] == known, summary.weights[..., place], 0.0)

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.distribution(self.theta(phi), self.categories)

    def scores(self, phi: np.ndarray) -> CategoricalScores:
        """Return the scores of single rows at φ, shape (q,)."""
        kept = np.delete(np.arange(len(self.observed)), self.reference)[: len(phi)]
        return CategoricalScores(self.categories[self.observed[kept]], self.theta(phi)[self.observed[kept]])

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> CategoricalProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)
