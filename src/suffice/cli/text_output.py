"""Fits as text: plain and unbroken in a pipe, tables and colour in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import click

from suffice.cli.families import spelled
from suffice.cli.remedies import in_options
from suffice.cli.status_line import LINE
from suffice.errors import SufficeError
from suffice.inference.description import skipped_text
from suffice.inference.fit_text import fit_text

# Of an error in a table; `--family` shows it in full.
MOST_CHARACTERS = 100


def in_terminal() -> bool:
    """Say whether stdout is a terminal that can show tables."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Write text to stdout, control characters from names and files made visible."""
    with LINE.hidden():
        click.echo(printable(text, sys.stdout))


def printable(text: str, stream: Any) -> str:
    """Return text in words of the command line, control characters (but line ends) shown, as the stream encodes it."""
    plain = in_options(text)
    shown = "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in plain)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def print_results(results: Sequence[Any], shown: Any, skipped: Sequence[str] = ()) -> None:
    """Print fits to stdout, and columns that could not be fitted to stderr; then which columns were left out."""
    from suffice.cli.main import say

    printed = False
    for result in results:
        if isinstance(result.fit, SufficeError):
            names = ", ".join(result.columns)
            say(str(result.fit) if repr(result.columns[0]) in str(result.fit) else f"{names}: {result.fit}")
            continue
        print_result(result, shown, first=not printed)
        printed = True
    if skipped and printed:
        write(f"\n{skipped_text(skipped)}")
    elif skipped:
        say(skipped_text(skipped))


def print_result(result: Any, shown: Any, *, first: bool = True, width: int | None = None) -> None:
    """Print one fit to stdout, a line below what stands there; a bootstrap may run before the first line appears."""
    if in_terminal():
        from suffice.cli.terminal import shown_text

        text = shown_text(result, shown)
    else:
        text = printable(f"{result_text(result, shown, width)}\n", sys.stdout)
    with LINE.hidden():
        click.echo(text if first else f"\n{text}", nl=False)


def result_text(result: Any, shown: Any, width: int | None = None) -> str:
    """Return the plain form of a result; its lines are broken only where a width is given."""
    text = fit_text(result.fit, level=shown.level, method=shown.method, rng=shown.seed, width=width)
    if not result.candidates:
        return text
    lines = [f"Candidates for {result.columns[0]}, by BIC:", ""]
    rows = candidate_rows(result)
    wide = [max(len(row[i]) for row in rows) for i in range(3)]
    lines += [
        f"  {name:<{wide[0]}}   {bic:>{wide[1]}}   {difference:>{wide[2]}}   {status}".rstrip()
        for name, bic, difference, status in rows
    ]
    note = ["", f"  {result.reason}"] if result.reason else []
    return "\n".join([*lines, *note, "", text])


def candidate_rows(result: Any) -> list[tuple[str, str, str, str]]:
    """Return (family, BIC, difference to the best, certificate) of each candidate, after a heading."""
    rows = [("family", "BIC", "difference", "certificate")]
    best = result.fit.bic
    for name, fit in result.candidates:
        if isinstance(fit, SufficeError):
            rows.append((spelled(name), "", "", f"not fitted: {shorten(str(fit), MOST_CHARACTERS, placeholder=' …')}"))
        else:
            maximum = fit.certificate.is_maximum
            reason = "" if maximum else f": {fit.certificate.reason}"
            difference = f"{fit.bic - best:.2f}" if maximum else ""
            rows.append((spelled(name), f"{fit.bic:.2f}", difference, f"{fit.certificate.status}{reason}"))
    return rows
