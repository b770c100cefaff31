"""Whatever a file holds, `load` returns a valid value or raises LoadError, soon and in bounded memory."""

from __future__ import annotations

import copy
import json
import os
import pickle
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage.saved_values import fits, values

import suffice as sf
from suffice.errors import LoadError, SourceError
from suffice.storage import json_text
from suffice.storage.files import document

DOCUMENTS = [document(value) for value in values()]
COVARIANCE = ("value", "model", "covariance")
NORMAL = json.loads(document(sf.Normal(mu=0, sigma=1)))
FIT = json.loads(document(fits()["multivariate normal"]))


@pytest.fixture
def loaded(tmp_path):
    def load(content):
        path = tmp_path / "value.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        began = time.perf_counter()
        try:
            return sf.load(path)
        finally:
            assert time.perf_counter() - began < 5.0  # the promise is one second, on a quiet machine

    return load


def _changed(document, value, *keys):
    changed = copy.deepcopy(document)
    place = changed
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return changed


MALFORMED = {
    "empty": (b"", "it is empty"),
    "a renamed pickle": (pickle.dumps({"a": 1}), "like a pickle"),
    "not UTF-8": (b'{"format": "\xff"}', "not UTF-8"),
    "truncated": (DOCUMENTS[0][:-20], "may be truncated"),
    "trailing garbage": (DOCUMENTS[0] + b"{}", "no valid JSON: Extra data"),
    "duplicate keys": (b'{"format": "suffice", "format": "suffice"}', "the key 'format' stands twice"),
    "NaN": (_changed(NORMAL, float("nan"), "value", "mu"), "NaN is no JSON number"),
    "infinity": (_changed(NORMAL, float("inf"), "value", "mu"), "Infinity is no JSON number"),
    "1e400": (json.dumps(NORMAL).replace("0.0", "1e400").encode(), "value.mu must be a number, not inf"),
    "a huge integer": (b'{"format": ' + b"9" * 10_000 + b"}", "no valid JSON"),
    "a large integer": (_changed(NORMAL, 10**400, "value", "mu"), "an integer of many digits"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "nested more than 32 deep"),
    "deep objects": (b'{"a":' * 100_000, "nested more than 32 deep"),
    "many arrays": (b"[" + b"[]," * 600_000 + b"1]", "more than 500,000 arrays"),
    "many strings": (b'["",' * 1 + b'"",' * 600_000 + b"1]", "more than 500,000 strings"),
    "many values": (b"[" + b"1," * 2_100_000 + b"1]", "more than 2,000,000 values"),
    "escaped quotes": (b'"' + b'\\"' * 400_000, "no valid JSON"),
    "no Suffice file": (b'{"mu": 1}', "it is no Suffice file"),
    "a list": (b"[1, 2]", "it is no Suffice file"),
    "a later version": (_changed(NORMAL, 2, "version"), "written by a later Suffice .*install a newer Suffice"),
    "no version": (_changed(NORMAL, True, "version"), "version must be a positive integer"),
    "an unknown type": (_changed(NORMAL, "os.system", "type"), "type 'os.system' is none"),
    "a type of the wrong type": (_changed(NORMAL, ["Normal"], "type"), "is none that this Suffice knows"),
    "more than there should be": (_changed(NORMAL, 1, "more"), "and nothing else"),
    "a missing field": (_changed(NORMAL, {"type": "Normal", "mu": 1}, "value"), "value lacks 'sigma'"),
    "an unknown field": (_changed(NORMAL, 1, "value", "tau"), "value has 'tau'"),
    "another type inside": (_changed(NORMAL, "Gamma", "value", "type"), "value.type must be 'Normal'"),
    "a value that is no object": (_changed(NORMAL, 3, "value"), "an object of type Normal, not 3"),
    "text for a number": (_changed(NORMAL, "1", "value", "mu"), "value.mu must be a number, not '1'"),
    "a boolean for a number": (_changed(NORMAL, True, "value", "mu"), "value.mu must be a number, not True"),
    "an invalid parameter": (_changed(NORMAL, -1, "value", "sigma"), "sigma must be a positive number, not -1"),
    "nan for a parameter": (_changed(NORMAL, "nan", "value", "mu"), "mu must be"),
    "a lying shape": (
        _changed(FIT, [10**15], "value", "model", "mean", "shape"),
        "1,000,000,000,000,000 numbers, as its shape",
    ),
    "a negative shape": (_changed(FIT, [-3], "value", "model", "mean", "shape"), "non-negative integers"),
    "too many axes": (_changed(FIT, [1] * 30, "value", "model", "mean", "shape"), "a list of 1 integers"),
    "another dimension": (
        _changed(FIT, {"shape": [1], "values": [0.0]}, "value", "model", "mean"),
        "mean must have shape",
    ),
    "a covariance that is not positive definite": (
        _changed(FIT, [1.0, 2.0, 0.0, 2.0, 1.0, 0.0, 0.0, 0.0, 1.0], *COVARIANCE, "matrix", "values"),
        "positive definite",
    ),
    "a covariance of a million columns": (
        _changed(FIT, {"type": "SphericalCovariance", "variance": 1.0, "dimension": 10**6}, *COVARIANCE),
        "dimension must be an integer from 1 to 500",
    ),
    "a status that the derivatives deny": (
        _changed(FIT, "saddle", "value", "certificate", "status"),
        "the certificate says 'saddle'",
    ),
    "no status": (_changed(FIT, "fine", "value", "certificate", "status"), "must be one of maximum, boundary"),
    "standard errors that are not so": (
        _changed(FIT, [1e-9] * 9, "value", "uncertainty", "standard_errors"),
        "standard_errors are not what the Hessian says",
    ),
    "another n": (_changed(FIT, 7.0, "value", "n"), "n must be the weight"),
    "a log-likelihood that is not so": (
        _changed(_changed(FIT, 1.0, "value", "log_likelihood"), 1.0, "value", "solution", "value"),
        "the summary gives the log-likelihood",
    ),
    "a lone surrogate": (b'{"format": "suffice", "version": 1, "type": "\\ud800", "software": "", "value": 1}', "type"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_refused_with_a_reason(case, loaded):
    content, message = MALFORMED[case]
    with pytest.raises(LoadError, match=message) as refused:
        loaded(content)
    assert "value.json" in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_file_beyond_the_limit_is_refused_without_reading_it_all(tmp_path):
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(LoadError, match="larger than 64 MiB"):
        sf.load(path)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match="No such file"):
        sf.load(tmp_path / "none.json")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LoadError, match="no regular file"):
        sf.load(tmp_path / "pipe")


def test_a_long_string_is_passed_over_once():
    began = time.perf_counter()
    assert json_text._excess(b'["' + b'a\\"' * 8_000_000) == f"it has more than {json_text.MOST_STRINGS:,} strings"
    assert json_text._excess(b'["' + b"\\\\" * 8_000_000) == ""
    assert time.perf_counter() - began < 5.0


def _leaves(node, path=()):
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node[:3]) if isinstance(node, list) else ()
    for key, value in items:
        yield from _leaves(value, (*path, key))


PARSED = [json.loads(content) for content in DOCUMENTS]
PATHS = [list(_leaves(content))[1:] for content in PARSED]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["inf", "-inf", "nan", "", "Normal", "maximum", "\x00"]),
    st.lists(st.integers(-2, 4), max_size=4),
    st.dictionaries(st.sampled_from(["type", "shape", "values", "mu"]), st.integers(-1, 3), max_size=3),
    st.sampled_from([{"shape": [2], "values": [0.0, 1.0]}, {"shape": [0], "values": []}]),
    st.sampled_from([{"shape": [0, 5], "values": []}, {"shape": [2, 1], "values": [1.0, "nan"]}]),
)  # fmt: skip


def _accepts_only_valid(path, content):
    path.write_bytes(content)
    try:
        value = sf.load(path)
    except LoadError:
        return
    assert repr(value)
    assert str(value)
    again = document(value)
    path.write_bytes(again)
    assert document(sf.load(path)) == again


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_with_a_value_replaced_is_refused_or_valid(data, tmp_path):
    number = data.draw(st.integers(0, len(PARSED) - 1))
    keys = data.draw(st.sampled_from(PATHS[number]))
    junk = data.draw(JUNK)
    _accepts_only_valid(tmp_path / "a.json", json.dumps(_changed(PARSED[number], junk, *keys)).encode())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_with_bytes_changed_is_refused_or_valid(data, tmp_path):
    content = bytearray(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.sampled_from([b"", b"-", b"9", b"0", b"e", b"]", b"}", b'"', b",", b"\xc3", b"\\", b"[["]))
        content[place : place + data.draw(st.integers(0, 2))] = piece
    _accepts_only_valid(tmp_path / "a.json", bytes(content))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=200))
def test_random_bytes_are_refused(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(LoadError):
        sf.load(tmp_path / "a.json")
