"""Both tails of the inverse Gaussian of mean 1 and shape φ, their logarithms and inverses.

With a = √(φ/y)(y − 1) and b = √(φ/y)(y + 1), b² − a² = 4φ, and by the scaled complementary error function
(Giner and Smyth 2016 use the same identity in logarithms)

    P(Y ≤ y) = ½ exp(−a²/2) [erfcx(−a/√2) + erfcx(b/√2)]
    P(Y > y) = ½ exp(−a²/2) [erfcx( a/√2) − erfcx(b/√2)]

SciPy's `invgauss` takes the second as a difference of probabilities, which loses all digits where φ is small: there
a and b agree. The difference of erfcx at m ± d/2, m = √(φy/2), d = √(2φ/y), is 2 Σ dⁿ Iₙ(m) over odd n, all
terms of which are positive; Iₙ = exp(m²) iⁿerfc(m) are the repeated integrals (Abramowitz and Stegun 1964, 7.2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.incomplete_gamma import log_probability, polished_quantile

# Where probabilities are near their end at 1e-308.
LOWEST = 1e-250
ROOT_TWO = float(np.sqrt(2.0))
# The last power of d ≤ 1 that counts, and where the recurrence that runs down to it starts.
LAST, START = 27, 90
# Up to here the recurrence runs up without loss, from here on down.
UPWARD = 1.5
# exp(−a²/2) at ±39 lies below all double numbers.
FARTHEST = 39.0


def inverse_gaussian_tails(y: Any, ratio: Any) -> tuple[Any, Any]:
    """Return P(Y ≤ y) and P(Y > y); 0 and 1 at y = 0."""
    y, ratio = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(ratio, dtype=float))
    with np.errstate(all="ignore"):
        a, b = _arguments(y, ratio)
        half = 0.5 * np.exp(-0.5 * a * a)
        below = half * (special.erfcx(np.abs(a) / ROOT_TWO) + special.erfcx(b / ROOT_TWO))
        # far below the mean erfcx(a/√2) overflows, and nothing cancels
        near = special.ndtr(-a) - half * special.erfcx(b / ROOT_TWO)
        above = np.where(a < -5.0, near, half * _difference(y, ratio))
    lower = np.where(y <= 0.0, 0.0, np.where(a < 0.0, below, 1.0 - above))
    upper = np.where(y <= 0.0, 1.0, np.where((a < 0.0) & (below < 0.25), 1.0 - below, above))
    # Rounding must not leave the unit interval; for a < 0 both are computed, the smaller decides.
    lower = np.where((a < 0.0) & (upper < 0.25), 1.0 - upper, lower)
    return lower, upper


def log_lower_tail(y: Any, ratio: Any) -> Any:
    """Return log P(Y ≤ y) for 0 < y < 1."""
    a, b = _arguments(y, ratio)
    return -0.5 * a * a + np.log(0.5 * (special.erfcx(np.abs(a) / ROOT_TWO) + special.erfcx(b / ROOT_TWO)))


def log_upper_tail(y: Any, ratio: Any) -> Any:
    """Return log P(Y > y) for y > 1."""
    a, _ = _arguments(y, ratio)
    return -0.5 * a * a + np.log(0.5 * _difference(y, ratio))


def inverse_gaussian_quantile(p: Any, q: Any, ratio: Any) -> np.ndarray:
    """Return y with P(Y ≤ y) = p and P(Y > y) = q, by bisection in a and three Newton steps.

    Parameters
    ----------
    p, q : probabilities that add to 1, of which the smaller counts
    ratio : φ
    """
    p, q, ratio = np.broadcast_arrays(np.asarray(p, float), np.asarray(q, float), np.asarray(ratio, float))
    upper = q < 0.5
    with np.errstate(all="ignore"):
        log_p = np.log(np.where(upper, q, p))
        low, high = np.full(p.shape, -FARTHEST), np.full(p.shape, FARTHEST)
        for _ in range(45):
            middle = 0.5 * (low + high)
            lower_tail, upper_tail = inverse_gaussian_tails(_inverse(middle, ratio), ratio)
            too_far = np.where(upper, upper_tail < q, lower_tail >= p)
            low, high = np.where(too_far, low, middle), np.where(too_far, middle, high)
        y = polished_quantile(
            _inverse(0.5 * (low + high), ratio),
            log_p,
            np.where(upper, -1.0, 1.0),
            lambda y: _log_tail(y, ratio, upper),
            lambda y: 0.5 * np.log(ratio / (2.0 * np.pi)) - 1.5 * np.log(y) - 0.5 * (ratio / y) * (y - 1.0) ** 2,
        )
    return np.where(p <= 0.0, 0.0, np.where(q <= 0.0, np.inf, y))


def exponential_integral(x: float) -> float:
    """Return exp(x) E₁(x) for x > 0, by its asymptotic series where the factors over- and underflow."""
    if x < 50.0:
        return float(np.exp(x) * special.exp1(x))
    total = 1.0
    for n in range(24, 0, -1):
        total = 1.0 - n / x * total
    return total / x


def _arguments(y: Any, ratio: Any) -> tuple[Any, Any]:
    """Return a and b."""
    root = np.sqrt(ratio / y)
    return root * (y - 1.0), root * (y + 1.0)


def _inverse(a: Any, ratio: Any) -> Any:
    """Return the y of a given a: the roots of φ(y − 1)² = a² y are reciprocal."""
    c = 0.5 * a * a / ratio
    root = 1.0 + c + np.sqrt(c * (2.0 + c))
    return np.where(a < 0.0, 1.0 / root, root)


def _log_tail(y: Any, ratio: Any, upper: Any) -> Any:
    lower_tail, upper_tail = inverse_gaussian_tails(y, ratio)
    above = log_probability(upper_tail, lower_tail, upper_tail < LOWEST, log_upper_tail, y, ratio)
    below = log_probability(lower_tail, upper_tail, lower_tail < LOWEST, log_lower_tail, y, ratio)
    return np.where(upper, above, below)


def _difference(y: Any, ratio: Any) -> Any:
    """Return erfcx(a/√2) − erfcx(b/√2) > 0."""
    a, b = _arguments(y, ratio)
    middle, step = np.sqrt(0.5 * ratio * y), np.sqrt(2.0 * ratio / y)
    result = np.array(special.erfcx(a / ROOT_TWO) - special.erfcx(b / ROOT_TWO))
    for chosen, function in (
        ((step <= 1.0) & (middle < UPWARD), _upward),
        ((step <= 1.0) & (middle >= UPWARD), _downward),
    ):
        if np.any(chosen):
            result[chosen] = function(middle[chosen], step[chosen])
    return result


def _upward(m: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return 2 Σ dⁿ Iₙ(m) over odd n by 2n Iₙ = Iₙ₋₂ − 2m Iₙ₋₁, from I₋₁ = 2/√π and I₀ = erfcx(m)."""
    before, last = np.full(m.shape, 2.0 / np.sqrt(np.pi)), special.erfcx(m)
    total, power = np.zeros(m.shape), np.ones(m.shape)
    for n in range(1, LAST + 1):
        before, last = last, (0.5 * before - m * last) / n
        power = power * d
        if n % 2:
            total += power * last
    return 2.0 * total


def _downward(m: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return 2 Σ dⁿ Iₙ(m) over odd n by the ratios rₙ = Iₙ/Iₙ₋₁ = 1/(2m + 2(n + 1) rₙ₊₁) (Gautschi 1961)."""
    r = 1.0 / (m + np.sqrt(m * m + 2.0 * START))
    nested = np.zeros(m.shape)
    for n in range(START, 0, -1):
        r = 1.0 / (2.0 * m + 2.0 * (n + 1.0) * r)
        if n <= LAST:
            nested = d * r * ((n % 2) + nested)
    return 2.0 * special.erfcx(m) * nested
