"""Families by the names that people type: "negative-binomial", "NegativeBinomial", "gaussian"."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from suffice.distributions import NAMES, family_of
from suffice.errors import ParameterError

# What other libraries and books call a family, without case, hyphens, underscores and spaces.
ALIASES = {
    "gaussian": "Normal",
    "norm": "Normal",
    "lognorm": "LogNormal",
    "multivariategaussian": "MultivariateNormal",
    "mvn": "MultivariateNormal",
    "t": "StudentT",
    "studentst": "StudentT",
    "student": "StudentT",
    "negbin": "NegativeBinomial",
    "nbinom": "NegativeBinomial",
    "doubleexponential": "Laplace",
    "expon": "Exponential",
    "gev": "GeneralizedExtremeValue",
    "gpd": "GeneralizedPareto",
    "gumbelr": "Gumbel",
    "fisk": "LogLogistic",
    "wald": "InverseGaussian",
    "gennorm": "GeneralizedNormal",
    "burr12": "BurrXII",
    "zip": "ZeroInflatedPoisson",
    "zinb": "ZeroInflatedNegativeBinomial",
    "zeta": "Zipf",
}


def plain(name: str) -> str:
    """Return a name without what does not matter: case, hyphens, underscores and spaces.

    Examples
    --------
    >>> plain("Negative-Binomial")
    'negativebinomial'
    """
    return "".join(c for c in name.lower() if c not in "-_ ")


def family_named(name: str, spelled: Callable[[str], str] = str) -> Any:
    """Return the family of a name; case, hyphens, underscores and spaces do not matter.

    Parameters
    ----------
    name : such as "Gamma", "negative-binomial" or "gaussian"
    spelled : how names of families are written in the message

    Raises
    ------
    ParameterError
        There is no such family; the message names close matches and all families.

    Examples
    --------
    >>> family_named("student-t").__name__
    'StudentT'
    """
    known = ALIASES | {plain(family): family for family in NAMES}
    found = known.get(plain(name))
    if found is None:
        close = dict.fromkeys(known[match] for match in get_close_matches(plain(name), known, n=3))
        meant = " or ".join(map(spelled, close))
        raise ParameterError(
            f"there is no family {name!r}{f'; did you mean {meant}?' if meant else ';'} "
            f"the families are {', '.join(map(spelled, sorted(NAMES)))}",
            name=name,
            families=NAMES,
        )
    return family_of(found)
