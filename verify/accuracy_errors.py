"""The errors of log densities, tails and quantiles of one model against mpmath, in units of the condition number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from verify.accuracy_cases import Case
from verify.mpmath_functions import logarithms

DIGITS = 50
FUNCTIONS = ("logpdf", "logcdf", "logccdf")
PROBABILITIES = np.array([1e-300, 1e-150, 1e-50, 1e-20, 1e-9, 1e-4, 0.03, 0.3])
BEYOND = np.array([3.0, 1e3])  # times the distance of the farthest quantile from the median
STEP = mp.mpf(10) ** -22  # of a derivative, of which few digits are needed; the range where it is one may be short
SMALLEST = mp.mpf(2) ** -1022  # below, doubles have fewer digits
LARGEST = mp.mpf(2) ** 1024


@dataclass(frozen=True)
class Error:
    """One value compared: its error relative to |truth| · κ, where it was, and what came in place of what."""

    error: float
    family: str
    theta: tuple[float, ...]
    function: str
    x: Any
    value: float
    truth: float


@dataclass(frozen=True)
class Truth:
    """The three logarithms at x, by name, each with the size that its error is measured by."""

    x: float
    values: dict[str, Any]
    sizes: dict[str, Any]


def grid(model: Any) -> np.ndarray:
    """Return values from beyond the far lower to beyond the far upper tail."""
    middle = model.icdf(0.5)
    lower, upper = model.icdf(PROBABILITIES), model.iccdf(PROBABILITIES)
    around = np.concatenate([lower, [middle], upper])
    x = np.concatenate([around, middle + (lower[0] - middle) * BEYOND, middle + (upper[0] - middle) * BEYOND])
    support = support_of(model)
    if support.lower == 0.0 and not model.discrete:
        x = np.concatenate([x, lower[0] * np.array([1e-2, 1e-30])])
    if model.discrete:
        x = np.concatenate([x, support.lower + np.array([0.0, 1.0, 2.0])])
        x = np.floor(x[np.abs(x) < 1e15])
    x = np.unique(x[np.isfinite(x) & (np.abs(x) < 1e290)])
    at_end = (x == support.lower) | (x == support.upper)
    return x[support.contains(x) & ((x == 0.0) | (np.abs(x) > 1e-290)) & (model.discrete | ~at_end)]


def support_of(model: Any) -> Any:
    return model.support_given({p.name: t for p, t in model._pairs()})


def truth_at(case: Case, model: Any, x: float) -> Truth:
    """Return the logarithms at x and |f| + |x ∂f/∂x| + Σ|θ ∂f/∂θ|: |f| times the condition number."""
    values = three(case, mp.mpf(x), *map(mp.mpf, model.theta))
    changes = [relative_change(case, model, x, values, i) for i in changing(model, x)]
    sizes = {name: abs(values[name]) + sum((change[name] for change in changes), mp.mpf(0)) for name in FUNCTIONS}
    return Truth(x, values, sizes)


def three(case: Case, x: Any, *theta: Any) -> dict[str, Any]:
    log_p, lower, upper = case.exact(x, *theta)
    if any(isinstance(v, mp.mpc) for v in (log_p, lower, upper)) or min(lower, upper) < 0:
        raise ValueError("x is outside the support")
    return dict(zip(FUNCTIONS, (log_p, *logarithms(lower, upper)), strict=True))


def changing(model: Any, x: float) -> list[int]:
    """Return the positions in (x, *θ) of what is rounded: neither integers, nor 0, nor ∞."""
    exact = [model.discrete, *(p.integer for p in model.parameters)]
    numbers = (x, *model.theta)
    return [i for i, whole in enumerate(exact) if not whole and numbers[i] != 0.0 and np.isfinite(numbers[i])]


def relative_change(case: Case, model: Any, x: float, values: dict[str, Any], i: int) -> dict[str, Any]:
    """Return |t ∂f/∂t| of each function f for the number t at a position of (x, *θ)."""
    numbers = [mp.mpf(x), *map(mp.mpf, model.theta)]
    if case.located and i < 3:
        return located_change(case, numbers, values, i)
    for step in (STEP, -STEP):
        moved = [t * (1 + step) if j == i else t for j, t in enumerate(numbers)]
        try:
            changed = three(case, *moved)
        except (ValueError, ZeroDivisionError):
            continue  # outside the support
        found = {name: change(changed[name], values[name]) for name in FUNCTIONS}
        if all(map(mp.isfinite, found.values())):
            return found
    return dict.fromkeys(FUNCTIONS, mp.mpf(0))


def located_change(case: Case, numbers: list[Any], values: dict[str, Any], i: int) -> dict[str, Any]:
    """Return |t ∂f/∂t| for x, its location or its scale, under which both probabilities change by p |dx|."""
    x, location, scale, *rest = numbers
    length = (x, location, x - location)[i]
    log_p = values["logpdf"]
    assert case.log_density is not None
    moved = case.log_density(x + length * STEP, location, scale, *rest)
    own = abs(moved - log_p) / STEP + (1 if i == 2 else 0)
    tails = {name: abs(length) * mp.exp(log_p - values[name]) for name in FUNCTIONS[1:]}
    return {"logpdf": own, **tails}


def change(changed: Any, value: Any) -> Any:
    return mp.mpf(0) if mp.isinf(value) else abs(changed - value) / STEP


def truths(case: Case, theta: tuple[float, ...]) -> list[Truth]:
    """Return the truths on the grid of a model, without points where mpmath takes too long."""
    model = case.family(*theta)
    found = []
    with mp.workdps(DIGITS):
        for x in grid(model):
            try:
                found.append(truth_at(case, model, float(x)))
            except ArithmeticError:
                continue
    return found


def errors_of(case: Case, theta: tuple[float, ...], known: list[Truth], functions: Any) -> Iterator[Error]:
    """Yield the errors of functions, by the names of ours, on a grid of truths."""
    with mp.workdps(DIGITS), np.errstate(all="ignore"):
        for name, function in functions.items():
            found = np.asarray(function(np.array([t.x for t in known])), dtype=float)
            for value, t in zip(found, known, strict=True):
                if mp.isfinite(t.values[name]):
                    error = relative_error(float(value), t.values[name], t.sizes[name])
                    yield Error(error, case.name, theta, name, t.x, float(value), float(t.values[name]))


def relative_error(value: float, truth: Any, size: Any) -> float:
    if not np.isfinite(value):
        return 0.0 if value == -np.inf and truth <= -LARGEST else np.inf
    off = abs(mp.mpf(value) - truth)
    return float(off / size) if off > SMALLEST else 0.0


def ours(model: Any) -> dict[str, Callable[[Any], Any]]:
    return {
        "logpdf": model.logpmf if model.discrete else model.logpdf,
        "logcdf": model.logcdf,
        "logccdf": model.logccdf,
    }


def scipys(model: Any, frozen: Any) -> dict[str, Callable[[Any], Any]]:
    log_density = frozen.logpmf if model.discrete else frozen.logpdf
    return {"logpdf": log_density, "logcdf": frozen.logcdf, "logccdf": frozen.logsf}


def quantile_errors(case: Case, theta: tuple[float, ...], known: list[Truth]) -> Iterator[Error]:
    """Yield by how much log F(F⁻¹(p)) differs from log p in each tail, in units of the condition number of F.

    Quantiles that are no points of the grid are left out: no double, or none inside the support, has that probability.
    """
    model = case.family(*theta)
    at = {t.x: t for t in known}
    with mp.workdps(DIGITS):
        for tail, quantile in (("logcdf", model.icdf), ("logccdf", model.iccdf)):
            for p in PROBABILITIES:
                x = float(quantile(p))
                if x in at:
                    yield Error(miss(case, model, at[x], tail, p), case.name, theta, tail, x, x, p)


def miss(case: Case, model: Any, at: Truth, tail: str, p: float) -> float:
    log_p, value = mp.log(mp.mpf(p)), at.values[tail]
    # of F, whose relative change is the change of its logarithm
    size = 1 + at.sizes[tail] - abs(value)
    if not model.discrete:
        return float(abs(value - log_p) / size)
    if at.x == support_of(model).lower:
        return float(max(log_p - value, 0) if tail == "logcdf" else max(value - log_p, 0))
    before = three(case, mp.mpf(at.x) - 1, *map(mp.mpf, model.theta))[tail]
    high, low = (value, before) if tail == "logcdf" else (before, value)
    # the smallest k with F(k) ≥ p, or with 1 − F(k) ≤ p
    return float(max(log_p - high, low - log_p, mp.mpf(0)) / size)
