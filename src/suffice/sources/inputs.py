"""The one door for data: whatever a person has becomes a source."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from suffice.sources.arrays import ArraySource, array_source
from suffice.sources.block import Source
from suffice.sources.conversion import FLOAT64

_X = ("x",)


def as_source(data: Any, *, columns: Any = None, weights: Any = None, labels: Any = None) -> Source:
    """Return `data` as a source."""
    if type(data) is np.ndarray:
        plain = columns is None and weights is None and labels is None
        if plain and data.ndim == 1 and data.dtype == FLOAT64 and data.size:
            return ArraySource(data[:, None], _X)
        return array_source(data, columns=columns, weights=weights, labels=labels)
    if isinstance(data, (str, os.PathLike)):
        from suffice.sources.files import files_source

        return files_source(data, columns=columns, weights=weights, labels=labels)
    return array_source(np.asarray(data), columns=columns, weights=weights, labels=labels)
