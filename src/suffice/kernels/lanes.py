"""What kernels with lanes do at their end."""

from __future__ import annotations

from numba import types

from suffice.kernels.compile import OUT, OUT2, kernel


@kernel(types.void(OUT2, OUT), brief=True)
def add_up(lanes, sums):
    """Fill `sums`, shape (k,), with the sums of lanes, shape (k, LANES), from the first lane on."""
    for k in range(lanes.shape[0]):
        total = 0.0
        for lane in range(lanes.shape[1]):
            total += lanes[k, lane]
        sums[k] = total
