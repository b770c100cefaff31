"""Reading JSON from strangers: bounded in size, depth and time, and strict."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from suffice.errors import LoadError

MOST_BYTES = 64 << 20
MOST_VALUES = 2_000_000
MOST_STRINGS = 500_000
MOST_BRACKETS = 500_000
MOST_DEPTH = 32

# Possessive, and complete at the end of the text: every string is passed over once, terminated or not.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def parsed(data: bytes, name: str) -> Any:
    """Return the value of a JSON text.

    Parameters
    ----------
    data : the bytes of the file, at most MOST_BYTES and one more
    name : the file, for messages

    Raises
    ------
    LoadError
        The text is too large or too deep, not UTF-8, no JSON, or has duplicate keys, NaN or infinity as
        numbers, or integers of thousands of digits.
    """
    if problem := _excess(data):
        raise LoadError(f"{name} cannot be loaded: {problem}", file=name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        pickled = data[:1] == b"\x80"
        what = (
            "it begins like a pickle, which may run any program when it is read, and Suffice never does"
            if pickled
            else f"it is not UTF-8 text (byte {error.start + 1})"
        )
        raise LoadError(f"{name} is no Suffice file: {what}; save again with suffice.save", file=name) from error
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except LoadError as error:
        raise LoadError(f"{name} cannot be loaded: {error}", file=name) from error
    except json.JSONDecodeError as error:
        raise LoadError(
            f"{name} is no valid JSON: {error.msg} in line {error.lineno}, column {error.colno}; "
            "it may be truncated or edited by hand",
            file=name,
            line=error.lineno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{name} is no valid JSON: {str(error)[:120]}", file=name) from error


def _excess(data: bytes) -> str:
    """Return what is too much about a text, or "", by scans that cost less than reading it."""
    if len(data) > MOST_BYTES:
        return f"it is larger than {MOST_BYTES >> 20} MiB"
    if not data.strip():
        return "it is empty"
    if data.count(b'"') > 2 * MOST_STRINGS:
        return f"it has more than {MOST_STRINGS:,} strings"
    if data.count(b",") > MOST_VALUES:
        return f"it has more than {MOST_VALUES:,} values"
    bare = _STRING.sub(b"", data) if b'"' in data else data
    if bare.count(b"[") + bare.count(b"{") > MOST_BRACKETS:
        return f"it has more than {MOST_BRACKETS:,} arrays and objects"
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > MOST_DEPTH:
            return f"it is nested more than {MOST_DEPTH} deep"
    return ""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise LoadError(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise LoadError(f'{word} is no JSON number; Suffice writes it as a string, such as "inf"')


def formatted(value: Any, indent: int = 0) -> str:
    """Return a value as JSON text: objects over several lines, arrays of numbers and texts in one."""
    inner, outer = "\n" + " " * (indent + 1), "\n" + " " * indent
    if isinstance(value, dict) and value:
        parts = [f"{inner}{_compact(key)}: {formatted(item, indent + 1)}" for key, item in value.items()]
        return "{" + ",".join(parts) + outer + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[" + ",".join([inner + formatted(item, indent + 1) for item in value]) + outer + "]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
