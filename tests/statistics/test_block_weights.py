from __future__ import annotations

import numpy as np
import pytest

from suffice.distributions.normal import Normal
from suffice.distributions.student_t import StudentT
from suffice.errors import ShapeError
from suffice.sources import Block
from suffice.statistics import (
    CellWeights,
    CircleMap,
    ClusterScores,
    Collect,
    DensityScores,
    DropMissing,
    Extent,
    Extremes,
    Gap,
    HashedSample,
    Histogram,
    InfluenceMoments,
    LikelihoodSums,
    LogAboveMinimum,
    LogExcess,
    LogScatter,
    Moments,
    PitCounts,
    PoissonBootstrap,
    PowerMap,
    QuantileSketch,
    ReciprocalExcess,
    Scatter,
    ScoreProducts,
    ShareExcess,
    Tally,
)
from suffice.statistics.first_outside import FirstOutside
from suffice.statistics.wrappers import DropWeightless

THETA = np.array([[0.5, 1.0]])
OF_WEIGHTS = [
    CellWeights((0.5, 1.0)),
    ClusterScores(DensityScores(Normal, THETA[0])),
    Collect(),
    DropMissing(Scatter()),
    DropWeightless(Scatter()),
    Extent(),
    Extremes(),
    FirstOutside(Normal.support),
    Gap(0.5, 1.0),
    HashedSample(),
    Histogram((0.0, 1.0, 2.0)),
    InfluenceMoments(DensityScores(Normal, THETA[0]), THETA[0]),
    LikelihoodSums(Normal, THETA),
    LikelihoodSums(StudentT, np.array([[0.5, 1.0, 3.0]])),
    LogAboveMinimum(),
    LogExcess(),
    LogScatter(),
    Moments(),
    PitCounts(Normal, THETA),
    PoissonBootstrap(1, 2, Scatter()),
    PowerMap(2.0, LogExcess()),
    CircleMap(Scatter()),
    QuantileSketch(),
    ReciprocalExcess(),
    Scatter(),
    ScoreProducts(DensityScores(Normal, THETA[0])),
    ShareExcess(),
    Tally(),
]


@pytest.mark.parametrize("length", [0, 1, 3, 101])
@pytest.mark.parametrize("statistic", OF_WEIGHTS, ids=lambda statistic: repr(statistic)[:40])
def test_weights_that_are_not_one_per_row_are_never_read(statistic, length):
    rows = np.linspace(0.1, 2.0, 100)[:, None]
    words = rf"weights must have one value per row, but weights of shape \({length},\) came with 100 rows; pass one"
    with pytest.raises(ShapeError, match=words) as caught:
        statistic.observe(Block(rows, np.ones(length)))
    assert (caught.value.expected, caught.value.shape) == (100, (length,))


@pytest.mark.parametrize("statistic", [Scatter(), Tally(), LikelihoodSums(Normal, THETA), PitCounts(Normal, THETA)])
def test_every_set_of_weights_has_one_for_each_row(statistic):
    with pytest.raises(ShapeError, match=r"weights of shape \(2, 3\) came with 4 rows"):
        statistic.observe(Block(np.ones((4, 1)), np.ones((2, 3))))


@pytest.mark.parametrize(
    ("statistic", "who"), [(Moments(), "moments"), (QuantileSketch(), "quantile sketches"), (Extent(), "first looks")]
)
def test_who_takes_one_set_of_weights_says_so(statistic, who):
    with pytest.raises(ShapeError, match=f"^{who} take one set of weights; observe each replicate by itself"):
        statistic.observe(Block(np.ones((4, 1)), np.ones((2, 4))))
