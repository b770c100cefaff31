"""Eigenvalues and eigenvectors, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.errors import ParameterError, ShapeError

__all__ = ["Eigendecomposition", "eigendecomposition"]

# A double eigenvalue of a defective matrix splits by √eps in floating point, and the eigenvectors'
# condition number reaches 1/√eps: beyond this, no decomposition is there to be had.
_DEFECTIVE = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class Eigendecomposition:
    """A = V diag(λ) V⁻¹, as far as it exists.

    Attributes
    ----------
    values : array, shape (d,)
        λ, by ascending real part, then imaginary part; real where all are.
    vectors : array, shape (d, d)
        Unit eigenvectors in the columns of V.
    condition_number : float
        Of V: rounding in A moves an eigenvalue by up to this many times as much (Bauer and Fike
        1960). 1 for a symmetric matrix.
    diagonalisable : bool
        False where A is defective to rounding: fewer independent eigenvectors than columns.
    """

    values: NDArray[Any]
    vectors: NDArray[Any]
    condition_number: float
    diagonalisable: bool

    def __str__(self) -> str:
        values = ", ".join(f"{value:.6g}" for value in self.values)
        if not self.diagonalisable:
            return f"eigenvalues {values}; defective: not enough independent eigenvectors to diagonalise"
        return f"eigenvalues {values}; diagonalisable (condition number {self.condition_number:.3g})"


def eigendecomposition(matrix: ArrayLike) -> Eigendecomposition:
    """Decompose a square matrix, and say whether it is diagonalisable.

    Parameters
    ----------
    matrix : array, shape (d, d)

    Raises
    ------
    ShapeError, ParameterError
        If the matrix is not square or not finite.

    Examples
    --------
    >>> eigendecomposition([[1, 2], [3, 4]]).values
    array([-0.37228132,  5.37228132])
    >>> print(eigendecomposition([[1, 1], [0, 1]]))
    eigenvalues 1, 1; defective: not enough independent eigenvectors to diagonalise
    """
    a = np.asarray(matrix, dtype=float)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or a.size == 0:
        raise ShapeError(f"eigenvalues need a square matrix, but the shape is {a.shape}")
    if not np.isfinite(a).all():
        i, j = np.argwhere(~np.isfinite(a))[0]
        raise ParameterError(f"eigenvalues need finite entries, but entry [{i}, {j}] is {a[i, j]}")
    if np.array_equal(a, a.T):
        values, vectors = np.linalg.eigh(a)
        return Eigendecomposition(_read_only(values), _read_only(vectors), 1.0, True)
    values, vectors = np.linalg.eig(a)
    order = np.lexsort((values.imag, values.real))
    values, vectors = values[order], vectors[:, order]
    condition = float(np.linalg.cond(vectors))
    return Eigendecomposition(_read_only(values), _read_only(vectors), condition, condition < _DEFECTIVE)


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values
