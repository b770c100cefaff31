from __future__ import annotations

import pickle

import numpy as np
import pytest

from suffice.errors import ColumnError, DataError, ShapeError
from suffice.sources import BLOCK_ROWS, as_source
from suffice.sources.arrays import piece_rows

REAL = [np.bool_, np.int8, np.uint8, np.int16, np.int64, np.uint64, np.float16, np.float32, np.float64,
        np.longdouble, ">f8", ">i4"]  # fmt: skip


@pytest.mark.parametrize("dtype", REAL, ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_real_type_and_order_gives_the_same_rows(dtype, order, rows):
    data = (np.arange(140_000).reshape(-1, 2) % 2).astype(dtype, order=order)
    np.testing.assert_array_equal(rows(as_source(data)), data.astype(float))


@pytest.mark.parametrize(
    "take",
    [
        lambda x: x[::3],
        lambda x: x[::-1],
        lambda x: x[:, 1:],
        lambda x: x[:, ::-1],
        lambda x: x.T.copy().T,
        lambda x: np.broadcast_to(x[:1], x.shape),
    ],
)
def test_any_strides_are_viewed_not_copied(take, blocks):
    data = take(np.random.default_rng(1).normal(size=(200_000, 3)))
    found = blocks(as_source(data))
    np.testing.assert_array_equal(np.concatenate([block.rows for block in found]), data)
    assert all(np.shares_memory(block.rows, data) for block in found)


def test_a_vector_is_viewed(blocks):
    data = np.arange(100_000.0)
    assert all(np.shares_memory(block.rows, data) for block in blocks(as_source(data)))


def test_read_only_arrays_and_matrices_are_read(rows):
    data = np.arange(6.0).reshape(3, 2)
    data.flags.writeable = False
    np.testing.assert_array_equal(rows(as_source(data)), data)
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix(data)
    np.testing.assert_array_equal(rows(as_source(matrix)), data)


def test_a_memory_map_is_read(tmp_path, rows):
    data = np.memmap(tmp_path / "raw", dtype=np.float64, mode="w+", shape=(70_000, 2))
    data[:] = np.arange(140_000.0).reshape(-1, 2)
    np.testing.assert_array_equal(rows(as_source(data)), data)


def test_unaligned_fields_come_aligned(blocks):
    data = np.zeros(4, dtype=[("s", "S1"), ("v", "f8")])
    data["v"] = [1, 2, 3, 4]
    (block,) = blocks(as_source(data["v"]))
    assert block.rows.flags.aligned
    assert block.rows[:, 0].tolist() == [1, 2, 3, 4]


def test_masked_values_are_missing(rows):
    data = np.ma.array([[1, 2**60], [3, 4]], mask=[[0, 1], [0, 0]])
    np.testing.assert_array_equal(rows(as_source(data)), [[1, np.nan], [3, 4]])


def test_structured_arrays_have_named_columns(rows):
    data = np.array([(1, 2.5, "a"), (2, 3.5, "b")], dtype=[("n", "i4"), ("v", "f8"), ("s", "U1")])
    source = as_source(data)
    assert source.columns == ("n", "v")
    assert source.skipped == ("s",)
    assert rows(source).tolist() == [[1, 2.5], [2, 3.5]]


def test_integers_up_to_two_to_the_53_are_exact(rows):
    assert rows(as_source([2**53, -(2**53)]))[:, 0].tolist() == [2.0**53, -(2.0**53)]


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1])
def test_integers_beyond_name_row_and_column(value, blocks):
    data = np.zeros((100_000, 2), dtype=np.int64)
    data[70_000, 1] = value
    with pytest.raises(DataError, match=f"row 70001 of column 'x1' is {value}.*float64 would round it") as caught:
        blocks(as_source(data))
    assert (caught.value.row, caught.value.column) == (70_001, "x1")


def test_extended_precision_beyond_float64_is_refused(blocks):
    with pytest.raises(DataError, match="row 2 of column 'x' is beyond the range of float64; rescale"):
        blocks(as_source(np.array([np.longdouble(1), np.longdouble("1e4000")])))


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ("x1", ("x1",)),
        (2, ("x2",)),
        (-1, ("x3",)),
        ([0, 2], ("x0", "x2")),
        (["x3", 0, 1], ("x3", "x0", "x1")),
        (np.array([1, 3]), ("x1", "x3")),
        (slice(None), None),
    ],
)
def test_columns_by_name_and_position(columns, names, rows):
    data = np.arange(12.0).reshape(3, 4)
    if names is None:
        with pytest.raises(ColumnError):
            as_source(data, columns=columns)
        return
    source = as_source(data, columns=columns)
    assert source.columns == names
    np.testing.assert_array_equal(rows(source), data[:, [int(name[1:]) for name in names]])
    assert source.description == "an array of shape (3, 4)"


def test_a_column_of_an_array_can_be_the_weights(blocks):
    (block,) = blocks(as_source(np.arange(12.0).reshape(3, 4), weights="x0", labels="x3"))
    assert block.rows.tolist() == [[1, 2], [5, 6], [9, 10]]
    assert block.weights.tolist() == [0, 4, 8]
    assert block.labels.tolist() == [3, 7, 11]
    assert block.labels.dtype == np.int64


def test_weights_and_labels_follow_their_rows(blocks):
    n = 200_000
    source = as_source(np.arange(n), weights=np.arange(n), labels=np.arange(n) % 7)
    for block in blocks(source):
        np.testing.assert_array_equal(block.rows[:, 0], block.weights)
        np.testing.assert_array_equal(block.rows[:, 0] % 7, block.labels)


def test_a_pickled_piece_carries_its_rows_only(rows):
    data = np.arange(3_000_000.0)
    pieces = as_source(data, weights=np.ones(3_000_000)).pieces()
    assert len(pieces) > 8
    for piece in pieces:
        packed = pickle.dumps(piece)
        assert len(packed) < 16 * len(piece.values) + 2_000
        again = [block.rows for block in pickle.loads(packed).blocks()]
        np.testing.assert_array_equal(np.concatenate(again), piece.values)


@pytest.mark.parametrize("n", [1, 65_536, 65_537, 2_000_000, 100_000_000])
def test_pieces_are_whole_blocks_and_enough_of_them(n):
    size = piece_rows(n)
    assert size % BLOCK_ROWS == 0
    assert size <= 16 * BLOCK_ROWS
    assert n // size >= min(16, n // BLOCK_ROWS)


def test_the_fingerprint_is_of_the_content():
    data = np.arange(1000.0)
    key = as_source(data).fingerprint()
    assert as_source(data.copy()).fingerprint() == key
    assert as_source(data.reshape(-1, 1)).fingerprint() == key
    assert as_source(data.reshape(-1, 2)).fingerprint() != key
    assert as_source(data.astype(np.float32)).fingerprint() != key
    assert as_source(data, weights=np.ones(1000)).fingerprint() != key
    data[-1] = 7
    assert as_source(data).fingerprint() != key


def test_the_fingerprint_of_a_large_array_sees_both_ends():
    data = np.zeros(1_000_000)
    source = as_source(data)
    key = source.fingerprint()
    for row in (0, -1):
        data[row] = 1
        assert source.fingerprint() != key
        data[row] = 0
    assert source.fingerprint() == key


@pytest.mark.parametrize("first", [1, 123_456, 997_000])
def test_the_fingerprint_of_a_large_array_sees_neighbours_that_change(first):
    data = np.arange(1_000_000.0)
    key = as_source(data).fingerprint()
    data[first : first + 2_000] += 1.0
    assert as_source(data).fingerprint() != key


def test_the_fingerprint_sees_a_mask():
    data = np.ma.array([1.0, 2.0], mask=[False, True])
    assert as_source(data).fingerprint() != as_source(np.ma.array([1.0, 2.0])).fingerprint()


def test_description_says_the_shape():
    assert as_source(np.zeros(5)).description == "an array of shape (5,)"
    assert as_source(np.zeros((272, 2))).description == "an array of shape (272, 2)"
    assert as_source(np.zeros(5)).skipped == ()


def test_four_dimensions_are_refused():
    with pytest.raises(ShapeError, match=r"\(1, 1, 1, 1\)"):
        as_source(np.ones((1, 1, 1, 1)))


def test_a_run_of_whole_blocks_is_offered_for_plain_vectors_only():
    data = np.arange(2.0 * BLOCK_ROWS)
    (piece, _) = as_source(data).pieces()
    assert np.shares_memory(piece.run().rows, data)
    masked = as_source(np.ma.array(data, mask=data < 5)).pieces()[0]
    assert masked.run() is None
    assert as_source(data, weights=data + 1).pieces()[0].run() is None
    assert as_source(data[:-1]).pieces()[1].run() is None
    assert as_source(data.astype(np.float32)).pieces()[0].run() is None
    assert as_source(data.reshape(-1, 2)).pieces()[0].run() is None
