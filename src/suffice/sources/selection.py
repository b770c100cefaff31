"""Which columns are data, weights and labels: names and positions resolved against what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from os.path import basename
from typing import Any, NoReturn

from suffice.errors import ColumnError, DataError, DataTypeError
from suffice.sources.conversion import place_of


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of an input that are read, by position.

    Parameters
    ----------
    columns : the names of the d data columns
    positions : their positions in the input
    weights, labels : the positions of the columns of weights and of labels, or None
    skipped : the names of columns left out because they hold no numbers
    beside : the names of the columns of weights and of labels, as far as there are
    """

    columns: tuple[str, ...]
    positions: tuple[int, ...]
    weights: int | None = None
    labels: int | None = None
    skipped: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names of all that is read: data, then weights, then labels."""
        return self.columns + self.beside

    @property
    def all_positions(self) -> tuple[int, ...]:
        """The positions of all that is read: data, then weights, then labels."""
        extra = tuple(position for position in (self.weights, self.labels) if position is not None)
        return self.positions + extra


def unnamed_columns(count: int) -> tuple[str, ...]:
    """Return the names of columns that have none: "x", or "x0", "x1" and so on."""
    return ("x",) if count == 1 else tuple(f"x{position}" for position in range(count))


def select(
    names: Sequence[Hashable],
    numeric: Callable[[int], bool],
    refuse: Callable[[int], NoReturn],
    *,
    columns: Any = None,
    weights: Any = None,
    labels: Any = None,
    file: str | None = None,
) -> Selection:
    """Resolve `columns`, and `weights` and `labels` where they are names.

    Parameters
    ----------
    names : what there is, in order
    numeric : tells by position whether a column holds numbers
    refuse : raises the error for a column, by position, that holds none
    columns : a name, a position, a sequence of them, or None for all numeric columns
    """
    texts = [str(name) for name in names]
    _check_unique(texts, file)
    beside = {
        what: position_of(value, names, file)
        for what, value in (("weights", weights), ("labels", labels))
        if isinstance(value, str)
    }
    skipped: tuple[str, ...] = ()
    if columns is None:
        rest = [position for position in range(len(texts)) if position not in beside.values()]
        positions = tuple(position for position in rest if numeric(position))
        skipped = tuple(texts[position] for position in rest if position not in positions)
        if not positions:
            _refuse_all(texts, rest, refuse, file)
    else:
        positions = _chosen(columns, names, beside, file)
    for position in (*positions, *beside.values()):
        if not numeric(position):
            refuse(position)
    chosen = tuple(texts[position] for position in positions)
    side_names = tuple(texts[position] for position in beside.values())
    return Selection(chosen, positions, beside.get("weights"), beside.get("labels"), skipped, side_names)


def position_of(column: Any, names: Sequence[Hashable], file: str | None = None) -> int:
    """Return the position of a column given by name or position.

    Raises
    ------
    ColumnError
        There is no such column; the message lists what there is, close matches first.
    """
    if isinstance(column, Hashable) and not isinstance(column, bool):
        for position, name in enumerate(names):
            if name == column and type(name) is not bool:
                return position
        texts = [str(name) for name in names]
        if isinstance(column, str) and column in texts:
            return texts.index(column)
        if hasattr(column, "__index__") and -len(names) <= column.__index__() < len(names):
            return column.__index__() % len(names)
    _refuse_missing(column, [str(name) for name in names], file)


def _chosen(columns: Any, names: Sequence[Hashable], beside: dict[str, int], file: str | None) -> tuple[int, ...]:
    several = not isinstance(columns, (str, tuple)) and hasattr(columns, "__iter__")
    if isinstance(columns, tuple) and columns not in names:
        several = True
    positions = tuple(position_of(column, names, file) for column in (columns if several else [columns]))
    if not positions:
        raise ColumnError("columns= is empty; name at least one column, or leave it out", available=names)
    for position, count in Counter(positions).items():
        if count > 1:
            raise ColumnError(f"columns= names '{names[position]}' {count} times", column=str(names[position]))
    for what, position in beside.items():
        if position in positions:
            message = f"column '{names[position]}' cannot be both data and {what}; leave it out of columns="
            raise ColumnError(message, column=str(names[position]))
    return positions


def _check_unique(texts: Sequence[str], file: str | None) -> None:
    counts = Counter(texts)
    if len(counts) < len(texts):
        column = next(text for text in texts if counts[text] > 1)
        where = f" in {basename(file)}" if file else ""
        message = (
            f"the column name '{column}' stands {counts[column]} times{where}; rename the columns so that "
            "each name stands once"
        )
        raise DataError(message, column=column, file=file)


def _refuse_missing(column: Any, texts: Sequence[str], file: str | None) -> NoReturn:
    close = get_close_matches(str(column), texts, n=3, cutoff=0.6)
    lower = {text.lower(): text for text in reversed(texts)}
    near = [lower[text] for text in get_close_matches(str(column).lower(), lower, n=3, cutoff=0.6)]
    same = [text for text in texts if text.lower() == str(column).lower()]
    first = list(dict.fromkeys([*same, *close, *near]))
    ordered = first + [text for text in texts if text not in first]
    listed = ", ".join(ordered[:20]) + (f" and {len(ordered) - 20} more" if len(ordered) > 20 else "")
    meant = f": did you mean '{first[0]}'? There is: " if first else "; there is: "
    message = f"there is no {place_of(None, str(column), file)}{meant}{listed}"
    raise ColumnError(message, column=column, available=tuple(texts), file=file)


def _refuse_all(
    texts: Sequence[str], rest: Sequence[int], refuse: Callable[[int], NoReturn], file: str | None
) -> NoReturn:
    reason = "there are no other columns"
    error: DataTypeError | None = None
    if rest:
        try:
            refuse(rest[0])
        except DataTypeError as first:
            error, reason = first, first.message
    where = f" in {basename(file)}" if file else ""
    message = f"no column{where} holds numbers ({', '.join(texts)}): {reason}"
    raise DataTypeError(message, columns=tuple(texts), file=file) from error
