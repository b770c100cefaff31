"""Write a file whole or not at all: nobody ever sees half of it, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from suffice._typing import PathLikeString
from suffice.errors import SaveError


def check_target(path: PathLikeString, *, force: bool = False) -> Path:
    """Return the file that would be written, links resolved, or say why it cannot be.

    Raises
    ------
    SaveError
        It exists and `force` is not set; it is no regular file; or its folder cannot be written.
    """
    name = os.fspath(path)
    target = Path(os.path.realpath(Path(name).expanduser()))
    try:
        status = os.stat(target)
    except FileNotFoundError:
        status = None
    except OSError as error:
        raise _failed(name, error) from error
    if status is not None and not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
        raise SaveError(f"'{name}' is {what}; name a file to write", file=name)
    if status is not None and not force:
        raise SaveError(
            f"'{name}' exists already; choose another name, or replace it with force=True (--force)", file=name
        )
    if not target.parent.is_dir():
        raise SaveError(f"'{name}' cannot be written: there is no folder '{target.parent}'", file=name)
    if not os.access(target.parent, os.W_OK):
        raise SaveError(f"'{name}' cannot be written: the folder '{target.parent}' is not writable", file=name)
    return target


def write_whole(path: PathLikeString, data: bytes, *, force: bool = False) -> None:
    """Write `data` to a temporary file beside the target, then put it in the target's place.

    A link is followed, and the permissions of a file that is replaced are kept.

    Raises
    ------
    SaveError
        As `check_target`, or the disk is full. The target is then as it was.
    """
    target = check_target(path, force=force)
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(8)}.tmp")
    try:
        try:
            _write(temporary, data, _mode_of(target))
            _put(temporary, target, force)
            _sync_folder(target.parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
    except FileExistsError as error:
        raise SaveError(f"'{os.fspath(path)}' was made by another program meanwhile; nothing was written") from error
    except OSError as error:
        raise _failed(os.fspath(path), error) from error


def _write(temporary: Path, data: bytes, mode: int | None) -> None:
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _mode_of(target: Path) -> int | None:
    try:
        return stat.S_IMODE(os.stat(target).st_mode)
    except FileNotFoundError:
        return None


def _put(temporary: Path, target: Path, force: bool) -> None:
    """Rename onto the target; without force by a link, which refuses a file that appeared meanwhile."""
    if not force and hasattr(os, "link"):
        try:
            os.link(temporary, target)
            return
        except FileExistsError:
            raise
        except OSError:
            pass  # a file system without hard links
    os.replace(temporary, target)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _failed(name: str, error: OSError) -> SaveError:
    reason = error.strerror or str(error)
    return SaveError(f"'{name}' could not be written: {reason}; nothing was left behind", file=name)
