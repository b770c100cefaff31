"""The merge of weight, mean and the excess of the logarithm: see `suffice.statistics.log_excess`."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, OUT2, kernel
from suffice.kernels.log_excess_series import SMALL, UNDERFLOW, series

FLOAT = types.float64

series_of_one = kernel(FLOAT(FLOAT), brief=True)(series)


@kernel(FLOAT(FLOAT, FLOAT, FLOAT), brief=True)
def excess_at(step, side, mean):
    """Return h(side/mean − 1), h(t) = t − log(1 + t), where step = side − mean without cancellation."""
    t = step / mean
    if abs(t) < SMALL:
        return series_of_one(t)
    ratio = side / mean
    return t - (np.log(side) - np.log(mean) if ratio < UNDERFLOW else np.log(ratio))


@kernel(types.void(IN2, IN2, OUT2), brief=True)
def merge_excess(left, right, merged):
    """Fill `merged` with the states of both, each of shape (m, 4) = [Σw, hi, lo, excess]."""
    for i in range(left.shape[0]):
        a, b = left[i], right[i]
        if a[0] == 0.0 or b[0] == 0.0:
            merged[i] = a if b[0] == 0.0 else b
            continue
        mass = a[0] + b[0]
        difference = (b[1] - a[1]) + (b[2] - a[2])
        share = b[0] / mass
        move = difference * share + a[2]
        high = a[1] + move
        back = high - a[1]
        low = (a[1] - (high - back)) + (move - back)
        mean = high + low
        total = a[3] + a[0] * excess_at(-difference * share, a[1] + a[2], mean)
        merged[i, 0], merged[i, 1], merged[i, 2] = mass, high, low
        merged[i, 3] = total + b[3] + b[0] * excess_at(difference * (a[0] / mass), b[1] + b[2], mean)
