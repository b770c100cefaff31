"""The outliers of a fit: the rows that are farthest out, ranked, with p-values, on one screen."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np

from suffice.errors import counted
from suffice.inference.p_value_text import p_value_text

WIDTH = 96
# Of the columns of one row.
NAMED = 2
LONGEST_COLUMN = 16
# A second column is named where its deviation is at least this share of the first's.
SHARE = 0.5

ADJUSTMENTS = {
    "bonferroni": "times n (Bonferroni): at most the probability that the largest of n rows is so far out",
    "holm": "times the number of rows not beyond before it (Holm)",
    "none": "not adjusted: of n rows without outliers, a share of the level lies beyond it",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Outliers:
    """The rows that are farthest out, the farthest first; made by `fit.outliers()`.

    Attributes
    ----------
    rows : ndarray, shape (k,): row numbers from 1, as in messages: the first row of the data is 1
    positions : ndarray, shape (k,): the same from 0, as NumPy and `DataFrame.iloc` count: `rows` − 1
    distances : ndarray, shape (k,): Mahalanobis distances, in standard deviations; for a family that is not normal
        the standard normal deviate that is as far out
    squared_distances : ndarray, shape (k,): their squares
    p_values, adjusted_p_values : ndarray, shape (k,); adjusted for the number of rows as `adjust` says
    standardized : ndarray, shape (k, d): deviations from the mean of each column, in standard deviations
    conditional : ndarray, shape (k, d): deviations from what the other columns of the row let expect, in the
        standard deviations that then remain; its square is what d² loses if that column did as expected
    values : ndarray, shape (k, d): the rows
    weights : ndarray, shape (k,): their weights, 1 where there are none
    count : how many rows have an adjusted p-value ≤ level, the rows not listed among them
    at_least : whether there may be more than `count` (Holm's procedure was not followed to its end)
    n : the number of rows for which p-values are adjusted, or Σ of their weights
    level, adjust, method : as asked for
    law : where p-values come from, and what is approximate
    columns, title : what the rows are
    """

    rows: np.ndarray
    distances: np.ndarray
    p_values: np.ndarray
    adjusted_p_values: np.ndarray
    standardized: np.ndarray
    conditional: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    count: int
    at_least: bool
    n: float
    level: float
    adjust: str
    method: str
    law: str
    columns: tuple[str, ...]
    title: str

    @property
    def positions(self) -> np.ndarray:
        """Where the rows are, counted from 0, shape (k,)."""
        return self.rows - 1

    @property
    def squared_distances(self) -> np.ndarray:
        """The squared distances."""
        return self.distances**2

    @property
    def are_beyond(self) -> np.ndarray:
        """Which of the rows listed have an adjusted p-value ≤ level, shape (k,)."""
        return self.adjusted_p_values <= self.level

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Outliers of {self.title}: {self._count_text()} of {self.n:,.15g} beyond level {self.level:g}>"

    def __str__(self) -> str:
        title = f"Rows farthest out of {self.title} (the first row is 1)"
        lines = [title, f"  {self._beyond_text()}", f"  p-values: {self.law}"]
        lines = [part for line in lines for part in textwrap.wrap(line, WIDTH, subsequent_indent="    ")]
        head = f"  {'row':>9}{'distance':>10}{'p-value':>11}{'adjusted':>11}   {self._reasons_title()}"
        table = [self._line(i) for i in range(len(self))]
        left = self.count - len(self)
        more = [f"  … and {'at least ' * self.at_least}{left:,} more beyond the level; most={self.count} lists them"]
        return "\n".join([*lines, "", head, *table, *(more if left > 0 else [])])

    def _count_text(self) -> str:
        return f"{'at least ' if self.at_least else ''}{counted(self.count, 'row')}"

    def _beyond_text(self) -> str:
        verb = "lies" if self.count == 1 and not self.at_least else "lie"
        return (
            f"{self._count_text()} of n = {self.n:,.15g} {verb} beyond the level {self.level:g} (marked *); adjusted: "
            f"{ADJUSTMENTS[self.adjust]}"
        )

    def _line(self, i: int) -> str:
        mark = "*" if self.are_beyond[i] else " "
        numbers = f"{self.rows[i]:>9,}{self.distances[i]:>10.4g}"
        p = "".join(f"{p_value_text(values[i], bare=True):>11}" for values in (self.p_values, self.adjusted_p_values))
        weight = f" (weight {self.weights[i]:g})" if self.weights[i] != 1.0 else ""
        return f"{mark} {numbers}{p}   {self.reasons(i)}{weight}"

    def reasons(self, i: int) -> str:
        """Return which columns put the i-th row listed so far out, the one that does most first."""
        found = np.abs(self.conditional[i])
        order = np.argsort(-np.where(np.isnan(found), np.inf, found), kind="stable")[:NAMED]
        named = [int(j) for j in order if not found[j] < SHARE * found[order[0]]]
        return ", ".join(self._reason(i, j) for j in named)

    def _reason(self, i: int, j: int) -> str:
        name = self.columns[j]
        name = name if len(name) <= LONGEST_COLUMN else f"{name[: LONGEST_COLUMN - 1]}…"
        given = f", {self.conditional[i, j]:+.3g}" if len(self.columns) > 1 else ""
        return f"{name} = {self.values[i, j]:.6g} ({self.standardized[i, j]:+.3g}{given})"

    def _reasons_title(self) -> str:
        return "value (sd from mean, given the others)" if len(self.columns) > 1 else "value (sd from mean)"
