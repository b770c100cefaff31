"""What a family says about a parameter that is a vector or a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ArrayParameter:
    """A parameter with entries; the family itself checks it.

    Parameters
    ----------
    name : as in the printed model
    meaning : a noun phrase for people
    """

    name: str
    meaning: str

    # A fit seeks it, unless it is fixed.
    estimated: ClassVar[bool] = True
