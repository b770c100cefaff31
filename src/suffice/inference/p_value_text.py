"""How p-values are printed."""

from __future__ import annotations

# Below it double precision ends.
SMALLEST = 1e-300


def p_value_text(p_value: float, digits: int = 3, *, at_most: bool = False, bare: bool = False) -> str:
    """Return a p-value: "p = 0.0123", or "p < 1e-300" where double precision ends.

    Parameters
    ----------
    digits : of the number
    at_most : whether the p-value is only known to be no larger: "p ≤ 0.001"
    bare : without its name, for a table: "0.0123" or "<1e-300"
    """
    tiny = p_value < SMALLEST
    number = f"{SMALLEST if tiny else p_value:.{digits}g}"
    if bare:
        return f"<{number}" if tiny else number
    return f"p {'<' if tiny else '≤' if at_most else '='} {number}"
