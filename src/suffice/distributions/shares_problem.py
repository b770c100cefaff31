"""The log-likelihood of counts in categories in log-ratios of their probabilities."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions.closed_form import (
    MOST_COORDINATES,
    closed_form_certificate,
    refuse_hessian,
    refuse_inverse,
)
from suffice.distributions.inference_problem import InferenceProblem, Question, Solution
from suffice.statistics.statistic import Statistic


class SharesProblem(InferenceProblem):
    """The log-likelihood in φⱼ = log(pⱼ/pᵣ), r the most frequent category: ℓ = Σ wⱼφⱼ − n log(1 + Σ exp φⱼ).

    The gradient is w − n p, the Hessian −n (diag p − p pᵀ). Only observed categories have a coordinate;
    the probabilities of the others are 0. A problem states these fields:

    - distribution : the class of the models
    - observed : array of int, ascending, shape (j,): the positions of the categories that occur
    - reference : the position of r in `observed`
    - weight : n, the weight of all that was put into a category
    - fixed : the probabilities, shape (k,), where they are not estimated
    - wrap : puts a wrapper (a bootstrap) around what is reduced

    and what is abstract below.
    """

    __slots__ = ()

    distribution: type
    observed: np.ndarray
    reference: int
    weight: float
    fixed: np.ndarray | None
    wrap: Callable[[Statistic], Statistic]

    @property
    @abstractmethod
    def size(self) -> int:
        """The number k of categories, those that do not occur among them."""

    @property
    @abstractmethod
    def statistic(self) -> Statistic:
        """What is reduced."""

    @abstractmethod
    def weights_in(self, summary: Any) -> np.ndarray:
        """Return the weights of the observed categories, shape (..., j)."""

    def constant(self, summary: Any) -> Any:
        """Return the part of the log-likelihood that no probability moves, shape (...)."""
        return 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the probabilities inside (0, 1): one more than coordinates, since they sum to 1."""
        if self.fixed is not None or len(self.observed) == 1:
            return ()
        return tuple([f"probabilities[{i}]" for i in self.observed])

    @property
    def coordinate_names(self) -> tuple[str, ...]:
        """The names of the q coordinates φ."""
        names = self.names
        if not names:
            return ()
        return tuple([f"log({name}/{names[self.reference]})" for name in np.delete(names, self.reference)])

    def estimated(self, fixed: Mapping[str, Any]) -> int:
        """Return K − 1 for k categories, those at the boundary included."""
        return 0 if self.fixed is not None else self.size - 1

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q).

        Raises
        ------
        NotAvailableError
            For q > 500, where only the maximum itself is looked at, in closed form.
        """
        refuse_hessian(phi.shape[1])
        summary = yield self.wrap(self.statistic)
        value, gradient, hessian = self._derivatives(self.weights_in(summary), phi)
        return value + self.constant(summary), gradient, hessian

    def solution(self, summary: Any, boundary: str) -> Solution:
        """Return the maximum of the data of a summary; it has no Hessian for q > 500."""
        weights = self.weights_in(summary)
        point = self.closed_form(weights)
        value, gradient, hessian = self._derivatives(weights, point[None, :])
        curvature: Any = None if hessian is None else hessian[0]
        model = self.model(point)
        status: Any = "boundary" if boundary else ""
        total = float(value[0]) + float(self.constant(summary))
        return Solution(self, point, total, gradient[0], curvature, model, status=status, reason=boundary)

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), for any q."""
        summary = yield self.wrap(self.statistic)
        return float(self._derivatives(self.weights_in(summary), phi[None, :])[0][0]) + float(self.constant(summary))

    def maximum(self) -> Question:
        """Ask for the maxima of (resampled) data; return φ, shape (m, q).

        φ is −∞ for a category that does not occur, NaN where the reference does not.
        """
        summary = yield self.wrap(self.statistic)
        return np.atleast_2d(self.closed_form(self.weights_in(summary)))

    def closed_form(self, weights: np.ndarray) -> np.ndarray:
        """Return φ, shape (..., q), for the weights of the observed categories, shape (..., j)."""
        if self.fixed is not None:
            return np.empty((*weights.shape[:-1], 0))
        most = weights[..., self.reference, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            phi = np.log(np.delete(weights, self.reference, axis=-1) / np.where(most > 0, most, np.nan))
        return phi

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return all k probabilities at φ, shape (q,)."""
        if self.fixed is not None:
            return np.array(self.fixed)
        theta = np.zeros(self.size)
        theta[self.observed] = np.exp(self.logarithms(phi[None, :])[0])
        return theta

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the probabilities in the order of `names`, at φ, shape (q,)."""
        return self.theta(phi)[self.observed][: len(self.names)]

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return ∂pᵢ/∂φⱼ = pᵢ(δᵢⱼ − pⱼ), shape (j, q) in the order of `names`, at φ, shape (q,)."""
        p = self.free_values(phi)
        if not len(p):
            return np.empty((0, 0))
        return np.delete(np.diag(p) - p[:, None] * p, self.reference, axis=1)

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]` at φ, shape (q,)."""
        p = self.free_values(phi)
        slope = np.delete((np.arange(len(p)) == position) - p, self.reference)
        others = np.delete(p, self.reference)
        bend = slope[:, None] * slope - np.diag(others) + others[:, None] * others
        return float(p[position]), p[position] * slope, p[position] * bend

    # -- closed forms at the maximum, for any number of coordinates --------------------------------

    def standard_errors(self, solution: Solution) -> np.ndarray:
        """Return √(p(1 − p)/n), in the order of `names`."""
        p = self.free_values(solution.phi)
        return np.sqrt(p * (1.0 - p) / self.weight)

    def solve_information(self, solution: Solution, vector: np.ndarray) -> np.ndarray:
        """Return (−H)⁻¹ v, shape (q,), without H: (v/p + Σv/pᵣ)/n by Sherman and Morrison (1950)."""
        p = self.free_values(solution.phi)
        if not len(p):
            return np.empty(0)
        others = np.delete(p, self.reference)
        return (vector / others + vector.sum() / p[self.reference]) / self.weight

    def information_inverse(self, solution: Solution) -> np.ndarray:
        """Return (−H)⁻¹ at the maximum, shape (q, q): (diag 1/p + 1/pᵣ)/n.

        Raises
        ------
        NotAvailableError
            For q > 3000.
        """
        refuse_inverse(len(solution.phi))
        p = self.free_values(solution.phi)
        if not len(p):
            return np.empty((0, 0))
        return (np.diag(1.0 / np.delete(p, self.reference)) + 1.0 / p[self.reference]) / self.weight

    def certificate(self, solution: Solution, scope: str = "local", region: str = "") -> OptimumCertificate:
        """Certify the maximum, for q > 500 without its Hessian."""
        return closed_form_certificate(solution, self.coordinate_names, lambda: self._spectrum(solution))

    def _spectrum(self, solution: Solution) -> tuple[float, np.ndarray]:
        """Return the Newton decrement, and the eigenvalues of the information.

        The eigenvalues of diag p − p pᵀ interlace the p: the smallest is a root of 1 = Σ p²/(p − λ), the
        others are stated by their upper bounds.
        """
        gain = float(0.5 * solution.gradient @ self.solve_information(solution, solution.gradient))
        p = np.sort(np.delete(self.free_values(solution.phi), self.reference))
        p[0] = _smallest_eigenvalue(p)
        return gain, self.weight * p

    # -- the arithmetic ----------------------------------------------------------------------------

    def _derivatives(self, weights: np.ndarray, phi: np.ndarray) -> tuple[Any, Any, Any]:
        n = weights.sum(axis=-1)
        logarithms = self.logarithms(phi)
        value = (weights * np.where(weights == 0.0, 0.0, logarithms)).sum(axis=-1)
        value = np.where(np.isnan(value), -np.inf, value)
        q = phi.shape[1]
        # With fixed probabilities there are no coordinates.
        p = np.delete(np.exp(logarithms), self.reference, axis=-1)[:, :q]
        gradient = np.delete(weights, self.reference, axis=-1)[..., :q] - n[..., None] * p
        if q > MOST_COORDINATES:
            return value, gradient, None
        hessian = p[:, :, None] * p[:, None, :] - p[:, :, None] * np.eye(q)
        return value, gradient, n[..., None, None] * hessian

    def logarithms(self, phi: np.ndarray) -> np.ndarray:
        """Return the logarithms of the observed categories' probabilities, shape (m, j)."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.fixed is not None:
                return np.broadcast_to(np.log(self.fixed[self.observed]), (len(phi), len(self.observed)))
            ratios = np.insert(phi, self.reference, 0.0, axis=1)
            shifted = ratios - ratios.max(axis=1, keepdims=True)
            return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _smallest_eigenvalue(p: np.ndarray) -> float:
    """Return the smallest eigenvalue of diag p − p pᵀ for ascending positive p with sum below 1."""
    from scipy.optimize import brentq

    def excess(share: float) -> float:
        return float(1.0 - (p * p / (p - share * smallest)).sum())

    smallest, most = float(p[0]), 1.0 - 1e-12
    return smallest * (brentq(excess, 0.0, most) if excess(most) < 0 else most)
