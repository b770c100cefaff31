"""The gamma distribution by shape and mean: the parameters in which its maximum is sought."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive
from suffice.distributions.digamma import log_minus_digamma, reciprocal_minus_trigamma
from suffice.distributions.incomplete_gamma import excess_of_log, stirling
from suffice.distributions.parameter import Parameter, positive_line
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.log_excess import LogExcess, LogExcessSummary


class GammaByMean:
    """log p(x; k, m) = stirling(k) − log x − k h(x/m − 1), h(t) = t − log(1 + t), at the mean m = k/rate.

    Shape and mean are orthogonal: the information is n diag(ψ′(k) − 1/k, k/m²). That of shape and rate is singular
    to rounding from k = 1e11 on, where the standard deviation is 3e-6 of the mean.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("shape", positive, "shape", "the shape"),
        Parameter("mean", positive, "scale", "the mean"),
    )
    # shape = shape¹ mean⁰, rate = shape¹ mean⁻¹
    exponents: ClassVar[np.ndarray] = np.array([[1.0, 0.0], [1.0, -1.0]])
    support = positive_line
    discrete = False
    sufficient = LogExcess()
    limits: ClassVar[dict[str, Any]] = {}
    region: ClassVar[str] = ""

    @staticmethod
    def _log_density(x: Any, shape: Any, mean: Any) -> Any:
        inside = x > 0
        x = np.where(inside, x, 1.0)
        value = stirling(shape) - np.log(x) - shape * excess_of_log((x - mean) / mean, x / mean)
        return np.where(inside, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, shape: Any, mean: Any) -> tuple[list[Any], list[Any]]:
        t = (x - mean) / mean
        first = [log_minus_digamma(shape) - excess_of_log(t, x / mean), shape * t / mean]
        second = [reciprocal_minus_trigamma(shape), t / mean, -shape * (1.0 + 2.0 * t) / mean**2]
        return first, second

    @staticmethod
    def _mapped(summary: LogExcessSummary, shift: float, factor: float) -> LogExcessSummary:
        return summary.mapped(factor)

    @staticmethod
    def _starts_from(summary: LogExcessSummary) -> np.ndarray:
        """Start at the maximum: Newton steps for log k from the approximation of Minka (2002), within 1.5 % of it."""
        # Data without spread have a maximum only where a parameter is fixed; then any start will do.
        spread = summary.spread if summary.excess > 0.0 else 0.5
        shape = (3.0 - spread + np.sqrt((spread - 3.0) ** 2 + 24.0 * spread)) / (12.0 * spread)
        for _ in range(3):
            shape *= np.exp((spread - log_minus_digamma(shape)) / (shape * reciprocal_minus_trigamma(shape)))
        return np.array([[shape, summary.mean]])

    @classmethod
    def _sufficient_likelihood(cls, summary: LogExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the mean, and what the spread s of log x about it adds to them.

        The mean of log x is log(mean) − s, which enters the log density as (k − 1) log x.
        """
        shape, mean = theta[..., 0], theta[..., 1]
        n, spread = summary.weight, summary.spread
        t = (summary.mean - mean) / mean
        # h at the mean, and the mean of h about it
        excess = excess_of_log(t, summary.mean / mean) + spread
        each = stirling(shape) - np.log(summary.mean) - shape * excess + spread
        first = [log_minus_digamma(shape) - excess, shape * t / mean]
        bend, cross, curve = reciprocal_minus_trigamma(shape), t / mean, -shape * (1.0 + 2.0 * t) / mean**2
        return assembled(n, each, first, [[bend, cross], [cross, curve]])


def assembled(n: Any, each: Any, first: list[Any], second: list[list[Any]]) -> LikelihoodSummary:
    """Return n times value (m,), gradient (m, p) and Hessian (m, p, p), given their entries for one row."""
    p = len(first)
    gradient, hessian = np.empty((*each.shape, p)), np.empty((*each.shape, p, p))
    for i in range(p):
        gradient[..., i] = first[i]
        for j in range(p):
            hessian[..., i, j] = second[i][j]
    mass = np.broadcast_to(n, each.shape)
    return LikelihoodSummary(mass, mass * each, mass[..., None] * gradient, mass[..., None, None] * hessian)
