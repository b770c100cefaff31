"""Families as they are spelled on the command line: "negative-binomial"."""

from __future__ import annotations

import re

# Where a word begins, in a name such as BurrXII.
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spelled(name: str) -> str:
    """Return a name as it is typed on the command line.

    Examples
    --------
    >>> spelled("NegativeBinomial"), spelled("BurrXII")
    ('negative-binomial', 'burr-xii')
    """
    return _WORD.sub("-", name).lower()
