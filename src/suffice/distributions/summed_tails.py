"""Tails of a distribution of the integers from 0 to n that have no closed form: sums of its mass."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np


def log_tails(family: Any, x: Any, n: Any, *theta: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return log P(X ≤ x) and log P(X > x), of the shape of all together; each keeps its digits where it is small.

    Parameters
    ----------
    family : states `_log_density` for k = 0, …, n; the sums take n + 1 numbers of memory
    """
    parts = np.broadcast_arrays(np.floor(x), *[np.asarray(t, dtype=float) for t in (n, *theta)])
    shape = parts[0].shape
    k, rows = parts[0].ravel(), np.stack([part.ravel() for part in parts[1:]], axis=-1)
    models, which = np.unique(rows, axis=0, return_inverse=True)
    lower, upper = np.empty(k.shape), np.empty(k.shape)
    for i, model in enumerate(models):
        here = which.ravel() == i
        at = np.clip(k[here], -1.0, model[0]).astype(np.int64) + 1
        below, above = _sums(family, tuple(model))
        lower[here], upper[here] = below[at], above[at]
    return lower.reshape(shape), upper.reshape(shape)


@lru_cache(maxsize=4)
def _sums(family: Any, theta: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return log P(X ≤ k) and log P(X > k) for k = −1, 0, …, n."""
    with np.errstate(all="ignore"):
        log_p = family._log_density(np.arange(theta[0] + 1.0), *theta)
        none = [-np.inf]
        lower = np.concatenate([none, np.minimum(np.logaddexp.accumulate(log_p), 0.0)])
        upper = np.concatenate([np.minimum(np.logaddexp.accumulate(log_p[::-1]), 0.0)[::-1], none])
    return lower, upper
