"""Samples drawn from a fitted model, and what a function makes of them: the same numbers on any number of threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from suffice.engines.threads import cores

# Values drawn and refitted at once, so that they stay in the cache; it decides the draws, so it is no setting.
TOGETHER = 65_536


def of_samples(
    model: Any,
    n: int,
    replicates: int,
    seed: int,
    function: Callable[[np.ndarray], np.ndarray],
    workers: int | None = None,
) -> np.ndarray:
    """Draw samples of n values from a model and return what a function makes of each.

    Parameters
    ----------
    model : a distribution of one variable
    n, replicates : the rows of a sample, and how many samples
    seed : a non-negative integer
    function : samples, shape (m, n), to values, shape (m, …)
    workers : how many threads; default: the cores this process may use

    Returns
    -------
    ndarray, shape (replicates, …)
    """
    size = max(1, TOGETHER // n)
    starts = range(0, replicates, size)
    seeds = np.random.SeedSequence(seed).spawn(len(starts))

    def part(first: int, key: np.random.SeedSequence) -> np.ndarray:
        x = np.asarray(model.sample((min(size, replicates - first), n), rng=key))
        return np.asarray(function(x))

    with ThreadPoolExecutor(workers or cores()) as pool:
        return np.concatenate(list(pool.map(part, starts, seeds)))
