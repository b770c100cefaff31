"""`fit`: from a family and data to a certified model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice._typing import ColumnsLike, DataLike, WeightsLike
from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.parameter import Parameter
from suffice.distributions.plan import plan as plan_of_one_variable
from suffice.distributions.problem import Look
from suffice.engines.threads import as_engine
from suffice.errors import DataError, DataNeeded, NoMaximumError, ParameterError, ShapeError, SufficeError
from suffice.inference.assumptions import Warned, fractional_weights, order_dependence, rounding
from suffice.inference.candidates import AUTO, is_auto, suitable
from suffice.inference.choosing import Group, chosen
from suffice.inference.first_look import (
    check_extent,
    check_missing_word,
    check_scale,
    refuse_outside,
    refuse_range,
    refuse_row,
    support_is_violated,
)
from suffice.inference.fit import Fit
from suffice.inference.fit_passes import Origin
from suffice.inference.passes import AllRows, Incomplete, Passes, View
from suffice.inference.reading import Reading, as_family, reading_of
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.first_outside import FirstOutside
from suffice.statistics.first_row_outside import FirstRowOutside
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.product import Product
from suffice.statistics.scatter import Scatter


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
    family : a distribution class such as `Gamma`, or its name, "gamma"; a class with bound options,
        `MultivariateNormal.of(…)`; or "auto": the best by BIC of the families that suit the values (see
        `suffice.inference.candidates`)
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
    if not is_auto(family):
        return fit_each([family], data, columns=columns, weights=weights, fixed=fixed, missing=missing, engine=engine)[
            0
        ]
    if fixed:
        raise ParameterError("fixed= needs a family: name the one whose parameter is known, in place of 'auto'")
    (group,) = fit_groups(AUTO, data, columns=columns, weights=weights, missing=missing, engine=engine)
    best = chosen(group)
    if isinstance(best, SufficeError):
        raise best
    return best


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
    families : families or their names, all fitted to the same columns
    each_column : fit every family to every column by itself, column after column
    keep_errors : return an exception in place of a fit that the data do not allow

    Returns
    -------
    list of Fit, in the order asked for
    """
    if isinstance(families, str):
        raise ParameterError(f"a list of families is needed, not {families!r:.40}; sf.compare picks them by 'auto'")
    if not isinstance(fixed, Mapping | None):
        raise ParameterError(f"fixed must be a dict of names and values, such as {{'df': 5}}, not {fixed!r:.60}")
    groups = fit_groups(
        families,
        data,
        columns=columns,
        weights=weights,
        fixed=[fixed or {}] * len(families),
        missing=missing,
        engine=engine,
        each_column=each_column,
        keep_errors=keep_errors,
    )
    return [fit for group in groups for fit in group.found]


def fit_groups(
    families: Sequence[Any] | str,
    data: DataLike,
    *,
    columns: ColumnsLike = None,
    weights: WeightsLike = None,
    fixed: Sequence[Mapping[str, Any]] = (),
    missing: str = "error",
    engine: Any = None,
    each_column: bool = False,
    keep_errors: bool = False,
) -> list[Group]:
    """Fit several families in lock step; return a `Group` for each column, or one for all columns jointly.

    Parameters
    ----------
    families : families or their names, or "auto": those that suit the values of each column; errors of these are kept
    data, columns, weights, missing, engine, each_column, keep_errors : as for `fit_each`
    fixed : of each family, its fixed parameters
    """
    dropped = check_missing_word(missing)
    if not is_auto(families):
        families = [as_family(family) for family in families]
    reading = reading_of(families, data, columns, weights, missing, as_engine(engine))
    names = reading.names
    positions = [(j,) for j in range(len(names))] if each_column else [tuple(range(len(names)))]
    views = [View(group, dropped, len(group) == len(names), reading.weighted) for group in positions]
    picked: list[Any] = [None] * len(views)
    asked = [] if is_auto(families) else [_tasks(reading, view, families, fixed) for view in views]
    with reading.opened as session:
        passes = Passes(session)
        if is_auto(families):
            picked = passes.run([(view, _kept(_suitable(reading, view))) for view in views])
            asked = [
                [] if isinstance(found, SufficeError) else _tasks(reading, view, found.families, ())
                for view, found in zip(views, picked, strict=True)
            ]
            keep_errors = True
        questions = [(task.view, _question(task)) for tasks in asked for task in tasks]
        outcomes = passes.run([(view, _kept(asks) if keep_errors else asks) for view, asks in questions])
    return _groups(reading, views, asked, picked, outcomes)


def _groups(
    reading: Reading,
    views: Sequence[View],
    asked: Sequence[Sequence[Task]],
    picked: Sequence[Any],
    outcomes: Sequence[Outcome | SufficeError],
) -> list[Group]:
    """Put the outcomes of all tasks together, view by view.

    Parameters
    ----------
    asked : of each view, its tasks
    picked : of each view, the candidates that these are, or the error in their place; None where they were named
    """
    fingerprint = reading.source.fingerprint() if reading.source is not None else ""
    groups, following = [], iter(outcomes)
    for view, tasks, candidates in zip(views, asked, picked, strict=True):
        found: list[Fit | SufficeError] = []
        for task in tasks:
            outcome = next(following)
            kept = outcome if isinstance(outcome, SufficeError) else _fit_of(task, outcome, reading, fingerprint)
            found.append(kept)
        columns, families = reading.columns_of(view), tuple([task.family for task in tasks])
        if isinstance(candidates, SufficeError):
            groups.append(Group(columns, (), (candidates,)))
        else:
            groups.append(Group(columns, families, tuple(found), candidates))
    return groups


def _tasks(reading: Reading, view: View, families: Sequence[Any], fixed: Sequence[Mapping[str, Any]]) -> list[Task]:
    names = reading.columns_of(view)
    each = fixed or [{}] * len(families)
    pairs = zip(families, each, strict=True)
    return [_task(family, names, view, dict(known), reading.where, reading.sample) for family, known in pairs]


def _suitable(reading: Reading, view: View) -> Question:
    """Ask which families suit a column; return its `Candidates`."""
    names = reading.columns_of(view)
    look = Product((AllRows(Extent()), Incomplete(Extent()), Extent(), reading.sample))
    raw, present, extent, sample = (yield look).parts
    _check_look(raw, present, extent, names, reading.where, view)
    if len(names) > 1:
        raise ShapeError(
            f"'auto' chooses among families of one variable, but {reading.where} has the columns "
            f"{', '.join(map(repr, names[:8]))}{', …' if len(names) > 8 else ''}; choose one with columns={names[0]!r}"
        )
    return (yield from suitable(extent, sample.rows, names[0]))


def _kept(question: Question) -> Question:
    """Turn an error of ours into a result, so that the other questions go on."""
    try:
        return (yield from question)
    except SufficeError as error:
        return error


def _task(
    family: Any, names: tuple[str, ...], view: View, fixed: dict[str, Any], where: str, sample: HashedSample
) -> Task:
    if family.variables == 1 and len(names) > 1:
        raise ShapeError(
            f"{family.__name__} is a distribution of one variable, but {where} has the columns "
            f"{', '.join(map(repr, names[:8]))}{', …' if len(names) > 8 else ''}; choose one with "
            f"columns={names[0]!r}, or fit each by itself with sf.fit_each([sf.{family.__name__}], data, "
            "each_column=True), or all together with sf.MultivariateNormal"
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
    # a family that cannot be fitted says so here
    family.law_given(fixed)
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
    _check_look(raw, present, extent, task.names, task.where, task.view)
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


def _check_look(
    raw: ExtentSummary, present: ExtentSummary, extent: ExtentSummary, names: Sequence[str], where: str, view: View
) -> None:
    """Refuse data to which nothing can be fitted."""
    check_extent(raw, present, names, where, view.drop_missing)
    if not extent.weight > 0:
        raise DataError(
            f"{where}: every row has a missing value in one of the columns {', '.join(map(repr, names))}, "
            "so none is left after dropping; drop the column that is missing most"
        )


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
        if error.certificate is None:
            nothing = np.empty(0)
            error.certificate = OptimumCertificate(
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
    if not outside and task.family.discrete:
        outside = tally is None or tally.overflowed or not bool(support.contains(tally.values).all())
    if not outside:
        return
    if rows_are_there:
        refuse_outside(task.family, support, (yield AllRows(FirstOutside(support))), task.names[0], task.where)
    elif tally is not None and tally.overflowed:
        raise DataNeeded(f"{task.where} has more distinct values than a summary counts; fit the data themselves")
    else:
        refuse_range(task.family, support, extent, task.names[0], task.where)


def _fit_of(task: Task, outcome: Outcome, reading: Reading, fingerprint: str) -> Fit:
    solution, source = outcome.solution, reading.source
    keep = source if source is not None and not getattr(source, "one_shot", False) else None
    given = reading.given if keep is not None else None
    where = Origin(keep, fingerprint, task.where, task.names, task.view, reading.engine, reading.weights, given)
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
        origin=where,
        known=outcome.known,
    )


def certificate_of(family: Any, solution: Solution) -> OptimumCertificate:
    """Return the certificate of a solution: what kind of point it is, and how far that was looked for."""
    scope = family.scope
    if scope != "global" or not (solution.status or set(family.scope_needs) <= set(solution.problem.names)):
        scope = f"best of {solution.starts} starts, {solution.agree} agree" if solution.starts > 1 else "local"
    return solution.problem.certificate(solution, scope, family.region)
