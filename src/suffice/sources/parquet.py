"""Parquet files: pieces follow row groups, batches are read one at a time, columns are viewed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from suffice.errors import SourceError
from suffice.sources.arrow_conversion import arrow_float64, first_value, is_numeric_type
from suffice.sources.block import BLOCK_ROWS
from suffice.sources.conversion import refuse_type
from suffice.sources.recutting import Chunk, selected_chunk
from suffice.sources.segments import FileSegment, SegmentSource, file_segments_source
from suffice.sources.selection import Selection, select

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

BUFFER_BYTES = 1 << 20
_INDEX = re.compile(r"__index_level_\d+__")


class ParquetSegment(FileSegment):
    """One Parquet file; its rows end where row groups do."""

    __slots__ = ()

    def chunks(self, first: int, last: int) -> Iterator[Chunk]:
        """Yield the rows `first` to `last`, from the row group on that holds the first."""
        starts = (0, *self.ends[:-1])
        groups = [group for group, end in enumerate(self.ends) if end > first and starts[group] < last]
        names, position = self.selection.all_names, starts[groups[0]]
        for batch in _batches(self.path, names, groups):
            begin, stop = max(first - position, 0), min(last - position, batch.num_rows)
            if begin < stop:
                yield batch_chunk(batch.slice(begin, stop - begin), self.selection, position + begin, str(self.path))
            position += batch.num_rows
            if position >= last:
                return


def batch_chunk(batch: pa.RecordBatch, chosen: Selection, first_row: int, file: str | None) -> Chunk:
    """Return the chosen columns of a record batch as a chunk."""
    names = chosen.all_names
    values = [arrow_float64(batch.column(name), column=name, first_row=first_row, file=file) for name in names]
    return selected_chunk(values, chosen, first_row=first_row, file=file)


def parquet_source(
    paths: Sequence[Path], *, columns: Any = None, weights: Any = None, labels: Any = None, described: str
) -> SegmentSource:
    """Return the source of Parquet files, their rows one after the other.

    Raises
    ------
    SourceError
        A file is damaged, or the files have different columns or types.
    """
    segments: list[ParquetSegment] = []
    schema = None
    for path in paths:
        with _opened(path) as file:
            now = file.schema_arrow
            if schema is not None:
                check_schemas(paths[0], schema, path, now)
            schema = schema or now
            ends = tuple(accumulate(file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)))
        if not segments:
            refuse = partial(_refuse, path, schema)
            chosen = select_fields(schema, refuse, str(path), columns=columns, weights=weights, labels=labels)
        segments.append(ParquetSegment(path, chosen, max(ends, default=0), ends))
    return file_segments_source(segments, chosen, described, weights, labels)


def select_fields(schema: pa.Schema, refuse: Any, file: str | None, **chosen: Any) -> Selection:
    """Choose among the fields of an Arrow schema; an index that a data frame left is taken by name only."""
    implicit = chosen.get("columns") is None

    def numeric(position: int) -> bool:
        field = schema.field(position)
        if implicit and _INDEX.fullmatch(field.name):
            return False
        return is_numeric_type(field.type) or (not implicit and str(field.type) == "null")

    return select(schema.names, numeric, refuse, file=file, **chosen)


def check_schemas(first: Path, schema: pa.Schema, other: Path, now: pa.Schema) -> None:
    """Raise SourceError where two files that are read as one differ in columns or types."""
    remedy = "rewrite one of them, or read the files apart"
    if schema.names != now.names:
        message = f"{first.name} has the columns {schema.names} and {other.name} has {now.names}; {remedy}"
        raise SourceError(f"files read as one must have the same columns, but {message}", file=str(other))
    for field, here in zip(schema, now, strict=True):
        if field.type != here.type:
            message = (
                f"files read as one must have the same types, but column '{field.name}' is {field.type} in "
                f"{first.name} and {here.type} in {other.name}; {remedy}"
            )
            raise SourceError(message, file=str(other), column=field.name)


def _opened(path: Path) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        refuse_damaged(path, "Parquet", error)


def _batches(path: Path, names: Sequence[str], groups: Sequence[int]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    with _opened(path) as file:
        batches = file.iter_batches(
            batch_size=BLOCK_ROWS, row_groups=list(groups), columns=list(names), use_threads=False
        )
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                refuse_damaged(path, "Parquet", error)
            if batch is None:
                return
            yield batch


def refuse_damaged(path: Path, kind: str, error: Exception) -> NoReturn:
    """Raise the error for a file that its reader cannot read."""
    if not path.exists():
        message = f"{path.name} is gone; put it back, or name another file"
    elif not path.stat().st_size:
        message = f"{path.name} is empty; write it again, or name another file"
    else:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        message = (
            f"{path.name} cannot be read as {kind}: {reason}. It is truncated or damaged; write or fetch it "
            "again, or leave it out"
        )
    raise SourceError(message, file=str(path)) from error


def _refuse(path: Path, schema: pa.Schema, position: int) -> NoReturn:
    field = schema.field(position)
    first = 0
    with _opened(path) as file:
        for batch in file.iter_batches(batch_size=BLOCK_ROWS, columns=[field.name], use_threads=False):
            if batch.num_columns and (seen := first_value(batch.column(0))):
                row, value = first + seen[0] + 1, seen[1]
                refuse_type(str(field.type), column=field.name, row=row, value=value, file=str(path))
            first += batch.num_rows
    refuse_type(str(field.type), column=field.name, file=str(path))
