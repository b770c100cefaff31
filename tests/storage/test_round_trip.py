"""What is saved comes back with the same bits, and answers what needs no data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from storage.saved_values import distributions, fits

import suffice as sf
from suffice.errors import DataNeeded, SaveError
from suffice.storage.files import document
from suffice.storage.fit_record import uncertainty_of
from suffice.storage.kinds import Array, Number

CASES = list(fits())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "value.json"


def _back(value, path):
    sf.save(value, path)
    return sf.load(path)


@pytest.mark.parametrize("model", distributions(), ids=lambda model: type(model).__name__)
def test_a_distribution_comes_back_with_the_same_bits(model, path):
    again = _back(model, path)
    assert type(again) is type(model)
    names = getattr(model, "parameter_names", None) or [p.name for p in model.parameters]
    for name in names:
        here, there = np.asarray(getattr(model, name)), np.asarray(getattr(again, name))
        assert here.tobytes() == there.tobytes()


@pytest.mark.parametrize("case", CASES)
def test_a_fit_prints_the_same_and_saves_the_same_bytes(case, path):
    fit = fits()[case]
    again = _back(fit, path)
    assert str(again) == str(fit)
    assert document(again) == path.read_bytes()
    assert again.log_likelihood == fit.log_likelihood
    assert again.certificate == fit.certificate
    assert again.warnings == fit.warnings
    assert again.origin.fingerprint == fit.origin.fingerprint
    assert (again.aic, again.n, again.dropped) == (fit.aic, fit.n, fit.dropped)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_come_back_or_are_withheld_with_the_same_reason(case, path):
    fit = fits()[case]
    again = _back(fit, path)
    assert uncertainty_of(again)["withheld"] == uncertainty_of(fit)["withheld"]
    if fit.certificate.is_maximum or fit.law is not None:
        assert again.standard_errors == fit.standard_errors
        np.testing.assert_array_equal(again.parameter_covariance, fit.parameter_covariance)
    else:
        assert uncertainty_of(again)["standard_errors"] is None
        assert fit.certificate.status in uncertainty_of(again)["withheld"]


@pytest.mark.parametrize("case", ["normal", "gamma without missing rows", "negative binomial", "weighted"])
def test_a_profile_interval_needs_no_data_where_the_summary_is_sufficient(case, path):
    fit = fits()[case]
    again = _back(fit, path)
    name = fit.solution.problem.names[-1]
    assert tuple(again.interval(name, method="profile")) == tuple(fit.interval(name, method="profile"))


def test_a_function_of_the_model_has_a_wald_interval_after_loading(path):
    fit = fits()["weibull, one parameter fixed"]
    again = _back(fit, path)

    def median(model):
        return model.icdf(0.5)

    assert tuple(again.interval(median, method="wald")) == tuple(fit.interval(median, method="wald"))


def test_what_needs_the_data_says_so_and_takes_them(path):
    rng = np.random.default_rng(20)
    x = rng.weibull(2.0, 80)
    fit = sf.fit(sf.Weibull, x)
    again = _back(fit, path)
    with pytest.raises(DataNeeded, match="pass data="):
        again.interval("shape", method="profile")
    expected = tuple(fit.interval("shape", method="profile"))
    assert tuple(again.interval("shape", method="profile", data=x)) == expected


@settings(deadline=None)
@given(st.floats(width=64))
def test_every_float_comes_back_with_the_same_bits(number):
    again = Number().read(Number().write(number), "x")
    assert again == number or (math.isnan(again) and math.isnan(number))
    assert math.copysign(1.0, again) == math.copysign(1.0, number) or math.isnan(number)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(width=64), max_size=6), st.booleans())
def test_every_array_comes_back_with_its_shape(numbers, column):
    array = np.array(numbers).reshape(-1, 1) if column else np.array(numbers)
    again = Array(array.ndim).read(Array(array.ndim).write(array), "x")
    assert again.shape == array.shape
    np.testing.assert_array_equal(again, array)
    assert not again.flags.writeable


def test_the_file_says_its_format_version_and_type(path):
    sf.save(sf.Normal(mu=0, sigma=1), path)
    lines = path.read_text().splitlines()
    assert lines[1:4] == [' "format": "suffice",', ' "version": 1,', ' "type": "Normal",']


@pytest.mark.parametrize("value", [object(), 3.0, sf.Normal, {"mu": 0}])
def test_other_things_cannot_be_saved(value, path):
    with pytest.raises(SaveError, match="a fit and a distribution of Suffice can"):
        sf.save(value, path)
    assert not path.exists()
