"""Whether data follow a fitted family: tests whose p-values know that the parameters were estimated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.sample_fits import fit_samples
from suffice.errors import NotAvailableError
from suffice.inference.empirical_distances import ANDERSON, CRAMER, KOLMOGOROV
from suffice.inference.goodness_of_fit_result import Effect, GoodnessOfFit
from suffice.inference.parametric_bootstrap import of_samples

NAMES = {KOLMOGOROV: "Kolmogorov–Smirnov D", CRAMER: "Cramér–von Mises W²", ANDERSON: "Anderson–Darling A²"}
# Of more rows than this, replicates would take minutes.
MOST_ROWS = 1_000_000
# A replicate that equals the data but for rounding counts as one as large.
TIE = 1e-9
# A test of fewer replicates than this share of those asked for is none.
MOST_FAILED = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """A family as it is tested, and its fit.

    Parameters
    ----------
    family : the family: that of the fit, or its rounded values
    fixed : known parameters
    model : the fitted model
    comparison : how its distance from data is measured
    x : ndarray, shape (n,): the rows
    name : of the family of the fit
    words : ", rounded to multiples of 10", or ""
    """

    family: Any
    fixed: Mapping[str, float]
    model: Any
    comparison: Any
    x: np.ndarray
    name: str
    words: str = ""


def distance_test(tested: Tested, name: str, replicates: int, seed: int) -> GoodnessOfFit:
    """Test by the distance of the empirical distribution, refitting samples from the model."""
    theta = np.array(tested.model.theta, dtype=float)
    statistic = float(tested.comparison.distance(name, theta[None], tested.x[None])[0])
    distance = float(tested.comparison.distance(KOLMOGOROV, theta[None], tested.x[None])[0])
    values = of_samples(tested.model, len(tested.x), replicates, seed, refitted(tested, name, theta))
    failed = int(np.isnan(values).sum())
    if failed > MOST_FAILED * replicates:
        raise NotAvailableError(
            f"{failed} of {replicates} samples drawn from {tested.model!r} could not be fitted, too many for a "
            "p-value; fix a parameter or choose a simpler family"
        )
    values = values[~np.isnan(values)]
    as_large = int(np.sum(values >= statistic - TIE * abs(statistic)))
    return GoodnessOfFit(
        statistic,
        (1.0 + as_large) / (1.0 + len(values)),
        Effect.of(distance, len(tested.x)),
        f"{NAMES[name]}; p-value from {replicates} samples of the fitted model{_refits(tested)}",
        tested.name,
        float(len(tested.x)),
        f"the data are a sample from {_some(tested)}",
        replicates=replicates,
        failed=failed,
    )


def refitted(tested: Tested, name: str, start: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function from samples (m, n) to their distances (m,), each from a model fitted to it."""

    def distances(x: np.ndarray) -> np.ndarray:
        fits = fit_samples(tested.family, tested.fixed, start, x)
        values = tested.comparison.distance(name, fits.theta, x)
        return np.where(fits.failed, np.nan, values)

    return distances


def _refits(tested: Tested) -> str:
    """Say how the samples were treated, and whether the p-value is exact."""
    free = [p for p in tested.family.parameters if p.name not in tested.fixed]
    if not free:
        return ""
    pivotal = not tested.family.discrete and all(p.role in ("location", "scale", "rate") for p in free)
    exact = "; exact, since its law is free of the parameters" if pivotal and not tested.fixed else ""
    return f", each refitted{exact}"


def _some(tested: Tested) -> str:
    name, known = tested.name, ", ".join(f"{name} = {value:g}" for name, value in tested.fixed.items())
    kind = "a" if len(tested.fixed) < len(tested.family.parameters) else "the"
    return f"{kind} {name} distribution{f' with {known}' if known else ''}{tested.words}"
