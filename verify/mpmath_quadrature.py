"""Log density and both tails of families whose tails are integrals, by quadrature of the textbook density."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath as mp

Exact = tuple[Any, Any, Any]
# Digits of the quadrature, which are those of its sums relative to the largest value of the density.
DIGITS = 28


def integral(log_density: Callable[[Any], Any], points: Sequence[Any]) -> Any:
    """Integrate exp(log density) between points; the rule's error is absolute, so that it is scaled to 1 first."""
    top = max(log_density(t) for t in points if not mp.isinf(t))
    return mp.exp(top) * mp.quad(lambda t: mp.exp(log_density(t) - top), points, method="gauss-legendre")


def outward(start: Any, unit: Any, end: Any) -> list[Any]:
    """Return points from the start to the end in steps that grow from the unit."""
    points, step = [start], unit
    sign = 1 if end > start else -1
    while sign * (end - points[-1]) > 1.5 * step:
        points.append(points[-1] + sign * step)
        step *= 2
    return [*points, end]


def tail(log_density: Callable[[Any], Any], start: Any, unit: Any, end: Any) -> Any:
    """Integrate a density that falls away from the start, over the stretch until 1e-36 of it is left, or the end."""
    points = outward(start, unit, end)
    low = log_density(start) - 85
    kept = next((i for i, t in enumerate(points) if log_density(t) < low), len(points) - 1)
    return abs(integral(log_density, points[: kept + 1]))


def log_normal_density(z: Any) -> Any:
    return -z * z / 2 - mp.log(2 * mp.pi) / 2


def log_normal_probability(z: Any) -> Any:
    below = mp.erfc(-z / mp.sqrt(2)) / 2
    return mp.log(below) if z < 0 else mp.log1p(-mp.erfc(z / mp.sqrt(2)) / 2)


def skew_normal_log_density(x: Any, location: Any, scale: Any, shape: Any) -> Any:
    z = (x - location) / scale
    return mp.log(2 / scale) + log_normal_density(z) + log_normal_probability(shape * z)


def skew_normal(x: Any, location: Any, scale: Any, shape: Any) -> Exact:
    z = (x - location) / scale

    def log_density(t: Any) -> Any:
        return skew_normal_log_density(t, 0, 1, shape)

    size = 1 + abs(shape)
    with mp.workdps(DIGITS):
        sides = []
        for sign in (-1, 1):
            # the skewing factor turns at 0 over a length of 1/|α|: what lies on the way to 0 is integrated apart
            total, start = mp.mpf(0), z
            if sign * z < 0:
                total, start = stretch(log_density, z, size), mp.mpf(0)
            steep = size * (1 + abs(start) * size) if start * shape < 0 else 1 + abs(start)
            total += tail(log_density, start, 1 / mp.mpf(max(steep, size)), start + sign * 60)
            sides.append(total)
    lower, upper = sides
    return skew_normal_log_density(x, location, scale, shape), *(
        (lower, 1 - lower) if lower < upper else (1 - upper, upper)
    )


def stretch(log_density: Callable[[Any], Any], end: Any, size: Any) -> Any:
    """Integrate between an end and 0, with points that lie closer towards 0, as far as 1e-36 of it is there."""
    points = outward(mp.mpf(0), 1 / size, end)
    low = max(log_density(t) for t in points) - 85
    kept = max(i for i, t in enumerate(points) if log_density(t) >= low)
    return abs(integral(log_density, points[: kept + 2]))


@cache
def circle_total(concentration: Any) -> Any:
    """Return the integral of exp(κ (cos t − 1)) over the circle, 2π exp(−κ) I₀(κ)."""
    with mp.workdps(60):
        return 2 * mp.pi * mp.exp(-concentration) * mp.besseli(0, concentration)


def von_mises_log_density(x: Any, location: Any, concentration: Any) -> Any:
    return -2 * concentration * mp.sin((x - location) / 2) ** 2 - mp.log(circle_total(concentration))


def von_mises(x: Any, location: Any, concentration: Any) -> Exact:
    """Return them on the circle that is cut at ±π."""
    k = concentration
    total = circle_total(k)

    def log_density(t: Any) -> Any:
        return -2 * k * mp.sin((t - location) / 2) ** 2

    def between(low: Any, high: Any) -> Any:
        cuts = sorted({low, high, *(c for c in (location, location - mp.pi, location + mp.pi) if low < c < high)})
        return mp.fsum(arc(log_density, a, b, k) for a, b in pairwise(cuts))

    with mp.workdps(DIGITS):
        lower, upper = between(-mp.pi, x) / total, between(x, +mp.pi) / total
    return von_mises_log_density(x, location, k), *((lower, 1 - lower) if lower < upper else (1 - upper, upper))


def arc(log_density: Callable[[Any], Any], low: Any, high: Any, k: Any) -> Any:
    """Integrate over an arc on which the density rises or falls, from the end where it is highest."""
    start, end = (low, high) if log_density(low) > log_density(high) else (high, low)
    slope = abs(mp.diff(log_density, start, h=mp.mpf(10) ** -10))
    return tail(log_density, start, 1 / (1 + mp.sqrt(k) + slope), end)
