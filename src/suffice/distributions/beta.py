"""The beta distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from suffice.calculus.transforms import positive
from suffice.distributions.digamma import log_minus_digamma
from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.gamma_by_mean import assembled
from suffice.distributions.incomplete_beta import SMALLEST_NORMAL, log_beta_term, log_lower_beta, lower_beta
from suffice.distributions.incomplete_gamma import polished_quantile, stirling
from suffice.distributions.parameter import Parameter, open_unit_interval
from suffice.statistics.likelihood_sums import LikelihoodSummary
from suffice.statistics.share_excess import ShareExcess, ShareExcessSummary


@dataclass(frozen=True, slots=True, repr=False)
class Beta(ContinuousDistribution):
    """The beta distribution of a share, p(x; α, β) = x^(α−1) (1 − x)^(β−1)/B(α, β), 0 < x < 1.

    The likelihood is strictly concave in (α, β), an exponential family, and has its maximum inside unless the data
    are constant (Barndorff-Nielsen 1978, theorem 9.13).

    Parameters
    ----------
    alpha : α, a positive number; the mean is α/(α + β)
    beta : β, a positive number

    Examples
    --------
    >>> Beta(alpha=2, beta=6).mean
    0.25
    """

    alpha: float
    beta: float

    parameters = (
        Parameter("alpha", positive, "shape", "the exponent of x, plus 1"),
        Parameter("beta", positive, "shape", "the exponent of 1 − x, plus 1"),
    )
    support = open_unit_interval
    sufficient = ShareExcess()
    scope = "global"
    exponential = True
    collapses: ClassVar[dict[str, str]] = {"alpha": "∞", "beta": "∞"}
    special_cases: ClassVar[dict[str, dict[str, float]]] = {"Uniform": {"alpha": 1.0, "beta": 1.0}}
    _of_special_case: ClassVar[dict[str, Any]] = {"Uniform": lambda m: (1.0, 1.0) if m.theta == (0.0, 1.0) else None}

    @staticmethod
    def _log_density(x: Any, alpha: Any, beta: Any) -> Any:
        inside = (x > 0) & (x < 1)
        x = np.where(inside, x, 0.5)
        return np.where(inside, _log_density(x, 1.0 - x, alpha, beta), -np.inf)

    @staticmethod
    def _derivatives(x: Any, alpha: Any, beta: Any) -> tuple[list[Any], list[Any]]:
        return _derivatives(x, 1.0 - x, alpha, beta)

    @staticmethod
    def _cdf(x: Any, alpha: Any, beta: Any) -> Any:
        x = np.clip(x, 0.0, 1.0)
        return lower_beta(alpha, beta, x, 1.0 - x)

    @staticmethod
    def _ccdf(x: Any, alpha: Any, beta: Any) -> Any:
        x = np.clip(x, 0.0, 1.0)
        return lower_beta(beta, alpha, 1.0 - x, x)

    @staticmethod
    def _log_cdf(x: Any, alpha: Any, beta: Any) -> Any:
        x = np.clip(x, 0.0, 1.0)
        return log_lower_beta(alpha, beta, x, 1.0 - x)

    @staticmethod
    def _log_ccdf(x: Any, alpha: Any, beta: Any) -> Any:
        x = np.clip(x, 0.0, 1.0)
        return log_lower_beta(beta, alpha, 1.0 - x, x)

    @staticmethod
    def _icdf(p: Any, alpha: Any, beta: Any) -> Any:
        return _quantile(np.asarray(p), 1.0 - np.asarray(p), alpha, beta)

    @staticmethod
    def _iccdf(q: Any, alpha: Any, beta: Any) -> Any:
        return _quantile(1.0 - np.asarray(q), np.asarray(q), alpha, beta)

    mean = property(lambda self: self.alpha / (self.alpha + self.beta), doc="The mean.")

    @property
    def variance(self) -> float:
        """The variance."""
        n = self.alpha + self.beta
        return self.alpha / n * (self.beta / n) / (n + 1.0)

    @property
    def skewness(self) -> float:
        """The skewness g₁."""
        a, b, n = self.alpha, self.beta, self.alpha + self.beta
        return float(2.0 * (b - a) / (n + 2.0) * np.sqrt((n + 1.0) / a / b))

    @property
    def kurtosis(self) -> float:
        """The excess kurtosis."""
        a, b, n = self.alpha, self.beta, self.alpha + self.beta
        return 6.0 * ((a - b) / a * ((a - b) / b) * (n + 1.0) / (n + 2.0) - 1.0) / (n + 3.0)

    @property
    def entropy(self) -> float:
        """The entropy in nats."""
        # log B(α, β) − (α−1) ψ(α) − (β−1) ψ(β) + (α+β−2) ψ(α+β), without its terms of the order of α and β
        a, b, n = self.alpha, self.beta, self.alpha + self.beta
        constant = stirling(n) - stirling(a) - stirling(b) + np.log(a / n) + np.log(b / n)
        slopes = (a - 1.0) * log_minus_digamma(a) + (b - 1.0) * log_minus_digamma(b)
        return float(constant + slopes - (n - 2.0) * log_minus_digamma(n))

    def _sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        return rng.beta(self.alpha, self.beta, size)

    # -- how it is fitted -----------------------------------------------------------------------

    @staticmethod
    def _mapped(summary: ShareExcessSummary, shift: float, factor: float) -> ShareExcessSummary:
        """Return the summary: shares have no unit."""
        return summary

    @staticmethod
    def _starts_from(summary: ShareExcessSummary) -> np.ndarray:
        """Start at the mean and, for α + β, at what the excesses are to first order where it is large."""
        mean, rest = summary.share.mean, summary.rest.mean
        excess = summary.share.spread + summary.rest.spread
        # Constant data have a maximum only where a parameter is fixed; then any start will do.
        total = (mean / rest + rest / mean) / (2.0 * excess if excess > 0.0 else 1.0)
        return np.array([[mean * total, rest * total]])

    @staticmethod
    def _sufficient_likelihood(summary: ShareExcessSummary, theta: np.ndarray) -> LikelihoodSummary:
        """Return n times value and derivatives at the mean, and what the spread of the logarithms adds to them."""
        alpha, beta = theta[..., 0], theta[..., 1]
        x, y = summary.share.mean, summary.rest.mean
        low, high = summary.share.spread, summary.rest.spread
        each = _log_density(x, y, alpha, beta) - (alpha - 1.0) * low - (beta - 1.0) * high
        (by_alpha, by_beta), (bend, cross, curve) = _derivatives(x, y, alpha, beta)
        return assembled(summary.weight, each, [by_alpha - low, by_beta - high], [[bend, cross], [cross, curve]])


def _exchanged(function: Callable[..., Any]) -> Any:
    """Return a function of (x, α, β) that evaluates one at (x, β, α)."""
    return staticmethod(lambda y, alpha, beta: function(y, beta, alpha))


class BetaOfRest:
    """The family of 1 − X for a beta X, at the parameters (α, β) of X: a beta with both exchanged."""

    discrete = False
    _log_tails = None
    _log_about_kink = None

    _log_density = _exchanged(Beta._log_density)
    _cdf = _exchanged(Beta._cdf)
    _ccdf = _exchanged(Beta._ccdf)
    _log_cdf = _exchanged(Beta._log_cdf)
    _log_ccdf = _exchanged(Beta._log_ccdf)
    _icdf = _exchanged(Beta._icdf)
    _iccdf = _exchanged(Beta._iccdf)

    @staticmethod
    def _derivatives(y: Any, alpha: Any, beta: Any) -> tuple[list[Any], list[Any]]:
        first, second = Beta._derivatives(y, beta, alpha)
        return first[::-1], second[::-1]


Beta.rest = BetaOfRest


def _log_density(x: Any, y: Any, alpha: Any, beta: Any) -> Any:
    """Return log p(x) with y = 1 − x; powers and B(α, β) cancel when α and β are large, so they are taken together."""
    return log_beta_term(alpha, beta, x, y) - np.log(x) - np.log(y)


def _derivatives(x: Any, y: Any, alpha: Any, beta: Any) -> tuple[list[Any], list[Any]]:
    # log x − ψ(α) + ψ(n) = log(nx/α) + (log α − ψ(α)) − (log n − ψ(n)), n = α + β: nothing cancels when n is large
    n = alpha + beta
    off = beta * x - alpha * y
    rest = log_minus_digamma(n)
    common = special.polygamma(1, n)
    return (
        [
            _log_ratio(off / alpha, n * x / alpha) + log_minus_digamma(alpha) - rest,
            _log_ratio(-off / beta, n * y / beta) + log_minus_digamma(beta) - rest,
        ],
        [common - special.polygamma(1, alpha), common, common - special.polygamma(1, beta)],
    )


def _log_ratio(t: Any, ratio: Any) -> Any:
    """Return log(1 + t), where ratio = 1 + t: each has the digits where the other has not."""
    near = np.abs(t) < 0.5
    return np.where(near, np.log1p(np.where(near, t, 0.0)), np.log(np.where(near, 1.0, ratio)))


def _quantile(p: Any, q: Any, alpha: Any, beta: Any) -> Any:
    """Return the quantile, where p + q = 1: SciPy's, of x or of 1 − x, whichever is below ½, polished."""
    upper = q < 0.5
    log_p = np.log(np.where(upper, q, p))
    x = np.where(upper, special.betainccinv(alpha, beta, q), special.betaincinv(alpha, beta, p))
    y = np.where(upper, special.betaincinv(beta, alpha, q), special.betainccinv(beta, alpha, p))
    low = x <= 0.5

    def log_tail(v: Any) -> Any:
        x, y = np.where(low, v, 1.0 - v), np.where(low, 1.0 - v, v)
        return np.where(upper, log_lower_beta(beta, alpha, y, x), log_lower_beta(alpha, beta, x, y))

    def log_density(v: Any) -> Any:
        return _log_density(np.where(low, v, 1.0 - v), np.where(low, 1.0 - v, v), alpha, beta)

    slope = np.where(upper == low, -1.0, 1.0)
    size = np.where(low, x, y)
    # SciPy's end at the smallest normal number; there the first term of the series in x, xᵃ/(a B(a, b)), is all.
    a, log_share = np.where(low, alpha, beta), np.log(np.where(low, p, q))
    first_term = np.exp((log_share + np.log(a) + special.betaln(alpha, beta)) / a)
    start = np.where(size > SMALLEST_NORMAL, size, first_term)
    size = polished_quantile(start, log_p, slope, log_tail, log_density)
    return np.where(low, size, 1.0 - size)
