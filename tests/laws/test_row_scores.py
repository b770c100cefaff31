"""The scores of single rows are the derivatives of the log density of each row, in every family."""

import numpy as np
import pytest
from catalogue import UNIVARIATE, name_of

import suffice as sf
from suffice.distributions.problem import answer
from suffice.sources.block import Block

X = np.random.default_rng(2).multivariate_normal([1.0, -2.0, 3e3], [[2, 0.3, 0], [0.3, 0.5, 0.1], [0, 0.1, 4]], 60)
OPTIONS = [("dense", {}), ("diagonal", {}), ("spherical", {}), ("dense", {"mean": [1.0, -2.0, 3e3]})]


def assert_scores_are_derivatives(problem, phi, rows, log_density):
    """By differences of the log density of each row, in each coordinate."""
    scores = problem.scores(phi).of(rows)
    assert scores.shape == (len(phi), len(rows)) == (problem.scores(phi).size, len(rows))
    for axis, found in zip(np.eye(len(phi)), scores, strict=True):
        step = 1e-5 * axis
        ahead, behind = (log_density(problem.model(phi + side * step)) for side in (1.0, -1.0))
        expected = (ahead - behind) / 2e-5
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6 * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("row", UNIVARIATE, ids=name_of)
def test_scores_of_rows_are_derivatives_of_their_log_density(row):
    x = row.sample(200)
    problem = sf.fit(row.family, x).solution.problem
    phi = sf.fit(row.family, x).solution.phi + 0.05
    inside = np.isfinite(log_density(problem.model(phi), x)) & np.isfinite(log_density(problem.model(phi + 0.01), x))
    assert_scores_are_derivatives(problem, phi, x[inside][:40, None], lambda m: log_density(m, x[inside][:40]))


def log_density(model, x):
    return model.logpmf(x) if model.support.integer else model.logpdf(x)


@pytest.mark.parametrize(("structure", "fixed"), OPTIONS)
def test_those_of_a_multivariate_normal_too(structure, fixed):
    fit = sf.fit(sf.MultivariateNormal.of(covariance=structure), X, fixed=fixed)
    phi = fit.solution.phi + 0.03 * np.random.default_rng(3).standard_normal(len(fit.solution.phi))
    assert_scores_are_derivatives(fit.solution.problem, phi, X, lambda model: model.logpdf(X))


def test_those_of_categories_too():
    z = np.random.default_rng(4).choice([1.0, 2.0, 5.0, 9.0], 80, p=[0.1, 0.4, 0.3, 0.2])
    fit = sf.fit(sf.Categorical, z)
    phi = fit.solution.phi + np.array([0.1, -0.2, 0.05])
    assert_scores_are_derivatives(fit.solution.problem, phi, z[:, None], lambda model: model.logpmf(z))


@pytest.mark.parametrize(("structure", "fixed"), OPTIONS)
def test_scores_sum_to_the_gradient(structure, fixed):
    problem = sf.fit(sf.MultivariateNormal.of(covariance=structure), X, fixed=fixed).solution.problem
    phi = sf.fit(sf.MultivariateNormal.of(covariance=structure), X, fixed=fixed).solution.phi * 1.1
    _, gradient, _ = answer(problem.evaluate(phi[None, :]), lambda s: s.observe(Block(X)))
    np.testing.assert_allclose(problem.scores(phi).of(X).sum(axis=1), gradient[0], rtol=1e-9, atol=1e-7)
