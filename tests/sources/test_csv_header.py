"""The first record is a header, or it is data; and if it is data, the source says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import suffice as sf
from suffice.sources import as_source

HEADERS = {
    "years above numbers, words above words": ("city,1990,1991\nx,1,2\ny,3,4\n", ("1990", "1991")),
    "years going back": ("city,2020,2015,2000\nx,1,2,3\n", ("2020", "2015", "2000")),
    "years that a row repeats": ("city,1990,1991\nx,1800,1900\ny,3,4\nz,5,6\n", ("1990", "1991")),
    "numbers of replicates": ("sample,1,2,3,4\nx,5,1,2,3\ny,3,4,4,4\n", ("1", "2", "3", "4")),
    "a word above numbers": ("height,1990\n1.5,2\n2.5,3\n", ("height", "1990")),
    "a word above numbers and gaps": ("s,height,0.5\nx,,1\ny,2,NA\n", ("height", "0.5")),
    "one row": ("city,1990,1991\nx,1,2\n", ("1990", "1991")),
    "a frame's index and columns": (",0,1\n0,0.5,0.25\n1,0.5,0.5\n", ("0", "1")),
    "a frame's index and one column": (",0\n0,0\n1,0\n2,1\n", ("0",)),
    "a blank above words": (",1990,1991\nx,1,2\ny,3,4\n", ("1990", "1991")),
    "R's header, short of the row names": ("1990\t1991\nx\t1\t2\ny\t3\t4\n", ("1990", "1991")),
    "a delimiter at each end": ("city,1990,1991,\nx,1,2,\ny,3,4,\n", ("1990", "1991")),
    "a decimal comma": ("stadt;1990;1991\nx;1,5;2\ny;3;4,5\n", ("1990", "1991")),
}
HEADERLESS = {
    "numbers": ("1990,1991\n1,2\n3,4\n", 3),
    "numbers that count": ("0,1,2\n0.5,0.25,0.75\n", 2),
    "a gap first": (",2,3\n4,5,6\n7,8,9\n", 3),
    "a mark first": ("?,1,2\n3,4,5\n", 2),
    "words again": ("M,1990,1991\nF,1,2\nM,3,4\n", 3),
    "flowers": ("5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.5,virginica\n", 3),
    "words once": ("Alice,23,180\nBob,25,170\n", 2),
    "one number like a year": ("apple,1800\npear,3200\n", 2),
    "years below years": ("x,1990,1991\ny,1991,1992\nz,1993,1994\n", 3),
    "counts below counts": ("x,1,2,3,4\ny,1,2,3,4\n", 2),
    "a blank above words and measurements": (",5,6\nx,1,2\n", 2),
    "dates": ("2020-01-01,1990,1991\n2020-01-02,1,2\n", 2),
    "a name with a number": ("x,1,2\ny,3,4\n", 2),
}


@pytest.mark.parametrize(("text", "columns"), HEADERS.values(), ids=HEADERS.keys())
def test_a_header_is_recognised(text, columns, write, rows):
    source = as_source(write(text))
    assert source.columns == columns
    assert source.description == "data.csv"
    assert len(rows(source)) == len(text.strip().splitlines()) - 1


@pytest.mark.parametrize(("text", "n"), HEADERLESS.values(), ids=HEADERLESS.keys())
def test_a_first_row_of_data_is_data_and_the_source_says_so(text, n, write, rows):
    source = as_source(write(text))
    width = text.split("\n")[0].count(",") + 1
    more = ", …" if width > 2 else ""
    assert source.description == f"data.csv (no header line: columns are named x0, x1{more})"
    assert len(rows(source)) == n


def test_one_column_without_a_header_is_called_x(write, rows):
    source = as_source(write("5\n6\n"))
    assert source.description == "data.csv (no header line: the column is named x)"
    assert rows(source).tolist() == [[5], [6]]


def test_several_files_without_a_header_say_so_once(write):
    first = write("1,2\n", "p1.csv")
    second = write("3,4\n", "p2.csv")
    expected = "2 files, p1.csv to p2.csv (no header line: columns are named x0, x1)"
    assert as_source([first, second]).description == expected


@pytest.mark.parametrize("index", [False, True])
def test_what_pandas_writes_of_named_columns_is_read_back(index, tmp_path, rows):
    frame = pd.DataFrame({"city": ["p", "q", "r"], "1990": [1.5, 2.5, 3.5], "2000": [7.0, 8.0, 9.0]})
    frame.to_csv(tmp_path / "d.csv", index=index)
    source = as_source(tmp_path / "d.csv")
    assert source.columns == ("1990", "2000")
    np.testing.assert_array_equal(rows(source), frame[["1990", "2000"]])


def test_a_nameless_frame_that_pandas_writes_is_read_back(tmp_path, rows):
    values = np.random.default_rng(0).normal(size=(50, 3))
    pd.DataFrame(values).to_csv(tmp_path / "d.csv")
    source = as_source(tmp_path / "d.csv")
    assert (source.columns, source.skipped) == (("0", "1", "2"), ("(row names)",))
    np.testing.assert_array_equal(rows(source), values)


def test_what_is_printed_of_data_without_a_header_says_so(write):
    path = write("Alice,23,180\nBob,25,170\nCarol,31,165\n")
    words = "data.csv (no header line: columns are named x0, x1, …)"
    assert words in " ".join(str(sf.describe(path)).split())
    assert words in " ".join(str(sf.fit(sf.Normal, path, columns="x1")).split())
