"""What may stand in a saved file follows from the exports of the package, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from catalogue import UNIVARIATE
from storage.saved_values import distributions

import suffice as sf
from suffice.cli.families import spelled
from suffice.distributions import NAMES
from suffice.distributions.family_names import family_named
from suffice.errors import ParameterError, SaveError
from suffice.storage.registry import FAMILY, distribution_record

FAMILIES = [
    name for name in sf.__all__ if isinstance(getattr(sf, name), type) and hasattr(getattr(sf, name), "parameters")
]
MODELS = {type(model).__name__: model for model in [*[row.typical for row in UNIVARIATE], *distributions()]}


# Where a family has no counts from 1 to 9, or no maximum for them.
DATA = {
    "MultivariateNormal": [[1.0, 2.0], [2.0, 1.0], [4.0, 3.0]],
    "MultivariateStudentT": np.random.default_rng(1).standard_t(3, (40, 2)),
    "Dirichlet": [[0.2, 0.8], [0.5, 0.5], [0.4, 0.6]],
    "Multinomial": [[2.0, 8.0], [5.0, 5.0], [4.0, 6.0]],
    "Bernoulli": [0.0, 1.0, 1.0],
    "GeneralizedPareto": [0.1, 0.5, 1.0, 3.0, 20.0],
    "GeneralizedNormal": [*range(10), *range(2, 8), 4.5],
    "VonMises": [-1.0, 0.1, 0.2, 2.0],
    "Beta": [0.1, 0.2, 0.2, 0.4, 0.9],
    "BurrXII": [0.2, 0.6, 0.9, 1.1, 1.3, 2.0, 9.0],
}


@dataclass(frozen=True, slots=True, repr=False)
class HomeMade(sf.Normal):
    """A family of somebody's own."""


def test_the_names_of_the_families_are_the_exported_ones():
    assert sorted(NAMES) == sorted(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_exported_family_can_be_saved_and_loaded_and_named_on_the_command_line(name, tmp_path):
    family = getattr(sf, name)
    assert family_named(spelled(name)) is family
    sf.save(MODELS[name], tmp_path / "model.json")
    assert type(sf.load(tmp_path / "model.json")) is family
    data = DATA.get(name, [1.0, 2.0, 2.0, 4.0, 9.0])
    needed = {p.name: 10.0 for p in family.parameters if not getattr(p, "estimated", True) and p.default is None}
    fit = sf.fit(family, data, fixed=needed)
    sf.save(fit, tmp_path / "fit.json")
    assert sf.load(tmp_path / "fit.json").family is family


def test_what_suffice_does_not_export_is_refused_by_its_name(tmp_path):
    with pytest.raises(SaveError, match="a HomeMade cannot be saved; a fit and a distribution of Suffice can"):
        sf.save(HomeMade(0.0, 1.0), tmp_path / "model.json")
    with pytest.raises(ParameterError, match="HomeMade is no family that can be saved"):
        FAMILY.write(HomeMade)
    assert distribution_record("HomeMade") is None
    assert distribution_record("positive_line") is None
    assert distribution_record("fit") is None
