"""Sums over rows for the likelihood of Student's t of several variables, in the coordinates of a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.location_scatter import LocationScatter
from suffice.distributions.student_t_constant import log_gamma_ratio, log_gamma_ratio_derivatives
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.likelihood_sums import LikelihoodSummary

LOG_TWO_PI = float(np.log(2.0 * np.pi))
# Values held at once per temporary array.
CACHED_VALUES = 131_072


@dataclass(frozen=True, slots=True, eq=False)
class _Distances:
    """What every sum needs of n rows at one point.

    Parameters
    ----------
    q : ndarray, shape (n,): δ² = rᵀPr, P = S⁻¹
    slopes : ndarray, shape (n, d + t): −½ ∂q/∂(m, S), which is P r and the products of its entries
    pull : ndarray, shape (n,): (ν + d)/(ν + q), the weight of a row
    ratio : ndarray, shape (n,): ν/(ν + q)
    """

    q: np.ndarray
    slopes: np.ndarray
    pull: np.ndarray
    ratio: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateStudentTSums:
    """Observe Σ w log p(x) and, for order 2, its derivatives in (m, entries of S, ν).

    With P = S⁻¹, r = F⁻¹(x − c) − m, q = rᵀPr and h(q) = ½ (ν + d) log(1 + q/ν), a row has

        log p = C(ν) − ½ (d log 2π + log|FFᵀ| + log|S|) − h(q),
        ∇q = −2 (Pr, (Pr)(Pr)ᵀ),  h' = ½ (ν + d)/(ν + q),  h'' = −½ (ν + d)/(ν + q)²,  ∂h'/∂ν = ½ (q − d)/(ν + q)²,

    and everything is written in 1/ν, so that it holds at ν = ∞.

    Parameters
    ----------
    coordinates : c, F and the order of the entries, dense
    location : m, ndarray, shape (k, d); matrix : S, ndarray, shape (k, d, d); df : ν, ndarray, shape (k,)
    order : 0 or 2
    """

    coordinates: LocationScatter
    location: np.ndarray
    matrix: np.ndarray
    df: np.ndarray
    order: int = 2

    # Far from the maximum densities over- and underflow, in whatever thread this runs; the search heeds that.
    @np.errstate(all="ignore")
    def observe(self, block: Block) -> LikelihoodSummary:
        """Observe a block; with a leading axis of weights, one point and one set of them belong together."""
        weights = weights_of(block)
        sets = len(weights) if weights is not None and weights.ndim == 2 else 1
        leading = max(sets, len(self.df))
        size = max(256, CACHED_VALUES // self._length)
        total = None
        for part in block.split(size) if len(block.rows) > size else (block,):
            z = whitened(self.coordinates, part.rows)
            sums = [self._sums(z, part.weights, i, sets) for i in range(leading)]
            mass, value, *rest = zip(*sums, strict=True)
            gradient, hessian = [None if self.order == 0 else np.array(each) for each in rest]
            summary = LikelihoodSummary(np.array(mass), np.array(value), gradient, hessian)
            total = summary if total is None else total.merge(summary)
        assert total is not None
        return total

    @property
    def _length(self) -> int:
        """The number p = d + t + 1 of coordinates."""
        d = self.coordinates.dimension
        return d + d * (d + 1) // 2 + 1

    def _sums(self, z: np.ndarray, weights: np.ndarray | None, i: int, sets: int) -> tuple[Any, Any, Any, Any]:
        """Return weight, value, gradient and Hessian at point i."""
        w = np.ones(len(z)) if weights is None else weights[i if sets > 1 else 0] if weights.ndim == 2 else weights
        at = i if len(self.df) > 1 else 0
        mass, p = float(w.sum()), self._length
        factor = cholesky(self.matrix[at])
        if factor is None or not self.df[at] > 0.0 or not np.isfinite(self.location[at]).all():
            return mass, -np.inf, *((None, None) if self.order == 0 else (np.full(p, np.nan), np.full((p, p), np.nan)))
        inverse, v = np.linalg.inv(factor), float(self.df[at])
        rows = self._distances(z, at, inverse)
        return mass, self._value(w, rows.q, factor, v), *self._derivatives(w, rows, inverse.T @ inverse, v)

    def _distances(self, z: np.ndarray, at: int, inverse: np.ndarray) -> _Distances:
        y = (z - self.location[at]) @ inverse.T
        q, v, d = (y * y).sum(axis=1), float(self.df[at]), z.shape[1]
        ratio = 1.0 / (1.0 + q / v)
        pull = (1.0 + d / v) * ratio
        return _Distances(q, slopes_of(self.coordinates, y @ inverse) if self.order else y, pull, ratio)

    def _value(self, w: np.ndarray, q: np.ndarray, factor: np.ndarray, v: float) -> float:
        d = len(factor)
        tails = 0.5 * q if np.isinf(v) else 0.5 * (v + d) * np.log1p(q / v)
        constant = 0.0 if np.isinf(v) else float(log_gamma_ratio(v, d))
        half = 0.5 * (d * LOG_TWO_PI + self.coordinates.frame.log_determinant)
        each = constant - half - float(np.log(np.diagonal(factor)).sum())
        return float(each * w.sum() - (w * tails).sum())

    def _derivatives(self, w: np.ndarray, rows: _Distances, p: np.ndarray, v: float) -> tuple[Any, Any]:
        if self.order == 0:
            return None, None
        d, u, mass = len(p), 1.0 / v, float(w.sum())
        i, j = self.coordinates.entries
        shares, slopes, q = self.coordinates.shares, rows.slopes, rows.q
        pulled = (w * rows.pull) @ slopes
        gradient = np.append(pulled, 0.0)
        gradient[d:-1] -= mass * shares * p[i, j]
        # Σ w · pull · (Pr)(Pr)ᵀ, whose entries stand in `pulled` times their shares
        spread = np.zeros((d, d))
        spread[i, j] = spread[j, i] = pulled[d:] / shares
        bent = (slopes * (2.0 * u * w * rows.pull * rows.ratio)[:, None]).T @ slopes
        bent[:d, :d] -= p * float((w * rows.pull).sum())
        cross = self.coordinates.cross_derivatives(p, pulled[:d])
        bent[:d, d:] -= cross
        bent[d:, :d] -= cross.T
        bent[d:, d:] += self.coordinates.second_derivatives(p, 0.5 * mass * p - spread)
        hessian = np.zeros((len(gradient), len(gradient)))
        hessian[:-1, :-1] = 0.5 * (bent + bent.T)
        if np.isfinite(v):
            slope, bend = log_gamma_ratio_derivatives(v, d)
            gradient[-1] = mass * slope + 0.5 * float((w * (rows.pull * q * u - np.log1p(q * u))).sum())
            curve = q * u * u * rows.ratio * (2.0 - rows.ratio * (1.0 + d * u) * (2.0 + q * u))
            hessian[-1, -1] = mass * bend + 0.5 * float((w * curve).sum())
            hessian[-1, :-1] = hessian[:-1, -1] = (w * (q - d) * (rows.ratio * u) ** 2) @ slopes
        return gradient, hessian


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateStudentTScores:
    """The scores of rows in coordinates of (m, entries of S, ν) at one point.

    Parameters
    ----------
    sums : the point, k = 1, of order 2
    chain : ndarray, shape (q, p): the derivatives of (m, S, ν) in the coordinates, transposed
    """

    sums: MultivariateStudentTSums
    chain: np.ndarray

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return len(self.chain)

    @np.errstate(all="ignore")
    def of(self, x: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, d)."""
        sums, factor, v = self.sums, cholesky(self.sums.matrix[0]), float(self.sums.df[0])
        assert factor is not None
        inverse, d = np.linalg.inv(factor), len(factor)
        rows = sums._distances(whitened(sums.coordinates, x), 0, inverse)
        i, j = sums.coordinates.entries
        scores = np.zeros((len(x), rows.slopes.shape[1] + 1))
        scores[:, :-1] = rows.pull[:, None] * rows.slopes
        scores[:, d:-1] -= sums.coordinates.shares * (inverse.T @ inverse)[i, j]
        if np.isfinite(v):
            slope, _ = log_gamma_ratio_derivatives(v, d)
            scores[:, -1] = slope + 0.5 * (rows.pull * rows.q / v - np.log1p(rows.q / v))
        return np.asarray(self.chain @ scores.T)


def whitened(coordinates: LocationScatter, rows: np.ndarray) -> np.ndarray:
    """Return F⁻¹(x − c) of rows (n, d)."""
    return coordinates.frame.whiten((rows - coordinates.high) - coordinates.low)


def slopes_of(coordinates: LocationScatter, a: np.ndarray) -> np.ndarray:
    """Return −½ ∇q, shape (n, d + t), for a = Pr, shape (n, d)."""
    i, j = coordinates.entries
    return np.concatenate([a, coordinates.shares * (a[:, i] * a[:, j])], axis=1)


def cholesky(matrix: np.ndarray) -> np.ndarray | None:
    """Return the lower triangular factor, or None where the matrix is not positive definite."""
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    return factor if np.isfinite(factor).all() else None
