from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.sources import BLOCK_ROWS
from suffice.sources.recutting import Chunk, blocks_of
from suffice.sources.segments import piece_bounds

GROUPS = [1_048_576, 100_000, 30_011, 65_536, 7, 3_000_000]


@pytest.mark.parametrize("group", GROUPS)
def test_pieces_follow_row_groups(group):
    n = 10_000_000 if group > 7 else 100_000
    ends = [*range(group, n, group), n]
    bounds = piece_bounds(n, ends)
    assert bounds[0][0] == 0
    assert bounds[-1][1] == n
    for (first, last), (following, _) in pairwise(bounds):
        assert last == following
        assert first % BLOCK_ROWS == 0
        assert last - first >= 16 * BLOCK_ROWS
        assert last % group <= BLOCK_ROWS, "no more than a block is read to be dropped"
    if group <= 1_048_576 and n > 1_000_000:
        assert len(bounds) >= 4


@settings(deadline=None)
@given(st.lists(st.integers(0, 3 * BLOCK_ROWS), min_size=1, max_size=100))
def test_pieces_cover_all_rows_in_whole_blocks(sizes):
    ends = list(np.cumsum(sizes))
    bounds = piece_bounds(int(ends[-1]), [int(end) for end in ends])
    assert [first for first, _ in bounds] == [0, *(last for _, last in bounds[:-1])][: len(bounds)]
    assert all(first % BLOCK_ROWS == 0 for first, _ in bounds)
    assert (bounds[-1][1] if bounds else 0) == ends[-1]


@settings(deadline=None)
@given(st.lists(st.integers(0, 200_000), max_size=12), st.booleans())
def test_blocks_do_not_depend_on_the_chunks(sizes, as_array):
    n = sum(sizes)
    data = np.arange(2.0 * n).reshape(-1, 2)
    starts = np.cumsum([0, *sizes])
    parts = [data[start : start + size] for start, size in zip(starts, sizes, strict=False)]
    chunks = [Chunk(part if as_array else [part[:, 0], part[:, 1]], part[:, 0]) for part in parts]
    blocks = list(blocks_of(chunks))
    assert [block.start for block in blocks] == list(range(0, n, BLOCK_ROWS))
    if n:
        np.testing.assert_array_equal(np.concatenate([block.rows for block in blocks]), data)
        np.testing.assert_array_equal(np.concatenate([block.weights for block in blocks]), data[:, 0])


def test_a_whole_chunk_is_viewed():
    data = np.arange(2.0 * BLOCK_ROWS)
    for block in blocks_of([Chunk([data])]):
        assert np.shares_memory(block.rows, data)
