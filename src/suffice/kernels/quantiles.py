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
