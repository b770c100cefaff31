"""Which family is printed where none is named: the best by BIC of those that suit the column."""

from __future__ import annotations

from dataclasses import dataclass

from suffice.cli.families import spelled
from suffice.errors import SufficeError
from suffice.inference.candidates import Candidates
from suffice.inference.choosing import Group, chosen
from suffice.inference.comparison import Comparison, comparison_of
from suffice.inference.fit import Fit

# By which candidates are ranked, as `suffice.fit("auto", data)` does.
CRITERION = "bic"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a column.

    Parameters
    ----------
    fit : the best, or the error in its place
    comparison : every family of the kind that was taken, with its fit or error, best first; None where nothing was
        chosen
    kind : "counts", "continuous" or "two values"; "" where nothing was chosen
    reason : why this kind, and how to ask for the other
    """

    fit: Fit | SufficeError
    comparison: Comparison | None = None
    kind: str = ""
    reason: str = ""


def choose(group: Group) -> Choice:
    """Choose among the fits of the families that suit a column."""
    if group.candidates is None:
        return Choice(group.found[0])
    comparison = comparison_of(group.families, group.found, CRITERION)
    return Choice(chosen(group, CRITERION), comparison, group.candidates.kind, _reason(group.candidates))


def _reason(candidates: Candidates) -> str:
    """Return for what a column was taken and why, and what to say for the other kind."""
    said = f"Taken as {candidates.kind}: {candidates.reason}. "
    if candidates.kind == "two values":
        said += "There is one family for them"
    else:
        said += f"{'Families of counts' if candidates.kind == 'counts' else 'Densities'} are compared"
    other = "a family of counts" if candidates.kind != "counts" else "a density"
    named = " or ".join(f"--family {spelled(name)}" for name in candidates.others[:2])
    return f"{said}; for {other} say {named}." if named else f"{said}."
