"""Where fits of the generalized extreme value distribution start, and the edges of the region in which they end."""

from __future__ import annotations

import numpy as np

from suffice.distributions.gumbel import gumbel_quantile
from suffice.distributions.reduced_variate import standardized_value

# The region: shapes between these, and a scale of at least so many median absolute deviations.
LOWEST_SHAPE, HIGHEST_SHAPE = -1.0, 2.0
LOWEST_SCALE = 1e-3
# Shapes of the starts, and the smallest ratio 1 + ξz that they have at the ends of the data.
SHAPES = (-0.4, -0.1, 0.1, 0.5, 1.2)
LEAST_RATIO = 0.02
# Distances of the upper end at the lowest shape, and of the lower end at the highest one, over the spread of the data.
TOUCHING = 1e-9
DISTANCES = np.geomspace(1e-6, 1.0, 7)


def extreme_value_starts(x: np.ndarray) -> np.ndarray:
    """Return starts (m, 3): for several shapes the location and scale of the quartiles, all rows in the support."""
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    spread = high - low if high > low else (np.std(x) or 1.0)
    starts = []
    for shape in SHAPES:
        first, centre, last = standardized_value(gumbel_quantile(np.array([0.25, 0.5, 0.75])), shape)
        scale = spread / (last - first)
        starts.append([middle - scale * centre, scale, shape])
    theta = np.array(starts)
    theta[:, 1] = np.maximum(theta[:, 1], _least_scale(theta, x))
    return theta


def inside_the_support(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the starts with the fixed parameters in place and the others moved until all rows are in the support."""
    theta = np.where(np.isnan(fixed), starts, fixed)
    location, scale = fixed[:2]
    least, most = x.min(), x.max()
    if np.isnan(scale):
        if not np.isnan(location):
            theta[:, 1] = np.maximum(theta[:, 1], np.sqrt(np.mean((x - location) ** 2)))
        theta[:, 1] = np.maximum(theta[:, 1], _least_scale(theta, x))
    elif np.isnan(location):
        # that of a Gumbel variable, −σ log mean exp(−x/σ)
        mean = np.average(np.exp((least - x) / scale), weights=weights)
        reach = (1.0 - LEAST_RATIO) * scale / np.maximum(np.abs(theta[:, 2]), 1e-300)
        bound = np.where(theta[:, 2] > 0.0, least + reach, most - reach)
        start = least - scale * np.log(mean)
        theta[:, 0] = np.where(theta[:, 2] > 0.0, np.minimum(start, bound), np.maximum(start, bound))
    elif np.isnan(fixed[2]):
        room = (1.0 - LEAST_RATIO) * scale
        theta[:, 2] = np.clip(theta[:, 2], -room / max(most - location, 1e-300), room / max(location - least, 1e-300))
    return theta


def extreme_value_edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
    """Return points (m, 3) on each edge, by the position of the parameter that is constant there.

    At the lowest shape the density is exponential below its upper end, and highest where that touches the largest
    value. Where the scale is least, and at the highest shape, it is high at the smallest value only: below that it
    vanishes, and exp(−z) is out of reach of the others.

    Parameters
    ----------
    x, weights : ndarray, shape (n,), a sample that has the smallest and the largest row of the data
    spread : its median absolute deviation
    """
    least, most = x.min(), x.max()
    end = most + TOUCHING * spread
    scale = end - np.average(x, weights=weights)
    lowest = [[end - scale, scale, LOWEST_SHAPE]]
    highest = []
    for lower in least - spread * DISTANCES:
        # with the lower end at `lower`, Σ (ξ(x − lower)/σ)^(−1/ξ) = Σw gives the scale
        mean = np.average((x - lower) ** (-1.0 / HIGHEST_SHAPE), weights=weights)
        scale = HIGHEST_SHAPE * mean**-HIGHEST_SHAPE
        highest.append([lower + scale / HIGHEST_SHAPE, scale, HIGHEST_SHAPE])
    narrowest = [[least, LOWEST_SCALE * spread, shape] for shape in (0.2, 0.5, 1.0, HIGHEST_SHAPE)]
    return {2: np.array(lowest + highest), 1: np.array(narrowest)}


def _least_scale(theta: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the scales at which the ends of the data have the least ratio."""
    location, shape = theta[:, 0], theta[:, 2]
    return np.maximum(shape * (location - x.min()), shape * (location - x.max())) / (1.0 - LEAST_RATIO)
