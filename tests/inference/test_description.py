"""What `describe` says of a file, a frame and an array."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice import datasets
from suffice.engines import Threads
from suffice.errors import ColumnError, DataError, MissingValuesError, ParameterError
from suffice.inference.description import PROBABILITIES, describe
from suffice.sources import as_source


def test_a_published_file_is_described():
    found = describe(datasets.path("airquality"))
    ozone = found["Ozone"]
    assert (found.rows, ozone.rows, ozone.missing, ozone.finite) == (153, 153, 37, 116)
    assert ozone.mean == pytest.approx(42.1293103448, rel=1e-11)
    assert ozone.standard_deviation == pytest.approx(32.9878845144, rel=1e-11)
    assert (ozone.minimum, ozone.quantile(0.5), ozone.maximum) == (1.0, 31.5, 168.0)
    assert ozone.rank_error == 0.0
    assert ozone.distinct == 67
    assert "37 of 153 values are missing" in list(ozone.notes())


def test_dependence_drift_and_heaping_are_flagged():
    found = describe(datasets.path("faithful"))
    assert found["waiting"].dependent
    assert found["waiting"].autocorrelation == pytest.approx(-0.54, abs=0.005)
    assert not found["waiting"].drifting
    assert "neighbouring rows depend on each other (lag-1 autocorrelation -0.54)" in str(found)
    assert describe(datasets.path("groundbeef"))["x"].heaping.multiple == 10.0
    trend = describe(np.arange(100.0))
    assert trend["x"].drifting
    assert "drift along the rows" in str(trend)


def test_independent_rows_are_not_flagged():
    x = np.random.default_rng(0).normal(size=(5000, 4))
    found = describe(x)
    assert not any(column.dependent or column.drifting or list(column.notes()) for column in found.columns)


def test_counts_are_not_called_rounded_and_measurements_are():
    rng = np.random.default_rng(0)
    found = describe(
        {
            "births": rng.poisson(3.0, 500),
            "yes": rng.integers(0, 2, 500),
            "degrees": np.round(rng.normal(70.0, 9.0, 500)),
            "halves": np.round(2.0 * rng.gamma(2.0, 2.0, 500)) / 2.0,
            "tens": 10.0 * rng.poisson(3.0, 500),
            "change": np.round(rng.normal(0.0, 5.0, 500)),
        }
    )
    noted = {column.name for column in found.columns if any("rounded" in note for note in column.notes())}
    assert noted == {"degrees", "halves", "tens", "change"}
    assert any("heaped" in note for note in describe(datasets.path("groundbeef"))["x"].notes())
    assert any("rounded" in note for note in describe(datasets.path("airquality"))["Temp"].notes())


@pytest.mark.parametrize("power", [-1060, -900, -520, -500, -460, -270, 260, 340, 460, 500, 530, 900, 1020])
def test_moments_at_extreme_scales_are_right_or_not_given(power):
    x = np.random.default_rng(0).normal(size=500)
    usual, found = describe(x)["x"], describe(x * 2.0**power)["x"]
    scale = 2.0**power
    for name, factor in (("mean", scale), ("standard_deviation", scale), ("skewness", 1.0), ("kurtosis", 1.0)):
        value = getattr(found, name)
        assert np.isnan(value) or value == pytest.approx(factor * getattr(usual, name), rel=1e-9), name
    for name in ("autocorrelation", "drift"):
        value = getattr(found, name)
        assert np.isnan(value) or value == pytest.approx(getattr(usual, name), rel=1e-9), name
    assert any("skewness, kurtosis: powers of such values leave double precision" in note for note in found.notes())
    assert not any("weight" in note for note in found.notes())


def test_quantiles_are_those_of_numpy():
    x = np.random.default_rng(1).gamma(2.0, size=(1000, 2))
    found = describe(x)
    for j, column in enumerate(found.columns):
        assert [value for _, value in column.quantiles] == np.quantile(x[:, j], PROBABILITIES).tolist()


def test_many_blocks_keep_the_guaranteed_rank_error(tmp_path):
    x = np.random.default_rng(2).normal(size=200_000)
    pq.write_table(pa.table({"height": x}), tmp_path / "x.parquet")
    column = describe(tmp_path / "x.parquet", engine=Threads(2))["height"]
    assert 0.0 < column.rank_error < 1e-3
    for p, value in column.quantiles:
        assert abs((x <= value).mean() - p) <= column.rank_error + 1.0 / len(x)
    assert f"exact in rank to {column.rank_error:.2g}" in str(describe(tmp_path / "x.parquet"))


def test_infinite_values_are_counted_and_stay_out_of_the_moments():
    found = describe(np.array([1.0, np.inf, 3.0, -np.inf, np.nan]))["x"]
    assert (found.infinite, found.missing, found.finite) == (2, 1, 2)
    assert (found.mean, found.minimum, found.maximum) == (2.0, -np.inf, np.inf)
    assert "2 values are infinite" in " ".join(found.notes())


def test_a_weight_of_two_is_the_row_twice():
    rng = np.random.default_rng(3)
    x, counts = rng.normal(size=300), rng.integers(1, 4, 300)
    weighted = describe(x, weights=counts.astype(float))
    repeated = describe(np.repeat(x, counts))
    assert weighted.weighted
    assert "weight" in str(weighted)
    for name in ("weight", "mean", "standard_deviation", "skewness", "kurtosis"):
        assert getattr(weighted["x"], name) == pytest.approx(getattr(repeated["x"], name), rel=1e-12)
    assert weighted["x"].quantiles == repeated["x"].quantiles


def test_it_prints_as_a_table_and_goes_through_json():
    found = describe({"a": [1.0, 2.0, 4.0], "b": [5.0, 5.0, 5.0]})
    text = str(found)
    assert "3 rows; quantiles exact" in text
    assert "sd (n-1)" in text
    assert "b: constant" in text
    back = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert back["columns"][0]["quantiles"]["0.5"] == 2.0
    assert back["columns"][1]["skewness"] is None


def test_columns_without_numbers_are_named(tmp_path):
    (tmp_path / "x.csv").write_text("name,x\nAda,1.5\nBob,2.5\n")
    found = describe(tmp_path / "x.csv")
    assert found.skipped == ("name",)
    assert "left out: name (not all values are numbers; name the column to see why)" in str(found)


def test_a_source_and_a_choice_of_columns_are_taken():
    x = np.arange(6.0).reshape(3, 2)
    assert describe(as_source(x))["x1"].mean == 3.0
    assert [column.name for column in describe(x, columns=[1]).columns] == ["x1"]


def test_what_cannot_be_described_is_said():
    with pytest.raises(MissingValuesError, match=r"column 'x' has 1 missing value.*, the first in row 2") as caught:
        describe([1.0, np.nan, 2.0], missing="error")
    assert caught.value.row == 2
    with pytest.raises(ParameterError, match="'drop' or 'error'"):
        describe([1.0], missing="ignore")
    with pytest.raises(ColumnError, match="there is no column 'y'; there is: x"):
        describe([1.0])["y"]
    with pytest.raises(ParameterError, match=r"quantiles were taken at 0, 0\.01"):
        describe([1.0])["x"].quantile(0.123)
    with pytest.raises(DataError, match="no rows"):
        describe(np.empty(0))


def test_a_column_without_any_value_is_described():
    found = describe(np.array([np.nan, np.nan]))["x"]
    assert np.isnan(found.mean)
    assert np.isnan(found.quantile(0.5))
    assert json.dumps(found.to_dict(), allow_nan=False)
