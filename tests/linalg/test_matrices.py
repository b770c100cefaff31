import numpy as np
import pytest

from suffice.errors import ParameterError, ShapeError
from suffice.linalg import eigendecomposition, log_determinant, multiply


def test_a_matrix_times_a_vector():
    np.testing.assert_array_equal(multiply([[1, 2], [3, 4]], [1, 2]), [5, 11])
    assert multiply([1, 2], [3, 4]) == 11


@pytest.mark.parametrize(
    ("a", "b", "remedy"),
    [
        ((2, 2), (3,), "the second must have 2 rows"),
        ((2, 3), (4, 3), "transpose the second"),
        ((3, 2), (3, 4), "transpose the first"),
        ((2, 3), (4, 2), "exchange them"),
    ],
)
def test_shapes_that_do_not_fit_are_named_with_the_remedy(a, b, remedy):
    with pytest.raises(ShapeError) as caught:
        multiply(np.zeros(a), np.zeros(b))
    assert str(a) in str(caught.value)
    assert str(b) in str(caught.value)
    assert remedy in str(caught.value)
    assert caught.value.shapes == (a, b)


def test_a_number_is_no_factor_of_a_matrix_product():
    with pytest.raises(ShapeError, match=r"multiply by a number with \*"):
        multiply(2.0, [1, 2])


def test_determinants_neither_underflow_nor_overflow():
    assert np.linalg.det(0.01 * np.eye(200)) == 0.0
    sign, logarithm = log_determinant(0.01 * np.eye(200))
    assert sign == 1
    assert logarithm == pytest.approx(-921.0340372, abs=5e-8)
    sign, logarithm = log_determinant([[1, 2], [3, 4]])
    assert sign * np.exp(logarithm) == pytest.approx(-2)
    assert log_determinant([[1, 1], [1, 1]]) == (0.0, -np.inf)
    with pytest.raises(ShapeError, match=r"\(2, 3\)"):
        log_determinant(np.zeros((2, 3)))


def test_eigenvalues_of_a_general_matrix():
    result = eigendecomposition([[1, 2], [3, 4]])
    np.testing.assert_allclose(result.values, (5 + np.array([-1, 1]) * np.sqrt(33)) / 2, rtol=1e-14)
    assert result.diagonalisable
    rebuilt = result.vectors * result.values @ np.linalg.inv(result.vectors)
    np.testing.assert_allclose(rebuilt, [[1, 2], [3, 4]], atol=1e-12)


def test_a_symmetric_matrix_is_perfectly_conditioned():
    result = eigendecomposition([[2, 1], [1, 2]])
    assert (result.condition_number, result.diagonalisable) == (1.0, True)
    assert str(result) == "eigenvalues 1, 3; diagonalisable (condition number 1)"


def test_rotations_have_complex_eigenvalues():
    np.testing.assert_allclose(eigendecomposition([[0, -1], [1, 0]]).values, [-1j, 1j], atol=1e-15)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_defective_matrices_are_reported_in_any_basis(size):
    jordan = 2 * np.eye(size) + np.diag(np.ones(size - 1), 1)
    basis = np.random.default_rng(size).normal(size=(size, size))
    for matrix in (jordan, basis @ jordan @ np.linalg.inv(basis)):
        result = eigendecomposition(matrix)
        assert not result.diagonalisable
        assert "defective" in str(result)


def test_matrices_without_eigenvalues_are_refused():
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        eigendecomposition([1, 2, 3])
    with pytest.raises(ParameterError, match=r"entry \[0, 1\] is inf"):
        eigendecomposition([[1, np.inf], [0, 1]])
