"""Fits of one family to many samples at once: what a parametric bootstrap and a calibration repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from suffice.distributions.plan import plan, problem_of, standardization
from suffice.distributions.problem import Look, answer, newton
from suffice.distributions.reparametrized_problem import ReparametrizedProblem
from suffice.errors import SufficeError
from suffice.sources.block import Block
from suffice.statistics.statistic import observe_samples

# Values that are searched together, so that the arrays stay in the cache and no search waits long for the slowest.
TOGETHER = 65_536
# Where a search starts instead of at a limit of the family (df = ∞), at which the likelihood is flat.
BEFORE_LIMIT = 50.0
# Iterations after which only the searches that have not arrived go on, and after which they are given up.
ROUNDS = (10, 190)
# Rows of a sample from which its plan chooses where to start.
MOST_LOOKED_AT = 2_048


@dataclass(frozen=True, slots=True, eq=False)
class SampleFits:
    """The maxima of m samples.

    Parameters
    ----------
    theta : ndarray, shape (m, p): the parameters; NaN where there is no maximum
    log_likelihood : ndarray, shape (m,)
    """

    theta: np.ndarray
    log_likelihood: np.ndarray

    @property
    def failed(self) -> np.ndarray:
        """Which samples have no fit, shape (m,)."""
        return ~np.isfinite(self.log_likelihood) | np.isnan(self.theta).any(axis=-1)


def fit_samples(family: Any, fixed: Mapping[str, float], start: np.ndarray, x: np.ndarray) -> SampleFits:
    """Fit a family of one variable to each of m samples.

    All searches start from one point and advance together by Newton steps. Where one does not end at a maximum,
    the sample is fitted by itself, as `suffice.fit` would.

    Parameters
    ----------
    family : the family
    fixed : known parameters
    start : θ, shape (p,), such as the parameters that the samples were drawn from
    x : ndarray, shape (m, n)

    Returns
    -------
    SampleFits
    """
    fixed = dict(family.bound) | dict(fixed)
    possible = _possible(family, fixed, x)
    if not possible.all():
        some = fit_samples(family, fixed, start, x[possible]) if possible.any() else None
        theta, value = np.full((len(x), len(family.parameters)), np.nan), np.full(len(x), np.nan)
        if some is not None:
            theta[possible], value[possible] = some.theta, some.log_likelihood
        return SampleFits(theta, value)
    with np.errstate(all="ignore"):
        if (known := _known(family, fixed, x)) is not None:
            return SampleFits(known, family._log_density(x, *known.T[:, :, None]).sum(axis=-1))
    size = max(1, TOGETHER // x.shape[1])
    parts = [_together(family, fixed, start, x[first : first + size]) for first in range(0, len(x), size)]
    theta = np.concatenate([part.theta for part in parts])
    value = np.concatenate([part.log_likelihood for part in parts])
    with np.errstate(all="ignore"):
        for end in family._ends_of_samples(x, fixed):
            there = family._log_density(x, *end.T[:, :, None]).sum(axis=-1)
            higher = np.isfinite(there) & ~(there < value)
            theta[higher], value[higher] = end[higher], there[higher]
    return SampleFits(theta, value)


def _known(family: Any, fixed: Mapping[str, float], x: np.ndarray) -> np.ndarray | None:
    """Return θ (m, p) of each sample where it needs no search, else None."""
    if len(fixed) == len(family.parameters) and np.isfinite(list(fixed.values())).all():
        return np.tile([fixed[parameter.name] for parameter in family.parameters], (len(x), 1))
    return family._maximum_of_samples(x, fixed)


def _possible(family: Any, fixed: Mapping[str, float], x: np.ndarray) -> np.ndarray:
    """Say of each sample whether all its values lie in the support, shape (m,)."""
    support = family.support_given(fixed)
    if support is None:
        return np.ones(len(x), dtype=bool)
    ends = np.stack([x.min(axis=-1), x.max(axis=-1)], axis=-1)
    inside = support.contains(ends).all(axis=-1)
    return np.asarray(inside & support.contains(x).all(axis=-1) if support.integer else inside)


def _together(family: Any, fixed: Mapping[str, float], start: np.ndarray, x: np.ndarray) -> SampleFits:
    theta = np.full((len(x), len(family.parameters)), np.nan)
    value, found = np.full(len(x), np.nan), np.zeros(len(x), dtype=bool)
    problem = _common_problem(family, fixed, x[0])
    if problem is not None:
        begin = _begin(family, problem, start, fixed)
        if np.isfinite(begin).all():
            theta, value, found = _searched(problem, begin, x)
    for i in np.flatnonzero(~found):
        theta[i], value[i] = _by_itself(family, fixed, x[i])
    return SampleFits(theta, value)


def _common_problem(family: Any, fixed: Mapping[str, float], sample: np.ndarray) -> Any:
    """Return the problem that all samples share but for the data, None where there is none."""
    if family.plan is not None:
        solution = _planned(family, fixed, sample)
        same = solution is not None and not solution.status and hasattr(solution.problem, "thetas")
        return solution.problem if same else None
    question = standardization(family, _look(sample), fixed)
    shift, factor = answer(question, lambda statistic: statistic.observe(Block(sample[:, None])))
    problem = problem_of(family, shift, factor, fixed)
    if family.sought_as is not None and not fixed:
        return ReparametrizedProblem.of(family, shift, factor)
    return problem if problem.coordinates.free else None


def _begin(family: Any, problem: Any, start: np.ndarray, fixed: Mapping[str, float]) -> np.ndarray:
    """Return the coordinates (q,) of the starting point θ (p,), off the limits of the family."""
    likelihood, coordinates = problem.likelihood, problem.coordinates
    pairs = zip(family.parameters, start, strict=True)
    z = np.array([p.standardized(value, likelihood.shift, likelihood.factor) for p, value in pairs])
    z = np.where(np.isposinf(z), BEFORE_LIMIT, z)
    with np.errstate(all="ignore"):
        if isinstance(problem, ReparametrizedProblem):
            return np.linalg.solve(family.sought_as.exponents, np.log(z))
        known = [p.name in fixed for p in family.parameters]
        return coordinates.phi(np.where(known, coordinates.fixed, z)[None, :])[0]


def _searched(problem: Any, begin: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return θ (m, p), the log-likelihoods (m,), and which searches came to a maximum or to a limit (df = ∞)."""
    n, size = float(x.shape[1]), len(x)
    best, value, converged = np.tile(begin, (size, 1)), np.full(size, np.nan), np.zeros(size, dtype=bool)
    for iterations in ROUNDS:
        left = np.flatnonzero(~converged)
        if not len(left):
            break
        state = answer(newton(problem, best[left], n, iterations=iterations), partial(_observed, x[left]))
        best[left], value[left], converged[left] = state.best, n * state.best_value, state.converged
    with np.errstate(all="ignore"):
        rows = problem.put_at_ends(best, ~converged, begin)
        return problem.thetas(rows), value, converged | np.isinf(rows).any(axis=-1)


def _observed(x: np.ndarray, statistic: Any) -> Any:
    return observe_samples(statistic, x)


def _by_itself(family: Any, fixed: Mapping[str, float], sample: np.ndarray) -> tuple[np.ndarray, float]:
    """Return θ (p,) and the log-likelihood of one sample, NaN where it has no maximum."""
    solution = _planned(family, fixed, sample)
    if solution is None:
        return np.full(len(family.parameters), np.nan), np.nan
    return np.array(solution.model.theta), float(solution.value)


def _planned(family: Any, fixed: Mapping[str, float], sample: np.ndarray) -> Any:
    """Return the Solution for one sample, None where it has none."""
    own, block = family.plan, Block(sample[:, None])
    try:
        with np.errstate(all="ignore"):
            question = own(_look(sample), dict(fixed)) if own else plan(family, _look(sample), dict(fixed))
            return answer(question, lambda statistic: statistic.observe(block))
    except SufficeError:
        return None


def _look(sample: np.ndarray) -> Look:
    few = sample[:MOST_LOOKED_AT]
    whole = len(few) == len(sample)
    return Look(float(len(sample)), float(sample.min()), float(sample.max()), Block(few[:, None]), whole)
