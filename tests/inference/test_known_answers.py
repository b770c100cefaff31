"""Published fits, recomputed to more digits (see the specification's table of known answers)."""

import numpy as np
import pytest

import suffice as sf
from suffice.datasets import path


@pytest.mark.parametrize(
    ("family", "data", "estimates", "errors", "log_likelihood"),
    [
        ("Gamma", "groundbeef", (4.00833903, 0.05442736), (0.341913, 0.0049461), -1253.625114),
        ("Weibull", "groundbeef", (2.18561233, 83.3466688), (0.104566, 2.527122), -1255.224720),
        ("LogNormal", "groundbeef", (4.16937009, 0.53660952), (0.0336699, 0.0238078), -1261.319299),
        ("Poisson", "toxocara", (8.679245,), (0.4046719,), -507.533429786),
        ("NegativeBinomial", "toxocara", (8.679245, 0.3969965), (1.934919, 0.082851), -159.3441),
    ],
)
def test_known_fits(family, data, estimates, errors, log_likelihood):
    fit = sf.fit(getattr(sf, family), path(data))
    assert fit.certificate.status == "maximum"
    assert np.max(np.abs(fit.solution.gradient)) < 1e-6
    assert fit.log_likelihood >= log_likelihood - 5e-5
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=5e-5)
    assert fit.model.theta == pytest.approx(estimates, rel=2e-7)
    assert list(fit.standard_errors.values()) == pytest.approx(errors, rel=2e-5)


def test_criteria_are_those_of_the_field():
    fit = sf.fit(sf.Gamma, path("groundbeef"))
    assert (fit.n, fit.free_parameters) == (254, 2)
    assert fit.aic == pytest.approx(2 * 2 + 2 * 1253.625114, abs=1e-5)
    assert fit.bic == pytest.approx(2 * np.log(254) + 2 * 1253.625114, abs=1e-5)
    assert fit.aicc == pytest.approx(fit.aic + 2 * 2 * 3 / (254 - 3))


def test_a_gamma_fit_that_stopped_early_is_no_maximum():
    """The fit handed over elsewhere at shape 4.2118, log-likelihood −1253.796."""
    from dataclasses import replace

    from suffice.inference.fitting import certificate_of

    fit = sf.fit(sf.Gamma, path("groundbeef"))
    problem = fit.solution.problem
    early = problem.coordinates.phi(np.array([[4.2118, 73.645669 / problem.likelihood.factor]]))[0]
    value, gradient, hessian = fit._ask(problem.evaluate(early[None, :]))
    stopped = replace(fit.solution, phi=early, value=value[0], gradient=gradient[0], hessian=hessian[0])
    certificate = certificate_of(sf.Gamma, stopped)
    assert value[0] == pytest.approx(-1253.796, abs=2e-3)
    assert certificate.status == "not converged"
    assert "0.17 nats are still to be gained" in certificate.reason


def test_the_normal_fit_is_the_textbook_one():
    rng = np.random.RandomState(0)
    x = rng.standard_normal(1000)
    fit = sf.fit(sf.Normal, x)
    assert fit.model.mu == pytest.approx(-0.0452567075, abs=1e-10)
    assert fit.model.sigma**2 == pytest.approx(0.9742344563, abs=1e-10)
    n, variance = 1000, x.var()
    assert fit.log_likelihood == pytest.approx(-n / 2 * (np.log(2 * np.pi * variance) + 1), rel=1e-14)
    assert fit.standard_errors["mu"] == pytest.approx(np.sqrt(variance / n), rel=1e-12)
    assert fit.standard_errors["sigma"] == pytest.approx(np.sqrt(variance / (2 * n)), rel=1e-12)
