"""The binomial distribution, and families with a bound parameter."""

import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.errors import OutsideSupportError, ParameterError

X = [3, 5, 2, 4, 4, 6, 1, 3]


def test_the_estimate_is_the_mean_over_n_with_its_textbook_error():
    fit = sf.fit(sf.Binomial.of(n=10), X)
    assert fit.model.theta == pytest.approx((10, 0.35), rel=1e-15)
    assert fit.certificate.status == "maximum"
    assert fit.free_parameters == 1
    assert fit.fixed == {"n": 10.0}
    assert list(fit.standard_errors) == ["p"]
    assert fit.standard_errors["p"] == pytest.approx(np.sqrt(0.35 * 0.65 / 80), rel=1e-12)
    assert fit.log_likelihood == pytest.approx(stats.binom.logpmf(X, 10, 0.35).sum(), rel=1e-13)
    assert str(fit).startswith("Binomial.of(n=10) fitted to x")


def test_a_bound_parameter_can_be_fixed_by_name_too():
    assert sf.fit(sf.Binomial, X, fixed={"n": 10}).model == sf.fit(sf.Binomial.of(n=10), X).model
    with pytest.raises(
        ParameterError, match=r"Binomial needs to know n, the number of trials: pass sf.Binomial.of\(n=…\)"
    ):
        sf.fit(sf.Binomial, X)
    with pytest.raises(ParameterError, match=r"n must be a whole number and a positive number, not 2.5"):
        sf.Binomial.of(n=2.5)


def test_values_above_n_are_outside_the_support():
    with pytest.raises(OutsideSupportError, match=r"the value 6 in row 6, but .* only on the integers from 0 to 5"):
        sf.fit(sf.Binomial.of(n=5), X)


@pytest.mark.parametrize(("value", "p"), [(0, 0.0), (10, 1.0)])
def test_all_failures_or_all_successes_put_p_on_its_bound(value, p):
    fit = sf.fit(sf.Binomial.of(n=10), [value] * 4)
    assert fit.certificate.status == "boundary"
    assert fit.model == sf.Binomial(10, p)
    assert fit.log_likelihood == 0.0
    other = np.exp(-0.5 * stats.chi2.ppf(0.95, 1) / 40)
    ends = (0.0, 1.0 - other) if p == 0 else (other, 1.0)
    assert [*fit.interval("p")] == pytest.approx(ends, rel=1e-6)


def test_a_bound_family_is_a_value_that_is_saved_and_sent(tmp_path):
    family = sf.Binomial.of(n=10)
    assert pickle.loads(pickle.dumps(family)) == family
    sf.save(sf.fit(family, X), tmp_path / "fit.json")
    loaded = sf.load(tmp_path / "fit.json")
    assert loaded.family == family
    assert str(loaded) == str(sf.fit(family, X))


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (10, 1e-9), (37, 0.5), (1000, 0.999), (10**6, 0.2), (10**9, 1e-7)])
def test_the_mass_and_both_tails_agree_with_fifty_digits(n, p):
    model = sf.Binomial(n, p)
    k = np.unique(np.floor(model.icdf([1e-200, 1e-20, 1e-3, 0.3, 0.5, 0.9, 1 - 1e-9])))
    with mp.workdps(50):
        exact = [mp.log(mp.binomial(n, int(v))) + v * mp.log(mp.mpf(p)) + (n - v) * mp.log(1 - mp.mpf(p)) for v in k]
        np.testing.assert_allclose(model.logpmf(k), [float(v) for v in exact], rtol=2e-13, atol=1e-15)
    if n <= 1000:
        with mp.workdps(50):
            mass = [mp.binomial(n, i) * mp.mpf(p) ** i * (1 - mp.mpf(p)) ** (n - i) for i in range(n + 1)]
            lower = [float(mp.log(sum(mass[: int(v) + 1]))) for v in k]
            upper = [float(mp.log(sum(mass[int(v) + 1 :]))) if v < n else -np.inf for v in k]
        np.testing.assert_allclose(model.logcdf(k), lower, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(model.logccdf(k), upper, rtol=1e-12, atol=1e-14)


def test_what_is_bound_cannot_be_fixed_elsewhere_nor_be_a_word():
    with pytest.raises(ParameterError, match=r"Binomial.of\(n=5\) binds n, and fixed=\{'n': 6\} differs"):
        sf.fit(sf.Binomial.of(n=5), X, fixed={"n": 6})
    for value in ("5", True):
        with pytest.raises(ParameterError, match="n must be a whole number"):
            sf.Binomial.of(n=value)
