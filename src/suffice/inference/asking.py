"""Questions to data that no fit holds: the first look refuses what cannot be used, then the question runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from suffice.distributions.inference_problem import Question
from suffice.engines.threads import as_engine
from suffice.errors import ColumnError, DataError
from suffice.inference.first_look import check_extent
from suffice.inference.passes import AllRows, Incomplete, Passes, View
from suffice.sources import as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.product import Product


def source_of_columns(data: Any, columns: tuple[str, ...], weights: Any = None, labels: str | None = None) -> Any:
    """Return the source of data for columns that are known: by name, or by position where they have other names."""
    try:
        return as_source(data, columns=list(columns), weights=weights, labels=labels)
    except ColumnError:
        source = as_source(data, weights=weights, labels=labels)
        if len(source.columns) != len(columns):
            raise
        return source


def answer(
    question_of: Callable[[ExtentSummary], Question], source: Any, *, dropped: bool, weighted: bool, engine: Any
) -> Any:
    """Open a source, refuse what cannot be used, and answer the question that is made from the first look.

    Parameters
    ----------
    question_of : a function of the first look at the rows that count
    source : where the data are
    dropped : whether incomplete rows are left out, else they are an error
    weighted : whether rows have weights
    engine : where passes run
    """
    view = View(tuple(range(len(source.columns))), dropped, whole=True, weighted=weighted)
    question = _looked_at(question_of, source.columns, getattr(source, "description", "the data"), dropped)
    with as_engine(engine).open(source) as session:
        return Passes(session).run([(view, question)])[0]


def _looked_at(
    question_of: Callable[[ExtentSummary], Question], names: tuple[str, ...], where: str, dropped: bool
) -> Question:
    raw, present, extent = (yield Product((AllRows(Extent()), Incomplete(Extent()), Extent()))).parts
    check_extent(raw, present, names, where, dropped)
    if not extent.weight > 0:
        raise DataError(f"{where}: every row has a missing value in one of the columns {', '.join(map(repr, names))}")
    return (yield from question_of(extent))
