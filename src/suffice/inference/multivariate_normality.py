"""Tests of multivariate normality: Mardia's skewness and kurtosis at any size, Henze and Zirkler's up to 10,000 rows.

`mardia` and `henze_zirkler` take data; the questions that they ask serve a fit as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import Question
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.errors import DataError, NotAvailableError, ParameterError
from suffice.inference.asking import answer, used_rows
from suffice.inference.normality_test import MardiaTest, NormalityTest
from suffice.inference.simulated_normality import (
    henze_zirkler_statistic,
    henze_zirkler_statistics,
    mardia_moments,
    simulated,
    smoothing,
    two_sided_p_value,
    upper_p_value,
)
from suffice.statistics.collect import Collect
from suffice.statistics.extent import Extent
from suffice.statistics.product import Product
from suffice.statistics.scatter import Scatter
from suffice.statistics.whitened_moments import WhitenedMoments

# Henze and Zirkler's statistic goes over all pairs of rows.
MOST_ROWS = 10_000
# Mardia's skewness sums d(d + 1)/2 · d products.
MOST_COLUMNS = 100
# Above so many operations a null distribution is not simulated unless asked for: about a second.
MOST_PRODUCTS = 200_000_000
MOST_EXPONENTIALS = 100_000_000


def mardia_question(names: Sequence[str], method: str | None = None, replicates: int = 999, rng: int = 0) -> Question:
    """Ask for what Mardia's test needs, one pass beside mean and covariance; return a `MardiaTest`.

    Parameters
    ----------
    names : the names of the columns
    method, replicates, rng : as for `mardia`
    """
    model, n = yield from _fitted(names)
    d = model.dimension
    if d > MOST_COLUMNS:
        raise NotAvailableError(
            f"Mardia's skewness of {d} columns needs {d * d * (d + 1) // 2:,} sums; it is had for up to {MOST_COLUMNS}"
        )
    moments = yield WhitenedMoments(model.mean, model.factored)
    skewness, kurtosis = moments.skewness, moments.kurtosis
    chosen = _method(method, ("simulated", "asymptotic"), n, replicates, n * replicates * d * (10 + d * (d + 1) / 2))
    expected = (mean_skewness(n, d), d * (d + 2.0) * (n - 1.0) / (n + 1.0))
    deviate = (kurtosis - expected[1]) / np.sqrt(kurtosis_variance(n, d))
    if chosen == "simulated":
        null = simulated(mardia_moments, round(n), d, replicates, rng)
        p_values = upper_p_value(null[:, 0], skewness), two_sided_p_value(null[:, 1], kurtosis)
        words = [_simulation(n, d, replicates)] * 2
    else:
        df = d * (d + 1) * (d + 2) / 6.0
        p_values = (
            float(special.gammaincc(0.5 * df, 0.5 * df * skewness / expected[0])),
            float(2.0 * special.ndtr(-abs(deviate))),
        )
        words = [
            f"χ²({df:g}) in large samples, corrected for n = {n:,.15g} (Mardia 1974)",
            f"normal in large samples, with the exact mean and variance for n = {n:,.15g} (Mardia 1974)",
        ]
    return MardiaTest(
        NormalityTest("Mardia's skewness", n * skewness / 6.0, p_values[0], skewness, expected[0], words[0], n, d),
        NormalityTest("Mardia's kurtosis", deviate, p_values[1], kurtosis, expected[1], words[1], n, d),
    )


def henze_zirkler_question(
    names: Sequence[str], method: str | None = None, replicates: int = 999, rng: int = 0
) -> Question:
    """Ask for the rows, up to 10,000 of them; return a `NormalityTest`.

    Parameters
    ----------
    names : the names of the columns
    method, replicates, rng : as for `henze_zirkler`
    """
    extent = (yield Product((Extent(), Scatter()))).parts[0]
    if extent.rows > MOST_ROWS:
        raise DataError(
            f"Henze and Zirkler's test compares all pairs of rows and takes at most {MOST_ROWS:,} rows, not "
            f"{extent.rows:,}; test a sample of them, or use Mardia's test, which takes any number",
            limit=MOST_ROWS,
        )
    model, n = yield from _fitted(names)
    d = model.dimension
    rows = yield Collect(MOST_ROWS)
    weights = np.ones(len(rows.rows)) if rows.weights is None else rows.weights
    beta = smoothing(n, d)
    statistic = henze_zirkler_statistic(model.factored.whiten(rows.rows - model.mean), weights, beta)
    mean, variance = henze_zirkler_moments(beta, d)
    if _method(method, ("simulated", "lognormal"), n, replicates, n * n * replicates / 4.0) == "simulated":
        p = upper_p_value(simulated(henze_zirkler_statistics, round(n), d, replicates, rng)[:, 0], statistic)
        words = _simulation(n, d, replicates)
    else:
        spread = np.log1p(variance / mean**2)
        p = float(special.ndtr((np.log(mean) - 0.5 * spread - np.log(statistic)) / np.sqrt(spread)))
        words = "log-normal with the mean and variance of large samples, approximate (Henze and Zirkler 1990)"
    return NormalityTest("Henze and Zirkler's test", statistic, p, statistic / n, mean / n, words, n, d)


def mardia(
    data: Any,
    *,
    columns: Any = None,
    weights: Any = None,
    missing: str = "error",
    method: str | None = None,
    replicates: int = 999,
    rng: int = 0,
    engine: Any = None,
) -> MardiaTest:
    """Test multivariate normality by Mardia's skewness and kurtosis, at any size, in two passes.

    With the whitened rows z, b₁,d = Σᵢⱼₖ (mean of zᵢzⱼzₖ)² and b₂,d = mean of (zᵀz)².

    Parameters
    ----------
    data, columns, weights, missing, engine : as for `fit`
    method : where p-values come from: "simulated" (exact, for it depends on n and d only), "asymptotic" (χ² and
        normal, corrected for n); default: simulated where that takes about a second at most
    replicates, rng : of the simulation

    Examples
    --------
    >>> import suffice as sf
    >>> test = mardia(sf.datasets.path("iris"), method="asymptotic")
    >>> round(test.skewness.statistic, 4), test.p_value < 1e-4
    (67.4305, True)

    Source: Mardia (1970); Mardia (1974) for the corrections.
    """
    return _asked(mardia_question, data, columns, weights, missing, engine, method, replicates, rng)


def henze_zirkler(
    data: Any,
    *,
    columns: Any = None,
    weights: Any = None,
    missing: str = "error",
    method: str | None = None,
    replicates: int = 999,
    rng: int = 0,
    engine: Any = None,
) -> NormalityTest:
    """Test multivariate normality by the distance of characteristic functions, against all alternatives.

    Parameters
    ----------
    data, columns, weights, missing, engine : as for `fit`; at most 10,000 rows
    method : where the p-value comes from: "simulated" (exact, for it depends on n and d only), "lognormal"
        (approximate); default: simulated where that takes about a second at most
    replicates, rng : of the simulation

    Examples
    --------
    >>> import suffice as sf
    >>> round(henze_zirkler(sf.datasets.path("iris"), method="lognormal").statistic, 4)
    2.3364

    Source: Henze and Zirkler (1990), Communications in Statistics: Theory and Methods 19, 3595–3617.
    """
    return _asked(henze_zirkler_question, data, columns, weights, missing, engine, method, replicates, rng)


def mean_skewness(n: float, d: int) -> float:
    """Return the mean of b₁,d of n normal rows (Mardia 1974)."""
    return d * (d + 2.0) * ((n + 1.0) * (d + 1.0) - 6.0) / ((n + 1.0) * (n + 3.0))


def kurtosis_variance(n: float, d: int) -> float:
    """Return the variance of b₂,d of n normal rows (Mardia 1974)."""
    ratio = (n - 3.0) / (n + 1.0) ** 2 * (n - d - 1.0) / (n + 3.0) * (n - d + 1.0) / (n + 5.0)
    return 8.0 * d * (d + 2.0) * ratio


def henze_zirkler_moments(beta: float, d: int) -> tuple[float, float]:
    """Return mean and variance of the statistic in large samples (Henze and Zirkler 1990)."""
    b2, b4, b8 = beta**2, beta**4, beta**8
    a, w = 1.0 + 2.0 * b2, (1.0 + b2) * (1.0 + 3.0 * b2)
    mean = 1.0 - a ** (-0.5 * d) * (1.0 + d * b2 / a + d * (d + 2.0) * b4 / (2.0 * a * a))
    variance = (
        2.0 * (1.0 + 4.0 * b2) ** (-0.5 * d)
        + 2.0 * a**-d * (1.0 + 2.0 * d * b4 / a**2 + 3.0 * d * (d + 2.0) * b8 / (4.0 * a**4))
        - 4.0 * w ** (-0.5 * d) * (1.0 + 3.0 * d * b4 / (2.0 * w) + d * (d + 2.0) * b8 / (2.0 * w**2))
    )
    return float(mean), float(variance)


def _fitted(names: Sequence[str]) -> Question:
    """Ask for mean and covariance; return the normal distribution that has them, and n."""
    summary = yield Scatter()
    solution = MultivariateNormal.of().solution(summary, names, {})
    n, d = float(summary.weight), summary.dimension
    if n <= d + 1:
        raise NotAvailableError(
            f"n = {n:g} is too few to test the normality of {d} column{'s' * (d > 1)}: the statistics are the same "
            f"whatever the values; more than {d + 1} rows are needed"
        )
    return solution.model, n


def _method(method: str | None, known: tuple[str, str], n: float, replicates: int, cost: float) -> str:
    """Return how the p-value is found: as asked for, else by simulation where that is quick."""
    if method is not None and method not in known:
        raise ParameterError(f"method must be {known[0]!r} or {known[1]!r}, not {method!r}")
    if replicates < 1:
        raise ParameterError(f"replicates must be at least 1, not {replicates}")
    whole = n == round(n)
    if method == "simulated" and not whole:
        raise NotAvailableError(
            f"n = Σ of the weights is {n:g}: a sample of so many rows cannot be simulated; use method={known[1]!r}"
        )
    limit = MOST_PRODUCTS if known[1] == "asymptotic" else MOST_EXPONENTIALS
    return method or (known[0] if whole and cost <= limit else known[1])


def _simulation(n: float, d: int, replicates: int) -> str:
    columns = f"{d} column{'s' * (d > 1)}"
    return f"exact, by {replicates:,} simulated samples of {n:,.15g} normal rows of {columns}"


def _asked(
    question: Callable[..., Question], data: Any, columns: Any, weights: Any, missing: str, engine: Any, *how: Any
) -> Any:
    rows = used_rows(data, columns, weights, missing, engine)
    return answer(lambda extent: question(rows.names, *how), rows)
