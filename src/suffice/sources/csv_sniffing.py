"""What a delimited text file looks like, from its first MiB: encoding, delimiter, decimal mark, header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from os.path import basename
from pathlib import Path
from typing import NoReturn

from suffice.errors import DataError, SourceError
from suffice.sources.compression import open_bytes, refusing_damage
from suffice.sources.csv_dialect import HEAD_BYTES, Dialect
from suffice.sources.csv_header import column_names, is_header
from suffice.sources.csv_records import open_quote_error, records_of

SNIFFED_RECORDS = 200
_WITH_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
_WITH_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


def read_head(path: Path) -> tuple[bytes, bool]:
    """Return the first MiB of a file, cut after its last whole line, and whether this is all of it."""
    with refusing_damage(path), open_bytes(path) as file:
        head = file.read(HEAD_BYTES)
        whole = not file.read(1)
    if not whole and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    return head, whole


def sniff(head: bytes, file: str) -> Dialect:
    """Find the dialect of a file from its first lines.

    Raises
    ------
    DataError
        The file is empty, or its header has another number of names than its rows have values.
    """
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = _decoded(head, encoding)
    if not text.strip():
        raise SourceError(f"{basename(file)} is empty; write it again, or name another file", file=file)
    delimiter = _delimiter(text)
    records, lines = _records(text, delimiter)
    if not records:
        _refuse_first_record(text, delimiter, file)
    decimal = _decimal(records, delimiter)
    first = records[0]
    header = is_header(first, records[1:], decimal)
    counted = records[1:] if header and len(records) > 1 else records
    width = Counter(len(record) for record in counted).most_common(1)[0][0]
    names, row_names = column_names(first, header, width, records[1:], file)
    return Dialect(
        delimiter,
        decimal,
        names,
        lines[0] if header else lines[0] - 1,
        "utf16" if encoding == "utf-16" else "utf8",
        row_names,
        max(map(len, head.splitlines()[:SNIFFED_RECORDS]), default=0),
        header,
    )


def _decoded(head: bytes, encoding: str) -> str:
    if encoding == "utf-16":
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = len(head) - error.start < 4
        return head.decode("utf-8-sig", errors="ignore") if cut else head.decode("latin-1")


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first records that are not blank, and the line where each ends, up to the first endless field."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    lines: list[int] = []
    with suppress(csv.Error):
        for record in reader:
            if record:
                records.append(record)
                lines.append(reader.line_num)
            if len(records) == SNIFFED_RECORDS:
                break
    return records, lines


def _refuse_first_record(text: str, delimiter: str, file: str) -> NoReturn:
    """Raise the error for a first record with a field beyond what the csv module takes."""
    first = next(records_of(io.StringIO(text, newline=""), delimiter))
    if first.open_quote:
        raise open_quote_error(file, first.open_quote)
    message = (
        f"line {first.first} of {basename(file)} has a field of more than {csv.field_size_limit():,} characters, "
        "too long for the name of a column; correct the first line"
    )
    raise DataError(message, line=first.first, file=file)


def _delimiter(text: str) -> str:
    """Return the candidate that cuts most records into the same number of fields, more than one."""
    best, best_share = ",", 0.0
    for candidate in "\t;|,":
        widths = Counter(len(record) for record in _records(text, candidate)[0])
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        share = count / widths.total()
        if width > 1 and share > best_share:
            best, best_share = candidate, share
    return best


def _decimal(records: list[list[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    fields = [field.strip() for record in records for field in record]
    commas = any(_WITH_COMMA.fullmatch(field) for field in fields)
    return "," if commas and not any(_WITH_POINT.fullmatch(field) for field in fields) else "."
