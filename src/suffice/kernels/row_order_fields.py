"""The rows of what is found of the order of rows, named apart from the kernel, as those of a first look are."""

from __future__ import annotations

(
    AUTOCORRELATION,  # lag-1, of the finite values
    TREND,  # correlation of the finite values with their position
    EXPONENT,  # see `suffice.statistics.row_order.accident_exponent`
    MOVED,  # Fisher's z of the drift, in standard deviations
) = range(4)
FOUND = 4
