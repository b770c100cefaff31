"""The Dirichlet distribution: the density at all sizes of alpha, what follows from it, and its fit."""

import mpmath
import numpy as np
import pytest
from scipy import optimize, special, stats

import suffice as sf
from suffice.distributions.dirichlet_problem import DirichletProblem
from suffice.distributions.problem import answer
from suffice.errors import (
    MissingValuesError,
    NoMaximumError,
    NotAvailableError,
    OutsideSupportError,
    ParameterError,
    ShapeError,
)
from suffice.sources.block import Block

MODEL = sf.Dirichlet([2.0, 0.7, 4.0])


@pytest.fixture(scope="module")
def rows():
    return MODEL.sample(300, rng=9)


@pytest.fixture(scope="module")
def fit(rows):
    return sf.fit(sf.Dirichlet, rows)


def fixed_point(x, steps=20_000):
    """Return α by Minka's iteration ψ(αᵢ) = ψ(Σ α) + mean log xᵢ: slow, and independent of ours."""
    mean, alpha = np.log(x).mean(axis=0), np.ones(x.shape[1])
    for _ in range(steps):
        target = special.psi(alpha.sum()) + mean
        alpha = np.array([optimize.brentq(lambda a, t=t: special.psi(a) - t, 1e-6, 1e6, xtol=1e-14) for t in target])
        if steps > 400 and np.abs(special.psi(alpha) - special.psi(alpha.sum()) - mean).max() < 1e-13:
            break
    return alpha


class TestDensity:
    def test_agrees_with_scipy(self, rows):
        expected = stats.dirichlet(MODEL.alpha).logpdf(rows.T)
        np.testing.assert_allclose(MODEL.logpdf(rows), expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(MODEL.pdf(rows), np.exp(expected), rtol=1e-12)

    @pytest.mark.parametrize(
        ("alpha", "x"),
        [
            ((2e8, 3e8, 5e8), (0.20001, 0.30001, 0.49998)),
            ((1e-8, 0.3, 2.0), (1e-200, 0.25, 0.75)),
            ((30.0, 1e6, 0.01), (2.0**-15, 1.0 - 2.0**-14, 2.0**-15)),
        ],
    )
    def test_has_the_digits_of_fifty(self, alpha, x):
        with mpmath.workdps(50):
            total, exact = mpmath.fsum(map(mpmath.mpf, x)), mpmath.loggamma(mpmath.fsum(map(mpmath.mpf, alpha)))
            for a, share in zip(alpha, x, strict=True):
                exact += (mpmath.mpf(a) - 1) * mpmath.log(mpmath.mpf(share) / total) - mpmath.loggamma(a)
        # the shares are rounded, which alpha multiplies
        condition = 1.0 + sum(alpha) * 1e-16 / abs(float(exact)) * 1e12
        assert sf.Dirichlet(alpha).logpdf(x) == pytest.approx(float(exact), rel=1e-12 * condition)

    def test_is_zero_off_the_simplex(self):
        assert MODEL.pdf([0.5, 0.5, 0.5]) == 0.0
        assert MODEL.logpdf([0.0, 0.5, 0.5]) == -np.inf
        assert np.isnan(MODEL.logpdf([[np.nan, 0.5, 0.5], [0.2, 0.3, 0.5]])).tolist() == [True, False]

    def test_of_two_shares_is_the_beta(self):
        x = np.array([1e-9, 0.2, 0.7])
        np.testing.assert_allclose(
            sf.Dirichlet([2.0, 5.0]).logpdf(np.stack([x, 1.0 - x], axis=1)), sf.Beta(2.0, 5.0).logpdf(x), rtol=1e-13
        )

    def test_moments_and_entropy_agree_with_scipy(self):
        other = stats.dirichlet(MODEL.alpha)
        np.testing.assert_allclose(MODEL.mean, other.mean(), rtol=1e-14)
        np.testing.assert_allclose(MODEL.covariance, other.cov(), rtol=1e-13)
        np.testing.assert_allclose(MODEL.variance, other.var(), rtol=1e-13)
        assert MODEL.entropy == pytest.approx(other.entropy(), rel=1e-12)
        assert sf.Dirichlet([2.0, 5.0]).entropy == pytest.approx(sf.Beta(2.0, 5.0).entropy, rel=1e-12)

    def test_a_marginal_is_a_beta(self):
        assert MODEL.marginal(1) == sf.Beta(0.7, 6.0)
        draws = MODEL.sample((50, 400), rng=3).reshape(-1, 3)
        assert stats.kstest(draws[:, 1], MODEL.marginal(1).cdf).pvalue > 1e-4

    def test_is_a_value(self):
        assert sf.Dirichlet([2, 0.7, 4]) == MODEL
        assert hash(sf.Dirichlet([2, 0.7, 4])) == hash(MODEL)
        assert repr(MODEL) == "Dirichlet(alpha=[2, 0.7, 4])"
        with pytest.raises(ParameterError, match=r"alpha must be positive numbers, but alpha\[1\] is 0"):
            sf.Dirichlet([1.0, 0.0])
        with pytest.raises(ShapeError, match=r"shape \(k,\) with k ≥ 2, but has shape \(1,\)"):
            sf.Dirichlet([1.0])
        with pytest.raises(NotAvailableError, match="Dirichlet is continuous"):
            MODEL.pmf([0.2, 0.3, 0.5])


class TestFit:
    def test_agrees_with_the_fixed_point(self, fit, rows):
        np.testing.assert_allclose(fit.model.alpha, fixed_point(rows), rtol=1e-9)
        assert fit.certificate.status == "maximum"
        assert fit.certificate.scope == "global"
        assert fit.log_likelihood == pytest.approx(fit.model.logpdf(rows).sum(), rel=1e-13)

    def test_standard_errors_are_those_of_the_inverse_information(self, fit):
        alpha = fit.model.alpha
        information = 300.0 * (np.diag(special.polygamma(1, alpha)) - special.polygamma(1, alpha.sum()))
        np.testing.assert_allclose(
            list(fit.standard_errors.values()), np.sqrt(np.diagonal(np.linalg.inv(information))), rtol=1e-7
        )

    def test_derivatives_agree_with_differences(self, rows):
        problem, phi, block = DirichletProblem(sf.Dirichlet, 3), np.array([0.5, -0.7, 1.2]), Block(rows)

        def at(point):
            return answer(problem.evaluate(point[None, :]), lambda statistic: statistic.observe(block))

        _, gradient, hessian = (part[0] for part in at(phi))
        for i, step in enumerate(1e-5 * np.eye(3)):
            up, down = at(phi + step), at(phi - step)
            assert (up[0][0] - down[0][0]) / 2e-5 == pytest.approx(gradient[i], rel=1e-7)
            np.testing.assert_allclose((up[1][0] - down[1][0]) / 2e-5, hessian[i], rtol=1e-6)

    def test_of_two_shares_is_the_beta(self, rows):
        x = rows[:, 0]
        ours, beta = sf.fit(sf.Dirichlet, np.stack([x, 1.0 - x], axis=1)), sf.fit(sf.Beta, x)
        assert ours.log_likelihood == pytest.approx(beta.log_likelihood, rel=1e-13)
        np.testing.assert_allclose(ours.model.alpha, [beta.model.alpha, beta.model.beta], rtol=1e-10)
        np.testing.assert_allclose(list(ours.standard_errors.values()), list(beta.standard_errors.values()), rtol=1e-8)
        np.testing.assert_allclose(list(ours.interval("alpha[0]")), list(beta.interval("alpha")), rtol=1e-8)
        np.testing.assert_allclose(
            list(ours.robust_standard_errors().values()), list(beta.robust_standard_errors().values()), rtol=1e-7
        )

    @pytest.mark.parametrize("size", [1e-1, 1e3, 1e8])
    def test_is_found_at_any_size_of_alpha(self, size):
        alpha = np.array([0.2, 0.3, 0.5]) * size
        x = np.random.default_rng(4).gamma(alpha, size=(500, 3))
        x /= x.sum(axis=1, keepdims=True)
        x = x[(x > 0).all(axis=1)]
        found = sf.fit(sf.Dirichlet, x)
        assert found.certificate.status == "maximum"
        np.testing.assert_allclose(found.model.alpha, alpha, rtol=0.25)

    def test_merged_summaries_give_the_same_fit(self, fit, rows):
        parts = [sf.summarize(part, sf.Dirichlet) for part in (rows[:100], rows[100:])]
        merged = sf.fit(sf.Dirichlet, parts[0].merge(parts[1]))
        np.testing.assert_allclose(merged.model.alpha, fit.model.alpha, rtol=1e-12)

    def test_weight_two_equals_the_row_twice(self, rows):
        weights = np.arange(300) % 3
        once = sf.fit(sf.Dirichlet, rows, weights=weights)
        twice = sf.fit(sf.Dirichlet, np.repeat(rows, weights, axis=0))
        np.testing.assert_allclose(once.model.alpha, twice.model.alpha, rtol=1e-11)

    def test_alpha_may_be_fixed(self, rows):
        known = sf.fit(sf.Dirichlet, rows, fixed={"alpha": MODEL.alpha})
        assert known.log_likelihood == pytest.approx(MODEL.logpdf(rows).sum(), rel=1e-13)
        assert known.free_parameters == 0
        with pytest.raises(ShapeError, match="alpha is fixed to 2 numbers, but there are 3 columns"):
            sf.fit(sf.Dirichlet, rows, fixed={"alpha": [1.0, 2.0]})

    def test_bootstrap_and_profile_are_near(self, fit):
        bootstrap, profile = (fit.interval("alpha[2]", method=m) for m in ("bootstrap", "profile"))
        width = profile.upper - profile.lower
        assert abs(bootstrap.lower - profile.lower) < 0.25 * width
        assert abs(bootstrap.upper - profile.upper) < 0.25 * width

    def test_prints_the_columns(self, fit):
        assert "alpha[x1]" in str(fit)


class TestRefusals:
    def test_a_row_that_does_not_sum_to_one_is_named_with_its_sum(self, rows):
        wrong = rows.copy()
        wrong[[4, 7]] *= 0.5
        with pytest.raises(OutsideSupportError, match=r"row 5 has the sum 0\.5.*, not 1; divide each row") as caught:
            sf.fit(sf.Dirichlet, wrong)
        assert "rows outside in all: 2" in str(caught.value)
        assert caught.value.row == 5
        with pytest.raises(OutsideSupportError, match="some rows lie outside"):
            sf.fit(sf.Dirichlet, sf.summarize(wrong, sf.Dirichlet))

    def test_a_share_of_zero_is_named(self, rows):
        wrong = rows.copy()
        wrong[9] = [0.5, 0.0, 0.5]
        with pytest.raises(OutsideSupportError, match="row 10 has 0 in column 'x1'; leave out the row, or put columns"):
            sf.fit(sf.Dirichlet, wrong)

    def test_the_row_is_counted_with_those_that_are_dropped(self, rows):
        wrong = rows.copy()
        wrong[2, 0] = np.nan
        wrong[4] *= 2.0
        with pytest.raises(OutsideSupportError, match="row 5 has the sum 2"):
            sf.fit(sf.Dirichlet, wrong, missing="drop")
        with pytest.raises(MissingValuesError):
            sf.fit(sf.Dirichlet, wrong)

    def test_rows_that_are_all_equal(self, rows):
        with pytest.raises(NoMaximumError, match="all rows of the columns 'x0', 'x1', 'x2' are equal"):
            sf.fit(sf.Dirichlet, rows[[3, 3]])
        with pytest.raises(OutsideSupportError, match="is one number, and shares are two or more"):
            sf.fit(sf.Dirichlet, rows[:, :1])
