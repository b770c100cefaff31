"""The exact median of data of any size, whatever sample its search starts from."""

import numpy as np
import pytest

from suffice.distributions.problem import Look, answer
from suffice.distributions.weighted_median import weighted_median
from suffice.sources.block import Block
from suffice.statistics.cell_weights import Gap


def found(x, weights=None, sample=64, seed=0, capacity=None):
    """Return the median from a look that sampled a few rows, and the number of passes that it took."""
    block, passes = Block(x[:, None], weights), []
    rows = np.random.default_rng(seed).permutation(len(x))[:sample]
    n = float(len(x)) if weights is None else float(weights.sum())

    def reduce(statistic):
        passes.append(statistic)
        if capacity is not None and isinstance(statistic, Gap):
            statistic = Gap(statistic.low, statistic.high, min(capacity, statistic.capacity))
        return statistic.observe(block)

    look = Look(n, x.min(), x.max(), block.take(rows), sample >= len(x))
    return answer(weighted_median(look), reduce), len(passes)


DATA = {
    "normal": lambda rng, n: rng.normal(size=n),
    "heavy tails": lambda rng, n: rng.standard_cauchy(n) * 1e100,
    "ties": lambda rng, n: np.round(rng.normal(size=n) * 3),
    "two values": lambda rng, n: rng.integers(0, 2, n).astype(float),
    "one value in the middle": lambda rng, n: np.where(rng.random(n) < 0.6, 0.0, rng.normal(size=n)),
    "a gap in the middle": lambda rng, n: np.sort(rng.normal(size=n)) + 100.0 * (np.arange(n) >= n // 2),
    "subnormal": lambda rng, n: rng.integers(1, 10**6, n) * 5e-324,
}


@pytest.mark.parametrize("kind", DATA)
@pytest.mark.parametrize("n", [3, 100, 1001, 20_000])
@pytest.mark.parametrize("capacity", [None, 16])
def test_it_is_the_median_of_the_sorted_data(kind, n, capacity):
    for seed in range(3):
        x = DATA[kind](np.random.default_rng(seed), n)
        assert found(x, sample=50, seed=seed, capacity=capacity)[0] == np.median(x)


@pytest.mark.parametrize("n", [200, 5001])
def test_weights_count_rows(n):
    rng = np.random.default_rng(n)
    for ties in (False, True):
        x = np.round(rng.normal(size=n), 1 if ties else 15)
        weights = rng.integers(0, 4, n).astype(float)
        assert found(x, weights, capacity=32)[0] == np.median(np.repeat(x, weights.astype(int)))


def test_fractional_weights_that_halve_are_taken_as_half():
    x, weights = np.arange(1000.0), np.full(1000, 0.1)
    assert np.cumsum(weights)[499] != 0.5 * weights.sum()
    assert found(x, weights)[0] == found(x)[0] == 499.5
    assert found(x, weights, sample=1000)[0] == 499.5


def test_a_sample_that_misleads_costs_passes_but_no_digit():
    x = np.sort(np.random.default_rng(1).normal(size=5001))
    block = Block(x[:, None])
    look = Look(5001.0, x[0], x[-1], block.take(np.arange(40)), False)  # the smallest rows
    assert answer(weighted_median(look), lambda statistic: statistic.observe(block)) == x[2500]


def test_two_passes_are_enough_for_a_million_rows():
    x = np.random.default_rng(2).normal(size=1_000_000)
    median, passes = found(x, sample=2048)
    assert median == np.median(x)
    assert passes == 2


def test_the_ends_of_the_range_of_numbers_have_a_middle():
    largest = np.finfo(float).max
    assert found(np.array([-largest, largest]), sample=2)[0] == 0.0
    assert found(np.array([0.9, 1.0]) * largest, sample=2)[0] == pytest.approx(0.95 * largest, rel=1e-15)
