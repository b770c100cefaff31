"""The zeta functions of Riemann and Hurwitz by Euler and Maclaurin: logarithms, derivatives and finite sums.

ζ(a, q) = Σ (q + i)⁻ᵃ over i ≥ 0. From N = q + TERMS on, the sum is N⁻ᵃ G(a, N) with
G = N/(a − 1) + ½ + Σⱼ B₂ⱼ/(2j)! a (a + 1) … (a + 2j − 2) N^(1−2j).
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from scipy import special

# Terms that are summed one by one, and terms of the asymptotic series.
TERMS, ORDERS = 12, 10
# Above this a/N the rest is below 2⁻⁶⁰ of the first term, and its series is not needed.
STEEP = 5.0
FAR, HIGH = 1e100, 1e50


def _corrections() -> list[tuple[float, np.ndarray, np.ndarray, np.ndarray]]:
    """Return B₂ⱼ/(2j)! and the polynomial a (a + 1) … (a + 2j − 2) with its derivatives, highest power first."""
    rows, rising = [], np.poly1d([1.0, 0.0])
    bernoulli = special.bernoulli(2 * ORDERS)
    for j in range(1, ORDERS + 1):
        first = rising.deriv()
        rows.append((bernoulli[2 * j] / factorial(2 * j), rising.coeffs, first.coeffs, first.deriv().coeffs))
        rising = rising * np.poly1d([1.0, 2.0 * j - 1.0]) * np.poly1d([1.0, 2.0 * j])
    return rows


CORRECTIONS = _corrections()


def log_hurwitz(a: Any, q: Any) -> Any:
    """Return log ζ(a, q) for a > 1 and q ≥ 1; −∞ at a = ∞ for q > 1."""
    total = np.zeros(np.broadcast_shapes(np.shape(a), np.shape(q)))
    for i in range(1, TERMS):
        total = total + np.exp(-a * np.log1p(i / np.asarray(q)))
    last = q + float(TERMS)
    rest = np.exp(-a * np.log1p(TERMS / np.asarray(q))) * (last / (a - 1.0) + _correction(a, last))
    near = -_power(a, q) + np.log1p(total + rest)
    # Far out only the integral is left, and q/(a − 1) may overflow.
    return np.where((np.asarray(q) > FAR) & (np.asarray(a) < HIGH), -(a - 1.0) * np.log(q) - np.log(a - 1.0), near)


def log_zeta(a: Any) -> tuple[Any, Any, Any]:
    """Return log ζ(a) and its first and second derivative for a > 1; 0 at a = ∞."""
    a = np.asarray(a, dtype=float)
    value, slope, bend = np.zeros_like(a), np.zeros_like(a), np.zeros_like(a)
    for k in range(2, TERMS + 1):
        log_k = np.log(float(k))
        power = np.exp(-a * log_k)
        value, slope, bend = value + power, slope - log_k * power, bend + log_k * log_k * power
    n = TERMS + 1.0
    log_n, b = np.log(n), a - 1.0
    g, first, second = n / b + _correction(a, n), -n / b**2, 2.0 * n / b**3
    steep = a > STEEP * n
    c = np.where(steep, 0.0, a)
    for j, (factor, _, slopes, bends) in enumerate(CORRECTIONS, 1):
        size = factor * n ** (1.0 - 2.0 * j)
        first, second = first + size * np.polyval(slopes, c), second + size * np.polyval(bends, c)
    power = np.exp(-a * log_n)
    beyond = value + power * g  # ζ(a) − 1
    slope = slope + power * (first - log_n * g)
    bend = bend + power * (second - 2.0 * log_n * first + log_n * log_n * g)
    along = slope / (1.0 + beyond)
    return np.log1p(beyond), along, bend / (1.0 + beyond) - along * along


def harmonic(a: Any, k: Any) -> Any:
    """Return Σ i⁻ᵃ over 1 ≤ i ≤ k, without the cancellation of ζ(a) − ζ(a, k + 1) near a = 1."""
    shape = np.broadcast_shapes(np.shape(a), np.shape(k))
    total = np.zeros(shape)
    for i in range(1, TERMS + 1):
        total = total + np.where(np.asarray(k) >= i, np.exp(-a * np.log(float(i))), 0.0)
    first, b = TERMS + 1.0, a - 1.0
    last = np.maximum(k, float(TERMS)) + 1.0
    # ∫ x⁻ᵃ from first to last, which tends to log(last/first)
    t = b * np.log(last / first)
    some = np.where(t == 0.0, 1.0, t)
    area = np.exp(-b * np.log(first)) * np.log(last / first) * np.where(t == 0.0, 1.0, -np.expm1(-some) / some)
    ends = np.exp(-a * np.log(first)) * _correction(a, first) - np.exp(-a * np.log(last)) * _correction(a, last)
    return np.where(np.asarray(k) > TERMS, total + area + ends, total)


def _correction(a: Any, n: Any) -> Any:
    """Return G(a, N) − N/(a − 1)."""
    steep = np.asarray(a) / STEEP > np.asarray(n)
    c = np.where(steep, 0.0, a)
    total = 0.5
    for j, (factor, rising, _, _) in enumerate(CORRECTIONS, 1):
        # (c/N)(c + 1)/N … : the polynomial alone overflows where both are large
        total = total + factor * _scaled(rising, c, n, 2 * j - 1)
    return np.where(steep, 0.5, total)


def _scaled(rising: np.ndarray, c: Any, n: Any, count: int) -> Any:
    product: Any = 1.0
    for i in range(count):
        product = product * ((c + i) / n)
    return product


def _power(a: Any, q: Any) -> Any:
    """Return a log q, 0 at q = 1 for every a."""
    return special.xlogy(np.where(np.asarray(q) == 1.0, 0.0, a), q)
