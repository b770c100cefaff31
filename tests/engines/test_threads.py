"""The engine of threads: what it keeps, what it rechecks, and what it does when something fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from suffice.engines import Threads
from suffice.engines.resident import RESIDENT_BYTES, ResidentBlocks, bytes_of
from suffice.errors import DataError, DataNeeded, ParameterError, SourceChangedError
from suffice.sources import BLOCK_ROWS, Block, as_source
from suffice.statistics import Scatter


@dataclass
class Counted:
    """A source that counts how often it is decoded, closed and asked for its key."""

    blocks_per_piece: int = 2
    n_pieces: int = 3
    sequential: bool = False
    one_shot: bool = False
    columns: tuple[str, ...] = ("x",)
    keys: list[str] = field(default_factory=lambda: ["same"] * 20)
    decoded: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    description: str = "counted data"
    n_rows: int | None = None

    def fingerprint(self) -> str:
        return self.keys.pop(0)

    def pieces(self) -> list[Any]:
        return [CountedPiece(self, number) for number in range(self.n_pieces)]


@dataclass
class CountedPiece:
    source: Counted
    number: int

    def blocks(self) -> Iterator[Block]:
        self.source.decoded.append(self.number)
        try:
            for i in range(self.source.blocks_per_piece):
                number = self.number * self.source.blocks_per_piece + i
                rows = np.full((BLOCK_ROWS, 1), float(number))
                yield Block(rows, None, None, number * BLOCK_ROWS)
        finally:
            self.source.closed.append(self.number)


@dataclass(frozen=True)
class Failing:
    at: int
    error: Any

    def observe(self, block: Block) -> Any:
        if block.start // BLOCK_ROWS == self.at:
            raise self.error
        return Scatter().observe(block)


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_small_decoded_data_are_decoded_once_in_a_session(workers, sequential):
    source = Counted(sequential=sequential)
    with Threads(workers).open(source) as session:
        results = [session.reduce(Scatter()).state.tobytes() for _ in range(3)]
    assert len(set(results)) == 1
    assert sorted(source.decoded) == [0, 1, 2]


@pytest.mark.parametrize("known", [True, False])
def test_data_beyond_the_limit_are_not_kept(known):
    source = Counted(blocks_per_piece=50, n_pieces=3, n_rows=150 * BLOCK_ROWS if known else None)
    with Threads(2).open(source) as session:
        session.reduce(Scatter())
        session.reduce(Scatter())
    assert sorted(source.decoded) == [0, 0, 1, 1, 2, 2]


def test_the_memory_of_a_block_counts_weights_and_labels():
    block = Block(np.ones((4, 2)), np.ones(4), np.ones(4, dtype=np.int64))
    assert bytes_of(block) == 64 + 32 + 32
    assert ResidentBlocks(Counted()).holding
    assert not ResidentBlocks(Counted(n_rows=RESIDENT_BYTES)).holding


def test_data_that_can_be_read_once_are_refused_a_second_pass():
    with Threads(2).open(Counted(one_shot=True, sequential=True)) as session:
        session.reduce(Scatter())
        with pytest.raises(DataNeeded, match=r"counted data can be read once only.*pass an array, a file"):
            session.reduce(Scatter())


def test_an_iterator_of_blocks_is_refused_a_second_pass():
    source = as_source(iter([np.ones((10, 1)), np.zeros((10, 1))]))
    with Threads(2).open(source) as session:
        assert session.reduce(Scatter()).weight == 20.0
        with pytest.raises(DataNeeded):
            session.reduce(Scatter())


def test_data_that_change_during_a_pass_are_refused():
    with (
        Threads(1).open(Counted(keys=["a", "b"])) as session,
        pytest.raises(SourceChangedError, match="counted data changed"),
    ):
        session.reduce(Scatter())


def test_data_that_change_between_passes_are_refused():
    with Threads(1).open(Counted(keys=["a", "a", "b"])) as session:
        session.reduce(Scatter())
        with pytest.raises(SourceChangedError, match="counted data changed"):
            session.reduce(Scatter())


def test_a_change_of_an_array_between_passes_is_seen():
    x = np.random.default_rng(0).normal(size=1000)
    with Threads(2).open(as_source(x)) as session:
        session.reduce(Scatter())
        x[0] = 5.0
        with pytest.raises(SourceChangedError):
            session.reduce(Scatter())


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_error_of_a_worker_comes_out_and_everything_is_closed(workers, sequential):
    source = Counted(n_pieces=20, sequential=sequential)
    with Threads(workers).open(source) as session:
        with pytest.raises(DataError, match="row 7 is bad"):
            session.reduce(Failing(5, DataError("row 7 is bad")))
        assert sorted(source.closed) == sorted(source.decoded)
        assert session.reduce(Scatter()).weight == 40.0 * BLOCK_ROWS


def test_the_first_bad_piece_is_named_whichever_thread_is_faster():
    for _ in range(5):
        with Threads(4).open(Counted(n_pieces=8)) as session, pytest.raises(DataError, match="block 3"):
            session.reduce(FailingFrom(3))


@dataclass(frozen=True)
class FailingFrom:
    first: int

    def observe(self, block: Block) -> Any:
        number = block.start // BLOCK_ROWS
        if number >= self.first:
            raise DataError(f"block {number}")
        return Scatter().observe(block)


def test_an_interrupt_stops_the_pass_and_leaves_no_thread():
    source = Counted(n_pieces=20)
    with pytest.raises(KeyboardInterrupt), Threads(2).open(source) as session:
        session.reduce(Failing(4, KeyboardInterrupt()))
    assert sorted(source.closed) == sorted(source.decoded)
    assert len(source.decoded) < 20
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("suffice")]


def test_no_worker_is_too_few():
    with pytest.raises(ParameterError, match="at least 1, not 0"):
        Threads(0)


def test_the_default_is_one_thread_for_each_core():
    with Threads().open(Counted()) as session:
        assert session.workers >= 1
