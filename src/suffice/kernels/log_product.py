"""The sum of the logarithms of many values, by the logarithm of their product: a multiplication a value."""

from __future__ import annotations

import numpy as np
from numba import types

from suffice.kernels.bits import float_of
from suffice.kernels.compile import IN, LANES, UNROLLED, kernel

# The bits of a double: its sign and exponent, and the mantissa. Counted from √½ on, so that a value near 1 has the
# exponent 0, whichever side it lies on, and the mantissa is a number from √½ to √2.
EXPONENT_SHIFT = np.int64(52)
MANTISSA = np.int64(0xFFFFFFFFFFFFF)
LEAST = np.float64(np.sqrt(0.5)).view(np.int64)
UP = (np.int64(1023) << EXPONENT_SHIFT) - LEAST
SMALLEST, LARGEST = np.int64(1), np.int64(2046)
# The unit of the second part of what `log_sum` returns.
LOG_2 = float(np.log(2.0))
# So many such numbers may be multiplied without overflow.
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
                sign |= (power - SMALLEST) | (LARGEST - power)
                exponent += (word + UP) >> EXPONENT_SHIFT
                product *= float_of(((word + UP) & MANTISSA) + LEAST)
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
        signs[lane] |= (power - SMALLEST) | (LARGEST - power)
        exponents[lane] += (word + UP) >> EXPONENT_SHIFT
        products[lane] *= float_of(((word + UP) & MANTISSA) + LEAST)
    exponent, sign = np.int64(0), np.int64(0)
    for lane in range(LANES):
        total += np.log(products[lane])
        exponent += exponents[lane]
        sign |= signs[lane]
    return total if sign >= 0 else np.nan, float(exponent - n * np.int64(1023))
