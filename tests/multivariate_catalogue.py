"""The families of several variables, and of categories, from which the laws draw: a new family is one more row."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

import suffice as sf
from suffice.distributions.double_exponential import SHORT
from suffice.linalg import Covariance

Map = tuple[Callable[[np.ndarray], np.ndarray], float]


@dataclass(frozen=True, eq=False)
class Row:
    """A family and a model of it.

    `nodes` maps a model to rows and weights whose sum with the density is an expectation, or the rows that can occur
    and ones. `maps` are maps of the rows under which the family is closed, with the logarithm of their determinant.
    """

    name: str
    family: Any
    model: Any
    nodes: Callable[[Any], tuple[np.ndarray, np.ndarray]]
    maps: tuple[Map, ...]

    def sample(self, n: int = 400, seed: int = 20261126) -> np.ndarray:
        """Draw rows from the model, the same each time."""
        return self.model.sample(n, rng=seed)


@cache
def fit_of(row: Row) -> Any:
    """Return the fit of the sample of a row."""
    return sf.fit(row.family, row.sample())


def log_density(model: Any, rows: np.ndarray) -> np.ndarray:
    """Return log p of each row."""
    return model.logpmf(rows) if model.discrete else model.logpdf(rows)


def elliptical(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes in the plane by the trapezoidal rule in the angle and in the logarithm of the distance."""
    step, angle = 0.125, 2.0 * np.pi * np.arange(32) / 32.0
    distance = np.exp(step * np.arange(-144.0, 97.0))[:, None]
    u = np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=-1).reshape(-1, 2)
    weights = np.repeat(step * distance**2 * (2.0 * np.pi / 32.0), 32)
    normal = isinstance(model, sf.MultivariateNormal)
    centre, matrix = (model.mean, model.covariance) if normal else (model.location, model.scale_matrix)
    root = np.linalg.cholesky(getattr(matrix, "matrix", matrix))
    return centre + u @ root.T, weights * np.prod(np.diag(root))


def simplex(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes in the triangle of three shares by the double-exponential rule: a, (1 − a) b and (1 − a)(1 − b)."""
    a, b = (grid.ravel() for grid in np.meshgrid(SHORT.nodes, SHORT.nodes))
    rest_of_a, rest_of_b = (grid.ravel() for grid in np.meshgrid(SHORT.complements, SHORT.complements))
    rows = np.stack([a, rest_of_a * b, rest_of_a * rest_of_b], axis=1)
    return rows, np.outer(SHORT.weights, SHORT.weights).ravel() * rest_of_a


def counts(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return all rows of three counts with the sum n."""
    pairs = [(i, j) for i, j in itertools.product(range(int(model.n) + 1), repeat=2) if i + j <= model.n]
    rows = np.array([(i, j, model.n - i - j) for i, j in pairs], dtype=float)
    return rows, np.ones(len(rows))


def categories(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return all categories."""
    return np.array(model.categories, dtype=float), np.ones(len(model.categories))


def turned(rows: np.ndarray) -> np.ndarray:
    """Return the columns in another order."""
    return np.roll(rows, 1, axis=1)


ORDER: Map = (turned, 0.0)
SHIFT: Map = (lambda rows: rows + np.array([8.0, -64.0]), 0.0)
SCALES: Map = (lambda rows: rows * np.array([4.0, 0.125]), np.log(0.5))
MIX: Map = (lambda rows: rows @ np.array([[2.0, 1.0], [0.5, 3.0]]), np.log(5.5))
MATRIX = np.array([[2.0, 0.7], [0.7, 0.5]])

MULTIVARIATE = (
    Row(
        "normal",
        sf.MultivariateNormal,
        sf.MultivariateNormal([1.0, -2.0], MATRIX),
        elliptical,
        (ORDER, SHIFT, SCALES, MIX),
    ),
    Row(
        "diagonal normal",
        sf.MultivariateNormal.of(covariance="diagonal"),
        sf.MultivariateNormal([1.0, -2.0], Covariance.diagonal([2.0, 0.5])),
        elliptical,
        (ORDER, SHIFT, SCALES),
    ),
    Row(
        "spherical normal",
        sf.MultivariateNormal.of(covariance="spherical"),
        sf.MultivariateNormal([1.0, -2.0], Covariance.spherical(2.0, 2)),
        elliptical,
        (ORDER, SHIFT),
    ),
    Row(
        "Student t",
        sf.MultivariateStudentT,
        sf.MultivariateStudentT([1.0, -2.0], MATRIX, 5.0),
        elliptical,
        (ORDER, SHIFT, SCALES, MIX),
    ),
    Row("Dirichlet", sf.Dirichlet, sf.Dirichlet([2.0, 3.0, 5.0]), simplex, (ORDER,)),
    Row("Dirichlet of small α", sf.Dirichlet, sf.Dirichlet([0.3, 0.4, 0.9]), simplex, (ORDER,)),
    Row("multinomial", sf.Multinomial.of(n=6), sf.Multinomial(6, [0.2, 0.3, 0.5]), counts, (ORDER,)),
    Row(
        "categorical",
        sf.Categorical,
        sf.Categorical([0.2, 0.3, 0.5], [1.0, 2.0, 5.0]),
        categories,
        ((lambda rows: 10.0 - rows, 0.0),),
    ),
)
