"""The calibration measures what it says: against enumeration, against intervals of a fit, and where it must fail."""

from __future__ import annotations

import numpy as np
import pytest

import suffice as sf
from verify.calibration import calibrate
from verify.calibration_points import POINTS, Point
from verify.calibration_table import outside, rows
from verify.enumeration import exact_coverage


def test_every_family_of_one_variable_has_a_point() -> None:
    named = {getattr(point.family, "distribution", point.family).__name__ for point in POINTS}
    assert len(named) == len(POINTS)
    assert {"Normal", "Pareto", "Zipf", "VonMises", "BetaBinomial"} <= named


def test_simulated_coverage_is_that_of_enumeration() -> None:
    truth = sf.Poisson(3)
    cell = calibrate(Point(sf.Poisson, truth), 20, 4_000, 1)
    wald, profile = exact_coverage(truth, 20)
    assert (cell.wald["mean"], cell.profile["mean"]) == pytest.approx((wald, profile), abs=1.6)


def test_enumeration_knows_a_coverage_by_hand() -> None:
    # 5 tosses of a fair coin: the profile interval misses ½ after 0 and 5 heads, where there is no Wald interval
    wald, profile = exact_coverage(sf.Bernoulli(0.5), 5)
    assert (wald, profile) == pytest.approx((100.0, 100.0 * 30 / 32))
    assert exact_coverage(sf.Normal(0, 1), 20) is None


def test_intervals_are_those_that_a_person_gets() -> None:
    cell = calibrate(Point(sf.Gamma, sf.Gamma(3, 0.5)), 20, 200, 1)
    assert cell.disagree == 0
    assert 88 < cell.profile["shape"] <= 100
    (first, second) = rows(Point(sf.Gamma, sf.Gamma(3, 0.5)), 20, cell)
    assert first.startswith("| Gamma | shape = 3 | 20 |")
    assert second.startswith("| Gamma | rate = 0.5 | 20 |")


def test_a_known_wrong_interval_would_be_seen() -> None:
    # standard errors that are half of what is right cover 67 % in place of 95 %
    def halved(theta: np.ndarray, n: int) -> np.ndarray:
        return 0.5 * np.stack([theta[:, 1] / np.sqrt(n), theta[:, 1] / np.sqrt(2 * n)], axis=1)

    cell = calibrate(Point(sf.Normal, sf.Normal(5, 2), errors=halved), 100, 1_000, 1)
    assert cell.wald["mu"] == pytest.approx(67, abs=6)


def test_what_is_outside_is_listed_with_its_reason() -> None:
    point = Point(sf.Normal, sf.Normal(5, 2), {"mu": "because"})
    cell = calibrate(point, 100, 100, 1)
    object.__setattr__(cell, "profile", {"mu": 80.0, "sigma": 95.0})
    object.__setattr__(cell, "size", 9.0)
    assert list(outside(point, 100, cell)) == [
        ("Normal, profile interval of mu, 80.0 %", "because"),
        ("Normal, size of the test, 9.0 %", ""),
    ]
    assert list(outside(point, 20, cell)) == []
