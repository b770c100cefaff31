from __future__ import annotations

import gzip
import pickle

import numpy as np
import pandas as pd
import pytest

from suffice.errors import ColumnError, DataError, DataTypeError, SourceError, SufficeError
from suffice.sources import as_source

NAN = np.nan


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("a,b\n1,2\n3,4\n", ("a", "b"), [[1, 2], [3, 4]]),
        ("1,2\n3,4\n", ("x0", "x1"), [[1, 2], [3, 4]]),
        ("5\n6\n\n7", ("x",), [[5], [6], [7]]),
        ("a;b\n1,5;2\n2,5;3\n", ("a", "b"), [[1.5, 2], [2.5, 3]]),
        ("a\tb\n1\t2\n", ("a", "b"), [[1, 2]]),
        ("a|b\n1|2\n", ("a", "b"), [[1, 2]]),
        ("\ufeffa,b\n1,2\n", ("a", "b"), [[1, 2]]),
        ('"a, x","b"\n"1","2"\n', ("a, x", "b"), [[1, 2]]),
        ("a,b\nNA,2\n3,\nNaN,null\n NA,N/A \n", ("a", "b"), [[NAN, 2], [3, NAN], [NAN, NAN], [NAN, NAN]]),
        ("a,b\r\n1,2\r\n", ("a", "b"), [[1, 2]]),
        (" a , b \n 1 , 2 \n", ("a", "b"), [[1, 2]]),
        ("a,b\n1.5e-3,+.5\ninf,-Inf", ("a", "b"), [[0.0015, 0.5], [np.inf, -np.inf]]),
        ("a\tb\n1,5\t2,5\n", ("a", "b"), [[1.5, 2.5]]),
        ('"a\nb",c\n1,2\n', ("a\nb", "c"), [[1, 2]]),
        ("s,a\nx;y,1\nz;w,2\n", ("a",), [[1], [2]]),
        ("s,a\n\"p\nq\",1\nr,2\n", ("a",), [[1], [2]]),
        ("a\n1\n1e300\n", ("a",), [[1], [1e300]]),
    ],
    ids=repr,
)  # fmt: skip
def test_dialects(text, columns, expected, write, rows):
    source = as_source(write(text))
    assert source.columns == columns
    np.testing.assert_array_equal(rows(source), expected)
    assert source.sequential
    assert not source.one_shot
    assert source.n_rows is None
    assert source.description.startswith("data.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8"])
def test_encodings(encoding, write, rows):
    source = as_source(write("größe,b\n1,2\n3,4\n".encode(encoding)))
    assert source.columns == ("größe", "b")
    assert rows(source).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("compress", ["gzip", "bz2", "lzma"])
def test_compressed_files_read_as_plain_ones(compress, write, rows):
    module = __import__(compress)
    suffix = {"gzip": "gz", "bz2": "bz2", "lzma": "xz"}[compress]
    source = as_source(write(module.compress(b"a,b\n1,2\n3,4\n"), f"data.csv.{suffix}"))
    assert rows(source).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "text",
    ['"","a","b"\n"1",2,3\n"2",4,5\n', "a\tb\n1\t2\t3\n2\t4\t5\n",
     ",a,b\nfirst,2,3\nsecond,4,5\n", ",a,b\n0,2,3\n1,4,5\n"],
)  # fmt: skip
def test_row_names_are_no_data(text, write, rows):
    source = as_source(write(text))
    assert source.skipped == ("(row names)",)
    assert rows(source).tolist() == [[2, 3], [4, 5]]


def test_an_unnamed_column_of_measurements_is_data(write):
    assert as_source(write(",a\n0.5,1\n2,2\n")).columns == ("x0", "a")


def test_columns_of_text_are_skipped_and_named(write, rows):
    source = as_source(write("sex,height,born,ok\nM,177,2020-01-01,TRUE\nF,161,2021-02-03,FALSE\n"))
    assert source.columns == ("height",)
    assert source.skipped == ("sex", "born", "ok")
    assert rows(source).tolist() == [[177], [161]]


def test_many_rows_are_cut_into_blocks(table, matrix, tmp_path, rows):
    path = tmp_path / "many.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    source = as_source(path)
    np.testing.assert_array_equal(rows(source)[:, :2], matrix[:, :2])
    np.testing.assert_array_equal(rows(source)[:, 2].astype(np.float32), table["c"])
    again = pickle.loads(pickle.dumps(source.pieces()[0]))
    assert sum(len(block.rows) for block in again.blocks()) == len(matrix)


def test_integers_first_and_floats_late(write, rows):
    values = rows(as_source(write("a\n" + "1\n" * 600_000 + "2.5\n")))
    assert values[-1] == 2.5
    assert len(values) == 600_001


def test_a_column_that_starts_empty_is_read_on(write, rows):
    head = "a,b\n" + "1,\n" * 600_000
    source = as_source(write(head + "2,2.5\n"))
    assert source.columns == ("a", "b")
    assert rows(source)[-1].tolist() == [2, 2.5]
    assert as_source(write(head + "2,text\n")).skipped == ("b",)
    assert as_source(write("a,b\n1,\n2,\n")).skipped == ("b",)


@pytest.mark.parametrize(("before", "row"), [(30, 31), (300_000, 300_001)])
def test_text_in_a_column_of_numbers_names_row_and_column(before, row, write, blocks):
    path = write("a,b\n" + "1,2\n" * before + "3,lost\n")
    with pytest.raises(DataTypeError, match=rf"row {row} of column 'b' in data.csv is 'lost', which is no number; "
                       "correct it, leave it empty if it is missing, or choose other columns") as caught:  # fmt: skip
        blocks(as_source(path))
    assert (caught.value.row, caught.value.column, caught.value.file) == (row, "b", str(path))
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    ("text", "row", "line", "got"),
    [
        ("a,b\n1,2\n3\n", 2, 3, 1),
        ("a,b\n1,2\n\n3,4,5\n", 2, 4, 3),
        ("1,2\n3\n", 2, 2, 1),
        ('s,c\n"p\nq",2\n"r",3,4\n', 2, 4, 3),
        ("a,b\n" + "1,2\n" * 400_000 + "3\n", 400_001, 400_002, 1),
    ],
    ids=range(5),
)
def test_a_ragged_row_names_row_and_line(text, row, line, got, write, blocks):
    with pytest.raises(
        DataError, match=rf"row {row} of data.csv \(line {line}\) has {got} values? where 2 are"
    ) as caught:
        blocks(as_source(write(text)))
    assert (caught.value.row, caught.value.line) == (row, line)
    assert "check the delimiter, taken to be ','" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "options", "error", "words"),
    [
        ("", {}, SourceError, "data.csv is empty"),
        ("\n\n", {}, SourceError, "data.csv is empty"),
        ("a,b\n", {}, DataError, "data.csv has a header and no rows; add rows"),
        ("s\nx\ny\n", {}, DataTypeError, "no column in data.csv holds numbers.*row 1 is 'x'; convert it to numbers"),
        ("1 2\n3 4\n", {}, DataTypeError, "no column in data.csv holds numbers"),
        ("s,b\nx,1\n", {"columns": "s"}, DataTypeError, "column 's' in data.csv must hold real numbers.*row 1 is 'x'"),
        ("a,b\n1,\n", {"columns": "b"}, DataTypeError, "column 'b' in data.csv has no values"),
        ("height,b\n1,2\n", {"columns": "hieght"}, ColumnError, "no column 'hieght' in data.csv: did you mean 'hei"),
        ("a,b\n1,2\n", {"columns": "zz"}, ColumnError, "no column 'zz' in data.csv; there is: a, b"),
        ("a,a\n1,2\n", {}, DataError, "the column name 'a' stands 2 times in data.csv; rename"),
        ("a,b\n1,2,\n3,4,\n", {}, DataError, "header of data.csv has 2 names, but row 1 has 3 values"),
        ("a,w\n1,2\n3,-1\n", {"weights": "w"}, DataError, "weight in row 2 of column 'w' in data.csv is -1"),
        ("a,w\n1,2\n3,\n", {"weights": "w"}, DataError, "row 2 of column 'w' in data.csv is missing"),
        ("a,w\n1,0\n3,0\n", {"weights": "w"}, DataError, "all weights in data.csv are zero"),
        ("a\n1\n2\n", {"weights": [1]}, DataError, "1 weights for 2 rows, row 2 has none"),
        ("a\n1\n2\n", {"weights": [1, 2, 3]}, DataError, "3 weights for 2 rows"),
        ("a,l\n1,0\n3,1.5\n", {"labels": "l"}, DataError, "label in row 2 of column 'l' in data.csv is 1.5"),
        ("a,l\n1,0\n", {"labels": "l", "columns": "l"}, ColumnError, "'l' cannot be both data and labels"),
        ("id\n12345678901234567\n", {}, DataError, "row 1 of column 'id' in data.csv is 12345678901234567, an integer"),
        ("id,a\n" + "1,2\n" * 400_000 + "9007199254740993,2\n", {}, DataError, "row 400001 of column 'id'"),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_is_wrong_is_named(text, options, error, words, write, blocks):
    with pytest.raises(error, match=words) as caught:
        blocks(as_source(write(text), **options))
    assert "data.csv" not in words or caught.value.file.endswith("data.csv")


def test_weights_and_labels_from_columns(write, blocks):
    source = as_source(write("a,w,l\n1,2,0\n3,0,-1\n"), weights="w", labels="l")
    (block,) = blocks(source)
    assert source.columns == ("a",)
    assert block.weights.tolist() == [2, 0]
    assert block.labels.tolist() == [0, -1]


def test_weights_beside_the_file(write, blocks):
    (block,) = blocks(as_source(write("a\n1\n2\n"), weights=[1, 3], labels=[0, 1]))
    assert block.weights.tolist() == [1, 3]
    assert block.labels.tolist() == [0, 1]


@pytest.mark.parametrize("kept", [100, 0.5])
def test_a_truncated_compressed_file_is_named(kept, write, blocks):
    whole = gzip.compress("\n".join(str(value * 7919 % 1_000_003) for value in range(600_000)).encode())
    path = write(whole[: kept if kept > 1 else int(kept * len(whole))], "data.csv.gz")
    with pytest.raises(SourceError, match=r"data.csv.gz cannot be read.*truncated") as caught:
        blocks(as_source(path))
    assert caught.value.__cause__ is not None


def test_several_files_are_read_as_one(write, rows):
    first, second = write("a,b\n1,2\n", "p1.csv"), write("a,b\n3,4\n", "p2.csv")
    assert rows(as_source(str(first.parent / "p*.csv"))).tolist() == [[1, 2], [3, 4]]
    source = as_source([second, first])
    assert rows(source).tolist() == [[3, 4], [1, 2]]
    assert source.description == "2 files, p2.csv to p1.csv"


def test_files_with_other_columns_are_refused_before_reading(write):
    first, other = write("a,b\n1,2\n", "p.csv"), write("a,c\n1,2\n", "q.csv")
    with pytest.raises(SourceError, match=r"p.csv has \['a', 'b'\] and q.csv has \['a', 'c'\]; rename"):
        as_source([first, other])
    text = write("a,b\n1,x\n", "r.csv")
    with pytest.raises(SourceError, match=r"column 'b' holds numbers in one of p.csv and r.csv"):
        as_source([first, text])
    with pytest.raises(DataTypeError, match=r"column 'b' in r.csv"):
        as_source([first, text], columns="b")


@pytest.mark.parametrize("mark", [".", "?", "-", "--"])
@pytest.mark.parametrize("columns", ["b", None])
def test_a_mark_that_is_no_missing_value_is_named_with_what_counts_as_missing(mark, columns, write, rows):
    path = write(f"b\n1\n{mark}\n2\n")
    with pytest.raises(DataTypeError, match="row 2 is") as caught:
        as_source(path, columns=columns)
    assert f"if {mark!r} marks missing values, leave them empty or write NA" in str(caught.value)
    path = write("b\n" + "1\n" * 30 + f"{mark}\n2\n")
    with pytest.raises(DataTypeError, match="row 31 of column 'b'") as caught:
        rows(as_source(path, columns=columns))
    assert f"if {mark!r} marks missing values, leave them empty or write NA" in str(caught.value)


@pytest.mark.parametrize("text", ["# made by us\na,b\n1,2\n", "# one, two\na,b\n1,2\n", "# one\nx\n1\n2\n"])
def test_a_comment_above_the_header_is_hinted_at(text, write, rows):
    with pytest.raises(SufficeError, match=r"the first line begins with '#'.*if it is a comment, remove it"):
        rows(as_source(write(text)))
