from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pytest

from suffice.errors import DataError, DataTypeError, SourceError
from suffice.sources import as_source


def write_ipc(path, data, *, stream=False, compression=None, chunk=30_011):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(str(path), data.schema, options=options) as writer:
        writer.write_table(data, max_chunksize=chunk)
    return path


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("chunk", [7_001, 65_536, 10**6])
def test_blocks_are_the_same_whatever_the_record_batches(stream, compression, chunk, table, matrix, tmp_path, rows):
    data = pa.table(table).append_column("s", pa.array(["x"] * len(matrix)))
    source = as_source(write_ipc(tmp_path / "d.arrow", data, stream=stream, compression=compression, chunk=chunk))
    assert source.columns == ("a", "b", "c")
    assert source.skipped == ("s",)
    assert source.sequential == stream
    np.testing.assert_array_equal(rows(source), matrix)
    for piece in source.pieces():
        assert len(pickle.dumps(piece)) < 10_000


def test_feather_files_are_read(table, matrix, tmp_path, rows):
    path = tmp_path / "d.feather"
    feather.write_feather(pa.table(table), path)
    np.testing.assert_array_equal(rows(as_source(path, columns=["c", "a"])), matrix[:, [2, 0]])


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
def test_several_files_with_weights(stream, tmp_path, blocks):
    for number in range(3):
        data = pa.table({"w": [1.0, 2.0], "a": [number, number + 0.5]})
        write_ipc(tmp_path / f"p{number}.arrow", data, stream=stream)
    (block,) = blocks(as_source(tmp_path / "p*.arrow", weights="w"))
    assert block.rows[:, 0].tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    assert block.weights.tolist() == [1, 2] * 3


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
def test_a_column_of_text_names_its_first_value(stream, tmp_path):
    path = write_ipc(tmp_path / "d.arrow", pa.table({"a": [1.0, 2.0], "s": [None, "y"]}), stream=stream)
    with pytest.raises(DataTypeError, match=r"column 's' in d.arrow.*row 2 is 'y'"):
        as_source(path, columns="s")


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("kept", [0, 30, 0.5])
def test_a_truncated_file_is_named(stream, kept, table, tmp_path, blocks):
    path = write_ipc(tmp_path / "d.arrow", pa.table(table), stream=stream)
    whole = path.read_bytes()
    path.write_bytes(whole[: kept if kept != 0.5 else len(whole) // 2])
    with pytest.raises(SourceError, match=r"d.arrow (cannot be read as Arrow IPC|is empty)"):
        blocks(as_source(path))


def test_files_that_differ_or_are_empty(tmp_path, blocks):
    first = write_ipc(tmp_path / "p.arrow", pa.table({"a": [1.0]}))
    other = write_ipc(tmp_path / "q.arrow", pa.table({"a": [1]}))
    with pytest.raises(SourceError, match=r"'a' is double in p.arrow and int64 in q.arrow"):
        as_source([first, other])
    empty = write_ipc(tmp_path / "e.arrow", pa.table({"a": pa.array([], pa.float64())}))
    with pytest.raises(DataError, match=r"e.arrow has no rows"):
        as_source(empty)
    with pytest.raises(DataError, match=r"f.arrow has no rows"):
        blocks(as_source(write_ipc(tmp_path / "f.arrow", pa.table({"a": pa.array([], "f8")}), stream=True)))
