"""Is this matrix a covariance? The checks, and messages that name what is wrong and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from suffice.errors import ParameterError, ShapeError

Floats = NDArray[np.float64]

# Asymmetry up to this share of √(Σᵢᵢ Σⱼⱼ) is the rounding of a product computed in two orders.
_ASYMMETRY = 1e-12
# A column of which less than this share (times d) of the variance is left by the columns before it
# is their linear combination, to the rounding of the Cholesky factor.
_SINGULAR = 4 * float(np.finfo(float).eps)


def checked_symmetric(matrix: Floats, columns: Sequence[str] | None) -> Floats:
    """Return the matrix, exactly symmetric, or raise.

    Raises
    ------
    ShapeError
        If it is not square.
    ParameterError
        If it is not finite, has a variance that is not positive, or is not symmetric.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ShapeError(
            f"a covariance must be a square matrix, shape (d, d), but has shape {matrix.shape}; "
            "pass variances to Covariance.diagonal",
            shape=matrix.shape,
        )
    check_columns(columns, len(matrix))
    check_variances(np.diagonal(matrix), columns)
    if not np.isfinite(matrix).all():
        i, j = (int(k) for k in np.argwhere(~np.isfinite(matrix))[0])
        raise ParameterError(f"a covariance must be finite, but its entry {_pair(i, j, columns)} is {matrix[i, j]}")
    scale = np.sqrt(np.diagonal(matrix))
    gap = np.abs(matrix - matrix.T) / scale / scale[:, None]
    if gap.max() > _ASYMMETRY:
        i, j = divmod(int(gap.argmax()), len(matrix))
        raise ParameterError(
            f"a covariance must be symmetric, but its entries {_pair(i, j, columns)} and "
            f"{_pair(j, i, columns)} are {matrix[i, j]:g} and {matrix[j, i]:g}; pass (A + A.T) / 2 "
            "if you mean their average"
        )
    return (matrix + matrix.T) / 2


def checked_factor(matrix: Floats, columns: Sequence[str] | None) -> Floats:
    """Return the Cholesky factor of a symmetric matrix, shape (d, d), or raise `ParameterError`."""
    try:
        factor = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise _not_definite(matrix, columns) from None
    left = np.diagonal(factor) ** 2 / np.diagonal(matrix)
    if left.min() <= _SINGULAR * len(matrix):
        raise _not_definite(matrix, columns)
    return factor


def check_variances(variances: Floats, columns: Sequence[str] | None) -> None:
    """Raise `ParameterError` where a variance is not positive and finite."""
    wrong = np.flatnonzero(~((variances > 0) & (variances < np.inf)))
    if wrong.size:
        i = int(wrong[0])
        raise ParameterError(
            f"variances must be positive and finite, but that of {_label(i, columns)} is {variances[i]:g}; "
            "drop a column that is constant",
            column=_label(i, columns),
            value=float(variances[i]),
        )


def check_columns(columns: Sequence[str] | None, dimension: int) -> None:
    """Raise `ShapeError` where the number of names is not the dimension."""
    if columns is not None and len(columns) != dimension:
        raise ShapeError(f"columns must name all {dimension} columns, but has {len(columns)} names")


def _not_definite(matrix: Floats, columns: Sequence[str] | None) -> ParameterError:
    # The direction is sought in standard deviations: a column in small units is no singular direction.
    scale = np.sqrt(np.diagonal(matrix))
    values, vectors = np.linalg.eigh(matrix / scale / scale[:, None])
    direction = vectors[:, 0] / scale
    direction = direction / np.linalg.norm(direction)
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    eigenvalue = float(direction @ matrix @ direction)
    vector = ", ".join(f"{c:.2g}" for c in direction) if len(direction) <= 6 else "…"
    involved = [_label(int(i), columns) for i in np.flatnonzero(np.abs(vectors[:, 0]) > 0.05)]
    tied = involved[0] if len(involved) == 1 else f"one of {', '.join(involved[:8])}"
    kind = "an indefinite matrix is no covariance" if values[0] < -1e-8 else "they are collinear"
    return ParameterError(
        f"covariance must be positive definite: its smallest eigenvalue is {eigenvalue:.2g} along "
        f"({vector}); {kind}: drop {tied}, or pass a diagonal covariance",
        eigenvalue=eigenvalue,
        direction=direction,
        columns=involved,
    )


def _label(i: int, columns: Sequence[str] | None) -> str:
    return str(columns[i]) if columns is not None else f"column {i}"


def _pair(i: int, j: int, columns: Sequence[str] | None) -> str:
    return f"[{i}, {j}]" if columns is None else f"[{columns[i]}, {columns[j]}]"
