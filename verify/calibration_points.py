"""The families whose intervals and tests are calibrated, each at an interior point of ordinary shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import suffice as sf


@dataclass(frozen=True, slots=True)
class Point:
    """A family, a model of it, and what is known to keep its figures from their nominal values.

    Parameters
    ----------
    family : what is fitted
    truth : the model that makes the data
    reasons : by a column ("wald", "profile", "size") or a parameter, why its figure at n = 100 is off
    """

    family: Any
    truth: Any
    reasons: dict[str, str] = field(default_factory=dict)


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
)
