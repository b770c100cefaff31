"""The log-likelihood of every family, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from verify import count_landscapes, line_landscapes, positive_landscapes, row_landscapes
from verify.landscape import Landscape
from verify.likelihoods import LANDSCAPES

_ALL = {
    **LANDSCAPES,
    **line_landscapes.LANDSCAPES,
    **positive_landscapes.LANDSCAPES,
    **count_landscapes.LANDSCAPES,
    **row_landscapes.LANDSCAPES,
}


def landscape(family: str, x: np.ndarray, options: Iterable[tuple[str, Any]] = ()) -> Landscape:
    """Return the log-likelihood of a family, with its bound options, for data x (n,) or (n, d)."""
    return _ALL[family](np.asarray(x, dtype=float), **dict(options))
