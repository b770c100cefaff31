"""The source that a command names: one file or a glob, and columns of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from suffice.errors import ColumnError
from suffice.sources import as_source


def source_named(file: str, columns: Sequence[str], weights: str | None) -> Any:
    """Return the source.

    Raises
    ------
    ColumnError
        There is no such column; where a file of that name is there, the message says how to name several files.
    """
    try:
        return as_source(file, columns=list(columns) or None, weights=weights)
    except ColumnError as error:
        name = str(getattr(error, "column", ""))
        if name in columns and Path(name).is_file():
            same = takewhile(lambda pair: pair[0] == pair[1], zip(file, name, strict=False))
            pattern = f"{''.join(a for a, _ in same)}*{Path(name).suffix}"
            raise ColumnError(
                f"{name!r} is a file, and stands where columns are named; to read several files as one, name them by "
                f"one pattern in quotes, such as '{pattern}'",
                column=name,
            ) from error
        raise


def skipped_of(source: Any) -> tuple[str, ...]:
    """Return the names of the columns that nobody named and that were left out."""
    return tuple(getattr(source, "skipped", ()))
