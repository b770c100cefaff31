"""That a family was chosen from the data, and among which: what a test of fit repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Rival:
    """One of the families of which the best was chosen.

    Parameters
    ----------
    family : the family
    fixed : its known parameters
    model : its fit to the data; None where there was none
    """

    family: Any
    fixed: Mapping[str, Any]
    model: Any = None

    @property
    def free(self) -> int:
        """How many parameters were sought."""
        return sum(parameter.name not in self.fixed for parameter in self.family.parameters)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A choice among families by a criterion.

    Parameters
    ----------
    rivals : all families that were fitted, the chosen one among them
    criterion : "aic", "aicc" or "bic"
    """

    rivals: tuple[Rival, ...]
    criterion: str
