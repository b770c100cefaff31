"""The generalized normal: special cases, fits at rows and between them, and the ends of its region."""

import numpy as np
import pytest
from catalogue import fitted
from scipy import optimize, stats

import suffice as sf
from suffice.distributions.generalized_normal import GeneralizedNormal
from suffice.distributions.generalized_normal_plan import expected_information
from suffice.distributions.normal import Normal
from suffice.errors import NoMaximumError, NotAvailableError

X = GeneralizedNormal(10, 2, 1.3).sample(100, rng=3)


def test_shape_two_is_the_normal_and_shape_one_the_laplace():
    x = np.array([-9.0, -0.3, 1.0, 1.2, 40.0])
    other = stats.laplace(1.0, 2.0)
    for model, log_p, log_cdf in (
        (GeneralizedNormal(1, 2 * np.sqrt(2), 2), Normal(1, 2).logpdf(x), Normal(1, 2).logcdf(x)),
        (GeneralizedNormal(1, 2, 1), other.logpdf(x), other.logcdf(x)),
    ):
        assert model.logpdf(x) == pytest.approx(log_p, rel=1e-13)
        assert model.logcdf(x) == pytest.approx(log_cdf, rel=1e-13)
    assert GeneralizedNormal(1, 2 * np.sqrt(2), 2).standard_deviation == pytest.approx(2.0, rel=1e-15)
    assert GeneralizedNormal(1, 2, 1).kurtosis == pytest.approx(3.0, rel=1e-14)


def test_an_infinite_shape_is_the_uniform_distribution():
    model = GeneralizedNormal(1, 2, np.inf)
    assert list(model.pdf([-1.5, -1.0, 0.0, 3.0, 3.1])) == [0.0, 0.25, 0.25, 0.25, 0.0]
    assert list(model.cdf([-2.0, 0.0, 2.0, 4.0])) == pytest.approx([0.0, 0.25, 0.75, 1.0])
    assert list(model.icdf([0.0, 0.25, 1.0])) == [-1.0, 0.0, 3.0]
    assert model.variance == pytest.approx(4.0 / 3.0)
    assert model.entropy == pytest.approx(np.log(4.0))
    assert np.abs(model.sample(100, rng=1) - 1.0).max() <= 2.0


@pytest.mark.parametrize("shape", [0.2, 0.5, 1.0, 3.0, 500.0])
def test_quantiles_invert_both_tails_and_the_middle(shape):
    model = GeneralizedNormal(0, 1, shape)
    p = np.array([1e-300, 1e-100, 1e-9, 0.01, 0.2, 0.3, 0.45, 0.4999999])
    x = model.icdf(p)
    steep = np.exp(np.log(np.abs(x)) + model.logpdf(x) - np.log(p))
    assert np.all(np.abs(model.logcdf(x) - np.log(p)) <= 1e-12 + 4e-16 * steep)
    if shape >= 1.0:  # near the middle P(|Z| ≤ z) = 1 − 2p keeps its digits
        inner = 1.0 - 2.0 * p[-1]
        assert -2.0 * x[-1] * model.pdf(0.0) == pytest.approx(inner, rel=1e-6)


@pytest.mark.parametrize("shape", [0.7, 1.0, 1.5, 4.0])
def test_the_expected_information_is_the_variance_of_the_score(shape):
    model = GeneralizedNormal(0.0, 2.0, shape)
    x = np.exp(np.arange(-100.0, 8.0, 0.01))  # integrals over log x by the trapezoidal rule
    x = x[model.logpdf(x) > -300.0]
    scores = np.stack(model._derivatives(x, *model.theta)[0])
    mass = 2.0 * model.pdf(x) * x * 0.01
    products = (scores * mass) @ scores.T
    products[0, 1:] = products[1:, 0] = 0.0  # odd functions, of which the other half has the opposite sign
    assert products == pytest.approx(expected_information(2.0, shape), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("shape", "seed"), [(0.9, 1), (1.4, 2), (2.5, 1), (6.0, 2)])
def test_no_other_method_finds_a_higher_likelihood_in_the_region(shape, seed):
    x = GeneralizedNormal(5, 2, shape).sample(80, rng=seed)
    solution = fitted(GeneralizedNormal, x)

    def loss(point):
        if point[2] < np.log(0.2):
            return np.inf
        return -stats.gennorm.logpdf(x, np.exp(point[2]), point[0], np.exp(point[1])).sum()

    options = {"xatol": 1e-8, "fatol": 1e-9, "maxiter": 1000}
    for centre in np.quantile(x, [0.45, 0.55]):
        for start in (0.7, 3.0):
            point = [centre, np.log(x.std()), np.log(start)]
            found = optimize.minimize(loss, point, method="Nelder-Mead", options=options)
            assert solution.value >= -found.fun - 1e-6


def test_a_shape_below_one_puts_the_location_on_a_row_and_says_that_it_is_a_kink():
    x = GeneralizedNormal(10, 2, 0.8).sample(300, rng=3)
    fit = sf.fit(GeneralizedNormal, x)
    assert fit.model.shape < 1.0
    assert np.min(np.abs(x - fit.model.location)) < 1e-14 * 10
    assert fit.certificate.status == "kink"
    assert "highest at one of them" in fit.certificate.reason
    errors = fit.standard_errors
    information = 300 * expected_information(fit.model.scale, fit.model.shape)
    assert list(errors.values()) == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-8)
    assert fit.interval("location").method == "wald"
    for refused in (lambda: fit.interval("location", method="profile"), lambda: fit.bootstrap(20)):
        with pytest.raises(NotAvailableError, match=r"which has a kink here .* use method='wald'"):
            refused()


def test_a_shape_of_a_half_or_less_has_no_standard_errors():
    x = GeneralizedNormal(10, 2, 0.4).sample(300, rng=3)
    with pytest.raises(NotAvailableError, match="not above 1/2, where the location has no finite information"):
        _ = sf.fit(GeneralizedNormal, x).standard_errors


def test_the_profile_interval_of_the_location_ends_where_the_likelihood_has_fallen():
    fit = sf.fit(GeneralizedNormal, X)
    assert fit.certificate.status == "maximum"
    for end in fit.interval("location"):
        held = fitted(GeneralizedNormal, X, fixed={"location": end})
        assert held.value == pytest.approx(fit.log_likelihood - 0.5 * 1.959963985**2, abs=1e-6)


def test_a_fixed_shape_of_two_gives_the_normal():
    fit = sf.fit(GeneralizedNormal, X, fixed={"shape": 2.0})
    assert fit.log_likelihood == pytest.approx(sf.fit(Normal, X).log_likelihood, rel=1e-13)
    assert fit.model.location == pytest.approx(X.mean(), rel=1e-13)


def test_uniform_data_lead_to_the_uniform_distribution():
    x = np.random.default_rng(0).uniform(-1, 1, 100)
    fit = sf.fit(GeneralizedNormal, x)
    assert fit.certificate.status == "no finite maximum"
    assert fit.certificate.reason.endswith("as shape → ∞, where the family becomes the uniform distribution")
    assert fit.model.theta == pytest.approx((0.5 * (x.min() + x.max()), 0.5 * np.ptp(x), np.inf), rel=1e-13)
    assert fit.log_likelihood == pytest.approx(-100 * np.log(np.ptp(x)), rel=1e-13)
    assert np.isfinite(fit.model.logpdf(x)).all()
    with pytest.raises(NotAvailableError, match="whose ends are the ends of the data"):
        fit.interval("scale")
    heights = [fitted(GeneralizedNormal, x, fixed={"shape": b}).value for b in (10.0, 100.0, 1000.0)]
    assert heights == sorted(heights)
    assert heights[-1] < fit.log_likelihood


def test_few_rows_are_best_described_by_a_spike_and_refused():
    with pytest.raises(NoMaximumError, match=r"highest at the edge in shape, near location = 1, and grows without end"):
        fitted(GeneralizedNormal, [0.0, 1.0, 2.5])


def test_more_rows_than_a_sample_are_fitted_unless_the_maximum_is_a_kink():
    x = GeneralizedNormal(10, 2, 2.5).sample(6000, rng=3)
    fit = sf.fit(GeneralizedNormal, x)
    assert fit.certificate.status == "maximum"
    shape, location, scale = stats.gennorm.fit(x)
    assert fit.log_likelihood >= stats.gennorm.logpdf(x, shape, location, scale).sum()
    with pytest.raises(
        NotAvailableError, match="sought among at most 2,048 so far, not among 6,000; fit a random part"
    ):
        sf.fit(GeneralizedNormal, GeneralizedNormal(10, 2, 0.7).sample(6000, rng=3))


def test_a_fixed_infinite_shape_is_refused():
    with pytest.raises(NoMaximumError, match="is the uniform distribution"):
        fitted(GeneralizedNormal, X, fixed={"shape": np.inf})
