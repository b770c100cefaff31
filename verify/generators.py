"""Generators of problems whose right status is known: how they are registered, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAXIMUM, BOUNDARY, KINK, NONE = "maximum", "boundary", "kink", "no finite maximum"
# A maximum whose parameters no double holds: the fit is refused in words.
REFUSED = "DataError"

# Problems of a generator, unless it says otherwise.
REPEATS = 10

Right = str | Callable[..., str]


@dataclass(frozen=True)
class Generator:
    """A source of problems.

    Parameters
    ----------
    name : what kind of data
    family : the name of the family
    right : the right status, or a function of the data that returns it
    draw : random generator → data
    options : bound by the family's `.of(…)`
    repeats : how many problems are made
    """

    name: str
    family: str
    right: Right
    draw: Callable[[np.random.Generator], np.ndarray]
    options: tuple[tuple[str, Any], ...] = ()
    repeats: int = REPEATS


GENERATORS: list[Generator] = []


def problems(
    family: str, right: Right, repeats: int = REPEATS, named: str = "", **options: Any
) -> Callable[[Any], Any]:
    """Register a generator under a name, by default the words of its function's name."""

    def register(draw: Callable[[np.random.Generator], np.ndarray]) -> Any:
        name = named or draw.__name__.replace("_", " ")
        GENERATORS.append(Generator(name, family, right, draw, tuple(options.items()), repeats))
        return draw

    return register


def rows(rng: np.random.Generator, least: int = 5, most: int = 2000) -> int:
    """Return a number of rows, log-uniform."""
    return int(np.round(np.exp(rng.uniform(np.log(least), np.log(most)))))


def scale(rng: np.random.Generator) -> float:
    """Return a scale from 1e-6 to 1e6."""
    return float(10.0 ** rng.uniform(-6, 6))


def offset(rng: np.random.Generator, unit: float) -> float:
    """Return an offset, up to 1e9 and to 1e9 units, so that doubles still tell the values apart."""
    far = 10.0 ** rng.uniform(-3, 9) * rng.choice([-1.0, 0.0, 1.0])
    return float(np.clip(far, -1e9 * unit, 1e9 * unit))


def placed(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """Return x on a random scale, with a random offset."""
    unit = scale(rng)
    return offset(rng, unit) + unit * x
