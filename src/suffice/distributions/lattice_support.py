"""The support of values that were rounded to a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.distributions.parameter import Support

# How far from a point of the grid, in steps, a value may lie through the rounding of decimals.
SAME = 1e-6


@dataclass(frozen=True, slots=True)
class LatticeSupport(Support):
    """The values origin + k · step, k an integer, between two ends, which belong to it.

    Parameters
    ----------
    step, origin : of the grid
    """

    step: float = 1.0
    origin: float = 0.0

    def contains(self, x: np.ndarray) -> np.ndarray:
        """Say of each value whether it belongs to the support."""
        k = (np.asarray(x) - self.origin) / self.step
        on_grid = np.abs(k - np.round(k)) <= SAME
        room = SAME * self.step
        return np.asarray(on_grid & (x >= self.lower - room) & (x <= self.upper + room) & np.isfinite(x))

    def describe(self) -> str:
        """Return the support in words."""
        offset = f"{self.origin:g} + " if self.origin else ""
        ends = [f"from {self.lower:g}"] if np.isfinite(self.lower) else []
        ends += [f"to {self.upper:g}"] if np.isfinite(self.upper) else []
        return " ".join([f"{offset}multiples of {self.step:g}", *ends])
