"""`suffice describe`: what stands in the columns of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from suffice.cli.progress import engine_named
from suffice.cli.source import source_named
from suffice.cli.text_output import in_terminal, write
from suffice.inference.description import Description, describe


def describe_file(
    *,
    command: Sequence[str],
    file: str,
    columns: Sequence[str],
    weights: str | None,
    as_json: bool,
    engine: str,
) -> int:
    """Describe and print; return the exit code."""
    source = source_named(file, columns, weights)
    with engine_named(engine) as passes:
        description = describe(source, engine=passes)
    if as_json:
        from suffice.cli.json_output import heading, print_document

        print_document(heading(command, source) | _plain(description))
    elif in_terminal():
        from suffice.cli.terminal import show_description

        show_description(description)
    else:
        write(str(description))
    return 0


def _plain(description: Description) -> dict[str, Any]:
    """Return the description as plain values, with a reason for each number that is null."""
    from suffice.cli.json_output import numbers

    found = description.to_dict()
    for plain, column in zip(found["columns"], description.columns, strict=True):
        values = {field.name: getattr(column, field.name) for field in fields(column)}
        reasons = numbers({name: value for name, value in values.items() if isinstance(value, float)}).get("reasons")
        if reasons:
            plain["reasons"] = reasons
    return found
