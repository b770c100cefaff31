"""Memory of blocks is used again, but never while anything still refers to it."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from suffice.sources import BLOCK_ROWS
from suffice.sources.buffers import KEPT, MOST_BYTES, block_values


def test_memory_is_used_again_once_nobody_refers_to_it():
    first = block_values(3, BLOCK_ROWS)
    where = first.ctypes.data
    del first
    gc.collect()
    assert block_values(3, BLOCK_ROWS).ctypes.data == where


@pytest.mark.parametrize(
    "view",
    [lambda x: x.T[5:9, 1:], lambda x: x[1].view(np.int64), lambda x: memoryview(x[2]), lambda x: x.reshape(-1)[7:]],
    ids=["rows", "bits", "memory", "flat"],
)
def test_memory_that_a_view_refers_to_is_left_alone(view):
    values = block_values(3, BLOCK_ROWS)
    values[:] = 1.0
    held = view(values)
    before = np.array(held)
    del values
    gc.collect()
    for other in [block_values(3, BLOCK_ROWS) for _ in range(KEPT + 1)]:
        other[:] = 2.0
    assert np.array_equal(np.asarray(held), before)


def test_any_size_is_handed_out():
    for width, rows in ((0, 5), (5, 0), (1, 1), (2, 70_000), (1, MOST_BYTES // 8 + 1)):
        values = block_values(width, rows)
        assert (values.shape, values.dtype) == ((width, rows), np.float64)
        assert values.flags.writeable
        assert values.flags.c_contiguous
        assert values.flags.aligned
