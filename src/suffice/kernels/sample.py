"""Which rows of a block a hash chooses, and the merge of two such samples."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN2, OUT2, kernel

UNSIGNED = types.Array(types.uint64, 1, "C")
UNSIGNED_IN = types.Array(types.uint64, 1, "C", readonly=True)
POSITIONS = types.Array(types.int64, 1, "C")

# So many rows are put in order here; of more, NumPy's sort is faster.
SORTED = 64

# The bits of a priority that are those of its row's number; a block has no more rows.
ROW_BITS = np.uint64(0xFFFF)

HALF = np.uint64(32)

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)


@kernel(types.uint64(types.uint64), brief=True)
def mixed(value):
    """Return the SplitMix64 finaliser (Steele, Lea and Flood 2014)."""
    value = value + GOLDEN
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    return value ^ (value >> np.uint64(31))


@kernel(types.void(types.int64, types.int64, UNSIGNED), brief=True)
def choose_rows(rows, start, priorities):
    """Choose one row of each of as many strata as `priorities` is long; up to 64 of them come ascending.

    The lowest bits of a priority are those of the number of its row in the source.
    """
    strata = priorities.shape[0]
    width, rest = rows // strata, rows % strata
    # a stratum ends at ⌊(stratum + 1)·rows/strata⌋; `over` is what that division leaves
    low, over = start, 0
    for stratum in range(strata):
        over += rest
        wider = over >= strata
        over -= strata if wider else 0
        rows_here = width + (1 if wider else 0)
        value = mixed(np.uint64(low))
        row = np.uint64(low) + (((value >> HALF) * np.uint64(rows_here)) >> HALF)
        priorities[stratum] = (mixed(value) & ~ROW_BITS) | (row & ROW_BITS)
        low += rows_here
    if strata > SORTED:
        return
    for i in range(1, strata):
        key = priorities[i]
        j = i - 1
        while j >= 0 and priorities[j] > key:
            priorities[j + 1] = priorities[j]
            j -= 1
        priorities[j + 1] = key


@kernel(types.void(UNSIGNED_IN, UNSIGNED_IN, IN2, IN2, POSITIONS, UNSIGNED, OUT2), brief=True)
def merge_samples(left, right, left_rows, right_rows, order, priorities, rows):
    """Fill with the smallest priorities of both sides, their rows, and their positions in left followed by right."""
    i, j = 0, 0
    n, m = left.shape[0], right.shape[0]
    for k in range(order.shape[0]):
        if j >= m or (i < n and left[i] <= right[j]):
            order[k], priorities[k], rows[k] = i, left[i], left_rows[i]
            i += 1
        else:
            order[k], priorities[k], rows[k] = n + j, right[j], right_rows[j]
            j += 1
