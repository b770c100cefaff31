"""Fits of the multivariate normal: bootstrap, profiles, many columns, refusals, rounding."""

import re

import mpmath as mp
import numpy as np
import pytest

from suffice.calculus import ProfilePath
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.problem import answer
from suffice.errors import (
    DataError,
    NoMaximumError,
    NotAvailableError,
    ParameterError,
    ShapeError,
)
from suffice.sources.block import Block
from suffice.statistics.wrappers import PoissonBootstrap, poisson_counts
from tests.multivariate_normal_fits import FIXED, Q95, STRUCTURES, correlated, reducer, solve


class TestBootstrap:
    @pytest.mark.parametrize("structure", STRUCTURES)
    @pytest.mark.parametrize("fixed", FIXED[:2])
    def test_replicates_together_equal_one_by_one(self, structure, fixed):
        x, replicates = correlated(40, 3), 5
        family = MultivariateNormal.of(covariance=structure)
        solution = solve(x, family, fixed)
        problem = solution.problem.wrapped(lambda s: PoissonBootstrap(7, replicates, s))
        points = answer(problem.maximum(), reducer(x))
        value, gradient, _ = answer(problem.evaluate(points), reducer(x))
        assert np.abs(gradient).max() < 1e-10
        for i, weights in enumerate(poisson_counts(7, 0, 0, replicates, 0, len(x))):
            alone = solve(x, family, fixed, weights=weights)
            assert value[i] == pytest.approx(alone.value, rel=1e-12)
            np.testing.assert_allclose(
                problem.free_values(points[i]), alone.problem.free_values(alone.phi), rtol=1e-9, atol=1e-11
            )

    def test_replicates_without_a_maximum_are_nan(self):
        x = correlated(4, 2)
        problem = solve(x).problem.wrapped(lambda s: PoissonBootstrap(1, 200, s))
        points = answer(problem.maximum(), reducer(x))
        counts = (poisson_counts(1, 0, 0, 200, 0, 4) > 0).sum(axis=1)
        np.testing.assert_array_equal(np.isnan(points).any(axis=1), counts <= 2)


class TestProfile:
    @pytest.mark.parametrize("n", [5, 40])
    def test_profile_of_a_mean_is_that_of_students_t(self, n):
        x = correlated(n, 2)
        solution = solve(x)
        problem, q = solution.problem, len(solution.phi)
        path = ProfilePath.start(np.tile(solution.phi, (2 * q, 1)), sign=np.tile([-1, 1], q), quantile=Q95)
        while not path.done:
            told = answer(problem.evaluate(path.points), reducer(x))
            target = [problem.parameter_derivatives(i // 2, point) for i, point in enumerate(path.points)]
            path = path.tell(*told, *[np.array(part) for part in zip(*target, strict=True)])
        assert path.converged.all()
        half = x.std(axis=0) * np.sqrt(np.expm1(Q95 / n))
        expected = x.mean(axis=0)[:, None] + half[:, None] * [-1, 1]
        np.testing.assert_allclose(path.ends.reshape(-1, 2)[:2], expected, rtol=1e-6)
        # A variance: log s + 1/s − 1 = q/n.
        lower, upper = path.ends.reshape(-1, 2)[2] / x[:, 0].var()
        for end in (lower, upper):
            assert np.log(end) + 1 / end - 1 == pytest.approx(Q95 / n, rel=1e-6)


class TestManyColumns:
    def test_large_dimensions_need_no_hessian(self):
        x = correlated(800, 40)
        solution = solve(x)
        problem = solution.problem
        assert len(solution.phi) == 40 + 820
        assert solution.hessian is None
        sigma, rows, columns = np.cov(x.T, bias=True), *np.triu_indices(40)
        variances = np.diagonal(sigma)
        entries = np.sqrt((variances[rows] * variances[columns] + sigma[rows, columns] ** 2) / 800)
        expected = np.concatenate([np.sqrt(variances / 800), entries])
        np.testing.assert_allclose(problem.standard_errors(solution), expected, rtol=1e-10)
        certificate = problem.certificate(solution)
        assert certificate.status == "maximum"
        assert certificate.scope == "global"
        assert certificate.condition_number == 2.0
        with pytest.raises(NotAvailableError, match="860 free parameters"):
            answer(problem.evaluate(solution.phi[None]), reducer(x))
        jacobian = problem.jacobian(solution.phi)
        covariance = jacobian @ problem.information_inverse(solution) @ jacobian.T
        np.testing.assert_allclose(np.sqrt(np.diagonal(covariance)), expected, rtol=1e-9)

    def test_closed_form_certificate_agrees_with_the_full_one(self, monkeypatch):
        x = correlated(100, 3)
        for structure in STRUCTURES:
            family = MultivariateNormal.of(covariance=structure)
            full = solve(x, family)
            monkeypatch.setattr("suffice.distributions.multivariate_normal_problem.MOST_COORDINATES", 0)
            closed = solve(x, family)
            monkeypatch.undo()
            assert closed.hessian is None
            one, two = full.problem.certificate(full), closed.problem.certificate(closed)
            assert (one.status, one.scope) == (two.status, two.scope) == ("maximum", "global")
            np.testing.assert_allclose(one.eigenvalues, two.eigenvalues, rtol=1e-9)

    def test_an_inverse_of_a_gigabyte_is_refused(self):
        solution = solve(correlated(300, 80))
        with pytest.raises(NotAvailableError, match="use standard_errors"):
            solution.problem.information_inverse(solution)


class TestRefusals:
    @pytest.mark.parametrize("offset", [0.0, 1e3, 1e9])
    @pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
    def test_collinear_columns_are_refused_at_any_offset(self, offset, scale):
        a, b = scale * np.random.default_rng(0).standard_normal((2, 400)) + offset
        for third in (a, 3 * a, a + b, 0.1 * a - b):
            with pytest.raises(NoMaximumError, match="collinear"):
                solve(np.column_stack([a, b, third]))

    def test_nearly_collinear_columns_are_fitted(self):
        a, b, c = np.random.default_rng(0).standard_normal((3, 400))
        solution = solve(np.column_stack([a, b, a + b + 1e-5 * c]))
        assert solution.problem.certificate(solution).status == "maximum"

    def test_collinear_columns_are_named_with_their_combination(self):
        a, b, c = np.random.default_rng(0).standard_normal((3, 50))
        with pytest.raises(NoMaximumError) as caught:
            solve(np.column_stack([a, b, c, a + 2 * b]), names=("x", "y", "z", "total"))
        message = str(caught.value)
        assert "total - 2·y - x is the same in every row" in message
        assert "'z'" not in message
        assert "drop one of these columns" in message
        assert sorted(caught.value.columns) == ["total", "x", "y"]

    def test_a_combination_that_varies_is_not_said_to_be_constant(self):
        x = nearly_collinear(1e-7)
        with pytest.raises(
            DataError, match=r"nearly collinear: x - 0\.5·y has a standard deviation of about"
        ) as caught:
            solve(x, names=("x", "y"), sample=Block(x))
        assert not isinstance(caught.value, NoMaximumError)
        assert caught.value.standard_deviation == pytest.approx(np.std(x[:, 0] - 0.5 * x[:, 1]), rel=0.01)
        assert "put this combination in the place of column 'x'" in str(caught.value)
        combined = np.column_stack([x[:, 0] - 0.5 * x[:, 1], x[:, 1]])
        assert solve(combined, names=("x", "y"), sample=Block(combined)).model.dimension == 2

    @pytest.mark.parametrize("offset", [0.0, 1e3, 1e9])
    def test_a_combination_that_is_constant_is_said_to_be(self, offset):
        a, b = np.random.default_rng(0).standard_normal((2, 400)) + offset
        for third in (3 * a, a + b, 0.1 * a - b):
            x = np.column_stack([a, b, third])
            with pytest.raises(NoMaximumError, match=r"collinear: .* is the same in every row, and the likelihood"):
                solve(x, sample=Block(x))

    def test_without_rows_both_are_said_to_be_possible(self):
        for noise in (0.0, 1e-8):
            with pytest.raises(
                NoMaximumError, match=r"the same in every row, or its standard deviation is below 2e-07"
            ):
                solve(nearly_collinear(noise))

    def test_rows_without_weight_do_not_tell_how_a_combination_varies(self):
        x, weights = nearly_collinear(0.0), np.ones(200)
        x[:3] = [[1.0, 7.0], [np.nan, 1.0], [3.0, np.inf]]
        weights[:3] = 0.0
        with pytest.raises(NoMaximumError, match=r"the same in every row, and"):
            solve(x, weights=weights, sample=Block(x, weights))

    def test_constant_column_is_named(self):
        x = correlated(50, 3)
        x[:, 1] = 0.1
        for structure in ("dense", "diagonal"):
            with pytest.raises(NoMaximumError, match=r"'b' is constant: every value is 0.1.*drop the column"):
                solve(x, MultivariateNormal.of(covariance=structure), names=("a", "b", "c"))
        solve(x, MultivariateNormal.of(covariance="spherical"))
        with pytest.raises(NoMaximumError, match="nothing to model"):
            solve(np.ones((5, 2)), MultivariateNormal.of(covariance="spherical"))

    def test_too_few_rows_name_the_remedy(self):
        with pytest.raises(NoMaximumError, match=r"3 rows do not determine the covariance of 3 columns.*diagonal"):
            solve(correlated(3, 3))
        with pytest.raises(NoMaximumError, match="only one row"):
            solve(correlated(1, 3))
        assert solve(correlated(4, 3)).model.dimension == 3
        assert solve(correlated(3, 3), fixed={"mean": [9.0, 9.0, 9.0]}).model.dimension == 3
        assert solve(correlated(2, 3), MultivariateNormal.of(covariance="diagonal")).model.dimension == 3
        assert solve(correlated(1, 3), fixed={"covariance": np.eye(3)}).model.dimension == 3

    @pytest.mark.parametrize(
        ("x", "message"),
        [
            (correlated(20, 2) * 1e200, "not finite: divide"),
            (correlated(20, 2) * 1e-170, "too small for double precision"),
            (np.empty((0, 2)), "no rows"),
        ],
    )
    def test_unusable_data(self, x, message):
        with pytest.raises(DataError, match=message):
            solve(x)

    @pytest.mark.parametrize(
        ("fixed", "family", "error", "message"),
        [
            ({"mu": 1}, MultivariateNormal, ParameterError, "mean and covariance, not 'mu'"),
            ({"mean": [1.0]}, MultivariateNormal, ShapeError, "2 finite numbers"),
            ({"covariance": np.eye(3)}, MultivariateNormal, ShapeError, "3 columns, the data have 2"),
            (
                {"covariance": [[1, 0.5], [0.5, 1]]},
                MultivariateNormal.of(covariance="diagonal"),
                ParameterError,
                "is not diagonal",
            ),
        ],
    )
    def test_fixed_values_are_checked(self, fixed, family, error, message):
        with pytest.raises(error, match=message):
            solve(correlated(20, 2), family, fixed)


class TestRounding:
    @pytest.mark.parametrize("noise", [1e-4, 1e-5, 1e-6])
    @pytest.mark.parametrize("n", [50, 200, 1000])
    def test_what_nearly_collinear_columns_cost_is_said(self, noise, n):
        x = nearly_collinear(noise, n)
        solution = solve(x)
        certificate = solution.problem.certificate(solution)
        assert certificate.status == "maximum"
        said = re.search(
            r"the columns are nearly collinear \(condition number of the correlations (\S+)\): "
            r"the log-likelihood holds to about (\S+) nats$",
            certificate.reason,
        )
        assert float(said[1]) == pytest.approx(16.0 / noise**2, rel=0.6)
        assert abs(solution.value - exact_log_likelihood(x)) < 2.0 * float(said[2])
        assert float(said[2]) < 1e-15 * n * float(said[1])

    @pytest.mark.parametrize("structure", STRUCTURES)
    def test_nothing_is_said_where_the_log_likelihood_holds(self, structure):
        x = nearly_collinear(0.1)
        solution = solve(x, MultivariateNormal.of(covariance=structure))
        assert "collinear" not in solution.problem.certificate(solution).reason
        if structure == "dense":
            assert solution.value == pytest.approx(float(exact_log_likelihood(x)), abs=1e-9)

    def test_a_fixed_covariance_is_judged_too(self):
        x = nearly_collinear(1e-6)
        covariance = solve(x).model.factored
        solution = solve(x, fixed={"covariance": covariance})
        assert "nearly collinear" in solution.problem.certificate(solution).reason

    def test_large_dimensions_are_judged_too(self):
        x = correlated(800, 40)
        x[:, 7] = x[:, 3] - x[:, 4] + 1e-5 * x[:, 7]
        solution = solve(x)
        assert solution.hessian is None
        assert "nearly collinear" in solution.problem.certificate(solution).reason


def nearly_collinear(noise, n=200):
    rng = np.random.default_rng(3)
    a = rng.normal(size=n)
    return np.column_stack([a, 2 * a + noise * rng.normal(size=n)])


def exact_log_likelihood(x):
    """Return the maximum for two columns, with 50 digits."""
    with mp.workdps(50):
        columns = [[mp.mpf(float(v)) for v in column] for column in x.T]
        n = len(x)
        means = [sum(column) / n for column in columns]
        a, b = ([v - mean for v in column] for column, mean in zip(columns, means, strict=True))
        aa, ab, bb = (sum(u * v for u, v in zip(p, q, strict=True)) / n for p, q in ((a, a), (a, b), (b, b)))
        return -n * (mp.log(2 * mp.pi) + mp.log(aa * bb - ab * ab) / 2 + 1)
