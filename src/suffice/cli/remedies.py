"""Remedies in the words of the command line: `fixed={'sigma': …}` of Python is `--fixed sigma=VALUE` here."""

from __future__ import annotations

import re

from suffice.cli.families import spelled
from suffice.distributions import NAMES

# What messages of the library say, and what a person types instead.
_REMEDIES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"choose one with columns=('[^']*'|\"[^\"]*\")", r"name one of them after FILE, such as \1"),
        (r"choose (other )?columns with columns=", r"name \1columns after FILE"),
        (r"columns= names ('.*?') (\d+) times", r"\1 is named \2 times after FILE"),
        (r"leave it out of columns=", "leave it out of the columns after FILE"),
        (r"with fixed=\{'(\w+)': …\}", r"with --fixed \1=VALUE"),
        (r"pass sf\.\w+\.of\((\w+)=…\)", r"say --fixed \1=VALUE"),
        (r"pass missing='drop'(?: \(--missing drop\))?", "say --missing drop"),
        (r"use method='bootstrap', or 'wald' with care", "use --interval bootstrap, or --interval wald with care"),
        (r"use method='(\w+)'", r"use --interval \1"),
        (r"ask for them with fit\.interval\(name\)", "ask for them with --interval profile"),
        (r"leave the column out, or name a family$", "leave the column out, or name a family with --family"),
        (r"more in fit\.standard_errors", "more; --json lists all"),
    )
)
_FAMILY = re.compile(rf"\bsf\.({'|'.join(sorted(NAMES, key=len, reverse=True))})\b")


def in_options(text: str) -> str:
    """Return a text of the library with the remedies that it names as they are typed on the command line.

    Examples
    --------
    >>> in_options("fix sigma with fixed={'sigma': …}")
    'fix sigma with --fixed sigma=VALUE'
    """
    for pattern, words in _REMEDIES:
        text = pattern.sub(words, text)
    return _FAMILY.sub(lambda found: f"--family {spelled(found[1])}", text)
