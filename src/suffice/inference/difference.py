"""Differences and ratios between two fits of independent data, with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any

import numpy as np

from suffice.calculus.transforms import Interval, positive, real, unit_interval
from suffice.errors import NotAvailableError, ParameterError, quoted
from suffice.inference.fit import Fit
from suffice.inference.fit_intervals import refuse_method
from suffice.inference.interval import ConfidenceInterval, as_target, check_level, percentile, profile, wald
from suffice.inference.interval_target import Target
from suffice.inference.joint_problem import JointProblem, ask_both

METHODS = ("profile", "wald", "bootstrap")


def difference(
    first: Fit,
    second: Fit,
    what: str | Callable[[Any], float],
    level: float = 0.95,
    *,
    method: str | None = None,
    data: tuple[Any, Any] = (None, None),
    replicates: int = 999,
    rng: int = 0,
) -> ConfidenceInterval:
    """Return a confidence interval for the difference, first minus second, between two fits of independent data.

    Parameters
    ----------
    first, second : fits of data that share no rows
    what : a parameter's name, where both are of one family, or a function of the model, such as
        `suffice.targets.quantile(0.9)`
    level : the confidence
    method : "profile" (the likelihood ratio of the joint likelihood, the sum of both), "wald" (± z √(s₁² + s₂²), the
        normal approximation: shorter than Welch's t for few rows) or "bootstrap" (percentiles of the differences
        of independent resamples); default: profile where that is cheap, else Wald
    data : the data of both, where the fits have lost them
    replicates, rng : of the bootstrap

    Raises
    ------
    ParameterError
        Where both fits are of the same data, whose estimates are not independent.

    Examples
    --------
    >>> import suffice as sf
    >>> short, long = sf.fit(sf.Exponential, [1.0, 2.0, 3.0]), sf.fit(sf.Exponential, [8.0, 9.0, 13.0])
    >>> print(sf.difference(long, short, sf.targets.mean(), method="wald"))
    difference of mean = 8, 0.95 wald interval (-3.53996, 19.54)
    """
    return _compare(first, second, what, level, method, data, replicates, rng, _minus)


def ratio(
    first: Fit,
    second: Fit,
    what: str | Callable[[Any], float],
    level: float = 0.95,
    *,
    method: str | None = None,
    data: tuple[Any, Any] = (None, None),
    replicates: int = 999,
    rng: int = 0,
) -> ConfidenceInterval:
    """Return a confidence interval for the ratio, first over second, between two fits of independent data.

    Parameters as of `difference`; `what` must be positive in both. Wald intervals are of the logarithm of the ratio.

    Examples
    --------
    >>> import suffice as sf
    >>> short, long = sf.fit(sf.Exponential, [1.0, 2.0, 3.0]), sf.fit(sf.Exponential, [8.0, 9.0, 13.0])
    >>> print(sf.ratio(long, short, sf.targets.mean(), method="profile"))
    ratio of mean = 5, 0.95 profile interval (0.925468, 27.0134)
    """
    return _compare(first, second, what, level, method, data, replicates, rng, _over)


def _compare(
    first: Fit,
    second: Fit,
    what: Any,
    level: float,
    method: str | None,
    data: tuple[Any, Any],
    replicates: int,
    rng: int,
    build: Callable[[_Pair], Target],
) -> ConfidenceInterval:
    check_level(level)
    fits = (first, second)
    _refuse_incomparable(fits, what)
    smooth = all(fit.certificate.status != "kink" for fit in fits)
    if method is None:
        cheap = all(fit.is_cheap(given) for fit, given in zip(fits, data, strict=True))
        method = "profile" if cheap and smooth else "wald"
    if method not in METHODS:
        raise ParameterError(f"method must be {quoted(METHODS)}, not {method!r}")
    for fit in fits:
        _refuse_unknown_law(fit, what, method)
    if not any(fit.estimated for fit in fits):
        raise NotAvailableError("every parameter of both fits was fixed, so that nothing is uncertain")
    pair = _Pair.of(fits, what)
    target, phi = build(pair), np.concatenate([fit.solution.phi for fit in fits])
    if method == "bootstrap":
        seeds = map(int, np.random.default_rng(rng).integers(2**62, size=2))
        drawn = [f.bootstrap(replicates, rng=s, data=d) for f, s, d in zip(fits, seeds, data, strict=True)]
        note = "; ".join(dict.fromkeys(said for _, said in drawn))
        rows = np.concatenate([rows for rows, _ in drawn], axis=1)
        return _with_note(percentile(target, rows, phi, level, note), fits)
    for fit in fits:
        fit.standard_errors  # noqa: B018 - refuses, with the reason, where the fit is no interior maximum
    if method == "wald":
        return _with_note(wald(target, phi, pair.variance, level), fits)
    return _with_note(ask_both(fits, profile(pair.problem, target, phi, level), data), fits)


def _with_note(interval: ConfidenceInterval, fits: tuple[Fit, Fit]) -> ConfidenceInterval:
    """Say of two columns of one source what would make the interval wrong."""
    given = [fit.origin.given for fit in fits]
    paths = all(isinstance(one, (str, PathLike)) for one in given)
    if given[0] is None or not (given[0] is given[1] or (paths and str(given[0]) == str(given[1]))):
        return interval
    said = f"both are columns of {fits[0].origin.description}: taken as independent, which pairs in its rows are not"
    return replace(interval, note="; ".join(part for part in (interval.note, said) if part))


def _refuse_incomparable(fits: tuple[Fit, Fit], what: Any) -> None:
    """Refuse what is no fit, two fits of which the estimates are not independent, or a name that means two things."""
    for given in fits:
        if not isinstance(given, Fit):
            raise ParameterError(
                f"two fits are compared, not data ({type(given).__name__}): fit each first, as in "
                "sf.fit(sf.Normal, data), and pass the fits"
            )
    keys = [fit.origin.fingerprint for fit in fits]
    if fits[0] is fits[1] or (keys[0] == keys[1] and keys[0]):
        raise ParameterError(
            f"both fits are of the same data ({fits[0].origin.description}), so their estimates are not independent; "
            "for two quantities of one fit use fit.interval(lambda m: …), for two columns of the same rows fit the "
            "column of their differences"
        )
    names = [fit.family.__name__ for fit in fits]
    if isinstance(what, str) and names[0] != names[1]:
        raise ParameterError(
            f"{what!r} of {names[0]} and of {names[1]} are two things; compare what both have, such as "
            "suffice.targets.mean()"
        )


def _refuse_unknown_law(fit: Fit, what: Any, method: str) -> None:
    """Refuse a method that does not hold for one of the fits, with what can be done."""
    regular = isinstance(what, str) and what in fit.solution.problem.names and fit.certificate.status != "kink"
    if regular or (isinstance(what, str) and what not in fit.estimated):
        return
    try:
        refuse_method(fit, method, of_function=True)
    except NotAvailableError as error:
        hint = (
            ""
            if fit.certificate.status == "kink"
            else (
                " (fit.interval). Compare those of both fits: where 97.5 % intervals do not overlap, "
                "the quantities differ at 5 %"
            )
        )
        raise NotAvailableError(f"{error}{hint}") from None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A target of each of two fits."""

    fits: tuple[Fit, Fit]
    targets: tuple[Target, Target]
    problem: JointProblem

    @classmethod
    def of(cls, fits: tuple[Fit, Fit], what: Any) -> _Pair:
        targets = tuple([as_target(what, fit.solution.problem, fit.model) for fit in fits])
        sizes = tuple([len(fit.solution.phi) for fit in fits])
        problem = JointProblem((fits[0].solution.problem, fits[1].solution.problem), (sizes[0], sizes[1]))
        return cls(fits, (targets[0], targets[1]), problem)

    def variance(self, gradient: np.ndarray) -> float:
        """Return the variance of a linear function of both estimates, given its coefficients (q₁ + q₂,)."""
        parts = zip(self.fits, self.problem.split(gradient), strict=True)
        return float(sum(g @ f.solution.problem.solve_information(f.solution, g) for f, g in parts))

    def values(self, phi: np.ndarray) -> list[float]:
        """Return both quantities at φ, shape (q₁ + q₂,)."""
        return [t.value(x) for t, x in zip(self.targets, self.problem.split(phi), strict=True)]


def _minus(pair: _Pair) -> Target:
    """Return the difference; of two probabilities in a scale of (−1, 1)."""
    bounded = all(target.domain == unit_interval for target in pair.targets)
    return _combined(pair, "difference", Interval(-1.0, 1.0) if bounded else real, _itself)


def _over(pair: _Pair) -> Target:
    """Return the ratio, in the log scale."""
    at = np.concatenate([fit.solution.phi for fit in pair.fits])
    for value, target in zip(pair.values(at), pair.targets, strict=True):
        if not value > 0.0:
            raise NotAvailableError(
                f"a ratio needs positive quantities, but {target.name} is {value:.6g}; use suffice.difference"
            )
    return _combined(pair, "ratio", positive, _logarithm)


def _combined(pair: _Pair, word: str, domain: Interval, part: Callable[..., Any]) -> Target:
    """Return the difference of a function of both quantities, as a target in the scale of a domain."""
    one, two = pair.targets
    whole = Target(f"{word} of {one.name}", _difference_of(pair, domain, part), domain=domain)
    if one.exact is not None and two.exact is not None:
        return replace(whole, exact=_exact(pair, part))
    return replace(whole, model=whole.at, realized=pair.problem.realized)


def _difference_of(pair: _Pair, domain: Interval, part: Callable[..., Any]) -> Callable[[np.ndarray], float]:
    def at(phi: np.ndarray) -> float:
        phis = pair.problem.split(phi)
        first, second = (part(target, target.at(x)) for target, x in zip(pair.targets, phis, strict=True))
        # a difference of logarithms is in its scale already
        return float(first - second if domain == positive else domain.unconstrain(first - second))

    return at


def _exact(pair: _Pair, part: Callable[..., Any]) -> Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]:
    def exact(phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        total, gradient, hessian = 0.0, np.zeros(len(phi)), np.zeros((len(phi), len(phi)))
        for which, (target, x) in enumerate(zip(pair.targets, pair.problem.split(phi), strict=True)):
            assert target.exact is not None
            value, slope, bend = target.exact(x)
            if part is _logarithm:
                value, slope, bend = np.log(value), slope / value, bend / value - np.outer(slope, slope) / value**2
            sign = 1.0 - 2.0 * which
            slope, bend = pair.problem.widened(which, slope, bend)
            total, gradient, hessian = total + sign * value, gradient + sign * slope, hessian + sign * bend
        return total, gradient, hessian

    return exact


def _itself(target: Target, scaled: float) -> float:
    """Return a quantity, given it in the scale of its range."""
    return float(target.domain.constrain(scaled))


def _logarithm(target: Target, scaled: float) -> float:
    """Return the logarithm of a quantity, given it in the scale of its range."""
    if target.domain == positive:
        return scaled
    if target.domain == unit_interval:
        return float(-np.logaddexp(0.0, -scaled))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.log(target.domain.constrain(scaled)))
