"""A damaged compressed file is a SourceError that names it, wherever the damage is."""

from __future__ import annotations

import bz2
import gzip
import lzma

import numpy as np
import pytest

from suffice.errors import SourceError, SufficeError
from suffice.sources import as_source

NUMBERS = np.random.default_rng(0).normal(size=(300_000, 1))
SMALL = ("a,b\n" + "".join(f"{i * 7919 % 1009},{i * i}\n" for i in range(60))).encode()
PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@pytest.fixture(scope="module")
def large():
    return {kind: PACK[kind](b"a\n" + "\n".join(map(str, NUMBERS[:, 0].tolist())).encode()) for kind in PACK}


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
@pytest.mark.parametrize("kind", PACK)
def test_a_flipped_byte_anywhere_is_refused_or_harmless(kind, flip, write, rows):
    whole = PACK[kind](SMALL)
    expected = rows(as_source(write(SMALL, "whole.csv")))
    errors = []
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= flip
        path = write(bytes(damaged), f"d.csv.{kind}")
        try:
            np.testing.assert_array_equal(rows(as_source(path)), expected)
        except SourceError as error:
            errors.append(error)
    assert len(errors) > 0.9 * len(whole)
    assert {error.file for error in errors} == {str(path)}
    assert all("it is truncated or damaged: write it again" in error.message for error in errors)


@pytest.mark.parametrize("kind", PACK)
def test_a_file_cut_short_anywhere_is_refused(kind, write, rows):
    whole = PACK[kind](SMALL)
    for kept in range(1, len(whole)):
        with pytest.raises(SourceError, match=r"d.csv.*cannot be read to its end.*it is truncated or damaged"):
            rows(as_source(write(whole[:kept], f"d.csv.{kind}")))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("kind", PACK)
def test_damage_beyond_the_first_look_is_an_error_that_names_the_file(kind, share, large, write, rows):
    damaged = bytearray(large[kind])
    at = int(share * len(damaged))
    damaged[at : at + 3] = bytes(byte ^ 0xFF for byte in damaged[at : at + 3])
    with pytest.raises(SufficeError, match=r"d.csv") as caught:
        rows(as_source(write(bytes(damaged), f"d.csv.{kind}")))
    assert caught.value.file.endswith(f"d.csv.{kind}")


@pytest.mark.parametrize("kind", PACK)
def test_a_large_file_cut_short_is_refused(kind, large, write, rows):
    with pytest.raises(SourceError, match=r"cannot be read to its end.*it is truncated or damaged") as caught:
        rows(as_source(write(large[kind][: len(large[kind]) * 4 // 5], f"d.csv.{kind}")))
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("kind", PACK)
def test_what_is_not_compressed_at_all_is_refused(kind, write):
    with pytest.raises(SourceError, match=f"d.csv.{kind} cannot be read to its end"):
        as_source(write(b"a,b\n1,2\n", f"d.csv.{kind}"))


def test_a_file_that_may_not_be_read_is_no_damaged_one(write, monkeypatch):
    path = write("a\n1\n")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    words = r"data.csv cannot be read \(Permission denied\); check that it is there, and its permissions"
    with pytest.raises(SourceError, match=words):
        as_source(path)
