"""docs/calibration.md: coverage of intervals and size of the test of fit, family by family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from verify.bootstrap_coverage import FAMILIES, bootstrap_rows
from verify.calibration import EXACT, cells
from verify.calibration_cell import ASKED, SEED, SIMULATIONS, SIZES, Cell
from verify.calibration_points import Point, value_of
from verify.code_hash import code_hash
from verify.enumeration import exact_coverage
from verify.normality_sizes import BATCH, REPLICATES

# What a regular family must show at n = 100: coverage of profile intervals and size of the test, in percent.
COVERAGE, SIZE = (93.5, 96.5), (4.0, 6.0)
# A simulated coverage may be off an exact one by so many of its standard errors.
SIGMAS = 4.5

ASKED_IN_WORDS = ", ".join(f"{count} of n = {n:,}" for n, count in ASKED.items())

INTRODUCTION = """\
# Calibration

Written by `make verify` (`python -m verify calibration`): {simulations:,} simulations a cell, first seed {seed}, code
{code}. A coverage has a standard error of 0.24 %, a size one of about 0.35 %.

- **Wald**, **profile**: the share of 95 % intervals, in percent, that hold the parameter which made the data. A profile
  interval holds it where fixing it there loses at most 3.84/2 nats of log-likelihood. Both were compared, family by
  family, with what `fit.interval` returns, in some of the simulations ({asked}).
  Of `Uniform` and `Pareto`, whose likelihoods are not regular, it is the exact interval ({exact:,} simulations,
  standard error 0.5 %).
- **size**: how often the Anderson–Darling test of fit rejects at 5 % where the family is true (the Cramér–von Mises
  test of `Uniform`, `Pareto`, `SkewNormal` and `GeneralizedNormal`, whose support may end at a row): each simulation
  is compared with samples of the fitted models, one each, refitted and pooled.
  Of `MultivariateNormal` the sizes of Henze and Zirkler's test and of Mardia's, by the p-values that a fit gives unless
  told otherwise: simulated, {batch} simulations sharing {replicates} samples (standard error 0.27 %), but Henze and
  Zirkler's at n = 1,000 by its log-normal approximation.
  There is none of `Bernoulli` and `Categorical`, which fit whatever the data are, and of `Multinomial`, `Dirichlet` and
  `MultivariateStudentT`, for which the library has no test.
- **exact**: the coverages of Wald and profile intervals by enumeration, where the law of the sum of the rows is known
  (of one category: of how often it occurs); of means and variances of `MultivariateNormal` by Student's t and χ².
- **left out**: simulations without a maximum are left out of both coverages, those without standard errors of Wald's.
  Where `MultivariateStudentT` has no maximum its likelihood rises as df → ∞, and a fit gives no intervals.
"""


def run() -> bool:
    """Write docs/calibration.md; true if all that is off at n = 100 has its reason."""
    table, off, sound = [], [], True
    for point, n, cell in cells():
        table += list(rows(point, n, cell))
        for sentence, reason in outside(point, n, cell):
            off.append(f"- {sentence}: {reason or 'NO REASON IS KNOWN'}")
            sound &= bool(reason)
        sound &= agrees(point, n, cell)
    text = "\n".join(
        [
            INTRODUCTION.format(
                simulations=SIMULATIONS,
                seed=SEED,
                code=code_hash("src", "verify"),
                asked=ASKED_IN_WORDS,
                exact=EXACT,
                batch=BATCH,
                replicates=REPLICATES,
            ),
            "| family | parameter | n | Wald | profile | size | exact | left out |",
            "|---|---|---|---|---|---|---|---|",
            *table,
            "",
            "## What is outside at n = 100",
            "",
            f"Profile coverage outside {COVERAGE[0]}–{COVERAGE[1]} %, or size outside {SIZE[0]:g}–{SIZE[1]:g} %.",
            "",
            *(off or ["Nothing."]),
            "",
            "## Bootstrap intervals",
            "",
            f"Percentile and BCa intervals of {', '.join(family.__name__ for family, _ in FAMILIES)}.",
            "",
            *bootstrap_rows(),
            "",
        ]
    )
    print(text)
    Path("docs/calibration.md").write_text(text)
    return sound


def rows(point: Point, n: int, cell: Cell) -> Iterator[str]:
    """Yield the lines of a cell in the table."""
    exact = exact_coverage(point.truth, n)
    for name in cell.profile:
        by_law = exact.get(name, ())
        parts = [
            point.family.__name__,
            f"{name} = {value_of(point.truth, name):g}",
            f"{n:,}",
            f"{cell.wald[name]:.1f}" if name in cell.wald else "–",
            f"{cell.profile[name]:.1f}",
            ", ".join(f"{size:.1f}" for size in cell.sizes.values()) or "–",
            ", ".join(f"{share:.1f}" for share in by_law),
            _left_out(cell),
        ]
        yield f"| {' | '.join(parts)} |"


def _left_out(cell: Cell) -> str:
    parts = [(cell.lost, "without a maximum"), (cell.withheld, "without standard errors")]
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def outside(point: Point, n: int, cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield what is off at n = 100, each with its reason, "" where none is known."""
    if n != SIZES[1]:
        return
    name = point.family.__name__
    for parameter, share in cell.profile.items():
        if not COVERAGE[0] <= share <= COVERAGE[1]:
            yield f"{name}, profile interval of {parameter}, {share:.1f} %", point.reasons.get(parameter, "")
    for test, size in cell.sizes.items():
        if not SIZE[0] <= size <= SIZE[1]:
            yield f"{name}, size of {test}, {size:.1f} %", point.reasons.get("size", "")


def agrees(point: Point, n: int, cell: Cell) -> bool:
    """Say whether a simulated coverage is the exact one, and intervals and tests are those that a person gets."""
    for name, exact in exact_coverage(point.truth, n).items():
        for share, seen in zip(exact, (cell.wald[name], cell.profile[name]), strict=True):
            error = 100.0 * np.sqrt(max(share * (100.0 - share), 1.0) / 1e4 / SIMULATIONS)
            if abs(share - seen) > SIGMAS * error + 0.05:
                print(f"{point.family.__name__}, {name}, n = {n}: {seen:.2f} % simulated, {share:.2f} % exact")
                return False
    if cell.disagree:
        print(f"{point.family.__name__}, n = {n}: {cell.disagree} intervals or tests of a fit say otherwise")
    return not cell.disagree
