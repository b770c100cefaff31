"""What a fit is: the model, its certificate, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.problem import Problem, newton
from suffice.engines.threads import as_engine
from suffice.errors import (
    ColumnError,
    DataError,
    DataNeeded,
    NotAvailableError,
    ParameterError,
    SourceChangedError,
    counted,
)
from suffice.inference.assumptions import Warned
from suffice.inference.fit_text import fit_text, name_of_label
from suffice.inference.interval import (
    ConfidenceInterval,
    as_target,
    check_level,
    percentile,
    profile,
    wald,
    wald_in_coordinates,
)
from suffice.inference.interval_at_limit import interval_at_limit
from suffice.inference.passes import Passes, View
from suffice.sources import as_source
from suffice.statistics.extent import Extent, ExtentSummary
from suffice.statistics.statistic import Statistic
from suffice.statistics.wrappers import PoissonBootstrap

# A default interval is a profile interval up to so many rows when each step is a pass over the data.
CHEAP_ROWS = 200_000
# Above so many free parameters, printed intervals are Wald intervals: a profile each would take too long.
MOST_PROFILED = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data are, and how they were read; a fit holds no copy of them.

    Parameters
    ----------
    source : the source, or None where it is gone (a loaded fit, a merged summary)
    fingerprint : its content when it was fitted
    description : in words
    columns : the names of the columns used
    view : which columns, and whether incomplete rows are dropped
    engine : where passes run
    weights : the name of the column of weights, where they came from one
    """

    source: Any
    fingerprint: str
    description: str
    columns: tuple[str, ...]
    view: View
    engine: Any = None
    weights: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model, with how sure it is. Made by `suffice.fit`.

    Attributes
    ----------
    family : what was fitted
    model : the fitted distribution, a value
    log_likelihood : the log-likelihood in nats, in the unit of the data
    n : Σ of the weights of the rows used (their number, without weights)
    dropped : rows left out because of missing values
    fixed : parameters that were not estimated, and their values
    certificate : whether this is a maximum, and of what
    warnings : what would make the answer wrong
    extent : the first look at the data
    """

    family: Any
    model: Any
    log_likelihood: float
    n: float
    dropped: int
    fixed: Mapping[str, Any]
    certificate: OptimumCertificate
    warnings: tuple[Warned, ...]
    extent: ExtentSummary
    solution: Solution
    origin: Origin
    known: Mapping[Statistic, Any] = field(default_factory=dict, repr=False)

    # -- criteria -------------------------------------------------------------------------------

    @property
    def free_parameters(self) -> int:
        """How many parameters were not fixed: the degrees of freedom of AIC and BIC."""
        return int(self.solution.problem.estimated(self.fixed))

    @property
    def aic(self) -> float:
        """Akaike's criterion, −2ℓ + 2k; lower is better."""
        return 2.0 * self.free_parameters - 2.0 * self.log_likelihood

    @property
    def aicc(self) -> float:
        """AIC with the correction for small n; ∞ where n ≤ k + 1."""
        k = self.free_parameters
        return self.aic + 2.0 * k * (k + 1.0) / (self.n - k - 1.0) if self.n > k + 1 else float("inf")

    @property
    def bic(self) -> float:
        """The Bayesian criterion, −2ℓ + k log n; lower is better."""
        return float(self.free_parameters * np.log(self.n) - 2.0 * self.log_likelihood)

    @property
    def estimated(self) -> dict[str, float]:
        """The parameters that were not fixed, by name, those at a limit or a bound among them."""
        if self.is_at_limit:
            names = [p.name for p in self.solution.problem.coordinates.parameters if p.name not in self.fixed]
            return {name: float(getattr(self.model, name)) for name in names}
        problem, phi = self.solution.problem, self.solution.phi
        return dict(zip(problem.names, map(float, problem.free_values(phi)), strict=True))

    @property
    def is_at_limit(self) -> bool:
        """Whether the likelihood is highest at a limit or on the boundary of a family of one variable."""
        return bool(self.solution.status) and isinstance(self.solution.problem, Problem)

    # -- uncertainty ----------------------------------------------------------------------------

    @property
    def parameter_covariance(self) -> np.ndarray:
        """The covariance of the estimates from the observed information, in the order of `standard_errors`.

        Raises
        ------
        NotAvailableError
            Where the fit is no interior maximum: the reason is in the message.
        """
        self._require_maximum()
        jacobian = self.solution.problem.jacobian(self.solution.phi)
        return jacobian @ self.solution.problem.information_inverse(self.solution) @ jacobian.T

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each free parameter, by name; entries of arrays as "mean[0]"."""
        self._require_maximum()
        problem = self.solution.problem
        return dict(zip(problem.names, map(float, problem.standard_errors(self.solution)), strict=True))

    def interval(
        self,
        what: str | Callable[[Any], float],
        level: float = 0.95,
        *,
        method: str | None = None,
        data: Any = None,
        replicates: int = 999,
        rng: int = 0,
    ) -> ConfidenceInterval:
        """Return a confidence interval for a parameter or for any function of the model.

        Parameters
        ----------
        what : a parameter's name, as in `standard_errors` or as printed, or a function of the model that returns
            a number
        level : the confidence
        method : "profile" (likelihood ratio), "wald" (± z standard errors) or "bootstrap" (percentiles
            of refits to Poisson resamples); default: profile where that is cheap, else Wald
        data : the data, where the fit has lost them
        replicates, rng : of the bootstrap

        Returns
        -------
        ConfidenceInterval

        Examples
        --------
        >>> import suffice as sf
        >>> fit = sf.fit(sf.Exponential, [1.0, 2.0, 3.0, 10.0])
        >>> print(fit.interval("rate"))
        rate = 0.25, 0.95 profile interval (0.0776125, 0.580768)
        """
        check_level(level)
        what = name_of_label(self, what) if isinstance(what, str) else what
        at_limit = self.is_at_limit and isinstance(what, str) and what in self.estimated
        if method is None and at_limit:
            method = "profile"
        if method is None:
            method = "profile" if self.is_data_free or (self.n <= CHEAP_ROWS and self._reachable(data)) else "wald"
        if method not in ("profile", "wald", "bootstrap"):
            raise ParameterError(f"method must be 'profile', 'wald' or 'bootstrap', not {method!r}")
        problem, phi = self.solution.problem, self.solution.phi
        if method == "profile" and at_limit:
            return self._ask(interval_at_limit(self.solution, self.fixed, str(what), level, self.n), data)
        if method != "bootstrap":
            self._require_maximum()  # before the name is looked for: a parameter at a limit is not free
        target = as_target(what, problem)
        if method == "bootstrap":
            rows, note = self.bootstrap(replicates, rng=rng, data=data)
            return percentile(target, rows, phi, level, note)
        if method == "wald":
            return wald(target, phi, self._variance, level)
        return self._ask(profile(problem, target, phi, level), data)

    def printed_interval(self, name: str, level: float = 0.95) -> ConfidenceInterval:
        """Return the best interval of a parameter that reads no data.

        Profile where the fit holds its sufficient statistic; else Wald in the parameter's unconstrained
        coordinate (the logarithm of a positive one), so that it stays in its domain.
        """
        if self.is_at_limit:
            if not self.is_data_free:
                raise NotAvailableError("they need the data: ask for them with fit.interval(name)")
            return self.interval(name, level, method="profile")
        target = as_target(name, self.solution.problem)
        if self.is_data_free and self.free_parameters <= MOST_PROFILED:
            try:
                return self.interval(name, level, method="profile")
            except NotAvailableError:
                pass
        if target.coordinate >= 0:
            return wald_in_coordinates(target, self.solution.phi, self._variance, level)
        return wald(target, self.solution.phi, self._variance, level)

    def bootstrap(self, replicates: int = 999, *, rng: int = 0, data: Any = None) -> tuple[np.ndarray, str]:
        """Refit Poisson resamples, all in lock step, from the fitted parameters.

        Returns
        -------
        (ndarray, shape (m, q), str)
            The unconstrained coordinates of the replicates, and a note that counts those that have no maximum:
            they are included at the limit of the family (a Student t going normal at df = ∞), where the search
            stopped, or as NaN.
        """
        if replicates < 2:
            raise ParameterError(f"replicates must be at least 2, not {replicates}")
        if not len(self.solution.phi):
            raise NotAvailableError("no parameter is free, so there is nothing to resample")
        wrap = partial(_bootstrapped, seed=int(np.random.default_rng(rng).integers(2**62)), replicates=replicates)
        problem = self.solution.problem.wrapped(wrap)
        if (closed := problem.maximum()) is not None:
            rows = self._ask(closed, data)
            failed = int(np.isnan(rows).any(axis=1).sum())
        else:
            start = np.tile(self.solution.phi, (replicates, 1))
            state = self._ask(newton(problem, start, self.n), data)
            failed = int((~state.converged).sum())
            rows = problem.put_at_ends(state.best, ~state.converged, self.solution.phi)
        return rows, f"{replicates} replicates" + (f", of which {failed} found no interior maximum" if failed else "")

    def robust_covariance(self, *, data: Any = None) -> np.ndarray:
        """Return the sandwich covariance of the estimates: valid where the family is wrong.

        Raises
        ------
        NotAvailableError
            For families without scores per row.
        """
        self._require_maximum()
        problem, phi = self.solution.problem, self.solution.phi
        scores = problem.scores(phi)
        if scores is None:
            raise NotAvailableError(
                f"robust standard errors of {self.family.__name__} are not available; "
                "use fit.interval(…, method='bootstrap')"
            )
        statistic, chain = scores
        middle = chain @ self._ask(_once(statistic), data).products @ chain.T
        root = problem.jacobian(phi) @ problem.information_inverse(self.solution)
        return root @ middle @ root.T

    def robust_standard_errors(self, *, data: Any = None) -> dict[str, float]:
        """Return the sandwich standard errors, by name."""
        errors = np.sqrt(np.diagonal(self.robust_covariance(data=data)))
        return dict(zip(self.solution.problem.names, map(float, errors), strict=True))

    @property
    def is_data_free(self) -> bool:
        """Whether the likelihood can be evaluated from what the fit holds, without reading data."""
        summary = self.known.get(self.family.sufficient)
        return summary is not None and not summary.overflowed

    # -- printing -------------------------------------------------------------------------------

    def __str__(self) -> str:
        return fit_text(self)

    def __repr__(self) -> str:
        weight = f" of weight {self.n:,.15g}" if self.extent.weighted else ""
        return f"<Fit of {self.model!r} to {counted(self.extent.rows, 'row')}{weight}: {self.certificate.status}>"

    # -- inside ---------------------------------------------------------------------------------

    def _require_maximum(self) -> None:
        status = self.certificate.status
        if status == "maximum" or (status == "boundary" and len(self.solution.phi)):
            if reason := getattr(self.model, "irregular", ""):
                raise NotAvailableError(f"there are no standard errors or intervals here: {reason}")
            return
        what = (
            "standard errors, and only profile intervals of parameters,"
            if self.is_at_limit
            else "standard errors or intervals"
        )
        raise NotAvailableError(
            f"there are no {what} at a point that is no interior maximum ({status}: {self.certificate.reason})"
        )

    def _variance(self, gradient: np.ndarray) -> float:
        """Return the variance of a linear function of the estimated φ, given its coefficients."""
        self._require_maximum()
        return float(gradient @ self.solution.problem.solve_information(self.solution, gradient))

    def _reachable(self, data: Any) -> bool:
        return data is not None or self.origin.source is not None

    def _ask(self, question: Question, data: Any = None) -> Any:
        """Answer a question from what the fit holds, else from the data."""
        known, view = self.known, self.origin.view
        if data is not None:
            # Data that are handed over are taken as they are: nothing known of the old ones mixes with them.
            known, view = {}, replace(view, columns=tuple(range(len(self.origin.columns))), whole=True)
        with _Session(self, data) as session:
            passes = Passes(session)
            passes.remember({view.of(s): summary for s, summary in known.items()})
            if data is not None:
                self._require_same(passes.reduce([view.of(Extent())])[0])
            return passes.run([(view, question)])[0]

    def _require_same(self, extent: ExtentSummary) -> None:
        """Refuse data that are not those that were fitted."""
        same = extent.weight == self.extent.weight and all(
            np.array_equal(getattr(extent, name), getattr(self.extent, name)) for name in ("minimum", "maximum")
        )
        if not same:
            raise DataError(
                f"these are not the data that were fitted: they have n = {extent.weight:,.15g} and the range "
                f"{extent.minimum[0]:.6g} to {extent.maximum[0]:.6g} in {self.origin.columns[0]!r}, the fit has "
                f"n = {self.n:,.15g} and {self.extent.minimum[0]:.6g} to {self.extent.maximum[0]:.6g}; "
                "hand over the same data, or fit these"
            )


def _bootstrapped(statistic: Statistic, seed: int, replicates: int) -> Statistic:
    return PoissonBootstrap(seed, replicates, statistic)


def _once(statistic: Statistic) -> Question:
    return (yield statistic)


class _Session:
    """Open the data of a fit when the first pass asks for them, and not before."""

    def __init__(self, fit: Fit, data: Any) -> None:
        self.fit = fit
        self.data = data
        self._open: AbstractContextManager[Any] | None = None
        self._session: Any = None

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._open is not None:
            self._open.__exit__(*exception)

    def reduce(self, statistic: Statistic) -> Any:
        if self._session is None:
            self._open = self._source_session()
            self._session = self._open.__enter__()
        return self._session.reduce(statistic)

    def _source_session(self) -> AbstractContextManager[Any]:
        origin = self.fit.origin
        if self.data is not None:
            return as_engine(origin.engine).open(self._handed_over())
        if origin.source is None:
            raise DataNeeded(
                f"this needs the data again ({origin.description}), and the fit does not have them; pass data=…"
            )
        if origin.source.fingerprint() != origin.fingerprint:
            raise SourceChangedError(f"{origin.description} changed since it was fitted; fit it again")
        return as_engine(origin.engine).open(origin.source)

    def _handed_over(self) -> Any:
        """Return the source of `data=`: the columns that were fitted, by name where they have names."""
        origin, extent = self.fit.origin, self.fit.extent
        if extent.weighted and not origin.weights:
            raise DataNeeded("the fit had weights that are no column of the data; fit again with data and weights")
        try:
            source = as_source(self.data, columns=list(origin.columns), weights=origin.weights or None)
        except ColumnError:
            source = as_source(self.data, weights=origin.weights or None)
            if len(source.columns) != len(origin.columns):
                raise
        return source
