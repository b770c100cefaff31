"""What a fit is: the model, its certificate, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from suffice._typing import ClustersLike
from suffice.calculus.certificate import OptimumCertificate
from suffice.distributions.estimate_law import EstimateLaw
from suffice.distributions.inference_problem import Question, Solution
from suffice.distributions.other_names import refuse_attribute
from suffice.distributions.problem import Problem
from suffice.errors import counted
from suffice.inference.assumptions import Warned
from suffice.inference.choice import Choice
from suffice.inference.criteria import penalty
from suffice.inference.fit_bootstrap import bootstrap
from suffice.inference.fit_intervals import interval_of, printed_interval, refuse_method, require_maximum
from suffice.inference.fit_passes import Origin, passes_of
from suffice.inference.fit_text import fit_text
from suffice.inference.goodness_of_fit_choice import goodness_of_fit
from suffice.inference.goodness_of_fit_result import GoodnessOfFit
from suffice.inference.interval import ConfidenceInterval
from suffice.inference.outlier_search import Wanted, fit_outliers
from suffice.inference.outlier_table import Outliers
from suffice.inference.robust_covariance import sandwich
from suffice.statistics.extent import ExtentSummary
from suffice.statistics.statistic import Statistic

# A default interval is a profile interval up to so many rows when each step is a pass over the data.
CHEAP_ROWS = 200_000
# What other libraries call the attributes of a fit, and ours.
WORDS = {
    **dict.fromkeys(("std_err", "std_errors", "stderr", "standard_error", "se", "bse"), "standard_errors"),
    **dict.fromkeys(("params", "parameters", "estimates", "coef", "coef_", "distribution"), "model"),
    **dict.fromkeys(("llf", "loglik", "loglikelihood", "log_lik"), "log_likelihood"),
    **dict.fromkeys(("conf_int", "confint", "ci", "confidence_interval", "intervals"), "interval"),
    **dict.fromkeys(("gof", "test"), "goodness_of_fit"),
    "nobs": "n",
}


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
    choice : among which families this one was chosen from the data; None where nothing was chosen. A saved fit keeps
        the warning that says so, and not the families
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
    choice: Choice | None = None

    if not TYPE_CHECKING:  # a type checker is to see that a name is not there

        def __getattr__(self, name: str) -> Any:
            refuse_attribute(self, name, WORDS)

    @property
    def chosen_from(self) -> tuple[Any, ...]:
        """The families among which this one was chosen from the data; () where nothing was chosen."""
        return () if self.choice is None else tuple([rival.family for rival in self.choice.rivals])

    # -- criteria -------------------------------------------------------------------------------

    @property
    def free_parameters(self) -> int:
        """How many parameters were not fixed: the degrees of freedom of AIC and BIC."""
        return int(self.solution.problem.estimated(self.fixed))

    @property
    def aic(self) -> float:
        """Akaike's criterion, −2ℓ + 2k; lower is better."""
        return self._criterion("aic")

    @property
    def aicc(self) -> float:
        """AIC with the correction for small n; ∞ where n ≤ k + 1."""
        return self._criterion("aicc")

    @property
    def bic(self) -> float:
        """The Bayesian criterion, −2ℓ + k log n; lower is better."""
        return self._criterion("bic")

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
        problem = self.solution.problem
        if self.solution.status not in ("boundary", "no finite maximum") or not isinstance(problem, Problem):
            return False
        # a search that ran off without a limit has left every parameter free
        return problem.estimated(self.fixed) > len(problem.coordinates.free)

    # -- uncertainty ----------------------------------------------------------------------------

    @property
    def law(self) -> EstimateLaw | None:
        """How the estimates vary where the likelihood is not regular (at a kink, at an end of the data), else None."""
        law: EstimateLaw | None = self.solution.problem.law(self.fixed)
        return law

    @property
    def parameter_covariance(self) -> np.ndarray:
        """The covariance of the estimates from the observed information, in the order of `standard_errors`.

        At a kink from the expected information; where an exact law is known, from that.

        Raises
        ------
        NotAvailableError
            Where the fit is no interior maximum: the reason is in the message.
        """
        if (spread := self._spread()) is not None:
            errors, correlations = spread
            return np.where(correlations == 0.0, 0.0, np.outer(errors, errors)) * correlations
        require_maximum(self)
        jacobian = self.solution.problem.jacobian(self.solution.phi)
        return jacobian @ self.solution.problem.information_inverse(self.solution) @ jacobian.T

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each free parameter, by name; entries of arrays as "mean[0]".

        ∞ where an exact law is known and has no finite variance.
        """
        if (spread := self._spread()) is not None:
            return dict(zip(self.estimated, map(float, spread[0]), strict=True))
        require_maximum(self)
        problem = self.solution.problem
        return dict(zip(problem.names, map(float, problem.standard_errors(self.solution)), strict=True))

    def interval(
        self,
        what: str | Callable[[Any], float],
        level: float = 0.95,
        *,
        method: str | None = None,
        data: Any = None,
        replicates: int | None = None,
        rng: int = 0,
        clusters: ClustersLike = None,
    ) -> ConfidenceInterval:
        """Return a confidence interval for a parameter or for any function of the model.

        Parameters
        ----------
        what : a parameter's name, as in `standard_errors` or as printed, or a function of the model that returns
            a number, such as those of `suffice.targets`, whose intervals stay in their range
        level : the confidence
        method : "profile" (likelihood ratio), "wald" (± z standard errors), "robust" (the same with the sandwich
            standard errors), "bootstrap" (percentiles of refits to Poisson resamples), "bca" (the bootstrap,
            corrected for bias and skewness) or "exact" (by the law of the estimates, where one is known); default:
            exact where only that holds, profile where that is cheap, else Wald
        data : the data, where the fit has lost them
        replicates, rng : how many resamples, by default 999, and 1,999 for "bca", which looks further out; their seed
        clusters : of "robust", where rows of one cluster depend on each other: one label per row, or a column's name

        Returns
        -------
        ConfidenceInterval

        Examples
        --------
        >>> import suffice as sf
        >>> fit = sf.fit(sf.Exponential, [1.0, 2.0, 3.0, 10.0])
        >>> print(fit.interval("rate"))
        rate = 0.25, 0.95 profile interval (0.0776125, 0.580768)
        >>> print(fit.interval(sf.targets.tail_probability(5.0)))
        tail_probability(5) = 0.286505, 0.95 profile interval (0.0548122, 0.67837)
        """
        return interval_of(self, what, level, method, data, replicates, rng, clusters)

    def printed_interval(self, name: str, level: float = 0.95) -> ConfidenceInterval:
        """Return the best interval of a parameter that reads no data.

        Profile where the fit holds its sufficient statistic; else Wald in the parameter's unconstrained
        coordinate (the logarithm of a positive one), so that it stays in its domain.
        """
        return printed_interval(self, name, level)

    def bootstrap(self, replicates: int = 999, *, rng: int = 0, data: Any = None) -> tuple[np.ndarray, str]:
        """Refit Poisson resamples, all in lock step, from the fitted parameters.

        Returns
        -------
        (ndarray, shape (m, q), str)
            The unconstrained coordinates of the replicates, and a note that counts those that have no maximum:
            they are included at the limit of the family (a Student t going normal at df = ∞), or as NaN where they
            have none at all (all rows equal).
        """
        return bootstrap(self, replicates, rng, data)

    def robust_covariance(self, clusters: ClustersLike = None, *, data: Any = None) -> np.ndarray:
        """Return the sandwich covariance of the estimates: valid where the family is wrong.

        Parameters
        ----------
        clusters : the cluster of each row, where rows of one cluster depend on each other: one label per row of the
            data (integers, text, …), or the name of a column of integers; the factor G/(G − 1) allows for G clusters
        data : the data, where the fit has lost them

        Raises
        ------
        NotAvailableError
            For families without scores per row.
        """
        refuse_method(self, "robust")
        require_maximum(self)
        jacobian = self.solution.problem.jacobian(self.solution.phi)
        return jacobian @ sandwich(self, clusters, data).covariance @ jacobian.T

    def robust_standard_errors(self, clusters: ClustersLike = None, *, data: Any = None) -> dict[str, float]:
        """Return the sandwich standard errors, by name; parameters as of `robust_covariance`.

        Examples
        --------
        >>> import suffice as sf
        >>> fit = sf.fit(sf.Exponential, [1.0, 2.0, 3.0, 10.0])
        >>> round(fit.robust_standard_errors(clusters=["a", "a", "b", "b"])["rate"], 4)
        0.1562
        """
        errors = np.sqrt(np.diagonal(self.robust_covariance(clusters, data=data)))
        return dict(zip(self.solution.problem.names, map(float, errors), strict=True))

    def goodness_of_fit(
        self,
        method: str | None = None,
        *,
        replicates: int = 999,
        rng: int = 0,
        rounding: float | str | None = "auto",
        data: Any = None,
    ) -> GoodnessOfFit:
        """Test whether the data follow the family, with a p-value that knows that its parameters were estimated.

        Parameters
        ----------
        method : "anderson-darling" (the default up to 20,000 rows), "cramer-von-mises" or "kolmogorov-smirnov", with a
            p-value from samples of the fitted model, each refitted; or "chi-squared", from one pass at any size. Of
            a multivariate normal: "henze-zirkler" (the default up to 1,000 rows) or "mardia"
        replicates, rng : how many samples are drawn and refitted, and their seed
        rounding : of a continuous family: "auto" tests data that were visibly rounded or heaped as rounded data; a
            number is the step to which they were rounded; None takes every digit as it is
        data : the data, where the fit has lost them

        Returns
        -------
        GoodnessOfFit

        Raises
        ------
        NotAvailableError
            The family fits whatever the data are, or the fit is no maximum.

        Examples
        --------
        >>> import suffice as sf
        >>> fit = sf.fit(sf.Normal, [2.3, 1.9, 4.1, 3.3, 2.8, 3.7, 1.2, 2.9])
        >>> fit.goodness_of_fit("anderson-darling").p_value > 0.5
        True
        """
        return goodness_of_fit(self, method, replicates, rng, rounding, data)

    # -- rows -----------------------------------------------------------------------------------

    def outliers(
        self,
        data: Any = None,
        *,
        new: Any = None,
        method: str = "classical",
        level: float = 0.05,
        adjust: str = "bonferroni",
        most: int = 10,
        rng: int = 0,
    ) -> Outliers:
        """Return the rows that are farthest out, with p-values right for rows that were fitted, or for new ones.

        Normal models (`Normal`, `LogNormal`, `MultivariateNormal`) are asked for squared Mahalanobis distances d²,
        whose exact law under the estimates is a Beta distribution for rows that were fitted and an F distribution for
        new ones. Other families of one variable give p = 2 min(P(X ≤ x), P(X ≥ x)) under the fitted model,
        approximately. One pass, in memory that does not grow with the data.

        Parameters
        ----------
        data : the data that were fitted, where the fit has lost them
        new : rows that were not fitted, to be asked about in their place
        method : "classical", or "robust": normal models only, d² under the minimum covariance determinant, which
            outliers do not move, so that they cannot mask each other (needs scikit-learn; approximate)
        level : rows with an adjusted p-value up to this are beyond
        adjust : "bonferroni" (times n), "holm" (times the number of rows not beyond before it) or "none"
        most : how many rows are listed
        rng : the seed of the robust search

        Returns
        -------
        Outliers
            Its `rows` are numbered from 1, as rows are in messages; its `positions` from 0, as `DataFrame.iloc` and
            NumPy count.

        Examples
        --------
        >>> import suffice as sf
        >>> fit = sf.fit(sf.MultivariateNormal, sf.datasets.path("davis"), columns=["weight", "height"])
        >>> found = fit.outliers()
        >>> int(found.rows[0]), int(found.positions[0]), found.reasons(0)
        (12, 11, 'height = 57 (-9.44, -10.9), weight = 166 (+6.65, +8.6)')
        """
        return fit_outliers(self, data, new, method, Wanted(level, adjust, most), rng)

    def is_cheap(self, data: Any = None) -> bool:
        """Whether a profile interval is: no pass over the data, or passes over few rows that are at hand."""
        reachable = data is not None or self.origin.source is not None
        return self.is_data_free or (self.n <= CHEAP_ROWS and reachable)

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

    def _criterion(self, name: str) -> float:
        return penalty(name, self.free_parameters, self.n) - 2.0 * self.log_likelihood

    def _spread(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Return standard errors and correlations by an exact law, or None."""
        return None if self.law is None else self.law.spread(self.model, self.n)

    def _ask(self, question: Question, data: Any = None) -> Any:
        """Answer a question from what the fit holds, else from the data."""
        with passes_of(self, data) as ask:
            return ask(question)
