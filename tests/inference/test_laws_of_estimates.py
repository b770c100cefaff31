"""Estimates of families that are not regular: the right standard errors and intervals, or a stated refusal."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special, stats

import suffice as sf
from suffice.distributions.problem import answer
from suffice.errors import NotAvailableError, ParameterError

REPLICATES = 4000
# a false alarm of 1e-4 in each direction
MOST_OFF = 3.9


def coverage(family, fixed, name, truth, thetas, n, level=0.95):
    """Return how often intervals of a parameter hold the truth, in standard deviations from the level."""
    law, hits = family.law_given(fixed), 0
    for theta in thetas:
        found = SimpleNamespace(model=family(*theta))
        lower, upper, _ = answer(law.interval(found, name, level, float(n)), None)
        hits += lower <= truth <= upper
    return (hits - level * len(thetas)) / np.sqrt(len(thetas) * level * (1.0 - level))


@pytest.mark.parametrize("n", [2, 5, 20, 100])
def test_exact_intervals_of_the_ends_cover_as_often_as_they_say(n):
    x = np.random.default_rng(n).uniform(-1.0, 3.0, (REPLICATES, n))
    low, high = x.min(axis=1), x.max(axis=1)
    both = np.stack([low, high], axis=1)
    assert abs(coverage(sf.Uniform, {}, "low", -1.0, both, n)) < MOST_OFF
    assert abs(coverage(sf.Uniform, {}, "high", 3.0, both, n, 0.5)) < MOST_OFF
    one = np.stack([np.full(REPLICATES, -1.0), high], axis=1)
    assert abs(coverage(sf.Uniform, {"low": -1.0}, "high", 3.0, one, n)) < MOST_OFF
    one = np.stack([low, np.full(REPLICATES, 3.0)], axis=1)
    assert abs(coverage(sf.Uniform, {"high": 3.0}, "low", -1.0, one, n)) < MOST_OFF


@pytest.mark.parametrize("n", [2, 5, 20, 100])
def test_exact_intervals_of_a_pareto_cover_as_often_as_they_say(n):
    x = sf.Pareto(2.0, 1.5).sample((REPLICATES, n), rng=n)
    minimum = x.min(axis=1)
    shape = n / np.log(x / minimum[:, None]).sum(axis=1)
    both = np.stack([minimum, shape], axis=1)
    assert abs(coverage(sf.Pareto, {}, "minimum", 2.0, both, n)) < MOST_OFF
    assert abs(coverage(sf.Pareto, {}, "shape", 1.5, both, n)) < MOST_OFF
    assert abs(coverage(sf.Pareto, {}, "shape", 1.5, both, n, 0.5)) < MOST_OFF
    one = np.stack([minimum, np.full(REPLICATES, 1.5)], axis=1)
    assert abs(coverage(sf.Pareto, {"shape": 1.5}, "minimum", 2.0, one, n)) < MOST_OFF


def test_profile_intervals_of_a_laplace_cover_nearly_as_often_as_they_say():
    # twice the likelihood ratio of the location is compared with the quantile that the interval's ends solve for
    n, quantile = 100, special.ndtri(0.975) ** 2
    x = np.random.default_rng(1).laplace(1.0, 2.0, (REPLICATES, n))
    scale = np.abs(x - np.median(x, axis=1, keepdims=True)).mean(axis=1)
    inside = 2.0 * n * np.log(np.abs(x - 1.0).mean(axis=1) / scale) <= quantile
    assert inside.mean() == pytest.approx(0.946, abs=0.013)
    law = sf.Laplace.law_given({})
    found = [answer(law.interval(_solved(sf.Laplace(0.0, s)), "scale", 0.95, n), None) for s in scale]
    assert np.mean([lower <= 2.0 <= upper for lower, upper, _ in found]) == pytest.approx(0.95, abs=0.013)


def _solved(model):
    return SimpleNamespace(model=model, problem=SimpleNamespace(likelihood=None))


@pytest.mark.parametrize("n", [5, 40])
def test_standard_errors_are_the_deviations_of_the_estimates(n):
    x = np.random.default_rng(n).uniform(-1.0, 3.0, (40_000, n))
    errors, correlations = sf.Uniform.law_given({}).spread(sf.Uniform(-1.0, 3.0), n)
    assert errors == pytest.approx([x.min(axis=1).std(), x.max(axis=1).std()], rel=0.03)
    assert correlations[0, 1] == pytest.approx(np.corrcoef(x.min(axis=1), x.max(axis=1))[0, 1], abs=0.02)
    assert 3.0 - x.max(axis=1).mean() == pytest.approx(4.0 / (n + 1), rel=0.03)
    x = sf.Pareto(2.0, 3.0).sample((40_000, n), rng=n)
    minimum = x.min(axis=1)
    shape = n / np.log(x / minimum[:, None]).sum(axis=1)
    errors, correlations = sf.Pareto.law_given({}).spread(sf.Pareto(2.0, 3.0), n)
    assert errors[0] == pytest.approx(minimum.std(), rel=0.03)
    assert correlations[0, 1] == 0.0
    assert abs(np.corrcoef(minimum, shape)[0, 1]) < 0.02
    assert minimum.mean() - 2.0 == pytest.approx(2.0 / (3.0 * n - 1.0), rel=0.03)
    if n > 5:  # the square of the estimate has no variance at n = 5
        assert errors[1] == pytest.approx(shape.std(), rel=0.03)


def test_intervals_by_the_laws_agree_with_their_textbook_forms():
    x = sf.Pareto(2.0, 1.5).sample(12, rng=1)
    fit = sf.fit(sf.Pareto, x)
    shape, minimum = fit.interval("shape", 0.9), fit.interval("minimum", 0.9)
    assert list(shape) == pytest.approx(list(fit.model.shape * stats.chi2.ppf([0.05, 0.95], 22) / 24), rel=1e-12)
    reach = stats.f.ppf(0.9, 2, 22) / 11 / fit.model.shape
    assert list(minimum) == pytest.approx([x.min() * np.exp(-reach), x.min()], rel=1e-12)
    y = sf.Uniform(0.0, 1.0).sample(12, rng=1)
    high = sf.fit(sf.Uniform, y).interval("high", 0.9)
    assert high.upper == pytest.approx(y.max() + np.ptp(y) * stats.f.ppf(0.9, 2, 22) / 11, rel=1e-12)


UNIFORM = sf.Uniform(2.0, 5.0).sample(30, rng=1)
PARETO = sf.Pareto(2.0, 3.0).sample(40, rng=1)
LAPLACE = sf.Laplace(2.0, 3.0).sample(40, rng=1)


def test_the_default_interval_is_the_one_that_holds():
    for family, data in ((sf.Uniform, UNIFORM), (sf.Pareto, PARETO)):
        fit = sf.fit(family, data)
        for name in fit.estimated:
            interval = fit.interval(name)
            assert interval.method == "exact"
            assert "0.95 exact interval" in str(interval)
            assert list(fit.printed_interval(name)) == list(interval)
    fit = sf.fit(sf.Laplace, LAPLACE)
    assert [fit.interval(name).method for name in fit.estimated] == ["profile", "profile"]
    assert fit.printed_interval("location").method == "wald"


@pytest.mark.parametrize(
    ("family", "data", "method", "reason"),
    [
        (sf.Uniform, UNIFORM, "wald", "Wald interval for Uniform: the estimate of an end lies on one side of it"),
        (sf.Uniform, UNIFORM, "profile", "profile interval for Uniform: the likelihood ratio of an end is no χ²"),
        (sf.Uniform, UNIFORM, "bootstrap", "bootstrap for Uniform: the bootstrap of an extreme value is inconsistent"),
        (sf.Pareto, PARETO, "wald", "Wald interval for Pareto: the smallest row lies on one side of the minimum"),
        (sf.Pareto, PARETO, "profile", "profile interval for Pareto: the likelihood ratio of the minimum is no χ²"),
        (sf.Pareto, PARETO, "bootstrap", "bootstrap for Pareto: the bootstrap of an extreme value is inconsistent"),
        (sf.Laplace, LAPLACE, "bootstrap", "bootstrap for Laplace: each resample has a median of its own"),
        (sf.Laplace, LAPLACE, "exact", "exact interval for Laplace: .* its profile interval is the default"),
    ],
)
def test_a_method_that_does_not_hold_is_refused_with_the_reason(family, data, method, reason):
    fit = sf.fit(family, data)
    for name in fit.estimated:
        with pytest.raises(NotAvailableError, match=f"^there is no {reason}"):
            fit.interval(name, method=method)
    if method == "bootstrap":
        with pytest.raises(NotAvailableError, match=f"^there is no {reason}"):
            fit.bootstrap(99)


def test_robust_standard_errors_are_refused_with_the_reason():
    for family, data in ((sf.Uniform, UNIFORM), (sf.Pareto, PARETO), (sf.Laplace, LAPLACE)):
        with pytest.raises(NotAvailableError, match=f"no robust standard error for {family.__name__}: the sandwich"):
            sf.fit(family, data).robust_standard_errors()


def test_functions_of_the_ends_have_no_interval():
    for method in (None, "exact", "wald"):
        with pytest.raises(NotAvailableError, match=r"for Uniform: "):
            sf.fit(sf.Uniform, UNIFORM).interval(lambda model: model.mean, method=method)


def test_an_exact_interval_is_asked_of_a_family_that_has_none():
    with pytest.raises(NotAvailableError, match="no exact interval for Normal: no law of its estimates is known here"):
        sf.fit(sf.Normal, UNIFORM).interval("mu", method="exact")


def test_an_unknown_parameter_is_named():
    for family, data in ((sf.Uniform, UNIFORM), (sf.Laplace, LAPLACE)):
        with pytest.raises(ParameterError, match="there is no free parameter 'sigma'"):
            sf.fit(family, data).interval("sigma")


def test_the_print_says_where_standard_errors_come_from():
    text = str(sf.fit(sf.Uniform, UNIFORM))
    assert "BOUNDARY, global: the likelihood is highest with low and high at the smallest row" in text
    assert "standard errors: exact law" in text
    assert text.count(" exact\n") == 2
    assert "withheld" not in text
    assert "standard errors: expected information" in str(sf.fit(sf.Laplace, LAPLACE))
    assert "standard errors:" not in str(sf.fit(sf.Pareto, PARETO, fixed={"minimum": 1.0}))


def test_a_law_without_variance_says_infinite():
    fit = sf.fit(sf.Pareto, [1.0, 2.0, 3.0])
    assert np.isinf(fit.standard_errors["shape"])
    assert fit.interval("shape").lower > 0.0
    assert "  inf   (" in str(fit)
    fit = sf.fit(sf.Pareto, [1.0, 2.0], weights=[0.25, 0.5])
    with pytest.raises(NotAvailableError, match=r"needs a weight above 1, and n = 0\.75"):
        fit.interval("shape")


@pytest.mark.parametrize(
    ("family", "data", "fixed"),
    [
        (sf.Uniform, UNIFORM, {}),
        (sf.Uniform, UNIFORM, {"low": 1.0}),
        (sf.Pareto, PARETO, {}),
        (sf.Pareto, PARETO, {"minimum": 1.0}),
        (sf.Pareto, PARETO, {"shape": 3.0}),
        (sf.Pareto, PARETO[:3], {}),
        (sf.Laplace, LAPLACE, {}),
        (sf.Laplace, LAPLACE, {"scale": 2.0}),
        (sf.Laplace, LAPLACE, {"location": 2.0}),
    ],
)
def test_a_saved_fit_keeps_its_law(family, data, fixed, tmp_path):
    fit = sf.fit(family, data, fixed=fixed)
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    assert str(again) == str(fit)
    assert again.standard_errors == fit.standard_errors
    np.testing.assert_array_equal(again.parameter_covariance, fit.parameter_covariance)
    name = list(fit.estimated)[-1]
    assert list(again.interval(name, data=data)) == list(fit.interval(name))


def test_weights_count_rows_in_the_laws():
    twice = np.concatenate([LAPLACE, LAPLACE])
    for family, data in ((sf.Uniform, UNIFORM), (sf.Pareto, PARETO), (sf.Laplace, LAPLACE)):
        once = sf.fit(family, data, weights=np.full(len(data), 2.0))
        twice = sf.fit(family, np.concatenate([data, data]))
        assert once.standard_errors == pytest.approx(twice.standard_errors, rel=1e-12)
        for name in once.estimated:
            assert list(once.interval(name)) == pytest.approx(list(twice.interval(name)), rel=1e-11)
