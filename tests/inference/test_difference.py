"""Differences and ratios of two fits, against formulas and SciPy's searches."""

import numpy as np
import pytest
from scipy import optimize, special, stats

import suffice as sf
from suffice.errors import NotAvailableError, ParameterError

T = sf.targets
RNG = np.random.default_rng(8)
X, Y = RNG.normal(5.0, 2.0, 30), RNG.normal(3.0, 4.0, 20)
HALF = 0.5 * stats.chi2.ppf(0.95, 1)


def test_wald_adds_the_variances():
    a, b = sf.fit(sf.Gamma, np.exp(X / 5)), sf.fit(sf.Gamma, np.exp(Y / 5))
    found = sf.difference(a, b, "shape", 0.9, method="wald")
    half = special.ndtri(0.95) * np.hypot(a.standard_errors["shape"], b.standard_errors["shape"])
    gap = a.model.shape - b.model.shape
    assert (*found, found.estimate) == pytest.approx((gap - half, gap + half, gap), rel=1e-9)
    assert (found.name, found.method, found.level) == ("difference of shape", "wald", 0.9)
    by_function = sf.difference(a, b, lambda m: m.shape, 0.9, method="wald")
    assert tuple(by_function) == pytest.approx(tuple(found), rel=1e-6)


def test_the_profile_of_a_difference_of_normal_means_loses_exactly_the_quantile():
    found = sf.difference(sf.fit(sf.Normal, X), sf.fit(sf.Normal, Y), "mu")

    def height(mean, x):
        """The log-likelihood with sigma at its best."""
        return -len(x) / 2 * np.log(np.mean((x - mean) ** 2))

    top = height(X.mean(), X) + height(Y.mean(), Y)
    assert found.method == "profile"
    assert found.lower < X.mean() - Y.mean() < found.upper
    for end in found:
        best = optimize.minimize_scalar(
            lambda m, end=end: -height(m + end, X) - height(m, Y), bounds=(-5, 10), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        assert top + best.fun == pytest.approx(HALF, abs=1e-6)


def test_a_family_without_a_sufficient_statistic_is_read_from_both_sources():
    x, y = stats.weibull_min.rvs(2.0, size=50, random_state=1), stats.weibull_min.rvs(1.5, size=40, random_state=2)
    found = sf.difference(sf.fit(sf.Weibull, x), sf.fit(sf.Weibull, y), T.quantile(0.9), method="profile")

    def height(quantile, data):
        """The log-likelihood with the shape at its best."""

        def loss(shape):
            return -stats.weibull_min.logpdf(data, shape, scale=quantile / np.log(10.0) ** (1 / shape)).sum()

        return -optimize.minimize_scalar(loss, bounds=(0.3, 8), method="bounded", options={"xatol": 1e-9}).fun

    tops = [sf.fit(sf.Weibull, data).log_likelihood for data in (x, y)]
    for end in found:
        best = optimize.minimize_scalar(
            lambda q, end=end: -height(q + end, x) - height(q, y), bounds=(0.5, 5), method="bounded",
            options={"xatol": 1e-9},
        )  # fmt: skip
        assert sum(tops) + best.fun == pytest.approx(HALF, abs=1e-5)


def test_the_ratio_of_two_exponential_means_has_its_closed_form():
    """The log-likelihood falls by n log((n₁ s + n₂)/n) − n₁ log s at s = r̂/r, where n = n₁ + n₂."""
    x, y = RNG.exponential(2.0, 12), RNG.exponential(1.0, 9)
    a, b = sf.fit(sf.Exponential, x), sf.fit(sf.Exponential, y)
    found = sf.ratio(a, b, T.mean(), method="profile")
    estimate = x.mean() / y.mean()

    def drop(r):
        s = estimate / r
        return 21 * np.log((12 * s + 9) / 21) - 12 * np.log(s)

    ends = [
        optimize.brentq(lambda r: drop(r) - HALF, *bracket)
        for bracket in ((estimate / 50, estimate), (estimate, 50 * estimate))
    ]
    assert (*found, found.estimate) == pytest.approx((*ends, estimate), rel=1e-8)
    rates = sf.ratio(b, a, "rate", method="profile")
    assert tuple(rates) == pytest.approx(tuple(found), rel=1e-8)
    half = special.ndtri(0.975) * np.sqrt(1 / 12 + 1 / 9)
    wald = sf.ratio(a, b, T.mean(), method="wald")
    assert tuple(wald) == pytest.approx((estimate * np.exp(-half), estimate * np.exp(half)), rel=1e-6)


def test_probabilities_differ_by_less_than_1_and_their_ratio_is_positive():
    a, b = sf.fit(sf.Normal, X[:8]), sf.fit(sf.Normal, Y[:8] - 20.0)
    target = T.tail_probability(0.0)
    for method in ("wald", "profile", "bootstrap"):
        found = sf.difference(a, b, target, 0.999, method=method)
        assert -1.0 <= found.lower < found.upper <= 1.0
    assert sf.difference(a, b, target.__call__, 0.999, method="wald").upper > 1.0
    tail = sf.ratio(b, a, T.tail_probability(9.0), method="wald")
    assert 0.0 < tail.lower < tail.estimate < tail.upper


def test_the_bootstrap_resamples_both_independently():
    a, b = sf.fit(sf.Normal, X), sf.fit(sf.Normal, Y)
    found = sf.difference(a, b, "mu", method="bootstrap", replicates=1999, rng=4)
    assert tuple(found) == tuple(sf.difference(a, b, "mu", method="bootstrap", replicates=1999, rng=4))
    half = special.ndtri(0.975) * np.hypot(X.std() / np.sqrt(30), Y.std() / np.sqrt(20))
    assert (found.upper - found.lower) / 2 == pytest.approx(half, rel=0.1)


def test_different_families_share_a_target_but_no_parameter():
    a, b = sf.fit(sf.Gamma, np.exp(X / 5)), sf.fit(sf.Weibull, np.exp(Y / 5))
    assert sf.difference(a, b, T.mean()).estimate == pytest.approx(a.model.mean - b.model.mean)
    with pytest.raises(ParameterError, match="'shape' of Gamma and of Weibull are two things"):
        sf.difference(a, b, "shape")


def test_two_fits_of_the_same_data_are_refused_with_the_remedy():
    a, b = sf.fit(sf.Normal, X), sf.fit(sf.StudentT, X.copy())
    with pytest.raises(ParameterError, match=r"both fits are of the same data .* use fit.interval\(lambda m: …\)"):
        sf.difference(a, b, T.mean())
    both = sf.fit_each([sf.Normal], {"before": X, "after": X + 1.0}, each_column=True)
    with pytest.raises(ParameterError, match="two columns of the same rows fit the column of their differences"):
        sf.difference(*both, "mu")


def test_two_columns_of_one_source_are_said_to_be_taken_as_independent():
    table = {"before": X, "after": X + RNG.normal(size=30)}
    a, b = (sf.fit(sf.Normal, table, columns=name) for name in table)
    assert "taken as independent, which pairs in its rows are not" in sf.difference(a, b, "mu").note
    assert sf.difference(a, sf.fit(sf.Normal, Y), "mu").note == ""


def test_what_has_no_difference_or_ratio_is_refused():
    a, b = sf.fit(sf.Normal, X), sf.fit(sf.Normal, Y - 20.0)
    with pytest.raises(NotAvailableError, match=r"a ratio needs positive quantities, but mu is -1.*; use suffice.diff"):
        sf.ratio(a, b, "mu")
    with pytest.raises(ParameterError, match="'profile', 'wald' or 'bootstrap', not 'bca'"):
        sf.difference(a, b, "mu", method="bca")
    with pytest.raises(ParameterError, match="no free parameter 'mean'"):
        sf.difference(a, b, "mean")
    zero = sf.fit(sf.Poisson, [0.0, 0.0, 0.0])
    with pytest.raises(NotAvailableError, match="no interior maximum"):
        sf.difference(sf.fit(sf.Poisson, [1.0, 2.0, 4.0]), zero, T.mean())


@pytest.mark.parametrize("method", ["wald", "profile"])
def test_a_mean_that_a_coordinate_moves_by_a_last_place_only_has_its_interval(method):
    """Gamma is sought in mean and shape: of the 13th samples rounding moved the difference with a shape."""
    rng = np.random.default_rng(5)
    for _ in range(13):
        x, y = rng.gamma(2.0, 1.0, 25), rng.gamma(3.0, 1.0, 15)
    found = sf.difference(sf.fit(sf.Gamma, y), sf.fit(sf.Gamma, x), T.mean(), method=method)
    assert found.lower < y.mean() - x.mean() < found.upper


def test_summaries_and_loaded_fits_need_no_data_where_they_hold_their_statistic(tmp_path):
    a, b = sf.fit(sf.Normal, sf.summarize(X)), sf.fit(sf.Normal, Y)
    sf.save(b, tmp_path / "fit.json")
    found = sf.difference(a, sf.load(tmp_path / "fit.json"), "mu")
    assert tuple(found) == pytest.approx(tuple(sf.difference(sf.fit(sf.Normal, X), b, "mu")), rel=1e-9)


@pytest.mark.parametrize("function", [sf.difference, sf.ratio])
def test_data_in_place_of_fits_are_answered_with_how_to_fit_them(function):
    words = r"two fits are compared, not data \(list\): fit each first, as in sf\.fit\(sf\.Normal, data\), and pass"
    with pytest.raises(ParameterError, match=words):
        function([1.0, 2.0, 4.0], [2.0, 3.0, 7.0], "mu")
    with pytest.raises(ParameterError, match="not data"):
        function(sf.fit(sf.Normal, [1.0, 2.0, 4.0]), [2.0, 3.0, 7.0], "mu")


def test_where_the_likelihood_has_kinks_the_wald_interval_is_the_default():
    a, b = sf.fit(sf.Laplace, X), sf.fit(sf.Laplace, Y)
    for what in ("location", T.mean()):
        assert sf.difference(a, b, what) == sf.difference(a, b, what, method="wald")
    with pytest.raises(NotAvailableError, match=r"no profile interval for Laplace.*the Wald interval holds"):
        sf.difference(a, b, "location", method="profile")
    mixed = sf.difference(a, sf.fit(sf.Normal, Y), T.mean())
    assert mixed.method == "wald"


@pytest.mark.parametrize("what", ["high", T.mean()])
@pytest.mark.parametrize("method", [None, "wald", "profile", "bootstrap"])
def test_ends_of_a_support_have_intervals_of_one_fit_only(what, method):
    a, b = sf.fit(sf.Uniform, X), sf.fit(sf.Uniform, Y)
    with pytest.raises(
        NotAvailableError, match=r"the exact law gives low and high.*where 97\.5 % intervals do not overlap"
    ):
        sf.difference(a, b, what, method=method)


def test_two_fixed_models_have_no_interval_and_one_may_stand_beside_a_fit():
    fixed, free = sf.fit(sf.Normal, X, fixed={"mu": 1.0, "sigma": 2.0}), sf.fit(sf.Normal, Y)
    with pytest.raises(NotAvailableError, match="every parameter of both fits was fixed"):
        sf.difference(fixed, sf.fit(sf.Normal, Y, fixed={"mu": 0.0, "sigma": 1.0}), T.mean())
    found, alone = sf.difference(free, fixed, T.mean()), free.interval("mu", method="profile")
    assert (found.lower + 1.0, found.upper + 1.0) == pytest.approx((alone.lower, alone.upper), rel=1e-6)
