"""The families of one variable from which the laws draw: a new family is one more row."""

from __future__ import annotations

import functools
import itertools
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

    `moments` maps θ to the order below which moments exist, where not all do. `scaled` maps θ to that of 4 x, `shifted`
    to that of x + 8, where the family is closed under them. `status` is that of a maximum in the typical case, "" for
    an interior one, and `edges` names the parameters in which the likelihood has kinks or ends: of derivatives in them
    nothing is asked.
    """

    family: Any
    models: tuple[Any, ...]
    typical: Any
    moments: Any = None
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
        (LogNormal(0, 0.5), LogNormal(-3, 0.05), LogNormal(4.17, 0.54), LogNormal(0, 2.5)),
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
        (Gamma(1.2, 1), Gamma(4.008, 0.05443), Gamma(150, 3), Gamma(0.3, 1)),
        Gamma(4.008, 0.05443),
        scaled=lambda k, r: (k, r / 4),
    ),
    Row(
        Weibull,
        (Weibull(1.5, 1), Weibull(2.19, 83.3), Weibull(12, 0.01), Weibull(0.5, 1)),
        Weibull(2.19, 83.3),
        scaled=lambda k, s: (k, 4 * s),
    ),
    Row(
        StudentT,
        (
            StudentT(0, 1, 5.5),
            StudentT(100, 3, 12),
            StudentT(-2, 0.5, 300),
            StudentT(1, 2, np.inf),
            StudentT(0, 1, 0.7),
        ),
        StudentT(100, 3, 4),
        moments=lambda location, scale, df: df,
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
            NegativeBinomial(30, 0.05),
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
            GeneralizedExtremeValue(0, 1, 1.5),
        ),
        GeneralizedExtremeValue(30, 7, 0.4),
        moments=lambda location, scale, shape: 1 / shape if shape > 0 else np.inf,
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
        (
            GeneralizedNormal(0, 1, 2),
            GeneralizedNormal(170, 8, 3),
            GeneralizedNormal(-1e-3, 1e-4, 12),
            GeneralizedNormal(0, 1, 1.5),
        ),
        GeneralizedNormal(30, 7, 3),
        scaled=lambda m, s, b: (4 * m, 4 * s, b),
        shifted=lambda m, s, b: (m + 8, s, b),
    ),
    Row(VonMises, (VonMises(0, 1.5), VonMises(2.5, 4), VonMises(-1.2, 300), VonMises(0.3, 0.2)), VonMises(-1.2, 5)),
    Row(
        Cauchy,
        (Cauchy(0, 1), Cauchy(50, 0.3), Cauchy(-1e-3, 1e-4)),
        Cauchy(30, 7),
        moments=lambda location, scale: 1,
        scaled=lambda m, s: (4 * m, 4 * s),
        shifted=lambda m, s: (m + 8, s),
    ),
    Row(
        InverseGamma,
        (InverseGamma(6.5, 1), InverseGamma(12, 300), InverseGamma(2000, 0.01), InverseGamma(0.3, 1)),
        InverseGamma(6, 40),
        moments=lambda shape, scale: shape,
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
    Row(ChiSquared, (ChiSquared(2.5), ChiSquared(7), ChiSquared(3000), ChiSquared(0.5)), ChiSquared(7)),
    Row(
        InverseGaussian,
        (InverseGaussian(1, 2), InverseGaussian(300, 40), InverseGaussian(0.02, 60), InverseGaussian(1, 0.05)),
        InverseGaussian(300, 400),
        scaled=lambda m, s: (4 * m, 4 * s),
    ),
    Row(
        LogLogistic,
        (LogLogistic(6.5, 1), LogLogistic(8, 300), LogLogistic(60, 0.01), LogLogistic(0.5, 1)),
        LogLogistic(5, 40),
        moments=lambda shape, scale: shape,
        scaled=lambda b, a: (b, 4 * a),
    ),
    Row(Bernoulli, (Bernoulli(0.5), Bernoulli(0.003), Bernoulli(0.98)), Bernoulli(0.3)),
    Row(Geometric, (Geometric(0.5), Geometric(0.02), Geometric(0.9), Geometric(1e-7)), Geometric(0.1)),
    Row(Beta, (Beta(1.5, 1.2), Beta(2, 6), Beta(4000, 700), Beta(0.3, 0.9)), Beta(2, 6)),
    Row(
        ZeroInflatedPoisson,
        (ZeroInflatedPoisson(2.1, 0.3), ZeroInflatedPoisson(0.4, 0.2), ZeroInflatedPoisson(60, 0.8)),
        ZeroInflatedPoisson(2.1, 0.3),
    ),
    Row(
        GeneralizedPareto.of(threshold=0),
        (GeneralizedPareto(1, 0), GeneralizedPareto(300, 0.1), GeneralizedPareto(12, -0.3), GeneralizedPareto(1, 2)),
        GeneralizedPareto(2, 0.2),
        moments=lambda scale, shape, threshold: 1 / shape if shape > 0 else np.inf,
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
        (Pareto(1, 5.5), Pareto(300, 12), Pareto(0.01, 40), Pareto(1, 0.4)),
        Pareto(30, 4),
        moments=lambda minimum, shape: shape,
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
    Row(Zipf, (Zipf(6), Zipf(9), Zipf(20), Zipf(2.5), Zipf(1.1)), Zipf(2.5), moments=lambda shape: shape - 1),
    Row(
        BetaBinomial.of(n=10),
        (
            BetaBinomial(10, 0.3, 5),
            BetaBinomial(50, 0.6, 2.5),
            BetaBinomial(2000, 0.004, 300),
            BetaBinomial(7, 0.4, np.inf),
            BetaBinomial(500, 0.3, 0.5),
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
            ZeroInflatedNegativeBinomial(3, 0.1, 0.4),
        ),
        ZeroInflatedNegativeBinomial(4, 3, 0.4),
    ),
    Row(
        BurrXII,
        (BurrXII(3, 3, 1), BurrXII(8, 0.9, 300), BurrXII(1.5, np.inf, 0.01), BurrXII(60, 20, 5), BurrXII(0.5, 0.5, 1)),
        BurrXII(3, 1, 40),
        moments=lambda shape, tail, scale: shape * tail,
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


# Probabilities down to which expectations look, and distances from a centre as parts of that between the quartiles.
TAILS = 10.0 ** np.arange(-75.0, 0.0, 0.75)
NEAREST = 1e-30
# So many integers are summed one by one.
FEW = 5_000
LARGEST = 1e305


def expectation(model: Any, function: Any) -> Any:
    """Return E f(X) for f: (n,) → (..., n), by the density alone: quantiles only say where to look."""
    x, weights = _weighted(model)
    with np.errstate(over="ignore"):
        values = function(x)
    return np.sum(np.where(weights != 0.0, values * weights, 0.0), axis=-1)


@functools.cache
def _weighted(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return values and their probabilities, or nodes and theirs."""
    x, weights = _integers(model) if model.discrete else _nodes(model)
    return x, weights * (model.pmf if model.discrete else model.pdf)(x)


def _nodes(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights of Gauss–Legendre quadrature in the logarithm of the distance from an end or the median.

    So powers of that distance, as densities have at an end or a centre, and heavy tails are smooth.
    """
    low, median, high = model.icdf([0.0, 0.5, 1.0])
    lower, upper = model.icdf(TAILS[TAILS < 0.5]), model.iccdf(TAILS[TAILS < 0.5])
    near = (model.icdf(0.75) - model.icdf(0.25)) * 10.0 ** np.arange(np.log10(NEAREST), 0.0)
    parts = []
    if np.isfinite(low):
        last = [median] if np.isfinite(high) else [median, *upper]
        parts.append((low, 1.0, np.concatenate([lower, last]) - low))
    if np.isfinite(high):
        last = [median] if np.isfinite(low) else [median, *lower]
        parts.append((high, -1.0, high - np.concatenate([upper, last])))
    if not parts:
        parts = [
            (median, sign, np.concatenate([near, np.abs(q - median)])) for sign, q in ((-1.0, lower), (1.0, upper))
        ]
    found = []
    for centre, sign, distances in parts:
        u, weights = _panels(np.log(distances[(distances > 0.0) & (distances < np.inf)]))
        distance = np.exp(u)
        found.append((centre + sign * distance, weights * distance))
    x, weights = (np.concatenate(part) for part in zip(*found, strict=True))
    inside = support_of(model).contains(x) & ~np.isin(x, [low, median, high])  # near an end x may round to it
    return x[inside], weights[inside]


def _panels(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes and weights of Gauss and Legendre between neighbouring edges, in parts of at most 1."""
    edges = np.unique(edges)
    edges = np.unique(
        np.concatenate([edges, *(np.linspace(a, b, int(b - a) + 2) for a, b in itertools.pairwise(edges))])
    )
    nodes, weights = np.polynomial.legendre.leggauss(24)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()


def _integers(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return integers and weights of their sum: where there are many, the formula of Euler and Maclaurin.

    Σ g(k) over a < k < b, both half an integer, is ∫ g − (g′(b) − g′(a))/24; the integral is that of a polynomial in
    log k through g at integers near the nodes of Gauss and Legendre, the derivatives are differences.
    """
    first, end = float(model.icdf(TAILS[0])), support_of(model).upper
    last = min(float(model.iccdf(TAILS[0])) + 1.0, end, LARGEST)
    start = min(first + FEW, last)
    k, weights = [np.arange(first, start + 1.0)], [np.ones(int(start - first) + 1)]
    quantiles = np.concatenate([model.icdf(TAILS[::2]), [last], model.iccdf(TAILS[::2])])
    edges = np.unique(quantiles[(quantiles >= start) & (quantiles <= last)])
    for a, b in itertools.pairwise(np.unique(np.concatenate([[start], edges])) + 0.5):
        if b - a < FEW:
            k.append(np.arange(a + 0.5, b))
            weights.append(np.ones(len(k[-1])))
        else:
            integers, within = _integral(a, b)
            k += [integers, np.array([a - 0.5, a + 0.5, b - 0.5, b + 0.5])]
            weights += [within, np.array([-1.0, 1.0, 1.0, -1.0]) / 24.0]
    return np.concatenate(k), np.concatenate(weights)


def _integral(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Return 16 integers and the weights by which polynomials in log k, times 1/k, are integrated from a to b."""
    nodes = np.polynomial.legendre.leggauss(16)[0]
    middle, half = np.log(a) + 0.5 * np.log(b / a), 0.5 * np.log(b / a)
    k = np.round(np.exp(middle + half * nodes))
    powers = np.polynomial.legendre.legvander((np.log(k) - middle) / half, len(nodes) - 1)
    return k, np.linalg.solve(powers.T, 2.0 * half * np.eye(len(nodes))[0]) * k
