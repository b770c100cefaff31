"""Derivatives of plain NumPy functions: exact where they can be traced, by differences elsewhere."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.calculus.numerical_derivatives import numerical_gradient, numerical_hessian
from suffice.calculus.tracing import traceable
from suffice.errors import NotAvailableError, ParameterError, ShapeError, SufficeWarning

__all__ = ["NumericalDerivativeWarning", "derivative", "gradient", "hessian", "jacobian"]

Floats = NDArray[np.float64]
Method = Literal["auto", "exact", "numerical"]


class NumericalDerivativeWarning(SufficeWarning):
    """A function could not be traced, so its derivative is one of differences, with an error."""


def derivative(f: Callable[[Any], Any], x: ArrayLike, *, method: Method = "auto") -> Floats:
    """Return f′ at each value, for a function of one variable that works elementwise.

    Parameters
    ----------
    f : callable
        A plain NumPy function.
    x : float or array, shape (...)
    method : {"auto", "exact", "numerical"}
        "exact" traces the function and raises where it cannot; "auto" then takes differences, with
        a warning.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    NotAvailableError, ParameterError

    Examples
    --------
    >>> float(derivative(lambda x: x**2, 2.0))
    4.0
    """
    values = np.asarray(x, dtype=float)
    flat = values.ravel()

    def differences() -> Floats:
        return np.array([numerical_gradient(lambda t: f(t[0]), [value]).value[0] for value in flat])

    return _by(method, partial(_exact, "elementwise_grad", f, flat), differences).reshape(values.shape)


def gradient(f: Callable[[Any], Any], x: ArrayLike, *, method: Method = "auto") -> Floats:
    """Return the gradient of a function of one vector, shape (p,).

    Parameters
    ----------
    f : callable
        A plain NumPy function of an array of shape (p,), returning a number.
    x : array, shape (p,)
    method : {"auto", "exact", "numerical"}
        As in `derivative`.

    Examples
    --------
    >>> def rosenbrock(x):
    ...     return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    >>> gradient(rosenbrock, [0.0, 2.0])
    array([ -2., 400.])
    """
    at = _vector(x)
    return _by(method, partial(_exact, "grad", f, at), lambda: numerical_gradient(f, at).value)


def jacobian(f: Callable[[Any], Any], x: ArrayLike, *, method: Method = "auto") -> Floats:
    """Return the Jacobian of a function of one vector, shape (..., p), where f returns shape (...).

    Parameters
    ----------
    f : callable
        A plain NumPy function of an array of shape (p,).
    x : array, shape (p,)
    method : {"auto", "exact", "numerical"}
        As in `derivative`.

    Examples
    --------
    >>> jacobian(lambda x: np.array([x[0] * x[1], x[0]]), [2.0, 3.0])
    array([[3., 2.],
           [1., 0.]])
    """
    at = _vector(x)
    return _by(method, partial(_exact, "jacobian", f, at), lambda: numerical_gradient(f, at).value)


def hessian(f: Callable[[Any], Any], x: ArrayLike, *, method: Method = "auto") -> Floats:
    """Return the Hessian of a function of one vector, shape (p, p).

    Parameters
    ----------
    f : callable
        A plain NumPy function of an array of shape (p,), returning a number.
    x : array, shape (p,)
    method : {"auto", "exact", "numerical"}
        As in `derivative`.

    Examples
    --------
    >>> hessian(lambda x: np.exp(x[0]) * x[1] ** 2, [0.0, 3.0])
    array([[9., 6.],
           [6., 2.]])
    """
    at = _vector(x)
    return _by(method, partial(_exact, "hessian", f, at), lambda: numerical_hessian(f, at).value)


def _vector(x: ArrayLike) -> Floats:
    at = np.array(x, dtype=float)
    if at.ndim != 1:
        raise ShapeError(f"x must be one vector, shape (p,), but has shape {at.shape}")
    return at


def _exact(operator: str, f: Callable[[Any], Any], at: Floats) -> Any:
    """Return what an operator of autograd ("grad", "jacobian", …) makes of a function, at a point."""
    import autograd

    return getattr(autograd, operator)(traceable(f))(at)


def _by(method: Method, exact: Callable[[], Any], differences: Callable[[], Floats]) -> Floats:
    if method not in ("auto", "exact", "numerical"):
        raise ParameterError(f'method must be "auto", "exact" or "numerical", but is {method!r}')
    if method == "numerical":
        return np.asarray(differences(), dtype=float)
    try:
        return _traced(exact)
    except Exception as error:  # any failure of a traced function: what it calls is the caller's
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        if method == "exact":
            raise NotAvailableError(
                f'the function cannot be traced ({reason}); pass method="numerical", or write it with '
                "NumPy functions and without assignment to elements of arrays"
            ) from error
        value = np.asarray(differences(), dtype=float)
        warnings.warn(
            f"the function cannot be traced ({reason}), so its derivative is one of differences; "
            'method="numerical" says that this is meant',
            NumericalDerivativeWarning,
            stacklevel=3,
        )
        return value


def _traced(exact: Callable[[], Any]) -> Floats:
    with warnings.catch_warnings():
        # Autograd warns of a function that does not depend on its argument; its derivative, 0, is exact.
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        return np.asarray(exact(), dtype=float)
