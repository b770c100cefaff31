"""The exact law of the smallest of n Pareto rows and of the shape fitted with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.distributions.estimate_law import EstimateLaw, known
from suffice.distributions.inference_problem import Question, Solution
from suffice.errors import NotAvailableError

REFUSALS = {
    "wald": "the smallest row lies on one side of the minimum and is not normal around it, however many rows there "
    "are, and the law of the shape is known exactly",
    "profile": "the likelihood ratio of the minimum is no χ² of one degree of freedom, and the law of the shape is "
    "known exactly",
    "bootstrap": "the bootstrap of an extreme value is inconsistent: the smallest row of a resample is that of the "
    "data with probability 63 % (Bickel and Freedman 1981)",
    "robust": "the sandwich needs scores, and the minimum has none",
}


@dataclass(frozen=True, slots=True)
class ParetoLaw(EstimateLaw):
    """The law of the estimates m̂ = min x of the minimum m and α̂ = n/Σ log(x/m̂) of the shape α.

    n α log(m̂/m) is a standard exponential variable and 2n α/α̂, independent of it, χ² with 2n − 2 degrees of freedom
    (Malik 1970). So α̂ log(m̂/m) exceeds t with probability (1 + t)^−(n − 1), and with α known n α log(m̂/m) is
    exponential: the intervals of m end at m̂, the shortest in log m. That of α has equal tails.

    Standard errors are those of the law with the fitted parameters in place of the true ones: of α̂
    α n/((n − 2) √(n − 3)), infinite up to n = 3, and of m̂ m √(nα/(nα − 2))/(nα − 1), infinite up to nα = 2.

    Parameters
    ----------
    free : the names of the parameters that were not fixed, "minimum" among them
    """

    free: tuple[str, ...]

    basis: ClassVar[str] = "exact law"
    answers: ClassVar[tuple[str, ...]] = ("exact",)
    for_parameters: ClassVar[str] = "exact"

    @property
    def sentence(self) -> str:
        """Where the likelihood is highest, and how far that is from the truth."""
        return (
            "the likelihood is highest with minimum at the smallest row, "
            "on average minimum/(n shape - 1) above the true minimum"
        )

    def refusal(self, method: str, of_function: bool = False) -> str:
        """Return why a method does not hold: all but the exact interval of a parameter."""
        if method == "exact":
            return "the exact law gives intervals of minimum and shape, not of functions of them" if of_function else ""
        return f"{REFUSALS[method]}; the exact law gives {' and '.join(self.free)}, by default"

    def spread(self, model: Any, n: float) -> tuple[np.ndarray, np.ndarray]:
        """Return standard errors and correlations of the free parameters, which are independent."""
        rate = n * model.shape
        of_minimum = model.minimum * np.sqrt(rate / (rate - 2.0)) / (rate - 1.0) if rate > 2.0 else np.inf
        of_shape = model.shape * n / ((n - 2.0) * np.sqrt(n - 3.0)) if n > 3.0 else np.inf
        both = {"minimum": of_minimum, "shape": of_shape}
        return np.array([both[name] for name in self.free]), np.eye(len(self.free))

    def interval(self, solution: Solution, name: str, level: float, n: float) -> Question:
        """Return the interval by the pivot of the parameter."""
        model, both = solution.model, len(self.free) == 2
        if both and not n > 1.0:
            raise NotAvailableError(f"an interval of {name} needs a weight above 1, and n = {n:g}")
        if name == "shape":
            tails = np.array([0.5 - level / 2.0, 0.5 + level / 2.0])
            lower, upper = model.shape * special.gammaincinv(n - 1.0, tails) / n
            return known((float(lower), float(upper), ""))
        fall = -np.log1p(-level)
        reach = np.expm1(fall / (n - 1.0)) if both else fall / n
        lower = float(model.minimum * np.exp(-reach / model.shape))
        return known((lower, model.minimum, "one-sided: no row lies below the minimum"))
