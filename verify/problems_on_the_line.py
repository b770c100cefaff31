"""Problems of known status for families on the real line, an interval or the circle."""

from __future__ import annotations

import numpy as np

from verify.generators import BOUNDARY, KINK, MAXIMUM, NONE, placed, problems, rows, scale
from verify.statuses import (
    cauchy_status,
    ends_status,
    generalized_extreme_value_status,
    generalized_normal_status,
    laplace_status,
    skew_normal_status,
)

FEW = 3


def _constant(rng):
    return np.full(rows(rng), placed(rng, np.ones(1))[0])


def _all_but_one_alike(rng):
    x = np.zeros(rows(rng, 3, 300))
    x[0] = rng.choice([-1.0, 1.0])
    return placed(rng, x)


def _two_rows(rng):
    return placed(rng, rng.standard_normal(2))


def _nearly_constant(rng):
    unit = 10.0 ** rng.uniform(-12, -6)
    return scale(rng) * (1.0 + unit * rng.standard_normal(rows(rng, 5, 300)))


RIGHT = {
    "Gumbel": MAXIMUM,
    "Logistic": MAXIMUM,
    "Cauchy": cauchy_status,
    "Laplace": laplace_status,
    "Uniform": ends_status,
    "GeneralizedExtremeValue": generalized_extreme_value_status,
    "SkewNormal": skew_normal_status,
    "GeneralizedNormal": generalized_normal_status,
}
for _family, _right in RIGHT.items():
    problems(_family, NONE, FEW, named=f"{_family} constant")(_constant)
    problems(_family, _right, FEW, named=f"{_family} all but one alike")(_all_but_one_alike)
    problems(_family, _right, FEW, named=f"{_family} of two rows")(_two_rows)
    problems(_family, _right, FEW, named=f"{_family} nearly constant")(_nearly_constant)


# -- Gumbel and Logistic: log-concave, one maximum for any data that vary ------------------------------


@problems("Gumbel", MAXIMUM, FEW)
def gumbel_contaminated(rng):
    n = rows(rng, 5, 500)
    return placed(rng, np.where(rng.random(n) < 0.05, 100.0, 1.0) * rng.gumbel(size=n))


@problems("Gumbel", MAXIMUM, FEW)
def gumbel_of_minima(rng):
    return placed(rng, -rng.gumbel(size=rows(rng, 5, 500)))


@problems("Logistic", MAXIMUM, FEW)
def logistic_of_two_far_points(rng):
    return placed(rng, np.r_[np.zeros(rows(rng, 5, 500)), 1.0])


@problems("Logistic", MAXIMUM, FEW)
def logistic_contaminated(rng):
    n = rows(rng, 5, 500)
    return placed(rng, np.where(rng.random(n) < 0.1, 1e3, 1.0) * rng.logistic(size=n))


@problems("Logistic", MAXIMUM, FEW)
def logistic_two_clusters(rng):
    n = rows(rng, 6, 500)
    return placed(rng, np.where(rng.random(n) < 0.5, 0.0, 50.0) + rng.standard_normal(n))


# -- Cauchy: a maximum unless one value holds half of the rows (Copas 1975) -----------------------------


@problems("Cauchy", cauchy_status, FEW)
def cauchy_of_any_place(rng):
    return placed(rng, rng.standard_cauchy(rows(rng, 5, 500)))


@problems("Cauchy", cauchy_status, FEW)
def cauchy_partly_tied(rng):
    n = rows(rng, 6, 500)
    return np.where(rng.random(n) < rng.uniform(0.3, 0.7), 0.0, rng.standard_cauchy(n)) * scale(rng)


@problems("Cauchy", cauchy_status, FEW)
def cauchy_two_clusters(rng):
    n = rows(rng, 3, 200)
    return placed(rng, np.r_[rng.standard_normal(n), 1e4 + rng.standard_normal(n + 1)])


# -- Laplace and Uniform: a kink at the median, the ends of the data -----------------------------------


@problems("Laplace", laplace_status, FEW)
def laplace_of_few_values(rng):
    return np.r_[0.0, 1.0, np.round(2.0 * rng.laplace(size=rows(rng, 5, 500)))] * scale(rng)


@problems("Laplace", KINK, FEW)
def laplace_of_an_even_number(rng):
    return placed(rng, rng.laplace(size=2 * rows(rng, 2, 300)))


@problems("Laplace", KINK, FEW)
def laplace_mostly_tied(rng):
    return np.r_[np.zeros(rows(rng, 5, 300)), rng.standard_normal(3)] * scale(rng)


@problems("Uniform", BOUNDARY, FEW)
def uniform_of_any_place(rng):
    return placed(rng, rng.random(rows(rng, 2, 500)))


@problems("Uniform", ends_status, FEW)
def uniform_of_heavy_tails(rng):
    return placed(rng, rng.standard_cauchy(rows(rng, 2, 500)))


# -- GeneralizedExtremeValue: the best point of the region is sought apart ------------------------------


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_heavy(rng):
    y, shape = rng.gumbel(size=rows(rng, 8, 300)), rng.uniform(0.3, 1.5)
    return placed(rng, np.expm1(shape * y) / shape)


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_bounded(rng):
    y, shape = rng.gumbel(size=rows(rng, 8, 300)), rng.uniform(-0.9, -0.2)
    return placed(rng, np.expm1(shape * y) / shape)


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_of_a_uniform(rng):
    return placed(rng, rng.random(rows(rng, 8, 300)))


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_tiny(rng):
    return placed(rng, rng.gumbel(size=int(rng.integers(3, 8))))


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_reflected_exponential(rng):
    return placed(rng, -rng.exponential(size=rows(rng, 8, 300)))


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_exponential_with_ties(rng):
    x = np.round(3.0 * rng.exponential(size=rows(rng, 20, 300)))
    return np.r_[x, 0.0, 1.0] * scale(rng)


@problems("GeneralizedExtremeValue", generalized_extreme_value_status, FEW)
def extreme_values_contaminated(rng):
    n = rows(rng, 10, 300)
    return placed(rng, np.where(rng.random(n) < 0.1, 50.0, 1.0) * rng.gumbel(size=n))


# -- SkewNormal: half-normal limits, and the normal where the skewness is 0 -----------------------------


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_half_normal(rng):
    return placed(rng, rng.choice([-1.0, 1.0]) * np.abs(rng.standard_normal(rows(rng, 5, 300))))


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_tiny(rng):
    return placed(rng, rng.standard_normal(int(rng.integers(3, 12))))


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_skewed(rng):
    a = 10.0 ** rng.uniform(-0.5, 1.0)
    n = rows(rng, 20, 300)
    return placed(
        rng, a / np.hypot(1.0, a) * np.abs(rng.standard_normal(n)) + rng.standard_normal(n) / np.hypot(1.0, a)
    )


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_nearly_normal(rng):
    return placed(rng, rng.standard_normal(rows(rng, 20, 300)))


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_symmetric(rng):
    x = np.round(rng.standard_normal(rows(rng, 10, 150)), 3)
    return np.r_[x, -x] * 2.0 ** rng.integers(-20, 20)


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_exponential(rng):
    return placed(rng, rng.choice([-1.0, 1.0]) * rng.exponential(size=rows(rng, 10, 300)))


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_contaminated(rng):
    n = rows(rng, 10, 300)
    return placed(rng, np.where(rng.random(n) < 0.05, 20.0, 1.0) * rng.standard_normal(n))


@problems("SkewNormal", skew_normal_status, FEW)
def skew_normal_two_clusters(rng):
    n = rows(rng, 10, 300)
    return placed(rng, np.where(rng.random(n) < 0.2, 10.0, 0.0) + rng.standard_normal(n))


# -- GeneralizedNormal: a kink for shapes up to 1, the uniform limit ------------------------------------


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_heavy(rng):
    return placed(rng, rng.standard_t(2.0, rows(rng, 10, 200)))


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_uniform(rng):
    return placed(rng, rng.random(rows(rng, 5, 200)))


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_tiny(rng):
    return placed(rng, rng.standard_normal(int(rng.integers(3, 8))))


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_partly_tied(rng):
    n = rows(rng, 20, 200)
    return np.where(rng.random(n) < rng.uniform(0.05, 0.8), 0.0, rng.standard_normal(n)) * scale(rng)


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_normal(rng):
    return placed(rng, rng.standard_normal(rows(rng, 20, 200)))


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_laplace(rng):
    return placed(rng, rng.laplace(size=rows(rng, 20, 200)))


@problems("GeneralizedNormal", generalized_normal_status, FEW)
def generalized_normal_two_clusters(rng):
    n = rows(rng, 10, 200)
    return placed(rng, np.where(rng.random(n) < 0.5, 5.0, 0.0) + rng.standard_normal(n))


# -- VonMises: the uniform distribution where the resultant vanishes -------------------------------------


@problems("VonMises", MAXIMUM, FEW)
def von_mises_narrow(rng):
    return rng.vonmises(rng.uniform(-3.0, 3.0), 10.0 ** rng.uniform(1, 6), rows(rng, 3, 500))


@problems("VonMises", MAXIMUM, FEW)
def von_mises_across_the_cut(rng):
    return rng.vonmises(np.pi, rng.uniform(1.0, 20.0), rows(rng, 5, 500))


@problems("VonMises", MAXIMUM, FEW)
def von_mises_nearly_uniform(rng):
    return rng.uniform(-np.pi, np.pi, rows(rng, 5, 500))


@problems("VonMises", BOUNDARY, FEW)
def von_mises_opposite_angles(rng):
    x = rng.uniform(0.0, np.pi, rows(rng, 1, 100))
    return np.r_[x, x - np.pi]


@problems("VonMises", MAXIMUM, FEW)
def von_mises_of_two_rows(rng):
    return rng.uniform(-np.pi, np.pi, 2)


@problems("VonMises", NONE, FEW)
def von_mises_constant(rng):
    return np.full(rows(rng), rng.uniform(-np.pi, np.pi))


# -- Beta, and the normal distribution of logits --------------------------------------------------------


@problems("Beta", MAXIMUM, FEW)
def beta_small_shapes(rng):
    x = rng.beta(0.1, 0.1, rows(rng, 5, 300))
    return np.clip(x, 1e-200, 1.0 - 1e-15)


@problems("Beta", MAXIMUM, FEW)
def beta_huge_shapes(rng):
    a, b = 10.0 ** rng.uniform(2, 5, 2)
    return rng.beta(a, b, rows(rng, 3, 300))


@problems("Beta", MAXIMUM, FEW)
def beta_near_zero(rng):
    return 10.0 ** rng.uniform(-12, -3) * rng.random(rows(rng, 5, 300))


@problems("Beta", MAXIMUM, FEW)
def beta_of_two_clusters(rng):
    return np.r_[rng.uniform(0.0, 0.01, rows(rng, 3, 100)), rng.uniform(0.99, 1.0, rows(rng, 3, 100))]


@problems("Beta", MAXIMUM, FEW)
def beta_all_but_one_alike(rng):
    return np.r_[np.full(rows(rng, 2, 300), 0.5), rng.uniform(0.01, 0.99)]


@problems("Beta", MAXIMUM, FEW)
def beta_nearly_constant(rng):
    return rng.uniform(0.1, 0.9) + 10.0 ** rng.uniform(-4, -2) * rng.random(rows(rng, 2, 300))


@problems("Beta", NONE, FEW)
def beta_constant(rng):
    return np.full(rows(rng), rng.uniform(0.01, 0.99))


@problems("transformed(Normal, expit)", MAXIMUM, FEW)
def logit_normal_wide(rng):
    return 1.0 / (1.0 + np.exp(-rng.uniform(1.0, 8.0) * rng.standard_normal(rows(rng, 3, 300))))


@problems("transformed(Normal, expit)", NONE, FEW)
def logit_normal_constant(rng):
    return np.full(rows(rng), rng.uniform(0.01, 0.99))
