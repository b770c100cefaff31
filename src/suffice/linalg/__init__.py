"""Vectors, matrices and covariance structures: what NumPy does, with the diagnosis it leaves out."""

from suffice.linalg.covariance import (
    Covariance,
    DenseCovariance,
    DiagonalCovariance,
    SphericalCovariance,
)
from suffice.linalg.determinants import log_determinant
from suffice.linalg.eigenvalues import Eigendecomposition, eigendecomposition
from suffice.linalg.products import multiply

__all__ = [
    "Covariance",
    "DenseCovariance",
    "DiagonalCovariance",
    "Eigendecomposition",
    "SphericalCovariance",
    "eigendecomposition",
    "log_determinant",
    "multiply",
]
