"""Types at the boundary: what a person may hand over, converted once."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

DataLike = Any
ColumnsLike = str | int | Sequence[str | int] | None
WeightsLike = Any
ClustersLike = Any
PathLikeString = str | PathLike[str]
