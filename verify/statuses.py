"""The right status of hard problems of other families, decided without the library.

By theory where there is one, in exact integers for counts; else by a search of the box of `landscapes.py`, which is
compared with the highest value at each limit of the family, from textbook formulas.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from verify.attack import search
from verify.generators import BOUNDARY, KINK, MAXIMUM, NONE
from verify.landscapes import landscape
from verify.student_status import VISIBLE, normal_value


def varies_status(x: np.ndarray) -> str:
    """Return the status of families with one maximum for any data that vary, and none for constant ones."""
    return MAXIMUM if np.ptp(x) > 0.0 else NONE


# -- by theory ----------------------------------------------------------------------------------------


def cauchy_status(x: np.ndarray) -> str:
    """Return whether a value holds half of the rows (Copas 1975)."""
    return MAXIMUM if 2 * np.unique(x, return_counts=True)[1].max() < len(x) else NONE


def gompertz_status(x: np.ndarray) -> str:
    """Return whether the data vary less than exponential ones: mean(x²) < 2 mean(x)²."""
    if np.ptp(x) == 0.0:
        return NONE
    z = x / x.mean()
    return MAXIMUM if np.mean(z * z) < 2.0 else BOUNDARY


def truncated_normal_status(x: np.ndarray) -> str:
    """Return the same for a normal variable above 0, whose limit is exponential (del Castillo 1994)."""
    return NONE if gompertz_status(x) != MAXIMUM else MAXIMUM


def dispersion_status(x: np.ndarray) -> str:
    """Return the right status of counts, by exact integers: n Σx² − (Σx)² > n Σx (Levin and Reeds 1977)."""
    k = [int(v) for v in x]
    n, total = len(k), sum(k)
    if total == 0:
        return BOUNDARY
    return MAXIMUM if n * sum(v * v for v in k) - total * total > n * total else NONE


def zero_inflated_poisson_status(x: np.ndarray) -> str:
    """Return whether there are more zeros than a Poisson variable of that mean has."""
    return MAXIMUM if np.any(x > 0.0) and np.mean(x == 0.0) > np.exp(-x.mean()) else BOUNDARY


def all_or_nothing(x: np.ndarray, n: int = 1) -> str:
    """Return whether every trial failed, or none."""
    return BOUNDARY if x.sum() in (0.0, n * len(x)) else MAXIMUM


def laplace_status(x: np.ndarray) -> str:
    """Return a kink at the median, for data that vary."""
    return KINK if np.ptp(x) > 0.0 else NONE


def ends_status(x: np.ndarray) -> str:
    """Return a boundary, the ends of the data, where they vary."""
    return BOUNDARY if np.ptp(x) > 0.0 else NONE


def all_seen_status(x: np.ndarray, n: int = 0) -> str:
    """Return whether every category was seen."""
    return MAXIMUM if (x.sum(axis=0) > 0.0).all() else BOUNDARY


# -- by search ----------------------------------------------------------------------------------------


def _found(family: str, x: np.ndarray, **options: int) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the highest value found, where, and how far that is from the lower and upper ends (2, p) of the box."""
    ground = landscape(family, x, options.items())
    best, point = search(ground, seed=1)
    low, high = np.array(ground.box).T
    return best, point, np.array([point - low, high - point])


def generalized_extreme_value_status(x: np.ndarray) -> str:
    """Return whether the best point of the region is inside it."""
    if np.ptp(x) == 0.0:
        return NONE
    _, _, room = _found("GeneralizedExtremeValue", x)
    return MAXIMUM if min(room[0, 1], *room[:, 2]) > 1e-4 else NONE


def generalized_pareto_status(x: np.ndarray, threshold: float = 0.0) -> str:
    """Return whether the best point of the region is inside it, and above the uniform distribution at shape −1."""
    if not np.any(x > 0.0):
        return NONE
    best, _, room = _found("GeneralizedPareto", x, threshold=0)
    uniform = -len(x) * np.log(x.max())
    inside = min(room[0, 0], *room[:, 1]) > 1e-4 and best > uniform + VISIBLE
    return MAXIMUM if inside else NONE


def half_normal_value(x: np.ndarray) -> float:
    """Return the higher log-likelihood of a half-normal distribution that begins or ends at the end of the data."""
    values = []
    for distance in (x - x.min(), x.max() - x):
        values.append(0.5 * np.log(2.0 / np.pi) - 0.5 * np.log(np.mean(distance**2)) - 0.5)
    return len(x) * float(max(values))


def skew_normal_status(x: np.ndarray) -> str:
    """Return whether the best point beats the half-normal limits and, unless the skewness is 0, the normal."""
    if np.ptp(x) == 0.0:
        return NONE
    best, _, _ = _found("SkewNormal", x)
    if half_normal_value(x) >= best - VISIBLE:
        return NONE
    symmetric = np.array_equal(np.sort(x - np.median(x)), np.sort(np.median(x) - x))
    return BOUNDARY if symmetric and best < normal_value(x) + VISIBLE else MAXIMUM


def generalized_normal_status(x: np.ndarray) -> str:
    """Return where the profile over the shape is highest: the location at a row for β ≤ 1, else by a bounded search."""
    if np.ptp(x) == 0.0:
        return NONE
    z = (x - np.median(x)) / np.std(x)
    shapes = np.exp(np.linspace(np.log(0.2), np.log(2e3), 60))
    heights = [_profile(z, shape) for shape in shapes]
    best = int(np.argmax(heights))
    low, high = np.log(shapes[max(best - 1, 0)]), np.log(shapes[min(best + 1, 59)])
    found = optimize.minimize_scalar(
        lambda c: -_profile(z, np.exp(c)), bounds=(low, high), method="bounded", options={"xatol": 1e-8}
    )
    uniform = -len(z) * np.log(np.ptp(z))
    if -found.fun <= uniform or found.x - np.log(0.2) < 1e-6:
        return NONE
    return MAXIMUM if found.x > 0.0 else KINK


def _profile(z: np.ndarray, shape: float) -> float:
    """Return the highest log-likelihood of a generalized normal distribution of this shape."""

    def log_sum(location: float) -> float:
        distance = np.abs(z - location)
        most = float(distance.max())
        return shape * np.log(most) + float(np.log(np.sum((distance / most) ** shape)))

    if shape <= 1.0:
        least = min(log_sum(float(location)) for location in np.unique(z))
    else:
        ends = (float(z.min()), float(z.max()))
        least = optimize.minimize_scalar(log_sum, bounds=ends, method="bounded", options={"xatol": 1e-12}).fun
    n = len(z)
    # α^β = β Σ|z − μ|^β/n
    log_scale = (np.log(shape / n) + least) / shape
    return float(n * (np.log(shape) - np.log(2.0) - log_scale - special.gammaln(1.0 / shape) - 1.0 / shape))


def weibull_value(x: np.ndarray) -> float:
    """Return the largest Weibull log-likelihood, by the root of the profile score in the shape."""
    logs = np.log(x)
    factor = float(np.std(logs))
    z = (logs - logs.max()) / factor

    def score(shape: float) -> float:
        weight = np.exp(shape * z)
        return float(weight @ z / weight.sum() - 1.0 / shape - z.mean())

    shape = float(optimize.brentq(score, 1e-6, 1e6, xtol=1e-12))
    log_scale = np.log(np.mean(np.exp(shape * z))) / shape
    each = np.log(shape) + shape * (z - log_scale) - np.exp(shape * (z - log_scale))
    return float(np.sum(each) - len(x) * np.log(factor) - logs.sum())


def pareto_value(x: np.ndarray) -> float:
    """Return the largest Pareto log-likelihood."""
    logs = np.log(x / x.min())
    shape = 1.0 / logs.mean()
    return float(len(x) * (np.log(shape) - np.log(x.min())) - (shape + 1.0) * logs.sum())


def burr_status(x: np.ndarray) -> str:
    """Return whether the best point beats the Weibull and the Pareto distribution, its limits."""
    if np.ptp(x) == 0.0:
        return NONE
    best, _, room = _found("BurrXII", x)
    return MAXIMUM if best > max(weibull_value(x), pareto_value(x)) + VISIBLE and room[1, 1] > 1e-3 else NONE


def beta_binomial_status(x: np.ndarray, n: int) -> str:
    """Return whether rows vary more than binomial ones (Tarone 1979), else whether the best point beats that limit."""
    k = [int(v) for v in x]
    total, trials = sum(k), n * len(k)
    if total in (0, trials):
        return BOUNDARY
    if n == 1 or all(v in (0, n) for v in k):
        return NONE
    # Σ (x − n p)² > N p (1 − p), with p = total/N, in whole numbers: the slope in 1/concentration at 0
    squares = sum((v * trials - n * total) ** 2 for v in k)
    if squares > trials * total * (trials - total):
        return MAXIMUM
    best, _, _ = _found("BetaBinomial", x, n=n)
    ground = landscape("BetaBinomial", x, [("n", n)])
    binomial = float(ground.log_likelihood(np.array([[special.logit(total / trials)], [40.0]]))[0])
    return MAXIMUM if best > binomial + VISIBLE else NONE


def zero_inflated_negative_binomial_status(x: np.ndarray) -> str:
    """Return which is highest: the inside, no added zeros (size finite), or the Poisson limits (size → ∞)."""
    if not np.any(x > 0.0):
        return BOUNDARY
    inside, _, _ = _found("ZeroInflatedNegativeBinomial", x)
    plain, _, _ = _found("NegativeBinomial", x)
    poisson = _found("Poisson", x)[0]
    inflated = max(_found("ZeroInflatedPoisson", x)[0], poisson)
    if inside > max(plain, inflated) + VISIBLE:
        return MAXIMUM
    return BOUNDARY if plain > inflated + VISIBLE else NONE


def multivariate_student_status(x: np.ndarray) -> str:
    """Return whether the best point is inside the region, and no limit is higher (Mardia's kurtosis has its slope)."""
    n, d = x.shape
    centred = x - x.mean(axis=0)
    if n < d + 2 or np.linalg.matrix_rank(centred) < d:
        return NONE
    _, _, room = _found("MultivariateStudentT", x)
    if room[0, -1] < 1e-3 or min(room[0, d : 2 * d]) < 1e-3:
        return NONE
    return MAXIMUM if mardia_excess(x) > 0.0 or room[1, -1] > 1.0 else NONE


def mardia_excess(x: np.ndarray) -> float:
    """Return Mardia's kurtosis less that of normal rows: the slope in 1/df at the normal limit has its sign."""
    n, d = x.shape
    centred = (x - np.median(x, axis=0)) / np.std(x, axis=0)
    white = np.linalg.qr(centred - centred.mean(axis=0))[0] * np.sqrt(n)
    return float(np.mean(np.sum(white**2, axis=1) ** 2)) - d * (d + 2)
