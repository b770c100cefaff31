"""The harness behind docs/certificates.md: its likelihoods, its attack, and a fast subset of its problems."""

from dataclasses import replace
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

import suffice as sf
from verify import certificates
from verify.attack import search
from verify.landscapes import landscape
from verify.likelihoods import stirling_gap, student_constant
from verify.problem_catalogue import GENERATORS
from verify.statuses import dispersion_status
from verify.student_status import student_status


@pytest.mark.parametrize("df", [0.1, 3.0, 499.0, 501.0, 1e6])
def test_constant_of_student_t_has_all_digits(df):
    with mpmath.workdps(40):
        half = mpmath.mpf(df) / 2
        exact = mpmath.loggamma(half + 0.5) - mpmath.loggamma(half) - mpmath.log(df * mpmath.pi) / 2
    assert student_constant(df) == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize("k", [0.05, 1.0, 49.0, 51.0, 1e6])
def test_gap_of_stirling_has_all_digits(k):
    with mpmath.workdps(40):
        k_exact = mpmath.mpf(k)
        exact = k_exact * mpmath.log(k_exact) - k_exact - mpmath.loggamma(k_exact)
        exact += mpmath.log(2 * mpmath.pi / k_exact) / 2
        assert stirling_gap(k) == pytest.approx(float(exact), abs=1e-12)


MODELS = {
    "Normal": sf.Normal(1.5, 2.0),
    "LogNormal": sf.LogNormal(0.5, 1.2),
    "Exponential": sf.Exponential(0.7),
    "Gamma": sf.Gamma(2.5, 0.8),
    "Weibull": sf.Weibull(1.7, 2.0),
    "StudentT": sf.StudentT(1.0, 2.0, 3.0),
    "Poisson": sf.Poisson(3.0),
    "NegativeBinomial": sf.NegativeBinomial(3.0, 2.0),
}


@pytest.mark.parametrize("name", MODELS)
def test_likelihoods_written_apart_agree_with_the_densities(name):
    x = np.array([1.0, 2.0, 3.0, 3.0, 7.0, 12.0])
    model, ground = MODELS[name], landscape(name, x)
    density = model.logpmf if hasattr(model, "_about") else model.logpdf
    value = ground.log_likelihood(ground.coordinates(model)[:, None])[0]
    assert value == pytest.approx(density(x).sum(), abs=1e-10)


def test_likelihood_of_categories_written_apart_agrees():
    x = np.array([0.0, 1.0, 1.0, 2.0])
    model, ground = sf.Categorical([0.2, 0.5, 0.3]), landscape("Categorical", x)
    value = ground.log_likelihood(ground.coordinates(model)[:, None])[0]
    assert value == pytest.approx(np.log([0.2, 0.5, 0.5, 0.3]).sum(), abs=1e-10)


def test_likelihood_of_vectors_written_apart_agrees():
    x = np.random.default_rng(0).standard_normal((20, 2)) * [1.0, 1e3]
    model, ground = sf.MultivariateNormal([0.5, 10.0], [[2.0, 300.0], [300.0, 9e5]]), landscape("MultivariateNormal", x)
    value = ground.log_likelihood(ground.coordinates(model)[:, None])[0]
    assert value == pytest.approx(np.sum(model.logpdf(x)), abs=1e-9)


def test_attack_finds_the_higher_of_two_maxima():
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.standard_t(2.0, 60), 30.0 + rng.standard_t(2.0, 40)])
    best, point = search(landscape("StudentT", x), seed=0)
    fit = sf.fit(sf.StudentT, x)
    assert best >= fit.log_likelihood - 1e-6
    assert len(point) == 3


def test_a_claim_that_is_no_maximum_is_caught():
    x = np.random.default_rng(1).gamma(2.0, size=50)
    said = certificates.claim("Gamma", (), x)
    assert certificates.attacked("Gamma", x, said) == ""
    off = sf.Gamma(said.model.shape * 1.001, said.model.rate)
    value = float(off.logpdf(x).sum())
    wrong = certificates.attacked("Gamma", x, replace(said, model=off, value=value))
    assert wrong.startswith("improved by")


def test_a_claimed_value_that_is_wrong_is_caught():
    x = np.random.default_rng(1).gamma(2.0, size=50)
    said = certificates.claim("Gamma", (), x)
    assert "the log-likelihood is" in certificates.attacked("Gamma", x, replace(said, value=said.value + 1e-3))


def test_infinite_standard_errors_are_caught():
    x = np.random.default_rng(1).normal(size=50)
    said = certificates.claim("Normal", (), x)
    assert certificates.attacked("Normal", x, replace(said, finite_errors=False)) == "standard errors are not finite"


def test_dispersion_is_judged_exactly():
    assert dispersion_status(np.tile([0.0, 2.0], 5)) == "no finite maximum"
    assert dispersion_status(np.array([0.0, 0.0, 2.0])) == "maximum"
    assert dispersion_status(np.zeros(3)) == "boundary"


def test_light_tails_have_no_finite_maximum():
    assert student_status(np.linspace(0.0, 1.0, 50)) == "no finite maximum"


def test_a_third_of_the_generators_is_not_always_a_maximum():
    always = [g for g in GENERATORS if g.right == "maximum"]
    assert len(GENERATORS) >= 30
    assert 3 * len(always) <= 2 * len(GENERATORS)


# Those of known status that are no maximum need no search; of the others, one for each family.
SETTLED = [i for i, g in enumerate(GENERATORS) if g.right in ("boundary", "no finite maximum", "DataError")]
FIRST = list({g.family: i for i, g in enumerate(GENERATORS) if i not in SETTLED}.values())


@pytest.mark.parametrize("number", sorted(SETTLED + FIRST), ids=lambda i: GENERATORS[i].name.replace(" ", "-"))
def test_certificates_of_hard_problems_are_right(number):
    record = certificates.hard((number, 1000))
    assert record.wrong == ""


@pytest.mark.parametrize("family", sorted(certificates.DRAWS))
def test_ordinary_problems_have_certified_maxima(family):
    assert certificates.easy((family, 1000)).wrong == ""


def test_the_page_counts_and_names_failures():
    record = certificates.Record("ordinary", "Normal", 3, 20, "maximum", "saddle", "saddle: made up")
    text = certificates.page([record], [record])
    assert "| maximum | 0 | 0 | 0 | 0 | 1 |" in text
    assert "seed 3, n = 20: saddle: made up" in text
    assert "| all | 1 | 0 | 0.00 % |" in text


def test_an_error_that_is_no_certificate_is_a_claim_of_its_own(monkeypatch):
    monkeypatch.setattr(sf, "Normal", SimpleNamespace())
    assert certificates.claim("Normal", (), np.ones(3)).status == "ParameterError"
