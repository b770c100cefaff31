"""The size of the tests of multivariate normality, with the p-values that a fit gives by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import suffice as sf
from suffice.inference.simulated_normality import (
    henze_zirkler_statistics,
    mardia_moments,
    simulated,
    two_sided_p_value,
    upper_p_value,
    whitened,
)

# Samples that share a simulated null distribution, and the size of that, which is the default.
BATCH, REPLICATES = 200, 999
LEVEL = 0.05


def _henze_zirkler(null: np.ndarray, observed: np.ndarray) -> float:
    return upper_p_value(null[:, 0], observed[0])


def _mardia(null: np.ndarray, observed: np.ndarray) -> float:
    return 2.0 * min(upper_p_value(null[:, 0], observed[0]), two_sided_p_value(null[:, 1], observed[1]))


# By name: what a person calls, the method of `fit.goodness_of_fit`, and from what its p-value is simulated.
TESTS: dict[str, tuple[Callable[..., Any], str, Callable[..., Any], Callable[..., float]]] = {
    "Henze and Zirkler's test": (sf.henze_zirkler, "henze-zirkler", henze_zirkler_statistics, _henze_zirkler),
    "Mardia's test": (sf.mardia, "mardia", mardia_moments, _mardia),
}


def normality_sizes(x: np.ndarray, asked: int) -> tuple[dict[str, float], int]:
    """Return the sizes in percent, by the name of a test, and how many fits say otherwise.

    A simulated null distribution depends on n and d alone. So each batch of samples shares one; that of the first
    is the one that a person gets.

    Parameters
    ----------
    x : ndarray, shape (m, n, d): normal rows
    asked : samples of the first batch whose fits are asked
    """
    sizes, differ = {}, 0
    for name, (verb, method, statistics, p_value) in TESTS.items():
        if "simulated" in verb(x[0]).method:
            p = _simulated_p_values(x, statistics, p_value)
        else:
            p = np.array([verb(rows).p_value for rows in x])
        sizes[name] = 100.0 * float(np.mean(p <= LEVEL))
        fits = [sf.fit(sf.MultivariateNormal, rows) for rows in x[:asked]]
        said = np.array([fit.goodness_of_fit(method=method).p_value for fit in fits])
        differ += int(np.sum((said <= LEVEL) != (p[:asked] <= LEVEL)))
    return sizes, differ


def _simulated_p_values(x: np.ndarray, statistics: Callable[..., Any], p_value: Callable[..., float]) -> np.ndarray:
    """Return the p-values (m,) of samples (m, n, d)."""
    _, n, d = x.shape
    found = []
    for number, first in enumerate(range(0, len(x), BATCH)):
        null = simulated(statistics, n, d, REPLICATES, rng=number)
        found += [p_value(null, observed) for observed in statistics(whitened(x[first : first + BATCH]))]
    return np.array(found)
