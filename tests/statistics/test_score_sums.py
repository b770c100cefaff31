"""Sums of products of scores, by cluster and of influences, against loops over rows."""

import numpy as np
import pytest

from suffice.distributions.normal import Normal
from suffice.errors import DataError, NotAvailableError, ShapeError
from suffice.sources import Block
from suffice.statistics import ClusterScores, DensityScores, InfluenceMoments, Labelled, ScoreProducts, score_sums

THETA = np.array([0.5, 2.0])
X = np.random.default_rng(5).normal(size=(400, 1))
WEIGHTS = np.random.default_rng(6).integers(0, 3, 400).astype(float)
LABELS = np.random.default_rng(7).integers(-5, 5, 400)


def normal_scores(x, chain):
    z = x - 0.5
    return chain @ np.array([z / 4.0, z**2 / 8.0 - 0.5])


@pytest.mark.parametrize("frequencies", [True, False])
def test_products_are_the_sum_of_outer_products_with_frequencies_once_and_other_weights_squared(frequencies):
    chain = np.array([[1.0, 0.0], [0.5, 2.0], [0.0, 1.0]])
    found = ScoreProducts(DensityScores(Normal, THETA, chain=chain), frequencies).observe(Block(X, WEIGHTS))
    s = normal_scores(X[:, 0], chain)
    weights = WEIGHTS if frequencies else WEIGHTS**2
    expected = sum(w * np.outer(row, row) for w, row in zip(weights, s.T, strict=True))
    np.testing.assert_allclose(found.products, expected, rtol=1e-12)
    np.testing.assert_allclose(found.total, s @ WEIGHTS, rtol=1e-11, atol=1e-11)


def test_the_scores_of_a_cluster_are_summed_wherever_its_rows_lie_and_however_small_the_parts(monkeypatch):
    monkeypatch.setattr("suffice.statistics.row_scores.CACHED_SCORES", 2)
    statistic = ClusterScores(DensityScores(Normal, THETA))
    parts = [Block(X[a:b], WEIGHTS[a:b], LABELS[a:b], a) for a, b in ((0, 300), (300, 301), (301, 400))]
    found = statistic.observe(parts[0]).merge(statistic.observe(parts[1])).merge(statistic.observe(parts[2]))
    s = normal_scores(X[:, 0], np.eye(2)) * WEIGHTS
    assert found.labels.tolist() == list(range(-5, 5))
    np.testing.assert_allclose(
        found.sums, np.array([s[:, g == LABELS].sum(axis=1) for g in range(-5, 5)]).T, rtol=1e-12
    )


def test_labels_go_by_the_number_of_the_row():
    statistic = Labelled(LABELS, ClusterScores(DensityScores(Normal, THETA)))
    late = statistic.observe(Block(X[200:], None, None, 200))
    assert late.labels.tolist() == sorted(set(LABELS[200:].tolist()))
    with pytest.raises(ShapeError, match="400 labels came with at least 500 rows; pass one for each row"):
        statistic.observe(Block(X[:300], None, None, 200))


def test_influences_have_their_second_and_third_moments():
    vector = np.array([0.3, -0.7])
    found = InfluenceMoments(DensityScores(Normal, THETA), vector).observe(Block(X, WEIGHTS))
    influence = vector @ normal_scores(X[:, 0], np.eye(2))
    assert found.second == pytest.approx((WEIGHTS * influence**2).sum(), rel=1e-12)
    assert found.third == pytest.approx((WEIGHTS * influence**3).sum(), rel=1e-11)
    assert found.acceleration == pytest.approx(found.third / 6 / found.second**1.5, rel=1e-14)


def test_rows_without_labels_and_too_many_clusters_are_refused(monkeypatch):
    statistic = ClusterScores(DensityScores(Normal, THETA))
    with pytest.raises(DataError, match="no labels that say which cluster each is in"):
        statistic.observe(Block(X))
    monkeypatch.setattr(score_sums, "MOST_SUMS", 10)
    with pytest.raises(NotAvailableError, match="10 clusters or more, and for 2 parameters at most 5 are held"):
        statistic.observe(Block(X, None, LABELS))
