"""Fits of several families to the same column, ranked by a criterion, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

from suffice.errors import NotAvailableError, ParameterError, SufficeError
from suffice.inference.assumptions import Warned
from suffice.inference.candidates import Candidates
from suffice.inference.choice import Choice, Rival
from suffice.inference.fit import Fit

# Decimals of a criterion that are compared: those that follow are rounding, and no evidence.
ROUNDED = 5
CRITERIA = {"aic": "AIC", "aicc": "AICc", "bic": "BIC"}


@dataclass(frozen=True, slots=True)
class Group:
    """What fitting several families to the same columns gave.

    Parameters
    ----------
    columns : their names
    families : what was fitted
    found : of each family, its fit, or the error in its place; one error alone where the data allow no fit
    candidates : how the families were picked, where nobody named them
    """

    columns: tuple[str, ...]
    families: tuple[Any, ...]
    found: tuple[Fit | SufficeError, ...]
    candidates: Candidates | None = None


def check_criterion(criterion: str) -> str:
    """Return the criterion, or say which there are."""
    if criterion not in CRITERIA:
        raise ParameterError(f"criterion must be one of {', '.join(map(repr, CRITERIA))}, not {criterion!r}")
    return criterion


def is_highest(fit: Fit) -> bool:
    """Say whether the likelihood of a fit is the highest of its family: at a maximum, or as the supremum at a limit."""
    if fit.family.may_end_at_rows(fit.fixed) and fit.certificate.status == "boundary":
        return False  # no criterion applies where an end of the support is fitted to a row
    return fit.certificate.status in ("maximum", "boundary", "kink", "no finite maximum")


def ranked(families: Sequence[Any], found: Sequence[Fit | SufficeError], criterion: str) -> list[tuple[Any, Any]]:
    """Return pairs of a family and its fit or error: by the criterion, then fits that are no maximum, then errors.

    Of values that agree to rounding, the family that was named first comes first.
    """

    def rank(pair: tuple[Any, Fit | SufficeError]) -> tuple[int, float]:
        fit = pair[1]
        if isinstance(fit, SufficeError):
            return 2, 0.0
        value = float(getattr(fit, criterion))
        if isnan(value):
            raise NotAvailableError(
                f"{CRITERIA[criterion]} does not rank by less than one row, and the weights sum to n = {fit.n:.6g}: "
                "they are taken as frequencies, so multiply shares by the number of rows that they stand for"
            )
        return (0 if is_highest(fit) else 1), round(value, ROUNDED)

    return sorted(zip(families, found, strict=True), key=rank)


def marked_as_chosen(fit: Fit, among: Sequence[tuple[Any, Fit | SufficeError]], criterion: str) -> Fit:
    """Return the fit with the warning that it was chosen from the data; as it is, where there was no choice.

    Parameters
    ----------
    among : the families of which one was chosen, each with its fit or error
    """
    if len(among) < 2:
        return fit
    sentence = (
        f"{fit.family.__name__} was chosen among {len(among)} families by {CRITERIA[criterion]}: p-values and "
        "intervals do not account for that choice, unless a bootstrap repeats it"
    )
    rivals = [
        Rival(family, {}) if isinstance(found, SufficeError) else Rival(family, found.fixed, found.model)
        for family, found in among
    ]
    warnings = (*not_chosen(fit).warnings, Warned("choice", sentence))
    return replace(fit, warnings=warnings, choice=Choice(tuple(rivals), criterion))


def not_chosen(fit: Fit) -> Fit:
    """Return the fit as if its family were the only one: without the choice, and without the warning of it."""
    return replace(fit, warnings=tuple([w for w in fit.warnings if w.kind != "choice"]), choice=None)


def chosen(group: Group, criterion: str = "bic") -> Fit | SufficeError:
    """Return the best fit of a group, or an error where there is none."""
    pairs = ranked(group.families, group.found, criterion) if group.families else [(None, group.found[0])]
    best = pairs[0][1]
    if isinstance(best, SufficeError):
        return best
    return marked_as_chosen(best, list(zip(group.families, group.found, strict=True)), criterion)
