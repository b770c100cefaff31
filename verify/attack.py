"""Search for a better point than a claimed maximum: differential evolution, then a local polish, all SciPy's."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy import optimize, stats

from verify.landscape import Landscape

Height = Callable[[np.ndarray], np.ndarray]


def search(ground: Landscape, seed: int, starts: tuple[np.ndarray, ...] = ()) -> tuple[float, np.ndarray]:
    """Return the largest log-likelihood found in the box, and where.

    Parameters
    ----------
    ground : the log-likelihood and its box
    seed : of the differential evolution and of the points scattered beforehand
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
            lambda c: height(ground.unwarped(c)), ground.box, popsize=15, maxiter=120, tol=1e-9, seed=seed,
            vectorized=True, updating="deferred", polish=False,
        )  # fmt: skip
        begun = [*_scattered(ground, height, seed), *([] if ground.anchors is None else ground.anchors.T)]
        rough = [_polished(height, start, low, high, 1e-3, 60) for start in begun]
        rough.sort(key=lambda c: float(height(c[:, None])[0]))
        candidates = [ground.unwarped(evolved.x[:, None])[:, 0], *rough[:1], *starts]
        found = [_polished(height, start, low, high, 1e-9, 400) for start in candidates]
    point = min(found, key=lambda c: float(height(c[:, None])[0]))
    return -float(height(point[:, None])[0]), point


def _scattered(ground: Landscape, height: Height, seed: int) -> list[np.ndarray]:
    """Return the best six, far from each other, of 1,024 points spread evenly over a box of few dimensions."""
    low, high = np.array(ground.box).T
    if len(low) > 3:
        return []
    shares = stats.qmc.Sobol(len(low), seed=seed).random(1024).T
    points = ground.unwarped(low[:, None] + shares * (high - low)[:, None])
    if ground.spikes is not None:
        points = np.hstack([points, ground.spikes])
        shares = (points - low[:, None]) / (high - low)[:, None]
    values = np.concatenate([height(part) for part in np.array_split(points, 16, axis=1)])
    kept: list[int] = []
    for i in np.argsort(values):
        if all(np.abs(shares[:, i] - shares[:, j]).max() > 0.05 for j in kept):
            kept.append(int(i))
        if len(kept) == 6:
            break
    return [points[:, i] for i in kept]


def _polished(
    height: Height, start: np.ndarray, low: np.ndarray, high: np.ndarray, tolerance: float, calls: int
) -> np.ndarray:
    """Return the end of a simplex search within the box, begun small around a point."""
    at = np.clip(start, low, high)
    steps = 1e-3 * np.maximum(np.abs(at), 1.0)
    corners = np.vstack([at, at + np.diag(np.where(at + steps <= high, steps, -steps))])
    options = {"initial_simplex": corners, "xatol": tolerance, "fatol": 0.1 * tolerance, "maxfev": calls * len(at)}
    result = optimize.minimize(
        lambda c: float(height(c[:, None])[0]),
        at,
        method="Nelder-Mead",
        bounds=list(zip(low, high, strict=True)),
        options=options,
    )
    return result.x
