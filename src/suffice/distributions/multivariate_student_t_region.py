"""The region in which Student's t of several variables is fitted, and its edges.

With ν free the likelihood is unbounded: it grows without end where the scale matrix shrinks onto one row, or onto a
plane that holds a larger share of the rows than (ν + s)/(ν + d), s its dimension (Kent and Tyler 1991).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.distribution import median_deviation
from suffice.distributions.student_t_edges import CROWDED, FEW, LOWEST_DF, LOWEST_SCALE
from suffice.sources.block import Block

REGION = (
    "df ≥ 0.1 and a scale of at least 0.001 times the median absolute deviation in every direction; the likelihood is "
    "unbounded outside"
)
# Rows among which crowded ones are looked for.
MOST_ROWS = 512
# The share of the terms of a sum that its rounding may be.
ROUNDING = 1e-14
# The share of the largest eigenvalue, per column, that rounding makes of one that is 0.
SINGULAR = 64.0 * float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class Edge:
    """A point on the edge of the region.

    Parameters
    ----------
    location, matrix, df : the parameters
    where : what the rows do there, for a message
    """

    location: np.ndarray
    matrix: np.ndarray
    df: float
    where: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The region, measured on a sample.

    Parameters
    ----------
    sample : rows and weights
    spread : the median absolute deviation of each column, shape (d,)
    df_is_free, matrix_is_free : what the region bounds; what a person fixed is theirs to choose
    """

    sample: Block
    spread: np.ndarray
    df_is_free: bool
    matrix_is_free: bool

    @classmethod
    def of(cls, sample: Block, df_is_free: bool, matrix_is_free: bool) -> Bounds:
        """Measure a sample."""
        return cls(sample, np.array([median_deviation(x) for x in sample.rows.T]), df_is_free, matrix_is_free)

    def contain(self, matrix: np.ndarray, df: float) -> bool:
        """Say whether a scale matrix (d, d) and df lie in the region."""
        if self.df_is_free and not df >= LOWEST_DF:
            return False
        return not self.matrix_is_free or bool(self.scales(matrix)[0][0] >= LOWEST_SCALE)

    def scales(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the scales along the principal axes, in median absolute deviations of the rows, ascending, and these.

        The axes are those of the matrix in units of the columns' deviations; a column u (d,) gives x · u.
        """
        d = len(self.spread)
        if not np.isfinite(matrix).all():
            return np.zeros(d), np.diag(1.0 / self.spread)
        values, vectors = np.linalg.eigh(matrix / np.outer(self.spread, self.spread))
        axes = vectors / self.spread[:, None]
        # a matrix that is singular to rounding has no scale along that axis
        values = np.where(values > SINGULAR * d * values[-1], values, 0.0)
        scales = np.sqrt(values) / np.array([self._spread_along(axis) for axis in axes.T])
        order = np.argsort(scales, kind="stable")
        return scales[order], axes[:, order]

    def _spread_along(self, axis: np.ndarray) -> float:
        """Return the median absolute deviation of x · axis, or where that is rounding the standard deviation, or ∞."""
        rows = self.sample.rows
        projected = rows @ axis
        noise = ROUNDING * float((np.abs(rows) @ np.abs(axis)).max())
        found = [float(np.median(np.abs(projected - np.median(projected)))), float(projected.std())]
        return next((spread for spread in found if spread > noise), np.inf)

    def flat_axis(self, matrix: np.ndarray) -> np.ndarray | None:
        """Return the axis across the plane onto which a matrix is flat; None where it is not, or shrank as a whole."""
        scales, axes = self.scales(matrix)
        return axes[:, 0] if self.matrix_is_free and scales[0] < LOWEST_SCALE <= scales[-1] else None

    def edges(self, location: np.ndarray, matrix: np.ndarray, names: tuple[str, ...], df: float) -> Iterator[Edge]:
        """Yield points on the edges: spikes at crowded rows, heavy tails around them, and planes of a repeated value.

        Parameters
        ----------
        location, matrix : the bulk of the rows
        names : the columns
        df : its value where it is fixed
        """
        tails = np.geomspace(LOWEST_DF, 100.0, 8) if self.df_is_free else np.array([df])
        # the shape of the matrix, as wide as the columns
        wide = matrix * float(np.median(self.spread**2 / np.diagonal(matrix)))
        rows = self.sample.rows[:MOST_ROWS]
        places = rows[_crowded(rows / self.spread, LOWEST_SCALE)]
        for place in places:
            if self.matrix_is_free:
                for v in tails:
                    yield Edge(place, LOWEST_SCALE**2 * wide, float(v), "around rows that stand close together")
            if self.df_is_free:
                scales = np.geomspace(LOWEST_SCALE, 1e3, 10) if self.matrix_is_free else np.ones(1)
                for scale in scales:
                    shape = scale**2 * wide if self.matrix_is_free else matrix
                    yield Edge(place, shape, LOWEST_DF, "with the heaviest tails")
        if self.matrix_is_free and len(location) > 1:
            yield from self._planes(rows, location, matrix, names, tails)

    def _planes(self, rows: np.ndarray, location: np.ndarray, matrix: np.ndarray, names: Any, tails: Any) -> Any:
        """Yield matrices that are flat onto the most crowded value of each column."""
        for j, name in enumerate(names):
            place = rows[_crowded(rows[:, j : j + 1] / self.spread[j], LOWEST_SCALE)[0], j]
            along = matrix[:, j] / matrix[j, j]
            least = (LOWEST_SCALE * self.spread[j]) ** 2
            flat = matrix - (matrix[j, j] - least) * np.outer(along, along)
            centre = location + (place - location[j]) * along
            for v in tails:
                yield Edge(centre, 0.5 * (flat + flat.T), float(v), f"around {name} = {place:.6g}")


def _crowded(rows: np.ndarray, width: float) -> np.ndarray:
    """Return the positions of the rows with the most others within a width, at most so many; all of few rows."""
    if len(rows) <= FEW:
        return np.arange(len(rows))
    near = np.array([int((((rows - row) ** 2).sum(axis=1) <= width * width).sum()) for row in rows])
    # Among the equally crowded, the middle of the data is where the tails cost least.
    off = ((rows - np.median(rows, axis=0)) ** 2).sum(axis=1)
    order = np.lexsort([off, -near])
    _, first = np.unique(rows[order], axis=0, return_index=True)
    return order[np.sort(first)][:CROWDED]
