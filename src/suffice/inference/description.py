"""`describe`: what stands in the columns of a source, in one pass, or two where its quantiles need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite, isnan, nan
from typing import Any

import numpy as np

from suffice.engines.threads import as_engine
from suffice.errors import ColumnError, DataError, ParameterError, counted
from suffice.inference.first_look import SMALLEST_SPAN, check_extent
from suffice.inference.quantile_ways import Quantiles, choose_ways
from suffice.sources import as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.heaping import Heaping, find_heaping
from suffice.statistics.moments import Moments
from suffice.statistics.product import Product, ProductSummary
from suffice.statistics.row_order import RowOrder, correlation_text, row_order

PROBABILITIES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
# Whole numbers of which the smallest is below this are taken for counts, which are not rounded.
SMALL_COUNT = 10.0
# With fewer values, that they are no more than two says nothing.
FEWEST = 8
# So many columns that were left out are named; of the others it is said how many there are.
NAMED = 20
# Between these ranges, second to fourth moments keep their digits; 1e±140 is where second moments lose theirs.
NARROWEST, WIDEST = 1e-69, 1e69


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """What stands in one column.

    Parameters
    ----------
    name : the name of the column
    rows, missing, infinite : counts of all rows, of missing and of infinite values
    weight : Σw of the finite values (their number where there are no weights)
    mean, standard_deviation, skewness, kurtosis : of the finite values; the standard deviation has divisor
        weight − 1, skewness is g₁, kurtosis is excess (normal: 0); NaN where undefined
    minimum, maximum : of the values that are not missing, infinite ones included
    quantiles : pairs (p, quantile) of the values that are not missing; type 7 where exact
    rank_error : the guaranteed bound of |share of the values up to a quantile − p|; 0 is exact
    distinct, sampled : the number of distinct values in a sample, and its size
    autocorrelation : lag-1 autocorrelation of the finite values in the order of the rows
    drift : correlation of the finite values with their position
    dependent : whether neighbouring rows depend on each other, by the rule of `statistics.row_order`
    dependence : the statistic that shows it, such as "lag-1 autocorrelation 0.25"; "" where nothing does
    drifting : whether the values change along the rows, by the same rule
    heaping : how coarsely the values of the sample were recorded
    """

    name: str
    rows: int
    missing: int
    infinite: int
    weight: float
    mean: float
    standard_deviation: float
    skewness: float
    kurtosis: float
    minimum: float
    maximum: float
    quantiles: tuple[tuple[float, float], ...]
    rank_error: float
    distinct: int
    sampled: int
    autocorrelation: float
    drift: float
    dependent: bool
    dependence: str
    drifting: bool
    heaping: Heaping

    @property
    def finite(self) -> int:
        """The number of finite values."""
        return self.rows - self.missing - self.infinite

    @property
    def counted(self) -> bool:
        """Whether these look like counts: whole numbers from 0 on that begin below 10."""
        return self.heaping.resolution == 1.0 and 0.0 <= self.minimum < SMALL_COUNT

    def quantile(self, p: float) -> float:
        """Return the quantile at one of the probabilities of `quantiles`."""
        for given, value in self.quantiles:
            if given == p:
                return value
        known = ", ".join(f"{given:g}" for given, _ in self.quantiles)
        raise ParameterError(f"quantiles were taken at {known}, not at {p}; use QuantileSketch for others")

    def notes(self) -> Iterator[str]:
        """Yield what a model of this column would have to reckon with."""
        if self.missing:
            values = f"value{'' if self.rows == 1 else 's'} {'is' if self.missing == 1 else 'are'}"
            yield f"{self.missing} of {self.rows} {values} missing"
        if self.infinite == 1:
            yield "1 value is infinite; mean and standard deviation leave it out"
        elif self.infinite:
            yield f"{self.infinite} values are infinite; mean and standard deviation leave them out"
        if not self.finite:
            yield "no finite value, so no mean and no standard deviation (–)"
        elif isnan(self.standard_deviation) and self.weight <= 1.0:
            few = "there is 1 value" if self.finite == 1 else "the weight is not more than 1"
            yield f"no standard deviation (–): {few}"
        if self.finite > 1 and self.minimum == self.maximum:
            yield "constant"
        if self.dependent:
            yield (
                f"neighbouring rows depend on each other ({self.dependence}): "
                "standard errors of independent rows would be wrong"
            )
        if self.drifting:
            yield f"the values drift along the rows (correlation with the row number {correlation_text(self.drift)})"
        if self.distinct == 2 and self.sampled >= FEWEST:
            yield f"only 2 distinct values{'' if self.sampled == self.finite else f' in a sample of {self.sampled:,}'}"
        elif self.heaping.heaped or (self.heaping.rounded and not self.counted):
            yield str(self.heaping)
        if lost := self._lost():
            yield f"no {lost}: powers of such values leave double precision; multiply them by a power of two"

    def _lost(self) -> str:
        """Name the moments that are not known because of the scale of the column."""
        usual = NARROWEST < self.maximum - self.minimum < WIDEST
        if usual or self.infinite or self.weight <= 1.0 or not self.minimum < self.maximum:
            return ""
        moments = {
            "mean": self.mean,
            "standard deviation": self.standard_deviation,
            "skewness": self.skewness,
            "kurtosis": self.kurtosis,
        }
        return ", ".join(name for name, value in moments.items() if not isfinite(value))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values for JSON; what is not finite becomes None."""
        fields: dict[str, Any] = {key: _plain(value) for key, value in asdict(self).items()}
        fields["quantiles"] = {f"{p:g}": _plain(value) for p, value in self.quantiles}
        fields["heaping"] = {key: _plain(value) for key, value in asdict(self.heaping).items()}
        return fields | {"notes": list(self.notes())}


@dataclass(frozen=True, slots=True, repr=False)
class Description:
    """What stands in the columns of a source; prints as a table.

    Parameters
    ----------
    source : the source in words
    rows : the number of rows
    weight : Σw, the number of rows where there are no weights
    weighted : whether there were weights
    columns : one description for each column
    skipped : the names of columns left out, since not all of their values are numbers
    """

    source: str
    rows: int
    weight: float
    weighted: bool
    columns: tuple[ColumnDescription, ...]
    skipped: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> ColumnDescription:
        for column in self.columns:
            if column.name == name:
                return column
        names = tuple(column.name for column in self.columns)
        raise ColumnError(f"there is no column {name!r}; there is: {', '.join(names)}", available=names)

    def title(self) -> str:
        """Return the source, and how many rows it has: "heights.csv: 2,000 rows"."""
        weight = f", weight {self.weight:.10g}" if self.weighted else ""
        return f"{self.source}: {counted(self.rows, 'row')}{weight}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON."""
        return {
            "source": self.source,
            "rows": self.rows,
            "weight": self.weight,
            "weighted": self.weighted,
            "columns": [column.to_dict() for column in self.columns],
            "skipped": list(self.skipped),
            "standard_deviation_divisor": "weight - 1",
        }

    def __repr__(self) -> str:
        return f"<Description of {counted(len(self.columns), 'column')} of {self.title()}; print it for the table>"

    def __str__(self) -> str:
        head = ["column", "values", "mean", "sd (n-1)", "minimum", "25 %", "median", "75 %", "maximum"]
        table = [head, *[_cells(column) for column in self.columns]]
        widths = [max(len(row[i]) for row in table) for i in range(len(head))]
        lines = [
            f"{row[0]:<{widths[0]}}  "
            + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
            for row in table
        ]
        error = max(column.rank_error for column in self.columns)
        ranks = f"quantiles exact in rank to {error:.2g} of all values" if error else "quantiles exact"
        notes = [f"{column.name}: {note}" for column in self.columns for note in column.notes()]
        if self.skipped:
            notes.append(skipped_text(self.skipped))
        return "\n".join(
            [
                f"{self.title()}; {ranks}",
                "",
                *lines,
                *(["", *notes] if notes else []),
            ]
        )


def skipped_text(names: Sequence[str]) -> str:
    """Return which columns were left out, since nobody named them and not all of their values are numbers."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    which = "the column" if len(names) == 1 else "a column"
    return f"left out: {', '.join(names[:NAMED])}{more} (not all values are numbers; name {which} to see why)"


def describe(
    data: Any, *, columns: Any = None, weights: Any = None, missing: str = "drop", engine: Any = None
) -> Description:
    """Describe the columns of data in one pass, in memory that does not grow with the data.

    Parameters
    ----------
    data : an array, a data frame, a path or a glob, blocks, or a source
    columns : the columns, by name or position; default: all that hold numbers
    weights : a column's name or an array of shape (n,): 2 means the row twice
    missing : "drop" leaves missing values out, column by column, and counts them; "error" refuses them
    engine : where the pass runs; default: the threads of this process

    Returns
    -------
    Description
        With a `ColumnDescription` for each column.

    Raises
    ------
    MissingValuesError
        Values are missing and `missing` is "error".

    Examples
    --------
    >>> from suffice.inference.description import describe
    >>> d = describe([1.0, 2.0, 4.0, 9.0])
    >>> d["x"].mean, d["x"].quantile(0.5)
    (4.0, 3.0)
    """
    if missing not in ("drop", "error"):
        raise ParameterError(f"missing must be 'drop' or 'error', not {missing!r}")
    source = as_source(data, columns=columns, weights=weights)
    names = source.columns
    ways = choose_ways(source)
    with as_engine(engine).open(source) as session:
        summary = session.reduce(Product((Extent(), Moments(), HashedSample(1024), *ways.statistics)))
        quantiles = () if summary is None else ways.quantiles(summary.parts[3:], session)
    described = getattr(source, "description", "the data")
    if summary is None or not summary.parts[0].rows:
        raise DataError(f"{described} has no rows; pass at least one observation")
    extent: ExtentSummary = summary.parts[0]
    _check(extent, names, described, missing)
    order = row_order(extent, summary.parts[2])
    return Description(
        described,
        extent.rows,
        extent.weight,
        extent.weighted,
        tuple(_column(j, name, summary, quantiles[j], order) for j, name in enumerate(names)),
        tuple(getattr(source, "skipped", ())),
    )


def _check(extent: ExtentSummary, names: Sequence[str], where: str, missing: str) -> None:
    """Refuse bad weights, and missing values where they are an error; values that are infinite are described."""
    check_extent(extent, extent, (), where, True)
    for j in map(int, np.flatnonzero(extent.missing) if missing == "error" else ()):
        column = replace(extent, table=extent.table[:, [j]])
        check_extent(column, column, [names[j]], where, False)


def _column(j: int, name: str, summary: ProductSummary, found: Quantiles, order: RowOrder) -> ColumnDescription:
    extent, moments, sample = summary.parts[:3]
    present = extent.rows > extent.missing[j]
    minimum, maximum = (float(end[j]) if present else nan for end in (extent.minimum, extent.maximum))
    values = sample.rows[:, j]
    values = values[np.isfinite(values)]
    mean, deviation = float(moments.mean[j]), float(moments.standard_deviation()[j])
    with np.errstate(over="ignore"):
        span = np.ptp(values) if extent.infinite[j] and len(values) else np.subtract(maximum, minimum)
    return ColumnDescription(
        name,
        extent.rows,
        int(extent.missing[j]),
        int(extent.infinite[j]),
        float(moments.weight[j]),
        mean if isfinite(mean) else nan,
        nan if 0.0 < span < SMALLEST_SPAN else deviation,
        float(moments.skewness()[j]),
        float(moments.kurtosis()[j]),
        minimum,
        maximum,
        tuple((p, {0.0: minimum, 1.0: maximum}.get(p, float(found.quantile(p)))) for p in PROBABILITIES),
        found.rank_error,
        len(np.unique(values)),
        len(values),
        float(order.autocorrelation[j]),
        float(order.drift[j]),
        bool(order.dependent[j]),
        " ".join(order.evidence(j)).strip(),
        bool(order.drifting[j]),
        find_heaping(values),
    )


def _cells(column: ColumnDescription) -> list[str]:
    return [column.name, *number_cells(column, 6)]


def number_cells(column: ColumnDescription, digits: int) -> list[str]:
    """Return count, mean, standard deviation, minimum, quartiles and maximum; "–" where one is undefined."""
    quartiles = [column.quantile(p) for p in (0.25, 0.5, 0.75)]
    numbers = [column.mean, column.standard_deviation, column.minimum, *quartiles, column.maximum]
    return [
        f"{column.rows - column.missing:,}",
        *["–" if isnan(number) else f"{number:.{digits}g}" for number in numbers],
    ]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
