"""Weibull fits under weights that differ by many powers of ten."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import fitted

import suffice as sf
from suffice.distributions.weibull import Weibull


def best_shape(x, weights):
    """Return the root of the profile score of the shape, by bisection with 60 digits."""
    with mp.workdps(60):
        logs, w = [mp.log(mp.mpf(float(v))) for v in x], [mp.mpf(float(v)) for v in weights]
        mean = sum(a * b for a, b in zip(w, logs, strict=True)) / sum(w)

        def score(k):
            powers = [a * mp.exp(k * (b - mean)) for a, b in zip(w, logs, strict=True)]
            return sum(p * b for p, b in zip(powers, logs, strict=True)) / sum(powers) - mean - 1 / k

        low, high = mp.mpf("1e-3"), mp.mpf("1e6")
        while high / low > 1 + mp.mpf("1e-14"):
            middle = mp.sqrt(low * high)
            low, high = (middle, high) if score(middle) < 0 else (low, middle)
        return float(high)


@pytest.mark.parametrize("n", [5, 30, 300])
@pytest.mark.parametrize("heavy", [1e3, 1e6, 1e12])
@pytest.mark.parametrize("where", ["first", "lowest", "highest"])
def test_one_dominating_weight_does_not_prevent_a_fit(n, heavy, where):
    x = np.random.default_rng(7).weibull(2.0, n)
    weights = np.ones(n)
    weights[{"first": 0, "lowest": x.argmin(), "highest": x.argmax()}[where]] = heavy
    truth = best_shape(x, weights)
    if truth > 1e5:
        pytest.skip("beyond the shapes that are checked here")
    solution = fitted(Weibull, x, weights)
    assert (solution.status, solution.reason) == ("", "")
    assert np.linalg.eigvalsh(-solution.hessian)[0] > 0.0
    assert solution.model.shape == pytest.approx(truth, rel=1e-10)


def test_rows_without_weight_have_no_part_in_the_start():
    x = np.random.default_rng(7).weibull(2.0, 30)
    more, weights = np.append(x, [1e-5, 1e5]), np.append(np.ones(30), [0.0, 0.0])
    assert fitted(Weibull, more, weights).model.shape == pytest.approx(fitted(Weibull, x).model.shape, rel=1e-9)


def test_the_start_is_the_maximum_for_the_rows_it_sees():
    x = np.random.default_rng(8).weibull(0.7, 200)
    start = Weibull._starts(x, np.ones(200))[0]
    assert start == pytest.approx(fitted(Weibull, x).model.theta, rel=1e-5)


def test_constant_data_have_a_start_where_the_shape_is_fixed():
    assert fitted(Weibull, np.full(9, 3.0), fixed={"shape": 2.0}).model.scale == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize("shape", [1e-3, 3.0, 50.0, 1000.0, 1e5])
@pytest.mark.parametrize("n", [100, 100_000])
def test_a_fixed_shape_has_its_scale_in_closed_form_whatever_the_outlier(shape, n):
    x = np.random.default_rng(0).gamma(2.0, size=n)
    x[0] = 1e5
    fit = sf.fit(sf.Weibull, x, fixed={"shape": shape})
    assert fit.certificate.status == "maximum"
    right = 1e5 * np.mean((x / 1e5) ** shape) ** (1.0 / shape)
    assert fit.model.scale == pytest.approx(right, rel=1e-11)
