"""The beta-binomial distribution by its mean share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive, unit_interval
from suffice.distributions.binomial import Binomial
from suffice.distributions.bound_family import BoundFamily
from suffice.distributions.distribution import DiscreteDistribution
from suffice.distributions.exponential_mean import log_mean
from suffice.distributions.gamma_differences import digamma_differences, stirling_difference
from suffice.distributions.incomplete_gamma import excess_of_log, stirling
from suffice.distributions.parameter import Parameter, Support, counts
from suffice.distributions.summed_tails import log_tails
from suffice.errors import NoMaximumError
from suffice.statistics.tally import Tally

# From here on it is the binomial distribution to all digits.
LIMIT = 1e200


@dataclass(frozen=True, slots=True, repr=False)
class BetaBinomial(DiscreteDistribution):
    """The beta-binomial: a binomial variable whose probability of a success is beta distributed, from row to row.

    P(X = k; n, p, s) = (n over k) B(k + α, n − k + β)/B(α, β) with α = p s and β = (1 − p) s, k = 0, …, n. Its
    variance is n p (1 − p) (s + n)/(s + 1). SciPy's betabinom(n, a, b) has p = a/(a + b) and concentration a + b: these
    two are nearly orthogonal, and the binomial distribution has a place among their values, at s = ∞.

    Data that vary no more than a binomial variable have no finite maximum: the likelihood rises towards s = ∞. Where
    every value is 0 or n, it rises towards s = 0. With n = 1 it does not depend on s, which must be fixed.

    Parameters
    ----------
    n : the number of trials, a whole number from 1 on; a fit is told it: `sf.fit(sf.BetaBinomial.of(n=10), x)`
    p : the mean share of successes, from 0 to 1
    concentration : s, α + β of the beta distribution, a positive number; ∞ is the binomial distribution

    Examples
    --------
    >>> model = BetaBinomial(n=10, p=0.4, concentration=5)
    >>> model.alpha, model.beta, model.mean
    (2.0, 3.0, 4.0)
    """

    n: float
    p: float
    concentration: float

    parameters = (
        Parameter("n", positive, "shape", "the number of trials", estimated=False, integer=True),
        Parameter("p", unit_interval, "shape", "the mean share of successes", closed=(0.0, 1.0)),
        Parameter("concentration", positive, "shape", "alpha + beta of the shares", closed=(np.inf,)),
    )
    support = counts
    sufficient = Tally()
    limits: ClassVar[dict[str, Any]] = {"concentration": (np.inf, Binomial)}

    @classmethod
    def of(cls, *, n: int) -> BoundFamily:
        """Return the family with this number of trials."""
        return BoundFamily.of(cls, n=n)

    @classmethod
    def support_given(cls, fixed: Mapping[str, float]) -> Support:
        """Return the integers from 0 to n."""
        return Binomial.support_given(fixed)

    alpha = property(lambda self: self.p * self.concentration, doc="α of the beta distribution of the shares.")
    beta = property(lambda self: (1.0 - self.p) * self.concentration, doc="β of the beta distribution of the shares.")

    @staticmethod
    def _log_density(x: Any, n: Any, p: Any, concentration: Any) -> Any:
        inside = counts.contains(x) & (x <= n)
        varies = (np.asarray(p) > 0.0) & (np.asarray(p) < 1.0)
        value = _log_mass(np.where(inside, x, 0.0), n, np.where(varies, p, 0.5), concentration)
        constant = np.where(x == np.where(np.asarray(p) > 0.0, n, 0.0), 0.0, -np.inf)
        return np.where(inside, np.where(varies, value, constant), -np.inf)

    @staticmethod
    def _derivatives(x: Any, n: Any, p: Any, concentration: Any) -> tuple[list[Any], list[Any]]:
        # n is never sought: its derivatives are not stated
        s, q, m = np.minimum(concentration, LIMIT), 1.0 - p, n - x
        a, b, off, (t, up), (v, down) = _posterior(x, n, p, s)
        (d, d_bend), (e, e_bend), (f, f_bend) = (digamma_differences(*pair) for pair in ((a, x), (b, m), (s, n)))
        share, rest = x / (a + x), m / (b + m)
        # ψ(α + k) − ψ(α) = log(1 + k/α) + d, and so on: in these sums the logarithms are deviances
        none = np.zeros_like(off)
        first = [
            none,
            x / p * log_mean(x / a) - m / q * log_mean(m / b) + s * (d - e),
            p * (d - excess_of_log(t, up)) + q * (e - excess_of_log(v, down)) - f,
        ]
        second = [
            none,
            none,
            none,
            s * (s * d_bend) - x / p / p / (1.0 + x / a) + s * (s * e_bend) - m / q / q / (1.0 + m / b),
            excess_of_log(-share, a / (a + x)) + d + a * d_bend - excess_of_log(-rest, b / (b + m)) - e - b * e_bend,
            off * off / (s + n) / (p * up * q * down) + p * p * d_bend + q * q * e_bend - f_bend,
        ]
        return first, second

    @staticmethod
    def _slope_at_limit(x: Any, n: Any, p: Any, concentration: Any) -> Any:
        """Return the derivative of log p with respect to 1/concentration at concentration = ∞."""
        q = 1.0 - p
        return 0.5 * ((x - n * p) ** 2 / (p * q) - x / p - (n - x) / q + n)

    @classmethod
    def _cdf(cls, x: Any, n: Any, p: Any, concentration: Any) -> Any:
        lower, upper = log_tails(cls, x, n, p, concentration)
        return np.where(lower < upper, np.exp(lower), -np.expm1(upper))

    @classmethod
    def _ccdf(cls, x: Any, n: Any, p: Any, concentration: Any) -> Any:
        lower, upper = log_tails(cls, x, n, p, concentration)
        return np.where(upper < lower, np.exp(upper), -np.expm1(lower))

    @classmethod
    def _log_cdf(cls, x: Any, n: Any, p: Any, concentration: Any) -> Any:
        lower, upper = log_tails(cls, x, n, p, concentration)
        return np.where(lower < upper, lower, np.log1p(-np.exp(upper)))

    @classmethod
    def _log_ccdf(cls, x: Any, n: Any, p: Any, concentration: Any) -> Any:
        lower, upper = log_tails(cls, x, n, p, concentration)
        return np.where(upper < lower, upper, np.log1p(-np.exp(lower)))

    @staticmethod
    def _about(z: Any, n: Any, p: Any, concentration: Any) -> Any:
        """Return an integer near the quantile z standard deviations out."""
        s = np.minimum(concentration, LIMIT)
        return np.clip(n * p + np.sqrt(n * p * (1.0 - p) * ((s + n) / (s + 1.0))) * z, 0.0, n)

    @classmethod
    def _last(cls, n: Any, p: Any, concentration: Any) -> Any:
        return np.where(np.asarray(p) > 0.0, n, 0.0)

    mean = property(lambda self: self.n * self.p, doc="The mean.")

    @property
    def variance(self) -> float:
        """The variance."""
        s = min(self.concentration, LIMIT)
        return self.n * self.p * (1.0 - self.p) * ((s + self.n) / (s + 1.0))

    @property
    def skewness(self) -> float:
        """The skewness g₁; NaN for p = 0 and 1, where nothing varies."""
        s = min(self.concentration, LIMIT)
        if not self.variance > 0.0:
            return float("nan")
        return (1.0 - 2.0 * self.p) * ((s + 2.0 * self.n) / (s + 2.0)) / self.standard_deviation

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis; NaN for p = 0 and 1."""
        s, n = min(self.concentration, LIMIT), self.n
        if not self.variance > 0.0:
            return float("nan")
        # in 1/s, so that no power of s overflows; the 3 is taken off before anything is rounded
        u = 1.0 / s if s > 1.0 else 1.0
        w = 1.0 if s > 1.0 else s  # (w, u) are proportional to (s, 1)
        rest = (w + 2.0 * u) * (w + 3.0 * u) * (w + n * u)
        skewed = (u + w) * (w * (w - u + 6.0 * n * u) + 6.0 * n * n * u * u)
        flat = 2.0 * w**3 + w * w * u * (10.0 * n + 2.0) + w * u * u * (10.0 * n * n + 12.0 * n) + 12.0 * n * n * u**3
        return float((skewed / (n * self.p * (1.0 - self.p)) - 3.0 * flat / n) / rest)

    @property
    def entropy(self) -> float:
        """The entropy in nats, by summation."""
        log_p = self._log_density(np.arange(self.n + 1.0), *self.theta)
        return float(np.sum(special.entr(np.exp(log_p))))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        if self.concentration > 1e17 or self.variance == 0.0:
            return rng.binomial(int(self.n), self.p, size)
        return rng.binomial(int(self.n), rng.beta(self.alpha, self.beta, size))

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _starts(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start anywhere: n is known to `_with_fixed` only."""
        return np.array([[np.nan, 0.5, 1.0]])

    @staticmethod
    def _with_fixed(starts: np.ndarray, fixed: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Start at the moments, and at a smaller and a larger concentration."""
        n, p, s = fixed
        counted = x[weights > 0.0]
        if np.isnan(s) and np.isin(counted, (0.0, n)).all():
            raise NoMaximumError(
                f"every value is 0 or {n:g}, and the likelihood of BetaBinomial rises as concentration → 0, where rows "
                "are all or nothing; fix concentration with fixed={'concentration': …}"
            )
        share = np.average(x, weights=weights) / n if np.isnan(p) else p
        variance = np.average((x - n * share) ** 2, weights=weights) / (n * share * (1.0 - share))
        moment = (n - variance) / (variance - 1.0) if 1.0 < variance < n else (1e4 * n if variance <= 1.0 else 0.1)
        return np.array([[n, share, moment * factor] for factor in (0.2, 1.0, 5.0)])

    @classmethod
    def _boundary(cls, look: Any, fixed: Mapping[str, float]) -> tuple[tuple[float, ...], str] | None:
        n = fixed["n"]
        if n == 1.0 and "concentration" not in fixed:
            raise NoMaximumError(
                f"column {look.column!r}: with n = 1 the likelihood of BetaBinomial is the same for every "
                "concentration; fit Bernoulli, or fix concentration with fixed={'concentration': …}",
                column=look.column,
            )
        for p, value in ((0.0, 0.0), (1.0, n)):
            if look.minimum == look.maximum == value and "p" not in fixed:
                unknown = "" if "concentration" in fixed else "; nothing is known of concentration"
                reason = f"every value is {value:g}, and the likelihood is highest at the bound p = {p:g}{unknown}"
                return (n, p, fixed.get("concentration", np.inf)), reason
        return None


def _posterior(x: Any, n: Any, p: Any, s: Any) -> tuple[Any, ...]:
    """Return α, β, p′ − p, and p′/p − 1 with p′/p, of the shares of successes and of failures.

    p′ = (α + k)/(s + n) is the mean of the share after k of n.
    """
    a, b = p * s, (1.0 - p) * s
    weight = 1.0 / (1.0 + n / s)
    off = (x - n * p) / s * weight
    successes = off / p, (1.0 + x / a) * weight
    failures = -off / (1.0 - p), (1.0 + (n - x) / b) * weight
    return a, b, off, successes, failures


def _log_mass(k: Any, n: Any, p: Any, concentration: Any) -> Any:
    """Return log P(X = k) for 0 ≤ k ≤ n and 0 < p < 1.

    Stirling's parts of the nine gamma functions are split off. The powers become s KL(p, p′) + n KL(k/n, p′), of
    deviances (Loader 2000), so that nothing of the order of s or n is left to cancel.
    """
    s, m, q = np.minimum(concentration, LIMIT), n - k, 1.0 - p
    a, b, _, (t, up), (v, down) = _posterior(k, n, p, s)
    between = (k > 0) & (m > 0)
    i, j = np.where(between, k, 1.0), np.where(between, m, 1.0)
    weight = 1.0 / (1.0 + n / s)
    gap = (n * p - k) * weight
    some = i * excess_of_log(gap / i, n * p / i * up) + j * excess_of_log(-gap / j, n * q / j * down)
    ends = -n * np.where(k > 0, _log_share(p * up, q * weight), _log_share(q * down, p * weight))
    deviance = a * excess_of_log(t, up) + b * excess_of_log(v, down) + np.where(between, some, ends)
    ways = stirling(i) + stirling(j) - stirling(n) + np.log(n / i) - np.log(j)
    beta = stirling_difference(a, k) + stirling_difference(b, m) - stirling_difference(s, n)
    return np.where(between, ways, 0.0) + beta - deviance


def _log_share(share: Any, rest: Any) -> Any:
    """Return log of a share whose complement is `rest`, from the smaller of both."""
    return np.where(rest < 0.5, np.log1p(-np.minimum(rest, 0.5)), np.log(share))
