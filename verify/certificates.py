"""Whether certificates tell the truth: hard problems of known status, and ordinary ones.

Each claimed maximum of a hard problem is attacked by SciPy's differential evolution on a log-likelihood
written apart from the library, in the region that the certificate states.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import suffice as sf
from verify.attack import search
from verify.code_hash import ROOT, code_hash
from verify.families import available, family_of
from verify.generators import BOUNDARY, KINK, MAXIMUM, NONE, REFUSED, Generator
from verify.landscapes import landscape
from verify.ordinary import DRAWS, MOST_SEARCHED, OPTIONS, STATUSES, ordinary, problems_of
from verify.problem_catalogue import GENERATORS

# Nats by which a claimed maximum may be improved, and by which two ways to calculate it may differ.
NATS = 1e-6
LEAST_SHARE = 0.995
MOST = 1000


@dataclass(frozen=True)
class Claim:
    """What the library said of one problem."""

    status: str
    value: float = np.nan
    model: Any = None
    finite_errors: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Record:
    """One problem: what is right, what was claimed, and what is wrong with the claim ("" where nothing is)."""

    name: str
    family: str
    seed: int
    n: int
    right: str
    claimed: str
    wrong: str = ""


def claim(family_name: str, options: Iterable[tuple[str, Any]], x: np.ndarray) -> Claim:
    """Fit, and return what was claimed; an error that is no certificate is a claim of its own."""
    family = family_of(family_name, options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = sf.fit(family, x)
            finite = has_finite_errors(fit)
    except sf.errors.NoMaximumError as error:
        certificate = error.certificate
        return Claim(certificate.status, reason=certificate.reason)
    except Exception as error:
        return Claim(type(error).__name__, reason=str(error))
    return Claim(fit.certificate.status, fit.log_likelihood, fit.model, finite, fit.certificate.reason)


def has_finite_errors(fit: Any) -> bool:
    """Say whether standard errors are given, finite and positive."""
    try:
        errors = np.array(list(fit.standard_errors.values()))
    except sf.errors.NotAvailableError:
        return False
    return bool(np.isfinite(errors).all() and (errors > 0).all())


def hard(task: tuple[int, int]) -> Record:
    """Pose one problem of a generator, judge the claim and attack it."""
    number, seed = task
    generator: Generator = GENERATORS[number]
    x = generator.draw(np.random.default_rng([number, seed]))
    right = generator.right if isinstance(generator.right, str) else generator.right(x, **dict(generator.options))
    said = claim(generator.family, generator.options, x)
    wrong = "" if said.status == right else f"{said.status}, not {right}: {said.reason}"
    if not wrong and is_attacked(generator.family, right):
        wrong = attacked(generator.family, x, said, generator.options)
    return Record(generator.name, generator.family, seed, len(x), right, said.status, wrong)


def is_attacked(family: str, status: str) -> bool:
    """Say whether a claim is that of a highest point: a maximum, or the status that a family has for all data."""
    return status in (MAXIMUM, KINK) or STATUSES.get(family) == status


def attacked(family: str, x: np.ndarray, said: Claim, options: Iterable[tuple[str, Any]] = ()) -> str:
    """Return what is wrong with a claimed maximum, or ""."""
    ground = landscape(family, x, options)
    at = ground.coordinates(said.model)
    ours = float(ground.log_likelihood(at[:, None])[0])
    if not abs(ours - said.value) <= NATS + 1e-12 * abs(ours) + ground.slack:
        return f"the log-likelihood is {ours:.9f}, not {said.value:.9f}"
    best, point = search(ground, seed=2, starts=(at,))
    if best > said.value + NATS:
        places = f"{np.round(point, 4).tolist()}, from {np.round(at, 4).tolist()}"
        return f"improved by {best - said.value:.3g} nats at {places}"
    if said.finite_errors == ground.regular(said.model):
        return ""
    return "standard errors are given where there are none" if said.finite_errors else "standard errors are not finite"


def easy(task: tuple[str, int]) -> Record:
    """Pose one ordinary problem."""
    family, seed = task
    x = ordinary(family, seed)
    said = claim(family, OPTIONS.get(family, {}).items(), x)
    right = STATUSES.get(family, MAXIMUM)
    wrong = "" if said.status == right else f"{said.status}: {said.reason}"
    if not wrong and not said.finite_errors:
        wrong = f"{said.status} without finite standard errors: {said.model!r}"
    return Record("ordinary", family, seed, len(x), right, said.status, wrong)


def hard_tasks(repeats: int = MOST) -> list[tuple[int, int]]:
    """Return (generator, seed) of all hard problems."""
    numbers = [i for i, generator in enumerate(GENERATORS) if available(generator.family)]
    return [(i, seed) for seed in range(repeats) for i in numbers if seed < GENERATORS[i].repeats]


def easy_tasks(repeats: int = MOST) -> list[tuple[str, int]]:
    """Return (family, seed) of all ordinary problems."""
    return [
        (family, seed) for family in DRAWS if available(family) for seed in range(min(repeats, problems_of(family)))
    ]


def confusion(records: list[Record]) -> str:
    """Return the table of right status × claimed status."""
    counts = Counter((r.right, r.claimed) for r in records)
    claims = [MAXIMUM, BOUNDARY, KINK, NONE]
    claims += sorted({r.claimed for r in records} - set(claims))
    lines = ["| right status | " + " | ".join(f"claimed {c}" for c in claims) + " |", "|---" * (len(claims) + 1) + "|"]
    statuses = [MAXIMUM, BOUNDARY, KINK, NONE]
    for right in [*statuses, *sorted({r.right for r in records} - set(statuses))]:
        lines.append(f"| {right} | " + " | ".join(str(counts[right, c]) for c in claims) + " |")
    return "\n".join(lines)


def by_generator(records: list[Record]) -> str:
    """Return one line for each generator."""
    lines = [
        "| problems | family | n | right: maximum | boundary | kink | no finite maximum | refused | wrong |",
        "|---" * 9 + "|",
    ]
    for name in dict.fromkeys(r.name for r in records):
        group = [r for r in records if r.name == name]
        right = Counter(r.right for r in group)
        wrong = sum(bool(r.wrong) for r in group)
        sizes = f"{min(r.n for r in group)} to {max(r.n for r in group)}"
        statuses = " | ".join(str(right[s]) for s in (MAXIMUM, BOUNDARY, KINK, NONE, REFUSED))
        lines.append(f"| {name} | {group[0].family} | {sizes} | {statuses} | {wrong} |")
    return "\n".join(lines)


def by_family(records: list[Record]) -> str:
    """Return one line for each family of ordinary problems."""
    lines = ["| family | problems | right status with finite standard errors | share |", "|---" * 4 + "|"]
    for family in [*dict.fromkeys(r.family for r in records), "all"]:
        group = [r for r in records if family in (r.family, "all")]
        good = sum(not r.wrong for r in group)
        lines.append(f"| {family} | {len(group)} | {good} | {100.0 * good / len(group):.2f} % |")
    return "\n".join(lines)


def failures(records: list[Record]) -> str:
    """Return one line for each failure, with the seed that makes it again."""
    lines = [f"- {r.name}, {r.family}, seed {r.seed}, n = {r.n}: {r.wrong}" for r in records if r.wrong]
    return "\n".join(lines) or "None."


def page(hard_records: list[Record], easy_records: list[Record]) -> str:
    """Return the text of docs/certificates.md."""
    absent = [family for family in DRAWS if not available(family)]
    improved = sum(r.wrong.startswith("improved") for r in hard_records)
    attacked_count = sum(r.right == r.claimed and is_attacked(r.family, r.right) for r in hard_records)
    return f"""# Do certificates tell the truth?

Written by `make verify`; code `{code_hash("src", "verify")}` (SHA-256 of all Python files under src and verify).

## Hard problems of known status

{len({r.name for r in hard_records})} generators, {len(hard_records)} problems; every problem is made again from its
generator and seed. What is right follows from theory (constant data, collinear columns, the dispersion of
counts, the mean square of lifetimes, ...) or, where there is none (StudentT, GeneralizedExtremeValue,
GeneralizedPareto, SkewNormal, GeneralizedNormal, BurrXII, BetaBinomial, ZeroInflatedNegativeBinomial,
MultivariateStudentT), from a search by SciPy's differential evolution, scattered starts and a simplex, which is
compared with the highest likelihood at each limit of the family (`verify/statuses.py`). "No finite maximum" includes
the data for which the supremum lies at a limit of the family, such as df = ∞, those whose likelihood is highest at
the edge of the region that the certificate states, and those that a fit refuses with that certificate. "Refused" is a
maximum whose parameters no double holds, of which the fit says so ({REFUSED}).

{confusion(hard_records)}

Each of the {attacked_count} rightly claimed maxima (of Laplace, Uniform and Pareto, the kinks and ends where their
likelihood is highest; of GeneralizedNormal, kinks too) was attacked by differential evolution and a simplex search, on
log-likelihoods written apart from the library, in a box as wide as the region that the certificate states:
{improved} could be improved by more than {NATS:g} nats. Standard errors are finite there, and withheld where theory has
none (a shape ≤ −½ of the two generalized tail families, ≤ ½ of GeneralizedNormal).

{by_generator(hard_records)}

### Failures

{failures(hard_records)}

## Ordinary problems

Data drawn from the family itself, n from 20 to 10,000, scales from 1e-6 to 1e6, offsets to 1e9 (half of the data of
many positive families are moved, by up to 1e9 standard deviations, and so are not of the family), such that a maximum
exists; for Laplace, Uniform and Pareto the right status is a kink or a boundary, with the standard errors of their
laws. Where only a search tells whether a maximum exists (GeneralizedExtremeValue, GeneralizedPareto, SkewNormal,
GeneralizedNormal, BurrXII), samples of up to {MOST_SEARCHED} rows were chosen by one, and larger ones are taken as
they come.{" Absent: " + ", ".join(absent) + "." if absent else ""}

{by_family(easy_records)}

### Failures

{failures(easy_records)}
"""


def in_processes(function: Callable[[Any], Record], tasks: list[Any]) -> list[Record]:
    """Return the results in the order of the tasks."""
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=threadpool_limits, initargs=(1,)) as pool:
        return list(pool.map(function, tasks, chunksize=8))


def run() -> bool:
    """Run all problems, write docs/certificates.md, and say whether the promises hold."""
    hard_records = in_processes(hard, hard_tasks())
    easy_records = in_processes(easy, easy_tasks())
    text = page(hard_records, easy_records)
    (ROOT / "docs" / "certificates.md").write_text(text, encoding="utf-8")
    print(text)
    share = np.mean([not r.wrong for r in easy_records])
    return not any(r.wrong for r in hard_records) and bool(share >= LEAST_SHARE)
