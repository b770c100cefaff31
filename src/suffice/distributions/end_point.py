"""A point at an end of a family, where the likelihood may be highest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EndPoint:
    """Parameters in the unit of the data that no search reaches, or knows for what they are; the others are sought.

    Parameters
    ----------
    values : of the parameters that are held there, by name
    status : of a fit that ends there
    reason : a sentence for it
    """

    values: Mapping[str, float]
    status: Literal["boundary", "no finite maximum"]
    reason: str
