"""The laws of squared distances, against simulations of what they are laws of, and against determinants and t."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp
from scipy import stats

from suffice.errors import NotAvailableError
from suffice.inference.distance_law import BetaLaw, ChiSquaredLaw, Estimated, FLaw

FEW = 1e-4


def squared_distances(rng, replicates, n, d, mean=True, covariance=True, structure="dense"):
    """Return d² of n rows under the estimates from them, shape (replicates, n), and of a new row (replicates,)."""
    x = rng.normal(size=(replicates, n + 1, d)) @ (np.eye(d) + (0.5 if structure == "dense" and covariance else 0.0))
    centre = x[:, :n].mean(axis=1, keepdims=True) if mean else np.zeros(d)
    off = x - centre
    matrix = np.einsum("rni,rnj->rij", off[:, :n], off[:, :n]) / n if covariance else np.eye(d)[None]
    if covariance and structure == "spherical":
        matrix = (np.trace(matrix, axis1=1, axis2=2) / d)[:, None, None] * np.eye(d)
    squared = np.einsum("rni,rni->rn", off, np.swapaxes(np.linalg.solve(matrix, np.swapaxes(off, 1, 2)), 1, 2))
    return squared[:, :n], squared[:, n]


@pytest.mark.parametrize("structure", ["dense", "spherical"])
@pytest.mark.parametrize(("mean", "covariance"), [(True, True), (False, True), (True, False), (False, False)])
@pytest.mark.parametrize(("n", "d"), [(9, 3), (5, 1)])
def test_p_values_of_fitted_and_of_new_rows_are_uniform(structure, mean, covariance, n, d):
    fitted, new = squared_distances(np.random.default_rng(11), 40_000, n, d, mean, covariance, structure)
    estimated = Estimated(d, n, mean, covariance, structure)
    assert stats.kstest(estimated.law_of_fitted_rows().tail(fitted[:, 0]), "uniform").pvalue > FEW
    assert stats.kstest(estimated.law_of_new_rows().tail(new), "uniform").pvalue > FEW


def test_the_law_of_new_rows_is_wrong_for_rows_that_were_fitted():
    """The test above can fail."""
    fitted, _ = squared_distances(np.random.default_rng(11), 4_000, 9, 3)
    assert stats.kstest(Estimated(3, 9).law_of_new_rows().tail(fitted[:, 0]), "uniform").pvalue < FEW


@pytest.mark.parametrize(("n", "d"), [(20, 2), (20, 5), (100, 2), (100, 5)])
def test_the_largest_of_n_rows_is_beyond_five_percent_in_five_percent(n, d):
    simulations = 4_000
    fitted, _ = squared_distances(np.random.default_rng(12), simulations, n, d)
    size = (n * Estimated(d, n).law_of_fitted_rows().tail(fitted).min(axis=1) <= 0.05).mean()
    assert size == pytest.approx(0.05, abs=4.0 * np.sqrt(0.05 * 0.95 / simulations))


def test_the_beta_law_is_that_of_the_ratio_of_determinants():
    """Wilks (1963): |A without the row|/|A| ~ Beta((n − d − 1)/2, d/2)."""
    x = np.random.default_rng(13).normal(size=(15, 3))
    off = x - x.mean(axis=0)
    squared = (off @ np.linalg.inv(off.T @ off / 15) * off).sum(axis=1)
    rest = np.delete(x, 4, axis=0) - np.delete(x, 4, axis=0).mean(axis=0)
    ratio = np.linalg.det(rest.T @ rest) / np.linalg.det(off.T @ off)
    p = Estimated(3, 15).law_of_fitted_rows().tail(squared[4])
    assert p == pytest.approx(stats.beta.cdf(ratio, 11 / 2, 3 / 2), rel=1e-11)


def test_the_beta_law_of_one_column_is_the_t_law_of_the_deleted_residual():
    x = np.array([1.0, 2.0, 2.5, 3.0, 4.0, 9.0])
    rest = x[:5]
    t = (x[5] - rest.mean()) / (rest.std(ddof=1) * np.sqrt(1 + 1 / 5))
    p = Estimated(1, 6).law_of_fitted_rows().tail((x[5] - x.mean()) ** 2 / x.var())
    assert p == pytest.approx(2 * stats.t.sf(t, 4), rel=1e-12)


@pytest.mark.parametrize("law", [BetaLaw(1.0, 47.0, 99.0), FLaw(3.0, 98.0, 2.1), ChiSquaredLaw(3.0, 0.9)])
@pytest.mark.parametrize("p", [0.3, 1e-5, 1e-80])
def test_the_threshold_is_exceeded_with_its_probability(law, p):
    assert law.tail(law.threshold(p)) == pytest.approx(p, rel=1e-10)


def test_tails_keep_their_digits():
    """Against mpmath with 50 digits."""
    with mp.workdps(50):
        beta = mp.betainc(mp.mpf(1.5), mp.mpf(96) / 2, mp.mpf(80) / 99, 1, regularized=True)
        u = 98 / (mp.mpf(98) + 3 * 200)
        f = mp.betainc(mp.mpf(49), mp.mpf(1.5), 0, u, regularized=True)
        huge = mp.gammainc(mp.mpf(1.5), mp.mpf(450), regularized=True)
    assert BetaLaw(1.5, 48.0, 99.0).tail(80.0) == pytest.approx(float(beta), rel=1e-12)
    assert FLaw(3.0, 98.0, 2.0).tail(400.0) == pytest.approx(float(f), rel=1e-12)
    assert ChiSquaredLaw(3.0).tail(900.0) == pytest.approx(float(huge), rel=1e-12)


def test_with_many_rows_every_law_is_chi_squared():
    squared = np.array([1.0, 9.0, 36.0])
    for law in (Estimated(2, 1e12).law_of_fitted_rows(), Estimated(2, 1e12).law_of_new_rows()):
        np.testing.assert_allclose(law.tail(squared), stats.chi2.sf(squared, 2), rtol=1e-8)


def test_laws_that_do_not_exist_are_refused():
    with pytest.raises(NotAvailableError, match=r"n = 4 is too few for 3 columns: .* equally far out; add rows"):
        Estimated(3, 4).law_of_fitted_rows()
    with pytest.raises(NotAvailableError, match=r"diagonal covariance is no named one; fit sf\.MultivariateNormal"):
        Estimated(3, 40, structure="diagonal").law_of_fitted_rows()
    assert Estimated(1, 40, structure="diagonal").law_of_fitted_rows().tail(0.0) == 1.0
