"""Functions of the rows that the likelihoods of several families are sums of.

Each has them one by one, and sums of all by a kernel, which holds none of them in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class ExponentialSummands:
    """y, t, ty and ty²; t is an exponential function of y.

    Parameters
    ----------
    y : ndarray, shape (n,), (1, n) or (m, n)
    t : ndarray, shape (m, n)
    """

    y: np.ndarray
    t: np.ndarray

    def each(self) -> list[np.ndarray]:
        """Return the functions, row by row."""
        ty = self.t * self.y
        return [self.y, self.t, ty, ty * self.y]

    def sums(self) -> np.ndarray:
        """Return their sums, shape (4, m)."""
        from suffice.kernels.exponential_sums import exponential_sums

        return _summed(exponential_sums, 4, _like(self.y, self.t), self.t)


@dataclass(frozen=True, slots=True)
class LogisticSummands:
    """y, log(1 + t), s, sy, v, vy and vy², where s = t/(1 + t) and v = s (1 − s); t is an exponential function of y.

    Parameters
    ----------
    y : ndarray, shape (n,), (1, n) or (m, n)
    t : ndarray, shape (m, n)
    """

    y: np.ndarray
    t: np.ndarray

    def each(self) -> list[np.ndarray]:
        """Return the functions, row by row."""
        rest = 1.0 / (1.0 + self.t)
        s = self.t * rest
        v = s * rest
        vy = v * self.y
        return [self.y, np.log1p(self.t), s, s * self.y, v, vy, vy * self.y]

    def sums(self) -> np.ndarray:
        """Return their sums, shape (7, m); NaN or infinite where they overflow."""
        from suffice.kernels.logistic_sums import logistic_sums

        return _summed(logistic_sums, 7, _like(self.y, self.t), self.t)


@dataclass(frozen=True, slots=True)
class ParetoSummands:
    """log(1 + w), q and q², where q = w/(1 + w).

    Parameters
    ----------
    w : ndarray, shape (m, n)
    """

    w: np.ndarray

    def each(self) -> list[np.ndarray]:
        """Return the functions, row by row; NaN for the logarithm where 1 + w is negative."""
        q = self.w / (1.0 + self.w)
        return [np.log1p(self.w), q, q * q]

    def sums(self) -> np.ndarray:
        """Return their sums, shape (3, m); NaN where 1 + w < 0 in a row, infinite where it is 0, or they overflow."""
        from suffice.kernels.pareto_sums import pareto_sums

        return _summed(pareto_sums, 3, self.w)


def _summed(kernel: Callable[..., None], functions: int, *arrays: np.ndarray) -> np.ndarray:
    """Return the sums that a kernel makes of arrays (m, n)."""
    sums = np.empty((functions, len(arrays[0])))
    kernel(*[np.ascontiguousarray(array) for array in arrays], sums)
    return sums


def _like(y: np.ndarray, t: np.ndarray) -> np.ndarray:
    return y if y.shape == t.shape else np.broadcast_to(y, t.shape)
