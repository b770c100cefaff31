"""The likelihood sums of Student's t from the nine sums of its kernel."""

from __future__ import annotations

import numpy as np

from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import NO_WEIGHTS


def likelihood_from_kernel(
    x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray, constants: np.ndarray
) -> LikelihoodSummary:
    """Return value, gradient and Hessian in (location, scale, df).

    Parameters
    ----------
    x : ndarray, shape (n,), C-contiguous; weights : ndarray, shape (n,), or None
    theta : ndarray, shape (m, 3), df finite
    constants : ndarray, shape (3, m): the terms of the log density that depend on df alone (without
        log scale), and their first and second derivative
    """
    from suffice.kernels.student_t import SUMS, student_t_sums

    table = np.empty((len(theta), SUMS))
    given = NO_WEIGHTS if weights is None else np.ascontiguousarray(weights)
    for row, (location, scale, df) in zip(table, theta, strict=True):
        student_t_sums(x, given, location, scale, 1.0 / df, row)
    one, logs, rz, rq, rr, rrz, rrq, rrzq, rrqq = table.T
    scale, df = theta[:, 1], theta[:, 2]
    u = 1.0 / df
    v = 1.0 + u
    constant, slope, bend = constants
    # A search may try a scale so small that its square vanishes; the step is refused then, and no warning is due.
    with np.errstate(all="ignore"):
        value = one * (constant - np.log(scale)) - 0.5 * (df + 1.0) * logs
        gradient = np.stack([v * rz / scale, (v * rq - one) / scale, one * slope + 0.5 * (v * u * rq - logs)], axis=-1)
        hessian = np.empty((len(theta), 3, 3))
        hessian[:, 0, 0] = v * (u * rrq - rr) / scale**2
        hessian[:, 0, 1] = hessian[:, 1, 0] = -2.0 * v * rrz / scale**2
        hessian[:, 0, 2] = hessian[:, 2, 0] = u * u * (rrzq - rrz) / scale
        hessian[:, 1, 1] = (one - v * rq - 2.0 * v * rrq) / scale**2
        hessian[:, 1, 2] = hessian[:, 2, 1] = u * u * (rrqq - rrq) / scale
        hessian[:, 2, 2] = one * bend + 0.5 * u * u * (2.0 * rq - v * (2.0 * rrq + u * rrqq))
    return LikelihoodSummary(one, value, gradient, hessian)
