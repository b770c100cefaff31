"""How a family of one variable is fitted to many rows."""

import numpy as np
import pytest

import suffice as sf
from suffice.distributions import plan
from suffice.engines.threads import ThreadSession
from tests.catalogue import name_of

MODELS = [
    sf.Weibull(1.7, 3),
    sf.SkewNormal(3, 2, 3),
    sf.Gumbel(10, 3),
    sf.Logistic(3, 2),
    sf.StudentT(10, 3, 5),
    sf.GeneralizedExtremeValue(10, 3, 0.1),
]


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_sample_saves_passes_and_changes_nothing_else(model, monkeypatch):
    passes = 0
    reduce = ThreadSession.reduce

    def counted(session, statistic):
        nonlocal passes
        passes += 1
        return reduce(session, statistic)

    monkeypatch.setattr(ThreadSession, "reduce", counted)
    x = model.sample(50_000, rng=1)
    monkeypatch.setattr(plan, "DEAR", 16)
    aided, few = sf.fit(type(model), x), passes
    monkeypatch.setattr(plan, "DEAR", np.inf)
    plain, many = sf.fit(type(model), x), passes - few
    assert few < many
    np.testing.assert_allclose(aided.model.theta, plain.model.theta, rtol=1e-11, atol=1e-11)
    assert aided.standard_errors == pytest.approx(plain.standard_errors, rel=1e-10)
    assert aided.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-14)
    assert aided.certificate.status == "maximum"
    assert aided.certificate.scope == plain.certificate.scope
    assert aided.certificate.gain < 1e-15
