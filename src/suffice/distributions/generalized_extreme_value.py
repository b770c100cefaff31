"""The generalized extreme value distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.generalized_extreme_value_edges import (
    HIGHEST_SHAPE,
    LOWEST_SCALE,
    LOWEST_SHAPE,
    extreme_value_edges,
    extreme_value_starts,
    inside_the_support,
)
from suffice.distributions.gumbel import (
    DEVIATION,
    SKEWNESS,
    gumbel_ccdf,
    gumbel_cdf,
    gumbel_log_ccdf,
    gumbel_log_cdf,
    gumbel_quantile,
    gumbel_upper_quantile,
)
from suffice.distributions.parameter import Parameter, Support, real_line
from suffice.distributions.reduced_variate import reduced_variate, shape_derivatives, standardized_value
from suffice.distributions.standardized_moments import skewness_and_kurtosis
from suffice.distributions.weibull import ORDERS, log_moments
from suffice.errors import NoMaximumError

# Shapes nearer to 0 than this have the moments of a Gumbel variable to all digits.
GUMBEL = 1e-17
# A shape that is rounded at an edge of the region belongs to it.
ROUNDED = 1e-6


@dataclass(frozen=True, slots=True, repr=False)
class GeneralizedExtremeValue(ContinuousDistribution):
    """The generalized extreme value distribution of maxima, P(X ≤ x; μ, σ, ξ) = exp(−(1 + ξ(x − μ)/σ)^(−1/ξ)).

    ξ > 0 has a heavy upper tail and a lower end, ξ < 0 an upper end, both at μ − σ/ξ; ξ = 0 is the Gumbel distribution.
    The likelihood is unbounded for ξ < −1, as the upper end comes to the largest value, and as ξ → ∞ with the lower end
    at the smallest one: a fit is the best maximum with −1 ≤ ξ ≤ 2 and a scale that is not tiny, if no edge of that
    region is higher. For ξ ≤ −½ the estimates are not asymptotically normal (Smith 1985, Biometrika 72, 67), and no
    standard errors are given.

    Parameters
    ----------
    location : μ, in the unit of x
    scale : σ, in the unit of x
    shape : ξ, a real number; the opposite of SciPy's c

    Examples
    --------
    >>> GeneralizedExtremeValue(location=0, scale=1, shape=0.5).icdf(0)
    -2.0
    """

    location: float
    scale: float
    shape: float

    parameters = (
        Parameter("location", real, "location", "the location"),
        Parameter("scale", positive, "scale", "the scale"),
        Parameter("shape", real, "shape", "the shape, positive for heavy tails"),
    )
    support = real_line
    seeks_an_end = True
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Gumbel": {"shape": 0.0}}
    region = (
        f"{LOWEST_SHAPE:g} ≤ shape ≤ {HIGHEST_SHAPE:g} and scale ≥ {LOWEST_SCALE:g} times the median absolute "
        "deviation; the likelihood is unbounded outside"
    )
    beyond_edges: ClassVar[dict[str, str]] = {
        "scale": "around values that stand close together at the lower end; fix shape with fixed={'shape': …}",
        "shape": "as an end of the support comes to the last value; fix shape with fixed={'shape': …}, or choose a "
        "family with another tail",
    }

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the values above the lower or below the upper end, where all parameters are known."""
        if not {"location", "scale", "shape"} <= set(fixed) or fixed["shape"] == 0.0:
            return real_line
        end = float(fixed["location"] + fixed["scale"] * (-1.0 / fixed["shape"]))
        return Support(lower=end) if fixed["shape"] > 0.0 else Support(upper=end)

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        y, ratio = reduced_variate((x - location) / scale, shape)
        finite = np.where(ratio > 0.0, y, 0.0)
        # −y − ξy, with ξy = log(1 + ξz)
        value = -np.log(scale) - ((1.0 + shape) * finite + np.exp(-finite))
        return np.where(ratio > 0.0, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any, shape: Any) -> tuple[list[Any], list[Any]]:
        # log p = −log σ − (1 + ξ) y − e⁻ʸ; outside the support, where it is −∞, they are those at z = 0
        z = (x - location) / scale
        z = np.where(1.0 + shape * z > 0.0, z, 0.0)
        y, ratio = reduced_variate(z, shape)
        t = np.exp(-y)
        pull = t - (1.0 + shape)  # d log p/dy
        y_z, y_zz, y_zs = 1.0 / ratio, -shape / ratio**2, -z / ratio**2
        y_s, y_ss = shape_derivatives(z, shape)
        by_z, by_shape = pull * y_z, pull * y_s - y
        bend = pull * y_zz - t * y_z * y_z
        cross = pull * y_zs - y_z - t * y_s * y_z
        first = [-by_z / scale, -(1.0 + z * by_z) / scale, by_shape]
        second = [
            bend / scale**2,
            (z * bend + by_z) / scale**2,
            -cross / scale,
            (1.0 + z * z * bend + 2.0 * z * by_z) / scale**2,
            -z * cross / scale,
            pull * y_ss - t * y_s * y_s - 2.0 * y_s,
        ]
        return first, second

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return gumbel_cdf(_reduced(x, location, scale, shape))

    @staticmethod
    def _ccdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return gumbel_ccdf(_reduced(x, location, scale, shape))

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return gumbel_log_cdf(_reduced(x, location, scale, shape))

    @staticmethod
    def _log_ccdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return gumbel_log_ccdf(_reduced(x, location, scale, shape))

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any, shape: Any) -> Any:
        return location + scale * standardized_value(gumbel_quantile(p), shape)

    @staticmethod
    def _iccdf(q: Any, location: Any, scale: Any, shape: Any) -> Any:
        return location + scale * standardized_value(gumbel_upper_quantile(q), shape)

    @property
    def mean(self) -> float:
        """The mean, μ + σ (Γ(1 − ξ) − 1)/ξ; infinite for ξ ≥ 1."""
        if self.shape >= 1.0:
            return float("inf")
        if abs(self.shape) > 0.125:
            return float(self.location + self.scale * (special.gamma(1.0 - self.shape) - 1.0) / self.shape)
        # log Γ(1 − ξ) = γξ + Σ ζ(n) ξⁿ/n (Abramowitz and Stegun 1964, 6.1.33), here over ξ
        over = np.euler_gamma + float(np.sum(special.zeta(ORDERS) * self.shape ** (ORDERS - 1.0) / ORDERS))
        return float(self.location + self.scale * standardized_value(over, self.shape))

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for ½ ≤ ξ < 1, NaN for ξ ≥ 1."""
        if self.shape >= 0.5:
            return float("inf" if self.shape < 1.0 else "nan")
        if abs(self.shape) < GUMBEL:
            return DEVIATION * self.scale
        # a Weibull variable of shape −1/ξ, also where that is negative: (1 + ξ(X − μ)/σ) has its moments
        deviation = special.gamma(1.0 - self.shape) * np.sqrt(np.expm1(log_moments(-1.0 / self.shape)[0]))
        return float(self.scale * (deviation / abs(self.shape)))

    @property
    def variance(self) -> float:
        """The variance; infinite for ½ ≤ ξ < 1, NaN for ξ ≥ 1."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for ⅓ ≤ ξ < ½, NaN beyond."""
        if self.shape >= 1.0 / 3.0:
            return float("inf" if self.shape < 0.5 else "nan")
        if abs(self.shape) < GUMBEL:
            return SKEWNESS
        return float(np.sign(self.shape)) * skewness_and_kurtosis(*log_moments(-1.0 / self.shape))[0]

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for ¼ ≤ ξ < ½, NaN beyond."""
        if self.shape >= 0.25:
            return float("inf" if self.shape < 0.5 else "nan")
        return 2.4 if abs(self.shape) < GUMBEL else skewness_and_kurtosis(*log_moments(-1.0 / self.shape))[1]

    @property
    def entropy(self) -> float:
        """The entropy in nats, log σ + γ(1 + ξ) + 1."""
        return float(np.log(self.scale) + np.euler_gamma * (1.0 + self.shape) + 1.0)

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.location + self.scale * standardized_value(rng.gumbel(0.0, 1.0, size), self.shape)

    # -- how it is fitted -----------------------------------------------------------------------

    @property
    def irregular(self) -> str:
        """Why there are no standard errors at a maximum with these parameters; "" where there are."""
        if self.shape > -0.5:
            return ""
        return (
            f"the shape {self.shape:.4g} is not above -1/2, where estimates are not asymptotically normal (Smith 1985)"
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return extreme_value_starts(x)

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return inside_the_support(starts, fixed, x, weights)

    @staticmethod
    def _in_region(theta: np.ndarray, spread: float) -> np.ndarray:
        shape = np.where(np.isinf(theta[..., 2]), 0.0, theta[..., 2])  # infinite where it is fixed
        bounded = (shape >= LOWEST_SHAPE - ROUNDED) & (shape <= HIGHEST_SHAPE + ROUNDED)
        return bounded & (theta[..., 1] >= LOWEST_SCALE * spread)

    @staticmethod
    def _edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
        return extreme_value_edges(x, weights, spread)

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        """Refuse a fixed shape at or below −1 where the upper end can come to the largest value."""
        shape = fixed.get("shape", 0.0)
        if shape > LOWEST_SHAPE or {"location", "scale"} <= set(fixed) or fixed.get("location", -np.inf) > look.maximum:
            return None
        raise NoMaximumError(
            f"column {look.column!r}: with the shape fixed at {shape:g}, not above -1, the likelihood of "
            "GeneralizedExtremeValue has no interior maximum: it is highest as the upper end comes to the largest "
            f"value {look.maximum:g}; fix shape above -1",
            column=look.column,
        )


def _reduced(x: Any, location: Any, scale: Any, shape: Any) -> Any:
    return reduced_variate((x - location) / scale, shape)[0]
