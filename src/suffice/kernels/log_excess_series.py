"""The excess of the logarithm near 0, in plain Python: arrays are evaluated by it, and a kernel is compiled from it."""

from __future__ import annotations

from typing import Any

# Below this |t| the logarithm would cancel against t.
SMALL = 0.1
# Below this a quotient has lost digits or will.
UNDERFLOW = 1e-300


def series(t: Any) -> Any:
    """Return h near 0: t y − 2 y³ (1/3 + y²/5 + y⁴/7 + …), y = t/(2 + t), as log(1 + t) = 2 artanh y."""
    y = t / (2.0 + t)
    v = y * y
    inner = 1 / 13 + v * (1 / 15)
    for divisor in (11, 9, 7, 5, 3):
        inner = 1 / divisor + v * inner
    return y * (t - 2.0 * v * inner)
