from __future__ import annotations

import array
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from suffice.errors import DataError, DataTypeError, ParameterError, ShapeError
from suffice.sources import as_source, is_source


class ArrayLike:
    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0, 3.0])


THREE = [
    [1, 2, 3],
    (1.0, 2.0, 3.0),
    range(1, 4),
    [Fraction(1), Decimal(2), 3],
    [[1], [2], [3]],
    np.array([1, 2, 3]),
    array.array("d", [1, 2, 3]),
    memoryview(np.array([1.0, 2.0, 3.0])),
    ArrayLike(),
    pd.Series([1, 2, 3]),
    {"x": [1, 2, 3]},
    {"x": pd.Series([1, 2, 3])},
]


@pytest.mark.parametrize("data", THREE, ids=lambda data: type(data).__name__)
def test_every_spelling_of_three_numbers_gives_the_same_rows(data, rows):
    source = as_source(data)
    assert source.columns == ("x",)
    assert source.n_rows == 3
    assert rows(source).tolist() == [[1.0], [2.0], [3.0]]
    assert is_source(source)


def test_nested_lists_are_rows_and_columns(rows):
    source = as_source([[1, 2, 3], [4, 5, None]])
    assert source.columns == ("x0", "x1", "x2")
    np.testing.assert_array_equal(rows(source), [[1, 2, 3], [4, 5, np.nan]])
    assert source.description == "a list of 2 rows"


def test_none_nan_and_na_are_missing_and_infinities_stay(rows):
    values = rows(as_source([None, float("nan"), pd.NA, float("inf"), -float("inf")]))[:, 0]
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.nan, np.inf, -np.inf])


def test_a_list_of_equal_vectors_is_rows(rows):
    assert rows(as_source([np.array([1, 2]), np.array([3, 4])])).tolist() == [[1, 2], [3, 4]]


def test_a_source_is_returned_as_it_is():
    source = as_source([1, 2, 3])
    assert as_source(source) is source


def test_a_source_takes_no_second_choice_of_columns():
    with pytest.raises(ParameterError, match="chosen when a source is made"):
        as_source(as_source([1, 2]), columns=0)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ([], DataError, ["no rows", "at least one observation"]),
        (np.ones((0, 2)), DataError, ["no rows", "(0, 2)"]),
        (np.ones((3, 0)), ShapeError, ["(3, 0)", "no column"]),
        (3.0, ShapeError, ["shape ()", "[x]"]),
        (np.float64(3), ShapeError, ["shape ()", "[x]"]),
        (np.ones((2, 3, 4)), ShapeError, ["(2, 3, 4)", "data.reshape(2, -1)"]),
        ([[1, 2], [3]], ShapeError, ["row 1 has 2", "row 2 has 1", "NaN"]),
        ([1, 2, "a"], DataTypeError, ["row 3 is 'a'", "column 'x'", "convert it to numbers"]),
        ([[1, 2], [3, "b"]], DataTypeError, ["row 2 is 'b'", "column 'x1'"]),
        (["1.5", "2.5"], DataTypeError, ["row 1 is '1.5'", "strings"]),
        (np.array([1, None, "q"], dtype=object), DataTypeError, ["row 3 is 'q'"]),
        (np.array([[1, 2], [3, {}]], dtype=object), DataTypeError, ["row 2 is {}", "'x1'", "dict"]),
        ([1 + 2j], DataTypeError, ["complex", "real part"]),
        (np.array(["2020-01-01"], "M8[D]"), DataTypeError, ["datetime64", "days since"]),
        ([2**60], DataError, ["row 1", "1152921504606846976", "2**53"]),
        ([1, 2**70], DataError, ["row 2", "2**53"]),
        ({1, 2}, DataTypeError, ["a set has no order", "pass a list"]),
        (None, DataTypeError, ["NoneType", "pass an array"]),
        (b"12", DataTypeError, ["bytes"]),
        (object(), DataTypeError, ["object", "cannot be read"]),
        ([{"a": 1}], DataTypeError, ["row 1 is a dict", "dict of columns"]),
        (scipy.sparse.csr_matrix(np.eye(3)), DataTypeError, ["sparse", "toarray()"]),
        ((value for value in [1, 2]), DataTypeError, ["item 1 is of type int", "list(data)"]),
        ({"a": 1}, ShapeError, ["column 'a'", "0 dimensions"]),
        ({"a": [1, 2], "b": [1]}, ShapeError, ["'a' has 2 rows", "'b' has 1"]),
        ({}, ShapeError, ["no columns"]),
    ],
    ids=lambda value: re.sub(r" at 0x[0-9a-f]+", "", str(value)),
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_place_and_the_remedy(data, error, words):
    with pytest.raises(error) as caught:
        as_source(data).pieces()[0].blocks().__next__()
    for word in words:
        assert word in str(caught.value)


def test_errors_carry_row_column_and_value():
    with pytest.raises(DataTypeError) as caught:
        as_source([[1, 2], [3, "b"]])
    assert (caught.value.row, caught.value.column, caught.value.value) == (2, "x1", "b")


def test_arrays_and_lists_import_no_slow_package():
    code = (
        "import sys, numpy, suffice.sources as s; s.as_source(numpy.ones(3)).fingerprint(); s.as_source([1.0]);"
        "s.as_source({'a': [1]}); print([m for m in ('pyarrow', 'narwhals', 'pandas', 'scipy', 'numba') if m in "
        "sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_property_of_foreign_data_is_computed_to_see_whether_it_is_a_source():
    class Lazy:
        def __getattr__(self, name):
            raise AssertionError(f"asked for {name}")

        columns = sequential = one_shot = property(lambda self: self.__getattr__("columns"))

    assert not is_source(Lazy())
