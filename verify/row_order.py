"""How often the order of independent rows raises an alarm, and how strong a dependence is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from suffice.kernels.look import FIELDS, look_columns
from suffice.sources.block import Block
from suffice.statistics.extent import ExtentSummary
from suffice.statistics.hashed_sample import HashedSample
from suffice.statistics.row_order import RowOrder, row_order
from verify.code_hash import code_hash

COLUMNS = 40_000
BATCH = 4_000
SEED = 20_261_121
ALLOWED = 1e-4
SIZES = (10, 12, 20, 100, 272, 1000, 2000)
Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
# Independent rows, from short tails to laws of which one value holds most of the variance, and sparse counts.
LAWS: dict[str, Draw] = {
    "normal": lambda rng, size: rng.normal(size=size),
    "uniform": lambda rng, size: rng.random(size),
    "exponential": lambda rng, size: rng.exponential(size=size),
    "lognormal, σ = 1": lambda rng, size: rng.lognormal(0.0, 1.0, size),
    "lognormal, σ = 3": lambda rng, size: rng.lognormal(0.0, 3.0, size),
    "Student t, df = 3": lambda rng, size: rng.standard_t(3.0, size),
    "Cauchy": lambda rng, size: rng.standard_cauchy(size),
    "normal, one in 20 twenty times as wide": lambda rng, size: (
        rng.normal(size=size) * np.where(rng.random(size) < 0.05, 20.0, 1.0)
    ),
    "Bernoulli(0.5)": lambda rng, size: (rng.random(size) < 0.5).astype(float),
    "Bernoulli(0.1)": lambda rng, size: (rng.random(size) < 0.1).astype(float),
    "Bernoulli(0.02)": lambda rng, size: (rng.random(size) < 0.02).astype(float),
    "Bernoulli(0.005)": lambda rng, size: (rng.random(size) < 0.005).astype(float),
    "Poisson(0.3)": lambda rng, size: rng.poisson(0.3, size).astype(float),
    "Poisson(3), 95 % made zero": lambda rng, size: (rng.random(size) < 0.05) * rng.poisson(3.0, size).astype(float),
}


def judge(columns: np.ndarray) -> RowOrder:
    """Judge the order of the values of each of d columns, shape (d, n)."""
    d, n = columns.shape
    state = np.empty((FIELDS, d))
    look_columns(np.ascontiguousarray(columns), 0.0, state)
    sample = HashedSample().observe(Block(np.ascontiguousarray(columns.T)))
    return row_order(ExtentSummary(state, n, float(n), float(n)), sample)


def alarms(law: str, n: int, columns: int, seed: int) -> np.ndarray:
    """Return the numbers of columns found correlated, sorted, drifting and any of these, shape (4,)."""
    rng = np.random.default_rng(seed)
    found = np.zeros(4, dtype=int)
    for first in range(0, columns, BATCH):
        order = judge(LAWS[law](rng, (min(BATCH, columns - first), n)))
        kinds = np.array([order.correlated, order.sorted, order.drifting])
        found += np.append(kinds.sum(axis=1), kinds.any(axis=0).sum())
    return found


def power(n: int, correlation: float, skewed: bool, columns: int = 1000, seed: int = SEED) -> float:
    """Return the share of autoregressive columns that are found dependent: normal, or exponentials of normal ones."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(columns, n))
    for i in range(1, n):
        x[:, i] = correlation * x[:, i - 1] + np.sqrt(1.0 - correlation**2) * x[:, i]
    return float(judge(np.exp(x) if skewed else x).dependent.mean())


def table(columns: int = COLUMNS) -> Iterator[tuple[str, np.ndarray]]:
    """Yield lines of a Markdown table, each with its counts."""
    for number, law in enumerate(LAWS):
        for n in SIZES:
            found = alarms(law, n, columns, SEED + number)
            yield f"| {law} | {n} | {' | '.join(map(str, found))} |", found


def run() -> bool:
    """Write docs/row-order.md; true if alarms are as rare as claimed, all in all and in each line."""
    rows = list(table())
    counts = np.array([found for _, found in rows])
    total, tried = int(counts[:, 3].sum()), COLUMNS * len(rows)
    text = "\n".join(
        [
            "# False alarms about the order of rows",
            "",
            "Written by `make verify` (`python -m verify row_order`): columns of independent rows, "
            f"{COLUMNS:,} a line, that `fit` and `describe` mark; seed {SEED}, code {code_hash('src', 'verify')}. "
            f"In all {total} of {tried:,} columns, {total / tried:.1e}; {ALLOWED:g} is claimed.",
            "",
            "| independent rows | n | correlated | sorted | drifting | any |",
            "|---|---|---|---|---|---|",
            *[line for line, _ in rows],
            "",
            "Power: the share of 1,000 first-order autoregressions that are found dependent.",
            "",
            "| coefficient | n | normal | its exponential |",
            "|---|---|---|---|",
            *[
                f"| {r} | {n} | {power(n, r, False):.2f} | {power(n, r, True):.2f} |"
                for n in (100, 1000)
                for r in (0.2, 0.4, 0.6, 0.8, -0.6)
            ],
            "",
        ]
    )
    print(text)
    Path("docs/row-order.md").write_text(text)
    # a line with four alarms expected has 15 or more once in 70,000 lines
    return total <= ALLOWED * tried and int(counts[:, 3].max()) < 15
