"""Search for a better point than a claimed maximum: differential evolution, then a local polish, all SciPy's."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import optimize

from verify.likelihoods import Landscape


def search(ground: Landscape, seed: int, starts: tuple[np.ndarray, ...] = ()) -> tuple[float, np.ndarray]:
    """Return the largest log-likelihood found in the box, and where.

    Parameters
    ----------
    ground : the log-likelihood and its box
    seed : of the differential evolution
    starts : further points from which to polish, such as the claim itself
    """
    low, high = np.array(ground.box).T

    def height(c: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            values = ground.log_likelihood(c)
        return np.where(np.isfinite(values), -values, 1e300)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evolved = optimize.differential_evolution(
            height, ground.box, popsize=15, maxiter=120, tol=1e-9, seed=seed, vectorized=True,
            updating="deferred", polish=False,
        )  # fmt: skip
        found = [_polished(height, start, low, high) for start in (evolved.x, *starts)]
    point = min(found, key=lambda c: float(height(c[:, None])[0]))
    return -float(height(point[:, None])[0]), point


def _polished(height, start: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the end of a simplex search within the box, begun small around a point."""
    at = np.clip(start, low, high)
    steps = 1e-3 * np.maximum(np.abs(at), 1.0)
    corners = np.vstack([at, at + np.diag(np.where(at + steps <= high, steps, -steps))])
    result = optimize.minimize(
        lambda c: float(height(c[:, None])[0]), at, method="Nelder-Mead", bounds=list(zip(low, high, strict=True)),
        options={"initial_simplex": corners, "xatol": 1e-9, "fatol": 1e-10, "maxfev": 400 * len(at)},
    )  # fmt: skip
    return result.x
