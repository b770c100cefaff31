"""Words of SciPy and R are answered with ours."""

from __future__ import annotations

import copy
import pickle

import pytest

import suffice as sf

MODELS = [sf.Gamma(2.0, 1.0), sf.Poisson(3.0), sf.Categorical([0.5, 0.5])]
NAMES = {
    "ppf": "icdf",
    "sf": "ccdf",
    "isf": "iccdf",
    "logsf": "logccdf",
    "rvs": "sample",
    "std": "standard_deviation",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_method_of_another_library_is_answered_with_the_name_here(model, name):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'; it is called {NAMES[name]} here"):
        getattr(model, name)
    assert hasattr(model, NAMES[name])


def test_the_joint_normal_answers_with_what_it_has():
    model = sf.MultivariateNormal([0.0, 1.0], [[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(AttributeError, match="it is called sample here"):
        model.rvs(3)
    with pytest.raises(AttributeError, match=r"has no attribute 'ppf'$"):
        model.ppf(0.5)


def test_log_prob_is_the_mass_of_a_discrete_distribution_and_other_names_have_no_hint():
    with pytest.raises(AttributeError, match="it is called logpmf here"):
        sf.Poisson(3.0).log_prob(1)
    with pytest.raises(AttributeError, match=r"'Gamma' object has no attribute 'nothing'$"):
        MODELS[0].nothing  # noqa: B018


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_copies_and_pickles_are_as_before(model):
    assert copy.deepcopy(model) == pickle.loads(pickle.dumps(model)) == model
