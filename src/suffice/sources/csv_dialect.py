"""What a delimited text file looks like, from its first MiB: delimiter, decimal mark, header, names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import basename
from pathlib import Path

from suffice.errors import DataError, SourceError
from suffice.sources.compression import open_bytes, refusing_damage

HEAD_BYTES = 1 << 20
SNIFFED_RECORDS = 200
ROW_NAMES = "(row names)"
MISSING_TEXTS = (
    "", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-NaN", "-nan", "null", "NULL",
    "Null", "None", "none", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
)  # fmt: skip
_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_WITH_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
_WITH_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text file is written.

    Parameters
    ----------
    names : the names of the columns, as many as each row has values
    skip_lines : lines before the first data row
    row_names : True where the first column holds the names or numbers of the rows
    longest : the length of the longest of the first lines, in bytes
    """

    delimiter: str
    decimal: str
    names: tuple[str, ...]
    skip_lines: int
    encoding: str
    row_names: bool = False
    longest: int = 0

    @property
    def block_size(self) -> int:
        """The bytes to decode at a time: a MiB, more where lines are long."""
        return max(HEAD_BYTES, 16 * self.longest)


def is_missing(text: str) -> bool:
    """Tell whether a field stands for a missing value."""
    return text.strip() in MISSING_TEXTS


def missing_hint(text: str) -> str:
    """Say what counts as missing, where a text that does not looks like a mark of it: ".", "?", "-"."""
    mark = text.strip()
    if not mark or len(mark) > 3 or any(c.isalnum() for c in mark):
        return ""
    return f"; if {mark!r} marks missing values, leave them empty or write NA (NaN, null and None count as missing too)"


def comment_hint(names: Sequence[str]) -> str:
    """Say that the header may be a comment."""
    if not names or not names[0].startswith("#"):
        return ""
    return f"; the first line begins with '#' ({names[0][:30]!r}): if it is a comment, remove it"


def is_number(text: str, decimal: str = ".") -> bool:
    """Tell whether a field is written as a number."""
    return (_POINT if decimal == "." else _COMMA).fullmatch(text.strip()) is not None


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
    decimal = _decimal(records, delimiter)
    first = records[0]
    header = any(not is_missing(field) for field in first) and not any(is_number(field, decimal) for field in first)
    counted = records[1:] if header and len(records) > 1 else records
    width = Counter(len(record) for record in counted).most_common(1)[0][0]
    names, row_names = _names(first, header, width, records[1:], file)
    return Dialect(
        delimiter,
        decimal,
        names,
        lines[0] if header else lines[0] - 1,
        "utf16" if encoding == "utf-16" else "utf8",
        row_names,
        max(map(len, head.splitlines()[:SNIFFED_RECORDS]), default=0),
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
    """Return the first records that are not blank, and the line where each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records, lines = [], []
    for record in reader:
        if record:
            records.append(record)
            lines.append(reader.line_num)
        if len(records) == SNIFFED_RECORDS:
            break
    return records, lines


def _delimiter(text: str) -> str:
    """Return the candidate that cuts most records into the same number of fields, more than one."""
    best, best_share = ",", 0.0
    for candidate in "\t;|,":
        widths = Counter(len(record) for record in _records(text, candidate)[0])
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


def _names(
    first: list[str], header: bool, width: int, rest: list[list[str]], file: str
) -> tuple[tuple[str, ...], bool]:
    if not header:
        return ("x",) if width == 1 else tuple(f"x{position}" for position in range(width)), False
    leading = [record[0].strip() for record in rest if len(record) == width]
    if len(first) == width - 1 and _are_row_names(leading):
        first = ["", *first]
    elif rest and len(first) != width and len(rest[0]) == width:
        message = (
            f"the header of {basename(file)} has {len(first)} names, but row 1 has {width} values; write one name per "
            f"column (numbers with a decimal comma need another delimiter, such as a semicolon){comment_hint(first)}"
        )
        raise DataError(message, file=file, row=1)
    names = [name.strip() for name in first]
    row_names = names[0] == "" and len(names) > 1 and _are_row_names(leading)
    if row_names:
        names[0] = ROW_NAMES
    return tuple(name or f"x{position}" for position, name in enumerate(names)), row_names


def _are_row_names(fields: list[str]) -> bool:
    """Tell whether the fields of a column without a name number the rows, or name them."""
    if not fields or not all(field.isdigit() for field in fields):
        return bool(fields) and not any(is_number(field) for field in fields)
    start = int(fields[0])
    return start in (0, 1) and fields == [str(start + row) for row in range(len(fields))]
