"""Every error and warning that Suffice raises: what was expected, what came, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def number_text(value: Any) -> str:
    """Return the shortest text that reads back as this number: "3.3", not "3.2999999999999998"; "3", not "3.0"."""
    return repr(float(value)).removesuffix(".0")


def counted(number: float, noun: str) -> str:
    """Return a number of things: "1 row", "2 rows", "1,000 missing values"."""
    return f"{number:,.15g} {noun}{'' if number == 1 else 's'}"


def quoted(words: Sequence[str]) -> str:
    """Return words to choose from: "'profile', 'wald' or 'bootstrap'"."""
    *most, last = [repr(word) for word in words]
    return f"{', '.join(most)} or {last}" if most else last


class SufficeError(Exception):
    """The root of all errors of Suffice.

    The values named in the message are attributes as well, so that a program can act on them.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        for name, value in values.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return self.message


class ParameterError(SufficeError, ValueError):
    """A parameter or option has a value that its meaning does not allow."""


class ShapeError(SufficeError, ValueError):
    """An array has a shape that the operation cannot use."""


class DataError(SufficeError, ValueError):
    """The data cannot be used as they are: the message names the row, the column or the file."""


class MissingValuesError(DataError):
    """The data have missing values and nobody said what to do with them."""


class OutsideSupportError(DataError):
    """A value to which the family gives probability zero, whatever its parameters."""


class NoMaximumError(DataError):
    """The likelihood of these data has no finite maximum, and no limit that is a model.

    `certificate` (where a fit raised it, else None) holds the reason.
    """

    certificate: Any = None


class DataTypeError(SufficeError, TypeError):
    """Data of a type that is no number: strings, objects, complex values."""


class ColumnError(SufficeError, KeyError):
    """A column was asked for that the data do not have."""


class SourceError(SufficeError, OSError):
    """A file cannot be read: missing, truncated, damaged."""


class SourceChangedError(SourceError):
    """The data changed between two passes, so that no answer would belong to either state."""


class DataNeeded(SufficeError, RuntimeError):  # noqa: N818 - the name is promised in DESIGN.md
    """An answer needs the data again, and they are gone: pass `data=`."""


class NotAvailableError(SufficeError, ValueError):
    """Theory gives no answer here; the message says why and names what works instead."""


class LoadError(SufficeError, ValueError):
    """A saved file is no valid Suffice file."""


class SaveError(SufficeError, OSError):
    """A file cannot be written; what was there before is as it was."""


class EngineError(SufficeError, RuntimeError):
    """An engine could not finish a pass."""


class MissingDependencyError(SufficeError, ImportError):
    """An optional package is needed for what was asked."""


class SufficeWarning(UserWarning):
    """The root of all warnings of Suffice."""
