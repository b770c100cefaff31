"""Small published data sets that ship with Suffice; PROVENANCE.md beside them says where each comes from.

Each is one CSV file with a header: `names` lists them, `path` finds one.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from suffice.errors import ParameterError

__all__ = ["names", "path"]

_FOLDER = Path(__file__).parent

names: tuple[str, ...] = (
    "airquality",
    "davis",
    "faithful",
    "groundbeef",
    "iris",
    "portpirie",
    "toxocara",
)
"""The names of the data sets, in alphabetical order."""


def path(name: str) -> Path:
    """Return the path of the CSV file of the data set `name`.

    Parameters
    ----------
    name
        One of `names`.

    Returns
    -------
    pathlib.Path
        A file to read and never to write: it belongs to the installed package.

    Raises
    ------
    ParameterError
        If there is no such data set; `given` and `names` are attributes.

    Examples
    --------
    >>> from suffice import datasets
    >>> datasets.path("faithful").name
    'faithful.csv'
    """
    if name not in names:
        close = get_close_matches(str(name), names, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ParameterError(
            f"there is no data set {name!r}: {hint}The data sets are {', '.join(names)}",
            given=name,
            names=names,
        )
    return _FOLDER / f"{name}.csv"
