"""The one decorator of all kernels: explicit signature, compiled once, cached, without the GIL."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numba
from numba import types

# What is read is declared read-only: writable arrays convert to it, so one specialisation serves both.
OUT = types.Array(types.float64, 1, "C")
OUT2 = types.Array(types.float64, 2, "C")
IN = types.Array(types.float64, 1, "C", readonly=True)
IN2 = types.Array(types.float64, 2, "C", readonly=True)

# Rows of a tile that stays in the first-level cache, and lanes per accumulator. Lanes make sums
# independent of the compiler's vector width: it may not reassociate, and need not.
TILE = 512
LANES = 64
# Rows that one lane adds up in registers before its accumulator goes back to memory; more spill.
UNROLLED = 4

# The kernels that are being compiled (or, in some milliseconds, loaded from the cache), so that whoever waits can be
# told why.
under_way: list[str] = []

# A function whose body takes the place of each call in a kernel; the kernels' caches do not notice a change of it.
inlined: Any = numba.njit(inline="always", error_model="numpy", fastmath={"contract"})

BOUNDS_CHECKED = os.environ.get("SUFFICE_BOUNDS_CHECKED", "") == "1"


def kernel(signature: Any, brief: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for exactly one signature.

    It releases the GIL, unless it is `brief`: handing the GIL over and back costs more than some
    microseconds of work.

    Contraction to fused multiply-add is the only relaxation that is allowed: it changes no order of
    summation. `SUFFICE_BOUNDS_CHECKED=1` compiles with bounds checks, uncached.
    """
    compiled = numba.njit(
        signature,
        nogil=not brief,
        error_model="numpy",
        fastmath={"contract"},
        cache=not BOUNDS_CHECKED,
        boundscheck=BOUNDS_CHECKED,
    )

    def compiled_now(function: Callable[..., Any]) -> Callable[..., Any]:
        under_way.append(function.__name__)
        try:
            return compiled(function)
        finally:
            under_way.remove(function.__name__)

    return compiled_now
