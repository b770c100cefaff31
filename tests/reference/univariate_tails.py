"""Make univariate_tails.json: log density, both tails of each family by mpmath at 60 digits.

PYTHONPATH=. python tests/reference/univariate_tails.py > tests/reference/univariate_tails.json
"""

import json
import sys

import mpmath as mp

from verify import mpmath_continuous as continuous
from verify import mpmath_counts as counts
from verify.mpmath_functions import logarithms

mp.mp.dps = 60
INFINITY = float("inf")
DEVIATIONS = [-1000, -100, -38, -20, -8, -3, -0.5, -1e-3, 1e-9, 0.3, 2, 6, 15, 36, 60, 1e4]
SHARES = [1e-300, 1e-100, 1e-10, 1e-3, 0.1, 0.5, 2, 10, 100, 1000]


def around(centre, deviation, shares=(), whole=False):
    points = [centre + z * deviation for z in DEVIATIONS] + [centre * share for share in shares]
    return sorted({float(int(x)) for x in points if 0 <= x < 1e15}) if whole else points


def spread(mean, s):
    return (mean + (0.0 if s == INFINITY else mean * mean / s)) ** 0.5


FAMILIES = {
    "Normal": (continuous.normal, [(0, 1), (1e3, 1e-2)], lambda m, s: around(m, s)[2:-2]),
    "LogNormal": (
        continuous.log_normal,
        [(0, 1), (-3, 0.01), (2, 5)],
        lambda m, s: [float(mp.exp(x)) for x in around(m, s)[2:-2]],
    ),
    "Exponential": (
        continuous.exponential,
        [(1,), (1e-5,)],
        lambda r: [x / r for x in (*SHARES, 0.7, 30, 700, 800, 1e5)],
    ),
    "Weibull": (
        continuous.weibull,
        [(0.05, 1), (0.5, 1), (2, 3), (50, 1e3), (1e4, 1)],
        lambda k, s: [s * float(mp.exp(mp.mpf(u) / k)) for u in (-35, -30, -10, -1, -0.001, 0.1, 1, 3, 6.5, 6.6, 8)],
    ),
    "Gamma": (
        continuous.gamma,
        [(k, 1) for k in (1e-3, 0.1, 0.5, 1, 25, 1e3, 1e6, 1e10)] + [(3.7, 2)],
        lambda k, r: [x / r for x in around(k, k**0.5, SHARES) if x > 0],
    ),
    "StudentT": (
        continuous.student_t,
        [(0, 1, v) for v in (0.1, 0.5, 1, 2.5, 10, 100, 1e3, 1e5, 1e10, INFINITY)] + [(1e6, 1, 5)],
        lambda m, s, v: [*around(m, s), 1e8, 1e30, 1e100],
    ),
    "Poisson": (
        counts.poisson,
        [(m,) for m in (1e-5, 0.1, 1, 8.7, 50, 1e3, 1e6, 1e10)],
        lambda m: [*around(m, m**0.5, SHARES, True), 1.0, 2.0, 10.0, 1000.0],
    ),
    "NegativeBinomial": (
        counts.negative_binomial,
        [(m, s) for m in (0.01, 8.7, 1e3, 1e6) for s in (1e-3, 0.4, 10, 1e3, 1e6, 1e10, 1e15, INFINITY)],
        lambda m, s: [*around(m, spread(m, s), SHARES, True), 1.0, 2.0, 10.0, 1000.0],
    ),
}


def main():
    rows = []
    for name, (function, parameters, points) in FAMILIES.items():
        for theta in parameters:
            for x in points(*theta):
                try:
                    log_p, lower, upper = function(mp.mpf(x), *[mp.mpf(t) for t in theta])
                except ArithmeticError:
                    continue
                values = [log_p, *logarithms(lower, upper)]
                rows.append([name, list(theta), x, *[mp.nstr(v, 20) for v in values]])
                print(name, theta, x, file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


if __name__ == "__main__":
    main()
