import pickle

import numpy as np
import pytest
from scipy import special, stats

from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.problem import answer
from suffice.errors import (
    NotAvailableError,
    ParameterError,
    ShapeError,
)
from suffice.linalg import Covariance
from suffice.statistics.scatter import Scatter
from tests.multivariate_normal_fits import FIXED, STRUCTURES, correlated, reducer, solve


@pytest.fixture
def model():
    return MultivariateNormal([1.0, -1.0, 0.5], [[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]])


class TestModel:
    def test_standard_density_at_the_origin(self):
        assert MultivariateNormal([1, 2], np.eye(2)).pdf([0, 0]) == pytest.approx(0.0130642333, abs=5e-11)

    def test_density_and_distance_of_a_correlated_pair(self):
        pair = MultivariateNormal([0.5, -0.2], [[2, 0.3], [0.3, 0.5]])
        assert pair.mahalanobis_squared([1.5, 0.8]) == pytest.approx(190 / 91, rel=1e-14)
        assert pair.mahalanobis([1.5, 0.8]) == pytest.approx(np.sqrt(190 / 91), rel=1e-14)
        assert pair.pdf([1.5, 0.8]) == pytest.approx(0.0587374497, abs=5e-11)

    def test_density_agrees_with_scipy(self, model):
        reference = stats.multivariate_normal(model.mean, model.covariance)
        x = np.random.default_rng(1).standard_normal((4, 5, 3))
        np.testing.assert_allclose(model.logpdf(x), reference.logpdf(x), rtol=1e-12)
        np.testing.assert_allclose(model.pdf(x), reference.pdf(x), rtol=1e-12)
        assert model.entropy == pytest.approx(reference.entropy(), rel=1e-13)

    def test_far_points_keep_a_finite_log_density(self, model):
        assert np.isfinite(model.logpdf([1e150, 0, 0]))
        assert model.logpdf([np.inf, 0, 0]) == -np.inf
        assert model.pdf([np.inf, -np.inf, 0]) == 0.0
        assert np.isnan(model.logpdf([np.nan, np.inf, 0]))

    @pytest.mark.parametrize(
        "covariance",
        [Covariance.diagonal([2.0, 3.0]), Covariance.spherical(1.5, 2), [[2.0, 0.7], [0.7, 1.0]]],
    )
    def test_cumulative_distribution_agrees_with_scipy(self, covariance):
        pair = MultivariateNormal([0.3, -0.2], covariance)
        expected = stats.multivariate_normal(pair.mean, pair.covariance).cdf([[0.5, 0.1], [-1.0, 2.0]])
        np.testing.assert_allclose(pair.cdf([[0.5, 0.1], [-1.0, 2.0]]), expected, atol=1e-5)

    def test_cumulative_distribution_of_three_is_reproducible(self, model):
        value = model.cdf([1.0, 0.0, 1.0], error=1e-7)
        assert value == model.cdf([1.0, 0.0, 1.0], error=1e-7)
        quadrature, _ = conditional_quadrature(model, [1.0, 0.0, 1.0])
        assert value == pytest.approx(quadrature, abs=1e-6)

    def test_ellipses_in_two_dimensions_hold_39_and_86_percent(self):
        pair = MultivariateNormal([3, 4], [[2, 1], [1, 3]])
        np.testing.assert_allclose(pair.probability_within([1, 2]), -np.expm1([-0.5, -2.0]), rtol=1e-13)
        assert pair.distance_containing(pair.probability_within(1.7)) == pytest.approx(1.7, rel=1e-12)
        line = MultivariateNormal([0], [[4.0]])
        assert line.probability_within(1) == pytest.approx(0.6826894921, abs=1e-10)

    def test_conditional_is_joint_over_marginal(self, model):
        x = np.array([0.3, -0.7, 1.1])
        for given in ([1], [2, 0], [0]):
            rest = [i for i in range(3) if i not in given]
            conditional = model.conditional({i: x[i] for i in given})
            expected = model.logpdf(x) - model.marginal(given).logpdf(x[given])
            assert conditional.logpdf(x[rest]) == pytest.approx(expected, rel=1e-12)

    @pytest.mark.parametrize("covariance", [Covariance.diagonal([1.0, 2.0, 3.0]), Covariance.spherical(2.0, 3)])
    def test_conditional_of_uncorrelated_variables_is_the_marginal(self, covariance):
        independent = MultivariateNormal([1, 2, 3], covariance)
        assert independent.conditional({1: 77.0}) == independent.marginal([0, 2])
        assert type(independent.marginal([2]).factored) is type(covariance)

    def test_nothing_given_leaves_the_model(self, model):
        assert model.conditional({}) == model

    def test_marginal_takes_the_order_asked_for(self, model):
        two = model.marginal([2, 0])
        np.testing.assert_array_equal(two.mean, [0.5, 1.0])
        np.testing.assert_array_equal(two.covariance, [[0.5, -0.3], [-0.3, 2.0]])
        assert model.marginal(-1).mean == [0.5]

    def test_affine_map(self, model):
        a = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, -1.0]])
        mapped = model.mapped(a, [1.0, 2.0])
        np.testing.assert_allclose(mapped.mean, a @ model.mean + [1.0, 2.0])
        np.testing.assert_allclose(mapped.covariance, a @ model.covariance @ a.T, rtol=1e-13)

    def test_map_of_deficient_rank_is_refused(self, model):
        with pytest.raises(ParameterError, match="positive definite"):
            model.mapped([[1, 1, 0], [2, 2, 0]])

    def test_moments(self, model):
        np.testing.assert_array_equal(model.variance, [2.0, 1.0, 0.5])
        np.testing.assert_allclose(model.standard_deviation, np.sqrt([2.0, 1.0, 0.5]))
        assert model.correlation[0, 1] == pytest.approx(0.6 / np.sqrt(2.0))
        assert model.dimension == 3

    def test_samples_have_the_moments_and_follow_the_seed(self, model):
        x = model.sample(200_000, rng=5)
        np.testing.assert_array_equal(x[:3], model.sample(200_000, rng=5)[:3])
        np.testing.assert_allclose(x.mean(axis=0), model.mean, atol=0.02)
        np.testing.assert_allclose(np.cov(x.T), model.covariance, atol=0.04)
        assert model.sample((2, 4), rng=0).shape == (2, 4, 3)
        assert model.sample(rng=0).shape == (1, 3)

    def test_is_a_frozen_value(self, model):
        again = pickle.loads(pickle.dumps(model))
        assert again == model
        assert hash(again) == hash(model)
        assert model != MultivariateNormal([0, 0, 0], model.covariance)
        assert model != "model"
        for array in (model.mean, model.covariance, again.mean, again.covariance):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1.0
        with pytest.raises(AttributeError):
            model.mean = np.zeros(3)

    def test_prints_variables_and_parameters_apart(self):
        pair = MultivariateNormal([1, 2], [[1, 0.5], [0.5, 2]])
        assert repr(pair) == "MultivariateNormal(mean=[1, 2], covariance=[[1, 0.5], [0.5, 2]])"
        assert str(pair).startswith("p(x; mean, covariance): MultivariateNormal with mean = [1, 2]")
        assert "10 × 10 array" in repr(MultivariateNormal(np.zeros(10), np.eye(10)))

    @pytest.mark.parametrize(
        ("call", "error", "message"),
        [
            (lambda: MultivariateNormal([1, 2, 3], np.eye(2)), ShapeError, r"mean must have shape \(2,\)"),
            (lambda: MultivariateNormal([1, np.nan], np.eye(2)), ParameterError, r"mean\[1\] is nan"),
            (lambda: MultivariateNormal([0, 0], [[1, 1], [1, 1]]), ParameterError, "positive definite"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).pmf([0, 0]), NotAvailableError, "continuous"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).logpdf([1, 2, 3]), ShapeError, "3"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).cdf(1.0), ShapeError, r"\(\.\.\., 2\)"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).marginal([2]), ParameterError, "between 0 and 1"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).marginal([0, -2]), ParameterError, "differ"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).conditional({0: 1, 1: 2}), ParameterError, "nothing"),
            (lambda: MultivariateNormal([0, 0], np.eye(2)).mapped([[1, 2, 3]]), ShapeError, r"\(k, 2\)"),
            (lambda: MultivariateNormal.of(covariance="tied"), ParameterError, "'spherical'"),
        ],
    )  # fmt: skip
    def test_messages(self, call, error, message):
        with pytest.raises(error, match=message):
            call()


class TestFamily:
    def test_options_bind_in_a_value(self):
        family = MultivariateNormal.of(covariance="diagonal")
        assert family == pickle.loads(pickle.dumps(family))
        assert hash(family) == hash(MultivariateNormal.of(covariance="diagonal"))
        assert family != MultivariateNormal.of()
        assert repr(family) == family.__name__ == "MultivariateNormal.of(covariance='diagonal')"
        assert MultivariateNormal.of().__name__ == "MultivariateNormal"
        assert [parameter.name for parameter in family.parameters] == ["mean", "covariance"]

    def test_maximum_is_the_mean_and_the_covariance_with_divisor_n(self):
        x = correlated(200, 3)
        solution = solve(x)
        np.testing.assert_allclose(solution.model.mean, x.mean(axis=0), rtol=1e-13)
        np.testing.assert_allclose(solution.model.covariance, np.cov(x.T, bias=True), rtol=1e-12)
        assert np.mean(solution.model.mahalanobis_squared(x)) == pytest.approx(3.0, rel=1e-12)

    @pytest.mark.parametrize("structure", STRUCTURES)
    @pytest.mark.parametrize("fixed", [*FIXED, {**FIXED[1], **FIXED[2]}])
    def test_value_is_the_log_likelihood_of_the_model(self, structure, fixed):
        x = correlated(60, 3)
        solution = solve(x, MultivariateNormal.of(covariance=structure), fixed)
        assert solution.value == pytest.approx(solution.model.logpdf(x).sum(), rel=1e-12)
        assert np.abs(solution.gradient).max(initial=0.0) < 1e-11
        assert len(solution.problem.names) == len(solution.phi)
        for name, value in fixed.items():
            np.testing.assert_array_equal(getattr(solution.model, name), value)

    def test_diagonal_and_spherical_maxima(self):
        x = correlated(80, 3)
        diagonal = solve(x, MultivariateNormal.of(covariance="diagonal")).model
        np.testing.assert_allclose(diagonal.covariance, np.diag(x.var(axis=0)), rtol=1e-12)
        spherical = solve(x, MultivariateNormal.of(covariance="spherical")).model
        np.testing.assert_allclose(spherical.covariance, x.var(axis=0).mean() * np.eye(3), rtol=1e-12)

    def test_fixed_mean_gives_the_scatter_about_it(self):
        x = correlated(80, 2)
        about = np.array([1.0, 2.0])
        expected = (x - about).T @ (x - about) / len(x)
        np.testing.assert_allclose(solve(x, fixed={"mean": about}).model.covariance, expected, rtol=1e-12)

    @pytest.mark.parametrize("structure", STRUCTURES)
    @pytest.mark.parametrize("fixed", FIXED)
    def test_derivatives_agree_with_finite_differences(self, structure, fixed):
        x = correlated(30, 3)
        solution = solve(x, MultivariateNormal.of(covariance=structure), fixed)
        problem, q = solution.problem, len(solution.phi)
        phi = solution.phi + 0.1 * np.random.default_rng(2).standard_normal((4, q))
        value, gradient, hessian = answer(problem.evaluate(phi), reducer(x))
        np.testing.assert_allclose(value, [problem.model(point).logpdf(x).sum() for point in phi], rtol=1e-11)
        jacobian = problem.jacobian(phi[0])
        for k, step in enumerate(1e-5 * np.eye(q)):
            above = answer(problem.evaluate(phi + step), reducer(x))
            below = answer(problem.evaluate(phi - step), reducer(x))
            np.testing.assert_allclose((above[0] - below[0]) / 2e-5, gradient[:, k], rtol=1e-6, atol=1e-5)
            np.testing.assert_allclose((above[1] - below[1]) / 2e-5, hessian[:, :, k], rtol=1e-6, atol=1e-5)
            slope = (problem.free_values(phi[0] + step) - problem.free_values(phi[0] - step)) / 2e-5
            np.testing.assert_allclose(slope, jacobian[:, k], rtol=1e-6, atol=1e-7)
        for i, name in enumerate(problem.names):
            parameter, slope, bend = problem.parameter_derivatives(i, phi[0])
            assert parameter == entry(problem.model(phi[0]), name)
            np.testing.assert_array_equal(slope, jacobian[i])
            assert not bend.any()

    @pytest.mark.parametrize("structure", STRUCTURES)
    @pytest.mark.parametrize("fixed", FIXED)
    def test_closed_forms_agree_with_the_hessian(self, structure, fixed):
        solution = solve(correlated(50, 3), MultivariateNormal.of(covariance=structure), fixed)
        problem, phi = solution.problem, solution.phi
        inverse = np.linalg.inv(-solution.hessian)
        jacobian = problem.jacobian(phi)
        np.testing.assert_allclose(problem.information_inverse(solution), inverse, rtol=1e-10, atol=1e-14)
        vector = np.random.default_rng(3).standard_normal(len(phi))
        np.testing.assert_allclose(problem.solve_information(solution, vector), inverse @ vector, rtol=1e-10)
        errors = np.sqrt(np.diagonal(jacobian @ inverse @ jacobian.T))
        np.testing.assert_allclose(problem.standard_errors(solution), errors, rtol=1e-11)

    def test_standard_errors_are_those_of_the_textbook(self):
        x = correlated(90, 2)
        sigma = np.cov(x.T, bias=True)
        solution = solve(x)
        assert solution.problem.names == (
            "mean[0]", "mean[1]", "covariance[0,0]", "covariance[0,1]", "covariance[1,1]",
        )  # fmt: skip
        expected = [sigma[0, 0], sigma[1, 1], 2 * sigma[0, 0] ** 2, sigma[0, 0] * sigma[1, 1] + sigma[0, 1] ** 2]
        expected = np.sqrt(np.array([*expected, 2 * sigma[1, 1] ** 2]) / 90)
        np.testing.assert_allclose(solution.problem.standard_errors(solution), expected, rtol=1e-12)

    def test_indefinite_points_have_no_likelihood(self):
        solution = solve(correlated(30, 2))
        points = np.tile(solution.phi, (3, 1))
        points[0, 2], points[1, 3] = -0.1, 1.5
        points[2, 0] = np.nan
        value, gradient, _ = answer(solution.problem.evaluate(points), reducer(correlated(30, 2)))
        assert (value == -np.inf).all()
        assert np.isnan(gradient[:2]).all()

    @pytest.mark.parametrize("structure", STRUCTURES)
    def test_weight_two_equals_the_row_twice(self, structure):
        x = correlated(40, 2)
        weights = np.where(np.arange(40) < 15, 2.0, 1.0)
        family = MultivariateNormal.of(covariance=structure)
        weighted, repeated = solve(x, family, weights=weights), solve(np.vstack([x, x[:15]]), family)
        assert weighted.value == pytest.approx(repeated.value, rel=1e-13)
        np.testing.assert_allclose(weighted.model.covariance, repeated.model.covariance, rtol=1e-12)
        np.testing.assert_allclose(weighted.hessian, repeated.hessian, rtol=1e-9, atol=1e-9)

    def test_fit_moves_with_an_affine_map_of_the_data(self):
        x, a = correlated(50, 2), np.array([[2.0, 1.0], [0.0, -3.0]])
        fitted, mapped = solve(x), solve(x @ a.T + [5.0, 6.0])
        expected = fitted.model.mapped(a, [5.0, 6.0])
        np.testing.assert_allclose(mapped.model.mean, expected.mean, rtol=1e-12)
        np.testing.assert_allclose(mapped.model.covariance, expected.covariance, rtol=1e-11)
        assert mapped.value == pytest.approx(fitted.value - 50 * np.log(6.0), rel=1e-12)

    def test_offset_of_a_billion_loses_nothing(self):
        x = np.round(correlated(500, 3), 2)
        x = x * 4.0 / 4.0
        near, far = solve(x), solve(x + 1e9)
        np.testing.assert_allclose(far.model.covariance, near.model.covariance, rtol=1e-5)
        np.testing.assert_allclose(far.model.mean - 1e9, near.model.mean, atol=2e-7)
        assert np.abs(far.gradient).max() < 1e-9

    def test_scales_far_apart_are_no_singularity(self):
        x = correlated(200, 3) * [1e-8, 1.0, 1e9]
        solution = solve(x)
        np.testing.assert_allclose(solution.model.covariance, np.cov(x.T, bias=True), rtol=1e-11)
        assert solution.problem.certificate(solution).status == "maximum"


def test_the_sufficient_statistic_is_the_scatter():
    assert MultivariateNormal.sufficient == MultivariateNormal.of(covariance="diagonal").sufficient == Scatter()


def entry(model, name):
    if name == "variance":
        return model.covariance[0, 0]
    field, _, indices = name.rstrip("]").partition("[")
    return getattr(model, field)[tuple(int(i) for i in indices.split(","))]


def conditional_quadrature(model, x):
    """Return P(X ≤ x) of three variables by quadrature over the third, with scipy's exact bivariate."""
    from scipy import integrate

    def slice_at(z):
        rest = model.conditional({2: z})
        pair = stats.multivariate_normal.cdf(x[:2], rest.mean, rest.covariance, abseps=1e-10, releps=1e-10)
        deviation = (z - model.mean[2]) / model.standard_deviation[2]
        return pair * np.exp(-0.5 * deviation**2) / (np.sqrt(2 * np.pi) * model.standard_deviation[2])

    lower = model.mean[2] + model.standard_deviation[2] * special.ndtri(1e-13)
    return integrate.quad(slice_at, lower, x[2], epsabs=1e-9)
