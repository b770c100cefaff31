"""Products of vectors and matrices, with errors that say what fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.errors import ShapeError

__all__ = ["multiply"]


def multiply(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the product of two vectors or matrices: Σⱼ aᵢⱼ bⱼₖ.

    Parameters
    ----------
    a : array, shape (p,) or (n, p)
    b : array, shape (p,) or (p, m)

    Returns
    -------
    array, shape (), (n,), (m,) or (n, m)

    Raises
    ------
    ShapeError
        If the inner dimensions differ: the message names both shapes and what would fit.

    Examples
    --------
    >>> multiply([[1, 2], [3, 4]], [1, 2])
    array([ 5., 11.])
    """
    left, right = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    for name, array in (("first", left), ("second", right)):
        if array.ndim not in (1, 2):
            raise ShapeError(
                f"the {name} factor must be a vector or a matrix, but has shape {array.shape}; "
                "multiply by a number with *"
            )
    if left.shape[-1] != right.shape[0]:
        raise ShapeError(_mismatch(left.shape, right.shape), shapes=(left.shape, right.shape))
    return left @ right


def _mismatch(left: tuple[int, ...], right: tuple[int, ...]) -> str:
    """Say which dimensions differ, and which transposition or exchange would fit."""
    fits = []
    if len(right) == 2 and right[1] == left[-1]:
        fits.append("transpose the second")
    if len(left) == 2 and left[0] == right[0]:
        fits.append("transpose the first")
    if right[-1] == left[0]:
        fits.append("exchange them")
    remedy = " or ".join(fits) if fits else f"the second must have {left[-1]} rows"
    return (
        f"a product of shapes {left} and {right} does not exist: the first has {left[-1]} columns, "
        f"the second {right[0]} rows; {remedy}"
    )
