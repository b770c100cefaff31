"""Named quantities of a model: their values, ranges and intervals."""

import pickle

import numpy as np
import pytest
from scipy import special, stats

import suffice as sf
from suffice.errors import NotAvailableError, ParameterError

X = np.random.default_rng(1).gamma(3.0, 2.0, 60)
T = sf.targets
ALL = [
    T.quantile(0.99),
    T.tail_probability(9.0),
    T.probability_between(3.0, 5.0),
    T.return_level(50),
    T.mean(),
    T.standard_deviation(),
]


def test_targets_print_what_they_are_and_are_values():
    names = ["quantile(0.99)", "tail_probability(9)", "probability_between(3, 5)", "return_level(50)", "mean"]
    assert [target.__name__ for target in ALL] == [*names, "standard_deviation"] == [repr(target) for target in ALL]
    assert repr(T.return_level(100, per_year=3.5)) == "return_level(100, per_year=3.5)"
    for target in ALL:
        assert pickle.loads(pickle.dumps(target)) == target
    assert len({T.quantile(0.5), T.quantile(0.5), T.quantile(0.4)}) == 2


def test_targets_have_the_values_of_scipy():
    model, reference = sf.Gamma(shape=3.0, rate=0.5), stats.gamma(3.0, scale=2.0)
    expected = [reference.ppf(0.99), reference.sf(9.0), reference.cdf(5.0) - reference.cdf(3.0), reference.isf(0.02)]
    expected += [reference.mean(), reference.std()]
    assert [target(model) for target in ALL] == pytest.approx(expected, rel=1e-12)


def test_probabilities_hold_their_digits_in_both_tails():
    model = sf.Normal(mu=0.0, sigma=1.0)
    far = T.probability_between(10.0, 11.0)
    assert far(model) == pytest.approx(stats.norm.sf(10.0) - stats.norm.sf(11.0), rel=1e-10)
    assert T.probability_between(-11.0, -10.0)(model) == pytest.approx(far(model), rel=1e-10)
    for x in (-30.0, 30.0):
        odds = T.tail_probability(x).scaled(model, T.tail_probability(x).domain(model))
        assert odds == pytest.approx(np.sign(x) * stats.norm.logsf(30.0), rel=1e-12)


@pytest.mark.parametrize("target", ALL, ids=repr)
def test_a_wald_interval_of_a_named_quantity_is_symmetric_in_the_scale_of_its_range(target):
    fit = sf.fit(sf.Gamma, X)
    interval = fit.interval(target, method="wald")
    plain = fit.interval(target.__call__, method="wald")
    half = plain.upper - plain.estimate
    value = interval.estimate
    if interval.note == "in the logit scale":
        scaled, slope = special.logit, 1.0 / (value * (1.0 - value))
    else:
        assert interval.note == "in the log scale"
        scaled, slope = np.log, 1.0 / value
    ends = scaled(value) - slope * half, scaled(value) + slope * half
    assert (scaled(interval.lower), scaled(interval.upper)) == pytest.approx(ends, rel=1e-5)
    assert interval.name == repr(target)


@pytest.mark.parametrize("target", ALL, ids=repr)
def test_profile_and_percentiles_do_not_depend_on_the_scale(target):
    fit = sf.fit(sf.Gamma, X)
    for method, replicates in (("profile", None), ("bootstrap", 99), ("bca", 199)):
        found = [fit.interval(g, 0.8, method=method, replicates=replicates) for g in (target, target.__call__)]
        scaled, plain = found
        assert (*scaled, scaled.estimate) == pytest.approx((*plain, plain.estimate), rel=1e-6)


def test_a_probability_stays_between_0_and_1_and_a_positive_quantity_positive():
    fit = sf.fit(sf.Gamma, X[:6])
    for target in (T.tail_probability(14.0), T.tail_probability(2.0), T.standard_deviation(), T.quantile(0.001)):
        plain = fit.interval(target.__call__, 0.99, method="wald")
        lower, upper = fit.interval(target, 0.99, method="wald")
        assert 0.0 < lower < fit.interval(target).estimate < upper
        if isinstance(target, type(T.tail_probability(1.0))):
            assert upper < 1.0
            assert plain.lower < 0.0 or plain.upper > 1.0


def test_a_quantile_on_the_whole_line_or_at_a_moving_end_has_no_scale_and_one_of_shares_the_logit():
    assert sf.fit(sf.Normal, X).interval(T.quantile(0.9), method="wald").note == ""
    assert sf.fit(sf.GeneralizedExtremeValue, X).interval(T.mean(), method="wald").note == ""
    assert sf.fit(sf.Beta, X / 20.0).interval(T.quantile(0.9), method="wald").note == "in the logit scale"
    excesses = sf.fit(sf.GeneralizedPareto.of(threshold=2.0), X[X > 2.0])
    interval = excesses.interval(T.quantile(0.05), 0.999, method="wald")
    assert interval.note == "in the log scale"
    assert interval.lower > 2.0


def test_an_end_at_a_limit_of_the_family_is_found_in_the_scale_too():
    counts = np.random.default_rng(24).negative_binomial(5, 0.5, 20).astype(float)
    fit = sf.fit(sf.NegativeBinomial, counts)
    scaled, plain = (
        fit.interval(g, method="profile") for g in (T.standard_deviation(), lambda m: m.standard_deviation)
    )
    assert tuple(scaled) == pytest.approx(tuple(plain), rel=1e-7)
    assert scaled.note == plain.note == "the lower end lies at size = ∞"


def test_named_quantities_are_as_sure_far_from_0():
    z = np.random.default_rng(0).normal(size=100)
    near, far = sf.fit(sf.Normal, (z + 1e9) - 1e9), sf.fit(sf.Normal, z + 1e9)
    for method in ("wald", "profile"):
        here, there = (
            near.interval(T.tail_probability(1.0), method=method),
            far.interval(T.tail_probability(1e9 + 1), method=method),
        )
        assert tuple(there) == pytest.approx(tuple(here), rel=1e-5)


def test_a_probability_that_is_always_1_has_no_interval():
    fit = sf.fit(sf.Binomial.of(n=10), [1, 2, 0, 1])
    for method in ("wald", "profile"):
        with pytest.raises(NotAvailableError, match=r"tail_probability\(-1\)"):
            fit.interval(T.tail_probability(-1), method=method)


def test_no_number_where_the_distribution_has_none():
    cauchy = sf.fit(sf.Cauchy, X)
    with pytest.raises(NotAvailableError, match=r"the mean of Cauchy.* is nan, so it has no interval"):
        cauchy.interval(T.mean())
    many = sf.fit(sf.MultivariateNormal, np.column_stack([X, X**2]))
    with pytest.raises(ParameterError, match=r"quantile\(0.9\) is of one variable, and MultivariateNormal has no icdf"):
        many.interval(T.quantile(0.9))
    with pytest.raises(ParameterError, match=r"mean is of one variable; ask for an entry .* 'mean\[0\]'"):
        many.interval(T.mean())
    with pytest.raises(NotAvailableError, match=r"^quantile\(0.5\) does not change smoothly"):
        sf.fit(sf.Poisson, np.floor(X)).interval(T.quantile(0.5), method="wald")


def test_arguments_are_checked():
    with pytest.raises(ParameterError, match=r"p of quantile\(p\) must be between 0 and 1, not 99"):
        T.quantile(99)
    with pytest.raises(ParameterError, match="x of tail_probability"):
        T.tail_probability(np.nan)
    with pytest.raises(ParameterError, match=r"b of probability_between\(a, b\) must be above 5, not 3"):
        T.probability_between(5, 3)
    with pytest.raises(ParameterError, match=r"period of return_level\(period\) must be above 0.25, not 0.1"):
        T.return_level(0.1, per_year=4)
    with pytest.raises(ParameterError, match="per_year of return_level"):
        T.return_level(10, per_year=0)


def test_a_target_that_was_not_made_is_said_to_need_its_parentheses():
    fit = sf.fit(sf.Gamma, X)
    with pytest.raises(ParameterError, match=r"call it, sf\.targets\.mean\(\)$"):
        fit.interval(T.mean)
    with pytest.raises(ParameterError, match=r"sf\.targets\.quantile makes .* call it, sf\.targets\.quantile\(0\.99\)"):
        fit.interval(T.quantile)


def test_what_a_function_of_the_model_raises_is_named_and_kept():
    fit = sf.fit(sf.Gamma, X)
    words = r"the function of the model raised TypeError at Gamma\(.*\): 'float' object is not callable; moments are"
    with pytest.raises(ParameterError, match=words) as caught:
        fit.interval(lambda m: m.mean())
    assert isinstance(caught.value.__cause__, TypeError)
    assert "m.mean, not m.mean()" in str(caught.value)

    def half(model):
        return 1.0 / (model.shape - model.shape)

    with pytest.raises(ParameterError, match=r"half raised ZeroDivisionError at Gamma") as caught:
        fit.interval(half)
    assert "not methods" not in str(caught.value)
    with pytest.raises(ParameterError, match=r"raised AttributeError .* it is called icdf here"):
        fit.interval(lambda m: m.ppf(0.5))
    with pytest.raises(ParameterError, match=r"^a quantile is at a probability between 0 and 1, not 99; did you mean"):
        fit.interval(lambda m: m.icdf(99))


def test_words_for_targets_are_answered_with_ours_and_dir_lists_them():
    hints = {
        "median": r"sf\.targets\.quantile\(0\.5\)",
        "std": r"standard_deviation\(\)",
        "quantle": r"quantile\(0\.99\)",
    }
    for name, hint in hints.items():
        with pytest.raises(AttributeError, match=f"suffice.targets has no '{name}'; ask for .*{hint}"):
            getattr(T, name)
    with pytest.raises(AttributeError, match=r"there are mean, .* or pass a function of the model"):
        T.xyzzy  # noqa: B018
    assert dir(T) == sorted(T.__all__)


def test_a_percentage_is_told_from_a_probability():
    with pytest.raises(ParameterError, match=r"must be between 0 and 1, not 95; did you mean 0\.95\?"):
        sf.targets.quantile(95)
    with pytest.raises(ParameterError, match=r"not 120$"):
        sf.targets.quantile(120)
