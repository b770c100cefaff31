"""Summaries as data: summarize here and there, merge, and fit the merged summary."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any

from suffice.engines.threads import as_engine
from suffice.errors import ColumnError, DataNeeded
from suffice.inference.first_look import check_extent, check_missing_word
from suffice.inference.passes import Incomplete, View
from suffice.sources import as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.product import Product, ProductSummary
from suffice.statistics.scatter import Scatter
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, eq=False)
class Summarized:
    """Summaries of named columns, which merge and can be fitted in place of the data.

    Parameters
    ----------
    columns : the names of the columns
    known : what was reduced, and its summary
    description : what it was reduced from
    """

    columns: tuple[str, ...]
    known: tuple[tuple[Statistic, Any], ...]
    description: str = "a summary"

    @property
    def extent(self) -> ExtentSummary:
        """The first look at the data."""
        return self[Extent()]

    def __getitem__(self, statistic: Statistic) -> Any:
        for known, summary in self.known:
            if known == statistic:
                return summary
        names = ", ".join(type(known).__name__ for known, _ in self.known)
        raise DataNeeded(
            f"the summary holds {names}, but {type(statistic).__name__} is needed; "
            "summarize for the family that will be fitted: sf.summarize(data, sf.Gamma)"
        )

    def merge(self, other: Summarized) -> Summarized:
        """Return the summary of the rows of both."""
        if self.columns != other.columns:
            raise ColumnError(
                f"summaries of the columns {list(self.columns)} and {list(other.columns)} cannot be merged: "
                "summarize the same columns, in the same order, on both sides"
            )
        pairs = [(statistic, summary.merge(other[statistic])) for statistic, summary in self.known]
        return Summarized(self.columns, tuple(pairs), "a merged summary")


class SummarySession:
    """Answer statistics from a summary; what it does not hold cannot be had."""

    def __init__(self, summary: Summarized) -> None:
        self.summary = summary

    def __enter__(self) -> SummarySession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def reduce(self, statistic: Statistic) -> Any:
        """Return what is known of a statistic."""
        if isinstance(statistic, Product):
            return ProductSummary(tuple([self.reduce(part) for part in statistic.parts]))
        if isinstance(statistic, HashedSample):
            return None
        return self.summary[statistic]


def summarize(
    data: Any,
    statistic: Any = None,
    *,
    columns: Any = None,
    weights: Any = None,
    missing: str = "error",
    engine: Any = None,
) -> Summarized:
    """Reduce data to a summary that merges with others and can be fitted.

    Parameters
    ----------
    data, columns, weights, missing, engine : as for `fit`
    statistic : a family (what fitting it needs), a statistic, or None: the weight, mean and scatter

    Returns
    -------
    Summarized

    Examples
    --------
    >>> import suffice as sf
    >>> s = sf.summarize([1.0, 2.0]).merge(sf.summarize([4.0, 7.0]))
    >>> sf.fit(sf.Normal, s).model
    Normal(mu=3.5, sigma=2.291)
    """
    dropped = check_missing_word(missing)
    source = as_source(data, columns=columns, weights=weights)
    wanted: Statistic = Scatter()
    if statistic is not None:
        wanted = getattr(statistic, "sufficient", statistic)
        if wanted is None:
            raise DataNeeded(
                f"{statistic.__name__} has no sufficient statistic of fixed size: fit it to the data themselves"
            )
    view = View(tuple(range(len(source.columns))), dropped, whole=True, weighted=weights is not None)
    keys = (Extent(), wanted)
    with as_engine(engine).open(source) as session:
        wanted_parts = (Extent(), view.of(Incomplete(Extent())), *[view.of(key) for key in keys])
        raw, present, *parts = session.reduce(Product(wanted_parts)).parts
    check_extent(raw, present, source.columns, getattr(source, "description", "the data"), dropped)
    return Summarized(source.columns, tuple(zip(keys, parts, strict=True)), getattr(source, "description", "the data"))
