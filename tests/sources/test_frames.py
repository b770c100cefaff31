from __future__ import annotations

import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from suffice.errors import ColumnError, DataError, DataNeeded, DataTypeError
from suffice.sources import as_source


class Stream:
    """An object of an unknown library that speaks the Arrow protocol of streams."""

    def __init__(self, data):
        self.data = data

    def __arrow_c_stream__(self, requested_schema=None):
        return self.data.__arrow_c_stream__(requested_schema)


class CapsuleArray:
    """An object of an unknown library that speaks the Arrow protocol of arrays."""

    def __init__(self, data):
        self.data = data

    def __arrow_c_array__(self, requested_schema=None):
        return self.data.__arrow_c_array__(requested_schema)


MAKERS = {
    "pandas": pd.DataFrame,
    "pandas with Arrow types": lambda table: pd.DataFrame(table).convert_dtypes(dtype_backend="pyarrow"),
    "pandas with nullable types": lambda table: pd.DataFrame(table).convert_dtypes(),
    "polars": pl.DataFrame,
    "polars lazily": lambda table: pl.DataFrame(table).lazy(),
    "Arrow table": pa.table,
    "Arrow batch": pa.record_batch,
    "Arrow table of many chunks": lambda table: pa.Table.from_batches(pa.table(table).to_batches(9_999)),
    "Arrow reader": lambda table: pa.table(table).to_reader(max_chunksize=10_001),
    "Arrow stream": lambda table: Stream(pa.table(table)),
    "capsule of an array": lambda table: CapsuleArray(pa.record_batch(table)),
    "dict": dict,
}


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_every_frame_gives_the_same_blocks_as_its_array(maker, table, matrix, rows):
    source = as_source(maker(table))
    assert source.columns == ("a", "b", "c")
    np.testing.assert_array_equal(rows(source), matrix)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_columns_weights_and_labels_by_name(maker, blocks):
    data = {"a": [1.5, 2.5], "s": ["x", "y"], "w": [2, 0], "l": [0, -1], "b": [True, False]}
    source = as_source(maker(data), weights="w", labels="l")
    assert source.columns == ("a", "b")
    assert source.skipped == ("s",)
    (block,) = blocks(source)
    assert block.rows.tolist() == [[1.5, 1], [2.5, 0]]
    assert block.weights.tolist() == [2, 0]
    assert block.labels.tolist() == [0, -1]
    (block,) = blocks(as_source(maker(data), columns=["b", 0]))
    assert block.rows.tolist() == [[1, 1.5], [0, 2.5]]
    with pytest.raises(DataTypeError, match=r"column 's' must hold real numbers.*convert it to numbers first"):
        as_source(maker(data), columns="s")
    with pytest.raises(ColumnError, match="no column 'S': did you mean 's'"):
        as_source(maker(data), columns="S")


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([1, None, 3], name="h"),
        pd.Series([1, None, 3], name="h", dtype="Int64"),
        pd.Series([1, None, 3], name="h", dtype="float32"),
        pd.Series([1, None, 3], name="h", dtype="Float32"),
        pd.Series([1, None, 3], name="h", dtype="int64[pyarrow]"),
        pd.Series([1, None, Decimal(3)], name="h", dtype=object),
        pd.Series([1, pd.NA, 3], name="h", dtype=object),
        pd.Series(pd.arrays.SparseArray([1, np.nan, 3]), name="h"),
        pl.Series("h", [1, None, 3]),
        pl.Series("h", [1.0, None, 3.0], pl.Float32),
        pl.Series("h", [Decimal(1), None, Decimal(3)]),
        pl.Series("h", [1, None, 3], pl.UInt8),
    ],
    ids=lambda series: f"{type(series).__module__} {series.dtype}",
)
def test_every_series_with_a_gap(series, rows):
    source = as_source(series)
    assert source.columns == ("h",)
    np.testing.assert_array_equal(rows(source)[:, 0], [1, np.nan, 3])


@pytest.mark.parametrize("data", [pa.array([1, None, 3]), pa.chunked_array([[1], [None, 3]])], ids=["array", "chunks"])
@pytest.mark.parametrize("wrap", [lambda data: data, Stream, CapsuleArray])
def test_arrow_arrays_are_one_column(data, wrap, rows):
    if isinstance(data, pa.ChunkedArray) and wrap is CapsuleArray:
        return
    if isinstance(data, pa.Array) and wrap is Stream:
        return
    np.testing.assert_array_equal(rows(as_source(wrap(data)))[:, 0], [1, np.nan, 3])


def test_nullable_booleans_and_categories():
    data = pd.DataFrame({"b": pd.array([True, None], "boolean"), "c": pd.Categorical([1, 2]), "n": [None, None]})
    source = as_source(data)
    assert source.columns == ("b",)
    assert source.skipped == ("c", "n")


def test_a_column_that_is_all_missing_is_read_when_named(rows):
    for data in (pd.DataFrame({"n": [None, None]}), pa.table({"n": pa.nulls(2)}), {"n": [None, None]}):
        assert np.isnan(rows(as_source(data, columns="n"))).all()


def test_names_that_are_no_strings():
    assert as_source(pd.DataFrame([[1, 2], [3, 4]])).columns == ("0", "1")
    assert as_source(pd.DataFrame([[1, 2], [3, 4]], columns=[7, 5]), columns=5).columns == ("5",)
    multi = pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])
    source = as_source(pd.DataFrame([[1, 2]], columns=multi), columns=("a", "c"))
    assert source.columns == ("('a', 'c')",)
    assert as_source(pd.Series([1, 2])).columns == ("x",)


def test_duplicate_names_are_refused():
    for data in (pd.DataFrame([[1, 2]], columns=["a", "a"]), pa.table([[1], [2]], names=["a", "a"])):
        with pytest.raises(DataError, match="the column name 'a' stands 2 times; rename"):
            as_source(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pd.DataFrame({"s": [None, "x"]}), "row 2 is 'x'"),
        (pd.DataFrame({"s": [1, "x"]}, dtype=object), "row 2 is 'x'"),
        (pd.DataFrame({"s": pd.to_datetime(["2020-01-01"])}), "datetime64.*days since"),
        (pd.DataFrame({"s": pd.Categorical(["u", "v"])}), "category.*row 1 is 'u'"),
        (pd.DataFrame({"s": [1j]}), "complex.*real part"),
        (pl.DataFrame({"s": [None, "x"]}), "String: row 2 is 'x'"),
        (pa.table({"s": [None, "x"]}), "string: row 2 is 'x'"),
        (pa.table({"s": pa.array([0], pa.duration("s"))}), "duration.*days since"),
    ],
    ids=range(8),
)
def test_a_column_without_numbers_names_its_first_value(data, words):
    with pytest.raises(DataTypeError, match=f"column 's' must hold real numbers.*{words}"):
        as_source(data, columns="s")
    with pytest.raises(DataTypeError, match=f"no column holds numbers.*{words}"):
        as_source(data)


NUMBERS = [str(number) for number in range(20)]
MARKED = [*NUMBERS[:11], "?", *NUMBERS[12:]]


@pytest.mark.parametrize(
    "maker",
    [
        lambda texts: pd.Series(texts, dtype=object),
        lambda texts: pd.Series(texts, dtype="str"),
        lambda texts: pd.DataFrame({"x": texts}),
        lambda texts: pl.DataFrame({"x": texts}),
        lambda texts: pa.table({"x": texts}),
        lambda texts: {"x": texts},
        np.array,
        list,
        lambda texts: [[text, 1.0] for text in texts],
    ],
    ids=range(9),
)
def test_in_a_column_of_numbers_as_texts_the_text_that_is_none_is_named(maker):
    with pytest.raises(DataTypeError, match=r"row 12 is '\?'; others of its texts are numbers: correct this one"):
        as_source(maker(MARKED)).pieces()
    with pytest.raises(DataTypeError, match=r"row 1 is '0'; its texts are numbers: convert .* pandas\.to_numeric"):
        as_source(maker(NUMBERS)).pieces()


def test_texts_of_which_few_are_numbers_are_named_from_the_first():
    with pytest.raises(DataTypeError, match="row 1 is '1'; convert it to numbers first"):
        as_source({"x": ["1", "a", "b"]})


@pytest.mark.parametrize("maker", [pd.DataFrame, pl.DataFrame, pa.table, dict, lambda data: Stream(pa.table(data))])
def test_integers_beyond_two_to_the_53_name_the_row(maker, blocks):
    values = np.ones(70_000, np.int64)
    values[69_000] = 2**53 + 1
    with pytest.raises(DataError, match="row 69001 of column 'k' is 9007199254740993") as caught:
        blocks(as_source(maker({"k": values})))
    assert caught.value.row == 69_001


@pytest.mark.parametrize("maker", [pd.DataFrame, pl.DataFrame, pa.table, dict])
def test_pickled_pieces_carry_their_rows_only(maker, table, matrix):
    pieces = as_source(maker(table)).pieces()
    assert len(pieces) > 1
    for piece in pieces:
        packed = pickle.dumps(piece)
        assert len(packed) < 0.6 * matrix.nbytes
        block = next(pickle.loads(packed).blocks())
        np.testing.assert_array_equal(block.rows, matrix[block.start : block.start + len(block.rows)])


def test_a_reader_can_be_read_once(table):
    source = as_source(pa.table(table).to_reader())
    assert source.one_shot
    assert source.sequential
    list(source.pieces()[0].blocks())
    with pytest.raises(DataNeeded, match="can be read once only, and it was read already; pass a list of blocks"):
        list(source.pieces()[0].blocks())


def test_a_stream_can_be_read_again(table, rows):
    source = as_source(Stream(pa.table(table)))
    assert not source.one_shot
    np.testing.assert_array_equal(rows(source), rows(source))
    assert source.fingerprint() == source.fingerprint()


@pytest.mark.parametrize("maker", [pd.DataFrame, pl.DataFrame, pa.table, dict])
def test_the_fingerprint_is_of_the_content(maker):
    data = {"a": [1.0, 2.0, 3.0], "b": [4, 5, 6]}
    key = as_source(maker(data)).fingerprint()
    assert as_source(maker(data)).fingerprint() == key
    assert as_source(maker(data), columns="a").fingerprint() != key
    assert as_source(maker(data), weights=[1, 2, 3]).fingerprint() != key
    assert as_source(maker(data | {"b": [4, 5, 7]})).fingerprint() != key


@pytest.mark.parametrize(
    "data", [pd.DataFrame({"a": []}), pl.DataFrame({"a": []}), pa.table({"a": pa.array([], "f8")})]
)
def test_frames_without_rows_are_refused(data):
    with pytest.raises((DataError, DataTypeError), match=r"has no rows; pass|no column holds numbers"):
        as_source(data)


def test_descriptions_say_what_it_is():
    assert as_source(pd.DataFrame({"a": [1, 2]})).description == "a pandas DataFrame of 2 x 1"
    assert as_source(pl.DataFrame({"a": [1, 2]})).description == "a polars DataFrame of 2 x 1"
    assert as_source(pa.table({"a": [1, 2]})).description == "an Arrow Table of 2 x 1"
    assert as_source({"a": [1, 2]}).description == "a dict of 1 column"
