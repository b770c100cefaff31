"""The protocol of an engine: open a source, reduce statistics over it; it never sees a model."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol

from suffice.sources.block import Source
from suffice.statistics.statistic import Statistic


class Session(Protocol):
    """A source opened for passes; a context manager."""

    def __enter__(self) -> Any: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def reduce(self, statistic: Statistic, /) -> Any:
        """Return the summary of all rows."""
        ...


class Engine(Protocol):
    """Where passes run."""

    def open(self, source: Source, /) -> Any:
        """Open a source for any number of passes."""
        ...
