from __future__ import annotations

import pickle
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice.errors import ColumnError, DataError, DataTypeError, SourceError
from suffice.sources import BLOCK_ROWS, as_source
from suffice.sources.segments import SegmentSource


@pytest.fixture(scope="module")
def long_table():
    rng = np.random.default_rng(5)
    n = 2_300_021
    holes = rng.random(n) < 0.01
    return pa.table(
        {"a": rng.normal(size=n), "k": rng.integers(0, 9, n), "h": pa.array(rng.normal(size=n), mask=holes)}
    )


@pytest.mark.parametrize("group", [1_048_576, 100_000, 30_011, 5_000_000])
def test_blocks_are_the_same_bits_whatever_the_row_groups(group, long_table, tmp_path, blocks):
    path = tmp_path / "data.parquet"
    pq.write_table(long_table, path, row_group_size=group)
    source = as_source(path)
    assert source.columns == ("a", "k", "h")
    assert source.n_rows == long_table.num_rows
    found = blocks(source)
    assert found[-1].start + len(found[-1].rows) == long_table.num_rows
    for at, name in enumerate(source.columns):
        expected = long_table[name].to_numpy().astype(float)
        np.testing.assert_array_equal(np.concatenate([block.rows[:, at] for block in found]), expected)
    if group <= 1_048_576:
        assert len(source.pieces()) >= 2


def test_several_files_are_the_same_bits_as_one(long_table, tmp_path, blocks):
    cuts = [0, 10, 700_001, 700_001, 1_500_000, long_table.num_rows]
    for number, (first, last) in enumerate(pairwise(cuts)):
        part = long_table.slice(first, last - first)
        pq.write_table(part, tmp_path / f"part{number}.parquet", row_group_size=90_001)
    pq.write_table(long_table, tmp_path / "whole.parquet")
    found = blocks(as_source(tmp_path / "part*.parquet"))
    for one, other in zip(found, blocks(as_source(tmp_path / "whole.parquet")), strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)


def test_pieces_are_pickled_as_paths_and_read_alone(long_table, tmp_path):
    path = tmp_path / "data.parquet"
    pq.write_table(long_table, path, row_group_size=100_000)
    pieces = as_source(path).pieces()
    for piece in reversed(pieces):
        packed = pickle.dumps(piece)
        assert len(packed) < 2_000
        first = next(pickle.loads(packed).blocks())
        assert first.start % BLOCK_ROWS == 0
        np.testing.assert_array_equal(
            first.rows[:, 0], long_table["a"].to_numpy()[first.start : first.start + BLOCK_ROWS]
        )


def test_one_column_of_float64_is_not_copied(tmp_path, blocks):
    path = tmp_path / "data.parquet"
    pq.write_table(pa.table({"a": np.arange(100_000.0)}), path)
    assert not any(block.rows.flags.owndata for block in blocks(as_source(path)))


def test_numeric_types_nulls_and_dotted_names(tmp_path, rows):
    table = pa.table(
        {
            "Sepal.Length": pa.array([1, None, 3], pa.int32()),
            "flag": [True, None, False],
            "price": [Decimal("1.25"), None, Decimal("2.50")],
            "half": pa.array(np.array([1, 2, 3], np.float16)),
            "none": pa.nulls(3),
            "name": ["x", "y", "z"],
            "nested": [{"a": 1}] * 3,
        }
    )
    path = tmp_path / "data.parquet"
    pq.write_table(table, path)
    source = as_source(path)
    assert source.columns == ("Sepal.Length", "flag", "price", "half")
    assert source.skipped == ("none", "name", "nested")
    np.testing.assert_array_equal(rows(source), [[1, 1, 1.25, 1], [np.nan, np.nan, np.nan, 2], [3, 0, 2.5, 3]])
    assert np.isnan(rows(as_source(path, columns=["none"]))).all()


def test_the_index_of_a_data_frame_is_no_data(tmp_path):
    path = tmp_path / "data.parquet"
    pd.DataFrame({"a": [1.0, 2.0]}, index=[5, 9]).to_parquet(path)
    source = as_source(path)
    assert source.columns == ("a",)
    assert source.skipped == ("__index_level_0__",)
    assert as_source(path, columns="__index_level_0__").columns == ("__index_level_0__",)


def test_weights_and_labels_from_columns_and_beside(long_table, tmp_path, blocks):
    path = tmp_path / "data.parquet"
    pq.write_table(long_table, path, row_group_size=100_000)
    source = as_source(path, columns="a", weights="k", labels="k")
    beside = as_source(path, columns="a", weights=long_table["k"], labels=long_table["k"])
    for one, other in zip(blocks(source), blocks(beside), strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.labels, other.labels)
        np.testing.assert_array_equal(one.weights, one.labels)
    with pytest.raises(DataError, match="2 weights for 2300021 rows"):
        as_source(path, weights=[1, 2])


def write_table(folder, file="data.parquet", /, **columns):
    pq.write_table(pa.table(columns), folder / file, row_group_size=70_000)
    return folder / file


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"columns": "name"}, DataTypeError, "column 'name' in data.parquet.*type is string: row 2 is 'y'; convert"),
        ({"columns": "when"}, DataTypeError, "timestamp.*days since"),
        ({"columns": "nome"}, ColumnError, "no column 'nome' in data.parquet: did you mean 'name'"),
        ({"columns": "big"}, DataError, "row 100001 of column 'big' in data.parquet is 9007199254740993"),
        ({"weights": "a", "columns": "b"}, DataError, "weight in row 99999 of column 'a' in data.parquet is -1"),
        ({"labels": "b", "columns": "a"}, DataError, "label in row 100001 of column 'b' in data.parquet is 0.5"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(options, error, words, tmp_path, blocks):
    n = 100_002
    a, b, big = np.ones(n), np.ones(n), np.ones(n, np.int64)
    a[99_998], b[100_000], big[100_000] = -1, 0.5, 2**53 + 1
    names = pa.array([None, "y"] + ["z"] * (n - 2))
    when = pa.array([0] * n, pa.timestamp("s"))
    path = write_table(tmp_path, a=a, b=b, big=big, name=names, when=when)
    with pytest.raises(error, match=words) as caught:
        blocks(as_source(path, **options))
    assert caught.value.file == str(path)


def test_no_column_of_numbers(tmp_path):
    with pytest.raises(DataTypeError, match=r"no column in data.parquet holds numbers.*row 1 is 'x'"):
        as_source(write_table(tmp_path, s=["x", "y"]))


@pytest.mark.parametrize("damage", ["tail", "page", "all", "text"])
def test_a_damaged_file_is_named(damage, tmp_path, blocks):
    path = write_table(tmp_path, a=np.random.default_rng(0).normal(size=200_000))
    whole = path.read_bytes()
    page = whole[:4] + b"\xff" * 60 + whole[64:]
    path.write_bytes({"tail": whole[:-100], "page": page, "all": b"", "text": b"a,b\n1,2\n"}[damage])
    with pytest.raises(SourceError, match=r"data.parquet (cannot be read as Parquet|is empty).*(fetch|write) it again"):
        blocks(as_source(path))


def test_empty_files_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"data.parquet has no rows; pass at least one observation"):
        as_source(write_table(tmp_path, a=pa.array([], pa.float64())))


def test_files_that_differ_are_refused_before_reading(tmp_path):
    first = write_table(tmp_path, "p.parquet", a=[1.0])
    with pytest.raises(SourceError, match=r"p.parquet has the columns \['a'\] and q.parquet has \['b'\]"):
        as_source([first, write_table(tmp_path, "q.parquet", b=[1.0])])
    with pytest.raises(SourceError, match=r"'a' is double in p.parquet and int64 in r.parquet; rewrite"):
        as_source([first, write_table(tmp_path, "r.parquet", a=[1])])


def test_a_file_that_goes_away_is_named(tmp_path):
    path = write_table(tmp_path, a=[1.0])
    source = as_source(path)
    assert isinstance(source, SegmentSource)
    path.unlink()
    with pytest.raises(SourceError, match=r"data.parquet cannot be read"):
        source.fingerprint()
    with pytest.raises(SourceError, match=r"data.parquet is gone; put it back"):
        list(source.pieces()[0].blocks())
