"""Log-likelihoods of families of positive values, by SciPy's densities, and by hand where SciPy has another family."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import special, stats

from verify.landscape import LOG_TWO_PI, Landscape
from verify.likelihoods import gamma
from verify.line_landscapes import LANDSCAPES as LINE
from verify.line_landscapes import Law, as_it_is


def _mean(x: np.ndarray) -> tuple[float, float]:
    return 0.0, float(np.mean(x))


def _deviation(x: np.ndarray) -> tuple[float, float]:
    """Return the unit of the region that the certificate of a generalized Pareto distribution states."""
    return 0.0, float(np.median(np.abs(x - np.median(x))) or np.std(x))


def _inverse_gamma(x: np.ndarray) -> Landscape:
    """1/x has a gamma distribution."""
    inner, slopes = gamma(1.0 / x), 2.0 * np.log(x).sum()

    def coordinates(m: Any) -> np.ndarray:
        return inner.coordinates(SimpleNamespace(shape=m.shape, rate=m.scale))

    return Landscape(lambda c: inner.log_likelihood(c) - slopes, inner.box, coordinates)


def _log_logistic(x: np.ndarray) -> Landscape:
    """log x has a logistic distribution."""
    inner, slopes = LINE["Logistic"](np.log(x)), np.log(x).sum()

    def coordinates(m: Any) -> np.ndarray:
        return inner.coordinates(SimpleNamespace(location=np.log(m.scale), scale=1.0 / m.shape))

    return Landscape(lambda c: inner.log_likelihood(c) - slopes, inner.box, coordinates)


def _inverse_gaussian(x: np.ndarray) -> Landscape:
    n, mean = len(x), x.mean()
    z = x / mean
    about = float(-np.log(np.mean((z - 1.0) ** 2 / z)))
    base = -1.5 * np.sum(np.log(z)) - 0.5 * n * LOG_TWO_PI - n * np.log(mean)

    def value(c: np.ndarray) -> np.ndarray:
        m = np.exp(c[0])
        quadratic = np.sum((z[:, None] / m - 1.0) ** 2 / z[:, None], axis=0)
        return base + 0.5 * n * c[1] - 0.5 * np.exp(c[1]) * quadratic

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.mean / mean), np.log(m.shape / mean)])

    return Landscape(value, [(-3.0, 3.0), (about - 8.0, about + 8.0)], coordinates)


def _gompertz(x: np.ndarray) -> Landscape:
    """log h(x) = c₀ + exp(c₁)(x − median)/mean: the hazard at the median, and the growth."""
    n, mean = len(x), x.mean()
    z, middle = x / mean, float(np.median(x) / mean)
    steepest = np.log(200.0 / max(z.std(), 1e-12))

    def value(c: np.ndarray) -> np.ndarray:
        growth = np.exp(c[1])
        log_hazard = c[0] + growth * (z[:, None] - middle)
        hazards = np.exp(log_hazard) * -np.expm1(-growth * z[:, None]) / growth
        return np.sum(log_hazard - hazards, axis=0) - n * np.log(mean)

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.rate * mean) + m.growth * mean * middle, np.log(m.growth * mean)])

    return Landscape(value, [(-12.0, steepest + 6.0), (-12.0, steepest)], coordinates)


def _pareto(x: np.ndarray) -> Landscape:
    """By log(minimum/least row) and log shape.

    The estimate of the shape is inverse gamma of shape n − 1, that of the minimum Pareto of shape nα: their variances
    are finite for n > 3 and nα > 2 (Malik 1970).
    """
    n, least = len(x), x.min()
    above = np.log1p((x - least) / least).sum()

    def value(c: np.ndarray) -> np.ndarray:
        each = c[1] - np.log(least) - c[0]
        value = n * each - (np.exp(c[1]) + 1.0) * (above - n * c[0])
        return np.where(c[0] <= 0.0, value, -np.inf)

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log1p((m.minimum - least) / least), np.log(m.shape)])

    return Landscape(value, [(-5.0, 0.0), (-12.0, 35.0)], coordinates, regular=lambda m: n > 3 and n * m.shape > 2.0)


def _burr(x: np.ndarray) -> Landscape:
    log_x = np.log(x)
    shift, factor, n = float(np.median(log_x)), float(np.std(log_x)), len(x)
    z = (log_x - shift) / factor

    def value(c: np.ndarray) -> np.ndarray:
        # c: log scale, log shape (both of z) and log tail
        t = np.exp(c[1]) * (z[:, None] - c[0])
        each = c[1] + t - (np.exp(c[2]) + 1.0) * np.logaddexp(0.0, t - c[2])
        return np.sum(each, axis=0) - log_x.sum() - n * np.log(factor)

    def coordinates(m: Any) -> np.ndarray:
        return np.array([(np.log(m.scale) - shift) / factor, np.log(m.shape * factor), np.log(m.tail)])

    return Landscape(value, [(z.min() - 5.0, z.max() + 5.0), (-4.0, 14.0), (-14.0, 14.0)], coordinates)


def _truncated_normal(x: np.ndarray) -> Landscape:
    """Above 0; in z = x/mean by asinh(μ/σ) and log σ."""
    n, mean = len(x), x.mean()
    z = x / mean

    def value(c: np.ndarray) -> np.ndarray:
        ratio, sigma = np.sinh(c[0]), np.exp(c[1])
        each = -0.5 * (z[:, None] / sigma - ratio) ** 2
        return np.sum(each, axis=0) - n * (0.5 * LOG_TWO_PI + c[1] + np.log(mean) + special.log_ndtr(ratio))

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.arcsinh(m.mu / m.sigma), np.log(m.sigma / mean)])

    return Landscape(value, [(-8.0, 16.0), (-14.0, 8.0)], coordinates)


LANDSCAPES: dict[str, Callable[..., Landscape]] = {
    "InverseGamma": _inverse_gamma,
    "LogLogistic": _log_logistic,
    "InverseGaussian": _inverse_gaussian,
    "Gompertz": _gompertz,
    "BurrXII": _burr,
    "truncated(Normal, lower=0)": _truncated_normal,
    "ChiSquared": Law(
        lambda z, c: stats.chi2.logpdf(z, np.exp(c)),
        lambda m, shift, factor: (np.log(m.df),),
        lambda z: [(-8.0, 16.0)],
        as_it_is,
    ),
    "Rayleigh": Law(
        lambda z, c: stats.rayleigh.logpdf(z, scale=np.exp(c)),
        lambda m, shift, factor: (np.log(m.scale / factor),),
        lambda z: [(-8.0, 12.0)],
        _mean,
    ),
    "HalfNormal": Law(
        lambda z, c: stats.halfnorm.logpdf(z, scale=np.exp(c)),
        lambda m, shift, factor: (np.log(m.sigma / factor),),
        lambda z: [(-8.0, 12.0)],
        _mean,
    ),
    "Pareto": _pareto,
    # the region that the certificate states, as wide as can matter above; errors where Smith (1985) gives them
    "GeneralizedPareto": Law(
        lambda z, log_scale, shape, threshold: stats.genpareto.logpdf(z, shape, scale=np.exp(log_scale)),
        lambda m, shift, factor: (np.log(m.scale / factor), m.shape),
        lambda z: [(np.log(1e-6), np.log(20.0 * z.max())), (-1.0, 20.0)],
        _deviation,
        lambda m, n: m.shape > -0.5,
    ),
}  # fmt: skip
