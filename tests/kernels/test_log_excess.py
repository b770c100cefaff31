"""The merge of excesses and the sum of logarithms, against mpmath and against what NumPy says of the rows."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from suffice.kernels.log_excess import excess_at
from suffice.kernels.log_product import log_sum
from suffice.sources.block import Block
from suffice.statistics.log_excess import LogExcess

LOG_2 = float(np.log(2.0))


@pytest.mark.parametrize("t", [-1 + 1e-12, -0.9, -0.1, -0.0999, -1e-8, 0.0, 1e-300, 1e-8, 0.0999, 0.1, 3.0, 1e200])
def test_the_excess_has_all_its_digits(t):
    with mp.workdps(50):
        exact = float(mp.mpf(t) - mp.log1p(mp.mpf(t)))
    # from |t| = 0.1 on, the quotient that the logarithm is taken of rounds by half a unit
    rounding = 3e-16 * max(1.0, abs(t)) if abs(t) >= 0.1 else 0.0
    assert excess_at(t, 1.0 + t, 1.0) == pytest.approx(exact, rel=1e-15, abs=rounding)


def test_the_excess_of_the_smallest_values_is_finite():
    assert excess_at(5e-324 - 1e300, 5e-324, 1e300) == pytest.approx(-1.0 - np.log(5e-324) + np.log(1e300), rel=1e-15)


@pytest.mark.parametrize("spread", [1e-9, 1e-3, 1.0])
@pytest.mark.parametrize("cut", [0, 1, 400, 1_000])
def test_merged_equals_whole(spread, cut):
    x = 1e6 * np.exp(spread * np.random.default_rng(3).normal(size=(1_000, 1)))
    parts = [LogExcess().observe(Block(rows)) for rows in (x[:cut], x[cut:])]
    whole = LogExcess().observe(Block(x))
    np.testing.assert_allclose(parts[0].merge(parts[1]).state[[0, 1, 3]], whole.state[[0, 1, 3]], rtol=1e-13)


def test_replicates_merge_one_by_one():
    rng = np.random.default_rng(4)
    x, weights = rng.gamma(2.0, size=(60, 1)), rng.poisson(1.0, (5, 60)).astype(float)
    weights[1, :30] = weights[2, 30:] = weights[3] = 0.0
    left, right = (
        LogExcess().observe(Block(x[:30], weights[:, :30])),
        LogExcess().observe(Block(x[30:], weights[:, 30:])),
    )
    whole = LogExcess().observe(Block(x, weights))
    np.testing.assert_allclose(left.merge(right).state[:, [0, 1, 3]], whole.state[:, [0, 1, 3]], rtol=1e-13)


@pytest.mark.parametrize("n", [0, 1, 63, 64, 257, 4_096, 65_536, 256_257])
def test_the_sum_of_logarithms_is_that_of_numpy(n):
    x = np.exp(30.0 * np.random.default_rng(n).normal(size=n))
    first, powers = log_sum(x)
    exact = float(np.log(x.astype(np.longdouble)).sum())
    assert first + powers * LOG_2 == pytest.approx(exact, abs=1e-16 * (1_000.0 + 10.0 * n))


@pytest.mark.parametrize("bad", [0.0, -0.0, -1.0, np.nan, np.inf, -np.inf, 5e-324, -5e-324])
@pytest.mark.parametrize("at", [0, 1, 255, 256, 999])
def test_a_value_without_a_normal_logarithm_gives_nan(bad, at):
    x = np.full(1_000, 3.0)
    x[at] = bad
    assert np.isnan(log_sum(x)[0])
