"""Rounded and heaped values: the grid on which a column was recorded, and the grid points preferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

# Grids that people and instruments use, coarsest first.
RESOLUTIONS = tuple(
    sorted({*(float(f"1e{k}") for k in range(6, -13, -1)), 0.5, 0.25, 0.125, 0.0625, 0.03125}, reverse=True)
)
GRIDS = np.array(RESOLUTIONS)
# What people round to, in ascending order.
PREFERRED = tuple(sorted({float(f"{m}e{k}") for k in range(-11, 7) for m in (1, 5)}))
# And the steps of grids on which values that were rounded so are compared.
STEPS = tuple(sorted({float(f"{m}e{k}") for k in range(-12, 7) for m in (1, 2, 2.5, 5)}))
# A grid to which values were rounded has at most this share of them between its cells.
BETWEEN = 0.05
# So many multiples must stand out: one may be the mode of what was measured.
FEWEST_HEAPS = 3
FEWEST = 8
# So many values rule out most steps before all are looked at.
FEW = 16
COARSE = 0.05
# So many different values that all lie midway between grid points are no accident.
FEWEST_MIDWAY = 5


@dataclass(frozen=True, slots=True)
class Grid:
    """The values origin + k · step, k whole, to which others were rounded.

    Parameters
    ----------
    step, origin : in the unit of the data

    Examples
    --------
    >>> str(Grid(1.0, 0.5)), float(Grid(1.0, 0.5).nearest(3.2))
    ('0.5 + multiples of 1', 3.5)
    """

    step: float
    origin: float = 0.0

    @classmethod
    def of_step(cls, step: float, values: np.ndarray) -> Grid:
        """Return the grid of a known step; where all values lie midway between its multiples, that of the middles."""
        return cls(step, 0.5 * step if _are_midway(values, step) else 0.0)

    def nearest(self, x: Any) -> Any:
        """Return the grid points nearest to values, the upper one of two."""
        return self.origin + self.step * np.floor((x - self.origin) / self.step + 0.5)

    def __str__(self) -> str:
        return (f"{self.origin:g} + " if self.origin else "") + f"multiples of {self.step:g}"


@dataclass(frozen=True, slots=True)
class Heaping:
    """How coarsely a variable was recorded.

    Parameters
    ----------
    resolution : the largest usual step of which all values, less the origin, are multiples; None if there is none
    coarseness : the resolution in standard deviations; 0 if there is none
    multiple : the multiple on which values are heaped, in the unit of the data; None if there is none,
        or if it is too fine to matter
    share : the share of the values that are such multiples, zeros left out
    expected : the share that would be multiples if every step of the grid were equally likely
    origin : half the resolution where all values are middles of cells (ages in whole years and a half), else 0
    """

    resolution: float | None = None
    coarseness: float = 0.0
    multiple: float | None = None
    share: float = 0.0
    expected: float = 0.0
    origin: float = 0.0

    @property
    def heaped(self) -> bool:
        """Whether some multiple of the resolution is preferred."""
        return self.multiple is not None

    @property
    def rounded(self) -> bool:
        """Whether the resolution is so coarse that a continuous model sees it."""
        return self.coarseness >= COARSE

    def __str__(self) -> str:
        if self.heaped:
            return (
                f"heaped: {self.share:.0%} of the values are multiples of {self.multiple:g}, "
                f"and {self.expected:.0%} would be expected"
            )
        if self.rounded:
            grid = Grid(self.resolution or 0.0, self.origin)
            return f"rounded: all values are {grid} ({self.coarseness:.2g} standard deviations)"
        return ""


def finite(values: np.ndarray) -> np.ndarray:
    """Return the finite values, shape (n,)."""
    there = np.isfinite(values)
    return values if there.all() else values[there]


def find_heaping(values: np.ndarray) -> Heaping:
    """Look for rounding and heaping in a sample of values.

    A multiple is preferred where it holds at least 5 % more of the values than its neighbours on the grid
    would let expect, and five standard errors more; zeros do not count, for many of them are no heaping.

    Parameters
    ----------
    values : ndarray, shape (n,); those that are not finite are left out

    Examples
    --------
    >>> import numpy as np
    >>> str(find_heaping(np.repeat([20.0, 30.0, 37.0, 40.0, 50.0], [30, 40, 2, 50, 30])))
    'heaped: 99% of the values are multiples of 10, and 10% would be expected'
    """
    x = finite(np.asarray(values, dtype=float).ravel())
    resolution = resolution_of(x)
    if resolution is None:
        return Heaping()
    spread = float(x.std())
    if (step := _step_between(x)) is not None:
        return Heaping(step, step / spread, origin=0.5 * step)
    coarseness = resolution / spread if spread > 0 else 0.0
    steps = np.rint(x / resolution)
    steps = steps[steps != 0]
    multiple = _preferred(steps, resolution)
    share = float(np.mean(steps % multiple == 0)) if multiple else 0.0
    if not multiple or share < 1.0 / multiple + 0.05 or multiple * coarseness < COARSE:
        return Heaping(resolution, coarseness)
    unit = float(f"{multiple * resolution:.12g}")
    return Heaping(resolution, coarseness, unit, share, 1.0 / multiple)


def rounding_step(values: np.ndarray) -> float | None:
    """Return the step of the grid to which values seem to have been rounded; see `rounding_grid`.

    Examples
    --------
    >>> import numpy as np
    >>> rounding_step(np.repeat([20.0, 30.0, 40.0, 50.0, 60.0], [30, 40, 50, 40, 30]))
    10.0
    """
    grid = rounding_grid(values)
    return None if grid is None else grid.step


def rounding_grid(values: np.ndarray) -> Grid | None:
    """Return the grid to which values seem to have been rounded; None where a continuous model sees none.

    Its step is that of which all are multiples, where that is coarse, and where all are odd multiples of half a step,
    that step: they are the middles of its cells. Where at least three multiples of a coarser one stand out, it is the
    smallest usual step from there up to their standard deviation at which heaps are gone: no cell of the grid holds
    more than both its neighbours by more than three standard errors, and few values lie just between two cells, where
    nobody who rounds to that grid puts them.

    Parameters
    ----------
    values : ndarray, shape (n,)
    """
    x = finite(np.asarray(values, dtype=float).ravel())
    found = find_heaping(x)
    if found.heaped and _number_of_heaps(x, found) >= FEWEST_HEAPS:
        finest = float(found.multiple or 0.0)
        steps = [step for step in STEPS if finest * (1.0 - 1e-9) <= step <= x.std()]
        found_step = next((step for step in steps if not _has_heaps(x, step)), finest if steps else found.resolution)
        return Grid(float(found_step or 0.0))
    return Grid(float(found.resolution or 0.0), found.origin) if found.rounded or found.heaped else None


def _step_between(x: np.ndarray) -> float | None:
    """Return the largest usual step between whose multiples all values lie midway; None where there is none."""
    if len(x) < FEW:
        return None
    step = next((step for step in reversed(STEPS) if _are_midway(x[:FEW], step) and _are_midway(x, step)), None)
    return step if step is not None and len(np.unique(x)) >= FEWEST_MIDWAY else None


def _are_midway(x: np.ndarray, step: float) -> bool:
    """Say whether all values lie midway between two multiples of a step."""
    with np.errstate(over="ignore"):
        halves, tolerance = x / (0.5 * step), 8.0 * np.finfo(float).eps * float(np.abs(x).max(initial=0.0)) / step
    whole = np.rint(halves)
    return bool(tolerance <= 1e-4 and np.all((np.abs(halves - whole) <= tolerance) & (whole % 2.0 == 1.0)))


def _number_of_heaps(x: np.ndarray, found: Heaping) -> int:
    """Return how many multiples stand out from their neighbours on the grid: a mode is one, heaps are many."""
    resolution = float(found.resolution or 1.0)
    places, counts = np.unique(np.rint(x / resolution), return_counts=True)
    multiple = round(float(found.multiple or 0.0) / resolution)

    def near(shift: int) -> np.ndarray:
        where = np.minimum(np.searchsorted(places, places + shift), len(places) - 1)
        return np.where(places[where] == places + shift, counts[where], 0)

    around = np.maximum(0.5 * (near(-1) + near(-2)), 0.5 * (near(1) + near(2)))
    stands_out = counts - around > 3.0 * np.sqrt(counts + around)
    return int(np.sum(stands_out & (places % multiple == 0)))


def _has_heaps(x: np.ndarray, step: float) -> bool:
    """Tell whether cells of a grid stand out from both their neighbours, or values lie between cells."""
    between = np.abs(x / step - np.floor(x / step) - 0.5) < 1e-6
    if between.mean() > BETWEEN:
        return True
    cells = np.floor(x / step + 0.5)
    counts = np.bincount((cells - cells.min()).astype(np.int64))
    around = np.maximum(np.append(counts[1:], 0), np.append(0, counts[:-1]))
    return bool(np.any(counts - around > 3.0 * np.sqrt(counts + around)))


def resolution_of(x: np.ndarray) -> float | None:
    """Return the largest usual step of which all finite values are multiples; None if there is none.

    Parameters
    ----------
    x : ndarray, shape (n,), finite
    """
    if len(x) < FEWEST or (low := float(x.min())) == (high := float(x.max())):
        return None
    # a stored decimal fraction is off by half a unit in its last place, and its quotient by another
    with np.errstate(over="ignore"):
        tolerances = 4.0 * np.finfo(float).eps * max(-low, high) / GRIDS
    told = np.flatnonzero(tolerances <= 1e-4)
    for i in told[_are_multiples(x[:FEW], GRIDS[told], tolerances[told])]:
        if _are_multiples(x, GRIDS[i : i + 1], tolerances[i : i + 1])[0]:
            return RESOLUTIONS[i]
    return None


def _are_multiples(x: np.ndarray, steps: np.ndarray, tolerances: np.ndarray) -> np.ndarray:
    """Say of each step, shape (k,), whether all values are multiples of it."""
    ratio = x / steps[:, None]
    return (np.abs(ratio - np.rint(ratio)) <= tolerances[:, None]).all(axis=1)


def _preferred(steps: np.ndarray, resolution: float) -> int | None:
    """Return the multiple of the resolution on which whole numbers, none of them 0, are heaped."""
    if len(steps) < FEWEST:
        return None
    found = None
    for unit in PREFERRED:
        multiple = round(unit / resolution)
        if multiple < 5 or abs(unit / resolution - multiple) > 1e-6:
            continue
        if 2 * multiple > np.ptp(steps):
            break
        on = steps % multiple == 0
        if found is None:
            found = multiple if _excess(steps, on, multiple) else None
        elif on.any():
            # the coarser multiple explains the finer one: it holds most of it, or the rest is no heap
            coarser = on.sum() / max(1, (steps % found == 0).sum())
            others = (steps % found == 0) & ~on
            if coarser >= 0.5 * (1.0 + found / multiple) or not _excess(steps, others, found):
                found = multiple
    return found


def _excess(steps: np.ndarray, on: np.ndarray, multiple: int) -> bool:
    """Tell whether the values chosen by `on` are more than their two neighbours on either side predict."""
    low, high = np.quantile(steps, [0.25, 0.75])
    if not on.any() or high - low < 0.5 * multiple:
        return False
    places, counts = np.unique(steps, return_counts=True)
    at, here = np.unique(steps[on], return_counts=True)

    def count(where: np.ndarray) -> np.ndarray:
        position = np.minimum(np.searchsorted(places, where), len(places) - 1)
        return np.where(places[position] == where, counts[position], 0)

    left = 0.5 * (count(at - 1) + count(at - 2))
    right = 0.5 * (count(at + 1) + count(at + 2))
    # at the end of a range only one side has values, so the fuller side is the fair comparison
    excess = float((here - np.maximum(left, right)).sum())
    return bool(excess >= 0.05 * len(steps) and excess >= 5.0 * np.sqrt(here.sum()))
