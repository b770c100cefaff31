"""Likelihood-ratio tests of special cases."""

import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.distributions import NAMES
from suffice.distributions.parameter import Parameter
from suffice.errors import DataError, NotAvailableError
from suffice.inference.nesting import nesting, special_cases_of

BEEF = sf.datasets.path("groundbeef")
RNG = np.random.default_rng(20261126)
POSITIVE = RNG.gamma(2.0, 3.0, 80)
MAXIMA = RNG.gumbel(0.0, 1.0, 80)
REAL = RNG.standard_t(4, 80)
COUNTS = RNG.negative_binomial(2, 0.3, 80).astype(float)
MORE_ZEROS = np.where(RNG.random(80) < 0.3, 0.0, COUNTS + 2.0)
# Special case, family, data, whether it lies at an end of a parameter, and the larger model that equals a smaller.
PAIRS = [
    (sf.Exponential, sf.Gamma, POSITIVE, False, lambda m: sf.Gamma(1, m.rate)),
    (sf.ChiSquared, sf.Gamma, POSITIVE, False, lambda m: sf.Gamma(m.df / 2, 0.5)),
    (sf.Exponential, sf.Weibull, POSITIVE, False, lambda m: sf.Weibull(1, 1 / m.rate)),
    (sf.Rayleigh, sf.Weibull, POSITIVE, False, lambda m: sf.Weibull(2, np.sqrt(2) * m.scale)),
    (sf.Exponential, sf.GeneralizedPareto, POSITIVE, False, lambda m: sf.GeneralizedPareto(1 / m.rate, 0, 0)),
    (sf.Normal, sf.StudentT, REAL, True, lambda m: sf.StudentT(m.mu, m.sigma, np.inf)),
    (sf.Cauchy, sf.StudentT, REAL, False, lambda m: sf.StudentT(m.location, m.scale, 1)),
    (
        sf.Gumbel,
        sf.GeneralizedExtremeValue,
        MAXIMA,
        False,
        lambda m: sf.GeneralizedExtremeValue(m.location, m.scale, 0),
    ),
    (sf.Poisson, sf.NegativeBinomial, COUNTS, True, lambda m: sf.NegativeBinomial(m.mean, np.inf)),
    (sf.Geometric, sf.NegativeBinomial, COUNTS, False, lambda m: sf.NegativeBinomial(1 / m.p - 1, 1)),
    (sf.Poisson, sf.ZeroInflatedPoisson, COUNTS, True, lambda m: sf.ZeroInflatedPoisson(m.mean, 0)),
    (
        sf.ZeroInflatedPoisson,
        sf.ZeroInflatedNegativeBinomial,
        COUNTS,
        True,
        lambda m: sf.ZeroInflatedNegativeBinomial(m.mean, np.inf, m.zeros),
    ),
    (
        sf.NegativeBinomial,
        sf.ZeroInflatedNegativeBinomial,
        MORE_ZEROS,
        True,
        lambda m: sf.ZeroInflatedNegativeBinomial(m.mean, m.size, 0),
    ),
    (sf.Exponential, sf.Gompertz, POSITIVE, True, lambda m: sf.Gompertz(m.rate, 0)),
    (sf.Weibull, sf.BurrXII, POSITIVE, True, lambda m: sf.BurrXII(m.shape, np.inf, m.scale)),
    (sf.LogLogistic, sf.BurrXII, POSITIVE, False, lambda m: sf.BurrXII(m.shape, 1, m.scale)),
    (sf.Normal, sf.GeneralizedNormal, REAL, False, lambda m: sf.GeneralizedNormal(m.mu, m.sigma * np.sqrt(2), 2)),
    (
        sf.Binomial.of(n=20),
        sf.BetaBinomial.of(n=20),
        np.minimum(COUNTS, 20.0),
        True,
        lambda m: sf.BetaBinomial(20, m.p, np.inf),
    ),
]
PAIRS += [
    (
        sf.Geometric,
        sf.ZeroInflatedNegativeBinomial,
        COUNTS,
        True,
        lambda m: sf.ZeroInflatedNegativeBinomial(1 / m.p - 1, 1, 0),
    ),
    (sf.Exponential, sf.BurrXII, POSITIVE, True, lambda m: sf.BurrXII(1, np.inf, 1 / m.rate)),
    (sf.Rayleigh, sf.BurrXII, POSITIVE, True, lambda m: sf.BurrXII(2, np.inf, np.sqrt(2) * m.scale)),
    (sf.Laplace, sf.GeneralizedNormal, REAL, False, lambda m: sf.GeneralizedNormal(m.location, m.scale, 1)),
    (sf.Normal, sf.SkewNormal, REAL, False, lambda m: sf.SkewNormal(m.mu, m.sigma, 0)),
    (
        sf.HalfNormal,
        sf.truncated(sf.Normal, lower=0),
        POSITIVE,
        False,
        lambda m: sf.truncated(sf.Normal(0, m.sigma), lower=0),
    ),
]
# Special case, what it fixes, family, data, the larger model that equals it, and why there is no such test.
REFUSED = [
    (
        sf.Poisson,
        {},
        sf.ZeroInflatedNegativeBinomial,
        COUNTS,
        lambda m: sf.ZeroInflatedNegativeBinomial(m.mean, np.inf, 0),
        "the end of 2 parameters",
    ),
    (
        sf.HalfNormal,
        {},
        sf.SkewNormal,
        np.abs(REAL),
        lambda m: sf.SkewNormal(0, m.sigma, np.inf),
        "the location is an end of the support",
    ),
    (
        sf.Uniform,
        {"low": -np.pi, "high": np.pi},
        sf.VonMises,
        np.remainder(REAL, 2 * np.pi) - np.pi,
        lambda m: sf.VonMises(m.mean, 0),
        "the location means nothing",
    ),
    (
        sf.Uniform,
        {"low": -20.0, "high": 20.0},
        sf.GeneralizedNormal,
        REAL,
        lambda m: sf.GeneralizedNormal(0, 20, np.inf),
        "the ends of the support are parameters",
    ),
]
# And some that are special cases where a parameter of theirs is known.
KNOWN = [
    (sf.Pareto, {"minimum": 2.0}, sf.GeneralizedPareto.of(threshold=2.0), POSITIVE + 2.0, 1),
    (sf.Uniform, {"low": 0.0, "high": 1.0}, sf.Beta, RNG.uniform(size=80), 2),
]
names = [f"{row[0].__name__}-{row[1].__name__}" for row in PAIRS]
pairs = pytest.mark.parametrize(("small", "large", "x", "at_end", "inside"), PAIRS, ids=names)


@pairs
def test_a_special_case_is_the_family_at_the_values_that_it_states(small, large, x, at_end, inside):
    one = sf.fit(small, x).model
    other = inside(one)
    for name, value in special_cases_of(large)[small.__name__.partition(".")[0]].items():
        assert getattr(other, name) == value
    logs = [model.logpmf(x) if model.discrete else model.logpdf(x) for model in (one, other)]
    np.testing.assert_allclose(logs[1], logs[0], rtol=1e-12, atol=1e-12)


def test_no_special_case_is_left_without_a_test():
    rows = [(row[0], row[1]) for row in PAIRS] + [(row[0], row[2]) for row in REFUSED + KNOWN]
    tested = {(getattr(large, "distribution", large), small.__name__.partition(".")[0]) for small, large in rows}
    one_variable = [getattr(sf, name) for name in NAMES if isinstance(getattr(sf, name).parameters[0], Parameter)]
    stated = {(family, name) for family in one_variable for name in special_cases_of(family)}
    assert stated == {(family, name) for family, name in tested if family in one_variable}


@pytest.mark.parametrize(
    ("small", "fixed", "large", "x", "inside", "why"), REFUSED, ids=[str(row[-1]) for row in REFUSED]
)
def test_a_special_case_without_a_law_is_refused_with_the_reason(small, fixed, large, x, inside, why):
    null, alternative = sf.fit(small, x, fixed=fixed), sf.fit(large, x)
    other = inside(null.model)
    logs = [model.logpmf(x) if model.discrete else model.logpdf(x) for model in (null.model, other)]
    np.testing.assert_allclose(logs[1], logs[0], rtol=1e-12, atol=1e-12)
    for test in (sf.likelihood_ratio_test, sf.compare([null, alternative]).test):
        pair = (null, alternative) if test is sf.likelihood_ratio_test else (small, large)
        with pytest.raises(NotAvailableError, match=why):
            test(*pair)
    with pytest.raises(NotAvailableError, match="is a special case of"):
        sf.vuong_test(null, alternative)


@pytest.mark.parametrize(("small", "fixed", "large", "x", "degrees"), KNOWN, ids=["Pareto", "Uniform"])
def test_a_family_with_a_known_end_is_a_special_case(small, fixed, large, x, degrees):
    null, alternative = sf.fit(small, x, fixed=fixed), sf.fit(large, x)
    found = sf.likelihood_ratio_test(null, alternative)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, degrees), rel=1e-12)
    other = sf.fit(small, x, fixed={name: value - 1e-3 if name != "high" else value for name, value in fixed.items()})
    assert nesting(other, alternative) is None


def test_compositions_of_a_special_case_are_one_of_the_same_composition():
    for wrap in (
        lambda f: sf.truncated(f, lower=0.5),
        lambda f: sf.transformed(f, sf.maps.log),
    ):
        x = POSITIVE + 0.5
        small, large = wrap(sf.Exponential), wrap(sf.Gamma)
        x = np.log(x) if "log" in small.__name__ else x
        found = nesting(sf.fit(small, x), sf.fit(large, x))
        assert (found.restrictions, found.degrees, found.boundary) == ({"shape": 1.0}, 1, ())
        assert nesting(sf.fit(small, x), sf.fit(wrap(sf.Weibull), x)) is not None
        assert nesting(sf.fit(wrap(sf.Gamma), x), sf.fit(wrap(sf.BurrXII), x)) is None


def test_what_is_slow_to_reach_its_law_is_said():
    test = sf.likelihood_ratio_test(sf.fit(sf.Normal, REAL), sf.fit(sf.SkewNormal, REAL))
    assert "at shape 0 the information is singular, so that the law is reached slowly" in test.note


@pairs
def test_the_law_is_that_of_the_place_of_the_special_case(small, large, x, at_end, inside):
    null, alternative = sf.fit(small, x), sf.fit(large, x)
    found = sf.likelihood_ratio_test(null, alternative)
    statistic = 2 * (alternative.log_likelihood - null.log_likelihood)
    assert found.statistic == pytest.approx(max(statistic, 0.0), abs=1e-9)
    q = alternative.free_parameters - null.free_parameters
    whole, less = stats.chi2.sf(found.statistic, q), stats.chi2.sf(found.statistic, q - 1) if q > 1 else 0.0
    assert found.p_value == pytest.approx(0.5 * (less + whole) if at_end else whole, rel=1e-12)
    law = (
        "half the time 0 and half the time χ² with 1 degree" if q == 1 else f"χ² with {q - 1} and half the time χ² with"
    )
    assert (law in found.law) == at_end
    with pytest.raises(NotAvailableError, match="pass the smaller model first"):
        sf.likelihood_ratio_test(alternative, null)


def test_a_known_answer_in_full():
    test = sf.likelihood_ratio_test(sf.fit(sf.Exponential, BEEF), sf.fit(sf.Gamma, BEEF))
    assert test.statistic == pytest.approx(2 * (1346.013 - 1253.625114), abs=2e-3)
    assert test.p_value == pytest.approx(stats.chi2.sf(test.statistic, 1), rel=1e-12)
    text = " ".join(str(test).split())
    assert "null hypothesis: Exponential, which is Gamma with shape = 1 alternative: Gamma" in text
    assert "χ² with 1 degree of freedom" in text
    assert "not picked by the data" in text
    assert sf.compare([sf.Gamma, sf.Exponential], BEEF).test("Gamma", "Exponential") == test


def test_fixed_parameters_are_restrictions():
    free = sf.fit(sf.Normal, REAL)
    both = sf.fit(sf.Normal, REAL, fixed={"mu": 0.0, "sigma": 1.0})
    test = sf.likelihood_ratio_test(both, free)
    assert test.null == "Normal with mu = 0, sigma = 1"
    assert test.p_value == pytest.approx(stats.chi2.sf(test.statistic, 2), rel=1e-12)
    one = sf.fit(sf.Normal, REAL, fixed={"mu": 0.0})
    assert nesting(both, one).restrictions == {"sigma": 1.0}
    assert nesting(one, sf.fit(sf.Normal, REAL, fixed={"mu": 1.0})) is None
    assert nesting(sf.fit(sf.Normal, REAL, fixed={"sigma": 1.0}), sf.fit(sf.Normal, REAL, fixed={"mu": 0.0})) is None


def test_two_restrictions_of_which_one_is_at_its_end():
    x = np.random.default_rng(3).standard_t(6, 100)
    null = sf.fit(sf.StudentT, x, fixed={"df": np.inf, "location": 0.0})
    test = sf.likelihood_ratio_test(null, sf.fit(sf.StudentT, x))
    t = test.statistic
    assert test.p_value == pytest.approx(0.5 * stats.chi2.sf(t, 1) + 0.5 * stats.chi2.sf(t, 2), rel=1e-12)
    assert "location = 0" in test.null
    assert "df = ∞" in test.null


def test_what_both_fix_must_agree():
    x = POSITIVE
    gamma = sf.fit(sf.Gamma, x, fixed={"rate": 0.5})
    assert nesting(sf.fit(sf.Exponential, x, fixed={"rate": 0.5}), gamma).restrictions == {"shape": 1.0}
    assert nesting(sf.fit(sf.Exponential, x, fixed={"rate": 0.25}), gamma) is None
    assert nesting(sf.fit(sf.Exponential, x), sf.fit(sf.Gamma, x, fixed={"rate": 0.5})) is None
    far = sf.fit(sf.GeneralizedPareto.of(threshold=-1.0), x)
    assert nesting(sf.fit(sf.Exponential, x), far) is None


def test_a_parameter_of_the_same_name_and_another_meaning_nests_nothing():
    rayleigh, weibull = (sf.fit(family, POSITIVE, fixed={"scale": 1.0}) for family in (sf.Rayleigh, sf.Weibull))
    assert nesting(rayleigh, weibull) is None


@pytest.mark.parametrize(
    ("family", "fixed"), [(sf.Pareto, {"minimum": 0.01}), (sf.Uniform, {"low": 0.0, "high": 100.0})]
)
def test_an_end_of_the_support_has_no_likelihood_ratio_test(family, fixed):
    small, large = sf.fit(family, POSITIVE, fixed=fixed), sf.fit(family, POSITIVE)
    with pytest.raises(NotAvailableError, match="no likelihood-ratio test with"):
        sf.likelihood_ratio_test(small, large)


def test_structures_of_a_covariance_are_nested():
    iris = sf.datasets.path("iris")
    spherical, diagonal = (sf.fit(sf.MultivariateNormal.of(covariance=w), iris) for w in ("spherical", "diagonal"))
    dense = sf.fit(sf.MultivariateNormal, iris)
    test = sf.likelihood_ratio_test(diagonal, dense)
    correlation = np.corrcoef(np.loadtxt(iris, delimiter=",", skiprows=1, usecols=range(4)).T)
    assert test.statistic == pytest.approx(-150 * np.linalg.slogdet(correlation)[1], rel=1e-10)
    assert "χ² with 6 degrees of freedom" in test.law
    assert "χ² with 3 degrees" in sf.likelihood_ratio_test(spherical, diagonal).law
    assert "χ² with 9 degrees" in sf.likelihood_ratio_test(spherical, dense).law


def test_an_alternative_that_went_to_the_null_has_p_one():
    x = np.linspace(-1, 1, 60)
    test = sf.likelihood_ratio_test(sf.fit(sf.Normal, x), sf.fit(sf.StudentT, x))
    assert (test.statistic, test.p_value) == (0.0, 1.0)
    few = [0, 1, 1, 2, 2, 3, 3, 4]
    test = sf.likelihood_ratio_test(sf.fit(sf.Poisson, few), sf.fit(sf.ZeroInflatedPoisson, few))
    assert (test.statistic, test.p_value) == (0.0, 1.0)


def test_what_has_no_such_law_is_refused():
    gamma, normal = sf.fit(sf.Gamma, POSITIVE), sf.fit(sf.Normal, POSITIVE)
    with pytest.raises(NotAvailableError, match=r"special cases are Exponential, ChiSquared.*use sf\.vuong_test"):
        sf.likelihood_ratio_test(normal, sf.fit(sf.Gamma, POSITIVE))
    with pytest.raises(NotAvailableError, match="is not known to be a special case"):
        sf.likelihood_ratio_test(gamma, gamma)
    with pytest.raises(DataError, match="cannot be compared"):
        sf.likelihood_ratio_test(sf.fit(sf.Exponential, POSITIVE[1:]), gamma)
    x = np.random.default_rng(0).uniform(0, 1, 100) ** 0.6
    steep = sf.fit(sf.GeneralizedExtremeValue, x)
    assert steep.model.shape < -0.5
    with pytest.raises(NotAvailableError, match="the law of the likelihood ratio is not known here"):
        sf.likelihood_ratio_test(sf.fit(sf.Gumbel, x), steep)
    flat = np.linspace(-1, 1, 60)
    null = sf.fit(sf.StudentT, flat, fixed={"location": 0.0})
    with pytest.raises(NotAvailableError, match=r"whose fit is no interior maximum \(no finite maximum"):
        sf.likelihood_ratio_test(null, sf.fit(sf.StudentT, flat))


def _p_values(draw, small, large, replicates, seed):
    rng = np.random.default_rng(seed)
    samples = [draw(rng) for _ in range(replicates)]
    return np.array([sf.likelihood_ratio_test(*sf.fit_each([small, large], x)).p_value for x in samples])


def test_the_size_is_right_inside():
    """The p-values of 120 samples of 200 are uniform: Kolmogorov and Smirnov reject in 1 of 10,000 seeds."""
    p = _p_values(lambda rng: rng.exponential(2.0, 200), sf.Exponential, sf.Gamma, 120, 1)
    assert stats.kstest(p, "uniform").pvalue > 1e-4


def test_the_size_is_right_at_an_end():
    """Half of the statistics are 0, the p-values of the others are uniform below ½, each to 1 in 10,000 seeds."""
    p = _p_values(lambda rng: rng.poisson(5.0, 200).astype(float), sf.Poisson, sf.NegativeBinomial, 120, 2)
    low, high = stats.binom.ppf([5e-5, 1 - 5e-5], 120, 0.5)
    assert low <= (p == 1.0).sum() <= high
    assert stats.kstest(2.0 * p[p < 1.0], "uniform").pvalue > 1e-4
