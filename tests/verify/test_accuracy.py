"""The harness behind docs/accuracy.md: its formulas, its condition numbers, what it would find, and a fast subset."""

import mpmath as mp
import numpy as np
import pytest

import suffice as sf
from suffice.distributions.distribution import UnivariateDistribution
from verify import accuracy
from verify.accuracy_cases import CASES
from verify.accuracy_errors import errors_of, ours, quantile_errors, relative_error, truths
from verify.accuracy_moments import moment_errors
from verify.accuracy_rows import CASES as ROWS_CASES
from verify.accuracy_rows import row_errors
from verify.mpmath_functions import beta_tails, gamma_tails

BY_NAME = {case.name: case for case in CASES}
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_every_family_of_the_library_is_compared():
    names = {name for name in dir(sf) if isinstance(getattr(sf, name), type)}
    univariate = {name for name in names if issubclass(getattr(sf, name), UnivariateDistribution)}
    assert univariate | {"MultivariateNormal", "MultivariateStudentT", "Dirichlet", "Multinomial"} == {
        *BY_NAME,
        *(case.name for case in ROWS_CASES),
    }


@pytest.mark.parametrize(("a", "x"), [(0.3, 0.01), (2.5, 2.0), (2.5, 30.0), (40.0, 38.0), (40.0, 42.0)])
def test_the_incomplete_gamma_function_is_that_of_mpmath(a, x):
    with mp.workdps(40):
        lower, upper = gamma_tails(a, x)
        assert abs(lower / mp.gammainc(a, 0, x, regularized=True) - 1) < 1e-35
        assert abs(upper / mp.gammainc(a, x, regularized=True) - 1) < 1e-35


@pytest.mark.parametrize(("a", "b", "x"), [(0.3, 2.0, 0.01), (2.5, 4.0, 0.5), (30.0, 40.0, 0.44), (30.0, 0.5, 0.9)])
def test_the_incomplete_beta_function_is_that_of_mpmath(a, b, x):
    with mp.workdps(40):
        a, b, x = map(mp.mpf, (a, b, x))
        lower, upper = beta_tails(a, b, x, 1 - x)
        assert abs(lower / mp.betainc(a, b, 0, x, regularized=True) - 1) < 1e-35
        assert abs(upper / mp.betainc(a, b, x, 1, regularized=True) - 1) < 1e-35


@every_case
def test_the_formulas_of_a_family_agree_with_each_other(case):
    # dF/dx = p, or F(k) − F(k − 1) = p, and both tails sum to 1
    theta = case.points[0]
    model = case.family(*theta)
    with mp.workdps(25):
        x, parameters = mp.mpf(float(model.icdf(0.8))), [mp.mpf(t) for t in theta]
        log_p, lower, upper = case.exact(x, *parameters)
        assert abs(lower + upper - 1) < 1e-20
        if model.discrete:
            below = case.exact(x - 1, *parameters)[1]
            assert abs((lower - below) / mp.exp(log_p) - 1) < 1e-18
        else:
            h = mp.mpf(10) ** -8 * abs(x)
            slope = (case.exact(x + h, *parameters)[1] - case.exact(x - h, *parameters)[1]) / (2 * h)
            assert abs(slope / mp.exp(log_p) - 1) < 1e-12


def test_the_condition_number_of_a_normal_is_that_by_hand():
    case = BY_NAME["Normal"]
    for t in truths(case, (2.0, 3.0)):
        z = (t.x - 2.0) / 3.0
        by_hand = abs(z * t.x / 3.0) + abs(z * 2.0 / 3.0) + abs(z * z - 1.0)
        assert float(t.sizes["logpdf"]) == pytest.approx(abs(float(t.values["logpdf"])) + by_hand, rel=1e-6)


@pytest.mark.parametrize("by", [1e-11, -1e-11])
@pytest.mark.parametrize("name", ["logpdf", "logcdf", "logccdf"])
def test_an_error_of_the_eleventh_digit_is_found(name, by):
    case = BY_NAME["Exponential"]
    known = truths(case, (0.01,))
    right = ours(sf.Exponential(0.01))[name]
    found = max(e.error for e in errors_of(case, (0.01,), known, {name: lambda x: right(x) * (1.0 + by)}))
    assert 1e-12 < found < 1.1e-11


def test_a_value_that_is_infinite_or_no_number_has_no_digits():
    assert relative_error(-np.inf, mp.mpf(-745), mp.mpf(745)) == np.inf
    assert relative_error(np.nan, mp.mpf(-745), mp.mpf(745)) == np.inf
    assert relative_error(-np.inf, -(mp.mpf(10) ** 400), mp.mpf(10) ** 400) == 0.0
    assert relative_error(0.0, mp.mpf(-1e-300), mp.mpf(1e-300)) == pytest.approx(1.0)
    assert relative_error(0.0, mp.mpf(-1e-310), mp.mpf(1e-310)) == 0.0


def test_a_quantile_that_is_off_is_found(monkeypatch):
    case = BY_NAME["Poisson"]
    known = truths(case, (8.68,))
    assert max(e.error for e in quantile_errors(case, (8.68,), known)) == 0.0
    right = sf.Poisson.icdf
    monkeypatch.setattr(sf.Poisson, "icdf", lambda self, p: right(self, p) + 1.0)
    assert max(e.error for e in quantile_errors(case, (8.68,), known)) > 1e-3


def test_what_is_worse_than_allowed_is_a_failure_unless_it_is_listed(monkeypatch):
    row = accuracy.Row("Gamma", "", 1, 0, {"logpdf": 2e-12, "logcdf": 1e-13, "logccdf": np.nan}, [])
    assert accuracy.complaints([row]) == ["Gamma, logpdf: 2e-12", "Gamma, logccdf: nan"]
    monkeypatch.setattr(accuracy, "EXCEPTIONS", {("Gamma", "logpdf"): "why", ("Gamma", "logccdf"): "why"})
    assert accuracy.complaints([row]) == []
    monkeypatch.setattr(accuracy, "EXCEPTIONS", {("Beta", "logpdf"): "why"})
    assert "Beta, logpdf: now within 1e-12" in accuracy.complaints([row])


@pytest.mark.parametrize("name", ["Rayleigh", "Bernoulli"])
def test_a_fast_subset_is_within_what_is_allowed(name):
    row = accuracy.of_one_variable(BY_NAME[name])
    assert accuracy.complaints([row]) == []
    assert name in accuracy.page([row])


@pytest.mark.parametrize("case", ROWS_CASES, ids=lambda case: case.name)
def test_rows_of_several_variables_are_within_what_is_allowed(case):
    assert max(own.error for own, _ in row_errors(case)) <= accuracy.ALLOWED


def test_a_moment_that_is_off_is_found(monkeypatch):
    case = BY_NAME["Bernoulli"]
    assert max(moment_errors(case, (0.3,)).values()) < accuracy.ALLOWED
    monkeypatch.setattr(sf.Bernoulli, "kurtosis", -1.237)
    assert moment_errors(case, (0.3,))["kurtosis"] > 1e-4
