"""Tails of the skew normal, von Mises and generalized normal against 40 digits, from the far lower to the far upper.

The smaller tail is right to 3e-15 times its condition number |x| p(x)/P plus the rounding of its logarithm, the
logarithm of the larger one to as much; that of the generalized normal to 2e-14, from SciPy's incomplete gamma function.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import suffice as sf

ROWS = json.loads((Path(__file__).parents[1] / "reference" / "shape_families_tails.json").read_text())
MODELS = {"SkewNormal": lambda s: sf.SkewNormal(0, 1, s), "VonMises": lambda k: sf.VonMises(0, k)}
MODELS["GeneralizedNormal"] = lambda b: sf.GeneralizedNormal(0, 1, b)


@pytest.mark.parametrize(("name", "x", "shape", "lower", "upper"), ROWS)
def test_tails_agree_with_forty_digits(name, x, shape, lower, upper):
    model, lower, upper = MODELS[name](shape), float(lower), float(upper)
    smaller = min(lower, upper)
    unit = 2e-14 if name == "GeneralizedNormal" else 3e-15
    if np.isinf(smaller):
        assert min(model.logcdf(x), model.logccdf(x)) == smaller
        return
    allowed = unit * (1.0 + abs(x) * np.exp(model.logpdf(x) - smaller)) + 4e-16 * abs(smaller)
    for logarithm, probability, truth in (
        (model.logcdf(x), model.cdf(x), lower),
        (model.logccdf(x), model.ccdf(x), upper),
    ):
        assert abs(logarithm - truth) <= allowed * (1.0 if truth == smaller else abs(truth)) + 1e-310
        if truth > -700.0:
            assert probability == pytest.approx(np.exp(truth), rel=allowed + 4e-16 * abs(truth))


def test_scipy_loses_these_digits():
    truth = {(row[0], row[1], row[2]): float(row[3]) for row in ROWS}
    case = ("SkewNormal", -3.0, 3.0)
    assert abs(stats.skewnorm.logcdf(*case[1:]) - truth[case]) > 1e-10
    case = ("VonMises", -2.0, 700.0)
    with np.errstate(divide="ignore"):
        assert not abs(np.log(stats.vonmises.cdf(*case[1:])) - truth[case]) < 1.0
