"""Statistics: what to compute from a block, as summaries that merge."""

from suffice.statistics.category_counts import CategoryCounts
from suffice.statistics.collect import Collect
from suffice.statistics.composition_excess import CompositionExcess
from suffice.statistics.extent import Extent
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.heaping import Heaping, find_heaping
from suffice.statistics.histogram import Histogram
from suffice.statistics.likelihood_sums import LikelihoodSums, ScoreProducts
from suffice.statistics.log_excess import LogExcess
from suffice.statistics.log_scatter import LogScatter
from suffice.statistics.moments import Moments
from suffice.statistics.pit_counts import PitCounts
from suffice.statistics.power_map import PowerMap
from suffice.statistics.product import Product
from suffice.statistics.quantile_grid import QuantileGrid
from suffice.statistics.quantile_sketch import QuantileSketch
from suffice.statistics.reciprocal_excess import ReciprocalExcess
from suffice.statistics.scatter import Scatter
from suffice.statistics.share_excess import ShareExcess
from suffice.statistics.statistic import Statistic, Summary
from suffice.statistics.tally import Tally
from suffice.statistics.tree import MergeTree
from suffice.statistics.wrappers import AffineMap, DropMissing, OnColumns, PoissonBootstrap

__all__ = [
    "AffineMap",
    "CategoryCounts",
    "Collect",
    "CompositionExcess",
    "DropMissing",
    "Extent",
    "HashedSample",
    "Heaping",
    "Histogram",
    "LikelihoodSums",
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
    "Scatter",
    "ScoreProducts",
    "ShareExcess",
    "Statistic",
    "Summary",
    "Tally",
    "find_heaping",
]
