from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from suffice.errors import DataError
from suffice.sources.arrow_conversion import arrow_float64, first_value, is_numeric_type

NUMERIC = [pa.int8(), pa.uint64(), pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.decimal128(9, 2),
           pa.decimal256(40, 2)]  # fmt: skip


@pytest.mark.parametrize("kind", NUMERIC, ids=str)
def test_every_numeric_type_with_a_null_in_a_slice(kind):
    one = Decimal(1) if pa.types.is_decimal(kind) else np.float16(1) if kind == pa.float16() else 1
    values = [bool(one) if kind == pa.bool_() else one, None]
    array = pa.array([*values, *values], kind).slice(1, 3)
    assert is_numeric_type(kind)
    np.testing.assert_array_equal(arrow_float64(array, column="a"), [np.nan, 1, np.nan])


def test_float64_is_viewed():
    array = pa.array(np.arange(5.0))
    assert arrow_float64(array, column="a").__array_interface__["data"][0] == array.buffers()[1].address


def test_large_decimals_and_unsigned_integers():
    with pytest.raises(DataError, match=r"row 12 of column 'k' in f.pq is 18446744073709551615"):
        arrow_float64(pa.array([2**64 - 1], pa.uint64()), column="k", first_row=11, file="f.pq")
    big = pa.array([Decimal(2**70), None], pa.decimal128(30, 2))
    np.testing.assert_array_equal(arrow_float64(big, column="a"), [2.0**70, np.nan])


def test_the_first_value_that_is_not_null():
    assert first_value(pa.array([None, "x"])) == (1, "x")
    assert first_value(pa.nulls(2)) is None
    assert first_value(pa.array([2**62], pa.timestamp("s"))) == (0, 2**62)


def test_no_rows_are_no_values():
    for kind in (pa.float64(), pa.int64(), pa.null()):
        assert arrow_float64(pa.array([], kind), column="a").shape == (0,)
    assert arrow_float64(pa.array([1.0, 2.0]).slice(2), column="a").shape == (0,)
