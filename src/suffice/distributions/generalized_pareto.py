"""The generalized Pareto distribution of excesses over a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.transforms import positive, real
from suffice.distributions.bound_family import BoundFamily
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.exponential import log_one_minus_exp
from suffice.distributions.generalized_pareto_starts import best_on_profile, scale_of_shape, shape_of_scale
from suffice.distributions.parameter import Parameter, Support, nonnegative_line
from suffice.distributions.summands import ParetoSummands
from suffice.errors import NoMaximumError

# The region: below this shape the likelihood grows without end where the support ends at the largest value, and below
# this scale, in median absolute deviations, around values at the threshold.
LOWEST_SHAPE, LOWEST_SCALE = -1.0, 1e-6
LOWEST_REGULAR = -0.5
# Below this |ξy| the terms of the derivatives in ξ cancel, and their series are summed.
SMALL, TERMS = 0.2, 28
# From this mean of ξy/(1 + ξy) on, sums of their parts have the digits that are needed.
CURVED = 0.03


@dataclass(frozen=True, slots=True, repr=False)
class GeneralizedPareto(ContinuousDistribution):
    """The generalized Pareto distribution, P(X > x; σ, ξ, u) = (1 + ξ (x − u)/σ)^(−1/ξ), x ≥ u.

    It is exp(−(x − u)/σ) at ξ = 0. ξ > 0 has heavy tails (the survival function falls as x^(−1/ξ)), ξ < 0 an upper end
    at u − σ/ξ. A fit seeks its maximum at ξ ≥ −1: below, the likelihood grows without end as that end nears the largest
    value (Smith 1985; Grimshaw 1993). Where n₀ of n values are the threshold itself, it also does as σ → 0 with
    ξ > n/n₀ − 1, so σ is bounded too. Standard errors are withheld for ξ ≤ −½, where they do not hold (Smith 1985).

    Parameters
    ----------
    scale : σ, in the unit of x
    shape : ξ, a real number; also called c = ξ, and k = −ξ by some
    threshold : u, in the unit of x; a fit is told it: `sf.fit(sf.GeneralizedPareto.of(threshold=10), x)`, default 0

    Examples
    --------
    >>> GeneralizedPareto(scale=2, shape=0.5).ccdf(4)
    0.25
    """

    scale: float
    shape: float
    threshold: float = 0.0

    parameters = (
        Parameter("scale", positive, "scale", "the scale"),
        Parameter("shape", real, "shape", "the shape, positive for heavy tails"),
        Parameter("threshold", real, "location", "the lower end of the support", estimated=False, default=0.0),
    )
    support = nonnegative_line
    collapses: ClassVar[dict[str, str]] = {"shape": "-∞", "scale": "-shape · (the largest excess)"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {
        "Exponential": {"threshold": 0.0, "shape": 0.0},
        "Pareto": {},
    }
    _of_special_case: ClassVar[dict[str, Any]] = {"Pareto": lambda m: (m.minimum / m.shape, 1.0 / m.shape, m.minimum)}
    region = "shape ≥ −1 and scale ≥ 1e-6 times the median absolute deviation; the likelihood is unbounded outside"
    seeks_an_end = True
    beyond_edges: ClassVar[dict[str, str]] = {
        "shape": "where the support ends at the largest value; fix scale with fixed={'scale': …}, or fix shape at a "
        "value above −1; values count from the threshold, which is 0 unless it is given: for another pass "
        "sf.GeneralizedPareto.of(threshold=…)",
        "scale": "where values are the threshold itself; fix shape with fixed={'shape': …}, or leave those out",
    }

    @classmethod
    def of(cls, *, threshold: float) -> BoundFamily:
        """Return the family of excesses over this threshold."""
        return BoundFamily.of(cls, threshold=threshold)

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the values from the threshold on, up to its end where scale and a negative shape are known."""
        low, shape = fixed.get("threshold", 0.0), fixed.get("shape", 0.0)
        if shape < 0.0 and "scale" in fixed:
            return Support(low, low - fixed["scale"] / shape, lower_included=True, upper_included=shape <= LOWEST_SHAPE)
        return Support(low, lower_included=True)

    @staticmethod
    def _log_density(x: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        # −log σ − (1 + 1/ξ) log(1 + ξy) = −log σ − (1 + ξ) H with the cumulative hazard H
        y = (x - threshold) / scale
        inside = (y >= 0) & (1.0 + shape * y >= 0)
        hazard = _hazard(np.where(inside, y, 0.0), shape)
        return np.where(inside, -np.log(scale) - np.where(1.0 + shape == 0.0, 0.0, (1.0 + shape) * hazard), -np.inf)

    @staticmethod
    def _derivatives(x: Any, scale: Any, shape: Any, threshold: Any) -> tuple[list[Any], list[Any]]:
        # the threshold is never sought: its derivatives are not stated
        y = (x - threshold) / scale
        w = shape * y
        v = 1.0 + w
        slope, bend = _slope_and_bend(w)
        none = np.zeros_like(w)
        first = [((1.0 + shape) * y / v - 1.0) / scale, y * (y * slope - 1.0 / v), none]
        second = [
            (1.0 - (1.0 + shape) * y * (2.0 + w) / v**2) / scale**2,
            y * (1.0 - y) / v**2 / scale,
            none,
            y * y * (y * bend + 1.0 / v**2),
            none,
            none,
        ]
        return first, second

    @staticmethod
    def _cdf(x: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        return -np.expm1(-_hazard((x - threshold) / scale, shape))

    @staticmethod
    def _ccdf(x: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        return np.exp(-_hazard((x - threshold) / scale, shape))

    @staticmethod
    def _log_cdf(x: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        excess = np.maximum(x - threshold, 0.0)
        return log_one_minus_exp(_hazard(excess / scale, shape), np.log(excess) - np.log(scale))

    @staticmethod
    def _log_ccdf(x: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        return -_hazard((x - threshold) / scale, shape)

    @staticmethod
    def _icdf(p: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        return threshold + scale * _at_hazard(-np.log1p(-np.asarray(p)), shape)

    @staticmethod
    def _iccdf(q: Any, scale: Any, shape: Any, threshold: Any) -> Any:
        return threshold + scale * _at_hazard(-np.log(q), shape)

    @property
    def mean(self) -> float:
        """The mean; infinite for shape ≥ 1."""
        return self.threshold + self.scale / (1.0 - self.shape) if self.shape < 1 else float("inf")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation; infinite for ½ ≤ shape < 1, NaN for shape ≥ 1, where there is no finite mean."""
        if self.shape >= 0.5:
            return float("inf") if self.shape < 1 else float("nan")
        return float(self.scale / (1.0 - self.shape) / np.sqrt(1.0 - 2.0 * self.shape))

    @property
    def variance(self) -> float:
        """The variance; infinite for ½ ≤ shape < 1, NaN for shape ≥ 1, where there is no finite mean."""
        return self.standard_deviation * self.standard_deviation

    @property
    def skewness(self) -> float:
        """The skewness g₁; infinite for ⅓ ≤ shape < ½, NaN from ½ on."""
        k = self.shape
        if k >= 1 / 3:
            return float("inf") if k < 0.5 else float("nan")
        return float(2.0 * (1.0 + k) * np.sqrt(1.0 - 2.0 * k) / (1.0 - 3.0 * k))

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; infinite for ¼ ≤ shape < ½, NaN from ½ on."""
        k = self.shape
        if k >= 0.25:
            return float("inf") if k < 0.5 else float("nan")
        return 3.0 * (1.0 - 2.0 * k) * (3.0 + k + 2.0 * k * k) / ((1.0 - 3.0 * k) * (1.0 - 4.0 * k)) - 3.0

    entropy = property(lambda self: 1.0 + self.shape + float(np.log(self.scale)), doc="The entropy in nats.")

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return self.threshold + self.scale * _at_hazard(rng.standard_exponential(size), self.shape)

    # -- how it is fitted: in z the threshold is 0, and every fit fixes it ---------------------------

    @staticmethod
    def _summands(x: Any, scale: Any, shape: Any, threshold: Any) -> ParetoSummands | None:
        excess = x - threshold
        return None if (excess < 0.0).any() else ParetoSummands(shape * (excess / scale))

    @staticmethod
    def _of_sums(
        n: Any, log: Any, q: Any, qq: Any, scale: Any, shape: Any, threshold: Any
    ) -> tuple[Any, list[Any], list[Any]]:
        beyond = np.isnan(log)  # log(1 + ξy) of a row beyond the end
        log, q, qq = (np.where(beyond, n, part) for part in (log, q, qq))
        more, slope = 1.0 + shape, (log - q) / shape**2
        p, pp = q / shape, qq / shape**2
        value = -n * np.log(scale) - more / shape * log
        value, none = np.where(np.abs(q) < CURVED * n, np.nan, value), np.zeros_like(value)
        return (
            np.where(beyond, -np.inf, value),
            [(more * p - n) / scale, slope - p, none],
            [
                (n - more * (2.0 * p - shape * pp)) / scale**2,
                (p - more * pp) / scale,
                none,
                (pp - 2.0 * slope) / shape + pp,
                none,
                none,
            ],
        )

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start anywhere: the threshold and the largest value are known to `_with_fixed` only."""
        return np.array([[1.0, 0.0, 0.0]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the highest point of the profile likelihood of scale/shape, in which the largest value can occur."""
        scale, shape, threshold = fixed
        counted = weights > 0.0
        y, w = x[counted] - threshold, weights[counted] / weights[counted].sum()
        if np.isnan(scale) and np.isnan(shape):
            scale, shape = best_on_profile(y, w, LOWEST_SHAPE)
        elif np.isnan(scale):
            scale = scale_of_shape(y, w, shape)
        else:
            shape = shape_of_scale(y, w, scale, LOWEST_SHAPE)
        return np.array([[scale, shape, threshold]])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        threshold, shape = fixed["threshold"], fixed.get("shape", 0.0)
        largest = look.maximum - threshold
        if "scale" not in fixed and (largest == 0.0 or shape < LOWEST_SHAPE):
            zeros = (
                f"every value is the threshold {threshold:g}: the likelihood grows without end as scale → 0; fix scale"
            )
            wall = (
                f"with shape fixed at {shape:g} the likelihood grows without end as the support ends at the largest "
                "value; fix shape at −1 or above, or scale too"
            )
            raise NoMaximumError(f"column {look.column!r}: {zeros if largest == 0.0 else wall}", column=look.column)
        if "scale" not in fixed and shape == LOWEST_SHAPE:
            reason = (
                "with shape fixed at −1 the distribution is uniform, and highest where it ends at the largest value"
            )
            return (largest, shape, fixed["threshold"]), reason
        return None

    @staticmethod
    def _in_region(theta: np.ndarray, spread: float) -> np.ndarray:
        return np.asarray((theta[..., 1] >= LOWEST_SHAPE) & (theta[..., 0] >= LOWEST_SCALE * spread))

    @staticmethod
    def _edges(x: np.ndarray, weights: np.ndarray, spread: float) -> dict[int, np.ndarray]:
        """Return many shapes at the least scale, and the uniform distribution, the highest at shape −1."""
        spikes = [[LOWEST_SCALE * spread, shape, 0.0] for shape in np.geomspace(0.1, 1e3, 20)]
        return {1: np.array([[x.max(), LOWEST_SHAPE, 0.0]]), 0: np.array(spikes)}

    @property
    def irregular(self) -> str:
        """Why there are no standard errors at a maximum with these parameters; "" where there are."""
        if self.shape > LOWEST_REGULAR:
            return ""
        return (
            f"the shape {self.shape:.4g} is not above −½, where the likelihood is not regular: estimates are not "
            "normal around the truth (Smith 1985), and neither standard errors nor likelihood intervals hold"
        )


def _hazard(y: Any, shape: Any) -> Any:
    """Return H = log(1 + ξy)/ξ, 0 below the support and ∞ above; y at ξ = 0."""
    y = np.maximum(y, 0.0)
    w = np.maximum(shape * y, -1.0)
    near = np.abs(w) < 0.5  # also where ξy has lost digits to underflow: the quotient of both is then 1
    some = np.where(near & (w != 0.0), w, 1.0)
    quotient = np.where(w == 0.0, 1.0, np.log1p(some) / some)
    far = np.where(near, 1.0, shape)
    log = np.log1p(w)
    if (huge := np.isinf(w)).any():
        log = np.where(huge, np.log(np.where(huge, y, 1.0)) + np.log(np.abs(far)), log)
    return np.where(near, y * quotient, log / far)


def _at_hazard(hazard: Any, shape: Any) -> Any:
    """Return y = (exp(ξH) − 1)/ξ, H at ξ = 0."""
    t = np.where(np.asarray(shape) == 0.0, 0.0, shape * np.asarray(hazard))
    near = np.abs(t) < 0.5
    some = np.where(near & (t != 0.0), t, 1.0)
    quotient = np.where(t == 0.0, 1.0, np.expm1(some) / some)
    return np.where(near, np.where(near, hazard, 0.0) * quotient, np.expm1(t) / np.where(near, 1.0, shape))


def _slope_and_bend(w: Any) -> tuple[Any, Any]:
    """Return G(w) = (log(1 + w) − w/(1 + w))/w² and G′(w); near 0 by Σ (−w)ᵏ (k + 1)/(k + 2)."""
    near = np.abs(w) < SMALL
    s = np.where(near, w, 0.0)
    slope, bend = np.zeros_like(s), np.zeros_like(s)
    for k in range(TERMS, -1, -1):
        bend = bend * -s - (k + 1) * (k + 2) / (k + 3)
        slope = slope * -s + (k + 1) / (k + 2)
    far = np.where(near, 1.0, w)
    v = 1.0 + far
    direct = (np.log1p(far) - far / v) / far**2
    return np.where(near, slope, direct), np.where(near, bend, (1.0 / v**2 - 2.0 * direct) / far)
