"""The families of one variable from which the laws draw: a new family is one more row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from suffice.calculus import maps
from suffice.distributions.bernoulli import Bernoulli
from suffice.distributions.beta import Beta
from suffice.distributions.beta_binomial import BetaBinomial
from suffice.distributions.binomial import Binomial
from suffice.distributions.burr_xii import BurrXII
from suffice.distributions.cauchy import Cauchy
from suffice.distributions.chi_squared import ChiSquared
from suffice.distributions.composed_model import ComposedModel
from suffice.distributions.exponential import Exponential
from suffice.distributions.gamma import Gamma
from suffice.distributions.generalized_extreme_value import GeneralizedExtremeValue
from suffice.distributions.generalized_normal import GeneralizedNormal
from suffice.distributions.generalized_pareto import GeneralizedPareto
from suffice.distributions.geometric import Geometric
from suffice.distributions.gompertz import Gompertz
from suffice.distributions.gumbel import Gumbel
from suffice.distributions.half_normal import HalfNormal
from suffice.distributions.inverse_gamma import InverseGamma
from suffice.distributions.inverse_gaussian import InverseGaussian
from suffice.distributions.laplace import Laplace
from suffice.distributions.log_logistic import LogLogistic
from suffice.distributions.log_normal import LogNormal
from suffice.distributions.logistic import Logistic
from suffice.distributions.mapped_family import scaled, shifted, transformed
from suffice.distributions.negative_binomial import NegativeBinomial
from suffice.distributions.normal import Normal
from suffice.distributions.pareto import Pareto
from suffice.distributions.plan import Look, answer, plan
from suffice.distributions.poisson import Poisson
from suffice.distributions.rayleigh import Rayleigh
from suffice.distributions.skew_normal import SkewNormal
from suffice.distributions.student_t import StudentT
from suffice.distributions.truncated_family import truncated
from suffice.distributions.uniform import Uniform
from suffice.distributions.von_mises import VonMises
from suffice.distributions.weibull import Weibull
from suffice.distributions.zero_inflated_negative_binomial import ZeroInflatedNegativeBinomial
from suffice.distributions.zero_inflated_poisson import ZeroInflatedPoisson
from suffice.distributions.zipf import Zipf
from suffice.sources.block import Block


@dataclass(frozen=True)
class Row:
    """A family, models of it at which the laws are checked, and one from which samples are fitted.

    `moments` is the number of moments that every model has. `scaled` maps θ to that of 4 x, `shifted` to
    that of x + 8, where the family is closed under them. `status` is that of a maximum in the typical case, "" for an
    interior one, and `edges` names the parameters in which the likelihood has kinks or ends: of derivatives in them
    nothing is asked.
    """

    family: Any
    models: tuple[Any, ...]
    typical: Any
    moments: int = 4
    scaled: Any = None
    shifted: Any = None
    text: str = field(default="")
    status: str = ""
    edges: tuple[str, ...] = ()

    def made(self, theta: Any) -> Any:
        """Return the model with these parameters, in order."""
        composed = isinstance(self.typical, ComposedModel)
        return self.family.from_theta(theta) if composed else type(self.typical)(*theta)

    def sample(self, n: int = 300, seed: int = 20261121) -> np.ndarray:
        """Draw a sample of moderate size from the typical model, the same each time."""
        return self.typical.sample(n, rng=seed)


UNIVARIATE = (
    Row(
        Normal,
        (Normal(0, 1), Normal(-3, 0.02), Normal(172.7, 4.83)),
        Normal(172.7, 4.83),
        scaled=lambda mu, sigma: (4 * mu, 4 * sigma),
        shifted=lambda mu, sigma: (mu + 8, sigma),
    ),
    Row(
        LogNormal,
        (LogNormal(0, 0.5), LogNormal(-3, 0.05), LogNormal(4.17, 0.54)),
        LogNormal(4.17, 0.54),
        scaled=lambda mu, sigma: (mu + np.log(4), sigma),
    ),
    Row(
        Exponential,
        (Exponential(1), Exponential(0.01), Exponential(300)),
        Exponential(0.01),
        scaled=lambda r: (r / 4,),
    ),
    Row(
        Gamma,
        (Gamma(1.2, 1), Gamma(4.008, 0.05443), Gamma(150, 3)),
        Gamma(4.008, 0.05443),
        scaled=lambda k, r: (k, r / 4),
    ),
    Row(
        Weibull,
        (Weibull(1.5, 1), Weibull(2.19, 83.3), Weibull(12, 0.01)),
        Weibull(2.19, 83.3),
        scaled=lambda k, s: (k, 4 * s),
    ),
    Row(
        StudentT,
        (StudentT(0, 1, 5.5), StudentT(100, 3, 12), StudentT(-2, 0.5, 300), StudentT(1, 2, np.inf)),
        StudentT(100, 3, 4),
        scaled=lambda m, s, v: (4 * m, 4 * s, v),
        shifted=lambda m, s, v: (m + 8, s, v),
    ),
    Row(Binomial.of(n=10), (Binomial(1, 0.5), Binomial(10, 0.3), Binomial(2000, 0.004)), Binomial(10, 0.3)),
    Row(Poisson, (Poisson(0.3), Poisson(8.68), Poisson(600)), Poisson(8.68)),
    Row(
        NegativeBinomial,
        (
            NegativeBinomial(8.68, 0.397),
            NegativeBinomial(3, 25),
            NegativeBinomial(40, 1e5),
            NegativeBinomial(6, np.inf),
        ),
        NegativeBinomial(8.68, 1.4),
    ),
    Row(
        Gumbel,
        (Gumbel(0, 1), Gumbel(3.87, 0.2), Gumbel(-1e3, 40)),
        Gumbel(30, 7),
        scaled=lambda m, s: (4 * m, 4 * s),
        shifted=lambda m, s: (m + 8, s),
    ),
    Row(
        Logistic,
        (Logistic(0, 1), Logistic(170, 2.7), Logistic(-1e-3, 1e-4)),
        Logistic(30, 7),
        scaled=lambda m, s: (4 * m, 4 * s),
        shifted=lambda m, s: (m + 8, s),
    ),
    Row(
        GeneralizedExtremeValue,
        (
            GeneralizedExtremeValue(0, 1, 0),
            GeneralizedExtremeValue(3.87, 0.2, -0.05),
            GeneralizedExtremeValue(100, 20, 0.15),
            GeneralizedExtremeValue(-5, 2, -0.25),
        ),
        GeneralizedExtremeValue(30, 7, 0.4),
        scaled=lambda m, s, v: (4 * m, 4 * s, v),
        shifted=lambda m, s, v: (m + 8, s, v),
    ),
    Row(
        SkewNormal,
        (SkewNormal(0, 1, 1), SkewNormal(170, 8, -2.5), SkewNormal(-1e-3, 1e-4, 12), SkewNormal(5, 3, 0.2)),
        SkewNormal(30, 7, 4),
        scaled=lambda m, s, a: (4 * m, 4 * s, a),
        shifted=lambda m, s, a: (m + 8, s, a),
    ),
    Row(
        GeneralizedNormal,
        (GeneralizedNormal(0, 1, 2), GeneralizedNormal(170, 8, 3), GeneralizedNormal(-1e-3, 1e-4, 12)),
        GeneralizedNormal(30, 7, 3),
        scaled=lambda m, s, b: (4 * m, 4 * s, b),
        shifted=lambda m, s, b: (m + 8, s, b),
    ),
    Row(VonMises, (VonMises(0, 1.5), VonMises(2.5, 4), VonMises(-1.2, 300), VonMises(0.3, 0.2)), VonMises(-1.2, 5)),
    Row(
        Cauchy,
        (Cauchy(0, 1), Cauchy(50, 0.3), Cauchy(-1e-3, 1e-4)),
        Cauchy(30, 7),
        moments=0,
        scaled=lambda m, s: (4 * m, 4 * s),
        shifted=lambda m, s: (m + 8, s),
    ),
    Row(
        InverseGamma,
        (InverseGamma(6.5, 1), InverseGamma(12, 300), InverseGamma(2000, 0.01)),
        InverseGamma(6, 40),
        scaled=lambda k, b: (k, 4 * b),
    ),
    Row(
        Rayleigh,
        (Rayleigh(1), Rayleigh(0.003), Rayleigh(2000)),
        Rayleigh(80),
        scaled=lambda s: (4 * s,),
    ),
    Row(
        HalfNormal,
        (HalfNormal(1), HalfNormal(0.003), HalfNormal(2000)),
        HalfNormal(80),
        scaled=lambda s: (4 * s,),
    ),
    Row(ChiSquared, (ChiSquared(2.5), ChiSquared(7), ChiSquared(3000)), ChiSquared(7)),
    Row(
        InverseGaussian,
        (InverseGaussian(1, 2), InverseGaussian(300, 40), InverseGaussian(0.02, 60)),
        InverseGaussian(300, 400),
        scaled=lambda m, s: (4 * m, 4 * s),
    ),
    Row(
        LogLogistic,
        (LogLogistic(6.5, 1), LogLogistic(8, 300), LogLogistic(60, 0.01)),
        LogLogistic(5, 40),
        scaled=lambda b, a: (b, 4 * a),
    ),
    Row(Bernoulli, (Bernoulli(0.5), Bernoulli(0.003), Bernoulli(0.98)), Bernoulli(0.3)),
    Row(Geometric, (Geometric(0.5), Geometric(0.02), Geometric(0.9)), Geometric(0.1)),
    Row(Beta, (Beta(1.5, 1.2), Beta(2, 6), Beta(4000, 700)), Beta(2, 6)),
    Row(
        ZeroInflatedPoisson,
        (ZeroInflatedPoisson(2.1, 0.3), ZeroInflatedPoisson(0.4, 0.2), ZeroInflatedPoisson(60, 0.8)),
        ZeroInflatedPoisson(2.1, 0.3),
    ),
    Row(
        GeneralizedPareto.of(threshold=0),
        (GeneralizedPareto(1, 0), GeneralizedPareto(300, 0.1), GeneralizedPareto(12, -0.3)),
        GeneralizedPareto(2, 0.2),
        scaled=lambda s, k, u: (4 * s, k, 4 * u),
    ),
    Row(
        Laplace,
        (Laplace(0, 1), Laplace(172.7, 4.83), Laplace(-1e-3, 1e-4)),
        Laplace(30, 7),
        scaled=lambda m, s: (4 * m, 4 * s),
        shifted=lambda m, s: (m + 8, s),
        status="kink",
        edges=("location",),
    ),
    Row(
        Uniform,
        (Uniform(0, 1), Uniform(-3, 0.5), Uniform(1e3, 1.1e3)),
        Uniform(20, 50),
        scaled=lambda a, b: (4 * a, 4 * b),
        shifted=lambda a, b: (a + 8, b + 8),
        status="boundary",
        edges=("low", "high"),
    ),
    Row(
        Pareto,
        (Pareto(1, 5.5), Pareto(300, 12), Pareto(0.01, 40)),
        Pareto(30, 4),
        scaled=lambda m, a: (4 * m, a),
        status="boundary",
        edges=("minimum",),
    ),
    Row(
        truncated(Normal, lower=0),
        (
            truncated(Normal(0, 1), lower=0),
            truncated(Normal(-40, 1), lower=0),
            truncated(Normal(3, 1), lower=0),
        ),
        truncated(Normal(2, 2), lower=0),
    ),
    Row(
        truncated(LogNormal, lower=50, upper=150),
        (truncated(LogNormal(4.17, 0.54), lower=50, upper=150), truncated(LogNormal(3, 0.5), lower=50, upper=150)),
        truncated(LogNormal(4.5, 0.4), lower=50, upper=150),
    ),
    Row(
        truncated(Poisson, lower=1),
        (
            truncated(Poisson(0.3), lower=1),
            truncated(Poisson(8.68), lower=1),
            truncated(Poisson(600), lower=1),
        ),
        truncated(Poisson(2.3), lower=1),
    ),
    Row(
        truncated(Weibull, upper=60),
        (truncated(Weibull(1.5, 30), upper=60), truncated(Weibull(2.2, 2000), upper=60)),
        truncated(Weibull(2.2, 30), upper=60),
    ),
    Row(
        shifted(Gamma, by=10),
        (shifted(Gamma(4, 0.05), by=10), shifted(Gamma(150, 3), by=10)),
        shifted(Gamma(4, 0.05), by=10),
    ),
    Row(
        shifted(Poisson, by=3), (shifted(Poisson(0.3), by=3), shifted(Poisson(600), by=3)), shifted(Poisson(8.68), by=3)
    ),
    Row(
        scaled(Gumbel, by=-2),
        (scaled(Gumbel(0, 1), by=-2), scaled(Gumbel(-1e3, 40), by=-2)),
        scaled(Gumbel(30, 7), by=-2),
    ),
    Row(
        transformed(Normal, maps.expit),
        (transformed(Normal(0, 1), maps.expit), transformed(Normal(-3, 0.02), maps.expit)),
        transformed(Normal(-1, 0.7), maps.expit),
    ),
    Row(
        transformed(Gamma, maps.power(-1)),
        (transformed(Gamma(6.5, 1), maps.power(-1)), transformed(Gamma(2000, 0.01), maps.power(-1))),
        transformed(Gamma(6, 40), maps.power(-1)),
    ),
    Row(
        Gompertz,
        (Gompertz(1, 1), Gompertz(0.002, 0.1), Gompertz(0.3, 1e-3), Gompertz(4, 5)),
        Gompertz(0.01, 0.05),
        scaled=lambda a, b: (a / 4, b / 4),
    ),
    Row(Zipf, (Zipf(6), Zipf(9), Zipf(20)), Zipf(2.5), moments=2),
    Row(
        BetaBinomial.of(n=10),
        (
            BetaBinomial(10, 0.3, 5),
            BetaBinomial(50, 0.6, 2.5),
            BetaBinomial(2000, 0.004, 300),
            BetaBinomial(7, 0.4, np.inf),
        ),
        BetaBinomial(10, 0.3, 5),
    ),
    Row(
        ZeroInflatedNegativeBinomial,
        (
            ZeroInflatedNegativeBinomial(3, 2, 0.4),
            ZeroInflatedNegativeBinomial(0.5, 30, 0.1),
            ZeroInflatedNegativeBinomial(60, 4, 0.8),
            ZeroInflatedNegativeBinomial(2, np.inf, 0.3),
        ),
        ZeroInflatedNegativeBinomial(4, 3, 0.4),
    ),
    Row(
        BurrXII,
        (BurrXII(3, 3, 1), BurrXII(8, 0.9, 300), BurrXII(1.5, np.inf, 0.01), BurrXII(60, 20, 5)),
        BurrXII(3, 1, 40),
        scaled=lambda c, k, s: (c, k, 4 * s),
    ),
)
MODELS = tuple(model for row in UNIVARIATE for model in row.models)


def fitted(family: Any, x: Any, weights: Any = None, fixed: Any = None) -> Any:
    """Return the solution of a plan on values in memory."""
    x = np.asarray(x, dtype=float)
    weights = None if weights is None else np.asarray(weights, dtype=float)
    block = Block(x[:, None], weights)
    fixed = dict(getattr(family, "bound", ())) | dict(fixed or {})
    look = Look(float(len(x)) if weights is None else float(weights.sum()), x.min(), x.max(), block, True)
    planned = getattr(family, "plan", None)
    question = planned(look, fixed) if planned is not None else plan(family, look, fixed)
    return answer(question, lambda statistic: statistic.observe(block))


def edges_of(model: Any) -> tuple[str, ...]:
    """Return the parameters in which the likelihood of a model's family has kinks or ends."""
    return next(row.edges for row in UNIVARIATE if type(model) in (row.family, type(row.typical)))


def support_of(model: Any) -> Any:
    """Return the values that can occur under a model, whose parameters may bound them."""
    return model.support_given({p.name: t for p, t in model._pairs()})


def name_of(item: Any) -> str:
    """Return a short name for a row or a model in a test's identifier."""
    return item.family.__name__ if isinstance(item, Row) else repr(item)


def expectation(model: Any, function: Any) -> Any:
    """Return E f(X) by summation, or by Gauss–Legendre quadrature between quantiles, for f: (n,) → (..., n)."""
    if model.discrete:
        last = min(float(model.iccdf(1e-18)) + 1.0, support_of(model).upper)
        k = np.arange(float(model.icdf(1e-18)), last + 1.0)
        return np.sum(function(k) * model.pmf(k), axis=-1)
    tails = 10.0 ** np.arange(-60.0, 0.0, 0.75)
    lower, upper = model.icdf(tails[tails < 0.4]), model.iccdf(tails[tails < 0.4])
    edges = np.unique(np.concatenate([lower, model.icdf(np.linspace(0.4, 0.6, 5)), upper]))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    half = 0.5 * np.diff(edges)[:, None]
    x, weight = (edges[:-1, None] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()
    inside = support_of(model).contains(x)  # near an upper end x may round to it
    x, weight = x[inside], weight[inside]
    return np.sum(function(x) * (model.pdf(x) * weight), axis=-1)
