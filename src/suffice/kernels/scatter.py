"""Weighted mean and centred scatter of the rows of a block, and the merge of two such sums.

State, a flat float64 array for dimension d: [Σw, mean_hi (d), mean_lo (d), scatter (d·d)].
The mean is the unevaluated sum hi + lo, so that merging many blocks loses no digit.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, IN2, LANES, OUT, TILE, UNROLLED, kernel
from suffice.kernels.prefetch import AHEAD, CACHE_LINE, prefetch


@kernel(types.void(IN, types.float64, OUT))
def scatter_column(values, reference, state):
    """Fill `state` (Σw, hi, lo, scatter) from one column without weights; the reference lies inside it."""
    n = values.shape[0]
    accumulators = np.zeros((2, LANES))
    total, squares = accumulators[0], accumulators[1]
    stride = UNROLLED * LANES
    full = n - n % stride
    for first in range(0, full, stride):
        for ahead in range(first + AHEAD, first + AHEAD + stride, CACHE_LINE):
            prefetch(values, ahead)
        part = values[first : first + stride]
        for lane in range(LANES):
            sum1, sum2 = total[lane], squares[lane]
            for k in range(UNROLLED):
                shifted = part[k * LANES + lane] - reference
                sum1 += shifted
                sum2 += shifted * shifted
            total[lane], squares[lane] = sum1, sum2
    for i in range(full, n):
        shifted = values[i] - reference
        lane = (i - full) % LANES
        total[lane] += shifted
        squares[lane] += shifted * shifted
    sum1, sum2 = 0.0, 0.0
    for lane in range(LANES):
        sum1 += total[lane]
        sum2 += squares[lane]
    shift = sum1 / n
    high = reference + shift
    back = high - reference
    state[0] = float(n)
    state[1] = high
    state[2] = (reference - (high - back)) + (shift - back)
    state[3] = sum2 - n * shift * shift


@kernel(types.void(IN2, IN, OUT))
def scatter_columns(columns, weights, state):
    """Fill `state` from columns (d, n); an empty `weights` means all ones.

    One function, because the tiles that it centres once serve the mean and every pair of columns while they are cached.
    """
    d, n = columns.shape
    weighted = weights.shape[0] > 0
    state[:] = 0.0
    if n == 0:
        return
    # The reference: the mean of rows spread over the block, so that sorted rows cost no digits, and with their
    # weights, so that an outlier of little weight costs none. Rows of weight zero take no part: what stands there
    # may be infinite.
    reference = np.zeros(d)
    step = max(1, n // TILE)
    taken = 0.0
    for i in range(0, n, step):
        share = weights[i] if weighted else 1.0
        if share == 0.0:
            continue
        taken += share
        for j in range(d):
            # a running mean: a sum of weighted values could overflow
            reference[j] += (columns[j, i] - reference[j]) * (share / taken)
    if taken == 0.0:
        heaviest = np.argmax(weights)
        for j in range(d):
            reference[j] = columns[j, heaviest]
    if d == 1 and not weighted:
        scatter_column(columns[0], reference[0], state)
        return
    pairs = d * (d + 1) // 2
    products = np.zeros((pairs, LANES))
    sums = np.zeros((d + 1, LANES))
    tile = np.zeros((d, TILE))
    weight = np.ones(TILE)
    scaled = np.zeros(TILE)
    for first in range(0, n, TILE):
        size = min(TILE, n - first)
        if weighted:
            for i in range(size):
                weight[i] = weights[first + i]
            for i in range(size, TILE):
                weight[i] = 0.0
            total = sums[d]
            for t in range(0, TILE, LANES):
                part = weight[t : t + LANES]
                for lane in range(LANES):
                    total[lane] += part[lane]
        for j in range(d):
            column = tile[j]
            centre = reference[j]
            values = columns[j, first : first + size]
            for i in range(size):
                column[i] = values[i] - centre
            if weighted:
                for i in range(size):
                    column[i] = column[i] if weight[i] != 0.0 else 0.0
            for i in range(size, TILE):
                column[i] = 0.0
        pair = 0
        for j in range(d):
            left = tile[j]
            lanes = sums[j]
            for i in range(TILE):
                scaled[i] = left[i] * weight[i]
            for t in range(0, TILE, LANES):
                part = scaled[t : t + LANES]
                for lane in range(LANES):
                    lanes[lane] += part[lane]
            for k in range(j, d):
                right = tile[k]
                accumulator = products[pair]
                for t in range(0, TILE, LANES):
                    a = scaled[t : t + LANES]
                    b = right[t : t + LANES]
                    for lane in range(LANES):
                        accumulator[lane] += a[lane] * b[lane]
                pair += 1
    mass = 0.0 if weighted else float(n)
    for lane in range(LANES):
        mass += sums[d, lane]
    state[0] = mass
    if mass == 0.0:
        return
    shift = np.zeros(d)
    for j in range(d):
        for lane in range(LANES):
            shift[j] += sums[j, lane]
        shift[j] /= mass
        high = reference[j] + shift[j]
        back = high - reference[j]
        state[1 + j] = high
        state[1 + d + j] = (reference[j] - (high - back)) + (shift[j] - back)
    pair = 0
    for j in range(d):
        for k in range(j, d):
            value = 0.0
            for lane in range(LANES):
                value += products[pair, lane]
            value -= mass * shift[j] * shift[k]
            state[1 + 2 * d + j * d + k] = value
            state[1 + 2 * d + k * d + j] = value
            pair += 1


@kernel(types.void(IN, IN, OUT), brief=True)
def merge_scatter(left, right, state):
    """Fill `state` with the sums of both (Chan, Golub and LeVeque 1983), the mean as a pair."""
    size = left.shape[0]
    # size = 1 + 2 d + d²  =  (1 + d)²
    d = int(np.sqrt(size) + 0.5) - 1
    if left[0] == 0.0 or right[0] == 0.0:
        source = right if left[0] == 0.0 else left
        for i in range(size):
            state[i] = source[i]
        return
    mass = left[0] + right[0]
    share = right[0] / mass
    state[0] = mass
    difference = np.empty(d)
    for j in range(d):
        difference[j] = (right[1 + j] - left[1 + j]) + (right[1 + d + j] - left[1 + d + j])
        move = difference[j] * share + left[1 + d + j]
        high = left[1 + j] + move
        back = high - left[1 + j]
        state[1 + j] = high
        state[1 + d + j] = (left[1 + j] - (high - back)) + (move - back)
    factor = left[0] * share
    for j in range(d):
        for k in range(d):
            i = 1 + 2 * d + j * d + k
            state[i] = left[i] + right[i] + factor * difference[j] * difference[k]


@kernel(types.void(IN, types.int64, OUT))
def scatter_run(values, rows, state):
    """Sum a run of 2^k blocks of one column; merged in the order of the merge tree, to the same bits."""
    blocks = values.shape[0] // rows
    states = np.empty((blocks, 4))
    merged = np.empty(4)
    ones = np.empty(0)
    for b in range(blocks):
        scatter_columns(values[b * rows : (b + 1) * rows].reshape((1, rows)), ones, states[b])
    step = 1
    while step < blocks:
        for b in range(0, blocks, 2 * step):
            merge_scatter(states[b], states[b + step], merged)
            states[b] = merged
        step *= 2
    state[:] = states[0]
