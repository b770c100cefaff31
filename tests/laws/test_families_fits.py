"""What fitting a family must do when the data are moved, weighted, permuted or degenerate."""

from functools import partial

import numpy as np
import pytest
from catalogue import UNIVARIATE, fitted, name_of

from suffice.distributions.cauchy import Cauchy
from suffice.distributions.exponential import Exponential
from suffice.distributions.gamma import Gamma
from suffice.distributions.generalized_extreme_value import GeneralizedExtremeValue
from suffice.distributions.gumbel import Gumbel
from suffice.distributions.log_normal import LogNormal
from suffice.distributions.logistic import Logistic
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.normal import Normal
from suffice.distributions.plan import Look, answer, plan
from suffice.distributions.poisson import Poisson
from suffice.distributions.student_t import StudentT
from suffice.distributions.weibull import Weibull
from suffice.errors import NoMaximumError
from suffice.sources.block import Block
from suffice.statistics.tally import Tally

every_family = pytest.mark.parametrize("row", UNIVARIATE, ids=name_of)


def theta(solution):
    return np.array(solution.model.theta)


def test_every_family_ends_at_an_interior_maximum_near_the_truth():
    for row in UNIVARIATE:
        solution = fitted(row.family, row.sample(2000))
        assert (solution.status, solution.reason) == ("", "")
        assert np.abs(solution.gradient).max() < 1e-6
        assert np.linalg.eigvalsh(-solution.hessian)[0] > 0
        assert theta(solution) == pytest.approx(row.typical.theta, rel=0.25)


@every_family
def test_scaling_the_data_scales_the_model(row):
    if row.scaled is None:
        pytest.skip("not closed under scaling")
    x = row.sample()
    small, large = fitted(row.family, x), fitted(row.family, 4 * x)
    assert theta(large) == pytest.approx(row.scaled(*small.model.theta), rel=1e-9)
    assert large.value == pytest.approx(small.value - len(x) * np.log(4), rel=1e-12)


@every_family
@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20])
def test_units_do_not_matter(row, factor):
    if row.scaled is None or row.family is LogNormal:
        pytest.skip("not closed under scaling by its roles")
    x = row.sample()
    here, there = fitted(row.family, x), fitted(row.family, factor * x)
    moved = [p.restored(t, 0.0, factor) for p, t in zip(row.family.parameters, here.model.theta, strict=True)]
    assert theta(there) == pytest.approx(moved, rel=1e-9)


@every_family
def test_shifting_the_data_shifts_the_model(row):
    if row.shifted is None:
        pytest.skip("not closed under shifts")
    x = np.round(row.sample() * 1024) / 1024
    here, there = fitted(row.family, x), fitted(row.family, x + 8)
    assert theta(there) == pytest.approx(row.shifted(*here.model.theta), rel=1e-9)
    assert there.value == pytest.approx(here.value, rel=1e-12)


@every_family
def test_weight_two_equals_the_row_twice(row):
    x = row.sample(100)
    twice = np.concatenate([x, x[:40]])
    weights = np.where(np.arange(100) < 40, 2.0, 1.0)
    once = fitted(row.family, x, weights)
    assert theta(once) == pytest.approx(theta(fitted(row.family, twice)), rel=1e-8)
    assert once.value == pytest.approx(fitted(row.family, twice).value, rel=1e-12)


@every_family
def test_a_row_of_weight_zero_does_not_count(row):
    x = row.sample(100)
    padded = np.concatenate([x, row.sample(5, seed=9)])
    weights = np.concatenate([np.ones(100), np.zeros(5)])
    assert theta(fitted(row.family, padded, weights)) == pytest.approx(theta(fitted(row.family, x)), rel=1e-8)


@every_family
def test_the_order_of_the_rows_does_not_matter(row):
    x = row.sample(200)
    other = np.random.default_rng(2).permutation(x)
    assert theta(fitted(row.family, x)) == pytest.approx(theta(fitted(row.family, other)), rel=1e-8)


@every_family
def test_fixed_parameters_stay(row):
    x = row.sample(200)
    bound = len(getattr(row.family, "bound", ()))
    for i, parameter in enumerate(row.family.parameters):
        if not parameter.estimated:
            continue
        value = row.typical.theta[i]
        solution = fitted(row.family, x, fixed={parameter.name: value})
        assert solution.model.theta[i] == pytest.approx(value, rel=1e-15)
        assert solution.value <= fitted(row.family, x).value + 1e-9
        assert len(solution.phi) == len(row.family.parameters) - bound - 1


@pytest.mark.parametrize(
    "family", [Normal, LogNormal, Gamma, Weibull, StudentT, Gumbel, Logistic, Cauchy, GeneralizedExtremeValue]
)
def test_constant_data_have_no_maximum(family):
    with pytest.raises(NoMaximumError, match=r"column 'x' is constant: every value is 2.5, .* fix .* with fixed="):
        fitted(family, [2.5, 2.5, 2.5])


def test_an_exponential_needs_one_value_that_is_not_zero():
    assert fitted(Exponential, [4.0]).model.rate == pytest.approx(0.25)
    assert fitted(Exponential, [0.0, 0.0, 3.0]).model.rate == pytest.approx(1.0)
    with pytest.raises(NoMaximumError, match=r"every value is 0, .* grows without end as rate"):
        fitted(Exponential, [0.0, 0.0])


def test_constant_data_are_fine_where_a_fixed_parameter_keeps_the_likelihood_bounded():
    assert fitted(Normal, [3.0, 3.0], fixed={"mu": 1.0}).model.sigma == pytest.approx(2.0)
    assert fitted(Gamma, [2.0, 2.0], fixed={"shape": 3.0}).model.rate == pytest.approx(1.5)
    shape = fitted(Gamma, [2.0, 2.0], fixed={"rate": 1.0}).model.shape
    assert Gamma._derivatives(2.0, shape, 1.0)[0][0] == pytest.approx(0.0, abs=1e-9)


def test_all_zeros_put_a_mean_on_its_bound():
    solution = fitted(Poisson, [0, 0, 0])
    assert (solution.model, solution.value) == (Poisson(0), 0.0)
    assert solution.reason == "every value is 0, and the likelihood is highest at the bound mean = 0"
    solution = fitted(NegativeBinomial, [0, 0, 0])
    assert solution.model.mean == 0.0
    assert solution.reason.endswith("mean = 0; nothing is known of size")
    assert fitted(NegativeBinomial, [0, 0], fixed={"size": 2.0}).model == NegativeBinomial(0, 2.0)


@pytest.mark.parametrize("x", [[1, 2, 3, 4], [0, 2], [3, 3], [5], [10, 11, 9, 10, 12]])
def test_data_without_overdispersion_lead_to_the_poisson(x):
    solution = fitted(NegativeBinomial, x)
    assert solution.model.size == np.inf
    assert solution.model.mean == pytest.approx(np.mean(x), rel=1e-14)
    assert solution.reason == "the likelihood still rises as size → ∞, where the family becomes Poisson"
    assert solution.value == pytest.approx(fitted(Poisson, x).value, rel=1e-14)


@pytest.mark.parametrize("excess", [1.0, 1e-1, 1e-2, 1e-3, 1e-4])
def test_the_smallest_overdispersion_gives_an_interior_maximum(excess):
    # 0 and 2 with equal weights have variance = mean exactly; a few threes exceed it.
    solution = fitted(NegativeBinomial, [0.0, 2.0, 3.0], [500.0, 500.0, 100.0 * excess])
    assert solution.reason == ""
    assert np.isfinite(solution.model.size)
    mean = solution.model.mean
    assert np.abs(solution.gradient).max() < 1e-9
    assert mean == pytest.approx(np.average([0, 2, 3], weights=[500, 500, 100 * excess]), rel=1e-12)
    assert np.linalg.eigvalsh(-solution.hessian)[0] > 0


def test_an_overdispersion_below_rounding_is_said_to_be_no_more_than_the_poisson():
    solution = fitted(NegativeBinomial, [0.0, 2.0, 3.0], [500.0, 500.0, 1e-6])
    assert solution.model.size == np.inf
    assert solution.reason.startswith("no likelihood exceeds, by more than rounding, that at size → ∞")


def test_normal_data_lead_student_to_the_normal():
    x = np.random.default_rng(4).uniform(-1, 1, 400)
    solution = fitted(StudentT, x)
    assert solution.model.df == np.inf
    assert solution.model.scale == pytest.approx(x.std(), rel=1e-9)
    assert solution.reason.endswith("becomes Normal")


def test_counts_with_too_many_distinct_values_are_fitted_by_passes(monkeypatch):
    x = NegativeBinomial(50, 2.0).sample(3000, rng=1)
    for family in (Poisson, NegativeBinomial):
        expected = theta(fitted(family, x))
        monkeypatch.setattr(family, "sufficient", Tally(capacity=10))
        assert theta(fitted(family, x)) == pytest.approx(expected, rel=1e-8)


@every_family
def test_a_summary_alone_is_enough_where_there_is_a_sufficient_statistic(row):
    if row.family.sufficient is None:
        pytest.skip("no sufficient statistic")
    x = row.sample(200)
    block = Block(x[:, None])
    summary = row.family.sufficient.observe(block)
    look = Look(float(len(x)), x.min(), x.max(), None, False)

    def reduce(statistic):
        assert statistic == row.family.sufficient
        return summary

    fixed = dict(getattr(row.family, "bound", ()))
    question = getattr(row.family, "plan", partial(plan, row.family))(look, fixed)
    assert theta(answer(question, reduce)) == pytest.approx(theta(fitted(row.family, x)), rel=1e-8)
