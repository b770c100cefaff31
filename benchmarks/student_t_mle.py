"""The Student t fit of 1e5 values against scipy.stats.t.fit."""

from __future__ import annotations

import numpy as np
from scipy import stats

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS = 100_000


def run(rows: int = ROWS) -> list[Result]:
    x = 5.0 + 2.0 * np.random.default_rng(3).standard_t(4.0, rows)

    def ours():
        fit = sf.fit(sf.StudentT, x)
        return fit, fit.certificate, fit.standard_errors

    def theirs():
        return stats.t.fit(x)

    (our_time, their_time), ((fit, certificate, errors), (df, loc, scale)) = interleaved(3, ours, theirs)
    reached = stats.t.logpdf(x, df, loc, scale).sum()
    here = stats.t.logpdf(x, fit.model.df, fit.model.location, fit.model.scale).sum()
    check(abs(here - fit.log_likelihood) < 1e-6 * abs(here), "the log-likelihood")
    check(fit.log_likelihood >= reached - 1e-6, "the likelihood is lower than the rival's")
    check(certificate.status == "maximum" and np.isfinite(list(errors.values())).all(), "the certificate")
    note = f"log-likelihood {fit.log_likelihood - reached:+.2g} nats from the rival's; its default start and optimiser"
    what = f"StudentT, {rows:.0e} values: estimates, certificate of {fit.solution.starts} starts, standard errors"
    return [
        Result(
            what,
            "scipy.stats.t.fit",
            our_time.wall,
            their_time.wall,
            20.0,
            at_least=True,
            note=note,
            cpu=(our_time.cpu, their_time.cpu),
        )
    ]
