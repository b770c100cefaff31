"""Composed families, their models and their fits come back as they were saved; a file that lies is refused."""

import json
import pickle

import numpy as np
import pytest

import suffice as sf
from suffice.distributions.rounded_family import rounded
from suffice.errors import LoadError, ParameterError

RNG = np.random.default_rng(20)
POSITIVE = RNG.gamma(4.0, 20.0, 80)
CASES = [
    (sf.truncated(sf.Gamma, lower=10), POSITIVE[POSITIVE > 10]),
    (sf.truncated(sf.Poisson, lower=1), 1.0 + RNG.poisson(2.0, 80)),
    (rounded(sf.Gamma, 10), 10 * np.round(POSITIVE / 10)),
    (rounded(sf.Normal, 10, origin=5), 5 + 10 * np.round(POSITIVE / 10)),
    (sf.shifted(sf.Gamma, by=10), 10 + POSITIVE),
    (sf.scaled(sf.Weibull, by=-2), -POSITIVE),
    (sf.transformed(sf.Normal, sf.maps.expit), RNG.beta(2, 3, 80)),
    (sf.transformed(sf.truncated(sf.Normal, lower=0), sf.maps.power(-1)), POSITIVE),
    (sf.shifted(sf.Binomial.of(n=10), by=3), 3.0 + RNG.binomial(10, 0.3, 80)),
    (sf.truncated(sf.GeneralizedPareto.of(threshold=0), upper=400), RNG.exponential(30.0, 80)),
    (sf.shifted(sf.scaled(sf.Exponential, by=-1), by=500), 500 - POSITIVE),
]
every_case = pytest.mark.parametrize(("family", "x"), CASES, ids=lambda value: repr(value) if value is not None else "")


@pytest.mark.parametrize(("family", "x"), CASES, ids=[repr(family) for family, _ in CASES])
def test_a_fit_and_its_model_come_back_equal(family, x, tmp_path):
    fit = sf.fit(family, x)
    sf.save(fit, tmp_path / "fit.json")
    sf.save(fit.model, tmp_path / "model.json")
    loaded, model = sf.load(tmp_path / "fit.json"), sf.load(tmp_path / "model.json")
    assert (loaded.family, loaded.model, model) == (family, fit.model, fit.model)
    assert hash(model) == hash(fit.model)
    assert repr(model) == repr(fit.model)
    assert loaded.certificate == fit.certificate
    assert loaded.standard_errors == fit.standard_errors
    assert loaded.is_data_free == (family.sufficient is not None)
    name = fit.solution.problem.names[0]
    here, there = fit.interval(name, method="profile"), loaded.interval(name, method="profile", data=x)
    assert (here.lower, here.upper) == pytest.approx((there.lower, there.upper), rel=1e-9)
    assert pickle.loads(pickle.dumps(fit.model)) == fit.model


def test_a_map_of_somebodys_own_cannot_be_saved(tmp_path):
    own = sf.maps.given(np.sinh, np.arcsinh, lambda y: np.log(np.cosh(y)), name="own")
    model = sf.transformed(sf.Normal(0, 1), own)
    with pytest.raises(ParameterError, match="GivenMap is no map that can be saved"):
        sf.save(model, tmp_path / "model.json")
    assert not (tmp_path / "model.json").exists()


def changed(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"lower": 0.0', '"lower": 5.0', "lower"),
        ('"type": "Truncated"', '"type": "Mapped"', "lacks 'map'|has 'lower'"),
        ('"type": "Normal"', '"type": "Imaginary"', "no known family"),
        ('"values": [', '"values": [3.0, ', "numbers"),
    ],
)
def test_a_file_that_lies_is_refused(old, new, message, tmp_path):
    path = tmp_path / "model.json"
    sf.save(sf.truncated(sf.Normal(0, 1), 0, 4), path)
    if "5.0" in new:
        new = '"lower": 5.0'
    changed(path, old, new)
    with pytest.raises(LoadError, match=message):
        sf.load(path)


def test_a_fit_whose_model_is_of_another_family_is_refused(tmp_path):
    path = tmp_path / "fit.json"
    sf.save(sf.fit(sf.shifted(sf.Gamma, by=10), 10 + POSITIVE), path)
    content = json.loads(path.read_text())
    content["value"]["model"]["family"]["map"]["shift"] = 9.0
    path.write_text(json.dumps(content))
    with pytest.raises(LoadError, match=r"the model is of shifted\(Gamma, by=9\), the family is shifted"):
        sf.load(path)
    content["value"]["model"]["family"]["map"]["shift"] = 10.0
    content["value"]["summary"]["map"]["shift"] = 9.0
    path.write_text(json.dumps(content))
    with pytest.raises(LoadError, match="has no sufficient summary of type MappedSummary"):
        sf.load(path)


def test_an_affine_map_that_does_both_is_refused(tmp_path):
    path = tmp_path / "model.json"
    sf.save(sf.scaled(sf.Normal(0, 1), by=3), path)
    content = json.loads(path.read_text())
    content["value"]["family"]["map"]["shift"] = 1.0
    path.write_text(json.dumps(content))
    with pytest.raises(LoadError, match="an affine map shifts or scales"):
        sf.load(path)
