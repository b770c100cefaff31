"""Comparing all families for positive data at 1e6 values: against the slowest of them alone, and against SciPy."""

from __future__ import annotations

import time
import warnings
from functools import partial
from typing import Any

import numpy as np
from scipy import stats

import suffice as sf
from benchmarks.measure import Result, Seconds, check, interleaved

ROWS = 1_000_000
# Each family with its like in scipy.stats, fitted with location 0.
FAMILIES: tuple[tuple[Any, Any], ...] = (
    (sf.Exponential, stats.expon),
    (sf.Gamma, stats.gamma),
    (sf.Weibull, stats.weibull_min),
    (sf.LogNormal, stats.lognorm),
    (sf.InverseGamma, stats.invgamma),
    (sf.InverseGaussian, stats.invgauss),
    (sf.LogLogistic, stats.fisk),
    (sf.Rayleigh, stats.rayleigh),
    (sf.HalfNormal, stats.halfnorm),
    (sf.ChiSquared, stats.chi2),
    (sf.GeneralizedPareto, stats.genpareto),
    (sf.Gompertz, stats.gompertz),
    (sf.BurrXII, stats.burr12),
)


def run(rows: int = ROWS) -> list[Result]:
    x = sf.Gamma(2.5, 0.4).sample(rows, rng=9)
    families = [family for family, _ in FAMILIES]
    alone = [partial(sf.fit, family, x) for family in families]
    (together, *each), (comparison, *_) = interleaved(3, lambda: sf.compare(families, x), *alone)
    slowest = max(range(len(families)), key=lambda i: each[i].wall)
    # once: its searches take half a minute, beside which nothing that is made only once counts
    wall, cpu = time.perf_counter(), time.process_time()
    found = [_scipy(one, x) for _, one in FAMILIES]
    rival = Seconds(time.perf_counter() - wall, time.process_time() - cpu)
    for fit in comparison:
        reached = found[families.index(fit.family)]
        check(fit.log_likelihood >= reached - 1e-6, f"{fit.family.__name__}: a lower likelihood")
    what = f"{len(families)} families for positive data compared, {rows:.0e} values"
    return [
        Result(
            what,
            f"the slowest alone ({families[slowest].__name__})",
            together.wall,
            each[slowest].wall,
            10.0,
            cpu=(together.cpu, each[slowest].cpu),
        ),
        Result(
            what,
            "scipy.stats, one fit each",
            together.wall,
            rival.wall,
            20.0,
            at_least=True,
            note=f"{len(comparison)} have a fit; the likelihood is nowhere lower than SciPy's, which is told the "
            "location 0, and of chi-squared the scale 1",
            cpu=(together.cpu, rival.cpu),
        ),
    ]


def _scipy(distribution: Any, x: np.ndarray) -> float:
    """Return the log-likelihood that scipy.stats reaches; a scale of 1 where the family has none."""
    known = {"floc": 0.0} | ({"fscale": 1.0} if distribution is stats.chi2 else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(distribution.logpdf(x, *distribution.fit(x, **known)).sum())
