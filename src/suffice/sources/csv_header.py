"""Whether the first record of delimited text is a header, and how the columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import basename

from suffice.errors import DataError
from suffice.sources.csv_dialect import comment_hint, is_missing, is_number

ROW_NAMES = "(row names)"


def is_header(first: Sequence[str], rest: Sequence[Sequence[str]], decimal: str) -> bool:
    """Tell whether the first record names the columns of the rest."""
    return any(not is_missing(field) for field in first) and not any(is_number(field, decimal) for field in first)


def column_names(
    first: list[str], header: bool, width: int, rest: list[list[str]], file: str
) -> tuple[tuple[str, ...], bool]:
    """Return the names of the columns, and whether the first column names the rows.

    Raises
    ------
    DataError
        The header has another number of names than the rows have values.
    """
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
