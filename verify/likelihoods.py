"""Log-likelihoods written apart from the library: from textbook formulas, with SciPy's special functions.

Each is a function of unconstrained coordinates in which a search is easy, of data that were brought near 0
and 1. `tests/verify` compares them with mpmath.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg, special

from verify.landscape import LOG_TWO_PI, Landscape


def normal(x: np.ndarray) -> Landscape:
    shift, factor = np.median(x), np.std(x)
    z, n = (x - shift) / factor, len(x)
    mean, square = z.mean(), np.mean((z - z.mean()) ** 2)

    def value(c: np.ndarray) -> np.ndarray:
        squares = square + (mean - c[0]) ** 2
        return -n * (0.5 * LOG_TWO_PI + c[1] + np.log(factor) + 0.5 * squares * np.exp(-2.0 * c[1]))

    def coordinates(m: Any) -> np.ndarray:
        return np.array([(m.mu - shift) / factor, np.log(m.sigma / factor)])

    return Landscape(value, [(z.min(), z.max()), (-5.0, 5.0)], coordinates)


def _log_normal(x: np.ndarray) -> Landscape:
    log_x = np.log(x)
    inner = normal(log_x)

    def coordinates(m: Any) -> np.ndarray:
        shift, factor = np.median(log_x), np.std(log_x)
        return np.array([(m.mu - shift) / factor, np.log(m.sigma / factor)])

    return Landscape(lambda c: inner.log_likelihood(c) - log_x.sum(), inner.box, coordinates)


def _exponential(x: np.ndarray) -> Landscape:
    mean, n = x.mean(), len(x)

    def value(c: np.ndarray) -> np.ndarray:
        return n * (c[0] - np.log(mean) - np.exp(c[0]))

    return Landscape(value, [(-8.0, 8.0)], lambda m: np.array([np.log(m.rate * mean)]))


def gamma(x: np.ndarray) -> Landscape:
    # deviations from the mean, whose rounding is added back: log(x/mean) − (x/mean − 1) keeps its digits
    mean, n = x.mean(), len(x)
    t = (x - mean - np.mean(x - mean)) / mean
    log_y = np.mean(np.where(t > -0.5, _log1p_less(np.maximum(t, -0.5)), np.log(x / mean) - t))
    about = -np.log(max(-log_y, 1e-14))  # log shape, within log 2 for any data

    def value(c: np.ndarray) -> np.ndarray:
        # coordinates: log shape and log(fitted mean / mean of the data)
        k = np.exp(c[0])
        each = stirling_gap(k) + 0.5 * c[0] - 0.5 * LOG_TWO_PI + k * (log_y - _expm1_less(-c[1])) - log_y
        return n * (each - np.log(mean))

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.shape), np.log(m.shape / m.rate / mean)])

    return Landscape(value, [(about - 6.0, about + 6.0), (-3.0, 3.0)], coordinates)


def _log1p_less(t: np.ndarray) -> np.ndarray:
    """Return log(1 + t) − t, by its series near 0."""
    near = np.abs(t) < 0.01
    s = np.where(near, t, 0.0)
    series = sum((-1.0) ** (i + 1) * s**i / i for i in range(2, 10))
    return np.where(near, series, np.log1p(np.where(near, 0.0, t)) - t)


def _expm1_less(t: np.ndarray) -> np.ndarray:
    """Return exp(t) − 1 − t, by its series near 0."""
    near = np.abs(t) < 0.01
    s = np.where(near, t, 0.0)
    series = sum(s**i / special.factorial(i) for i in range(2, 8))
    return np.where(near, series, np.expm1(np.where(near, 0.0, t)) - t)


def stirling_gap(k: np.ndarray) -> np.ndarray:
    """Return k log k − k − log Γ(k) − ½ log k + ½ log 2π, which tends to −1/(12k)."""
    k = np.asarray(k, dtype=float)
    large = k > 50.0
    u = 1.0 / np.where(large, k, 50.0)
    series = -u / 12.0 + u**3 / 360.0 - u**5 / 1260.0 + u**7 / 1680.0
    small = np.where(large, 1.0, k)
    exact = small * np.log(small) - small - special.gammaln(small) - 0.5 * np.log(small) + 0.5 * LOG_TWO_PI
    return np.where(large, series, exact)


def _weibull(x: np.ndarray) -> Landscape:
    log_x = np.log(x)
    shift, factor = log_x.mean(), log_x.std()
    z, n = (log_x - shift) / factor, len(x)

    def value(c: np.ndarray) -> np.ndarray:
        # log x is of the extreme-value family: location c[0], scale exp(c[1])
        t = (z[:, None] - c[0]) * np.exp(-c[1])
        return np.sum(t - np.exp(t), axis=0) - n * (c[1] + np.log(factor)) - log_x.sum()

    def coordinates(m: Any) -> np.ndarray:
        return np.array([(np.log(m.scale) - shift) / factor, -np.log(m.shape * factor)])

    return Landscape(value, [(z.min(), z.max()), (-4.0, 4.0)], coordinates)


def _student_t(x: np.ndarray) -> Landscape:
    shift = np.median(x)
    deviation = np.abs(x - shift)
    factor = np.median(deviation) or np.std(x)
    z, n = (x - shift) / factor, len(x)
    widest = np.abs(z).max()

    def value(c: np.ndarray) -> np.ndarray:
        scale, df = np.exp(c[1]), np.exp(c[2])
        squares = ((z[:, None] - c[0]) / scale) ** 2
        sums = np.sum(np.log1p(squares / df), axis=0)
        return n * (student_constant(df) - c[1] - np.log(factor)) - 0.5 * (df + 1.0) * sums

    def coordinates(m: Any) -> np.ndarray:
        return np.array([(m.location - shift) / factor, np.log(m.scale / factor), np.log(m.df)])

    # The region that the certificate states, the infinite ends cut where nothing is left to find.
    box = [(z.min(), z.max()), (np.log(1e-3), np.log(4.0 * widest)), (np.log(0.1), np.log(1e6))]
    ordered = np.sort(z)

    def unwarped(c: np.ndarray) -> np.ndarray:
        # The location runs over the quantiles of the data, however far their tails reach.
        share = (c[0] - box[0][0]) / (box[0][1] - box[0][0])
        return np.stack([np.interp(share, np.linspace(0.0, 1.0, n), ordered), c[1], c[2]])

    # Tied values, and in few rows any value.
    places, counts = np.unique(z, return_counts=True)
    places = places[np.argsort(-counts, kind="stable")[:12]]
    spikes = np.stack(np.broadcast_arrays(places, box[1][0], np.log([[0.1], [0.13], [0.2], [0.4], [1.0]]))).reshape(
        3, -1
    )
    lattice = np.meshgrid(np.quantile(z, [0.25, 0.5, 0.75]), np.log([0.5, 1.5]), np.log([1.0, 4.0]))
    return Landscape(value, box, coordinates, unwarped, spikes, np.stack(lattice).reshape(3, -1))


def student_constant(df: np.ndarray) -> np.ndarray:
    """Return log Γ((ν+1)/2) − log Γ(ν/2) − ½ log(νπ), which tends to −½ log 2π."""
    df = np.asarray(df, dtype=float)
    large = df > 500.0
    u = 1.0 / np.where(large, df, 500.0)
    series = -0.5 * LOG_TWO_PI - u / 4.0 + u**3 / 24.0 - u**5 / 20.0
    small = np.where(large, 1.0, df)
    exact = special.gammaln(0.5 * (small + 1.0)) - special.gammaln(0.5 * small) - 0.5 * np.log(small * np.pi)
    return np.where(large, series, exact)


def _poisson(x: np.ndarray) -> Landscape:
    mean, n = x.mean(), len(x)
    # −log x! + x log m̄ − m̄ taken together, so that large counts keep their digits.
    k = np.maximum(x, 1.0)
    stable = stirling_gap(k) - 0.5 * np.log(2.0 * np.pi * k) - k * _excess(mean / k - 1.0)
    base = np.where(x > 0, stable, -mean).sum()

    def value(c: np.ndarray) -> np.ndarray:
        return base + n * mean * (c[0] - np.expm1(c[0]))

    return Landscape(value, [(-8.0, 8.0)], lambda m: np.array([np.log(m.mean / mean)]))


def _excess(t: np.ndarray) -> np.ndarray:
    """Return t − log(1 + t)."""
    series = t * t * (0.5 - t * (1 / 3 - t * (0.25 - t * (0.2 - t / 6))))
    return np.where(np.abs(t) < 1e-3, series, t - np.log1p(np.where(np.abs(t) < 1e-3, 1.0, t)))


def _negative_binomial(x: np.ndarray) -> Landscape:
    n, mean = len(x), x.mean()
    values, counts = np.unique(x, return_counts=True)
    j = np.arange(min(int(values[-1]), 200_000), dtype=float)
    above = n - np.searchsorted(np.sort(x), j, side="right")  # how many values exceed j
    log_factorials = special.gammaln(x + 1.0).sum()
    variance = x.var()
    about = np.log(mean**2 / max(variance - mean, 1e-6 * mean))

    def one(log_size: float, log_ratio: float) -> float:
        size, m = np.exp(log_size), mean * np.exp(log_ratio)
        if size > 1e3 or len(j) < 2_000:
            rising = float(np.sum(above * np.log1p(j / size)))  # Σ log[Γ(x + s)/(Γ(s) s^x)]
        else:
            rising = float(np.sum(counts * (special.gammaln(values + size) - special.gammaln(size))))
            rising -= n * mean * log_size
        return rising + n * (mean * np.log(m) - (size + mean) * np.log1p(m / size)) - log_factorials

    def value(c: np.ndarray) -> np.ndarray:
        return np.array([one(*column) for column in c.T])

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.size), np.log(m.mean / mean)])

    return Landscape(value, [(about - 8.0, about + 12.0), (-3.0, 3.0)], coordinates)


def _categorical(x: np.ndarray, categories: tuple[int, ...] = ()) -> Landscape:
    counts = np.unique(x, return_counts=True)[1].astype(float)
    share = counts / counts.sum()

    def value(c: np.ndarray) -> np.ndarray:
        logits = np.log(share)[:, None] + np.vstack([np.zeros(c.shape[1]), c])
        return counts @ (logits - special.logsumexp(logits, axis=0))

    def coordinates(m: Any) -> np.ndarray:
        p = np.asarray(m.probabilities)
        ratio = np.log(p[p > 0] / share)
        return ratio[1:] - ratio[0]

    return Landscape(value, [(-6.0, 6.0)] * (len(counts) - 1), coordinates)


def _multivariate_normal(x: np.ndarray) -> Landscape:
    n, d = x.shape
    shift = np.median(x, axis=0)
    unit = np.std(x, axis=0)
    z = (x - shift) / unit
    # Whitened by QR: the search has round level sets however collinear the columns are.
    centre = z.mean(axis=0)
    root = np.linalg.qr(z - centre, mode="r") / np.sqrt(n)
    white = linalg.solve_triangular(root, (z - centre).T, trans=1).T
    log_unit = np.log(unit).sum() + np.log(np.abs(np.diagonal(root))).sum()
    lower = np.tril_indices(d, -1)

    def one(c: np.ndarray) -> float:
        factor = np.diag(np.exp(c[d : 2 * d]))
        factor[lower] = c[2 * d :]
        residual = linalg.solve_triangular(factor, (white - c[:d]).T, lower=True)
        return -n * (0.5 * d * LOG_TWO_PI + c[d : 2 * d].sum() + log_unit) - 0.5 * float(np.sum(residual**2))

    def coordinates(m: Any) -> np.ndarray:
        mean = linalg.solve_triangular(root, (np.asarray(m.mean) - shift) / unit - centre, trans=1)
        inner = np.asarray(m.covariance) / np.outer(unit, unit)
        half = linalg.solve_triangular(root, inner, trans=1)
        factor = np.linalg.cholesky(linalg.solve_triangular(root, half.T, trans=1))
        return np.concatenate([mean, np.log(np.diagonal(factor)), factor[lower]])

    box = [(-2.0, 2.0)] * d + [(-2.0, 2.0)] * d + [(-1.5, 1.5)] * (d * (d - 1) // 2)
    slack = n * d * np.finfo(float).eps * np.linalg.cond(root) ** 2
    return Landscape(lambda c: np.array([one(column) for column in c.T]), box, coordinates, slack=slack)


LANDSCAPES: dict[str, Callable[[np.ndarray], Landscape]] = {
    "Normal": normal,
    "LogNormal": _log_normal,
    "Exponential": _exponential,
    "Gamma": gamma,
    "Weibull": _weibull,
    "StudentT": _student_t,
    "Poisson": _poisson,
    "NegativeBinomial": _negative_binomial,
    "Categorical": _categorical,
    "MultivariateNormal": _multivariate_normal,
}
