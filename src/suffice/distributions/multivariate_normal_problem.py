"""The log-likelihood of the multivariate normal distribution in standardised coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from suffice.distributions.location_scatter import LocationScatter
from suffice.distributions.multivariate_normal_scores import MultivariateNormalScores
from suffice.distributions.problem import as_it_is
from suffice.linalg import Covariance
from suffice.statistics.scatter import Scatter, ScatterSummary
from suffice.statistics.statistic import Statistic

EPSILON = float(np.finfo(float).eps)
LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateNormalProblem(InferenceProblem):
    """The log-likelihood in coordinates φ = (m, entries of S), with μ = c + F m and Σ = F S Fᵀ.

    F is the factor of the estimate and c its mean, so that the maximum is m = 0, S = I, where the
    information is diagonal. With n rows, mean ȳ and covariance W of the whitened data, r = ȳ − m,
    A = W + r rᵀ and P = S⁻¹,

        ℓ = −n/2 (d log 2π + log|FFᵀ| + log|S| + tr PA),
        ∂ℓ/∂m = n P r,   ∂ℓ along B = n/2 tr B(PAP − P),
        ∂²ℓ/∂m∂m = −n P,   ∂²ℓ/∂m along B = −n P B P r,   ∂²ℓ along B, C = n/2 tr B P C (P − 2PAP).

    The coordinates of S are its upper triangle by rows ("dense"), its diagonal ("diagonal") or their
    common value ("spherical").

    Parameters
    ----------
    distribution : the class of the models
    structure : "dense", "diagonal" or "spherical"
    high, low : c as a pair, each of shape (d,)
    frame : the covariance F Fᵀ
    weight : n, the weight of the data that are fitted
    mean_is_free, covariance_is_free : which are estimated; the others are c and the frame
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    distribution: type
    structure: str
    high: np.ndarray
    low: np.ndarray
    frame: Covariance
    weight: float
    mean_is_free: bool = True
    covariance_is_free: bool = True
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def coordinates(self) -> LocationScatter:
        """The map from φ to mean and covariance."""
        return LocationScatter(
            self.high, self.low, self.frame, self.structure, self.mean_is_free, self.covariance_is_free
        )

    @property
    def dimension(self) -> int:
        """The number d of columns."""
        return len(self.high)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the q free parameters."""
        return self.coordinates.names("mean", "covariance", "variance")

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q).

        The value is −∞ where S is not positive definite.

        Raises
        ------
        NotAvailableError
            For q > 500, where only the maximum itself is looked at, in closed form.
        """
        refuse_hessian(phi.shape[1])
        summary = yield self.wrap(Scatter())
        return self._derivatives(summary, phi)

    def solution(self, summary: ScatterSummary) -> Solution:
        """Return the maximum of the data of a summary; its Hessian is None for q > 500."""
        point = self.closed_form(summary)
        value, gradient, hessian = self._derivatives(summary, point[None, :])
        curvature: Any = None if hessian is None else hessian[0]
        return Solution(self, point, float(value[0]), gradient[0], curvature, self.model(point))

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), for any q."""
        summary = yield self.wrap(Scatter())
        return float(self._derivatives(summary, phi[None, :])[0][0])

    def maximum(self) -> Question:
        """Ask for the maxima of (resampled) data; return φ, shape (m, q), NaN where there is none."""
        summary = yield self.wrap(Scatter())
        with np.errstate(all="ignore"):
            points = np.atleast_2d(self.closed_form(summary))
        finite = np.isfinite(points).all(axis=-1)
        lowest = np.linalg.eigvalsh(self.coordinates.split(np.where(finite[:, None], points, 0.0))[1])[:, 0]
        sound = finite & (lowest > 64.0 * self.dimension * np.finfo(float).eps)
        return np.where(sound[:, None], points, np.nan)

    def closed_form(self, summary: ScatterSummary) -> np.ndarray:
        """Return the maximum φ, shape (..., q), of the data of a summary."""
        _, off, within = self._whitened(summary)
        parts = []
        if self.mean_is_free:
            parts.append(off)
        else:
            within = within + off[..., :, None] * off[..., None, :]
        if self.covariance_is_free:
            rows, columns = self.coordinates.entries
            entries = within[..., rows, columns]
            spherical = self.structure == "spherical"
            parts.append(entries.mean(axis=-1, keepdims=True) if spherical else entries)
        return np.concatenate([np.empty((*off.shape[:-1], 0)), *parts], axis=-1)

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return all parameters, mean and covariance in the order of `names`, at φ, shape (q,)."""
        return self.coordinates.values(phi)

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters, in the order of `names`, at φ, shape (q,)."""
        return self.coordinates.free_values(phi)

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        mean, matrix = self.coordinates.parameters(phi)
        return self.distribution(mean, self.coordinates.covariance(matrix))

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return d(free parameters)/dφ, shape (q, q): constant, because both are linear in φ."""
        return self.coordinates.jacobian()

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]` at φ, shape (q,)."""
        q = len(phi)
        return float(self.free_values(phi)[position]), self.jacobian(phi)[position], np.zeros((q, q))

    def scores(self, phi: np.ndarray) -> MultivariateNormalScores:
        """Return the scores of single rows at φ, shape (q,)."""
        mean, matrix = self.coordinates.split(phi[None, :])
        nothing = np.empty(0, dtype=int)
        rows, columns = self.coordinates.entries if self.covariance_is_free else (nothing, nothing)
        shares = np.where(rows == columns, 0.5, 1.0)
        pooled = self.covariance_is_free and self.structure == "spherical"
        inverse = np.linalg.inv(matrix[0])
        return MultivariateNormalScores(
            self.high, self.low, self.frame, mean[0], inverse, self.mean_is_free, rows, columns, shares, pooled
        )

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> MultivariateNormalProblem:
        """Return the same problem for resampled data."""
        return replace(self, wrap=wrap)

    # -- closed forms at the maximum, for any number of coordinates --------------------------------

    def standard_errors(self, solution: Solution) -> np.ndarray:
        """Return √(Σᵢᵢ/n) and √((ΣᵢᵢΣⱼⱼ + Σᵢⱼ²)/n) at the maximum, in the order of `names`."""
        _, matrix = self.coordinates.parameters(solution.phi)
        variances, (rows, columns) = np.diagonal(matrix), self.coordinates.entries
        squares = []
        if self.mean_is_free:
            squares.append(variances / self.weight)
        if self.covariance_is_free:
            spread = (variances[rows] * variances[columns] + matrix[rows, columns] ** 2) / self.weight
            squares.append(spread[:1] / self.dimension if self.structure == "spherical" else spread)
        return np.sqrt(np.concatenate([np.empty(0), *squares]))

    def solve_information(self, solution: Solution, vector: np.ndarray) -> np.ndarray:
        """Return (−H)⁻¹ v at the maximum, shape (q,), without H: S m/n and 2 S V S/n."""
        _, s = self.coordinates.split(solution.phi[None, :])
        s = s[0]
        start = self.dimension if self.mean_is_free else 0
        parts = [s @ vector[:start] / self.weight] if self.mean_is_free else []
        if self.covariance_is_free:
            rows, columns = self.coordinates.entries
            if self.structure == "spherical":
                parts.append(vector[start:] * 2.0 * s[0, 0] ** 2 / (self.weight * self.dimension))
            else:
                slope = np.zeros_like(s)
                slope[rows, columns] = 0.5 * vector[start:]
                slope = slope + slope.T
                parts.append((2.0 / self.weight * (s @ slope @ s))[rows, columns])
        return np.concatenate([np.empty(0), *parts])

    def information_inverse(self, solution: Solution) -> np.ndarray:
        """Return (−H)⁻¹ at the maximum, shape (q, q): S/n, and (SᵢₖSⱼₗ + SᵢₗSⱼₖ)/n for the entries of S.

        Raises
        ------
        NotAvailableError
            For q > 3000.
        """
        phi = solution.phi
        q, start = len(phi), self.dimension if self.mean_is_free else 0
        refuse_inverse(q)
        s = self.coordinates.split(phi[None, :])[1][0]
        inverse = np.zeros((q, q))
        if self.mean_is_free:
            inverse[:start, :start] = s / self.weight
        if self.covariance_is_free and self.structure == "spherical":
            inverse[start, start] = 2.0 * s[0, 0] ** 2 / (self.weight * self.dimension)
        elif self.covariance_is_free:
            rows, columns = self.coordinates.entries
            left, right = s[rows], s[columns]
            inverse[start:, start:] = left[:, rows] * right[:, columns] + left[:, columns] * right[:, rows]
            inverse[start:, start:] /= self.weight
        return inverse

    def certificate(self, solution: Solution, scope: str = "local", region: str = "") -> OptimumCertificate:
        """Certify the maximum, for q > 500 without its Hessian; say what rounding leaves of the log-likelihood."""
        found = closed_form_certificate(solution, self.names, lambda: self._spectrum(solution))
        said = self._rounding(solution.value)
        return replace(found, reason=f"{found.reason}; {said}") if said else found

    def _rounding(self, value: float) -> str:
        """Say how far the log-likelihood may be off where the columns are nearly collinear; "" where it is not.

        Each entry of the scatter is rounded to a share ε, which changes the least eigenvalue λ of the correlations
        by ε and n/2 log|Σ| by n ε/(2λ) nats, whatever the factorisation.
        """
        if self.structure != "dense":
            return ""
        eigenvalues = np.linalg.eigvalsh(self.frame.correlation)
        condition = float(eigenvalues[-1] / max(eigenvalues[0], EPSILON))
        error = 0.5 * self.weight * EPSILON * condition
        if error <= max(1e-6, 1e-12 * abs(value)):
            return ""
        return (
            f"the columns are nearly collinear (condition number of the correlations {condition:.1g}): the "
            f"log-likelihood holds to about {error:.1g} nats"
        )

    def _spectrum(self, solution: Solution) -> tuple[float, np.ndarray]:
        """Return the Newton decrement, and the eigenvalues of the information at S = I.

        There it is diagonal: n/2 for the diagonal of S, n for everything else.
        """
        gain = float(0.5 * solution.gradient @ self.solve_information(solution, solution.gradient))
        rows, columns = self.coordinates.entries
        values = [np.full(self.dimension, self.weight)] if self.mean_is_free else []
        if self.covariance_is_free:
            entries = np.where(rows == columns, 0.5, 1.0) * self.weight
            values.append(entries.sum(keepdims=True) if self.structure == "spherical" else entries)
        return gain, np.sort(np.concatenate(values))

    # -- the arithmetic ----------------------------------------------------------------------------

    def _whitened(self, summary: ScatterSummary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return n (...,), F⁻¹(x̄ − c) (..., d) and the whitened covariance F⁻¹ Σ̂ F⁻ᵀ (..., d, d)."""
        n = np.asarray(summary.weight)
        off = self.frame.whiten((summary.high - self.high) + (summary.low - self.low))
        half = self.frame.whiten(summary.scatter / n[..., None, None])
        within = self.frame.whiten(np.swapaxes(half, -1, -2))
        return n, off, 0.5 * (within + np.swapaxes(within, -1, -2))

    def _derivatives(self, summary: ScatterSummary, phi: np.ndarray) -> tuple[Any, Any, Any]:
        mean, matrix = self.coordinates.split(phi)
        values, vectors = np.linalg.eigh(np.where(np.isfinite(matrix), matrix, 0.0))
        sound = (values[:, 0] > 0) & np.isfinite(phi).all(axis=-1)
        values = np.where(sound[:, None], values, 1.0)
        n, data_mean, within = self._whitened(summary)
        off = data_mean - mean
        scatter = within + off[..., :, None] * off[..., None, :]
        inverse = (vectors / values[:, None, :]) @ np.swapaxes(vectors, -1, -2)
        logarithm = self.dimension * LOG_TWO_PI + self.frame.log_determinant + np.log(values).sum(axis=-1)
        value = -0.5 * n * (logarithm + (inverse * scatter).sum(axis=(-2, -1)))
        point = _Point(np.broadcast_to(n, value.shape), off, inverse, inverse @ scatter @ inverse)
        gradient = np.where(sound[:, None], self._gradient(point), np.nan)
        hessian = None
        if phi.shape[1] <= MOST_COORDINATES:
            hessian = np.where(sound[:, None, None], self._hessian(point), np.nan)
        return np.where(sound, value, -np.inf), gradient, hessian

    def _gradient(self, point: _Point) -> np.ndarray:
        n = point.n[:, None]
        parts = [np.empty((len(n), 0))]
        if self.mean_is_free:
            parts.append(n * point.pull)
        if self.covariance_is_free:
            rows, columns = self.coordinates.entries
            slope = n * self.coordinates.shares * (point.middle - point.inverse)[:, rows, columns]
            parts.append(slope.sum(axis=-1, keepdims=True) if self.structure == "spherical" else slope)
        return np.concatenate(parts, axis=-1)

    def _hessian(self, point: _Point) -> np.ndarray:
        n, p, pull = point.n[:, None, None], point.inverse, point.pull
        if not self.covariance_is_free:
            return -n * p if self.mean_is_free else np.empty((len(n), 0, 0))
        curvature = 0.5 * n * self.coordinates.second_derivatives(p, p - 2.0 * point.middle)
        cross = -n * self.coordinates.cross_derivatives(p, pull)
        if self.structure == "spherical":
            curvature = curvature.sum(axis=(-2, -1), keepdims=True)
            cross = cross.sum(axis=-1, keepdims=True)
        if not self.mean_is_free:
            return curvature
        top = np.concatenate([-n * p, cross], axis=-1)
        bottom = np.concatenate([np.swapaxes(cross, -1, -2), curvature], axis=-1)
        return np.concatenate([top, bottom], axis=-2)


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """What the derivatives need at m points: n (m,), r (m, d), P = S⁻¹ and PAP, (m, d, d)."""

    n: np.ndarray
    off: np.ndarray
    inverse: np.ndarray
    middle: np.ndarray

    @property
    def pull(self) -> np.ndarray:
        """P r, shape (m, d)."""
        return (self.inverse @ self.off[..., :, None])[..., 0]
