"""One BLAS thread for the whole of a computation: with more, the bits depend on how many there are."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Packages that bring a BLAS of their own: when one of them is loaded later, the list of libraries is made anew.
_BRINGERS = ("numpy.linalg", "scipy.linalg", "scipy.linalg.cython_blas", "sklearn", "torch")


class _Pin:
    """The pin of this process: the first computation that enters sets it, the last that leaves restores."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.depth = 0
        self.known: dict[tuple[bool, ...], Any] = {}
        self.limit: Any = None

    def enter(self) -> None:
        from threadpoolctl import ThreadpoolController

        with self.lock:
            self.depth += 1
            if self.depth == 1:
                loaded = tuple(name in sys.modules for name in _BRINGERS)
                if loaded not in self.known:
                    self.known[loaded] = ThreadpoolController()
                self.limit = self.known[loaded].limit(limits=1, user_api="blas")
                self.limit.__enter__()

    def leave(self) -> None:
        with self.lock:
            self.depth -= 1
            if self.depth == 0:
                self.limit.__exit__(None, None, None)


_PIN = _Pin()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Return a context in which matrix products of this process use one thread; contexts may overlap."""
    _PIN.enter()
    try:
        yield
    finally:
        _PIN.leave()
