"""Sums over rows for the likelihood of the Weibull distribution: one pass, no array of row length."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, LANES, OUT, kernel
from suffice.kernels.elementary import exp, log
from suffice.kernels.lanes import add_up

SUMS = 5


@kernel(types.void(IN, IN, types.float64, types.float64, OUT))
def weibull_sums(x, weights, shape, log_scale, sums):
    """Fill Σw·(1, y, t, ty, ty²), y = log x − log scale, t = exp(shape·y).

    An empty `weights` means all ones; a row of weight 0 does not count. NaN where a value is not a normal number.
    """
    n = x.shape[0]
    weighted = weights.shape[0] > 0
    lanes = np.zeros((SUMS, LANES))
    weight, y, t = np.ones(LANES), np.empty(LANES), np.empty(LANES)
    one, first_power, powers, with_y, with_yy = lanes[0], lanes[1], lanes[2], lanes[3], lanes[4]
    for first in range(0, n, LANES):
        size = min(LANES, n - first)
        part = x[first : first + size]
        if weighted:
            given = weights[first : first + size]
            for lane in range(size):
                weight[lane] = given[lane]
        for lane in range(size):
            y[lane] = log(part[lane]) - log_scale
        for lane in range(size):
            t[lane] = exp(shape * y[lane])
        for lane in range(size):
            w = weight[lane]
            counted = w != 0.0
            v = y[lane] if counted else 0.0
            power = w * t[lane] if counted else 0.0
            one[lane] += w
            first_power[lane] += w * v
            powers[lane] += power
            with_y[lane] += power * v
            with_yy[lane] += power * v * v
    add_up(lanes, sums)
