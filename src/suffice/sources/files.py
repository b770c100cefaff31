"""Files as sources: paths and globs resolved, kinds told apart, readers chosen."""

from __future__ import annotations

import glob
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from suffice.errors import SourceError
from suffice.sources.arrow_files import arrow_source
from suffice.sources.block import Source
from suffice.sources.compression import COMPRESSED
from suffice.sources.csv_files import csv_source
from suffice.sources.npy_files import npy_source
from suffice.sources.parquet import parquet_source

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".tab": "csv", ".dat": "csv",
    ".parquet": "parquet", ".pq": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".arrows": "arrow",
    ".npy": "npy",
}  # fmt: skip
MAGIC = {b"PAR1": "parquet", b"ARROW1": "arrow", b"\x93NUMPY": "npy"}


def files_source(data: Any, *, columns: Any = None, weights: Any = None, labels: Any = None) -> Source:
    """Return the source of a path, a glob, or a list of paths: files of one kind, read as one.

    The files of a glob are read in sorted order, those of a list in the order of the list.

    Raises
    ------
    SourceError
        There is no such file, or its kind is unknown, or the kinds differ.
    """
    listed = isinstance(data, (list, tuple))
    paths = [path for item in (data if listed else [data]) for path in resolved(item)]
    kinds = [kind_of(path) for path in paths]
    for path, kind in zip(paths, kinds, strict=True):
        if kind != kinds[0]:
            message = (
                f"files read as one must be of one kind, but {paths[0].name} is {kinds[0]} and "
                f"{path.name} is {kind}; read them apart"
            )
            raise SourceError(message, file=str(path))
    described = paths[0].name if len(paths) == 1 else f"{len(paths)} files, {paths[0].name} to {paths[-1].name}"
    options = {"columns": columns, "weights": weights, "labels": labels, "described": described}
    return _READERS[kinds[0]](paths, **options)


def names_file(text: str) -> bool:
    """Tell whether a string looks like the path of a file, or is one."""
    suffix = Path(text).suffix.lower()
    return suffix in KINDS or suffix in COMPRESSED or "/" in text or Path(text).is_file()


def resolved(item: Any) -> list[Path]:
    """Return the files that a path or a glob names, those of a glob sorted."""
    text = str(item)
    path = Path(text).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        message = f"'{text}' is a folder; name its files with a glob, such as '{text.rstrip('/')}/*.parquet'"
        raise SourceError(message, file=text)
    if any(mark in text for mark in "*?["):
        found = sorted(match for match in glob.glob(str(path), recursive=True) if Path(match).is_file())
        if found:
            return [Path(match) for match in found]
        raise SourceError(f"no file matches '{text}' in {Path.cwd()}; check the pattern and the folder", file=text)
    _refuse_absent(path, text)


def kind_of(path: Path) -> str:
    """Return the kind of a file by its suffix, or else by its first bytes."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        if len(suffixes) == 1 or KINDS.get(suffixes[-2]) == "csv":
            return "csv"
        raise SourceError(
            f"{path.name}: of compressed files only delimited text is read; decompress it", file=str(path)
        )
    kind = KINDS.get(suffixes[-1]) if suffixes else None
    if kind is None:
        try:
            with path.open("rb") as file:
                first = file.read(8)
        except OSError as error:
            message = f"{path.name} cannot be opened ({error.strerror}); check its permissions"
            raise SourceError(message, file=str(path)) from error
        kind = next((kind for magic, kind in MAGIC.items() if first.startswith(magic)), None)
    if kind is None:
        message = f"{path.name} is of no known kind; known are {', '.join(KINDS)}, and .gz, .bz2, .xz of text"
        raise SourceError(message, file=str(path))
    return kind


_READERS: dict[str, Callable[..., Source]] = {
    "csv": csv_source,
    "parquet": parquet_source,
    "arrow": arrow_source,
    "npy": npy_source,
}


def _refuse_absent(path: Path, text: str) -> NoReturn:
    if "://" in text:
        raise SourceError(f"'{text}' is no file on this machine; download it first, and pass its path", file=text)
    folder = path.parent
    if not folder.is_dir():
        raise SourceError(f"there is no file '{text}': the folder '{folder}' does not exist", file=text)
    close = get_close_matches(path.name, [entry.name for entry in folder.iterdir()], n=3)
    meant = f"did you mean {' or '.join(close)}?" if close else f"looked in {folder.absolute()}"
    raise SourceError(f"there is no file '{text}'; {meant}", file=text)
