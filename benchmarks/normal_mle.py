"""The normal maximum-likelihood fit of 1e8 values against the sum of the array."""

from __future__ import annotations

import numpy as np

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS = 100_000_000


def run(rows: int = ROWS) -> list[Result]:
    x = np.random.default_rng(1).standard_normal(rows)
    x += 3.0

    def ours():
        fit = sf.fit(sf.Normal, x)
        return fit, fit.certificate, fit.standard_errors

    (our_time, sum_time), ((fit, certificate, errors), total) = interleaved(7, ours, x.sum)
    check(abs(fit.model.mu - total / rows) < 1e-12, "the mean")
    check(abs(fit.model.sigma - x.std()) < 1e-10, "the standard deviation")
    check(certificate.status == "maximum", "the certificate")
    check(abs(errors["mu"] - fit.model.sigma / np.sqrt(rows)) < 1e-12, "the standard error")
    what = f"Normal, {rows:.0e} values in memory: estimates, certificate, standard errors"
    return [
        Result(
            what,
            "numpy x.sum()",
            our_time.wall,
            sum_time.wall,
            1.6,
            note="mean and deviation equal numpy's",
            cpu=(our_time.cpu, sum_time.cpu),
        )
    ]
