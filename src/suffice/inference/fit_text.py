"""A fit on one screen: certificate first, then estimates, then what would make it wrong."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from suffice.errors import SufficeError

WIDTH = 96
MOST_ROWS = 12


def fit_text(fit: Any) -> str:
    """Return the printed form of a fit; reads no data."""
    certificate = fit.certificate
    columns = ", ".join(fit.origin.columns[:6]) + (", …" if len(fit.origin.columns) > 6 else "")
    dropped = f" ({fit.dropped:,} rows with missing values left out)" if fit.dropped else ""
    lines = [
        f"{fit.family.__name__} fitted to {columns} of {fit.origin.description}, n = {fit.n:,.15g}{dropped}",
        f"  {certificate.status.upper()}, {certificate.scope}: {certificate.reason}",
    ]
    if certificate.region:
        lines.append(f"  region: {certificate.region}")
    lines += ["", *_estimates(fit), ""]
    lines.append(
        f"  log-likelihood {fit.log_likelihood:.8g}   AIC {fit.aic:.8g}   BIC {fit.bic:.8g}   "
        f"{fit.free_parameters} free parameters"
    )
    lines += [f"  ! {warning}" for warning in fit.warnings]
    return "\n".join(part for line in lines for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    indent = len(line) - len(line.lstrip()) + 2
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * indent, initial_indent="", drop_whitespace=True)


def estimate_rows(fit: Any, level: float = 0.95) -> list[tuple[str, float, float, float, float, str]]:
    """Return (name, estimate, standard error, lower, upper, method) of each free parameter; NaN where withheld."""
    problem, phi = fit.solution.problem, fit.solution.phi
    values = problem.free_values(phi)
    try:
        errors: dict[str, float] = fit.standard_errors
    except SufficeError:
        errors = {}
    rows = []
    for name, value in zip(problem.names[:MOST_ROWS], values, strict=False):
        lower = upper = np.nan
        method = ""
        if name in errors:
            try:
                interval = fit.interval(name, level, method="profile" if fit.is_data_free else "wald")
                (lower, upper), method = interval, interval.method
            except SufficeError:
                method = "withheld"
        rows.append((name, float(value), errors.get(name, np.nan), lower, upper, method))
    return rows


def _estimates(fit: Any) -> list[str]:
    rows = estimate_rows(fit)
    lines = [f"  {'parameter':<18}{'estimate':>14}{'std. error':>14}   95 % interval"] if rows else []
    for name, value, error, lower, upper, method in rows:
        shown = f"{error:14.6g}" if np.isfinite(error) else f"{'withheld':>14}"
        interval = f"   ({lower:.6g}, {upper:.6g}) {method}" if method not in ("", "withheld") else ""
        lines.append(f"  {name:<18}{value:14.7g}{shown}{interval}")
    left = len(fit.solution.problem.names) - len(rows)
    if left > 0:
        lines.append(f"  … and {left} more in fit.standard_errors")
    lines += [f"  {name:<18}{value!s:>14}  (fixed)" for name, value in fit.fixed.items()]
    if not rows or fit.certificate.status not in ("maximum", "boundary"):
        lines.append(f"  model: {fit.model!r}")
    return lines
