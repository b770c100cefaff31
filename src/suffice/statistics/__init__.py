"""Statistics: what to compute from a block, as summaries that merge."""

from suffice.statistics.category_counts import CategoryCounts
from suffice.statistics.cell_weights import CellWeights, Gap
from suffice.statistics.circle_map import CircleMap
from suffice.statistics.collect import Collect
from suffice.statistics.composition_excess import CompositionExcess
from suffice.statistics.extent import Extent
from suffice.statistics.extremes import Extremes
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.heaping import Heaping, find_heaping
from suffice.statistics.histogram import Histogram
from suffice.statistics.largest_rows import LargestRows
from suffice.statistics.likelihood_differences import LikelihoodDifferences, ScoredDensity
from suffice.statistics.likelihood_sums import LikelihoodSums
from suffice.statistics.log_above_minimum import LogAboveMinimum
from suffice.statistics.log_excess import LogExcess
from suffice.statistics.log_scatter import LogScatter
from suffice.statistics.moments import Moments
from suffice.statistics.pit_counts import PitCounts
from suffice.statistics.power_map import PowerMap
from suffice.statistics.product import Product
from suffice.statistics.quantile_grid import QuantileGrid
from suffice.statistics.quantile_sketch import QuantileSketch
from suffice.statistics.reciprocal_excess import ReciprocalExcess
from suffice.statistics.row_scores import DensityScores, RowScores
from suffice.statistics.scatter import Scatter
from suffice.statistics.score_sums import ClusterScores, InfluenceMoments, ScoreProducts
from suffice.statistics.share_excess import ShareExcess
from suffice.statistics.statistic import Statistic, Summary
from suffice.statistics.tally import Tally
from suffice.statistics.tree import MergeTree
from suffice.statistics.whitened_moments import WhitenedMoments
from suffice.statistics.wrappers import AffineMap, DropMissing, Labelled, OnColumns, PoissonBootstrap

__all__ = [
    "AffineMap",
    "CategoryCounts",
    "CellWeights",
    "CircleMap",
    "ClusterScores",
    "Collect",
    "CompositionExcess",
    "DensityScores",
    "DropMissing",
    "Extent",
    "Extremes",
    "Gap",
    "HashedSample",
    "Heaping",
    "Histogram",
    "InfluenceMoments",
    "Labelled",
    "LargestRows",
    "LikelihoodDifferences",
    "LikelihoodSums",
    "LogAboveMinimum",
    "LogExcess",
    "LogScatter",
    "MergeTree",
    "Moments",
    "OnColumns",
    "PitCounts",
    "PoissonBootstrap",
    "PowerMap",
    "Product",
    "QuantileGrid",
    "QuantileSketch",
    "ReciprocalExcess",
    "RowScores",
    "Scatter",
    "ScoreProducts",
    "ScoredDensity",
    "ShareExcess",
    "Statistic",
    "Summary",
    "Tally",
    "WhitenedMoments",
    "find_heaping",
]
