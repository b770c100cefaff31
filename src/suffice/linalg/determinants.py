"""Determinants by their sign and logarithm."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from suffice.errors import ShapeError

__all__ = ["log_determinant"]


def log_determinant(matrix: ArrayLike) -> tuple[float, float]:
    """Return the sign of the determinant and the logarithm of its absolute value.

    det A = sign · exp(logarithm), which neither overflows nor underflows; a singular matrix has
    sign 0 and logarithm −∞.

    Parameters
    ----------
    matrix : array, shape (d, d)

    Raises
    ------
    ShapeError

    Examples
    --------
    >>> sign, logarithm = log_determinant([[1, 2], [3, 4]])
    >>> round(float(sign * np.exp(logarithm)), 12)
    -2.0
    >>> log_determinant(0.01 * np.eye(200))[1].__round__(7)
    -921.0340372
    """
    values = np.asarray(matrix, dtype=float)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ShapeError(f"a determinant needs a square matrix, but the shape is {values.shape}")
    sign, logarithm = np.linalg.slogdet(values)
    return float(sign), float(logarithm)
