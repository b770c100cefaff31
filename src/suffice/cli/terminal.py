"""Fits in a terminal: tables and colour, as wide as the window."""

from __future__ import annotations

import math
import sys
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli.text_output import candidate_rows, choice_notes, printable
from suffice.inference.description import number_cells
from suffice.inference.fit_text import (
    certificate_lines,
    criteria_line,
    estimate_rows,
    fixed_text,
    labels,
    left_out_line,
    needs_model_line,
    title_line,
    warning_lines,
)

# Of a parameter, in characters, so that a row fits in a window of 80.
WIDEST_NAME = 18
# Of a description: its columns of numbers, and those that a narrow window does without, the first first.
TITLES = ("values", "mean", "sd (n-1)", "min", "25 %", "median", "75 %", "max")
DROPPED = ("25 %", "75 %", "sd (n-1)", "min", "max")
COLOURS = {"maximum": "green", "boundary": "yellow", "kink": "yellow"}


def show(result: Any, shown: Any, console: Console | None = None) -> None:
    """Show one result; names from files are never read as markup."""
    console = console or _console()
    if result.candidates:
        _show_candidates(result, console)
    fit = result.fit
    console.print(_text(title_line(fit), "bold"))
    colour = COLOURS.get(fit.certificate.status, "red")
    status, *region = certificate_lines(fit)
    length = len(fit.certificate.status)
    console.print(_indented(Text.assemble((status[:length], f"bold {colour}"), status[length:]), 2))
    for line in region:
        console.print(_indented(_text(line), 2))
    rows = estimate_rows(fit, shown.level, shown.method, shown.seed)
    if rows or fit.fixed:
        console.print()
        console.print(_indented(_estimates(fit, rows, shown.level), 1))
        console.print()
    if left := left_out_line(fit, len(rows)):
        console.print(_indented(Text(left), 2))
    if needs_model_line(fit, rows):
        console.print(_indented(_text(f"model: {fit.model!r}"), 2))
    console.print(_indented(Text(criteria_line(fit)), 2))
    for warning in warning_lines(fit):
        console.print(_indented(Text.assemble(("! ", "bold yellow"), _text(warning)), 2))


def _show_candidates(result: Any, console: Console) -> None:
    console.print(_text(f"Candidates for {result.columns[0]}, by AIC", "bold"))
    heading, *rows = candidate_rows(result)
    table = _table()
    for title, side in zip(heading, ("left", "right", "right", "left"), strict=True):
        table.add_column(title, justify=side, no_wrap=side == "right")  # type: ignore[arg-type]
    for number, row in enumerate(rows):
        table.add_row(*map(_text, row), style="bold" if number == 0 else "")
    console.print(_indented(table, 1))
    console.print()
    for note in choice_notes(result):
        console.print(_indented(Text(note), 2))
    console.print()


def _estimates(fit: Any, rows: Any, level: float) -> Table:
    table = _table()
    table.add_column("parameter", overflow="fold")
    for title in ("estimate", "std. error", f"{100.0 * level:.6g} % from", "to"):
        table.add_column(title, justify="right", no_wrap=True, overflow="fold")
    table.add_column("method")
    for row, name in zip(rows, labels(fit, rows, WIDEST_NAME), strict=True):
        error = f"{row.standard_error:.6g}" if math.isfinite(row.standard_error) else "withheld"
        ends = (f"{row.lower:.6g}", f"{row.upper:.6g}", row.method) if row.method else ("", "", "withheld")
        table.add_row(*map(_text, (name, f"{row.estimate:.7g}", error, *ends)))
    for name, value in fit.fixed.items():
        table.add_row(Text(name), Text(fixed_text(value)), Text("fixed", style="dim"), "", "", "")
    return table


def show_description(description: Any, console: Console | None = None) -> None:
    """Show what stands in the columns of a source."""
    console = console or _console()
    console.print(_text(description.title(), "bold"))
    digits, left_out = _what_fits(description, console.width)
    table = _table()
    table.add_column("column", overflow="fold")
    kept = [i for i, title in enumerate(TITLES) if title not in left_out]
    for i in kept:
        table.add_column(TITLES[i], justify="right", no_wrap=True)
    for column in description.columns:
        cells = number_cells(column, digits)
        table.add_row(_text(column.name), *[cells[i] for i in kept])
    console.print(table)
    if left_out:
        console.print(_text(f"not shown, for want of room: {', '.join(left_out)} (see --json, or widen the window)"))
    error = max(column.rank_error for column in description.columns)
    if error:
        console.print(_text(f"quantiles exact in rank to {error:.2g} of all values"))
    for column in description.columns:
        for note in column.notes():
            console.print(_indented(Text.assemble(("! ", "bold yellow"), _text(f"{column.name}: {note}")), 1))
    if description.skipped:
        console.print(_indented(_text(f"left out, for they hold no numbers: {', '.join(description.skipped)}"), 1))


def _what_fits(description: Any, width: int) -> tuple[int, tuple[str, ...]]:
    """Return how many digits to show and which columns to leave out, so that no number is cut or folded."""
    most = min(WIDEST_NAME, max(len(column.name) for column in description.columns))
    for digits, left_out in [(5, ()), (4, ()), *[(4, DROPPED[:n]) for n in range(1, len(DROPPED) + 1)]]:
        rows = [TITLES, *[number_cells(column, digits) for column in description.columns]]
        widths = [max(map(len, cells)) for title, *cells in zip(TITLES, *rows, strict=True) if title not in left_out]
        # each column has a space on either side, and one between it and the next
        if max(most, len("column")) + 2 + sum(widths) + 3 * len(widths) <= width:
            break
    return digits, left_out


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False)


def _text(text: str, style: str = "") -> Text:
    """Return text from a file or a name: never markup, control characters made visible."""
    return Text(printable(text, sys.stdout), style=style)


def _table() -> Table:
    from rich import box

    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=True, padding=(0, 1))


def _indented(what: Any, by: int) -> Padding:
    return Padding(what, (0, 0, 0, by), expand=False)
