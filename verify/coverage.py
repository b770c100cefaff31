"""Coverage of 95 % intervals, simulated: what share of them holds the parameter that made the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

import suffice as sf
from suffice.errors import SufficeError
from verify.code_hash import code_hash

SIMULATIONS = 400
SEED = 20_261_121
# Family, parameters: interior points of ordinary shape.
POINTS = (
    (sf.Normal, (5.0, 2.0)),
    (sf.LogNormal, (1.0, 0.5)),
    (sf.Exponential, (0.5,)),
    (sf.Gamma, (3.0, 0.5)),
    (sf.Weibull, (1.7, 3.0)),
    (sf.StudentT, (1.0, 2.0, 4.0)),
    (sf.Poisson, (3.0,)),
    (sf.NegativeBinomial, (5.0, 2.0)),
)
SIZES = (20, 100)


def coverage(family, theta, n: int, simulations: int, seed: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (covered, tried) by (parameter, method); an interval that is withheld is not tried."""
    rng = np.random.default_rng(seed)
    truth = family(*theta)
    counts: dict[tuple[str, str], list[int]] = {}
    for _ in range(simulations):
        x = truth.sample(n, rng)
        try:
            fit = sf.fit(family, x)
        except SufficeError:
            continue
        for parameter in family.parameters:
            for method in ("wald", "profile"):
                cell = counts.setdefault((parameter.name, method), [0, 0])
                try:
                    lower, upper = fit.interval(parameter.name, method=method)
                except SufficeError:
                    continue
                cell[0] += lower <= getattr(truth, parameter.name) <= upper
                cell[1] += 1
    return {key: (hit, tried) for key, (hit, tried) in counts.items()}


def table(simulations: int = SIMULATIONS) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| family | parameter | n | Wald | profile | intervals had (of simulations) |"
    yield "|---|---|---|---|---|---|"
    for number, (family, theta) in enumerate(POINTS):
        for n in SIZES:
            cells = coverage(family, theta, n, simulations, SEED + number)
            for parameter in family.parameters:
                wald, profile = cells[parameter.name, "wald"], cells[parameter.name, "profile"]
                yield (
                    f"| {family.__name__} | {parameter.name} = {getattr(family(*theta), parameter.name):g} | {n} | "
                    f"{_share(wald)} | {_share(profile)} | {profile[1]} of {simulations} |"
                )


def _share(cell: tuple[int, int]) -> str:
    hit, tried = cell
    return f"{100.0 * hit / tried:.1f} %" if tried else "–"


def run() -> bool:
    """Write docs/coverage.md; true if no profile interval at n = 100 is off by more than chance explains."""
    lines = list(table())
    text = "\n".join(
        [
            "# Coverage of 95 % intervals",
            "",
            f"Written by `make verify` (`python -m verify coverage`), {SIMULATIONS} simulations a cell (standard error "
            f"1.1 %), seed {SEED}, code {code_hash('src', 'verify')}. Fits at a limit of the family (a "
            "Student t gone normal) have a profile interval and no Wald interval; the last column counts profile "
            "intervals.",
            "",
            *lines,
            "",
        ]
    )
    print(text)
    Path("docs/coverage.md").write_text(text)
    profiles = [line.split("|") for line in lines[2:] if line.split("|")[3].strip() == "100"]
    shares = [float(cells[5].strip(" %")) for cells in profiles]
    return all(abs(share - 95.0) < 5.5 for share in shares)
