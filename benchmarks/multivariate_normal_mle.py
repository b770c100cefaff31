"""The multivariate normal fit of 1e7 rows of 8 columns against the matrix product of the data with themselves."""

from __future__ import annotations

import numpy as np

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS, COLUMNS = 10_000_000, 8


def run(rows: int = ROWS) -> list[Result]:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((rows, COLUMNS))
    mix = rng.standard_normal((COLUMNS, COLUMNS))
    for start in range(0, rows, 1_000_000):
        x[start : start + 1_000_000] = x[start : start + 1_000_000] @ mix + 1.0

    def ours():
        fit = sf.fit(sf.MultivariateNormal, x)
        return fit, fit.certificate, fit.standard_errors

    (our_time, product_time), ((fit, certificate, errors), product) = interleaved(5, ours, lambda: x.T @ x)
    mean = x.mean(axis=0)
    covariance = product / rows - np.outer(mean, mean)
    check(np.allclose(fit.model.mean, mean, rtol=0, atol=1e-10), "the mean")
    check(np.allclose(fit.model.covariance, covariance, rtol=1e-9, atol=1e-9), "the covariance")
    check(certificate.status == "maximum" and np.isfinite(list(errors.values())).all(), "the certificate")
    what = f"MultivariateNormal, d = {COLUMNS}, {rows:.0e} rows in memory: estimates, certificate, standard errors"
    return [
        Result(
            what,
            "numpy X.T @ X",
            our_time.wall,
            product_time.wall,
            2.0,
            note="mean and covariance equal numpy's",
            cpu=(our_time.cpu, product_time.cpu),
        )
    ]
