"""Arrow IPC files, by memory map: pieces follow record batches; the stream format is read in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from suffice.sources.arrow_conversion import first_value
from suffice.sources.block import Source
from suffice.sources.conversion import refuse_type
from suffice.sources.fingerprints import files_fingerprint
from suffice.sources.parquet import batch_chunk, check_schemas, refuse_damaged, select_fields
from suffice.sources.recutting import Chunk
from suffice.sources.row_weights import given_beside
from suffice.sources.segments import FileSegment, file_segments_source
from suffice.sources.selection import Selection
from suffice.sources.streams import StreamSource

if TYPE_CHECKING:
    import pyarrow as pa

_FILE_MAGIC = b"ARROW1"


class ArrowSegment(FileSegment):
    """One Arrow IPC file; its rows end where record batches do."""

    __slots__ = ()

    def chunks(self, first: int, last: int) -> Iterator[Chunk]:
        """Yield the rows `first` to `last`."""
        starts = (0, *self.ends[:-1])
        numbers = [at for at, end in enumerate(self.ends) if end > first and starts[at] < last]
        for number, batch in zip(numbers, _batches(self.path, self.selection.all_positions, numbers), strict=True):
            begin, stop = max(first - starts[number], 0), min(last, self.ends[number]) - starts[number]
            yield batch_chunk(batch.slice(begin, stop - begin), self.selection, starts[number] + begin, str(self.path))


def arrow_source(
    paths: Sequence[Path], *, columns: Any = None, weights: Any = None, labels: Any = None, described: str
) -> Source:
    """Return the source of Arrow IPC files, of the file format or of the stream format.

    Raises
    ------
    SourceError
        A file is damaged, or the files have different columns or types.
    """
    schemas = [_schema(path) for path in paths]
    for path, schema in zip(paths, schemas, strict=True):
        check_schemas(paths[0], schemas[0], path, schema)
    refuse = partial(_refuse, paths[0], schemas[0])
    chosen = select_fields(schemas[0], refuse, str(paths[0]), columns=columns, weights=weights, labels=labels)
    if all(_is_file_format(path) for path in paths):
        ends = [_ends(path, chosen) for path in paths]
        segments = [ArrowSegment(path, chosen, max(e, default=0), e) for path, e in zip(paths, ends, strict=True)]
        return file_segments_source(segments, chosen, described, weights, labels)
    chunks = partial(_stream_chunks, tuple(paths), chosen)
    key = partial(files_fingerprint, tuple(paths), chosen.columns)
    given = given_beside(weights, labels)
    return StreamSource(chosen.columns, chunks, key, described, chosen.skipped, *given)


def _is_file_format(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_FILE_MAGIC)) == _FILE_MAGIC


def _schema(path: Path) -> pa.Schema:
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as file:
            reader = pa.ipc.open_file(file) if _is_file_format(path) else pa.ipc.open_stream(file)
            return reader.schema
    except (pa.ArrowException, OSError) as error:
        refuse_damaged(path, "Arrow IPC", error)


def _ends(path: Path, chosen: Selection) -> tuple[int, ...]:
    """Return where record batches end; of compressed files this decompresses one column."""
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(included_fields=[chosen.positions[0]], use_threads=False)
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file, options=options)
        return tuple(accumulate(reader.get_batch(at).num_rows for at in range(reader.num_record_batches)))


def _batches(path: Path, fields: Sequence[int], numbers: Sequence[int]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    try:
        options = pa.ipc.IpcReadOptions(included_fields=sorted(fields), use_threads=False)
        with pa.memory_map(str(path)) as file:
            reader = pa.ipc.open_file(file, options=options)
            for number in numbers:
                yield reader.get_batch(number)
    except (pa.ArrowException, OSError) as error:
        refuse_damaged(path, "Arrow IPC", error)


def _stream_batches(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as file:
            if _is_file_format(path):
                reader = pa.ipc.open_file(file)
                yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
            else:
                yield from pa.ipc.open_stream(file)
    except (pa.ArrowException, OSError) as error:
        refuse_damaged(path, "Arrow IPC", error)


def _stream_chunks(paths: Sequence[Path], chosen: Selection) -> Iterator[Chunk]:
    for path in paths:
        first = 0
        for batch in _stream_batches(path):
            yield batch_chunk(batch, chosen, first, str(path))
            first += batch.num_rows


def _refuse(path: Path, schema: pa.Schema, position: int) -> NoReturn:
    field, first = schema.field(position), 0
    for batch in _stream_batches(path):
        if seen := first_value(batch.column(position)):
            row = first + seen[0] + 1
            refuse_type(str(field.type), column=field.name, row=row, value=seen[1], file=str(path))
        first += batch.num_rows
    refuse_type(str(field.type), column=field.name, file=str(path))
