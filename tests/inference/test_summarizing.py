"""What `summarize` and `describe` take and refuse, and how their results look."""

from __future__ import annotations

import numpy as np
import pytest

import suffice as sf
from suffice.errors import DataError, DataNeeded, DataTypeError, MissingValuesError, ParameterError
from suffice.inference.description import describe
from suffice.sources import as_source

X = np.array([1.0, 2.0, 4.0, 7.0])


def test_rows_of_weight_zero_of_a_ready_made_source_are_not_there():
    source = as_source([1.0, 2.0, 1e9], weights=[1.0, 1.0, 0.0])
    summary = sf.summarize(source)
    assert summary.extent.rows == 2
    assert summary.extent.maximum[0] == 2.0
    assert sf.fit(sf.Normal, summary).model == sf.fit(sf.Normal, [1.0, 2.0]).model
    absent = as_source([1.0, 2.0, np.nan], weights=[1.0, 1.0, 0.0])
    assert sf.summarize(absent).extent.rows == 2


@pytest.mark.parametrize("statistic", ["mean", 3, sf.Threads])
def test_what_is_neither_a_family_nor_a_statistic_is_refused(statistic):
    with pytest.raises(ParameterError, match=r"a family such as sf\.Gamma, or a statistic such as Moments\(\), not"):
        sf.summarize(X, statistic)


def test_one_distribution_in_place_of_its_family_is_refused():
    with pytest.raises(ParameterError, match=r"not one distribution of it .*; pass the class sf\.Gamma"):
        sf.summarize(X, sf.Gamma(1, 1))


def test_a_summary_merges_with_a_summary_only():
    summary = sf.summarize(X)
    with pytest.raises(DataTypeError, match="a summary merges with a summary, not with int") as caught:
        summary.merge(3)
    assert isinstance(caught.value, TypeError)
    with pytest.raises(
        DataNeeded, match=r"holds Extent, Scatter and one that holds Extent, LogExcess cannot be merged"
    ):
        summary.merge(sf.summarize(X, sf.Gamma))


def test_a_family_without_a_sufficient_statistic_is_to_be_fitted_to_the_data():
    with pytest.raises(DataNeeded, match="has no sufficient statistic of fixed size: fit it to the data themselves"):
        sf.fit(sf.StudentT, sf.summarize(X))
    with pytest.raises(DataNeeded, match="Weibull has no sufficient statistic of fixed size"):
        sf.summarize(X, sf.Weibull)
    with pytest.raises(DataNeeded, match=r"LogExcess is needed; summarize for the family .* for sf\.Gamma"):
        sf.fit(sf.Gamma, sf.summarize(X))


def test_summaries_and_descriptions_have_a_short_form():
    assert repr(sf.summarize(X)) == "<Summarized x of an array of shape (4,), 4 rows: Extent, Scatter>"
    assert repr(describe({"a": [1.0], "b": [2.0]})) == (
        "<Description of 2 columns of a dict of 2 columns: 1 row; print it for the table>"
    )


def test_describe_refuses_what_it_would_not_heed():
    source = as_source({"a": X, "b": X})
    for options in ({"columns": "a"}, {"weights": X}):
        with pytest.raises(ParameterError, match="chosen when a source is made"):
            describe(source, **options)
    for engine in ("dask", sf.Threads):
        with pytest.raises(ParameterError, match="engine must be an engine such as"):
            describe(X, engine=engine)


def test_describe_and_fit_refuse_bad_weights_and_missing_values_alike():
    said = set()
    for verb in (lambda *a, **k: sf.fit(sf.Normal, *a, **k), describe):
        with pytest.raises(MissingValuesError) as missing:
            verb({"a": [1.0, 2.0, 3.0], "b": [1.0, np.nan, 2.0]}, columns="b", missing="error")
        with pytest.raises(DataError) as weights:
            verb([1.0, 2.0], weights=[1.0, -1.0])
        said.add((str(missing.value), str(weights.value)))
    assert len(said) == 1


def test_describe_counts_infinite_values_even_where_missing_ones_are_refused():
    assert describe([1.0, np.inf], missing="error")["x"].infinite == 1
    with pytest.raises(MissingValuesError, match="column 'b'"):
        describe({"a": [1.0, np.inf], "b": [1.0, np.nan]}, missing="error")
