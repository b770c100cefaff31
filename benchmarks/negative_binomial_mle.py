"""The negative binomial fit of 1e5 counts against scipy.stats.fit, which searches whole sizes within bounds."""

from __future__ import annotations

import numpy as np
from scipy import stats

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS = 100_000
BOUNDS = {"n": (0.1, 100.0), "p": (1e-3, 1.0)}


def run(rows: int = ROWS) -> list[Result]:
    x = np.random.default_rng(4).negative_binomial(3, 3 / 13, rows)

    def ours():
        fit = sf.fit(sf.NegativeBinomial, x)
        return fit, fit.certificate, fit.standard_errors

    def theirs():
        # No local polish is added to its own: the defaults of the function, but for the bounds it demands.
        return stats.fit(stats.nbinom, x, BOUNDS).params

    (our_time, their_time), ((fit, certificate, errors), found) = interleaved(1, ours, theirs)
    reached = stats.nbinom.logpmf(x, found.n, found.p).sum()
    size, mean = fit.model.size, fit.model.mean
    here = stats.nbinom.logpmf(x, size, size / (size + mean)).sum()
    check(abs(here - fit.log_likelihood) < 1e-6 * abs(here), "the log-likelihood")
    check(fit.log_likelihood >= reached - 1e-6, "the likelihood is lower than the rival's")
    check(certificate.status == "maximum" and np.isfinite(list(errors.values())).all(), "the certificate")
    note = (
        f"log-likelihood {fit.log_likelihood - reached:+.2g} nats from the rival's, whose size is whole; "
        f"its bounds n in {BOUNDS['n']}, p in {BOUNDS['p']}, its default optimiser (differential evolution)"
    )
    what = f"NegativeBinomial, {rows:.0e} counts: estimates, certificate, standard errors"
    return [
        Result(
            what,
            "scipy.stats.fit",
            our_time.wall,
            their_time.wall,
            None,
            at_least=True,
            note=note,
            cpu=(our_time.cpu, their_time.cpu),
        )
    ]
