"""The likelihood-ratio test of a model against a larger one that holds it."""

from __future__ import annotations

from typing import Any

from suffice.errors import NotAvailableError, number_text
from suffice.inference.choosing import is_highest
from suffice.inference.fit import Fit
from suffice.inference.fit_text import fixed_text
from suffice.inference.model_test import ModelTest
from suffice.inference.nesting import Nesting, became, nesting, special_cases_of
from suffice.inference.same_data import require_same_data

# Nats that rounding may take from a likelihood, and twice that in the statistic.
ROUNDING = 1e-6


def likelihood_ratio_test(null: Fit, alternative: Fit) -> ModelTest:
    """Test a model against a larger one of which it is a special case, by T = 2 (ℓ₁ − ℓ₀).

    Under the null hypothesis T is χ² with as many degrees of freedom q as the larger model has free parameters more
    (Wilks 1938). Where the smaller model lies at an end of what one parameter may be (a Student t with df = ∞, no
    share of added zeros), T is a mixture of χ² with q − 1 and q degrees of freedom in equal parts, the first of which
    is 0 for q = 1 (Chernoff 1954; Self and Liang 1987, case 6).

    Parameters
    ----------
    null : the fit of the smaller model: a family that is a special case of the other, or the same family with more
        parameters fixed
    alternative : the fit of the larger model, to the same data

    Returns
    -------
    ModelTest

    Raises
    ------
    NotAvailableError
        The smaller model is not known to be a special case, or lies where the law of T is another.
    DataError
        The fits are of different data.

    Examples
    --------
    >>> import suffice as sf
    >>> x = [0.3, 1.1, 2.0, 2.2, 3.1, 4.7]
    >>> test = likelihood_ratio_test(sf.fit(sf.Exponential, x), sf.fit(sf.Gamma, x))
    >>> test.null
    'Exponential, which is Gamma with shape = 1'
    >>> round(test.statistic, 4), round(test.p_value, 4)
    (1.1208, 0.2897)
    """
    require_same_data(null, alternative)
    found = nesting(null, alternative)
    if found is None:
        raise NotAvailableError(_not_nested(null, alternative))
    _require_regular(null, alternative, found)
    statistic = _statistic(null, alternative)
    p_value, law = _probability(statistic, found)
    return ModelTest(
        "likelihood ratio",
        _in_words(null, alternative, found.restrictions),
        f"{alternative.family.__name__}, {'one-sided' if found.boundary else 'any other values'}",
        statistic,
        p_value,
        law,
        "the law holds for large n and independent rows, and for two models that were not picked by the data"
        + (f"; {found.remark}" if found.remark else ""),
    )


def _not_nested(null: Fit, alternative: Fit) -> str:
    """Return why there is no such test, and what there is."""
    small, large = null.family.__name__, alternative.family.__name__
    if nesting(alternative, null) is not None:
        return (
            f"{large} is a special case of {small}: pass the smaller model first, likelihood_ratio_test(null, larger)"
        )
    known = ", ".join(special_cases_of(alternative.family))
    return (
        f"{small} is not known to be a special case of {large}"
        + (f" (its special cases are {known})" if known else "")
        + "; for models of which neither holds the other, use sf.vuong_test. (A mixture with fewer components is no "
        "regular special case: its law needs a bootstrap.)"
    )


def _require_regular(null: Fit, alternative: Fit, found: Nesting) -> None:
    """Refuse where the law of the statistic is another one."""
    for fit, statuses in ((null, ("maximum", "kink")), (alternative, ())):
        name, certificate = fit.family.__name__, fit.certificate
        if (statuses and certificate.status not in statuses) or not is_highest(fit):
            raise NotAvailableError(
                f"there is no likelihood-ratio test with {name}, whose fit is no interior maximum "
                f"({certificate.status}: {certificate.reason})"
            )
        if reason := fit.model.irregular:
            raise NotAvailableError(f"the law of the likelihood ratio is not known here: {reason}")
    if alternative.law is not None:
        raise NotAvailableError(
            f"there is no likelihood-ratio test with {alternative.family.__name__}, whose likelihood has kinks or ends "
            "at the rows: its law is no χ²; use the exact intervals of fit.interval"
        )
    if found.irregular:
        raise NotAvailableError(
            f"the law of the likelihood ratio of {null.family.__name__} within {alternative.family.__name__} is no χ²: "
            f"{found.irregular}; compare them by a criterion, sf.compare"
        )
    if len(found.boundary) > 1:
        raise NotAvailableError(
            f"{null.family.__name__} lies at the end of {len(found.boundary)} parameters of "
            f"{alternative.family.__name__} ({', '.join(found.boundary)}), and the law of the likelihood ratio depends "
            "on the model there; free one of them at a time"
        )


def _statistic(null: Fit, alternative: Fit) -> float:
    """Return T, 0 where rounding leaves it below."""
    gain = alternative.log_likelihood - null.log_likelihood
    lost = ROUNDING + 1e-13 * abs(null.log_likelihood)
    if gain < -lost:
        raise NotAvailableError(
            f"the likelihood of {alternative.family.__name__} is {-gain:.3g} nats below that of its special case "
            f"{null.family.__name__}: its fit is not the highest, and nothing can be tested with it"
        )
    at_null = became(alternative) != "" and gain < lost
    return 0.0 if at_null else max(0.0, 2.0 * gain)


def _probability(statistic: float, found: Nesting) -> tuple[float, str]:
    """Return the p-value and the law."""
    from scipy import special

    q = found.degrees

    def tail(degrees: int) -> float:
        return float(special.chdtrc(degrees, statistic)) if degrees else float(statistic <= 0.0)

    if not found.boundary:
        return tail(q), f"T = 2 (difference of the log-likelihoods), χ² with {_degrees(q)}"
    low = f"χ² with {q - 1}" if q > 1 else "0"
    law = f"T = 2 (difference of the log-likelihoods), half the time {low} and half the time χ² with {_degrees(q)}"
    return 0.5 * (tail(q - 1) + tail(q)), f"{law}: {found.boundary[0]} is at its end"


def _degrees(q: int) -> str:
    return f"{q} degree{'' if q == 1 else 's'} of freedom"


def _in_words(null: Fit, alternative: Fit, restrictions: dict[str, Any]) -> str:
    """Return the null hypothesis."""
    values = ", ".join(f"{name} = {_value_text(value)}" for name, value in restrictions.items())
    if null.family == alternative.family:
        return f"{alternative.family.__name__} with {values}"
    inside = (
        f"which is {alternative.family.__name__} with {values}" if values else f"within {alternative.family.__name__}"
    )
    return f"{null.family.__name__}, {inside}"


def _value_text(value: Any) -> str:
    if value == float("inf"):
        return "∞"
    return number_text(value) if isinstance(value, float | int) else fixed_text(value)
