"""One driver checks every covariance structure against its dense form."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.errors import ParameterError, ShapeError
from suffice.linalg import Covariance, DenseCovariance, DiagonalCovariance, SphericalCovariance

EXAMPLE = [[2.0, 0.3], [0.3, 0.5]]


def dense(rng, d):
    root = rng.normal(size=(d, 2 * d + 2)) * 10.0 ** rng.uniform(-2, 2, (d, 1))
    return Covariance.of(root @ root.T)


STRUCTURES = {
    DenseCovariance: dense,
    DiagonalCovariance: lambda rng, d: Covariance.diagonal(10.0 ** rng.uniform(-4, 4, d)),
    SphericalCovariance: lambda rng, d: Covariance.spherical(10.0 ** rng.uniform(-4, 4), d),
}


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda s: s.__name__)
@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), d=st.integers(1, 12))
def test_a_structure_agrees_with_its_dense_form(structure, seed, d):
    rng = np.random.default_rng(seed)
    covariance = STRUCTURES[structure](rng, d)
    matrix = covariance.matrix
    assert isinstance(covariance, structure)
    assert (covariance.dimension, covariance.rank, matrix.shape) == (d, d, (d, d))
    scale = np.sqrt(np.diagonal(matrix))
    x, mean = rng.normal(size=(3, 4, d)) * scale, rng.normal(size=d) * scale

    whitened = covariance.whiten(x)
    np.testing.assert_allclose(covariance.colour(whitened) / scale, x / scale, rtol=1e-9, atol=1e-9)
    cross = covariance.colour(np.eye(d))  # rows F e_j: FFᵀ = Σ
    np.testing.assert_allclose(cross.T @ cross / scale / scale[:, None], matrix / scale / scale[:, None], atol=1e-12)
    direct = np.einsum("...i,...i", x - mean, np.linalg.solve(matrix, (x - mean)[..., None])[..., 0])
    np.testing.assert_allclose(covariance.mahalanobis_squared(x, mean), direct, rtol=1e-8)
    np.testing.assert_allclose(covariance.mahalanobis(x, mean) ** 2, direct, rtol=1e-8)
    np.testing.assert_allclose(covariance.solve(x) @ matrix / scale, x / scale, rtol=1e-7, atol=1e-7)
    sign, logarithm = np.linalg.slogdet(matrix)
    assert sign == 1
    assert covariance.log_determinant == pytest.approx(logarithm, rel=1e-9, abs=1e-9)

    values, axes = covariance.principal_axes()
    assert np.all(np.diff(values) >= 0)
    assert np.linalg.det(axes) == pytest.approx(1.0)
    np.testing.assert_allclose(axes.T @ axes, np.eye(d), atol=1e-12)
    np.testing.assert_allclose(axes * values @ axes.T, matrix, atol=1e-12 * values[-1])

    np.testing.assert_array_equal(covariance.variances, np.diagonal(matrix))
    np.testing.assert_array_equal(covariance.standard_deviations, scale)
    np.testing.assert_allclose(covariance.correlation, matrix / scale / scale[:, None], rtol=1e-13)

    again = pickle.loads(pickle.dumps(covariance))
    assert again == covariance
    assert hash(again) == hash(covariance)
    assert again != Covariance.spherical(3e9, d)
    for array in (matrix, covariance.variances, values, axes, again.matrix):
        assert not array.flags.writeable
    with pytest.raises(ShapeError, match=rf"\(\.\.\., {d}\)"):
        covariance.whiten(np.zeros(d + 1))


def test_known_distance_density_and_axes():
    covariance = Covariance.of(EXAMPLE)
    x, mean = np.array([1.5, 0.8]), np.array([0.5, -0.2])
    squared = float(covariance.mahalanobis_squared(x, mean))
    assert squared == pytest.approx(190 / 91, rel=1e-15)
    density = np.exp(-(squared + covariance.log_determinant) / 2) / (2 * np.pi)
    assert density == pytest.approx(0.0587374497, abs=5e-11)
    values, axes = covariance.principal_axes()
    np.testing.assert_allclose(values, [0.44222528, 2.05777472], atol=5e-9)
    y = axes.T @ (x - mean)
    assert np.linalg.norm(y) == pytest.approx(np.linalg.norm(x - mean), rel=1e-12)
    assert np.sum(y**2 / values) == pytest.approx(squared, rel=1e-12)


def test_a_singular_direction_is_named():
    x = np.random.default_rng(0).normal(size=(3, 50))
    x[2] = x[0] - 2 * x[1]
    with pytest.raises(
        ParameterError, match=r"smallest eigenvalue is .* along .*collinear: drop one of a, b, c"
    ) as caught:
        Covariance.of(np.cov(x), columns=["a", "b", "c"])
    np.testing.assert_allclose(np.abs(caught.value.direction), np.array([1, 2, 1]) / np.sqrt(6), atol=1e-6)
    assert abs(caught.value.eigenvalue) < 1e-12
    with pytest.raises(ParameterError, match=r"eigenvalue is -1 along \(.*0\.71\).*indefinite.*column 0, column 1"):
        Covariance.of([[1.0, 2.0], [2.0, 1.0]])


def test_different_units_are_not_singular():
    covariance = Covariance.of(np.diag([1e-12, 1e12]))
    assert covariance.log_determinant == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1.0, 0.2], [0.3, 1.0]], r"symmetric, but its entries \[0, 1\] and \[1, 0\] are 0.2 and 0.3"),
        ([[1.0, np.nan], [np.nan, 1.0]], r"finite, but its entry \[0, 1\] is nan"),
        ([[1.0, 0.0], [0.0, 0.0]], "column 1 is 0; drop a column that is constant"),
    ],
)
def test_a_matrix_that_is_no_covariance_is_refused(matrix, message):
    with pytest.raises(ParameterError, match=message):
        Covariance.of(matrix)


def test_shapes_and_variances_are_checked():
    with pytest.raises(ShapeError, match=r"square matrix.*\(2, 3\)"):
        Covariance.of(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"shape \(d,\)"):
        Covariance.diagonal([[1.0]])
    with pytest.raises(ShapeError, match="all 2 columns, but has 1"):
        Covariance.diagonal([1.0, 2.0], columns=["a"])
    with pytest.raises(ParameterError, match="that of b is -1"):
        Covariance.diagonal([1.0, -1.0], columns=["a", "b"])
    with pytest.raises(ParameterError, match="is nan"):
        Covariance.spherical(np.nan, 2)
    with pytest.raises(ParameterError, match="at least 1, but is 0"):
        Covariance.spherical(1.0, 0)


def test_rounding_asymmetry_is_evened_out():
    covariance = Covariance.of([[1.0, 0.5], [0.5 + 1e-16, 1.0]])
    assert covariance.matrix[0, 1] == covariance.matrix[1, 0]
