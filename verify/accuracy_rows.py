"""Log densities of families of several variables against mpmath, at a few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from scipy import stats

import suffice as sf
from verify.accuracy_errors import DIGITS, STEP, Error, relative_error


@dataclass(frozen=True)
class RowsCase:
    """A family of several variables, or of categories, at some points of its parameters.

    Parameters
    ----------
    name : of the family
    log_p : f(row, parameters) → log p, of lists of mpmath's numbers
    make : f(parameters) → the model
    scipy : f(parameters) → f(row) → SciPy's log p, None where SciPy has no such family
    points : pairs of the parameters, as a flat list, and rows
    whole : whether the rows are integers, which are not rounded
    """

    name: str
    log_p: Callable[[list[Any], list[Any]], Any]
    make: Callable[[list[float]], Any]
    scipy: Callable[[list[float]], Callable[[Any], Any]] | None
    points: tuple[tuple[list[float], list[list[float]]], ...]
    whole: bool = False


def symmetric(entries: list[Any], d: int) -> list[list[Any]]:
    """Return the symmetric matrix of an upper triangle by rows."""
    position = {pair: k for k, pair in enumerate((i, j) for i in range(d) for j in range(i, d))}
    return [[entries[position[min(i, j), max(i, j)]] for j in range(d)] for i in range(d)]


def located(parameters: list[Any], d: int) -> tuple[list[Any], list[list[Any]], list[Any]]:
    """Return centre, matrix and what is left of the parameters."""
    last = d + d * (d + 1) // 2
    return parameters[:d], symmetric(parameters[d:last], d), parameters[last:]


def distance_and_log_determinant(row: list[Any], centre: list[Any], matrix: list[list[Any]]) -> tuple[Any, Any]:
    step = mp.matrix([x - m for x, m in zip(row, centre, strict=True)])
    full = mp.matrix(matrix)
    return (step.T * mp.lu_solve(full, step))[0], mp.log(mp.det(full))


def multivariate_normal(row: list[Any], parameters: list[Any]) -> Any:
    centre, matrix, _ = located(parameters, len(row))
    distance, log_determinant = distance_and_log_determinant(row, centre, matrix)
    return -(len(row) * mp.log(2 * mp.pi) + log_determinant + distance) / 2


def multivariate_student_t(row: list[Any], parameters: list[Any]) -> Any:
    d = len(row)
    centre, matrix, (df,) = located(parameters, d)
    distance, log_determinant = distance_and_log_determinant(row, centre, matrix)
    constant = mp.loggamma((df + d) / 2) - mp.loggamma(df / 2) - (d * mp.log(df * mp.pi) + log_determinant) / 2
    return constant - (df + d) / 2 * mp.log1p(distance / df)


def dirichlet(row: list[Any], alpha: list[Any]) -> Any:
    powers = mp.fsum((a - 1) * mp.log(x) - mp.loggamma(a) for a, x in zip(alpha, row, strict=True))
    return mp.loggamma(mp.fsum(alpha)) + powers


def multinomial(row: list[Any], shares: list[Any]) -> Any:
    terms = (k * mp.log(p) - mp.loggamma(k + 1) for k, p in zip(row, shares, strict=True) if k)
    return mp.loggamma(mp.fsum(row) + 1) + mp.fsum(terms)


def categorical(row: list[Any], shares: list[Any]) -> Any:
    return mp.log(shares[int(row[0])])


def made(family: Any, d: int) -> Callable[[list[float]], Any]:
    def make(parameters: list[float]) -> Any:
        centre, matrix, rest = located(parameters, d)
        return family(centre, matrix, *rest)

    return make


def scipys_normal(parameters: list[float]) -> Callable[[Any], Any]:
    centre, matrix, _ = located(parameters, 3)
    return lambda row: stats.multivariate_normal.logpdf(row, centre, matrix)


def scipys_student_t(parameters: list[float]) -> Callable[[Any], Any]:
    centre, matrix, rest = located(parameters, 3)
    return lambda row: stats.multivariate_t.logpdf(row, centre, matrix, *rest)


# A centre in three units, and an upper triangle whose correlations are moderate, or 1 − 5e-9.
CENTRE = [172.7, 68.5, 1e-3]
MODERATE = [23.0, 30.0, 1e-3, 90.0, -2e-3, 1e-6]
COLLINEAR = [1.0, 0.999999995, 0.3, 1.0, 0.3, 2.0]
ROWS = [[172.7, 68.5, 1e-3], [180.0, 90.0, 2e-3], [17.0, 2e3, -1.0], [1e8, -1e9, 1e3]]
SMALL = [[0.0, 0.0, 0.0], [1.0, 1.0001, -2.0], [1.0, -1.0, 1e-3], [30.0, 30.0, 1e4]]
SHARES = [[0.2, 0.3, 0.5], [1e-300, 0.25, 0.75], [0.25, 1.0 - 0.25 - 1e-15, 1e-15]]
COUNTS = [[2.0, 3.0, 5.0], [0.0, 0.0, 10.0], [10.0, 0.0, 0.0]]
MANY = [[2e5, 3e5, 5e5], [1e6, 0.0, 0.0]]
MIXED = [0.2, 0.5, 0.3]
RARE = [1e-200, 0.5, 0.5]
CASES = (
    RowsCase(
        "MultivariateNormal",
        multivariate_normal,
        made(sf.MultivariateNormal, 3),
        scipys_normal,
        ((CENTRE + MODERATE, ROWS), ([0.0] * 3 + COLLINEAR, SMALL)),
    ),
    RowsCase(
        "MultivariateStudentT",
        multivariate_student_t,
        made(sf.MultivariateStudentT, 3),
        scipys_student_t,
        (
            ([*CENTRE, *MODERATE, 5.5], ROWS),
            ([0.0, 0.0, 0.0, *COLLINEAR, 0.1], SMALL),
            ([*CENTRE, *MODERATE, 1e8], ROWS[:3]),
        ),
    ),
    RowsCase(
        "Dirichlet",
        dirichlet,
        sf.Dirichlet,
        lambda alpha: lambda row: stats.dirichlet.logpdf(row, alpha),
        (([2.0, 3.0, 5.0], SHARES), ([1e-3, 1e4, 7.0], SHARES), ([1e6, 2e6, 3e6], SHARES[:1])),
    ),
    RowsCase(
        "Multinomial",
        multinomial,
        lambda shares: shares,  # made for each row, of which n is the sum
        lambda shares: lambda row: stats.multinomial.logpmf(row, int(sum(row)), shares),
        ((MIXED, COUNTS), (RARE, COUNTS), (MIXED, MANY)),
        whole=True,
    ),
    RowsCase(
        "Categorical",
        categorical,
        sf.Categorical,
        None,
        ((MIXED, [[0.0], [2.0]]), (RARE, [[0.0], [1.0]])),
        whole=True,
    ),
)


def row_errors(case: RowsCase) -> Iterator[tuple[Error, Error | None]]:
    """Yield the error of our log density at each row, and of SciPy's, in units of the condition number."""
    for parameters, rows in case.points:
        for row in rows:
            with mp.workdps(DIGITS):
                truth, size = with_size(case, row, parameters)

                def error(value: Any, truth: Any = truth, size: Any = size, at: Any = (parameters, row)) -> Error:
                    found = float(np.squeeze(value))
                    relative = relative_error(found, truth, size)
                    return Error(relative, case.name, tuple(at[0]), "logpdf", tuple(at[1]), found, float(truth))

                ours = error(log_density(case, parameters, row))
                yield ours, None if case.scipy is None else error(case.scipy(parameters)(np.array(row)))


def log_density(case: RowsCase, parameters: list[float], row: list[float]) -> float:
    if case.name == "Multinomial":
        return float(sf.Multinomial(int(sum(row)), parameters).logpmf(row))
    model = case.make(parameters)
    return float(model.logpmf(row[0]) if case.whole else model.logpdf(row))


def with_size(case: RowsCase, row: list[float], parameters: list[float]) -> tuple[Any, Any]:
    """Return log p and |log p| + Σ|t ∂ log p/∂t| over all numbers that are rounded."""
    d = len(row)
    numbers = [mp.mpf(t) for t in (*row, *parameters)]
    truth = case.log_p(numbers[:d], numbers[d:])
    size = abs(truth)
    for i in range(d if case.whole else 0, len(numbers)):
        moved = [t * (1 + STEP) if j == i else t for j, t in enumerate(numbers)]
        size += abs(case.log_p(moved[:d], moved[d:]) - truth) / STEP
    return truth, size
