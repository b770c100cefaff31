"""Profile intervals where the likelihood is highest at df = ∞, size = ∞ or mean = 0, against SciPy's searches."""

import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.errors import NotAvailableError

HALF = 0.5 * stats.chi2.ppf(0.95, 1)


def student_profile(x, held, value):
    """Return the largest Student t log-likelihood with one of (location, log scale, 1/df) held at a value."""

    def loss(rest):
        location, log_scale, u = np.insert(rest, held, value)
        if not 0.0 <= u <= 2.0:
            return 1e10
        scale = np.exp(log_scale)
        each = stats.norm.logpdf(x, location, scale) if u < 1e-9 else stats.t.logpdf(x, 1.0 / u, location, scale)
        return -each.sum()

    full = np.array([np.mean(x), np.log(np.std(x)), 0.0])
    best = []
    for u in (0.0, 0.03, 0.3):
        start = np.delete(np.array([*full[:2], u]), held)
        options = {"xatol": 1e-10, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}
        best.append(-optimize.minimize(loss, start, method="Nelder-Mead", options=options).fun)
    return max(best)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_student_t_gone_normal_has_profile_intervals(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.0, 1.0, 12) * 3.0 + 5.0
    fit = sf.fit(sf.StudentT, x)
    assert fit.certificate.status == "no finite maximum"
    for held, name in enumerate(("location", "scale", "df")):
        found = fit.interval(name)
        assert (found.method, found.level) == ("profile", 0.95)
        for end in found:
            if np.isinf(end):
                assert (name, end) == ("df", np.inf)
                continue
            value = {"location": end, "scale": np.log(end), "df": 1.0 / end}[name]
            assert fit.log_likelihood - student_profile(x, held, value) == pytest.approx(HALF, abs=2e-5)
    assert "one-sided: the likelihood is highest at df = ∞" in str(fit.interval("df"))


def test_an_end_at_which_heavier_tails_are_better_is_sought_inside_the_family():
    x = np.array([-0.91, 0.35, 0.47, 0.4, -0.13, -0.02, -0.09, 0.41, 2.39, 2.78, 3.17, 2.58])
    fit = sf.fit(sf.StudentT, x)
    assert fit.certificate.status == "no finite maximum"
    lower, upper = fit.interval("location")
    normal = sf.fit(sf.Normal, x).interval("mu")
    assert lower < normal.lower - 0.05
    for end in (lower, upper):
        assert fit.log_likelihood - student_profile(x, 0, end) == pytest.approx(HALF, abs=2e-5)


def test_counts_that_are_all_zero_have_an_upper_bound_for_their_mean():
    poisson = sf.fit(sf.Poisson, [0] * 20)
    assert [*poisson.interval("mean")] == pytest.approx([0.0, HALF / 20], rel=1e-7)
    binomial = sf.fit(sf.NegativeBinomial, [0] * 20, fixed={"size": 2.0})
    upper = 2.0 * np.expm1(HALF / 40)
    assert [*binomial.interval("mean")] == pytest.approx([0.0, upper], rel=1e-7)
    assert [*sf.fit(sf.NegativeBinomial, [0] * 20).interval("mean")] == [0.0, np.inf]


def test_underdispersed_counts_have_an_interval_for_mean_and_size():
    counts = np.array([3, 4] * 20)
    fit = sf.fit(sf.NegativeBinomial, counts)
    assert [*fit.interval("mean")] == pytest.approx([*sf.fit(sf.Poisson, counts).interval("mean")], rel=1e-6)
    lower, upper = fit.interval("size", level=0.9)
    assert upper == np.inf
    height = stats.nbinom.logpmf(counts, lower, lower / (lower + 3.5)).sum()
    assert fit.log_likelihood - height == pytest.approx(0.5 * stats.chi2.ppf(0.9, 1), abs=1e-5)


def test_other_methods_are_withheld_at_a_limit():
    fit = sf.fit(sf.NegativeBinomial, [3, 4] * 20)
    with pytest.raises(NotAvailableError, match="no finite maximum"):
        fit.interval("mean", method="wald")
    with pytest.raises(NotAvailableError, match="no finite maximum"):
        fit.interval(lambda m: m.mean)


def test_the_end_of_a_narrow_sample_is_not_jumped_over_nor_sought_where_the_likelihood_is_unbounded():
    for seed, n, level, end in ((802, 8, 0.95, 0.969), (3, 6, 0.5, 0.5398)):
        fit = sf.fit(sf.StudentT, np.random.default_rng(seed).normal(size=n))
        lower, upper = fit.interval("df", level)
        assert (lower, upper) == (pytest.approx(end, rel=1e-3), np.inf)


def test_no_bound_within_the_region_is_said():
    rng = np.random.default_rng(801)
    x, weights = rng.normal(size=8), rng.uniform(0.2, 1.5, 8)
    found = sf.fit(sf.StudentT, x, weights=weights).interval("scale")
    assert found.lower == 0.0
    assert "the data set no bound on one side where df ≥ 0.1 and scale ≥ 0.001" in found.note


def test_a_location_far_from_the_data_spread_has_its_interval():
    x = np.random.default_rng(100).normal(size=40)
    lower, upper = sf.fit(sf.StudentT, x, fixed={"scale": 300}).interval("location")
    assert (lower, upper) == pytest.approx(x.mean() + np.array([-1, 1]) * 1.96 * 300 / np.sqrt(40), rel=1e-3)


def test_zero_inflation_that_is_not_there_has_an_upper_bound():
    fit = sf.fit(sf.ZeroInflatedPoisson, [3, 4, 3, 2, 5, 4, 3, 3])
    assert fit.certificate.status == "boundary"
    lower, upper = fit.interval("zeros")
    assert lower == 0.0
    # all eight are above 0: log P(X > 0) = log(1 − zeros) each
    assert 8 * np.log1p(-upper) == pytest.approx(-HALF, rel=0.02)
