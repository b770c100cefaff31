"""Which interval a fit gives for what is asked, and where it has none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from suffice._typing import ClustersLike
from suffice.errors import NotAvailableError, ParameterError, quoted
from suffice.inference.bca_interval import bca
from suffice.inference.criteria import LEAST
from suffice.inference.fit_text import name_of_label
from suffice.inference.interval import (
    UNNAMED,
    ConfidenceInterval,
    as_target,
    check_level,
    not_estimated,
    percentile,
    profile,
    robust,
    wald,
    wald_in_coordinates,
)
from suffice.inference.interval_at_limit import interval_at_limit
from suffice.inference.robust_covariance import acceleration, sandwich

# Above so many free parameters, printed intervals are Wald intervals: a profile each would take too long.
MOST_PROFILED = 10
# The methods of intervals, and what each is called where there is none.
METHODS = {
    "profile": "profile interval",
    "wald": "Wald interval",
    "robust": "robust standard error",
    "bootstrap": "bootstrap",
    "bca": "BCa interval",
    "exact": "exact interval",
}
REPLICATES = {"bootstrap": 999, "bca": 1999}


def interval_of(
    fit: Any,
    what: str | Callable[[Any], float],
    level: float,
    method: str | None,
    data: Any,
    replicates: int | None,
    rng: int,
    clusters: ClustersLike,
) -> ConfidenceInterval:
    """Return a confidence interval; parameters as of `Fit.interval`."""
    check_level(level)
    what = name_of_label(fit, what) if isinstance(what, str) else what
    at_limit = fit.is_at_limit and isinstance(what, str) and what in fit.estimated
    if clusters is not None and method != "robust":
        raise ParameterError("clusters= belongs to method='robust'; pass both")
    method = method or _default_method(fit, what, data)
    if method not in METHODS:
        raise ParameterError(f"method must be {quoted(list(METHODS))}, not {method!r}")
    refuse_method(fit, method, of_function=not isinstance(what, str))
    problem, phi = fit.solution.problem, fit.solution.phi
    if fit.law is not None and method in fit.law.answers and isinstance(what, str) and what in fit.estimated:
        question = fit.law.interval(fit.solution, what, level, fit.n)
        lower, upper, note = fit._ask(question, data)
        return ConfidenceInterval(lower, upper, level, method, fit.estimated[what], what, note)
    if method == "profile" and at_limit:
        refuse_irregular(fit)
        return fit._ask(interval_at_limit(fit.solution, fit.fixed, str(what), level, fit.n), data)
    if method in ("profile", "wald", "robust"):
        require_maximum(fit)  # before the name is looked for: a parameter at a limit is not free
    _refuse_known(fit, what)
    target = as_target(what, problem, fit.model)
    if method in ("bootstrap", "bca"):
        number = REPLICATES[method] if replicates is None else replicates
        rows, note = fit.bootstrap(number, rng=rng, data=data)
        if method == "bootstrap":
            return percentile(target, rows, phi, level, note)
        require_maximum(fit)
        return bca(target, rows, phi, level, note, partial(acceleration, fit, data=data))
    if method == "wald":
        return wald(target, phi, partial(_variance, fit), level)
    if method == "robust":
        return robust(target, phi, sandwich(fit, clusters, data), level)
    return fit._ask(profile(problem, target, phi, level), data)


def printed_interval(fit: Any, name: str, level: float) -> ConfidenceInterval:
    """Return the best interval of a parameter that reads no data; see `Fit.printed_interval`."""
    if fit.law is not None and fit.law.for_parameters:
        return fit.interval(name, level)
    if fit.is_at_limit:
        refuse_irregular(fit)
        if not fit.is_data_free:
            raise NotAvailableError("they need the data: ask for them with fit.interval(name)")
        return fit.interval(name, level, method="profile")
    target = as_target(name, fit.solution.problem)
    if fit.is_data_free and fit.free_parameters <= MOST_PROFILED:
        try:
            return fit.interval(name, level, method="profile")
        except NotAvailableError:
            pass
    if target.coordinate >= 0:
        return wald_in_coordinates(target, fit.solution.phi, partial(_variance, fit), level)
    return wald(target, fit.solution.phi, partial(_variance, fit), level)


def _default_method(fit: Any, what: Any, data: Any) -> str:
    """Return the method of an interval where none is asked for."""
    is_parameter = isinstance(what, str)
    if fit.law is not None and (own := fit.law.for_parameters if is_parameter else fit.law.for_functions):
        return own
    if fit.is_at_limit and is_parameter and what in fit.estimated:
        return "profile"
    if fit.law is None and fit.certificate.status == "kink":
        return "wald"
    return "profile" if fit.is_cheap(data) else "wald"


def _refuse_known(fit: Any, what: Any) -> None:
    """Refuse what was not estimated: a parameter that is none or was fixed, and anything where all were fixed."""
    if isinstance(what, str) and what not in fit.estimated:
        raise not_estimated(what, list(fit.estimated), fit.fixed)
    if not fit.estimated:
        name = getattr(what, "__name__", "a function of the model")
        raise NotAvailableError(
            f"every parameter of {fit.family.__name__} was fixed, so that nothing was estimated from the data and "
            f"{UNNAMED if name == '<lambda>' else name} has no uncertainty: it is {what(fit.model):.6g}, as assumed; "
            "fit without fixed= for an interval"
        )


def refuse_method(fit: Any, method: str, of_function: bool = False) -> None:
    """Refuse a method that does not hold where the likelihood is not regular, or an exact law that is not known."""
    if fit.law is not None:
        if reason := fit.law.refusal(method, of_function):
            what = METHODS[method]
            raise NotAvailableError(f"there is no {what} for {fit.family.__name__}: {reason}")
    elif fit.certificate.status == "kink" and method != "wald":
        raise NotAvailableError(
            f"method {method!r} follows derivatives of the log-likelihood, which has a kink here "
            f"({fit.certificate.reason}); use method='wald', by the expected information"
        )
    elif method == "exact":
        raise NotAvailableError(
            f"there is no exact interval for {fit.family.__name__}: no law of its estimates is known here; "
            "use method='profile'"
        )


def require_maximum(fit: Any) -> None:
    """Refuse standard errors and intervals of a fit that is no maximum with derivatives."""
    status = fit.certificate.status
    if status in ("maximum", "kink") or (status == "boundary" and len(fit.solution.phi)):
        refuse_irregular(fit)
        return
    what = (
        "standard errors, and only profile intervals of parameters,"
        if fit.is_at_limit
        else "standard errors or intervals"
    )
    raise NotAvailableError(
        f"there are no {what} at a point that is no interior maximum ({status}: {fit.certificate.reason})"
    )


def refuse_irregular(fit: Any) -> None:
    """Refuse standard errors and intervals where theory gives none, or where there is less than one row."""
    if fit.n < LEAST:
        raise NotAvailableError(
            f"there are no standard errors or intervals here: the weights sum to {fit.n:.6g}, less than one row; they "
            "are taken as frequencies, so multiply shares by the number of rows that they stand for"
        )
    if reason := fit.model.irregular:
        raise NotAvailableError(f"there are no standard errors or intervals here: {reason}")


def _variance(fit: Any, gradient: np.ndarray) -> float:
    """Return the variance of a linear function of the estimated φ, given its coefficients."""
    require_maximum(fit)
    return float(gradient @ fit.solution.problem.solve_information(fit.solution, gradient))
