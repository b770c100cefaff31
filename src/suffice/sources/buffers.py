"""Memory for blocks, used again once nobody looks at it.

Where the allocator gives large memory back at once, as it is told to in some workers, each block would be
written to pages that the system must first hand out and clear: half as much work again as reading a file.
"""

from __future__ import annotations

import weakref
from collections import deque

import numpy as np

KEPT = 4
# Smaller memory the allocator keeps itself; larger is not worth holding on to.
LEAST_BYTES, MOST_BYTES = 1 << 18, 8 << 20

_free: deque[memoryview] = deque(maxlen=KEPT)


def block_values(width: int, rows: int) -> np.ndarray:
    """Return an array of shape (width, rows), float64, with arbitrary values."""
    size = width * rows
    if not LEAST_BYTES <= 8 * size <= MOST_BYTES:
        return np.empty((width, rows))
    try:
        memory = _free.pop()
    except IndexError:
        memory = memoryview(b"")
    if len(memory) != size:
        memory = np.empty(size).data
    # Views of views refer to the array that refers to `memory`: it goes when the last of them does.
    values = np.frombuffer(memory)
    weakref.finalize(values, _free.append, memory).atexit = False
    return values.reshape(width, rows)
