"""Warnings name what was seen: the statistic that fired, two values, fractional weights."""

from __future__ import annotations

import numpy as np

import suffice as sf
from suffice.inference.assumptions import fractional_weights
from suffice.inference.description import describe
from suffice.statistics.extent import Extent
from suffice.statistics.row_order import correlation_text


def _warning(fit, kind):
    return next(str(warning) for warning in fit.warnings if warning.kind == kind)


def _lead(x):
    """Return neighbours of which only the ranks show that they resemble each other."""
    walk = np.repeat(np.random.default_rng(1).normal(size=100), 5) + np.random.default_rng(2).normal(size=500) / 9
    walk[250] = x
    return walk


def test_the_autocorrelation_of_the_ranks_is_named_where_it_is_what_fired():
    x = _lead(1e6)
    fit = sf.fit(sf.Normal, x)
    assert abs(fit.extent.lag_one_autocorrelation()[0]) < 0.01
    sentence = _warning(fit, "dependence")
    assert "(lag-1 autocorrelation of the ranks 0.7" in sentence
    note = next(note for note in describe(x)["x"].notes() if "neighbouring" in note)
    assert "depend on each other (lag-1 autocorrelation of the ranks 0.7" in note


def test_steps_up_minus_down_are_named_where_they_are_what_fired():
    # a sorted column of which one value hides the autocorrelation, and too long for its ranks to be looked at
    x = np.sort(np.random.default_rng(0).normal(size=5000))
    x[-1] = 1e9
    sentence = _warning(sf.fit(sf.Normal, x), "dependence")
    assert "(steps up minus steps down 4,999)" in sentence
    assert "autocorrelation" not in sentence
    assert describe(x)["x"].dependence == "steps up minus steps down 4,999"


def test_two_columns_of_which_different_statistics_fired_have_both():
    x = {"a": np.random.default_rng(0).normal(size=500).cumsum(), "b": _lead(1e6)}
    sentence = _warning(sf.fit(sf.MultivariateNormal, x), "dependence")
    assert "(lag-1 autocorrelation 0.99, lag-1 autocorrelation of the ranks 0.7" in sentence


def test_a_small_correlation_keeps_two_digits():
    assert [correlation_text(v) for v in (0.25, -0.546, 0.0031, -0.0412)] == ["0.25", "-0.55", "0.0031", "-0.041"]


def test_a_column_of_two_values_is_not_called_rounded():
    rng = np.random.default_rng(0)
    for values in ((1.0, -1.0), (0.0, 1.0), (0.1, 0.7)):
        x = rng.choice(values, 60)
        sentence = _warning(sf.fit(sf.Normal, x), "rounding")
        assert sentence == (
            "'x' has only 2 distinct values among the 60 looked at: a continuous density does not know of that"
        )
        assert "only 2 distinct values" in list(describe(x)["x"].notes())
        assert "rounded" not in str(describe(x))
    assert "only 2 distinct values in a sample of 1,024" in list(describe(rng.choice([1.0, -1.0], 5000))["x"].notes())
    assert not list(describe([1.0, 2.0])["x"].notes())


def test_weights_that_are_fractions_are_said_to_be_frequencies():
    x = np.random.default_rng(0).normal(size=40)
    fit = sf.fit(sf.Normal, x, weights=np.full(40, 0.5))
    assert _warning(fit, "weights") == (
        "the weights are not whole numbers: they are taken as frequencies, n = Σw = 20; "
        "standard errors hold for that many independent rows"
    )
    for weights in (None, np.ones(40), np.arange(40.0)):
        assert not [w for w in sf.fit(sf.Normal, x, weights=weights).warnings if w.kind == "weights"]


def test_a_summary_shows_fractional_weights_by_their_sums():
    summary = sf.summarize([1.0, 2.0, 4.0], weights=[0.5, 1.0, 1.0])
    assert "n = Σw = 2.5" in _warning(sf.fit(sf.Normal, summary), "weights")
    assert fractional_weights(Extent().observe(next(sf.sources.as_source([1.0, 2.0]).pieces()[0].blocks())), None) == []


def test_one_of_a_thing_is_not_called_many():
    notes = list(describe(np.r_[np.nan, np.inf, np.arange(30.0) ** 1.5])["x"].notes())
    assert "1 of 32 values is missing" in notes
    assert "1 value is infinite; mean and standard deviation leave it out" in notes
    fit = sf.fit(sf.Normal, [1.0, np.nan, 2.0, 4.0], missing="drop")
    assert "(1 row with a missing value left out)" in str(fit)
    assert "1 of 1 value is missing" in str(describe(np.array([np.nan])))
