"""Differences of two log densities with the scores of both."""

import numpy as np

import suffice as sf
from suffice.sources import Block
from suffice.statistics.likelihood_differences import LikelihoodDifferences, ScoredDensity


def test_columns_are_the_difference_and_the_scores_of_both():
    x = np.array([0.5, 1.0, 2.5, 4.0])
    weights = np.array([1.0, 2.0, 1.0, 3.0])
    normal, logistic = sf.Normal(1.0, 2.0), sf.Logistic(0.5, 0.75)
    first = ScoredDensity(sf.Normal, np.array(normal.theta), np.eye(2))
    # the logistic in z = (x − 1)/2, of which only the scale is free, in the coordinate log(scale)
    second = ScoredDensity(sf.Logistic, np.array([-0.25, 0.375]), np.array([[0.0, 0.375]]), 1.0, 2.0)
    summary = LikelihoodDifferences(first, second).observe(Block(x[:, None], weights))
    step = 1e-6

    def slope(model, i):
        up, down = ([t + s * step * (j == i) for j, t in enumerate(model.theta)] for s in (1, -1))
        return (type(model)(*up).logpdf(x) - type(model)(*down).logpdf(x)) / (2 * step)

    rows = np.stack(
        [normal.logpdf(x) - logistic.logpdf(x), slope(normal, 0), slope(normal, 1), 0.75 * slope(logistic, 1)]
    )
    np.testing.assert_allclose(summary.mean, np.average(rows, axis=1, weights=weights), rtol=1e-8)
    np.testing.assert_allclose(summary.covariance(), np.cov(rows, fweights=weights.astype(int), bias=True), rtol=1e-8)


def test_a_small_variance_of_a_large_difference_keeps_its_digits():
    x = np.random.default_rng(0).normal(size=(10_000, 1))
    first = ScoredDensity(sf.Normal, np.array([0.0, 1.0]), np.empty((0, 2)))
    second = ScoredDensity(sf.Normal, np.array([1e-6, 1.0]), np.empty((0, 2)), factor=2.0**40)
    z = x[:, 0]
    # log p₂ is that of z/2⁴⁰, a constant to 1e-11, so that d varies as log p₁ does
    summary = LikelihoodDifferences(first, second).observe(Block(x))
    np.testing.assert_allclose(summary.covariance()[0, 0], np.var(-0.5 * z**2), rtol=1e-9)


def test_a_student_t_at_its_limit_needs_no_score_of_the_degrees_of_freedom():
    x = np.random.default_rng(1).normal(size=(50, 1))
    limit = ScoredDensity(sf.StudentT, np.array([0.0, 1.0, np.inf]), np.eye(3)[:2])
    normal = ScoredDensity(sf.Normal, np.array([0.0, 1.0]), np.eye(2))
    summary = LikelihoodDifferences(limit, normal).observe(Block(x))
    assert np.isfinite(summary.state).all()
    np.testing.assert_allclose(summary.covariance()[0, 0], 0.0, atol=1e-28)
