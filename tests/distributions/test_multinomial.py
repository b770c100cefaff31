"""The multinomial distribution: probabilities of rows of counts, and its fit by shares."""

import itertools

import mpmath
import numpy as np
import pytest
from scipy import stats

import suffice as sf
from suffice.errors import NotAvailableError, OutsideSupportError, ParameterError, ShapeError

MODEL = sf.Multinomial(10, [0.2, 0.5, 0.3])
FAMILY = sf.Multinomial.of(n=10)


@pytest.fixture(scope="module")
def rows():
    return MODEL.sample(200, rng=9)


@pytest.fixture(scope="module")
def fit(rows):
    return sf.fit(FAMILY, rows)


class TestProbability:
    def test_agrees_with_scipy(self, rows):
        expected = stats.multinomial(10, MODEL.probabilities).logpmf(rows)
        np.testing.assert_allclose(MODEL.logpmf(rows), expected, rtol=1e-12)
        np.testing.assert_allclose(MODEL.pmf(rows), np.exp(expected), rtol=1e-12)

    def test_sums_to_one_with_its_moments(self):
        every = np.array([x for x in itertools.product(range(11), repeat=3) if sum(x) == 10], dtype=float)
        p = MODEL.pmf(every)
        assert p.sum() == pytest.approx(1.0, abs=1e-13)
        np.testing.assert_allclose(p @ every, MODEL.mean, rtol=1e-12)
        off = every - MODEL.mean
        np.testing.assert_allclose((off * p[:, None]).T @ off, MODEL.covariance, rtol=1e-10)
        np.testing.assert_allclose(MODEL.standard_deviation**2, np.diagonal(MODEL.covariance), rtol=1e-13)
        for index in range(3):
            marginal = [p[every[:, index] == k].sum() for k in range(11)]
            np.testing.assert_allclose(MODEL.marginal(index).pmf(np.arange(11.0)), marginal, rtol=1e-11)

    def test_has_the_digits_of_fifty_for_many_trials(self):
        n, p, x = 10**9, [0.25, 0.25, 0.5], [250_010_000, 249_990_000, 500_000_000]
        with mpmath.workdps(50):
            exact = mpmath.loggamma(n + 1) + mpmath.fsum(
                k * mpmath.log(mpmath.mpf(q)) - mpmath.loggamma(k + 1) for k, q in zip(x, p, strict=True)
            )
        assert sf.Multinomial(n, p).logpmf(x) == pytest.approx(float(exact), rel=1e-12)

    def test_what_cannot_come_has_probability_zero(self):
        never = sf.Multinomial(3, [0.5, 0.5, 0.0])
        assert never.pmf([1, 1, 1]) == 0.0
        assert never.pmf([1, 2, 0]) == pytest.approx(0.375)
        assert MODEL.pmf([[1, 1, 1], [5, 5.5, -0.5], [12, -2, 0]]).tolist() == [0.0, 0.0, 0.0]
        assert np.isnan(MODEL.pmf([np.nan, 5, 5]))
        with pytest.raises(ShapeError, match=r"rows must have shape \(\.\.\., 3\)"):
            MODEL.pmf([5, 5])
        with pytest.raises(NotAvailableError, match="Multinomial is discrete"):
            MODEL.pdf([5, 5, 0])

    def test_draws_have_the_sum_and_the_means(self):
        draws = MODEL.sample((100, 500), rng=1)
        assert (draws.sum(axis=-1) == 10).all()
        np.testing.assert_allclose(draws.mean(axis=(0, 1)), MODEL.mean, atol=5 * np.sqrt(2.5 / 5e4))

    def test_is_a_value(self):
        assert sf.Multinomial(10, [0.2, 0.5, 0.3]) == MODEL
        assert hash(sf.Multinomial(10, [0.2, 0.5, 0.3])) == hash(MODEL)
        assert sf.Multinomial(11, [0.2, 0.5, 0.3]) != MODEL
        assert repr(MODEL) == "Multinomial(n=10, probabilities=[0.2, 0.5, 0.3])"
        with pytest.raises(ParameterError, match=r"Multinomial: probabilities must sum to 1, but sum to 1\.1"):
            sf.Multinomial(10, [0.6, 0.5])
        with pytest.raises(ParameterError, match="n must be a whole number"):
            sf.Multinomial(2.5, [0.5, 0.5])
        with pytest.raises(ParameterError, match="n must be a whole number"):
            sf.Multinomial.of(n=0)


class TestFit:
    def test_is_the_shares(self, fit, rows):
        shares = rows.sum(axis=0) / 2000.0
        np.testing.assert_allclose(fit.model.probabilities, shares, rtol=1e-14)
        np.testing.assert_allclose(
            list(fit.standard_errors.values()), np.sqrt(shares * (1.0 - shares) / 2000.0), rtol=1e-12
        )
        assert fit.log_likelihood == pytest.approx(fit.model.logpmf(rows).sum(), rel=1e-12)
        assert fit.certificate.status == "maximum"
        assert fit.certificate.scope == "global"
        assert fit.free_parameters == 2
        assert fit.n == 200.0
        assert fit.fixed == {"n": 10.0}

    def test_the_score_in_its_coordinates_vanishes_and_curves_as_stated(self, fit, rows):
        problem, phi, h = fit.solution.problem, fit.solution.phi, 1e-4
        log_likelihood = lambda point: problem.model(point).logpmf(rows).sum()  # noqa: E731
        for i, step in enumerate(h * np.eye(2)):
            up, down = log_likelihood(phi + step), log_likelihood(phi - step)
            assert (up - down) / (2 * h) == pytest.approx(0.0, abs=1e-3)
            curve = (up + down - 2 * log_likelihood(phi)) / h**2
            assert curve == pytest.approx(fit.solution.hessian[i, i], rel=1e-3)

    def test_of_two_columns_is_the_binomial(self, rows):
        x = rows[:, 0]
        ours, other = sf.fit(FAMILY, np.stack([x, 10.0 - x], axis=1)), sf.fit(sf.Binomial.of(n=10), x)
        assert ours.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
        assert ours.model.probabilities[0] == pytest.approx(other.model.p, rel=1e-13)
        assert ours.standard_errors["probabilities[0]"] == pytest.approx(other.standard_errors["p"], rel=1e-9)
        assert ours.robust_standard_errors()["probabilities[0]"] == pytest.approx(
            other.robust_standard_errors()["p"], rel=1e-9
        )
        np.testing.assert_allclose(list(ours.interval("probabilities[0]")), list(other.interval("p")), rtol=1e-7)

    def test_one_trial_a_row_is_the_categorical(self):
        which = np.random.default_rng(2).integers(0, 3, 100)
        ours, other = sf.fit(sf.Multinomial.of(n=1), np.eye(3)[which]), sf.fit(sf.Categorical, which.astype(float))
        assert ours.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-13)
        assert ours.standard_errors == pytest.approx(other.standard_errors, rel=1e-12)

    def test_a_column_without_counts_is_a_boundary(self, fit, rows, tmp_path):
        more = sf.fit(FAMILY, np.column_stack([rows, np.zeros(200)]))
        assert more.certificate.status == "boundary"
        assert "column 'x3' has no counts: its probability is 0, on the boundary" in more.certificate.reason
        assert more.free_parameters == 3
        assert more.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-13)
        assert list(more.standard_errors) == ["probabilities[0]", "probabilities[1]", "probabilities[2]"]
        sf.save(more, tmp_path / "fit.json")
        assert str(sf.load(tmp_path / "fit.json")) == str(more)

    def test_all_counts_in_one_column_is_a_boundary(self):
        one = sf.fit(sf.Multinomial.of(n=4), [[4, 0], [4, 0]])
        assert one.certificate.status == "boundary"
        assert "all counts are in column 'x0': its probability is 1" in one.certificate.reason
        assert one.log_likelihood == 0.0

    def test_robust_errors_see_that_rows_differ(self):
        rng = np.random.default_rng(5)
        mixed = np.array([rng.multinomial(20, p) for p in rng.dirichlet([2.0, 3.0, 5.0], 400)])
        fit = sf.fit(sf.Multinomial.of(n=20), mixed)
        # a row of a Dirichlet-multinomial varies (n + A)/(1 + A) times as much, A = 10
        ratio = np.array(list(fit.robust_standard_errors().values())) / list(fit.standard_errors.values())
        np.testing.assert_allclose(ratio**2, 30.0 / 11.0, rtol=0.3)

    def test_summaries_weights_and_missing_values(self, fit, rows):
        parts = [sf.summarize(part, FAMILY) for part in (rows[:50], rows[50:])]
        merged = sf.fit(FAMILY, parts[0].merge(parts[1]))
        assert merged.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-13)
        weights = np.arange(200) % 3
        once = sf.fit(FAMILY, rows, weights=weights)
        twice = sf.fit(FAMILY, np.repeat(rows, weights, axis=0))
        assert once.log_likelihood == pytest.approx(twice.log_likelihood, rel=1e-12)
        assert once.standard_errors == pytest.approx(twice.standard_errors, rel=1e-12)
        gaps = rows.copy()
        gaps[7, 1] = np.nan
        assert sf.fit(FAMILY, gaps, missing="drop").n == 199.0

    def test_bootstrap_and_profile_are_near(self, fit):
        bootstrap, profile = (fit.interval("probabilities[1]", method=m) for m in ("bootstrap", "profile"))
        np.testing.assert_allclose(list(bootstrap), list(profile), atol=0.006)

    def test_n_is_bound_or_fixed(self, fit, rows):
        again = sf.fit(sf.Multinomial, rows, fixed={"n": 10})
        assert again.log_likelihood == fit.log_likelihood
        with pytest.raises(ParameterError, match=r"Multinomial needs to know n.*pass sf\.Multinomial\.of\(n=…\)"):
            sf.fit(sf.Multinomial, rows)
        with pytest.raises(ParameterError, match=r"binds n, and fixed={'n': 9} differs"):
            sf.fit(FAMILY, rows, fixed={"n": 9})

    def test_probabilities_may_be_fixed(self, rows):
        known = sf.fit(FAMILY, rows, fixed={"probabilities": MODEL.probabilities})
        assert known.log_likelihood == pytest.approx(MODEL.logpmf(rows).sum(), rel=1e-12)
        assert known.free_parameters == 0
        with pytest.raises(OutsideSupportError, match="column 'x2' has counts, but its fixed probability is 0"):
            sf.fit(FAMILY, rows, fixed={"probabilities": [0.5, 0.5, 0.0]})
        with pytest.raises(ShapeError, match="2 probabilities are fixed, but there are 3 columns"):
            sf.fit(FAMILY, rows, fixed={"probabilities": [0.5, 0.5]})


class TestRefusals:
    def test_a_row_with_another_sum_is_named(self, rows):
        wrong = rows.copy()
        wrong[7, 0] += 1
        wrong[2, 1] = np.nan
        with pytest.raises(OutsideSupportError, match="row 8 has the sum 11, not n = 10") as caught:
            sf.fit(FAMILY, wrong, missing="drop")
        assert caught.value.row == 8

    def test_a_value_that_is_no_count_is_named(self, rows):
        wrong = rows.copy()
        wrong[4] = [2.5, 2.5, 5.0]
        with pytest.raises(OutsideSupportError, match=r"row 5 has 2\.5 in column 'x0', which is no count"):
            sf.fit(FAMILY, wrong)
        wrong[4] = [-1.0, 5.0, 6.0]
        with pytest.raises(OutsideSupportError, match="row 5 has -1 in column 'x0', which is no count"):
            sf.fit(FAMILY, wrong)

    def test_a_row_of_weight_zero_may_be_anything(self, rows):
        wrong = rows.copy()
        wrong[4] = [2.5, 2.5, 50.0]
        weights = np.ones(200)
        weights[4] = 0.0
        assert sf.fit(FAMILY, wrong, weights=weights).n == 199.0

    def test_one_column_is_for_the_binomial(self, rows):
        with pytest.raises(OutsideSupportError, match=r"add the others, or fit sf\.Binomial"):
            sf.fit(FAMILY, rows[:, :1])
        with pytest.raises(ParameterError, match="two columns or more"):
            sf.fit(FAMILY, np.full((5, 1), 10.0))
