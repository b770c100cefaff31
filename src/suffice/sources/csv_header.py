"""Whether the first record of delimited text is a header, and how the columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from os.path import basename

from suffice.errors import DataError, counted
from suffice.sources.csv_dialect import comment_hint, is_missing, is_number

ROW_NAMES = "(row names)"
EARLIEST_YEAR, LATEST_YEAR = 1500, 2100
# So many values that count 1, 2, 3, 4 are hardly data; fewer may be.
COUNTED = 4


def is_header(first: Sequence[str], rest: Sequence[Sequence[str]], decimal: str) -> bool:
    """Tell whether the first record names the columns of the rest.

    It does if it holds no number, or a word above numbers: what `fread` of R's data.table goes by. If it holds
    numbers, and words above words only, then its numbers must look like names: "city,1990,1991", ",0,1,2".
    """
    if not any(is_number(field, decimal) for field in first):
        return any(not is_missing(field) for field in first)
    width = Counter(map(len, rest)).most_common(1)[0][0] if rest else len(first)
    cells = ["", *first] if len(first) == width - 1 else list(first)  # R leaves the name above row names out
    rows = [row for row in rest if len(row) == len(cells)]
    columns = [[row[at].strip() for row in rows if not is_missing(row[at])] for at in range(len(cells))]
    words = [at for at, field in enumerate(cells) if _is_word(field, decimal)]
    if any(columns[at] and all(is_number(field, decimal) for field in columns[at]) for at in words):
        return True
    return _numbers_are_names(cells, rows, columns, words, decimal)


def _numbers_are_names(
    cells: list[str], rows: list[Sequence[str]], columns: list[list[str]], words: list[int], decimal: str
) -> bool:
    """Tell whether the numbers of a record name columns, where its words stand above words."""
    numbers = [at for at, field in enumerate(cells) if is_number(field, decimal)]
    labels = [[row[at].strip() for at in numbers] for row in [cells, *rows]]
    blank = [0] if is_missing(cells[0]) and _are_row_names(columns[0]) else []
    if any(columns[at] and at not in (*numbers, *words, *blank) for at in range(len(cells))):
        return False
    if blank and columns[0][0].isdigit():
        return _are_years(labels[0]) or _are_counts(labels[0])
    if not (blank or words) or any(cells[at].strip() in columns[at] for at in words):
        return False
    return _name_columns(labels[0]) and 2 * sum(map(_name_columns, labels[1:])) < len(rows)


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
            f"the header of {basename(file)} has {counted(len(first), 'name')}, but row 1 has "
            f"{counted(width, 'value')}; write one name per column "
            f"(numbers with a decimal comma need another delimiter, such as a semicolon){comment_hint(first)}"
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


def _is_word(field: str, decimal: str) -> bool:
    return any(map(str.isalpha, field)) and not is_missing(field) and not is_number(field, decimal)


def _name_columns(labels: list[str]) -> bool:
    """Tell whether numbers above columns of other numbers are years, or count the columns."""
    return len(labels) > 1 and (_are_years(labels) or (len(labels) >= COUNTED and _are_counts(labels)))


def _are_counts(labels: list[str]) -> bool:
    return any(labels == [str(start + at) for at in range(len(labels))] for start in (0, 1))


def _are_years(labels: list[str]) -> bool:
    """Tell whether all are years, and either ascend or descend."""
    if not all(label.isdecimal() and len(label) == 4 for label in labels):
        return False
    ordered = sorted(set(labels))
    in_order = len(ordered) == len(labels) and labels in (ordered, ordered[::-1])
    return in_order and int(ordered[0]) >= EARLIEST_YEAR and int(ordered[-1]) <= LATEST_YEAR
