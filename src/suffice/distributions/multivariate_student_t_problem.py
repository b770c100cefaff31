"""The log-likelihood of Student's t of several variables in the coordinates of a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.closed_form import refuse_hessian
from suffice.distributions.inference_problem import InferenceProblem, Question
from suffice.distributions.location_scatter import LocationScatter
from suffice.distributions.multivariate_student_t_sums import MultivariateStudentTScores, MultivariateStudentTSums
from suffice.distributions.problem import FAR_OFF, as_it_is
from suffice.linalg import Covariance
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateStudentTProblem(InferenceProblem):
    """The log-likelihood in φ = (m, entries of S, log ν): μ = c + F m, Σ = F S Fᵀ.

    Parameters
    ----------
    distribution : the class of the models
    high, low : c as a pair, each of shape (d,)
    frame : the matrix F Fᵀ
    location_is_free, scale_matrix_is_free : which are estimated; the others are c and the frame
    df : ν where it is not estimated, ∞ at the limit of the family; else None
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    high: np.ndarray
    low: np.ndarray
    frame: Covariance
    location_is_free: bool = True
    scale_matrix_is_free: bool = True
    df: float | None = None
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def coordinates(self) -> LocationScatter:
        """The map from φ to location and scale matrix."""
        return LocationScatter(
            self.high, self.low, self.frame, "dense", self.location_is_free, self.scale_matrix_is_free
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the q free parameters."""
        return self.coordinates.names("location", "scale_matrix", "") + (("df",) if self.df is None else ())

    def sums(self, phi: np.ndarray, order: int = 2) -> MultivariateStudentTSums:
        """Return the statistic of the sums at φ, shape (m, q)."""
        location, matrix = self.coordinates.split(phi[:, : self.coordinates.size])
        return MultivariateStudentTSums(self.coordinates, location, matrix, self._df(phi), order)

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q).

        The value is −∞ where S is not positive definite.

        Raises
        ------
        NotAvailableError
            For q > 500.
        """
        refuse_hessian(phi.shape[1])
        sums = yield self.wrap(self.sums(phi))
        chain = self._chain(phi)
        gradient, free = sums.gradient * chain, self._free
        hessian = sums.hessian * (chain[:, :, None] * chain[:, None, :])
        # ν = exp φ: the second derivative of ν in φ is ν, as the first
        hessian[:, -1, -1] += gradient[:, -1]
        return sums.value, gradient[:, free], hessian[:, free][:, :, free]

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), also where nothing is free."""
        sums = yield self.wrap(self.sums(phi[None, :], order=0))
        return float(sums.value[0])

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters, in the order of `names`, at φ, shape (q,)."""
        size = self.coordinates.size
        return np.concatenate([self.coordinates.free_values(phi[:size]), np.exp(phi[size:])])

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        location, matrix = self.coordinates.parameters(phi[: self.coordinates.size])
        return self.distribution(location, self.coordinates.covariance(matrix), float(self._df(phi[None, :])[0]))

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return d(free parameters)/dφ, shape (q, q)."""
        size, jacobian = self.coordinates.size, np.zeros((len(phi), len(phi)))
        jacobian[:size, :size] = self.coordinates.jacobian()
        jacobian[size:, size:] = np.exp(phi[size:, None])
        return jacobian

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]` at φ, shape (q,)."""
        bend = np.zeros((len(phi), len(phi)))
        if position == self.coordinates.size:
            bend[position, position] = np.exp(phi[position])
        return float(self.free_values(phi)[position]), self.jacobian(phi)[position], bend

    def estimated(self, fixed: Mapping[str, Any]) -> int:
        """Return how many parameters were not fixed, df among them where it ran to ∞."""
        return self.coordinates.size + ("df" not in fixed)

    def own_coordinate(self, position: int) -> tuple[int, str]:
        """Return the coordinate of df; the others have none of their own."""
        return (position, "log") if position == self.coordinates.size else (-1, "")

    def put_at_ends(self, rows: np.ndarray, stopped: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return searches (m, q) from φ (q,), those that ran towards ν = ∞ put there."""
        rows = rows.copy()
        if self.df is None:
            rows[stopped & (rows[:, -1] - phi[-1] > FAR_OFF), -1] = np.inf
        return rows

    def scores(self, phi: np.ndarray) -> MultivariateStudentTScores:
        """Return the scores of single rows at φ, shape (q,)."""
        chain = np.diag(self._chain(phi[None, :])[0])[self._free]
        return MultivariateStudentTScores(self.sums(phi[None, :]), chain)

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> MultivariateStudentTProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)

    # -- inside ---------------------------------------------------------------------------------

    def _df(self, phi: np.ndarray) -> np.ndarray:
        """Return ν, shape (m,), at φ, shape (m, q)."""
        return np.exp(phi[:, -1]) if self.df is None else np.full(len(phi), self.df)

    def _chain(self, phi: np.ndarray) -> np.ndarray:
        """Return the derivatives of (m, S, ν) in their coordinates, shape (m, p)."""
        d = len(self.high)
        slopes = np.ones((len(phi), d + d * (d + 1) // 2 + 1))
        slopes[:, -1] = np.exp(phi[:, -1]) if self.df is None else 0.0
        return slopes

    @property
    def _free(self) -> list[int]:
        """The positions of the coordinates in (m, S, ν)."""
        d = len(self.high)
        t = d * (d + 1) // 2
        location = range(d) if self.location_is_free else ()
        scatter = range(d, d + t) if self.scale_matrix_is_free else ()
        return [*location, *scatter, *([d + t] if self.df is None else [])]
