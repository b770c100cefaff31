"""Sums of products of scores: what the data themselves say of the variance of estimates, whatever the family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import DataError, NotAvailableError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import one_set_of_weights
from suffice.statistics.row_scores import RowScores, parts_for

# Numbers that the sums of clusters may hold: 128 MB.
MOST_SUMS = 16_777_216


@dataclass(frozen=True, slots=True, eq=False)
class ScoreProductsSummary:
    """Σ w² s sᵀ and Σ w s of the scores s.

    Parameters
    ----------
    products : ndarray, shape (q, q)
    total : ndarray, shape (q,)
    """

    products: np.ndarray
    total: np.ndarray

    def merge(self, other: ScoreProductsSummary) -> ScoreProductsSummary:
        """Add."""
        if self.products.shape != other.products.shape:
            raise ShapeError("score products of models with different numbers of parameters cannot be merged")
        return ScoreProductsSummary(self.products + other.products, self.total + other.total)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreProducts:
    """Outer products of the scores: the middle of the sandwich covariance.

    Frequencies (weight 2 = the row twice) enter once, other weights squared.

    Parameters
    ----------
    scores : of single rows
    frequencies : whether weights count rows
    """

    scores: RowScores
    frequencies: bool = True

    def observe(self, block: Block) -> ScoreProductsSummary:
        """Observe a block."""
        one_set_of_weights(block, "score products")
        q = self.scores.size
        products, total = np.zeros((q, q)), np.zeros(q)
        for part in parts_for(self.scores, block):
            scores = self.scores.of(part.rows)
            weights = np.ones(len(part.rows)) if part.weights is None else part.weights
            inner = weights if self.frequencies else weights * weights
            products += (scores * inner) @ scores.T
            total += (scores * weights).sum(axis=-1)
        return ScoreProductsSummary(products, total)


@dataclass(frozen=True, slots=True, eq=False)
class ClusterScoresSummary:
    """Σ w s of each cluster.

    Parameters
    ----------
    labels : ndarray of int64, shape (k,), ascending
    sums : ndarray, shape (q, k)
    """

    labels: np.ndarray
    sums: np.ndarray

    def merge(self, other: ClusterScoresSummary) -> ClusterScoresSummary:
        """Add the sums of equal labels."""
        if len(self.sums) != len(other.sums):
            raise ShapeError("scores by cluster of models with different numbers of parameters cannot be merged")
        labels = np.union1d(self.labels, other.labels)
        sums = _room(len(self.sums), len(labels))
        for part in (self, other):
            # the labels of a part are distinct, so that plain indexed addition is exact
            sums[:, np.searchsorted(labels, part.labels)] += part.sums
        return ClusterScoresSummary(labels, sums)


@dataclass(frozen=True, slots=True, eq=False)
class ClusterScores:
    """Sum the scores of each cluster: rows with equal labels, wherever they lie.

    Parameters
    ----------
    scores : of single rows

    Raises
    ------
    DataError
        Rows have no labels.
    NotAvailableError
        There are more clusters than 16,777,216 sums hold.
    """

    scores: RowScores

    def observe(self, block: Block) -> ClusterScoresSummary:
        """Observe a block with labels."""
        weights = one_set_of_weights(block, "scores by cluster")
        if block.labels is None:
            raise DataError("the rows have no labels that say which cluster each is in; pass clusters=…")
        labels, where = np.unique(block.labels, return_inverse=True)
        sums = _room(self.scores.size, len(labels))
        first = 0
        for part in parts_for(self.scores, block):
            scores, last = self.scores.of(part.rows), first + len(part.rows)
            if weights is not None:
                scores = scores * weights[first:last]
            for j, row in enumerate(scores):
                sums[j] += np.bincount(where[first:last], row, len(labels))
            first = last
        return ClusterScoresSummary(labels, sums)


def _room(q: int, clusters: int) -> np.ndarray:
    """Return zeros, shape (q, k), or refuse where they were too many."""
    if q * clusters > MOST_SUMS:
        raise NotAvailableError(
            f"there are {clusters:,} clusters or more, and for {q} parameters at most {MOST_SUMS // q:,} are held in "
            "memory; use fewer, larger clusters"
        )
    return np.zeros((q, clusters))


@dataclass(frozen=True, slots=True, eq=False)
class InfluenceMomentsSummary:
    """Σ w l² and Σ w l³ of the influences l."""

    second: float
    third: float

    def merge(self, other: InfluenceMomentsSummary) -> InfluenceMomentsSummary:
        """Add."""
        return InfluenceMomentsSummary(self.second + other.second, self.third + other.third)

    @property
    def acceleration(self) -> float:
        """Return a = Σ w l³ / (6 (Σ w l²)^(3/2)): how fast the standard error changes (Efron 1987, eq. 6.6)."""
        return self.third / (6.0 * self.second**1.5) if self.second > 0.0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class InfluenceMoments:
    """Sum the squares and cubes of the influence l = vᵀs of each row on a function of the parameters.

    Parameters
    ----------
    scores : of single rows
    vector : ndarray, shape (q,): v = I⁻¹ ∂g/∂φ, scaled so that Σ w l² is of order 1
    """

    scores: RowScores
    vector: np.ndarray

    def observe(self, block: Block) -> InfluenceMomentsSummary:
        """Observe a block."""
        one_set_of_weights(block, "influences")
        second = third = 0.0
        for part in parts_for(self.scores, block):
            influence = self.vector @ self.scores.of(part.rows)
            weighted = influence if part.weights is None else influence * part.weights
            second += float((weighted * influence).sum())
            third += float((weighted * influence * influence).sum())
        return InfluenceMomentsSummary(second, third)
