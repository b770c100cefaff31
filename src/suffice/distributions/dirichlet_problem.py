"""The log-likelihood of the Dirichlet distribution in the logarithms of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.closed_form import refuse_hessian
from suffice.distributions.dirichlet_density import dirichlet_curvature, dirichlet_log_density, dirichlet_slopes
from suffice.distributions.inference_problem import InferenceProblem, Question
from suffice.distributions.problem import as_it_is
from suffice.statistics.composition_excess import CompositionExcess, CompositionExcessSummary
from suffice.statistics.row_scores import ProblemScores
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, eq=False)
class DirichletProblem(InferenceProblem):
    """The log-likelihood in φ = log α.

    With the mean m and the spread eᵢ = log mᵢ − mean(log xᵢ) of the shares it is n (log p(m; α) − Σ (αᵢ − 1) eᵢ).

    Parameters
    ----------
    distribution : the class of the models
    dimension : the number k of shares
    fixed : α, shape (k,), where it is not estimated
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    dimension: int
    fixed: np.ndarray | None = None
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the k parameters; none where they are fixed."""
        return () if self.fixed is not None else tuple([f"alpha[{i}]" for i in range(self.dimension)])

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q).

        Raises
        ------
        NotAvailableError
            For q > 500.
        """
        refuse_hessian(phi.shape[1])
        summary = yield self.wrap(CompositionExcess())
        alpha = self._alpha(phi)
        n = np.asarray(summary.weight, dtype=float)
        slopes, chain = self._slopes(summary, alpha), alpha[:, : phi.shape[1]]
        gradient = n[..., None] * slopes[:, : phi.shape[1]] * chain
        hessian = n[..., None, None] * dirichlet_curvature(alpha)[:, : phi.shape[1], : phi.shape[1]]
        hessian = hessian * (chain[:, :, None] * chain[:, None, :]) + gradient[:, :, None] * np.eye(phi.shape[1])
        return self._value(summary, alpha), gradient, hessian

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), also where nothing is free."""
        summary = yield self.wrap(CompositionExcess())
        return float(self._value(summary, self._alpha(phi[None, :]))[0])

    def starts(self, summary: CompositionExcessSummary) -> np.ndarray:
        """Return φ, shape (1, k): α in the proportion of the means, its sum as the spreads are where it is large."""
        mean, spread = summary.shares.mean, summary.shares.spread
        total = (1.0 / mean - 1.0).sum() / (2.0 * spread.sum())
        return np.asarray(np.log(mean * total)[None, :])

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return α at φ, shape (q,); nothing where it is fixed."""
        return np.exp(phi)

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.distribution(self._alpha(phi[None, :])[0])

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]` at φ, shape (q,)."""
        here = np.arange(len(phi)) == position
        value = float(np.exp(phi[position]))
        return value, value * here, value * np.outer(here, here)

    def own_coordinate(self, position: int) -> tuple[int, str]:
        """Return the coordinate of `names[position]`, and its scale."""
        return position, "log"

    def estimated(self, fixed: Mapping[str, Any]) -> int:
        """Return how many parameters are estimated."""
        return len(self.names)

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> DirichletProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)

    def scores(self, phi: np.ndarray) -> ProblemScores:
        """Return the scores of single rows at φ, shape (q,)."""
        alpha = self._alpha(phi[None, :])[0]
        return ProblemScores(self, alpha, np.diag(alpha))

    def row_scores(self, rows: np.ndarray, alpha: np.ndarray) -> np.ndarray:
        """Return the scores in α of rows (n, k)."""
        return np.asarray(dirichlet_slopes(rows, np.broadcast_to(alpha, rows.shape)))

    # -- inside ---------------------------------------------------------------------------------

    def _alpha(self, phi: np.ndarray) -> np.ndarray:
        """Return α, shape (m, k), at φ, shape (m, q)."""
        return np.exp(phi) if self.fixed is None else np.tile(self.fixed, (len(phi), 1))

    def _value(self, summary: CompositionExcessSummary, alpha: np.ndarray) -> np.ndarray:
        mean, spread = summary.shares.mean, summary.shares.spread
        each = dirichlet_log_density(np.broadcast_to(mean, alpha.shape), alpha) - ((alpha - 1.0) * spread).sum(axis=-1)
        return np.asarray(summary.weight * each)

    def _slopes(self, summary: CompositionExcessSummary, alpha: np.ndarray) -> np.ndarray:
        mean = np.broadcast_to(summary.shares.mean, alpha.shape)
        return np.asarray(dirichlet_slopes(mean, alpha) - summary.shares.spread)
