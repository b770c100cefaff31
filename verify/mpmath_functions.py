"""Incomplete gamma and beta functions with as many digits as mpmath works in, by series and continued fractions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp

LONGEST = 100_000


def fraction(first: Any, terms: Callable[[int], tuple[Any, Any]]) -> Any:
    """Return the continued fraction first + a₁/(b₁ + a₂/(b₂ + …)) by Lentz's method."""
    value = c = mp.mpf(first)
    d = mp.mpf(0)
    small = mp.eps * 10
    for n in range(1, LONGEST):
        a, b = terms(n)
        d = 1 / (b + a * d)
        c = b + a / c
        value *= c * d
        if abs(c * d - 1) < small:
            return value
    raise ArithmeticError("no convergence")


def series(ratio: Callable[[int], Any]) -> Any:
    """Return 1 + r(1) + r(1) r(2) + …."""
    total = term = mp.mpf(1)
    n = 0
    small = mp.eps / 10
    while term > total * small:
        n += 1
        term *= ratio(n)
        total += term
        if n > LONGEST:
            raise ArithmeticError("no convergence")
    return total


def gamma_tails(a: Any, x: Any) -> tuple[Any, Any]:
    """Return P(a, x) and Q(a, x)."""
    a, x = mp.mpf(a), mp.mpf(x)
    if x == 0:
        return mp.mpf(0), mp.mpf(1)
    term = mp.exp(a * mp.log(x) - x - mp.loggamma(a))
    if x < a + 1:
        if x < a / 2 or a < 1e5:
            p = term * series(lambda n: x / (a + n)) / a
        else:
            p = term / fraction(a - x, lambda n: (n * x, a + n - x))
        return p, 1 - p
    q = term / fraction(x + 1 - a, lambda n: (n * (a - n), x - a + 2 * n + 1))
    return 1 - q, q


def beta_tails(a: Any, b: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Return I_x(a, b) and I_y(b, a), for y = 1 − x."""
    if (a + b) * x > a:
        return beta_tails(b, a, y, x)[::-1]
    term = mp.exp(a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b))
    off = a * y - b * x
    if x < 0.3 or off < mp.sqrt(a * y * y + b * x * x):
        p = term * series(lambda n: (a + b + n - 1) / (a + n) * x) / a
    else:

        def denominator(n: int) -> Any:
            edge = n * (b - n) * x / (a + 2 * n - 1) if n else 0
            return n + edge + (a + n) * (off + 1 + n * (1 + y)) / (a + 2 * n + 1)

        def terms(n: int) -> tuple[Any, Any]:
            top = (a + n - 1) * (a + b + n - 1) * n * (b - n) * x * x / (a + 2 * n - 1) ** 2
            return top, denominator(n)

        p = term / fraction(denominator(0), terms)
    return p, 1 - p


def logarithms(lower: Any, upper: Any) -> tuple[Any, Any]:
    """Return the logarithms of two probabilities that sum to 1, without 1 − a small number."""
    small = lower < upper
    tail = mp.log(lower if small else upper) if min(lower, upper) > 0 else -mp.inf
    rest = mp.log1p(-min(lower, upper))
    return (tail, rest) if small else (rest, tail)
