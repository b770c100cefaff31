"""Fits as text: plain and unbroken in a pipe, tables and colour in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import click

from suffice.cli.families import spelled
from suffice.errors import SufficeError
from suffice.inference.fit_text import fit_text

CHOICE_NOTE = "The family was chosen by AIC; the intervals below do not account for that choice."
# Of an error in a table; `--family` shows it in full.
MOST_CHARACTERS = 100


def in_terminal() -> bool:
    """Say whether stdout is a terminal that can show tables."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Write text to stdout, control characters from names and files made visible."""
    click.echo(printable(text, sys.stdout))


def printable(text: str, stream: Any) -> str:
    """Return text whose control characters (but line ends) are shown, and which the stream can encode."""
    shown = "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def print_results(results: Sequence[Any], shown: Any) -> None:
    """Print fits to stdout, and columns that could not be fitted to stderr."""
    from suffice.cli.main import say

    printed = False
    for result in results:
        if isinstance(result.fit, SufficeError):
            names = ", ".join(result.columns)
            say(str(result.fit) if repr(result.columns[0]) in str(result.fit) else f"{names}: {result.fit}")
            continue
        if printed:
            click.echo()
        printed = True
        if in_terminal():
            from suffice.cli.terminal import show

            show(result, shown)
        else:
            write(result_text(result, shown))


def result_text(result: Any, shown: Any, width: int | None = None) -> str:
    """Return the plain form of a result; its lines are broken only where a width is given."""
    text = fit_text(result.fit, level=shown.level, method=shown.method, rng=shown.seed, width=width)
    if not result.candidates:
        return text
    lines = [f"Candidates for {result.columns[0]}, by AIC:", ""]
    lines += [
        f"  {name:<18}{aic:>14}{difference:>12}   {status}" for name, aic, difference, status in candidate_rows(result)
    ]
    return "\n".join([*lines, "", *[f"  {note}" for note in choice_notes(result)], "", text])


def choice_notes(result: Any) -> list[str]:
    """Return what a reader must know of a family that was chosen from the data."""
    return [*([result.reason] if result.reason else []), CHOICE_NOTE]


def candidate_rows(result: Any) -> list[tuple[str, str, str, str]]:
    """Return (family, AIC, difference to the best, certificate) of each candidate, after a heading."""
    rows = [("family", "AIC", "difference", "certificate")]
    best = result.fit.aic
    for name, fit in result.candidates:
        if isinstance(fit, SufficeError):
            rows.append((spelled(name), "", "", f"not fitted: {shorten(str(fit), MOST_CHARACTERS, placeholder=' …')}"))
        else:
            maximum = fit.certificate.is_maximum
            reason = "" if maximum else f": {fit.certificate.reason}"
            difference = f"{fit.aic - best:.2f}" if maximum else ""
            rows.append((spelled(name), f"{fit.aic:.2f}", difference, f"{fit.certificate.status}{reason}"))
    return rows
