"""The calibration measures what it says: against enumeration, against intervals of a fit, and where it must fail."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

import suffice as sf
from suffice.sources.block import Block
from verify.calibration import calibrate
from verify.calibration_points import POINTS, Point, value_of
from verify.calibration_table import agrees, outside, rows
from verify.enumeration import exact_coverage
from verify.normality_sizes import normality_sizes
from verify.student_t_samples import sums_of_samples

NORMAL = sf.MultivariateNormal([1, 2], [[4, 1.5], [1.5, 1]])
STUDENT = sf.MultivariateStudentT([1, 2], [[4, 1.5], [1.5, 1]], 5)
SEVERAL = ("Categorical", "Multinomial", "Dirichlet", "MultivariateNormal", "MultivariateStudentT")


def test_every_family_has_a_point() -> None:
    named = {getattr(point.family, "distribution", point.family).__name__ for point in POINTS}
    assert len(named) == len(POINTS)
    assert {"Normal", "Pareto", "Zipf", "VonMises", "BetaBinomial", *SEVERAL} <= named


def test_simulated_coverage_is_that_of_enumeration() -> None:
    truth = sf.Poisson(3)
    cell = calibrate(Point(sf.Poisson, truth), 20, 4_000, 1)
    wald, profile = exact_coverage(truth, 20)["mean"]
    assert (cell.wald["mean"], cell.profile["mean"]) == pytest.approx((wald, profile), abs=1.6)


def test_enumeration_knows_a_coverage_by_hand() -> None:
    # 5 tosses of a fair coin: the profile interval misses ½ after 0 and 5 heads, where there is no Wald interval
    wald, profile = exact_coverage(sf.Bernoulli(0.5), 5)["p"]
    assert (wald, profile) == pytest.approx((100.0, 100.0 * 30 / 32))
    assert exact_coverage(sf.Normal(0, 1), 20) == {}


def test_enumeration_of_a_category_is_that_of_all_tables_of_counts() -> None:
    # of a category that does not occur a fit has no interval, and the profile holds p ≤ 1 − exp(−q/2n)
    truth, n = sf.Categorical([0.2, 0.3, 0.5]), 7
    hit, all_of_wald = np.zeros(2), 0.0
    for first, second in itertools.product(range(n + 1), repeat=2):
        if first + second > n:
            continue
        counts = (first, second, n - first - second)
        law = float(sf.Multinomial(n, truth.probabilities).pmf(counts))
        if first in (0, n):
            hit[1] += law * (first == 0 and 1.0 - np.exp(-3.841458820694124 / (2 * n)) >= 0.2)
            continue
        fit = sf.fit(sf.Categorical.of(categories=[0, 1, 2]), np.repeat([0, 1, 2], counts))
        all_of_wald += law
        for column, method in enumerate(("wald", "profile")):
            lower, upper = fit.interval("probabilities[0]", method=method)
            hit[column] += law * (lower <= 0.2 <= upper)
    expected = (100.0 * hit[0] / all_of_wald, 100.0 * hit[1])
    assert exact_coverage(truth, n)["probabilities[0]"] == pytest.approx(expected)


def test_exact_coverage_of_a_normal_mean_is_that_of_t() -> None:
    # n = 2: t with one degree of freedom is Cauchy, P(|t| ≤ c) = 2 atan(c)/π, and Wald's z² is 2 t²
    wald, _ = exact_coverage(NORMAL, 2)["mean[0]"]
    assert wald == pytest.approx(200.0 / np.pi * np.arctan(1.959963984540054 / np.sqrt(2.0)))


@pytest.mark.parametrize("name", ["Categorical", "Dirichlet", "MultivariateNormal"])
def test_simulated_coverage_of_several_parameters_is_the_exact_one(name: str) -> None:
    point = next(point for point in POINTS if point.family.__name__ == name)
    cell = calibrate(point, 100, 1_000, 1)
    exact = exact_coverage(point.truth, 100)
    assert cell.disagree == cell.lost == 0
    for parameter, shares in (exact or dict.fromkeys(cell.wald, (95.0, 95.0))).items():
        assert (cell.wald[parameter], cell.profile[parameter]) == pytest.approx(shares, abs=3.2)


def test_samples_of_student_t_are_those_that_a_person_gets() -> None:
    point = Point(sf.MultivariateStudentT, STUDENT)
    cell = calibrate(point, 100, 300, 1)
    assert cell.disagree == 0
    assert 0 < cell.lost < 15
    assert cell.sizes == {}
    lines = list(rows(point, 100, cell))
    assert [line.split(" | ")[1] for line in lines] == [f"{name} = {value_of(STUDENT, name):g}" for name in cell.wald]
    assert lines[-1].endswith("without a maximum |")


def test_a_category_that_does_not_occur_has_no_wald_interval() -> None:
    cell = calibrate(Point(sf.Categorical.of(categories=[0, 1]), sf.Categorical([0.1, 0.9])), 20, 1_000, 1)
    assert cell.withheld == pytest.approx(1_000 * 0.9**20, abs=45)
    assert cell.disagree == 0


def test_sums_of_samples_are_those_of_each_sample() -> None:
    problem = sf.fit(sf.MultivariateStudentT, STUDENT.sample(500, rng=1)).solution.problem
    x = STUDENT.sample((3, 30), rng=2)
    phi = np.array([[0.1, 0.2, 1.1, 0.3, 0.9, 1.5], [0.0, 0.0, 1.0, 0.0, 1.0, 9.0], [0.0, 0.0, 1.0, 2.0, 1.0, 1.0]])
    found = sums_of_samples(problem.sums(phi), x)
    for i, rows_of_one in enumerate(x):
        one = problem.sums(phi[i : i + 1]).observe(Block(rows_of_one))
        assert found.value[i] == pytest.approx(float(one.value[0]), rel=1e-12)
        if np.isfinite(one.value[0]):
            np.testing.assert_allclose(found.gradient[i], one.gradient[0], rtol=1e-9, atol=1e-10)
            np.testing.assert_allclose(found.hessian[i], one.hessian[0], rtol=1e-9, atol=1e-10)
    assert found.value[2] == -np.inf


def test_a_test_of_normality_keeps_its_size_and_sees_what_is_not_normal() -> None:
    sizes, differ = normality_sizes(NORMAL.sample((1_000, 20), rng=1), 3)
    assert differ == 0
    assert list(sizes.values()) == pytest.approx([5.0, 4.5], abs=3.5)
    skewed, _ = normality_sizes(np.random.default_rng(1).exponential(size=(200, 50, 2)), 0)
    assert min(skewed.values()) > 80


def test_intervals_are_those_that_a_person_gets() -> None:
    cell = calibrate(Point(sf.Gamma, sf.Gamma(3, 0.5)), 20, 200, 1)
    assert cell.disagree == 0
    assert 88 < cell.profile["shape"] <= 100
    (first, second) = rows(Point(sf.Gamma, sf.Gamma(3, 0.5)), 20, cell)
    assert first.startswith("| Gamma | shape = 3 | 20 |")
    assert second.startswith("| Gamma | rate = 0.5 | 20 |")


def test_intervals_that_a_person_would_not_get_are_counted() -> None:
    # the Wald intervals that are said to be a tenth as wide hold the truth less often than those of a fit
    def tenth(theta: np.ndarray, n: int) -> np.ndarray:
        return 0.1 * np.stack([theta[:, 1] / np.sqrt(n), theta[:, 1] / np.sqrt(2 * n)], axis=1)

    point = Point(sf.Normal, sf.Normal(5, 2), errors=tenth)
    cell = calibrate(point, 100, 50, 1)
    assert cell.disagree > 0
    assert not agrees(point, 100, cell)
    assert agrees(point, 100, replace(cell, disagree=0))


def test_a_known_wrong_interval_would_be_seen() -> None:
    # standard errors that are half of what is right cover 67 % in place of 95 %
    def halved(theta: np.ndarray, n: int) -> np.ndarray:
        return 0.5 * np.stack([theta[:, 1] / np.sqrt(n), theta[:, 1] / np.sqrt(2 * n)], axis=1)

    cell = calibrate(Point(sf.Normal, sf.Normal(5, 2), errors=halved), 100, 1_000, 1)
    assert cell.wald["mu"] == pytest.approx(67, abs=6)


def test_what_is_outside_is_listed_with_its_reason() -> None:
    point = Point(sf.Normal, sf.Normal(5, 2), {"mu": "because"})
    cell = calibrate(point, 100, 100, 1)
    cell = replace(cell, profile={"mu": 80.0, "sigma": 95.0}, sizes={"the test": 9.0, "another": 5.0})
    assert list(outside(point, 100, cell)) == [
        ("Normal, profile interval of mu, 80.0 %", "because"),
        ("Normal, size of the test, 9.0 %", ""),
    ]
    assert list(outside(point, 20, cell)) == []
