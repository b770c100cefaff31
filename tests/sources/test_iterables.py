from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from suffice.errors import DataError, DataNeeded, DataTypeError
from suffice.sources import BLOCK_ROWS, Block, as_source

SIZES = [1, 0, 100_000, 65_535, 65_536, 3, 200_000]


class Restarted:
    """An iterable that begins anew each time."""

    def __init__(self, parts):
        self.parts = parts

    def __iter__(self):
        return iter(self.parts)


@pytest.fixture(scope="module")
def parts():
    rng = np.random.default_rng(3)
    return [rng.normal(size=(size, 2)) for size in SIZES]


def frames(kind):
    return lambda parts: [kind({"x0": part[:, 0], "x1": part[:, 1]}) for part in parts]


@pytest.mark.parametrize(
    "make",
    [list, iter, Restarted, tuple, frames(pd.DataFrame), frames(pl.DataFrame), frames(dict)],
    ids=["list", "iterator", "iterable", "tuple", "pandas", "polars", "dicts"],
)
def test_blocks_are_cut_anew(make, parts, rows):
    source = as_source(make(parts if make in (list, iter, tuple) else [part for part in parts if len(part)]))
    assert source.columns == ("x0", "x1")
    assert source.sequential
    assert source.n_rows is None
    np.testing.assert_array_equal(rows(source), np.concatenate(parts))


def test_vectors_from_a_generator_are_one_column(rows):
    source = as_source(np.full(40_000, number) for number in range(5))
    assert source.columns == ("x",)
    np.testing.assert_array_equal(rows(source)[:, 0], np.repeat(np.arange(5.0), 40_000))


def test_an_iterator_is_read_once_and_a_list_again(parts, rows):
    source = as_source(iter(parts))
    assert source.one_shot
    rows(source)
    with pytest.raises(DataNeeded, match=r"iterator of blocks.*can be read once only, and it was read already"):
        rows(source)
    again = as_source(parts)
    assert not again.one_shot
    np.testing.assert_array_equal(rows(again), rows(again))


def test_finished_blocks_keep_weights_and_labels(blocks):
    parts = [Block(np.full((size, 1), 1.0), np.full(size, 2.0), np.full(size, 3)) for size in (BLOCK_ROWS - 1, 5)]
    first, second = blocks(as_source(parts))
    assert (len(first.weights), len(second.weights)) == (BLOCK_ROWS, 4)
    assert set(first.labels) == {3}


def test_columns_and_weights_by_name_in_each_block(blocks):
    parts = [pd.DataFrame({"s": ["x"], "a": [1.5], "w": [number]}) for number in range(1, 4)]
    source = as_source(parts, weights="w")
    assert (source.columns, source.skipped) == (("a",), ("s",))
    (block,) = blocks(source)
    assert block.weights.tolist() == [1, 2, 3]


def test_weights_for_all_blocks(blocks):
    (block,) = blocks(as_source([np.ones((2, 1)), np.ones((1, 1))], weights=[1, 2, 3]))
    assert block.weights.tolist() == [1, 2, 3]
    with pytest.raises(DataError, match="2 weights for 3 rows"):
        blocks(as_source([np.ones((2, 1)), np.ones((1, 1))], weights=[1, 2]))


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (iter([]), DataError, "is empty; pass at least one block"),
        ([np.ones((0, 2))], DataError, "is empty; pass at least one block"),
        (iter([1.0, 2.0]), DataTypeError, r"item 1 is of type float; pass list\(data\)"),
        ({1: 2}.values(), DataTypeError, r"item 1 is of type int; pass list\(data\)"),
        ([np.ones((2, 2)), np.ones((2, 3))], DataError, "block 2 has the columns x0, x1, x2, but block 1 has x0, x1"),
        ([np.ones((2, 1)), np.array([["a"]])], DataTypeError, "in block 2: column 'x'.*row 1 is 'a'"),
        (iter([np.ones(2), 5]), DataTypeError, "item 2 is of type int"),
        ([np.ones((2, 1)), np.array([[2**60]])], DataError, "in block 2: row 1 of column 'x'"),
        ([Block(np.ones((1, 1))), Block(np.ones((1, 2)))], DataError, r"block 2 has rows of shape \(1, 2\)"),
        ([Block(np.ones((1, 1)), np.array([-1.0]))], DataError, "weight in row 1 is -1"),
    ],
    ids=range(10),
)
def test_what_is_wrong_names_the_block(data, error, words, blocks):
    with pytest.raises(error, match=words):
        blocks(as_source(data))
