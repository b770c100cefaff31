"""Fits in a terminal: tables and colour, as wide as the window."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli.text_output import CHOICE_NOTE, candidate_rows
from suffice.inference.fit_text import (
    certificate_lines,
    criteria_line,
    estimate_rows,
    interval_title,
    left_out_line,
    needs_model_line,
    title_line,
)

COLOURS = {"maximum": "green", "boundary": "yellow", "kink": "yellow"}


def show(result: Any, shown: Any, console: Console | None = None) -> None:
    """Show one result; names from files are never read as markup."""
    console = console or Console(markup=False, highlight=False, emoji=False)
    if result.candidates:
        _show_candidates(result, console)
    fit = result.fit
    console.print(Text(title_line(fit), style="bold"))
    colour = COLOURS.get(fit.certificate.status, "red")
    status, *region = certificate_lines(fit)
    length = len(fit.certificate.status)
    console.print(_indented(Text.assemble((status[:length], f"bold {colour}"), status[length:]), 2))
    for line in region:
        console.print(_indented(Text(line), 2))
    rows = estimate_rows(fit, shown.level, shown.method, shown.seed)
    if rows or fit.fixed:
        console.print(_indented(_estimates(fit, rows, shown.level), 1))
    if left := left_out_line(fit, len(rows)):
        console.print(_indented(Text(left), 2))
    if needs_model_line(fit, rows):
        console.print(_indented(Text(f"model: {fit.model!r}"), 2))
    console.print(_indented(Text(criteria_line(fit)), 2))
    for warning in fit.warnings:
        console.print(_indented(Text.assemble(("! ", "bold yellow"), str(warning)), 2))


def _show_candidates(result: Any, console: Console) -> None:
    console.print(Text(f"Candidates for {result.columns[0]}, by AIC", style="bold"))
    heading, *rows = candidate_rows(result)
    table = _table()
    for title, side in zip(heading, ("left", "right", "right", "left"), strict=True):
        table.add_column(title, justify=side, no_wrap=side == "right")  # type: ignore[arg-type]
    for number, row in enumerate(rows):
        table.add_row(*map(Text, row), style="bold" if number == 0 else "")
    console.print(_indented(table, 1))
    console.print(_indented(Text(CHOICE_NOTE), 2))
    console.print()


def _estimates(fit: Any, rows: Any, level: float) -> Table:
    table = _table()
    table.add_column("parameter")
    for title in ("estimate", "std. error", "from", "to"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column(interval_title(level))
    for row in rows:
        error = f"{row.standard_error:.6g}" if math.isfinite(row.standard_error) else "withheld"
        ends = (f"{row.lower:.6g}", f"{row.upper:.6g}", row.method) if row.method else ("", "", "withheld")
        table.add_row(*map(Text, (row.name, f"{row.estimate:.7g}", error, *ends)))
    for name, value in fit.fixed.items():
        table.add_row(Text(name), Text(str(value)), Text("fixed", style="dim"), "", "", "")
    return table


def _table() -> Table:
    from rich import box

    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=True, padding=(0, 1))


def _indented(what: Any, by: int) -> Padding:
    return Padding(what, (0, 0, 0, by), expand=False)
