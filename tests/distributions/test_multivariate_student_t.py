"""Student's t of several variables: the density, and what follows from it."""

import mpmath
import numpy as np
import pytest
from scipy import integrate, stats

import suffice as sf
from suffice.distributions.student_t_constant import log_gamma_ratio, log_gamma_ratio_derivatives
from suffice.errors import NotAvailableError, ParameterError, ShapeError
from suffice.linalg import Covariance

MATRIX = np.array([[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]])
MODEL = sf.MultivariateStudentT([1.0, -2.0, 0.5], MATRIX, 4.0)


@pytest.fixture(scope="module")
def rows():
    return MODEL.sample(400, rng=11)


class TestDensity:
    @pytest.mark.parametrize("df", [0.3, 1.0, 7.5, 300.0])
    @pytest.mark.parametrize("d", [1, 2, 3])
    def test_agrees_with_scipy(self, d, df, rows):
        model = sf.MultivariateStudentT(MODEL.location[:d], MATRIX[:d, :d], df)
        expected = stats.multivariate_t(MODEL.location[:d], MATRIX[:d, :d], df).logpdf(rows[:, :d])
        np.testing.assert_allclose(model.logpdf(rows[:, :d]), expected, rtol=1e-12)
        np.testing.assert_allclose(model.pdf(rows[:, :d]), np.exp(expected), rtol=1e-12)

    @pytest.mark.parametrize(("d", "df", "q"), [(2, 1e9, 3.0), (3, 1e9, 3.0), (4, 55.0, 1e-8), (3, 0.01, 1e30)])
    def test_has_the_digits_of_fifty(self, d, df, q):
        x = np.zeros(d)
        x[0] = np.sqrt(q)
        with mpmath.workdps(50):
            v, r = mpmath.mpf(df), mpmath.mpf(float(x[0])) ** 2
            exact = (
                mpmath.loggamma((v + d) / 2)
                - mpmath.loggamma(v / 2)
                - d * mpmath.log(v * mpmath.pi) / 2
                - (v + d) / 2 * mpmath.log1p(r / v)
            )
        assert sf.MultivariateStudentT(np.zeros(d), np.eye(d), df).logpdf(x) == pytest.approx(float(exact), rel=1e-14)

    @pytest.mark.parametrize("d", [1, 2, 3, 6])
    @pytest.mark.parametrize("df", [0.2, 30.0, 80.0, 1e7])
    def test_its_constant_and_the_derivatives_have_the_digits_of_fifty(self, d, df):
        def constant(v):
            return mpmath.loggamma((v + d) / 2) - mpmath.loggamma(v / 2) - mpmath.mpf(d) / 2 * mpmath.log(v / 2)

        with mpmath.workdps(60):
            exact = [float(mpmath.diff(constant, mpmath.mpf(df), order)) for order in range(3)]
        found = [log_gamma_ratio(df, d), *log_gamma_ratio_derivatives(df, d)]
        np.testing.assert_allclose(found, exact, rtol=1e-10, atol=1e-28)

    def test_is_the_power_law_where_the_distance_overflows(self):
        model = sf.MultivariateStudentT([0.0, 0.0], np.eye(2), 3.0)
        expected = model.logpdf([1e150, 1e150]) - 5.0 * 50.0 * np.log(10.0)
        assert model.logpdf([1e200, 1e200]) == pytest.approx(expected, rel=1e-14)
        np.testing.assert_allclose(model.logpdf([[1e200, 1e200], [0.0, 0.0]])[1], model.logpdf([0.0, 0.0]))
        assert model.logpdf([np.inf, 0.0]) == -np.inf

    def test_at_infinite_df_is_the_normal(self, rows):
        t, normal = (
            sf.MultivariateStudentT(MODEL.location, MATRIX, np.inf),
            sf.MultivariateNormal(MODEL.location, MATRIX),
        )
        np.testing.assert_allclose(t.logpdf(rows), normal.logpdf(rows), rtol=1e-14)
        assert t.entropy == pytest.approx(normal.entropy, rel=1e-14)
        np.testing.assert_array_equal(t.covariance, normal.covariance)
        assert t.probability_within(1.3) == pytest.approx(normal.probability_within(1.3), rel=1e-13)
        assert t.conditional({0: 2.0}).df == np.inf

    def test_entropy_agrees_with_scipy(self):
        for df in (0.7, 4.0, 60.0):
            expected = stats.multivariate_t(MODEL.location, MATRIX, df).entropy()
            assert sf.MultivariateStudentT(MODEL.location, MATRIX, df).entropy == pytest.approx(
                float(expected), rel=1e-10
            )


class TestParts:
    def test_the_joint_density_is_marginal_times_conditional(self, rows):
        given = {2: 0.7, 0: -1.4}
        x = np.array([-1.4, 0.3, 0.7])
        joint = MODEL.logpdf(x)
        assert MODEL.conditional(given).logpdf(x[[1]]) + MODEL.marginal([2, 0]).logpdf(x[[2, 0]]) == pytest.approx(
            joint, rel=1e-13
        )
        assert MODEL.conditional({1: 0.3}).logpdf(x[[0, 2]]) + MODEL.marginal(1).logpdf(x[[1]]) == pytest.approx(
            joint, rel=1e-13
        )

    def test_a_marginal_is_the_integral_over_the_others(self):
        pair = MODEL.marginal([0, 1])
        integral = integrate.quad(lambda y: pair.pdf([2.0, y]), -np.inf, np.inf)[0]
        assert MODEL.marginal(0).pdf([2.0]) == pytest.approx(integral, rel=1e-8)

    def test_one_variable_is_student_t(self):
        one, same = MODEL.marginal(0), sf.StudentT(1.0, np.sqrt(2.0), 4.0)
        x = np.array([-30.0, 0.0, 2.5])
        np.testing.assert_allclose(one.logpdf(x[:, None]), same.logpdf(x), rtol=1e-13)
        np.testing.assert_allclose(one.cdf(x[:, None]), same.cdf(x), rtol=1e-14)
        with pytest.raises(NotAvailableError, match="cumulative distribution of a multivariate t is not available"):
            MODEL.cdf([0.0, 0.0, 0.0])

    def test_a_diagonal_matrix_keeps_its_structure(self):
        model = sf.MultivariateStudentT([0.0, 0.0], Covariance.diagonal([1.0, 4.0]), 3.0)
        dense = sf.MultivariateStudentT([0.0, 0.0], np.diag([1.0, 4.0]), 3.0)
        assert type(model.conditional({0: 2.0}).factored) is type(model.factored)
        np.testing.assert_allclose(
            model.conditional({0: 2.0}).scale_matrix, dense.conditional({0: 2.0}).scale_matrix, rtol=1e-15
        )

    def test_distances_have_the_f_distribution(self):
        k = np.array([0.0, 0.3, 2.0, 40.0])
        expected = stats.f.cdf(k**2 / 3, 3, 4.0)
        np.testing.assert_allclose(MODEL.probability_within(k), expected, rtol=1e-12)
        p = np.array([0.0, 1e-9, 0.5, 0.999999])
        np.testing.assert_allclose(MODEL.probability_within(MODEL.distance_containing(p)), p, rtol=1e-12)
        assert MODEL.distance_containing(1.0) == np.inf

    def test_moments_are_those_of_draws(self):
        model = sf.MultivariateStudentT(MODEL.location, MATRIX, 12.0)
        draws = model.sample((200, 1000), rng=5)
        assert draws.shape == (200, 1000, 3)
        flat = draws.reshape(-1, 3)
        np.testing.assert_allclose(flat.mean(axis=0), model.mean, atol=5 * np.sqrt(model.variance.max() / 2e5))
        np.testing.assert_allclose(np.cov(flat.T), model.covariance, atol=0.05)
        share = np.mean(model.mahalanobis(flat) <= 1.5)
        assert share == pytest.approx(model.probability_within(1.5), abs=5 * np.sqrt(0.25 / 2e5))

    def test_moments_that_do_not_exist_are_not_numbers(self):
        between, heavy = (sf.MultivariateStudentT([0.0, 1.0], np.eye(2), df) for df in (1.5, 1.0))
        np.testing.assert_array_equal(between.mean, [0.0, 1.0])
        assert np.isinf(between.variance).all()
        assert np.isnan(between.covariance).all()
        assert np.isnan(heavy.mean).all()
        assert np.isnan(heavy.variance).all()

    def test_a_linear_map_of_draws_is_a_draw_of_the_map(self, rows):
        a, b = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]), np.array([3.0, 4.0])
        mapped = MODEL.mapped(a, b)
        np.testing.assert_allclose(mapped.location, a @ MODEL.location + b)
        np.testing.assert_allclose(mapped.scale_matrix, a @ MATRIX @ a.T)
        assert mapped.df == 4.0

    def test_is_a_value(self):
        same = sf.MultivariateStudentT(MODEL.location, MATRIX, 4)
        assert same == MODEL
        assert hash(same) == hash(MODEL)
        assert same != sf.MultivariateStudentT(MODEL.location, MATRIX, 5)
        with pytest.raises(ParameterError, match="df must be a positive number, not -1"):
            sf.MultivariateStudentT([0.0], [[1.0]], -1)
        with pytest.raises(ShapeError, match=r"location must have shape \(1,\), one entry for each row of the scale"):
            sf.MultivariateStudentT([0.0, 1.0], [[1.0]], 2)
        with pytest.raises(AttributeError, match="it is called sample here"):
            MODEL.rvs()
