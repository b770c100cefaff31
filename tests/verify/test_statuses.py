"""The right statuses of hard problems, which are decided without the library."""

import numpy as np
import pytest
from scipy import stats

from verify import statuses

RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("status", "x", "right"),
    [
        (statuses.cauchy_status, [0.0, 0.0, 1.0, 2.0], "no finite maximum"),
        (statuses.cauchy_status, [0.0, 0.0, 1.0, 2.0, 3.0], "maximum"),
        (statuses.gompertz_status, [1.0, 2.0, 3.0], "maximum"),
        (statuses.gompertz_status, [0.0, 0.0, 3.0], "boundary"),
        (statuses.truncated_normal_status, [0.0, 0.0, 3.0], "no finite maximum"),
        (statuses.zero_inflated_poisson_status, [0.0, 0.0, 0.0, 4.0], "maximum"),
        (statuses.zero_inflated_poisson_status, [1.0, 1.0, 2.0, 3.0], "boundary"),
        (statuses.all_or_nothing, [1.0, 1.0], "boundary"),
        (statuses.generalized_pareto_status, [0.1, 0.5, 0.9, 1.0], "no finite maximum"),
        (statuses.generalized_extreme_value_status, [0.0, 1.0], "no finite maximum"),
        (statuses.skew_normal_status, [-2.0, -1.0, 0.0, 1.0, 2.0], "no finite maximum"),
        (statuses.generalized_normal_status, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "no finite maximum"),
        (statuses.zero_inflated_negative_binomial_status, [0.0, 5.0, 6.0, 5.0, 0.0, 6.0], "no finite maximum"),
        (statuses.zero_inflated_negative_binomial_status, [1.0, 2.0, 9.0, 30.0, 4.0], "boundary"),
        (statuses.burr_status, [1.0, 1.1, 1.2, 1.5, 2.0, 4.0, 9.0], "no finite maximum"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_statuses_of_small_data(status, x, right):
    assert status(np.array(x)) == right


def test_statuses_of_shares_of_trials():
    assert statuses.beta_binomial_status(np.array([0.0, 3.0, 10.0]), 10) == "maximum"
    assert statuses.beta_binomial_status(np.array([3.0, 4.0]), 10) == "no finite maximum"
    assert statuses.beta_binomial_status(np.array([10.0, 10.0]), 10) == "boundary"


def test_statuses_that_a_search_finds():
    n = 150
    assert statuses.generalized_extreme_value_status(RNG.gumbel(size=n)) == "maximum"
    assert statuses.generalized_normal_status(RNG.standard_normal(n)) == "maximum"
    assert statuses.generalized_normal_status(RNG.standard_cauchy(n)) == "kink"
    assert statuses.burr_status(np.exp(RNG.logistic(size=n))) == "maximum"


def test_limits_of_the_burr_distribution_are_their_largest_likelihoods():
    x = RNG.weibull(2.0, 50)
    shape, _, scale = stats.weibull_min.fit(x, floc=0.0)
    assert statuses.weibull_value(x) == pytest.approx(stats.weibull_min.logpdf(x, shape, scale=scale).sum(), abs=1e-6)
    shape = len(x) / np.log(x / x.min()).sum()
    assert statuses.pareto_value(x) == pytest.approx(stats.pareto.logpdf(x, shape, scale=x.min()).sum(), abs=1e-9)
