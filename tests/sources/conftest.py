from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from suffice.sources import BLOCK_ROWS, Block, Source


def all_blocks(source: Source) -> list[Block]:
    return [block for piece in source.pieces() for block in piece.blocks()]


@pytest.fixture(scope="session")
def blocks() -> Callable[[Source], list[Block]]:
    """Read all blocks and check that they are cut at fixed row offsets."""

    def read(source: Source) -> list[Block]:
        found = all_blocks(source)
        for number, block in enumerate(found):
            assert block.start == number * BLOCK_ROWS
            assert len(block.rows) == BLOCK_ROWS or number == len(found) - 1
            assert block.rows.dtype == np.float64
            assert block.rows.shape[1] == len(source.columns)
        return found

    return read


@pytest.fixture(scope="session")
def rows(blocks) -> Callable[[Source], np.ndarray]:
    return lambda source: np.concatenate([block.rows for block in blocks(source)])


@pytest.fixture
def write(tmp_path) -> Callable[..., Path]:
    """Write text or bytes to a file of the test's folder."""

    def to(content: str | bytes, name: str = "data.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to


@pytest.fixture(scope="session")
def table() -> dict[str, np.ndarray]:
    """Three columns of 250,007 rows: float64, integers and float32."""
    rng = np.random.default_rng(20240501)
    n = 250_007
    return {
        "a": rng.normal(size=n),
        "b": rng.integers(-1000, 1000, n),
        "c": rng.normal(size=n).astype(np.float32),
    }


@pytest.fixture(scope="session")
def matrix(table) -> np.ndarray:
    return np.column_stack([column.astype(np.float64) for column in table.values()])
