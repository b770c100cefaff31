"""All hard problems, in order."""

from __future__ import annotations

from verify import problems, problems_of_counts, problems_of_positive, problems_of_rows, problems_on_the_line
from verify.generators import GENERATORS

__all__ = [
    "GENERATORS",
    "problems",
    "problems_of_counts",
    "problems_of_positive",
    "problems_of_rows",
    "problems_on_the_line",
]
