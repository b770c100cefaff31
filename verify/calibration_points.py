"""The families whose intervals and tests are calibrated, each at an interior point of ordinary shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

import suffice as sf


@dataclass(frozen=True, slots=True)
class Point:
    """A family, a model of it, and what is known to keep its figures from their nominal values.

    Parameters
    ----------
    family : what is fitted
    truth : the model that makes the data
    reasons : by "size" or a parameter, why its figure at n = 100 is off
    errors : θ (m, p), n → the standard errors (m, p), where they do not come from the observed information
    exact : whether the intervals of the parameters are exact ones, which stand in the column of profile intervals
    """

    family: Any
    truth: Any
    reasons: dict[str, str] = field(default_factory=dict)
    errors: Any = None
    exact: bool = False


def value_of(truth: Any, name: str) -> float:
    """Return the parameter of a model that has a name such as "df" or "covariance[0,1]"."""
    attribute, _, place = name.partition("[")
    value = getattr(truth, attribute)
    return float(value[tuple([int(i) for i in place[:-1].split(",")])] if place else value)


def _of_laplace(theta: np.ndarray, n: int) -> np.ndarray:
    """Return the standard errors by the expected information: scale/√n for either parameter."""
    return np.repeat(theta[:, 1:] / np.sqrt(n), 2, axis=1)


HALF_NORMAL = (
    "in one sample of twenty the maximum is at the half-normal limit, and near it the likelihood is far from "
    "quadratic; at n = 1,000 it is what it should be"
)
NEARLY_UNIFORM = (
    "the estimates of the shape have a long tail towards the uniform distribution, where the likelihood is far from "
    "quadratic; at n = 1,000 it is what it should be"
)

POINTS = (
    Point(sf.Normal, sf.Normal(5, 2)),
    Point(sf.LogNormal, sf.LogNormal(1, 0.5)),
    Point(sf.Exponential, sf.Exponential(0.5)),
    Point(sf.Gamma, sf.Gamma(3, 0.5)),
    Point(sf.InverseGamma, sf.InverseGamma(4, 6)),
    Point(sf.ChiSquared, sf.ChiSquared(5)),
    Point(sf.Weibull, sf.Weibull(1.7, 3)),
    Point(sf.Rayleigh, sf.Rayleigh(2)),
    Point(sf.HalfNormal, sf.HalfNormal(2)),
    Point(sf.InverseGaussian, sf.InverseGaussian(3, 6)),
    Point(sf.LogLogistic, sf.LogLogistic(3, 2)),
    Point(sf.Beta, sf.Beta(2, 3)),
    Point(sf.Gumbel, sf.Gumbel(3, 2)),
    Point(sf.Logistic, sf.Logistic(3, 2)),
    Point(sf.Cauchy, sf.Cauchy(3, 2)),
    Point(sf.StudentT, sf.StudentT(1, 2, 4)),
    Point(sf.GeneralizedExtremeValue, sf.GeneralizedExtremeValue(10, 3, 0.1)),
    Point(sf.GeneralizedPareto, sf.GeneralizedPareto(2, 0.2)),
    Point(sf.Poisson, sf.Poisson(3)),
    Point(sf.Binomial.of(n=10), sf.Binomial(10, 0.3)),
    Point(sf.Bernoulli, sf.Bernoulli(0.3)),
    Point(sf.Geometric, sf.Geometric(0.3)),
    Point(sf.NegativeBinomial, sf.NegativeBinomial(5, 2)),
    Point(sf.ZeroInflatedPoisson, sf.ZeroInflatedPoisson(3, 0.3)),
    Point(sf.Laplace, sf.Laplace(3, 2), errors=_of_laplace),
    Point(sf.Uniform, sf.Uniform(1, 4), exact=True),
    Point(sf.Pareto, sf.Pareto(2, 3), exact=True),
    Point(sf.VonMises, sf.VonMises(0.5, 2)),
    Point(sf.SkewNormal, sf.SkewNormal(3, 2, 4), {"location": HALF_NORMAL, "shape": HALF_NORMAL}),
    Point(sf.GeneralizedNormal, sf.GeneralizedNormal(3, 2, 3), {"shape": NEARLY_UNIFORM, "size": NEARLY_UNIFORM}),
    Point(sf.Gompertz, sf.Gompertz(0.1, 0.3)),
    Point(sf.BurrXII, sf.BurrXII(3, 2, 4)),
    Point(sf.BetaBinomial.of(n=10), sf.BetaBinomial(10, 0.3, 5)),
    Point(sf.ZeroInflatedNegativeBinomial, sf.ZeroInflatedNegativeBinomial(4, 3, 0.4)),
    Point(sf.Zipf, sf.Zipf(2.5)),
    Point(sf.Categorical.of(categories=[0, 1, 2]), sf.Categorical([0.2, 0.3, 0.5])),
    Point(sf.Multinomial.of(n=10), sf.Multinomial(10, [0.2, 0.3, 0.5])),
    Point(sf.Dirichlet, sf.Dirichlet([2, 3, 5])),
    Point(sf.MultivariateNormal, sf.MultivariateNormal([1, 2], [[4, 1.5], [1.5, 1]])),
    Point(sf.MultivariateStudentT, sf.MultivariateStudentT([1, 2], [[4, 1.5], [1.5, 1]], 5)),
)
