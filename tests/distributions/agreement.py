"""How a family is compared with many digits and with an independent maximisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
from scipy import optimize

import suffice as sf

PROBABILITIES = np.array([1e-250, 1e-100, 1e-30, 1e-9, 1e-3, 0.1, 0.3, 0.49])


def grid(model: Any) -> np.ndarray:
    """Return values from the far lower to the far upper tail."""
    x = np.concatenate([model.icdf(PROBABILITIES), model.icdf([0.5]), model.iccdf(PROBABILITIES)])
    return np.unique(x[np.isfinite(x)])


def tail_errors(model: Any, exact: Callable[..., Any], x: np.ndarray) -> dict[str, float]:
    """Return the worst error of each function in units of its size and condition number, against 50 digits.

    `exact` gives (log p, P, 1 − P) for mpmath numbers x and θ. The condition number counts the rounding of x and of
    the location: |x| + |location| times the logarithmic derivative.
    """
    worst = dict.fromkeys(("logpdf", "cdf", "ccdf", "logcdf", "logccdf"), 0.0)
    size = np.abs(x) + abs(model.theta[0])
    with mp.workdps(50):
        step = mp.mpf(10) ** -20
        parameters = [mp.mpf(t) for t in model.theta]
        for value, reach in zip(x, size, strict=True):
            log_p, lower, upper = exact(mp.mpf(value), *parameters)
            density = mp.exp(log_p)
            slope = _number(
                mp.diff(lambda v: exact(v, *parameters)[0], mp.mpf(value), h=step * reach if reach else step)
            )
            _note(worst, "logpdf", model.logpdf(value), log_p, 1.0 + reach * abs(slope))
            for name, p, q in (("cdf", lower, upper), ("ccdf", upper, lower)):
                if p > 1e-300:
                    steep = _number(reach * density / p)
                    error = abs(mp.mpf(getattr(model, name)(value)) / p - 1)
                    # the logarithm of a tiny probability is as large as the digits that its exponential loses
                    worst[name] = max(worst[name], _number(error / (1 + steep + abs(mp.log(p)))))
                log = mp.log(p) if p < 0.5 else mp.log1p(-q)
                if abs(log) > 1e-300:
                    bend = _number(reach * density / p)
                    _note(worst, f"log{name}", getattr(model, f"log{name}")(value), log, bend, relative=True)
    return worst


def _note(worst: dict[str, float], name: str, value: Any, truth: Any, condition: float, relative: bool = False) -> None:
    size = abs(truth) if relative else abs(truth) + 1
    worst[name] = max(worst[name], _number(abs(mp.mpf(float(value)) - truth) / (size + condition)))


def _number(value: Any) -> float:
    return float(mp.re(value))


def quantile_errors(model: Any) -> float:
    """Return the worst error of log F(F⁻¹(p)) in both tails, in units of its condition number."""
    worst = 0.0
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        x = quantile(PROBABILITIES)
        value, log_p = logarithm(x), np.log(PROBABILITIES)
        seen = np.isfinite(value) & np.isfinite(x)
        reach = (np.abs(x) + abs(model.theta[0]))[seen]
        condition = 1.0 + np.abs(log_p[seen]) + reach * np.exp(model.logpdf(x[seen]) - value[seen])
        worst = max(worst, float((np.abs(value - log_p)[seen] / condition).max()))
    return worst


def assert_the_fit_is_the_maximum(family: Any, log_density: Callable[..., Any], x: np.ndarray) -> sf.Fit:
    """Compare a fit with SciPy's simplex and its standard errors with second differences; return it."""
    fit = sf.fit(family, x)
    assert fit.certificate.status == "maximum"
    theta = np.array(fit.model.theta)
    positive = np.array([p.domain.lower == 0.0 for p in family.parameters])

    def value(phi: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            total = -float(np.sum(log_density(x, *np.where(positive, np.exp(phi), phi))))
        return total if np.isfinite(total) else 1e300

    start = np.where(positive, np.log(np.where(positive, theta, 1.0)), theta) + 0.3
    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    other = optimize.minimize(value, start, method="Nelder-Mead", options=options)
    assert fit.log_likelihood >= -other.fun - 1e-9 * (1.0 + abs(other.fun))
    np.testing.assert_allclose(fit.log_likelihood, float(np.sum(log_density(x, *theta))), rtol=1e-12)
    errors = np.array([*fit.standard_errors.values()])
    np.testing.assert_allclose(errors, _errors_by_differences(log_density, x, theta, 0.02 * errors), rtol=1e-5)
    return fit


def _errors_by_differences(log_density: Callable[..., Any], x: np.ndarray, theta: np.ndarray, h: Any) -> np.ndarray:
    """Return standard errors from the Hessian by central differences, extrapolated from two steps (Richardson)."""

    def total(t: np.ndarray) -> float:
        return float(np.sum(log_density(x, *t)))

    def hessian(step: np.ndarray) -> np.ndarray:
        out = np.empty((len(theta), len(theta)))
        for i, a in enumerate(np.diag(step)):
            for j, b in enumerate(np.diag(step)):
                ends = total(theta + a + b) - total(theta + a - b) - total(theta - a + b) + total(theta - a - b)
                out[i, j] = ends / (4.0 * step[i] * step[j])
        return out

    information = -(4.0 * hessian(h) - hessian(2.0 * h)) / 3.0
    return np.sqrt(np.diag(np.linalg.inv(information)))
