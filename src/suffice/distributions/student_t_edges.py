"""Points at the edges of the region in which Student's t is fitted, where its likelihood may be higher than inside."""

from __future__ import annotations

import numpy as np

# The region: df at least this, and scale at least this many median absolute deviations.
LOWEST_DF = 0.1
LOWEST_SCALE = 1e-3
# Up to so many values each is tried as the place of a spike, above it the most crowded.
FEW = 30
CROWDED = 8
# Widths of windows in which a cluster is looked for, in median absolute deviations, and the df of starts there.
WIDTHS = np.geomspace(4e-3, 0.5, 6)
CLUSTER_TAILS = (0.2, 0.7)


def student_t_edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
    """Return points (m, 3) on each edge, by the position of the parameter that is constant there.

    Parameters
    ----------
    x, weights : ndarray, shape (n,), a sample
    spread : its median absolute deviation
    """
    least = LOWEST_SCALE * spread
    places = _crowded(x, weights, least)
    tails = np.geomspace(LOWEST_DF, 100.0, 8)
    scales = spread * np.geomspace(LOWEST_SCALE, 1e3, 10)
    spikes = np.array([[place, least, df] for place in places for df in tails])
    heaviest = np.array([[place, scale, LOWEST_DF] for place in places for scale in scales])
    return {1: spikes, 2: heaviest}


def student_t_clusters(x: np.ndarray, weights: np.ndarray, spread: float) -> np.ndarray:
    """Return starts (m, 3) at the most crowded window of each of several widths: a maximum may sit in a narrow cluster.

    Parameters
    ----------
    x, weights : ndarray, shape (n,), a sample
    spread : its median absolute deviation
    """
    order = np.argsort(x, kind="stable")
    values, total = x[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    starts = []
    for width in spread * WIDTHS:
        last = np.searchsorted(values, values + width, side="right")
        first = int(np.argmax(total[last] - total[:-1]))
        centre = 0.5 * (values[first] + values[last[first] - 1])
        starts += [[centre, 0.3 * width, df] for df in CLUSTER_TAILS]
    return np.array(starts)


def _crowded(x: np.ndarray, weights: np.ndarray, width: float) -> np.ndarray:
    """Return the places with the most weight within a width: most of it tied values, where there are any."""
    values, where = np.unique(x, return_inverse=True)
    if len(values) <= FEW:
        return values
    total = np.concatenate([[0.0], np.cumsum(np.bincount(where, weights))])
    low, high = np.searchsorted(values, values - width), np.searchsorted(values, values + width, side="right")
    # Among the equally crowded, the middle of the data is where the tails cost least.
    order = np.lexsort([np.abs(values - np.median(x)), -(total[high] - total[low])])
    return values[order[:CROWDED]]
