"""What a first look says of the order of the rows, column by column."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, OUT2, kernel
from suffice.kernels.look_fields import (
    COUNT,
    DRIFT,
    FIRST,
    LAST,
    MAXIMUM,
    MEAN,
    MINIMUM,
    SQUARES,
    STEPS,
)
from suffice.kernels.row_order_fields import AUTOCORRELATION, EXPONENT, MOVED, TREND

FLOAT = types.float64


@kernel(FLOAT(FLOAT, FLOAT, FLOAT, FLOAT, FLOAT), brief=True)
def accident_exponent(n, autocorrelation, low, high, variance):
    """Return the exponent that `suffice.statistics.row_order` explains."""
    mean = autocorrelation + 1.0 / n
    bound = (max(high, -low) ** 2 if mean > 0.0 else -low * high) / variance
    q = 1.0 / (1.0 + bound**2)
    p = min(q * (1.0 + bound * np.abs(mean)), 1.0)
    rest = (1.0 - p) * np.log1p((q - p) / (1.0 - q)) if p < 1.0 else 0.0
    return n * (p * np.log(p / q) + rest)


@kernel(types.void(IN2, FLOAT, FLOAT, OUT2), brief=True)
def judge_order(table, smallest, largest, found):
    """Fill `found`, shape (FOUND, d), from the table of a first look; a variance outside two bounds is undefined."""
    for j in range(table.shape[1]):
        look = table[:, j]
        n, mean, squares = look[COUNT], look[MEAN], look[SQUARES]
        variance = squares / n
        found[:, j] = np.nan
        if not (smallest < variance < largest):
            continue
        # Σ(x[i+1] − x[i])² = 2 Σ(x − mean)² − (first − mean)² − (last − mean)² − 2 Σ of the products
        ends = (look[FIRST] - mean) ** 2 + (look[LAST] - mean) ** 2
        found[AUTOCORRELATION, j] = 1.0 - (ends + look[STEPS]) / (2.0 * squares)
        if n > 1.0:
            drift = look[DRIFT] / (np.sqrt(n * (n * n - 1.0) / 12.0) * np.sqrt(squares))
            found[TREND, j] = drift
            found[MOVED, j] = np.abs(np.arctanh(min(max(drift, -1.0), 1.0))) * np.sqrt(max(n - 3.0, 0.0))
        found[EXPONENT, j] = accident_exponent(
            n, found[AUTOCORRELATION, j], look[MINIMUM] - mean, look[MAXIMUM] - mean, variance
        )
