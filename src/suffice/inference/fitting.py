"""`fit`: from a family and data to a certified model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from suffice._typing import ColumnsLike, DataLike, WeightsLike
from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions import NAMES
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.parameter import Parameter
from suffice.distributions.plan import plan as plan_of_one_variable
from suffice.distributions.problem import Look
from suffice.engines.threads import as_engine
from suffice.errors import DataError, DataNeeded, NoMaximumError, ParameterError, ShapeError, SufficeError
from suffice.inference.assumptions import Warned, fractional_weights, order_dependence, rounding
from suffice.inference.first_look import (
    check_extent,
    check_missing_word,
    check_scale,
    refuse_outside,
    refuse_range,
    refuse_row,
    support_is_violated,
)
from suffice.inference.fit import Fit, Origin
from suffice.inference.passes import AllRows, Incomplete, Passes, View
from suffice.inference.summarizing import Summarized, SummarySession, no_sufficient_statistic
from suffice.sources import BLOCK_ROWS, as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.first_outside import FirstOutside
from suffice.statistics.first_row_outside import FirstRowOutside
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.product import Product
from suffice.statistics.scatter import Scatter

SAMPLE_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Task:
    """One family for some columns of a source.

    Parameters
    ----------
    family : what to fit
    names : the columns
    view : where they are, and what becomes of incomplete rows
    fixed : parameters that are not estimated
    where : the source, for messages
    sample : the statistic that samples rows for pilots
    """

    family: Any
    names: tuple[str, ...]
    view: View
    fixed: Mapping[str, Any]
    where: str
    sample: HashedSample


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the passes of one task gave."""

    solution: Solution
    present: ExtentSummary
    extent: ExtentSummary
    known: dict[Any, Any]
    warnings: tuple[Warned, ...]


def fit(
    family: Any,
    data: DataLike,
    *,
    columns: ColumnsLike = None,
    weights: WeightsLike = None,
    fixed: Mapping[str, Any] | None = None,
    missing: str = "error",
    engine: Any = None,
) -> Fit:
    """Fit a family to data by maximum likelihood.

    Parameters
    ----------
    family : a distribution class such as `Gamma`, or a class with bound options, `MultivariateNormal.of(…)`
    data : list, ndarray, Series, data frame, Arrow data, path or glob of CSV, Parquet, Arrow or .npy
        files, blocks, or a summary made by `summarize`
    columns : names or positions of the columns; default: all numeric ones
    weights : one frequency per row, or the name of a column that holds them (2 = the row twice)
    fixed : parameters that are known, by name: {"df": 5}
    missing : "error" (count and place them) or "drop" (leave out rows with a missing value, counted in
        the result)
    engine : where passes run; default `Threads()`

    Returns
    -------
    Fit

    Raises
    ------
    DataError
        When the data cannot be used as they are; the message names row, column or file and the remedy.
    NoMaximumError
        When the likelihood has no finite maximum and no limit that is a model.

    Examples
    --------
    >>> import suffice as sf
    >>> fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0, 7.0])
    >>> fit.model
    Normal(mu=3.5, sigma=2.291)
    >>> fit.certificate.status
    'maximum'
    """
    return fit_each([family], data, columns=columns, weights=weights, fixed=fixed, missing=missing, engine=engine)[0]


def fit_each(
    families: Sequence[Any],
    data: DataLike,
    *,
    columns: ColumnsLike = None,
    weights: WeightsLike = None,
    fixed: Mapping[str, Any] | None = None,
    missing: str = "error",
    engine: Any = None,
    each_column: bool = False,
    keep_errors: bool = False,
) -> list[Any]:
    """Fit several families, or one to each column, in lock step: they share every pass.

    Parameters
    ----------
    families : families, all fitted to the same columns
    each_column : fit every family to every column by itself, column after column
    keep_errors : return an exception in place of a fit that the data do not allow

    Returns
    -------
    list of Fit, in the order asked for
    """
    dropped = check_missing_word(missing)
    if not isinstance(fixed, Mapping | None):
        raise ParameterError(f"fixed must be a dict of names and values, such as {{'df': 5}}, not {fixed!r:.60}")
    _check_families(families)
    engine = as_engine(engine)
    if isinstance(data, Summarized):
        _refuse_for_summary(families, columns, weights, missing)
        opened, names, where, source = SummarySession(data), data.columns, data.description, None
    else:
        source = as_source(data, columns=columns, weights=weights)
        names, where = source.columns, getattr(source, "description", "the data")
        opened = engine.open(source)
    # a source that was made elsewhere may bring weights of its own
    weighted = weights is not None or source is data
    sample = HashedSample(SAMPLE_ROWS, _offered(getattr(source, "n_rows", None)))
    groups = [(j,) for j in range(len(names))] if each_column else [tuple(range(len(names)))]
    tasks = []
    for group in groups:
        view = View(group, dropped, len(group) == len(names), weighted)
        for family in families:
            chosen = tuple(names[j] for j in group)
            tasks.append(_task(family, chosen, view, dict(fixed or {}), where, sample))
    with opened as session:
        passes = Passes(session)
        outcomes = passes.run(
            [(task.view, _kept(_question(task)) if keep_errors else _question(task)) for task in tasks]
        )
    fingerprint = source.fingerprint() if source is not None else ""
    return [
        outcome if isinstance(outcome, Exception) else _fit_of(task, outcome, source, fingerprint, engine, weights)
        for task, outcome in zip(tasks, outcomes, strict=True)
    ]


def _check_families(families: Sequence[Any]) -> None:
    """Refuse what is no family, and say what to pass."""
    for family in families:
        if not hasattr(family, "parameters"):
            raise ParameterError(_family_needed(family))
        if not hasattr(family, "__name__"):
            raise ParameterError(
                f"a family is needed, not one distribution of it ({family!r}); "
                f"pass the class sf.{type(family).__name__}"
            )


def _family_needed(family: Any) -> str:
    """Return what to pass instead of something that is no family."""
    if isinstance(family, str):
        bare = {name.lower(): name for name in NAMES}
        close = get_close_matches(family.lower().replace("_", "").replace("-", ""), bare, n=1)
        hint = f"pass sf.{bare[close[0]]} itself" if close else f"the families are {', '.join(NAMES)}"
        return f"a family is needed, not its name {family!r}; {hint}"
    return f"a family is needed (such as sf.Normal), not {type(family).__name__}; the order is fit(family, data)"


def _refuse_for_summary(families: Sequence[Any], columns: Any, weights: Any, missing: str) -> None:
    """Refuse families and options that only data can follow."""
    for family in families:
        if family.sufficient is None:
            raise DataNeeded(no_sufficient_statistic(family.__name__))
    given = {"columns": columns is not None, "weights": weights is not None, "missing": missing != "error"}
    for name, is_given in given.items():
        if is_given:
            raise ParameterError(f"{name}= was decided when the data were summarized; pass it to sf.summarize instead")


def _kept(question: Question) -> Question:
    """Turn an error of ours into a result, so that the other questions go on."""
    try:
        return (yield from question)
    except SufficeError as error:
        return error


def _offered(rows: int | None) -> int:
    """Return how many rows a block offers to the sample: four times what is kept, spread over the blocks."""
    if rows is None or rows <= 4 * BLOCK_ROWS:
        return SAMPLE_ROWS
    return max(8, 4 * SAMPLE_ROWS * BLOCK_ROWS // rows)


def _task(
    family: Any, names: tuple[str, ...], view: View, fixed: dict[str, Any], where: str, sample: HashedSample
) -> Task:
    if family.variables == 1 and len(names) > 1:
        raise ShapeError(
            f"{family.__name__} is a distribution of one variable, but {where} has the columns "
            f"{', '.join(map(repr, names[:8]))}{', …' if len(names) > 8 else ''}; choose one with "
            f"columns={names[0]!r}, or fit all together with sf.MultivariateNormal"
        )
    known = [parameter.name for parameter in family.parameters]
    for name in fixed:
        if name not in known:
            raise ParameterError(
                f"{family.__name__} has no parameter {name!r}; its parameters are {', '.join(known)}",
                name=name,
            )
    bound = dict(family.bound)
    for name in bound.keys() & fixed.keys():
        if fixed[name] != bound[name]:
            raise ParameterError(
                f"{family.__name__} binds {name}, and fixed={{{name!r}: {fixed[name]!r}}} differs", name=name
            )
    fixed = bound | fixed
    for parameter in family.parameters:
        if parameter.name in fixed and isinstance(parameter, Parameter):
            fixed[parameter.name] = parameter.check(fixed[parameter.name], family.__name__)
    _bind(family, fixed)
    return Task(family, names, view, fixed, where, sample)


def _bind(family: Any, fixed: dict[str, Any]) -> None:
    """Fix the parameters that a fit does not seek at their defaults; refuse where one has none."""
    for parameter in family.parameters:
        if isinstance(parameter, Parameter) and not parameter.estimated and parameter.name not in fixed:
            if parameter.default is None:
                name, option = family.__name__, f"{parameter.name}=…"
                raise ParameterError(
                    f"{name} needs to know {parameter.name}, {parameter.meaning}: pass sf.{name}.of({option})",
                    name=parameter.name,
                )
            fixed[parameter.name] = parameter.default


def _question(task: Task) -> Question:
    """Ask all that a fit needs; return an Outcome."""
    family = task.family
    ends = [limit for _, limit in family.limits.values() if limit is not None]
    needed = [family.sufficient, *[limit.sufficient for limit in ends]]
    wanted = list(dict.fromkeys(statistic for statistic in needed if statistic is not None))
    first = Product((AllRows(Extent()), Incomplete(Extent()), Extent(), task.sample, *wanted))
    raw, present, extent, sample, *rest = (yield first).parts
    check_extent(raw, present, task.names, task.where, task.view.drop_missing)
    if not extent.weight > 0:
        raise DataError(
            f"{task.where}: every row has a missing value in one of the columns {', '.join(map(repr, task.names))}, "
            "so none is left after dropping; drop the column that is missing most"
        )
    yield from _check_support(task, extent, rest, rows_are_there=sample is not None)
    support = family.support_given(task.fixed)
    if Scatter() in wanted and (support is None or bool(support.contains(np.array([-1.0])).all())):
        check_scale(extent, task.names, task.where)
    look = Look(
        n=extent.weight,
        minimum=float(extent.minimum[0]),
        maximum=float(extent.maximum[0]),
        sample=None if sample is None else sample.block(),
        sample_is_all=sample is not None and sample.complete,
        column=task.names[0],
        names=task.names,
    )
    fixed = dict(task.fixed)
    with np.errstate(all="ignore"):
        question = family.plan(look, fixed) if family.plan is not None else plan_of_one_variable(family, look, fixed)
        solution = yield from _named(question, task)
    _require_likelihood(solution, task)
    warnings = order_dependence(extent, task.names, sample) + fractional_weights(extent, sample)
    if sample is not None:
        warnings += rounding(sample.rows, task.names, family)
    known = dict(zip(wanted, rest, strict=True))
    return Outcome(solution, present, extent, known, tuple(warnings))


def _require_likelihood(solution: Solution, task: Task) -> None:
    """Refuse to hand over a model under which the data are impossible, or whose likelihood is not a number."""
    if np.isfinite(solution.value):
        return
    fixed = ", ".join(f"{name} = {value}" for name, value in task.fixed.items())
    raise DataError(
        f"{task.where}: no parameters of {task.family.__name__} were found under which the data in "
        f"{', '.join(map(repr, task.names))} have a positive likelihood"
        + (f"; they may be impossible under the fixed {fixed}" if fixed else "; their range may be too extreme for it")
    )


def _named(question: Question, task: Task) -> Question:
    """Give an error of a plan its certificate."""
    try:
        return (yield from question)
    except NoMaximumError as error:
        if not hasattr(error, "certificate"):
            nothing = np.empty(0)
            error.certificate = OptimumCertificate(  # type: ignore[attr-defined]
                "no finite maximum", "global", np.inf, nothing, nothing, np.inf, error.message
            )
        raise


def _check_support(task: Task, extent: ExtentSummary, rest: Sequence[Any], rows_are_there: bool) -> Question:
    """Refuse a value outside the support, naming its row where there are rows; costs a pass only when there is one."""
    support = task.family.support_given(task.fixed)
    if support is not None and task.family.variables is None:
        if not support.holds(rest[0]):
            first = (yield AllRows(FirstRowOutside(support))) if rows_are_there else None
            refuse_row(task.family, support, first, task.names, task.where)
        return
    if support is None or len(task.names) != 1:
        return
    outside = support_is_violated(support, extent)
    tally = rest[0] if task.family.sufficient is not None else None
    if not outside and support.integer:
        outside = tally is None or tally.overflowed or not bool(support.contains(tally.values).all())
    if not outside:
        return
    if rows_are_there:
        refuse_outside(task.family, support, (yield AllRows(FirstOutside(support))), task.names[0], task.where)
    elif tally is not None and tally.overflowed:
        raise DataNeeded(f"{task.where} has more distinct values than a summary counts; fit the data themselves")
    else:
        refuse_range(task.family, support, extent, task.names[0], task.where)


def _fit_of(task: Task, outcome: Outcome, source: Any, fingerprint: str, engine: Any, weights: Any) -> Fit:
    solution = outcome.solution
    keep = source if source is not None and not getattr(source, "one_shot", False) else None
    return Fit(
        family=task.family,
        model=solution.model,
        log_likelihood=float(solution.value),
        n=float(outcome.extent.weight),
        dropped=outcome.present.rows - outcome.extent.rows,
        fixed=task.fixed,
        certificate=certificate_of(task.family, solution),
        warnings=outcome.warnings,
        extent=outcome.extent,
        solution=solution,
        origin=Origin(
            keep, fingerprint, task.where, task.names, task.view, engine, weights if isinstance(weights, str) else ""
        ),
        known=outcome.known,
    )


def certificate_of(family: Any, solution: Solution) -> OptimumCertificate:
    """Return the certificate of a solution: what kind of point it is, and how far that was looked for."""
    scope = family.scope
    if scope != "global" or not (solution.status or set(family.scope_needs) <= set(solution.problem.names)):
        scope = f"best of {solution.starts} starts, {solution.agree} agree" if solution.starts > 1 else "local"
    return solution.problem.certificate(solution, scope, family.region)
