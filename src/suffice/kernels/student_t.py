"""Sums over rows for the likelihood of Student's t: one pass, no array of row length."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, LANES, OUT, kernel
from suffice.kernels.lanes import add_up

SUMS = 9


@kernel(types.void(IN, IN, types.float64, types.float64, types.float64, OUT))
def student_t_sums(x, weights, location, scale, u, sums):
    """Fill Σw·(1, log(1 + uq), rz, rq, r², r²z, r²q, r²zq, r²q²), z = (x − location)/scale, q = z², r = 1/(1 + uq).

    An empty `weights` means all ones; a row of weight 0 does not count.
    """
    n = x.shape[0]
    weighted = weights.shape[0] > 0
    lanes = np.zeros((SUMS, LANES))
    growth = np.empty(LANES)
    weight = np.ones(LANES)
    one, logs, rz, rq, rr, rrz, rrq, rrzq, rrqq = (
        lanes[0],
        lanes[1],
        lanes[2],
        lanes[3],
        lanes[4],
        lanes[5],
        lanes[6],
        lanes[7],
        lanes[8],
    )
    for first in range(0, n, LANES):
        size = min(LANES, n - first)
        part = x[first : first + size]
        if weighted:
            given = weights[first : first + size]
            for lane in range(size):
                weight[lane] = given[lane]
        for lane in range(size):
            w = weight[lane]
            z = (part[lane] - location) / scale if w != 0.0 else 0.0
            q = z * z
            growth[lane] = u * q
            r = 1.0 / (1.0 + u * q)
            square = w * r * r
            one[lane] += w
            rz[lane] += w * r * z
            rq[lane] += w * r * q
            rr[lane] += square
            rrz[lane] += square * z
            rrq[lane] += square * q
            rrzq[lane] += square * z * q
            rrqq[lane] += square * q * q
        for lane in range(size):
            logs[lane] += weight[lane] * np.log1p(growth[lane])
    add_up(lanes, sums)
