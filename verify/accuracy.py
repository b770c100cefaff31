"""How many digits the log densities, tails, quantiles and moments of each family have, against 50 digits."""

from __future__ import annotations

import math
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mpmath
import scipy

from suffice.engines.threads import cores
from verify.accuracy_cases import CASES, Case
from verify.accuracy_errors import (
    DIGITS,
    FUNCTIONS,
    Error,
    errors_of,
    grid,
    ours,
    quantile_errors,
    scipys,
    truths,
)
from verify.accuracy_moments import moment_errors
from verify.accuracy_rows import CASES as ROWS_CASES
from verify.accuracy_rows import RowsCase, row_errors
from verify.code_hash import code_hash

UNIT = 1e-16
ALLOWED = 1e-12
COLUMNS = (*FUNCTIONS, "quantile", "moments")
# What is worse than ALLOWED, by family and column, and why.
EXCEPTIONS: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Row:
    """What was found of a family: our worst error by column, and the errors of SciPy's functions."""

    name: str
    points: str
    compared: int
    left_out: int
    ours: dict[str, float]
    scipy: list[Error]


def of_one_variable(case: Case) -> Row:
    """Compare a family of one variable at all its points."""
    warnings.simplefilter("ignore")  # SciPy's, of logarithms of 0
    found: list[Error] = []
    quantiles: list[Error] = []
    others: list[Error] = []
    compared = left_out = 0
    for theta in case.points:
        model, known = case.family(*theta), truths(case, theta)
        compared += len(known)
        left_out += len(grid(model)) - len(known)
        found += errors_of(case, theta, known, ours(model))
        quantiles += quantile_errors(case, theta, known)
        frozen = case.scipy(*theta)
        if frozen is not None:
            seen = [t for t in known if t.x <= case.scipy_until]
            others += errors_of(case, theta, seen, scipys(model, frozen))
    worst = {name: max(e.error for e in found if e.function == name) for name in FUNCTIONS}
    worst |= {"quantile": max(e.error for e in quantiles), "moments": max(moment_errors(case, case.points[0]).values())}
    return Row(case.name, written(case.points), compared, left_out, worst, others)


def of_several_variables(case: RowsCase) -> Row:
    """Compare the log density of a family of several variables."""
    pairs = list(row_errors(case))
    others = [other for _, other in pairs if other is not None]
    return Row(case.name, "", len(pairs), 0, {"logpdf": max(own.error for own, _ in pairs)}, others)


def written(points: tuple[tuple[float, ...], ...]) -> str:
    return "; ".join(", ".join(f"{t:.15g}" for t in theta) for theta in points)


def compare(number: int) -> Row:
    """Compare the family of this number, those of one variable first."""
    if number < len(CASES):
        return of_one_variable(CASES[number])
    return of_several_variables(ROWS_CASES[number - len(CASES)])


def in_units(error: float | None) -> str:
    if error is None:
        return "–"
    if error >= 1.0:  # no digit, of which the number of units says no more
        return "∞" if math.isinf(error) else "> 1e16"
    return f"{error / UNIT:.2g}"


def line(row: Row) -> str:
    """Return the line of the table: our worst errors, then SciPy's."""
    theirs = [[e.error for e in row.scipy if e.function == name] for name in FUNCTIONS]
    cells = [in_units(row.ours.get(name)) for name in COLUMNS]
    cells += [in_units(max(errors) if errors else None) for errors in theirs]
    return f"| {row.name} | {row.compared} | {' | '.join(cells)} |"


def losses(row: Row) -> list[Error]:
    """Return SciPy's worst finite error, and the least far point where it is infinite, where they exceed ALLOWED."""
    wrong = [e for e in row.scipy if e.error > ALLOWED]
    finite = [e for e in wrong if math.isfinite(e.error)]
    infinite = [e for e in wrong if math.isinf(e.error)]
    worst = [max(finite, key=lambda e: e.error)] if finite else []
    return worst + ([min(infinite, key=lambda e: abs(e.truth))] if infinite else [])


def loss_line(loss: Error) -> str:
    theta = ", ".join(f"{t:.15g}" for t in loss.theta)
    x = ", ".join(f"{t:.6g}" for t in loss.x) if isinstance(loss.x, tuple) else f"{loss.x:.10g}"
    lost = "all" if loss.error >= 1.0 else f"{math.log10(loss.error / UNIT):.0f}"
    name = {"logccdf": "logsf"}.get(loss.function, loss.function)
    return f"| {loss.family}({theta}) | {name} | {x} | {loss.value:.17g} | {loss.truth:.17g} | {lost} |"


def complaints(rows: list[Row]) -> list[str]:
    """Return what is worse than allowed without a reason, and reasons that are not needed."""
    worse = {(row.name, name): error for row in rows for name, error in row.ours.items() if not error <= ALLOWED}
    return [
        *(
            f"{name}, {column}: {error:.2g}"
            for (name, column), error in worse.items()
            if (name, column) not in EXCEPTIONS
        ),
        *(f"{name}, {column}: now within {ALLOWED:g}" for name, column in EXCEPTIONS if (name, column) not in worse),
    ]


HEAD = """# How many digits do densities, tails and quantiles have?

Written by `make verify` (`python -m verify accuracy`); code `{code}` (SHA-256 of all Python files under
src and verify), mpmath {mpmath}.

Each family is compared with mpmath at {digits} digits, from formulas that are written apart from the library: textbook
definitions in closed form, series, continued fractions, quadrature or summation. The grid reaches from beyond the
quantile of 1e-300 in the lower tail to beyond that in the upper one, as far as doubles inside the support go, at an
ordinary point of the parameters, at one extreme in either direction, and at seams of the formulas, all listed at the
end.

An error is |found − exact| / (|exact| · κ), with the condition number κ = 1 + |x f′(x)/f(x)| + Σ |θ ∂f/∂θ / f| of each
logarithm f: what a rounding of x and of the parameters θ does to it, whatever the formula. For integers x there is no
second term. The table has the worst over the grid, in units of 1e-16; {allowed:g}, which is {limit:.0f} of them, is
allowed. ∞ stands for −∞ or NaN where the value is a finite double. Differences below the smallest normal double,
2.2e-308, count as none. For a quantile x of p it is |log F(x) − log p|, over the κ of F; for counts, by how much x is
not the smallest with F(x) ≥ p. Moments are mean, variance, skewness, excess kurtosis and entropy at the ordinary
point, against quadrature or summation: the worst of their errors, relative to |mean| + standard deviation, variance,
1 + |skewness|, 1 + |kurtosis|, 1 + |entropy|.

{left_out} of {tried} points of the grid are left out, where the continued fraction of mpmath takes more than 100,000
terms.

| family | points | {columns} | SciPy logpdf | SciPy logcdf | SciPy logsf |
|---|---{bars}|---|---|---|
"""


def page(rows: list[Row]) -> str:
    left_out = sum(row.left_out for row in rows)
    head = HEAD.format(
        code=code_hash("src", "verify"),
        digits=DIGITS,
        mpmath=mpmath.__version__,
        allowed=ALLOWED,
        limit=ALLOWED / UNIT,
        left_out=left_out,
        tried=sum(row.compared for row in rows) + left_out,
        columns=" | ".join(COLUMNS),
        bars="|---" * len(COLUMNS),
    )
    worse = [f"- {name}, {column}: {reason}" for (name, column), reason in EXCEPTIONS.items()]
    return "\n".join(
        [
            head + "\n".join(map(line, rows)),
            "",
            "## What is worse",
            "",
            *(worse or [f"Nothing: every figure is at most {ALLOWED:g}."]),
            "",
            *SCIPY,
            *[loss_line(loss) for row in rows for loss in losses(row)],
            "",
            "## Parameters",
            "",
            "| family | points, each in the order of the parameters |",
            "|---|---|",
            *[f"| {row.name} | {row.points} |" for row in rows if row.points],
            "",
        ]
    )


SCIPY = (
    "## Where SciPy loses digits",
    "",
    f"Of each family, at these points, the worst finite error of SciPy {scipy.__version__}, and the least far point",
    "where it has −∞ or NaN in place of a number, if they exceed what is allowed; digits are counted after division by",
    "κ, which allows for the rounding of SciPy's own parameters (a scale for a rate). Why the formulas here are of our",
    "own, as the values show it (SciPy's code was not traced for each):",
    "",
    "- −∞: a logarithm is taken of a probability or density that was formed first, and underflowed below 5e-324, or of",
    "  1 − P(X ≤ x), which rounded to 0. Here a tail that underflows has its logarithm from a formula of its own.",
    "- 0 for a small negative logarithm: P rounded to 1. Here log P is log1p(−(1 − P)), with the other tail in full.",
    "- Digits of log p: differences of log Γ(a), which is as large as a log a. Here they are differences of Stirling's",
    "  series, in which the leading terms cancel by hand (`gamma_differences.py`, `student_t_constant.py`).",
    "- Digits of log P(X > x): 1 − P(X ≤ x), or a probability below 2.2e-308, which has fewer digits.",
    "",
    "| family | function | x | SciPy | exact | digits lost |",
    "|---|---|---|---|---|---|",
)


def run() -> bool:
    """Write docs/accuracy.md; true if nothing is worse than allowed but what is listed with its reason."""
    with ProcessPoolExecutor(cores()) as pool:
        rows = list(pool.map(compare, range(len(CASES) + len(ROWS_CASES))))
    text = page(rows)
    print(text)
    Path("docs/accuracy.md").write_text(text)
    wrong = complaints(rows)
    for complaint in wrong:
        print(complaint)
    return not wrong
