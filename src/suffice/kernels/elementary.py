"""Exponential and logarithm without a call, so that loops over lanes become vector instructions."""

from __future__ import annotations

import math

from numba import types

from suffice.kernels.bits import bits_of, float_of
from suffice.kernels.compile import inlined

LOG2_E = math.log2(math.e)
# log 2 in two parts, of which the first times an exponent is exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Added to a number below 2⁵¹, it leaves the nearest integer in the last bits.
ROUNDER = 1.5 * 2.0**52
# The exponent of 1 and the bits of √½, between which and √2 the logarithm is a series.
ONE, ROOT_HALF, FRACTION = 0x3FF0000000000000, 0x3FE6A09E00000000, 0x000FFFFFFFFFFFFF
# 2⁵² as a number, and as bits to be filled with an integer below it.
TWO_52, TWO_52_BITS = 2.0**52, 0x4330000000000000
LEAST, MOST = -708.0, 709.0
SMALLEST = 2.0**-1022


@inlined
def exp(x):
    """Return eˣ to an ulp: 0 below −708, ∞ above 709, NaN for NaN.

    With x = k log 2 + r, |r| ≤ ½ log 2, it is 2ᵏ times Taylor's series of eʳ, the first term left out below 2⁻⁵⁷.
    """
    inside = LEAST if x < LEAST else MOST if x > MOST else x
    shifted = inside * LOG2_E + ROUNDER
    k = shifted - ROUNDER
    r = (inside - k * LN2_HIGH) - k * LN2_LOW
    tail = 1.0 / 6227020800.0
    tail = tail * r + 1.0 / 479001600.0
    tail = tail * r + 1.0 / 39916800.0
    tail = tail * r + 1.0 / 3628800.0
    tail = tail * r + 1.0 / 362880.0
    tail = tail * r + 1.0 / 40320.0
    tail = tail * r + 1.0 / 5040.0
    tail = tail * r + 1.0 / 720.0
    tail = tail * r + 1.0 / 120.0
    tail = tail * r + 1.0 / 24.0
    tail = tail * r + 1.0 / 6.0
    tail = tail * r + 0.5
    series = 1.0 + (r + r * r * tail)
    value = series * float_of((bits_of(shifted) << types.uint64(52)) + types.uint64(ONE))
    return 0.0 if x < LEAST else math.inf if x > MOST else value


@inlined
def log(x):
    """Return log x to an ulp for a normal x > 0, NaN for all others.

    With x = 2ᵏ m, √½ ≤ m < √2, and s = (m − 1)/(m + 1), log m = 2s + 2s³/3 + … by the minimax polynomial of fdlibm
    (Sun Microsystems 1993, e_log.c).
    """
    moved = bits_of(x) + types.uint64(ONE - ROOT_HALF)
    k = (float_of((moved >> types.uint64(52)) | types.uint64(TWO_52_BITS)) - TWO_52) - 1023.0
    f = float_of((moved & types.uint64(FRACTION)) + types.uint64(ROOT_HALF)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    series = 1.479819860511658591e-01
    series = series * z + 1.531383769920937332e-01
    series = series * z + 1.818357216161805012e-01
    series = series * z + 2.222219843214978396e-01
    series = series * z + 2.857142874366239149e-01
    series = series * z + 3.999999999940941908e-01
    series = series * z + 6.666666666666735130e-01
    half = 0.5 * f * f
    value = k * LN2_HIGH - ((half - (s * (half + series * z) + k * LN2_LOW)) - f)
    return value if SMALLEST <= x < math.inf else math.nan
