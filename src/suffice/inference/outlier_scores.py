"""How far out a row is under a model: a score that grows, and what it means in each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.categorical import Categorical
from suffice.distributions.distribution import UnivariateDistribution
from suffice.distributions.elliptical import EllipticalDistribution
from suffice.errors import NotAvailableError
from suffice.inference.distance_law import DistanceLaw

LOG_TWO = float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class Deviations:
    """What a row is, column by column, in standard deviations.

    Parameters
    ----------
    standardized : ndarray, shape (k, d): from the mean of the column
    conditional : ndarray, shape (k, d): from what the other columns of the row let expect; its square is what d²
        would lose if that column were as they let expect
    """

    standardized: np.ndarray
    conditional: np.ndarray


@dataclass(frozen=True, slots=True)
class DistanceScore:
    """Score rows by their squared Mahalanobis distance d², whose law gives the p-value.

    Parameters
    ----------
    model : an elliptical distribution of the rows, or of (rows − centre)/scale
    law : the law of d²
    logarithm : whether it is one of the logarithms of rows
    centre, scale : of one column, taken out before anything is squared
    """

    model: EllipticalDistribution
    law: DistanceLaw
    logarithm: bool = False
    centre: float = 0.0
    scale: float = 1.0

    @property
    def text(self) -> str:
        """Where p-values come from."""
        return self.law.text

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self.model.mahalanobis_squared(self.points(rows)))

    def points(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows as the model knows them."""
        with np.errstate(all="ignore"):
            if self.logarithm:
                rows = np.where(rows > 0.0, np.log(rows), -np.inf)
            return (rows - self.centre) / self.scale

    def distances(self, scores: np.ndarray) -> np.ndarray:
        """Return the Mahalanobis distances."""
        return np.sqrt(scores)

    def p_values(self, scores: np.ndarray) -> np.ndarray:
        """Return P(D² ≥ d²)."""
        return np.asarray(self.law.tail(scores), dtype=float)

    def threshold(self, p: float) -> float:
        """Return the score whose p-value is p."""
        return self.law.threshold(p)

    def deviations(self, rows: np.ndarray) -> Deviations:
        """Return the deviations of each column.

        The conditional one of column j is (P r)ⱼ/√Pⱼⱼ, with P = Σ⁻¹ and r = x − μ, since 1/Pⱼⱼ is the variance of
        column j given the others; each comes from solving with the factor of Σ. Under a Student t they are in scales.
        """
        factored = self.model.factored
        from_centre = self.points(rows) - self.model._centre
        precisions = np.diagonal(factored.solve(np.eye(factored.dimension)))
        with np.errstate(invalid="ignore"):
            return Deviations(
                from_centre / factored.standard_deviations, factored.solve(from_centre) / np.sqrt(precisions)
            )


@dataclass(frozen=True, slots=True)
class TailScore:
    """Score values by −log p, p = 2 min(P(X ≤ x), P(X ≥ x)), under a model taken as known.

    At an end of the support where the density is positive, p would be 0 by construction (the smallest value under a
    Uniform that was fitted, a zero under an Exponential): a tail that ends there does not count.

    Parameters
    ----------
    model : a distribution of one variable
    """

    model: Any

    text = "p = 2 min(P(X ≤ x), P(X ≥ x)) under the model"

    def __post_init__(self) -> None:
        if isinstance(self.model, Categorical) or not isinstance(self.model, UnivariateDistribution):
            name = type(self.model).__name__
            raise NotAvailableError(f"{name} has no order, and so no tails in which an outlier could lie")
        if self.model.periodic:
            raise NotAvailableError(
                f"{type(self.model).__name__} is a distribution of angles, which has no tails: turn the angles so that "
                "the mean direction is 0, and look at the largest in absolute value"
            )

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return np.maximum(-(LOG_TWO + np.minimum(*self._log_tails(rows[:, 0]))), 0.0)

    def _log_tails(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log P(X ≤ x) and log P(X ≥ x), shape (k,)."""
        model = self.model
        below = np.asarray(model.logcdf(x))
        above = np.asarray(model.logccdf(x - 1.0 if model.discrete else x))
        possible = np.asarray(model.logpmf(x) if model.discrete else model.logpdf(x)) > -np.inf
        return np.where(possible & np.isneginf(below), 0.0, below), np.where(possible & np.isneginf(above), 0.0, above)

    def distances(self, scores: np.ndarray) -> np.ndarray:
        """Return the deviates |z| of the standard normal distribution that are as far out."""
        return np.abs(special.ndtri_exp(-scores - LOG_TWO))

    def p_values(self, scores: np.ndarray) -> np.ndarray:
        """Return the p-values."""
        return np.exp(-scores)

    def threshold(self, p: float) -> float:
        """Return the score whose p-value is p."""
        return -float(np.log(p))

    def deviations(self, rows: np.ndarray) -> Deviations:
        """Return the normal deviates with the sign of the tail."""
        below, above = self._log_tails(rows[:, 0])
        sign = np.where(below < above, -1.0, 1.0)
        deviates = (sign * self.distances(self(rows)))[:, None]
        return Deviations(deviates, deviates)
