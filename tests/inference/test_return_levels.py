"""Return levels: Port Pirie (Coles 2001, chapter 3), and profiles against SciPy's searches."""

import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.errors import ParameterError

T = sf.targets
HALF = 0.5 * stats.chi2.ppf(0.95, 1)


@pytest.fixture(scope="module")
def levels():
    return np.loadtxt(sf.datasets.path("portpirie"), skiprows=1)


@pytest.fixture(scope="module")
def fit():
    return sf.fit(sf.GeneralizedExtremeValue, sf.datasets.path("portpirie"))


def reduced_level(shape, period):
    """Return (x − location)/scale at the return level."""
    y = -np.log1p(-1.0 / period)
    return -np.log(y) if abs(shape) < 1e-9 else (y**-shape - 1.0) / shape


def height(x, level, period):
    """Return the largest GEV log-likelihood with the return level held, by SciPy over scale and shape."""

    def loss(rest):
        scale, shape = np.exp(rest[0]), rest[1]
        location = level - scale * reduced_level(shape, period)
        value = -stats.genextreme.logpdf(x, -shape, location, scale).sum()
        return value if np.isfinite(value) else 1e10

    options = {"xatol": 1e-10, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}
    starts = ((-1.6, -0.1), (-1.6, 0.1))
    return -min(optimize.minimize(loss, s, method="Nelder-Mead", options=options).fun for s in starts)


@pytest.mark.parametrize("period", [10, 100])
def test_the_ends_of_a_profile_lose_exactly_the_quantile_under_refitting(fit, levels, period):
    interval = fit.interval(T.return_level(period), method="profile")
    assert interval.lower < interval.estimate < interval.upper
    for end in interval:
        assert fit.log_likelihood - height(levels, end, period) == pytest.approx(HALF, abs=2e-6)


def test_port_pirie_has_the_published_intervals(fit):
    """Coles gives two decimals; those of the profile are read from a curve."""
    ten, hundred = T.return_level(10), T.return_level(100)
    assert (ten(fit.model), hundred(fit.model)) == pytest.approx((4.30, 4.69), abs=0.005)
    assert tuple(fit.interval(ten, method="wald")) == pytest.approx((4.19, 4.41), abs=0.01)
    assert tuple(fit.interval(hundred, method="wald")) == pytest.approx((4.38, 5.00), abs=0.01)
    assert tuple(fit.interval("shape", method="wald")) == pytest.approx((-0.242, 0.142), abs=0.001)
    assert tuple(fit.interval(hundred, method="profile")) == pytest.approx((4.50, 5.27), abs=0.015)


def test_a_probability_that_may_be_0_has_0_for_its_lower_end(fit, levels):
    """Models that end below 5.1 are within the region; the upper end is where the tail is heaviest."""
    interval = fit.interval(T.tail_probability(5.1), method="profile")
    assert (interval.lower, interval.note) == (0.0, "parameters that the data allow put it at 0")
    assert fit.log_likelihood - height(levels, 5.1, 1.0 / interval.upper) == pytest.approx(HALF, abs=2e-6)
    far = fit.interval(T.tail_probability(4.7), method="profile")
    for end in far:
        assert fit.log_likelihood - height(levels, 4.7, 1.0 / end) == pytest.approx(HALF, abs=2e-6)


def test_blocks_and_years():
    model = sf.Gumbel(location=10.0, scale=2.0)
    assert T.return_level(100)(model) == pytest.approx(stats.gumbel_r.isf(0.01, 10.0, 2.0), rel=1e-12)
    assert T.return_level(100, per_year=12)(model) == pytest.approx(stats.gumbel_r.isf(1 / 1200, 10.0, 2.0), rel=1e-12)
    assert T.return_level(1e12)(model) == pytest.approx(stats.gumbel_r.isf(1e-12, 10.0, 2.0), rel=1e-12)


def test_excesses_need_their_rate_and_follow_coles_equation():
    model = sf.GeneralizedPareto(scale=7.44, shape=0.1845, threshold=30.0)
    with pytest.raises(ParameterError, match=r"pass return_level\(100, per_year=…\), the number of values fitted over"):
        T.return_level(100)(model)
    # Coles 2001, eq. 4.12: x = u + σ/ξ ((m ζ)^ξ − 1), m ζ exceedances in the period
    expected = 30.0 + 7.44 / 0.1845 * ((100 * 152 / 48) ** 0.1845 - 1.0)
    assert T.return_level(100, per_year=152 / 48)(model) == pytest.approx(expected, rel=1e-12)
