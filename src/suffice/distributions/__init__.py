"""Families of probability distributions, one file each; the classes are in `suffice` itself.

Only their names stand here, so that naming a family loads none: the command line and saved files know these and no
others.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from suffice._places import PLACES

__all__ = ["NAMES", "family_of"]

# Classes are capitalized; the supports that are exported beside them are not.
NAMES = tuple(name for name, module in PLACES.items() if module.startswith("distributions.") and name[0].isupper())


def family_of(name: str) -> Any:
    """Return the family of one of `NAMES`, which is loaded now."""
    return getattr(import_module(f"suffice.{PLACES[name]}"), name)
