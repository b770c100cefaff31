"""The problem of a family whose maximum is sought in other parameters than its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import InferenceProblem, Question
from suffice.distributions.problem import Coordinates, Likelihood, Problem, likelihood_of
from suffice.statistics.row_scores import RowScores
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True)
class ReparametrizedProblem(InferenceProblem):
    """A likelihood in positive parameters η, of which the family's are products of powers: θᵢ = ∏ⱼ ηⱼ^eᵢⱼ.

    Since φ = log η, each log θᵢ is linear in φ.

    Parameters
    ----------
    family : the family of the models
    sought : the problem in η, of `family.sought_as`, which states the `exponents`, shape (p, p)
    """

    family: Any
    sought: Problem

    @classmethod
    def of(cls, family: Any, shift: float, factor: float) -> ReparametrizedProblem:
        """Return the problem with all parameters free, in z = (x − shift)/factor."""
        by = family.sought_as
        free = (float("nan"),) * len(by.parameters)
        return cls(family, Problem(likelihood_of(family, shift, factor, by), Coordinates(by.parameters, free)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the p parameters of the family."""
        return tuple([parameter.name for parameter in self.family.parameters])

    @property
    def coordinate_names(self) -> tuple[str, ...]:
        """The names of η."""
        return self.sought.names

    @property
    def likelihood(self) -> Likelihood:
        """The likelihood in η."""
        return self.sought.likelihood

    @property
    def coordinates(self) -> Coordinates:
        """The parameters η."""
        return self.sought.coordinates

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, p) and Hessian (m, p, p) at φ, shape (m, p)."""
        return (yield from self.sought.evaluate(phi))

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the parameters of the family in the unit of the data, shape (p,), at φ, shape (p,)."""
        return self.thetas(phi[None, :])[0]

    def thetas(self, phi: np.ndarray) -> np.ndarray:
        """Return the parameters of the family in the unit of the data, shape (m, p), at φ, shape (m, p)."""
        return (self.sought.thetas(phi)[:, None, :] ** self.family.sought_as.exponents).prod(axis=-1)

    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (p,)."""
        return self.family.from_theta(self.free_values(phi))

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (p,) and Hessian (p, p) of `names[position]` at φ, shape (p,)."""
        value, powers = float(self.free_values(phi)[position]), self.family.sought_as.exponents[position]
        return value, value * powers, value * np.outer(powers, powers)

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return d(parameters)/dφ, shape (p, p), at φ, shape (p,)."""
        return self.free_values(phi)[:, None] * self.family.sought_as.exponents

    def scores(self, phi: np.ndarray) -> RowScores:
        """Return the scores of single rows at φ, shape (p,)."""
        return self.sought.scores(phi)

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> ReparametrizedProblem:
        """Return the same problem for resampled data."""
        return replace(self, sought=self.sought.wrapped(wrap))
