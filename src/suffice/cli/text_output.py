"""Fits as text: plain and unbroken in a pipe, tables and colour in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from suffice.cli.families import spelled
from suffice.errors import SufficeError
from suffice.inference.fit_text import fit_text

CHOICE_NOTE = (
    "The family was chosen by AIC; the intervals below do not account for that choice. A family of integers "
    "is compared with densities as if the values were rounded to whole numbers."
)


def in_terminal() -> bool:
    """Say whether stdout is a terminal that can show tables."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def print_results(results: Sequence[Any], shown: Any) -> None:
    """Print fits to stdout, and columns that could not be fitted to stderr."""
    from suffice.cli.main import say

    for number, result in enumerate(results):
        if number and not isinstance(result.fit, SufficeError):
            click.echo()
        if isinstance(result.fit, SufficeError):
            say(f"{', '.join(result.columns)}: {result.fit}")
        elif in_terminal():
            from suffice.cli.terminal import show

            show(result, shown)
        else:
            click.echo(result_text(result, shown))


def result_text(result: Any, shown: Any) -> str:
    """Return the plain form of a result, its lines unbroken."""
    text = fit_text(result.fit, level=shown.level, method=shown.method, rng=shown.seed, width=None)
    if not result.candidates:
        return text
    lines = [f"Candidates for {result.columns[0]}, by AIC:", ""]
    lines += [
        f"  {name:<18}{aic:>14}{difference:>12}   {status}"
        for name, aic, difference, status in candidate_rows(result)
    ]
    return "\n".join([*lines, "", f"  {CHOICE_NOTE}", "", text])


def candidate_rows(result: Any) -> list[tuple[str, str, str, str]]:
    """Return (family, AIC, difference to the best, status) of each candidate, after a heading."""
    rows = [("family", "AIC", "difference", "certificate")]
    best = result.fit.aic
    for name, fit in result.candidates:
        if isinstance(fit, SufficeError):
            rows.append((spelled(name), "", "", f"not fitted: {fit}"))
        else:
            maximum = fit.certificate.is_maximum
            reason = "" if maximum else f": {fit.certificate.reason}"
            difference = f"{fit.aic - best:.2f}" if maximum else ""
            rows.append((spelled(name), f"{fit.aic:.2f}", difference, f"{fit.certificate.status}{reason}"))
    return rows
