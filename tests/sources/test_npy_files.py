from __future__ import annotations

import pickle

import numpy as np
import pytest

from suffice.errors import DataError, DataTypeError, ShapeError, SourceError
from suffice.sources import as_source


def save(path, values, **options):
    np.save(path, values, **options)
    return path


@pytest.mark.parametrize("dtype", ["f8", "f4", ">f8", "i4", "bool"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_are_read_by_memory_map(dtype, order, tmp_path, rows):
    values = np.asarray(np.arange(280_000).reshape(-1, 2) % 5, dtype=dtype, order=order)
    source = as_source(save(tmp_path / "d.npy", values))
    assert source.columns == ("x0", "x1")
    assert source.n_rows == 140_000
    np.testing.assert_array_equal(rows(source), values.astype(float))
    assert all(len(pickle.dumps(piece)) < 2_000 for piece in source.pieces())


def test_float64_is_viewed_in_the_file(tmp_path, blocks):
    source = as_source(save(tmp_path / "d.npy", np.arange(200_000.0)))
    assert not any(block.rows.flags.owndata or block.rows.flags.writeable for block in blocks(source))


def test_several_files_columns_and_weights(tmp_path, blocks):
    for number in range(2):
        save(tmp_path / f"p{number}.npy", np.arange(6.0).reshape(2, 3) + 10 * number)
    (block,) = blocks(as_source(tmp_path / "p*.npy", columns=["x2", 0], weights="x1"))
    assert block.rows.tolist() == [[2, 0], [5, 3], [12, 10], [15, 13]]
    assert block.weights.tolist() == [1, 4, 11, 14]


def test_structured_files_have_named_columns(tmp_path, rows):
    values = np.array([(1, 2.5, b"a"), (3, 4.5, b"b")], dtype=[("n", "i4"), ("v", "f8"), ("s", "S1")])
    source = as_source(save(tmp_path / "d.npy", values))
    assert (source.columns, source.skipped) == (("n", "v"), ("s",))
    assert rows(source).tolist() == [[1, 2.5], [3, 4.5]]
    with pytest.raises(DataTypeError, match=r"column 's' in d.npy.*bytes"):
        as_source(tmp_path / "d.npy", columns="s")


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        (np.array(["a"]), DataTypeError, "strings"),
        (np.array([1, None]), DataTypeError, r"d.npy holds Python objects"),
        (np.ones((2, 2, 2)), ShapeError, r"shape"),
        (np.array(3.0), ShapeError, r"shape \(\)"),
        (np.ones((0, 2)), DataError, r"d.npy has no values"),
        (np.array([2**53 + 1]), DataError, r"row 1 of column 'x' in d.npy is 9007199254740993"),
    ],
    ids=range(6),
)
def test_what_is_wrong_is_named(values, error, words, tmp_path, blocks):
    with pytest.raises(error, match=words):
        blocks(as_source(save(tmp_path / "d.npy", values)))


@pytest.mark.parametrize("kept", [0, 20, 1000])
def test_a_truncated_file_is_named(kept, tmp_path):
    path = save(tmp_path / "d.npy", np.arange(1000.0))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(SourceError, match=r"d.npy cannot be read as a NumPy file.*truncated: write it again"):
        as_source(path)


def test_files_that_differ_are_refused(tmp_path):
    paths = [save(tmp_path / "p.npy", np.ones((2, 2))), save(tmp_path / "q.npy", np.ones((2, 3)))]
    with pytest.raises(SourceError, match=r"p.npy has shape \(2, 2\).*q.npy has \(2, 3\)"):
        as_source(paths)
