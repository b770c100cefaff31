"""`compare`: families fitted to the same data in lock step, or fits already made, ranked by a criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suffice._typing import ColumnsLike, DataLike, WeightsLike
from suffice.distributions.family_names import plain
from suffice.errors import DataNeeded, ParameterError, SufficeError
from suffice.inference.candidates import is_auto
from suffice.inference.choosing import check_criterion
from suffice.inference.comparison import Comparison, RequestedTest, comparison_of
from suffice.inference.criteria import DEFAULT
from suffice.inference.fit import Fit
from suffice.inference.fitting import fit_groups
from suffice.inference.goodness_of_fit_choice import check_method
from suffice.inference.reading import as_family
from suffice.inference.same_data import require_one_kind, require_same_data


def compare(
    families: Sequence[Any] | str,
    data: DataLike = None,
    *,
    columns: ColumnsLike = None,
    weights: WeightsLike = None,
    fixed: Mapping[Any, Mapping[str, Any]] | None = None,
    missing: str = "error",
    engine: Any = None,
    criterion: str = DEFAULT,
    goodness_of_fit: str | bool = False,
    replicates: int = 999,
    rng: int = 0,
) -> Comparison:
    """Compare families on the same data, by likelihood; or fits of the same data that are there already.

    All families share each pass over the data. A family that cannot be fitted is listed with its reason. Families of
    counts and densities are not compared with each other, for their likelihoods have different units.

    Parameters
    ----------
    families : families or their names, or fits (then without data); or "auto": those that suit the values
        (`suffice.inference.candidates` says which)
    data, columns, weights, missing, engine : as for `fit`
    fixed : of a family, its known parameters: {sf.StudentT: {"df": 5}}
    criterion : by which to rank: "bic", "aic" or "aicc"
    goodness_of_fit : whether to test the fit of each family, or by which method ("anderson-darling"): computed when
        the table is printed, for each family as if it were the only one; a line below the table says the p-value of
        the best where each sample repeats the choice
    replicates, rng : of that test

    Returns
    -------
    Comparison
        A table to print, `.best`, `.fits`, and `.test(a, b)` between two models.

    Raises
    ------
    DataError
        The data cannot be used, or the fits are not of the same data.

    Examples
    --------
    >>> import suffice as sf
    >>> comparison = sf.compare([sf.LogNormal, sf.Weibull, sf.Gamma], sf.datasets.path("groundbeef"))
    >>> comparison.best.model
    Gamma(shape=4.008, rate=0.05443)
    >>> [fit.family.__name__ for fit in comparison]
    ['Gamma', 'Weibull', 'LogNormal']
    """
    check_criterion(criterion)
    method = goodness_of_fit if isinstance(goodness_of_fit, str) else None
    check_method(method)
    tested = RequestedTest(method, replicates, rng) if goodness_of_fit else None
    _check_list(families)
    if not isinstance(families, str) and any(isinstance(family, Fit) for family in families):
        given = (data, columns, weights, fixed, engine)
        return _of_fits(families, criterion, tested, any(part is not None for part in given))
    if data is None:
        raise DataNeeded("compare needs the data after the families: sf.compare([sf.Normal, sf.Gamma], data)")
    if not is_auto(families):
        families = [as_family(family) for family in families]
        require_one_kind(families)
    known = _fixed_of(families, fixed)
    (group,) = fit_groups(
        families,
        data,
        columns=columns,
        weights=weights,
        fixed=known,
        missing=missing,
        engine=engine,
        keep_errors=True,
    )
    if (error := _common_error(group.found)) is not None:
        raise error
    return comparison_of(group.families, group.found, criterion, group.candidates, tested)


def _check_list(families: Any) -> None:
    """Refuse what is no list of families or fits, nor "auto"."""
    if isinstance(families, str) and not is_auto(families):
        raise ParameterError(f"families must be a list such as [sf.Normal, sf.Gamma], or 'auto', not {families!r:.40}")
    if isinstance(families, Fit) or hasattr(families, "parameters"):
        raise ParameterError(
            "there is nothing to compare one with: pass a list of several, such as [sf.Normal, sf.Gamma]"
        )
    if not len(families):
        raise ParameterError("the list of families is empty: pass some, such as [sf.Normal, sf.Gamma]")


def _of_fits(fits: Sequence[Any], criterion: str, tested: RequestedTest | None, more: bool) -> Comparison:
    """Compare fits that are there."""
    others = [fit for fit in fits if not isinstance(fit, Fit)]
    if others:
        raise ParameterError(f"pass families with the data, or fits alone; {others[0]!r:.60} stands beside fits")
    if more:
        raise ParameterError("fits carry their data: pass fits alone, or families and data")
    require_one_kind([fit.family for fit in fits])
    for fit in fits[1:]:
        require_same_data(fits[0], fit)
    return comparison_of([fit.family for fit in fits], fits, criterion, None, tested)


def _fixed_of(families: Sequence[Any] | str, fixed: Mapping[Any, Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Return the fixed parameters of each family."""
    if not fixed:
        return [] if isinstance(families, str) else [{}] * len(families)
    if isinstance(families, str):
        raise ParameterError("fixed= needs families that are named, in place of 'auto'")
    of_name: dict[Any, Any] = {plain(family.__name__): family for family in list(families)}
    named = {of_name.get(plain(key), key) if isinstance(key, str) else key: value for key, value in fixed.items()}
    unknown = [key for key in named if key not in list(families)]
    if unknown or not all(isinstance(value, Mapping) for value in fixed.values()):
        raise ParameterError(
            "fixed must say of which family a parameter is known, such as {sf.StudentT: {'df': 5}}, with families that "
            f"are compared, not {fixed!r:.80}"
        )
    return [named.get(family, {}) for family in families]


def _common_error(found: Sequence[Any]) -> SufficeError | None:
    """Return the error that every family met, which is one of the data."""
    if all(isinstance(fit, SufficeError) for fit in found) and len({str(fit) for fit in found}) == 1:
        return found[0]
    return None
