import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from suffice.calculus import ProfilePath
from suffice.distributions.categorical import Categorical
from suffice.distributions.problem import answer
from suffice.errors import (
    DataError,
    NotAvailableError,
    OutsideSupportError,
    ParameterError,
    ShapeError,
)
from suffice.sources.block import Block
from suffice.statistics.wrappers import PoissonBootstrap, poisson_counts

Q95 = 3.841458820694124
GRADES = np.repeat([1.0, 2.0, 4.0, 7.0], [30, 110, 90, 70])


def reducer(x, weights=None):
    return lambda statistic: statistic.observe(Block(np.asarray(x, dtype=float)[:, None], weights))


def solve(x, family=Categorical, fixed=None, weights=None):
    return answer(family.plan(SimpleNamespace(column="grade"), fixed or {}), reducer(x, weights))


@pytest.fixture
def model():
    return Categorical([0.2, 0.5, 0.3, 0.0], [1, 2, 4, 5])


class TestModel:
    def test_mass_is_zero_outside_the_categories(self, model):
        np.testing.assert_array_equal(model.pmf([0, 1, 1.5, 2, 4, 5, 9]), [0, 0.2, 0, 0.5, 0.3, 0, 0])
        np.testing.assert_array_equal(model.logpmf([3, 5, -np.inf, np.inf]), -np.inf)
        assert model.logpmf(2) == np.log(0.5)
        assert np.isnan(model.pmf(np.nan))

    def test_cumulative_distribution_steps_at_the_categories(self, model):
        x = [0.9, 1, 1.9, 2, 3, 4, 5, 6]
        np.testing.assert_allclose(model.cdf(x), [0, 0.2, 0.2, 0.7, 0.7, 1, 1, 1], rtol=1e-15)
        np.testing.assert_allclose(model.ccdf(x), [1, 0.8, 0.8, 0.3, 0.3, 0, 0, 0], rtol=1e-15)
        np.testing.assert_allclose(np.exp(model.logcdf(x)), model.cdf(x), rtol=1e-15)

    def test_quantile_is_the_smallest_category_that_reaches_p(self, model):
        np.testing.assert_array_equal(model.icdf([0, 0.2, 0.2 + 1e-9, 0.7, 1]), [1, 1, 2, 2, 4])
        np.testing.assert_array_equal(model.iccdf([0, 0.3, 0.3 - 1e-9, 0.8, 1]), [4, 2, 4, 1, 1])
        assert np.isnan(model.icdf([np.nan])).all()
        with pytest.raises(ParameterError, match=r"between 0 and 1, not 1\.1"):
            model.icdf([0.5, 1.1])

    def test_quantile_inverts_the_cumulative_distribution(self):
        p = np.random.default_rng(0).dirichlet(np.full(50, 0.3))
        model = Categorical(p)
        occurs = p > 1e-12
        np.testing.assert_array_equal(model.icdf(model.cdf(model.categories))[occurs], model.categories[occurs])
        np.testing.assert_array_equal(model.iccdf(model.ccdf(model.categories))[occurs], model.categories[occurs])

    def test_categories_of_probability_zero_are_no_quantiles(self):
        model = Categorical([0.0, 0.5, 0.5, 0.0])
        np.testing.assert_array_equal(model.icdf([0, 1]), [1, 2])
        np.testing.assert_array_equal(model.iccdf([0, 1]), [2, 1])

    def test_moments_agree_with_scipy(self, model):
        reference = stats.rv_discrete(values=(model.categories, model.probabilities))
        expected = reference.stats(moments="mvsk")
        moments = [model.mean, model.variance, model.skewness, model.kurtosis]
        np.testing.assert_allclose(moments, expected, rtol=1e-12)
        assert model.entropy == pytest.approx(reference.entropy(), rel=1e-13)
        assert model.mode == 2.0
        assert model.standard_deviation == pytest.approx(np.sqrt(model.variance))

    def test_one_category_has_no_shape(self):
        model = Categorical([1.0], [3])
        assert (model.mean, model.variance, model.entropy) == (3.0, 0.0, 0.0)
        assert np.isnan([model.skewness, model.kurtosis]).all()

    def test_samples_have_the_shares_and_follow_the_seed(self, model):
        x = model.sample(100_000, rng=3)
        np.testing.assert_array_equal(x[:5], model.sample(100_000, rng=3)[:5])
        np.testing.assert_allclose([(x == c).mean() for c in model.categories], model.probabilities, atol=0.008)

    def test_is_a_frozen_value(self, model):
        again = pickle.loads(pickle.dumps(model))
        assert again == model
        assert hash(again) == hash(model)
        assert model != Categorical([0.2, 0.5, 0.3, 0.0])
        assert model != "model"
        for array in (again.probabilities, again.categories):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1.0

    def test_prints_variables_and_parameters_apart(self, model):
        assert repr(model) == "Categorical(probabilities=[0.2, 0.5, 0.3, 0], categories=[1, 2, 4, 5])"
        assert str(model).startswith("p(x; probabilities): Categorical with probabilities = [0.2, 0.5")
        assert "…" in repr(Categorical(np.full(100, 0.01)))

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (([0.2, 0.9],), ParameterError, "sum to 1.1; divide them by their sum"),
            (([-0.5, 1.5],), ParameterError, r"probabilities\[0\] is -0.5"),
            (([np.nan, 1.0],), ParameterError, r"probabilities\[0\] is nan"),
            (([[1.0]],), ShapeError, r"\(1, 1\)"),
            (([],), ShapeError, r"\(0,\)"),
            (([0.5, 0.5], [2, 1]), ParameterError, "distinct and ascend"),
            (([0.5, 0.5], [1, 1]), ParameterError, "distinct and ascend"),
            (([0.5, 0.5], [1, np.inf]), ParameterError, "finite"),
            (([0.5, 0.5], ["a", "b"]), ParameterError, "categories must be numbers"),
            (([1.0], [1, 2]), ShapeError, "1 probabilities but 2 categories"),
        ],
    )
    def test_messages(self, arguments, error, message):
        with pytest.raises(error, match=message):
            Categorical(*arguments)

    def test_a_density_is_refused(self, model):
        with pytest.raises(NotAvailableError, match="pmf"):
            model.pdf(1)


class TestFamily:
    def test_options_bind_in_a_value(self):
        family = Categorical.of(categories=[3, 1, 2])
        assert repr(family) == "Categorical.of(categories=[1, 2, 3])"
        assert family == pickle.loads(pickle.dumps(family)) == Categorical.of(categories=(1, 2, 3))
        assert hash(family) == hash(Categorical.of(categories=(1, 2, 3)))
        assert family.__name__ == "Categorical"
        assert family.support.describe() == "the categories 1, 2, 3"
        assert family.support.contains(np.array([1, 1.5, 3])).tolist() == [True, False, True]
        with pytest.raises(ParameterError, match="distinct"):
            Categorical.of(categories=[1, 1])
        with pytest.raises(ShapeError, match="k ≥ 1"):
            Categorical.of(categories=[])

    def test_maximum_is_the_shares(self):
        solution = solve(GRADES)
        np.testing.assert_array_equal(solution.model.categories, [1, 2, 4, 7])
        np.testing.assert_allclose(solution.model.probabilities, np.array([30, 110, 90, 70]) / 300, rtol=1e-14)
        assert solution.value == pytest.approx(solution.model.logpmf(GRADES).sum(), rel=1e-13)
        assert solution.reason == ""
        assert len(solution.phi) == solution.problem.estimated({}) == 3
        certificate = solution.problem.certificate(solution)
        assert (certificate.status, certificate.scope) == ("maximum", "global")

    def test_derivatives_agree_with_finite_differences(self):
        solution = solve(GRADES)
        problem = solution.problem
        phi = solution.phi + 0.4 * np.random.default_rng(1).standard_normal((5, 3))
        value, gradient, hessian = answer(problem.evaluate(phi), reducer(GRADES))
        np.testing.assert_allclose(value, [problem.model(p).logpmf(GRADES).sum() for p in phi], rtol=1e-12)
        for k, step in enumerate(1e-5 * np.eye(3)):
            above = answer(problem.evaluate(phi + step), reducer(GRADES))
            below = answer(problem.evaluate(phi - step), reducer(GRADES))
            np.testing.assert_allclose((above[0] - below[0]) / 2e-5, gradient[:, k], rtol=1e-6, atol=1e-6)
            np.testing.assert_allclose((above[1] - below[1]) / 2e-5, hessian[:, :, k], rtol=1e-6, atol=1e-6)
            up, down = problem.free_values(phi[0] + step), problem.free_values(phi[0] - step)
            np.testing.assert_allclose((up - down) / 2e-5, problem.jacobian(phi[0])[:, k], atol=1e-9)
            for i in range(4):
                here = problem.parameter_derivatives(i, phi[0])
                assert here[0] == problem.free_values(phi[0])[i]
                np.testing.assert_allclose(here[1], problem.jacobian(phi[0])[i], rtol=1e-12)
                slopes = [problem.parameter_derivatives(i, phi[0] + s)[1] for s in (step, -step)]
                np.testing.assert_allclose((slopes[0] - slopes[1]) / 2e-5, here[2][:, k], atol=1e-9)

    def test_standard_errors_are_binomial_for_every_probability(self):
        solution = solve(GRADES)
        problem, phi, p = solution.problem, solution.phi, solution.model.probabilities
        assert problem.names == tuple(f"probabilities[{i}]" for i in range(4))
        assert problem.coordinate_names[0] == "log(probabilities[0]/probabilities[1])"
        inverse = np.linalg.inv(-solution.hessian)
        np.testing.assert_allclose(problem.information_inverse(solution), inverse, rtol=1e-12)
        vector = np.array([1.0, -2.0, 0.3])
        np.testing.assert_allclose(problem.solve_information(solution, vector), inverse @ vector, rtol=1e-11)
        covariance = problem.jacobian(phi) @ inverse @ problem.jacobian(phi).T
        np.testing.assert_allclose(covariance, (np.diag(p) - np.outer(p, p)) / 300, rtol=1e-11, atol=1e-16)
        np.testing.assert_allclose(problem.standard_errors(solution), np.sqrt(p * (1 - p) / 300), rtol=1e-13)

    def test_weight_two_equals_the_row_twice(self):
        x = np.array([1.0, 1, 2, 5, 5, 5, 9])
        weights = np.array([2.0, 1, 1, 2, 1, 1, 0])
        weighted, repeated = solve(x, weights=weights), solve([1, 1, 1, 2, 5, 5, 5, 5])
        assert weighted.model == repeated.model
        assert weighted.value == repeated.value

    def test_row_of_weight_zero_makes_no_category(self):
        assert solve([1.0, 2.0, 8.0], weights=np.array([1.0, 1.0, 0.0])).model == Categorical([0.5, 0.5], [1, 2])

    def test_relabelling_the_categories_leaves_the_shares(self):
        one, two = solve(GRADES), solve(GRADES * 2 + 1)
        np.testing.assert_array_equal(one.model.probabilities, two.model.probabilities)
        assert one.value == two.value

    def test_fixed_probabilities(self):
        p = [0.1, 0.4, 0.3, 0.2]
        solution = solve(GRADES, fixed={"probabilities": p})
        assert solution.model == Categorical(p, [1, 2, 4, 7])
        assert solution.value == pytest.approx(solution.model.logpmf(GRADES).sum(), rel=1e-13)
        assert len(solution.phi) == len(solution.problem.names) == solution.problem.estimated({"probabilities": p}) == 0
        np.testing.assert_array_equal(solution.problem.theta(solution.phi), p)
        assert solution.problem.information_inverse(solution).shape == (0, 0)
        with pytest.raises(OutsideSupportError, match="value 7 occurs, but its fixed probability is 0"):
            solve(GRADES, fixed={"probabilities": [0.3, 0.3, 0.4, 0.0]})
        with pytest.raises(ParameterError, match="probabilities, not 'p'"):
            solve(GRADES, fixed={"p": 0.5})

    def test_profile_interval_is_the_binomial_one(self):
        solution = solve(GRADES)
        problem = solution.problem
        path = ProfilePath.start(np.tile(solution.phi, (2, 1)), sign=[-1, 1], quantile=Q95)
        while not path.done:
            told = answer(problem.evaluate(path.points), reducer(GRADES))
            target = [problem.parameter_derivatives(1, point) for point in path.points]
            path = path.tell(*told, *[np.array(part) for part in zip(*target, strict=True)])
        assert path.converged.all()
        share = 110 / 300
        for end in path.ends:
            drop = 110 * np.log(share / end) + 190 * np.log((1 - share) / (1 - end))
            assert 2 * drop == pytest.approx(Q95, rel=1e-6)


class TestBoundary:
    def test_category_never_observed_is_on_the_boundary(self):
        solution = solve(GRADES, Categorical.of(categories=[1, 2, 4, 7, 9]))
        assert solution.model.probabilities[4] == 0.0
        assert solution.reason == "category 9 was never observed: its probability is 0, on the boundary"
        problem = solution.problem
        assert problem.names == tuple(f"probabilities[{i}]" for i in range(4))
        assert problem.estimated({}) == 4
        assert len(solution.phi) == 3
        certificate = problem.certificate(solution)
        assert (certificate.status, certificate.reason) == ("boundary", solution.reason)
        np.testing.assert_array_equal(
            problem.standard_errors(solution), solve(GRADES).problem.standard_errors(solution)
        )

    def test_several_categories_never_observed(self):
        solution = solve([5, 6], Categorical.of(categories=[1, 2, 5, 6]))
        assert "the categories 1, 2 were never observed" in solution.reason
        assert solution.problem.names == ("probabilities[2]", "probabilities[3]")
        np.testing.assert_array_equal(solution.model.probabilities, [0, 0, 0.5, 0.5])

    @pytest.mark.parametrize("family", [Categorical, Categorical.of(categories=[2, 3])])
    def test_one_value_has_probability_one(self, family):
        solution = solve([3, 3, 3], family)
        assert solution.model.pmf(3) == 1.0
        assert solution.value == 0.0
        assert "every value is 3: its probability is 1" in solution.reason
        assert solution.problem.names == ()
        assert solution.problem.jacobian(solution.phi).shape == (0, 0)
        assert solution.problem.certificate(solution).status == "boundary"


class TestRefusals:
    def test_value_outside_the_bound_categories_is_named(self):
        with pytest.raises(OutsideSupportError, match=r"'grade' has the value 7 \(total weight 70\).*1, 2, 4; add"):
            solve(GRADES, Categorical.of(categories=[1, 2, 4]))

    def test_too_many_values_name_the_remedy(self):
        with pytest.raises(DataError, match=r"more than 65,536 distinct values.*Normal, or round"):
            solve(np.random.default_rng(0).random(70_000))

    @pytest.mark.parametrize(("x", "message"), [([], "no row with a positive weight"), ([1, np.inf], "infinite")])
    def test_unusable_data(self, x, message):
        with pytest.raises(DataError, match=message):
            solve(x)


class TestManyCategories:
    def test_many_categories_need_no_hessian(self):
        x = np.random.default_rng(0).integers(0, 3000, 100_000)
        solution = solve(x)
        problem, p = solution.problem, solution.model.probabilities
        assert solution.hessian is None
        np.testing.assert_allclose(problem.standard_errors(solution), np.sqrt(p * (1 - p) / 1e5), rtol=1e-12)
        assert problem.certificate(solution).status == "maximum"
        with pytest.raises(NotAvailableError, match="2,999 free parameters"):
            answer(problem.evaluate(solution.phi[None]), reducer(x))

    def test_closed_form_certificate_agrees_with_the_full_one(self, monkeypatch):
        full = solve(GRADES)
        monkeypatch.setattr("suffice.distributions.shares_problem.MOST_COORDINATES", 0)
        closed = solve(GRADES)
        assert closed.hessian is None
        one, two = full.problem.certificate(full), closed.problem.certificate(closed)
        assert (one.status, one.scope) == (two.status, two.scope)
        assert one.eigenvalues[0] == pytest.approx(two.eigenvalues[0], rel=1e-10)
        assert (one.eigenvalues <= two.eigenvalues * (1 + 1e-10)).all()

    def test_an_enormous_inverse_is_refused(self):
        solution = solve(np.arange(4000))
        with pytest.raises(NotAvailableError, match="use standard_errors"):
            solution.problem.information_inverse(solution)


class TestBootstrap:
    def test_replicates_together_equal_one_by_one(self):
        replicates = 6
        solution = solve(GRADES)
        problem = solution.problem.wrapped(lambda s: PoissonBootstrap(4, replicates, s))
        points = answer(problem.maximum(), reducer(GRADES))
        value, gradient, _ = answer(problem.evaluate(points), reducer(GRADES))
        assert np.abs(gradient).max() < 1e-11
        for i, weights in enumerate(poisson_counts(4, 0, 0, replicates, 0, len(GRADES))):
            alone = solve(GRADES, weights=weights)
            assert value[i] == pytest.approx(alone.value, rel=1e-13)
            np.testing.assert_allclose(problem.theta(points[i]), alone.model.probabilities, rtol=1e-13)

    def test_category_absent_from_a_replicate_has_probability_zero(self):
        x = [1, 2, 2, 2, 3]
        problem = solve(x).problem.wrapped(lambda s: PoissonBootstrap(1, 50, s))
        points = answer(problem.maximum(), reducer(x))
        value, _, _ = answer(problem.evaluate(points), reducer(x))
        for i, weights in enumerate(poisson_counts(1, 0, 0, 50, 0, 5)):
            if weights[1:4].sum() == 0:
                assert np.isnan(points[i]).all()
                continue
            shares = np.array([weights[0], weights[1:4].sum(), weights[4]]) / weights.sum()
            np.testing.assert_allclose(problem.theta(points[i]), shares, rtol=1e-13)
            used = shares > 0
            assert value[i] == pytest.approx(weights.sum() * (shares[used] @ np.log(shares[used])), abs=1e-12)
