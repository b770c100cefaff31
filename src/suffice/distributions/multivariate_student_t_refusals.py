"""For which rows Student's t of several variables has no maximum, and what is said of them."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from suffice.distributions.array_text import combination, listed_columns, quoted, written
from suffice.distributions.closed_form import MOST_COORDINATES
from suffice.distributions.multivariate_student_t_region import ROUNDING, Edge
from suffice.distributions.student_t_edges import LOWEST_SCALE
from suffice.errors import NoMaximumError, ParameterError, counted, number_text
from suffice.statistics.scatter import ScatterSummary


def refuse_many(d: int) -> None:
    """Refuse more parameters than a Hessian is built for."""
    if (q := d + d * (d + 1) // 2 + 1) > MOST_COORDINATES:
        raise ParameterError(
            f"MultivariateStudentT of {d} columns has {q} free parameters, and is fitted with at most "
            f"{MOST_COORDINATES}; choose fewer columns"
        )


def refuse_constant(summary: ScatterSummary, names: tuple[str, ...]) -> None:
    """Refuse a column that does not vary."""
    constant = np.diagonal(summary.scatter) == 0.0
    if constant.any():
        j = int(np.argmax(constant))
        raise NoMaximumError(
            f"{quoted(names[j])} is constant: every value is {number_text(float(summary.mean[j]))}, and the likelihood "
            "of MultivariateStudentT grows without end as its scale approaches 0; drop the column",
            column=names[j],
        )


def refuse_too_few(rows: np.ndarray, df: float | None, location_is_free: bool) -> None:
    """Refuse rows that a plane holds a large share of, however they lie.

    Any s + 1 rows lie in a plane of dimension s (s rows, where it must hold a known location), and the likelihood is
    bounded only where that is less than a share (ν + s)/(ν + d) of all rows, for every s < d (Kent and Tyler
    1991). With ν free, one row alone is left to the region.

    Parameters
    ----------
    rows : all of them, shape (n, d)
    df : ν where it is fixed
    """
    n, d = len(np.unique(rows, axis=0)), rows.shape[1]
    held = np.arange(d) + location_is_free
    least = d + location_is_free + (df is None)
    if df is not None and np.isfinite(df):
        while (held * (df + d) >= least * (df + np.arange(d))).any():
            least += 1
    if n < least:
        known = "" if df is None else f" with df = {df:g}"
        raise NoMaximumError(
            f"{counted(n, 'different row')} do not determine the scale matrix of {d} columns{known}: at least {least} "
            "are needed, and below that the likelihood grows without end; add rows, use fewer columns, or fix the "
            "scale matrix",
            rows=n,
        )


def refuse_edge(edge: Edge, df_is_free: bool, names: tuple[str, ...]) -> NoReturn:
    """Refuse data that are best described at an edge of the region."""
    whose = listed_columns(names) if len(names) > 1 else quoted(names[0])
    remedy = "fix df with fixed={'df': …}" if df_is_free else "fix a larger df"
    raise NoMaximumError(
        f"{whose}: the likelihood of MultivariateStudentT has no maximum that is the best in the region df ≥ 0.1 and "
        f"scale ≥ 0.001 times the median absolute deviation: it is higher at the edge {edge.where}, {near_edge(edge)}, "
        f"and may grow without end beyond it; {remedy}, or leave out the repeated rows or the column with the repeated "
        "value",
        columns=list(names),
    )


def near_edge(edge: Edge) -> str:
    """Return where an edge is, in words."""
    return f"near location = {written(edge.location, 6)} and df = {edge.df:.6g}"


def refuse_plane(axis: np.ndarray, location: np.ndarray, rows: np.ndarray, names: tuple[str, ...]) -> NoReturn:
    """Refuse rows of which a search found so many in a plane, or so near one, that the matrix became flat onto it.

    Parameters
    ----------
    axis, location : where the search ended: the axis across the plane, shape (d,), and a point of it
    rows : a sample, shape (n, d)
    """
    axis, place = _exact(axis, float(location @ axis), rows)
    weights = np.abs(axis) * rows.std(axis=0)
    unit = axis[np.argmax(weights)]
    axis, place = axis / unit, place / unit
    projected, rounding = rows @ axis, ROUNDING * float((np.abs(rows) @ np.abs(axis)).max())
    within, share = "", float(np.mean(np.abs(projected - place) <= rounding))
    if share * len(rows) <= len(axis):  # so many rows lie in some plane anyhow
        reach = LOWEST_SCALE * float(projected.std())
        within, share = f" to within {reach:.2g}", float(np.mean(np.abs(projected - place) <= reach))
    involved = [int(j) for j in np.argsort(-weights, kind="stable") if weights[j] > 1e-3 * weights.max()]
    columns = [names[j] for j in involved]
    whose, dropped = listed_columns(columns), "one of these columns"
    if len(columns) == 1:
        whose, dropped = quoted(columns[0]), "the column"
    shown = place if abs(place) > rounding else 0.0
    raise NoMaximumError(
        f"{whose}: {combination(axis, involved, names)} is {shown:.6g}{within} in {100.0 * share:.3g} % of the rows, "
        "and the likelihood of MultivariateStudentT grows as the scale along it shrinks below 0.001 times its median "
        f"absolute deviation; drop {dropped}, or fix a larger df with fixed={{'df': …}} where only some rows are such",
        columns=columns,
        share=share,
    )


def _exact(axis: np.ndarray, place: float, rows: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the plane through the rows near a plane x · axis = place that a search found not quite exactly."""
    projected, deviation = rows @ axis, rows.std(axis=0)
    terms = float((np.abs(axis) * deviation).sum())
    for reach in (1e-9, 1e-7, 1e-5, 1e-3):
        near = rows[np.abs(projected - place) <= reach * terms]
        if len(near) > max(2 * len(axis), len(rows) // 20):
            axis = np.linalg.svd((near - near.mean(axis=0)) / deviation)[2][-1] / deviation
            return axis, float(np.median(near @ axis))
    return axis, place
