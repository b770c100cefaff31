"""The von Mises distribution: Bessel ratios, fits on the circle, and what is said where there is no direction."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import fitted
from scipy import stats

import suffice as sf
from suffice.distributions.von_mises import VonMises
from suffice.distributions.von_mises_ratio import bessel_ratio, concentration_of
from suffice.errors import NoMaximumError, OutsideSupportError
from suffice.sources.block import Block


@pytest.mark.parametrize("k", [1e-8, 1e-3, 0.3, 5.0, 19.9, 20.1, 30.0, 1000.0])
def test_the_bessel_ratio_and_its_slope_agree_with_forty_digits(k):
    with mp.workdps(40):
        ratio = mp.besseli(1, mp.mpf(k)) / mp.besseli(0, mp.mpf(k))
        lack, slope = float(1 - ratio), float(1 - ratio / mp.mpf(k) - ratio * ratio)
    assert bessel_ratio(k)[0] == pytest.approx(lack, rel=1e-14)
    # below 20 the slope 1/(2κ²) is a difference of terms of order 1
    assert bessel_ratio(k)[1] == pytest.approx(slope, rel=1e-15 * (1.0 + min(k, 20.0) ** 2))
    assert concentration_of(lack) == pytest.approx(k, rel=1e-14, abs=1e-15)


def test_the_ratio_has_its_digits_at_huge_concentrations():
    lack, slope = bessel_ratio(np.array([1e6, 1e12]))
    assert lack == pytest.approx([5.00000125000125e-7, 5.00000000000125e-13], rel=1e-15)
    assert slope == pytest.approx([5.00000250000375e-13, 5.0000000000025e-25], rel=1e-14)
    assert concentration_of(lack) == pytest.approx([1e6, 1e12], rel=1e-15)


@pytest.mark.parametrize(("location", "concentration"), [(0.3, 2.0), (3.1, 5.0), (-2.9, 0.8), (1.0, 300.0)])
def test_the_maximum_is_the_direction_and_the_length_of_the_resultant(location, concentration):
    x = VonMises(location, concentration).sample(400, rng=3)
    solution = fitted(VonMises, x)
    mean = np.exp(1j * x).mean()
    assert solution.model.location == pytest.approx(np.angle(mean), rel=1e-12)
    assert solution.model.mean_resultant_length == pytest.approx(abs(mean), rel=1e-12)
    kappa, direction, _ = stats.vonmises.fit(x, fscale=1)
    assert solution.value >= stats.vonmises.logpdf(x, kappa, loc=direction).sum() - 1e-8


def test_angles_that_agree_to_a_millionth_keep_the_digits_of_their_spread():
    deviations = np.random.default_rng(1).standard_normal(1000) * 1e-6
    solution = fitted(VonMises, 1.0 + deviations)
    spread = (1.0 + deviations - 1.0).var()
    # κ = 1/(2 (1 − R)) + …, 1 − R = spread/2
    assert solution.model.concentration == pytest.approx(1.0 / spread, rel=1e-8)
    assert solution.status == ""


def test_rotating_the_angles_rotates_the_location_alone():
    x = VonMises(0.0, 0.7).sample(300, rng=5)
    here = fitted(VonMises, x)
    there = fitted(VonMises, np.remainder(x + 2.0 + np.pi, 2 * np.pi) - np.pi)
    turned = np.remainder(here.model.location + 2.0 + np.pi, 2 * np.pi) - np.pi
    assert there.model.theta == pytest.approx((turned, here.model.concentration), rel=1e-12)
    assert there.value == pytest.approx(here.value, rel=1e-13)


def test_halves_of_the_data_merge_to_the_whole():
    x = VonMises(3.0, 2.0).sample(501, rng=2)
    statistic = VonMises.sufficient
    parts = [statistic.observe(Block(part[:, None])) for part in (x[:200], x[200:])]
    whole = statistic.observe(Block(x[:, None]))
    merged = parts[0].merge(parts[1])
    assert merged.mean == pytest.approx(whole.mean, rel=1e-14)
    assert merged.scatter == pytest.approx(whole.scatter, rel=1e-13)


def test_a_location_beyond_the_circle_means_the_same_distribution():
    x = np.linspace(-3.1, 3.1, 9)
    here, there = VonMises(-1.0, 3.0), VonMises(2 * np.pi - 1.0, 3.0)
    assert there.logpdf(x) == pytest.approx(here.logpdf(x), rel=1e-14)
    assert there.logcdf(x) == pytest.approx(here.logcdf(x), rel=1e-12)
    assert there.mean_direction == pytest.approx(-1.0, rel=1e-14)


def test_the_interval_of_a_location_near_the_cut_reaches_beyond_it():
    fit = sf.fit(VonMises, [3.0, -3.1, 3.1, -2.9, 3.0, 2.8])
    lower, upper = fit.interval("location")
    assert lower < fit.model.location < np.pi < upper < np.pi + 0.5


def test_data_compatible_with_no_direction_set_no_bound_on_it():
    fit = sf.fit(VonMises, [-2.0, 2.0, 1.0])
    assert tuple(fit.interval("location")) == (-np.inf, np.inf)
    interval = fit.interval("concentration", method="profile")
    assert interval.lower == 0.0
    assert interval.note == "the lower end is the bound concentration = 0"
    theta = np.array([[fit.model.location, interval.upper]])
    x = np.array([-2.0, 2.0, 1.0])
    drop = fit.log_likelihood - VonMises(*theta[0]).logpdf(x).sum()
    assert drop == pytest.approx(0.5 * 1.959963985**2, rel=1e-6)


def test_a_vanishing_resultant_leads_to_the_uniform_distribution():
    fit = sf.fit(VonMises, [-2.0, 2.0, np.pi - 2.0, 2.0 - np.pi])
    assert (fit.certificate.status, fit.model.concentration) == ("boundary", 0.0)
    assert fit.log_likelihood == pytest.approx(-4.0 * np.log(2.0 * np.pi), rel=1e-14)
    assert "nothing is known of location" in fit.certificate.reason


def test_a_fixed_location_that_the_data_turn_away_from_leaves_no_concentration():
    solution = fitted(VonMises, [1.0, 2.0], fixed={"location": -2.0})
    assert (solution.status, solution.model) == ("boundary", VonMises(-2.0, 0.0))


def test_degrees_are_refused_with_what_to_do():
    with pytest.raises(OutsideSupportError, match=r"the value 90 in row 2 .* numpy.radians\(x\) turns degrees"):
        sf.fit(VonMises, [3.0, 90.0, 270.0])


def test_one_angle_has_no_maximum():
    with pytest.raises(NoMaximumError, match="grows without end as concentration → ∞"):
        fitted(VonMises, [1.0, 1.0])
    with pytest.raises(NoMaximumError, match="which are one angle"):
        fitted(VonMises, [np.pi, -np.pi, np.pi])


def test_no_concentration_is_the_uniform_distribution():
    model = VonMises(1.0, 0.0)
    assert model.pdf([-3.0, 0.0, 3.0]) == pytest.approx([0.5 / np.pi] * 3, rel=1e-15)
    assert model.cdf(0.0) == pytest.approx(0.5, rel=1e-15)
    assert model.icdf(0.25) == pytest.approx(-np.pi / 2, rel=1e-15)
    assert (model.circular_variance, model.variance) == (1.0, pytest.approx(np.pi**2 / 3, rel=1e-14))


@pytest.mark.parametrize("model", [VonMises(2.5, 4.0), VonMises(-1.2, 1e6), VonMises(0.0, 1e-5)], ids=repr)
def test_quantiles_invert_both_tails(model):
    p = np.array([1e-12, 1e-5, 0.01, 0.3, 0.5])
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        x = quantile(p)
        steep = np.exp(np.log(np.abs(x)) + model.logpdf(x) - np.log(p))
        assert np.all(np.abs(logarithm(x) - np.log(p)) <= 1e-13 + 4e-16 * steep)
