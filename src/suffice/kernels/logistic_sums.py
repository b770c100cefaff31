"""Sums over rows for the likelihoods of logistic, log-logistic and Burr variables.

`log_sum` is compiled into the kernel: Numba's cache, which knows this file alone, must be emptied when that changes.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, LANES, OUT2, UNROLLED, kernel
from suffice.kernels.log_product import LOG_2, log_sum

STRIDE = UNROLLED * LANES


@kernel(types.void(IN2, IN2, OUT2))
def logistic_sums(y, t, sums):
    """Fill, of each row of y and t, shape (m, n), Σ y, log(1 + t), s, sy, v, vy and vy², s = t/(1 + t), v = s/(1 + t).

    The logarithm is that of the product of 1 + t, corrected by what these round off; NaN where t is not finite.
    """
    m, n = t.shape
    full = n - n % STRIDE
    ys, offs, ss, sys = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    vs, vys, vyys = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    # the functions of what follows the last row are 0
    last_y, last_t = np.zeros(STRIDE), np.zeros(STRIDE)
    grown = np.empty(full + STRIDE)
    for i in range(m):
        for lane in range(LANES):
            ys[lane] = offs[lane] = ss[lane] = sys[lane] = vs[lane] = vys[lane] = vyys[lane] = 0.0
        for k in range(full, n):
            last_y[k - full], last_t[k - full] = y[i, k], t[i, k]
        for first in range(0, n, STRIDE):
            py = y[i, first : first + STRIDE] if first < full else last_y
            pt = t[i, first : first + STRIDE] if first < full else last_t
            whole = grown[first : first + STRIDE]
            for k in range(STRIDE):
                whole[k] = 1.0 + pt[k]
            for lane in range(LANES):
                a, b, c, d, e, f, g = ys[lane], offs[lane], ss[lane], sys[lane], vs[lane], vys[lane], vyys[lane]
                for k in range(UNROLLED):
                    here, there, one = py[k * LANES + lane], pt[k * LANES + lane], whole[k * LANES + lane]
                    rest = 1.0 / one
                    s = there * rest
                    v = s * rest
                    vy = v * here
                    a += here
                    b += (there - (one - 1.0)) * rest
                    c += s
                    d += s * here
                    e += v
                    f += vy
                    g += vy * here
                ys[lane], offs[lane], ss[lane], sys[lane], vs[lane], vys[lane], vyys[lane] = a, b, c, d, e, f, g
        a = b = c = d = e = f = g = 0.0
        for lane in range(LANES):
            a += ys[lane]
            b += offs[lane]
            c += ss[lane]
            d += sys[lane]
            e += vs[lane]
            f += vys[lane]
            g += vyys[lane]
        logs, powers = log_sum(grown[:n])
        sums[0, i], sums[1, i], sums[2, i], sums[3, i] = a, b + logs + powers * LOG_2, c, d
        sums[4, i], sums[5, i], sums[6, i] = e, f, g
