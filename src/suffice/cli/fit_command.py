"""`suffice fit`: fit columns of a file, print or save what came out, and say by the exit code what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import click

from suffice.cli.choice import choose
from suffice.cli.families import spelled
from suffice.cli.main import BAD_INPUT, NOT_A_MAXIMUM
from suffice.cli.progress import engine_named
from suffice.cli.remedies import in_options
from suffice.cli.source import skipped_of, source_named
from suffice.distributions.family_names import family_named
from suffice.errors import ParameterError, ShapeError, SufficeError
from suffice.inference.candidates import AUTO
from suffice.inference.choosing import Group
from suffice.inference.comparison import Comparison
from suffice.inference.fit import Fit
from suffice.inference.fitting import fit_groups
from suffice.inference.interval import check_level


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """What came out for one column, or for all columns jointly.

    Parameters
    ----------
    columns : their names
    fit : the fit to print, or the error in its place
    comparison : where no family was named: every family compared, with its fit or error, best first
    kind : what the column was taken for there: "counts", "continuous" or "two values"
    reason : why, and how to ask for the other
    """

    columns: tuple[str, ...]
    fit: Fit | SufficeError
    comparison: Comparison | None = None
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """How intervals are shown.

    Parameters
    ----------
    level, method, seed : of the intervals; method None is the default of each fit
    """

    level: float
    method: str | None
    seed: int


def fit_file(
    *,
    command: Sequence[str],
    file: str,
    columns: Sequence[str],
    family: str | None,
    weights: str | None,
    missing: str,
    level: float,
    interval: str,
    save: str | None,
    force: bool,
    as_json: bool,
    seed: int,
    engine: str,
    fixed: Sequence[str],
) -> int:
    """Fit, print and save; return the exit code."""
    from suffice.cli.json_output import fits_document, print_document
    from suffice.cli.text_output import print_results

    named, known = _understood(level, family, fixed)
    source = source_named(file, columns, weights)
    jointly = named is not None and named.variables != 1
    if save is not None:
        _check_save(save, force, [] if jointly else source.columns)
    shown = Shown(level, None if interval == "auto" else interval, seed)
    with engine_named(engine) as passes:
        groups = fit_groups(
            AUTO if named is None else [named],
            file,
            columns=list(columns) or None,
            weights=weights,
            fixed=[known] if known else (),
            missing=missing,
            engine=passes,
            each_column=not jointly,
            keep_errors=True,
        )
        results = [_result(group, chosen=named is None) for group in groups]
        code = exit_code(results)
        if as_json:
            print_document(fits_document(results, shown, command, source, code))
        else:
            print_results(results, shown, skipped_of(source))
    if save is not None:
        _save(results[0].fit, save, force, quiet=as_json)
    return code


def _check_save(path: str, force: bool, columns: Sequence[str]) -> None:
    """Refuse before any work what could not be saved after it: a file that exists, or several fits."""
    from suffice.storage.files import check_target

    check_target(path, force=force)
    if len(columns) > 1:
        raise click.UsageError(
            f"--save keeps one fit, but there are {len(columns)} columns "
            f"({', '.join(columns[:6])}{', …' if len(columns) > 6 else ''}); name one column"
        )


def exit_code(results: Sequence[ColumnResult]) -> int:
    """Return what the exit code says of the results."""
    if any(isinstance(result.fit, SufficeError) for result in results):
        return BAD_INPUT
    proved = all(isinstance(result.fit, Fit) and _is_highest(result.fit) for result in results)
    return 0 if proved else NOT_A_MAXIMUM


def _is_highest(fit: Fit) -> bool:
    """Say whether a fit is an interior maximum, or the highest point of a likelihood that is not regular."""
    return fit.certificate.is_maximum or (fit.law is not None and fit.certificate.status in ("kink", "boundary"))


def _result(group: Group, chosen: bool) -> ColumnResult:
    if not chosen:
        return ColumnResult(group.columns, group.found[0])
    choice = choose(group)
    return ColumnResult(group.columns, choice.fit, choice.comparison, choice.kind, choice.reason)


def _understood(level: float, family: str | None, fixed: Sequence[str]) -> tuple[Any, dict[str, float]]:
    """Return the family and the fixed parameters, or say what is wrong with the command."""
    try:
        check_level(level)
        named = family_named(family, spelled) if family else None
        known = _fixed(fixed)
        if known and named is None:
            raise ParameterError("--fixed needs --family: name the family whose parameter is known")
        for name, value in known.items():
            _check_fixed(named, name, value)
    except (ParameterError, ShapeError) as error:
        raise click.UsageError(in_options(str(error))) from error
    return named, known


def _fixed(texts: Sequence[str]) -> dict[str, float]:
    fixed: dict[str, float] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            number = float(value)
        except ValueError:
            equals = ""
        if not equals or not name:
            raise ParameterError(f"--fixed needs NAME=VALUE with a number, such as --fixed df=5, not {text!r}")
        if name in fixed:
            raise ParameterError(f"--fixed names {name!r} twice; give each parameter one value")
        fixed[name] = number
    return fixed


def _check_fixed(family: Any, name: str, value: float) -> None:
    """Refuse a parameter that the family does not have, or a value that it cannot have."""
    known = {parameter.name: parameter for parameter in family.parameters}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        raise ParameterError(
            f"{spelled(family.__name__)} has no parameter {name!r}{f'; did you mean {close[0]}?' if close else ';'} "
            f"its parameters are {', '.join(known)}"
        )
    if hasattr(known[name], "check"):
        known[name].check(value, family.__name__)


def _save(fit: Any, path: str, force: bool, quiet: bool) -> None:
    from suffice.cli.main import say
    from suffice.storage.files import save

    if isinstance(fit, SufficeError):
        say(f"nothing was saved to {path}: there is no fit")
        return
    save(fit, path, force=force)
    if not quiet:
        say(f"saved to {path}")
