"""Calibration of families whose parameters are arrays: samples fitted together, then with one number fixed.

The maxima are those of the library's own likelihoods, in the coordinates that it seeks them in. Fixing a parameter is
a linear constraint there, and the search goes on in what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from scipy import linalg, special

import suffice as sf
from suffice.calculus.trust_region import NewtonTrustRegion, Reason
from suffice.distributions.multivariate_student_t_sums import MultivariateStudentTSums
from suffice.distributions.problem import TOLERANCE, answer
from suffice.sources.block import Block
from verify.calibration_cell import ASKED, Cell, disagreements
from verify.calibration_points import Point, value_of
from verify.chi_squared_quantiles import PROFILE, WALD
from verify.normality_sizes import normality_sizes
from verify.student_t_samples import sums_of_samples

# Rows of the sample from whose fit the common coordinates come.
PILOT = 2_000
# Newton steps in which the coordinates of the true parameters are found.
STEPS = 20


@dataclass(frozen=True, slots=True)
class Ratios:
    """What m samples say of the p parameters that made them.

    Parameters
    ----------
    names : of the parameters
    deviates : ndarray, shape (m, p): estimate less truth, over the standard error; NaN where there is none
    drops : ndarray, shape (m, p): twice the log-likelihood that fixing a parameter at the truth loses
    failed : ndarray, shape (m,): which samples have no maximum
    """

    names: tuple[str, ...]
    deviates: np.ndarray
    drops: np.ndarray
    failed: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples (m, n, d), which are observed one by one.

    Parameters
    ----------
    x : ndarray, shape (m, n, d)
    kept : summaries (m, …) of all samples, by their statistic, of those that do not change with the parameters
    """

    x: np.ndarray
    kept: dict[Any, Any] = field(default_factory=dict)

    def derivatives(self, problem: Any, phi: np.ndarray, which: np.ndarray) -> Any:
        """Return value (k,), gradient (k, q) and Hessian (k, q, q) of samples `which` (k,), each at its φ (k, q)."""
        with np.errstate(all="ignore"):
            return answer(problem.evaluate(phi), partial(self._observed, which))

    def _observed(self, which: np.ndarray, statistic: Any) -> Any:
        if isinstance(statistic, MultivariateStudentTSums):
            return sums_of_samples(statistic, self.x[which])
        if statistic not in self.kept:
            parts = [statistic.observe(Block(rows)) for rows in self.x]
            self.kept[statistic] = replace(parts[0], state=np.stack([part.state for part in parts]))
        summary = self.kept[statistic]
        return replace(summary, state=summary.state[which])


def calibrate_several(point: Point, n: int, simulations: int, seed: int) -> Cell:
    """Simulate one cell of the table."""
    x = point.truth.sample((simulations, n), rng=seed)
    shares = isinstance(point.truth, sf.Categorical | sf.Multinomial)
    found = _of_shares(point.truth, x) if shares else _of_searches(point, x)
    usable, regular = ~found.failed, np.isfinite(found.deviates)
    wald, profile, holds = {}, {}, {}
    for j, name in enumerate(found.names):
        holds[name, "wald"], holds[name, "profile"] = np.abs(found.deviates[:, j]) <= WALD, found.drops[:, j] <= PROFILE
        wald[name] = 100.0 * float(np.mean(holds[name, "wald"][regular[:, j]]))
        profile[name] = 100.0 * float(np.mean(holds[name, "profile"][usable]))
    asked = x[: ASKED.get(n, 0)]
    sizes, differ = normality_sizes(x, len(asked)) if isinstance(point.truth, sf.MultivariateNormal) else ({}, 0)
    withheld = int(np.sum(~regular[usable].all(axis=-1)))
    differ += disagreements(point, {}, holds, asked)
    return Cell(wald, profile, sizes, int(found.failed.sum()), withheld, differ)


def _of_shares(truth: Any, x: np.ndarray) -> Ratios:
    """Return what samples say of the probabilities of categories: of one alone by its count, which is binomial."""
    p = np.array(truth.probabilities)
    if isinstance(truth, sf.Categorical):
        x = x[..., None] == truth.categories
    counts = x.sum(axis=1)
    trials = counts.sum(axis=-1, keepdims=True)
    share = counts / trials
    with np.errstate(all="ignore"):
        deviates = (share - p) / np.sqrt(share * (1.0 - share) / trials)
    drops = 2.0 * (special.xlogy(counts, share / p) + special.xlogy(trials - counts, (1.0 - share) / (1.0 - p)))
    names = tuple([f"probabilities[{j}]" for j in range(len(p))])
    return Ratios(names, np.where(share * (1.0 - share) > 0.0, deviates, np.nan), drops, np.zeros(len(x), dtype=bool))


def _of_searches(point: Point, x: np.ndarray) -> Ratios:
    """Return what samples say of the parameters of a family whose maxima are searched for."""
    pilot = sf.fit(point.family, point.truth.sample(PILOT, rng=0)).solution
    problem, n = pilot.problem, x.shape[1]
    values = np.array([value_of(point.truth, name) for name in problem.names])
    true = _coordinates(problem, pilot.phi, values)
    best = _climbed(problem, Samples(x), true, np.eye(len(true)), np.tile(true, (len(x), 1)))
    usable = np.flatnonzero(best.converged)
    deviates, drops = np.full((2, len(x), len(values)), np.nan)
    off, inverses = best.best[usable], np.linalg.inv(-n * best.best_hessian[usable])
    for i, phi, inverse in zip(usable, true + off, inverses, strict=True):
        slopes = problem.jacobian(phi)
        deviates[i] = (problem.free_values(phi) - values) / np.sqrt(np.diagonal(slopes @ inverse @ slopes.T))
    samples = Samples(x[usable])
    for j in range(len(values)):
        normal = _normal(problem, j, true)
        # where the quadratic at the maximum is highest with the parameter fixed
        pull = inverses @ normal
        starts = true + off - pull * (off @ normal / (pull @ normal))[:, None]
        there = _climbed(problem, samples, true, linalg.null_space(normal[None]), starts)
        drops[usable, j] = 2.0 * n * (best.best_value[usable] - there.best_value)
    return Ratios(problem.names, deviates, drops, ~best.converged)


def _normal(problem: Any, position: int, phi: np.ndarray) -> np.ndarray:
    """Return the direction (q,) across which `names[position]` is constant: its slope, or its own coordinate."""
    coordinate, _ = problem.own_coordinate(position)
    return np.eye(len(phi))[coordinate] if coordinate >= 0 else problem.jacobian(phi)[position]


def _coordinates(problem: Any, phi: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the coordinates (q,) of parameters (q,), by Newton steps from φ."""
    for _ in range(STEPS):
        phi = phi + np.linalg.solve(problem.jacobian(phi), values - problem.free_values(phi))
    return phi


def _climbed(
    problem: Any, samples: Samples, origin: np.ndarray, basis: np.ndarray, starts: np.ndarray
) -> NewtonTrustRegion:
    """Return the state of searches in y for the maxima of the mean log-likelihood at φ = origin + basis · y.

    Parameters
    ----------
    samples : m of them, each with a search of its own
    origin : φ, shape (q,), from where a search starts whose start is no point of the family
    basis : ndarray, shape (q, r)
    starts : φ, shape (m, q)
    """
    n = samples.x.shape[1]
    y = (starts - origin) @ basis
    y[~np.isfinite(samples.derivatives(problem, starts, np.arange(len(y)))[0])] = 0.0
    state = NewtonTrustRegion.start(y, scale=n, tolerance=TOLERANCE)
    while not state.done:
        # a search that has ended is told again what it knows
        running = np.flatnonzero(state.reason == Reason.RUNNING)
        value, gradient, hessian = state.best_value.copy(), state.best_gradient.copy(), state.best_hessian.copy()
        v, g, h = samples.derivatives(problem, origin + state.points[running] @ basis.T, running)
        value[running], gradient[running], hessian[running] = v / n, g @ basis / n, basis.T @ h @ basis / n
        state = state.tell(value, gradient, hessian)
    return state
