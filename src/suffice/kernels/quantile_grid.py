"""Cells of a quantile grid: where values lie among them, how many, and where a cell begins.

A value x is moved to y = |x − centre| + scale; the bits of y, read as an integer, grow with it almost as
its logarithm. With the sign of x − centre, less the bits of `scale`, they are a key that never falls
where x grows, whatever is rounded on the way. Cell i holds the keys from
lowest + i·2^shift on; keys beyond the lowest and the highest count as these, so that the end cells are open.
"""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.compile import IN, kernel

INTEGERS = types.Array(types.int64, 1, "C")
PLACED = 1024
INFINITY = np.int64(0x7FF0000000000000)
SIGNLESS = np.int64(0x7FFFFFFFFFFFFFFF)


@kernel(types.void(IN, types.float64, types.float64, types.int64, types.int64, types.int64, INTEGERS))
def place_values(values, centre, scale, lowest, highest, shift, cells):
    """Fill `cells`, shape (n,), n ≤ PLACED: 0 … (highest − lowest) >> shift; one more if missing."""
    moved = np.empty(PLACED)
    bits = moved.view(np.int64)
    moved[0] = scale
    zero = bits[0]
    missing = ((highest - lowest) >> shift) + 1
    n = values.shape[0]
    for i in range(n):
        moved[i] = np.abs(values[i] - centre) + scale
    for i in range(n):
        key = bits[i] - zero
        key = -key if values[i] < centre else key
        cell = (min(max(key, lowest), highest) - lowest) >> shift
        cells[i] = missing if bits[i] > INFINITY else cell


@kernel(types.void(IN, types.float64, types.float64, types.int64, types.int64, types.int64, INTEGERS))
def place_column(values, centre, scale, lowest, highest, shift, cells):
    """Fill `cells`, shape (n,), for any n."""
    n = values.shape[0]
    for first in range(0, n, PLACED):
        last = min(first + PLACED, n)
        place_values(values[first:last], centre, scale, lowest, highest, shift, cells[first:last])


@kernel(types.void(IN, types.float64, types.float64, types.int64, types.int64, types.int64, INTEGERS))
def count_column(values, centre, scale, lowest, highest, shift, counts):
    """Add to `counts`, shape (cells + 1,), how many values lie in each cell, and how many are missing."""
    cells = np.empty(PLACED, dtype=np.int64)
    n = values.shape[0]
    for first in range(0, n, PLACED):
        last = min(first + PLACED, n)
        place_values(values[first:last], centre, scale, lowest, highest, shift, cells)
        for i in range(last - first):
            counts[np.uint64(cells[i])] += 1


@kernel(types.float64(types.int64, types.float64, types.float64, types.int64, types.int64, types.int64))
def first_of_cell(cell, centre, scale, lowest, highest, shift):
    """Return the smallest value in a cell ≥ `cell` ≥ 1, by bisection of all ordered doubles; inf if there is none."""
    value = np.empty(1)
    bits = value.view(np.int64)
    place = np.empty(1, dtype=np.int64)
    # ordered bits of −inf and of inf
    low, high = -INFINITY - 1, INFINITY
    while low < high:
        middle = (low >> 1) + (high >> 1) + (low & high & 1)
        bits[0] = middle if middle >= 0 else middle ^ SIGNLESS
        place_values(value, centre, scale, lowest, highest, shift, place)
        if place[0] >= cell:
            high = middle
        else:
            low = middle + 1
    bits[0] = low if low >= 0 else low ^ SIGNLESS
    return value[0]
