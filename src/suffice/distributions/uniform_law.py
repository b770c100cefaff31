"""The exact law of the smallest and the largest of n uniform rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.distributions.estimate_law import EstimateLaw, known
from suffice.distributions.inference_problem import Question, Solution
from suffice.errors import NotAvailableError

REFUSALS = {
    "wald": "the estimate of an end lies on one side of it and is not normal around it, however many rows there are",
    "profile": "the likelihood ratio of an end is no χ² of one degree of freedom",
    "bootstrap": "the bootstrap of an extreme value is inconsistent: the largest row of a resample is that of the data "
    "with probability 63 % (Bickel and Freedman 1981)",
    "robust": "the sandwich needs scores, and an end has none",
}


@dataclass(frozen=True, slots=True)
class UniformLaw(EstimateLaw):
    """The law of the estimates min and max of the ends of a uniform distribution.

    The gaps (min − low, max − min, high − max)/(high − low) are Dirichlet(1, n − 1, 1), so that the pivot
    (high − max)/(max − min) exceeds t with probability (1 + t)^−(n − 1), and with low known (high − max)/(max − low)
    does with (1 + t)^−n (David and Nagaraja 2003). Its density falls, so that the shortest interval that
    it gives begins at the largest row.

    Standard errors are (high − low)/(n + 1) √(n/(n + 2)) with the fitted ends in place of the true ones: they describe
    the spread of the estimates about their mean, which lies inside the end by (high − low)/(n + 1).

    Parameters
    ----------
    free : the names of the ends that were not fixed
    """

    free: tuple[str, ...]

    basis: ClassVar[str] = "exact law"
    answers: ClassVar[tuple[str, ...]] = ("exact",)
    for_parameters: ClassVar[str] = "exact"

    @property
    def sentence(self) -> str:
        """Where the likelihood is highest, and how far that is from the truth."""
        rows = {"low": "the smallest row", "high": "the largest row"}
        inside = "on average (high - low)/(n + 1) inside the true"
        if len(self.free) == 2:
            return f"the likelihood is highest with low and high at {rows['low']} and {rows['high']}, each {inside} end"
        name = self.free[0]
        return f"the likelihood is highest with {name} at {rows[name]}, {inside} end"

    def refusal(self, method: str, of_function: bool = False) -> str:
        """Return why a method does not hold: all but the exact interval of an end."""
        if method == "exact":
            return "the exact law gives intervals of low and high, not of functions of them" if of_function else ""
        return f"{REFUSALS[method]}; the exact law gives {' and '.join(self.free)}, by default"

    def spread(self, model: Any, n: float) -> tuple[np.ndarray, np.ndarray]:
        """Return standard errors and correlations of the ends that are free."""
        one = _of_width(model, float(np.sqrt(n / (n + 2.0))) / (n + 1.0))
        correlation = np.array([[1.0, 1.0 / n], [1.0 / n, 1.0]])
        return np.full(len(self.free), one), correlation[: len(self.free), : len(self.free)]

    def interval(self, solution: Solution, name: str, level: float, n: float) -> Question:
        """Return the shortest interval by the pivot, which begins at the extreme row."""
        degrees = n - 1.0 if len(self.free) == 2 else n
        if not degrees > 0.0:
            raise NotAvailableError(f"an interval of {name} needs a weight above 1, and n = {n:g}")
        model = solution.model
        reach = _of_width(model, float(np.expm1(-np.log1p(-level) / degrees)))
        if name == "high":
            return known((model.high, model.high + reach, "one-sided: no row lies above high"))
        return known((model.low - reach, model.low, "one-sided: no row lies below low"))


def _of_width(model: Any, share: float) -> float:
    """Return a share of the width, also where that overflows."""
    width = float(model.high - model.low)
    return width * share if np.isfinite(width) else (0.5 * model.high - 0.5 * model.low) * (2.0 * share)
