"""Fewer passes over all rows: a sample tells how the likelihood bends beyond its second derivatives.

The derivatives of all rows at one point, and how those of a sample change from there, make a surrogate likelihood
(Jordan, Lee and Yang 2019, Journal of the American Statistical Association 114, 668). At a distance δ its gradient is
wrong by δ² times the error of the sample's third derivatives.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from suffice.calculus.trust_region import NewtonTrustRegion

# Value, gradient and Hessian of a mean log-likelihood.
Derivatives = tuple[np.ndarray, np.ndarray, np.ndarray]

# A step on the surrogate of which the next is to gain less than this share is followed by that one and no more: what
# is then left is far below what the sample knows of higher derivatives.
SMALL = 0.01
# Steps on the surrogate after which the plain Newton step is taken.
MOST_STEPS = 8
# A search whose forecast gain does not fall to this share of the last one is far from a regular maximum, where a sample
# may mislead: from there on it takes plain Newton steps.
PAYING = 0.05


def aimed(
    state: NewtonTrustRegion, which: np.ndarray, of_sample: Callable[[np.ndarray], Derivatives]
) -> NewtonTrustRegion:
    """Return the state with points to evaluate next at the maxima of the surrogates, not at those of parabolas.

    Parameters
    ----------
    state : m searches on all rows, objective = mean log-likelihood
    which : ndarray of bool, shape (m,): the searches for which this is done
    of_sample : from points φ (k, q) to the derivatives of the mean log-likelihood of a sample, each with k in front
    """
    points, forecast = state.points.copy(), state.forecast.copy()
    for i in np.flatnonzero(state.active & which):
        found = _highest(state, int(i), of_sample)
        if found is not None:
            points[i], forecast[i] = found
    return state.aimed(points, forecast)


def _highest(
    state: NewtonTrustRegion, i: int, of_sample: Callable[[np.ndarray], Derivatives]
) -> tuple[np.ndarray, float] | None:
    """Return the maximum of the surrogate within the trust radius of one search, and its rise there."""
    start, radius = state.best[i], float(state.radius[i])
    here = state.best_value[i], state.best_gradient[i], state.best_hessian[i]
    search = NewtonTrustRegion.start(
        start[None, :], tolerance=SMALL, scale=1.0 / state.forecast[i], radius=radius, max_radius=radius,
        iterations=MOST_STEPS,
    ).tell(*[part[None] for part in here])  # fmt: skip
    own = None
    while not search.done:
        parts = of_sample(search.points if own is not None else np.concatenate([start[None, :], search.points]))
        own = own if own is not None else (parts[0][0], parts[1][0], parts[2][0])
        there = parts[0][-1], parts[1][-1], parts[2][-1]
        search = search.tell(*[part[None] for part in carried(here, own, there, search.points[0] - start)])
    if not search.converged[0]:
        return None
    found = search.best[0] + np.linalg.solve(-search.best_hessian[0], search.best_gradient[0])
    inside = np.linalg.norm(found - start) <= radius
    return (found, float(search.best_value[0] - here[0] + search.gain[0])) if inside else None


def carried(here: Derivatives, own: Derivatives, there: Derivatives, step: np.ndarray) -> Derivatives:
    """Return the derivatives of the surrogate a step away.

    Parameters
    ----------
    here : derivatives of all rows at a point
    own, there : derivatives of the sample at this point and a step away
    step : ndarray, shape (q,)
    """
    bend = (here[2] - own[2]) @ step
    value = here[0] + there[0] - own[0] + (here[1] - own[1] + 0.5 * bend) @ step
    return value, here[1] + there[1] - own[1] + bend, here[2] + there[2] - own[2]
