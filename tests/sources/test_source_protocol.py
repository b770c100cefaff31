from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice.engines.threads import Threads
from suffice.sources import Block, Source, as_source, is_source
from suffice.statistics import Scatter


class OnePiece:
    def blocks(self):
        yield Block(np.ones((3, 1)))


class MadeElsewhere(Source):
    """States what a source must state, and no more."""

    columns = ("x",)
    sequential = False
    one_shot = False

    def fingerprint(self):
        return "key"

    def pieces(self):
        return (OnePiece(),)


def test_a_source_made_elsewhere_has_the_documented_defaults():
    source = MadeElsewhere()
    assert is_source(source)
    assert (source.description, source.n_rows, source.skipped) == ("the data", None, ())
    assert as_source(source) is source
    with Threads(2).open(source) as session:
        assert session.reduce(Scatter()).weight == 3


@pytest.mark.parametrize("kind", ["array", "dict", "frame", "csv", "parquet", "npy", "blocks"])
def test_every_source_says_what_it_is_how_long_and_what_it_skipped(kind, tmp_path):
    frame = pd.DataFrame({"a": [1.5, 2.5], "s": ["p", "q"]})
    array = frame[["a"]].to_numpy()
    frame.to_csv(tmp_path / "d.csv", index=False)
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "d.parquet")
    np.save(tmp_path / "d.npy", array)
    data, rows, skipped = {
        "array": (array, 2, ()),
        "dict": ({"a": [1, 2]}, 2, ()),
        "frame": (frame, 2, ("s",)),
        "csv": (tmp_path / "d.csv", None, ("s",)),
        "parquet": (tmp_path / "d.parquet", 2, ("s",)),
        "npy": (tmp_path / "d.npy", 2, ()),
        "blocks": ([frame, frame], None, ("s",)),
    }[kind]
    source: Source = as_source(data)
    assert (source.n_rows, source.skipped) == (rows, skipped)
    assert source.description
