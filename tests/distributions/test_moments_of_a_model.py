"""Moments and entropies by quadrature where a density has no end or a value is an end in double precision."""

import numpy as np
import pytest
from scipy import special

import suffice as sf
from suffice.errors import NotAvailableError

# Entropies, by mpmath: quadrature with 30 digits in log x or in the logit of x.
ENTROPIES = [
    (sf.truncated(sf.Gamma(0.3, 2), upper=1), -1.899379934968228, 1e-12),
    (sf.truncated(sf.Beta(0.3, 0.4), lower=0.1), -0.4142450895255403, 1e-12),
    (sf.truncated(sf.Beta(0.3, 0.4), upper=0.9), -0.8740506649872458, 1e-12),
    (sf.truncated(sf.Beta(0.3, 0.4), lower=0.2, upper=0.9), -0.366408035176855, 1e-12),
    # near 1 a double has 8 digits of x − 1 where its density is still taken
    (sf.truncated(sf.shifted(sf.Gamma(0.3, 2), by=1), upper=2), -1.899379934968228, 1e-8),
    # of the family with all of its digits: a closed form
    (sf.truncated(sf.StudentT(0, 1, 0.2), lower=0), sf.StudentT(0, 1, 0.2).entropy - np.log(2), 1e-12),
    (sf.truncated(sf.Pareto(1, 0.3), lower=2), np.log(2 / 0.3) + 1 + 1 / 0.3, 1e-12),
]


@pytest.mark.parametrize(("model", "entropy", "within"), ENTROPIES, ids=lambda value: str(value)[:60])
def test_an_entropy_counts_values_that_round_to_an_end(model, entropy, within):
    assert model.entropy == pytest.approx(entropy, rel=within)


@pytest.mark.parametrize("shape", [0.02, 0.3, 5.0])
def test_the_logarithm_of_a_gamma_has_the_moments_that_polygammas_give(shape):
    model = sf.transformed(sf.Gamma(shape, 1), sf.maps.log)
    mean, variance, third, fourth = special.polygamma(np.arange(4), shape)
    assert (model.mean, model.standard_deviation) == pytest.approx((mean, np.sqrt(variance)), rel=1e-12)
    assert (model.skewness, model.kurtosis) == pytest.approx((third / variance**1.5, fourth / variance**2), rel=1e-11)
    assert model.entropy == pytest.approx(special.gammaln(shape) - shape * mean + shape, rel=1e-12)


@pytest.mark.parametrize("exponent", [0.5, 2.0, -1.0, -0.01])
def test_a_power_of_a_gamma_has_the_moments_of_powers(exponent):
    model = sf.transformed(sf.Gamma(0.3, 1), sf.maps.power(exponent))
    mean = special.gamma(0.3 + exponent) / special.gamma(0.3) if exponent > -0.3 else np.inf
    slope = np.log(abs(exponent)) + (exponent - 1) * special.digamma(0.3)
    assert model.mean == pytest.approx(mean, rel=1e-12)
    assert model.entropy == pytest.approx(sf.Gamma(0.3, 1).entropy + slope, rel=1e-10)


@pytest.mark.parametrize(
    ("base", "mean", "deviation"),
    [
        (sf.Weibull(0.2, 1), -np.euler_gamma / 0.2, np.pi / np.sqrt(6) / 0.2),
        (sf.ChiSquared(0.1), special.digamma(0.05) + np.log(2), np.sqrt(special.polygamma(1, 0.05))),
        (
            sf.Beta(0.3, 0.4),
            special.digamma(0.3) - special.digamma(0.7),
            np.sqrt(special.polygamma(1, 0.3) - special.polygamma(1, 0.7)),
        ),
        (sf.LogNormal(0, 80), 0.0, 80.0),
    ],
    ids=str,
)
def test_logarithms_have_their_moments_where_values_underflow(base, mean, deviation):
    model = sf.transformed(base, sf.maps.log)
    assert (model.mean, model.standard_deviation) == pytest.approx((mean, deviation), rel=1e-12)


def test_what_no_law_continues_is_refused():
    """Of exp(400 z) a share of 0.09 underflows or overflows, and it is no power law there."""
    with pytest.raises(NotAvailableError, match=r"with probability 0\.091 a value of the model is an end of"):
        _ = sf.transformed(sf.LogNormal(0, 400), sf.maps.log).mean


def test_the_mean_of_a_fitted_logarithm_has_an_interval():
    x = np.log(sf.Gamma(0.3, 1).sample(200, rng=1))
    fit = sf.fit(sf.transformed(sf.Gamma, sf.maps.log), x)
    found = fit.interval(sf.targets.mean(), method="wald")
    assert fit.model.mean == pytest.approx(x.mean(), rel=1e-9)
    assert found.lower < fit.model.mean < found.upper
