"""Families compared on the same data: who is best, by how much, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from suffice.errors import NotAvailableError, ParameterError, SufficeError
from suffice.inference.choosing import is_highest, marked_as_chosen, not_chosen, ranked
from suffice.inference.comparison_text import comparison_text
from suffice.inference.fit import Fit
from suffice.inference.fit_text import fixed_text
from suffice.inference.likelihood_ratio import likelihood_ratio_test
from suffice.inference.model_test import ModelTest
from suffice.inference.nesting import became, family_name, nesting
from suffice.inference.vuong import vuong_test

# Models are the same where log-likelihoods, and distribution functions at the quantiles of these shares, agree so far.
SAME = 1e-6
SHARES = np.array([0.03, 0.2, 0.5, 0.8, 0.97])


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One line of the table.

    Parameters
    ----------
    name : the family, with the parameters that were fixed
    fit : its fit; None where there is none
    difference : of the criterion to the best; NaN where the fit is not ranked
    weight : exp(−difference/2), of sum 1 over the table: the probability that the model is the best of those compared,
        as far as the criterion says; 0 for a second name of the same model, NaN where the fit is not ranked
    status : of the certificate, or "not fitted"
    reason : why there is no fit, or why it is no maximum
    same_as : the name in the table of the same model: of the family that this one became at a limit, or of the same
        family by another name; "" where there is none
    error : what came in place of a fit
    """

    name: str
    fit: Fit | None
    difference: float
    weight: float
    status: str
    reason: str
    same_as: str = ""
    error: SufficeError | None = None


@dataclass(frozen=True, slots=True)
class RequestedTest:
    """Which test of fit the table shows.

    Parameters
    ----------
    method, replicates, rng : as `Fit.goodness_of_fit` takes them; method None is its default
    """

    method: str | None
    replicates: int = 999
    rng: int = 0

    def alone(self, fit: Any) -> Any:
        """Return the test of a fit as if its family were the only one, or the error in its place."""
        return self.of(not_chosen(fit))

    def repeating_the_choice(self, fit: Any, alone: Any) -> Any:
        """Return the test of the fit that was chosen, each sample choosing again; None where samples do not.

        Parameters
        ----------
        fit : the best
        alone : what `alone` found for it
        """
        if fit.choice is None or not getattr(alone, "replicates", 0):
            return None
        found = self.of(fit)
        return None if isinstance(found, SufficeError) or found.method == alone.method else found

    def of(self, fit: Any) -> Any:
        """Return what the test of a fit found, or the error in its place: the one place where it is asked for."""
        try:
            return fit.goodness_of_fit(self.method, replicates=self.replicates, rng=self.rng)
        except SufficeError as error:
            return error


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """Fits of several families to the same data, best first. Made by `suffice.compare`.

    Iterating, `len` and `comparison[0]` go over the fits; `comparison[sf.Gamma]` or `comparison["Gamma"]` is that of a
    family.

    Attributes
    ----------
    rows : the table: fits by the criterion, then fits that are no maximum, then families that could not be fitted
    criterion : "aic", "aicc" or "bic"
    picked : how the families were picked, where nobody named them
    """

    rows: tuple[ComparisonRow, ...]
    criterion: str
    picked: Any = None
    tested: RequestedTest | None = None
    _tests: list[Any] = field(default_factory=list)
    _with_choice: list[Any] = field(default_factory=list)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The fits, best first."""
        return tuple([row.fit for row in self.rows if row.fit is not None])

    @property
    def best(self) -> Fit:
        """The best fit; it carries the warning that it was chosen from the data.

        Raises
        ------
        NotAvailableError
            No family could be fitted with the highest likelihood that it has.
        """
        first = self.rows[0]
        if first.fit is None or np.isnan(first.difference):
            raise NotAvailableError(f"none of the families could be fitted; {first.name}: {first.reason}")
        return first.fit

    @property
    def goodness_of_fit(self) -> tuple[Any, ...]:
        """The test of each fit, in the order of `fits`, or the error in its place; computed when first asked for.

        Each is of its family as if it were the only one.
        """
        if self.tested is None:
            raise NotAvailableError("no test of fit was asked for: compare with goodness_of_fit=True")
        if not self._tests:
            self._tests.extend(self.tested.alone(fit) for fit in self.fits)
        return tuple(self._tests)

    @property
    def goodness_of_fit_with_choice(self) -> Any:
        """The test of the best fit where each sample repeats the choice; None where the method draws no samples."""
        if not self._with_choice:
            alone = self.goodness_of_fit
            assert self.tested is not None
            self._with_choice.append(self.tested.repeating_the_choice(self.fits[0], alone[0]) if alone else None)
        return self._with_choice[0]

    def test(self, first: Any, second: Any, *, correction: str | None = None, data: Any = None) -> ModelTest:
        """Test between two of the models: by their likelihood ratio where one holds the other, else by Vuong's test.

        Parameters
        ----------
        first, second : a family, its name, or the place of its fit
        correction, data : of Vuong's test
        """
        one, two = self[first], self[second]
        for small, large in ((one, two), (two, one)):
            if nesting(small, large) is not None:
                return likelihood_ratio_test(small, large)
        return vuong_test(one, two, correction=correction, data=data)

    def __len__(self) -> int:
        return len(self.fits)

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, int | slice):
            return self.fits[which]
        name = which if isinstance(which, str) else getattr(which, "__name__", repr(which))
        found = [row for row in self.rows if name in (row.name, row.name.partition(" with ")[0])]
        if not found:
            raise ParameterError(f"{name} was not compared; the families are {', '.join(r.name for r in self.rows)}")
        if found[0].fit is None:
            raise NotAvailableError(f"{name} was not fitted: {found[0].reason}")
        return found[0].fit

    def __str__(self) -> str:
        return comparison_text(self)

    def __repr__(self) -> str:
        return f"<Comparison by {self.criterion}: {', '.join(row.name for row in self.rows)}>"


def comparison_of(
    families: Sequence[Any],
    found: Sequence[Fit | SufficeError],
    criterion: str,
    picked: Any = None,
    tested: RequestedTest | None = None,
) -> Comparison:
    """Rank fits and errors, and return the table."""
    pairs = ranked(families, found, criterion)
    fits = [fit for _, fit in pairs if not isinstance(fit, SufficeError) and is_highest(fit)]
    values = np.array([getattr(fit, criterion) for fit in fits])
    # values that are all infinite (AICc of hardly any rows) tell nobody apart
    differences = np.array([0.0 if value == values.min() else value - values.min() for value in values])
    copies = _copies(fits)
    shares = np.where([not copy for copy in copies], np.exp(-0.5 * differences), 0.0)
    rows = [
        _row(fit, float(difference), float(share / shares.sum()), copy)
        for fit, difference, share, copy in zip(fits, differences, shares, copies, strict=True)
    ]
    for family, fit in pairs[len(fits) :]:
        rows.append(_row_without_fit(family.__name__, fit) if isinstance(fit, SufficeError) else _row(fit))
    if fits:
        rows[0] = replace(rows[0], fit=marked_as_chosen(fits[0], pairs, criterion))
    return Comparison(tuple(rows), criterion, picked, tested)


def _row(fit: Fit, difference: float = np.nan, weight: float = np.nan, same_as: str = "") -> ComparisonRow:
    reason = "" if fit.certificate.is_maximum else fit.certificate.reason
    return ComparisonRow(_name(fit), fit, difference, weight, fit.certificate.status, reason, same_as)


def _row_without_fit(name: str, error: SufficeError) -> ComparisonRow:
    return ComparisonRow(name, None, np.nan, np.nan, "not fitted", str(error), error=error)


def _copies(fits: Sequence[Fit]) -> list[str]:
    """Return of each fit, best first, the name of a better one that is the same model; "" where there is none."""
    present = {family_name(fit.family) for fit in fits if not set(fit.fixed) - _bound(fit)}
    copies: list[str] = []
    for place, fit in enumerate(fits):
        same = [
            _name(other) for other, copy in zip(fits, copies, strict=False) if not copy and _is_one_model(other, fit)
        ]
        limit = became(fit)
        copies.append(same[0] if place and same else limit if limit in present else "")
    return copies


def _is_one_model(first: Fit, second: Fit) -> bool:
    """Tell whether two fits of the same data are one distribution, to the digits that searches leave."""
    if abs(first.log_likelihood - second.log_likelihood) > SAME:
        return False
    if first.family == second.family:
        return first.free_parameters == second.free_parameters
    if not all(hasattr(fit.model, "icdf") for fit in (first, second)):
        return False
    x = first.model.icdf(SHARES)
    return bool(np.allclose(first.model.cdf(x), second.model.cdf(x), rtol=0.0, atol=SAME))


def _bound(fit: Fit) -> set[str]:
    """Return the parameters that the family itself does not seek."""
    return {parameter.name for parameter in fit.family.parameters if not parameter.estimated}


def _name(fit: Fit) -> str:
    """Return the family with the parameters that were fixed beside those that are bound."""
    bound = dict(fit.family.bound)
    fixed = [f"{name} = {fixed_text(value)}" for name, value in fit.fixed.items() if name not in bound]
    return f"{fit.family.__name__} with {', '.join(fixed)}" if fixed else str(fit.family.__name__)
