"""A cell of the table of calibration: one family at one n."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

import suffice as sf
from suffice.errors import SufficeError
from verify.calibration_points import Point, value_of

SIMULATIONS = 8_000
SEED = 20_261_126
SIZES = (20, 100, 1_000)
# Simulations whose intervals and tests are also asked for as a person would, by n.
ASKED = {20: 12, 100: 4, 1_000: 4}


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one family at one n, in percent.

    Parameters
    ----------
    wald, profile : by the name of a parameter
    sizes : of tests of fit at 5 %, by their names; {} where the family is not testable
    lost : simulations that have no maximum
    withheld : simulations without standard errors
    disagree : intervals and tests, of those asked for as a person would, that say otherwise
    """

    wald: dict[str, float]
    profile: dict[str, float]
    sizes: dict[str, float]
    lost: int
    withheld: int
    disagree: int


def disagreements(point: Point, known: dict[str, float], holds: dict[tuple[str, str], Any], x: np.ndarray) -> int:
    """Count the intervals that `fit.interval` gives of samples and that hold the truth where others do not.

    Parameters
    ----------
    known : fixed parameters
    holds : by the name of a parameter and the method of an interval, which samples have one that holds it
    x : the first samples
    """
    count = 0
    for i, sample in enumerate(x):
        with suppress(SufficeError):
            fit = sf.fit(point.family, sample, fixed=known)
            for (name, method), said in holds.items():
                with suppress(SufficeError):
                    lower, upper = fit.interval(name, method=method)
                    count += (lower <= value_of(point.truth, name) <= upper) != bool(said[i])
    return count
