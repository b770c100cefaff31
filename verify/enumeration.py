"""Exact coverage of intervals of families of counts, by the law of the sum of the rows, on which alone they depend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

import suffice as sf
from verify.chi_squared_quantiles import PROFILE, WALD

Likelihood = Callable[[Any, Any], Any]


def exact_coverage(truth: Any, n: int) -> tuple[float, float] | None:
    """Return the coverage in percent of Wald and profile intervals of the parameter; None for other families."""
    found = _laws(truth, n)
    if found is None:
        return None
    sums, probability, estimate, error, log_likelihood, value = found
    with np.errstate(all="ignore"):
        drop = 2.0 * (log_likelihood(estimate) - log_likelihood(np.full(len(sums), value)))
        inside = np.abs(estimate - value) <= WALD * error
    # at an end of the domain there is no standard error, and the simulation counts no interval
    regular = error > 0.0
    wald = np.sum(probability[inside & regular]) / np.sum(probability[regular])
    return 100.0 * float(wald), 100.0 * float(np.sum(probability[drop <= PROFILE]))


def _laws(truth: Any, n: int) -> Any:
    """Return sums, their probabilities, estimates, standard errors, the log-likelihood and the true parameter."""
    if isinstance(truth, sf.Poisson):
        s = np.arange(0, stats.poisson.isf(1e-13, n * truth.mean) + 1)
        mean = s / n
        law = stats.poisson.pmf(s, n * truth.mean)
        return s, law, mean, np.sqrt(mean / n), lambda m: special.xlogy(s, m) - n * m, truth.mean
    if isinstance(truth, sf.Binomial | sf.Bernoulli):
        trials = n * (truth.n if isinstance(truth, sf.Binomial) else 1)
        s = np.arange(0, trials + 1)
        p = s / trials
        law = stats.binom.pmf(s, trials, truth.p)
        error = np.sqrt(p * (1 - p) / trials)
        return s, law, p, error, lambda t: special.xlogy(s, t) + special.xlog1py(trials - s, -t), truth.p
    if isinstance(truth, sf.Geometric):
        s = np.arange(0, stats.nbinom.isf(1e-13, n, truth.p) + 1)
        p = n / (n + s)
        law = stats.nbinom.pmf(s, n, truth.p)
        return s, law, p, p * np.sqrt((1 - p) / n), lambda t: n * np.log(t) + special.xlog1py(s, -t), truth.p
    return None
