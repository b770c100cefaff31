"""Questions to data that no fit holds: the first look refuses what cannot be used, then the question runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from suffice.distributions.inference_problem import Question
from suffice.engines.threads import as_engine
from suffice.errors import ColumnError, DataError
from suffice.inference.first_look import check_extent, check_missing_word
from suffice.inference.passes import AllRows, Incomplete, Passes, View
from suffice.sources import as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.product import Product
from suffice.statistics.statistic import Statistic


def source_of_columns(data: Any, columns: tuple[str, ...], weights: Any = None, labels: str | None = None) -> Any:
    """Return the source of data for columns that are known: by name, or by position where they have other names."""
    try:
        return as_source(data, columns=list(columns), weights=weights, labels=labels)
    except ColumnError:
        source = as_source(data, weights=weights, labels=labels)
        if len(source.columns) != len(columns):
            raise
        return source


@dataclass(frozen=True, slots=True)
class UsedRows:
    """The rows of data that questions are put to.

    Parameters
    ----------
    source : where the data are
    dropped : whether incomplete rows are left out, else they are an error
    weighted : whether rows have weights
    engine : where passes run
    """

    source: Any
    dropped: bool
    weighted: bool
    engine: Any

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.source.columns)

    @property
    def where(self) -> str:
        """The data, for messages."""
        return str(getattr(self.source, "description", "the data"))

    def ask(self, question: Question) -> Any:
        """Open the source and answer a question."""
        view = View(tuple(range(len(self.names))), self.dropped, whole=True, weighted=self.weighted)
        with as_engine(self.engine).open(self.source) as session:
            return Passes(session).run([(view, question)])[0]

    def look(self, *more: Statistic) -> Question:
        """Ask for the first look, refuse what cannot be used; return the `Extent` of the rows that count, and more."""
        first = Product((AllRows(Extent()), Incomplete(Extent()), Extent(), *more))
        raw, present, *found = (yield first).parts
        check_extent(raw, present, self.names, self.where, self.dropped)
        return found


def used_rows(data: Any, columns: Any, weights: Any, missing: str, engine: Any) -> UsedRows:
    """Find data; parameters as of `fit`."""
    dropped = check_missing_word(missing)
    source = as_source(data, columns=columns, weights=weights)
    # a source that was made elsewhere may bring weights of its own
    return UsedRows(source, dropped, weights is not None or source is data, engine)


def answer(question_of: Callable[[ExtentSummary], Question], rows: UsedRows) -> Any:
    """Refuse rows that cannot be used, and answer the question that is made from the first look at those that count."""

    def asked() -> Question:
        (extent,) = yield from rows.look()
        if not extent.weight > 0:
            names = ", ".join(map(repr, rows.names))
            raise DataError(f"{rows.where}: every row has a missing value in one of the columns {names}")
        return (yield from question_of(extent))

    return rows.ask(asked())
