"""Fits of 1e5 values by one family each against scipy.stats, with certificate and standard errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS = 100_000


@dataclass(frozen=True)
class Case:
    """A family against its like in scipy.stats.

    Parameters
    ----------
    truth : the model that makes the data
    rival : the distribution of scipy.stats, with what is known passed as `known`
    as_theirs : the parameters of a model of ours in the rival's terms
    required : the ratio; theirs/ours where `at_least`, which their optimiser must lose by; else ours/theirs, where
        they have a closed form
    repeats : how often each is measured
    """

    truth: Any
    rival: Any
    as_theirs: Callable[[Any], tuple[float, ...]]
    required: float
    at_least: bool = False
    known: tuple[tuple[str, float], ...] = (("floc", 0.0),)
    repeats: int = 101


CASES = (
    Case(sf.Gamma(4, 0.05), stats.gamma, lambda m: (m.shape, 0.0, 1.0 / m.rate), 5.0),
    Case(
        sf.Beta(2, 3),
        stats.beta,
        lambda m: (m.alpha, m.beta, 0.0, 1.0),
        5.0,
        known=(("floc", 0.0), ("fscale", 1.0)),
    ),
    Case(sf.InverseGaussian(3, 6), stats.invgauss, lambda m: (m.mean / m.shape, 0.0, m.shape), 5.0),
    Case(sf.LogNormal(1, 0.5), stats.lognorm, lambda m: (m.sigma, 0.0, np.exp(m.mu)), 5.0),
    Case(sf.Weibull(1.7, 3), stats.weibull_min, lambda m: (m.shape, 0.0, m.scale), 10.0, at_least=True, repeats=3),
    Case(sf.Cauchy(3, 2), stats.cauchy, lambda m: (m.location, m.scale), 10.0, at_least=True, known=(), repeats=3),
    Case(
        sf.SkewNormal(3, 2, 3),
        stats.skewnorm,
        lambda m: (m.shape, m.location, m.scale),
        20.0,
        at_least=True,
        known=(),
        repeats=1,
    ),
    Case(
        sf.GeneralizedExtremeValue(10, 3, 0.1),
        stats.genextreme,
        lambda m: (-m.shape, m.location, m.scale),
        20.0,
        at_least=True,
        known=(),
        repeats=1,
    ),
)


def run(rows: int = ROWS) -> list[Result]:
    return [_measured(case, rows) for case in CASES]


def _measured(case: Case, rows: int) -> Result:
    family = type(case.truth)
    x = case.truth.sample(rows, rng=7)

    def theirs() -> Any:
        return case.rival.fit(x, **dict(case.known))

    def ours() -> Any:
        fit = sf.fit(family, x)
        return fit, fit.certificate, fit.standard_errors

    (our_time, their_time), ((fit, certificate, errors), found) = interleaved(case.repeats, ours, theirs)
    reached, ours_there = (float(case.rival.logpdf(x, *at).sum()) for at in (found, case.as_theirs(fit.model)))
    check(certificate.status == "maximum" and np.isfinite(list(errors.values())).all(), "the certificate")
    check(abs(fit.log_likelihood - ours_there) < 1e-6, "the rival's likelihood of our estimates")
    check(ours_there >= reached - 1e-6, "the likelihood is lower than the rival's")
    return Result(
        f"{family.__name__}, {rows:.0e} values: estimates, certificate, standard errors, the first look",
        f"scipy.stats.{case.rival.name}.fit",
        our_time.wall,
        their_time.wall,
        case.required,
        at_least=case.at_least,
        note=f"log-likelihood {ours_there - reached:+.2g} nats from the rival's",
        cpu=(our_time.cpu, their_time.cpu),
    )
