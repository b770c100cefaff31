"""A function that has one formula on one side of a border and another beyond it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def piecewise(condition: Any, inside: Callable[..., Any], outside: Callable[..., Any], *values: Any) -> Any:
    """Return inside(*values) where a condition holds and outside(*values) elsewhere; neither sees the other's values.

    Where the condition holds everywhere or nowhere, one formula is evaluated and nothing is copied.
    """
    condition = np.asarray(condition)
    if condition.size == 1:  # as of the parameters of one fit: what follows would cost as much as the formula
        return (inside if condition.item() else outside)(*values)
    if condition.all():
        return inside(*values)
    if not condition.any():
        return outside(*values)
    condition, *arrays = np.broadcast_arrays(condition, *values)
    result = np.empty(condition.shape)
    for where, formula in ((condition, inside), (~condition, outside)):
        result[where] = formula(*[array[where] for array in arrays])
    return result
