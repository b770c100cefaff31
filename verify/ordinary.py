"""Ordinary problems: data drawn from the family itself, some moved away from 0, of which a maximum exists.

That it exists is a condition on the sample, checked without the library: some count above 0, every category
seen, the variance of counts above their mean, the kurtosis of Student t data above 3 (light-tailed samples
of a t distribution have their supremum at the normal limit, rightly). Where only a search can tell, samples of up
to 300 rows are searched; larger ones of these families are taken as they come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from verify import statuses
from verify.generators import BOUNDARY, KINK, offset, placed, scale
from verify.student_status import excess_kurtosis

Draw = Callable[[np.random.Generator, int], np.ndarray]


def _moved(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """Return positive x on a random scale, in half of the problems moved away from 0 by up to 1e9 deviations."""
    away = x.std() * 10.0 ** rng.uniform(0, 9) if rng.random() < 0.5 else 0.0
    return scale(rng) * (away + x)


def _negative_binomial(rng: np.random.Generator, n: int) -> np.ndarray:
    size, mean = 10.0 ** rng.uniform(-1, 1.5), 10.0 ** rng.uniform(-1, 4)
    return rng.negative_binomial(size, size / (size + mean), n).astype(float)


def _multivariate_normal(rng: np.random.Generator, n: int) -> np.ndarray:
    d = int(rng.integers(2, 7))
    units = 10.0 ** rng.uniform(-6, 6, d)
    far = np.array([offset(rng, unit) for unit in units])
    return far + units * (rng.standard_normal((n, d)) @ rng.standard_normal((d, d)))


def _unit_gumbel(rng: np.random.Generator, n: int, shape: float) -> np.ndarray:
    y = rng.gumbel(size=n)
    return np.expm1(shape * y) / shape


def _skew_normal(rng: np.random.Generator, n: int) -> np.ndarray:
    shape = rng.uniform(1.5, 4.0) * rng.choice([-1.0, 1.0])
    z = shape * np.abs(rng.standard_normal(n)) + rng.standard_normal(n)
    return z / np.hypot(1.0, shape)


def _generalized_normal(rng: np.random.Generator, n: int) -> np.ndarray:
    shape = rng.uniform(1.5, 6.0)
    return rng.gamma(1.0 / shape, size=n) ** (1.0 / shape) * rng.choice([-1.0, 1.0], n)


def _excess(rng: np.random.Generator, n: int, shape: float) -> np.ndarray:
    return np.expm1(shape * rng.exponential(size=n)) / shape


def _above(x: np.ndarray, n: int) -> np.ndarray:
    return x[x > 0][:n].astype(float)


def _gompertz(rng: np.random.Generator, n: int) -> np.ndarray:
    ratio = 10.0 ** rng.uniform(-4, 0)
    return np.log1p(rng.exponential(size=n) / ratio) * scale(rng)


def _burr(rng: np.random.Generator, n: int) -> np.ndarray:
    shape, tail = rng.uniform(1.0, 8.0), rng.uniform(0.3, 3.0)
    return np.expm1(rng.exponential(size=n) / tail) ** (1.0 / shape) * scale(rng)


def _beta_binomial(rng: np.random.Generator, n: int) -> np.ndarray:
    p, s = rng.uniform(0.1, 0.9), 10.0 ** rng.uniform(0, 1.3)
    return rng.binomial(10, rng.beta(p * s, (1.0 - p) * s, n)).astype(float)


def _inflated(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    return np.where(rng.random(len(x)) < rng.uniform(0.1, 0.8), 0.0, x)


def _zero_inflated(rng: np.random.Generator, n: int) -> np.ndarray:
    size, mean = rng.uniform(1.0, 10.0), rng.uniform(3.0, 50.0)
    return _inflated(rng, rng.negative_binomial(size, size / (size + mean), n))


def _multivariate_student(rng: np.random.Generator, n: int) -> np.ndarray:
    df = rng.uniform(2.0, 10.0)
    x = _multivariate_normal(rng, n)
    middle = x.mean(axis=0)
    return middle + (x - middle) / np.sqrt(rng.chisquare(df, n) / df)[:, None]


DRAWS: dict[str, Draw] = {
    "Normal": lambda rng, n: placed(rng, rng.standard_normal(n)),
    "LogNormal": lambda rng, n: _moved(rng, np.exp(10.0 ** rng.uniform(-2, 0.7) * rng.standard_normal(n))),
    "Exponential": lambda rng, n: _moved(rng, rng.exponential(size=n)),
    "Gamma": lambda rng, n: _moved(rng, rng.gamma(10.0 ** rng.uniform(-0.5, 3), size=n)),
    "Weibull": lambda rng, n: _moved(rng, rng.weibull(10.0 ** rng.uniform(-0.5, 1.5), n)),
    "StudentT": lambda rng, n: placed(rng, rng.standard_t(10.0 ** rng.uniform(0, 1), n)),
    "Poisson": lambda rng, n: rng.poisson(10.0 ** rng.uniform(-1, 6), n).astype(float),
    "NegativeBinomial": _negative_binomial,
    "Categorical": lambda rng, n: rng.choice(3, n, p=rng.dirichlet(np.full(3, 5.0))).astype(float),
    "MultivariateNormal": _multivariate_normal,
    "Gumbel": lambda rng, n: placed(rng, rng.gumbel(size=n)),
    "Logistic": lambda rng, n: placed(rng, rng.logistic(size=n)),
    "Cauchy": lambda rng, n: placed(rng, rng.standard_cauchy(n)),
    "Laplace": lambda rng, n: placed(rng, rng.laplace(size=n)),
    "Uniform": lambda rng, n: placed(rng, rng.random(n)),
    "GeneralizedExtremeValue": lambda rng, n: placed(rng, _unit_gumbel(rng, n, rng.uniform(-0.2, 0.5))),
    "SkewNormal": lambda rng, n: placed(rng, _skew_normal(rng, n)),
    "GeneralizedNormal": lambda rng, n: placed(rng, _generalized_normal(rng, n)),
    "VonMises": lambda rng, n: rng.vonmises(rng.uniform(-np.pi, np.pi), 10.0 ** rng.uniform(-1, 3), n),
    "Beta": lambda rng, n: rng.beta(*(10.0 ** rng.uniform(-0.3, 2, 2)), n).clip(1e-300, 1.0 - 1e-16),
    "InverseGamma": lambda rng, n: _moved(rng, 1.0 / rng.gamma(10.0 ** rng.uniform(-0.3, 3), size=n)),
    "InverseGaussian": lambda rng, n: _moved(rng, rng.wald(1.0, 10.0 ** rng.uniform(-1, 3), n)),
    "LogLogistic": lambda rng, n: _moved(rng, np.exp(rng.logistic(size=n) / 10.0 ** rng.uniform(-0.5, 2))),
    "ChiSquared": lambda rng, n: rng.chisquare(10.0 ** rng.uniform(-0.3, 4), n),
    "Rayleigh": lambda rng, n: _moved(rng, rng.rayleigh(size=n)),
    "HalfNormal": lambda rng, n: _moved(rng, np.abs(rng.standard_normal(n))),
    "Pareto": lambda rng, n: scale(rng) * (1.0 + rng.pareto(10.0 ** rng.uniform(-0.3, 2), n)),
    "GeneralizedPareto": lambda rng, n: scale(rng) * _excess(rng, n, rng.uniform(-0.2, 0.8)),
    "Gompertz": _gompertz,
    "BurrXII": _burr,
    "truncated(Normal, lower=0)": lambda rng, n: scale(rng) * np.abs(rng.uniform(1.0, 6.0) + rng.standard_normal(n)),
    "transformed(Normal, expit)": lambda rng, n: special.expit(rng.uniform(-3, 3) + rng.standard_normal(n)),
    "Bernoulli": lambda rng, n: (rng.random(n) < rng.uniform(0.02, 0.98)).astype(float),
    "Binomial": lambda rng, n: rng.binomial(10, rng.uniform(0.02, 0.98), n).astype(float),
    "Geometric": lambda rng, n: rng.geometric(10.0 ** rng.uniform(-4, -0.1), n) - 1.0,
    "Zipf": lambda rng, n: rng.zipf(rng.uniform(1.5, 4.0), n).clip(1, 2**52).astype(float),
    "BetaBinomial": _beta_binomial,
    "ZeroInflatedPoisson": lambda rng, n: _inflated(rng, rng.poisson(10.0 ** rng.uniform(-0.3, 3), n)),
    "ZeroInflatedNegativeBinomial": _zero_inflated,
    "truncated(Poisson, lower=1)": lambda rng, n: _above(rng.poisson(10.0 ** rng.uniform(-0.3, 4), 20 * n), n),
    "MultivariateStudentT": _multivariate_student,
    "Dirichlet": lambda rng, n: rng.dirichlet(10.0 ** rng.uniform(0, 2, 4), n),
    "Multinomial": lambda rng, n: rng.multinomial(5, rng.dirichlet(np.full(3, 5.0)), n).astype(float),
}

MOST_SEARCHED = 300


def _is_maximum(status: Callable[[np.ndarray], str]) -> Callable[[np.ndarray], bool]:
    return lambda x: status(x) == "maximum"


def _searched(status: Callable[[np.ndarray], str]) -> Callable[[np.ndarray], bool]:
    return lambda x: len(x) > MOST_SEARCHED or status(x) == "maximum"


CONDITIONS: dict[str, Callable[[np.ndarray], bool]] = {
    "StudentT": lambda x: excess_kurtosis(x) > 0.0,
    "Poisson": lambda x: bool(x.max() > 0),
    "NegativeBinomial": lambda x: statuses.dispersion_status(x) == "maximum",
    "Categorical": lambda x: len(np.unique(x)) == 3,
    "GeneralizedExtremeValue": _searched(statuses.generalized_extreme_value_status),
    "GeneralizedPareto": _searched(statuses.generalized_pareto_status),
    "SkewNormal": _searched(statuses.skew_normal_status),
    "GeneralizedNormal": _searched(statuses.generalized_normal_status),
    "BurrXII": _searched(statuses.burr_status),
    "Gompertz": _is_maximum(statuses.gompertz_status),
    "truncated(Normal, lower=0)": _is_maximum(statuses.truncated_normal_status),
    "Bernoulli": _is_maximum(statuses.all_or_nothing),
    "Binomial": _is_maximum(lambda x: statuses.all_or_nothing(x, 10)),
    "Geometric": lambda x: bool(x.max() > 0),
    "Zipf": lambda x: bool(x.max() > 1),
    "BetaBinomial": _is_maximum(lambda x: statuses.beta_binomial_status(x, 10)),
    "ZeroInflatedPoisson": _is_maximum(statuses.zero_inflated_poisson_status),
    "ZeroInflatedNegativeBinomial": _is_maximum(statuses.zero_inflated_negative_binomial_status),
    "truncated(Poisson, lower=1)": lambda x: bool(x.max() > 1),
    "MultivariateStudentT": lambda x: statuses.mardia_excess(x) > 0.0,
    "Multinomial": _is_maximum(statuses.all_seen_status),
}

OPTIONS: dict[str, dict[str, Any]] = {
    "Categorical": {"categories": (0, 1, 2)},
    "Binomial": {"n": 10},
    "BetaBinomial": {"n": 10},
    "Multinomial": {"n": 5},
    "GeneralizedPareto": {"threshold": 0.0},
}

# The status that a family has for any data that vary, where that is not "maximum".
STATUSES = {"Laplace": KINK, "Uniform": BOUNDARY, "Pareto": BOUNDARY}

# Fewer problems of the families that came later, and fewer still where the condition or the fit is slow.
EARLY = ("Normal", "LogNormal", "Exponential", "Gamma", "Weibull", "StudentT", "Poisson", "NegativeBinomial",
         "Categorical", "MultivariateNormal")  # fmt: skip
SLOW = ("GeneralizedExtremeValue", "GeneralizedPareto", "SkewNormal", "GeneralizedNormal", "BurrXII",
        "ZeroInflatedNegativeBinomial", "MultivariateStudentT")  # fmt: skip


def problems_of(family: str) -> int:
    """Return how many ordinary problems are made of a family."""
    return 110 if family in EARLY else 30 if family in SLOW else 60


def ordinary(family: str, seed: int) -> np.ndarray:
    """Return the data of one problem, n from 20 to 10,000."""
    rng = np.random.default_rng([seed, sum(map(ord, family))])
    condition = CONDITIONS.get(family, lambda x: True)
    while True:
        x = DRAWS[family](rng, int(np.round(np.exp(rng.uniform(np.log(20), np.log(10_000))))))
        if condition(x):
            return x
