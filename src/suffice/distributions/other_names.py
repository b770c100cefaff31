"""What other libraries call the methods and parameters of a distribution, so that a message can translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

# SciPy's and R's words, and ours.
METHODS = {
    "ppf": "icdf",
    "quantile": "icdf",
    "sf": "ccdf",
    "isf": "iccdf",
    "logsf": "logccdf",
    "rvs": "sample",
    "std": "standard_deviation",
    "sd": "standard_deviation",
    "var": "variance",
    "stddev": "standard_deviation",
    "log_prob": "logpdf",
}


def refuse_attribute(value: Any, name: str, words: Mapping[str, str] = METHODS) -> NoReturn:
    """Raise the AttributeError for a name that a value lacks; it says what stands for that here."""
    ours = words.get(name)
    if ours == "logpdf" and getattr(value, "discrete", False):
        ours = "logpmf"
    here = f"; it is called {ours} here" if ours is not None and hasattr(type(value), ours) else ""
    raise AttributeError(f"{type(value).__name__!r} object has no attribute {name!r}{here}", name=name, obj=value)
