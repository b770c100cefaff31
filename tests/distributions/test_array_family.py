"""What fits ask of a family of arrays is stated once, with defaults."""

import numpy as np
import pytest

import suffice as sf
from suffice.distributions.array_family import ArrayFamily
from suffice.linalg import Covariance

FAMILIES = [
    sf.MultivariateNormal,
    sf.MultivariateNormal.of(covariance="diagonal"),
    sf.MultivariateStudentT,
    sf.Dirichlet,
    sf.Multinomial,
    sf.Multinomial.of(n=3),
    sf.Categorical.of(categories=[1, 2]),
]
ASKED = (
    "parameters",
    "plan",
    "variables",
    "discrete",
    "sufficient",
    "bound",
    "scope",
    "scope_needs",
    "region",
    "limits",
)


@pytest.mark.parametrize("family", [*FAMILIES, sf.Normal, sf.Categorical, sf.Binomial.of(n=4)], ids=repr)
def test_every_family_answers_what_a_fit_asks(family):
    for name in ASKED:
        assert hasattr(family, name)


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_families_of_arrays_have_one_base(family):
    assert issubclass(family if isinstance(family, type) else type(family), ArrayFamily)


def test_only_families_of_several_variables_take_several_columns():
    taken = [family for family in FAMILIES if family.variables is None]
    assert taken == FAMILIES[:-1]
    with pytest.raises(sf.errors.ShapeError, match="Categorical is a distribution of one variable"):
        sf.fit(FAMILIES[-1], np.ones((4, 2)))


@pytest.mark.parametrize(
    "covariance",
    [Covariance.of([[2.0, 0.3], [0.3, 1.0]]), Covariance.diagonal([2.0, 1.0]), Covariance.spherical(2.0, 2)],
    ids=lambda c: type(c).__name__,
)
def test_a_scaled_covariance_keeps_its_structure(covariance):
    scaled = covariance.scaled(3.0)
    assert type(scaled) is type(covariance)
    np.testing.assert_array_equal(scaled.matrix, 3.0 * covariance.matrix)
