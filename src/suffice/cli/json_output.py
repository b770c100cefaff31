"""Results as one JSON document: numbers exact, what is not finite as null with a reason."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from typing import Any

import click
import numpy as np

from suffice import __version__
from suffice.cli.remedies import in_options
from suffice.cli.source import skipped_of
from suffice.cli.status_line import LINE
from suffice.errors import SufficeError
from suffice.inference.fit_text import category_of, estimate_rows
from suffice.storage.json_text import formatted

ALL_ROWS = 1_000_000


def print_document(document: Mapping[str, Any]) -> None:
    """Print a document to stdout."""
    with LINE.hidden():
        click.echo(formatted(document))


def heading(command: Sequence[str], source: Any) -> dict[str, Any]:
    """Return what tells where a result comes from: versions, command, file and its fingerprint."""
    return {
        "suffice": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "command": ["suffice", *command],
        "source": getattr(source, "description", "the data"),
        "fingerprint": source.fingerprint(),
    }


def fits_document(results: Sequence[Any], shown: Any, command: Sequence[str], source: Any, code: int) -> dict[str, Any]:
    """Return the document of `suffice fit`."""
    settings = {"level": shown.level, "interval": shown.method or "auto", "seed": shown.seed}
    return heading(command, source) | settings | {
        "exit_code": code,
        "skipped": list(skipped_of(source)),
        "results": [_result(result, shown) for result in results],
    }  # fmt: skip


def _result(result: Any, shown: Any) -> dict[str, Any]:
    fit = result.fit
    described = {"error": _error(fit)} if isinstance(fit, SufficeError) else fit_value(fit, shown)
    found: dict[str, Any] = {"columns": list(result.columns)} | described
    if result.comparison is not None:
        found["chosen_by"] = "BIC; the intervals do not account for this choice"
        found["taken_as"] = {"kind": result.kind, "reason": result.reason}
        found["candidates"] = [_candidate(row) for row in result.comparison.rows]
    return found


def fit_value(fit: Any, shown: Any) -> dict[str, Any]:
    """Return what is known of a fit, as plain values."""
    certificate = fit.certificate
    rows = estimate_rows(fit, shown.level, shown.method, shown.seed, most=ALL_ROWS)
    return {
        "family": repr_of_family(fit.family),
        "model": _model(fit.model),
        **numbers({"n": fit.n, "dropped": fit.dropped, "rows": fit.extent.rows}),
        **_weights(fit),
        "certificate": {
            "status": certificate.status,
            "scope": certificate.scope,
            "region": certificate.region,
            "reason": in_options(certificate.reason),
            **numbers({"gain": certificate.gain, "condition_number": certificate.condition_number}),
        },
        "estimates": [_estimate(row, category_of(fit, row.name)) for row in rows],
        **({} if fit.law is None else {"standard_errors": fit.law.basis}),
        "fixed": numbers({name: value for name, value in fit.fixed.items() if np.ndim(value) == 0}),
        "free_parameters": fit.free_parameters,
        "criteria": numbers({"log_likelihood": fit.log_likelihood, "aic": fit.aic, "aicc": fit.aicc, "bic": fit.bic}),
        "warnings": [{"kind": warning.kind, "sentence": str(warning)} for warning in fit.warnings],
    }


def _weights(fit: Any) -> dict[str, Any]:
    """Return where the weights came from and their sum, which is n; nothing where there were none."""
    if not fit.extent.weighted:
        return {}
    return {"weights": {"column": fit.origin.weights or None, **numbers({"sum": fit.extent.weight})}}


def repr_of_family(family: Any) -> str:
    """Return the name of a family, with the options that are bound."""
    return str(family.__name__)


def numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return numbers exactly; one that is not finite becomes null, and "reasons" says what it is."""
    found: dict[str, Any] = {}
    reasons = {}
    for name, value in values.items():
        number = value if isinstance(value, int) else float(value)
        found[name] = number
        if not math.isfinite(number):
            found[name] = None
            reasons[name] = "undefined" if math.isnan(number) else "infinite" if number > 0 else "minus infinity"
    return found | ({"reasons": reasons} if reasons else {})


def _estimate(row: Any, category: float | None) -> dict[str, Any]:
    found: dict[str, Any] = {"parameter": row.name, "method": row.method or None}
    if category is not None:
        found["category"] = category
    found |= numbers(
        {"estimate": row.estimate, "standard_error": row.standard_error, "lower": row.lower, "upper": row.upper}
    )
    if row.reason:
        found["withheld"] = in_options(row.reason)
    return found | ({"note": row.note} if row.note else {})


def _model(model: Any) -> dict[str, Any]:
    names = [parameter.name for parameter in model.parameters]
    values = {name: getattr(model, name) for name in names}
    scalars = {name: value for name, value in values.items() if np.ndim(value) == 0}
    arrays = {name: np.asarray(value).tolist() for name, value in values.items() if np.ndim(value)}
    return {"family": type(model).__name__} | numbers(scalars) | arrays


def _candidate(row: Any) -> dict[str, Any]:
    if row.fit is None:
        return {"family": row.name, "error": _error(row.error)}
    fit = row.fit
    criteria = {"bic": fit.bic, "aic": fit.aic, "log_likelihood": fit.log_likelihood, "difference": row.difference}
    same = {"same_as": row.same_as} if row.same_as else {}
    return {"family": row.name, "status": row.status, "model": _model(fit.model), **numbers(criteria), **same}


def _error(error: SufficeError) -> dict[str, Any]:
    known = {name: getattr(error, name, None) for name in ("column", "row", "file")}
    found = {name: value for name, value in known.items() if isinstance(value, (str, int))}
    return {"type": type(error).__name__, "message": in_options(str(error))} | found
