"""Keys of files: what can be seen of a change without reading them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from suffice.errors import SourceError

END_BYTES = 1 << 16


def files_fingerprint(paths: Sequence[Path], columns: Sequence[str]) -> str:
    """Return the key of files: path, size, time of the last change, first and last 64 KiB of each.

    A change between these ends that leaves size and time as they were is not seen.

    Raises
    ------
    SourceError
        A file is gone or cannot be read.
    """
    key = blake2b(repr(tuple(columns)).encode(), digest_size=16)
    for path in paths:
        try:
            status = path.stat()
            key.update(f"{path.absolute()}|{status.st_size}|{status.st_mtime_ns}|".encode())
            with path.open("rb") as file:
                key.update(file.read(END_BYTES))
                if status.st_size > END_BYTES:
                    file.seek(max(END_BYTES, status.st_size - END_BYTES))
                    key.update(file.read(END_BYTES))
        except OSError as error:
            message = f"{path.name} cannot be read ({error.strerror}); put it back, or name another file"
            raise SourceError(message, file=str(path)) from error
    return key.hexdigest()
