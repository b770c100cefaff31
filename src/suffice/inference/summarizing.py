"""Summaries as data: summarize here and there, merge, and fit the merged summary."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any

from suffice.errors import ColumnError, DataNeeded, DataTypeError, ParameterError, counted
from suffice.inference.asking import used_rows
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.product import Product, ProductSummary
from suffice.statistics.scatter import Scatter
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
        raise DataNeeded(
            f"the summary holds {_names(self)}, but {type(statistic).__name__} is needed; "
            "summarize for the family that will be fitted, such as sf.summarize(data, sf.Gamma) for sf.Gamma"
        )

    def __repr__(self) -> str:
        n = counted(self.extent.rows, "row")
        return f"<Summarized {', '.join(self.columns)} of {self.description}, {n}: {_names(self)}>"

    def merge(self, other: Summarized) -> Summarized:
        """Return the summary of the rows of both.

        Raises
        ------
        DataTypeError
            `other` is no summary made by `summarize`.
        ColumnError, DataNeeded
            It is one of other columns, or holds other statistics.
        """
        if not isinstance(other, Summarized):
            raise DataTypeError(
                f"a summary merges with a summary, not with {type(other).__name__}: summarize the other data too, "
                "with sf.summarize(data)"
            )
        if self.columns != other.columns:
            raise ColumnError(
                f"summaries of the columns {list(self.columns)} and {list(other.columns)} cannot be merged: "
                "summarize the same columns, in the same order, on both sides"
            )
        if {statistic for statistic, _ in self.known} != {statistic for statistic, _ in other.known}:
            raise DataNeeded(
                f"a summary that holds {_names(self)} and one that holds {_names(other)} cannot be merged: "
                "summarize for the same family on both sides"
            )
        pairs = [(statistic, summary.merge(other[statistic])) for statistic, summary in self.known]
        return Summarized(self.columns, tuple(pairs), "a merged summary")


def no_sufficient_statistic(family: str) -> str:
    """Return why a family cannot be fitted to a summary, and what to do."""
    return f"{family} has no sufficient statistic of fixed size: fit it to the data themselves"


def _names(summary: Summarized) -> str:
    return ", ".join(type(statistic).__name__ for statistic, _ in summary.known)


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

    Raises
    ------
    ParameterError
        `statistic` is neither a family nor a statistic.
    DataNeeded
        The family has no sufficient statistic of fixed size.

    Examples
    --------
    >>> import suffice as sf
    >>> s = sf.summarize([1.0, 2.0]).merge(sf.summarize([4.0, 7.0]))
    >>> sf.fit(sf.Normal, s).model
    Normal(mu=3.5, sigma=2.291)
    """
    rows, wanted = used_rows(data, columns, weights, missing, engine), _wanted(statistic)
    found = rows.ask(rows.look(wanted))
    return Summarized(rows.names, tuple(zip((Extent(), wanted), found, strict=True)), rows.where)


def _wanted(statistic: Any) -> Statistic:
    """Return what is to be reduced: a statistic as it is, the sufficient one of a family, or the scatter."""
    if statistic is None:
        return Scatter()
    if hasattr(statistic, "parameters"):
        if not hasattr(statistic, "__name__"):
            raise ParameterError(
                f"a family is needed, not one distribution of it ({statistic!r}); "
                f"pass the class sf.{type(statistic).__name__}"
            )
        if statistic.sufficient is None:
            raise DataNeeded(no_sufficient_statistic(statistic.__name__))
        return statistic.sufficient
    if isinstance(statistic, type) or not callable(getattr(statistic, "observe", None)):
        raise ParameterError(
            "what to summarize for is a family such as sf.Gamma, or a statistic such as Moments(), not "
            f"{statistic!r:.60}; leave it out for weight, mean and scatter"
        )
    return statistic
