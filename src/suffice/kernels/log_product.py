"""The sum of the logarithms of many values, by the logarithm of their product: a multiplication a value."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.bits import float_of
from suffice.kernels.compile import IN, LANES, UNROLLED, kernel

# The bits of a double: its sign and exponent, and the mantissa of which `ONE` makes a number from 1 to 2.
EXPONENT_SHIFT = np.int64(52)
MANTISSA = np.int64(0xFFFFFFFFFFFFF)
ONE = np.int64(1023) << EXPONENT_SHIFT
SMALLEST, LARGEST = np.int64(1), np.int64(2046)
# So many numbers below 2 may be multiplied without overflow.
FACTORS = 1000


@kernel(types.UniTuple(types.float64, 2)(IN))
def log_sum(values):
    """Return Σ log x as two parts: the logarithm of the product of the mantissas, and the sum k of the exponents.

    Σ log x is the first plus k log 2. A product of 1,000 mantissas has a relative error up to 1e-13, which is an
    absolute one of its logarithm.
    Of values that are not positive, subnormal or not finite the first is NaN.
    """
    n = values.shape[0]
    bits = values.view(np.int64)
    products = np.ones(LANES)
    exponents = np.zeros(LANES, dtype=np.int64)
    # negative where a value was no normal positive number
    signs = np.zeros(LANES, dtype=np.int64)
    stride = UNROLLED * LANES
    full = n - n % stride
    total, multiplied = 0.0, 0
    for first in range(0, full, stride):
        part = bits[first : first + stride]
        for lane in range(LANES):
            product, exponent, sign = products[lane], exponents[lane], signs[lane]
            for k in range(UNROLLED):
                word = part[k * LANES + lane]
                power = word >> EXPONENT_SHIFT
                exponent += power
                sign |= (power - SMALLEST) | (LARGEST - power)
                product *= float_of((word & MANTISSA) | ONE)
            products[lane], exponents[lane], signs[lane] = product, exponent, sign
        multiplied += UNROLLED
        if multiplied + UNROLLED > FACTORS:
            for lane in range(LANES):
                total += np.log(products[lane])
                products[lane] = 1.0
            multiplied = 0
    for i in range(full, n):
        lane, word = (i - full) % LANES, bits[i]
        power = word >> EXPONENT_SHIFT
        exponents[lane] += power
        signs[lane] |= (power - SMALLEST) | (LARGEST - power)
        products[lane] *= float_of((word & MANTISSA) | ONE)
    exponent, sign = np.int64(0), np.int64(0)
    for lane in range(LANES):
        total += np.log(products[lane])
        exponent += exponents[lane]
        sign |= signs[lane]
    return total if sign >= 0 else np.nan, float(exponent - n * np.int64(1023))
