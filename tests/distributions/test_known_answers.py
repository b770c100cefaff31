"""Published fits, by way of the plan alone: estimates, standard errors and log-likelihoods."""

import numpy as np
import pytest

from suffice import datasets
from suffice.distributions.exponential import Exponential
from suffice.distributions.gamma import Gamma
from suffice.distributions.log_normal import LogNormal
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.plan import Look, answer, plan
from suffice.distributions.poisson import Poisson
from suffice.distributions.weibull import Weibull
from suffice.sources.block import Block


def fitted(family, x, weights=None, fixed=None):
    """Return the solution of a plan on values in memory."""
    x = np.asarray(x, dtype=float)
    block = Block(x[:, None], weights)
    n = float(len(x)) if weights is None else float(weights.sum())
    look = Look(n, x.min(), x.max(), block, True)
    return answer(plan(family, look, fixed or {}), lambda statistic: statistic.observe(block))


def standard_errors(solution):
    jacobian = solution.problem.jacobian(solution.phi)
    return np.sqrt(np.diag(jacobian @ np.linalg.inv(-solution.hessian) @ jacobian.T))


def column(name):
    return np.loadtxt(datasets.path(name), skiprows=1)


# data, family, estimates, standard errors, log-likelihood
ANSWERS = [
    ("groundbeef", Gamma, (4.00833903, 0.05442736), (0.341913, 0.0049461), -1253.625114),
    ("groundbeef", Weibull, (2.18561233, 83.3466688), (0.104566, 2.527122), -1255.224720),
    ("groundbeef", LogNormal, (4.16937009, 0.53660952), (0.0336699, 0.0238078), -1261.319299),
    ("toxocara", Poisson, (8.679245,), (0.4046719,), -507.533429786),
    ("toxocara", NegativeBinomial, (8.679245, 0.3969965), (1.934919, 0.082851), -159.3441),
]


@pytest.mark.parametrize(("data", "family", "estimates", "errors", "value"), ANSWERS)
def test_published_fits_are_reproduced(data, family, estimates, errors, value):
    solution = fitted(family, column(data))
    assert solution.model.theta == pytest.approx(estimates, rel=2e-7)
    assert standard_errors(solution) == pytest.approx(errors, rel=1e-4)
    assert solution.value >= value - 1e-6
    assert solution.value == pytest.approx(value, abs=1e-4)
    assert np.abs(solution.gradient).max() < 1e-8
    assert (solution.status, solution.reason) == ("", "")


def test_an_exponential_is_fitted_by_the_mean():
    x = column("groundbeef")
    assert fitted(Exponential, x).model.rate == pytest.approx(1.0 / x.mean(), rel=1e-15)
