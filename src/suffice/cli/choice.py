"""Which family is printed where none is named: counts compared with counts, densities with densities, by AIC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.cli.families import spelled
from suffice.errors import NoMaximumError, OutsideSupportError, SufficeError, number_text
from suffice.inference.fit import Fit

# Whole numbers from 0 on without a 0 are taken as counts where their median is less: from here on the unit
# steps are small beside the spread of a Poisson variable (√20 = 4.5), and a density describes them.
COUNTS_BELOW = 20.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a column.

    Parameters
    ----------
    fit : the best certified maximum, or what stands in its place
    candidates : every family of the kind that was taken, with its fit or error, best first
    kind : "counts" or "continuous"; "" where nothing was chosen
    reason : why this kind, and how to ask for the other
    """

    fit: Fit | SufficeError
    candidates: tuple[tuple[str, Fit | SufficeError], ...] = ()
    kind: str = ""
    reason: str = ""


def choose(name: str, families: Sequence[Any], found: Sequence[Fit | SufficeError]) -> Choice:
    """Choose among the fits of all candidate families to one column.

    The AIC of a probability and that of a density have different units, so that only one kind is ranked: the
    families of counts where the values are whole numbers from 0 on, and 0 is among them or their median is
    below 20; else the densities. Certified maxima come first, then other fits; families with a value outside
    their support are left out.
    """
    if (value := _constant(found)) is not None:
        return Choice(_refusal(name, value))
    if len({str(fit) for fit in found}) == 1 and isinstance(found[0], SufficeError):
        return Choice(found[0])
    counts, reason = _kind(families, found)
    tried = [(family, fit) for family, fit in zip(families, found, strict=True) if family.discrete == counts]
    inside = [(family.__name__, fit) for family, fit in tried if not isinstance(fit, OutsideSupportError)]
    ranked = sorted(inside, key=lambda pair: _rank(pair[1]))
    return Choice(ranked[0][1], tuple(ranked), "counts" if counts else "continuous", reason)


def _constant(found: Sequence[Fit | SufficeError]) -> float | None:
    """Return the only value of a column, or None where there are several."""
    for fit in found:
        if isinstance(fit, NoMaximumError) and hasattr(fit, "value"):
            return float(fit.value)
        if isinstance(fit, Fit) and fit.extent.minimum[0] == fit.extent.maximum[0]:
            return float(fit.extent.minimum[0])
    return None


def _refusal(name: str, value: float) -> NoMaximumError:
    return NoMaximumError(
        f"column {name!r} is constant: every value is {number_text(value)}, so there is nothing to choose among "
        "families, and nothing was fitted; leave the column out, or name a family with --family",
        column=name,
        value=value,
    )


def _kind(families: Sequence[Any], found: Sequence[Fit | SufficeError]) -> tuple[bool, str]:
    """Return whether a column is taken as counts, and the sentence that says so."""
    whole = [
        fit
        for family, fit in zip(families, found, strict=True)
        if family.discrete and isinstance(fit, Fit) and fit.extent.minimum[0] >= 0
    ]
    if not whole:
        return False, "Taken as continuous: not all values are whole numbers from 0 on. Densities are compared."
    zero, median = whole[0].extent.minimum[0] == 0, _median(whole[0])
    counts = bool(zero or median < COUNTS_BELOW)
    others = [family.__name__ for family in families if family.discrete != counts]
    others = [name for name in others if not isinstance(_of(name, families, found), OutsideSupportError)]
    named = " or ".join(f"--family {spelled(other)}" for other in others[:2])
    what = "whole numbers from 0 on, and 0 is among them" if zero else f"whole numbers, all positive, median {median:g}"
    if counts:
        limit = "" if zero else f" (below {COUNTS_BELOW:g})"
        return True, f"Taken as counts: {what}{limit}. Families of counts are compared; for a density say {named}."
    return False, (
        f"Taken as continuous: {what} (not below {COUNTS_BELOW:g}). "
        f"Densities are compared; for a family of counts say {named}."
    )


def _of(name: str, families: Sequence[Any], found: Sequence[Any]) -> Any:
    return next(fit for family, fit in zip(families, found, strict=True) if family.__name__ == name)


def _median(fit: Fit) -> float:
    """Return the median from the tally of the values; ∞ where they were too many to tally, which counts are not."""
    tally = fit.known.get(fit.family.sufficient)
    if tally is None or tally.overflowed:
        return np.inf
    shares = np.cumsum(tally.weights)
    return float(tally.values[np.searchsorted(shares, 0.5 * shares[-1])])


def _rank(fit: Fit | SufficeError) -> tuple[int, float]:
    if isinstance(fit, SufficeError):
        return 2, 0.0
    return (0 if fit.certificate.is_maximum else 1), fit.aic
