"""How the multivariate normal distribution is fitted, for each structure of its covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from suffice.distributions.array_family import ArrayFamily
from suffice.distributions.array_parameter import ArrayParameter
from suffice.distributions.array_text import columns_of, combination, listed_columns, quoted
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.location_scatter import STRUCTURES, fixed_location, fixed_matrix, structured
from suffice.distributions.multivariate_normal_problem import MultivariateNormalProblem
from suffice.errors import DataError, NoMaximumError, ParameterError, number_text
from suffice.linalg import Covariance
from suffice.sources.block import Block
from suffice.statistics.scatter import Scatter, ScatterSummary

EPSILON = float(np.finfo(float).eps)
PARAMETERS = (
    ArrayParameter("mean", "the mean of each column"),
    ArrayParameter("covariance", "the covariance of the columns"),
)


@dataclass(frozen=True, slots=True, repr=False)
class MultivariateNormalFamily(ArrayFamily):
    """The multivariate normal distributions with one structure of the covariance: a family.

    Parameters
    ----------
    distribution : the class of the models
    covariance : "dense", "diagonal" or "spherical" (variance · identity)

    Examples
    --------
    >>> from suffice.distributions.multivariate_normal import MultivariateNormal
    >>> MultivariateNormal.of(covariance="diagonal")
    MultivariateNormal.of(covariance='diagonal')
    """

    distribution: type
    covariance: str = "dense"

    sufficient = Scatter()
    scope: ClassVar[str] = "global"
    parameters: ClassVar[tuple[ArrayParameter, ...]] = PARAMETERS

    def __post_init__(self) -> None:
        if self.covariance not in STRUCTURES:
            words = ", ".join(repr(word) for word in STRUCTURES)
            raise ParameterError(f"covariance must be one of {words}, not {self.covariance!r}")

    @property
    def special_cases(self) -> dict[str, dict[str, float]]:
        """The families of the simpler structures, by name; no parameter has a value of its own there."""
        simpler = STRUCTURES[STRUCTURES.index(self.covariance) + 1 :]
        return {MultivariateNormalFamily(self.distribution, structure).__name__: {} for structure in simpler}

    @property
    def __name__(self) -> str:
        name = self.distribution.__name__
        return name if self.covariance == "dense" else f"{name}.of(covariance={self.covariance!r})"

    def __repr__(self) -> str:
        return f"{self.distribution.__name__}.of(covariance={self.covariance!r})"

    def plan(self, look: Any, fixed: Mapping[str, Any]) -> Question:
        """Fit by the closed form, x̄ and Σ w (x − x̄)(x − x̄)ᵀ/n; return a `Solution`.

        Parameters
        ----------
        look : the first look; its `names` name the columns in messages
        fixed : {"mean": array (d,)} or {"covariance": array (d, d) or a Covariance} or both

        Raises
        ------
        NoMaximumError
            Where a variance or the variance along some direction is zero: the message names it.
        """
        summary = yield self.sufficient
        return self.solution(summary, columns_of(look, summary.dimension), fixed, look.sample)

    def solution(
        self, summary: ScatterSummary, names: Sequence[str], fixed: Mapping[str, Any], sample: Block | None = None
    ) -> Solution:
        """Return the maximum for data of this mean and scatter; parameters and errors as of `plan`.

        Parameters
        ----------
        names : of the d columns, for messages
        sample : rows of the data, which tell a combination of columns that hardly varies from one that does not
        """
        d = summary.dimension
        mean, covariance = self._fixed(fixed, d)
        frame = covariance or self._frame(summary, mean, names, sample)
        problem = MultivariateNormalProblem(
            distribution=self.distribution,
            structure=self.covariance,
            high=np.array(summary.high if mean is None else mean),
            low=np.array(summary.low) if mean is None else np.zeros(d),
            frame=frame,
            weight=float(summary.weight),
            mean_is_free=mean is None,
            covariance_is_free=covariance is None,
        )
        return problem.solution(summary)

    def _fixed(self, fixed: Mapping[str, Any], d: int) -> tuple[np.ndarray | None, Covariance | None]:
        unknown = [name for name in fixed if name not in {parameter.name for parameter in PARAMETERS}]
        if unknown:
            raise ParameterError(f"{self!r} has the parameters mean and covariance, not {unknown[0]!r}")
        mean, given, covariance = fixed_location(fixed, "mean", d), fixed_matrix(fixed, "covariance", d), None
        if given is not None:
            covariance = structured(given.matrix, self.covariance) if self.covariance != "dense" else given
            if not np.array_equal(covariance.matrix, given.matrix):
                raise ParameterError(f"the fixed covariance is not {self.covariance}; use MultivariateNormal.of()")
        return mean, covariance

    def _frame(
        self, summary: ScatterSummary, mean: np.ndarray | None, names: Sequence[str], sample: Block | None
    ) -> Covariance:
        """Return the estimate of the covariance, in whose standard deviations everything is sought."""
        with np.errstate(all="ignore"):
            matrix = summary.covariance("n")
            if mean is not None:
                off = (summary.high - mean) + summary.low
                matrix = matrix + off[:, None] * off
        if not summary.weight > 0:
            raise DataError("there are no rows with a positive weight, so that nothing can be fitted")
        _refuse_overflow(matrix, summary.mean, names)
        constant = np.sqrt(np.diagonal(matrix)) <= 1e-4 * EPSILON * np.abs(summary.mean)
        if constant.all() if self.covariance == "spherical" else constant.any():
            raise _constant(summary, int(np.argmax(constant)), names, self)
        if self.covariance == "dense":
            _refuse_too_few(summary, self, mean is None)
            _refuse_singular(matrix, summary, names, self, sample)
        return structured(matrix, self.covariance)


def _refuse_overflow(matrix: np.ndarray, mean: np.ndarray, names: Sequence[str]) -> None:
    good = np.isfinite(matrix)
    if not good.all():
        j = int(np.argmin(good.all(axis=0)))
        raise DataError(
            f"the squares of {quoted(names[j])} are not finite: divide it by a power of ten, "
            "and look for infinite values",
            column=names[j],
        )
    variances = np.diagonal(matrix)
    tiny = ((variances > 0) & (variances < 1e-290)) | ((variances == 0) & (mean != 0) & (np.abs(mean) < 1e-140))
    if tiny.any():
        j = int(np.argmax(tiny))
        raise DataError(
            f"the squares of {quoted(names[j])} are too small for double precision: multiply it by a power of ten",
            column=names[j],
        )


def _constant(summary: ScatterSummary, j: int, names: Sequence[str], family: Any) -> NoMaximumError:
    value = float(summary.mean[j])
    remedy = "drop the column" if family.covariance != "spherical" else "there is nothing to model"
    if summary.weight <= 1:
        remedy = "there is only one row: add rows, or fix the covariance"
    return NoMaximumError(
        f"{quoted(names[j])} is constant: every value is {number_text(value)}, and the likelihood of "
        f"{family.__name__} grows without end as its variance approaches 0; {remedy}",
        column=names[j],
        value=value,
    )


def _refuse_too_few(summary: ScatterSummary, family: Any, mean_is_free: bool) -> None:
    d, n = summary.dimension, float(summary.weight)
    needed = d + mean_is_free
    if n < needed:
        raise NoMaximumError(
            f"{n:g} rows do not determine the covariance of {d} columns: it is singular below {needed} rows, "
            "and the likelihood grows without end; add rows, use fewer columns, or fit "
            '.of(covariance="diagonal")',
            rows=n,
        )


def _refuse_singular(
    matrix: np.ndarray, summary: ScatterSummary, names: Sequence[str], family: Any, sample: Block | None
) -> None:
    """Refuse a covariance that is singular to rounding, judged on the scale of the correlations.

    The products carry rounding of a few ε each, and the data themselves carry ε|x| each, which at a
    large offset is all the variance that a linear combination of columns may have.
    """
    deviation = np.sqrt(np.diagonal(matrix))
    values, vectors = np.linalg.eigh(matrix / deviation / deviation[:, None])
    noise = float((EPSILON * np.abs(summary.mean) / deviation).max()) ** 2
    least = 64.0 * len(matrix) * EPSILON + 4.0 * noise
    if values[0] > least:
        return
    scaled = vectors[:, 0]
    raw = scaled / deviation
    unit = float(1.0 / np.abs(raw[np.argmax(np.abs(scaled))]))
    raw = raw / raw[np.argmax(np.abs(scaled))]
    involved = [int(j) for j in np.argsort(-np.abs(scaled), kind="stable") if abs(scaled[j]) > 1e-3]
    columns = [names[j] for j in involved]
    sum_of_columns = combination(raw, involved, names)
    named = {"columns": columns, "direction": raw, "eigenvalue": float(values[0])}
    spread = None if sample is None else _least_deviation(sample, summary.mean, deviation)
    if spread is not None and spread > 4.0 * (len(matrix) * EPSILON + np.sqrt(noise)):
        raise DataError(
            f"{listed_columns(columns)} are nearly collinear: {sum_of_columns} has a standard deviation of about "
            f"{spread * unit:.2g}, too small beside those of the columns for their sums of squares in double precision "
            f"to tell; put this combination in the place of {quoted(columns[0])}, drop one of these columns, or fit "
            '.of(covariance="diagonal")',
            **named,
            standard_deviation=spread * unit,
        )
    same = "is the same in every row"
    if spread is None:
        same += (
            f", or its standard deviation is below {np.sqrt(least) * unit:.1g}, which sums of squares do not tell apart"
        )
    raise NoMaximumError(
        f"{listed_columns(columns)} are collinear: {sum_of_columns} {same}, "
        f"and the likelihood of {family.__name__} grows without end as the variance along it approaches 0; "
        'drop one of these columns, or fit .of(covariance="diagonal")',
        **named,
    )


def _least_deviation(sample: Block, mean: np.ndarray, deviation: np.ndarray) -> float | None:
    """Return the least standard deviation of a combination of rows in standard units, squaring none; None for too few.

    The combination has coefficients of which the squares add up to 1.
    """
    rows = sample.rows if sample.weights is None else sample.rows[sample.weights > 0]
    if len(rows) <= rows.shape[1]:
        return None
    units = (rows - mean) / deviation
    return float(np.linalg.svd(units - units.mean(axis=0), compute_uv=False)[-1] / np.sqrt(len(rows)))
