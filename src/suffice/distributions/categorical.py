"""The categorical distribution: a probability for each of k numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.distributions.array_text import listed
from suffice.distributions.categorical_family import PARAMETERS, CategoricalFamily, checked_categories
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.parameter import real_line
from suffice.distributions.probabilities import checked_probabilities
from suffice.errors import ParameterError, ShapeError
from suffice.statistics.tally import Tally


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Categorical(DiscreteDistribution):
    """The categorical distribution, P(X = cᵢ) = pᵢ.

    Parameters
    ----------
    probabilities : array, shape (k,), not negative, with sum 1
    categories : array, shape (k,), ascending numbers; 0, 1, …, k − 1 where not given

    Raises
    ------
    ParameterError, ShapeError

    Examples
    --------
    >>> model = Categorical([0.2, 0.5, 0.3], categories=[1, 2, 4])
    >>> model.pmf([2, 3]), model.cdf(3)
    (array([0.5, 0. ]), 0.7)
    """

    probabilities: Any
    categories: Any = None

    parameters: ClassVar[Any] = PARAMETERS
    support = real_line
    sufficient = Tally()
    scope = "global"

    def __post_init__(self) -> None:
        probabilities = checked_probabilities(self.probabilities, "Categorical")
        k = len(probabilities)
        given = np.arange(k) if self.categories is None else self.categories
        categories = checked_categories(given) + 0.0
        if len(categories) != k:
            raise ShapeError(f"there are {k} probabilities but {len(categories)} categories")
        if (np.diff(categories) <= 0).any():
            raise ParameterError("categories must be distinct and ascend; sort them, and the probabilities with them")
        for name, values in (("probabilities", probabilities), ("categories", categories)):
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    # -- a family: how it is fitted -------------------------------------------------------------

    @classmethod
    def of(cls, *, categories: Sequence[float]) -> CategoricalFamily:
        """Return the family with these categories, in any order; others have probability 0."""
        values = checked_categories(categories)
        distinct = tuple(float(value) for value in np.unique(values))
        if len(distinct) < len(values):
            raise ParameterError(f"categories must be distinct, but are {listed(values)}")
        return CategoricalFamily(cls, distinct)

    @classmethod
    def plan(cls, look: Any, fixed: Mapping[str, Any]) -> Any:
        """Fit by the shares of the observed values; see `CategoricalFamily.plan`."""
        return CategoricalFamily(cls).plan(look, fixed)

    # -- the mathematics ------------------------------------------------------------------------

    @property
    def theta(self) -> tuple[Any, ...]:
        """The probabilities and the categories."""
        return self.probabilities, self.categories

    @staticmethod
    def _log_density(x: Any, probabilities: Any, categories: Any) -> Any:
        place = np.minimum(np.searchsorted(categories, x), len(categories) - 1)
        return np.where(categories[place] == x, np.log(probabilities)[place], -np.inf)

    @staticmethod
    def _cdf(x: Any, probabilities: Any, categories: Any) -> Any:
        return _cumulative(probabilities)[np.searchsorted(categories, x, side="right")]

    @staticmethod
    def _ccdf(x: Any, probabilities: Any, categories: Any) -> Any:
        above = _cumulative(probabilities[::-1])[::-1]
        return above[np.searchsorted(categories, x, side="right")]

    @staticmethod
    def _icdf(p: Any, probabilities: Any, categories: Any) -> Any:
        # P(X ≤ c) ≥ 0 everywhere: the quantile of 0 is the first category that occurs.
        first = int(np.argmax(probabilities > 0))
        place = np.searchsorted(_cumulative(probabilities)[1:], p, side="left")
        return categories[np.clip(place, first, len(categories) - 1)]

    @staticmethod
    def _iccdf(q: Any, probabilities: Any, categories: Any) -> Any:
        first = int(np.argmax(probabilities > 0))
        above = _cumulative(probabilities[::-1])  # P(X > the last j − 1 …), ascending
        place = len(categories) - np.searchsorted(above, q, side="right")
        return categories[np.clip(place, first, len(categories) - 1)]

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.probabilities @ self.categories)

    @property
    def variance(self) -> float:
        """The variance."""
        return self._moment(2)

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN where the variance is 0."""
        return self._moment(3) / self.variance**1.5 if self.variance > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN where the variance is 0."""
        return self._moment(4) / self.variance**2 - 3.0 if self.variance > 0 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        p = self.probabilities[self.probabilities > 0]
        return float(-(p @ np.log(p)))

    @property
    def mode(self) -> float:
        """The most probable category, the first of equal ones."""
        return float(self.categories[np.argmax(self.probabilities)])

    def _moment(self, order: int) -> float:
        return float(self.probabilities @ (self.categories - self.mean) ** order)

    # -- a value --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Categorical):
            return NotImplemented
        return all(np.array_equal(a, b) for a, b in zip(self.theta, other.theta, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(part.tobytes() for part in self.theta))

    def __reduce__(self) -> tuple[Any, ...]:
        return Categorical, tuple(np.array(part) for part in self.theta)

    def __repr__(self) -> str:
        probabilities = listed(self.probabilities, 4)
        return f"Categorical(probabilities=[{probabilities}], categories=[{listed(self.categories, 15)}])"

    def __str__(self) -> str:
        probabilities = listed(self.probabilities, 6)
        categories = listed(self.categories, 15)
        return f"p(x; probabilities): Categorical with probabilities = [{probabilities}] of [{categories}]"


def _cumulative(probabilities: np.ndarray) -> np.ndarray:
    """Return 0, p₀, p₀ + p₁, …, exactly 1 at the end, shape (k + 1,)."""
    sums = np.concatenate([[0.0], np.cumsum(probabilities)])
    return sums / sums[-1]
