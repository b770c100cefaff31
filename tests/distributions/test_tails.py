"""Densities, tails and quantiles against 60 digits, from the far lower to the far upper tail.

The unit is the rounding that no implementation can avoid: 2⁻⁵³ times the condition number, that is, what
the result changes by when x (for the log-normal: log x) is rounded. Measured, in these units:

- Normal, LogNormal, Exponential: below 1; Weibull and Poisson (mean 1e-5 to 1e10): below 8;
- Gamma (shape 1e-3 to 1e10): below 8, but 90 for shapes below 1, from SciPy's incomplete gamma function;
- StudentT (df 0.1 to ∞): below 4, but 55 for the lower logarithm where the upper tail is small;
- NegativeBinomial (size 1e-3 to ∞): below 25, but 530 where size and mean are both near 1,000. These two come
  from SciPy's incomplete beta function.

The last figures are for logarithms; a probability itself is better, as its own logarithm's size is allowed for.

So 1e-12 times the condition number holds everywhere.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from catalogue import UNIVARIATE

from suffice.distributions.gamma import Gamma
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.poisson import Poisson
from suffice.distributions.student_t import StudentT

REFERENCE = Path(__file__).parents[1] / "reference" / "univariate_tails.json"
FAMILIES = {row.family.__name__: row.family for row in UNIVARIATE}
TOLERANCE = 1e-12


def cases():
    grouped = {}
    for name, theta, x, *values in json.loads(REFERENCE.read_text()):
        numbers = [float(v.replace("+inf", "inf")) for v in values]
        grouped.setdefault((name, tuple(theta)), []).append([x, *numbers])
    return [(name, theta, np.array(rows).T) for (name, theta), rows in grouped.items()]


CASES = cases()
every_case = pytest.mark.parametrize(
    ("name", "theta", "table"), CASES, ids=[f"{name}{theta}" for name, theta, _ in CASES]
)


def conditions(name, theta, x, log_density, log_tail):
    """Return 1 + |x| p(x)/F(x), with x replaced by its logarithm's part where that is what is rounded."""
    size = np.abs(x) + (abs(theta[0]) if name in ("Normal", "StudentT") else 0.0)
    if name == "LogNormal":
        size = size * np.maximum(np.abs(np.log(x)), max(1.0, abs(theta[0])))
    with np.errstate(over="ignore", divide="ignore"):
        return 1.0 + np.exp(np.log(size) + log_density - log_tail)


@every_case
def test_tails_agree_with_sixty_digits(name, theta, table):
    model = FAMILIES[name](*theta)
    x, log_density, log_lower, log_upper = table
    for function, logarithm, truth, other in (
        (model.cdf, model.logcdf, log_lower, log_upper),
        (model.ccdf, model.logccdf, log_upper, log_lower),
    ):
        condition = conditions(name, theta, x, log_density, truth)
        seen = truth > -700.0
        error = np.abs(np.expm1(np.log(np.where(seen, function(x), 1.0)) - np.where(seen, truth, 0.0)))
        assert np.all(error[seen] <= (TOLERANCE + 2e-16 * np.abs(truth))[seen] * condition[seen])
        normal = (np.abs(truth) > 1e-300) & np.isfinite(truth)
        error = np.abs(logarithm(x) - truth)[normal]
        # The logarithm of a probability near 1 has the condition of the other tail.
        condition = np.maximum(condition, conditions(name, theta, x, log_density, other))[normal]
        size = np.abs(truth)[normal]
        assert np.all(error <= TOLERANCE * (size + np.minimum(1.0, size) * condition))


@every_case
def test_log_densities_agree_with_sixty_digits(name, theta, table):
    model = FAMILIES[name](*theta)
    x, truth = table[:2]
    value = (model.logpmf if model.discrete else model.logpdf)(x)
    # The log density moves by the score when x is rounded; for counts, by x − mean when the mean is.
    h = 1e-6
    if model.discrete:
        slope = np.abs(x - theta[0]) / (1.0 if len(theta) == 1 else 1.0 + theta[0] / theta[1])
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            slope = np.nan_to_num(np.abs(model.logpdf(x * (1 + h)) - model.logpdf(x * (1 - h))) / (2 * h), posinf=1e300)
            offset = abs(theta[0]) if name in ("Normal", "StudentT") else 0.0
            slope = slope * (1.0 + offset / np.maximum(np.abs(x), 1e-300))
    assert np.all(np.abs(value - truth) <= TOLERANCE * (1.0 + np.abs(truth) + slope))


QUANTILE_MODELS = [Gamma(k, 2.0) for k in (1e-3, 0.1, 1, 25, 1e3, 1e6, 1e10)] + [
    StudentT(0, 1, v) for v in (0.1, 0.5, 1, 2.5, 10, 100, 1e3, 1e5, 1e10, np.inf)
]
TAILS = np.array([1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.49])


@pytest.mark.parametrize("model", QUANTILE_MODELS, ids=repr)
def test_quantiles_invert_both_tails(model):
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        x = quantile(TAILS)
        inside = np.isfinite(x) & (x != 0.0)  # beyond them the quantile over- or underflows
        slope = np.exp(np.log(np.abs(x[inside])) + model.logpdf(x[inside]) - logarithm(x[inside]))
        error = np.abs(logarithm(x[inside]) - np.log(TAILS[inside]))
        assert np.all(error <= 1e-12 + 1e-14 * np.abs(np.log(TAILS[inside])) + 4e-16 * slope)


def test_a_quantile_of_a_far_location_keeps_the_digits_of_the_tail():
    model = StudentT(1e9, 1.0, 5.0)
    assert model.iccdf(0.01) - 1e9 == pytest.approx(-(model.icdf(0.01) - 1e9), abs=2e-7)
    assert model.cdf(1e9 + 0.125) == pytest.approx(StudentT(0, 1, 5).cdf(0.125), rel=1e-15)


def test_discrete_quantiles_reach_the_far_tails_of_large_counts():
    for model in (Poisson(1e9), NegativeBinomial(1e6, 3.0), NegativeBinomial(1e9, 1e12), Poisson(1e-9)):
        p = np.array([1e-250, 1e-12, 0.5, 0.9])
        assert np.all(model.cdf(model.icdf(p)) >= p)
        assert np.all(model.cdf(model.icdf(p) - 1.0) < p)
        assert np.all(model.ccdf(model.iccdf(p)) <= p)
        assert np.all(model.ccdf(model.iccdf(p) - 1.0) > p)


def test_the_limits_of_the_families_are_the_families_they_name():
    k = np.arange(60.0)
    limit, poisson = NegativeBinomial(7.5, np.inf), Poisson(7.5)
    for name in ("pmf", "logpmf", "cdf", "ccdf", "logcdf", "logccdf"):
        assert getattr(limit, name)(k) == pytest.approx(getattr(poisson, name)(k), rel=1e-14)
        assert getattr(NegativeBinomial(7.5, 1e16), name)(k) == pytest.approx(getattr(poisson, name)(k), rel=1e-12)
    assert limit.variance == poisson.variance
    assert limit.entropy == pytest.approx(poisson.entropy, rel=1e-13)


def test_a_mean_of_zero_is_the_constant_zero():
    for model in (Poisson(0), NegativeBinomial(0, 2.0), NegativeBinomial(0, np.inf)):
        assert list(model.pmf([0, 1, 2])) == [1.0, 0.0, 0.0]
        assert list(model.cdf([-1, 0, 1])) == [0.0, 1.0, 1.0]
        assert list(model.icdf([0.0, 0.5, 1.0])) == [0.0, 0.0, 0.0]
        assert model.variance == 0.0
        assert np.isnan(model.skewness)
        assert np.isnan(model.kurtosis)
        assert list(model.sample(3, rng=0)) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("mean", "size"), [(1e8, 1.0), (1e8, 0.3), (3e5, 50.0)])
def test_the_entropy_of_a_wide_negative_binomial_is_near_that_of_its_gamma(mean, size):
    # X/mean tends to a gamma variable; the entropies differ by a term of the order of 1/mean.
    gamma = Gamma(size, size / mean).entropy
    assert NegativeBinomial(mean, size).entropy == pytest.approx(gamma, rel=1e-2 if size < 1 else 1e-5)


def test_the_series_of_the_poisson_entropy_meets_the_sum():
    below, above = Poisson(500.0), Poisson(np.nextafter(500.0, 501.0))
    assert below.entropy == pytest.approx(above.entropy, rel=1e-13)
