"""Log-likelihoods written apart from the library, against the densities of the library."""

import numpy as np
import pytest
from scipy import stats

import suffice as sf
from verify.families import COMPOSED, family_of
from verify.landscapes import landscape
from verify.ordinary import DRAWS

SHARES = np.array([0.1, 0.2, 0.5, 0.7, 0.95])
REAL = np.array([-3.0, -0.5, 0.2, 1.0, 7.0])
ANGLES = np.array([-3.0, -0.5, 0.2, 1.0, 3.1])
POSITIVE = np.array([0.2, 1.0, 2.0, 3.0, 7.0])
COUNTS = np.array([0.0, 0.0, 1.0, 3.0, 9.0])
MASSES = {
    "Bernoulli", "Binomial", "Geometric", "Zipf", "BetaBinomial", "ZeroInflatedPoisson", "ZeroInflatedNegativeBinomial",
    "truncated(Poisson, lower=1)", "Multinomial",
}  # fmt: skip
CASES = {
    "Gumbel": (sf.Gumbel(1.0, 2.0), REAL, {}),
    "Logistic": (sf.Logistic(1.0, 2.0), REAL, {}),
    "Cauchy": (sf.Cauchy(1.0, 2.0), REAL, {}),
    "Laplace": (sf.Laplace(1.0, 2.0), REAL, {}),
    "Uniform": (sf.Uniform(-4.0, 9.0), REAL, {}),
    "GeneralizedExtremeValue": (sf.GeneralizedExtremeValue(1.0, 2.0, 0.3), REAL, {}),
    "SkewNormal": (sf.SkewNormal(1.0, 2.0, -3.0), REAL, {}),
    "GeneralizedNormal": (sf.GeneralizedNormal(1.0, 2.0, 1.7), REAL, {}),
    "VonMises": (sf.VonMises(1.0, 2.0), ANGLES, {}),
    "Beta": (sf.Beta(1.5, 2.5), SHARES, {}),
    "InverseGamma": (sf.InverseGamma(1.5, 2.5), POSITIVE, {}),
    "InverseGaussian": (sf.InverseGaussian(1.5, 2.5), POSITIVE, {}),
    "LogLogistic": (sf.LogLogistic(1.5, 2.5), POSITIVE, {}),
    "ChiSquared": (sf.ChiSquared(2.5), POSITIVE, {}),
    "Rayleigh": (sf.Rayleigh(2.5), POSITIVE, {}),
    "HalfNormal": (sf.HalfNormal(2.5), POSITIVE, {}),
    "Pareto": (sf.Pareto(0.1, 2.5), POSITIVE, {}),
    "GeneralizedPareto": (sf.GeneralizedPareto(2.0, 0.4), POSITIVE, {"threshold": 0.0}),
    "Gompertz": (sf.Gompertz(0.2, 0.3), POSITIVE, {}),
    "BurrXII": (sf.BurrXII(2.0, 0.7, 3.0), POSITIVE, {}),
    "truncated(Normal, lower=0)": (sf.truncated(sf.Normal(-1.0, 2.0), lower=0.0), POSITIVE, {}),
    "transformed(Normal, expit)": (sf.transformed(sf.Normal(-1.0, 2.0), sf.maps.expit), SHARES, {}),
    "Bernoulli": (sf.Bernoulli(0.3), np.array([0.0, 1.0, 1.0]), {}),
    "Binomial": (sf.Binomial(10, 0.3), COUNTS, {"n": 10}),
    "Geometric": (sf.Geometric(0.3), COUNTS, {}),
    "Zipf": (sf.Zipf(2.5), COUNTS + 1.0, {}),
    "BetaBinomial": (sf.BetaBinomial(10, 0.3, 4.0), COUNTS, {"n": 10}),
    "ZeroInflatedPoisson": (sf.ZeroInflatedPoisson(2.0, 0.3), COUNTS, {}),
    "ZeroInflatedNegativeBinomial": (sf.ZeroInflatedNegativeBinomial(2.0, 1.5, 0.3), COUNTS, {}),
    "truncated(Poisson, lower=1)": (sf.truncated(sf.Poisson(2.0), lower=1), COUNTS + 1.0, {}),
    "Multinomial": (sf.Multinomial(5, [0.2, 0.5, 0.3]), np.array([[1.0, 3.0, 1.0], [0.0, 2.0, 3.0]]), {"n": 5}),
    "Dirichlet": (sf.Dirichlet([0.5, 2.0, 3.0]), np.array([[0.1, 0.3, 0.6], [0.2, 0.5, 0.3]]), {}),
    "MultivariateStudentT": (
        sf.MultivariateStudentT([1.0, 2.0], [[2.0, 0.5], [0.5, 3.0]], 2.5),
        np.array([[1.0, 3.0], [0.0, 2.0], [5.0, -1.0], [1.5, 9.0]]),
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_likelihoods_written_apart_agree_with_the_densities(name):
    model, x, options = CASES[name]
    ground = landscape(name, x, options.items())
    density = model.logpmf if name in MASSES else model.logpdf
    value = ground.log_likelihood(ground.coordinates(model)[:, None])[0]
    assert value == pytest.approx(np.sum(density(x)), abs=1e-10)


def test_every_family_of_the_library_has_a_landscape_and_ordinary_problems():
    families = {name for name in sf.__all__ if hasattr(getattr(sf, name), "parameters")}
    checked = set(DRAWS) - set(COMPOSED)
    assert families - checked == set()
    for name in COMPOSED:
        assert family_of(name).__name__ == name


def test_student_t_of_several_variables_near_the_normal_keeps_its_digits():
    x = np.random.default_rng(0).standard_normal((20, 2))
    ground = landscape("MultivariateStudentT", x)
    for df in (499.0, 501.0, 1e6):
        model = sf.MultivariateStudentT([0.1, 0.2], [[1.0, 0.3], [0.3, 2.0]], df)
        exact = stats.multivariate_t([0.1, 0.2], [[1.0, 0.3], [0.3, 2.0]], df).logpdf(x).sum()
        value = ground.log_likelihood(ground.coordinates(model)[:, None])[0]
        assert value == pytest.approx(exact, abs=1e-7)


def test_a_claim_of_standard_errors_that_theory_denies_is_caught():
    ground = landscape("GeneralizedExtremeValue", REAL)
    assert ground.regular(sf.GeneralizedExtremeValue(0.0, 1.0, -0.4))
    assert not ground.regular(sf.GeneralizedExtremeValue(0.0, 1.0, -0.5))
