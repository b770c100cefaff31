"""Make univariate_tails.json: log density, both tails of each family by mpmath at 60 digits.

python tests/reference/univariate_tails.py > tests/reference/univariate_tails.json
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 60
SMALL = mp.mpf(10) ** -55
INFINITY = float("inf")
DEVIATIONS = [-1000, -100, -38, -20, -8, -3, -0.5, -1e-3, 1e-9, 0.3, 2, 6, 15, 36, 60, 1e4]
SHARES = [1e-300, 1e-100, 1e-10, 1e-3, 0.1, 0.5, 2, 10, 100, 1000]


def fraction(first, terms):
    """Return the continued fraction first + a₁/(b₁ + a₂/(b₂ + …)) by Lentz's method."""
    value = c = mp.mpf(first)
    d = mp.mpf(0)
    for n in range(1, 100_000):
        a, b = terms(n)
        d = 1 / (b + a * d)
        c = b + a / c
        value *= c * d
        if abs(c * d - 1) < SMALL:
            return value
    raise ArithmeticError("no convergence")


def series(ratio):
    """Return 1 + r(1) + r(1) r(2) + …."""
    total = term = mp.mpf(1)
    n = 0
    while term > total * SMALL:
        n += 1
        term *= ratio(n)
        total += term
        if n > 100_000:
            raise ArithmeticError("no convergence")
    return total


def gamma_tails(a, x):
    """Return P(a, x) and Q(a, x)."""
    a, x = mp.mpf(a), mp.mpf(x)
    if x == 0:
        return mp.mpf(0), mp.mpf(1)
    term = mp.exp(a * mp.log(x) - x - mp.loggamma(a))
    if x < a + 1:
        if x < a / 2 or a < 1e5:
            p = term * series(lambda n: x / (a + n)) / a
        else:
            p = term / fraction(a - x, lambda n: (n * x, a + n - x))
        return p, 1 - p
    q = term / fraction(x + 1 - a, lambda n: (n * (a - n), x - a + 2 * n + 1))
    return 1 - q, q


def beta_tails(a, b, x, y):
    """Return I_x(a, b) and I_y(b, a)."""
    if (a + b) * x > a:
        return beta_tails(b, a, y, x)[::-1]
    term = mp.exp(a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b))
    off = a * y - b * x
    if x < 0.3 or off < mp.sqrt(a * y * y + b * x * x):
        p = term * series(lambda n: (a + b + n - 1) / (a + n) * x) / a
    else:

        def denominator(n):
            edge = n * (b - n) * x / (a + 2 * n - 1) if n else 0
            return n + edge + (a + n) * (off + 1 + n * (1 + y)) / (a + 2 * n + 1)

        def terms(n):
            top = (a + n - 1) * (a + b + n - 1) * n * (b - n) * x * x / (a + 2 * n - 1) ** 2
            return top, denominator(n)

        p = term / fraction(denominator(0), terms)
    return p, 1 - p


def normal(x, mu, sigma):
    z = (x - mu) / sigma
    root = mp.sqrt(2)
    return -z * z / 2 - mp.log(sigma) - mp.log(2 * mp.pi) / 2, mp.erfc(-z / root) / 2, mp.erfc(z / root) / 2


def log_normal(x, mu, sigma):
    log_p, lower, upper = normal(mp.log(x), mu, sigma)
    return log_p - mp.log(x), lower, upper


def weibull(x, shape, scale):
    y = (x / scale) ** shape
    return mp.log(shape / scale) + (shape - 1) * mp.log(x / scale) - y, -mp.expm1(-y), mp.exp(-y)


def exponential(x, rate):
    return weibull(x, mp.mpf(1), 1 / rate)


def gamma(x, shape, rate):
    log_p = shape * mp.log(rate) + (shape - 1) * mp.log(x) - rate * x - mp.loggamma(shape)
    return log_p, *gamma_tails(shape, rate * x)


def student_t(x, location, scale, v):
    if mp.isinf(v):
        return normal(x, location, scale)
    z = (x - location) / scale
    log_p = mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2 - mp.log(scale)
    log_p -= (v + 1) / 2 * mp.log1p(z * z / v)
    tail = beta_tails(v / 2, mp.mpf(1) / 2, v / (v + z * z), z * z / (v + z * z))[0] / 2
    return (log_p, 1 - tail, tail) if z > 0 else (log_p, tail, 1 - tail)


def poisson(k, mean):
    return k * mp.log(mean) - mean - mp.loggamma(k + 1), *gamma_tails(k + 1, mean)[::-1]


def negative_binomial(k, mean, s):
    if mp.isinf(s):
        return poisson(k, mean)
    p, q = s / (s + mean), mean / (s + mean)
    log_p = mp.loggamma(k + s) - mp.loggamma(k + 1) - mp.loggamma(s) + s * mp.log(p) + k * mp.log(q)
    return log_p, *beta_tails(s, k + 1, p, q)


def around(centre, deviation, shares=(), whole=False):
    points = [centre + z * deviation for z in DEVIATIONS] + [centre * share for share in shares]
    return sorted({float(int(x)) for x in points if 0 <= x < 1e15}) if whole else points


def spread(mean, s):
    return (mean + (0.0 if s == INFINITY else mean * mean / s)) ** 0.5


FAMILIES = {
    "Normal": (normal, [(0, 1), (1e3, 1e-2)], lambda m, s: around(m, s)[2:-2]),
    "LogNormal": (
        log_normal,
        [(0, 1), (-3, 0.01), (2, 5)],
        lambda m, s: [float(mp.exp(x)) for x in around(m, s)[2:-2]],
    ),
    "Exponential": (exponential, [(1,), (1e-5,)], lambda r: [x / r for x in (*SHARES, 0.7, 30, 700, 800, 1e5)]),
    "Weibull": (
        weibull,
        [(0.05, 1), (0.5, 1), (2, 3), (50, 1e3), (1e4, 1)],
        lambda k, s: [s * float(mp.exp(mp.mpf(u) / k)) for u in (-35, -30, -10, -1, -0.001, 0.1, 1, 3, 6.5, 6.6, 8)],
    ),
    "Gamma": (
        gamma,
        [(k, 1) for k in (1e-3, 0.1, 0.5, 1, 25, 1e3, 1e6, 1e10)] + [(3.7, 2)],
        lambda k, r: [x / r for x in around(k, k**0.5, SHARES) if x > 0],
    ),
    "StudentT": (
        student_t,
        [(0, 1, v) for v in (0.1, 0.5, 1, 2.5, 10, 100, 1e3, 1e5, 1e10, INFINITY)] + [(1e6, 1, 5)],
        lambda m, s, v: [*around(m, s), 1e8, 1e30, 1e100],
    ),
    "Poisson": (
        poisson,
        [(m,) for m in (1e-5, 0.1, 1, 8.7, 50, 1e3, 1e6, 1e10)],
        lambda m: [*around(m, m**0.5, SHARES, True), 1.0, 2.0, 10.0, 1000.0],
    ),
    "NegativeBinomial": (
        negative_binomial,
        [(m, s) for m in (0.01, 8.7, 1e3, 1e6) for s in (1e-3, 0.4, 10, 1e3, 1e6, 1e10, 1e15, INFINITY)],
        lambda m, s: [*around(m, spread(m, s), SHARES, True), 1.0, 2.0, 10.0, 1000.0],
    ),
}


def logarithms(lower, upper):
    """Return both logarithms, without 1 − a small number."""
    small = lower < upper
    tail = mp.log(lower if small else upper) if min(lower, upper) > 0 else -mp.inf
    rest = mp.log1p(-min(lower, upper))
    return (tail, rest) if small else (rest, tail)


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
