"""The log-likelihood of x = g(Y): that of y = g⁻¹(x), less the sum of log |dx/dy|."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import Question
from suffice.distributions.problem import as_it_is
from suffice.statistics.mapped_rows import MappedRows, MappedScores
from suffice.statistics.row_scores import RowScores
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True)
class MappedLikelihood:
    """A likelihood of y, asked of x; it has the names of a `Likelihood`.

    Parameters
    ----------
    family : the mapped family, of x
    inner : the likelihood of y
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    family: Any
    inner: Any
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def shift(self) -> float:
        """The shift of the map z = (y − shift)/factor."""
        return float(self.inner.shift)

    @property
    def factor(self) -> float:
        """The factor of that map."""
        return float(self.inner.factor)

    @property
    def family_in_z(self) -> Any:
        """The family of z."""
        return self.inner.family_in_z

    def at(self, theta: np.ndarray, order: int = 2) -> Question:
        """Ask for the sums at θ, shape (m, p); return a LikelihoodSummary in z, less the log slopes."""
        sums, slopes = yield from asked_of_mapped(self.inner.at(theta, order), self.family.map, self.wrap)
        return sums if self.family.discrete else replace(sums, value=sums.value - slopes)

    def total(self, function: Callable[..., Any], theta: np.ndarray) -> Question:
        """Ask for the sum of a function of (z, *parameters) over the data at θ, shape (m, p); return (m,)."""
        found, _ = yield from asked_of_mapped(self.inner.total(function, theta), self.family.map, self.wrap)
        return found

    def in_z(self, statistic: Statistic) -> Statistic:
        """Return a statistic of x that observes z."""
        return MappedRows(self.family.map, self.inner.in_z(statistic), slopes_too=False)

    def row_scores(self, theta: np.ndarray, chain: np.ndarray) -> RowScores:
        """Return the scores of single rows of x at θ in z, shape (p,), in the coordinates of a chain (q, p)."""
        return MappedScores(self.family.map, self.inner.row_scores(theta, chain))


def asked_of_mapped(question: Question, monotone: Any, wrap: Callable[[Statistic], Statistic] = as_it_is) -> Question:
    """Ask a question about y; return its answer and Σ w log |dx/dy|, shape (m,)."""
    slopes = np.zeros(1)
    try:
        statistic = next(question)
        while True:
            found = yield wrap(MappedRows(monotone, statistic))
            slopes = found.log_slopes
            statistic = question.send(found.summary)
    except StopIteration as stop:
        return stop.value, slopes
