"""Log-likelihoods of families on the real line, an interval or the circle, by SciPy's densities.

One mechanism: the data are brought near 0 and 1, and a `Law` says how the coordinates of the search become the
parameters of a distribution of scipy.stats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

from verify.landscape import LOG_TWO_PI, Landscape
from verify.likelihoods import normal, stirling_gap

Box = list[tuple[float, float]]


@dataclass(frozen=True)
class Law:
    """A family of scipy.stats, searched.

    Parameters
    ----------
    log_density : (z (n, 1), *coordinates (s,)) → (n, s)
    coordinates : (model, shift, factor) → coordinates
    box : z → the bounds of each coordinate
    place : data → shift and factor; z = (x − shift)/factor
    regular : (model, number of rows) → whether theory gives finite standard errors there
    """

    log_density: Callable[..., Any]
    coordinates: Callable[[Any, float, float], Any]
    box: Callable[[np.ndarray], Box]
    place: Callable[[np.ndarray], tuple[float, float]]
    regular: Callable[[Any, int], bool] = lambda model, n: True

    def __call__(self, x: np.ndarray, **options: Any) -> Landscape:
        """Return the log-likelihood of data x (n,)."""
        shift, factor = self.place(x)
        values, counts = np.unique(x, return_counts=True)
        z = (values - shift) / factor

        def value(c: np.ndarray) -> np.ndarray:
            each = self.log_density(z[:, None], *c, **options)
            return counts @ each - len(x) * np.log(factor)

        def coordinates(model: Any) -> np.ndarray:
            return np.array(self.coordinates(model, shift, factor), dtype=float)

        return Landscape(value, self.box(z), coordinates, regular=lambda model: self.regular(model, len(x)))


def on_the_line(x: np.ndarray) -> tuple[float, float]:
    """Return the median, and the median absolute deviation or where that is 0 the standard deviation."""
    return float(np.median(x)), float(np.median(np.abs(x - np.median(x))) or np.std(x))


def as_it_is(x: np.ndarray) -> tuple[float, float]:
    """Leave the data as they are."""
    return 0.0, 1.0


def _wide(z: np.ndarray) -> Box:
    """Return the box of location and log scale: anywhere among the data, and from tiny to wider than they are."""
    return [(z.min(), z.max()), (np.log(1e-3), np.log(4.0 * np.abs(z).max()))]


def _located(m: Any, shift: float, factor: float) -> tuple[float, ...]:
    return (m.location - shift) / factor, np.log(m.scale / factor)


def _location_scale(law: Any) -> Law:
    def log_density(z: Any, location: Any, log_scale: Any) -> Any:
        return law.logpdf(z, loc=location, scale=np.exp(log_scale))

    return Law(log_density, _located, _wide, on_the_line)


def _uniform_box(z: np.ndarray) -> Box:
    width = np.ptp(z)
    return [(z.min() - 3.0 * width, z.min()), (z.max(), z.max() + 3.0 * width)]


LANDSCAPES: dict[str, Callable[..., Landscape]] = {
    "Gumbel": _location_scale(stats.gumbel_r),
    "Logistic": _location_scale(stats.logistic),
    "Cauchy": _location_scale(stats.cauchy),
    "Laplace": _location_scale(stats.laplace),
    "Uniform": Law(
        lambda z, low, high: np.where((z >= low) & (z <= high), -np.log(high - low), -np.inf),
        lambda m, shift, factor: ((m.low - shift) / factor, (m.high - shift) / factor),
        _uniform_box,
        lambda x: (float(x.min()), float(np.ptp(x))),
    ),
    # the region that the certificate states: −1 ≤ ξ ≤ 2 and a scale of 0.001 median absolute deviations; standard
    # errors where estimates are asymptotically normal, ξ > −½ (Smith 1985)
    "GeneralizedExtremeValue": Law(
        lambda z, location, log_scale, shape: stats.genextreme.logpdf(z, -shape, location, np.exp(log_scale)),
        lambda m, shift, factor: (*_located(m, shift, factor), m.shape),
        lambda z: [*_wide(z), (-1.0, 2.0)],
        on_the_line,
        lambda m, n: m.shape > -0.5,
    ),
    # shapes by their inverse hyperbolic sine: ± 80,000 and more, where it is half-normal to rounding
    "SkewNormal": Law(
        lambda z, location, log_scale, c: stats.skewnorm.logpdf(z, np.sinh(c), location, np.exp(log_scale)),
        lambda m, shift, factor: (*_located(m, shift, factor), np.arcsinh(m.shape)),
        lambda z: [(z.min() - 3.0, z.max() + 3.0), _wide(z)[1], (-12.0, 12.0)],
        on_the_line,
    ),
    "GeneralizedNormal": Law(
        lambda z, location, log_scale, c: stats.gennorm.logpdf(z, np.exp(c), location, np.exp(log_scale)),
        lambda m, shift, factor: (*_located(m, shift, factor), np.log(m.shape)),
        lambda z: [(z.min(), z.max()), (-25.0, np.log(4.0 * np.abs(z).max())), (np.log(0.2), np.log(2e3))],
        on_the_line,
        lambda m, n: m.shape > 0.5,
    ),
    "VonMises": Law(
        lambda z, location, log_concentration: stats.vonmises.logpdf(z, np.exp(log_concentration), loc=location),
        lambda m, shift, factor: (m.location, np.log(m.concentration)),
        lambda z: [(-np.pi, np.pi), (-12.0, 16.0)],
        as_it_is,
    ),
}  # fmt: skip


def _normal_of_logits(x: np.ndarray) -> Landscape:
    logits = special.logit(x)
    inner = normal(logits)
    slopes = float(np.sum(np.log(x) + np.log1p(-x)))
    return Landscape(lambda c: inner.log_likelihood(c) - slopes, inner.box, inner.coordinates)


def _beta(x: np.ndarray) -> Landscape:
    """By Stirling's gap: SciPy's log B loses the digits that nearly constant data need."""
    base = -0.5 * LOG_TWO_PI * len(x) - float(np.sum(np.log(x) + np.log1p(-x)))

    def value(c: np.ndarray) -> np.ndarray:
        a, b = np.exp(c)
        s = a + b
        each = a * (np.log(x[:, None]) + np.log1p(b / a)) + b * (np.log1p(-x[:, None]) + np.log1p(a / b))
        constant = stirling_gap(a) + stirling_gap(b) - stirling_gap(s) + 0.5 * np.log(a / s * b)
        return base + len(x) * constant + each.sum(axis=0)

    return Landscape(value, [(-7.0, 32.0), (-7.0, 32.0)], lambda m: np.log([m.alpha, m.beta]))


LANDSCAPES["Beta"] = _beta
LANDSCAPES["transformed(Normal, expit)"] = _normal_of_logits
