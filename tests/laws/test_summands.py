"""Sums of the few functions that a family names give what sums of its log density and derivatives give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import suffice as sf
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums
from tests.catalogue import UNIVARIATE, name_of

MODELS = [model for row in UNIVARIATE if row.family._summands is not None for model in (row.typical, *row.models)]
# Near the parameters from which on the sums have the digits that are needed.
NEAR = [
    sf.LogLogistic(9e3, 2.0),
    sf.BurrXII(3.0, 95.0, 2.0),
    sf.BurrXII(9e3, 0.5, 2.0),
    sf.Gompertz(1.0, 0.15),
    sf.GeneralizedPareto(2.0, 0.04),
    sf.GeneralizedPareto(2.0, -0.04),
    sf.GeneralizedPareto(2.0, -0.9),
    sf.GeneralizedPareto(2.0, 3.0),
]


class General:
    """A family without its summands."""

    def __init__(self, family: Any) -> None:
        self._log_density, self._derivatives = family._log_density, family._derivatives


def agree(found: LikelihoodSummary, general: LikelihoodSummary, rtol: float) -> None:
    """Compare, derivatives relative to the largest at the same parameters."""
    np.testing.assert_allclose(found.weight, general.weight)
    np.testing.assert_allclose(found.value, general.value, rtol=rtol, atol=1e-10)
    for a, b in ((found.gradient, general.gradient), (found.hessian, general.hessian)):
        assert a is not None
        assert b is not None
        for one, other, value in zip(a, b, general.value, strict=True):
            if np.isfinite(value):
                np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol * np.abs(other).max())


@pytest.mark.parametrize("model", [*MODELS, *NEAR], ids=name_of)
@pytest.mark.parametrize("weighted", [False, True])
def test_sums_of_summands_are_those_of_the_derivatives(model: Any, weighted: bool) -> None:
    x = model.sample(20_000, rng=3)
    weights = np.random.default_rng(4).integers(0, 3, len(x)) * 0.5 if weighted else None
    theta = np.array([model.theta, np.array(model.theta) * 1.01])
    block = Block(x[:, None], weights)
    agree(
        LikelihoodSums(type(model), theta).observe(block),
        LikelihoodSums(General(type(model)), theta).observe(block),
        1e-10,
    )


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_under_the_weights_of_replicates_too(model: Any) -> None:
    x, weights = model.sample(300, rng=3), np.random.default_rng(4).poisson(1.0, (5, 300)).astype(float)
    block, theta = Block(x[:, None], weights), np.array([model.theta])
    agree(
        LikelihoodSums(type(model), theta).observe(block),
        LikelihoodSums(General(type(model)), theta).observe(block),
        1e-9,
    )


@pytest.mark.parametrize(
    ("model", "x"),
    [
        (sf.Logistic(-1e3, 0.1), 3.0),
        (sf.Gumbel(1e3, 0.1), 3.0),
        (sf.LogLogistic(5e3, 1e-3), 3.0),
        (sf.LogLogistic(1e6, 3.0), 3.1),
        (sf.LogLogistic(2.0, 3.0), -1.0),
        (sf.BurrXII(3.0, np.inf, 1.0), 2.0),
        (sf.BurrXII(3.0, 1e4, 1.0), 2.0),
        (sf.BurrXII(3.0, 2.0, 1.0), -1.0),
        (sf.Gompertz(0.5, 0.0), 2.0),
        (sf.Gompertz(0.5, 1e-3), 2.0),
        (sf.Gompertz(0.5, 1.0), -1.0),
        (sf.Gompertz(1e-320, 400.0), 2.0),
        (sf.GeneralizedPareto(1.0, 0.0), 2.0),
        (sf.GeneralizedPareto(1.0, -0.5), 3.0),
        (sf.GeneralizedPareto(1.0, -1.0), 0.5),
        (sf.GeneralizedPareto(1.0, 0.5, 2.0), 1.0),
    ],
    ids=str,
)
def test_where_they_lose_digits_or_have_none_the_general_form_is_summed(model: Any, x: float) -> None:
    # the second parameters, and all rows but one, have nothing unusual
    usual = next(one for one in MODELS if type(one) is type(model))
    theta = np.array([model.theta, usual.theta])
    for values in ([x], [x, *usual.sample(20, rng=1)]):
        block = Block(np.array(values)[:, None])
        found, general = LikelihoodSums(type(model), theta), LikelihoodSums(General(type(model)), theta)
        agree(found.observe(block), general.observe(block), 1e-10)
        assert LikelihoodSums(type(model), theta, 0).observe(block).value == pytest.approx(
            LikelihoodSums(General(type(model)), theta, 0).observe(block).value, rel=1e-10
        )


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("end", [0.9734602747664127, 1.7, 3.3, 1e-5])
def test_a_row_at_the_end_of_the_support_is_in_it(end: float, order: int) -> None:
    # the uniform distribution, up to the largest value
    block = Block(np.linspace(0.1 * end, end, 7)[::order, None])
    found = LikelihoodSums(sf.GeneralizedPareto, np.array([[end, -1.0, 0.0]]), 0).observe(block)
    assert found.value == pytest.approx(-7.0 * np.log(end))
