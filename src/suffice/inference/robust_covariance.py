"""The sandwich covariance of estimates (Huber 1967; White 1982), by clusters of rows on request (Liang and Zeger 1986).

With scores sᵢ and the observed information I, the covariance is I⁻¹ M I⁻¹, M = Σ sᵢ sᵢᵀ: it holds where the family is
wrong. Where rows of one cluster depend on each other, M = G/(G − 1) Σ_g (Σ_{i ∈ g} sᵢ)(Σ_{i ∈ g} sᵢ)ᵀ over G clusters,
which grows the more exact the more clusters there are, however many rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import once
from suffice.errors import DataError, DataNeeded, NotAvailableError, ShapeError, counted
from suffice.inference.fit_passes import passes_of
from suffice.inference.passes import AllRows
from suffice.statistics.extent import Extent
from suffice.statistics.product import Product
from suffice.statistics.row_scores import RowScores
from suffice.statistics.score_sums import ClusterScores, ClusterScoresSummary, InfluenceMoments, ScoreProducts
from suffice.statistics.wrappers import Labelled

# The label that stands for "unknown" wherever rows are labelled.
UNKNOWN = -1
# Scores of equal rows are 0 but for rounding: of their squares this share of the information may be left.
NO_SPREAD = 1e-24


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """The sandwich covariance in the coordinates φ of a fit.

    Parameters
    ----------
    covariance : ndarray, shape (q, q)
    clusters : G, or 0 where each row stands by itself
    """

    covariance: np.ndarray
    clusters: int = 0

    def variance(self, gradient: np.ndarray) -> float:
        """Return the variance of a linear function of the estimated φ, given its coefficients (q,)."""
        return float(gradient @ self.covariance @ gradient)

    def quantile(self, level: float) -> float:
        """Return how many standard errors an interval goes: of Student's t with G − 1 degrees of freedom, else of z."""
        if self.clusters:
            return float(special.stdtrit(self.clusters - 1, 0.5 + level / 2.0))
        return float(special.ndtri(0.5 + level / 2.0))

    @property
    def note(self) -> str:
        """What a reader of an interval should know."""
        return f"{self.clusters:,} clusters, Student's t with {self.clusters - 1:,} df" if self.clusters else ""


def sandwich(fit: Any, clusters: Any = None, data: Any = None) -> Sandwich:
    """Return the sandwich covariance of a fit at a maximum.

    Parameters
    ----------
    clusters : one label per row of the data (integers, text, …), or the name of a column of integers; None where rows
        are independent
    data : the data, where the fit has lost them
    """
    problem = fit.solution.problem
    inverse = problem.information_inverse(fit.solution)
    scores = scores_of(fit)
    if clusters is None:
        with passes_of(fit, data) as ask:
            covariance = inverse @ ask(once(ScoreProducts(scores))).products @ inverse
        _require_spread(covariance, inverse)
        return Sandwich(covariance)
    sums = _cluster_sums(fit, scores, clusters, data)
    # half of the products first: S I⁻¹ has a row for each cluster, so that the result is exactly symmetric
    moved = inverse @ sums.sums
    number = len(sums.labels)
    covariance = moved @ moved.T * (number / (number - 1.0))
    _require_spread(covariance, inverse)
    return Sandwich(covariance, number)


def _require_spread(covariance: np.ndarray, inverse: np.ndarray) -> None:
    """Refuse rows, or clusters, whose scores are all 0 but for rounding."""
    if len(inverse) and np.all(np.diagonal(covariance) <= NO_SPREAD * np.diagonal(inverse)):
        raise NotAvailableError(
            "a robust standard error comes from how the rows vary, and here they do not: every row, or every cluster "
            "of rows, says the same; standard_errors and method='profile' take the spread from the family"
        )


def acceleration(fit: Any, gradient: np.ndarray, data: Any = None) -> float:
    """Return the acceleration of BCa of a function with this gradient (q,) in φ, from the influence of each row."""
    vector = fit.solution.problem.solve_information(fit.solution, gradient)
    unit = np.sqrt(float(gradient @ vector))
    with passes_of(fit, data) as ask:
        return ask(once(InfluenceMoments(scores_of(fit), vector / unit))).acceleration


def scores_of(fit: Any) -> RowScores:
    """Return the scores of single rows at a fit, or refuse where the family has none."""
    scores = fit.solution.problem.scores(fit.solution.phi)
    if scores is None:
        raise NotAvailableError(
            f"{fit.family.__name__} has no scores of single rows, which this needs; "
            "use fit.interval(…, method='bootstrap')"
        )
    return scores


def _cluster_sums(fit: Any, scores: RowScores, clusters: Any, data: Any) -> ClusterScoresSummary:
    """Return the sums of scores by cluster, or refuse clusters that say nothing."""
    statistic, name = ClusterScores(scores), clusters if isinstance(clusters, str) else None
    labels = None if name else _labels(clusters)
    if name and data is None and fit.origin.given is None:
        raise DataNeeded(
            f"the column {name!r} of clusters is read from the data ({fit.origin.description}), and the fit does not "
            "have them; pass data=…"
        )
    wanted: Callable[[Any], Any] = (lambda s: s) if labels is None else (lambda s: Labelled(labels, s))
    with passes_of(fit, data, name) as ask:
        sums, extent = ask(once(Product((wanted(statistic), AllRows(Extent()))))).parts
    if labels is not None and len(labels) != extent.rows:
        raise ShapeError(
            f"clusters must have one label per row of the data: {counted(len(labels), 'label')} for "
            f"{counted(extent.rows, 'row')}, those left out because of missing values among them",
            expected=extent.rows,
        )
    if UNKNOWN in sums.labels:
        raise DataError(
            "rows are in the cluster −1, which stands for unknown; give each such row a label of its own, or leave it "
            "out of the fit"
        )
    if len(sums.labels) < 2:
        raise DataError("all rows are in one cluster, so nothing shows how clusters vary; pass at least two clusters")
    return sums


def _labels(clusters: Any) -> np.ndarray:
    """Return labels of any kind as integers, shape (n,), equal where they were equal."""
    values = np.asarray(clusters)
    if values.ndim != 1:
        raise ShapeError(
            "clusters must be the name of a column, or one label per row in an array of shape (n,), not of shape "
            f"{values.shape}",
            shape=values.shape,
        )
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    missing = [_is_missing(value) for value in values]
    if any(missing):
        row = missing.index(True) + 1
        raise DataError(f"the cluster of row {row:,} is missing; give it a label of its own", row=row)
    if values.dtype.kind == "O":
        numbers: dict[Any, int] = {}
        return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _is_missing(value: Any) -> bool:
    """Say whether a label is None, NaN, or another value that does not equal itself."""
    same = value == value
    return value is None or not isinstance(same, (bool, np.bool_)) or not same
