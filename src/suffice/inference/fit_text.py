"""A fit on one screen: certificate first, then estimates, then what would make it wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from suffice.errors import SufficeError, counted, number_text
from suffice.inference.interval import as_target, percentile

WIDTH = 96
MOST_ROWS = 15
MOST_CHARACTERS = 26
# Of the name of a column beside the number of a category.
LONGEST_COLUMN = 16
# Of the parameters for which one thing is withheld.
NAMED = 4


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One line of the table of estimates.

    Parameters
    ----------
    name, estimate : of a free parameter
    standard_error, lower, upper : NaN where they are withheld; ∞ for an error without a finite variance
    method : of the interval: "profile", "wald", "bootstrap" or "exact"; "" where it is withheld
    reason : why something is withheld, or ""
    note : what the interval adds
    """

    name: str
    estimate: float
    standard_error: float
    lower: float
    upper: float
    method: str
    reason: str = ""
    note: str = ""


def fit_text(
    fit: Any, *, level: float = 0.95, method: str | None = None, rng: int = 0, width: int | None = WIDTH
) -> str:
    """Return the printed form of a fit; reads no data unless `method` asks for it.

    Parameters
    ----------
    level : the confidence of the intervals
    method : of the intervals; default: profile where the fit holds what that needs, else Wald
    rng : the seed of a bootstrap
    width : the longest line in characters; None does not break lines
    """
    above = [title_line(fit), *[f"  {line}" for line in certificate_lines(fit)]]
    rows = estimate_rows(fit, level, method, rng)
    table = _estimates(fit, rows, level)
    reasons = _wrapped([f"  {line}" for line in withheld_lines(fit, rows)], width)
    below = [f"  {criteria_line(fit)}", *[f"  ! {line}" for line in warning_lines(fit)]]
    lines = [*_wrapped(above, width), "", *table, *reasons, "", *_wrapped(below, width)]
    return "\n".join(lines)


def title_line(fit: Any) -> str:
    """Return what was fitted to what."""
    columns = ", ".join(fit.origin.columns[:6]) + (", …" if len(fit.origin.columns) > 6 else "")
    rows = "1 row with a missing value" if fit.dropped == 1 else f"{fit.dropped:,} rows with missing values"
    dropped = f" ({rows} left out)" if fit.dropped else ""
    data = f"{fit.family.__name__} fitted to {columns} of {fit.origin.description}"
    return f"{data}, n = {fit.n:,.15g}{_weights_text(fit)}{dropped}"


def _weights_text(fit: Any) -> str:
    """Return what n is where rows have weights: their sum, of so many rows."""
    if not fit.extent.weighted:
        return ""
    name = f" in {fit.origin.weights!r}" if fit.origin.weights else ""
    return f" (Σ of the weights{name}, over {counted(fit.extent.rows, 'row')})"


def certificate_lines(fit: Any) -> list[str]:
    """Return the status in capitals with its scope and reason, and the region where there is one."""
    certificate = fit.certificate
    lines = [f"{certificate.status.upper()}, {certificate.scope}: {certificate.reason}"]
    return lines + ([f"region: {certificate.region}"] if certificate.region else [])


def warning_lines(fit: Any) -> list[str]:
    """Return what would make the answer wrong, a line for each kind; a warning names all columns it is about."""
    return [str(warning) for warning in fit.warnings]


def labels(fit: Any, rows: list[EstimateRow], most: int) -> list[str]:
    """Return the names of parameters with columns in place of positions: "mean[height]" for "mean[0]".

    Positions stay where a name would be longer than `most`, so that the numbers of a row stay side by side; then
    `legend_line` says which column is which. The probability of a category says whose it is.
    """
    names = [row.name for row in rows]
    if (categories := [category_of(fit, name) for name in names]) and categories[0] is not None:
        column = fit.origin.columns[0] if len(fit.origin.columns[0]) <= LONGEST_COLUMN else ""
        pairs = zip(names, categories, strict=True)
        return [f"{name} ({f'{column} = ' if column else '= '}{number_text(value)})" for name, value in pairs]
    if len(fit.origin.columns) < 2:
        return names
    labelled = [_labelled(name, fit.origin.columns) for name in names]
    return names if any(len(name) > most for name in labelled) else labelled


def name_of_label(fit: Any, label: str) -> str:
    """Return the parameter that is printed under a label: "mean[0]" for "mean[height]"; others as they are."""
    columns = fit.origin.columns
    if "[" not in label or len(columns) < 2:
        return label
    return {_labelled(name, columns): name for name in fit.solution.problem.names}.get(label, label)


def legend_line(fit: Any, rows: list[EstimateRow], most: int) -> str:
    """Return which column each position stands for, where `labels` keeps positions; else ""."""
    columns = fit.origin.columns
    bare = len(columns) > 1 and any("[" in label and label == row.name for label, row in _paired(fit, rows, most))
    if not bare:
        return ""
    used = {int(i) for row in rows for i in row.name.partition("[")[2].rstrip("]").split(",") if i.isdigit()}
    return f"positions: {', '.join(f'{i} = {columns[i]}' for i in sorted(used))}"


def _paired(fit: Any, rows: list[EstimateRow], most: int) -> list[tuple[str, EstimateRow]]:
    return list(zip(labels(fit, rows, most), rows, strict=True))


def category_of(fit: Any, name: str) -> float | None:
    """Return the category of which a parameter is the probability, or None."""
    categories = getattr(fit.model, "categories", None)
    stem, _, inside = name.partition("[")
    return float(categories[int(inside[:-1])]) if categories is not None and stem == "probabilities" else None


def _labelled(name: str, columns: tuple[str, ...]) -> str:
    stem, bracket, inside = name.partition("[")
    if not bracket:
        return name
    chosen = [columns[int(i)] if i.isdigit() and int(i) < len(columns) else i for i in inside[:-1].split(",")]
    return f"{stem}[{', '.join(chosen)}]"


def criteria_line(fit: Any) -> str:
    """Return log-likelihood, criteria and the number of free parameters."""
    free, bic = fit.free_parameters, "withheld" if np.isnan(fit.bic) else f"{fit.bic:.8g}"
    return (
        f"log-likelihood {fit.log_likelihood:.8g}   AIC {fit.aic:.8g}   BIC {bic}   "
        f"{free} free parameter{'' if free == 1 else 's'}"
    )


def estimate_rows(
    fit: Any, level: float = 0.95, method: str | None = None, rng: int = 0, most: int = MOST_ROWS
) -> list[EstimateRow]:
    """Return estimate, standard error and interval of the first free parameters."""
    reason = ""
    errors: dict[str, float] = {}
    try:
        errors = fit.standard_errors
    except SufficeError as error:
        reason = str(error)
    asked = _asked_intervals(fit, level, method, rng)
    rows = []
    for name, value in list(fit.estimated.items())[:most]:
        interval, why = None, reason
        if name in errors or fit.is_at_limit:
            try:
                interval = asked(name) if asked else fit.printed_interval(name, level)
            except SufficeError as error:
                why = "; ".join(dict.fromkeys(part for part in (reason, str(error)) if part))
        lower, upper = interval or (np.nan, np.nan)
        rows.append(
            EstimateRow(
                name, value, errors.get(name, np.nan), lower, upper,
                interval.method if interval else "", why, interval.note if interval else "",
            )
        )  # fmt: skip
    return rows


def _asked_intervals(fit: Any, level: float, method: str | None, rng: int) -> Callable[[str], Any] | None:
    """Return the function that gives intervals of the method asked for, if any; one bootstrap serves them all."""
    if method != "bootstrap":
        return partial(fit.interval, level=level, method=method, rng=rng) if method else None
    replicates: list[Any] = []

    def interval(name: str) -> Any:
        if not replicates:
            replicates.extend(fit.bootstrap(rng=rng))
        rows, note = replicates
        return percentile(as_target(name, fit.solution.problem), rows, fit.solution.phi, level, note)

    return interval


def interval_title(level: float) -> str:
    """Return the heading of the intervals: "95 % interval"."""
    return f"{100.0 * level:.6g} % interval"


def fixed_text(value: Any) -> str:
    """Return a fixed parameter in one line: a number, or the entries of an array or a covariance."""
    array = np.asarray(getattr(value, "matrix", value))
    return f"{float(value):.7g}" if array.ndim == 0 else textwrap.shorten(str(array.tolist()), 60, placeholder=" …")


def basis_line(fit: Any) -> str:
    """Return what standard errors come from, where that is not the observed information; else ""."""
    return f"standard errors: {fit.law.basis}" if fit.law is not None else ""


def left_out_line(fit: Any, shown: int) -> str:
    """Return how many parameters are not in the table, or ""."""
    left = len(fit.estimated) - shown
    return f"… and {left} more in fit.standard_errors" if left > 0 else ""


def withheld_lines(fit: Any, rows: list[EstimateRow]) -> list[str]:
    """Return why standard errors or intervals are withheld, a line for each reason; whose, where not of all rows.

    What the certificate says above the table is not said again.
    """
    above = f" ({fit.certificate.status}: {fit.certificate.reason})"
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.reason:
            names.setdefault(row.reason.replace(above, ""), []).append(row.name)
    return [
        f"withheld{'' if len(whose) == len(rows) else f' for {_few(whose)}'}: {reason}"
        for reason, whose in names.items()
    ]


def _few(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def needs_model_line(fit: Any, rows: list[EstimateRow]) -> bool:
    """Say whether the model itself must be shown, since the table does not tell it."""
    return not rows or fit.certificate.status not in ("maximum", "boundary", "kink")


def _estimates(fit: Any, rows: list[EstimateRow], level: float) -> list[str]:
    names = labels(fit, rows, MOST_CHARACTERS)
    wide = max([17, *map(len, [*names, *fit.fixed])]) + 1
    head = f"  {'parameter':<{wide}}{'estimate':>14}{'std. error':>14}   {interval_title(level)}"
    lines = [head] if rows else []
    for row, name in zip(rows, names, strict=True):
        error = f"{row.standard_error:14.6g}" if not np.isnan(row.standard_error) else f"{'withheld':>14}"
        interval = f"   ({row.lower:.6g}, {row.upper:.6g}) {row.method}" if row.method else ""
        lines.append(f"  {name:<{wide}}{row.estimate:14.7g}{error}{interval}")
    for more in (left_out_line(fit, len(rows)), legend_line(fit, rows, MOST_CHARACTERS)):
        lines += [f"  {more}"] if more else []
    if rows and (basis := basis_line(fit)):
        lines.append(f"  {basis}")
    lines += [f"  {name:<{wide}}{fixed_text(value):>14}  (fixed)" for name, value in fit.fixed.items()]
    if needs_model_line(fit, rows):
        lines.append(f"  model: {fit.model!r}")
    return lines


def _wrapped(lines: list[str], width: int | None) -> list[str]:
    return [part for line in lines for part in _broken(line, width)]


def _broken(line: str, width: int | None) -> list[str]:
    if width is None or len(line) <= width:
        return [line]
    indent = len(line) - len(line.lstrip()) + 2
    return textwrap.wrap(line, width, subsequent_indent=" " * indent, break_long_words=False)
