"""A normal model of the rows that belong together, which outliers do not move: the minimum covariance determinant.

1. The h rows, about half of them, whose covariance has the smallest determinant are sought by scikit-learn's FastMCD.
2. Under their mean and covariance S (divisor h, scaled to be consistent), rows outside of them have, with m from the
   variance of S, d² (m − d + 1)/(d m) ~ F(d, m − d + 1), approximately. Rows beyond its 97.5 % point are left out.
3. The mean and covariance of the w others, scaled likewise, are the model, and the law of its distances is that of new
   rows under a fit to w rows, approximately (exact but for the choice of the w): of normal rows, 1 to 6 % of samples
   have a row beyond the adjusted 5 % (n = 30 to 400, d = 1 to 5; see decision 12).

Sources: Rousseeuw and Van Driessen (1999) for step 1; Croux and Haesbroeck (1999) for the asymptotic m; Hardin and
Rocke (2005) for step 2 and m in small samples; Cerioli (2010) for step 3.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.errors import DataError, MissingDependencyError, NotAvailableError
from suffice.inference.distance_law import DistanceLaw, Estimated, FLaw
from suffice.statistics.hashed_sample import HashedSample, HashedSampleSummary

# More rows than these are represented by a sample: half of it already determines the model.
SAMPLE_ROWS = 5_000
# Fewer rows per column leave the inner half too few for its covariance (Rousseeuw and Van Zomeren 1990).
ROWS_PER_COLUMN = 5
# The share of normal rows that is kept for the model.
KEPT = 0.975


@dataclass(frozen=True, slots=True)
class RobustNormal:
    """A normal model of the rows that belong together.

    Parameters
    ----------
    model : of the rows, or of their logarithms
    law : of the squared distances of rows that do not belong to them
    remark : what is approximate
    """

    model: MultivariateNormal
    law: DistanceLaw
    remark: str


def robust_normal(logarithm: bool, rng: int) -> Question:
    """Ask for a sample of the rows; return the `RobustNormal` of them, or of their logarithms."""
    sample: HashedSampleSummary = yield HashedSample(SAMPLE_ROWS, SAMPLE_ROWS)
    rows = np.log(sample.rows) if logarithm else sample.rows
    n, d = rows.shape
    if n < ROWS_PER_COLUMN * d:
        raise NotAvailableError(
            f"{n} rows are too few for the robust way with {d} columns: it needs {ROWS_PER_COLUMN * d}, "
            f"{ROWS_PER_COLUMN} for each column; use method='classical'"
        )
    kept = rows[belonging(rows, rng)]
    w = len(kept)
    taken = "" if sample.complete else f" of a sample of {n:,} of {sample.seen:,}"
    remark = (
        f"d from the reweighted minimum covariance determinant ({w:,} rows{taken}): approximate (Cerioli 2010), for "
        "rows that are not among these"
    )
    return RobustNormal(_scaled(kept, KEPT), Estimated(d, w).law_of_new_rows(), remark)


def belonging(rows: np.ndarray, rng: int) -> np.ndarray:
    """Return which rows, shape (n,), lie within the 97.5 % point under the model of the inner half."""
    n, d = rows.shape
    inner = rows[inner_half(rows, rng)]
    h = len(inner)
    m = degrees_of_freedom(n, h, d)
    law = FLaw(d, m - d + 1.0, d * m / (m - d + 1.0))
    return np.asarray(_scaled(inner, h / n).mahalanobis_squared(rows) < law.threshold(1.0 - KEPT))


def _scaled(rows: np.ndarray, share: float) -> MultivariateNormal:
    """Return the normal model of all, of which these are the inner share."""
    mean = rows.mean(axis=0)
    off = rows - mean
    return MultivariateNormal(mean, (off.T @ off) / (len(rows) * shrinkage(share, rows.shape[1])))


def inner_half(rows: np.ndarray, rng: int) -> np.ndarray:
    """Return which rows, shape (n,), are the half whose covariance has the smallest determinant.

    Raises
    ------
    MissingDependencyError
        scikit-learn is not installed.
    DataError
        Half of the rows lie in a plane, so that the determinant is 0.
    """
    try:
        from sklearn.covariance import MinCovDet
    except ImportError as error:
        raise MissingDependencyError(
            "method='robust' needs scikit-learn; install it with the extra 'sklearn', in a copy of Suffice's "
            "repository: `pip install '.[sklearn]'`"
        ) from error
    # The search has thresholds of its own on the scale of the data: it sees them in robust standard units.
    centre = np.median(rows, axis=0)
    spread = np.median(np.abs(rows - centre), axis=0)
    _refuse_flat(spread > 0.0)
    units = (rows - centre) / spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rank, which is looked at below
        try:
            support = MinCovDet(random_state=int(rng)).fit(units).raw_support_
        except ValueError:
            support = np.zeros(len(rows), dtype=bool)
    inner = units[support]
    values = np.linalg.svd(inner - inner.mean(axis=0), compute_uv=False) if len(inner) else np.zeros(1)
    _refuse_flat(values[-1] > 1e-12 * values[0])
    return np.asarray(support)


def _refuse_flat(has_volume: Any) -> None:
    if not np.all(has_volume):
        raise DataError(
            "half of the rows or more have no spread in some column, or along some combination of the columns, so that "
            "there is no robust covariance; drop a column, or use method='classical'"
        )


def shrinkage(share: float, d: int) -> float:
    """Return by how much the covariance of the inner share of a normal distribution is smaller than that of all."""
    q = 2.0 * special.gammaincinv(0.5 * d, share)
    return float(special.gammainc(0.5 * d + 1.0, 0.5 * q) / share)


def degrees_of_freedom(n: int, h: int, d: int) -> float:
    """Return m, with which the covariance of the inner h of n rows is about Wishart.

    The asymptotic one of Croux and Haesbroeck (1999), with Hardin and Rocke's (2005) factor
    for small samples.
    """
    share, alpha = h / n, 1.0 - h / n
    q = 2.0 * special.gammaincinv(0.5 * d, share)
    c = 1.0 / shrinkage(share, d)
    c2 = -0.5 * special.gammainc(0.5 * d + 1.0, 0.5 * q)
    c3 = -0.5 * special.gammainc(0.5 * d + 2.0, 0.5 * q)
    b1 = c * (c3 - 3.0 * c3) / share
    b2 = 0.5 + c / share * (c3 - q / d * (c2 + 0.5 * share))
    v1 = share * b1**2 * (alpha * (c * q / d - 1.0) ** 2 - 1.0)
    v1 -= 2.0 * c3 * c**2 * (3.0 * (b1 - d * b2) ** 2 + (d + 2.0) * b2 * (2.0 * b1 - d * b2))
    v2 = n * (b1 * (b1 - d * b2) * share) ** 2 * c**2
    return float(2.0 * v2 / (c**2 * v1) * np.exp(0.725 - 0.00663 * d - 0.0780 * np.log(n)))
