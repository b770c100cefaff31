"""Fits as text: plain and unbroken in a pipe, tables and colour in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from suffice.cli.remedies import in_options
from suffice.cli.status_line import LINE
from suffice.errors import SufficeError
from suffice.inference.comparison_text import left_lines, table_lines, verdict_lines
from suffice.inference.description import skipped_text
from suffice.inference.fit_text import fit_text


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
    if result.comparison is None:
        return text
    lines = [f"Candidates for {result.columns[0]}, by BIC:", "", *table_lines(result.comparison), ""]
    return "\n".join([*lines, *[f"  {line}" for line in candidate_notes(result)], "", text])


def candidate_notes(result: Any) -> list[str]:
    """Return what stands below the table of candidates."""
    reason = [result.reason] if result.reason else []
    return [*verdict_lines(result.comparison), *left_lines(result.comparison), *reason]
