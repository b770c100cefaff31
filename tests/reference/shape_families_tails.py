"""Make shape_families_tails.json: both tails of the skew normal, von Mises and generalized normal at 40 digits.

By quadrature of the density, or by the incomplete gamma function of mpmath, never by the formulas of Suffice.

python tests/reference/shape_families_tails.py > tests/reference/shape_families_tails.json
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 40

SKEW_NORMAL = [
    (-30.0, 0.5), (-6.0, 2.0), (-3.0, -1.5), (-1.0, 1.0), (-0.4, 30.0), (-1e-4, 1e4), (-0.2, -4.0), (0.0, 5.0),
    (1e-3, 1e3), (0.5, 3.0), (0.5, -3.0), (2.5, 0.7), (4.0, -2.0), (9.0, 1.0), (25.0, -0.3), (-3.0, 3.0),
]  # fmt: skip
VON_MISES = [
    (x, concentration)
    for concentration in (0.0, 1e-8, 0.3, 2.0, 30.0, 49.0, 700.0, 1e5, 1e12)
    for x in (-3.141592, -2.0, -0.4, -1e-3, -1e-6, 0.0, 1e-9, 0.02, 1.3, 3.0)
]
GENERALIZED_NORMAL = [
    (x, shape)
    for shape in (0.2, 0.9, 1.0, 1.7, 2.0, 8.0, 300.0)
    for x in (-40.0, -3.0, -1.001, -0.9, -1e-5, 0.0, 1e-12, 0.3, 1.0, 1.02, 7.0)
]


def logarithms(smaller, is_lower):
    """Return log P(X ≤ x) and log P(X > x) from the smaller of both."""
    pair = [mp.log(smaller), mp.log1p(-smaller)]
    return pair if is_lower else pair[::-1]


def integral(density, points):
    """Integrate between points; the rule's error is absolute, so that the density is scaled to 1 first."""
    top = max(density(t) for t in points if not mp.isinf(t))
    return top * mp.quad(lambda t: density(t) / top, points) if top else mp.mpf(0)


def outward(z, unit, end, sign):
    """Return points from z on in steps that grow from the unit, to the end."""
    points = [z]
    for k in range(40):
        points.append(z + sign * unit * mp.mpf(3) ** k)
    return [p for p in points if sign * (end - p) > 0] + [end]


def skew_normal(z, shape):
    z, shape = mp.mpf(z), mp.mpf(shape)

    def density(t):
        return mp.exp(-t * t / 2) / mp.sqrt(2 * mp.pi) * mp.erfc(-shape * t / mp.sqrt(2))

    size = 1 + abs(shape)
    unit = 1 / (size * (1 + abs(z) * size))
    sides = []
    for sign in (-1, 1):
        end = sign * mp.mpf(45) if abs(z) < 40 else z + sign * 45
        points = set(outward(z, unit, end, sign))
        points |= {p for s in (-1, 1) for p in outward(mp.mpf(0), 1 / size, s * mp.mpf(45), s) if sign * (p - z) > 0}
        sides.append(integral(density, sorted(p for p in points if sign * (end - p) >= 0)))
    return logarithms(min(sides), sides[0] < sides[1])


def von_mises(x, concentration):
    x, k = mp.mpf(x), mp.mpf(concentration)

    def density(t):
        return mp.exp(-2 * k * mp.sin(t / 2) ** 2)

    unit = 1 / (1 + mp.sqrt(k) + k * abs(mp.sin(x)))
    half = integral(density, outward(mp.mpf(0), 1 / (1 + mp.sqrt(k)), mp.pi, 1))
    tail = integral(density, outward(abs(x), unit, mp.pi, 1)) / (2 * half)
    return logarithms(tail, x < 0)


def generalized_normal(z, shape):
    z, shape = mp.mpf(z), mp.mpf(shape)
    tail = mp.gammainc(1 / shape, abs(z) ** shape, regularized=True) / 2
    return logarithms(tail, z < 0)


if __name__ == "__main__":
    rows = []
    for name, cases, function in (
        ("SkewNormal", SKEW_NORMAL, skew_normal),
        ("VonMises", VON_MISES, von_mises),
        ("GeneralizedNormal", GENERALIZED_NORMAL, generalized_normal),
    ):
        for x, shape in cases:
            rows.append([name, x, shape, *[mp.nstr(v, 20) for v in function(x, shape)]])
        print(name, "done", file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
