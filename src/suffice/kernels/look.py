"""The first look at the columns of a block: range, missing values, dependence of neighbouring rows, drift.

State, float64 of shape (FIELDS, d), one row per field named in `look_fields`. Row positions are counted among the
rows that are neither missing nor infinite.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, IN2, LANES, OUT2, UNROLLED, kernel
from suffice.kernels.look_fields import (
    COUNT,
    DRIFT,
    FIELDS,
    FIRST,
    FIRST_INFINITE,
    FIRST_MISSING,
    INFINITE,
    LAST,
    MAXIMUM,
    MEAN,
    MINIMUM,
    MISSING,
    RISES,
    SQUARES,
    STEPS,
)
from suffice.kernels.prefetch import AHEAD, CACHE_LINE, prefetch

# Rows after which a missing or infinite value is looked for, a multiple of UNROLLED·LANES.
LOOK_TILE = 4096
FIELD_COLUMN = types.Array(types.float64, 1, "A")


@kernel(types.void(IN, types.float64, FIELD_COLUMN))
def look_carefully(values, start, state):
    """Look at one column that has missing, infinite or enormous values: Welford's updates."""
    count, mean, squares, steps, drift, rises = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(values.shape[0]):
        value = values[i]
        if np.isnan(value):
            state[MISSING] += 1.0
            state[FIRST_MISSING] = min(state[FIRST_MISSING], start + i)
            continue
        state[MINIMUM] = min(state[MINIMUM], value)
        state[MAXIMUM] = max(state[MAXIMUM], value)
        if np.isinf(value):
            state[INFINITE] += 1.0
            state[FIRST_INFINITE] = min(state[FIRST_INFINITE], start + i)
            continue
        if count == 0.0:
            state[FIRST] = value
        else:
            steps += (value - state[LAST]) * (value - state[LAST])
            rises += np.sign(value - state[LAST])
        difference = value - mean
        position = (count + 1.0) / 2.0 if count > 0.0 else 0.0  # of this row, from the earlier ones' mean
        count += 1.0
        mean += difference / count
        drift += position * (value - mean)
        squares += difference * (value - mean)
        state[LAST] = value
    state[COUNT] = count
    state[MEAN] = mean
    state[SQUARES] = squares
    state[STEPS] = steps
    state[DRIFT] = drift
    state[RISES] = rises


@kernel(types.void(IN2, types.float64, OUT2))
def look_columns(columns, start, state):
    """Fill `state` from columns (d, n); `start` is the number of the first one.

    One loop, because all that is seen is seen of a value while it is in a register.
    """
    d, n = columns.shape
    accumulators = np.empty((7, LANES))
    low, high, total = accumulators[0], accumulators[1], accumulators[2]
    squares, moved, drift, rises = accumulators[3], accumulators[4], accumulators[5], accumulators[6]
    stride = UNROLLED * LANES
    for j in range(d):
        for field in range(FIELDS):
            state[field, j] = 0.0
        state[FIRST_MISSING, j] = np.inf
        state[FIRST_INFINITE, j] = np.inf
        state[MINIMUM, j] = np.inf
        state[MAXIMUM, j] = -np.inf
        if n == 0:
            continue
        values = columns[j]
        reference = values[0]
        centre = (n - 1) / 2.0
        accumulators[0] = reference
        accumulators[1] = reference
        accumulators[2:] = 0.0
        # the first row has no step, and so is taken by itself; with it the shifted sums start at 0
        full = 1 + (n - 1) - (n - 1) % stride
        clean = np.isfinite(reference)
        for start_of_tile in range(1, full, LOOK_TILE):
            if not clean:
                break
            for first in range(start_of_tile, min(start_of_tile + LOOK_TILE, full), stride):
                for ahead in range(first + AHEAD, first + AHEAD + stride, CACHE_LINE):
                    prefetch(values, ahead)
                now = values[first : first + stride]
                before = values[first - 1 : first - 1 + stride]
                for lane in range(LANES):
                    # registers over the unrolled rows; each lane keeps its own order of summation
                    lowest, highest, sum1, sum2 = low[lane], high[lane], total[lane], squares[lane]
                    steps, trend, ups = moved[lane], drift[lane], rises[lane]
                    position = float(first + lane) - centre
                    for k in range(UNROLLED):
                        value = now[k * LANES + lane]
                        step = value - before[k * LANES + lane]
                        shifted = value - reference
                        lowest = value if value < lowest else lowest
                        highest = value if value > highest else highest
                        steps += step * step
                        ups += 1.0 if step > 0.0 else 0.0
                        ups -= 1.0 if step < 0.0 else 0.0
                        sum1 += shifted
                        sum2 += shifted * shifted
                        trend += (position + k * LANES) * shifted
                    low[lane], high[lane], total[lane], squares[lane] = lowest, highest, sum1, sum2
                    moved[lane], drift[lane], rises[lane] = steps, trend, ups
            check = 0.0
            for lane in range(LANES):
                check += total[lane]
            clean = np.isfinite(check)
        if clean:
            for i in range(full, n):
                value = values[i]
                shifted = value - reference
                lane = (i - full) % LANES
                low[lane] = min(low[lane], value)
                high[lane] = max(high[lane], value)
                moved[lane] += (value - values[i - 1]) * (value - values[i - 1])
                total[lane] += shifted
                squares[lane] += shifted * shifted
                drift[lane] += (i - centre) * shifted
                rises[lane] += np.sign(value - values[i - 1])
            check = 0.0
            for lane in range(LANES):
                check += squares[lane] + moved[lane]
            clean = np.isfinite(check)
        if clean:
            for lane in range(LANES):
                state[MINIMUM, j] = min(state[MINIMUM, j], low[lane])
                state[MAXIMUM, j] = max(state[MAXIMUM, j], high[lane])
                state[MEAN, j] += total[lane]
                state[SQUARES, j] += squares[lane]
                state[STEPS, j] += moved[lane]
                state[DRIFT, j] += drift[lane]
                state[RISES, j] += rises[lane]
            state[COUNT, j] = n
            state[FIRST, j] = reference
            state[LAST, j] = values[n - 1]
            state[MEAN, j] /= n
            state[SQUARES, j] -= n * state[MEAN, j] * state[MEAN, j]
            state[MEAN, j] += reference
        else:
            look_carefully(values, start, state[:, j])


@kernel(types.void(IN2, IN2, OUT2), brief=True)
def merge_look(left, right, state):
    """Fill `state` with the look at both, the rows of `left` first."""
    for j in range(left.shape[1]):
        a, b = left[:, j], right[:, j]
        state[MISSING, j] = a[MISSING] + b[MISSING]
        state[INFINITE, j] = a[INFINITE] + b[INFINITE]
        state[FIRST_MISSING, j] = min(a[FIRST_MISSING], b[FIRST_MISSING])
        state[FIRST_INFINITE, j] = min(a[FIRST_INFINITE], b[FIRST_INFINITE])
        state[MINIMUM, j] = min(a[MINIMUM], b[MINIMUM])
        state[MAXIMUM, j] = max(a[MAXIMUM], b[MAXIMUM])
        if a[COUNT] == 0.0 or b[COUNT] == 0.0:
            source = b if a[COUNT] == 0.0 else a
            state[COUNT, j] = source[COUNT]
            for field in range(FIRST, FIELDS):
                state[field, j] = source[field]
            continue
        count = a[COUNT] + b[COUNT]
        share = b[COUNT] / count
        difference = b[MEAN] - a[MEAN]
        state[COUNT, j] = count
        state[FIRST, j] = a[FIRST]
        state[LAST, j] = b[LAST]
        state[MEAN, j] = a[MEAN] + difference * share
        state[SQUARES, j] = a[SQUARES] + b[SQUARES] + difference * difference * a[COUNT] * share
        jump = b[FIRST] - a[LAST]
        state[STEPS, j] = a[STEPS] + b[STEPS] + jump * jump
        state[RISES, j] = a[RISES] + b[RISES] + np.sign(jump)
        # the mean positions of the two parts are count / 2 apart
        state[DRIFT, j] = a[DRIFT] + b[DRIFT] + difference * a[COUNT] * share * count / 2.0


@kernel(types.void(IN, types.float64, types.int64, OUT2))
def look_run(values, start, rows, state):
    """Look at a run of 2^k blocks of one column; merged in the order of the merge tree, to the same bits."""
    blocks = values.shape[0] // rows
    states = np.empty((blocks, FIELDS, 1))
    merged = np.empty((FIELDS, 1))
    for b in range(blocks):
        look_columns(values[b * rows : (b + 1) * rows].reshape((1, rows)), start + b * rows, states[b])
    step = 1
    while step < blocks:
        for b in range(0, blocks, 2 * step):
            merge_look(states[b], states[b + step], merged)
            states[b] = merged
        step *= 2
    state[:] = states[0]
