"""Sums of functions of the rows that several likelihoods are made of: one pass, the rows of an array one by one.

What follows the last row is 0, where every function that is summed is 0 too. `log_sum` is compiled into these kernels:
Numba's cache, which knows this file alone, must be emptied when it changes.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, LANES, OUT2, UNROLLED, kernel
from suffice.kernels.log_product import log_sum

LOG_2 = float(np.log(2.0))
STRIDE = UNROLLED * LANES


@kernel(types.void(IN2, IN2, OUT2))
def exponential_sums(y, t, sums):
    """Fill, of each row of y and t, shape (m, n), Σ y, t, ty and ty²."""
    m, n = t.shape
    full = n - n % STRIDE
    lanes = np.empty((4, LANES))
    ys, ts, tys, tyys = lanes[0], lanes[1], lanes[2], lanes[3]
    last_y, last_t = np.zeros(STRIDE), np.zeros(STRIDE)
    for i in range(m):
        lanes[:] = 0.0
        last_y[: n - full], last_t[: n - full] = y[i, full:], t[i, full:]
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
        for k in range(4):
            sums[k, i] = lanes[k].sum()


@kernel(types.void(IN2, IN2, OUT2))
def logistic_sums(y, t, sums):
    """Fill, of each row of y and t, shape (m, n), Σ y, log(1 + t), s, sy, v, vy and vy², s = t/(1 + t), v = s/(1 + t).

    The logarithm is that of the product of 1 + t, corrected by what these round off; NaN where t is not finite.
    """
    m, n = t.shape
    full = n - n % STRIDE
    lanes = np.empty((7, LANES))
    ys, offs, ss, sys, vs, vys, vyys = lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6]
    last_y, last_t = np.zeros(STRIDE), np.zeros(STRIDE)
    grown = np.empty(full + STRIDE)
    for i in range(m):
        lanes[:] = 0.0
        last_y[: n - full], last_t[: n - full] = y[i, full:], t[i, full:]
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
        for k in range(7):
            sums[k, i] = lanes[k].sum()
        logs, powers = log_sum(grown[:n])
        sums[1, i] += logs + powers * LOG_2


@kernel(types.void(IN2, OUT2))
def pareto_sums(w, sums):
    """Fill, of each row of w, shape (m, n), Σ log v, q and q², v = 1 + w, q = w/v.

    The logarithm is that of the product of v, corrected by what these round off. All are NaN where a v is negative, and
    ∞ where none is, but one is 0 or too small or large.
    """
    m, n = w.shape
    full = n - n % STRIDE
    lanes = np.empty((3, LANES))
    offs, qs, qqs = lanes[0], lanes[1], lanes[2]
    last = np.zeros(STRIDE)
    grown = np.empty(full + STRIDE)
    for i in range(m):
        lanes[:] = 0.0
        last[: n - full] = w[i, full:]
        for first in range(0, n, STRIDE):
            part = w[i, first : first + STRIDE] if first < full else last
            whole = grown[first : first + STRIDE]
            for k in range(STRIDE):
                whole[k] = 1.0 + part[k]
            for lane in range(LANES):
                a, b, c = offs[lane], qs[lane], qqs[lane]
                for k in range(UNROLLED):
                    here, v = part[k * LANES + lane], whole[k * LANES + lane]
                    rest = 1.0 / v
                    q = here * rest
                    a += (here - (v - 1.0)) * rest
                    b += q
                    c += q * q
                offs[lane], qs[lane], qqs[lane] = a, b, c
        for k in range(3):
            sums[k, i] = lanes[k].sum()
        logs, powers = log_sum(grown[:n])
        sums[0, i] += logs + powers * LOG_2
        if np.isnan(logs):
            negative = False
            for k in range(n):
                negative |= grown[k] < 0.0
            sums[:, i] = np.nan if negative else np.inf
