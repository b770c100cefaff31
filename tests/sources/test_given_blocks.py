"""Blocks that a person makes are checked before a kernel reads them."""

from __future__ import annotations

import numpy as np
import pytest

from suffice.engines.threads import Threads
from suffice.errors import DataError, DataTypeError, ParameterError, ShapeError
from suffice.sources import BLOCK_ROWS, Block, as_source
from suffice.statistics import Moments, Product, Scatter

ROWS = np.ones((4, 1))
ONES = np.ones(4)
ZEROS = np.zeros(4, dtype=np.int64)


@pytest.mark.parametrize(
    ("block", "error", "words"),
    [
        (Block(ROWS, np.ones(3)), DataError, "weights must have one value per row: 3 weights for 4 rows, row 4 has"),
        (Block(ROWS, np.ones(5)), DataError, "5 weights for 4 rows, number 5 belongs to no row"),
        (Block(ROWS, np.ones((2, 4))), ShapeError, r"weights of a Block must have shape \(n,\).*shape \(2, 4\)"),
        (Block(ROWS, np.ones(4, int)), DataTypeError, r"array of float64, but int64 came; pass numpy.asarray\(weights"),
        (Block(ROWS, [1.0] * 4), DataTypeError, "array of float64, but list came"),
        (Block(ROWS, ONES, ZEROS[:2]), DataError, "2 labels for 4 rows"),
        (Block(ROWS, ONES, ONES), DataTypeError, r"labels of a Block must be an array of int64, but float64 came"),
        (Block(ROWS, ONES, ZEROS[None]), ShapeError, r"labels of a Block must have shape \(n,\), one value per row"),
        (Block(ONES), ShapeError, r"rows of a Block must have shape \(n, d\): for one column pass rows\[:, None\]"),
        (Block(ONES[None, None]), ShapeError, r"but came with shape \(1, 1, 4\)"),
        (Block(ROWS.astype("f4")), DataTypeError, r"array of float64, but float32 came; pass numpy.asarray\(rows, dty"),
        (Block([[1.0]]), DataTypeError, "rows of a Block must be an array of float64, but list came"),
        (Block(np.ma.masked_equal(ROWS, 1)), DataTypeError, r"but MaskedArray came; pass rows.filled\(numpy.nan\)"),
        (Block(ROWS, -ONES), DataError, "the weight in row 1 is -1"),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_block_of_another_shape_or_type_is_refused_by_its_number(block, error, words, before, blocks):
    good = Block(
        ROWS, block.weights if block.weights is None else ONES, block.labels if block.labels is None else ZEROS
    )
    with pytest.raises(error, match=rf"^in block {before + 1}: .*{words}") as caught:
        blocks(as_source([good] * before + [block]))
    assert caught.value.block == before + 1


@pytest.mark.parametrize("what", ["weights", "labels"])
@pytest.mark.parametrize("rows", [3, BLOCK_ROWS])
@pytest.mark.parametrize("first_has", [True, False])
def test_blocks_with_and_without_weights_or_labels_are_not_mixed(what, rows, first_has, blocks):
    values = np.ones((rows, 1))
    side = {"weights": np.ones(rows), "labels": np.ones(rows, dtype=np.int64)}[what]
    having, bare = Block(values, **{what: side}), Block(values)
    parts = [having, having, bare] if first_has else [bare, bare, having]
    said = f"block 3 has no {what}, but block 1 has them" if first_has else f"block 3 has {what}, but block 1 has none"
    with pytest.raises(DataError, match=rf"{said}; give {what} to every block \(.*\), or to none") as caught:
        blocks(as_source(parts))
    assert caught.value.block == 3


def test_a_weighted_block_is_not_mixed_with_an_array(blocks):
    with pytest.raises(DataError, match="block 2 has no weights, but block 1 has them; give weights to every block"):
        blocks(as_source([Block(ROWS, ONES), np.ones((2, 1))]))


def test_an_empty_block_needs_no_weights(blocks):
    (block,) = blocks(as_source([Block(ROWS[:0]), Block(ROWS, ONES), Block(ROWS[:0]), Block(ROWS, ONES)]))
    assert block.weights.tolist() == [1.0] * 8


@pytest.mark.parametrize("statistic", [Scatter(), Moments(), Product((Moments(), Scatter()))])
@pytest.mark.parametrize("parts", [[Block(ROWS, ONES), Block(ROWS)], [Block(ROWS, np.ones(3))]], ids=["mixed", "short"])
def test_no_kernel_reads_past_the_weights(statistic, parts):
    with pytest.raises(DataError, match="weights"), Threads(2).open(as_source(parts)) as session:
        session.reduce(statistic)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": 0}, "columns"),
        ({"weights": "w"}, "weights"),
        ({"weights": "w", "labels": "l"}, "weights and label"),
    ],
)
def test_nothing_is_chosen_by_name_from_a_block_without_names(options, words):
    with pytest.raises(ParameterError, match=f"block 1 is a Block, which has no named columns to choose {words}"):
        as_source([Block(ROWS, ONES)], **options)
