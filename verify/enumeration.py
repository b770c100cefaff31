"""Exact coverage of intervals, by the law of that on which alone they depend.

Of counts that is the sum of the rows, which is enumerated. Of a mean and a variance of normal rows it is Student's t
and the sum of squares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, special, stats

import suffice as sf
from verify.chi_squared_quantiles import PROFILE, WALD

Likelihood = Callable[[Any], Any]


def exact_coverage(truth: Any, n: int) -> dict[str, tuple[float, float]]:
    """Return the coverage in percent of Wald and profile intervals, by the name of a parameter where it is known."""
    if isinstance(truth, sf.MultivariateNormal):
        d = truth.dimension
        means, variances = _of_mean(n), _of_variance(n)
        return {f"mean[{j}]": means for j in range(d)} | {f"covariance[{j},{j}]": variances for j in range(d)}
    if isinstance(truth, sf.Poisson):
        s = np.arange(0, stats.poisson.isf(1e-13, n * truth.mean) + 1)
        mean = s / n
        law = stats.poisson.pmf(s, n * truth.mean)
        return {"mean": _of_counts(law, mean, mean / n, lambda m: special.xlogy(s, m) - n * m, truth.mean)}
    if isinstance(truth, sf.Binomial | sf.Bernoulli):
        return {"p": _of_share(n * (truth.n if isinstance(truth, sf.Binomial) else 1), truth.p)}
    if isinstance(truth, sf.Categorical | sf.Multinomial):
        # of one category alone: it, or any other
        trials = n * (truth.n if isinstance(truth, sf.Multinomial) else 1)
        return {f"probabilities[{j}]": _of_share(trials, p) for j, p in enumerate(truth.probabilities)}
    if isinstance(truth, sf.Geometric):
        s = np.arange(0, stats.nbinom.isf(1e-13, n, truth.p) + 1)
        p = n / (n + s)
        law = stats.nbinom.pmf(s, n, truth.p)
        return {"p": _of_counts(law, p, p**2 * (1 - p) / n, lambda t: n * np.log(t) + special.xlog1py(s, -t), truth.p)}
    return {}


def _of_share(trials: float, truth: float) -> tuple[float, float]:
    """Return the coverages of a probability, by the number of successes."""
    s = np.arange(0, trials + 1)
    p = s / trials
    law = stats.binom.pmf(s, trials, truth)
    return _of_counts(
        law, p, p * (1 - p) / trials, lambda t: special.xlogy(s, t) + special.xlog1py(trials - s, -t), truth
    )


def _of_counts(
    law: np.ndarray, estimate: np.ndarray, variance: np.ndarray, log_likelihood: Likelihood, truth: float
) -> tuple[float, float]:
    """Return the coverages where the sum has a law (k,) of probabilities, each with an estimate and its variance."""
    with np.errstate(all="ignore"):
        drop = 2.0 * (log_likelihood(estimate) - log_likelihood(np.full(len(law), truth)))
        inside = np.abs(estimate - truth) <= WALD * np.sqrt(variance)
    # at an end of the domain there is no standard error, and the simulation counts no interval
    regular = variance > 0.0
    wald = np.sum(law[inside & regular]) / np.sum(law[regular])
    return 100.0 * float(wald), 100.0 * float(np.sum(law[drop <= PROFILE]))


def _of_mean(n: int) -> tuple[float, float]:
    """Return the coverages of the mean: z² = t² n/(n − 1) by Wald, a drop of n log(1 + t²/(n − 1)) by the profile."""
    wald = WALD * np.sqrt((n - 1) / n)
    profile = np.sqrt((n - 1) * np.expm1(PROFILE / n))
    return _twice(wald, n), _twice(profile, n)


def _twice(t: float, n: int) -> float:
    return 100.0 * float(1.0 - 2.0 * stats.t.sf(t, n - 1))


def _of_variance(n: int) -> tuple[float, float]:
    """Return the coverages of the variance, whose ratio r to the truth is χ²/n: a drop of n (r − 1 − log r)."""

    def between(low: float, high: float) -> float:
        return 100.0 * float(np.diff(stats.chi2.cdf([n * low, n * high], n - 1))[0])

    def excess(r: float) -> float:
        return float(n * (r - 1.0 - np.log(r)) - PROFILE)

    half = WALD * np.sqrt(2.0 / n)
    ends = optimize.brentq(excess, 1e-9, 1.0), optimize.brentq(excess, 1.0, 1e3)
    return between(1.0 / (1.0 + half), 1.0 / (1.0 - half)), between(*ends)
