"""Make a plain NumPy function traceable, so that autograd can differentiate it exactly."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["traceable"]


def traceable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a Python function in which NumPy is autograd's NumPy.

    The globals and the closure of the function, and of the Python functions it refers to, are
    searched: `np`, `np.linalg`, `scipy.special` and single functions such as `from numpy import exp`
    are exchanged for their differentiable counterparts. The function itself is left as it is. What
    is no Python function (a builtin, a callable object) is returned unchanged.
    """
    return _exchange(function, {})


def _exchange(value: Any, seen: dict[int, Any]) -> Any:
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, types.ModuleType):
        return _module(value)
    if isinstance(value, types.FunctionType) and not _is_library(value.__module__):
        return _function(value, seen)
    if isinstance(value, np.ufunc) or _is_library(getattr(value, "__module__", None)):
        return _library_function(value)
    return value


def _function(function: types.FunctionType, seen: dict[int, Any]) -> types.FunctionType:
    scope = dict(function.__globals__)
    copy = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, _cells(function))
    copy.__kwdefaults__ = function.__kwdefaults__
    seen[id(function)] = copy
    for name in _names(function.__code__):
        if name in scope:
            scope[name] = _exchange(scope[name], seen)
    for cell in copy.__closure__ or ():
        if _filled(cell):
            cell.cell_contents = _exchange(cell.cell_contents, seen)
    return copy


def _names(code: types.CodeType) -> set[str]:
    """The global names that a function and the functions defined in it may use."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _cells(function: types.FunctionType) -> tuple[types.CellType, ...]:
    cells = function.__closure__ or ()
    return tuple(types.CellType(cell.cell_contents) if _filled(cell) else types.CellType() for cell in cells)


def _filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 (an empty cell raises)
    except ValueError:
        return False
    return True


def _is_library(module: str | None) -> bool:
    return (module or "").split(".")[0] in ("numpy", "scipy")


def _module(module: types.ModuleType) -> Any:
    import autograd.numpy
    import autograd.numpy.fft
    import autograd.numpy.linalg

    counterparts = {
        "numpy": autograd.numpy,
        "numpy.linalg": autograd.numpy.linalg,
        "numpy.fft": autograd.numpy.fft,
    }
    if module.__name__.startswith("scipy"):
        import autograd.scipy
        import autograd.scipy.special
        import autograd.scipy.stats

        counterparts["scipy"] = autograd.scipy
        counterparts["scipy.special"] = autograd.scipy.special
        counterparts["scipy.stats"] = autograd.scipy.stats
    return counterparts.get(module.__name__, module)


def _library_function(value: Any) -> Any:
    """Find the counterpart of a single function by its name and identity."""
    name = getattr(value, "__name__", "")
    if getattr(np, name, None) is value:
        import autograd.numpy

        return getattr(autograd.numpy, name, value)
    if getattr(np.linalg, name, None) is value:
        import autograd.numpy.linalg

        return getattr(autograd.numpy.linalg, name, value)
    from scipy import special

    if getattr(special, name, None) is value:
        import autograd.scipy.special

        return getattr(autograd.scipy.special, name, value)
    return value
