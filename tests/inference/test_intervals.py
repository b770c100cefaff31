import numpy as np
import pytest
from scipy import optimize, special, stats

import suffice as sf
from suffice.errors import NotAvailableError, ParameterError

QUANTILE = 3.841458820694124


@pytest.fixture
def rng():
    return np.random.default_rng(1)


POSITIVE = np.random.default_rng(1).gamma(3.0, 2.0, 60)


def test_the_profile_of_a_normal_mean_is_its_closed_form(rng):
    x = rng.normal(5.0, 2.0, 30)
    lower, upper = sf.fit(sf.Normal, x).interval("mu", method="profile")
    half = x.std() * np.sqrt(np.expm1(QUANTILE / 30))
    assert (lower, upper) == pytest.approx((x.mean() - half, x.mean() + half), rel=1e-8)


def test_a_profile_end_loses_exactly_the_quantile_under_refitting():
    """Independently: SciPy maximises over the other parameter at the end."""
    fit = sf.fit(sf.Weibull, POSITIVE)
    for end in fit.interval("shape", method="profile"):
        best = optimize.minimize_scalar(
            lambda log_scale, end=end: -stats.weibull_min.logpdf(POSITIVE, end, scale=np.exp(log_scale)).sum(),
            bounds=(0, 4),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert 2 * (fit.log_likelihood + best.fun) == pytest.approx(QUANTILE, abs=1e-5)


def test_wald_is_the_estimate_plus_and_minus():
    fit = sf.fit(sf.Gamma, POSITIVE)
    interval = fit.interval("rate", method="wald", level=0.9)
    half = special.ndtri(0.95) * fit.standard_errors["rate"]
    assert tuple(interval) == pytest.approx((fit.model.rate - half, fit.model.rate + half), rel=1e-9)
    assert (interval.method, interval.level, interval.name) == ("wald", 0.9, "rate")


def test_the_delta_method_for_a_function():
    fit = sf.fit(sf.Gamma, POSITIVE)
    interval = fit.interval(lambda m: m.mean, method="wald")
    gradient = np.array([1 / fit.model.rate, -fit.model.shape / fit.model.rate**2])
    half = special.ndtri(0.975) * np.sqrt(gradient @ fit.parameter_covariance @ gradient)
    assert interval.upper - interval.estimate == pytest.approx(half, rel=1e-6)


def test_a_monotone_function_has_the_profile_ends_of_its_parameter():
    fit = sf.fit(sf.Exponential, POSITIVE)
    ends = sorted(1 / r for r in fit.interval("rate", method="profile"))
    assert tuple(fit.interval(lambda m: m.mean, method="profile")) == pytest.approx(ends, rel=1e-6)


def test_a_quantile_has_a_profile_interval_that_refitting_confirms():
    fit = sf.fit(sf.Normal, POSITIVE)
    for end in fit.interval(lambda m: m.icdf(0.9), method="profile"):
        best = optimize.minimize_scalar(
            lambda s, end=end: -stats.norm.logpdf(POSITIVE, end - s * special.ndtri(0.9), s).sum(),
            bounds=(0.5, 20),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert 2 * (fit.log_likelihood + best.fun) == pytest.approx(QUANTILE, abs=1e-5)


def test_an_end_may_lie_at_the_limit_of_the_family():
    x = stats.t.ppf((np.arange(60) + 0.5) / 60, 12)
    interval = sf.fit(sf.StudentT, x).interval("df", method="profile")
    assert interval.upper == np.inf
    assert "no bound" in interval.note


def test_the_bootstrap_is_reproducible_and_near_the_standard_error():
    fit = sf.fit(sf.Gamma, POSITIVE)
    first = fit.interval("shape", method="bootstrap", rng=3)
    assert tuple(first) == tuple(fit.interval("shape", method="bootstrap", rng=3))
    assert tuple(first) != tuple(fit.interval("shape", method="bootstrap", rng=4))
    rows, note = fit.bootstrap(999, rng=3)
    assert note == "999 replicates"
    # a Poisson bootstrap's standard error has a Monte Carlo error of 2 %; the sandwich is its large-n value
    assert np.exp(rows[:, 0]).std() == pytest.approx(fit.robust_standard_errors()["shape"], rel=0.25)


def test_bootstrap_replicates_agree_with_refitting_weighted_rows():
    from suffice.statistics.wrappers import poisson_counts

    fit = sf.fit(sf.Weibull, POSITIVE)
    rows, _ = fit.bootstrap(5, rng=7)
    seed = int(np.random.default_rng(7).integers(2**62))
    for weights, phi in zip(poisson_counts(seed, 0, 0, 5, 0, 60), rows, strict=True):
        again = sf.fit(sf.Weibull, POSITIVE, weights=weights)
        assert fit.solution.problem.theta(phi) == pytest.approx(again.model.theta, rel=1e-4)


def test_the_sandwich_of_a_normal_mean_is_the_usual_standard_error_and_of_sigma_has_the_kurtosis():
    fit = sf.fit(sf.Normal, POSITIVE)
    robust = fit.robust_standard_errors()
    n, sd = len(POSITIVE), POSITIVE.std()
    z = (POSITIVE - POSITIVE.mean()) / sd
    assert robust["mu"] == pytest.approx(sd / np.sqrt(n), rel=1e-9)
    # the skewness enters through the cross term of the bread, which is zero at the maximum
    assert robust["sigma"] == pytest.approx(sd * np.sqrt((z**4).mean() - 1) / 2 / np.sqrt(n), rel=1e-9)


def test_levels_and_names_are_checked():
    fit = sf.fit(sf.Normal, POSITIVE)
    with pytest.raises(ParameterError, match=r"level must be between 0 and 1, not 95; did you mean 0.95\?"):
        fit.interval("mu", level=95)
    with pytest.raises(ParameterError, match="no free parameter 'mean'; the free parameters are: mu, sigma"):
        fit.interval("mean")
    with pytest.raises(ParameterError, match="'profile', 'wald', 'robust', 'bootstrap', 'bca' or 'exact', not 'magic'"):
        fit.interval("mu", method="magic")
    with pytest.raises(ParameterError, match="of one number"):
        fit.interval(lambda m: np.ones(2))


def test_no_interval_where_there_is_no_maximum():
    fit = sf.fit(sf.StudentT, stats.uniform.ppf((np.arange(50) + 0.5) / 50))
    assert fit.certificate.status == "no finite maximum"
    assert fit.model.df == np.inf
    with pytest.raises(NotAvailableError, match="no interior maximum"):
        fit.interval("scale", method="wald")
    with pytest.raises(NotAvailableError, match="df → ∞, where the family becomes Normal"):
        fit.standard_errors  # noqa: B018


def test_the_note_of_a_wald_interval_names_the_scale_of_the_coordinate_and_only_where_there_is_one():
    fit = sf.fit(sf.StudentT, sf.datasets.path("davis"), columns="height")
    notes = {name: fit.printed_interval(name).note for name in fit.standard_errors}
    assert notes == {"location": "", "scale": "in the log scale", "df": "in the log scale"}


def test_a_function_that_is_not_monotone_gets_no_interval_that_is_too_short():
    fit = sf.fit(sf.Gamma, np.random.default_rng(0).gamma(3, size=60))
    with pytest.raises(NotAvailableError, match="is not monotone over the parameters that the data allow"):
        fit.interval(lambda m: m.shape + 0.6 * np.sin(2.5 * m.shape + 5))
    assert fit.interval(lambda m: m.mean).method == "profile"


def test_bootstrap_replicates_at_a_bound_are_at_the_bound():
    counts = [0, 0, 1, 0, 0]
    assert sf.fit(sf.Poisson, counts).interval("mean", method="bootstrap").lower == 0.0
    assert sf.fit(sf.Binomial.of(n=10), counts).interval("p", method="bootstrap").lower == 0.0
    assert sf.fit(sf.Poisson, counts).interval(lambda m: np.log(m.mean), method="bootstrap").lower == -np.inf
