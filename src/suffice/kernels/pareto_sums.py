"""Sums over rows for the likelihoods of generalized Pareto variables.

`log_sum` is compiled into the kernel: Numba's cache, which knows this file alone, must be emptied when that changes.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, LANES, OUT2, UNROLLED, kernel
from suffice.kernels.log_product import LOG_2, log_sum

STRIDE = UNROLLED * LANES


@kernel(types.void(IN2, OUT2))
def pareto_sums(w, sums):
    """Fill, of each row of w, shape (m, n), Σ log v, q and q², v = 1 + w, q = w/v.

    The logarithm is that of the product of v, corrected by what these round off. All are NaN where a v is negative, and
    ∞ where none is, but one is 0 or too small or large.
    """
    m, n = w.shape
    full = n - n % STRIDE
    offs, qs, qqs = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    # the functions of what follows the last row are 0
    last = np.zeros(STRIDE)
    grown = np.empty(full + STRIDE)
    for i in range(m):
        for lane in range(LANES):
            offs[lane] = qs[lane] = qqs[lane] = 0.0
        for k in range(full, n):
            last[k - full] = w[i, k]
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
        a = b = c = 0.0
        for lane in range(LANES):
            a += offs[lane]
            b += qs[lane]
            c += qqs[lane]
        logs, powers = log_sum(grown[:n])
        a += logs + powers * LOG_2
        if np.isnan(logs):
            a = b = c = np.inf
            for k in range(n):
                if grown[k] < 0.0:
                    a = b = c = np.nan
        sums[0, i], sums[1, i], sums[2, i] = a, b, c
