"""How Student's t of several variables is fitted, and which rows have no maximum."""

import numpy as np
import pytest

import suffice as sf
from suffice.distributions.multivariate_student_t_problem import MultivariateStudentTProblem
from suffice.distributions.multivariate_student_t_refusals import refuse_plane
from suffice.distributions.problem import answer
from suffice.errors import DataNeeded, NoMaximumError, NotAvailableError, ParameterError, ShapeError
from suffice.linalg import Covariance
from suffice.sources.block import Block

MATRIX = np.array([[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]])
MODEL = sf.MultivariateStudentT([1.0, -2.0, 0.5], MATRIX, 4.0)


@pytest.fixture(scope="module")
def rows():
    return MODEL.sample(400, rng=11)


@pytest.fixture(scope="module")
def fit(rows):
    return sf.fit(sf.MultivariateStudentT, rows)


class TestDerivatives:
    @pytest.mark.parametrize("df", [None, 3.0, np.inf])
    def test_agree_with_differences(self, df, rows):
        frame = Covariance.of(np.cov(rows.T))
        problem = MultivariateStudentTProblem(sf.MultivariateStudentT, rows.mean(axis=0), np.zeros(3), frame, df=df)
        s = np.array([0.8, 0.1, -0.05, 0.6, 0.07, 0.9])
        phi = np.concatenate([[0.1, -0.2, 0.05], s, [np.log(5.0)] if df is None else []])
        block = Block(rows, np.arange(400.0) % 3)

        def at(point):
            return answer(problem.evaluate(point[None, :]), lambda statistic: statistic.observe(block))

        _, gradient, hessian = (part[0] for part in at(phi))
        model = problem.model(phi)
        assert at(phi)[0][0] == pytest.approx(float(block.weights @ model.logpdf(rows)), rel=1e-13)
        for i in range(len(phi)):
            step = 1e-5 * np.eye(len(phi))[i]
            up, down = at(phi + step), at(phi - step)
            assert (up[0][0] - down[0][0]) / 2e-5 == pytest.approx(gradient[i], abs=1e-5)
            np.testing.assert_allclose((up[1][0] - down[1][0]) / 2e-5, hessian[i], atol=1e-5)

    def test_parameters_move_as_their_derivatives_say(self, fit):
        problem, phi = fit.solution.problem, fit.solution.phi
        for position in range(len(phi)):
            _, slope, bend = problem.parameter_derivatives(position, phi)
            for i in range(len(phi)):
                step = 1e-4 * np.eye(len(phi))[i]
                up, down = (problem.free_values(phi + sign * step)[position] for sign in (1, -1))
                assert (up - down) / 2e-4 == pytest.approx(slope[i], abs=1e-6)
                curve = (up + down - 2 * problem.free_values(phi)[position]) / 1e-8
                assert curve == pytest.approx(bend[i, i], abs=1e-5)


def expectation_maximization(x, df, steps=3000):
    """Return location and scale matrix by the plain iteration (Liu and Rubin 1995): slow, and independent of ours."""
    location, matrix = x.mean(axis=0), np.cov(x.T)
    for _ in range(steps):
        off = x - location
        pull = (df + x.shape[1]) / (df + (off @ np.linalg.inv(matrix) * off).sum(axis=1))
        location = pull @ x / pull.sum()
        off = x - location
        matrix = (off * pull[:, None]).T @ off / len(x)
    return location, matrix


class TestFit:
    def test_is_a_certified_maximum(self, fit, rows):
        assert fit.certificate.status == "maximum"
        assert fit.certificate.gain < 1e-15
        assert fit.log_likelihood == pytest.approx(fit.model.logpdf(rows).sum(), rel=1e-13)
        assert fit.free_parameters == 10
        assert list(fit.estimated)[-1] == "df"

    def test_is_where_expectation_and_maximization_stands_still(self, fit, rows):
        location, matrix = expectation_maximization(rows, fit.model.df)
        np.testing.assert_allclose(fit.model.location, location, rtol=1e-9)
        np.testing.assert_allclose(fit.model.scale_matrix, matrix, rtol=1e-8)
        again = sf.fit(sf.MultivariateStudentT, rows, fixed={"df": 2.5})
        location, matrix = expectation_maximization(rows, 2.5)
        np.testing.assert_allclose(again.model.scale_matrix, matrix, rtol=1e-8)

    @pytest.mark.parametrize(("df", "n"), [(0.8, 300), (4.0, 3000), (25.0, 500)])
    def test_of_one_column_is_student_t(self, df, n):
        x = sf.StudentT(10.0, 3.0, df).sample(n, rng=7)
        ours, other = sf.fit(sf.MultivariateStudentT, x[:, None]), sf.fit(sf.StudentT, x)
        assert ours.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-13)
        assert ours.model.location[0] == pytest.approx(other.model.location, rel=1e-9)
        assert ours.model.scale_matrix[0, 0] == pytest.approx(other.model.scale**2, rel=1e-8)
        assert ours.model.df == pytest.approx(other.model.df, rel=1e-8)
        for errors in ("standard_errors", "robust_standard_errors"):
            mine, theirs = (e() if callable(e := getattr(fit, errors)) else e for fit in (ours, other))
            assert mine["df"] == pytest.approx(theirs["df"], rel=1e-7)
            assert mine["location[0]"] == pytest.approx(theirs["location"], rel=1e-7)
            assert mine["scale_matrix[0,0]"] == pytest.approx(2 * other.model.scale * theirs["scale"], rel=1e-7)
        for name, theirs in (("df", "df"), ("location[0]", "location")):
            np.testing.assert_allclose(list(ours.interval(name)), list(other.interval(theirs)), rtol=1e-6)

    def test_moves_with_a_linear_map_of_the_rows(self, fit, rows):
        a, b = np.array([[2.0, 0.0, 0.0], [1.0, 1e3, 0.0], [0.0, 5.0, 1e-4]]), np.array([1e5, 0.0, -3.0])
        mapped = sf.fit(sf.MultivariateStudentT, rows @ a.T + b)
        assert mapped.model.df == pytest.approx(fit.model.df, rel=1e-8)
        expected = fit.model.mapped(a, b)
        np.testing.assert_allclose(mapped.model.location, expected.location, rtol=1e-8)
        np.testing.assert_allclose(mapped.model.scale_matrix, expected.scale_matrix, rtol=1e-7, atol=1e-9)

    def test_weight_two_equals_the_row_twice(self, rows):
        weights = np.arange(400) % 3
        once = sf.fit(sf.MultivariateStudentT, rows, weights=weights)
        twice = sf.fit(sf.MultivariateStudentT, np.repeat(rows, weights, axis=0))
        assert once.log_likelihood == pytest.approx(twice.log_likelihood, rel=1e-13)
        np.testing.assert_allclose(list(once.standard_errors.values()), list(twice.standard_errors.values()), rtol=1e-8)

    def test_rows_with_missing_values_are_dropped(self, rows):
        gaps = rows.copy()
        gaps[[3, 8], [0, 2]] = np.nan
        dropped = sf.fit(sf.MultivariateStudentT, gaps, missing="drop")
        complete = sf.fit(sf.MultivariateStudentT, np.delete(rows, [3, 8], axis=0))
        assert dropped.dropped == 2
        np.testing.assert_allclose(dropped.model.scale_matrix, complete.model.scale_matrix, rtol=1e-10)

    def test_more_rows_than_the_sample_holds(self):
        x = MODEL.sample(30_000, rng=2)
        large = sf.fit(sf.MultivariateStudentT, x)
        assert large.certificate.status == "maximum"
        errors = large.standard_errors
        for name, value in zip(errors, np.r_[MODEL.location, MATRIX[np.triu_indices(3)], 4.0], strict=True):
            assert abs(large.estimated[name] - value) < 5.0 * errors[name]

    @pytest.mark.parametrize("names", [("df",), ("location",), ("scale_matrix",), ("location", "df")])
    def test_fixed_parameters_stay(self, names, fit, rows):
        known = {"df": 4.0, "location": MODEL.location, "scale_matrix": MATRIX}
        part = sf.fit(sf.MultivariateStudentT, rows, fixed={name: known[name] for name in names})
        assert part.certificate.status == "maximum"
        assert part.log_likelihood <= fit.log_likelihood
        assert part.free_parameters == 10 - sum({"df": 1, "location": 3, "scale_matrix": 6}[name] for name in names)
        for name in names:
            np.testing.assert_allclose(getattr(part.model, name), known[name], rtol=1e-15)

    def test_everything_fixed_is_evaluated(self, rows):
        all_fixed = sf.fit(
            sf.MultivariateStudentT, rows, fixed={"df": 4.0, "location": MODEL.location, "scale_matrix": MATRIX}
        )
        assert all_fixed.log_likelihood == pytest.approx(MODEL.logpdf(rows).sum(), rel=1e-13)

    def test_infinite_df_is_the_fit_of_the_normal(self, rows):
        t = sf.fit(sf.MultivariateStudentT, rows, fixed={"df": np.inf})
        normal = sf.fit(sf.MultivariateNormal, rows)
        assert t.certificate.status == "maximum"
        assert t.log_likelihood == pytest.approx(normal.log_likelihood, rel=1e-13)
        np.testing.assert_allclose(list(t.standard_errors.values()), list(normal.standard_errors.values()), rtol=1e-9)

    def test_light_tails_end_at_the_normal(self):
        x = np.random.default_rng(3).uniform(size=(300, 2))
        limit = sf.fit(sf.MultivariateStudentT, x)
        assert limit.certificate.status == "no finite maximum"
        assert "still rises as df → ∞, where the family becomes MultivariateNormal" in limit.certificate.reason
        assert limit.log_likelihood == pytest.approx(sf.fit(sf.MultivariateNormal, x).log_likelihood, rel=1e-12)
        assert limit.model.df == np.inf
        assert limit.free_parameters == 6
        with pytest.raises(NotAvailableError, match="no standard errors"):
            _ = limit.standard_errors
        with pytest.raises(NotAvailableError, match=r"no interior maximum .*still rises as df → ∞"):
            limit.interval("df")

    def test_the_better_of_several_maxima_is_found(self):
        rng = np.random.default_rng(3)
        x = np.concatenate([rng.normal(size=(100, 2)) * 1e-2 + 3.0, rng.normal(size=(200, 2)) * 5.0])
        found = sf.fit(sf.MultivariateStudentT, x)
        assert found.certificate.status == "maximum"
        np.testing.assert_allclose(found.model.location, [3.0, 3.0], atol=0.01)
        broad = sf.MultivariateStudentT(*expectation_maximization(x, 40.0, steps=50), 40.0)
        assert found.log_likelihood > broad.logpdf(x).sum() + 100.0

    def test_a_few_huge_outliers_do_no_harm(self):
        x = np.random.default_rng(8).standard_cauchy((500, 3))
        x[0] = 1e12
        found = sf.fit(sf.MultivariateStudentT, x)
        assert found.certificate.status == "maximum"
        assert np.abs(found.model.location).max() < 1.0

    def test_robust_errors_are_near_the_others_where_the_family_is_right(self):
        x = MODEL.sample(20_000, rng=4)
        large = sf.fit(sf.MultivariateStudentT, x)
        ratio = np.array(list(large.robust_standard_errors().values())) / list(large.standard_errors.values())
        np.testing.assert_allclose(ratio, 1.0, atol=0.1)

    def test_bootstrap_intervals_are_near_the_profile(self, fit):
        profile = fit.interval("location[0]", method="profile")
        bootstrap = fit.interval("location[0]", method="bootstrap", replicates=60)
        width = profile.upper - profile.lower
        assert abs(bootstrap.lower - profile.lower) < 0.35 * width
        assert abs(bootstrap.upper - profile.upper) < 0.35 * width

    def test_resamples_that_go_normal_lie_at_infinite_df(self):
        x = sf.MultivariateStudentT([0.0, 0.0], np.eye(2), 25.0).sample(150, rng=1)
        fit = sf.fit(sf.MultivariateStudentT, x)
        replicates, note = fit.bootstrap(40, rng=2)
        assert np.isinf(replicates[:, -1]).any()
        assert "found no interior maximum" in note

    def test_a_summary_is_not_enough(self):
        with pytest.raises(DataNeeded, match="MultivariateStudentT has no sufficient statistic"):
            sf.summarize([[1.0, 2.0]], sf.MultivariateStudentT)


class TestRefusals:
    @pytest.fixture
    def heavy(self):
        return np.random.default_rng(3).standard_t(2, size=(200, 3))

    def test_too_few_rows(self):
        with pytest.raises(
            NoMaximumError, match=r"3 different rows do not determine the scale matrix of 2 columns: at least 4"
        ):
            sf.fit(sf.MultivariateStudentT, [[1.0, 2.0], [2.0, 1.0], [4.0, 3.0], [4.0, 3.0]])
        with pytest.raises(NoMaximumError, match="with df = 1: at least 6"):
            sf.fit(sf.MultivariateStudentT, np.random.default_rng(1).normal(size=(5, 4)), fixed={"df": 1.0})
        with pytest.raises(NoMaximumError, match=r"2 different rows .* of 2 columns: at least 3"):
            sf.fit(sf.MultivariateStudentT, [[1.0, 2.0], [2.0, 1.0]], fixed={"location": [0.0, 0.0]})

    @pytest.mark.parametrize("df", [0.5, 1.0, 3.0])
    def test_the_fewest_rows_that_are_taken_have_a_maximum(self, df):
        for d in (1, 2, 3):
            found = []
            for n in range(d + 1, 4 * d + 4):
                x = np.random.default_rng(n).normal(size=(n, d))
                try:
                    found.append(sf.fit(sf.MultivariateStudentT, x, fixed={"df": df}).certificate.status)
                except NoMaximumError:
                    assert not found
            assert set(found) == {"maximum"}

    def test_a_constant_column(self, heavy):
        heavy[:, 1] = 7.0
        with pytest.raises(NoMaximumError, match="column 'x1' is constant: every value is 7"):
            sf.fit(sf.MultivariateStudentT, heavy)

    @pytest.mark.parametrize("held", [150, 200])
    def test_a_plane_that_holds_most_rows(self, held, heavy):
        heavy[:held, 2] = heavy[:held, 0] + heavy[:held, 1]
        with pytest.raises(NoMaximumError, match=f"is 0 in {held // 2} % of the rows") as caught:
            sf.fit(sf.MultivariateStudentT, heavy)
        assert sorted(caught.value.columns) == ["x0", "x1", "x2"]

    def test_a_plane_that_many_rows_are_near(self):
        rng = np.random.default_rng(6)
        near = rng.normal(size=(60, 3))
        near[:45, 2] = near[:45, 0] + near[:45, 1] + 2.0 + 1e-5 * rng.normal(size=45)
        with pytest.raises(NoMaximumError, match=r"x2 - x\d - x\d is 2 to within .* in 75 % of the rows") as caught:
            refuse_plane(np.array([1.0, 1.0, -1.0]) + 1e-7, np.array([1.0, 1.0, 4.0]), near, ("x0", "x1", "x2"))
        assert caught.value.share == 0.75

    def test_a_value_repeated_in_most_rows(self, heavy):
        heavy[:150, 0] = 0.0
        with pytest.raises(NoMaximumError, match="column 'x0': x0 is 0 in 75 % of the rows"):
            sf.fit(sf.MultivariateStudentT, heavy)

    def test_a_row_that_comes_too_often(self, heavy):
        heavy[:40] = heavy[0]
        with pytest.raises(NoMaximumError, match="higher at the edge around rows that stand close together"):
            sf.fit(sf.MultivariateStudentT, heavy)

    def test_more_columns_than_have_a_hessian(self):
        with pytest.raises(ParameterError, match="of 31 columns has 528 free parameters"):
            sf.fit(sf.MultivariateStudentT, np.random.default_rng(1).normal(size=(100, 31)))

    def test_fixed_values_of_a_wrong_shape(self, rows):
        with pytest.raises(ShapeError, match="the fixed location must be 3 finite numbers"):
            sf.fit(sf.MultivariateStudentT, rows, fixed={"location": [1.0]})
        with pytest.raises(ShapeError, match="the fixed scale_matrix has 2 columns, the data have 3"):
            sf.fit(sf.MultivariateStudentT, rows, fixed={"scale_matrix": np.eye(2)})
        with pytest.raises(ParameterError, match="df must be a positive number"):
            sf.fit(sf.MultivariateStudentT, rows, fixed={"df": 0.0})
