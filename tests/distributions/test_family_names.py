"""Families by the names that people type."""

from __future__ import annotations

import pytest

import suffice as sf
from suffice.distributions import NAMES
from suffice.distributions.family_names import ALIASES, family_named
from suffice.errors import ParameterError


@pytest.mark.parametrize("name", NAMES)
def test_a_family_is_found_by_any_spelling(name):
    for spelling in (name, name.lower(), name.upper()):
        assert family_named(spelling) is getattr(sf, name)
    assert family_named("negative-binomial") is family_named("Negative_Binomial") is sf.NegativeBinomial
    assert family_named("gaussian") is sf.Normal


def test_names_of_other_libraries_are_those_of_families():
    assert set(ALIASES.values()) <= set(NAMES)
    assert family_named("GEV") is sf.GeneralizedExtremeValue


def test_an_unknown_family_lists_all_in_alphabetical_order():
    with pytest.raises(
        ParameterError, match=f"there is no family 'xyzzy'; the families are {', '.join(sorted(NAMES))}"
    ):
        family_named("xyzzy")


def test_close_names_are_suggested_as_they_are_spelled_where_they_are_asked_for():
    with pytest.raises(ParameterError, match=r"did you mean Weibull\?"):
        family_named("wiebull")
    with pytest.raises(ParameterError, match=r"did you mean GAMMA\?.* the families are BERNOULLI, "):
        family_named("gama", str.upper)
