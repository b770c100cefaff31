"""Probabilities that sum to 1, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from suffice.errors import ParameterError, ShapeError

# How far from 1 the probabilities may sum: what their rounding can do.
SUM_TOLERANCE = 1e-9


def checked_probabilities(values: Any, family: str) -> np.ndarray:
    """Return probabilities as a read-only array, shape (k,), or raise."""
    probabilities = np.array(values, dtype=float) + 0.0  # no negative zero, which is equal but hashes apart
    if probabilities.ndim != 1 or not probabilities.size:
        raise ShapeError(f"probabilities must have shape (k,), but have shape {probabilities.shape}")
    wrong = np.flatnonzero(~((probabilities >= 0) & (probabilities <= 1)))
    if wrong.size:
        i = int(wrong[0])
        raise ParameterError(
            f"{family}: probabilities must lie between 0 and 1, but probabilities[{i}] is {probabilities[i]:g}",
            parameter="probabilities",
            value=float(probabilities[i]),
        )
    total = float(probabilities.sum())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise ParameterError(
            f"{family}: probabilities must sum to 1, but sum to {total:.12g}; divide them by their sum",
            parameter="probabilities",
            value=total,
        )
    probabilities.flags.writeable = False
    return probabilities
