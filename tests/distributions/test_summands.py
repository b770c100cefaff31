"""Kernels that sum the functions of which likelihoods are made, against sums of the functions themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from suffice.distributions.summands import ExponentialSummands, LogisticSummands, ParetoSummands

SIZES = [0, 1, 2, 63, 64, 65, 255, 256, 257, 511, 513, 4097, 10_001]


def made(kind: Any, n: int) -> Any:
    rng = np.random.default_rng(n)
    y = rng.normal(0.3, 1.0, (3, n))
    if kind is ParetoSummands:
        x = np.exp(y)
        return ParetoSummands(np.array([[0.7], [-0.9 / x.max(initial=1.0)], [1e-3]]) * x)
    return kind(y, np.exp(2.0 * y))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", [ExponentialSummands, LogisticSummands, ParetoSummands])
def test_the_kernel_sums_what_the_functions_are(kind: Any, n: int) -> None:
    summands = made(kind, n)
    each = [np.broadcast_to(f, (3, n)) for f in summands.each()]
    largest = [np.abs(f).max(initial=0.0) for f in each]
    for found, f, size in zip(summands.sums(), each, largest, strict=True):
        np.testing.assert_allclose(found, f.sum(axis=-1), rtol=1e-13, atol=1e-14 * n * size)


@pytest.mark.parametrize("kind", [ExponentialSummands, LogisticSummands, ParetoSummands])
def test_rows_of_an_array_are_summed_as_if_alone(kind: Any) -> None:
    whole = made(kind, 1001)
    parts = [
        ParetoSummands(whole.w[i : i + 1]) if kind is ParetoSummands else kind(whole.y[i], whole.t[i : i + 1])
        for i in range(3)
    ]
    np.testing.assert_array_equal(np.asarray(whole.sums()), np.concatenate([part.sums() for part in parts], axis=1))


@pytest.mark.parametrize("t", [1e-17, 3e-16, 1e-9, 1e-3, 1 / 3, 1e300])
def test_the_logarithm_keeps_what_one_plus_t_rounds_off(t: float) -> None:
    # in all rows alike, which would add up
    n = 10_000
    found = LogisticSummands(np.zeros(n), np.full((1, n), t)).sums()[1]
    np.testing.assert_allclose(found, n * np.log1p(t), rtol=1e-15, atol=4e-17 * n)
    if t < 1.0:
        for c in (t, -t):
            found = ParetoSummands(np.full((1, n), c)).sums()[0]
            np.testing.assert_allclose(found, n * np.log1p(c), rtol=1e-15, atol=4e-17 * n)


@pytest.mark.parametrize("at", [0, 64, 4000, 9_999])
def test_one_row_beyond_the_end_or_on_it_is_told(at: int) -> None:
    w = np.full((1, 10_000), -0.5)
    w[0, at] = -1.5
    assert np.isnan(ParetoSummands(w).sums()).all()
    w[0, at] = -1.0
    assert np.isposinf(ParetoSummands(w).sums()).all()


def test_an_overflow_is_not_finite() -> None:
    t = np.full((1, 1000), 0.5)
    t[0, 700] = np.inf
    assert not np.isfinite(LogisticSummands(np.zeros(1000), t).sums()[1:]).any()
