"""Differences of log Γ and of the digamma function over k steps, less their leading terms, which cancel in likelihoods.

log Γ(s + k) − log Γ(s) = (s + k) log(s + k) − s log s − k + stirling_difference(s, k).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.digamma import digamma_tail, trigamma_tail
from suffice.distributions.incomplete_gamma import stirling, stirling_tail


def stirling_difference(s: Any, k: Any) -> Any:
    """Return stirling(s) − stirling(s + k), which tends to 0 as k/(2s)."""
    large = np.asarray(s) > 20.0
    big = np.where(large, s, 20.0)
    series = stirling_tail(big + k) - stirling_tail(big) - 0.5 * np.log1p(k / big)
    small = np.where(large, 1.0, s)
    return np.where(large, series, stirling(small) - stirling(small + k))


def digamma_differences(s: Any, k: Any) -> tuple[Any, Any]:
    """Return ψ(s + k) − ψ(s) − log(1 + k/s) and its derivative in s, which tend to k/(2s²) and −k/s³."""
    large = np.asarray(s) > 20.0
    big = np.where(large, s, 20.0)
    a, b = 1.0 / big, 1.0 / (big + k)
    gap = k * a * b  # 1/s − 1/(s + k)
    slope = 0.5 * gap + digamma_tail(a) - digamma_tail(b)
    bend = -0.5 * gap * (a + b) + trigamma_tail(b) - trigamma_tail(a)
    small = np.where(large, 1.0, s)
    end = small + k
    exact_slope = special.psi(end) - special.psi(small) - np.log1p(k / small)
    exact_bend = special.polygamma(1, end) - special.polygamma(1, small) + k / (small * end)
    return np.where(large, slope, exact_slope), np.where(large, bend, exact_bend)
