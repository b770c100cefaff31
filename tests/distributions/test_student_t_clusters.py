"""Student t fits of data of which a part is a narrow cluster: the maximum may sit there, far from the median."""

import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf


def mixed(body, place, width, count, seed=0):
    rng = np.random.default_rng(seed)
    x = np.concatenate([body(rng), rng.normal(place, width, count)])
    rng.shuffle(x)
    return x


CASES = {
    "skewed body": (lambda rng: rng.lognormal(size=600), -0.3, 0.01, 400),
    "flat body": (lambda rng: rng.uniform(-3.0, 3.0, 700), 0.5, 0.003, 300),
    "normal body": (lambda rng: rng.normal(size=700), 0.5, 0.001, 300),
    "many rows": (lambda rng: rng.normal(size=3200), 0.1, 0.02, 2800),
}


@pytest.mark.parametrize("case", CASES)
def test_a_maximum_in_a_narrow_cluster_is_found(case):
    body, place, width, count = CASES[case]
    x = mixed(body, place, width, count)

    def loss(at):
        return -stats.t.logpdf(x, np.exp(at[2]), at[0], np.exp(at[1])).sum()

    start = [place, np.log(1.3 * width), np.log(0.25)]
    options = {"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000}
    best = optimize.minimize(loss, start, method="Nelder-Mead", options=options)
    fit = sf.fit(sf.StudentT, x)
    assert fit.certificate.status == "maximum"
    assert fit.log_likelihood >= -best.fun - 1e-6


def test_a_limit_says_where_an_edge_of_the_region_is_higher():
    x = np.r_[np.linspace(-1.0, 1.0, 12), 0.1, 0.1 + 1e-9]
    fit = sf.fit(sf.StudentT, x)
    assert fit.certificate.status == "no finite maximum"
    assert "df → ∞" in fit.certificate.reason
    if "it is higher still" in fit.certificate.reason:
        assert "around values that stand close together" in fit.certificate.reason
