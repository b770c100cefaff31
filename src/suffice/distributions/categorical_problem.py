"""The log-likelihood of the categorical distribution in log-ratios of the probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions.closed_form import MOST_COORDINATES, closed_form_certificate
from suffice.distributions.plan import Question, as_it_is
from suffice.statistics.statistic import Statistic
from suffice.statistics.tally import Tally, TallySummary


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalProblem:
    """The log-likelihood in φⱼ = log(pⱼ/pᵣ), r the most frequent category: ℓ = Σ wⱼφⱼ − n log(1 + Σ exp φⱼ).

    The gradient is w − n p, the Hessian −n (diag p − p pᵀ). Only observed categories have a coordinate;
    the probabilities of the others are 0.

    Parameters
    ----------
    distribution : the class of the models
    categories : array, shape (k,), ascending
    observed : array of int, ascending, shape (j,): the positions of the categories that occur
    reference : the position of r in `observed`
    weight : n, the weight of the data that are fitted
    fixed : the probabilities, shape (k,), where they are not estimated
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    categories: np.ndarray
    observed: np.ndarray
    reference: int
    weight: float
    fixed: np.ndarray | None = None
    wrap: Callable[[Statistic], Statistic] = as_it_is

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
        return tuple([f"log({name}/{names[self.reference]})" for name in np.delete(names, self.reference)])

    @property
    def free_parameters(self) -> int:
        """K − 1 for k categories, those at the boundary included."""
        return 0 if self.fixed is not None else len(self.categories) - 1

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q).

        The Hessian is None for q > 500.
        """
        summary = yield self.wrap(Tally())
        weights = self._weights(summary)
        n = weights.sum(axis=-1)
        logarithms = self._logarithms(phi)
        used = np.where(weights == 0.0, 0.0, logarithms)
        value = (weights * used).sum(axis=-1)
        value = np.where(np.isnan(value), -np.inf, value)
        p = np.delete(np.exp(logarithms), self.reference, axis=-1)
        if self.fixed is not None:
            p = p[:, :0]
        counts = np.delete(weights, self.reference, axis=-1)[..., : p.shape[1]]
        gradient = counts - n[..., None] * p
        if phi.shape[1] > MOST_COORDINATES:
            return value, gradient, None
        hessian = p[:, :, None] * p[:, None, :] - p[:, :, None] * np.eye(p.shape[1])
        return value, gradient, n[..., None, None] * hessian

    def maximum(self) -> Question:
        """Ask for the maxima of (resampled) data; return φ, shape (m, q).

        φ is −∞ for a category that does not occur, NaN where the reference does not.
        """
        summary = yield self.wrap(Tally())
        return np.atleast_2d(self.closed_form(self._weights(summary)))

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
        theta = np.zeros(len(self.categories))
        theta[self.observed] = np.exp(self._logarithms(phi[None, :])[0])
        return theta

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the probabilities in the order of `names`, at φ, shape (q,)."""
        return self.theta(phi)[self.observed][: len(self.names)]

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.distribution(self.theta(phi), self.categories)

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return ∂pᵢ/∂φⱼ = pᵢ(δᵢⱼ − pⱼ), shape (j, q) in the order of `names`, at φ, shape (q,)."""
        p = self.free_values(phi)
        if not len(p):
            return np.empty((0, 0))
        return np.delete(np.diag(p) - p[:, None] * p, self.reference, axis=1)

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> CategoricalProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)

    # -- closed forms at the maximum, for any number of coordinates --------------------------------

    def standard_errors(self, phi: np.ndarray) -> np.ndarray:
        """Return √(p(1 − p)/n), in the order of `names`."""
        p = self.free_values(phi)
        return np.sqrt(p * (1.0 - p) / self.weight)

    def solve_information(self, phi: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Return (−H)⁻¹ v, shape (q,), without H: (v/p + Σv/pᵣ)/n by Sherman and Morrison (1950)."""
        p = self.free_values(phi)
        if not len(p):
            return np.empty(0)
        others = np.delete(p, self.reference)
        return (vector / others + vector.sum() / p[self.reference]) / self.weight

    def certificate(
        self, phi: np.ndarray, gradient: np.ndarray, tolerance: float = 1e-6
    ) -> OptimumCertificate:
        """Certify the maximum without building its Hessian.

        The eigenvalues of diag p − p pᵀ interlace the p: the smallest is a root of 1 = Σ p²/(p − λ), the
        others are stated by their upper bounds.
        """
        gain = float(0.5 * gradient @ self.solve_information(phi, gradient))
        p = np.sort(np.delete(self.free_values(phi), self.reference))
        if len(p):
            p[0] = _smallest_eigenvalue(p)
        return closed_form_certificate(gain, gradient, self.weight * p, tolerance)

    # -- the arithmetic ----------------------------------------------------------------------------

    def _weights(self, summary: TallySummary) -> np.ndarray:
        """Return the weights of the observed categories, shape (..., j)."""
        known = self.categories[self.observed]
        place = np.minimum(np.searchsorted(summary.values, known), max(len(summary.values) - 1, 0))
        if not len(summary.values):
            return np.zeros((*summary.weights.shape[:-1], len(known)))
        return np.where(summary.values[place] == known, summary.weights[..., place], 0.0)

    def _logarithms(self, phi: np.ndarray) -> np.ndarray:
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
