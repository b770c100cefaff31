"""Problems of known status for further families of counts."""

from __future__ import annotations

import numpy as np

from verify.generators import BOUNDARY, MAXIMUM, NONE, problems, rows
from verify.statuses import (
    all_or_nothing,
    beta_binomial_status,
    zero_inflated_negative_binomial_status,
    zero_inflated_poisson_status,
)

FEW = 3

# -- Bernoulli, Binomial, Geometric -----------------------------------------------------------------------


@problems("Bernoulli", all_or_nothing, FEW)
def bernoulli_rare(rng):
    return np.r_[1.0, rng.random(rows(rng)) < 0.01].astype(float)


@problems("Bernoulli", BOUNDARY, FEW)
def bernoulli_all_alike(rng):
    return np.full(rows(rng), float(rng.integers(0, 2)))


@problems("Binomial", all_or_nothing, FEW, n=10)
def binomial_rare(rng):
    return np.r_[1, rng.binomial(10, 0.005, rows(rng))].astype(float)


@problems("Binomial", MAXIMUM, FEW, n=10)
def binomial_constant(rng):
    return np.full(rows(rng), float(rng.integers(1, 10)))


@problems("Binomial", BOUNDARY, FEW, n=10)
def binomial_all_or_nothing(rng):
    return np.full(rows(rng), 10.0 * rng.integers(0, 2))


@problems("Geometric", MAXIMUM, FEW)
def geometric_rare(rng):
    return np.r_[1.0, np.zeros(rows(rng))]


@problems("Geometric", MAXIMUM, FEW)
def geometric_large(rng):
    return rng.geometric(10.0 ** rng.uniform(-7, -1), rows(rng)) - 1.0 + 1.0


@problems("Geometric", BOUNDARY, FEW)
def geometric_all_zeros(rng):
    return np.zeros(rows(rng))


# -- Zipf -------------------------------------------------------------------------------------------------


@problems("Zipf", MAXIMUM, FEW)
def zipf_heavy(rng):
    return np.minimum(rng.zipf(rng.uniform(1.1, 1.5), rows(rng, 5, 500)), 2**52).astype(float)


@problems("Zipf", MAXIMUM, FEW)
def zipf_mostly_ones(rng):
    return np.r_[2.0, np.ones(rows(rng))]


@problems("Zipf", MAXIMUM, FEW)
def zipf_constant(rng):
    return np.full(rows(rng), float(rng.integers(2, 1000)))


@problems("Zipf", BOUNDARY, FEW)
def zipf_all_ones(rng):
    return np.ones(rows(rng))


# -- BetaBinomial: the binomial limit where rows vary no more than that ------------------------------------


@problems("BetaBinomial", beta_binomial_status, FEW, n=10)
def beta_binomial_overdispersed(rng):
    s = 10.0 ** rng.uniform(-1, 1.5)
    return rng.binomial(10, rng.beta(0.3 * s, 0.7 * s, rows(rng, 5, 500))).astype(float)


@problems("BetaBinomial", beta_binomial_status, FEW, n=10)
def beta_binomial_nearly_binomial(rng):
    return rng.binomial(10, rng.uniform(0.05, 0.95), rows(rng, 5, 500)).astype(float)


@problems("BetaBinomial", beta_binomial_status, FEW, n=10)
def beta_binomial_underdispersed(rng):
    return 4.0 + np.arange(rows(rng, 5, 500)) % 2


@problems("BetaBinomial", beta_binomial_status, FEW, n=10)
def beta_binomial_mostly_all_or_nothing(rng):
    n = rows(rng, 5, 500)
    return np.r_[5.0, 10.0 * (rng.random(n) < 0.3)]


@problems("BetaBinomial", NONE, FEW, n=10)
def beta_binomial_all_or_nothing(rng):
    return np.r_[0.0, 10.0, 10.0 * (rng.random(rows(rng, 5, 500)) < 0.3)]


@problems("BetaBinomial", BOUNDARY, FEW, n=10)
def beta_binomial_constant_at_an_end(rng):
    return np.full(rows(rng), 10.0 * rng.integers(0, 2))


@problems("BetaBinomial", NONE, FEW, n=10)
def beta_binomial_constant(rng):
    return np.full(rows(rng), float(rng.integers(1, 10)))


@problems("BetaBinomial", NONE, FEW, n=1)
def beta_binomial_of_one_trial(rng):
    return np.r_[0.0, 1.0, (rng.random(rows(rng)) < 0.3)].astype(float)


@problems("BetaBinomial", beta_binomial_status, FEW, n=2)
def beta_binomial_of_two_trials(rng):
    return rng.binomial(2, rng.beta(1.0, 2.0, rows(rng, 5, 500))).astype(float)


# -- ZeroInflatedPoisson -----------------------------------------------------------------------------------


@problems("ZeroInflatedPoisson", zero_inflated_poisson_status, FEW)
def zero_inflated_poisson_mostly_zeros(rng):
    n = rows(rng, 10, 500)
    return np.r_[7.0, 5.0, rng.poisson(5.0, n) * (rng.random(n) < 0.05)].astype(float)


@problems("ZeroInflatedPoisson", zero_inflated_poisson_status, FEW)
def zero_inflated_poisson_of_poisson(rng):
    return rng.poisson(rng.uniform(0.3, 5.0), rows(rng, 5, 500)).astype(float)


@problems("ZeroInflatedPoisson", zero_inflated_poisson_status, FEW)
def zero_inflated_poisson_no_zeros(rng):
    return 1.0 + rng.poisson(rng.uniform(0.3, 50.0), rows(rng, 5, 500))


@problems("ZeroInflatedPoisson", zero_inflated_poisson_status, FEW)
def zero_inflated_poisson_zeros_and_ones(rng):
    return np.r_[0.0, 1.0, (rng.random(rows(rng, 5, 500)) < 0.3)].astype(float)


@problems("ZeroInflatedPoisson", zero_inflated_poisson_status, FEW)
def zero_inflated_poisson_large(rng):
    n = rows(rng, 5, 500)
    return np.r_[0.0, rng.poisson(10.0 ** rng.uniform(2, 4), n) * (rng.random(n) < 0.5)].astype(float)


@problems("ZeroInflatedPoisson", BOUNDARY, FEW)
def zero_inflated_poisson_all_zeros(rng):
    return np.zeros(rows(rng))


# -- ZeroInflatedNegativeBinomial: three limits ---------------------------------------------------------------


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts(rng):
    n, size, mean = rows(rng, 20, 500), rng.uniform(1.0, 8.0), rng.uniform(2.0, 30.0)
    return rng.negative_binomial(size, size / (size + mean), n) * (rng.random(n) < 0.6) + 0.0


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_of_negative_binomial(rng):
    return rng.negative_binomial(2.0, 2.0 / (2.0 + 5.0), rows(rng, 10, 500)) + 0.0


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_of_poisson(rng):
    return rng.poisson(rng.uniform(0.5, 8.0), rows(rng, 10, 500)) + 0.0


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_of_inflated_poisson(rng):
    n = rows(rng, 10, 500)
    return np.r_[0.0, 3.0, rng.poisson(6.0, n) * (rng.random(n) < 0.5)]


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_underdispersed(rng):
    n = rows(rng, 10, 500)
    return np.where(rng.random(n) < 0.3, 0.0, 5.0 + np.arange(n) % 2)


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_without_zeros(rng):
    return 1.0 + rng.negative_binomial(2.0, 0.2, rows(rng, 10, 500))


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_mostly_zeros(rng):
    return np.r_[1.0, 4.0, 9.0, np.zeros(rows(rng, 10, 500))]


@problems("ZeroInflatedNegativeBinomial", zero_inflated_negative_binomial_status, FEW)
def zero_inflated_counts_zeros_and_ones(rng):
    return np.r_[0.0, 1.0, (rng.random(rows(rng, 5, 500)) < 0.3)].astype(float)


@problems("ZeroInflatedNegativeBinomial", BOUNDARY, FEW)
def zero_inflated_counts_all_zeros(rng):
    return np.zeros(rows(rng))


# -- truncated Poisson: all ones have their supremum at mean 0, which is no truncated Poisson variable -------


@problems("truncated(Poisson, lower=1)", MAXIMUM, FEW)
def truncated_poisson_rare(rng):
    return np.r_[2.0, np.ones(rows(rng, 3, 500))]


@problems("truncated(Poisson, lower=1)", MAXIMUM, FEW)
def truncated_poisson_large(rng):
    return np.maximum(rng.poisson(10.0 ** rng.uniform(1, 5), rows(rng, 3, 500)), 1.0)


@problems("truncated(Poisson, lower=1)", NONE, FEW)
def truncated_poisson_all_ones(rng):
    return np.ones(rows(rng))
