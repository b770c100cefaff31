"""A comparison on one screen: the table, how far the runner-up is, and what would make it wrong."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from suffice.errors import SufficeError, counted
from suffice.inference.choosing import CRITERIA
from suffice.inference.fit_text import WIDTH, warning_lines
from suffice.inference.p_value_text import p_value_text

# Of the difference of BIC between two models, the evidence for the lower (Kass and Raftery 1995, section 3.2).
_BIC_WORDS = ((2.0, "hardly any evidence"), (6.0, "positive evidence"), (10.0, "strong evidence"))
_BIC_MOST = "very strong evidence"
# Of the difference of AIC, the support that is left for the higher (Burnham and Anderson 2002, section 2.6).
_AIC_WORDS = (
    (2.0, "which has substantial support too"),
    (4.0, "which has some support too"),
    (7.0, "which has considerably less support"),
    (10.0, "which has little support"),
)
_AIC_MOST = "which has essentially no support"
MOST_REASON = 300


def comparison_text(comparison: Any) -> str:
    """Return the printed form of a comparison."""
    lines = [title_line(comparison), "", *table_lines(comparison), ""]
    below = [*verdict_lines(comparison), *_choice_lines(comparison), *left_lines(comparison), *_warnings(comparison)]
    for line in below:
        lines += textwrap.wrap(f"  {line}", WIDTH, subsequent_indent="    ", break_long_words=False)
    return "\n".join(lines)


def title_line(comparison: Any) -> str:
    """Return how many families were compared, on what, and by which criterion."""
    title = f"{counted(len(comparison.rows), 'family').replace('familys', 'families')} compared by "
    title += f"{CRITERIA[comparison.criterion]} (lower is better)"
    if not len(comparison):
        return title
    fit = comparison.fits[0]
    return f"{title}: {', '.join(fit.origin.columns[:6])} of {fit.origin.description}, n = {fit.n:,.15g}"


def table_cells(comparison: Any) -> list[list[str]]:
    """Return the table of the families that were fitted, its heads first; the last column is the certificate."""
    rows = [row for row in comparison.rows if row.fit is not None]
    if not rows:
        return []
    tests = comparison.goodness_of_fit if comparison.tested is not None else ()
    shown = dict.fromkeys(["aic", "bic", comparison.criterion])
    heads = ["family", "log-lik.", "free", *[CRITERIA[name] for name in shown], "difference", "weight"]
    heads += ["p of fit", "off by"] if tests else []
    table = [[*heads, "certificate"]]
    for number, row in enumerate(rows):
        cells = [row.name, f"{row.fit.log_likelihood:.2f}", f"{row.fit.free_parameters}"]
        cells += [f"{getattr(row.fit, name):.2f}" for name in shown]
        cells += [_blank(row.difference, ".2f"), "" if row.same_as else _blank(row.weight, ".3f")]
        cells += _tested(tests[number]) if tests else []
        table.append([*cells, _status(row)])
    return table


def table_lines(comparison: Any) -> list[str]:
    """Return the table of the families that were fitted, its columns aligned."""
    table = table_cells(comparison)
    wide = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for name, *numbers, end in table:
        aligned = "  ".join(f"{cell:>{w}}" for cell, w in zip(numbers, wide[1:-1], strict=True))
        lines.append(f"  {name:<{wide[0]}}  {aligned}  {end}".rstrip())
    return lines


def verdict_lines(comparison: Any) -> list[str]:
    """Return which family is best, how far the next is, and what that does not say."""
    ranked = [row for row in comparison.rows if row.fit is not None and not math.isnan(row.difference)]
    if not ranked:
        return ["no family has a fit with the highest likelihood that it has"]
    best, *others = ranked
    following = [row for row in others if not row.same_as]
    lines = [f"{best.name} is best{_behind(best, following[0], comparison.criterion) if following else ''}"]
    if any(row.status in ("no finite maximum", "boundary") for row in ranked):
        lines.append(
            "a family whose likelihood is highest at a limit or a bound counts as what it becomes there, with all its "
            "parameters; where that family is in the table too, they are one model, which is weighted once"
        )
    lines += dict.fromkeys(_another_name(row) for row in ranked if row.same_as and not row.fit.is_at_limit)
    tested = comparison.goodness_of_fit[0] if comparison.tested is not None else None
    if (effect := getattr(tested, "effect", None)) is not None:
        lines.append(f"{best.name}: {effect}")
    if comparison.tested is not None:
        lines += _test_lines(comparison, best.name)
    return lines


def _choice_lines(comparison: Any) -> list[str]:
    """Return what the choice makes wrong."""
    first = comparison.rows[0]
    if len(comparison.rows) < 2 or math.isnan(first.difference):
        return []
    return [
        f"p-values and intervals of {first.name} do not account for this choice, unless a bootstrap repeats it; "
        "the best of these need not fit"
    ]


def _test_lines(comparison: Any, best: str) -> list[str]:
    """Return what the tests of fit in the table are of, and that of the best where the choice is repeated."""
    found = [one for one in comparison.goodness_of_fit if not isinstance(one, SufficeError)]
    lines = []
    if found:
        lines.append("p of fit: each family tested as if it were the only one")
    for step in dict.fromkeys(one.step for one in found if one.step_found and one.step is not None):
        lines[0] += f", of rounded values, whose step {step:g} was found in the data: "
        lines[0] += "fit.goodness_of_fit(rounding=…) takes another"
    if (repeated := comparison.goodness_of_fit_with_choice) is not None:
        lines.append(f"{best}, the choice repeated: {repeated.p_text()}; {repeated.method}")
    return lines


def _behind(best: Any, following: Any, criterion: str) -> str:
    """Return how far the runner-up is, in words."""
    by, name = following.difference, CRITERIA[criterion]
    words, most = (_BIC_WORDS, _BIC_MOST) if criterion == "bic" else (_AIC_WORDS, _AIC_MOST)
    said = next((word for limit, word in words if by < limit), most)
    if criterion == "bic":
        return f": {name} is {by:.2f} higher for {following.name}, {said} against it"
    return f": {name} is {by:.2f} higher for {following.name}, {said}"


def left_lines(comparison: Any) -> list[str]:
    """Return why fits are not ranked, and families not fitted."""
    lines = []
    for row in comparison.rows:
        reason = textwrap.shorten(row.reason, MOST_REASON, placeholder=" …")
        if row.fit is None:
            lines.append(f"{row.name} was not fitted: {reason}")
        elif math.isnan(row.difference):
            lines.append(f"{row.name} is not ranked, {row.status}: {reason}")
    if comparison.tested is not None:
        withheld = [(fit, found) for fit, found in zip(comparison.fits, comparison.goodness_of_fit, strict=True)]
        lines += [
            f"{fit.family.__name__} has no test of fit: {found}"
            for fit, found in withheld
            if isinstance(found, SufficeError)
        ]
    if comparison.picked is not None:
        lines.append(f"the families were picked for {comparison.picked.kind}: {comparison.picked.reason}")
    return lines


def _warnings(comparison: Any) -> list[str]:
    """Return what is wrong with the data, as the best fit says it."""
    if not len(comparison):
        return []
    fit = comparison.fits[0]
    said = [line for line, warning in zip(warning_lines(fit), fit.warnings, strict=True) if warning.kind != "choice"]
    return [f"! {line}" for line in said]


def _blank(number: float, form: str) -> str:
    return "" if math.isnan(number) else f"{number:{form}}"


def _status(row: Any) -> str:
    return f"{row.status} (as {row.same_as})" if row.same_as else str(row.status)


def _another_name(row: Any) -> str:
    """Say of a row that repeats a model, without having gone to a limit of its family, which one it is."""
    twice = f"{row.name} is in the table more than once"
    said = twice if row.name == row.same_as else f"{row.name} is {row.same_as} by another name"
    return f"{said}: one model, which is weighted once"


def _tested(found: Any) -> list[str]:
    """Return the p-value of a test of fit, and the largest difference of the distribution functions."""
    if isinstance(found, SufficeError):
        return ["withheld", ""]
    return [p_value_text(found.p_value, bare=True), "" if found.effect is None else f"{found.effect.distance:.1%}"]
