"""The likelihood sums of the skew normal from the nine sums of its kernel."""

from __future__ import annotations

import numpy as np

from suffice.distributions.normal import HALF_LOG_TWO_PI
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import NO_WEIGHTS

LOG_TWO = float(np.log(2.0))


def skew_normal_likelihood(x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> LikelihoodSummary:
    """Return value, gradient and Hessian in (location, scale, shape).

    Parameters
    ----------
    x : ndarray, shape (n,), C-contiguous; weights : ndarray, shape (n,), or None
    theta : ndarray, shape (m, 3), all finite
    """
    from suffice.kernels.skew_normal import SUMS, skew_normal_sums

    table = np.empty((len(theta), SUMS))
    given = NO_WEIGHTS if weights is None else np.ascontiguousarray(weights)
    for row, (location, scale, shape) in zip(table, theta, strict=True):
        skew_normal_sums(x, given, location, scale, shape, row)
    one, z, zz, logs, r, rz, d, dz, dzz = table.T
    scale, shape = theta[:, 1], theta[:, 2]
    # A search may try a scale so small that its square vanishes; the step is refused then, and no warning is due.
    with np.errstate(all="ignore"):
        value = one * (LOG_TWO - HALF_LOG_TWO_PI - np.log(scale)) - 0.5 * zz + logs
        gradient = np.stack([(z - shape * r) / scale, (zz - shape * rz - one) / scale, rz], axis=-1)
        hessian = np.empty((len(theta), 3, 3))
        hessian[:, 0, 0] = (shape**2 * d - one) / scale**2
        hessian[:, 0, 1] = hessian[:, 1, 0] = (shape * (r + shape * dz) - 2.0 * z) / scale**2
        hessian[:, 0, 2] = hessian[:, 2, 0] = -(r + shape * dz) / scale
        hessian[:, 1, 1] = (one - 3.0 * zz + shape * (2.0 * rz + shape * dzz)) / scale**2
        hessian[:, 1, 2] = hessian[:, 2, 1] = -(rz + shape * dzz) / scale
        hessian[:, 2, 2] = dzz
    return LikelihoodSummary(one, value, gradient, hessian)
