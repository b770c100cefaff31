from __future__ import annotations

import os

import numpy as np
import pytest

from suffice.errors import SourceError
from suffice.sources import as_source


@pytest.mark.parametrize("name", ["d.csv", "d.tsv", "d.txt", "d.dat", "D.CSV"])
def test_text_files_by_suffix(name, write, rows):
    path = write("a\n1\n", name)
    for spelling in (path, str(path), [str(path)], (path,)):
        assert rows(as_source(spelling)).tolist() == [[1]]


def test_files_without_a_suffix_are_told_by_their_first_bytes(tmp_path, rows):
    np.save(tmp_path / "d.npy", np.arange(3.0))
    (tmp_path / "d.npy").rename(tmp_path / "nameless")
    assert len(rows(as_source(tmp_path / "nameless"))) == 3


def test_a_glob_is_sorted_and_a_list_keeps_its_order(write, rows):
    for number in (10, 2, 1):
        folder = write(f"a\n{number}\n", f"p{number:02}.csv").parent
    assert rows(as_source(str(folder / "p*.csv")))[:, 0].tolist() == [1, 2, 10]
    assert rows(as_source([folder / "p10.csv", folder / "p01.csv"]))[:, 0].tolist() == [10, 1]
    assert as_source(folder / "p*.csv").description == "3 files, p01.csv to p10.csv"


def test_a_file_whose_name_looks_like_a_glob(write):
    assert as_source(write("a\n1\n", "d[1].csv")).description == "d[1].csv"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dat.csv", "there is no file .*dat.csv'; did you mean data.csv?"),
        ("zzz", "there is no file .*; looked in "),
        ("no/such/data.csv", "the folder .*no/such' does not exist"),
        ("*.parquet", "no file matches .*check the pattern and the folder"),
        ("", "is a folder; name its files with a glob, such as .*/\\*.parquet"),
        ("data.xlsx", "data.xlsx is of no known kind; known are .csv"),
        ("data.parquet.gz", "of compressed files only delimited text is read; decompress it"),
    ],
)
def test_what_is_no_file_is_refused(name, words, write):
    folder = write("a\n1\n").parent
    write("PK", "data.xlsx")
    write("PK", "data.parquet.gz")
    with pytest.raises(SourceError, match=words) as caught:
        as_source(str(folder / name))
    assert caught.value.file == str(folder / name)


def test_an_address_is_no_file():
    with pytest.raises(SourceError, match="is no file on this machine; download it first"):
        as_source("https://example.org/data.csv")


def test_kinds_are_not_mixed(write, tmp_path):
    np.save(tmp_path / "d.npy", np.arange(3.0))
    with pytest.raises(SourceError, match=r"data.csv is csv and d.npy is npy; read them apart"):
        as_source([write("a\n1\n"), tmp_path / "d.npy"])


def test_the_fingerprint_sees_size_time_and_ends(write):
    path = write("a\n1\n2\n")
    source = as_source(path)
    key = source.fingerprint()
    assert as_source(path).fingerprint() == key
    time = path.stat().st_mtime_ns
    write("a\n1\n3\n")
    os.utime(path, ns=(time, time))
    assert source.fingerprint() != key
    write("a\n1\n2\n")
    os.utime(path, ns=(time, time))
    assert source.fingerprint() == key
    os.utime(path, ns=(time + 1, time + 1))
    assert source.fingerprint() != key
    path.unlink()
    with pytest.raises(SourceError, match=r"data.csv cannot be read \(No such file or directory\); put it back"):
        source.fingerprint()


def test_the_fingerprint_of_a_large_file_sees_its_end(write):
    path = write("a\n" + "1\n" * 100_000)
    key = as_source(path).fingerprint()
    time = path.stat().st_mtime_ns
    write("a\n" + "1\n" * 99_999 + "2\n")
    os.utime(path, ns=(time, time))
    assert as_source(path).fingerprint() != key


def test_a_file_that_cannot_be_read(write, monkeypatch):
    path = write("a\n1\n", "nameless")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(SourceError, match=r"nameless cannot be opened \(Permission denied\); check its permissions"):
        as_source(path)
