"""The sums of `MultivariateStudentTSums` of many samples at once, each at its own point."""

from __future__ import annotations

import numpy as np

from suffice.distributions.multivariate_student_t_sums import LOG_TWO_PI, MultivariateStudentTSums, slopes_of, whitened
from suffice.distributions.student_t_constant import log_gamma_ratio, log_gamma_ratio_derivatives
from suffice.statistics.likelihood_sums import LikelihoodSummary

# Rows at once, so that what is computed of each stays in the cache.
TOGETHER = 8_192


def sums_of_samples(statistic: MultivariateStudentTSums, x: np.ndarray) -> LikelihoodSummary:
    """Return the sums of samples (k, n, d) at the k points of a statistic of order 2, each at its own."""
    step = max(1, TOGETHER // x.shape[1])
    parts = [_together(statistic, slice(first, first + step), x) for first in range(0, len(x), step)]
    return LikelihoodSummary(*[np.concatenate(each) for each in zip(*parts, strict=True)])


def _together(statistic: MultivariateStudentTSums, some: slice, x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return weights, values, gradients and Hessians of some samples, by the formulas of the statistic."""
    coordinates, v, matrix = statistic.coordinates, statistic.df[some], statistic.matrix[some]
    k, n, d = x[some].shape
    i, j = coordinates.entries
    sound = (np.linalg.eigvalsh(matrix)[:, 0] > 0.0) & (v > 0.0)
    factor = np.linalg.cholesky(np.where(sound[:, None, None], matrix, np.eye(d)))
    inverse = np.linalg.inv(factor)
    p = np.swapaxes(inverse, 1, 2) @ inverse
    y = (whitened(coordinates, x[some]) - statistic.location[some, None]) @ np.swapaxes(inverse, 1, 2)
    q, u = (y * y).sum(axis=-1), 1.0 / v[:, None]
    logarithm, ratio = np.log1p(q * u), 1.0 / (1.0 + q * u)
    pull = (1.0 + d * u) * ratio
    flat = slopes_of(coordinates, (y @ inverse).reshape(k * n, d))
    slopes = flat.reshape(k, n, -1)
    constant = log_gamma_ratio(v, d) - 0.5 * (d * LOG_TWO_PI + coordinates.frame.log_determinant)
    constant = constant - np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=-1)
    value = n * constant - 0.5 * (v + d) * logarithm.sum(axis=-1)

    gradient, hessian = np.zeros((k, slopes.shape[2] + 1)), np.zeros((k, slopes.shape[2] + 1, slopes.shape[2] + 1))
    pulled = (pull[:, None] @ slopes)[:, 0]
    gradient[:, :-1] = pulled
    gradient[:, d:-1] -= n * coordinates.shares * p[:, i, j]
    spread = np.zeros((k, d, d))
    spread[:, i, j] = spread[:, j, i] = pulled[:, d:] / coordinates.shares
    bent = np.swapaxes(slopes * (2.0 * u * pull * ratio)[..., None], 1, 2) @ slopes
    bent[:, :d, :d] -= p * pull.sum(axis=-1)[:, None, None]
    cross = coordinates.cross_derivatives(p, pulled[:, :d])
    bent[:, :d, d:] -= cross
    bent[:, d:, :d] -= np.swapaxes(cross, 1, 2)
    bent[:, d:, d:] += coordinates.second_derivatives(p, 0.5 * n * p - spread)
    hessian[:, :-1, :-1] = bent
    slope, bend = log_gamma_ratio_derivatives(v, d)
    gradient[:, -1] = n * slope + 0.5 * (pull * q * u - logarithm).sum(axis=-1)
    curve = q * u * u * ratio * (2.0 - ratio * (1.0 + d * u) * (2.0 + q * u))
    hessian[:, -1, -1] = n * bend + 0.5 * curve.sum(axis=-1)
    mixed = (((q - d) * (ratio * u) ** 2)[:, None] @ slopes)[:, 0]
    hessian[:, -1, :-1] = hessian[:, :-1, -1] = mixed
    return np.full(k, float(n)), np.where(sound, value, -np.inf), gradient, hessian
