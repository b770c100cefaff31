"""Digits: NIST's NumAcc3 and NumAcc4, and enormous offsets, against exact rational arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from suffice.engines import Threads
from suffice.sources import Block, as_source
from suffice.statistics import DropMissing, MergeTree, Moments, PoissonBootstrap, Scatter

ORDERS = ("given", "sorted", "shuffled")
SIZES = (1, 7, 128, 1000, 65_536)


def digits(value: float, exact: Decimal) -> float:
    """Return the number of right decimal digits."""
    with localcontext() as context:
        context.prec = 60
        error = abs(Decimal(value) / exact - 1)
        return 99.0 if error == 0 else -float(error.log10())


def exact_moments(x: np.ndarray) -> tuple[Decimal, Decimal]:
    """Return the mean and the standard deviation (n − 1) of the doubles themselves."""
    mantissa, exponent = np.frexp(x)
    lowest = int(exponent.min())
    shifts = (exponent - lowest).tolist()
    whole = [m << e for m, e in zip((mantissa * 2.0**53).astype(np.int64).tolist(), shifts, strict=True)]
    unit, n = Fraction(2) ** (lowest - 53), len(whole)
    total, squares = sum(whole), sum(v * v for v in whole)
    mean = Fraction(total, n) * unit
    variance = Fraction(n * squares - total * total, n * (n - 1)) * unit * unit
    with localcontext() as context:
        context.prec = 60
        as_decimal = [Decimal(f.numerator) / Decimal(f.denominator) for f in (mean, variance)]
        return as_decimal[0], as_decimal[1].sqrt()


def num_acc(base: float) -> np.ndarray:
    return np.array([base + 0.2, *([base + 0.1, base + 0.3] * 500)])


def in_order(x: np.ndarray, order: str) -> np.ndarray:
    if order == "sorted":
        return np.sort(x)
    return x if order == "given" else np.random.default_rng(1).permutation(x)


def in_blocks(statistic, x: np.ndarray, size: int):
    tree = MergeTree()
    for number, first in enumerate(range(0, len(x), size)):
        tree.add(number, statistic.observe(Block(x[first : first + size, None], None, None, first)))
    return tree.result()


DATA = {
    "NumAcc3": num_acc(1e6),
    "NumAcc4": num_acc(1e7),
    "1e9 + N(0, 1)": 1e9 + np.random.default_rng(0).normal(size=3000),
    "1e12 + N(0, 1)": 1e12 + np.random.default_rng(0).normal(size=3000),
}
EXACT = {name: exact_moments(x) for name, x in DATA.items()}


def test_the_exact_standard_deviations_are_those_published():
    assert abs(EXACT["NumAcc3"][1] - Decimal("0.100000000034924597")) < Decimal("1e-18")
    assert abs(EXACT["NumAcc4"][1] - Decimal("0.100000000558793545")) < Decimal("1e-18")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DATA)
def test_the_mean_has_15_digits_and_the_standard_deviation_13(name, size, order):
    x = in_order(DATA[name], order)
    mean, deviation = EXACT[name]
    for statistic in (Scatter(), Moments(), DropMissing(Scatter())):
        summary = in_blocks(statistic, x, size)
        assert digits(float(summary.mean[0]), mean) >= 15
        assert digits(float(summary.standard_deviation()[0]), deviation) >= 13


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [128, 65_536])
@pytest.mark.parametrize("name", DATA)
def test_weights_and_further_columns_cost_no_digits(name, size, order):
    x = in_order(DATA[name], order)
    mean, deviation = EXACT[name]
    tree, other = MergeTree(), MergeTree()
    for number, first in enumerate(range(0, len(x), size)):
        part = x[first : first + size]
        tree.add(number, Scatter().observe(Block(part[:, None], np.ones(len(part)), None, first)))
        other.add(number, Scatter().observe(Block(np.stack([part, -part], axis=1), None, None, first)))
    for summary in (tree.result(), other.result()):
        assert digits(float(summary.mean[0]), mean) >= 15
        assert digits(float(summary.standard_deviation()[0]), deviation) >= 13


@pytest.mark.parametrize("name", DATA)
def test_bootstrap_replicates_keep_their_digits(name):
    x = DATA[name]
    summary = in_blocks(PoissonBootstrap(3, 2, Scatter()), x, 500)
    from suffice.statistics.wrappers import poisson_counts

    counts = poisson_counts(3, 0, 0, 2, 0, len(x)).astype(int)
    for replicate in range(2):
        mean, deviation = exact_moments(np.repeat(x, counts[replicate]))
        assert digits(float(summary.mean[replicate, 0]), mean) >= 15
        assert digits(float(summary.standard_deviation()[replicate, 0]), deviation) >= 13


@pytest.mark.parametrize("offset", [1e9, 1e12])
def test_many_rows_in_many_blocks_keep_their_digits(offset):
    x = offset + np.random.default_rng(2).normal(size=300_000)
    mean, deviation = exact_moments(x)
    with Threads(2).open(as_source(x)) as session:
        summary = session.reduce(Scatter())
    assert digits(float(summary.mean[0]), mean) >= 15
    assert digits(float(summary.standard_deviation()[0]), deviation) >= 13


def test_an_outlier_of_little_weight_costs_the_others_no_digits():
    x = np.concatenate([np.random.default_rng(5).normal(size=4000), [1e6, -3e7]])
    weights = np.concatenate([np.full(4000, 1e12), [1.0, 2.0]])
    order = np.random.default_rng(6).permutation(len(x))
    x, weights = x[order], weights[order]
    values, masses = [Fraction(float(v)) for v in x], [Fraction(float(w)) for w in weights]
    total = sum(masses)
    mean = sum(w * v for v, w in zip(values, masses, strict=True)) / total
    scatter = sum(w * (v - mean) ** 2 for v, w in zip(values, masses, strict=True))
    summary = Scatter().observe(Block(x[:, None], weights))
    assert summary.scatter[0, 0] == pytest.approx(float(scatter), rel=1e-13)
    assert summary.mean[0] == pytest.approx(float(mean), rel=1e-12, abs=1e-15)
