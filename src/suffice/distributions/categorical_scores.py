"""The scores of single rows of the categorical distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalScores:
    """Scores in φⱼ = log(pⱼ/pᵣ): 1 − pⱼ for a row in category j, −pⱼ for others.

    Parameters
    ----------
    categories : array, shape (q,): those with a coordinate
    probabilities : ndarray, shape (q,): theirs
    """

    categories: np.ndarray
    probabilities: np.ndarray

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return len(self.categories)

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, 1)."""
        return (rows[:, 0] == self.categories[:, None]) - self.probabilities[:, None]
