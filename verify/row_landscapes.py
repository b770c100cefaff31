"""Log-likelihoods of families of rows: Student's t of several variables, shares and counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg, special

from verify.landscape import Landscape


def _multivariate_student_t(x: np.ndarray) -> Landscape:
    """By location, Cholesky factor and log df, of rows that were whitened."""
    n, d = x.shape
    shift, unit = np.median(x, axis=0), np.std(x, axis=0)
    z = (x - shift) / unit
    root = np.linalg.cholesky(np.atleast_2d(np.cov(z.T)))
    white = linalg.solve_triangular(root, z.T, lower=True)
    base = -n * (np.log(unit).sum() + np.log(np.diagonal(root)).sum())
    lower = np.tril_indices(d, -1)

    def one(c: np.ndarray) -> float:
        factor = np.diag(np.exp(c[d : 2 * d]))
        factor[lower] = c[2 * d : -1]
        residual = linalg.solve_triangular(factor, white - c[:d, None], lower=True)
        df = np.exp(c[-1])
        each = _constant(df, d) - c[d : 2 * d].sum()
        return base + n * each - 0.5 * (df + d) * float(np.log1p(np.sum(residual**2, axis=0) / df).sum())

    def coordinates(m: Any) -> np.ndarray:
        mean = linalg.solve_triangular(root, (np.asarray(m.location) - shift) / unit, lower=True)
        half = linalg.solve_triangular(root, np.asarray(m.scale_matrix) / np.outer(unit, unit), lower=True)
        factor = np.linalg.cholesky(linalg.solve_triangular(root, half.T, lower=True))
        return np.concatenate([mean, np.log(np.diagonal(factor)), factor[lower], [np.log(m.df)]])

    reach = np.abs(white).max()
    box = [(-reach, reach)] * d + [(np.log(1e-3), np.log(4.0 * reach))] * d
    box += [(-2.0 * reach, 2.0 * reach)] * (d * (d - 1) // 2) + [(np.log(0.1), np.log(1e6))]
    anchors = np.array(_spikes(white, lower)).T
    return Landscape(lambda c: np.array([one(column) for column in c.T]), box, coordinates, anchors=anchors)


def _spikes(white: np.ndarray, lower: Any) -> list[np.ndarray]:
    """Return points at the edges of the region: around rows, and around lines through two, those that lie closest."""
    d, n = white.shape
    pairs = np.stack(np.triu_indices(n, 1))
    apart = np.linalg.norm(white[:, pairs[0]] - white[:, pairs[1]], axis=0)
    found = []
    for i, j in pairs[:, np.argsort(apart, kind="stable")[:5]].T:
        along = white[:, j] - white[:, i]
        middle, length = 0.5 * (white[:, j] + white[:, i]), np.linalg.norm(along)
        for reach, centre in ((0.0, white[:, i]), (max(length, 1e-3), middle), (1.0, middle)):
            factor = 1e-3 * np.eye(d)
            if reach and length > 0.0:
                factor = np.linalg.cholesky(1e-6 * np.eye(d) + np.outer(along, along) * (reach / length) ** 2)
            parts = centre, np.log(np.diagonal(factor)), factor[lower], [np.log(0.11)]
            found.append(np.concatenate(parts))
    return found


def _constant(df: float, d: int) -> float:
    """Return log Γ((ν+d)/2) − log Γ(ν/2) − ½ d log νπ, by Stirling's series where the parts would cancel."""
    if df < 500.0:
        return float(special.gammaln(0.5 * (df + d)) - special.gammaln(0.5 * df) - 0.5 * d * np.log(df * np.pi))
    a, b = 0.5 * (df + d), 0.5 * df
    rise = (a - 0.5) * np.log1p(0.5 * d / b) - 0.5 * d + (1.0 / a - 1.0 / b) / 12.0 - (a**-3 - b**-3) / 360.0
    return float(rise + 0.5 * d * np.log(b) - 0.5 * d * np.log(df * np.pi))


def _dirichlet(x: np.ndarray) -> Landscape:
    n = len(x)
    logs = np.log(x).sum(axis=0)
    spread = float(np.mean(x.var(axis=0) / (x.mean(axis=0) * (1.0 - x.mean(axis=0)))))
    about = np.log(x.mean(axis=0)) + np.log(max(1.0 / max(spread, 1e-12) - 1.0, 1e-3))

    def value(c: np.ndarray) -> np.ndarray:
        alpha = np.exp(c)
        constant = special.gammaln(alpha.sum(axis=0)) - special.gammaln(alpha).sum(axis=0)
        return n * constant + logs @ (alpha - 1.0)

    box = [(float(a) - 8.0, float(a) + 8.0) for a in about]
    return Landscape(value, box, lambda m: np.log(m.alpha))


def _multinomial(x: np.ndarray, n: int) -> Landscape:
    totals = x.sum(axis=0)
    totals, seen = totals[totals > 0.0], totals > 0.0
    base = len(x) * special.gammaln(n + 1.0) - special.gammaln(x + 1.0).sum()

    def value(c: np.ndarray) -> np.ndarray:
        logits = np.vstack([np.zeros(c.shape[1]), c])
        return base + totals @ (logits - special.logsumexp(logits, axis=0))

    def coordinates(m: Any) -> np.ndarray:
        logs = np.log(np.asarray(m.probabilities)[seen])
        return logs[1:] - logs[0]

    return Landscape(value, [(-12.0, 12.0)] * (len(totals) - 1), coordinates)


LANDSCAPES: dict[str, Callable[..., Landscape]] = {
    "MultivariateStudentT": _multivariate_student_t,
    "Dirichlet": _dirichlet,
    "Multinomial": _multinomial,
}
