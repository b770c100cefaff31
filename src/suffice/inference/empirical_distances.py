"""Distances of data from a model: Kolmogorov–Smirnov, Cramér–von Mises and Anderson–Darling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

KOLMOGOROV = "kolmogorov-smirnov"
CRAMER = "cramer-von-mises"
ANDERSON = "anderson-darling"
# Points at which a discrete model is compared at most; where it has more values, neighbours are taken together.
MOST_POINTS = 200
# The probability of an upper tail that has one point for all its values.
TAIL = 1e-6


@dataclass(frozen=True, slots=True)
class AtRows:
    """The distances of a continuous family, from u = F(x) at the sorted rows u₁ ≤ … ≤ uₙ.

    Parameters
    ----------
    family : with `_log_cdf` and `_log_ccdf`
    """

    family: Any

    def distance(self, name: str, theta: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return the distances, shape (m,), of samples (m, n) from the models with parameters θ (m, p).

        D = max |Fₙ − F|; W² = 1/(12n) + Σ (uᵢ − (2i − 1)/(2n))²;
        A² = −n − Σ (2i − 1)/n · (log uᵢ + log(1 − uₙ₊₁₋ᵢ)).
        """
        x, parameters = np.sort(x, axis=-1), theta.T[:, :, None]
        n = x.shape[-1]
        odd = 2.0 * np.arange(n) + 1.0
        with np.errstate(all="ignore"):
            if name == ANDERSON:
                log_u, log_v = self._logarithms(x, parameters)
                return -n - ((log_u + log_v[:, ::-1]) @ odd) / n
            u = self.family._cdf(x, *parameters)
            if name == CRAMER:
                return 1.0 / (12.0 * n) + np.sum((u - odd / (2.0 * n)) ** 2, axis=-1)
            return np.max(np.abs(u - odd / (2.0 * n)), axis=-1) + 0.5 / n

    def unseen(self, theta: np.ndarray, x: np.ndarray) -> float:
        """Return by how much the largest difference may exceed that which is seen: not at all."""
        return 0.0

    def _logarithms(self, x: np.ndarray, parameters: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return log F(x) and log(1 − F(x)): from F, which is cheaper, wherever it is not near its ends."""
        u = np.asarray(self.family._cdf(x, *parameters))
        log_u, log_v = np.log(u), np.log1p(-u)
        near = np.flatnonzero(((u < 1e-8) | (u > 1.0 - 1e-8)).any(axis=-1))
        if len(near):
            log_u[near] = self.family._log_cdf(x[near], *parameters[:, near])
            log_v[near] = self.family._log_ccdf(x[near], *parameters[:, near])
        return log_u, log_v


@dataclass(frozen=True, slots=True, eq=False)
class AtPoints:
    """The distances of a discrete family, from the distribution functions at fixed points t₁ < … < t_K.

    Parameters
    ----------
    family : with `_cdf`
    points : ndarray, shape (K,)
    step : of the grid on which the values lie
    """

    family: Any
    points: np.ndarray
    step: float = 1.0

    @classmethod
    def of(cls, model: Any, family: Any, x: np.ndarray, step: float = 1.0) -> AtPoints:
        """Return the comparison at all values on a grid of `step` that the data or the model can have, or at some."""
        low, high = float(x.min()), max(float(x.max()), _finite(model.iccdf(TAIL), float(x.max())))
        low = min(low, _finite(model.icdf(TAIL), low))
        if (high - low) / step < MOST_POINTS:
            return cls(family, low + step * np.arange(round((high - low) / step) + 1), step)
        shares = (np.arange(MOST_POINTS) + 0.5) / MOST_POINTS
        points = np.concatenate([[low, x.max()], model.icdf(shares)])
        return cls(family, np.unique(points[np.isfinite(points)]), step)

    def distance(self, name: str, theta: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return the distances, shape (m,), of samples (m, n) from the models with parameters θ (m, p).

        With pⱼ = F(tⱼ) − F(tⱼ₋₁): D = max |Fₙ − F|; W² = n Σ (Fₙ − F)² pⱼ; A² = n Σ (Fₙ − F)² pⱼ/(F (1 − F))
        (Choulakian, Lockhart and Stephens 1994).
        """
        m, n = x.shape
        place = np.searchsorted(self.points, x.ravel()).reshape(m, n)
        width = len(self.points) + 1
        counts = np.bincount((place + np.arange(m)[:, None] * width).ravel(), minlength=m * width).reshape(m, width)
        return self.from_counts(name, theta, counts)

    def from_counts(self, name: str, theta: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Return the distances, given counts, shape (m, K + 1), of the rows in (tⱼ₋₁, tⱼ], the last above t_K."""
        n = counts.sum(axis=-1, keepdims=True)
        with np.errstate(all="ignore"):
            model = self._model(theta.T[:, :, None])
            off = np.cumsum(counts, axis=-1)[:, :-1] / n - model
            if name == KOLMOGOROV:
                return np.max(np.abs(off), axis=-1)
            mass = np.diff(model, axis=-1, prepend=0.0)
            if name == ANDERSON:
                # A difference where the model has no probability left on one side cannot be forgiven.
                inside = model * (1.0 - model)
                mass = np.where(inside > 0.0, mass / inside, np.where(np.abs(off) > 1e-12, np.inf, 0.0))
            return n[:, 0] * np.sum(np.where(off == 0.0, 0.0, off * off * mass), axis=-1)

    def unseen(self, theta: np.ndarray, x: np.ndarray) -> float:
        """Return by how much the largest difference between the points may exceed that at them.

        Parameters
        ----------
        theta : ndarray, shape (p,); x : ndarray, shape (n,)
        """
        steps = np.diff(self.points)
        if not len(steps) or np.allclose(steps, self.step, rtol=1e-9):
            return 0.0
        model = np.diff(self._model(theta[:, None, None])[0])
        data = np.diff(np.searchsorted(np.sort(x), self.points, side="right")) / len(x)
        return float(np.max(np.minimum(model, data), initial=0.0))

    def _model(self, parameters: np.ndarray) -> np.ndarray:
        """Return F at the points; where they are all integers from the first on, sums are cheaper than functions."""
        first, last = self.points[0], self.points[-1]
        if first == self.family.support.lower and last - first == len(self.points) - 1:
            return np.minimum(np.cumsum(np.exp(self.family._log_density(self.points, *parameters)), axis=-1), 1.0)
        return np.asarray(self.family._cdf(self.points, *parameters))


def _finite(value: float, otherwise: float) -> float:
    return value if np.isfinite(value) else otherwise
