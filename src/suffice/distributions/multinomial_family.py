"""How the multinomial distribution is fitted: by the shares of the columns in all counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import columns_of, quoted
from suffice.distributions.inference_problem import Question
from suffice.distributions.multinomial_problem import MultinomialProblem
from suffice.distributions.parameter import Parameter
from suffice.errors import OutsideSupportError, ParameterError, ShapeError
from suffice.statistics.category_counts import CategoryCounts, CategoryCountsSummary

TRIALS = Parameter("n", positive, "shape", "the number of trials in a row", estimated=False, integer=True)
PARAMETERS = (TRIALS, ArrayParameter("probabilities", "the probability of each column"))


@dataclass(frozen=True, slots=True)
class CountRows:
    """The rows that n trials can give: whole numbers, not negative, that sum to n.

    Parameters
    ----------
    n : the number of trials
    """

    n: float

    def contains_rows(self, rows: np.ndarray) -> np.ndarray:
        """Say of each row (m, k) whether it belongs to the support, shape (m,)."""
        whole = ((rows >= 0.0) & (rows == np.floor(rows))).all(axis=1)
        return np.asarray(whole & (rows.sum(axis=1) == self.n))

    def holds(self, summary: CategoryCountsSummary) -> bool:
        """Say whether all rows of a summary belong to the support."""
        return summary.whole and summary.lowest == summary.highest == self.n

    def describe(self) -> str:
        """Return the support in words."""
        return f"rows of counts with the sum n = {self.n:g}"

    def complaint(self, row: np.ndarray, names: tuple[str, ...]) -> str:
        """Say what is wrong with a row outside, shape (k,), and what to do."""
        wrong = ~((row >= 0.0) & (row == np.floor(row)))
        if wrong.any():
            j = int(np.argmax(wrong))
            return f"has {row[j]:.15g} in {quoted(names[j])}, which is no count; correct or leave out the row"
        if len(row) == 1:
            return "is one number, and the counts of a row are two or more; add the others, or fit sf.Binomial"
        return (
            f"has the sum {row.sum():.15g}, not n = {self.n:g}; correct or leave out the row, or bind the n of all rows"
        )


@dataclass(frozen=True, slots=True, repr=False)
class MultinomialFamily(ArrayFamily):
    """The multinomial distributions with one number of trials: a family.

    Parameters
    ----------
    distribution : the class of the models
    n : the number of trials

    Examples
    --------
    >>> from suffice.distributions.multinomial import Multinomial
    >>> Multinomial.of(n=10)
    Multinomial.of(n=10)
    """

    distribution: type
    n: float

    sufficient = CategoryCounts()
    scope: ClassVar[str] = "global"
    discrete: ClassVar[bool] = True
    parameters: ClassVar[tuple[Any, ...]] = PARAMETERS

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", TRIALS.check(self.n, self.distribution.__name__))

    @property
    def __name__(self) -> str:
        return f"{self.distribution.__name__}.of(n={self.n:g})"

    @property
    def bound(self) -> tuple[tuple[str, float], ...]:
        """The number of trials."""
        return (("n", self.n),)

    def __repr__(self) -> str:
        return self.__name__

    @classmethod
    def support_given(cls, fixed: Mapping[str, Any]) -> CountRows:
        """Return the rows that n trials can give."""
        return CountRows(fixed["n"])

    def plan(self, look: Any, fixed: Mapping[str, Any]) -> Question:
        """Fit by the shares; see `multinomial_plan`."""
        return multinomial_plan(self.distribution, look, fixed)


def multinomial_plan(distribution: Any, look: Any, fixed: Mapping[str, Any]) -> Question:
    """Fit by the shares of the columns, Σ w x/(n Σ w); return a `Solution`.

    Parameters
    ----------
    look : the first look; its `names` name the columns in messages
    fixed : {"n": a number} or {"n": a number, "probabilities": array (k,)}

    Raises
    ------
    OutsideSupportError
        Where a column with counts has the fixed probability 0.
    """
    summary = yield CategoryCounts()
    k = len(summary.counts)
    names = columns_of(look, k)
    if k < 2:
        raise ParameterError(
            "Multinomial is a distribution of two columns or more, each the count of one category; for one column of "
            "counts out of n fit sf.Binomial"
        )
    observed = np.flatnonzero(summary.counts > 0.0)
    probabilities = _fixed(distribution, fixed, names, observed)
    problem = MultinomialProblem(
        distribution=distribution,
        n=float(fixed["n"]),
        columns=k,
        observed=observed,
        reference=int(np.argmax(summary.counts[observed])),
        weight=float(fixed["n"] * summary.weight),
        fixed=probabilities,
    )
    return problem.solution(summary, "" if probabilities is not None else _boundary(names, observed))


def _fixed(
    distribution: Any, fixed: Mapping[str, Any], names: tuple[str, ...], observed: np.ndarray
) -> np.ndarray | None:
    if "probabilities" not in fixed:
        return None
    probabilities = np.asarray(distribution(fixed["n"], fixed["probabilities"]).probabilities)
    if len(probabilities) != len(names):
        raise ShapeError(f"{len(probabilities)} probabilities are fixed, but there are {len(names)} columns")
    if not probabilities[observed].all():
        j = int(observed[np.argmin(probabilities[observed])])
        raise OutsideSupportError(
            f"{quoted(names[j])} has counts, but its fixed probability is 0: the likelihood is 0", column=names[j]
        )
    return probabilities


def _boundary(names: tuple[str, ...], observed: np.ndarray) -> str:
    """Say which probabilities are 0 or 1."""
    never = [quoted(name) for j, name in enumerate(names) if j not in observed]
    sentences = []
    if len(never) == 1:
        sentences.append(f"{never[0]} has no counts: its probability is 0")
    elif never:
        shown = ", ".join(never if len(never) <= 8 else [*never[:8], "…"])
        sentences.append(f"{shown} have no counts: their probabilities are 0")
    if len(observed) == 1:
        sentences.append(f"all counts are in {quoted(names[observed[0]])}: its probability is 1")
    return "; ".join(sentences) + ", on the boundary" if sentences else ""
