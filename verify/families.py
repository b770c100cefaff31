"""The families that are checked, by name, with those composed of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import suffice as sf

COMPOSED: dict[str, Callable[[], Any]] = {
    "truncated(Normal, lower=0)": lambda: sf.truncated(sf.Normal, lower=0.0),
    "truncated(Poisson, lower=1)": lambda: sf.truncated(sf.Poisson, lower=1),
    "transformed(Normal, expit)": lambda: sf.transformed(sf.Normal, sf.maps.expit),
}


def family_of(name: str, options: Iterable[tuple[str, Any]] = ()) -> Any:
    """Return the family of a name, with some options bound."""
    if name in COMPOSED:
        return COMPOSED[name]()
    family, bound = getattr(sf, name), dict(options)
    return family.of(**bound) if bound else family


def available(name: str) -> bool:
    """Say whether the library has a family."""
    try:
        return family_of(name) is not None
    except (ImportError, AttributeError):
        return False
