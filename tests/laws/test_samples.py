"""Many samples at once give what each gives by itself, for every family."""

from __future__ import annotations

import numpy as np
import pytest

import suffice as sf
from suffice.distributions.sample_fits import fit_samples
from suffice.errors import NoMaximumError
from suffice.inference.empirical_distances import CRAMER, AtRows
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSums
from suffice.statistics.statistic import observe_samples
from tests.catalogue import UNIVARIATE, Row

rows = pytest.mark.parametrize("row", UNIVARIATE, ids=lambda row: row.family.__name__)


@rows
def test_samples_fitted_together_are_fitted_as_one_by_one(row: Row) -> None:
    x = row.typical.sample((5, 60), rng=7)
    together = fit_samples(row.family, {}, np.array(row.typical.theta), x)
    for i, sample in enumerate(x):
        try:
            fit = sf.fit(row.family, sample)
        except NoMaximumError:
            assert together.failed[i]
            continue
        room = 1e-8 + 1e-13 * abs(fit.log_likelihood)
        assert together.log_likelihood[i] == pytest.approx(fit.log_likelihood, abs=room)
        if fit.certificate.is_maximum and not getattr(fit.model, "irregular", ""):
            # a gain of 1e-9 nats is left: 5e-5 standard errors
            for position, parameter in enumerate(row.family.parameters):
                if (error := fit.standard_errors.get(parameter.name)) is not None:
                    assert abs(together.theta[i, position] - fit.model.theta[position]) < 1e-4 * error


@rows
def test_sums_over_samples_are_those_of_each(row: Row) -> None:
    x = row.typical.sample((3, 50), rng=11)
    theta = np.tile(np.array(row.typical.theta), (3, 1))
    statistics = [LikelihoodSums(row.family, theta), row.family.sufficient]
    together = observe_samples(statistics[0], x)
    for i, sample in enumerate(x):
        alone = LikelihoodSums(row.family, theta[i : i + 1]).observe(Block(sample[:, None]))
        # sums of a kernel are tested where it is, and may hold an expected curvature
        for name in ("weight", "value", "gradient", "hessian")[: 3 if row.family._sums is not None else 4]:
            np.testing.assert_allclose(getattr(together, name)[i], getattr(alone, name)[0], rtol=1e-12, atol=1e-10)
    if statistics[1] is None or row.family._maximum_of_samples(x, {}) is not None:
        return
    summary = observe_samples(statistics[1], x)
    if summary.overflowed:
        return
    at = row.family._sufficient_likelihood(row.family._mapped(summary, 0.0, 1.0), theta)
    np.testing.assert_allclose(at.value, together.value, rtol=1e-10)


def test_a_sample_without_a_maximum_is_counted_as_failed() -> None:
    x = np.array([[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]])
    fits = fit_samples(sf.Normal, {}, np.array([2.0, 1.0]), x)
    assert fits.failed.tolist() == [False, True]


def test_a_known_parameter_stays() -> None:
    x = sf.Gamma(4, 0.05).sample((3, 40), rng=1)
    fits = fit_samples(sf.Gamma, {"shape": 4.0}, np.array([4.0, 0.05]), x)
    np.testing.assert_allclose(fits.theta[:, 1], 4.0 / x.mean(axis=1), rtol=1e-5)
    assert (fits.theta[:, 0] == 4.0).all()


def test_a_model_without_free_parameters_is_only_evaluated() -> None:
    x = sf.Normal(0, 1).sample((2, 10), rng=1)
    fits = fit_samples(sf.Normal, {"mu": 0.0, "sigma": 1.0}, np.array([0.0, 1.0]), x)
    np.testing.assert_allclose(fits.log_likelihood, sf.Normal(0, 1).logpdf(x).sum(axis=1), rtol=1e-13)


def test_a_sample_outside_the_support_is_counted_as_failed() -> None:
    fits = fit_samples(sf.Gamma, {}, np.array([2.0, 1.0]), np.array([[1.0, 2.0, 4.0], [-3.0, 3.0, 4.0]]))
    assert fits.failed.tolist() == [False, True]
    assert fits.log_likelihood[0] == pytest.approx(sf.fit(sf.Gamma, [1.0, 2.0, 4.0]).log_likelihood)


@pytest.mark.parametrize("row", [row for row in UNIVARIATE if row.family.pivotal], ids=lambda row: row.family.__name__)
def test_a_pivotal_family_s_distance_is_the_same_whatever_the_parameters(row: Row) -> None:
    # The same uniform numbers make a sample of each model, and its fitted distance does not depend on the model.
    u = np.random.default_rng(5).uniform(0.01, 0.99, (4, 30))
    distances = []
    for model in (row.typical, *row.models[:2]):
        x = np.asarray(model.icdf(u))
        fits = fit_samples(row.family, {}, np.array(model.theta), x)
        distances.append(AtRows(row.family).distance(CRAMER, fits.theta, x))
    np.testing.assert_allclose(distances[1:], [distances[0]] * 2, rtol=1e-3)


def test_families_whose_law_depends_on_a_shape_are_not_called_pivotal() -> None:
    for family in (
        sf.Gamma,
        sf.InverseGaussian,
        sf.Gompertz,
        sf.StudentT,
        sf.truncated(sf.Normal, lower=0),
        sf.Poisson,
    ):
        assert not family.pivotal
    assert "exact" not in sf.fit(sf.InverseGaussian, [1.0, 2.0, 4.0, 3.0]).goodness_of_fit(replicates=19).method
