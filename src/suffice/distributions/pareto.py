"""The Pareto distribution: power-law tails above a smallest value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.parameter import Parameter, Support, positive_line
from suffice.distributions.pareto_law import ParetoLaw
from suffice.distributions.plan import refuse_degenerate, without_free_parameters
from suffice.distributions.problem import Coordinates, Likelihood, Look, Problem
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_above_minimum import LogAboveMinimum, LogAboveMinimumSummary, log_ratio


@dataclass(frozen=True, slots=True, repr=False)
class Pareto(ContinuousDistribution):
    """The Pareto distribution, P(X > x; m, α) = (m/x)^α, x ≥ m: log(x/m) is exponential with rate α.

    Its likelihood is highest with the minimum m at the smallest row, on the boundary of the parameters under which the
    data can occur, and α = n/Σ log(x/m). Standard errors and intervals come from their exact law (`pareto_law.py`).
    Where the minimum is fixed, the family is regular. AIC and BIC count the minimum as one parameter, but their
    asymptotics do not hold for it: twice the rise of the log-likelihood by fitting it is a χ² of 2 degrees of freedom.

    Parameters
    ----------
    minimum : m, the smallest value there can be, in the unit of x
    shape : α, the power by which the tail falls; the moments below α are finite

    Examples
    --------
    >>> Pareto(minimum=2, shape=3).ccdf(4)
    0.125
    """

    minimum: float
    shape: float

    parameters = (
        Parameter("minimum", positive, "scale", "the smallest value there can be"),
        Parameter("shape", positive, "shape", "the power by which the tail falls"),
    )
    support = positive_line
    pivotal = True
    sufficient = LogAboveMinimum()
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"shape": "∞", "minimum": "it"}

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the values from the minimum on, where that is known."""
        return Support(fixed["minimum"], lower_included=True) if "minimum" in fixed else positive_line

    @classmethod
    def law_given(cls, fixed: Mapping[str, float]) -> ParetoLaw | None:
        """Return the exact law of the estimates; None where the minimum is fixed, and the family regular."""
        return None if "minimum" in fixed else ParetoLaw(("minimum",) if "shape" in fixed else ("minimum", "shape"))

    @staticmethod
    def _log_density(x: Any, minimum: Any, shape: Any) -> Any:
        # log(α/m) − (α + 1) log(x/m)
        return np.where(x >= minimum, np.log(shape) - np.log(minimum) - (shape + 1.0) * _log(x, minimum), -np.inf)

    @staticmethod
    def _derivatives(x: Any, minimum: Any, shape: Any) -> tuple[list[Any], list[Any]]:
        first = [shape / minimum, 1.0 / shape - _log(x, minimum)]
        return first, [-shape / minimum / minimum, 1.0 / minimum, -1.0 / shape**2]

    @staticmethod
    def _cdf(x: Any, minimum: Any, shape: Any) -> Any:
        return -np.expm1(-shape * _log(x, minimum))

    @staticmethod
    def _ccdf(x: Any, minimum: Any, shape: Any) -> Any:
        return _survival(x, minimum, shape)

    @staticmethod
    def _log_cdf(x: Any, minimum: Any, shape: Any) -> Any:
        near = log_one_minus_exp(shape * _log(x, minimum))
        above = _survival(x, minimum, shape)
        return np.where(above < 0.5, np.log1p(-np.minimum(above, 0.5)), near)

    @staticmethod
    def _log_ccdf(x: Any, minimum: Any, shape: Any) -> Any:
        return -shape * _log(x, minimum)

    @staticmethod
    def _icdf(p: Any, minimum: Any, shape: Any) -> Any:
        return minimum * np.exp(-np.log1p(-np.asarray(p)) / shape)

    @staticmethod
    def _iccdf(q: Any, minimum: Any, shape: Any) -> Any:
        return minimum * np.exp(-np.log(q) / shape)

    @property
    def mean(self) -> float:
        """The mean; infinite for shape ≤ 1."""
        return self.minimum * (self.shape / (self.shape - 1.0)) if self.shape > 1.0 else float("inf")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for 1 < shape ≤ 2, NaN for shape ≤ 1, where there is no finite mean."""
        a = self.shape
        if a <= 2.0:
            return float("inf") if a > 1.0 else float("nan")
        return float(self.minimum / (a - 1.0) * np.sqrt(a / (a - 2.0)))

    @property
    def variance(self) -> float:
        """The variance; infinite for 1 < shape ≤ 2, NaN for shape ≤ 1, where there is no finite mean."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for 2 < shape ≤ 3, NaN for shape ≤ 2."""
        a = self.shape
        if a <= 3.0:
            return float("inf") if a > 2.0 else float("nan")
        return float(2.0 * ((1.0 + a) / (a - 3.0)) * np.sqrt((a - 2.0) / a))

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for 2 < shape ≤ 4, NaN for shape ≤ 2."""
        a = self.shape
        if a <= 4.0:
            return float("inf") if a > 2.0 else float("nan")
        b = 1.0 / a
        return 6.0 * (1.0 + b - 6.0 * b * b - 2.0 * b**3) / ((1.0 - 3.0 * b) * (1.0 - 4.0 * b))

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        return float(np.log(self.minimum) - np.log(self.shape) + 1.0 + 1.0 / self.shape)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.minimum * np.exp(rng.standard_exponential(size) / self.shape)

    # -- how it is fitted -----------------------------------------------------------------------

    @classmethod
    def plan(cls, look: Look, fixed: Mapping[str, float]) -> Question:
        """Fit by the smallest row and the mean of the logarithms above it."""
        summary = yield cls.sufficient
        free = tuple(fixed.get(name, np.nan) for name in ("minimum", "shape"))
        refuse_degenerate(cls, look, Coordinates(cls.parameters, free), look.minimum)
        minimum = float(fixed.get("minimum", summary.minimum))
        problem = Problem(Likelihood(cls), Coordinates(cls.parameters, (minimum, free[1])))
        if problem.coordinates.free:
            phi = problem.coordinates.phi(np.array([[minimum, summary.weight / summary.above(minimum)]]))
            value, gradient, hessian = yield from problem.evaluate(phi)
            solution = Solution(problem, phi[0], float(value[0]), gradient[0], hessian[0], problem.model(phi[0]))
        else:
            solution = yield from without_free_parameters(problem)
        law = cls.law_given(fixed)
        return solution if law is None else replace(solution, status="boundary", reason=law.sentence)

    @staticmethod
    def _mapped(summary: LogAboveMinimumSummary, shift: float, factor: float) -> LogAboveMinimumSummary:
        return summary.mapped(factor)

    @staticmethod
    def _sufficient_likelihood(summary: LogAboveMinimumSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return value and derivatives of n log(α/m) − (α + 1) Σ log(x/m), a leading axis over θ."""
        minimum, shape = theta[..., 0], theta[..., 1]
        sums = summary.above(minimum)
        n = np.broadcast_to(summary.weight, sums.shape)
        value = n * (np.log(shape) - np.log(minimum)) - (shape + 1.0) * sums
        gradient = np.stack([n * shape / minimum, n / shape - sums], axis=-1)
        rows = [[-n * shape / minimum / minimum, n / minimum], [n / minimum, -n / shape**2]]
        hessian = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
        return LikelihoodSummary(n, np.where(summary.minimum >= minimum, value, -np.inf), gradient, hessian)

    @classmethod
    def may_end_at_rows(cls, fixed: Mapping[str, float]) -> bool:
        """Say whether the support may end at a row: the minimum, where it is not known."""
        return "minimum" not in fixed

    @classmethod
    def _maximum_of_samples(cls, x: np.ndarray, fixed: Mapping[str, float]) -> np.ndarray:
        minimum = np.full(len(x), fixed["minimum"]) if "minimum" in fixed else x.min(axis=-1)
        above = _log(x, minimum[:, None]).mean(axis=-1)
        shape = np.full(len(x), fixed["shape"]) if "shape" in fixed else np.where(above > 0.0, 1.0 / above, np.nan)
        return np.stack([minimum, shape], axis=-1)


def _survival(x: Any, minimum: Any, shape: Any) -> Any:
    """Return (m/x)^α, 1 below m: far out as a power, whose exponential would lose the digits of α log(x/m)."""
    ratio = np.asarray(minimum / np.maximum(x, minimum))
    far = (ratio < 0.75) & (ratio > 1e-300)
    return np.where(far, np.where(far, ratio, 1.0) ** shape, np.exp(-shape * _log(x, minimum)))


def _log(x: Any, minimum: Any) -> Any:
    """Return log(x/m), 0 below m."""
    return log_ratio(np.maximum(x, minimum), minimum)
