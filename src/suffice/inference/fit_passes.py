"""Questions that a fit asks of its data, answered from what it holds, else by passes over the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import Question
from suffice.engines.threads import as_engine
from suffice.errors import DataError, DataNeeded, SourceChangedError
from suffice.inference.asking import source_of_columns
from suffice.inference.passes import Passes, View
from suffice.statistics.extent import Extent, ExtentSummary


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data are, and how they were read; a fit holds no copy of them.

    Parameters
    ----------
    source : the source, or None where it is gone (a loaded fit, a merged summary)
    fingerprint : its content when it was fitted
    description : in words
    columns : the names of the columns used
    view : which columns, and whether incomplete rows are dropped
    engine : where passes run
    weights : the name of the column of weights, where they came from one
    given : what was handed to `fit`, of which a source with other columns can be made; None where it is gone
    """

    source: Any
    fingerprint: str
    description: str
    columns: tuple[str, ...]
    view: View
    engine: Any = None
    weights: str = ""
    given: Any = None


@contextmanager
def passes_of(fit: Any, data: Any = None, labels: str | None = None) -> Iterator[Callable[[Question], Any]]:
    """Open what a fit needs to answer questions; give the function that answers one.

    Parameters
    ----------
    fit : a fit
    data : the data, where they are handed over; nothing known of the old ones mixes with them
    labels : the column that labels the rows, where a statistic needs that
    """
    known, view = fit.known, fit.origin.view
    if data is None and labels is not None:
        _require_unchanged(fit.origin)
        data = fit.origin.given
    if data is not None:
        known, view = {}, replace(view, columns=tuple(range(len(fit.origin.columns))), whole=True)
    with _Session(fit, data, labels) as session:
        passes = Passes(session)
        passes.remember({view.of(s): summary for s, summary in known.items()})
        if data is not None:
            _require_same(fit, passes.reduce([view.of(Extent())])[0])
        yield lambda question: passes.run([(view, question)])[0]


def _require_unchanged(origin: Origin) -> None:
    """Refuse a source whose content is not that which was fitted."""
    if origin.source.fingerprint() != origin.fingerprint:
        raise SourceChangedError(f"{origin.description} changed since it was fitted; fit it again")


def _require_same(fit: Any, extent: ExtentSummary) -> None:
    """Refuse data that are not those that were fitted."""
    same = extent.weight == fit.extent.weight and all(
        np.array_equal(getattr(extent, name), getattr(fit.extent, name)) for name in ("minimum", "maximum")
    )
    if not same:
        raise DataError(
            f"these are not the data that were fitted: they have n = {extent.weight:,.15g} and the range "
            f"{extent.minimum[0]:.6g} to {extent.maximum[0]:.6g} in {fit.origin.columns[0]!r}, the fit has "
            f"n = {fit.n:,.15g} and {fit.extent.minimum[0]:.6g} to {fit.extent.maximum[0]:.6g}; "
            "hand over the same data, or fit these"
        )


class _Session:
    """Open the data of a fit when the first pass asks for them, and not before."""

    def __init__(self, fit: Any, data: Any, labels: str | None) -> None:
        self.fit = fit
        self.data = data
        self.labels = labels
        self._open: AbstractContextManager[Any] | None = None
        self._session: Any = None

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._open is not None:
            self._open.__exit__(*exception)

    def reduce(self, statistic: Any) -> Any:
        if self._session is None:
            self._open = self._source_session()
            self._session = self._open.__enter__()
        return self._session.reduce(statistic)

    def _source_session(self) -> AbstractContextManager[Any]:
        origin = self.fit.origin
        if self.data is not None:
            return as_engine(origin.engine).open(self._handed_over())
        if origin.source is None:
            raise DataNeeded(
                f"this needs the data again ({origin.description}), and the fit does not have them; pass data=…"
            )
        _require_unchanged(origin)
        return as_engine(origin.engine).open(origin.source)

    def _handed_over(self) -> Any:
        """Return the source of `data=`: the columns that were fitted, by name where they have names."""
        origin, extent = self.fit.origin, self.fit.extent
        if extent.weighted and not origin.weights:
            remedy = "pass the clusters as an array" if self.labels else "fit again with data and weights"
            raise DataNeeded(f"the fit had weights that are no column of the data; {remedy}")
        return source_of_columns(self.data, origin.columns, weights=origin.weights or None, labels=self.labels)
