"""The bootstrap of a fit: maxima of resamples, sought together."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from suffice.distributions.problem import FAR_OFF, newton
from suffice.errors import NotAvailableError, ParameterError
from suffice.inference.fit_intervals import refuse_method
from suffice.statistics.statistic import Statistic
from suffice.statistics.wrappers import PoissonBootstrap


def bootstrap(fit: Any, replicates: int, rng: int, data: Any) -> tuple[np.ndarray, str]:
    """Refit Poisson resamples; parameters and result as of `Fit.bootstrap`."""
    if replicates < 2:
        raise ParameterError(f"replicates must be at least 2, not {replicates}")
    refuse_method(fit, "bootstrap")
    if not len(fit.solution.phi):
        raise NotAvailableError("no parameter is free, so there is nothing to resample")
    wrap = partial(_bootstrapped, seed=int(np.random.default_rng(rng).integers(2**62)), replicates=replicates)
    problem = fit.solution.problem.wrapped(wrap)
    if (closed := problem.maximum()) is not None:
        rows = fit._ask(closed, data)
        failed = int(np.isnan(rows).any(axis=1).sum())
    else:
        start = np.tile(fit.solution.phi, (replicates, 1))
        state = fit._ask(newton(problem, start, fit.n), data)
        failed = int((~state.converged).sum())
        rows = problem.put_at_ends(state.best, ~state.converged, fit.solution.phi)
        # one that went far, to no limit, has no maximum: its rows are all equal, or there are none; others were only
        # stopped by rounding
        far = np.abs(rows - fit.solution.phi).max(axis=1) > FAR_OFF
        empty = ~state.best_hessian.any(axis=(1, 2))
        rows[~state.converged & (far | empty) & ~np.isinf(rows).any(axis=1)] = np.nan
    return rows, f"{replicates} replicates{_failures(failed, int(np.isnan(rows).any(axis=1).sum()))}"


def _failures(failed: int, lost: int) -> str:
    """Return how many replicates found no interior maximum, and how many of these have none at a limit either."""
    if not failed:
        return ""
    none = f"; {lost} of these have none at all (no rows, or rows that are all equal) and are left out" if lost else ""
    return f", of which {failed} found no interior maximum{none}"


def _bootstrapped(statistic: Statistic, seed: int, replicates: int) -> Statistic:
    return PoissonBootstrap(seed, replicates, statistic)
