from __future__ import annotations

from typing import NoReturn

import pytest

from suffice.errors import ColumnError, DataError, DataTypeError
from suffice.sources.selection import Selection, select

NAMES = ["height", "Weight", "sex", "w", "z"]


def refuse(position: int) -> NoReturn:
    raise DataTypeError(f"column {position} holds text")


def choose(columns=None, names=NAMES, **beside) -> Selection:
    return select(names, lambda position: names[position] != "sex", refuse, columns=columns, **beside)


def test_all_columns_of_numbers_by_default():
    chosen = choose(weights="w", labels="z")
    assert chosen.columns == ("height", "Weight")
    assert chosen.skipped == ("sex",)
    assert chosen.all_positions == (0, 1, 3, 4)
    assert chosen.all_names == ("height", "Weight", "w", "z")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("height", (0,)),
        (3, (3,)),
        (-1, (4,)),
        (["z", 0], (4, 0)),
        (("w",), (3,)),
        pytest.param(iter(["w", "z"]), (3, 4), id="iterator"),
    ],
    ids=lambda value: str(value).split(" at 0x")[0],
)
def test_names_positions_and_sequences(columns, expected):
    assert choose(columns).positions == expected


def test_a_label_that_is_a_number_comes_before_a_position():
    assert choose(5, names=[9, 5, 7]).positions == (1,)
    assert choose("7", names=[9, 5, 7]).positions == (2,)
    assert choose(2, names=[9, 5, 7]).positions == (2,)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("weight", "no column 'weight': did you mean 'Weight'. There is: Weight, height, sex"),
        ("unheard", "no column 'unheard'; there is: height, Weight, sex, w, z"),
        (17, "no column '17'"),
        (True, "no column 'True'"),
        ([], "columns= is empty; name at least one column"),
        (["w", "w"], "columns= names 'w' 2 times"),
        (["w", 3], "columns= names 'w' 2 times"),
    ],
    ids=lambda value: str(value).split(" at 0x")[0],
)
def test_what_is_not_there_is_answered_with_what_there_is(columns, words):
    with pytest.raises(ColumnError, match=words):
        choose(columns)


def test_long_lists_of_columns_are_cut():
    with pytest.raises(ColumnError, match="and 30 more") as caught:
        choose("zz", names=[f"column{number}" for number in range(50)])
    assert len(caught.value.available) == 50


def test_a_column_is_not_both_data_and_weights():
    with pytest.raises(ColumnError, match="'w' cannot be both data and weights; leave it out"):
        choose(["height", "w"], weights="w")


def test_text_is_refused_by_name_and_when_it_is_all():
    with pytest.raises(DataTypeError, match="column 2 holds text"):
        choose("sex")
    with pytest.raises(DataTypeError, match=r"no column holds numbers \(sex\): column 0 holds text"):
        choose(names=["sex"])
    with pytest.raises(DataTypeError, match="there are no other columns"):
        choose(names=["w"], weights="w")


def test_names_that_stand_twice_are_refused():
    with pytest.raises(DataError, match="the column name 'a' stands 3 times; rename the columns"):
        choose(names=["a", "b", "a", "a"])
