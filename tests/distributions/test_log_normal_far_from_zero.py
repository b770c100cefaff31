"""Log-normal fits of data that vary little, against 60 digits."""

from decimal import Decimal

import mpmath as mp
import numpy as np
import pytest

import suffice as sf
from suffice.errors import NoMaximumError


def best(x, weights=None):
    """Return mu, sigma and log-likelihood at the maximum."""
    weights = [1] * len(x) if weights is None else [int(w) for w in weights]
    logs = [mp.log(mp.mpf(float(v))) for v in x]
    n = sum(weights)
    mu = sum(w * v for w, v in zip(weights, logs, strict=True)) / n
    sigma = mp.sqrt(sum(w * (v - mu) ** 2 for w, v in zip(weights, logs, strict=True)) / n)
    return mu, sigma, value_at(logs, weights, mu, sigma)


def value_at(logs, weights, mu, sigma):
    terms = [((v - mu) / sigma) ** 2 / 2 + mp.log(sigma) + mp.log(2 * mp.pi) / 2 + v for v in logs]
    return -sum(w * term for w, term in zip(weights, terms, strict=True))


def data(offset, n=1000):
    return offset + np.random.default_rng(0).normal(size=n)


def assert_best(fit, x, weights=None):
    with mp.workdps(60):
        mu, sigma, value = best(x, weights)
        assert fit.certificate.status == "maximum"
        assert abs(fit.model.mu - mu) <= np.spacing(abs(float(mu)))
        assert abs(fit.model.sigma / sigma - 1) < 1e-12
        assert abs(fit.log_likelihood - value) < 1e-9


@pytest.mark.parametrize("offset", [10.0**k for k in (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)])
def test_a_fit_far_from_zero_is_certified_and_right(offset):
    assert_best(sf.fit(sf.LogNormal, data(offset)), data(offset))


@pytest.mark.parametrize("scale", [1e-250, 2.0**-40, 1e250])
def test_a_fit_far_from_zero_moves_with_the_unit(scale):
    x = scale * data(1e9)
    fit = sf.fit(sf.LogNormal, x)
    with mp.workdps(60):
        mu, sigma, value = best(x)
        assert abs(fit.model.mu - mu) <= np.spacing(abs(float(mu)))
        assert abs(fit.model.sigma / sigma - 1) < 1e-12
        assert abs(fit.log_likelihood / value - 1) < 1e-14


def test_weights_and_summaries_far_from_zero():
    x, weights = data(1e9, 300), np.random.default_rng(2).integers(1, 5, 300).astype(float)
    assert_best(sf.fit(sf.LogNormal, x, weights=weights), x, weights)
    parts = [sf.summarize(part, sf.LogNormal) for part in np.array_split(x, 7)]
    total = parts[0]
    for part in parts[1:]:
        total = total.merge(part)
    assert_best(sf.fit(sf.LogNormal, total), x)


def test_many_blocks_have_the_digits_of_one():
    x = 1e9 + np.random.default_rng(4).normal(size=140_000)
    fit = sf.fit(sf.LogNormal, x)
    # log x to 40 digits by the series about 1e9: its third term is below 1e-27.
    t = [(Decimal(float(v)) - 1_000_000_000) / 1_000_000_000 for v in x]
    logs = [u - u * u / 2 + u * u * u / 3 for u in t]
    mean = sum(logs) / len(x)
    variance = sum((v - mean) ** 2 for v in logs) / len(x)
    sigma = float(variance.sqrt())
    assert fit.model.sigma == pytest.approx(sigma, rel=1e-13)
    with mp.workdps(40):
        value = -len(x) * (mp.log(sigma) + mp.log(2 * mp.pi) / 2 + mp.mpf(1) / 2 + mp.log(10) * 9 + mp.mpf(str(mean)))
        assert abs(fit.log_likelihood - value) < 1e-9
    one, two = (sf.fit(sf.LogNormal, x, engine=sf.Threads(k)) for k in (1, 2))
    assert one.model == two.model == fit.model
    assert one.log_likelihood == two.log_likelihood == fit.log_likelihood


@pytest.mark.parametrize(
    "fixed", [{"mu": float(np.log(1e9))}, {"sigma": 2e-9}, {"mu": float(np.log(1e9)), "sigma": 2e-9}]
)
def test_fixed_parameters_far_from_zero(fixed):
    x = data(1e9, 200)
    fit = sf.fit(sf.LogNormal, x, fixed=fixed)
    with mp.workdps(60):
        logs = [mp.log(mp.mpf(float(v))) for v in x]
        mu = mp.mpf(fixed["mu"]) if "mu" in fixed else sum(logs) / len(x)
        squares = sum((v - mu) ** 2 for v in logs) / len(x)
        sigma = mp.mpf(fixed["sigma"]) if "sigma" in fixed else mp.sqrt(squares)
        assert abs(fit.log_likelihood - value_at(logs, [1] * len(x), mu, sigma)) < 1e-9
        assert abs(fit.model.sigma / sigma - 1) < 1e-12
    assert all(getattr(fit.model, name) == value for name, value in fixed.items())
    assert set(fit.standard_errors) == {"mu", "sigma"} - set(fixed) if len(fixed) < 2 else True


@pytest.mark.parametrize("offset", [1e3, 1e6, 1e9])
def test_intervals_far_from_zero_are_those_of_the_normal(offset):
    x = data(offset, 400)
    fit, normal = sf.fit(sf.LogNormal, x), sf.fit(sf.Normal, (x - offset) / offset)
    # log x − log c = t − t²/2 + …, which at t ≈ 1/c changes σ by a share of about 1/c.
    assert fit.standard_errors["mu"] == pytest.approx(normal.standard_errors["mu"], rel=3.0 / offset)
    for method in ("profile", "bootstrap"):
        mine, other = (f.interval("sigma", method=method, replicates=99) for f in (fit, normal))
        assert mine.lower == pytest.approx(other.lower, rel=3.0 / offset + 1e-7)
        assert mine.upper == pytest.approx(other.upper, rel=3.0 / offset + 1e-7)
    mine, other = fit.interval("mu"), normal.interval("mu")
    width = other.upper - other.lower
    assert mine.upper - mine.lower == pytest.approx(width, rel=3.0 / offset + 1e-7, abs=8e-15)
    robust = fit.robust_standard_errors()["sigma"] / normal.robust_standard_errors()["sigma"]
    assert robust == pytest.approx(1.0, rel=3.0 / offset + 1e-6)


def test_a_saved_fit_far_from_zero_comes_back(tmp_path):
    fit = sf.fit(sf.LogNormal, data(1e9))
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    assert again.model == fit.model
    assert again.log_likelihood == fit.log_likelihood
    assert again.interval("mu") == fit.interval("mu")


def test_constant_data_are_refused_unless_sigma_is_fixed():
    with pytest.raises(NoMaximumError, match="constant: every value is 1000000000"):
        sf.fit(sf.LogNormal, [1e9, 1e9, 1e9])
    fit = sf.fit(sf.LogNormal, [1e9, 1e9], fixed={"sigma": 0.5})
    assert fit.model.mu == pytest.approx(np.log(1e9), rel=1e-15)
