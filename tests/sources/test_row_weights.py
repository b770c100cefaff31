from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from suffice.errors import DataError, DataTypeError, ShapeError
from suffice.sources import as_source

DATA = [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "weights",
    [
        [1, 0, 2],
        (1.0, 0.0, 2.0),
        np.array([1, 0, 2], np.uint8),
        np.array([[1], [0], [2]]),
        pd.Series([1, 0, 2], dtype="Int64"),
        pl.Series([1, 0, 2]),
        pa.array([1, 0, 2]),
        [True, False, 2],
    ],
    ids=lambda weights: type(weights).__name__,
)
def test_weights_of_any_kind(weights, blocks):
    (block,) = blocks(as_source(DATA, weights=weights))
    assert block.weights.tolist() == [1.0, 0.0, 2.0]
    assert block.weights.dtype == np.float64


@pytest.mark.parametrize(
    ("weights", "error", "words", "row"),
    [
        ([1, 2], DataError, "2 weights for 3 rows, row 3 has none", 3),
        ([1, 2, 3, 4], DataError, "4 weights for 3 rows, number 4 belongs to no row", 4),
        ([1, -2, 3], DataError, "row 2 is -2; give weight 0", 2),
        ([1, 2, np.nan], DataError, r"row 3 is missing \(NaN\)", 3),
        ([None, 2, 1], DataError, r"row 1 is missing \(NaN\)", 1),
        ([np.inf, 2, 1], DataError, "row 1 is inf", 1),
        ([0, 0, 0], DataError, "all weights are zero, so that no row counts; pass positive", None),
        ([1e308, 1e308, 1], DataError, "sum of the weights overflows", None),
        (["a", "b", "c"], DataTypeError, "row 1 is 'a'", 1),
        (2.0, ShapeError, "one value per row, or be the name of a column", None),
        (np.ones((3, 2)), ShapeError, r"came with shape \(3, 2\)", None),
    ],
)
def test_weights_that_are_none_name_the_row(weights, error, words, row):
    with pytest.raises(error, match=words) as caught:
        as_source(DATA, weights=weights)
    assert row is None or caught.value.row == row


def test_labels_are_integers(blocks):
    for labels in ([0, 1, -1], [0.0, 1.0, -1.0], np.array([0, 1, -1], np.int8), pd.Series([0, 1, -1])):
        (block,) = blocks(as_source(DATA, labels=labels))
        assert block.labels.tolist() == [0, 1, -1]
        assert block.labels.dtype == np.int64


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        ([0, 1.5, 1], DataError, "row 2 is 1.5; use -1 for unknown"),
        ([0, 1, None], DataError, "row 3 is missing; use -1 for unknown"),
        (["u", "v", "w"], DataTypeError, "row 1 is 'u'; number the classes first"),
        ([0, 1], DataError, "2 labels for 3 rows"),
    ],
)
def test_labels_that_are_none_name_the_row(labels, error, words):
    with pytest.raises(error, match=words):
        as_source(DATA, labels=labels)


def test_masked_labels_are_missing():
    with pytest.raises(DataError, match="row 2 is missing"):
        as_source(DATA, labels=np.ma.array([0, 1, 2], mask=[0, 1, 0]))
