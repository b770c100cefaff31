"""Statistics of mapped rows merge, weigh and forget nothing."""

import numpy as np
import pytest

from suffice.calculus import maps
from suffice.sources.block import Block
from suffice.statistics.mapped_rows import MappedRows
from suffice.statistics.scatter import Scatter
from suffice.statistics.tally import Tally

X = np.random.default_rng(1).gamma(2.0, 3.0, 60)


def test_merged_equals_whole():
    statistic = MappedRows(maps.exp, Scatter())
    whole = statistic.observe(Block(X[:, None]))
    parts = statistic.observe(Block(X[:25, None])).merge(statistic.observe(Block(X[25:, None])))
    assert parts.log_slopes == pytest.approx(whole.log_slopes, rel=1e-14)
    assert parts.summary.mean == pytest.approx(whole.summary.mean, rel=1e-13)
    assert whole.summary.mean[0] == pytest.approx(np.log(X).mean(), rel=1e-13)
    assert whole.log_slopes == pytest.approx([np.log(X).sum()], rel=1e-13)


def test_weights_of_many_replicates_keep_their_axis():
    weights = np.random.default_rng(2).integers(0, 3, (4, 60)).astype(float)
    found = MappedRows(maps.exp, Scatter()).observe(Block(X[:, None], weights))
    assert found.log_slopes == pytest.approx(weights @ np.log(X), rel=1e-13)


def test_a_tally_is_of_the_values_of_x_again():
    found = MappedRows(maps.Affine(1.0, 3.0), Tally(capacity=3)).observe(Block(np.array([[4.0], [3.0], [4.0]])))
    assert list(found.values) == [3.0, 4.0]
    assert not found.overflowed
    assert MappedRows(maps.exp, Tally(capacity=3)).observe(Block(X[:, None])).overflowed


def test_the_summary_alone_is_that_of_y():
    only = MappedRows(maps.exp, Scatter(), slopes_too=False).observe(Block(X[:, None]))
    assert only.mean[0] == pytest.approx(np.log(X).mean(), rel=1e-13)
