"""Vuong's test of which of two models, neither of which holds the other, is closer to the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.inference_problem import once
from suffice.errors import NotAvailableError, ParameterError
from suffice.inference.criteria import penalty
from suffice.inference.fit import Fit
from suffice.inference.model_test import ModelTest
from suffice.inference.nesting import nesting
from suffice.inference.p_value_text import p_value_text
from suffice.inference.same_data import require_one_kind, require_same_data
from suffice.inference.weighted_chi_squared import weighted_chi_squared_tail
from suffice.statistics.likelihood_differences import LikelihoodDifferences, ScoredDensity
from suffice.statistics.row_scores import DensityScores
from suffice.statistics.scatter import ScatterSummary

CORRECTIONS = {None: "no correction", "aic": "corrected as AIC", "bic": "corrected as BIC"}


@dataclass(frozen=True, slots=True)
class VuongTest(ModelTest):
    """What Vuong's test found.

    Attributes
    ----------
    first, second : the names of the models
    difference : the log-likelihood of the first less that of the second, corrected where that was asked for
    deviation : the standard deviation of the difference of the log densities, row by row (divisor n)
    variance_statistic, variance_p_value : of the pre-test that the two densities are the same
    closeness_p_value : of the normal law of `statistic`
    """

    first: str
    second: str
    difference: float
    deviation: float
    variance_statistic: float
    variance_p_value: float
    closeness_p_value: float

    def closer(self, level: float = 0.05) -> str:
        """Return the name of the model that is closer to the truth; "" where the test cannot tell at this level."""
        if self.p_value >= level:
            return ""
        return self.first if self.difference > 0.0 else self.second


def vuong_test(first: Fit, second: Fit, *, correction: str | None = None, data: Any = None) -> VuongTest:
    """Test whether two models are equally close to the truth, in Kullback and Leibler's distance (Vuong 1989).

    With dᵢ = log p₁(xᵢ) − log p₂(xᵢ) at the two maxima, ω² = Var d and z = Σ dᵢ/(√n ω), z is standard normal if the
    two are equally close and their densities differ. Whether they differ is tested first: if they are the same
    density, n ω² is a sum Σ λᵢ² χ²₁ with λ the eigenvalues of W, which holds the Hessians and the products of the
    scores of both. Both tests must reject, so that the p-value is the larger of the two.

    Parameters
    ----------
    first, second : fits of families of one variable to the same data
    correction : None; "aic" takes the difference of the numbers of free parameters from Σ d, "bic" half of that times
        log n, as the criteria do
    data : the data, where the fits have lost them

    Returns
    -------
    VuongTest

    Raises
    ------
    NotAvailableError
        One model is a special case of the other, or a fit is neither a smooth maximum nor one at a limit.
    DataError
        The fits are of different data, or one gives probabilities and the other densities.

    Examples
    --------
    >>> import suffice as sf
    >>> x = sf.datasets.path("groundbeef")
    >>> test = vuong_test(sf.fit(sf.Gamma, x), sf.fit(sf.LogNormal, x))
    >>> round(test.statistic, 3), test.closer()
    (2.642, 'Gamma')
    """
    if correction not in CORRECTIONS:
        raise ParameterError(f"correction must be None, 'aic' or 'bic', not {correction!r}")
    require_one_kind([first.family, second.family])
    require_same_data(first, second)
    _require_neither_nested(first, second)
    statistic = LikelihoodDifferences(_scored(first), _scored(second))
    summary = first._ask(once(statistic), data)
    return _judged(first, second, summary, correction)


def _judged(first: Fit, second: Fit, summary: ScatterSummary, correction: str | None) -> VuongTest:
    n, spread = float(summary.weight), summary.covariance()
    if not np.isfinite(spread).all():
        raise NotAvailableError(
            "the log densities of the two models differ by more than double precision holds in some row; "
            "leave out what is impossible under one of them"
        )
    more = first.free_parameters - second.free_parameters
    less = 0.0 if correction is None else 0.5 * penalty(correction, more, n)
    difference = float(summary.mean[0] * n) - less
    deviation = float(np.sqrt(spread[0, 0]))
    weights = _eigenvalues(first, second, spread[1:, 1:], n) ** 2
    variance_p = weighted_chi_squared_tail(n * spread[0, 0], weights) if deviation > 0.0 else 1.0
    z = difference / (np.sqrt(n) * deviation) if deviation > 0.0 else 0.0
    closeness_p = float(2.0 * special.ndtr(-abs(z)))
    names = first.family.__name__, second.family.__name__
    return VuongTest(
        "Vuong",
        f"{names[0]} and {names[1]} are equally close to the truth",
        "one of them is closer (two-sided)",
        float(z),
        max(variance_p, closeness_p),
        f"z = Σ d/(√n ω), standard normal ({CORRECTIONS[correction]}), if the densities differ: n ω² = "
        f"{n * spread[0, 0]:.6g}, {p_value_text(variance_p, 4)}",
        _note(names, z, variance_p, closeness_p),
        *names,
        difference,
        deviation,
        n * float(spread[0, 0]),
        variance_p,
        closeness_p,
    )


def _note(names: tuple[str, str], z: float, variance_p: float, closeness_p: float) -> str:
    """Return what the two steps say, at 5 %."""
    if variance_p >= 0.05:
        said = f"at 5 %, the data cannot tell the densities of {names[0]} and {names[1]} apart"
    elif closeness_p >= 0.05:
        said = "at 5 %, the densities differ, and neither is shown to be closer to the truth"
    else:
        said = f"at 5 %, {names[0] if z > 0.0 else names[1]} is closer to the truth"
    return f"{said}; the law holds for large n and independent rows, and for models that were not picked by the data"


def _require_neither_nested(first: Fit, second: Fit) -> None:
    for small, large in ((first, second), (second, first)):
        if nesting(small, large) is not None:
            raise NotAvailableError(
                f"{small.family.__name__} is a special case of {large.family.__name__}, which can only be closer: use "
                "sf.likelihood_ratio_test(null, larger)"
            )


def _scored(fit: Fit) -> ScoredDensity:
    """Return the log density and scores of a fit."""
    name, certificate = fit.family.__name__, fit.certificate
    problem, phi = fit.solution.problem, fit.solution.phi
    found = problem.scores(phi)
    if not isinstance(found, DensityScores):
        raise NotAvailableError(
            f"Vuong's test needs scores row by row, which {name} does not have here; compare by a criterion"
        )
    if certificate.status not in ("maximum", "no finite maximum", "boundary"):
        raise NotAvailableError(
            f"Vuong's test needs fits at a smooth maximum, and that of {name} is none "
            f"({certificate.status}: {certificate.reason})"
        )
    if reason := fit.model.irregular:
        raise NotAvailableError(f"Vuong's test does not hold for {name} here: {reason}")
    assert found.chain is not None
    return ScoredDensity(found.density, found.theta, found.chain, found.shift, found.factor)


def _eigenvalues(first: Fit, second: Fit, products: np.ndarray, n: float) -> np.ndarray:
    """Return the eigenvalues λ of W (Vuong 1989, equation 3.6), shape (q₁ + q₂,).

    With B the covariance of both scores, A the mean Hessians and Q = diag(−A₁⁻¹, A₂⁻¹), W is similar to QB, and so to
    the symmetric LᵀQL with B = LLᵀ.
    """
    q = len(first.solution.phi)
    inverse = np.zeros_like(products)
    if q:
        inverse[:q, :q] = n * first.solution.problem.information_inverse(first.solution)
    if q < len(products):
        inverse[q:, q:] = -n * second.solution.problem.information_inverse(second.solution)
    values, vectors = np.linalg.eigh(products)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.linalg.eigvalsh(root.T @ inverse @ root)
