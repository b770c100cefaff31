"""Families by the names that people type: "negative-binomial", "NegativeBinomial", "gaussian"."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from suffice.distributions import NAMES, family_of
from suffice.errors import ParameterError

ALIASES = {
    "gaussian": "Normal",
    "multivariategaussian": "MultivariateNormal",
    "mvn": "MultivariateNormal",
    "t": "StudentT",
    "studentst": "StudentT",
    "negbin": "NegativeBinomial",
    "doubleexponential": "Laplace",
}


def spelled(name: str) -> str:
    """Return a name as it is typed on the command line: "negative-binomial"."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).removeprefix("-")


def family_named(name: str) -> Any:
    """Return the family of a name; case, hyphens, underscores and spaces do not matter.

    Raises
    ------
    ParameterError
        There is no such family; the message names close matches and all families.
    """
    known = {_plain(family): family for family in NAMES}
    plain = _plain(name)
    found = known.get(plain) or ALIASES.get(plain)
    if found is None:
        close = [
            known.get(match, ALIASES.get(match, "")) for match in get_close_matches(plain, [*known, *ALIASES], n=3)
        ]
        meant = " or ".join(dict.fromkeys(spelled(match) for match in close))
        raise ParameterError(
            f"there is no family {name!r}{f'; did you mean {meant}?' if meant else ';'} "
            f"the families are {', '.join(map(spelled, NAMES))}",
            name=name,
            families=NAMES,
        )
    return family_of(found)


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c not in "-_ ")
