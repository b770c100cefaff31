"""One row for each statistic: a new one joins every law test through its row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from suffice.distributions.dirichlet_problem import DirichletProblem
from suffice.distributions.location_scatter import LocationScatter
from suffice.distributions.logistic import Logistic
from suffice.distributions.multivariate_student_t_sums import MultivariateStudentTSums
from suffice.distributions.normal import Normal
from suffice.linalg import Covariance
from suffice.statistics import (
    AffineMap,
    CategoryCounts,
    CellWeights,
    CircleMap,
    ClusterScores,
    Collect,
    CompositionExcess,
    DensityScores,
    DropMissing,
    Extent,
    Extremes,
    Gap,
    HashedSample,
    Histogram,
    InfluenceMoments,
    Labelled,
    LargestRows,
    LikelihoodDifferences,
    LikelihoodSums,
    LogAboveMinimum,
    LogExcess,
    LogScatter,
    Moments,
    OnColumns,
    PitCounts,
    PoissonBootstrap,
    PowerMap,
    Product,
    QuantileGrid,
    QuantileSketch,
    ReciprocalExcess,
    Scatter,
    ScoredDensity,
    ScoreProducts,
    ShareExcess,
    Tally,
    WhitenedMoments,
)
from suffice.statistics.first_outside import FirstOutside
from suffice.statistics.first_row_outside import FirstRowOutside
from suffice.statistics.quantile_grid import ColumnGrid
from suffice.statistics.row_scores import ProblemScores

THETA = np.array([[0.5, 1.0], [0.0, 2.0], [-1.0, 0.5]])
DIFFERENCES = LikelihoodDifferences(
    ScoredDensity(Normal, THETA[0], np.eye(2)), ScoredDensity(Logistic, THETA[1], np.eye(2)[1:], 0.25, 4.0)
)


class PositiveLine:
    """A support with the methods that FirstOutside and FirstRowOutside need."""

    def contains(self, x: np.ndarray) -> np.ndarray:
        return x > 0

    def contains_rows(self, rows: np.ndarray) -> np.ndarray:
        return (rows > 0).all(axis=1)


def whole_square(rows: np.ndarray) -> np.ndarray:
    """A score that many rows share: the whole part of the largest square in a row."""
    return np.floor((rows * rows).max(axis=1))


@dataclass(frozen=True)
class Row:
    """What the laws need to know of a statistic.

    name : for the test's name
    statistic : the statistic
    d : how many columns it observes; None: any number
    mismatched : statistics and numbers of columns whose empty summary must not merge with that of the row
    read : the numbers that laws compare, from a summary
    tolerance : the stated rounding, relative to the largest number of each reading; 0: the same bits
    weighted : whether it takes one set of weights
    frequencies : whether weight two equals the row twice
    values : what the data are: "any", "positive", "shares", "counts", "missing"
    """

    name: str
    statistic: Any
    d: int | None = None
    mismatched: tuple[tuple[Any, int], ...] = ()
    read: Callable[[Any], dict[str, Any]] | None = None
    tolerance: float = 1e-11
    weighted: bool = True
    frequencies: bool = True
    values: str = "any"

    def readings(self, summary: Any) -> dict[str, np.ndarray]:
        found = flat(summary) if self.read is None else self.read(summary)
        return {key: np.asarray(value) for key, value in found.items()}


def flat(summary: Any, name: str = "") -> dict[str, Any]:
    """Return all fields of a summary, nested ones too."""
    if is_dataclass(summary):
        return {k: v for f in fields(summary) for k, v in flat(getattr(summary, f.name), f"{name}.{f.name}").items()}
    if isinstance(summary, tuple):
        return {k: v for i, part in enumerate(summary) for k, v in flat(part, f"{name}[{i}]").items()}
    return {} if summary is None else {name: summary}


def extent_readings(summary: Any) -> dict[str, Any]:
    table = {f"table[{i}]": row for i, row in enumerate(summary.table)}
    return table | {k: v for k, v in flat(summary).items() if k != ".table"}


def extent_counts(summary: Any) -> dict[str, Any]:
    """The part of the first look in which order plays no role."""
    return {"minimum": summary.minimum, "maximum": summary.maximum, "weight": summary.weight}


def scatter_readings(summary: Any) -> dict[str, Any]:
    return {"weight": summary.weight, "mean": summary.mean, "scatter": summary.scatter}


def log_excess_readings(summary: Any) -> dict[str, Any]:
    return {"weight": summary.weight, "mean": summary.mean, "excess": summary.excess}


def reciprocal_excess_readings(summary: Any) -> dict[str, Any]:
    return log_excess_readings(summary.logarithms) | {"reciprocal": summary.excess}


def share_excess_readings(summary: Any) -> dict[str, Any]:
    parts = {"share": summary.share, "rest": summary.rest}
    return {f"{name} {k}": v for name, part in parts.items() for k, v in log_excess_readings(part).items()}


def composition_excess_readings(summary: Any) -> dict[str, Any]:
    found = log_excess_readings(summary.shares)
    return found | {"lowest": summary.lowest, "farthest": summary.farthest}


def moments_readings(summary: Any) -> dict[str, Any]:
    return {
        "weight": summary.weight,
        "mean": summary.mean,
        "variance": summary.variance(),
        "skewness": summary.skewness(),
        "kurtosis": summary.kurtosis(),
    }


def largest_readings(summary: Any) -> dict[str, Any]:
    return {k: v for k, v in flat(summary).items() if k != ".capacity"}


def sketch_readings(summary: Any) -> dict[str, Any]:
    """Below its capacity a sketch is exact."""
    assert summary.error == 0.0
    return {"weight": summary.weight, "quantiles": summary.quantile(np.linspace(0.0, 1.0, 21))}


def grid_readings(summary: Any) -> dict[str, Any]:
    """The counts; only they depend on the data."""
    return {"counts": summary.counts}


FRAME = LocationScatter(np.array([0.1, -0.2, 0.3]), np.zeros(3), Covariance.of(np.eye(3) + 0.2))
# 64 cells a column, a binade in 8 of them, around 0.5 and around −1.
GRID = QuantileGrid(
    tuple(ColumnGrid(j, centre, 0.5, -32 << 49, (32 << 49) - 1, 49) for j, centre in enumerate((0.5, -1.0)))
)

CATALOGUE = [
    Row("extent", Extent(), mismatched=((Extent(), 1),), read=extent_readings, frequencies=False),
    Row("scatter", Scatter(), mismatched=((Scatter(), 1),), read=scatter_readings),
    Row("scatter of one column", Scatter(), 1, ((Scatter(), 2),), scatter_readings),
    Row("scatter of points of the circle", CircleMap(Scatter()), 1, read=scatter_readings),
    Row("scatter of logarithms", LogScatter(), None, ((LogScatter(), 1),), scatter_readings, values="positive"),
    Row("excess of the logarithm", LogExcess(), 1, read=log_excess_readings, values="positive"),
    Row(
        "bootstrap of the excess of the logarithm",
        PoissonBootstrap(7, 5, LogExcess()),
        1,
        ((PoissonBootstrap(7, 4, LogExcess()), 1),),
        log_excess_readings,
        frequencies=False,
        values="positive",
    ),
    Row(
        "excess of the logarithm of reciprocals",
        PowerMap(-1.0, LogExcess()),
        1,
        read=log_excess_readings,
        values="positive",
    ),
    Row("excess of the reciprocal", ReciprocalExcess(), 1, read=reciprocal_excess_readings, values="positive"),
    Row(
        "bootstrap of the excess of the reciprocal",
        PoissonBootstrap(7, 5, ReciprocalExcess()),
        1,
        ((PoissonBootstrap(7, 4, ReciprocalExcess()), 1),),
        reciprocal_excess_readings,
        frequencies=False,
        values="positive",
    ),
    Row("excesses of a share", ShareExcess(), 1, read=share_excess_readings, values="shares"),
    Row(
        "bootstrap of the excesses of a share",
        PoissonBootstrap(7, 5, ShareExcess()),
        1,
        ((PoissonBootstrap(7, 4, ShareExcess()), 1),),
        share_excess_readings,
        frequencies=False,
        values="shares",
    ),
    Row("extremes", Extremes(), 1, ((PoissonBootstrap(7, 4, Extremes()), 1),)),
    Row(
        "bootstrap of the extremes",
        PoissonBootstrap(7, 5, Extremes()),
        1,
        ((PoissonBootstrap(7, 4, Extremes()), 1),),
        frequencies=False,
    ),
    Row(
        "logarithms above the minimum",
        LogAboveMinimum(),
        1,
        ((PoissonBootstrap(7, 4, LogAboveMinimum()), 1),),
        values="positive",
    ),
    Row(
        "bootstrap of the logarithms above the minimum",
        PoissonBootstrap(7, 5, LogAboveMinimum()),
        1,
        ((PoissonBootstrap(7, 4, LogAboveMinimum()), 1),),
        frequencies=False,
        values="positive",
    ),
    Row("weights of cells", CellWeights((-1.0, 0.0, 0.5)), 1, ((CellWeights((0.0,)), 1),)),
    Row("weights of cells at whole numbers", CellWeights((0.0, 2.0, 3.0)), 1, values="counts"),
    Row("gap", Gap(-1.0, 1.0, 512), 1, tolerance=0.0, frequencies=False),
    Row(
        "excesses of a composition",
        CompositionExcess(),
        None,
        ((CompositionExcess(), 1),),
        composition_excess_readings,
        values="shares",
    ),
    Row(
        "bootstrap of the excesses of a composition",
        PoissonBootstrap(7, 5, CompositionExcess()),
        None,
        ((PoissonBootstrap(7, 4, CompositionExcess()), 3),),
        composition_excess_readings,
        frequencies=False,
        values="shares",
    ),
    Row("counts of categories", CategoryCounts(), None, ((CategoryCounts(), 1),), values="counts"),
    Row(
        "bootstrap of the counts of categories",
        PoissonBootstrap(7, 5, CategoryCounts()),
        None,
        ((PoissonBootstrap(7, 4, CategoryCounts()), 3),),
        frequencies=False,
        values="counts",
    ),
    Row(
        "likelihood sums of the multivariate t",
        MultivariateStudentTSums(FRAME, np.zeros((2, 3)), np.array([np.eye(3), 2.0 * np.eye(3)]), np.array([1.0, 5.0])),
        3,
        ((MultivariateStudentTSums(FRAME, np.zeros((1, 3)), np.eye(3)[None], np.array([1.0])), 3),),
    ),
    Row(
        "scores of rows of shares",
        ScoreProducts(ProblemScores(DirichletProblem(object, 3), np.array([1.0, 2.0, 3.0]), np.eye(3))),
        3,
        values="shares",
    ),
    Row("first row outside", FirstRowOutside(PositiveLine()), None, tolerance=0.0, frequencies=False),
    Row("moments", Moments(), None, ((Moments(), 1),), moments_readings, tolerance=1e-9),
    Row("moments of present values", Moments(), None, ((Moments(), 1),), moments_readings, 1e-9, values="missing"),
    Row("quantile sketch", QuantileSketch(), 1, ((QuantileSketch(16), 1),), sketch_readings),
    Row("quantile grid", GRID, 2, ((QuantileGrid(GRID.grids[:1]), 2),), grid_readings, 0.0, False, False),
    Row("histogram", Histogram((-1.0, 0.0, 0.5, 2.0)), 1, ((Histogram((-1.0, 0.0, 0.5, 3.0)), 1),)),
    Row("tally", Tally(), 1, values="counts"),
    Row(
        "PIT counts",
        PitCounts(Normal, THETA, 50),
        1,
        ((PitCounts(Normal, THETA, 51), 1), (PitCounts(Normal, THETA[:2], 50), 1)),
    ),
    Row("likelihood sums", LikelihoodSums(Normal, THETA), 1, ((LikelihoodSums(Normal, THETA[:2]), 1),)),
    Row("likelihood differences", DIFFERENCES, 1, ((Scatter(), 2),), scatter_readings),
    Row("score products", ScoreProducts(DensityScores(Normal, THETA[0])), 1),
    Row("influence moments", InfluenceMoments(DensityScores(Normal, THETA[0]), np.array([0.5, -2.0])), 1),
    Row(
        "scores by cluster",
        Labelled(np.arange(1000) // 7 % 11, ClusterScores(DensityScores(Normal, THETA[0]))),
        1,
        ((Labelled(np.arange(1000), ClusterScores(DensityScores(Normal, THETA[0], chain=np.eye(2)[:1]))), 1),),
        frequencies=False,
    ),
    Row("hashed sample", HashedSample(512), None, ((HashedSample(512), 1),), tolerance=0.0, frequencies=False),
    Row(
        "largest rows",
        LargestRows(whole_square, 20, 4.0),
        None,
        ((LargestRows(whole_square, 20), 1),),
        largest_readings,
        frequencies=False,
        values="missing",
    ),
    Row(
        "whitened moments",
        WhitenedMoments(np.array([0.5, -1.0, 0.0]), Covariance.of(np.eye(3) + 0.5)),
        3,
        ((WhitenedMoments(np.zeros(1), Covariance.of([[1.0]])), 1),),
    ),
    Row("collect", Collect(), None, ((Collect(), 1),), tolerance=0.0, frequencies=False),
    Row("first outside", FirstOutside(PositiveLine()), 1, tolerance=0.0, frequencies=False),
    Row(
        "product",
        Product((Scatter(), Moments())),
        None,
        ((Product((Scatter(),)), 3), (Product((Scatter(), Moments())), 1)),
        lambda s: scatter_readings(s.parts[0]) | moments_readings(s.parts[1]),
        1e-9,
    ),
    Row("columns", OnColumns((2, 0), Scatter()), 3, ((OnColumns((1,), Scatter()), 3),), scatter_readings),
    Row("complete rows", DropMissing(Scatter()), None, ((Scatter(), 1),), scatter_readings, values="missing"),
    Row("affine map", AffineMap(0.25, 4.0, Scatter()), None, ((Scatter(), 1),), scatter_readings),
    Row(
        "bootstrap",
        PoissonBootstrap(7, 5, Scatter()),
        None,
        ((PoissonBootstrap(7, 4, Scatter()), 3),),
        scatter_readings,
        1e-9,
        frequencies=False,
    ),
    Row("bootstrap of likelihood sums", PoissonBootstrap(7, 3, LikelihoodSums(Normal, THETA)), 1, frequencies=False),
]


def ids(row: Row) -> str:
    return row.name.replace(" ", "-")


def data_for(row: Row, n: int, seed: int) -> np.ndarray:
    """Return rows that the statistic can observe, shape (n, d)."""
    rng = np.random.default_rng(seed)
    d = row.d or 3
    x = rng.normal(rng.uniform(-3, 3, d), rng.uniform(0.5, 2.0, d), (n, d))
    if row.values == "positive":
        return np.exp(x)
    if row.values == "shares":
        return 1.0 / (1.0 + np.exp(-x))
    if row.values == "counts":
        return np.floor(np.abs(4 * x))
    if row.values == "missing":
        x[rng.random(x.shape) < 0.2] = np.nan
    return x
