"""Calibration: the coverage of 95 % intervals and the size of the 5 % test of fit, simulated for each family."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

import suffice as sf
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.sample_fits import SampleFits, fit_samples
from suffice.engines.threads import cores
from suffice.inference.empirical_distances import ANDERSON, CRAMER, AtPoints, AtRows
from suffice.statistics.likelihood_sums import LikelihoodSums
from verify.calibration_cell import ASKED, SEED, SIMULATIONS, SIZES, Cell, disagreements
from verify.calibration_points import POINTS, Point, value_of
from verify.calibration_several import calibrate_several
from verify.chi_squared_quantiles import PROFILE, WALD

# Simulations of exact intervals, which are asked for one by one.
EXACT = 2_000


def calibrate(point: Point, n: int, simulations: int, seed: int) -> Cell:
    """Simulate one cell of the table."""
    if any(isinstance(p, ArrayParameter) for p in point.family.parameters):
        return calibrate_several(point, n, simulations, seed)
    family, theta = point.family, np.array(point.truth.theta)
    bound = dict(getattr(family, "bound", ()))
    known = {p.name: t for p, t in zip(family.parameters, theta, strict=True) if not p.estimated}
    free = [p.name for p in family.parameters if p.estimated and p.name not in bound]
    x = point.truth.sample((simulations, n), rng=seed)
    fits = fit_samples(family, known, theta, x)
    usable = ~fits.failed
    if point.exact:
        exact = _exact_coverage(point, free, x[:EXACT])
        return Cell({}, exact, _sizes(point, known, fits, x, seed), int(fits.failed.sum()), 0, 0)
    errors = _standard_errors(family, free, fits, x) if point.errors is None else point.errors(fits.theta, n)
    wald, profile, holds = {}, {}, {}
    for name in free:
        position = [p.name for p in family.parameters].index(name)
        truth = theta[position]
        at_truth = fit_samples(family, known | {name: truth}, theta, x)
        drop = 2.0 * (fits.log_likelihood - at_truth.log_likelihood)
        holds[name, "profile"] = drop <= PROFILE
        profile[name] = 100.0 * float(np.mean(holds[name, "profile"][usable]))
        z = np.abs(fits.theta[:, position] - truth) / errors[:, position]
        holds[name, "wald"] = z <= WALD
        wald[name] = 100.0 * float(np.mean(holds[name, "wald"][np.isfinite(z)]))
    sizes = {} if family is sf.Bernoulli else _sizes(point, known, fits, x, seed)
    withheld = int(np.sum(~np.isfinite(errors[usable]).all(axis=-1)))
    differ = disagreements(point, known, holds, x[: ASKED.get(n, 0)])
    return Cell(wald, profile, sizes, int(fits.failed.sum()), withheld, differ)


def _exact_coverage(point: Point, free: list[str], x: np.ndarray) -> dict[str, float]:
    """Return the coverage in percent of the intervals that `fit.interval` gives, by the name of a parameter."""
    hits = dict.fromkeys(free, 0)
    for sample in x:
        fit = sf.fit(point.family, sample)
        for name in free:
            lower, upper = fit.interval(name)
            hits[name] += lower <= value_of(point.truth, name) <= upper
    return {name: 100.0 * count / len(x) for name, count in hits.items()}


def _standard_errors(family: Any, free: list[str], fits: SampleFits, x: np.ndarray) -> np.ndarray:
    """Return the standard errors by the observed information, shape (m, p); NaN where there are none."""
    columns = [i for i, p in enumerate(family.parameters) if p.name in free]
    errors = np.zeros(fits.theta.shape)
    with np.errstate(all="ignore"):
        hessian = LikelihoodSums(family, fits.theta).observe_samples(x).hessian
        information = -hessian[:, columns][:, :, columns]
        bad = ~np.isfinite(information).all(axis=(1, 2))
        information[bad] = np.eye(len(columns))
        definite = np.linalg.eigvalsh(information)[:, 0] > 0
        information[~definite] = np.eye(len(columns))
        variances = np.diagonal(np.linalg.inv(information), axis1=1, axis2=2)
        errors[:, columns] = np.where((definite & ~bad)[:, None], np.sqrt(variances), np.nan)
    return errors


def _sizes(point: Point, known: dict[str, float], fits: SampleFits, x: np.ndarray, seed: int) -> dict[str, float]:
    """Return the size of the test in percent: one refitted sample of each fitted model, pooled.

    Source: Giacomini, Politis and White (2013), A warp-speed method for Monte Carlo experiments.
    """
    family, n = point.family, x.shape[1]
    # where the support is fitted to the outermost rows A² is infinite
    comparison: Any
    comparison, name = AtRows(family), CRAMER if family.may_end_at_rows(known) else ANDERSON
    if family.discrete:
        comparison = AtPoints.of(point.truth, family, x)
    usable = np.flatnonzero(~fits.failed)
    rng = np.random.default_rng(seed + 1)
    drawn = np.stack([family.from_theta(theta)._sample(rng, n) for theta in fits.theta[usable]])
    statistic = comparison.distance(name, fits.theta[usable], x[usable])
    again = fit_samples(family, known, np.array(point.truth.theta), drawn)
    null = comparison.distance(name, again.theta, drawn)[~again.failed]
    return {"the test": 100.0 * float(np.mean(statistic > np.quantile(null, 0.95, method="higher")))}


def _cell(arguments: tuple[int, int, int]) -> Cell:
    number, n, simulations = arguments
    return calibrate(POINTS[number], n, simulations, SEED + number)


def cells(simulations: int = SIMULATIONS) -> Iterator[tuple[Point, int, Cell]]:
    """Yield the cells, family by family."""
    wanted = [(number, n, simulations) for number in range(len(POINTS)) for n in SIZES]
    with ProcessPoolExecutor(cores()) as pool:
        for (number, n, _), cell in zip(wanted, pool.map(_cell, wanted), strict=True):
            print(f"{POINTS[number].family.__name__} {n}", flush=True)
            yield POINTS[number], n, cell
