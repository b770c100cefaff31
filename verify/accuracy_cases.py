"""The families of docs/accuracy.md: their formulas in mpmath, three or more points of parameters, and SciPy's names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

import suffice as sf
from verify import mpmath_continuous as continuous
from verify import mpmath_counts as counts
from verify import mpmath_quadrature as quadrature


@dataclass(frozen=True)
class Case:
    """A family of one variable.

    Parameters
    ----------
    family : the class
    exact : f(x, *θ) → (log p, P(X ≤ x), P(X > x)) in mpmath's numbers
    points : parameters: an ordinary point, one extreme one way, one the other way, and seams where there are any
    scipy : f(*θ) → the same distribution of SciPy, None where SciPy has none at that point
    moments : whether the ordinary point has mean, variance, skewness and kurtosis; if not, only the entropy is checked
    log_density : the first value of `exact` alone, where the tails take long
    located : whether the first parameters are location and scale, so that tails that take long are not differentiated
    scipy_until : the largest x that SciPy is asked for
    """

    family: Any
    exact: Callable[..., Any]
    points: tuple[tuple[float, ...], ...]
    scipy: Callable[..., Any]
    moments: bool = True
    log_density: Callable[..., Any] | None = None
    located: bool = False
    scipy_until: float = np.inf

    @property
    def name(self) -> str:
        """The name of the family."""
        return str(self.family.__name__)


def of_burr_xii(shape: float, tail: float, scale: float) -> Any:
    return stats.burr12(shape, tail, scale=scale * tail ** (1.0 / shape))


def of_von_mises(location: float, concentration: float) -> Any:
    """Return SciPy's, whose probabilities begin elsewhere unless the location is 0."""
    return stats.vonmises(concentration) if location == 0.0 else None


def none(*theta: float) -> None:
    """Return nothing: SciPy has no such family."""


INF = np.inf
CASES = (
    Case(sf.Normal, continuous.normal, ((172.7, 4.83), (0, 1e-200), (-1e6, 0.01)), stats.norm),
    Case(
        sf.LogNormal,
        continuous.log_normal,
        ((4.17, 0.54), (0, 1e-3), (-3, 40)),
        lambda mu, sigma: stats.lognorm(sigma, scale=np.exp(mu)),
    ),
    Case(
        sf.Exponential, continuous.exponential, ((0.01,), (1e-200,), (1e200,)), lambda rate: stats.expon(scale=1 / rate)
    ),
    Case(
        sf.Gamma,
        continuous.gamma,
        ((4.008, 0.05443), (1e-3, 1), (1e6, 2)),
        lambda shape, rate: stats.gamma(shape, scale=1 / rate),
    ),
    Case(
        sf.Weibull,
        continuous.weibull,
        ((2.19, 83.3), (0.05, 1), (1e4, 1)),
        lambda shape, scale: stats.weibull_min(shape, scale=scale),
    ),
    Case(
        sf.StudentT,
        continuous.student_t,
        ((100, 3, 5.5), (0, 1, 0.1), (0, 1, 1e8), (-3, 2, INF)),
        lambda location, scale, df: stats.t(df, location, scale),
    ),
    Case(sf.ChiSquared, continuous.chi_squared, ((7,), (0.01,), (1e6,)), stats.chi2),
    Case(sf.HalfNormal, continuous.half_normal, ((80,), (1e-200,), (1e200,)), lambda s: stats.halfnorm(scale=s)),
    Case(
        sf.InverseGamma,
        continuous.inverse_gamma,
        ((6, 40), (0.01, 1), (1e6, 1)),
        lambda shape, scale: stats.invgamma(shape, scale=scale),
    ),
    Case(
        sf.InverseGaussian,
        continuous.inverse_gaussian,
        ((300, 400), (1, 1e-6), (1, 1e8), (1e-100, 1)),
        lambda mean, shape: stats.invgauss(mean / shape, scale=shape),
    ),
    Case(
        sf.LogLogistic,
        continuous.log_logistic,
        ((5, 40), (0.05, 1), (1e4, 1)),
        lambda shape, scale: stats.fisk(shape, scale=scale),
    ),
    Case(sf.Rayleigh, continuous.rayleigh, ((80,), (1e-150,), (1e150,)), lambda s: stats.rayleigh(scale=s)),
    Case(sf.Beta, continuous.beta, ((2, 6), (1e-3, 5), (1e5, 3e6), (30, 1e5)), stats.beta),
    Case(
        sf.GeneralizedPareto,
        continuous.generalized_pareto,
        ((2, 0.2, 0), (2, -0.9, 0), (2, 5, 0), (300, 1e-9, 10)),
        lambda scale, shape, threshold: stats.genpareto(shape, threshold, scale),
    ),
    Case(
        sf.Gompertz,
        continuous.gompertz,
        ((0.01, 0.05), (1e-12, 1), (3, 1e-8)),
        lambda rate, growth: stats.gompertz(rate / growth, scale=1 / growth),
    ),
    Case(sf.BurrXII, continuous.burr_xii, ((3, 3, 1), (40, 0.05, 1), (3, 1e9, 2), (0.7, 0.4, 100)), of_burr_xii),
    Case(sf.Gumbel, continuous.gumbel, ((30, 7), (0, 1e-200), (-1e6, 0.01)), stats.gumbel_r),
    Case(sf.Logistic, continuous.logistic, ((30, 7), (0, 1e-200), (-1e6, 0.01)), stats.logistic),
    Case(sf.Laplace, continuous.laplace, ((30, 7), (0, 1e-200), (-1e6, 0.01)), stats.laplace),
    Case(
        sf.Uniform,
        continuous.uniform,
        ((20, 50), (-1e-200, 2e-200), (1e6, 1e6 + 0.01), (0, 1e200)),
        lambda low, high: stats.uniform(low, high - low),
    ),
    Case(
        sf.Pareto,
        continuous.pareto,
        ((30, 4.5), (1, 1e-3), (1, 1e6)),
        lambda minimum, shape: stats.pareto(shape, scale=minimum),
    ),
    Case(sf.Cauchy, continuous.cauchy, ((30, 7), (0, 1e-200), (-1e6, 0.01)), stats.cauchy, moments=False),
    Case(
        sf.GeneralizedExtremeValue,
        continuous.generalized_extreme_value,
        ((30, 7, 0.15), (30, 7, -0.9), (30, 7, 5), (0, 1, 1e-9)),
        lambda location, scale, shape: stats.genextreme(-shape, location, scale),
    ),
    Case(
        sf.SkewNormal,
        quadrature.skew_normal,
        ((30, 7, 4), (0, 1, -1e-3), (0, 1, 1e4)),
        lambda location, scale, shape: stats.skewnorm(shape, location, scale),
        log_density=quadrature.skew_normal_log_density,
        located=True,
    ),
    Case(
        sf.GeneralizedNormal,
        continuous.generalized_normal,
        ((30, 7, 3), (0, 1, 0.2), (0, 1, 300)),
        lambda location, scale, shape: stats.gennorm(shape, location, scale),
    ),
    Case(
        sf.VonMises,
        quadrature.von_mises,
        ((0, 1.5), (0, 1e-8), (0, 1e6), (-1.2, 5)),
        of_von_mises,
        log_density=quadrature.von_mises_log_density,
    ),
    Case(sf.Poisson, counts.poisson, ((8.68,), (1e-5,), (1e6,)), stats.poisson),
    Case(sf.Binomial, counts.binomial, ((10, 0.3), (2000, 1e-6), (1e6, 0.5)), stats.binom),
    Case(
        sf.NegativeBinomial,
        counts.negative_binomial,
        ((8.68, 1.4), (1e3, 1e-3), (40, 1e8), (1e3, 1e3)),
        lambda mean, size: stats.nbinom(size, size / (size + mean)),
    ),
    Case(sf.Bernoulli, counts.bernoulli, ((0.3,), (1e-200,), (1 - 2.0**-40,)), stats.bernoulli),
    Case(sf.Geometric, counts.geometric, ((0.1,), (1e-9,), (1 - 1e-9,)), lambda p: stats.geom(p, -1)),
    Case(
        sf.BetaBinomial,
        counts.beta_binomial,
        ((10, 0.3, 5), (300, 0.3, 1e-3), (300, 1e-3, 1e8)),
        lambda n, p, s: stats.betabinom(n, p * s, (1 - p) * s),
    ),
    Case(sf.ZeroInflatedPoisson, counts.zero_inflated_poisson, ((2.1, 0.3), (1e-3, 1e-9), (300, 0.9)), none),
    Case(
        sf.ZeroInflatedNegativeBinomial,
        counts.zero_inflated_negative_binomial,
        ((4, 3, 0.4), (0.5, 0.01, 1e-6), (60, 1e6, 0.8)),
        none,
    ),
    # SciPy sums k terms, all in memory
    Case(sf.Zipf, counts.zipf, ((6.5,), (1.001,), (60,)), stats.zipf, scipy_until=1e6),
)
