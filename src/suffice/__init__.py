"""Suffice: probability models of data, with their uncertainty and a certificate, at any size.

>>> import suffice as sf
>>> fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0, 7.0])
>>> fit.model
Normal(mu=3.5, sigma=2.291)
"""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import Any

from suffice._places import PLACES

__version__ = "0.1.0"

_PACKAGES = (
    "calculus",
    "datasets",
    "distributions",
    "engines",
    "errors",
    "inference",
    "linalg",
    "sources",
    "statistics",
)

__all__ = ["__version__", *sorted(PLACES)]


def __getattr__(name: str) -> Any:
    if name in PLACES:
        value = getattr(importlib.import_module(f"suffice.{PLACES[name]}"), name)
        globals()[name] = value
        return value
    if name in _PACKAGES:
        return importlib.import_module(f"suffice.{name}")
    families = importlib.import_module("suffice.distributions.family_names")
    alias = families.ALIASES.get(families.plain(name))
    close = [alias] if alias else get_close_matches(name, [*PLACES, *_PACKAGES], n=1)
    meant = f"did you mean {close[0]}?" if close else "its public names are in suffice.__all__"
    raise AttributeError(f"suffice has no {name!r}; {meant}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_PACKAGES])
