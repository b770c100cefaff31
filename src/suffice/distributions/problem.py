"""The problem that inference sees: a log-likelihood in unconstrained coordinates, and a model for each point.

Everything after the first look asks one question, `Likelihood.at`: log-likelihood, gradient and Hessian
at parameters θ, many at once. It is answered from a sufficient statistic where the family has one (an
equal statistic is never reduced twice, so nothing is read again), else by a pass over the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import isnan
from typing import Any

import numpy as np

from suffice.calculus.surrogate import second_steps
from suffice.calculus.transforms import chain
from suffice.calculus.trust_region import NewtonTrustRegion
from suffice.distributions.inference_problem import InferenceProblem, Question
from suffice.distributions.parameter import Parameter
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSummary, LikelihoodSums
from suffice.statistics.row_scores import DensityScores, RowScores
from suffice.statistics.statistic import Statistic
from suffice.statistics.tally import Tally
from suffice.statistics.wrappers import AffineMap

# How far a search runs in φ before it is taken to run to an end of the domain.
FAR_OFF = 5.0
# Nats that may be left: far below what any interval or criterion can show.
TOLERANCE = 1e-9
# Nats by which a search is ahead of one that gives up.
LEAD = 0.01


def as_it_is(statistic: Statistic) -> Statistic:
    """Return the statistic."""
    return statistic


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood of a family in z = (x − shift)/factor.

    Parameters
    ----------
    family : a family of one variable
    shift, factor : the map; factor is a power of two
    wrap : puts a wrapper (a bootstrap) around what is reduced
    """

    family: Any
    shift: float = 0.0
    factor: float = 1.0
    wrap: Callable[[Statistic], Statistic] = as_it_is

    @property
    def family_in_z(self) -> Any:
        """The family of z: what it has been told in the unit of the data, such as where they are cut, is told in z."""
        moved = getattr(self.family, "_in_z", None)
        return self.family if moved is None else moved(self.shift, self.factor)

    def at(self, theta: np.ndarray, order: int = 2) -> Question:
        """Ask for the sums at θ, shape (m, p); return a LikelihoodSummary in z."""
        family = self.family_in_z
        if family.sufficient is not None:
            summary = yield self.wrap(self.family.sufficient)
            if not summary.overflowed:
                return family._sufficient_likelihood(family._mapped(summary, self.shift, self.factor), theta)
        return (yield self.wrap(self.in_z(LikelihoodSums(family, theta, order))))

    def total(self, function: Callable[..., Any], theta: np.ndarray) -> Question:
        """Ask for the sum of a function of (z, *parameters) over the data at θ, shape (m, p); return (m,)."""
        sums = LikelihoodSums(SummedFunction(function), theta, order=0)
        if isinstance(self.family.sufficient, Tally):
            summary = yield self.wrap(self.family.sufficient)
            if not summary.overflowed:
                return sums.observe(summary.block()).value
        return (yield self.wrap(self.in_z(sums))).value

    def in_z(self, statistic: Statistic) -> Statistic:
        """Return a statistic of x that observes z."""
        return AffineMap(self.shift, self.factor, statistic)

    def row_scores(self, theta: np.ndarray, chain: np.ndarray) -> RowScores:
        """Return the scores of single rows of x at θ in z, shape (p,), in the coordinates of a chain (q, p)."""
        return DensityScores(self.family_in_z, theta, self.shift, self.factor, chain)


def likelihood_of(family: Any, shift: float, factor: float, stated_by: Any = None) -> Any:
    """Return the likelihood of a family in z, stated by itself or by the one in whose parameters it is sought."""
    stated = getattr(family, "_likelihood", None)
    if stated is not None:
        return stated(shift, factor, stated_by)
    return Likelihood(family if stated_by is None else stated_by, shift, factor)


@dataclass(frozen=True, slots=True)
class SummedFunction:
    """A function of (x, *parameters) in the place of a log density."""

    _log_density: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The free parameters, each in its unconstrained coordinate φ.

    Parameters
    ----------
    parameters : all p parameters
    fixed : their values in z where they are fixed, NaN where free, length p
    """

    parameters: tuple[Parameter, ...]
    fixed: tuple[float, ...]
    # the positions of the free parameters, and runs of neighbours with one domain: it, their columns in φ and in θ
    free: list[int] = field(init=False, repr=False, compare=False)
    _runs: list[tuple[Any, slice, slice]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        free = [i for i, value in enumerate(self.fixed) if isnan(value)]
        runs: list[tuple[Any, slice, slice]] = []
        for column, i in enumerate(free):
            domain, first, start = self.parameters[i].domain, column, i
            if runs and runs[-1][0] is domain and runs[-1][2].stop == i:
                _, columns, places = runs.pop()
                first, start = columns.start, places.start
            runs.append((domain, slice(first, column + 1), slice(start, i + 1)))
        object.__setattr__(self, "free", free)
        object.__setattr__(self, "_runs", runs)

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return θ, shape (m, p), at φ, shape (m, q)."""
        theta = np.empty((len(phi), len(self.fixed)))
        theta[:] = self.fixed
        for domain, columns, places in self._runs:
            theta[:, places] = domain.constrain(phi[:, columns])
        return theta

    def phi(self, theta: np.ndarray) -> np.ndarray:
        """Return φ, shape (m, q), at θ, shape (m, p)."""
        phi = np.empty((len(theta), len(self.free)))
        for domain, columns, places in self._runs:
            phi[:, columns] = domain.unconstrain(theta[:, places])
        return phi

    def chain(self, phi: np.ndarray, sums: LikelihoodSummary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return value (m,), gradient (m, q) and Hessian (m, q, q) in φ."""
        free = self.free
        first, second = np.empty(phi.shape), np.empty(phi.shape)
        for domain, columns, _ in self._runs:
            first[:, columns], second[:, columns] = domain.derivatives(phi[:, columns])
        assert sums.gradient is not None
        assert sums.hessian is not None
        gradient, hessian = sums.gradient, sums.hessian
        if len(free) < len(self.parameters):
            gradient, hessian = gradient[:, free], hessian[:, free][:, :, free]
        return (sums.value, *chain(gradient, hessian, first, second))


@dataclass(frozen=True, slots=True)
class Problem(InferenceProblem):
    """The log-likelihood as a function of the unconstrained coordinates φ of the free parameters.

    Parameters
    ----------
    likelihood, coordinates : a family of one variable in z, and its free parameters, each with a coordinate of its own
    """

    likelihood: Likelihood
    coordinates: Coordinates

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the q free parameters."""
        return tuple([self.coordinates.parameters[i].name for i in self.coordinates.free])

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) of log p(x) at φ, shape (m, q)."""
        sums = yield from self.likelihood.at(self.coordinates.theta(phi))
        value, gradient, hessian = self.coordinates.chain(phi, sums)
        return value - sums.weight * np.log(self.likelihood.factor), gradient, hessian

    def theta(self, phi: np.ndarray) -> np.ndarray:
        """Return all parameters in the unit of the data, shape (p,), at φ, shape (q,)."""
        z = self.coordinates.theta(phi[None, :])[0]
        shift, factor = self.likelihood.shift, self.likelihood.factor
        pairs = zip(self.coordinates.parameters, z, strict=True)
        return np.array([parameter.restored(value, shift, factor) for parameter, value in pairs])

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters in the unit of the data, in the order of `names`, at φ, shape (q,)."""
        return self.theta(phi)[self.coordinates.free]

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""
        return self.likelihood.family.from_theta(self.theta(phi))

    def thetas(self, phi: np.ndarray) -> np.ndarray:
        """Return all parameters in the unit of the data, shape (m, p), at φ, shape (m, q)."""
        z, (shift, factor) = self.coordinates.theta(phi), (self.likelihood.shift, self.likelihood.factor)
        for i, parameter in enumerate(self.coordinates.parameters):
            z[:, i] = parameter.restored(z[:, i], shift, factor)
        return z

    def realized(self, phi: np.ndarray) -> np.ndarray:
        """Return the coordinates (q,) of the model at φ: a location far from 0 is rounded coarsely."""
        shift, factor = self.likelihood.shift, self.likelihood.factor
        found = phi.copy()
        for column in range(len(phi)):
            parameter = self._free(column)
            if parameter.role == "location":
                value = parameter.restored(parameter.domain.constrain(phi[column]), shift, factor)
                found[column] = parameter.domain.unconstrain(parameter.standardized(value, shift, factor))
        return np.where(np.isfinite(found), found, phi)

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]`, which has its own coordinate."""
        parameter, here = self._free(position), np.arange(len(phi)) == position
        slope, bend = parameter.domain.derivatives(phi[position])
        unit = parameter.unit(self.likelihood.factor)
        return float(self.free_values(phi)[position]), unit * slope * here, unit * bend * np.outer(here, here)

    def own_coordinate(self, position: int) -> tuple[int, str]:
        """Return the coordinate of `names[position]`, and its scale."""
        return position, self._free(position).domain.scale

    def estimated(self, fixed: Mapping[str, Any]) -> int:
        """Return how many parameters were not fixed, those that ran to a limit or a bound among them."""
        return len(self.coordinates.parameters) - len(fixed)

    def law(self, fixed: Mapping[str, Any]) -> Any:
        """Return the law of the estimates that the family states for these fixed parameters, or None."""
        return self.likelihood.family.law_given(fixed)

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), also where nothing is free."""
        sums = yield from self.likelihood.at(self.coordinates.theta(phi[None, :]), order=0)
        return float(sums.value[0] - sums.weight[0] * np.log(self.likelihood.factor))

    def scores(self, phi: np.ndarray) -> RowScores:
        """Return the scores of single rows at φ, shape (q,)."""
        likelihood, free = self.likelihood, self.coordinates.free
        theta = self.coordinates.theta(phi[None, :])[0]
        chain = np.zeros((len(free), len(theta)))
        for column, i in enumerate(free):
            chain[column, i] = self._free(column).domain.derivatives(phi[column])[0]
        return likelihood.row_scores(theta, chain)

    def put_at_ends(self, rows: np.ndarray, stopped: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return searches (m, q) from φ (q,), those that ran to a closed end of a domain (df = ∞) put there.

        Searches that collapse have no maximum there.
        """
        rows, stopped = rows.copy(), stopped & ~self._collapsed(rows - phi)
        for column in range(len(phi)):
            parameter = self._free(column)
            for end in parameter.closed:
                side = float(np.sign(parameter.domain.unconstrain(end)))
                rows[stopped & (side * (rows[:, column] - phi[column]) > FAR_OFF), column] = side * np.inf
        return rows

    def _collapsed(self, moved: np.ndarray) -> np.ndarray:
        """Tell of searches that moved (m, q) whether they went where the likelihood of constant data has no end."""
        collapses = self.likelihood.family.collapses
        first = next(iter(collapses), "")
        if first not in self.names:
            return np.zeros(len(moved), dtype=bool)
        sign = -1.0 if collapses[first] == "0" else 1.0
        return np.asarray(sign * moved[:, self.names.index(first)] > FAR_OFF)

    def _free(self, position: int) -> Parameter:
        return self.coordinates.parameters[self.coordinates.free[position]]

    def limits(self) -> list[tuple[int, Problem]]:
        """Return the problems at the limits of the family (df = ∞), each with the coordinate that it lacks."""
        found = []
        for column, i in enumerate(self.coordinates.free):
            limit = self.likelihood.family.limits.get(self.coordinates.parameters[i].name)
            if limit is not None:
                fixed = tuple(limit[0] if j == i else value for j, value in enumerate(self.coordinates.fixed))
                found.append((column, replace(self, coordinates=replace(self.coordinates, fixed=fixed))))
        return found

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> Problem:
        """Return the same problem for resampled data."""
        return replace(self, likelihood=replace(self.likelihood, wrap=wrap))


@dataclass(frozen=True, slots=True)
class Look:
    """What pass one gave a plan.

    Parameters
    ----------
    n : Σw of the rows used
    minimum, maximum : the range of the column
    sample : a block of at most 2,048 rows, or None where only a summary was given
    sample_is_all : whether the sample is the data
    column, names : the name of the first column and of all, for messages
    """

    n: float
    minimum: float
    maximum: float
    sample: Block | None
    sample_is_all: bool
    column: str = "x"
    names: tuple[str, ...] = ("x",)


def newton(
    problem: Any,
    phi: np.ndarray,
    n: Any,
    rivals: float | None = None,
    iterations: int = 200,
    sample: Block | None = None,
) -> Question:
    """Climb from each row of φ (m, q) by Newton steps; return the final state, objective = mean log-likelihood.

    Parameters
    ----------
    n : Σw, a number or shape (m,)
    rivals : where only the best maximum counts, a log-likelihood that is reached elsewhere, or −∞: a search that
        falls behind it, or behind one that arrived, does not run to its end
    sample : some of the rows, which tell a second step after each; None where they are not far fewer
    """
    state = NewtonTrustRegion.start(phi, scale=n, tolerance=TOLERANCE, iterations=iterations)
    each = np.asarray(n, dtype=float)
    while not state.done:
        with np.errstate(all="ignore"):
            value, gradient, hessian = yield from problem.evaluate(state.points)
        state = state.tell(value / each, gradient / each[..., None], hessian / each[..., None, None])
        if rivals is not None:
            state = state.among_rivals(LEAD / float(n), rivals / float(n))
        if sample is not None and not state.done:
            state = second_steps(state, partial(_mean_likelihood, problem, sample))
    return state


def _mean_likelihood(problem: Any, sample: Block, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return value (m,), gradient (m, q) and Hessian (m, q, q) of the mean log-likelihood of a sample at φ (m, q)."""
    n = weight_of(sample)
    with np.errstate(all="ignore"):
        value, gradient, hessian = answer(problem.evaluate(phi), lambda statistic: statistic.observe(sample))
    return value / n, gradient / n, hessian / n


def weight_of(sample: Block) -> float:
    """Return Σw of a block."""
    return float(len(sample.rows) if sample.weights is None else sample.weights.sum())


def answer(question: Question, reduce: Callable[[Statistic], Any]) -> Any:
    """Run a generator to its end, answering each statistic by `reduce`."""
    try:
        statistic = next(question)
        while True:
            statistic = question.send(reduce(statistic))
    except StopIteration as stop:
        return stop.value
