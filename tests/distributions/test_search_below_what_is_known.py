"""Searches that cannot come near a log-likelihood that is known to be reached end there and then."""

from __future__ import annotations

import numpy as np
import pytest

import suffice as sf
from suffice.calculus.trust_region import Reason
from suffice.distributions.plan import problem_of
from suffice.distributions.problem import LEAD, answer, newton
from suffice.engines.threads import ThreadSession
from suffice.sources.block import Block

X = sf.Weibull(1.7, 2.0).sample(5000, rng=1)
START = np.array([[1.5, 1.5]])


def climbed(bar: float | None) -> tuple[object, int]:
    """Return the final state and the number of times that the data were asked for."""
    problem, asked = problem_of(sf.Weibull, 0.0, 1.0, {}), []

    def observed(statistic):
        asked.append(statistic)
        return statistic.observe(Block(X[:, None]))

    return answer(newton(problem, problem.coordinates.phi(START), float(len(X)), rivals=bar), observed), len(asked)


def test_a_search_that_cannot_reach_the_bar_ends_early():
    highest, passes = climbed(None)
    top = len(X) * highest.best_value[0]
    low, fewer = climbed(top + 1000.0)
    assert low.reason[0] == Reason.BEATEN
    assert not low.converged[0]
    assert fewer < passes
    assert len(X) * low.best_value[0] < top + 1000.0


@pytest.mark.parametrize("above", [-1000.0, 0.0, 0.5 * LEAD])
def test_one_that_can_reach_it_is_not_changed(above: float):
    highest, passes = climbed(None)
    found, as_many = climbed(len(X) * highest.best_value[0] + above)
    assert found.converged[0]
    assert as_many == passes
    np.testing.assert_array_equal(found.best, highest.best)


def test_a_limit_that_is_far_lower_costs_one_pass(monkeypatch: pytest.MonkeyPatch):
    passes, reduce = [], ThreadSession.reduce

    def counted(session, statistic):
        passes.append(statistic)
        return reduce(session, statistic)

    x = sf.BurrXII(2.0, 2.0, 1.0).sample(70_000, rng=3)
    weibull = sf.fit(sf.Weibull, x)
    monkeypatch.setattr(ThreadSession, "reduce", counted)
    fit = sf.fit(sf.BurrXII, x)
    assert fit.certificate.status == "maximum"
    assert fit.log_likelihood > weibull.log_likelihood + 100.0
    of_the_limit = [s for s in passes[1:] if s.statistic.density is sf.Weibull]
    assert len(of_the_limit) == 1
