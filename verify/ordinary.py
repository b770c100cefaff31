"""Ordinary problems: data drawn from the family itself, some moved away from 0, of which a maximum exists.

That it exists is a condition on the sample, checked without the library: some count above 0, every category
seen, the variance of counts above their mean, the kurtosis of Student t data above 3 (light-tailed samples
of a t distribution have their supremum at the normal limit, rightly).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from verify.problems import dispersion_status, offset, scale
from verify.student_status import excess_kurtosis

Draw = Callable[[np.random.Generator, int], np.ndarray]


def _placed(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    unit = scale(rng)
    return offset(rng, unit) + unit * x


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


DRAWS: dict[str, Draw] = {
    "Normal": lambda rng, n: _placed(rng, rng.standard_normal(n)),
    "LogNormal": lambda rng, n: _moved(rng, np.exp(10.0 ** rng.uniform(-2, 0.7) * rng.standard_normal(n))),
    "Exponential": lambda rng, n: _moved(rng, rng.exponential(size=n)),
    "Gamma": lambda rng, n: _moved(rng, rng.gamma(10.0 ** rng.uniform(-0.5, 3), size=n)),
    "Weibull": lambda rng, n: _moved(rng, rng.weibull(10.0 ** rng.uniform(-0.5, 1.5), n)),
    "StudentT": lambda rng, n: _placed(rng, rng.standard_t(10.0 ** rng.uniform(0, 1), n)),
    "Poisson": lambda rng, n: rng.poisson(10.0 ** rng.uniform(-1, 6), n).astype(float),
    "NegativeBinomial": _negative_binomial,
    "Categorical": lambda rng, n: rng.choice(3, n, p=rng.dirichlet(np.full(3, 5.0))).astype(float),
    "MultivariateNormal": _multivariate_normal,
}

CONDITIONS: dict[str, Callable[[np.ndarray], bool]] = {
    "StudentT": lambda x: excess_kurtosis(x) > 0.0,
    "Poisson": lambda x: bool(x.max() > 0),
    "NegativeBinomial": lambda x: dispersion_status(x) == "maximum",
    "Categorical": lambda x: len(np.unique(x)) == 3,
}

OPTIONS: dict[str, dict[str, tuple[int, ...]]] = {"Categorical": {"categories": (0, 1, 2)}}


def ordinary(family: str, seed: int) -> np.ndarray:
    """Return the data of one problem, n from 20 to 10,000."""
    rng = np.random.default_rng([seed, sum(map(ord, family))])
    condition = CONDITIONS.get(family, lambda x: True)
    while True:
        x = DRAWS[family](rng, int(np.round(np.exp(rng.uniform(np.log(20), np.log(10_000))))))
        if condition(x):
            return x
