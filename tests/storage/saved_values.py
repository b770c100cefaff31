"""Values of every type that can be saved."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

import suffice as sf


def distributions() -> list[Any]:
    return [
        sf.Normal(mu=-0.0, sigma=5e-324),
        sf.LogNormal(mu=0.1, sigma=1.7976931348623157e308),
        sf.Exponential(rate=1 / 3),
        sf.Gamma(shape=4.008, rate=0.05443),
        sf.Weibull(shape=np.nextafter(1, 2), scale=2),
        sf.StudentT(location=1e-300, scale=2.5, df=np.inf),
        sf.Poisson(mean=0.0),
        sf.NegativeBinomial(mean=3.1, size=np.inf),
        sf.Categorical([0.1, 0.2, 0.7], [1, 2, 5]),
        sf.MultivariateNormal([0.1, -0.0], [[2.0, 0.3], [0.3, 0.5]]),
        sf.MultivariateStudentT([0.1, -0.0], [[2.0, 0.3], [0.3, 0.5]], df=np.inf),
        sf.Dirichlet([1e-300, 0.3, 1e300]),
        sf.Multinomial(7, [0.1, 0.2, 0.7]),
    ]


@cache
def fits() -> dict[str, Any]:
    rng = np.random.default_rng(20)
    rows = rng.normal(size=(120, 3)) * [1.0, 1e-6, 1e6] + 1e9
    heavy = np.random.default_rng(21).standard_t(3, size=(150, 3)) * [1.0, 1e-6, 1e6] + 1e3
    with_gaps = rng.gamma(2.0, 3.0, 90)
    with_gaps[[4, 7]] = np.nan
    return {
        "normal": sf.fit(sf.Normal, rows[:, 0]),
        "gamma without missing rows": sf.fit(sf.Gamma, with_gaps, missing="drop"),
        "weibull, one parameter fixed": sf.fit(sf.Weibull, rng.weibull(2.0, 100), fixed={"shape": 2}),
        "student t": sf.fit(sf.StudentT, rng.standard_t(4, 200)),
        "student t at its limit": sf.fit(sf.StudentT, rng.uniform(size=200)),
        "nothing free": sf.fit(sf.Exponential, [1.0, 2.0], fixed={"rate": 0.25}),
        "weighted": sf.fit(sf.LogNormal, [1.0, 2.0, 3.5], weights=[2.0, 1.0, 3.0]),
        "negative binomial": sf.fit(sf.NegativeBinomial, sf.datasets.path("toxocara")),
        "poisson at its bound": sf.fit(sf.Poisson, np.zeros(5)),
        "categorical": sf.fit(sf.Categorical, rng.integers(0, 4, 60).astype(float)),
        "multivariate normal": sf.fit(sf.MultivariateNormal, rows),
        "multivariate student t": sf.fit(sf.MultivariateStudentT, heavy[:, :2]),
        "multivariate student t at its limit": sf.fit(sf.MultivariateStudentT, rng.uniform(size=(200, 2))),
        "multivariate student t, df fixed": sf.fit(sf.MultivariateStudentT, heavy, fixed={"df": 3}),
        "dirichlet": sf.fit(sf.Dirichlet, rng.dirichlet([2.0, 0.7, 4.0], 60)),
        "multinomial": sf.fit(sf.Multinomial.of(n=9), rng.multinomial(9, [0.2, 0.5, 0.3], 60)),
        "spherical": sf.fit(sf.MultivariateNormal.of(covariance="spherical"), rows[:, :2]),
        "uniform": sf.fit(sf.Uniform, rng.uniform(size=30)),
        "pareto": sf.fit(sf.Pareto, np.exp(rng.exponential(size=30))),
        "laplace": sf.fit(sf.Laplace, rng.laplace(size=30)),
        "from a file": sf.fit(sf.Normal, sf.datasets.path("faithful"), columns="waiting"),
    }


def values() -> list[Any]:
    return [*distributions(), *fits().values()]
