"""What a test of fit returns: the statistic, its p-value, and how far off the model is, in words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from suffice.inference.p_value_text import p_value_text
from suffice.statistics.heaping import Grid

# Below this p-value a sentence says that the data contradict the family.
LEVEL = 0.05
# Columns of a printed test.
WIDTH = 98


@dataclass(frozen=True, slots=True)
class Effect:
    """How far the true distribution function is from the model's, at the worst place.

    Parameters
    ----------
    distance : max |Fₙ(x) − F(x)| of the data, the Kolmogorov distance
    lower, upper : limits of the distance between the true distribution and the model, for independent rows
    level : the confidence that both hold
    where : at which x, where that is not all: " at the ends of the rounded cells", or ""
    """

    distance: float
    lower: float
    upper: float
    level: float = 0.95
    where: str = ""

    @classmethod
    def of(cls, distance: float, n: float, level: float = 0.95, unseen: float = 0.0, where: str = "") -> Effect:
        """Return the effect with the limits of Dvoretzky, Kiefer and Wolfowitz, whose constant is Massart's (1990).

        P(max |Fₙ − F| > ε) ≤ 2 exp(−2nε²) for whatever F.

        Parameters
        ----------
        distance : at the points that were compared
        unseen : by how much the distance may be larger between them
        where : what to say of these points
        """
        room = float(np.sqrt(np.log(2.0 / (1.0 - level)) / (2.0 * n)))
        return cls(distance, max(0.0, distance - room), min(1.0, distance + unseen + room), level, where)

    def __str__(self) -> str:
        least = f", and somewhere it is off by at least {_percent(self.lower)}" if self.lower > 0.0 else ""
        most = _percent(self.upper, up=True)
        return (
            f"no probability P(X ≤ x) of the model{self.where} is off by more than {most}{least} "
            f"({self.level:.0%} confidence)"
        )


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """A test of whether the data follow the fitted family.

    Parameters
    ----------
    statistic : the value of the statistic
    p_value : the probability of a value as large where the family is true
    effect : how far off the model is; None where that is not known
    method : the statistic, and how the p-value was found
    family : what was tested
    n : the rows
    null : the hypothesis in words
    note : what a reader should know, or ""
    replicates, failed : samples drawn from the model, and those of them that could not be fitted
    step : of values that were tested as rounded, the multiples to which they were; None where every digit counts
    step_found : whether that step was found in the data, not given
    """

    statistic: float
    p_value: float
    effect: Effect | None
    method: str
    family: str
    n: float
    null: str
    note: str = ""
    replicates: int = 0
    failed: int = 0
    step: float | None = None
    step_found: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        verdict = "contradict it" if self.p_value <= LEVEL else "do not contradict it"
        parts = [
            f"hypothesis: {self.null}",
            f"the data {verdict} at {LEVEL:.0%}: statistic {self.statistic:.6g}, {self.p_text()}",
            self.method,
            self._failed_text(),
            str(self.effect or ""),
            self._step_text(),
            f"! {self.note}" if self.note else "",
        ]
        wrap = partial(textwrap.wrap, width=WIDTH, initial_indent="  ", subsequent_indent="    ")
        return "\n".join([parts[0], *[line for part in parts[1:] if part for line in wrap(part)]])

    def p_text(self) -> str:
        """Return "p = 0.012", or that it is at most what so many samples can tell."""
        least = 1.0 / (self.replicates + 1.0 - self.failed) if self.replicates else 0.0
        return p_value_text(self.p_value, at_most=self.p_value <= least)

    def _step_text(self) -> str:
        if self.step is None or not self.step_found:
            return ""
        found = f"the step {self.step:g} was found in the data"
        return f"{found}: rounding= takes another, or None for every digit as it is"

    def _failed_text(self) -> str:
        if not self.failed:
            return ""
        return f"{self.failed} of {self.replicates} samples from the model could not be fitted and were left out"


def rounded_text(grid: Grid | None) -> str:
    """Return what follows the name of a family: ", rounded to multiples of 10", or "" where every digit counts."""
    return "" if grid is None else f", rounded to {grid}"


def _percent(share: float, up: bool = False) -> str:
    """Return a share as percentage points with two digits: an upper limit rounded up, a lower one down."""
    percent = 100.0 * share
    if not 0.0 < percent < 99.5:
        return f"{percent:.0f} percentage points"
    digits = 1 - int(np.floor(np.log10(percent)))
    unit = 10.0**-digits
    rounded = (np.ceil(percent / unit - 1e-9) if up else np.floor(percent / unit + 1e-9)) * unit
    return f"{rounded:.{max(digits, 0)}f} percentage points"
