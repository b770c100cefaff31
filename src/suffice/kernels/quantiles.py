"""Merging and thinning of sorted weighted values.

A list is a pair of arrays of shape (k,): ascending values, and the weight of all values up to and
including each. Only these two loops of the quantile sketch do not vectorise.
"""

from __future__ import annotations

from numba import types

from suffice.kernels.compile import IN, OUT, kernel


@kernel(types.void(IN, IN, IN, IN, OUT, OUT))
def merge_sorted(left, left_sums, right, right_sums, values, sums):
    """Fill `values` and `sums`, shape (j + k,), with the list of both."""
    i, j = 0, 0
    below_left, below_right = 0.0, 0.0
    for at in range(values.shape[0]):
        if j == right.shape[0] or (i < left.shape[0] and left[i] <= right[j]):
            values[at] = left[i]
            below_left = left_sums[i]
            i += 1
        else:
            values[at] = right[j]
            below_right = right_sums[j]
            j += 1
        sums[at] = below_left + below_right


@kernel(types.void(IN, IN, IN, IN, types.float64, OUT))
def merge_thinned(left, left_sums, right, right_sums, step, values):
    """Fill `values`, shape (k,), with the first value of both whose sum reaches (i + 1/2)·step."""
    i, j = 0, 0
    below_left, below_right = 0.0, 0.0
    latest = 0.0
    for at in range(values.shape[0]):
        target = (at + 0.5) * step
        while below_left + below_right < target and (i < left.shape[0] or j < right.shape[0]):
            if j == right.shape[0] or (i < left.shape[0] and left[i] <= right[j]):
                latest = left[i]
                below_left = left_sums[i]
                i += 1
            else:
                latest = right[j]
                below_right = right_sums[j]
                j += 1
        values[at] = latest


@kernel(types.void(IN, IN, OUT))
def merge_halved(left, right, values):
    """Fill `values` with every second value of both, the first among them; all three of one even length.

    Half from the bottom and half from the top, in one loop without branches: two chains of dependent loads
    run side by side, and no end of a list can be passed.
    """
    k = values.shape[0]
    i, j, p, q = 0, 0, k - 1, k - 1
    for at in range(k // 2):
        x, y = left[i], right[j]
        lower = 1 if x <= y else 0
        values[at] = x if x <= y else y
        i += lower
        j += 1 - lower
        u, v = left[p], right[q]
        upper = 1 if u > v else 0
        p -= upper
        q -= 1 - upper
        lower = 1 if left[i] <= right[j] else 0
        i += lower
        j += 1 - lower
        u, v = left[p], right[q]
        upper = 1 if u > v else 0
        values[k - 1 - at] = u if u > v else v
        p -= upper
        q -= 1 - upper
