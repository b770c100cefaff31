"""A product of wrapped statistics: what several are shown is made once, and each sees what it would see alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from suffice.sources.block import Block
from suffice.statistics.moments import Moments
from suffice.statistics.product import Product
from suffice.statistics.scatter import Scatter
from suffice.statistics.wrappers import AffineMap, DropMissing, DropWeightless, OnColumns

X = np.random.default_rng(1).normal(3.0, 2.0, (50, 2))
X[7, 1] = np.nan
WEIGHTS = np.arange(50) % 3.0


@dataclass(frozen=True)
class Rows:
    """Return the rows themselves."""

    name: str

    def observe(self, block: Block) -> np.ndarray:
        return block.rows


def test_each_part_observes_what_it_would_alone():
    parts = (
        OnColumns((0,), Scatter()),
        OnColumns((1,), DropMissing(AffineMap(3.0, 2.0, Moments()))),
        OnColumns((0,), AffineMap(3.0, 2.0, Moments())),
        DropWeightless(OnColumns((0,), Scatter())),
        OnColumns((1,), DropMissing(Scatter())),
        OnColumns((0,), AffineMap(3.0, 4.0, Moments())),
        DropMissing(Scatter()),
    )
    together = Product(parts).observe(Block(X, WEIGHTS)).parts
    for found, part in zip(together, parts, strict=True):
        np.testing.assert_array_equal(found.state, part.observe(Block(X, WEIGHTS)).state)


@pytest.mark.parametrize(
    ("wrapped", "alike"),
    [
        (lambda part: OnColumns((1,), part), True),
        (lambda part: OnColumns((int(part.name),), part), False),
        (DropMissing, True),
        (DropWeightless, True),
        (lambda part: AffineMap(3.0, 2.0, part), True),
        (lambda part: AffineMap(float(part.name), 2.0, part), False),
        (lambda part: OnColumns((1,), DropMissing(AffineMap(3.0, 2.0, part))), True),
    ],
)
def test_what_several_are_shown_is_made_once(wrapped, alike):
    one, other = Product((wrapped(Rows("0")), wrapped(Rows("1")))).observe(Block(X, WEIGHTS)).parts
    assert (one is other) == alike
