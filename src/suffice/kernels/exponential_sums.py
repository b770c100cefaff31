"""Sums over rows for the likelihoods of Gumbel and Gompertz variables: one pass, no array of row length."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, LANES, OUT2, UNROLLED, kernel

STRIDE = UNROLLED * LANES


@kernel(types.void(IN2, IN2, OUT2))
def exponential_sums(y, t, sums):
    """Fill, of each row of y and t, shape (m, n), Σ y, t, ty and ty²."""
    m, n = t.shape
    full = n - n % STRIDE
    ys, ts, tys, tyys = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    # the functions of what follows the last row are 0
    last_y, last_t = np.zeros(STRIDE), np.zeros(STRIDE)
    for i in range(m):
        for lane in range(LANES):
            ys[lane] = ts[lane] = tys[lane] = tyys[lane] = 0.0
        for k in range(full, n):
            last_y[k - full], last_t[k - full] = y[i, k], t[i, k]
        for first in range(0, n, STRIDE):
            py = y[i, first : first + STRIDE] if first < full else last_y
            pt = t[i, first : first + STRIDE] if first < full else last_t
            for lane in range(LANES):
                a, b, c, d = ys[lane], ts[lane], tys[lane], tyys[lane]
                for k in range(UNROLLED):
                    here, there = py[k * LANES + lane], pt[k * LANES + lane]
                    ty = there * here
                    a += here
                    b += there
                    c += ty
                    d += ty * here
                ys[lane], ts[lane], tys[lane], tyys[lane] = a, b, c, d
        a = b = c = d = 0.0
        for lane in range(LANES):
            a += ys[lane]
            b += ts[lane]
            c += tys[lane]
            d += tyys[lane]
        sums[0, i], sums[1, i], sums[2, i], sums[3, i] = a, b, c, d
