"""A second step for each evaluation of a sum over many rows, as a few of the rows tell it.

The derivatives of all rows at one point, and how those of a sample change from there, make a surrogate objective
(Jordan, Lee and Yang 2019, Journal of the American Statistical Association 114, 668). At a distance δ its gradient is
wrong by δ² times the error of the sample's third derivatives, where a parabola leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from suffice.calculus.trust_region import NewtonTrustRegion
from suffice.calculus.trust_region_step import plan_step

# Value (m,), gradient (m, p) and Hessian (m, p, p) of a mean over rows.
Derivatives = tuple[np.ndarray, np.ndarray, np.ndarray]

# A second step is taken where it is so much shorter than the first: elsewhere Newton's method does not converge yet.
SHORTER = 0.2


def second_steps(state: NewtonTrustRegion, of_sample: Callable[[np.ndarray], Derivatives]) -> NewtonTrustRegion:
    """Return the state with a Newton step on the surrogate added to the step that it plans.

    Parameters
    ----------
    state : m searches on all rows
    of_sample : from points (k, p) to the derivatives of the objective's mean over a sample, with k in front
    """
    m = len(state.points)
    step = state.points - state.best
    value, gradient, hessian = of_sample(np.concatenate([state.best, state.points]))
    with np.errstate(all="ignore"):
        bend = np.einsum("mij,mj->mi", state.best_hessian - hessian[:m], step)
        rise = np.einsum("mi,mi->m", state.best_gradient - gradient[:m] + 0.5 * bend, step) + value[m:] - value[:m]
        gradient = state.best_gradient + gradient[m:] - gradient[:m] + bend
        hessian = state.best_hessian + hessian[m:] - hessian[:m]
        known = state.active & np.isfinite(rise + gradient.sum(axis=1) + hessian.sum(axis=(1, 2)))
        gradient, hessian = np.where(known[:, None], gradient, 0.0), np.where(known[:, None, None], hessian, 0.0)
        second = plan_step(gradient, hessian, state.radius)
        both = step + second.move
        taken = known & second.concave & (second.newton_length <= SHORTER * np.linalg.norm(step, axis=1))
        taken &= np.linalg.norm(both, axis=1) <= state.radius
    return state.aimed(
        np.where(taken[:, None], state.best + both, state.points),
        np.where(taken, rise + second.forecast, state.forecast),
    )
