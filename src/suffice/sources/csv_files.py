"""Delimited text files, decoded in one thread, in bounded memory, whatever their types later on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import basename
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from suffice.errors import DataTypeError, SourceError
from suffice.sources.arrow_conversion import arrow_float64
from suffice.sources.conversion import EXACT_INTEGERS, refuse_integer, refuse_type
from suffice.sources.csv_decoding import ColumnKinds, batches, column_kinds, field_at
from suffice.sources.csv_dialect import Dialect, comment_hint, header_note, missing_hint
from suffice.sources.csv_sniffing import read_head, sniff
from suffice.sources.fingerprints import files_fingerprint
from suffice.sources.recutting import Chunk, selected_chunk
from suffice.sources.row_weights import given_beside
from suffice.sources.selection import Selection, select
from suffice.sources.streams import StreamSource


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One delimited text file and what is read of it.

    Parameters
    ----------
    integers : the names of columns whose first values are integers, watched for lost precision
    """

    path: Path
    dialect: Dialect
    selection: Selection
    integers: tuple[str, ...] = ()

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows in order."""
        chosen = self.selection
        wanted = chosen.all_names
        first = 0
        for batch in batches(self.path, self.dialect, wanted):
            values = [
                arrow_float64(batch.column(at), column=column, first_row=first, file=str(self.path))
                for at, column in enumerate(wanted)
            ]
            self._check_integers(dict(zip(wanted, values, strict=True)), first)
            yield selected_chunk(values, chosen, first_row=first, file=str(self.path))
            first += batch.num_rows

    def _check_integers(self, values: dict[str, np.ndarray], first: int) -> None:
        """Refuse integers that float64 rounds; only a look at the text can tell them from 1e300."""
        for column in self.integers:
            beyond = (np.abs(values[column]) >= EXACT_INTEGERS) & np.isfinite(values[column])
            if beyond.any():
                row = first + int(np.argmax(beyond)) + 1
                text = field_at(self.path, self.dialect, column, row)
                if text.lstrip("+-").isdigit() and abs(int(text)) > EXACT_INTEGERS:
                    refuse_integer(int(text), row=row, column=column, file=str(self.path))


def csv_source(
    paths: Sequence[Path], *, columns: Any = None, weights: Any = None, labels: Any = None, described: str
) -> StreamSource:
    """Return the source of delimited text files, their rows one after the other.

    Raises
    ------
    SourceError
        A file is empty, or the files have different columns.
    """
    files: list[CsvFile] = []
    for path in paths:
        file = csv_file(path, columns=columns, weights=weights, labels=labels)
        if files and file.dialect.names != files[0].dialect.names:
            _refuse_different(files[0], file)
        if files and columns is None and file.selection.columns != files[0].selection.columns:
            _refuse_other_types(files[0], file)
        files.append(file)
    first = files[0].selection
    return StreamSource(
        first.columns,
        partial(_chunks, tuple(files)),
        partial(files_fingerprint, tuple(paths), first.columns),
        described + header_note(files[0].dialect),
        first.skipped,
        *given_beside(weights, labels),
    )


def csv_file(path: Path, *, columns: Any = None, weights: Any = None, labels: Any = None) -> CsvFile:
    """Look at the first MiB of a delimited text file and choose its columns."""
    head, whole = read_head(path)
    dialect = sniff(head, str(path))
    kinds = column_kinds(path, head, whole, dialect)
    names: list[str | None] = list(dialect.names)
    chosen = select(
        names,
        lambda at: kinds.words[at] == "number",
        partial(_refuse_text, dialect, kinds, str(path)),
        columns=columns,
        weights=weights,
        labels=labels,
        file=str(path),
    )
    integers = [dialect.names[at] for at in chosen.all_positions if kinds.integers[at]]
    return CsvFile(path, dialect, chosen, tuple(integers))


def _chunks(files: Sequence[CsvFile]) -> Iterator[Chunk]:
    for file in files:
        yield from file.chunks()


def _refuse_text(dialect: Dialect, kinds: ColumnKinds, file: str, position: int) -> NoReturn:
    name = dialect.names[position]
    if kinds.words[position] == "empty":
        message = f"column '{name}' in {basename(file)} has no values; choose other columns with columns="
        raise DataTypeError(message, column=name, file=file)
    row, text = kinds.first_text[position]
    hint = missing_hint(text) + comment_hint(dialect.names)
    refuse_type("str (strings)", column=name, row=row, value=text, file=file, hint=hint)


def _refuse_different(first: CsvFile, other: CsvFile) -> NoReturn:
    message = (
        f"files read as one must have the same columns, but {first.path.name} has "
        f"{list(first.dialect.names)} and {other.path.name} has {list(other.dialect.names)}; "
        "rename or reorder them, or read the files apart"
    )
    raise SourceError(message, file=str(other.path))


def _refuse_other_types(first: CsvFile, other: CsvFile) -> NoReturn:
    odd = sorted(set(first.selection.columns) ^ set(other.selection.columns))
    message = (
        f"column '{odd[0]}' holds numbers in one of {first.path.name} and {other.path.name} and none in "
        "the other; choose columns with columns="
    )
    raise SourceError(message, file=str(other.path), column=odd[0])
