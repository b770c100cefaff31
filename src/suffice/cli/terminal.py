"""Fits in a terminal: tables and colour, as wide as the window."""

from __future__ import annotations

import math
import sys
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli.text_output import candidate_notes, printable
from suffice.inference.comparison_text import table_cells
from suffice.inference.description import number_cells, skipped_text
from suffice.inference.fit_text import (
    basis_line,
    certificate_lines,
    criteria_line,
    estimate_rows,
    fixed_text,
    labels,
    left_out_line,
    legend_line,
    needs_model_line,
    title_line,
    warning_lines,
    withheld_lines,
)

# Of a parameter, in characters, so that a row fits in a window of 80.
WIDEST_NAME = 18
# Of a description: its columns of numbers, and those that a narrow window does without, the first first; the two
# quartiles go together, and so do the two ends.
TITLES = ("values", "mean", "sd (n-1)", "min", "25 %", "median", "75 %", "max")
DROPPED = (("25 %", "75 %"), ("sd (n-1)",), ("min", "max"))
# Of candidates, what a narrow window does without, the first first, and the characters that it has for a certificate.
LESS_NEEDED = ("log-lik.", "AIC", "free", "weight", "difference")
CERTIFICATE = len("no finite maximum")
COLOURS = {"maximum": "green", "boundary": "yellow", "kink": "yellow"}


def shown_text(result: Any, shown: Any) -> str:
    """Return what `show` shows, as wide as the window and in its colours."""
    console = _console()
    with console.capture() as capture:
        show(result, shown, console)
    return capture.get()


def show(result: Any, shown: Any, console: Console | None = None) -> None:
    """Show one result; names from files are never read as markup."""
    console = console or _console()
    if result.comparison is not None:
        _show_candidates(result, console)
    fit = result.fit
    console.print(_text(title_line(fit), "bold"))
    colour = COLOURS.get(fit.certificate.status, "red")
    status, *region = [printable(line, sys.stdout) for line in certificate_lines(fit)]
    length = len(fit.certificate.status)
    console.print(_indented(Text.assemble((status[:length], f"bold {colour}"), status[length:]), 2))
    for line in region:
        console.print(_indented(Text(line), 2))
    rows = estimate_rows(fit, shown.level, shown.method, shown.seed)
    if rows or fit.fixed:
        console.print()
        table, note = _estimates(fit, rows, shown.level, console.width)
        console.print(_indented(table, 1))
        console.print()
        for line in (note, basis_line(fit) if rows else ""):
            if line:
                console.print(_indented(Text(line), 2))
    for more in (left_out_line(fit, len(rows)), legend_line(fit, rows, WIDEST_NAME)):
        if more:
            console.print(_indented(_text(more), 2))
    if needs_model_line(fit, rows):
        console.print(_indented(_text(f"model: {fit.model!r}"), 2))
    for line in withheld_lines(fit, rows):
        console.print(_indented(_text(line), 2))
    console.print(_indented(Text(criteria_line(fit)), 2))
    for warning in warning_lines(fit):
        console.print(_indented(Text.assemble(("! ", "bold yellow"), _text(warning)), 2))


def _show_candidates(result: Any, console: Console) -> None:
    console.print(_text(f"Candidates for {result.columns[0]}, by BIC", "bold"))
    heads, *rows = table_cells(result.comparison)
    kept, last = _columns_that_fit([heads, *rows], console.width), len(heads) - 1
    table = _table()
    for i in kept:
        table.add_column(heads[i], justify="left" if i in (0, last) else "right", no_wrap=i < last, overflow="fold")
    for number, row in enumerate(rows):
        table.add_row(*[_text(row[i]) for i in kept], style="bold" if number == 0 else "")
    console.print(_indented(table, 1))
    console.print()
    for line in candidate_notes(result):
        console.print(_indented(_text(line), 2))
    console.print()


def _columns_that_fit(table: list[list[str]], width: int) -> list[int]:
    """Return which columns of candidates a window shows, so that no name or number is cut; certificates are folded."""
    heads = table[0]
    wide = [max(map(len, column)) for column in zip(*table, strict=True)]
    wide[-1] = min(wide[-1], CERTIFICATE)
    kept = list(range(len(heads)))
    for left_out in LESS_NEEDED:
        # each column has a space on either side and one between it and the next; the table is indented by one
        if sum(wide[i] for i in kept) + 3 * len(kept) <= width:
            break
        kept = [i for i in kept if heads[i] != left_out]
    return kept


def _estimates(fit: Any, rows: Any, level: float, width: int) -> tuple[Table | Text, str]:
    """Return the table of estimates, and what a narrow window leaves out of it; no number or name is cut.

    Where not even the table of intervals fits, each estimate is a line: "shape = 3.0532 (2.706, 3.445)".
    """
    names = [*labels(fit, rows, WIDEST_NAME), *fit.fixed]
    titles = ("parameter", "estimate", "std. error", f"{100.0 * level:.6g} % from", "to", "method")
    methods = ", ".join(dict.fromkeys(row.method or "withheld" for row in rows))
    without_method = f"intervals: {methods}" if rows else ""
    without_errors = f"{without_method}; standard errors are not shown, for want of room"
    left_out: tuple[str, ...]
    for digits, left_out in ((7, ()), (7, ("method",)), (5, ("method",)), (5, ("method", "std. error"))):
        if "std. error" in left_out:
            names = [name.replace("probabilities[", "p[") for name in names]
        cells = [_row_cells(row, digits) for row in rows]
        cells += [(fixed_text(value), "fixed", "", "", "") for value in fit.fixed.values()]
        table = [(name, *row) for name, row in zip(names, cells, strict=True)]
        kept = [i for i, title in enumerate(titles) if title not in left_out]
        widths = [max(len(titles[i]), *[len(row[i]) for row in table]) for i in kept]
        # each column has a space on either side and one between it and the next; the table is indented by one
        if sum(widths) + 3 * len(kept) <= width:
            break
    else:
        lines = [
            f"{name} = {estimate} ({f'{low}, {high}' if low else method or error})"
            for name, estimate, error, low, high, method in table
        ]
        return _text("\n".join(lines)), f"{100.0 * level:.6g} % {without_errors}" if rows else ""
    shown = _table()
    for i in kept:
        shown.add_column(titles[i], justify="left" if i in (0, 5) else "right", no_wrap=True)
    for row in table:
        shown.add_row(*[_text(row[i]) for i in kept])
    return shown, (without_errors if "std. error" in left_out else without_method if left_out else "")


def _row_cells(row: Any, digits: int) -> tuple[str, ...]:
    error = f"{row.standard_error:.{digits - 1}g}" if not math.isnan(row.standard_error) else "withheld"
    ends = [f"{end:.{digits - 1}g}" if row.method else "" for end in (row.lower, row.upper)]
    return (f"{row.estimate:.{digits}g}", error, *ends, row.method or "withheld")


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
        console.print(_indented(_text(skipped_text(description.skipped)), 1))


def _what_fits(description: Any, width: int) -> tuple[int, tuple[str, ...]]:
    """Return how many digits to show and which columns to leave out, so that no number is cut or folded."""
    most = min(WIDEST_NAME, max(len(column.name) for column in description.columns))
    less = [(4, sum(DROPPED[:n], ())) for n in range(1, len(DROPPED) + 1)]
    for digits, left_out in [(5, ()), (4, ()), *less]:
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
