"""`fit.goodness_of_fit`: which test suits the fit, and what must be refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from suffice.distributions.categorical import Categorical
from suffice.distributions.distribution import UnivariateDistribution
from suffice.distributions.inference_problem import Question
from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.rounded_family import is_fitted_rounded, rounded
from suffice.distributions.sample_fits import fit_samples
from suffice.engines.threads import Threads
from suffice.errors import DataError, NotAvailableError, ParameterError, counted, quoted
from suffice.inference.cell_test import cell_test, grid_of, require_fitted_rounded
from suffice.inference.criteria import DEFAULT
from suffice.inference.empirical_distances import ANDERSON, CRAMER, AtPoints, AtRows
from suffice.inference.fit_testing import NAMES, Contender, Tested, distance_test
from suffice.inference.goodness_of_fit_result import GoodnessOfFit, rounded_text
from suffice.inference.multivariate_normality import henze_zirkler_question, mardia_question
from suffice.statistics.collect import Collect
from suffice.statistics.heaping import Grid

CELLS = "chi-squared"
HENZE, MARDIA = "henze-zirkler", "mardia"
NORMALITY = {HENZE: henze_zirkler_question, MARDIA: mardia_question}
# Up to so many rows a distance is the default; up to so many drawn values one may be asked for.
FEW_ROWS = 20_000
# The same of rows of several variables, whose distances are taken in pairs.
FEW_ROWS_OF_SEVERAL = 1_000
MOST_VALUES = 2_000_000_000


def goodness_of_fit(
    fit: Any, method: str | None, replicates: int, rng: int, rounding: float | str | None, data: Any
) -> GoodnessOfFit:
    """Test a fit; the parameters are those of `Fit.goodness_of_fit`."""
    _check_rounding(rounding)
    if not isinstance(fit.model, UnivariateDistribution):
        return _of_several_variables(fit, method, replicates, rng, data)
    if method not in (None, *NAMES, CELLS):
        raise ParameterError(f"method must be {quoted([*NAMES, CELLS])}, not {method!r}")
    if replicates < 19:
        raise ParameterError(f"replicates must be at least 19, for a p-value of 0.05 to be possible, not {replicates}")
    _refuse_untestable(fit)
    at_ends = fit.family.may_end_at_rows(fit.fixed)
    method = method or (CELLS if fit.n > FEW_ROWS else CRAMER if at_ends else ANDERSON)
    if method == ANDERSON and at_ends:
        raise NotAvailableError(
            f"the Anderson–Darling statistic of {fit.family.__name__} is infinite where an end of its support is "
            f"fitted to the outermost row, as for some data it is; use method={CRAMER!r}"
        )
    if method == CELLS:
        by_cells = fit._ask(cell_test(fit, rounding), data)
        return replace(by_cells, note=_note(fit, repeated=False), step_found=rounding == "auto")
    if fit.n * replicates > MOST_VALUES:
        raise NotAvailableError(
            f"{replicates} samples of n = {fit.n:,.0f} rows would take too long; use method='chi-squared', which takes "
            "one pass over the data, or fewer replicates"
        )
    x = fit._ask(_rows(fit), data)
    seed = int(np.random.default_rng(rng).integers(2**62))
    tested = _tested(fit, x, rounding)
    notes = [_note(fit, repeated=fit.choice is not None)]
    if tested.left_out:
        names = ", ".join(tested.left_out)
        notes.append(f"the choice was repeated without {names}, of which rounded values have no fit")
    engine = fit.origin.engine
    workers = engine.workers if isinstance(engine, Threads) else None
    found = distance_test(tested, method, replicates, seed, workers)
    return replace(found, note="; ".join(filter(None, notes)), step_found=rounding == "auto")


def _note(fit: Any, repeated: bool) -> str:
    """Return what makes the p-value and the limits wrong, "" where nothing was seen."""
    seen = {warned.kind for warned in fit.warnings}
    notes = []
    if seen & {"dependence", "drift"}:
        notes.append(
            "p-value and limits assume independent rows of one distribution, and these are not, so that they do not "
            "hold; if the order means nothing (a sorted file), shuffle the rows to check"
        )
    if "choice" in seen and not repeated:
        notes.append("the p-value does not know that the family was chosen from the data")
    if "weights" in seen:
        notes.append("the weights are no counts of rows: p-value and limits take n = Σw for the number of rows")
    return "; ".join(notes)


def check_method(method: str | None) -> None:
    """Refuse a word that is no test of fit of any family."""
    if method not in (None, *NAMES, CELLS, *NORMALITY):
        raise ParameterError(f"goodness_of_fit must be True or {quoted([*NAMES, CELLS, *NORMALITY])}, not {method!r}")


def _of_several_variables(fit: Any, method: str | None, replicates: int, rng: int, data: Any) -> GoodnessOfFit:
    """Test multivariate normality, the one family of several variables that has a test."""
    name = fit.family.__name__
    if not isinstance(fit.model, MultivariateNormal):
        raise NotAvailableError(f"there is no test of fit for {name}; test its variables one by one")
    if method not in (None, *NORMALITY):
        raise ParameterError(f"method must be {quoted(list(NORMALITY))}, not {method!r}")
    if fit.fixed or fit.free_parameters < fit.model.dimension * (fit.model.dimension + 3) // 2:
        raise NotAvailableError(
            f"the tests of normality are for mean and covariance both free, and {name} was fitted with less; "
            "fit sf.MultivariateNormal without fixed="
        )
    method = method or (HENZE if fit.n <= FEW_ROWS_OF_SEVERAL else MARDIA)
    question = NORMALITY[method](fit.origin.columns, None, replicates, rng)
    found = fit._ask(question, data)
    notes = [f"{test.name}: {test.effect:.4g}, {test.expected:.4g} expected of normal rows" for test in found.parts]
    return GoodnessOfFit(
        found.statistic,
        found.p_value,
        None,
        found.method,
        name,
        fit.n,
        f"the rows are a sample from a {name} distribution",
        note="; ".join([*notes, *filter(None, [_note(fit, repeated=False)])]),
    )


def _rows(fit: Any) -> Question:
    """Ask for the rows, each as often as its weight says."""
    found = yield Collect(limit=int(fit.n) + fit.extent.rows + 1)
    x, weights = found.rows[:, 0], found.weights
    if weights is None:
        return x
    if not np.array_equal(weights, np.rint(weights)):
        raise NotAvailableError(
            "a distance from the empirical distribution needs weights that count rows, and these are not whole "
            "numbers; use method='chi-squared'"
        )
    return np.repeat(x, weights.astype(int))


def _tested(fit: Any, x: np.ndarray, rounding: float | str | None) -> Tested:
    """Return what is tested: the family itself, or where its values were rounded, the family of rounded values."""
    grid = None if fit.family.discrete else grid_of(rounding, x)
    model, step = fit.model, 1.0 if grid is None else grid.step
    if grid is not None:
        require_fitted_rounded(fit, grid)
        x = grid.nearest(x)
        model = _rounded_model(fit, grid, x)
    points = AtPoints.of(model, fit.family, x, step).points if grid or fit.family.discrete else None

    def contender(family: Any, fixed: Any, at: Any, free: int) -> Contender:
        seen = family if grid is None else rounded(family, grid.step, grid.origin)
        comparison = AtRows(seen) if points is None else AtPoints(seen, points, step)
        return Contender(seen, fixed, np.array(at.theta, dtype=float), comparison, free)

    if len(np.unique(x)) <= fit.free_parameters + 1 and not fit.family.discrete:
        raise NotAvailableError(
            f"{fit.family.__name__} is not testable on {counted(len(np.unique(x)), 'distinct value')}"
            f"{rounded_text(grid)}: its {counted(fit.free_parameters, 'free parameter')} fit those whatever they are"
        )
    choice = fit.choice
    rivals = [r for r in choice.rivals if r.family is not fit.family and r.model is not None] if choice else []
    left_out = [r.family.__name__ for r in rivals if grid is not None and not is_fitted_rounded(r.family, r.fixed)]
    rivals = [r for r in rivals if r.family.__name__ not in left_out]
    return Tested(
        contender(fit.family, fit.fixed, model, fit.free_parameters),
        model,
        x,
        fit.family.__name__,
        grid,
        tuple([contender(rival.family, rival.fixed, rival.model, rival.free) for rival in rivals]),
        choice.criterion if choice else DEFAULT,
        tuple(left_out),
    )


def _rounded_model(fit: Any, grid: Grid, x: np.ndarray) -> Any:
    """Return the fit of the family of rounded values, which starts from that of the values as they are."""
    family = rounded(fit.family, grid.step, grid.origin)
    theta = fit_samples(family, fit.fixed, np.array(fit.model.theta, dtype=float), x[None]).theta[0]
    if np.isnan(theta).any():
        raise NotAvailableError(
            f"{fit.family.__name__} has no maximum where the values are taken as rounded to {grid}; "
            "pass rounding=None to test every digit as it is"
        )
    return family.from_theta(theta)


def _check_rounding(rounding: float | str | None) -> None:
    """Refuse what is neither a step nor one of the words."""
    if rounding is not None and rounding != "auto" and (isinstance(rounding, str) or not 0.0 < rounding < np.inf):
        raise ParameterError(f"rounding must be 'auto', None or the step of the grid, not {rounding!r}")


def _refuse_untestable(fit: Any) -> None:
    status, name, free = fit.certificate.status, fit.family.__name__, fit.free_parameters
    if status in ("not converged", "saddle"):
        raise NotAvailableError(f"this fit is no maximum ({status}), so that its distance from the data says nothing")
    if isinstance(fit.model, Categorical):
        raise NotAvailableError(
            f"{name} is not testable: it has a probability for each value, and fits whatever the data are"
        )
    support = fit.family.support_given(fit.fixed)
    if support.integer and support.upper - support.lower <= free:
        raise NotAvailableError(
            f"{name} is not testable: with {counted(int(support.upper - support.lower) + 1, 'possible value')} and "
            f"{counted(free, 'free parameter')} it fits whatever the data are"
        )
    if fit.n <= free:
        raise NotAvailableError(
            f"{name} is not testable with n = {fit.n:g}: its {counted(free, 'free parameter')} fit that whatever it is"
        )
    if fit.extent.rows == 0:
        raise DataError("there are no rows to test")
