"""Where the records of delimited text lie: their lines, their lengths, and the quotes that do not end.

The decoder names rows, or nothing at all; a person looks for lines. All this is read only once something is wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from os.path import basename
from pathlib import Path
from typing import IO

import numpy as np

from suffice.errors import DataError
from suffice.sources.compression import open_bytes
from suffice.sources.csv_dialect import Dialect

QUOTE = ord('"')


@dataclass(frozen=True, slots=True)
class Record:
    """The lines of one record that is not blank.

    Parameters
    ----------
    first, last : the numbers of its lines, from 1
    size : its length in bytes of UTF-8
    open_quote : the line where its quoted field begins that does not end; 0 if all end
    """

    first: int
    last: int
    size: int
    open_quote: int = 0


class QuoteWatch:
    """A file that counts its quotes while it is read: the decoder takes what follows an open quote for one field."""

    closed = False

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._quotes = 0
        self._end = b"\n"  # the last byte read
        self._before = b"\n"  # the byte before the last quote

    def read(self, size: int = -1) -> bytes:
        """Read and count."""
        data = self._raw.read(size)
        last = data.rfind(b'"')
        if last >= 0:
            self._quotes += int(np.count_nonzero(np.frombuffer(data, np.uint8) == QUOTE))
            self._before = data[last - 1 : last] if last else self._end
        self._end = data[-1:] or self._end
        return data

    def close(self) -> None:
        """Leave the file to who opened it."""

    def may_be_open(self, delimiter: str) -> bool:
        """Tell whether a quote may be left open: their number is odd, and the last one can begin a field."""
        return self._quotes % 2 == 1 and (self._before in b'\r\n"\0\xbf' or self._before == delimiter.encode())


def records_of(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of text that are not blank; a line break between quotes ends none."""
    first, size, quote, number = 0, 0, 0, 0
    for number, line in enumerate(lines, 1):
        if not quote and not line.strip("\r\n"):
            continue
        first = first or number
        size += len(line) if line.isascii() else len(line.encode("utf-8", "replace"))
        if quote or '"' in line:
            quote = _open_quote(line, number, quote, delimiter)
        if not quote:
            yield Record(first, number, size)
            first = size = 0
    if quote:
        yield Record(first, number, size, quote)


def line_of(path: Path, dialect: Dialect, row: int) -> int:
    """Return the line on which a data row ends.

    Raises
    ------
    DataError
        The row does not end, for want of a closing quote.
    """
    rows = (record for record in _records(path, dialect) if record.last > dialect.skip_lines)
    record = next(islice(rows, row - 1, None), None)
    if record is None:
        return 0
    if record.open_quote:
        raise open_quote_error(str(path), record.open_quote)
    return record.last


def refuse_open_quote(path: Path, dialect: Dialect) -> None:
    """Raise DataError if a quoted field does not end."""
    for record in _records(path, dialect):
        if record.open_quote:
            raise open_quote_error(str(path), record.open_quote)


def refuse_long_row(path: Path, dialect: Dialect) -> None:
    """Raise DataError if a quoted field does not end, or else if a row is too long to be decoded."""
    limit, found = dialect.block_size, None
    for record in _records(path, dialect):
        if record.open_quote:
            raise open_quote_error(str(path), record.open_quote)
        if found is None and record.size >= limit:
            found = record
    if found is not None:
        lines = f"line {found.first}" if found.first == found.last else f"lines {found.first} to {found.last}"
        message = (
            f"the row in {lines} of {path.name} is {found.size:,} bytes long, and rows must be shorter than "
            f"{limit:,} bytes; correct its quotes or line ends, or read the file by other means and pass arrays"
        )
        raise DataError(message, line=found.first, size=found.size, file=str(path))


def open_quote_error(file: str, line: int) -> DataError:
    """Return the error for a quote that is not closed."""
    message = f"a quoted field of {basename(file)} that begins in line {line} does not end; close the quote"
    return DataError(message, line=line, file=file)


def _records(path: Path, dialect: Dialect) -> Iterator[Record]:
    encoding = "utf-16" if dialect.encoding == "utf16" else "utf-8-sig"
    with open_bytes(path) as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        yield from records_of(text, dialect.delimiter)


def _open_quote(line: str, number: int, quote: int, delimiter: str) -> int:
    """Return the line where the field begins that is open after `line`, 0 if none is; `quote` is the one before."""
    at = 0
    while True:
        if not quote and line.startswith('"', at):
            quote, at = number, at + 1
        if quote:
            end = _closing_quote(line, at)
            if end < 0:
                return quote
            quote, at = 0, end + 1
        at = line.find(delimiter, at) + 1
        if not at:
            return 0


def _closing_quote(line: str, at: int) -> int:
    end = line.find('"', at)
    while end >= 0 and line.startswith('"', end + 1):
        end = line.find('"', end + 2)
    return end
