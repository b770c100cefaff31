"""Rounded families: cells of the grid, agreement with the family as the step shrinks, fits of heaped data."""

import numpy as np
import pytest
from catalogue import fitted
from scipy import optimize, stats

import suffice as sf
from suffice.distributions.interval_derivatives import log_probability_derivatives
from suffice.distributions.rounded_family import rounded
from suffice.errors import NoMaximumError, OutsideSupportError, ParameterError

MODELS = [
    rounded(sf.Gamma(4.008, 0.05443), step=10),
    rounded(sf.Gamma(0.3, 0.05), step=10),
    rounded(sf.Normal(0.3, 1), step=0.1),
    rounded(sf.Normal(12, 1), step=10, origin=5),
    rounded(sf.truncated(sf.Normal(1, 2), 0, 3), step=0.5),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=repr)


def grid(model):
    """Return the grid points that have probability, up to 1e-15."""
    low, high = model.icdf(1e-15), model.iccdf(1e-15)
    return low + model.family.step * np.arange(round((high - low) / model.family.step) + 1)


@every_model
def test_the_probabilities_of_the_cells_add_to_one_and_are_steps_of_the_cdf(model):
    x, step = grid(model), model.family.step
    assert model.pmf(x).sum() == pytest.approx(1.0, abs=1e-13)
    assert model.pmf(x) == pytest.approx(model.cdf(x) - model.cdf(x - step), abs=1e-15)
    assert np.array_equal(model.pmf(x + 0.3 * step), np.zeros(len(x)))
    assert np.array_equal(model.cdf(x + 0.3 * step), model.cdf(x))
    assert model.cdf(x) + model.ccdf(x) == pytest.approx(np.ones(len(x)), abs=1e-15)


@every_model
def test_a_quantile_is_the_first_grid_point_that_reaches_the_probability(model):
    p = np.array([1e-9, 0.1, 0.37, 0.5, 0.999])
    x, step = model.icdf(p), model.family.step
    assert model.support.contains(x).all()
    assert np.all(model.cdf(x) >= p)
    assert np.all(model.cdf(x - step) < p)
    upper = model.iccdf(p)
    assert np.all(model.ccdf(upper) <= p)
    assert np.all(model.ccdf(upper - step) > p)
    assert list(model.icdf([0, 1])) == [model.support.lower, model.support.upper]


@every_model
def test_moments_are_sums_over_the_grid(model):
    x = grid(model)
    p = model.pmf(x)
    mean = float(x @ p)
    assert model.mean == pytest.approx(mean, rel=1e-11)
    assert model.variance == pytest.approx(float((x - mean) ** 2 @ p), rel=1e-10)
    assert model.entropy == pytest.approx(-float(p[p > 0] @ np.log(p[p > 0])), rel=1e-10)


@every_model
def test_draws_are_rounded_draws(model):
    x = model.sample(4000, rng=20261126)
    assert np.array_equal(x, model.sample(4000, rng=20261126))
    assert model.support.contains(x).all()
    jittered = model.cdf(x) - np.random.default_rng(3).random(len(x)) * model.pmf(x)
    assert stats.kstest(jittered, "uniform").pvalue > 1e-5


@every_model
def test_scores_average_zero_and_their_variance_is_the_information(model):
    x = grid(model)
    p = model.pmf(x)
    first, second = model._derivatives(x, *model.theta)
    scores = np.array([np.broadcast_to(f, x.shape) for f in first])
    information = -np.array([np.broadcast_to(h, x.shape) @ p for h in second])
    products = np.array([scores[i] * scores[j] @ p for i, j in ((0, 0), (0, 1), (1, 1))])
    assert products == pytest.approx(information, rel=1e-7, abs=1e-9 * np.abs(information).max())
    assert scores @ p == pytest.approx([0.0, 0.0], abs=1e-9 * np.sqrt(np.abs(information).max()))


def test_the_first_cell_of_positive_values_is_half_a_cell():
    model = rounded(sf.Exponential(1), step=2)
    assert model.support.describe() == "multiples of 2 from 0"
    assert model.pmf([-2, 0, 2]) == pytest.approx([0.0, -np.expm1(-1), np.exp(-1) - np.exp(-3)], rel=1e-14)
    assert rounded(sf.Beta(1, 1), step=0.5).support.describe() == "multiples of 0.5 from 0 to 1"
    assert rounded(sf.Normal, 2, origin=1).support.describe() == "1 + multiples of 2"


def test_a_small_step_gives_the_fit_of_the_values_themselves():
    x = np.round(sf.Gamma(4, 0.05).sample(500, rng=1), 6)
    fine, exact = sf.fit(rounded(sf.Gamma, 1e-6), x), sf.fit(sf.Gamma, x)
    assert fine.model.theta == pytest.approx(exact.model.theta, rel=1e-9)
    # the ends of a cell are rounded to 1e-14, a part in 1e8 of its width
    assert fine.log_likelihood == pytest.approx(exact.log_likelihood + 500 * np.log(1e-6), abs=1e-6)
    assert list(fine.standard_errors.values()) == pytest.approx(list(exact.standard_errors.values()), rel=1e-8)


def test_coarse_servings_of_ground_beef_are_fitted_by_the_probabilities_of_their_cells():
    x = np.loadtxt(sf.datasets.path("groundbeef"), delimiter=",", skiprows=1)
    coarse = 10.0 * np.round(x / 10.0)
    fit = sf.fit(rounded(sf.Gamma, 10.0), coarse)
    values, counts = np.unique(coarse, return_counts=True)

    def against(t):
        model = stats.gamma(np.exp(t[0]), scale=np.exp(-t[1]))
        return -float(counts @ np.log(model.cdf(values + 5) - model.cdf(np.maximum(values - 5, 0))))

    best = optimize.minimize(
        against, np.log([4, 0.05]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 2000}
    )
    assert fit.certificate.status == "maximum"
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    assert fit.model.theta == pytest.approx(np.exp(best.x), rel=1e-6)
    # what the servings themselves say is within a standard error of that
    assert abs(fit.model.shape - sf.fit(sf.Gamma, x).model.shape) < fit.standard_errors["shape"]


@pytest.mark.parametrize("family", [sf.Normal, sf.LogNormal, sf.Weibull, sf.Exponential, sf.Gumbel, sf.Logistic])
def test_rounding_a_sample_leaves_its_parameters_within_two_standard_errors(family):
    truth = {sf.LogNormal: sf.LogNormal(3, 0.5), sf.Weibull: sf.Weibull(2, 20), sf.Exponential: sf.Exponential(0.05)}
    model = truth.get(family, family(20, 7) if family not in truth else None)
    x = 10.0 * np.round(model.sample(1000, rng=2) / 10.0)
    fit = sf.fit(rounded(family, 10.0), x)
    assert fit.certificate.status == "maximum"
    off = np.array(fit.model.theta) - model.theta
    assert np.all(np.abs(off) < 3.5 * np.array(list(fit.standard_errors.values())))


def test_weights_and_bootstrap_go_through_the_tally():
    x = np.array([0.0, 10, 20, 20, 30, 30, 40, 50])
    w = np.array([1.0, 2, 3, 1, 2, 0, 1, 1])
    family = rounded(sf.Gamma, 10.0)
    weighted, repeated = sf.fit(family, x, weights=w), sf.fit(family, np.repeat(x, w.astype(int)))
    assert weighted.model.theta == pytest.approx(repeated.model.theta, rel=1e-10)
    summarized = sf.fit(family, sf.summarize(np.repeat(x, w.astype(int)), family))
    assert summarized.model.theta == pytest.approx(repeated.model.theta, rel=1e-10)
    interval = repeated.interval("rate", method="bootstrap", replicates=50, rng=1)
    assert interval.lower < repeated.model.rate < interval.upper


def test_values_in_one_or_two_cells_have_no_maximum():
    with pytest.raises(NoMaximumError, match=r"every value is 20, .* approaches 1 for any narrow distribution"):
        fitted(rounded(sf.Gamma, 10.0), [20.0, 20, 20])
    fit = sf.fit(rounded(sf.Normal, 10.0), [20.0, 20, 30])
    assert fit.certificate.status == "no finite maximum"
    assert "does not fall as sigma → 0" in fit.certificate.reason
    assert fit.log_likelihood == pytest.approx(2 * np.log(2 / 3) + np.log(1 / 3), abs=1e-5)


def test_a_value_off_the_grid_is_named():
    with pytest.raises(OutsideSupportError, match=r"value 11 in row 2, but .* only on multiples of 10 from 0"):
        sf.fit(rounded(sf.Gamma, 10.0), [20.0, 11, 30])
    assert sf.fit(rounded(sf.Normal, 0.1), np.array([1, 2, 3, 3, 4, 7]) / 10).certificate.status == "maximum"


def test_what_cannot_be_rounded_is_refused_with_the_reason():
    with pytest.raises(ParameterError, match="positive step and a finite origin, not step = 0"):
        rounded(sf.Gamma, 0)
    with pytest.raises(ParameterError, match="Poisson has no density"):
        rounded(sf.Poisson, 10)
    with pytest.raises(ParameterError, match="truncate before rounding"):
        sf.truncated(rounded(sf.Gamma, 10), lower=20)


def test_derivatives_of_wide_and_narrow_cells_agree_with_differences():
    for model, x in ((MODELS[0], [0.0, 70.0, 900.0]), (MODELS[1], [0.0, 10.0, 400.0]), (MODELS[3], [5.0, 15.0, 35.0])):
        family, theta = model.family, np.array(model.theta)
        x = np.array(x)
        first, second = family._derivatives(x, *theta)
        for i, h in enumerate(1e-4 * theta):
            steps = [theta + c * h * np.eye(2)[i] for c in (1, -1, 2, -2)]
            values = [family._log_density(x, *s) for s in steps]
            slope = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h)
            assert first[i] == pytest.approx(slope, rel=1e-7, abs=1e-9 / h)
            scores = [np.array(family._derivatives(x, *s)[0]) for s in steps]
            bend = (8 * (scores[0] - scores[1]) - (scores[2] - scores[3])) / (12 * h)
            exact = [second[0 if i == 0 else 1], second[1 if i == 0 else 2]]
            assert np.array(exact) == pytest.approx(bend, rel=1e-6, abs=1e-9 / h)


def test_a_cell_is_the_interval_around_its_point():
    family, theta = MODELS[0].family, MODELS[0].theta
    cell = log_probability_derivatives(sf.Gamma, 65.0, 75.0, *theta)
    assert [float(v) for v in family._derivatives(70.0, *theta)[0]] == [float(v) for v in cell[0]]


def test_quantiles_beyond_all_doubles_are_infinite():
    model = rounded(sf.Cauchy(0, 1), step=1.0)
    assert list(model.icdf([1e-300, 1e-309])) == [pytest.approx(-3.1830988618e299), -np.inf]
    assert list(model.iccdf([1e-300, 1e-309])) == [pytest.approx(3.1830988618e299), np.inf]
