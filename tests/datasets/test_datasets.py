"""The data sets are there, whole, named and documented."""

import csv
import doctest
import re

import pytest

from suffice import datasets
from suffice.errors import ParameterError, SufficeError

ROWS = {
    "airquality": 153,
    "davis": 200,
    "faithful": 272,
    "groundbeef": 254,
    "iris": 150,
    "portpirie": 65,
    "toxocara": 53,
}


def provenance():
    return datasets.path("faithful").with_name("PROVENANCE.md").read_text(encoding="utf-8")


def test_names_are_the_files_that_ship():
    folder = datasets.path("faithful").parent
    assert list(datasets.names) == sorted(file.stem for file in folder.glob("*.csv"))


def test_provenance_has_one_row_for_each_data_set_with_its_number_of_rows():
    documented = re.findall(r"^\| (\w+)\.csv \| (\d+) \|", provenance(), flags=re.MULTILINE)
    assert {name: int(rows) for name, rows in documented} == ROWS


@pytest.mark.parametrize("name", datasets.names)
def test_every_row_has_the_columns_of_the_header(name):
    with open(datasets.path(name), newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert len(rows) == ROWS[name]
    assert {len(row) for row in rows} == {len(header)}


def test_the_swapped_row_of_davis_is_kept_as_recorded():
    with open(datasets.path("davis"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (rows[11]["weight"], rows[11]["height"]) == ("166", "57")


def test_an_unknown_name_names_the_closest_and_all():
    with pytest.raises(ParameterError) as caught:
        datasets.path("fathful")
    message = str(caught.value)
    assert "no data set 'fathful'" in message
    assert "did you mean 'faithful'?" in message
    assert all(name in message for name in datasets.names)
    assert caught.value.given == "fathful"
    assert isinstance(caught.value, (SufficeError, ValueError))


def test_a_name_like_no_other_gets_no_guess():
    with pytest.raises(ParameterError, match=r"no data set '\.\./x': The data sets are airquality"):
        datasets.path("../x")


def test_the_examples_run():
    assert doctest.testmod(datasets).failed == 0
    assert doctest.testmod(datasets).attempted > 0
