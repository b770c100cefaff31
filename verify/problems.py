"""Generators of problems whose right status is known, by theory or by an independent search.

A generator is a function of a random generator that returns data; the decorator states its family and the
right status: "maximum", "boundary", "no finite maximum", or a function of the data that decides.
"""

from __future__ import annotations

import numpy as np

from verify.generators import BOUNDARY, MAXIMUM, NONE, placed, problems, rows, scale
from verify.statuses import dispersion_status
from verify.student_status import student_status

# -- Normal -----------------------------------------------------------------------------------------


@problems("Normal", MAXIMUM)
def normal_of_any_place(rng):
    return placed(rng, rng.standard_normal(rows(rng)))


@problems("Normal", MAXIMUM)
def normal_rounded_to_few_values(rng):
    return np.r_[1.0, 2.0, np.round(2.0 * rng.standard_normal(rows(rng)))] * scale(rng)


@problems("Normal", MAXIMUM)
def normal_of_two_far_points(rng):
    return placed(rng, np.r_[np.zeros(rows(rng)), 1.0])


@problems("Normal", NONE)
def normal_constant(rng):
    return np.full(rows(rng), placed(rng, np.ones(1))[0])


@problems("Normal", NONE)
def normal_one_row(rng):
    return placed(rng, rng.standard_normal(1))


# -- LogNormal --------------------------------------------------------------------------------------


@problems("LogNormal", MAXIMUM)
def log_normal_wide(rng):
    return scale(rng) * np.exp(8.0 * rng.standard_normal(rows(rng)))


@problems("LogNormal", MAXIMUM)
def log_normal_narrow(rng):
    return scale(rng) * np.exp(1e-4 * rng.standard_normal(rows(rng)))


@problems("LogNormal", NONE)
def log_normal_constant(rng):
    return np.full(rows(rng), scale(rng))


# -- Exponential ------------------------------------------------------------------------------------


@problems("Exponential", MAXIMUM)
def exponential_with_zeros(rng):
    x = rng.exponential(size=rows(rng))
    return np.r_[0.0, x] * scale(rng)


@problems("Exponential", MAXIMUM)
def exponential_constant(rng):
    return np.full(rows(rng), scale(rng))


@problems("Exponential", NONE)
def exponential_all_zeros(rng):
    return np.zeros(rows(rng))


# -- Gamma ------------------------------------------------------------------------------------------


@problems("Gamma", MAXIMUM)
def gamma_small_shape(rng):
    return np.maximum(rng.gamma(0.05, size=rows(rng)), 1e-200) * scale(rng)


@problems("Gamma", MAXIMUM)
def gamma_huge_shape(rng):
    return rng.gamma(10.0 ** rng.uniform(3, 15), size=rows(rng)) * scale(rng)


@problems("Gamma", MAXIMUM)
def gamma_contaminated(rng):
    n = rows(rng)
    return np.where(rng.random(n) < 0.05, 1e3, 1.0) * rng.gamma(2.0, size=n) * scale(rng)


@problems("Gamma", NONE)
def gamma_constant(rng):
    return np.full(rows(rng), scale(rng))


# -- Weibull ----------------------------------------------------------------------------------------


@problems("Weibull", MAXIMUM)
def weibull_small_shape(rng):
    return np.maximum(rng.weibull(rng.uniform(0.1, 0.5), rows(rng)), 1e-200) * scale(rng)


@problems("Weibull", MAXIMUM)
def weibull_huge_shape(rng):
    return rng.weibull(10.0 ** rng.uniform(1, 8), rows(rng)) * scale(rng)


@problems("Weibull", MAXIMUM)
def weibull_with_a_low_outlier(rng):
    return np.r_[1e-9, 1.0 + rng.weibull(3.0, rows(rng))] * scale(rng)


@problems("Weibull", NONE)
def weibull_constant(rng):
    return np.full(rows(rng), scale(rng))


# -- StudentT ---------------------------------------------------------------------------------------


@problems("StudentT", student_status)
def student_heavy_tailed(rng):
    return placed(rng, rng.standard_t(rng.uniform(1.0, 4.0), rows(rng, 20)))


@problems("StudentT", student_status)
def student_like_cauchy(rng):
    return placed(rng, rng.standard_t(rng.uniform(0.4, 1.0), rows(rng, 10)))


@problems("StudentT", student_status)
def student_two_clusters(rng):
    n = rows(rng, 6, 500)
    side = np.where(rng.random(n) < rng.uniform(0.2, 0.5), rng.uniform(3.0, 30.0), 0.0)
    return placed(rng, side + rng.standard_t(2.0, n))


@problems("StudentT", student_status)
def student_contaminated(rng):
    n = rows(rng, 10)
    return placed(rng, np.where(rng.random(n) < 0.1, 50.0, 1.0) * rng.standard_normal(n))


@problems("StudentT", student_status)
def student_tiny(rng):
    return placed(rng, rng.standard_t(1.5, int(rng.integers(5, 12))))


@problems("StudentT", student_status)
def student_rounded(rng):
    return np.round(3.0 * rng.standard_t(2.0, rows(rng, 30))) * scale(rng)


@problems("StudentT", student_status)
def student_partly_tied(rng):
    n = rows(rng, 20, 500)
    return np.where(rng.random(n) < rng.uniform(0.05, 0.8), 0.0, rng.standard_t(2.0, n)) * scale(rng)


@problems("StudentT", student_status)
def student_narrow_cluster(rng):
    n, share = rows(rng, 50, 3000), rng.uniform(0.1, 0.6)
    body = rng.choice([rng.standard_normal(n), rng.uniform(-3.0, 3.0, n), rng.lognormal(size=n)])
    narrow = rng.uniform(-1.0, 1.0) + 10.0 ** rng.uniform(-2.5, -0.5) * rng.standard_normal(n)
    return placed(rng, np.where(rng.random(n) < share, narrow, body))


@problems("StudentT", student_status)
def student_nearly_normal(rng):
    return placed(rng, rng.standard_normal(rows(rng, 20)))


@problems("StudentT", student_status)
def student_skewed(rng):
    return placed(rng, np.exp(rng.uniform(0.3, 2.0) * rng.standard_normal(rows(rng, 10))))


@problems("StudentT", student_status)
def student_uniform(rng):
    n = rows(rng, 20)
    return placed(rng, (np.arange(n) + 0.5) / n)


@problems("StudentT", student_status)
def student_two_points(rng):
    n = rows(rng, 10)
    return placed(rng, np.r_[np.zeros(n), np.ones(n)] + 0.2 * rng.uniform(-1.0, 1.0, 2 * n))


@problems("StudentT", student_status)
def student_arcsine(rng):
    n = rows(rng, 20)
    return placed(rng, np.cos(np.pi * (np.arange(n) + 0.5) / n))


@problems("StudentT", NONE)
def student_constant(rng):
    return np.full(rows(rng), placed(rng, np.ones(1))[0])


# -- Poisson ----------------------------------------------------------------------------------------


@problems("Poisson", MAXIMUM)
def poisson_rare(rng):
    return np.r_[1, rng.poisson(0.02, rows(rng))].astype(float)


@problems("Poisson", MAXIMUM)
def poisson_large(rng):
    return rng.poisson(10.0 ** rng.uniform(2, 6), rows(rng)).astype(float)


@problems("Poisson", MAXIMUM)
def poisson_constant(rng):
    return np.full(rows(rng), float(rng.integers(1, 1000)))


@problems("Poisson", BOUNDARY)
def poisson_all_zeros(rng):
    return np.zeros(rows(rng))


# -- NegativeBinomial: an interior maximum exists where the variance (divisor n) exceeds the mean (Levin and
# Reeds 1977), and only there ------------------------------------------------------------------------


@problems("NegativeBinomial", dispersion_status)
def negative_binomial_overdispersed(rng):
    size, mean = rng.uniform(0.3, 10.0), 10.0 ** rng.uniform(0, 3)
    return rng.negative_binomial(size, size / (size + mean), rows(rng, 10)).astype(float)


@problems("NegativeBinomial", dispersion_status)
def negative_binomial_mostly_zeros(rng):
    size, mean = 0.05, 10.0 ** rng.uniform(0, 3)
    return np.r_[0, 3, rng.negative_binomial(size, size / (size + mean), rows(rng, 10))].astype(float)


@problems("NegativeBinomial", dispersion_status)
def negative_binomial_nearly_poisson(rng):
    return rng.poisson(rng.uniform(0.5, 50.0), rows(rng, 10)).astype(float)


@problems("NegativeBinomial", NONE)
def negative_binomial_underdispersed(rng):
    # Odd and even numbers by turns around the mean: variance 1/4 at any n
    return np.arange(2 * rows(rng)) % 2 + float(rng.integers(1, 100))


@problems("NegativeBinomial", NONE)
def negative_binomial_variance_equals_mean(rng):
    # 0 and 2m by turns, m = 1: mean 1, variance 1
    return np.tile([0.0, 2.0], rows(rng))


@problems("NegativeBinomial", NONE)
def negative_binomial_constant(rng):
    return np.full(rows(rng), float(rng.integers(1, 1000)))


@problems("NegativeBinomial", BOUNDARY)
def negative_binomial_all_zeros(rng):
    return np.zeros(rows(rng))


# -- Categorical ------------------------------------------------------------------------------------


@problems("Categorical", MAXIMUM, categories=(0, 1, 2, 3))
def categorical_all_seen(rng):
    return np.r_[0, 1, 2, 3, rng.choice(4, rows(rng), p=[0.9, 0.05, 0.04, 0.01])].astype(float)


@problems("Categorical", BOUNDARY, categories=(0, 1, 2, 3, 4))
def categorical_one_unseen(rng):
    return np.r_[0, 1, 2, 3, rng.integers(0, 4, rows(rng))].astype(float)


@problems("Categorical", BOUNDARY, categories=(0, 1, 2))
def categorical_only_one_seen(rng):
    return np.full(rows(rng), float(rng.integers(0, 3)))


# -- MultivariateNormal -----------------------------------------------------------------------------


@problems("MultivariateNormal", MAXIMUM)
def multivariate_normal_of_unlike_units(rng):
    n = rows(rng, 10)
    units = 10.0 ** rng.uniform(-6, 6, 3)
    mix = rng.standard_normal((3, 3))
    return units * (rng.standard_normal((n, 3)) @ mix + 10.0 ** rng.uniform(-3, 5, 3))


@problems("MultivariateNormal", MAXIMUM)
def multivariate_normal_nearly_collinear(rng):
    a = rng.standard_normal(rows(rng, 10))
    return np.stack([a, a + 10.0 ** rng.uniform(-3, -1) * rng.standard_normal(len(a))], axis=1) * scale(rng)


@problems("MultivariateNormal", MAXIMUM)
def multivariate_normal_least_rows(rng):
    return rng.standard_normal((4, 3)) * scale(rng)


@problems("MultivariateNormal", NONE)
def multivariate_normal_collinear(rng):
    x = rng.integers(-50, 50, (rows(rng, 10), 2)).astype(float)
    return np.column_stack([x, x[:, 0] - 2.0 * x[:, 1]]) * 2.0 ** rng.integers(-20, 20)


@problems("MultivariateNormal", NONE)
def multivariate_normal_too_few_rows(rng):
    return rng.standard_normal((int(rng.integers(2, 5)), 4)) * scale(rng)


@problems("MultivariateNormal", NONE)
def multivariate_normal_constant_column(rng):
    x = rng.standard_normal((rows(rng), 3))
    x[:, 1] = scale(rng)
    return x
