"""Replicates without a maximum are counted, and stay out of every interval."""

import numpy as np
import pytest

import suffice as sf
from suffice.errors import NotAvailableError


@pytest.mark.parametrize("family", [sf.Normal, sf.Gamma, sf.Weibull, sf.Logistic, sf.LogNormal])
def test_replicates_whose_rows_are_all_equal_have_no_maximum(family):
    x = np.array([1.0, 2.0, 3.5, 4.0])
    fit = sf.fit(family, x)
    replicates, note = fit.bootstrap(400, rng=1)
    lost = np.isnan(replicates).any(axis=1)
    # with probability e⁻⁴ (1 + 4 (e − 1)) a Poisson resample of 4 rows has at most one distinct row
    assert abs(lost.mean() - np.exp(-4) * (1 + 4 * (np.e - 1))) < 4 * np.sqrt(0.13 / 400)
    assert f"{lost.sum()} of these have none at all (no rows, or rows that are all equal) and are left out" in note
    assert np.abs(replicates[~lost] - fit.solution.phi).max() < 5.0
    with pytest.raises(NotAvailableError, match=f"{lost.sum()} of 400 bootstrap replicates have no value"):
        fit.interval(next(iter(fit.estimated)), method="bootstrap", replicates=400, rng=1)


def test_an_interval_of_a_few_rows_leaves_collapsed_replicates_out():
    fit = sf.fit(sf.Normal, [1.0, 2.0, 3.5, 4.0, 4.5, 7.0])
    interval = fit.interval("sigma", method="bootstrap", rng=1)
    assert interval.lower > 0.1
    assert "have none at all" in interval.note


def test_a_student_t_that_collapses_is_not_taken_for_a_normal():
    replicates, _ = sf.fit(sf.StudentT, [1.0, 2.0, 3.5, 4.0, 9.0]).bootstrap(400, rng=1)
    normal = np.isposinf(replicates[:, 2])
    assert normal.any()
    assert replicates[normal, 1].min() > -4.0


def test_a_replicate_without_a_count_keeps_its_mean_of_0():
    replicates, note = sf.fit(sf.Poisson, [0, 0, 0, 1, 2, 1, 3]).bootstrap(400, rng=1)
    assert np.isneginf(replicates).any()
    assert np.isnan(replicates).sum() < 5
    assert "found no interior maximum" in note
