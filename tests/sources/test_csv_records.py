"""Quotes that do not end and rows that are too long are named by their line."""

from __future__ import annotations

import csv
import gzip
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given

from suffice.errors import DataError
from suffice.sources import as_source
from suffice.sources.csv_records import Record, records_of

MANY = "5,6\n" * 400_000


def recorded(text, delimiter=","):
    return list(records_of(io.StringIO(text, newline=""), delimiter))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", [Record(1, 1, 4), Record(2, 2, 4)]),
        ("\na\r\n\r\nb", [Record(2, 2, 3), Record(4, 4, 1)]),
        ('"p\n\nq",1\nr\n', [Record(1, 3, 9), Record(4, 4, 2)]),
        ('5\'3",1\nx"\n', [Record(1, 1, 7), Record(2, 2, 3)]),
        ('"a ""b"" c",1\n', [Record(1, 1, 14)]),
        ('"a"x"b,"c\nd"\n', [Record(1, 2, 13)]),
        ('1\n2,"\n3', [Record(1, 1, 2), Record(2, 3, 4 + 1, 2)]),
        ('"a\nb","c\nd', [Record(1, 3, 10, 2)]),
        ('"a""', [Record(1, 1, 4, 1)]),
        ("ä\n", [Record(1, 1, 3)]),
    ],
)
def test_records_know_their_lines_their_size_and_the_quote_left_open(text, expected):
    assert recorded(text) == expected


@given(st.text(alphabet='a",;\n', max_size=30))
def test_records_are_those_of_the_csv_module(text):
    reader = csv.reader(io.StringIO(text, newline=""))
    expected = [reader.line_num for record in reader if record]
    assert [record.last for record in recorded(text)] == expected


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,2\n"3,4\n5,6\n', 3),
        ('a,b\n1,2\n3,"4\n5,6\n', 3),
        ('a,b\n1,2\n3,"4', 3),
        ('a,b\n1,x\n3,"y\n4,z\n', 3),
        ('a,"b\n1,2\n3,4\n', 1),
        ('"a,b\n' + MANY, 1),
        ('a,b\n1,2\n3,"4\n' + MANY[:300_000], 3),
        ('a,b\n1,2\n3,"4\n' + MANY, 3),
        ("a,b\n" + MANY + '3,"4\n' + MANY[:300_000], 400_002),
        ("a,b\n" + MANY + '3,"4\n' + MANY + MANY, 400_002),
        ("a,b\n1,t\n" + MANY.replace("6", "u") + '3,"y\n4,z\n', 400_003),
        ('a,b\n"two\nlines",2\n3,"x\n', 4),
        ('a,b\n1,"x ""y""\n', 2),
    ],
    ids=range(13),
)
def test_a_quote_left_open_names_its_line(text, line, packed, write, blocks):
    path = write(gzip.compress(text.encode()), "d.csv.gz") if packed else write(text, "d.csv")
    words = f"^a quoted field of {path.name} that begins in line {line} does not end; close the quote$"
    with pytest.raises(DataError, match=words) as caught:
        blocks(as_source(path))
    assert (caught.value.line, caught.value.file) == (line, str(path))


def test_a_quote_left_open_is_seen_in_utf_16_too(write, blocks):
    with pytest.raises(DataError, match="begins in line 2 does not end"):
        blocks(as_source(write('a,b\n1,"x\n2,y\n'.encode("utf-16"))))


@pytest.mark.parametrize("text", ["b,a\n5'3\",1\n6'1',2\n", 'b,a\n"5"" x",1\n"",2\n', 'b,a\nx""",1\ny,2\n'])
def test_quotes_within_fields_are_no_error(text, write, rows):
    assert rows(as_source(write(text))).tolist() == [[1], [2]]


@pytest.mark.parametrize("row", ["2" * 3_000_000, '"' + "2\n" * 2_000_000 + '"'], ids=["one line", "many lines"])
def test_a_row_too_long_to_decode_names_its_lines(row, write, blocks):
    lines = "line 3" if "\n" not in row else "lines 3 to 2000003"
    size = len(row) + 3
    words = (
        f"the row in {lines} of data.csv is {size:,} bytes long, and rows must be shorter than 1,048,576 bytes; corr"
    )
    with pytest.raises(DataError, match=words) as caught:
        blocks(as_source(write(f"a,b\n1,2\n{row},2\n4,5\n")))
    assert caught.value.line == 3


def test_a_long_field_of_text_is_read_over(write, rows):
    long = "x" * 200_000
    assert rows(as_source(write(f'a,b\n1,"{long}"\n2,y\n'))).tolist() == [[1], [2]]
    with pytest.raises(DataError, match=r"row 3 of data.csv \(line 4\) has 1 value"):
        rows(as_source(write(f'a,b\n1,"{long}"\n2,y\n3\n')))
    with pytest.raises(
        DataError, match=r"line 1 of data.csv has a field of more than 131,072 characters, too long for"
    ):
        rows(as_source(write(f'a,"{long}"\n1,2\n')))


@pytest.mark.parametrize("field", ['"two\nlines, and more"', '"x"'])
def test_a_first_look_that_ends_within_a_record_refuses_nothing(field, write, rows):
    source = as_source(write("s,a\n" + f"{field},1\n" * 200_000))
    assert (source.columns, source.skipped) == (("a",), ("s",))
    assert len(rows(source)) == 200_000
