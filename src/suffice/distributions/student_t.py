"""Student's t distribution with location and scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, real
from suffice.distributions.incomplete_beta import log_lower_beta, lower_beta
from suffice.distributions.incomplete_gamma import polished_quantile
from suffice.distributions.normal import HALF_LOG_TWO_PI, Normal
from suffice.distributions.parameter import Parameter, real_line
from suffice.distributions.student_t_constant import log_gamma_ratio, log_gamma_ratio_derivatives
from suffice.distributions.student_t_edges import LOWEST_DF, LOWEST_SCALE, student_t_clusters, student_t_edges
from suffice.distributions.student_t_sums import likelihood_from_kernel
from suffice.distributions.symmetric_distribution import SymmetricDistribution
from suffice.statistics.likelihood_sums import LikelihoodSummary


@dataclass(frozen=True, slots=True, repr=False)
class StudentT(SymmetricDistribution):
    """Student's t: x = location + scale · T with T of `df` degrees of freedom; df = ∞ is the normal.

    Parameters
    ----------
    location : the centre, in the unit of x
    scale : the scale, in the unit of x; the standard deviation is scale · √(df/(df − 2)) for df > 2
    df : the degrees of freedom, a positive number or ∞

    Examples
    --------
    >>> round(StudentT(location=0, scale=1, df=1).pdf(0), 10)
    0.3183098862
    """

    location: float
    scale: float
    df: float

    parameters = (
        Parameter("location", real, "location", "the centre"),
        Parameter("scale", positive, "scale", "the scale"),
        Parameter("df", positive, "shape", "the degrees of freedom", closed=(np.inf,)),
    )
    support = real_line
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}
    limits: ClassVar[dict[str, Any]] = {"df": (np.inf, Normal)}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Cauchy": {"df": 1.0}}
    region = "df ≥ 0.1 and scale ≥ 0.001 times the median absolute deviation; the likelihood is unbounded outside"

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any, df: Any) -> Any:
        z = (x - location) / scale
        q = z * z
        v = np.where(np.isinf(df), 1.0, df)
        far = np.abs(z) > 1e150
        spread = np.where(far, 2.0 * np.log(np.where(far, np.abs(z), 1.0)) - np.log(v), log1p_ratio(q, v))
        tail = np.where(np.isinf(df), 0.5 * q, 0.5 * (v + 1.0) * spread)
        return log_gamma_ratio(df) - HALF_LOG_TWO_PI - np.log(scale) - tail

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any, df: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        q = z * z
        # With u = 1/ν, everything is finite at ν = ∞.
        u = 1.0 / np.asarray(df, dtype=float)
        ratio = 1.0 / (1.0 + q * u)  # ν/(ν + q)
        pull = (1.0 + u) * ratio  # (ν + 1)/(ν + q)
        finite = np.where(np.isinf(df), 1.0, df)
        slope, bend = log_gamma_ratio_derivatives(finite)
        d_df = slope + 0.5 * (pull * q / finite - log1p_ratio(q, finite))
        bend_df = bend + 0.5 * q * u * u * ratio * (2.0 - ratio * (1.0 + u) * (2.0 + q * u))
        first = [pull * z / scale, (pull * q - 1.0) / scale, d_df]
        second = [
            pull * ratio * (q * u - 1.0) / scale**2,
            -2.0 * z * pull * ratio / scale**2,
            z * ratio * u * ((q - 1.0) * ratio * u) / scale,
            (1.0 - pull * q * (1.0 + 2.0 * ratio)) / scale**2,
            q * ratio * u * ((q - 1.0) * ratio * u) / scale,
            bend_df,
        ]
        return first, second

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any, df: Any) -> Any:
        return _lower((x - location) / scale, df)

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any, df: Any) -> Any:
        return _log_lower((x - location) / scale, df)

    @staticmethod
    def _log_tails(x: Any, location: Any, scale: Any, df: Any) -> tuple[Any, Any]:
        return _log_tails((x - location) / scale, df)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any, df: Any) -> Any:
        return location + scale * _quantile(np.asarray(p), df)

    @property
    def mean(self) -> float:
        """The mean; NaN for df ≤ 1, where there is none."""
        return self.location if self.df > 1 else float("nan")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for 1 < df ≤ 2, NaN for df ≤ 1."""
        if self.df <= 1:
            return float("nan")
        return self.scale / float(np.sqrt(1.0 - 2.0 / self.df)) if self.df > 2 else float("inf")

    @property
    def variance(self) -> float:
        """The variance; infinite for 1 < df ≤ 2, NaN for df ≤ 1."""
        if self.df <= 1:
            return float("nan")
        return self.scale * self.scale / (1.0 - 2.0 / self.df) if self.df > 2 else float("inf")

    skewness = property(lambda self: 0.0 if self.df > 3 else float("nan"), doc="The skewness g₁.")

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for 2 < df ≤ 4."""
        if self.df > 4:
            return 0.0 if np.isinf(self.df) else 6.0 / (self.df - 4.0)
        return float("inf") if self.df > 2 else float("nan")

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        if np.isinf(self.df):
            return float(Normal(self.location, self.scale).entropy)
        # (ν + 1)/2 [ψ((ν + 1)/2) − ψ(ν/2)] + log(√ν B(ν/2, ½)), by what both differ from their limits
        v = self.df
        slope, _ = log_gamma_ratio_derivatives(v)
        return float((v + 1.0) * (slope + 0.5 / v) + HALF_LOG_TWO_PI - log_gamma_ratio(v) + np.log(self.scale))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        unit = rng.standard_normal(size) if np.isinf(self.df) else rng.standard_t(self.df, size)
        return self.location + self.scale * unit

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at several centres, scales and tails: the likelihood may have several maxima."""
        many = 20_000 // max(len(x), 1)
        shares = [0.5, 0.25, 0.75] if many < 50 else np.linspace(0.05, 0.95, 7)
        scales = [1.0] if many < 50 else [0.1, 1.0]
        centre = np.median(x)
        spread = np.median(np.abs(x - centre)) or np.std(x) or 1.0
        broad = [[c, spread * s, v] for c in np.quantile(x, shares) for s in scales for v in (1.0, 5.0, 40.0)]
        return np.concatenate([broad, student_t_clusters(x, weights, spread)])

    @staticmethod
    def _sums(x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> LikelihoodSummary | None:
        """Sum over rows in a kernel; None where df = ∞, which the general form handles."""
        if np.isinf(theta[:, 2]).any():
            return None
        df = theta[:, 2]
        constants = np.array([log_gamma_ratio(df) - HALF_LOG_TWO_PI, *log_gamma_ratio_derivatives(df)])
        return likelihood_from_kernel(x, weights, theta, constants)

    @staticmethod
    def _in_region(theta: np.ndarray, spread: float) -> np.ndarray:
        return (theta[..., 2] >= LOWEST_DF) & (theta[..., 1] >= LOWEST_SCALE * spread)

    @staticmethod
    def _edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
        return student_t_edges(x, weights, spread)


def _beta_arguments(z: Any, df: Any) -> tuple[Any, Any, Any]:
    """Return ν and the two arguments ν/(ν + z²), z²/(ν + z²), which do not overflow."""
    v = np.where(np.isinf(df), 1.0, df)
    ratio = z / np.sqrt(v) * (z / np.sqrt(v))
    return v, 1.0 / (1.0 + ratio), np.where(np.isinf(ratio), 1.0, ratio / (1.0 + ratio))


def _lower(z: Any, df: Any) -> Any:
    """Return P(T ≤ z): half an incomplete beta function for z < 0, where it is small."""
    v, x, y = _beta_arguments(z, df)
    half = 0.5 * lower_beta(0.5 * v, 0.5, x, y)
    half = np.where(x < 1e-300, np.exp(_log_power_law(z, v)), half)
    return np.where(np.isinf(df), special.ndtr(z), np.where(z < 0, half, 1.0 - half))


def _log_lower(z: Any, df: Any) -> Any:
    return _log_tails(z, df)[0]


def _log_tails(z: Any, df: Any) -> tuple[Any, Any]:
    """Return log P(T ≤ z) and log P(T > z) by one incomplete beta function, which is costly."""
    v, x, y = _beta_arguments(z, df)
    tail = log_lower_beta(0.5 * v, 0.5, x, y) - np.log(2.0)
    # Beyond z² = 1e16 ν only the power law is left, and its argument underflows.
    tail = np.where(x < 1e-16, _log_power_law(z, v), tail)
    rest, normal = np.log1p(-np.exp(tail)), np.isinf(df)
    below = np.where(normal, special.log_ndtr(z), np.where(z < 0, tail, rest))
    return below, np.where(normal, special.log_ndtr(-z), np.where(z > 0, tail, rest))


def _log_power_law(z: Any, v: Any) -> Any:
    """Return log P(T ≤ −|z|) far out."""
    far = np.log(np.maximum(np.abs(z), 1e-300)) - 0.5 * np.log(v)
    return -v * far - np.log(v) - special.betaln(0.5 * v, 0.5)


def _quantile(p: Any, df: Any) -> Any:
    """Return the quantile of T: SciPy's, or that of the power law, polished."""
    v = np.where(np.isinf(df), 1.0, df)
    tail = np.minimum(p, 1.0 - p)
    with np.errstate(divide="ignore", over="ignore"):
        log_tail = np.log(tail)
        law = 0.5 * np.log(v) - (log_tail + np.log(v) + special.betaln(0.5 * v, 0.5)) / v
        start = np.where(law > 3.0 + 0.5 * np.log(v), np.exp(law), -special.stdtrit(v, tail))
    size = polished_quantile(
        start,
        log_tail,
        -1.0,
        lambda z: _log_lower(-z, v),
        lambda z: StudentT._log_density(z, 0.0, 1.0, v),
    )
    z = np.where(p == 0.5, 0.0, np.where(p < 0.5, -size, size))
    return np.where(np.isinf(df), special.ndtri(p), z)


def log1p_ratio(q: Any, v: Any) -> Any:
    """Return log(1 + q/ν)."""
    return np.log1p(q / v)
