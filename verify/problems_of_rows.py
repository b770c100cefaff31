"""Problems of known status for further families of several variables."""

from __future__ import annotations

import numpy as np

from verify.generators import BOUNDARY, MAXIMUM, NONE, problems, rows, scale
from verify.statuses import all_seen_status, multivariate_student_status

FEW = 3


def _student(rng, n, df):
    z = rng.standard_normal((n, 2)) / np.sqrt(rng.chisquare(df, n) / df)[:, None]
    return (z @ rng.standard_normal((2, 2)) + rng.uniform(-10.0, 10.0, 2)) * 10.0 ** rng.uniform(-6, 6, 2)


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_heavy(rng):
    return _student(rng, rows(rng, 12, 200), rng.uniform(1.0, 4.0))


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_nearly_normal(rng):
    return _student(rng, rows(rng, 12, 200), 1e6)


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_light(rng):
    return rng.random((rows(rng, 12, 200), 2)) * scale(rng)


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_contaminated(rng):
    n = rows(rng, 20, 200)
    return np.where(rng.random(n) < 0.1, 30.0, 1.0)[:, None] * rng.standard_normal((n, 2)) * scale(rng)


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_nearly_collinear(rng):
    x = _student(rng, rows(rng, 12, 200), 2.0) / 1e3
    return np.column_stack([x[:, 0], x[:, 0] + 1e-3 * x[:, 0].std() * rng.standard_normal(len(x))])


@problems("MultivariateStudentT", multivariate_student_status, FEW)
def multivariate_student_tiny(rng):
    return _student(rng, int(rng.integers(5, 9)), 2.0)


@problems("MultivariateStudentT", NONE, FEW)
def multivariate_student_collinear(rng):
    x = rng.integers(-50, 50, rows(rng, 10, 200)).astype(float)
    return np.column_stack([x, 2.0 * x]) * 2.0 ** rng.integers(-20, 20)


@problems("MultivariateStudentT", NONE, FEW)
def multivariate_student_constant_column(rng):
    x = rng.standard_normal((rows(rng, 10, 200), 2))
    x[:, 1] = scale(rng)
    return x


@problems("MultivariateStudentT", NONE, FEW)
def multivariate_student_too_few_rows(rng):
    return rng.standard_normal((3, 2)) * scale(rng)


@problems("Dirichlet", MAXIMUM, FEW)
def dirichlet_small(rng):
    x = np.maximum(rng.dirichlet(np.full(3, 0.1), rows(rng, 5, 300)), 1e-200)
    return x / x.sum(axis=1, keepdims=True)


@problems("Dirichlet", MAXIMUM, FEW)
def dirichlet_large(rng):
    return rng.dirichlet(10.0 ** rng.uniform(1, 4, 3), rows(rng, 3, 300))


@problems("Dirichlet", MAXIMUM, FEW)
def dirichlet_of_two_rows(rng):
    return rng.dirichlet(np.ones(3), 2)


@problems("Dirichlet", MAXIMUM, FEW)
def dirichlet_contaminated(rng):
    x = rng.dirichlet(np.full(3, 50.0), rows(rng, 5, 300))
    return np.vstack([x, [[1e-6, 1e-6, 1.0 - 2e-6]]])


@problems("Dirichlet", NONE, FEW)
def dirichlet_constant(rng):
    return np.tile([0.25, 0.25, 0.5], (rows(rng), 1))


@problems("Multinomial", MAXIMUM, FEW, n=5)
def multinomial_rare(rng):
    return np.vstack([[1, 1, 3], rng.multinomial(5, [0.01, 0.09, 0.9], rows(rng))]).astype(float)


@problems("Multinomial", all_seen_status, FEW, n=5)
def multinomial_of_few_rows(rng):
    return rng.multinomial(5, [0.1, 0.2, 0.7], int(rng.integers(1, 6))).astype(float)


@problems("Multinomial", BOUNDARY, FEW, n=5)
def multinomial_one_unseen(rng):
    x = rng.multinomial(5, [0.5, 0.5], rows(rng))
    return np.column_stack([x, np.zeros(len(x))])
