"""Problems of known status for families of positive values."""

from __future__ import annotations

import numpy as np

from verify.generators import BOUNDARY, MAXIMUM, NONE, REFUSED, problems, rows, scale
from verify.statuses import burr_status, generalized_pareto_status, gompertz_status, truncated_normal_status

FEW = 3


def _constant(rng):
    return np.full(rows(rng), scale(rng))


for _family in ("InverseGamma", "InverseGaussian", "LogLogistic", "Pareto", "Gompertz", "BurrXII"):
    problems(_family, NONE, FEW, named=f"{_family} constant")(_constant)


def _all_but_one_alike(rng):
    x = np.ones(rows(rng, 3, 300))
    x[0] = np.exp(rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-3, 1))
    return x * scale(rng)


def _two_rows(rng):
    return scale(rng) * np.exp(rng.standard_normal(2))


_ONE_MAXIMUM = dict.fromkeys(("InverseGamma", "InverseGaussian", "LogLogistic", "ChiSquared", "Rayleigh"), MAXIMUM)
for _family, _right in {
    **_ONE_MAXIMUM,
    "Pareto": BOUNDARY,
    "Gompertz": gompertz_status,
    "BurrXII": burr_status,
}.items():
    if _family != "Gompertz":  # whose rate may be too small for doubles, see below
        problems(_family, _right, FEW, named=f"{_family} all but one alike")(_all_but_one_alike)
    if _family != "ChiSquared":  # of which the scale is known
        problems(_family, _right, FEW, named=f"{_family} of two rows")(_two_rows)


def _above_zero(x):
    return np.maximum(x, 1e-200)


# -- InverseGamma, InverseGaussian, LogLogistic: one maximum for any data that vary ---------------------


@problems("InverseGamma", MAXIMUM, FEW)
def inverse_gamma_small_shape(rng):
    return scale(rng) / _above_zero(rng.gamma(0.1, size=rows(rng, 3, 500)))


@problems("InverseGamma", MAXIMUM, FEW)
def inverse_gamma_huge_shape(rng):
    return scale(rng) / rng.gamma(10.0 ** rng.uniform(3, 10), size=rows(rng, 3, 500))


@problems("InverseGamma", MAXIMUM, FEW)
def inverse_gamma_contaminated(rng):
    n = rows(rng, 5, 500)
    return scale(rng) * np.where(rng.random(n) < 0.1, 1e-3, 1.0) / rng.gamma(2.0, size=n)


@problems("InverseGaussian", MAXIMUM, FEW)
def inverse_gaussian_small_shape(rng):
    return _above_zero(rng.wald(1.0, 10.0 ** rng.uniform(-3, -1), rows(rng, 3, 500))) * scale(rng)


@problems("InverseGaussian", MAXIMUM, FEW)
def inverse_gaussian_huge_shape(rng):
    return rng.wald(1.0, 10.0 ** rng.uniform(3, 9), rows(rng, 3, 500)) * scale(rng)


@problems("InverseGaussian", MAXIMUM, FEW)
def inverse_gaussian_with_a_low_outlier(rng):
    return np.r_[1e-9, 1.0 + rng.random(rows(rng, 3, 500))] * scale(rng)


@problems("LogLogistic", MAXIMUM, FEW)
def log_logistic_wide(rng):
    return scale(rng) * np.exp(rng.uniform(3.0, 15.0) * rng.logistic(size=rows(rng, 3, 500)))


@problems("LogLogistic", MAXIMUM, FEW)
def log_logistic_narrow(rng):
    return scale(rng) * np.exp(10.0 ** rng.uniform(-8, -3) * rng.logistic(size=rows(rng, 3, 500)))


@problems("LogLogistic", MAXIMUM, FEW)
def log_logistic_of_two_values(rng):
    return np.r_[np.ones(rows(rng, 3, 300)), 50.0] * scale(rng)


# -- families of one parameter: a maximum always, or unless all is 0 ------------------------------------


@problems("ChiSquared", MAXIMUM, FEW)
def chi_squared_small(rng):
    return _above_zero(rng.chisquare(10.0 ** rng.uniform(-2, 0), rows(rng, 1, 500)))


@problems("ChiSquared", MAXIMUM, FEW)
def chi_squared_huge(rng):
    return rng.chisquare(10.0 ** rng.uniform(2, 5), rows(rng, 1, 500))


@problems("ChiSquared", MAXIMUM, FEW)
def chi_squared_constant(rng):
    return np.full(rows(rng), 10.0 ** rng.uniform(-3, 3))


@problems("Rayleigh", MAXIMUM, FEW)
def rayleigh_contaminated(rng):
    n = rows(rng, 1, 500)
    return np.where(rng.random(n) < 0.05, 100.0, 1.0) * rng.rayleigh(size=n) * scale(rng)


@problems("Rayleigh", MAXIMUM, FEW)
def rayleigh_constant(rng):
    return np.full(rows(rng), scale(rng))


@problems("HalfNormal", MAXIMUM, FEW)
def half_normal_with_zeros(rng):
    return np.r_[0.0, 0.0, np.abs(rng.standard_normal(rows(rng, 1, 500)))] * scale(rng)


@problems("HalfNormal", MAXIMUM, FEW)
def half_normal_constant(rng):
    return np.full(rows(rng), scale(rng))


@problems("HalfNormal", NONE, FEW)
def half_normal_all_zeros(rng):
    return np.zeros(rows(rng))


# -- Pareto: the smallest row ---------------------------------------------------------------------------


@problems("Pareto", BOUNDARY, FEW)
def pareto_heavy(rng):
    return (1.0 + rng.pareto(rng.uniform(0.1, 1.0), rows(rng, 2, 500))) * scale(rng)


@problems("Pareto", BOUNDARY, FEW)
def pareto_nearly_constant(rng):
    return (1.0 + 10.0 ** rng.uniform(-9, -3) * rng.exponential(size=rows(rng, 2, 500))) * scale(rng)


@problems("Pareto", BOUNDARY, FEW)
def pareto_of_log_normal(rng):
    return np.exp(rng.standard_normal(rows(rng, 2, 500))) * scale(rng)


# -- GeneralizedPareto: the best point of the region is sought apart ------------------------------------


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_heavy(rng):
    return rng.pareto(rng.uniform(0.3, 3.0), rows(rng, 5, 300)) * scale(rng)


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_exponential(rng):
    return rng.exponential(size=rows(rng, 5, 300)) * scale(rng)


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_bounded(rng):
    return rng.beta(1.0, rng.uniform(1.2, 4.0), rows(rng, 5, 300)) * scale(rng)


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_uniform(rng):
    return rng.random(rows(rng, 5, 300)) * scale(rng)


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_with_zeros(rng):
    n = rows(rng, 10, 300)
    return np.where(rng.random(n) < rng.uniform(0.05, 0.6), 0.0, rng.exponential(size=n)) * scale(rng) + 0.0


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_tiny(rng):
    return rng.exponential(size=int(rng.integers(2, 6))) * scale(rng)


@problems("GeneralizedPareto", generalized_pareto_status, FEW, threshold=0.0)
def excesses_far_from_the_threshold(rng):
    return (3.0 + rng.random(rows(rng, 5, 300))) * scale(rng)


@problems("GeneralizedPareto", NONE, FEW, threshold=0.0)
def excesses_all_zero(rng):
    return np.zeros(rows(rng))


# -- Gompertz: a maximum where the data vary less than exponential ones, else b = 0 --------------------


@problems("Gompertz", gompertz_status, FEW)
def gompertz_decreasing_hazard(rng):
    return _above_zero(rng.weibull(rng.uniform(0.2, 0.9), rows(rng, 5, 500))) * scale(rng)


@problems("Gompertz", gompertz_status, FEW)
def gompertz_exponential(rng):
    return rng.exponential(size=rows(rng, 5, 500)) * scale(rng)


def _gompertz_of_width(rng, least, most):
    return (1.0 - 10.0 ** rng.uniform(least, most) * rng.gumbel(size=rows(rng, 3, 500)).clip(-5, 9)) * scale(rng)


@problems("Gompertz", MAXIMUM, FEW)
def gompertz_narrow(rng):
    return _gompertz_of_width(rng, -2.3, -1.0)


@problems("Gompertz", REFUSED, FEW)
def gompertz_too_narrow_for_doubles(rng):
    # the rate of the maximum is below 1e-150, which the library says
    return _gompertz_of_width(rng, -6.0, -3.2)


@problems("Gompertz", gompertz_status, FEW)
def gompertz_contaminated(rng):
    n = rows(rng, 5, 500)
    return np.where(rng.random(n) < 0.05, 3.0, 1.0) * (1.0 + rng.random(n)) * scale(rng)


@problems("Gompertz", gompertz_status, FEW)
def gompertz_all_but_one_alike(rng):
    x = np.ones(rows(rng, 3, 50))
    x[0] = rng.uniform(0.0, 0.9)
    return x * scale(rng)


@problems("Gompertz", NONE, FEW)
def gompertz_all_zeros(rng):
    return np.zeros(rows(rng))


# -- BurrXII: Weibull and Pareto limits ------------------------------------------------------------------


@problems("BurrXII", burr_status, FEW)
def burr_of_pareto(rng):
    return (1.0 + rng.pareto(rng.uniform(0.5, 4.0), rows(rng, 5, 300))) * scale(rng)


@problems("BurrXII", burr_status, FEW)
def burr_of_weibull(rng):
    return rng.weibull(rng.uniform(0.5, 5.0), rows(rng, 10, 300)) * scale(rng)


@problems("BurrXII", burr_status, FEW)
def burr_of_log_logistic(rng):
    return np.exp(rng.logistic(size=rows(rng, 10, 300)) / rng.uniform(0.5, 5.0)) * scale(rng)


@problems("BurrXII", burr_status, FEW)
def burr_tiny(rng):
    return np.exp(rng.standard_normal(int(rng.integers(3, 8)))) * scale(rng)


@problems("BurrXII", burr_status, FEW)
def burr_contaminated(rng):
    n = rows(rng, 20, 300)
    return np.where(rng.random(n) < 0.1, 1e3, 1.0) * rng.weibull(2.0, n) * scale(rng)


@problems("BurrXII", burr_status, FEW)
def burr_rounded(rng):
    return (1.0 + np.round(4.0 * rng.exponential(size=rows(rng, 20, 300)))) * scale(rng)


# -- truncated Normal: the exponential limit --------------------------------------------------------------


@problems("truncated(Normal, lower=0)", truncated_normal_status, FEW)
def truncated_normal_of_half_normal(rng):
    return np.abs(rng.standard_normal(rows(rng, 5, 300))) * scale(rng)


@problems("truncated(Normal, lower=0)", truncated_normal_status, FEW)
def truncated_normal_of_exponential(rng):
    return rng.exponential(size=rows(rng, 5, 300)) * scale(rng)


@problems("truncated(Normal, lower=0)", truncated_normal_status, FEW)
def truncated_normal_of_heavy_tails(rng):
    return rng.exponential(size=rows(rng, 5, 300)) ** 2 * scale(rng)


@problems("truncated(Normal, lower=0)", MAXIMUM, FEW)
def truncated_normal_far_inside(rng):
    return (10.0 + rng.standard_normal(rows(rng, 3, 300))) * scale(rng)
