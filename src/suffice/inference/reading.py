"""What a fit reads: the data or a summary of them, opened, with the names of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from suffice._typing import DataLike
from suffice.distributions.family_names import family_named
from suffice.errors import DataNeeded, ParameterError
from suffice.inference.asking import used_rows
from suffice.inference.passes import View
from suffice.inference.summarizing import Summarized, SummarySession, no_sufficient_statistic
from suffice.sources import BLOCK_ROWS
from suffice.statistics.hashed_sample import HashedSample

SAMPLE_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read, and how.

    Parameters
    ----------
    source : the data; None for a summary
    opened : gives a session
    names : of the columns
    where : the data, for messages
    weighted : whether rows have weights
    sample : the statistic that samples rows for pilots
    engine : where passes run
    weights : the name of the column of weights, or ""
    given : what was handed over, of which a source with other columns can be made
    """

    source: Any
    opened: Any
    names: tuple[str, ...]
    where: str
    weighted: bool
    sample: HashedSample
    engine: Any
    weights: str
    given: Any = None

    def columns_of(self, view: View) -> tuple[str, ...]:
        """Return the names of the columns of a view."""
        return tuple([self.names[j] for j in view.columns])


def reading_of(
    families: Sequence[Any] | str, data: DataLike, columns: Any, weights: Any, missing: str, engine: Any
) -> Reading:
    """Find the data."""
    named = weights if isinstance(weights, str) else ""
    if isinstance(data, Summarized):
        if isinstance(families, str):
            raise DataNeeded("which families suit a column is seen from its values, not from a summary: name a family")
        _refuse_for_summary(families, columns, weights, missing)
        session, where, sample = SummarySession(data), data.description, HashedSample(SAMPLE_ROWS, _offered(None))
        return Reading(None, session, data.columns, where, False, sample, engine, named)
    rows = used_rows(data, columns, weights, missing, engine)
    sample = HashedSample(SAMPLE_ROWS, _offered(getattr(rows.source, "n_rows", None)))
    opened = engine.open(rows.source)
    return Reading(rows.source, opened, rows.names, rows.where, rows.weighted, sample, engine, named, data)


def _refuse_for_summary(families: Sequence[Any], columns: Any, weights: Any, missing: str) -> None:
    """Refuse families and options that only data can follow."""
    for family in families:
        if family.sufficient is None:
            raise DataNeeded(no_sufficient_statistic(family.__name__))
    given = {"columns": columns is not None, "weights": weights is not None, "missing": missing != "error"}
    for name, is_given in given.items():
        if is_given:
            raise ParameterError(f"{name}= was decided when the data were summarized; pass it to sf.summarize instead")


def _offered(rows: int | None) -> int:
    """Return how many rows a block offers to the sample: four times what is kept, spread over the blocks."""
    if rows is None or rows <= 4 * BLOCK_ROWS:
        return SAMPLE_ROWS
    return max(8, 4 * SAMPLE_ROWS * BLOCK_ROWS // rows)


def as_family(family: Any) -> Any:
    """Return a family, given it or its name; refuse what is none, and say what to pass."""
    if isinstance(family, str):
        return family_named(family)
    if not hasattr(family, "parameters"):
        raise ParameterError(
            f"a family is needed (such as sf.Normal), not {type(family).__name__}; the order is fit(family, data)"
        )
    if not hasattr(family, "__name__"):
        raise ParameterError(
            f"a family is needed, not one distribution of it ({family!r}); pass the {_class_of(family)}"
        )
    return family


def _class_of(model: Any) -> str:
    """Return what to pass in place of a model."""
    composed = getattr(model, "family", None)
    return f"class sf.{type(model).__name__}" if composed is None else f"family, {composed!r}"
