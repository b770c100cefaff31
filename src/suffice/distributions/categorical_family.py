"""How the categorical distribution is fitted: by the shares of the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import listed
from suffice.distributions.categorical_problem import CategoricalProblem
from suffice.distributions.inference_problem import Question
from suffice.errors import DataError, OutsideSupportError, ParameterError, ShapeError, number_text
from suffice.statistics.tally import Tally, TallySummary

PARAMETERS = (ArrayParameter("probabilities", "the probability of each category"),)


@dataclass(frozen=True, slots=True)
class CategorySupport:
    """The values that a variable with given categories can take.

    Parameters
    ----------
    categories : ascending numbers
    """

    categories: tuple[float, ...]
    # Whether values inside the range may lie outside the support, so that each must be looked at.
    integer: ClassVar[bool] = True

    def contains(self, x: np.ndarray) -> np.ndarray:
        """Say of each value whether it is one of the categories."""
        return np.isin(x, self.categories)

    def describe(self) -> str:
        """Return the support in words."""
        return f"the categories {listed(self.categories)}"


@dataclass(frozen=True, slots=True, repr=False)
class CategoricalFamily(ArrayFamily):
    """The categorical distributions on given categories: a family.

    Parameters
    ----------
    distribution : the class of the models
    categories : ascending numbers; () for the distinct values of the data

    Examples
    --------
    >>> from suffice.distributions.categorical import Categorical
    >>> Categorical.of(categories=[3, 1, 2])
    Categorical.of(categories=[1, 2, 3])
    """

    distribution: type
    categories: tuple[float, ...] = ()

    variables: ClassVar[int | None] = 1
    sufficient = Tally()
    scope: ClassVar[str] = "global"
    discrete: ClassVar[bool] = True
    parameters: ClassVar[tuple[ArrayParameter, ...]] = PARAMETERS

    @property
    def __name__(self) -> str:
        return self.distribution.__name__

    @property
    def support(self) -> CategorySupport | None:
        """The bound categories; None where the data give them."""
        return CategorySupport(self.categories) if self.categories else None

    # here what is bound decides, which the class does not know
    def support_given(  # type: ignore[override]
        self, fixed: Mapping[str, Any]
    ) -> CategorySupport | None:
        """Return the bound categories, whatever is fixed."""
        return self.support

    def __repr__(self) -> str:
        bound = f".of(categories=[{listed(self.categories, 15)}])" if self.categories else ""
        return f"{self.distribution.__name__}{bound}"

    def plan(self, look: Any, fixed: Mapping[str, Any]) -> Question:
        """Fit by the shares of the categories; return a `Solution`.

        Parameters
        ----------
        look : the first look; its `column` names the column in messages
        fixed : {} or {"probabilities": array (k,)}

        Raises
        ------
        OutsideSupportError
            For a value that is none of the bound categories.
        DataError
            For more distinct values than are counted.
        """
        summary = yield self.sufficient
        column = look.column
        values, weights = self._observed(summary, column)
        categories = np.array(self.categories) if self.categories else values
        places = np.searchsorted(categories, values)
        problem = CategoricalProblem(
            distribution=self.distribution,
            categories=categories,
            observed=places,
            reference=int(np.argmax(weights)),
            weight=float(weights.sum()),
            fixed=self._fixed(fixed, categories, places),
        )
        return problem.solution(summary, "" if fixed else _boundary(categories, places))

    def _observed(self, summary: TallySummary, column: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the values that occur and their weights, each of shape (k,), or raise."""
        if summary.overflowed:
            raise DataError(
                f"column {column!r} has more than {summary.capacity:,} distinct values, and Categorical "
                "has a probability for each; fit a continuous family such as Normal, or round or group",
                column=column,
                capacity=summary.capacity,
            )
        occurs = summary.weights > 0
        values, weights = summary.values[occurs], summary.weights[occurs]
        if not len(values):
            raise DataError(f"column {column!r} has no row with a positive weight: nothing can be fitted")
        if not np.isfinite(values).all():
            raise DataError(f"column {column!r} has infinite values, which are no categories; drop them")
        outside = np.isin(values, self.categories, invert=True) if self.categories else np.zeros(len(values), bool)
        if outside.any():
            value = float(values[outside][0])
            raise OutsideSupportError(
                f"column {column!r} has the value {value:.15g} (total weight {weights[outside][0]:g}), which "
                f"is none of the categories {listed(self.categories, 15)}; add it to the categories, or drop "
                "the rows",
                column=column,
                value=value,
            )
        return values, weights

    def _fixed(self, fixed: Mapping[str, Any], categories: np.ndarray, places: np.ndarray) -> np.ndarray | None:
        unknown = [name for name in fixed if name not in {parameter.name for parameter in PARAMETERS}]
        if unknown:
            raise ParameterError(f"{self!r} has the parameter probabilities, not {unknown[0]!r}")
        if not fixed:
            return None
        probabilities = self.distribution(fixed["probabilities"], categories).probabilities
        if not probabilities[places].all():
            value = float(categories[places][probabilities[places] == 0][0])
            raise OutsideSupportError(
                f"the value {number_text(value)} occurs, but its fixed probability is 0: the likelihood is 0",
                value=value,
            )
        return np.asarray(probabilities)


def checked_categories(categories: ArrayLike) -> np.ndarray:
    """Return categories as finite numbers, shape (k,), or raise."""
    try:
        values = np.array(categories, dtype=float)
    except (TypeError, ValueError) as cause:
        raise ParameterError(
            f"categories must be numbers, not {categories!r:.80}; number the words and keep their list"
        ) from cause
    if values.ndim != 1 or not values.size:
        raise ShapeError(f"categories must have shape (k,) with k ≥ 1, but have shape {values.shape}")
    if not np.isfinite(values).all():
        raise ParameterError(f"categories must be finite, but are {listed(values)}")
    return values


def _boundary(categories: np.ndarray, places: np.ndarray) -> str:
    """Say which probabilities are 0 or 1."""
    never = np.delete(categories, places)
    sentences = []
    if len(never) == 1:
        sentences.append(f"category {number_text(never[0])} was never observed: its probability is 0")
    elif len(never):
        sentences.append(f"the categories {listed(never)} were never observed: their probabilities are 0")
    if len(places) == 1:
        sentences.append(f"every value is {number_text(categories[places[0]])}: its probability is 1")
    return "; ".join(sentences) + ", on the boundary" if sentences else ""
