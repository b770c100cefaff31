"""`save` and `load`: versioned JSON for distributions and fits. Nothing in a file is ever executed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import numpy as np

from suffice._typing import PathLikeString
from suffice.errors import LoadError, SaveError, SourceError, SufficeError
from suffice.storage.atomic_write import check_target, write_whole
from suffice.storage.json_text import MOST_BYTES, formatted, parsed
from suffice.storage.kinds import Record

__all__ = ["check_target", "load", "save"]

FORMAT = "suffice"
VERSION = 1


def save(value: Any, path: PathLikeString, *, force: bool = False) -> None:
    """Save a fit or a distribution as JSON, whole or not at all.

    Numbers are read back with the same bits. A fit is saved without its data: what needs them takes `data=`
    after loading.

    Parameters
    ----------
    value : a `Fit`, or a distribution such as `Normal(0, 1)`
    path : the file to write; a link is followed
    force : whether an existing file may be replaced

    Raises
    ------
    SaveError
        The file exists or cannot be written; the value is of no type that is saved; or it could not be loaded
        again (a covariance of more than 500 columns), which is tried first.

    Examples
    --------
    >>> import suffice as sf, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "normal.json")
    ...     sf.save(sf.Normal(mu=0, sigma=1), path)
    ...     sf.load(path)
    Normal(mu=0, sigma=1)
    """
    check_target(path, force=force)
    write_whole(path, document(value), force=force)


def load(path: PathLikeString) -> Any:
    """Load what `save` wrote; nothing in the file is trusted or executed.

    Raises
    ------
    SourceError
        There is no such file, or it cannot be read.
    LoadError
        It is no valid Suffice file: the message names the place. Files above 64 MiB, 2,000,000 values or 32
        levels are refused unread.
    """
    name = os.fspath(path)
    data = _bytes_of(Path(name).expanduser(), name)
    given = parsed(data, name)
    try:
        return _checked(given)
    except LoadError as error:
        raise LoadError(f"{name} cannot be loaded: {error}", file=name) from error


def document(value: Any) -> bytes:
    """Return the bytes of the file of a value."""
    from suffice import __version__

    record = _record(_type_name(value))
    if record is None:
        raise SaveError(
            f"a {type(value).__name__} cannot be saved; a fit and a distribution of Suffice can: save fit or fit.model"
        )
    try:
        content = {
            "format": FORMAT,
            "version": VERSION,
            "type": record.type_name,
            "software": f"suffice {__version__}",
            "value": record.write(value),
        }
        data = (formatted(content) + "\n").encode()
        _checked(parsed(data, "the file"))
    except LoadError as error:
        raise SaveError(f"this {record.type_name} cannot be saved: it could not be loaded again ({error})") from error
    return data


def _checked(given: Any) -> Any:
    """Return the value of a parsed file, or raise LoadError for whatever is wrong with it."""
    try:
        with np.errstate(all="ignore"):
            return _value(given)
    except LoadError:
        raise
    except (SufficeError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise LoadError(f"it contradicts itself ({error})") from error


def _value(given: Any) -> Any:
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise LoadError('it is no Suffice file: it must be an object with "format": "suffice"')
    version = given.get("version")
    if type(version) is not int or version < 1:
        raise LoadError("version must be a positive integer")
    if version > VERSION:
        raise LoadError(
            f"it was written by a later Suffice (format version {version}; this one reads version {VERSION}); "
            "install a newer Suffice"
        )
    if given.keys() != {"format", "version", "type", "software", "value"}:
        raise LoadError("it must have format, version, type, software and value, and nothing else")
    name = given["type"]
    record = _record(name) if type(name) is str else None
    if record is None:
        raise LoadError(f"its type {str(name)[:60]!r} is none that this Suffice knows")
    return record.read(given["value"], "value")


def _type_name(value: Any) -> str:
    from suffice.inference.fit import Fit
    from suffice.storage.registry import distribution_name, is_storable_distribution

    if isinstance(value, Fit):
        return "Fit"
    return distribution_name(value) if is_storable_distribution(value) else ""


def _record(name: str) -> Record | None:
    if name == "Fit":
        from suffice.storage.fit_record import FIT

        return FIT
    from suffice.storage.registry import distribution_record

    return distribution_record(name)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise LoadError(f"{name} is no regular file; name a file that suffice.save wrote", file=name)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror or error}", file=name) from error
