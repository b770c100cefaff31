"""What the mathematics says of every family of several variables, and of categories, over the catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from multivariate_catalogue import MULTIVARIATE, Row, fit_of, log_density
from scipy import stats
from storage.saved_values import distributions

import suffice as sf
from suffice.distributions.problem import answer
from suffice.sources.block import Block

every_family = pytest.mark.parametrize("row", MULTIVARIATE, ids=lambda row: row.name)


def near_the_fit(row: Row) -> tuple[Any, np.ndarray]:
    """Return the problem of a fit and a point φ that is not its maximum."""
    solution = fit_of(row).solution
    return solution.problem, solution.phi + 0.05 * (-1.0) ** np.arange(len(solution.phi))


def expected(row: Row, model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and their probabilities."""
    rows, weights = row.nodes(model)
    return rows, weights * np.exp(log_density(model, rows))


def as_rows(x: np.ndarray) -> np.ndarray:
    return x if x.ndim == 2 else x[:, None]


@every_family
def test_total_probability_is_one(row):
    assert expected(row, row.model)[1].sum() == pytest.approx(1.0, abs=2e-13)


@every_family
def test_the_mean_and_the_covariance_are_those_of_the_density(row):
    rows, p = expected(row, row.model)
    mean = p @ as_rows(rows)
    off = as_rows(rows) - mean
    stated = row.model.covariance if hasattr(row.model, "covariance") else row.model.variance
    assert mean == pytest.approx(np.ravel(row.model.mean), rel=1e-11)
    assert (off * p[:, None]).T @ off == pytest.approx(np.atleast_2d(getattr(stated, "matrix", stated)), rel=1e-9)


@every_family
def test_the_entropy_is_that_of_the_density(row):
    if not hasattr(row.model, "entropy"):
        pytest.skip("no entropy is stated")
    rows, p = expected(row, row.model)
    rows, p = rows[p > 0.0], p[p > 0.0]
    assert row.model.entropy == pytest.approx(-(p @ log_density(row.model, rows)), rel=1e-10)


@every_family
def test_scores_average_zero_and_their_variance_is_the_information(row):
    problem, phi = near_the_fit(row)
    rows, p = expected(row, problem.model(phi))
    rows, p = rows[p > 1e-40], p[p > 1e-40]
    scores = problem.scores(phi).of(as_rows(rows))
    information = (scores * p) @ scores.T
    unit = np.sqrt(np.diag(information))
    value, gradient, hessian = (
        part[0] for part in answer(problem.evaluate(phi[None, :]), lambda s: s.observe(Block(as_rows(rows), p)))
    )
    assert value == pytest.approx(p @ log_density(problem.model(phi), rows), rel=1e-11)
    assert scores @ p / unit == pytest.approx(np.zeros(len(phi)), abs=1e-10)
    assert gradient / unit == pytest.approx(np.zeros(len(phi)), abs=1e-10)
    assert -hessian / np.outer(unit, unit) == pytest.approx(information / np.outer(unit, unit), abs=1e-9)


@every_family
def test_scores_and_curvature_agree_with_central_differences(row):
    problem, phi = near_the_fit(row)
    x = row.sample(60)
    h = 1e-3

    def difference(values):
        return (8.0 * (values[0] - values[1]) - (values[2] - values[3])) / (12.0 * h)

    _, _, hessian = answer(problem.evaluate(phi[None, :]), lambda s: s.observe(Block(as_rows(x))))
    scores = problem.scores(phi).of(as_rows(x))
    size = np.abs(scores).max()
    for i, axis in enumerate(h * np.eye(len(phi))):
        steps = [phi + c * axis for c in (1, -1, 2, -2)]
        numeric = difference([log_density(problem.model(step), x) for step in steps])
        assert scores[i] == pytest.approx(numeric, rel=1e-7, abs=1e-8 * size)
        numeric = difference([problem.scores(step).of(as_rows(x)).sum(axis=1) for step in steps])
        assert hessian[0][i] == pytest.approx(numeric, rel=1e-6, abs=1e-7 * np.abs(hessian).max())


@every_family
def test_draws_have_the_scores_of_the_model(row):
    """A score test of the parameters that were drawn from, with a false alarm in 1e5."""
    problem, phi = near_the_fit(row)
    model = problem.model(phi)
    rows, p = expected(row, model)
    rows, p = rows[p > 1e-40], p[p > 1e-40]
    scores = problem.scores(phi).of(as_rows(rows))
    found = problem.scores(phi).of(as_rows(model.sample(4000, rng=7))).sum(axis=1)
    distance = found @ np.linalg.solve(4000.0 * (scores * p) @ scores.T, found)
    assert stats.chi2(len(phi)).sf(distance) > 1e-5


@every_family
def test_maps_of_the_rows_map_the_model(row):
    x = row.sample()
    for move, log_determinant in row.maps:
        there = sf.fit(row.family, move(x))
        assert there.log_likelihood == pytest.approx(fit_of(row).log_likelihood - len(x) * log_determinant, rel=1e-12)
        moved = log_density(there.model, move(x)) + log_determinant
        assert moved == pytest.approx(log_density(fit_of(row).model, x), rel=1e-8, abs=1e-8)


@every_family
def test_weight_two_equals_the_row_twice_and_weight_zero_no_row(row):
    x = row.sample()
    weights = np.arange(len(x)) % 3
    once, twice = sf.fit(row.family, x, weights=weights), sf.fit(row.family, np.repeat(x, weights, axis=0))
    assert once.log_likelihood == pytest.approx(twice.log_likelihood, rel=1e-12)
    assert log_density(once.model, x) == pytest.approx(log_density(twice.model, x), rel=1e-8, abs=1e-8)
    assert once.standard_errors == pytest.approx(twice.standard_errors, rel=1e-6)


@every_family
def test_the_order_of_the_rows_does_not_matter(row):
    x = row.sample()
    other = sf.fit(row.family, np.random.default_rng(2).permutation(x))
    assert other.log_likelihood == pytest.approx(fit_of(row).log_likelihood, rel=1e-13)
    assert log_density(other.model, x) == pytest.approx(log_density(fit_of(row).model, x), rel=1e-8, abs=1e-8)


@every_family
def test_merged_summaries_give_the_fit_of_the_rows(row):
    if row.family.sufficient is None:
        pytest.skip("no sufficient statistic")
    x = row.sample()
    parts = [sf.summarize(part, row.family) for part in (x[:150], x[150:])]
    merged = sf.fit(row.family, parts[0].merge(parts[1]))
    assert merged.log_likelihood == pytest.approx(fit_of(row).log_likelihood, rel=1e-12)
    assert log_density(merged.model, x) == pytest.approx(log_density(fit_of(row).model, x), rel=1e-9, abs=1e-9)


def test_a_model_of_each_is_saved_and_loaded_in_the_tests_of_storage():
    assert {type(row.model) for row in MULTIVARIATE} <= {type(model) for model in distributions()}
