"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat

import pytest

import suffice as sf
from suffice.errors import SaveError
from suffice.storage import atomic_write

MODEL = sf.Normal(mu=0, sigma=1)


def test_an_existing_file_is_replaced_only_with_force(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("mine")
    with pytest.raises(SaveError, match=r"exists already; choose another name, or replace it with force=True"):
        sf.save(MODEL, path)
    assert path.read_text() == "mine"
    sf.save(MODEL, path, force=True)
    assert sf.load(path) == MODEL


def test_permissions_of_a_replaced_file_are_kept_and_a_link_is_followed(tmp_path):
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_text("mine")
    path.chmod(0o640)
    link.symlink_to(path)
    sf.save(MODEL, link, force=True)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sf.load(path) == MODEL


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    path, other = tmp_path / "a.json", tmp_path / "b.json"
    other.write_text("")
    sf.save(MODEL, path)
    assert path.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failure, step):
    path = tmp_path / "a.json"
    path.write_text("mine")

    def fail(*_):
        raise failure

    monkeypatch.setattr(atomic_write.os, step, fail)
    with pytest.raises(SaveError if isinstance(failure, OSError) else KeyboardInterrupt) as caught:
        sf.save(MODEL, path, force=True)
    monkeypatch.undo()
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["a.json"]
    if isinstance(failure, OSError):
        assert "No space left on device; nothing was left behind" in str(caught.value)


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    real = atomic_write._write

    def slow(*arguments):
        real(*arguments)
        path.write_text("theirs")

    monkeypatch.setattr(atomic_write, "_write", slow)
    with pytest.raises(SaveError, match="made by another program meanwhile"):
        sf.save(MODEL, path)
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["a.json"]


def test_without_hard_links_a_rename_does_it(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(atomic_write.os, "link", refuse)
    sf.save(MODEL, tmp_path / "a.json")
    assert sf.load(tmp_path / "a.json") == MODEL
    assert os.listdir(tmp_path) == ["a.json"]


def test_targets_that_are_no_files_are_refused(tmp_path):
    with pytest.raises(SaveError, match="is a folder"):
        sf.save(MODEL, tmp_path, force=True)
    with pytest.raises(SaveError, match="there is no folder"):
        sf.save(MODEL, tmp_path / "no" / "a.json")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SaveError, match="no regular file"):
        sf.save(MODEL, tmp_path / "pipe", force=True)
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    with pytest.raises(SaveError, match="could not be written"):
        sf.save(MODEL, loop)


def test_a_folder_that_is_not_writable_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic_write.os, "access", lambda *_: False)
    with pytest.raises(SaveError, match="is not writable"):
        sf.save(MODEL, tmp_path / "a.json")
