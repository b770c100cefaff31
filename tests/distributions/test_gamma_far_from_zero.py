"""Gamma fits of data that vary little: shapes from 1 to 1e18, against 60 digits."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import fitted

import suffice as sf
from suffice.distributions.gamma import Gamma
from suffice.sources.block import Block
from suffice.statistics.log_excess import LogExcess


def best(x):
    """Return shape, rate and log-likelihood at the maximum."""
    values = [mp.mpf(float(v)) for v in x]
    n, total, logs = len(values), sum(values), sum(mp.log(v) for v in values)
    spread = mp.log(total / n) - logs / n
    shape = 1 / (2 * spread)
    for _ in range(60):
        shape -= (mp.log(shape) - mp.digamma(shape) - spread) / (1 / shape - mp.polygamma(1, shape))
    rate = shape * n / total
    return shape, rate, n * (shape * mp.log(rate) - mp.loggamma(shape)) + (shape - 1) * logs - rate * total


def data(offset, n=60, scale=1.0):
    return scale * (offset + np.random.default_rng(20261121).normal(size=n))


@pytest.mark.parametrize("scale", [1.0, 1e-120, 1e120])
@pytest.mark.parametrize("offset", [4.0, 30.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e9, 1e12])
def test_a_fit_far_from_zero_is_certified_and_right(offset, scale):
    x = data(offset, scale=scale)
    with mp.workdps(60):
        shape, rate, value = best(x)
        fit = sf.fit(Gamma, x)
        assert fit.certificate.status == "maximum"
        assert abs(fit.model.shape / shape - 1) < 1e-12
        assert abs(fit.model.rate / rate - 1) < 1e-12
        assert abs(fit.log_likelihood / value - 1) < 1e-12


@pytest.mark.parametrize("offset", [3.0, 1e3, 1e6, 1e9])
def test_intervals_far_from_zero_are_those_of_the_normal_limit(offset):
    x = data(offset, n=400)
    fit = sf.fit(Gamma, x)
    for name in ("shape", "rate"):
        # log(shape) and log(rate) have a standard error of √(2/n), but for what the mean and small shapes add
        error = fit.standard_errors[name] / getattr(fit.model, name)
        assert error == pytest.approx(np.sqrt(2.0 / 400), rel=3.0 / offset**2 + 1e-6)
        ends = np.array([*fit.interval(name)]) / getattr(fit.model, name)
        # n/2 (log s − s + 1) of a normal sample's precision falls by 1.92 at these ratios s
        np.testing.assert_allclose(200.0 * (np.log(ends) - ends + 1.0), -1.9207, rtol=3.0 / offset**2 + 1e-4)
        drawn = fit.interval(name, method="bootstrap", replicates=99)
        assert 0.0 < drawn.lower < getattr(fit.model, name) < drawn.upper < 2.0 * getattr(fit.model, name)
    if offset > 100.0:  # near 0, a gamma is far from the normal that the data have
        assert fit.robust_standard_errors()["shape"] == pytest.approx(fit.standard_errors["shape"], rel=0.3)


def test_the_excess_of_the_logarithm_agrees_with_sixty_digits():
    for x in (
        data(1e9),
        data(30.0),
        np.random.default_rng(1).gamma(0.01, 1.0, 60) + 1e-300,
        np.array([1e-9, 1.0, 1e9]),
    ):
        with mp.workdps(60):
            values = [mp.mpf(float(v)) for v in x]
            mean = sum(values) / len(x)
            truth = sum(v / mean - 1 - mp.log(v / mean) for v in values)
        whole = LogExcess().observe(Block(x[:, None]))
        assert whole.excess == pytest.approx(float(truth), rel=1e-13)
        parts = [LogExcess().observe(Block(part[:, None])) for part in np.array_split(np.sort(x), 5)]
        total = parts[0]
        for part in parts[1:]:
            total = total.merge(part)
        assert total.excess == pytest.approx(float(truth), rel=1e-13)


def test_rows_without_weight_do_not_count_in_the_excess_of_the_logarithm():
    x = np.array([1.0, np.nan, 2.0, -1.0, 5.0, np.inf])
    weights = np.array([1.0, 0.0, 2.0, 0.0, 1.0, 0.0])
    some = LogExcess().observe(Block(x[:, None], weights))
    same = LogExcess().observe(Block(x[[0, 2, 2, 4], None]))
    assert some.state == pytest.approx(same.state, rel=1e-15, abs=1e-15)
    both = LogExcess().observe(Block(x[:, None], np.stack([weights, 0.0 * weights])))
    assert both.state[0] == pytest.approx(same.state, rel=1e-14, abs=1e-15)
    assert not both.state[1].any()


def test_an_outlier_of_great_weight_leaves_the_others_their_digits():
    x = np.array([1.0, 1.0 + 1e-6, 1.0 - 1e-6, 1e6])
    weights = np.array([1e12, 1e12, 1e12, 1.0])
    with mp.workdps(60):
        mean = sum(mp.mpf(float(w)) * mp.mpf(float(v)) for v, w in zip(x, weights, strict=True)) / float(weights.sum())
        logs = [(mp.mpf(float(v)) / mean, float(w)) for v, w in zip(x, weights, strict=True)]
        truth = sum(w * (u - 1 - mp.log(u)) for u, w in logs)
    assert LogExcess().observe(Block(x[:, None], weights)).excess == pytest.approx(float(truth), rel=1e-10)


def test_values_that_are_not_positive_have_no_excess_of_the_logarithm():
    for x in ([-5.0, -5.1], [-1.0, 3.0]):
        assert np.isnan(LogExcess().observe(Block(np.array(x)[:, None])).excess)


def test_derivatives_of_large_shapes_keep_their_digits():
    shape, rate = 1e10, 1e10
    x = 1.0 + np.array([-3e-5, -1e-7, 0.0, 2e-5])
    (along_shape, along_rate), _ = Gamma._derivatives(x, shape, rate)
    with mp.workdps(60):
        values = [mp.mpf(float(v)) for v in x]
        truth = [float(mp.log(mp.mpf(rate) * v) - mp.digamma(mp.mpf(shape))) for v in values]
        slope = [float(mp.mpf(shape) / rate - v) for v in values]
    assert along_shape == pytest.approx(truth, rel=1e-10, abs=1e-16)
    assert along_rate == pytest.approx(slope, rel=1e-10, abs=1e-16)


def test_the_bootstrap_of_a_fit_far_from_zero_moves_with_the_data():
    near, far = data(1e4, 200), data(1e4, 200) * 1024.0
    assert fitted(Gamma, far).model.shape == pytest.approx(fitted(Gamma, near).model.shape, rel=1e-13)
    one, other = (sf.fit(Gamma, x).interval("rate", method="bootstrap", replicates=99) for x in (near, far))
    assert one.lower / 1024.0 == pytest.approx(other.lower, rel=1e-9)


@pytest.mark.parametrize(
    "x",
    [[1e308, 1.5e308, 1.2e308, 1.7e308], [1e-300, 1.0, 1e300], [1e-320, 1e-318, 1e3, 1e4], [1e-310, 3e-310, 2e-310]],
)
def test_the_excess_of_the_logarithm_neither_overflows_nor_underflows(x):
    with mp.workdps(60):
        mean = sum(mp.mpf(v) for v in x) / len(x)
        truth = float(sum(mp.mpf(v) / mean - 1 - mp.log(mp.mpf(v) / mean) for v in x))
    rows = np.array(x)[:, None]
    whole, first, rest = (LogExcess().observe(Block(part)) for part in (rows, rows[:1], rows[1:]))
    for summary in (whole, first.merge(rest), rest.merge(first)):
        assert summary.excess == pytest.approx(truth, rel=1e-13)
        assert summary.mean == pytest.approx(float(mean), rel=1e-15)
    weighted = LogExcess().observe(Block(rows, np.full(len(x), 2.0)))
    assert weighted.excess == pytest.approx(2 * truth, rel=1e-13)


def test_replicates_of_rows_with_one_dominating_weight_keep_the_digits_of_the_others():
    x = 100.0 + np.random.default_rng(3).normal(size=50)
    weights = np.ones((3, 50))
    weights[:, 0] = [1e12, 2e12, 3e12]
    together = LogExcess().observe(Block(x[:, None], weights))
    for i in range(3):
        alone = LogExcess().observe(Block(x[:, None], weights[i]))
        assert together.state[i] == pytest.approx(alone.state, rel=1e-9, abs=1e-13)
