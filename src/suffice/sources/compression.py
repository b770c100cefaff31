"""Files of delimited text, decompressed on the way, and what their damage looks like."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from suffice.errors import SourceError

COMPRESSED = (".gz", ".bz2", ".xz")


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, decompressed where its name ends with .gz, .bz2 or .xz."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        import gzip

        return cast("IO[bytes]", gzip.open(path, "rb"))
    if suffix == ".bz2":
        import bz2

        return cast("IO[bytes]", bz2.open(path, "rb"))
    if suffix == ".xz":
        import lzma

        return cast("IO[bytes]", lzma.open(path, "rb"))
    return path.open("rb")


def damage_errors(path: Path) -> tuple[type[Exception], ...]:
    """Return the errors with which a file that is damaged, truncated or gone fails to be read."""
    errors: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error)
    if path.suffix.lower() == ".xz":
        import lzma

        errors += (lzma.LZMAError,)
    return errors


@contextmanager
def refusing_damage(path: Path) -> Iterator[None]:
    """Turn the errors of reading a file into SourceError, which names it.

    Raises
    ------
    SourceError
        The file cannot be opened, or is truncated or damaged.
    """
    try:
        yield
    except SourceError:
        raise
    except damage_errors(path) as error:
        if isinstance(error, OSError) and error.strerror:
            message = f"{path.name} cannot be read ({error.strerror}); check that it is there, and its permissions"
        else:
            message = f"{path.name} cannot be read to its end ({error}); it is truncated or damaged: write it again"
        raise SourceError(message, file=str(path)) from error
