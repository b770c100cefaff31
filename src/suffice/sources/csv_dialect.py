"""How a delimited text file is written, and what its fields stand for: numbers, text, missing values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HEAD_BYTES = 1 << 20
MISSING_TEXTS = (
    "", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-NaN", "-nan", "null", "NULL",
    "Null", "None", "none", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
)  # fmt: skip
_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text file is written.

    Parameters
    ----------
    names : the names of the columns, as many as each row has values
    skip_lines : lines before the first data row
    row_names : True where the first column holds the names or numbers of the rows
    longest : the length of the longest of the first lines, in bytes
    header : whether the file names its columns
    """

    delimiter: str
    decimal: str
    names: tuple[str, ...]
    skip_lines: int
    encoding: str
    row_names: bool = False
    longest: int = 0
    header: bool = True

    @property
    def block_size(self) -> int:
        """The bytes to decode at a time: a MiB, more where lines are long."""
        return max(HEAD_BYTES, 16 * self.longest)


def header_note(dialect: Dialect) -> str:
    """Say how columns are called that the file does not name; nothing where it does."""
    if dialect.header:
        return ""
    names, more = dialect.names, ", …" if len(dialect.names) > 2 else ""
    called = f"columns are named {', '.join(names[:2])}{more}" if len(names) > 1 else f"the column is named {names[0]}"
    return f" (no header line: {called})"


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
