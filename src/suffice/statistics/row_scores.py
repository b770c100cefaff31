"""The scores of single rows: derivatives of log p(x; θ) in coordinates φ, of which sums say how sure a fit is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from suffice.sources.block import Block

# Scores held at once.
CACHED_SCORES = 131_072


class RowScores(Protocol):
    """Scores in q coordinates, at parameters that they hold."""

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        ...

    def of(self, rows: np.ndarray, /) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, d)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class DensityScores:
    """Scores of a family of one variable: chain · ∂ log p(z; θ)/∂θ, z = (x − shift)/factor.

    Parameters
    ----------
    density : the family
    theta : ndarray, shape (p,): its parameters in z
    shift, factor : the map; factor is a power of two
    chain : ndarray, shape (q, p): ∂θ/∂φ transposed; None for φ = θ
    """

    density: Any
    theta: np.ndarray
    shift: float = 0.0
    factor: float = 1.0
    chain: np.ndarray | None = None

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return len(self.theta) if self.chain is None else len(self.chain)

    @np.errstate(all="ignore")
    def of(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, 1)."""
        z = (rows[:, 0] - self.shift) / self.factor
        first, _ = self.density._derivatives(z, *[np.float64(t) for t in self.theta])
        scores = np.stack([np.broadcast_to(np.asarray(f, float), z.shape) for f in first])
        return scores if self.chain is None else self.chain @ scores


@dataclass(frozen=True, slots=True, eq=False)
class ProblemScores:
    """Scores that a problem of several variables states: chain · ∂ log p(x; θ)/∂θ.

    Parameters
    ----------
    problem : has `row_scores(rows, theta)`, rows (n, d) → (n, p)
    theta : ndarray, shape (p,)
    chain : ndarray, shape (q, p): ∂θ/∂φ transposed
    """

    problem: Any
    theta: np.ndarray
    chain: np.ndarray

    @property
    def size(self) -> int:
        """The number q of coordinates."""
        return len(self.chain)

    @np.errstate(all="ignore")
    def of(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores, shape (q, n), of rows, shape (n, d)."""
        return np.asarray(self.chain @ self.problem.row_scores(rows, self.theta).T)


def parts_for(scores: RowScores, block: Block) -> list[Block]:
    """Return the block in parts of which the scores fit in the cache; itself where it is small or empty."""
    rows = max(256, CACHED_SCORES // max(scores.size, 1))
    return list(block.split(rows)) if len(block.rows) > rows else [block]
