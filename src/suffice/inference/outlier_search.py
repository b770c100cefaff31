"""The search for outliers: one pass that keeps the rows farthest out, with p-values right for what the rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import Question
from suffice.distributions.log_normal import LogNormal
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.multivariate_normal_problem import MultivariateNormalProblem
from suffice.distributions.multivariate_student_t import MultivariateStudentT
from suffice.distributions.normal import Normal
from suffice.errors import ColumnError, NotAvailableError, ParameterError, ShapeError
from suffice.inference.asking import UsedRows, answer, source_of_columns, used_rows
from suffice.inference.distance_law import ChiSquaredLaw, DistanceLaw, Estimated, FLaw
from suffice.inference.interval import check_level
from suffice.inference.outlier_scores import DistanceScore, TailScore
from suffice.inference.outlier_table import ADJUSTMENTS, Outliers
from suffice.inference.passes import AllRows
from suffice.inference.robust_normal import robust_normal
from suffice.statistics.largest_rows import LargestRows, LargestRowsSummary

# So many rows are followed, however few are listed: Holm's procedure rarely goes farther.
FOLLOWED = 1_000
METHODS = ("classical", "robust")
STANDARD = MultivariateNormal([0.0], [[1.0]])
FITTED = "exact where the family is right, for rows that were among those fitted"
NEW = "exact where the family is right, for rows that were not fitted"
PLUGGED_IN = (
    "as if the fitted parameters were the true ones: approximate, the more so the fewer rows were fitted, and a row "
    "that was fitted draws the model toward itself"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for.

    Parameters
    ----------
    level : the adjusted p-value up to which a row is beyond
    adjust : "bonferroni", "holm" or "none"
    most : how many rows are listed
    """

    level: float
    adjust: str
    most: int

    def __post_init__(self) -> None:
        check_level(self.level)
        if self.adjust not in ADJUSTMENTS:
            raise ParameterError(f"adjust must be one of {', '.join(map(repr, ADJUSTMENTS))}, not {self.adjust!r}")
        if self.most < 1:
            raise ParameterError(f"most must be at least 1, the number of rows listed, not {self.most}")


@dataclass(frozen=True, slots=True)
class Described:
    """What the rows are, for the table: names of the columns, a title, the method, and the remarks on its law."""

    columns: tuple[str, ...]
    title: str
    method: str
    remark: str


def fit_outliers(fit: Any, data: Any, new: Any, method: str, wanted: Wanted, rng: int) -> Outliers:
    """Return the outliers among the rows of a fit, or among new ones; see `Fit.outliers`."""
    if method not in METHODS:
        raise ParameterError(f"method must be 'classical' or 'robust', not {method!r}")
    if data is not None and new is not None and method == "classical":
        raise ParameterError("pass new= (rows that were not fitted) or data= (those that were), not both")
    name, columns, where = fit.family.__name__, fit.origin.columns, fit.origin.description
    score, remark = _robust(fit, data, rng) if method == "robust" else _classical(fit, new is not None)
    if new is None:
        described = Described(columns, f"{where}, fitted by {name}", method, remark)
        return fit._ask(_search(score, fit.n, wanted, described), data)
    source = _source_of_new(new, columns)
    rows = UsedRows(source, fit.origin.view.drop_missing, source is new, fit.origin.engine)
    described = Described(columns, f"{rows.where}, new to the {name} fitted to {where}", method, remark)
    return answer(lambda extent: _search(score, extent.weight, wanted, described), rows)


def outliers(
    model: Any,
    data: Any,
    *,
    columns: Any = None,
    weights: Any = None,
    missing: str = "error",
    level: float = 0.05,
    adjust: str = "bonferroni",
    most: int = 10,
    engine: Any = None,
) -> Outliers:
    """Return the rows of data that are farthest out under a model whose parameters are known.

    The squared Mahalanobis distances d² of k normal columns are χ² with k degrees of freedom, and d²/k of Student t
    columns is F with k and df; under another model of one variable p = 2 min(P(X ≤ x), P(X ≥ x)). Where the
    parameters were estimated use `Fit.outliers`.

    Parameters
    ----------
    model : a distribution, such as MultivariateNormal(mean, covariance)
    data, columns, weights, missing, engine : as for `fit`
    level, adjust, most : as for `Fit.outliers`

    Examples
    --------
    >>> import suffice as sf
    >>> found = sf.outliers(sf.Normal(mu=0, sigma=1), [0.3, -0.2, 6.0, 1.1])
    >>> int(found.rows[0]), found.count
    (3, 1)
    """
    if isinstance(model, type) or not hasattr(model, "sample"):
        raise ParameterError(
            f"a model with known parameters is needed, such as sf.Normal(mu=0, sigma=1), not {model!r:.60}; "
            "of a fit ask fit.outliers()"
        )
    wanted = Wanted(level, adjust, most)
    rows = used_rows(data, columns, weights, missing, engine)
    score = score_of(model)
    d = score.model.dimension if isinstance(score, DistanceScore) else 1
    if len(rows.names) != d:
        raise ParameterError(
            f"the model is of {d} column{'s' * (d > 1)}, the data have {len(rows.names)}: "
            f"{', '.join(rows.names[:8])}; choose with columns="
        )
    title = f"{rows.where} under a known {type(model).__name__}"
    described = Described(rows.names, title, "classical", "exact where the parameters are known, not estimated")
    return answer(lambda extent: _search(score, extent.weight, wanted, described), rows)


@dataclass(frozen=True, slots=True)
class NormalRows:
    """What is normal of rows: themselves, their logarithms, or (x − centre)/scale of one column.

    Parameters
    ----------
    model : its distribution
    logarithm, centre, scale : as of `DistanceScore`
    """

    model: MultivariateNormal
    logarithm: bool = False
    centre: float = 0.0
    scale: float = 1.0

    def score(self, law: DistanceLaw) -> DistanceScore:
        """Return the score by distances of this law."""
        return DistanceScore(self.model, law, self.logarithm, self.centre, self.scale)


def normal_rows(model: Any) -> NormalRows | None:
    """Return what is normal of rows of a model; None if nothing is."""
    if isinstance(model, MultivariateNormal):
        return NormalRows(model)
    if isinstance(model, Normal | LogNormal):
        return NormalRows(STANDARD, isinstance(model, LogNormal), model.mu, model.sigma)
    return None


def score_of(model: Any) -> DistanceScore | TailScore:
    """Return the score under a model that is taken as known."""
    if (normal := normal_rows(model)) is not None:
        return normal.score(ChiSquaredLaw(normal.model.dimension))
    if isinstance(model, MultivariateStudentT):
        d, df = model.dimension, model.df
        return DistanceScore(model, ChiSquaredLaw(d) if np.isinf(df) else FLaw(d, df, d))
    return TailScore(model)


def _classical(fit: Any, is_new: bool) -> tuple[DistanceScore | TailScore, str]:
    """Return the score under the fitted model, and what is exact of its law."""
    normal = normal_rows(fit.model)
    if normal is None:
        return score_of(fit.model), PLUGGED_IN
    problem = fit.solution.problem
    estimated = Estimated(
        normal.model.dimension,
        fit.n,
        mean=not fit.fixed.keys() & {"mean", "mu"},
        covariance=not fit.fixed.keys() & {"covariance", "sigma"},
        structure=problem.structure if isinstance(problem, MultivariateNormalProblem) else "dense",
    )
    if is_new:
        return normal.score(estimated.law_of_new_rows()), NEW
    return normal.score(estimated.law_of_fitted_rows()), FITTED


def _robust(fit: Any, data: Any, rng: int) -> tuple[DistanceScore, str]:
    """Return the score under the robust estimate from the rows of a fit, and what is approximate of its law."""
    normal = normal_rows(fit.model)
    if normal is None:
        raise NotAvailableError(
            f"the robust way is one of normal models, and {fit.family.__name__} is none; fit sf.MultivariateNormal, "
            "sf.Normal or sf.LogNormal, or use method='classical'"
        )
    if fit.extent.weighted:
        raise NotAvailableError("the robust way takes no weights: repeat the rows, or use method='classical'")
    if fit.fixed:
        raise NotAvailableError("the robust way estimates all parameters: fit without fixed=")
    robust = fit._ask(robust_normal(normal.logarithm, rng), data)
    return DistanceScore(robust.model, robust.law, normal.logarithm), robust.remark


def _source_of_new(new: Any, columns: tuple[str, ...]) -> Any:
    """Return the source of rows that were not fitted, or say how one row is written."""
    try:
        return source_of_columns(new, columns)
    except ColumnError as error:
        if not isinstance(new, list | tuple | np.ndarray) or np.ndim(new) != 1:
            raise
        row = ", ".join(f"{value:g}" for value in new) if len(new) == len(columns) else "…"
        raise ShapeError(
            f"new= is one list of numbers, which is one column, and the fit is of {len(columns)}: "
            f"{', '.join(columns[:8])}; write one row as new=[[{row}]], a list of rows",
            columns=columns,
        ) from error


def _search(score: DistanceScore | TailScore, n: float, wanted: Wanted, described: Described) -> Question:
    """Ask for the rows farthest out; return `Outliers`."""
    cut = wanted.level if wanted.adjust == "none" else wanted.level / n
    largest = LargestRows(score, max(wanted.most, FOLLOWED), score.threshold(cut))
    found: LargestRowsSummary = yield AllRows(largest)
    p = score.p_values(found.scores)
    adjusted = _adjusted(p, found.weights, n, wanted.adjust)
    beyond = int((adjusted <= wanted.level).sum())
    followed = beyond < len(found.rows) or len(found.rows) < largest.capacity
    shown = slice(0, wanted.most)
    deviations = score.deviations(found.rows[shown])
    return Outliers(
        rows=found.numbers[shown] + 1,
        distances=score.distances(found.scores[shown]),
        p_values=p[shown],
        adjusted_p_values=adjusted[shown],
        standardized=deviations.standardized,
        conditional=deviations.conditional,
        values=found.rows[shown],
        weights=found.weights[shown],
        count=beyond if followed else max(beyond, found.beyond),
        at_least=not followed and wanted.adjust == "holm",
        n=n,
        level=wanted.level,
        adjust=wanted.adjust,
        method=described.method,
        law=f"{score.text}, {described.remark}",
        columns=described.columns,
        title=described.title,
    )


def _adjusted(p: np.ndarray, weights: np.ndarray, n: float, adjust: str) -> np.ndarray:
    """Return adjusted p-values of the smallest p of n, ascending, shape (k,); a weight of 2 is the row twice."""
    if adjust == "none":
        return p
    if adjust == "bonferroni":
        return np.minimum(n * p, 1.0)
    before = np.concatenate([[0.0], np.cumsum(weights)[:-1]]) if len(p) else np.empty(0)
    return np.minimum(np.maximum.accumulate((n - before) * p), 1.0)
