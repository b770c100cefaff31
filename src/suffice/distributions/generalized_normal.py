"""The generalized normal distribution, also called exponential power."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, real
from suffice.distributions.gamma import Gamma
from suffice.distributions.generalized_normal_plan import (
    LOWEST_SHAPE,
    generalized_normal_plan,
    location_information,
)
from suffice.distributions.incomplete_gamma import log_upper_gamma, polished_quantile, upper_gamma
from suffice.distributions.inference_problem import Question
from suffice.distributions.parameter import Parameter, Support, real_line
from suffice.distributions.problem import Look
from suffice.distributions.symmetric_distribution import SymmetricDistribution
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums

LOG_TWO = float(np.log(2.0))
# Terms of a series in powers below ½.
TERMS = 16


@dataclass(frozen=True, slots=True, repr=False)
class GeneralizedNormal(SymmetricDistribution):
    """The generalized normal distribution, p(x; μ, α, β) = exp(−|(x − μ)/α|^β)/(2α Γ(1 + 1/β)) (Subbotin 1923).

    β = 2 is the normal with σ = α/√2, β = 1 the Laplace distribution, β = ∞ the uniform one on μ ± α. For β ≤ 1 the
    likelihood has a kink in μ at every row, and its maximum is one of them; as β → 0 it grows without end around any
    row, so that a fit is the best maximum with β ≥ 0.2. For some data, those of a uniform distribution mostly, it is
    highest as β → ∞, and the certificate says so. Standard errors come from the expected information, which the
    location has for β > ½ only (Agrò 1995, Communications in Statistics, Simulation and Computation 24, 523).

    Parameters
    ----------
    location : μ, the mean and median, in the unit of x
    scale : α, in the unit of x
    shape : β, a positive number or ∞; small for heavy tails

    Examples
    --------
    >>> round(GeneralizedNormal(location=0, scale=1, shape=1).pdf(0), 12)
    0.5
    """

    location: float
    scale: float
    shape: float

    special_cases: ClassVar[dict[str, dict[str, float]]] = {
        "Normal": {"shape": 2.0},
        "Laplace": {"shape": 1.0},
        "Uniform": {"shape": np.inf},
    }
    irregular_cases: ClassVar[dict[str, str]] = {"Uniform": "at shape = ∞ the ends of the support are parameters"}
    parameters = (
        Parameter("location", real, "location", "the mean and median"),
        Parameter("scale", positive, "scale", "the scale"),
        Parameter("shape", positive, "shape", "the shape, small for heavy tails", closed=(np.inf,)),
    )
    support = real_line
    collapses: ClassVar[dict[str, str]] = {"scale": "0", "location": "it"}
    region = f"shape ≥ {LOWEST_SHAPE:g}; the likelihood is unbounded as shape → 0"

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the interval μ ± α where the shape is infinite."""
        if not {"location", "scale", "shape"} <= set(fixed) or fixed["shape"] < np.inf:
            return real_line
        location, scale = fixed["location"], fixed["scale"]
        return Support(location - scale, location + scale, lower_included=True, upper_included=True)

    @staticmethod
    def _log_density(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return -_power((x - location) / scale, shape) - np.log(scale) - LOG_TWO - special.gammaln(1.0 + 1.0 / shape)

    @staticmethod
    def _derivatives(x: Any, location: Any, scale: Any, shape: Any) -> tuple[list[Any], list[Any]]:
        z = (x - location) / scale
        size, a = np.abs(z), 1.0 / shape
        power = _power(z, shape)
        there = size > 0.0
        # at a row the kink has the slope 0, the middle of both sides, and no curvature
        over = np.where(there, power / np.where(there, z, 1.0), 0.0)  # |z|^β/z
        bend = np.where(there, over / np.where(there, z, 1.0), 0.0)
        log_size = np.log(np.where(there, size, 1.0))
        digamma, trigamma = special.psi(1.0 + a), special.polygamma(1, 1.0 + a)
        first = [
            shape * over / scale,
            (shape * power - 1.0) / scale,
            digamma * a * a - power * log_size,
        ]
        second = [
            -shape * (shape - 1.0) * bend / scale**2,
            -shape * shape * over / scale**2,
            over * (1.0 + shape * log_size) / scale,
            (1.0 - shape * (shape + 1.0) * power) / scale**2,
            power * (1.0 + shape * log_size) / scale,
            -trigamma * a**4 - 2.0 * digamma * a**3 - power * log_size * log_size,
        ]
        return first, second

    @staticmethod
    def _cdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return _below((x - location) / scale, shape)

    @staticmethod
    def _log_cdf(x: Any, location: Any, scale: Any, shape: Any) -> Any:
        return _log_below((x - location) / scale, shape)

    @staticmethod
    def _icdf(p: Any, location: Any, scale: Any, shape: Any) -> Any:
        return location + scale * _standard_quantile(np.asarray(p, dtype=float), shape)

    mean = property(lambda self: self.location, doc="The mean.")
    skewness = property(lambda self: 0.0, doc="The skewness g₁.")

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""
        a = 1.0 / self.shape
        ratio = 0.5 * (special.gammaln(1.0 + 3.0 * a) - special.gammaln(1.0 + a))
        with np.errstate(over="ignore"):
            return float(self.scale / np.sqrt(3.0) * np.exp(ratio))

    @property
    def variance(self) -> float:
        """The variance, α² Γ(3/β)/Γ(1/β)."""
        return self.standard_deviation * self.standard_deviation

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis, Γ(5/β) Γ(1/β)/Γ(3/β)² − 3."""
        a = 1.0 / self.shape
        ratio = special.gammaln(1.0 + 5.0 * a) + special.gammaln(1.0 + a) - 2.0 * special.gammaln(1.0 + 3.0 * a)
        with np.errstate(over="ignore"):
            return float(1.8 * np.exp(ratio) - 3.0)

    @property
    def entropy(self) -> float:
        """The entropy in nats, 1/β + log(2α Γ(1 + 1/β))."""
        a = 1.0 / self.shape
        return float(a + np.log(self.scale) + LOG_TWO + special.gammaln(1.0 + a))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        side = np.where(rng.random(size) < 0.5, -self.scale, self.scale)
        if np.isinf(self.shape):
            return self.location + side * rng.random(size)
        # |z| = g^(1/β), g of a gamma distribution of shape 1/β, as U g'^(1/β) with g' of shape 1 + 1/β
        power = rng.gamma(1.0 + 1.0 / self.shape, 1.0, size) ** (1.0 / self.shape)
        return self.location + side * rng.random(size) * power

    # -- how it is fitted -----------------------------------------------------------------------

    @property
    def irregular(self) -> str:
        """Why there are no standard errors at a maximum with these parameters; "" where there are."""
        if np.isinf(self.shape):
            return (
                "at shape = ∞ the family is the uniform distribution on location ± scale, whose ends are the ends of "
                "the data"
            )
        if self.shape > 0.5:
            return ""
        return f"the shape {self.shape:.4g} is not above 1/2, where the location has no finite information"

    @staticmethod
    def _sums(x: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> LikelihoodSummary | None:
        """Sum over rows, with the expected information of the location in the Hessian; None for an infinite shape.

        The second derivative in the location is unbounded near rows for β < 2, and tells nothing of the curvature.
        """
        if np.isinf(theta[:, 2]).any():
            return None
        sums = LikelihoodSums(General, theta).observe(Block(x[:, None], weights))
        assert sums.hessian is not None
        sums.hessian[:, 0, 0] = -sums.weight * location_information(theta[:, 1], theta[:, 2])
        return sums

    @staticmethod
    def _in_region(theta: np.ndarray, spread: float) -> np.ndarray:
        return np.asarray(theta[..., 2] >= LOWEST_SHAPE * (1.0 - 1e-9))

    @classmethod
    def may_end_at_rows(cls, fixed: Mapping[str, float]) -> bool:
        """Say whether the support may end at a row: both ends, at the uniform limit."""
        return "shape" not in fixed

    @classmethod
    def plan(cls, look: Look, fixed: Mapping[str, float]) -> Question:
        """Fit by the profile over the shape; see `generalized_normal_plan`."""
        return (yield from generalized_normal_plan(cls, look, fixed))


class General:
    """The family without its sums."""

    _log_density = GeneralizedNormal._log_density
    _derivatives = GeneralizedNormal._derivatives


def _power(z: Any, shape: Any) -> Any:
    """Return |z|^β; at β = ∞ 0 for |z| ≤ 1, where the ends belong to the uniform distribution."""
    infinite = np.isinf(shape)
    power = np.abs(z) ** np.where(infinite, 1.0, shape)
    return np.where(infinite, np.where(np.abs(z) <= 1.0, 0.0, np.inf), power)


def _inner(size: Any, shape: Any) -> Any:
    """Return P(|Z| ≤ size): by the series of ∫ exp(−tᵝ) dt where sizeᵝ is small and may underflow."""
    power = np.asarray(size) ** shape
    near = power < 0.5
    y, total = np.where(near, power, 0.0), 0.0
    for k in range(TERMS, 0, -1):
        total = -y / k * (1.0 / (1.0 + k * shape) + total)
    series = size * (1.0 + total) / special.gamma(1.0 + 1.0 / shape)
    return np.where(near, series, 1.0 - upper_gamma(1.0 / shape, power))


def _log_outer(size: Any, shape: Any) -> Any:
    """Return log P(|Z| > size)."""
    power = np.asarray(size) ** shape
    near = power < 0.5
    inner = np.where(near, _inner(np.where(near, size, 0.0), shape), 0.0)
    return np.where(near, np.log1p(-inner), log_upper_gamma(1.0 / shape, np.where(near, 1.0, power)))


def _below(z: Any, shape: Any) -> Any:
    return np.exp(_log_below(z, shape))


def _log_below(z: Any, shape: Any) -> Any:
    infinite, size = np.isinf(shape), np.abs(z)
    beta = np.where(infinite, 1.0, shape)
    log_half = _log_outer(size, beta) - LOG_TWO
    log_half = np.where(infinite, np.log(np.clip(1.0 - size, 0.0, 1.0)) - LOG_TWO, log_half)
    return np.where(z < 0.0, log_half, np.log1p(-np.exp(log_half)))


def _standard_quantile(p: np.ndarray, shape: Any) -> Any:
    """Return the quantile of (X − μ)/α, by that of |Z| from the smaller side: near 0 |Z| is nearly uniform."""
    if np.any(np.isinf(shape)):
        finite = np.where(np.isinf(shape), 1.0, shape)
        return np.where(np.isinf(shape), 2.0 * p - 1.0, _standard_quantile(p, finite))
    a = 1.0 / shape
    tail = np.minimum(p, 1.0 - p)
    near = tail > 0.25  # 1 − 2 tail is exact there
    inner = np.where(near, 1.0 - 2.0 * tail, 0.5)
    linear = inner * special.gamma(1.0 + a)
    start = np.where(linear**shape < 0.1, linear, special.gammaincinv(a, inner) ** a)
    outer = Gamma._iccdf(np.where(near, 0.5, 2.0 * tail), a, 1.0) ** a
    size = polished_quantile(
        np.where(near, start, outer),
        np.log(np.where(near, inner, 2.0 * tail)),
        np.where(near, 1.0, -1.0),
        lambda z: np.where(near, np.log(_inner(z, shape)), _log_outer(z, shape)),
        lambda z: -(z**shape) - special.gammaln(1.0 + a),
    )
    return np.where(p < 0.5, -size, size)
