"""One BLAS thread for the whole of a computation: with more, the bits depend on how many there are."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

# Packages that bring a BLAS of their own: when one of them is loaded later, the list of libraries is made anew.
_BRINGERS = ("numpy.linalg", "scipy.linalg", "scipy.linalg.cython_blas", "sklearn", "torch")
_known: dict[tuple[bool, ...], Any] = {}


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which matrix products of this process use one thread."""
    from threadpoolctl import ThreadpoolController

    loaded = tuple(name in sys.modules for name in _BRINGERS)
    if loaded not in _known:
        _known[loaded] = ThreadpoolController()
    return _known[loaded].limit(limits=1, user_api="blas")
