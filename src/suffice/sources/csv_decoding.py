"""Decoding of delimited text: batches of chosen columns, and errors that name row and line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from suffice.errors import DataError, DataTypeError, SourceError, counted
from suffice.sources.compression import open_bytes, refusing_damage
from suffice.sources.csv_dialect import MISSING_TEXTS, Dialect, comment_hint, missing_hint
from suffice.sources.csv_records import QuoteWatch, line_of, refuse_long_row, refuse_open_quote

if TYPE_CHECKING:
    import pyarrow as pa

NUMERIC_SHARE = 0.9
_INTEGER = r"^\s*[+-]?\d+\s*$"
_BAD_VALUE = re.compile(
    r"In CSV column #(\d+): (?:Row #(\d+): )?CSV conversion error to \w+: invalid value '(.*)'", re.DOTALL
)
_BAD_WIDTH = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")


@dataclass(frozen=True, slots=True)
class ColumnKinds:
    """What the columns of a delimited file hold, as far as its first MiB shows.

    Parameters
    ----------
    words : "number", "text" or "empty", by position
    integers : whether all numbers are written as integers
    first_text : the first row (from 1) and value that is no number, by position
    """

    words: tuple[str, ...]
    integers: tuple[bool, ...]
    first_text: dict[int, tuple[int, str]]


def batches(path: Path, dialect: Dialect, wanted: Sequence[str], *, text: bool = False) -> Iterator[pa.RecordBatch]:
    """Yield record batches of the columns `wanted`, as float64, or as bytes if `text`.

    Raises
    ------
    DataTypeError
        A value is no number: names the row and the column.
    DataError
        A row has too many or too few values, or is too long, or a quote is left open: names the line.
    SourceError
        The file is damaged.
    """
    import pyarrow as pa

    try:
        with refusing_damage(path), open_bytes(path) as raw:
            yield from _watched(raw, path, dialect, wanted, text)
    except pa.ArrowInvalid as error:
        with refusing_damage(path):
            _explain(error, path, dialect)


def column_kinds(path: Path, head: bytes, whole: bool, dialect: Dialect) -> ColumnKinds:
    """Tell numbers from text by the first MiB; a column that starts empty is read on until it is not."""
    words, integers, first_text = [], [], {}
    table = _text_table(path, head, whole, dialect)
    for position, name in enumerate(dialect.names):
        column = table.column(position)
        if column.null_count == len(column) and not whole:
            column = _first_filled(path, dialect, name)
        word, integer, text = _kind(column, dialect.decimal)
        words.append("text" if dialect.row_names and position == 0 else word)
        integers.append(integer)
        if text is not None:
            first_text[position] = text
    return ColumnKinds(tuple(words), tuple(integers), first_text)


def field_at(path: Path, dialect: Dialect, column: str, row: int) -> str:
    """Return the text of one field, by reading up to it."""
    first = 0
    for batch in batches(path, dialect, [column], text=True):
        if row <= first + batch.num_rows:
            return _text(batch.column(0)[row - first - 1]).strip()
        first += batch.num_rows
    return ""


def _watched(
    raw: IO[bytes], path: Path, dialect: Dialect, wanted: Sequence[str], text: bool
) -> Iterator[pa.RecordBatch]:
    """Decode; at the end refuse a quote that is left open, which the decoder takes for closed by the end."""
    watch = QuoteWatch(raw)
    yield from _decoded(watch, dialect, wanted, text)
    if watch.may_be_open(dialect.delimiter):
        refuse_open_quote(path, dialect)


def _decoded(raw: QuoteWatch, dialect: Dialect, wanted: Sequence[str], text: bool) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.csv as pc

    kind = pa.binary() if text else pa.float64()
    reader = pc.open_csv(
        raw,
        read_options=pc.ReadOptions(
            use_threads=False,
            block_size=dialect.block_size,
            skip_rows=dialect.skip_lines,
            column_names=list(dialect.names),
            encoding=dialect.encoding,
        ),
        parse_options=pc.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(wanted, kind),
            include_columns=list(wanted),
            null_values=_null_values(),
            strings_can_be_null=True,
            decimal_point=dialect.decimal,
            check_utf8=False,
        ),
    )
    with reader:
        yield from reader


def _null_values() -> list[str]:
    spaced = [text + " " for text in MISSING_TEXTS] + [" " + text for text in MISSING_TEXTS]
    return [*MISSING_TEXTS, *spaced]


def _text_table(path: Path, head: bytes, whole: bool, dialect: Dialect) -> pa.Table:
    """Return the first batch of all columns as bytes; a head that is cut may end within a record, so read the file."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.binary()) for name in dialect.names])
    if whole:
        try:
            found = list(_watched(io.BytesIO(head), path, dialect, dialect.names, True))
        except pa.ArrowInvalid as error:
            _explain(error, path, dialect)
    else:
        found = list(islice(batches(path, dialect, dialect.names, text=True), 1))
    table = pa.Table.from_batches(found, schema)
    if not table.num_rows:
        message = f"{path.name} has a header and no rows; add rows, or name another file"
        raise DataError(message, file=str(path))
    return table


def _first_filled(path: Path, dialect: Dialect, name: str) -> Any:
    """Return the first batch of a column that has values; an empty column if there is none."""
    import pyarrow as pa

    for batch in batches(path, dialect, [name], text=True):
        if batch.column(0).null_count < batch.num_rows:
            return batch.column(0)
    return pa.array([], pa.binary())


def _kind(column: Any, decimal: str) -> tuple[str, bool, tuple[int, str] | None]:
    import pyarrow.compute as compute

    values = column.drop_null()
    if not len(values):
        return "empty", False, None
    mark = re.escape(decimal)
    number = rf"^\s*[+-]?((\d+{mark}?\d*|{mark}\d+)([eE][+-]?\d+)?|(?i:inf(inity)?))\s*$"
    matches = compute.match_substring_regex(column, number)
    share = compute.mean(matches).as_py()
    integer = compute.all(compute.match_substring_regex(values, _INTEGER)).as_py()
    # compute.index would import pandas where that is installed, which takes longer than all else here
    first = matches.to_pylist().index(False) if share < 1.0 else -1
    text = None if first < 0 else (first + 1, _text(column[first]))
    return "number" if share >= NUMERIC_SHARE else "text", integer, text


def _text(scalar: Any) -> str:
    return scalar.as_py().decode("utf-8", errors="replace") if scalar.is_valid else ""


def _explain(error: Exception, path: Path, dialect: Dialect) -> NoReturn:
    message = str(error)
    if found := _BAD_VALUE.search(message):
        column = dialect.names[int(found[1])]
        row = int(found[2]) - dialect.skip_lines if found[2] else None
        if "\n" in found[3]:
            refuse_open_quote(path, dialect)
        _refuse_value(path, dialect, column, row, found[3], error)
    if found := _BAD_WIDTH.search(message):
        row = int(found[1]) - dialect.skip_lines
        line = line_of(path, dialect, row)
        raise DataError(
            f"row {row} of {path.name} (line {line}) has {counted(int(found[3]), 'value')} where {found[2]} "
            f"{'is' if found[2] == '1' else 'are'} expected; "
            f"correct the line, or check the delimiter, taken to be {dialect.delimiter!r}",
            row=row,
            line=line,
            file=str(path),
        ) from error
    if "straddl" in message:
        refuse_long_row(path, dialect)
    raise SourceError(f"{path.name} cannot be read as delimited text: {message}", file=str(path)) from error


def _refuse_value(path: Path, dialect: Dialect, column: str, row: int | None, value: str, error: Exception) -> NoReturn:
    shown = repr(value if len(value) <= 60 else value[:57] + "...")
    message = (
        f"row {row} of column '{column}' in {path.name} is {shown}, which is no number; correct it, "
        "leave it empty if it is missing, or choose other columns with columns="
        f"{missing_hint(value)}{comment_hint(dialect.names)}"
    )
    raise DataTypeError(message, row=row, column=column, value=value, file=str(path)) from error
