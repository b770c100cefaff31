"""Arrays in messages and in printed models, and results that are one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

# Arrays of more entries are written by their shape.
MOST_WRITTEN = 36


def as_number(values: Any) -> Any:
    """Return an array as it is, one without axes as a float."""
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array


def written(values: np.ndarray, digits: int) -> str:
    """Return an array in one line; a large one by its shape and its first entries."""
    if values.size > MOST_WRITTEN:
        first = ", ".join(f"{v:.{digits}g}" for v in values.flat[:2])
        return f"<{' × '.join(str(s) for s in values.shape)} array: {first}, …>"
    if values.ndim == 1:
        return f"[{', '.join(f'{v:.{digits}g}' for v in values)}]"
    return f"[{', '.join(written(row, digits) for row in values)}]"


def listed(values: Any, digits: int = 15) -> str:
    """Return numbers in one line, a long list by its ends."""
    texts = [f"{value:.{digits}g}" for value in values]
    return ", ".join(texts if len(texts) <= 24 else [*texts[:10], "…", *texts[-3:]])


def quoted(name: str) -> str:
    """Return the name of a column for a message: "column 'height'", but "column 0" where it is a position."""
    return name if name.startswith("column ") else f"column {name!r}"


def columns_of(look: Any, d: int) -> tuple[str, ...]:
    """Return the names of d columns for messages: those of a first look, or positions where it has others."""
    names = tuple(look.names)
    return names if len(names) == d else tuple([f"column {j}" for j in range(d)])


def combination(coefficients: np.ndarray, involved: Sequence[int], names: Sequence[str]) -> str:
    """Return a linear combination of some columns in words, shortened where it is long."""
    parts = [f"{'-' if coefficients[j] < 0 else '+'} {_factor(abs(coefficients[j]))}{names[j]}" for j in involved[:6]]
    return " ".join(parts).removeprefix("+ ") + (" …" if len(involved) > 6 else "")


def _factor(value: float) -> str:
    text = f"{value:.3g}"
    return "" if text == "1" else f"{text}·"


def listed_columns(names: Sequence[str]) -> str:
    """Return "the columns 'a', 'b'", a long list shortened."""
    shown = [name if name.startswith("column ") else repr(name) for name in names[:8]]
    return f"the columns {', '.join(shown)}{' …' if len(names) > 8 else ''}"
