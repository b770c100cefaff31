"""Moments, entropies and tails at extreme parameters, against 120 digits, exact values and limits."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import fitted

from suffice.distributions.burr_xii import BurrXII
from suffice.distributions.exponential import Exponential
from suffice.distributions.gamma import Gamma
from suffice.distributions.generalized_pareto import GeneralizedPareto
from suffice.distributions.gompertz import Gompertz
from suffice.distributions.half_normal import HalfNormal
from suffice.distributions.log_normal import LogNormal
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.normal import Normal
from suffice.distributions.poisson import Poisson
from suffice.distributions.rayleigh import Rayleigh
from suffice.distributions.student_t import StudentT
from suffice.distributions.uniform import Uniform
from suffice.distributions.weibull import Weibull


@pytest.mark.parametrize("shape", [0.01, 0.1, 0.5, 1, 2, 3.6, 5.8, 7.9, 8.1, 16, 100, 1e4, 1e8, 1e12])
def test_moments_of_a_weibull_of_any_shape_agree_with_many_digits(shape):
    model = Weibull(shape, 3.0)
    with mp.workdps(120):
        one, two, three, four = (mp.gamma(1 + r / mp.mpf(shape)) for r in (1, 2, 3, 4))
        variance = two - one**2
        skewness = (three - 3 * one * variance - one**3) / variance ** mp.mpf(1.5)
        kurtosis = (four - 4 * three * one + 6 * two * one**2 - 3 * one**4) / variance**2 - 3
        assert abs(model.standard_deviation / (3 * mp.sqrt(variance)) - 1) < 1e-13
        if variance < 1e300:
            assert abs(model.variance / (9 * variance) - 1) < 1e-13
        assert abs(model.skewness - skewness) < 1e-13 * (1 + abs(skewness))
        assert abs(model.kurtosis - kurtosis) < 1e-12 * (1 + abs(kurtosis))


@pytest.mark.parametrize("shape", [1e16, 1e60, 1e100, 1e160])
def test_a_weibull_of_great_shape_has_the_moments_of_a_gumbel_variable(shape):
    model = Weibull(shape, 1.0)
    assert model.skewness == pytest.approx(-1.1395470994046486, rel=1e-14)
    assert model.kurtosis == pytest.approx(2.4, rel=1e-14)
    assert model.standard_deviation * shape == pytest.approx(np.pi / np.sqrt(6.0), rel=1e-14)


@pytest.mark.parametrize("shape", [1e-3, 0.5, 3, 19.9, 20.1, 1e3, 1e6, 1e10, 1e13, 1e16])
def test_the_entropy_of_a_gamma_of_any_shape_agrees_with_many_digits(shape):
    with mp.workdps(120):
        k = mp.mpf(shape)
        truth = float(k + mp.loggamma(k) + (1 - k) * mp.digamma(k) - mp.log(7))
    assert Gamma(shape, 7.0).entropy == pytest.approx(truth, rel=1e-14)


@pytest.mark.parametrize("df", [1e-3, 0.5, 3, 49.9, 50.1, 1e3, 1e8, 1e13, 1e16])
def test_the_entropy_of_a_student_t_of_any_df_agrees_with_many_digits(df):
    with mp.workdps(120):
        v = mp.mpf(df)
        slope = mp.digamma((v + 1) / 2) - mp.digamma(v / 2)
        truth = float((v + 1) / 2 * slope + mp.log(v) / 2 + mp.log(mp.beta(v / 2, mp.mpf(0.5))) + mp.log(7))
    assert StudentT(0.0, 7.0, df).entropy == pytest.approx(truth, rel=1e-14)


@pytest.mark.parametrize("unit", [1e160, 1e-110, 1e-170])
@pytest.mark.parametrize(
    "make",
    [
        lambda unit: Normal(0.0, unit),
        lambda unit: Exponential(1.0 / unit),
        lambda unit: Gamma(4.0, 1.0 / unit),
        lambda unit: Weibull(2.0, unit),
        lambda unit: StudentT(0.0, unit, 5.0),
        lambda unit: LogNormal(np.log(unit), 0.5),
    ],
)
def test_moments_have_the_unit_of_the_data_where_its_square_overflows(make, unit):
    one, model = make(1.0), make(unit)
    assert model.standard_deviation == pytest.approx(unit * one.standard_deviation, rel=1e-12)
    assert model.variance == pytest.approx(unit * (unit * one.variance), rel=1e-12, abs=1e-320)
    assert (model.skewness, model.kurtosis) == pytest.approx((one.skewness, one.kurtosis), rel=1e-12)
    assert model.entropy == pytest.approx(one.entropy + np.log(unit), rel=1e-13)


def test_moments_of_a_log_normal_of_great_sigma_are_infinite():
    model = LogNormal(0.0, 1e160)
    assert {model.mean, model.standard_deviation, model.variance, model.skewness, model.kurtosis} == {np.inf}


def test_moments_of_huge_counts():
    # The geometric distribution.
    model = NegativeBinomial(1e160, 1.0)
    assert model.standard_deviation == pytest.approx(1e160, rel=1e-15)
    assert model.variance == np.inf
    assert (model.skewness, model.kurtosis) == pytest.approx((2.0, 6.0), rel=1e-15)
    assert model.entropy == pytest.approx(1.0 + np.log(1e160), rel=1e-14)
    assert NegativeBinomial(1e200, 1e-200).skewness == pytest.approx(2e100, rel=1e-14)
    assert NegativeBinomial(1e300, 2.0).entropy == pytest.approx(Gamma(2.0, 2e-300).entropy, rel=1e-12)


@pytest.mark.parametrize(("mean", "size"), [(1e15, np.inf), (1e15, 1e20), (1e160, 1e170), (1e9, 1e12), (1e12, 1e9)])
def test_the_entropy_of_a_narrow_negative_binomial_is_that_of_the_normal(mean, size):
    model = NegativeBinomial(mean, size)
    normal = Normal(0.0, model.standard_deviation).entropy
    assert model.entropy == pytest.approx(normal - model.skewness**2 / 12, rel=1e-11)


@pytest.mark.parametrize("mean", [7e4, 1e6, 1e9])
def test_the_entropy_of_a_negative_binomial_of_infinite_size_is_that_of_poisson(mean):
    assert NegativeBinomial(mean, np.inf).entropy == pytest.approx(Poisson(mean).entropy, rel=1e-12)


def test_tails_of_huge_counts():
    x = np.array([1e15, 1e100, 1e160, 1e300, 1.7e308])
    model = NegativeBinomial(2.0, 1.0)
    assert list(model.cdf(x)) == [1.0] * len(x)
    assert list(model.ccdf(x)) == [0.0] * len(x)
    # P(X > x) = (2/3)ˣ⁺¹
    assert model.logccdf(x) == pytest.approx(x * np.log(2 / 3), rel=1e-13)


def test_probabilities_of_student_t_at_huge_values():
    with mp.workdps(60):
        v = mp.mpf(0.01)
        truth = float((v / mp.mpf(1e200) ** 2) ** (v / 2) / (v * mp.beta(v / 2, mp.mpf(0.5))))
    model = StudentT(0.0, 1.0, 0.01)
    assert model.cdf(-1e200) == pytest.approx(truth, rel=1e-13)
    assert model.ccdf(1e200) == pytest.approx(truth, rel=1e-13)
    assert model.cdf(1e200) == pytest.approx(1.0 - truth, rel=1e-15)
    z = np.array([1e140, 1e149, 1e151, 1e153, 1e160, 1e300])
    assert StudentT(0.0, 1.0, 1.0).cdf(-z) == pytest.approx(1.0 / np.pi / z, rel=1e-12)
    assert StudentT(0.0, 1.0, 30.0).cdf(-1e200) == 0.0
    assert StudentT(0.0, 1.0, np.inf).cdf(-1e200) == 0.0


@pytest.mark.parametrize("count", [1e3, 1e9, 1e15, 1e18])
@pytest.mark.parametrize("zeros", [1, 3])
def test_a_negative_binomial_of_zeros_and_one_huge_count_has_its_interior_maximum(count, zeros):
    solution = fitted(NegativeBinomial, [0.0] * zeros + [count])
    assert (solution.status, solution.reason) == ("", "")
    assert np.linalg.eigvalsh(-solution.hessian)[0] > 0.0
    n, mean = zeros + 1, count / (zeros + 1)

    def score(log_size):
        s = mp.exp(log_size)
        return mp.digamma(s + count) - mp.digamma(s) + n * mp.log(s / (s + mean))

    with mp.workdps(60):
        size = float(mp.exp(mp.findroot(score, mp.log(solution.model.size))))
    assert solution.model.theta == pytest.approx((mean, size), rel=1e-8)


def test_second_derivatives_of_a_negative_binomial_with_mean_far_above_size_agree_with_many_digits():
    x, mean, size = 1e15, 5e14, 0.025
    _, (by_mean, cross, by_size) = NegativeBinomial._derivatives(np.array([x]), mean, size)
    with mp.workdps(80):
        k, m, s = (mp.mpf(v) for v in (x, mean, size))
        truth = (
            (k + s) / (s + m) ** 2 - k / m**2,
            (k - m) / (s + m) ** 2,
            mp.polygamma(1, s + k) - mp.polygamma(1, s) + 1 / s - 2 / (s + m) + (k + s) / (s + m) ** 2,
        )
        expected = [float(v) for v in truth]
    assert [by_mean[0], cross[0], by_size[0]] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("size", [1e20, 1e150, 1e200, 1e300])
def test_a_negative_binomial_of_enormous_size_has_the_quantiles_of_its_limit(size):
    model, limit = NegativeBinomial(8, size), Poisson(8)
    p = [1e-300, 0.001, 0.5, 0.999, 1 - 1e-12]
    assert model.icdf(p).tolist() == limit.icdf(p).tolist()
    assert model.entropy == pytest.approx(limit.entropy, rel=1e-13)


def test_a_quantile_search_ends_where_double_precision_does():
    assert NegativeBinomial(1e15, 1e-300).icdf(0.999) == 0.0
    far = NegativeBinomial(1e300, 1e-10)
    assert far.icdf(0.5) == 0.0
    assert far.iccdf(1e-20) == np.inf
    assert np.isnan(far.entropy)


@pytest.mark.parametrize(
    ("model", "log_hazard"),
    [
        (Exponential(1e-200), lambda x: mp.log(x) - 200 * mp.log(10)),
        (Weibull(2.19, 83.3), lambda x: mp.mpf(2.19) * mp.log(x / mp.mpf(83.3))),
        (Weibull(2.19, 1e200), lambda x: mp.mpf(2.19) * (mp.log(x) - 200 * mp.log(10))),
        (Rayleigh(1e200), lambda x: 2 * mp.log(x) - 400 * mp.log(10) - mp.log(2)),
        (HalfNormal(1e200), lambda x: mp.log(x) - 200 * mp.log(10) + mp.log(2 / mp.pi) / 2),
        (GeneralizedPareto(1e200, 0.3), lambda x: mp.log(x) - 200 * mp.log(10)),
        (Gompertz(1e-200, 1e-3), lambda x: mp.log(x) - 200 * mp.log(10)),
        (Uniform(0.0, 1e200), lambda x: mp.log(x) - 200 * mp.log(10)),
        (BurrXII(2.5, 3.0, 1e60), lambda x: mp.mpf(2.5) * (mp.log(x) - 60 * mp.log(10))),
        (BurrXII(2.5, np.inf, 1e60), lambda x: mp.mpf(2.5) * (mp.log(x) - 60 * mp.log(10))),
    ],
)
@pytest.mark.parametrize("exponent", [-70, -112, -118, -200, -290])
def test_the_logarithm_of_a_lower_tail_has_its_digits_where_the_probability_underflows(model, log_hazard, exponent):
    # -expm1(-H) = H to 1e-60 there
    x = 10.0**exponent
    with mp.workdps(40):
        truth = log_hazard(mp.mpf(x))
        assert truth < -100
        assert abs(model.logcdf(x) / truth - 1) < 1e-15


def test_the_logarithm_of_a_lower_tail_that_underflows_is_right_where_the_hazard_has_grown():
    # H = a (exp(bx) − 1)/b, of which a/b alone underflows
    model = Gompertz(1e-310, 1e8)
    with mp.workdps(40):
        truth = mp.log(mp.mpf(1e-310)) + mp.log(mp.expm1(mp.mpf(1e8) * mp.mpf(1e-7)) / mp.mpf(1e8))
        assert abs(model.logcdf(1e-7) / truth - 1) < 1e-15
