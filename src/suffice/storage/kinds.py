"""What may stand in a saved file: each kind of value writes itself as JSON and reads itself back, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import numpy as np

from suffice.errors import LoadError, ParameterError, SufficeError

EXACT_INTEGERS = 2**53
NOT_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class Kind(Protocol):
    """A kind of value."""

    def write(self, value: Any) -> Any:
        """Return what stands in JSON for a value."""
        ...

    def read(self, given: Any, path: str) -> Any:
        """Return the value, or raise LoadError that names the place by its path."""
        ...


def refuse(path: str, expected: str, given: Any) -> NoReturn:
    """Raise the error of a value that is not what it must be."""
    raise LoadError(f"{path} must be {expected}, not {_shown(given)}", path=path)


def _shown(given: Any) -> str:
    if isinstance(given, dict):
        return "an object"
    if isinstance(given, list):
        return f"an array of {len(given)}"
    if type(given) is int and given.bit_length() > 64:
        return "an integer of many digits"
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True, slots=True)
class Number:
    """A float64, written so that reading gives the same bits; "inf", "-inf" and "nan" stand as strings.

    Parameters
    ----------
    finite : whether only finite numbers are allowed
    lower : the smallest that is allowed
    """

    finite: bool = False
    lower: float = -math.inf

    def write(self, value: Any) -> Any:
        number = float(value)
        return number if math.isfinite(number) else _word(number)

    def read(self, given: Any, path: str) -> float:
        number = _number(given)
        if number is None:
            refuse(path, "a number", given)
        if (self.finite and not math.isfinite(number)) or number < self.lower:
            least = f" of at least {self.lower:g}" if self.lower > -math.inf else ""
            refuse(path, f"a {'finite ' if self.finite else ''}number{least}", number)
        return number


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer between two ends."""

    lower: int = 0
    upper: int = EXACT_INTEGERS

    def write(self, value: Any) -> int:
        return int(value)

    def read(self, given: Any, path: str) -> int:
        if type(given) is not int or not self.lower <= given <= self.upper:
            refuse(path, f"an integer from {self.lower} to {self.upper}", given)
        return given


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def write(self, value: Any) -> bool:
        return bool(value)

    def read(self, given: Any, path: str) -> bool:
        if type(given) is not bool:
            refuse(path, "true or false", given)
        return given


@dataclass(frozen=True, slots=True)
class Words:
    """A text; one of a few, where `choices` says which."""

    choices: tuple[str, ...] = ()

    def write(self, value: Any) -> str:
        return self.read(str(value), "the text")

    def read(self, given: Any, path: str) -> str:
        if type(given) is not str:
            refuse(path, "a text", given)
        if self.choices and given not in self.choices:
            refuse(path, f"one of {', '.join(self.choices)}", given)
        if not given.isascii() and any("\ud800" <= c <= "\udfff" for c in given):
            refuse(path, "a text of whole characters", given)
        return given


@dataclass(frozen=True, slots=True)
class Array:
    """A read-only array: its shape, and its values in C order.

    Parameters
    ----------
    ndim : the number of axes
    integer : whether the values are int64 instead of float64
    """

    ndim: int
    integer: bool = False

    def write(self, value: Any) -> dict[str, Any]:
        array = np.asarray(value, dtype=np.int64 if self.integer else np.float64)
        if array.ndim != self.ndim:
            raise ParameterError(f"an array with {self.ndim} axes is expected, not {array.ndim}")
        flat: list[Any] = array.ravel().tolist()
        if not self.integer and not np.isfinite(array).all():
            flat = [number if math.isfinite(number) else _word(number) for number in flat]
        return {"shape": list(array.shape), "values": flat}

    def read(self, given: Any, path: str) -> np.ndarray:
        if not isinstance(given, dict) or given.keys() != {"shape", "values"}:
            refuse(path, 'an array with "shape" and "values"', given)
        shape, values = given["shape"], given["values"]
        if not isinstance(shape, list) or len(shape) != self.ndim:
            refuse(f"{path}.shape", f"a list of {self.ndim} integers", shape)
        if not all(type(axis) is int and 0 <= axis <= EXACT_INTEGERS for axis in shape):
            refuse(f"{path}.shape", "a list of non-negative integers", shape)
        if not isinstance(values, list) or math.prod(shape) != len(values):
            refuse(f"{path}.values", f"{math.prod(shape):,} numbers, as its shape {shape} says", values)
        array = np.array(self._numbers(values, path), dtype=np.int64 if self.integer else np.float64)
        array = array.reshape(shape)
        array.flags.writeable = False
        return array

    def _numbers(self, values: list[Any], path: str) -> list[Any]:
        if self.integer:
            each = Integer(-EXACT_INTEGERS)
            return [each.read(value, f"{path}.values[{i}]") for i, value in enumerate(values)]
        numbers: list[Any] = []
        for i, value in enumerate(values):
            number = value if type(value) is float and math.isfinite(value) else _number(value)
            if number is None:
                refuse(f"{path}.values[{i}]", "a number", value)
            numbers.append(number)
        return numbers


@dataclass(frozen=True, slots=True)
class Listed:
    """A tuple of values of one kind."""

    item: Kind
    most: int = 1_000_000

    def write(self, value: Any) -> list[Any]:
        return [self.item.write(each) for each in value]

    def read(self, given: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(given, list) or len(given) > self.most:
            refuse(path, "an array", given)
        return tuple([self.item.read(each, f"{path}[{i}]") for i, each in enumerate(given)])


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names to values of one kind."""

    item: Kind

    def write(self, value: Any) -> dict[str, Any]:
        return {Words().write(name): self.item.write(each) for name, each in value.items()}

    def read(self, given: Any, path: str) -> dict[str, Any]:
        if not isinstance(given, dict):
            refuse(path, "an object", given)
        return {Words().read(name, path): self.item.read(each, f"{path}.{name}") for name, each in given.items()}


@dataclass(frozen=True, slots=True)
class Optional:
    """A value or null."""

    item: Kind

    def write(self, value: Any) -> Any:
        return None if value is None else self.item.write(value)

    def read(self, given: Any, path: str) -> Any:
        return None if given is None else self.item.read(given, path)


def _fields_of(value: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


@dataclass(frozen=True, slots=True)
class Record:
    """An object with a fixed set of fields, which a constructor checks.

    Parameters
    ----------
    type_name : stands as "type"
    fields : the kinds of the fields
    make : the constructor, called with the fields by name
    take : returns the fields of a value; default: its attributes of those names
    """

    type_name: str
    fields: Mapping[str, Kind]
    make: Callable[..., Any]
    take: Callable[[Any], Mapping[str, Any]] | None = None

    def write(self, value: Any) -> dict[str, Any]:
        taken = self.take(value) if self.take else _fields_of(value, list(self.fields))
        return {"type": self.type_name} | {name: kind.write(taken[name]) for name, kind in self.fields.items()}

    def read(self, given: Any, path: str) -> Any:
        if not isinstance(given, dict):
            refuse(path, f"an object of type {self.type_name}", given)
        if given.get("type") != self.type_name:
            refuse(f"{path}.type", repr(self.type_name), given.get("type"))
        for name in self.fields:
            if name not in given:
                raise LoadError(f"{path} lacks {name!r}", path=path)
        for name in given:
            if name != "type" and name not in self.fields:
                raise LoadError(f"{path} has {name[:60]!r}, which a {self.type_name} does not have", path=path)
        values = {name: kind.read(given[name], f"{path}.{name}") for name, kind in self.fields.items()}
        try:
            with np.errstate(all="ignore"):
                return self.make(**values)
        except SufficeError as error:
            raise LoadError(f"{path}: {error}", path=path) from error


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object of one of several record types, told by its "type".

    Parameters
    ----------
    what : a noun, for messages
    records : returns the record of a type, or None
    type_of : returns the type of a value
    """

    what: str
    records: Callable[[str], Record | None]
    type_of: Callable[[Any], str]

    def write(self, value: Any) -> dict[str, Any]:
        name = self.type_of(value)
        record = self.records(name)
        if record is None:
            raise ParameterError(
                f"{name} is no {self.what} that can be saved: a saved file holds only what Suffice itself exports"
            )
        return record.write(value)

    def read(self, given: Any, path: str) -> Any:
        if not isinstance(given, dict) or type(given.get("type")) is not str:
            refuse(path, f'an object with the "type" of a {self.what}', given)
        record = self.records(given["type"])
        if record is None:
            raise LoadError(f"{path}.type is {given['type'][:60]!r}, which is no known {self.what}", path=path)
        return record.read(given, path)


def _number(given: Any) -> float | None:
    """Return a number, or None; 1e400, which would become infinite, is none."""
    if type(given) is float:
        return given if math.isfinite(given) else None
    if type(given) is int:
        return float(given) if abs(given) <= EXACT_INTEGERS else None
    return NOT_FINITE.get(given) if type(given) is str else None


def _word(number: float) -> str:
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"
