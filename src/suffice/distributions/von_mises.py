"""The von Mises distribution on the circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.calculus.gauss_legendre import gauss_legendre
from suffice.calculus.transforms import positive, real
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.end_point import EndPoint
from suffice.distributions.parameter import Parameter, Support
from suffice.distributions.von_mises_ratio import bessel_ratio, concentration_of
from suffice.distributions.von_mises_tails import log_normalizer, log_tails, von_mises_quantile
from suffice.errors import NoMaximumError
from suffice.statistics.circle_map import CircleMap
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.scatter import Scatter, ScatterSummary

NODES, WEIGHTS = gauss_legendre(32)
# Lengths of panels for the moments, in units of 1/(1 + √κ).
PANELS = np.array([0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 60.0, 400.0, 1e4, 1e6, 1e9])


@dataclass(frozen=True, slots=True, repr=False)
class VonMises(ContinuousDistribution):
    """The von Mises distribution of angles, p(x; μ, κ) = exp(κ cos(x − μ))/(2π I₀(κ)), −π ≤ x ≤ π.

    Angles are in radians and lie between −π and π; others are refused, since a column of degrees would be reduced
    without a word. `cdf` and quantiles start at −π. `mean` and the other moments are those of the number x, which
    depend on where the circle is cut; `mean_direction`, `mean_resultant_length` and `circular_variance` do not. An
    interval of the location is one of angles: it may reach beyond π, and from −∞ to ∞ it holds all directions. The
    log-likelihood is concave in (κ cos μ, κ sin μ), so that there is one maximum (Mardia and Jupp 2000, 5.3.1); where
    the resultant vanishes it is the uniform distribution, κ = 0, and nothing is known of the location.

    Parameters
    ----------
    location : μ, the mean direction, in radians; the same for μ + 2π
    concentration : κ, a number that is not negative; for large κ the standard deviation is 1/√κ

    Examples
    --------
    >>> round(VonMises(location=3, concentration=2).pdf(-3.0), 10)
    0.4763844729
    """

    location: float
    concentration: float

    parameters = (
        Parameter("location", real, "shape", "the mean direction"),
        Parameter("concentration", positive, "shape", "the concentration", closed=(0.0,)),
    )
    periodic = True
    support = Support(
        -np.pi, np.pi, lower_included=True, upper_included=True,
        advice="give angles in radians from -π to π: numpy.radians(x) turns degrees into radians, and "
        "numpy.remainder(x + numpy.pi, 2 * numpy.pi) - numpy.pi turns any angle into one of these",
    )  # fmt: skip
    sufficient = CircleMap(Scatter())
    scope = "global"
    collapses: ClassVar[dict[str, str]] = {"concentration": "∞", "location": "it"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Uniform": {"concentration": 0.0}}
    _of_special_case: ClassVar[dict[str, Any]] = {
        "Uniform": lambda m: (m.mean, 0.0) if np.isclose(m.high - m.low, 2.0 * np.pi, rtol=1e-14) else None
    }
    irregular_cases: ClassVar[dict[str, str]] = {"Uniform": "at concentration 0 the location means nothing"}

    @staticmethod
    def _log_density(x: Any, location: Any, concentration: Any) -> Any:
        value = -2.0 * concentration * np.sin(0.5 * (x - location)) ** 2 - log_normalizer(concentration)
        return np.where(np.abs(x) <= np.pi, value, -np.inf)

    @staticmethod
    def _derivatives(x: Any, location: Any, concentration: Any) -> tuple[list[Any], list[Any]]:
        half = np.sin(0.5 * (x - location))
        sine, lack = np.sin(x - location), 2.0 * half * half  # 1 − cos(x − μ)
        missing, slope = bessel_ratio(concentration)
        return [concentration * sine, missing - lack], [-concentration * (1.0 - lack), sine, -slope]

    @staticmethod
    def _cdf(x: Any, location: Any, concentration: Any) -> Any:
        return np.exp(VonMises._log_cdf(x, location, concentration))

    @staticmethod
    def _ccdf(x: Any, location: Any, concentration: Any) -> Any:
        return np.exp(VonMises._log_ccdf(x, location, concentration))

    @staticmethod
    def _log_cdf(x: Any, location: Any, concentration: Any) -> Any:
        lower, _ = log_tails(np.clip(x, -np.pi, np.pi), _reduced(location), concentration)
        return np.where(x < -np.pi, -np.inf, np.where(x >= np.pi, 0.0, lower))

    @staticmethod
    def _log_ccdf(x: Any, location: Any, concentration: Any) -> Any:
        _, upper = log_tails(np.clip(x, -np.pi, np.pi), _reduced(location), concentration)
        return np.where(x < -np.pi, 0.0, np.where(x >= np.pi, -np.inf, upper))

    @staticmethod
    def _icdf(p: Any, location: Any, concentration: Any) -> Any:
        return von_mises_quantile(p, 1.0 - np.asarray(p), _reduced(location), concentration)

    @staticmethod
    def _iccdf(q: Any, location: Any, concentration: Any) -> Any:
        return von_mises_quantile(1.0 - np.asarray(q), q, _reduced(location), concentration)

    @property
    def mean_direction(self) -> float:
        """The mean direction, μ reduced to −π … π."""
        return float(_reduced(self.location))

    @property
    def mean_resultant_length(self) -> float:
        """The length of the mean of (cos x, sin x), A(κ) = I₁(κ)/I₀(κ)."""
        return float(1.0 - bessel_ratio(self.concentration)[0])

    @property
    def circular_variance(self) -> float:
        """What the mean resultant length lacks of 1, 1 − A(κ)."""
        return float(bessel_ratio(self.concentration)[0])

    @property
    def mean(self) -> float:
        """The mean of x as a number between −π and π; see `mean_direction`."""
        return float(_reduced(self.location) + self._moment(lambda y, deviation: deviation))

    @property
    def standard_deviation(self) -> float:
        """The standard deviation of x as a number between −π and π."""
        return float(np.sqrt(self._central(2)))

    @property
    def variance(self) -> float:
        """The variance of x as a number between −π and π; see `circular_variance`."""
        return self._central(2)

    @property
    def skewness(self) -> float:
        """The skewness g₁ of x as a number between −π and π."""
        return self._central(3) / self._central(2) ** 1.5

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis of x as a number between −π and π."""
        return self._central(4) / self._central(2) ** 2 - 3.0

    @property
    def entropy(self) -> float:
        """The entropy in nats, log(2π I₀(κ)) − κ A(κ)."""
        return float(self.concentration * bessel_ratio(self.concentration)[0] + log_normalizer(self.concentration))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.vonmises(self.mean_direction, self.concentration, size)

    def _central(self, order: int) -> float:
        off = self._moment(lambda y, deviation: deviation)
        return self._moment(lambda y, deviation: (deviation - off) ** order)

    def _moment(self, function: Any) -> float:
        """Return the mean of a function of y, the angle from the mode, and of x − μ, by panels around mode and cut."""
        mode, k = self.mean_direction, self.concentration
        steps = np.minimum(PANELS / (1.0 + np.sqrt(k)), np.pi)
        cut = np.pi - mode if mode > 0.0 else -np.pi - mode
        edges = np.unique([-np.pi, *-steps, 0.0, *steps, np.pi, cut])
        length = np.diff(edges)[:, None]
        y = edges[:-1, None] + length * NODES
        beyond = (y > cut) if mode > 0.0 else (y < cut)
        deviation = np.where(beyond, y - np.copysign(2.0 * np.pi, mode), y)
        density = np.exp(-2.0 * k * np.sin(0.5 * y) ** 2 - log_normalizer(k))
        return float(np.sum(function(y, deviation) * density * (length * WEIGHTS)))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ScatterSummary, shift: float, factor: float) -> ScatterSummary:
        """Return the summary: angles have their own zero and unit."""
        return summary

    @staticmethod
    def _starts_from(summary: ScatterSummary) -> np.ndarray:
        """Start at the maximum: the direction of the resultant, and the concentration that gives its length."""
        direction, _, lack = _resultant(summary)
        return np.array([[float(direction), float(concentration_of(lack)) if 0.0 < lack < 1.0 else 1e-3]])

    @staticmethod
    def _sufficient_likelihood(summary: ScatterSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times the log density's mean, κ (R cos(μ − m) − 1) − log(2π e⁻ᵏ I₀(κ)), m the direction."""
        location, k = theta[..., 0], theta[..., 1]
        direction, length, lack = _resultant(summary)
        off = direction - location
        sine, short = length * np.sin(off), lack + 2.0 * length * np.sin(0.5 * off) ** 2  # 1 − R cos
        missing, slope = bessel_ratio(k)
        n, one = summary.weight, np.ones_like(k)
        value = n * (-k * short - log_normalizer(k))
        gradient = np.stack([n * k * sine, n * (missing - short)], axis=-1)
        rows = [[-n * k * (1.0 - short), n * sine * one], [n * sine * one, -n * slope]]
        hessian = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
        return LikelihoodSummary(np.broadcast_to(n, value.shape), value, gradient, hessian)

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        """Refuse rows that are all −π or π, which is one angle, as constant data are."""
        ends_only = look.sample is not None and look.sample_is_all and bool(np.all(np.abs(look.sample.rows) == np.pi))
        if not ends_only or "concentration" in fixed or abs(abs(fixed.get("location", np.pi)) - np.pi) > 1e-15:
            return None
        raise NoMaximumError(
            f"column {look.column!r} has the values -π and π only, which are one angle, and the likelihood of VonMises "
            "grows without end as concentration → ∞; fix concentration with fixed={'concentration': …}",
            column=look.column,
            value=np.pi,
        )

    @classmethod
    def _end_points(cls, look: Any, fixed: Mapping[str, float]) -> list[EndPoint]:
        """Return the uniform distribution."""
        if "concentration" in fixed:
            return []
        if "location" in fixed:
            why = "the likelihood is highest at the bound concentration = 0: the data do not point to that location"
            return [EndPoint({"concentration": 0.0}, "boundary", why)]
        why = "the mean of (cos x, sin x) is 0, and the likelihood is highest at the bound concentration = 0, the "
        why += "uniform distribution, where nothing is known of location"
        return [EndPoint({"location": 0.0, "concentration": 0.0}, "boundary", why)]


def _reduced(angle: Any) -> Any:
    """Return the angle between −π and π that differs by a multiple of 2π; one between them as it is."""
    inside = np.abs(angle) <= np.pi
    return np.where(inside, angle, np.remainder(angle + np.pi, 2.0 * np.pi) - np.pi)


def _resultant(summary: ScatterSummary) -> tuple[Any, Any, Any]:
    """Return direction, length R and 1 − R of the mean of (cos x, sin x).

    Of points on the unit circle the scatter has the trace n (1 − R²), which keeps its digits where 1 − R is small.
    """
    cosine, sine = summary.mean[..., 0], summary.mean[..., 1]
    length = np.minimum(np.hypot(cosine, sine), 1.0)
    spread = (summary.scatter[..., 0, 0] + summary.scatter[..., 1, 1]) / np.asarray(summary.weight)
    return np.arctan2(sine, cosine), length, np.where(spread < 0.75, spread / (1.0 + length), 1.0 - length)
