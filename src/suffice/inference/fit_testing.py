"""Whether data follow a fitted family: tests whose p-values know that the parameters were estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from suffice.distributions.sample_fits import fit_samples
from suffice.errors import NotAvailableError
from suffice.inference.criteria import DEFAULT, penalty
from suffice.inference.empirical_distances import ANDERSON, CRAMER, KOLMOGOROV
from suffice.inference.goodness_of_fit_result import Effect, GoodnessOfFit, rounded_text
from suffice.inference.parametric_bootstrap import of_samples
from suffice.statistics.heaping import Grid

NAMES = {KOLMOGOROV: "Kolmogorov–Smirnov D", CRAMER: "Cramér–von Mises W²", ANDERSON: "Anderson–Darling A²"}
# Of more rows than this, replicates would take minutes.
MOST_ROWS = 1_000_000
# A replicate that equals the data but for rounding counts as one as large.
TIE = 1e-9
# A test of fewer replicates than this share of those asked for is none.
MOST_FAILED = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A family that is fitted to each sample.

    Parameters
    ----------
    family : the family: that of the fit, or its rounded values
    fixed : known parameters
    start : θ, shape (p,), from where its searches start
    comparison : how its distance from data is measured
    free : how many parameters are sought
    """

    family: Any
    fixed: Mapping[str, float]
    start: np.ndarray
    comparison: Any
    free: int


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """A fit as it is tested.

    Parameters
    ----------
    contender : the family
    model : the fitted model
    x : ndarray, shape (n,): the rows
    name : of the family of the fit
    grid : to which values are rounded, None where every digit counts
    rivals : the other families of which this one was chosen
    criterion : by which it was chosen
    left_out : names of families of which it was chosen, and that cannot be fitted again
    """

    contender: Contender
    model: Any
    x: np.ndarray
    name: str
    grid: Grid | None = None
    rivals: tuple[Contender, ...] = ()
    criterion: str = DEFAULT
    left_out: tuple[str, ...] = ()


def distance_test(tested: Tested, name: str, replicates: int, seed: int, workers: int | None = None) -> GoodnessOfFit:
    """Test by the distance of the empirical distribution, refitting samples from the model."""
    theta, comparison = np.array(tested.model.theta, dtype=float), tested.contender.comparison
    statistic = float(comparison.distance(name, theta[None], tested.x[None])[0])
    distance = float(comparison.distance(KOLMOGOROV, theta[None], tested.x[None])[0])
    refitted = partial(refitted_distances, tested, name)
    values = of_samples(tested.model, len(tested.x), replicates, seed, refitted, workers)
    failed = int(np.isnan(values).sum())
    if failed > MOST_FAILED * replicates:
        raise NotAvailableError(
            f"{failed} of {replicates} samples drawn from {tested.model!r} could not be fitted, too many for a "
            "p-value; fix a parameter or choose a simpler family"
        )
    values = values[~np.isnan(values)]
    as_large = int(np.sum(values >= (1.0 - TIE) * statistic))
    return GoodnessOfFit(
        statistic,
        (1.0 + as_large) / (1.0 + len(values)),
        Effect.of(
            distance,
            len(tested.x),
            unseen=comparison.unseen(theta, tested.x),
            where=" at the ends of the rounded cells" if tested.grid is not None else "",
        ),
        f"{NAMES[name]}; p-value from {replicates} samples of the fitted model{_refits(tested)}",
        tested.name,
        float(len(tested.x)),
        f"the data are a sample from {_some(tested)}",
        replicates=replicates,
        failed=failed,
        step=None if tested.grid is None else tested.grid.step,
    )


def refitted_distances(tested: Tested, name: str, x: np.ndarray) -> np.ndarray:
    """Return the distances (m,) of samples (m, n), each from the family that is the best of those compared for it."""
    best, values = np.full(len(x), np.inf), np.full(len(x), np.nan)
    for one in (tested.contender, *tested.rivals):
        fits = fit_samples(one.family, one.fixed, one.start, x)
        score = -2.0 * fits.log_likelihood + penalty(tested.criterion, one.free, x.shape[1])
        better = np.flatnonzero(~fits.failed & (score < best))
        if len(better):
            best[better] = score[better]
            values[better] = one.comparison.distance(name, fits.theta[better], x[better])
    return values


def _refits(tested: Tested) -> str:
    """Say how the samples were treated, and whether the p-value is exact."""
    one = tested.contender
    free = [p for p in one.family.parameters if p.name not in one.fixed]
    if tested.rivals:
        number = len(tested.rivals) + 1
        some = f"{number} of the {number + len(tested.left_out)}" if tested.left_out else f"all {number}"
        return f", to each of which {some} families were fitted and the best chosen again"
    if not free:
        return ""
    exact = "; exact, since its law is free of the parameters" if one.family.pivotal and not one.fixed else ""
    return f", each refitted{exact}"


def _some(tested: Tested) -> str:
    fixed, family = tested.contender.fixed, tested.contender.family
    known = ", ".join(f"{name} = {value:g}" for name, value in fixed.items())
    kind = "a" if len(fixed) < len(family.parameters) else "the"
    return f"{kind} {tested.name} distribution{f' with {known}' if known else ''}{rounded_text(tested.grid)}"
