"""The joint likelihood of two fits of independent data, which is the sum of theirs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.inference_problem import InferenceProblem, Question, once
from suffice.distributions.problem import answer
from suffice.inference.fit_passes import passes_of
from suffice.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True)
class OfOne:
    """Ask for a statistic of the data of one of the two fits, 0 or 1."""

    which: int
    statistic: Statistic

    def observe(self, block: Any) -> Any:
        """Observe a block of those data."""
        return self.statistic.observe(block)


@dataclass(frozen=True, slots=True)
class JointProblem(InferenceProblem):
    """ℓ(φ₁, φ₂) = ℓ₁(φ₁) + ℓ₂(φ₂); a model is the pair of both.

    Parameters
    ----------
    parts : the two problems, with q₁ and q₂ coordinates
    sizes : q₁ and q₂
    """

    parts: tuple[Any, Any]
    sizes: tuple[int, int]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters of both, told apart by a number."""
        return tuple([f"{name} of fit {i + 1}" for i, part in enumerate(self.parts) for name in part.names])

    @property
    def coordinate_names(self) -> tuple[str, ...]:
        """The names of the coordinates of both."""
        return tuple([f"{name} of fit {i + 1}" for i, part in enumerate(self.parts) for name in part.coordinate_names])

    def split(self, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return φ₁ and φ₂ of φ, shape (..., q₁ + q₂)."""
        return phi[..., : self.sizes[0]], phi[..., self.sizes[0] :]

    def evaluate(self, phi: np.ndarray) -> Question:
        """Ask for value (m,), gradient (m, q) and Hessian (m, q, q) at φ, shape (m, q)."""
        found = []
        for which, part in enumerate(self.split(phi)):
            found.append((yield from _tagged(which, self.parts[which].evaluate(part))))
        (value, gradient, hessian), (value2, gradient2, hessian2) = found
        return value + value2, np.concatenate([gradient, gradient2], axis=-1), block_diagonal(hessian, hessian2)

    def free_values(self, phi: np.ndarray) -> np.ndarray:
        """Return the parameters of both at φ, shape (q,)."""
        return np.concatenate([p.free_values(x) for p, x in zip(self.parts, self.split(phi), strict=True)])

    def parameter_derivatives(self, position: int, phi: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return value, gradient (q,) and Hessian (q, q) of `names[position]` at φ, shape (q,)."""
        first = len(self.parts[0].names)
        which = int(position >= first)
        value, slope, bend = self.parts[which].parameter_derivatives(position - which * first, self.split(phi)[which])
        return (value, *self.widened(which, slope, bend))

    def widened(self, which: int, slope: np.ndarray, bend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return gradient (q,) and Hessian (q, q) in all coordinates, given those in the coordinates of one fit."""
        gradient, hessian = np.zeros(sum(self.sizes)), np.zeros((sum(self.sizes),) * 2)
        own = slice(0, self.sizes[0]) if which == 0 else slice(self.sizes[0], None)
        gradient[own], hessian[own, own] = slope, bend
        return gradient, hessian

    def model(self, phi: np.ndarray) -> tuple[Any, Any]:
        """Return the two models at φ, shape (q,)."""
        first, second = self.split(phi)
        return self.parts[0].model(first), self.parts[1].model(second)

    def realized(self, phi: np.ndarray) -> np.ndarray:
        """Return the coordinates (q,) of the models at φ, whose parameters are rounded."""
        return np.concatenate([p.realized(x) for p, x in zip(self.parts, self.split(phi), strict=True)])

    def wrapped(self, wrap: Callable[[Statistic], Statistic]) -> JointProblem:
        """Return the same problem for resampled data."""
        return JointProblem((self.parts[0].wrapped(wrap), self.parts[1].wrapped(wrap)), self.sizes)


def block_diagonal(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return matrices (m, q₁ + q₂, q₁ + q₂) with blocks of shapes (m, q₁, q₁) and (m, q₂, q₂)."""
    first, second = one.shape[-1], two.shape[-1]
    both = np.zeros((len(one), first + second, first + second))
    both[:, :first, :first], both[:, first:, first:] = one, two
    return both


def _tagged(which: int, question: Question) -> Generator[OfOne, Any, Any]:
    """Say of each statistic that a question asks for of which data it is."""
    summary = None
    while True:
        try:
            statistic = question.send(summary)
        except StopIteration as stop:
            return stop.value
        summary = yield OfOne(which, statistic)


def ask_both(fits: tuple[Any, Any], question: Question, data: tuple[Any, Any]) -> Any:
    """Answer a question about the joint problem by passes over the data of both fits."""
    with ExitStack() as stack:
        asks = [stack.enter_context(passes_of(fit, given)) for fit, given in zip(fits, data, strict=True)]

        def reduce(asked: Any) -> Any:
            return asks[asked.which](once(asked.statistic))

        return answer(question, reduce)
