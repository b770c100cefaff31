"""What inference knows of a family and data: a log-likelihood in unconstrained coordinates, a model for each point."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.linalg import lapack

from suffice.calculus.certificate import OptimumCertificate, certify
from suffice.statistics.row_scores import RowScores
from suffice.statistics.statistic import Statistic

Question = Generator[Statistic, Any, Any]


def once(statistic: Statistic) -> Question:
    """Ask for one statistic; return its summary."""
    return (yield statistic)


@dataclass(frozen=True, slots=True)
class Solution:
    """Where a plan ended.

    Parameters
    ----------
    problem : what was maximised
    phi : ndarray, shape (q,)
    value, gradient, hessian : of the log-likelihood in φ there, shapes (), (q,), (q, q); at a kink the gradient is 0,
        which lies between the slopes on its sides, and the Hessian the negative expected information
    model : the model there
    starts, agree : how many starts there were, and how many reached this maximum
    status : what the plan knows and derivatives cannot show: a supremum at a limit of the family ("no finite
        maximum"), a point on the boundary of the parameters, or a kink there; "" where the derivatives decide
    reason : a sentence for that status, or why the search stopped without a maximum
    outside : whether every search left the region in which the family is fitted; the value is then −∞, or that of
        a limit
    """

    problem: Any
    phi: np.ndarray
    value: float
    gradient: np.ndarray
    hessian: np.ndarray
    model: Any
    starts: int = 1
    agree: int = 1
    status: Literal["", "boundary", "kink", "no finite maximum"] = ""
    reason: str = ""
    outside: bool = False

    def judged(self, found: OptimumCertificate) -> OptimumCertificate:
        """Return what the derivatives say with what the plan knows."""
        if self.status in ("no finite maximum", "kink") or (self.status == "boundary" and found.is_maximum):
            return replace(found, status=self.status, reason=self.reason)
        if self.reason and not found.is_maximum:
            return replace(found, reason=f"{found.reason}; {self.reason}")
        return found


class InferenceProblem(ABC):
    """The log-likelihood as a function of the unconstrained coordinates φ, shape (q,), of the free parameters.

    The certificate, intervals, the bootstrap and saved fits ask nothing else of a family. A problem states the
    abstract methods; the others have a default, which a problem replaces where it knows better.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The names of the free parameters."""

    @abstractmethod
    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) of the log-likelihood at φ, shape (m, q)."""

    @abstractmethod
    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the free parameters in the unit of the data, in the order of `names`, at φ, shape (q,)."""

    @abstractmethod
    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of the parameter `names[position]` at φ, shape (q,)."""

    @abstractmethod
    def model(self, phi: np.ndarray) -> Any:
        """Return the model at φ, shape (q,)."""

    @abstractmethod
    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> InferenceProblem:
        """Return the same problem for resampled data."""

    # -- what a problem may know better -----------------------------------------------------------

    @property
    def coordinate_names(self) -> tuple[str, ...]:
        """The names of the q coordinates."""
        return self.names

    def estimated(self, fixed: Mapping[str, Any]) -> int:
        """Return how many parameters are estimated where some are fixed: what AIC and BIC count."""
        return len(self.coordinate_names)

    def own_coordinate(self, position: int) -> tuple[int, str]:
        """Return the coordinate in which alone `names[position]` increases, with its scale ("log"); −1 for none."""
        return -1, ""

    def realized(self, phi: np.ndarray) -> np.ndarray:
        """Return the coordinates (q,) of the model at φ, whose parameters are rounded to floating-point numbers."""
        return phi

    def limits(self) -> Sequence[tuple[int, Any]]:
        """Return the problems at the limits of the family (df = ∞), each with the coordinate that it lacks."""
        return ()

    def put_at_ends(self, rows: np.ndarray, stopped: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return searches (m, q) from φ (q,), those that ran to an end of a domain which is a value (df = ∞) put there.

        `stopped` says of each search whether it stopped without a maximum.
        """
        return rows

    def law(self, fixed: Mapping[str, Any]) -> Any:
        """Return the `EstimateLaw` of the estimates, where some parameters are fixed; None for a regular likelihood.

        It states standard errors, intervals and refusals that derivatives of the likelihood cannot give.
        """
        return None

    def maximum(self) -> Question | None:
        """Return the question for φ, shape (m, q), of all replicates in closed form; None where there is none."""
        return None

    def value(self, phi: np.ndarray) -> Question:
        """Ask for the log-likelihood at φ, shape (q,), also where nothing is free."""
        value, _, _ = yield from self.evaluate(phi[None, :])
        return float(value[0])

    def scores(self, phi: np.ndarray) -> RowScores | None:
        """Return the scores of single rows at φ, shape (q,); None where there are none."""
        return None

    def jacobian(self, phi: np.ndarray) -> np.ndarray:
        """Return d(free parameters)/dφ, one row for each name, at φ, shape (q,)."""
        rows = [self.parameter_derivatives(i, phi)[1] for i in range(len(self.names))]
        return np.array(rows).reshape(len(rows), len(phi))

    def information_inverse(self, solution: Solution) -> np.ndarray:
        """Return the inverse of the observed information at a maximum, shape (q, q)."""
        information = -solution.hessian
        if not len(information):
            return information  # which LAPACK refuses
        units = 1.0 / np.sqrt(information.diagonal())
        squares = units[:, None] * units
        _, _, inverse, singular = lapack.dgesv(information * squares, np.eye(len(information)))
        if singular:
            raise np.linalg.LinAlgError("the information is singular")
        return inverse * squares

    def solve_information(self, solution: Solution, vector: np.ndarray) -> np.ndarray:
        """Return I⁻¹ v at a maximum, shape (q,)."""
        return self.information_inverse(solution) @ vector

    def standard_errors(self, solution: Solution) -> np.ndarray:
        """Return the standard errors at a maximum, in the order of `names`."""
        covariance = self.information_inverse(solution)
        rows = self.jacobian(solution.phi)
        # √(s C sᵀ) without squaring the unit of s, which may be as small as 1e-300
        units = np.abs(rows).max(axis=1, initial=0.0)
        units[units == 0.0] = 1.0
        slopes = rows / units[:, None]
        return units * np.sqrt(((slopes @ covariance) * slopes).sum(axis=1))

    def certificate(self, solution: Solution, scope: str = "local", region: str = "") -> OptimumCertificate:
        """Certify a solution; `scope` says how far was looked, `region` where."""
        if not len(solution.phi) and not solution.status:
            reason = "no parameter is free: nothing was sought"
            return OptimumCertificate("maximum", "global", 0.0, solution.phi, solution.phi, 1.0, reason)
        found = certify(solution.gradient, solution.hessian, scope=scope, region=region, names=self.coordinate_names)
        return solution.judged(found)
