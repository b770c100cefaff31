"""Mean and central moments up to the fourth of each column by itself, values that are not finite left out.

State, float64 of shape (d, 6): [Σw, mean_hi, mean_lo, Σw(x − mean)², Σw(x − mean)³, Σw(x − mean)⁴].
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, IN2, LANES, OUT2, UNROLLED, kernel

SAMPLED = 512


@kernel(types.float64(IN))
def finite_centre(values):
    """Return the mean of finite values spread over a column; 0 if there is none."""
    n = values.shape[0]
    step = max(1, n // SAMPLED)
    total, taken = 0.0, 0
    for i in range(0, n, step):
        if np.isfinite(values[i]):
            total += values[i]
            taken += 1
    if taken == 0:
        for i in range(n):
            if np.isfinite(values[i]):
                return values[i]
        return 0.0
    return total / taken if np.isfinite(total) else 0.0


@kernel(types.void(IN, types.float64, OUT2))
def add_powers(values, reference, sums):
    """Add the number and the first four powers of shifted finite values to `sums`, shape (5, LANES)."""
    mass, first, second, third, fourth = sums[0], sums[1], sums[2], sums[3], sums[4]
    n = values.shape[0]
    stride = UNROLLED * LANES
    full = n - n % stride
    for start in range(0, full, stride):
        part = values[start : start + stride]
        for lane in range(LANES):
            w, s1, s2, s3, s4 = mass[lane], first[lane], second[lane], third[lane], fourth[lane]
            for k in range(UNROLLED):
                value = part[k * LANES + lane]
                good = np.abs(value) < np.inf
                shifted = value - reference
                shifted = shifted if good else 0.0
                w += 1.0 if good else 0.0
                square = shifted * shifted
                s1 += shifted
                s2 += square
                s3 += square * shifted
                s4 += square * square
            mass[lane], first[lane], second[lane], third[lane], fourth[lane] = w, s1, s2, s3, s4
    for i in range(full, n):
        if np.isfinite(values[i]):
            lane = (i - full) % LANES
            shifted = values[i] - reference
            square = shifted * shifted
            mass[lane] += 1.0
            first[lane] += shifted
            second[lane] += square
            third[lane] += square * shifted
            fourth[lane] += square * square


@kernel(types.void(IN, IN, types.float64, OUT2))
def add_weighted_powers(values, weights, reference, sums):
    """Add Σw and the first four weighted powers of shifted finite values to `sums`, shape (5, LANES)."""
    for i in range(values.shape[0]):
        if np.isfinite(values[i]) and weights[i] != 0.0:
            lane = i % LANES
            shifted = values[i] - reference
            square = shifted * shifted
            sums[0, lane] += weights[i]
            sums[1, lane] += weights[i] * shifted
            sums[2, lane] += weights[i] * square
            sums[3, lane] += weights[i] * (square * shifted)
            sums[4, lane] += weights[i] * (square * square)


@kernel(types.void(IN2, IN, OUT2))
def moments_columns(columns, weights, state):
    """Fill `state` from columns (d, n); an empty `weights` means all ones."""
    sums = np.empty((5, LANES))
    mass, first, second, third, fourth = sums[0], sums[1], sums[2], sums[3], sums[4]
    for j in range(columns.shape[0]):
        state[j, :] = 0.0
        values = columns[j]
        reference = finite_centre(values)
        sums[:] = 0.0
        if weights.shape[0] > 0:
            add_weighted_powers(values, weights, reference, sums)
        else:
            add_powers(values, reference, sums)
        w, s1, s2, s3, s4 = 0.0, 0.0, 0.0, 0.0, 0.0
        for lane in range(LANES):
            w += mass[lane]
            s1 += first[lane]
            s2 += second[lane]
            s3 += third[lane]
            s4 += fourth[lane]
        if w == 0.0:
            continue
        shift = s1 / w
        high = reference + shift
        back = high - reference
        state[j, 0] = w
        state[j, 1] = high
        state[j, 2] = (reference - (high - back)) + (shift - back)
        state[j, 3] = s2 - w * shift * shift
        state[j, 4] = s3 - 3.0 * shift * s2 + 2.0 * w * shift * shift * shift
        state[j, 5] = s4 - 4.0 * shift * s3 + 6.0 * shift * shift * s2 - 3.0 * w * (shift * shift) * (shift * shift)


@kernel(types.void(IN2, IN2, OUT2))
def merge_moments(left, right, state):
    """Fill `state` with the moments of both (Pébay 2008, equations 2.1 and 3.1), the mean as a pair."""
    for j in range(left.shape[0]):
        a, b, c = left[j], right[j], state[j]
        if a[0] == 0.0 or b[0] == 0.0:
            source = b if a[0] == 0.0 else a
            for i in range(6):
                c[i] = source[i]
            continue
        n = a[0] + b[0]
        p, q = a[0] / n, b[0] / n
        delta = (b[1] - a[1]) + (b[2] - a[2])
        move = delta * q + a[2]
        high = a[1] + move
        back = high - a[1]
        between = delta * delta * a[0] * q
        c[0] = n
        c[1] = high
        c[2] = (a[1] - (high - back)) + (move - back)
        c[3] = a[3] + b[3] + between
        c[4] = a[4] + b[4] + between * delta * (p - q) + 3.0 * delta * (p * b[3] - q * a[3])
        c[5] = (
            (a[5] + b[5])
            + between * delta * delta * (p * p - p * q + q * q)
            + 6.0 * delta * delta * (p * p * b[3] + q * q * a[3])
            + 4.0 * delta * (p * b[4] - q * a[4])
        )
