"""Sums over rows for the likelihood of the skew normal: one pass, no array of row length."""

from __future__ import annotations

import math

import numpy as np
from numba import types
from scipy import special

from suffice.kernels.compile import IN, LANES, OUT, kernel
from suffice.kernels.elementary import exp, log
from suffice.kernels.lanes import add_up

SUMS = 9
# Below FAR, u + φ/Φ would cancel and comes from a continued fraction of so many terms.
FAR, TERMS = -10.0, 16
ROOT_HALF = math.sqrt(0.5)
ROOT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)
# (1 + 2x) erfcx(x), x ≥ 0, as a polynomial in (x − 3.75)/(x + 3.75) (Shepherd and Laframboise 1981, Mathematics of
# Computation 36, 249), in which it has all digits.
CENTRE, DEGREE = 3.75, 25


def _coefficients() -> tuple[float, ...]:
    """Return the coefficients by interpolation at Chebyshev's points, the highest power first."""
    t = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    x = CENTRE * (1.0 + t) / (1.0 - t)
    series = np.polynomial.chebyshev.Chebyshev.fit(t, (1.0 + 2.0 * x) * special.erfcx(x), DEGREE, domain=[-1.0, 1.0])
    return tuple(float(c) for c in series.convert(kind=np.polynomial.Polynomial).coef[::-1])


COEFFICIENTS = _coefficients()


@kernel(types.void(IN, IN, types.float64, types.float64, types.float64, OUT))
def skew_normal_sums(x, weights, location, scale, shape, sums):
    """Fill Σw·(1, z, z², log Φ(u), r, rz, r′, r′z, r′z²), z = (x − location)/scale, u = shape·z, r = φ(u)/Φ(u).

    r′ = −r (u + r). An empty `weights` means all ones; a row of weight 0 does not count. With e = erfcx(|u|/√2),
    Φ(−|u|) = e exp(−u²/2)/2 and φ(u)/Φ(−|u|) = √(2/π)/e. One function, because nine sums share what a lane holds.
    """
    n = x.shape[0]
    weighted = weights.shape[0] > 0
    lanes = np.zeros((SUMS, LANES))
    weight, z, u, t = np.ones(LANES), np.zeros(LANES), np.empty(LANES), np.empty(LANES)
    scaled, factor = np.empty(LANES), np.empty(LANES)
    ratio, excess, logarithm = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    one, s, ss, logs, r, rz, d, dz, dzz = (
        lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6], lanes[7], lanes[8],
    )  # fmt: skip
    for first in range(0, n, LANES):
        size = min(LANES, n - first)
        part = x[first : first + size]
        if weighted:
            given = weights[first : first + size]
            for lane in range(size):
                weight[lane] = given[lane]
        for lane in range(size):
            z[lane] = (part[lane] - location) / scale if weight[lane] != 0.0 else 0.0
        for lane in range(LANES):
            u[lane] = shape * z[lane]
            height = ROOT_HALF * abs(u[lane])
            # one division for both: 1/(h + centre) and 1/(1 + 2h)
            inverse = 1.0 / ((height + CENTRE) * (1.0 + 2.0 * height))
            t[lane] = 1.0 - 2.0 * CENTRE * (1.0 + 2.0 * height) * inverse
            factor[lane] = (height + CENTRE) * inverse
            scaled[lane] = 0.0
        for c in COEFFICIENTS:
            for lane in range(LANES):
                scaled[lane] = scaled[lane] * t[lane] + c
        for lane in range(LANES):
            e = scaled[lane] * factor[lane]
            under = 0.5 * u[lane] * u[lane]
            decay = exp(-under)
            whole = 1.0 - 0.5 * e * decay
            below = u[lane] < 0.0
            ratio[lane] = ROOT_TWO_OVER_PI * ((1.0 if below else 0.5 * decay) / (e if below else whole))
            excess[lane] = u[lane] + ratio[lane]
            logarithm[lane] = log(0.5 * e if below else whole) - (under if below else 0.0)
        far = 0
        for lane in range(size):
            far += 1 if u[lane] < FAR else 0
        if far > 0:
            for lane in range(size):
                if u[lane] < FAR:
                    fraction = 0.0
                    for k in range(TERMS, 0, -1):
                        fraction = k / (fraction - u[lane])
                    excess[lane], ratio[lane] = fraction, fraction - u[lane]
        for lane in range(size):
            w = weight[lane]
            zz = z[lane] * z[lane]
            bend = -w * ratio[lane] * excess[lane]
            one[lane] += w
            s[lane] += w * z[lane]
            ss[lane] += w * zz
            logs[lane] += w * logarithm[lane]
            r[lane] += w * ratio[lane]
            rz[lane] += w * ratio[lane] * z[lane]
            d[lane] += bend
            dz[lane] += bend * z[lane]
            dzz[lane] += bend * zz
    add_up(lanes, sums)
