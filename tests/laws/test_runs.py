"""A run of blocks observed at once has the bits of its blocks merged."""

import numpy as np
import pytest

from suffice.engines import Threads
from suffice.sources import as_source
from suffice.statistics.extent import Extent
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.product import Product
from suffice.statistics.scatter import Scatter


class BlockByBlock:
    """A statistic without its shortcut."""

    def __init__(self, statistic):
        self.statistic = statistic

    def observe(self, block):
        return self.statistic.observe(block)


@pytest.mark.parametrize("rows", [65_536, 40 * 65_536 + 17])
@pytest.mark.parametrize("offered", [8, 2048])
def test_a_run_has_the_bits_of_its_blocks(rows, offered):
    x = np.random.default_rng(0).gamma(2.0, size=rows) + 1e6
    x[min(rows - 1, 70_000)] = np.nan
    statistic = Product((Extent(), HashedSample(2048, offered), Scatter()))
    with Threads(2).open(as_source(x)) as session:
        fast, slow = session.reduce(statistic), session.reduce(BlockByBlock(statistic))
    for a, b in zip(fast.parts, slow.parts, strict=True):
        for name in a.__slots__:
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))


def test_a_run_is_refused_where_a_part_has_no_shortcut():
    statistic = Product((Extent(), BlockByBlock(Scatter())))
    with Threads(1).open(as_source(np.ones(65_536 * 2))) as session:
        assert session.reduce(statistic).parts[0].rows == 65_536 * 2
