"""The probability of an interval and its derivatives agree with mpmath, in the middle and far out."""

import mpmath as mp
import numpy as np
import pytest
from catalogue import UNIVARIATE

from suffice.distributions.cauchy import Cauchy
from suffice.distributions.gamma import Gamma
from suffice.distributions.generalized_pareto import GeneralizedPareto
from suffice.distributions.interval_derivatives import log_probability_derivatives
from suffice.distributions.interval_probability import log_probability, tails
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.normal import Normal
from suffice.distributions.poisson import Poisson
from suffice.distributions.student_t import StudentT
from suffice.distributions.weibull import Weibull
from suffice.errors import NotAvailableError

INF = np.inf


def normal(mu, sigma, low, high):
    if low == -INF:
        return mp.log(mp.erfc((mu - high) / sigma / mp.sqrt(2)) / 2)
    upper = 0 if high == INF else mp.erfc((high - mu) / sigma / mp.sqrt(2))
    return mp.log((mp.erfc((low - mu) / sigma / mp.sqrt(2)) - upper) / 2)


def gamma(shape, rate, low, high):
    return mp.log(mp.gammainc(shape, rate * low, rate * mp.mpf(high)) / mp.gamma(shape))


def cauchy(location, scale, low, high):
    ends = [mp.sign(x) * mp.pi / 2 if abs(x) == INF else mp.atan((x - location) / scale) for x in (low, high)]
    return mp.log((ends[1] - ends[0]) / mp.pi)


def weibull(shape, scale, low, high):
    return mp.log(
        mp.exp(-((mp.mpf(low) / scale) ** shape)) - (0 if high == INF else mp.exp(-((high / scale) ** shape)))
    )


def derivatives(function, theta, low, high):
    """Return gradient and Hessian by mpmath's differences, with 80 digits."""
    return [
        float(mp.diff(lambda *t: function(*t, low, high), theta, n)) for n in ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
    ]


# The relative error is bounded by the rounding of the log density, 1e-16 of its size, where no other error is.
CASES = [
    (Normal, normal, (0.5, 1.0), 0.0, INF, 1e-13),
    (Normal, normal, (0.3, 1.0), -1.0, 2.0, 1e-13),
    (Normal, normal, (0.0, 1.0), 1.0, 1.001, 1e-12),
    (Normal, normal, (0.0, 1.0), 34.0, INF, 1e-12),
    (Normal, normal, (0.0, 1.0), 36.0, 38.0, 1e-12),
    (Normal, normal, (0.0, 1.0), 50.0, 50.01, 1e-12),
    (Normal, normal, (-300.0, 1.0), 0.0, INF, 1e-11),
    (Normal, normal, (300.0, 1.0), -INF, 0.0, 1e-11),
    (Gamma, gamma, (4.0, 0.05), 65.0, 75.0, 1e-12),
    (Gamma, gamma, (0.1, 0.05), 0.0, 5.0, 1e-12),
    (Gamma, gamma, (0.1, 0.05), 1e-3, 1.0, 1e-12),
    (Gamma, gamma, (400.0, 1.0), 0.0, 20.0, 1e-12),
    (Cauchy, cauchy, (0.3, 1.0), -1.0, INF, 1e-11),
    (Cauchy, cauchy, (0.3, 1.0), 1.0, 3.0, 1e-11),
    (Weibull, weibull, (0.3, 1.0), 0.0, 2.0, 1e-12),
    (Weibull, weibull, (3.0, 1.0), 12.0, INF, 1e-11),
]


@pytest.mark.parametrize(("family", "reference", "theta", "low", "high", "relative"), CASES)
def test_value_gradient_and_hessian_agree_with_mpmath(family, reference, theta, low, high, relative):
    with mp.workdps(400 if abs(theta[0]) == 300.0 else 80):
        exact = [mp.mpf(t) for t in theta]
        value = float(reference(*exact, low, high))
        expected = derivatives(reference, exact, low, high)
    assert log_probability(family, low, high, *theta) == pytest.approx(value, rel=1e-15, abs=1e-15)
    first, second = log_probability_derivatives(family, low, high, *theta)
    assert np.array([*first, *second]) == pytest.approx(expected, rel=relative)


@pytest.mark.parametrize("shape", [-0.7, -0.45, -0.2, 0.3])
@pytest.mark.parametrize(("low", "high"), [(0.5, INF), (1.2, INF), (0.0, 10.0), (0.5, 1.0), (-INF, 0.5), (-INF, 1.1)])
def test_an_end_of_the_support_that_moves_may_lie_inside_or_beside(shape, low, high):
    """The scores of a generalized Pareto with shape below −½ have no variance, the probability has derivatives."""

    def reference(scale, shape):
        def survival(x):
            base = 1 + shape * max(x, 0.0) / scale if x < INF else mp.mpf(0)
            return base ** (-1 / shape) if base > 0 and x < INF else mp.mpf(0)

        return mp.log(survival(low) - survival(high))

    first, second = log_probability_derivatives(GeneralizedPareto, low, high, 1.0, shape, 0.0)
    with mp.workdps(60):
        theta = [mp.mpf(1), mp.mpf(shape)]
        orders = ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
        expected = [float(mp.diff(reference, theta, n)) for n in orders]
    found = [float(part) for part in (*first[:2], second[0], second[1], second[3])]
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    ("family", "theta", "low", "high"),
    [
        (Poisson, (2.3,), 0.0, INF),
        (Poisson, (2.3,), -1.0, 3.0),
        (Poisson, (1e-8,), 0.0, INF),
        (Poisson, (1e7,), -1.0, 3.0),
        (NegativeBinomial, (1.0, 1.5), 0.0, INF),
        (NegativeBinomial, (4.0, 1.5), 6.0, 40.0),
    ],
)
def test_derivatives_of_counts_agree_with_sums_of_many_digits(family, theta, low, high):
    def probability(*t):
        last = 250 if high == INF else int(high)
        ks = range(int(low) + 1, last + 1)
        if family is Poisson:
            return mp.log(sum(mp.exp(-t[0]) * t[0] ** k / mp.factorial(k) for k in ks))
        m, r = t
        return mp.log(sum(mp.binomial(k + r - 1, k) * (m / (m + r)) ** k * (r / (m + r)) ** r for k in ks))

    p = len(theta)
    orders = [(1,), (2,)] if p == 1 else [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    with mp.workdps(60):
        exact = [mp.mpf(t) for t in theta]
        expected = [float(mp.diff(probability, exact, n, h=mp.mpf(10) ** -15 * exact[0])) for n in orders]
        value = float(probability(*exact))
    first, second = log_probability_derivatives(family, low, high, *theta)
    assert log_probability(family, low, high, *theta) == pytest.approx(value, rel=1e-13)
    assert np.array([*first, *second]) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "row", [row for row in UNIVARIATE if not row.family.discrete][:14], ids=lambda row: repr(row.family)
)
def test_intervals_side_by_side_add_up_and_broadcast(row):
    model = row.typical
    edges = model.icdf(np.array([1e-9, 1e-3, 0.2, 0.21, 0.5, 0.9, 1 - 1e-6]))
    parts = log_probability(row.family, edges[:-1], edges[1:], *model.theta)
    assert np.exp(parts).sum() == pytest.approx(np.exp(log_probability(row.family, edges[0], edges[-1], *model.theta)))
    theta = [np.array([[t], [t]]) for t in model.theta]
    together = log_probability_derivatives(row.family, edges[:-1], edges[1:], *theta)[0][0]
    assert together.shape == (2, 6)
    alone = log_probability_derivatives(row.family, edges[2], edges[3], *model.theta)[0][0]
    assert together[1, 2] == pytest.approx(float(alone), rel=1e-13)


def test_an_empty_interval_has_probability_zero_and_nan_stays():
    assert log_probability(Normal, 1.0, 1.0, 0.0, 1.0) == -INF
    assert log_probability(Normal, 2.0, 1.0, 0.0, 1.0) == -INF
    assert np.isnan(log_probability(Normal, np.nan, 1.0, 0.0, 1.0))


def test_a_sum_over_too_many_integers_is_refused():
    with pytest.raises(NotAvailableError, match=r"need sums over [0-9,]* integers, and at most 1,000,000"):
        log_probability_derivatives(Poisson, -1.0, 1e14, 1e13)


def test_both_tails_of_a_student_t_are_those_that_it_has_one_by_one():
    x = np.array([-np.inf, -1e100, -40.0, -3.0, 2.0, 2.5, 30.0, 1e9, np.inf])[:, None]
    df = np.array([0.4, 1.0, 7.0, 1e6, 1e12, np.inf])
    below, beyond = tails(StudentT, x + np.zeros_like(df), 2.0, 0.5, df + np.zeros_like(x))
    inside = slice(1, -1)
    np.testing.assert_array_equal(below[inside], StudentT._log_cdf(x[inside], 2.0, 0.5, df))
    np.testing.assert_array_equal(beyond[inside], StudentT._log_ccdf(x[inside], 2.0, 0.5, df))
    assert (below[0] == -np.inf).all()
    assert (beyond[0] == 0.0).all()
