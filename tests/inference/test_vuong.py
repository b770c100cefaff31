"""Vuong's test, against a computation by hand and by simulation."""

import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.errors import DataError, DataNeeded, NotAvailableError, ParameterError
from suffice.inference import vuong
from suffice.inference.weighted_chi_squared import weighted_chi_squared_tail
from suffice.statistics.likelihood_differences import LikelihoodDifferences

BEEF = sf.datasets.path("groundbeef")
X = np.loadtxt(BEEF, skiprows=1, delimiter=",", usecols=-1)


def derivatives(log, theta, x, step=1e-4):
    """Return scores (n, p) and the mean Hessian (p, p) by central differences of a log density of (x, *theta)."""
    theta = np.asarray(theta, dtype=float)
    p = len(theta)
    units = step * np.abs(theta) * np.eye(p)
    scores = np.stack([(log(x, *(theta + e)) - log(x, *(theta - e))) / (2 * e.sum()) for e in units], axis=1)
    hessian = np.empty((p, p))
    for i, a in enumerate(units):
        for j, b in enumerate(units):
            four = (
                log(x, *(theta + a + b))
                - log(x, *(theta + a - b))
                - log(x, *(theta - a + b))
                + log(x, *(theta - a - b))
            )
            hessian[i, j] = np.mean(four) / (4 * a.sum() * b.sum())
    return scores, hessian


def by_hand(x):
    """Return z, n ω² and the λ of W for gamma against log-normal, from scipy's densities and differences."""
    gamma = lambda x, k, r: stats.gamma.logpdf(x, k, scale=1 / r)  # noqa: E731
    normal = lambda x, m, s: stats.lognorm.logpdf(x, s, scale=np.exp(m))  # noqa: E731
    k, _, scale = stats.gamma.fit(x, floc=0)
    theta = (k, 1 / scale), (np.log(x).mean(), np.log(x).std())
    d = gamma(x, *theta[0]) - normal(x, *theta[1])
    n = len(x)
    (s1, a1), (s2, a2) = derivatives(gamma, theta[0], x), derivatives(normal, theta[1], x)
    b11, b12, b22 = s1.T @ s1 / n, s1.T @ s2 / n, s2.T @ s2 / n
    # Vuong 1989, equation 3.6
    w = np.block(
        [[-b11 @ np.linalg.inv(a1), -b12 @ np.linalg.inv(a2)], [b12.T @ np.linalg.inv(a1), b22 @ np.linalg.inv(a2)]]
    )
    return d.sum() / (np.sqrt(n) * d.std()), n * d.var(), np.linalg.eigvals(w).real


def test_it_agrees_with_a_computation_by_hand():
    z, variance, eigenvalues = by_hand(X)
    fits = sf.fit_each([sf.Gamma, sf.LogNormal], BEEF)
    test = sf.vuong_test(*fits)
    assert test.statistic == pytest.approx(z, rel=1e-5)
    assert test.variance_statistic == pytest.approx(variance, rel=1e-5)
    assert test.closeness_p_value == pytest.approx(2 * stats.norm.sf(z), rel=1e-4)
    np.testing.assert_allclose(_eigenvalues(*fits), np.sort(eigenvalues), rtol=1e-4, atol=1e-9)
    draws = np.random.default_rng(0).chisquare(1.0, (400_000, 4)) @ eigenvalues**2
    assert np.mean(draws > 0.05) == pytest.approx(weighted_chi_squared_tail(0.05, eigenvalues**2), abs=0.004)
    assert test.p_value == max(test.variance_p_value, test.closeness_p_value)
    assert test.closer() == "Gamma"
    assert test.closer(0.001) == ""


def _eigenvalues(first, second):
    """Return the λ of W that the test uses, ascending."""
    statistic = LikelihoodDifferences(vuong._scored(first), vuong._scored(second))
    spread = first._ask(vuong.once(statistic)).covariance()
    return vuong._eigenvalues(first, second, spread[1:, 1:], first.n)


def test_exchanging_the_models_changes_the_sign():
    one, two = sf.fit(sf.Gamma, BEEF), sf.fit(sf.LogNormal, BEEF)
    there, back = sf.vuong_test(one, two), sf.vuong_test(two, one)
    assert there.statistic == pytest.approx(-back.statistic, rel=1e-12)
    assert there.variance_p_value == pytest.approx(back.variance_p_value, abs=1e-12)
    assert back.closer() == "Gamma"


def test_the_correction_takes_the_difference_of_the_penalties():
    student, gumbel = sf.fit(sf.StudentT, BEEF), sf.fit(sf.Gumbel, BEEF)
    plain, aic, bic = (sf.vuong_test(student, gumbel, correction=c) for c in (None, "aic", "bic"))
    assert plain.difference == pytest.approx(student.log_likelihood - gumbel.log_likelihood, rel=1e-12)
    assert aic.difference == pytest.approx(-(student.aic - gumbel.aic) / 2, rel=1e-10)
    assert bic.difference == pytest.approx(-(student.bic - gumbel.bic) / 2, rel=1e-10)
    assert bic.statistic == pytest.approx(bic.difference / (np.sqrt(254) * bic.deviation), rel=1e-12)
    assert "corrected as BIC" in bic.law
    with pytest.raises(ParameterError, match="correction must be None, 'aic' or 'bic'"):
        sf.vuong_test(student, gumbel, correction="BIC")


def test_weights_count_rows():
    x, w = np.array([0.5, 1.0, 2.0, 4.0, 3.0]), np.array([3, 5, 4, 1, 2])
    one = sf.vuong_test(*sf.fit_each([sf.Gamma, sf.LogNormal], x, weights=w))
    two = sf.vuong_test(*sf.fit_each([sf.Gamma, sf.LogNormal], np.repeat(x, w)))
    assert one.statistic == pytest.approx(two.statistic, rel=1e-9)
    assert one.variance_p_value == pytest.approx(two.variance_p_value, abs=1e-9)


def test_a_unit_of_the_data_changes_nothing():
    one = sf.vuong_test(*sf.fit_each([sf.Gamma, sf.LogNormal], X))
    two = sf.vuong_test(*sf.fit_each([sf.Gamma, sf.LogNormal], X * 1e-7))
    assert one.statistic == pytest.approx(two.statistic, rel=1e-8)
    assert one.variance_p_value == pytest.approx(two.variance_p_value, abs=1e-10)


def test_the_print_says_what_was_tested_and_what_was_found():
    text = " ".join(str(sf.compare([sf.Gamma, sf.Weibull], BEEF).test("Gamma", "Weibull")).split())
    assert "null hypothesis: Gamma and Weibull are equally close to the truth" in text
    assert "the densities differ, and neither is shown to be closer to the truth" in text
    far = np.random.default_rng(1).gamma(4.0, 18.0, 100_000)
    text = " ".join(str(sf.vuong_test(*sf.fit_each([sf.Gamma, sf.LogNormal], far))).split())
    assert "p < 1e-300" in text
    x = np.random.default_rng(1).exponential(1.0, 100)
    text = " ".join(str(sf.vuong_test(*sf.fit_each([sf.Gamma, sf.Weibull], x))).split())
    assert "the data cannot tell the densities of Gamma and Weibull apart" in text


def test_what_it_does_not_hold_for_is_refused():
    gamma, weibull = sf.fit_each([sf.Gamma, sf.Weibull], BEEF)
    with pytest.raises(NotAvailableError, match="Exponential is a special case of Gamma, which can only be closer"):
        sf.vuong_test(gamma, sf.fit(sf.Exponential, BEEF))
    with pytest.raises(DataError, match="cannot be compared"):
        sf.vuong_test(gamma, sf.fit(sf.Normal, X[1:]))
    with pytest.raises(DataError, match="gives probabilities"):
        sf.vuong_test(sf.fit(sf.Normal, [1, 2, 5]), sf.fit(sf.Poisson, [1, 2, 5]))
    iris = sf.datasets.path("iris")
    joint = [sf.fit(sf.MultivariateNormal, iris, fixed={"mean": np.full(4, value)}) for value in (1.0, 2.0)]
    with pytest.raises(NotAvailableError, match="needs scores row by row, which MultivariateNormal does not have"):
        sf.vuong_test(*joint)
    summary = sf.summarize(BEEF, sf.Gamma)
    with pytest.raises(DataNeeded, match="needs the data again"):
        sf.vuong_test(sf.fit(sf.Gamma, summary), sf.fit(sf.InverseGaussian, BEEF))
    again = sf.vuong_test(gamma, weibull, data=BEEF)
    assert again.statistic == pytest.approx(0.5635, abs=1e-4)


def test_a_student_t_at_its_limit_counts_as_the_normal():
    x = np.linspace(-1, 1, 60)
    student, normal, logistic = sf.fit_each([sf.StudentT, sf.Normal, sf.Logistic], x)
    assert student.certificate.status == "no finite maximum"
    one, two = sf.vuong_test(student, logistic), sf.vuong_test(normal, logistic)
    assert one.statistic == pytest.approx(two.statistic, rel=1e-6)
    assert one.variance_p_value == pytest.approx(two.variance_p_value, rel=1e-5)


def test_the_size_is_right_where_the_densities_differ():
    """Two normals of fixed means on either side of symmetric data are equally close: z is standard normal."""
    rng = np.random.default_rng(4)
    z = []
    for _ in range(120):
        x = rng.logistic(0.0, 1.0, 200)
        fits = [sf.fit(sf.Normal, x, fixed={"mu": mu}) for mu in (-1.0, 1.0)]
        z.append(sf.vuong_test(*fits).statistic)
    assert stats.kstest(z, "norm").pvalue > 1e-4


def test_the_size_of_the_pre_test_is_right_where_the_densities_are_the_same():
    """Gamma and Weibull both hold the exponential: the p-values of the pre-test are uniform."""
    rng = np.random.default_rng(5)
    samples = [rng.exponential(3.0, 500) for _ in range(120)]
    p = [sf.vuong_test(*sf.fit_each([sf.Gamma, sf.Weibull], x)).variance_p_value for x in samples]
    assert stats.kstest(p, "uniform").pvalue > 1e-4
