"""The BCa bootstrap against SciPy's, its invariance, and its coverage."""

import numpy as np
import pytest
from scipy import special, stats

import suffice as sf
from suffice.errors import NotAvailableError
from suffice.inference.robust_covariance import acceleration

T = sf.targets
X = np.random.default_rng(3).exponential(2.0, 40)


def test_the_acceleration_of_a_mean_is_that_of_the_jackknife():
    fit = sf.fit(sf.Exponential, X)
    # in φ = log rate the mean is exp(−φ)
    found = acceleration(fit, np.array([-1.0]))
    jackknife = np.array([np.delete(X, i).mean() for i in range(len(X))])
    off = jackknife.mean() - jackknife
    assert found == pytest.approx((off**3).sum() / (6 * (off**2).sum() ** 1.5), rel=1e-10)


def test_weights_count_rows_in_the_acceleration():
    weights = np.arange(40) % 3
    once, twice = sf.fit(sf.Gamma, X, weights=weights), sf.fit(sf.Gamma, np.repeat(X, weights))
    gradient = np.array([1.0, -0.5])
    assert acceleration(once, gradient) == pytest.approx(acceleration(twice, gradient), rel=1e-8)


def test_bca_of_a_mean_agrees_with_scipy():
    ours = sf.fit(sf.Exponential, X).interval(T.mean(), method="bca", replicates=9999, rng=1)
    theirs = stats.bootstrap((X,), np.mean, n_resamples=9999, method="BCa", rng=np.random.default_rng(2))
    low, high = theirs.confidence_interval
    # an end of 9,999 replicates has a standard error of about 1.3 % of the width, and these are two of them
    assert tuple(ours) == pytest.approx((low, high), abs=0.06 * (high - low))
    percentiles = sf.fit(sf.Exponential, X).interval(T.mean(), method="bootstrap", replicates=9999, rng=1)
    assert ours.lower > percentiles.lower
    assert ours.upper > percentiles.upper


def test_the_ends_are_the_replicates_quantiles_at_efrons_shares():
    fit = sf.fit(sf.Gamma, X)
    rows, _ = fit.bootstrap(999, rng=5)
    values = np.exp(rows[:, 0])
    gradient = np.array([fit.model.shape, 0.0])
    a = acceleration(fit, gradient)
    bias = special.ndtri((values < fit.model.shape).mean())
    z = special.ndtri(np.array([0.025, 0.975]))
    shares = special.ndtr(bias + (bias + z) / (1 - a * (bias + z)))
    found = fit.interval("shape", method="bca", replicates=999, rng=5)
    assert tuple(found) == pytest.approx(tuple(np.sort(values)[np.ceil(shares * 999).astype(int) - 1]), rel=1e-12)
    assert found.note == f"999 replicates; bias {bias:.2g}, acceleration {a:.2g}"


def test_the_interval_of_a_monotone_function_is_the_function_of_the_interval():
    fit = sf.fit(sf.Exponential, X)
    lower, upper = fit.interval("rate", method="bca", rng=2)
    assert tuple(fit.interval(lambda m: np.log(m.rate), method="bca", rng=2)) == pytest.approx(
        (np.log(lower), np.log(upper)), rel=1e-9
    )


def test_it_misses_a_skewed_quantity_on_both_sides_more_evenly_than_percentiles_do():
    """The rate of 20 exponential values: percentiles lie too high, and miss it from above far more often."""
    rng, misses = np.random.default_rng(2), {"bootstrap": [], "bca": []}
    for seed in range(150):
        fit = sf.fit(sf.Exponential, rng.exponential(size=20))
        for method, found in misses.items():
            lower, upper = fit.interval("rate", 0.8, method=method, replicates=299, rng=seed)
            found.append((upper < 1.0, lower > 1.0))
    (below, above), (bca_below, bca_above) = (np.mean(found, axis=0) for found in misses.values())
    assert above - below > 0.08
    assert abs(bca_above - bca_below) < 0.7 * (above - below)
    # four standard errors of a share of 150
    assert bca_above + bca_below == pytest.approx(0.2, abs=0.13)


def test_an_entry_of_a_covariance_has_the_acceleration_of_its_influences():
    data = np.column_stack([X, X * X[::-1]])
    off = data - data.mean(axis=0)
    influence = off[:, 0] * off[:, 1] - (off[:, 0] * off[:, 1]).mean()
    a = (influence**3).sum() / 6 / (influence**2).sum() ** 1.5
    found = sf.fit(sf.MultivariateNormal, data).interval("covariance[0,1]", method="bca", rng=1)
    assert found.note.endswith(f"acceleration {a:.2g}")
    assert found.lower < found.estimate < found.upper


def test_no_end_is_taken_from_the_last_replicates_and_no_step_has_an_acceleration():
    fit = sf.fit(sf.Exponential, X)
    with pytest.raises(NotAvailableError, match=r"beyond the 99 replicates .*; pass more replicates=, a lower level"):
        fit.interval("rate", 0.99, method="bca", replicates=99)
    with pytest.raises(NotAvailableError, match="BCa has no acceleration; use method='bootstrap'"):
        fit.interval(lambda m: float(m.rate > 0.3), method="bca")
