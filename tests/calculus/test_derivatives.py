import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import exp
from scipy import special
from scipy.special import gammaln

from suffice.calculus import (
    NumericalDerivativeWarning,
    check_gradient,
    derivative,
    gradient,
    hessian,
    jacobian,
    numerical_gradient,
    numerical_hessian,
)
from suffice.errors import NotAvailableError, ParameterError, ShapeError


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def square(x):
    return np.square(x)


def test_known_derivatives():
    assert derivative(lambda x: x**2, 2.0) == 4.0
    np.testing.assert_array_equal(gradient(rosenbrock, [0, 2]), [-2, 400])
    np.testing.assert_array_equal(hessian(rosenbrock, [0, 2]), [[2 - 800, 0], [0, 200]])


def test_plain_numpy_is_traced_through_helpers_closures_and_single_names():
    scale = 3.0

    def helper(x):
        return np.sin(scale * x) + square(x)

    def f(x):
        return helper(x) * exp(-x) + gammaln(x) + special.digamma(x) + np.sum(np.array([1.0, 2.0]))

    x = np.array([0.3, 1.0, 2.5])
    s, c = np.sin(3 * x) + x**2, 3 * np.cos(3 * x) + 2 * x
    expected = (c - s) * np.exp(-x) + special.digamma(x) + special.polygamma(1, x)
    np.testing.assert_allclose(derivative(f, x, method="exact"), expected, rtol=1e-12)
    assert isinstance(f(1.0), float)


def test_recursion_and_nested_functions_are_traced():
    def power(x, n):
        return 1.0 if n == 0 else np.multiply(x, power(x, n - 1))

    def nested(x):
        return sum(np.exp(t) for t in [x[0], x[1]]) + power(x[0], 3)

    np.testing.assert_allclose(gradient(nested, [1.0, 2.0], method="exact"), [np.e + 3, np.exp(2)])


def test_linear_algebra_is_traced():
    a = np.array([[2.0, 0.3], [0.3, 0.5]])
    result = gradient(lambda x: x @ np.linalg.solve(a, x) / 2, [1.0, 2.0], method="exact")
    np.testing.assert_allclose(result, np.linalg.solve(a, [1.0, 2.0]))


def test_a_jacobian_has_a_row_for_each_output():
    matrix = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(jacobian(lambda x: matrix @ x, np.ones(3)), matrix)
    np.testing.assert_allclose(jacobian(lambda x: matrix @ x, np.ones(3), method="numerical"), matrix, atol=1e-9)


def test_a_constant_has_derivative_zero():
    np.testing.assert_array_equal(gradient(lambda x: 3.0, [1.0, 2.0]), [0, 0])


def test_a_function_that_cannot_be_traced_is_said():
    def f(x):
        total = np.zeros(1)
        total[0] = x[0] ** 2
        return total[0]

    with pytest.warns(NumericalDerivativeWarning, match="cannot be traced"):
        assert gradient(f, [2.0])[0] == pytest.approx(4, rel=1e-9)
    with pytest.raises(NotAvailableError, match="without assignment to elements"):
        gradient(f, [2.0], method="exact")
    assert hessian(f, [2.0], method="numerical")[0, 0] == pytest.approx(2, rel=1e-7)
    assert derivative(lambda x: x**3, [1.0, 2.0], method="numerical").tolist() == pytest.approx([3, 12])


@settings(deadline=None)
@given(x=st.floats(-5, 5), y=st.floats(0.1, 100))
def test_numerical_derivatives_are_within_their_estimated_error(x, y):
    def f(t):
        return np.exp(t[0] / 3) * np.log(t[1]) + t[0] ** 3

    e, at = np.exp(x / 3), np.array([x, y])
    g = numerical_gradient(f, at)
    exact = np.array([e / 3 * np.log(y) + 3 * x * x, e / y])
    assert np.all(np.abs(g.value - exact) <= 10 * g.error + 1e-12)
    assert np.all(g.error <= 1e-7 * (1 + np.abs(exact)))
    h = numerical_hessian(f, at)
    exact = np.array([[e / 9 * np.log(y) + 6 * x, e / 3 / y], [e / 3 / y, -e / y**2]])
    assert np.all(np.abs(h.value - exact) <= 10 * h.error + 1e-9)


def test_a_wrong_component_is_named():
    check = check_gradient(rosenbrock, lambda x: gradient(rosenbrock, x), [0.5, 2.0])
    assert check
    assert "every component" in str(check)
    wrong = check_gradient(
        rosenbrock, lambda x: gradient(rosenbrock, x) * [1, -1], [0.5, 2.0], names=("width", "height")
    )
    assert not wrong
    assert wrong.wrong == ("height",)
    assert "height is -350, but the differences give 350" in str(wrong)
    assert check_gradient(rosenbrock, lambda x: np.array([np.nan, 350.0]), [0.5, 2.0]).wrong == ("component 0",)


def test_arguments_are_checked():
    with pytest.raises(ParameterError, match="but is 'fast'"):
        gradient(rosenbrock, [0.0, 2.0], method="fast")
    with pytest.raises(ShapeError, match="one vector"):
        gradient(rosenbrock, 1.0)
    with pytest.raises(ShapeError, match=r"shape \(p,\)"):
        numerical_gradient(rosenbrock, 1.0)
    with pytest.raises(ShapeError, match=r"\(2,\), but has \(1,\)"):
        check_gradient(rosenbrock, lambda x: x[:1], [0.0, 2.0])
    with pytest.raises(ShapeError, match="each of the 2 components"):
        check_gradient(rosenbrock, lambda x: x, [0.0, 2.0], names=("a",))
