"""The Pareto distribution: digits in both tails and near its minimum, and fitted by its smallest row.

Worst errors against 50 digits, in units of size and condition number, over a grid that reaches 1e-250 in both tails:
below 1e-15 for each function and quantile.
"""

import mpmath as mp
import numpy as np
import pytest
from distributions.agreement import grid, quantile_errors, tail_errors
from scipy import stats

import suffice as sf
from suffice.errors import NoMaximumError, OutsideSupportError
from suffice.sources.block import Block
from suffice.statistics import LogAboveMinimum

THETA = [(1.0, 2.5), (300.0, 40.0), (0.01, 1e6), (1e-200, 1.2), (1e200, 0.9)]


def pareto(x, minimum, shape):
    far = mp.log(x / minimum)
    return mp.log(shape / minimum) - (shape + 1) * far, -mp.expm1(-shape * far), mp.exp(-shape * far)


@pytest.mark.parametrize("theta", THETA)
def test_density_and_both_tails_agree_with_fifty_digits(theta):
    model = sf.Pareto(*theta)
    points = grid(model)
    errors = tail_errors(model, pareto, points[points > theta[0]])
    assert max(errors.values()) < 1e-15, errors
    assert quantile_errors(model) < 1e-14


@pytest.mark.parametrize("shape", [0.5, 1.5, 2.5, 3.5, 4.5, 30.0])
def test_it_agrees_with_scipy(shape):
    model, other = sf.Pareto(3.0, shape), stats.pareto(shape, scale=3.0)
    x = np.array([3.0, 3.1, 40.0, 1e5])
    assert model.logpdf(x) == pytest.approx(other.logpdf(x), rel=1e-13)
    assert model.logccdf(x) == pytest.approx(other.logsf(x), rel=1e-13)
    assert model.entropy == pytest.approx(float(other.entropy()), rel=1e-12)
    known = {1: "mean", 2: "variance", 3: "skewness", 4: "kurtosis"}
    for order, (name, letter) in enumerate(zip(known.values(), "mvsk", strict=True), start=1):
        if shape > order:
            assert getattr(model, name) == pytest.approx(float(other.stats(moments=letter)), rel=1e-9)
        else:
            assert not np.isfinite(getattr(model, name))


def test_the_shape_of_large_and_small_moments():
    a = mp.mpf(10) ** 9
    exact = 6 * (a**3 + a**2 - 6 * a - 2) / (a * (a - 3) * (a - 4))
    assert sf.Pareto(1, 1e9).kurtosis == pytest.approx(float(exact), rel=1e-15)
    assert sf.Pareto(2, 1.5).mean == 6.0
    assert np.isinf(sf.Pareto(2, 1.5).standard_deviation)
    assert np.isnan(sf.Pareto(2, 0.5).standard_deviation)


def test_nothing_lies_below_the_minimum():
    model = sf.Pareto(2.0, 3.0)
    assert (model.pdf(1.99), model.cdf(1.99), model.ccdf(-5.0)) == (0.0, 0.0, 1.0)
    assert (model.icdf(0.0), model.iccdf(1.0), model.pdf(2.0)) == (2.0, 2.0, pytest.approx(1.5, rel=1e-15))


def test_the_fit_is_the_smallest_row_and_the_mean_logarithm_above_it():
    x = sf.Pareto(30.0, 4.0).sample(200, rng=1)
    fit = sf.fit(sf.Pareto, x)
    assert fit.model.minimum == x.min()
    assert fit.model.shape == pytest.approx(stats.pareto.fit(x, floc=0)[0], rel=1e-9)
    assert fit.model.shape == pytest.approx(200 / np.log(x / x.min()).sum(), rel=1e-13)
    assert fit.log_likelihood == pytest.approx(stats.pareto.logpdf(x, fit.model.shape, scale=x.min()).sum(), rel=1e-12)
    assert (fit.certificate.status, fit.certificate.scope) == ("boundary", "global")
    assert "minimum/(n shape - 1) above the true minimum" in fit.certificate.reason
    assert fit.free_parameters == 2


def test_a_fixed_minimum_leaves_a_regular_family():
    x = sf.Pareto(30.0, 4.0).sample(200, rng=1)
    fit = sf.fit(sf.Pareto, x, fixed={"minimum": 30.0})
    assert fit.certificate.status == "maximum"
    assert fit.model.shape == pytest.approx(200 / np.log(x / 30.0).sum(), rel=1e-13)
    assert fit.standard_errors == {"shape": pytest.approx(fit.model.shape / np.sqrt(200), rel=1e-9)}
    # log(x/30) is exponential with the shape as its rate
    other = sf.fit(sf.Exponential, np.log(x / 30.0)).interval("rate")
    assert list(fit.interval("shape")) == pytest.approx(list(other), rel=1e-9)
    assert fit.robust_standard_errors()["shape"] > 0.0
    assert fit.interval("shape", method="bootstrap", replicates=199).lower < fit.model.shape
    with pytest.raises(OutsideSupportError):
        sf.fit(sf.Pareto, x, fixed={"minimum": 31.0})


def test_a_fixed_shape_leaves_the_minimum():
    x = sf.Pareto(30.0, 4.0).sample(50, rng=1)
    fit = sf.fit(sf.Pareto, x, fixed={"shape": 4.0})
    assert (fit.certificate.status, fit.model) == ("boundary", sf.Pareto(x.min(), 4.0))
    assert list(fit.interval("minimum")) == [pytest.approx(x.min() * 0.05 ** (1 / 200), rel=1e-14), x.min()]


def test_constant_data_have_no_maximum():
    with pytest.raises(NoMaximumError, match=r"every value is 2.5, and the likelihood of Pareto grows .* shape → ∞"):
        sf.fit(sf.Pareto, [2.5, 2.5, 2.5])
    with pytest.raises(NoMaximumError, match="shape → ∞"):
        sf.fit(sf.Pareto, [2.5, 2.5], fixed={"minimum": 2.5})
    assert sf.fit(sf.Pareto, [2.5, 2.5], fixed={"minimum": 1.0}).model.shape == pytest.approx(1 / np.log(2.5))
    assert sf.fit(sf.Pareto, [2.5, 2.5], fixed={"shape": 3.0}).model == sf.Pareto(2.5, 3.0)


def test_values_that_are_not_positive_are_refused():
    with pytest.raises(OutsideSupportError, match="value 0 in row 2"):
        sf.fit(sf.Pareto, [3.0, 0.0, 4.0])


@pytest.mark.parametrize("unit", [1e-300, 1e290])
def test_extreme_units_lose_no_digit(unit):
    x = sf.Pareto(1.0, 2.0).sample(31, rng=3)
    here, there = sf.fit(sf.Pareto, x), sf.fit(sf.Pareto, unit * x)
    assert there.model.minimum == unit * here.model.minimum
    assert there.model.shape == pytest.approx(here.model.shape, rel=1e-14)


def test_rows_close_to_the_minimum_keep_their_digits():
    x = 1.0 + np.arange(1, 60) * 2.0**-48
    with mp.workdps(40):
        exact = 59 / mp.fsum(mp.log(mp.mpf(float(v)) / mp.mpf(float(x[0]))) for v in x)
    assert sf.fit(sf.Pareto, x).model.shape == pytest.approx(float(exact), rel=1e-14)


def test_merged_summaries_give_the_fit_of_all_rows():
    x = sf.Pareto(2.0, 3.0).sample(100, rng=1)
    merged = sf.summarize(x[:30], sf.Pareto).merge(sf.summarize(x[30:], sf.Pareto))
    fit, whole = sf.fit(sf.Pareto, merged), sf.fit(sf.Pareto, x)
    assert fit.model.minimum == x.min()
    assert fit.model.shape == pytest.approx(whole.model.shape, rel=1e-14)
    assert list(fit.interval("minimum")) == pytest.approx(list(whole.interval("minimum")), rel=1e-14)


def test_replicates_of_the_logarithms_equal_each_by_itself():
    x, weights = sf.Pareto(2.0, 3.0).sample(50, rng=1), np.random.default_rng(2).poisson(1.0, (4, 50)).astype(float)
    together = LogAboveMinimum().observe(Block(x[:, None], weights))
    for i, one in enumerate(weights):
        alone = LogAboveMinimum().observe(Block(x[:, None], one))
        assert together.state[i] == pytest.approx(alone.state, rel=1e-14)
        assert alone.minimum == x[one > 0].min()
