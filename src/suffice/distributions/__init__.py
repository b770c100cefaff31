"""Families of probability distributions, one file each; the classes are in `suffice` itself.

Only their names stand here, taken from the exports of `suffice`, so that naming a family loads none: the command line
and saved files know these and no others.
"""

from suffice import _PLACES

__all__ = ["NAMES"]

# Classes are capitalized; the supports that are exported beside them are not.
NAMES = tuple(
    name
    for module, names in _PLACES.items()
    if module.startswith("distributions.")
    for name in names
    if name[0].isupper()
)
